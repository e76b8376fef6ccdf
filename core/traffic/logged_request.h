// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/policy/request.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace signalbox {

/// A number that a log does not say.
inline constexpr double kUnknownNumber = std::numeric_limits<double>::quiet_NaN();

/// How a request, or one attempt at it, ended.
enum class LogStatus { Unknown, Success, Failure };

/// Where a cost comes from: a log's own word, or prices times tokens.
enum class CostOrigin { Unknown, Reported, Derived };

struct LoggedMessage
{
    Role role = Role::User;
    std::string_view text;
    int images = 0;
};

/// What somebody, or something, thought of an answer. `scaleMin` and `scaleMax` are what the log or
/// its format states; NaN if neither does (see FeedbackScales).
struct LoggedFeedback
{
    std::string_view name;
    std::string_view source; ///< "user", "human", "llm", …; may be empty
    std::string_view label;  ///< of a feedback in words, e.g. "correct"
    double value = kUnknownNumber;
    double scaleMin = kUnknownNumber;
    double scaleMax = kUnknownNumber;
    double weight = 1; ///< 0 to 1
};

/// One call to a model on behalf of a request.
struct LoggedAttempt
{
    std::int32_t index = -1; ///< 0 for the first
    std::string_view provider;
    std::string_view model;
    std::string_view errorClass;
    LogStatus status = LogStatus::Unknown;
    int httpStatus = 0;       ///< 0: unknown
    std::int64_t startMs = 0; ///< Unix time, 0: unknown
    double latencyMs = kUnknownNumber;
    double costUsd = kUnknownNumber;
    std::int64_t tokensIn = -1; ///< -1: unknown
    std::int64_t tokensOut = -1;
};

/// A tag with a value. Numbers, booleans and nested values are in JSON's writing.
struct LoggedEntry
{
    std::string_view key;
    std::string_view value;
    bool isJson = false; ///< the log has no text there: "5" is a number
};

/// One request of somebody's log, whatever wrote it: the canonical row of every import. A plain
/// value of views: texts and lists live until the sink that was given the row returns. What a log
/// does not say is empty, NaN, -1 or 0, as noted.
struct LoggedRequest
{
    std::string_view requestId;
    std::string_view traceId;   ///< of the whole of which the request is a part
    std::string_view parentId;  ///< of the request that this one is a further attempt at
    std::string_view sessionId; ///< the conversation
    std::int32_t turnIndex = -1;
    std::string_view userId;
    std::string_view tenantId;

    std::int64_t startMs = 0;          ///< Unix time, 0: unknown
    double latencyMs = kUnknownNumber; ///< from the first start to the last end
    double ttftMs = kUnknownNumber;    ///< from the first start to the first token

    std::string_view requestedModel;
    std::string_view servedModel;
    std::string_view provider;
    std::string_view routeName;
    std::string_view ruleId;
    std::string_view arm;
    double propensity = kUnknownNumber; ///< chance of the model that was chosen, 0 to 1
    std::int32_t attemptIndex = -1;     ///< 0 for the first
    std::int32_t retries = -1;

    LogStatus status = LogStatus::Unknown;
    int httpStatus = 0;
    std::string_view errorClass;
    std::string_view outcome; ///< "completed", "abandoned", "handed over", … as the log says it

    std::int64_t tokensIn = -1; ///< with those from a cache
    std::int64_t tokensOut = -1;
    std::int64_t tokensCached = -1;
    std::int64_t tokensReasoning = -1;
    double costUsd = kUnknownNumber;
    CostOrigin costOrigin = CostOrigin::Unknown;

    std::string_view style;
    std::string_view segment;
    std::string_view promptId; ///< of the lab prompt that it repeats
    std::int32_t maxTokens = -1;
    std::optional<bool> streamed = {};
    std::optional<bool> cacheHit = {};  ///< answered without asking a model
    std::optional<bool> synthetic = {}; ///< made by a generator, not by people

    std::span<const LoggedMessage> messages; ///< of the request, in order
    std::string_view response;
    std::span<const LoggedFeedback> feedback;
    std::span<const std::string_view> tags;
    std::span<const LoggedEntry> metadata;
    std::span<const LoggedAttempt>
        attempts; ///< in order; empty if the log holds one row per request

    std::size_t line = 0;      ///< 1-based, of the file
    std::size_t byteBegin = 0; ///< of that line in the file
};

} // namespace signalbox
