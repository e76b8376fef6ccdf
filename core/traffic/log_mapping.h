// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/json.h>
#include <core/base/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// What a place of a log can be. The fields of LoggedRequest, and what they are computed from.
enum class LogField {
    RequestId,
    TraceId,
    ParentId,
    SessionId,
    TurnIndex,
    UserId,
    TenantId,
    StartTime,
    EndTime, ///< with StartTime: the latency, where the log does not say it
    Latency,
    FirstTokenTime, ///< with StartTime: the time to the first token
    TimeToFirstToken,
    RequestedModel,
    ServedModel,
    Provider,
    RouteName,
    Rule,
    Arm,
    Propensity,
    AttemptIndex,
    Retries,
    Status, ///< a word, true or false, or an HTTP status
    HttpStatus,
    ErrorClass,
    Outcome,
    TokensIn,
    TokensOut,
    TokensCached,
    TokensReasoning,
    Cost,
    CostPart, ///< added up where there is no Cost
    Style,
    Segment,
    LabPrompt,
    MaxTokens,
    Streamed,
    CacheHit,
    Synthetic, ///< made by a generator
    Tags,
    Metadata,
    System,      ///< text, put in front of the messages
    Prompt,      ///< text, the one user message where there are no messages
    Messages,    ///< a list as chat interfaces write it, or one text
    MessageRole, ///< of one message, whose number is the '*' of the path
    MessageText,
    Response,     ///< text, or a whole response of a chat interface
    ResponseText, ///< of one message of several
    FeedbackName,
    FeedbackValue,
    FeedbackLabel,
    FeedbackScaleMin,
    FeedbackScaleMax,
    FeedbackSource,
    FeedbackWeight,
};

/// How the value at a place is written. Fields without a unit take Plain; times, spans of time and
/// money take Plain too and then go by what they look like: a time is ISO 8601 or a Unix time of
/// likely size, a span is in milliseconds, money in dollars.
enum class LogUnit {
    Plain,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
    UnixSeconds,
    UnixMilliseconds,
    UnixMicroseconds,
    UnixNanoseconds,
    Usd,
    UsCents,
    MicroUsd,
    OneBased, ///< an index that begins with 1
};

/// From where a path counts: the row, or the line that holds several rows.
enum class LogOrigin { Row, Line };

/// One place of a row and what it is. Of several places of one field the first that a row has wins.
///
/// A path is a JSON pointer ("/usage/prompt_tokens"; RFC 6901); a key may hold dots
/// ("/attributes/gen_ai.request.model"). A part "*" is every element of a list, and a '*' inside of
/// a key is a number in it ("/llm.input_messages.*.message.role"). A list of {"key", "value"}
/// objects, as OpenTelemetry writes attributes, is read as the object that it stands for. In a
/// table, the first part is the column's name; a column "a.b" is also found as "/a/b".
struct LogPlace
{
    LogField field = LogField::RequestId;
    std::string path;
    LogUnit unit = LogUnit::Plain;
    LogOrigin from = LogOrigin::Row;
    bool operator==(const LogPlace&) const = default;
};

/// A row is meant if the value at `path` is one of `values` or, if there are none, is there at all.
struct LogCondition
{
    std::string path;
    std::vector<std::string> values;
    bool operator==(const LogCondition&) const = default;
};

/// Feedback or attempts that stand inside of a row.
struct LogList
{
    enum class Holds { Feedback, Attempts };
    Holds holds = Holds::Feedback;
    /// Of one entry, "/scores/*". Empty, for feedback: the row itself holds it, or is nothing else.
    std::string path;
    LogOrigin from = LogOrigin::Row;
    std::vector<LogCondition> when; ///< all must hold; paths within an entry
    std::vector<LogPlace> places;   ///< paths within an entry
    // What is the same for all entries.
    std::string name;
    std::string source;
    std::optional<double> scaleMin = {};
    std::optional<double> scaleMax = {};
    bool operator==(const LogList&) const = default;
};

/// Which rows are attempts at one request.
enum class AttemptKey {
    None,      ///< each row is a request
    ParentId,  ///< rows name the first one as their parent
    TraceId,   ///< rows with an attempt index share a trace
    RequestId, ///< rows share the request's id
};

/// How to read a log: data that a person may keep and change.
struct LogMapping
{
    std::string name;
    std::string rows;                   ///< path of one row within a line, "" if a line is a row
    std::vector<std::string> signs;     ///< places by which the format is recognised, from the row
    std::vector<std::string> jsonTexts; ///< places whose text is JSON and is read as such
    std::vector<LogCondition> when;     ///< which rows are requests: all must hold
    std::vector<LogCondition> feedbackWhen; ///< which rows are feedback on others; none if empty
    std::vector<LogPlace> places;
    std::vector<LogList> lists;
    AttemptKey attempts = AttemptKey::None;
    bool onlyFeedback = false; ///< no row is a request
    bool operator==(const LogMapping&) const = default;
};

/// Names as the mapping's JSON writes them: "tokensIn", "unixSeconds".
[[nodiscard]] std::string_view logFieldName(LogField field);
[[nodiscard]] std::string_view logUnitName(LogUnit unit);
/// All fields that a person can assign to a place of a row, in the order of LogField.
[[nodiscard]] std::vector<LogField> logFields();

/// Whether a unit fits a field: no cost in seconds.
[[nodiscard]] bool fits(LogUnit unit, LogField field);

[[nodiscard]] Json toJson(const LogMapping& mapping);
/// Refuses unknown members, unknown names, ill-formed paths and units that do not fit, each with
/// its place; the first one is returned.
[[nodiscard]] Result<LogMapping> logMappingFromJson(const Json& json);

/// The parts of a JSON pointer, "~1" and "~0" read; nothing if it is none.
[[nodiscard]] std::optional<std::vector<std::string>> pathParts(std::string_view path);
/// The inverse.
[[nodiscard]] std::string pathOf(const std::vector<std::string>& parts);

} // namespace signalbox
