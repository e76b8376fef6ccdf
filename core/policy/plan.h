// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition.h"

#include <core/base/ids.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace signalbox {

/// Why an attempt failed. The names in files are those of nameOf() in names.h.
enum class AttemptFailure {
    Timeout,       ///< "timeout": a budget of the call or the chain ran out
    RateLimit,     ///< "rateLimit": 429
    ServerError,   ///< "serverError": 5xx
    Connect,       ///< "connect": refused, unreachable, TLS
    ContentFilter, ///< "contentFilter": the provider withheld the answer
    BadAnswer,     ///< "badAnswer": cut off, not a stream, not what the dialect allows
};
inline constexpr int kAttemptFailureCount = 6;

/// Waiting and trying the same model again before the call counts as failed. Only for failures the
/// provider reports, never after the first token.
struct Retry
{
    int count = 0;        ///< further attempts, 0 to 10
    int backoffMs = 500;  ///< wait before the first of them
    double multiplier = 2; ///< each further wait is this many times longer
    bool operator==(const Retry&) const = default;
};

struct Call
{
    ModelId model;
    std::optional<int> firstTokenMs; ///< bound of the wait for the first visible token
    std::optional<int> totalMs;      ///< bound of the whole answer
    Retry retry;
    bool operator==(const Call&) const = default;
};

struct Plan;

enum class ChainMode {
    Cancel, ///< a step that overruns its budget is stopped, then the next one starts
    Hedge,  ///< it goes on while the next one starts; the first answer wins
};

/// Steps tried in order until one answers. A failure that is known at once goes on at once.
struct Chain
{
    std::vector<Plan> steps;         ///< at least one
    std::optional<int> deadlineMs;   ///< of the whole chain, retries and backoff included
    ChainMode mode = ChainMode::Cancel;
    std::vector<AttemptFailure> on = {AttemptFailure::Timeout, AttemptFailure::RateLimit,
                                      AttemptFailure::ServerError, AttemptFailure::Connect};
    bool operator==(const Chain&) const;
};

enum class StickyUnit { Request, Conversation, User };

struct Arm;

/// A deterministic split by splitBucket(salt, key) against cumulative weights.
struct Split
{
    StickyUnit sticky = StickyUnit::Conversation;
    std::string salt;
    std::vector<Arm> arms; ///< weights are basis points and sum to 10,000
    bool operator==(const Split&) const;
};

struct Plan
{
    std::variant<Call, Chain, Split> node;
    bool operator==(const Plan&) const = default;
};

struct Arm
{
    int weight = 0; ///< basis points, 0 to 10,000
    Plan plan;
    bool operator==(const Arm&) const = default;
};

inline bool Chain::operator==(const Chain& other) const
{
    return steps == other.steps && deadlineMs == other.deadlineMs && mode == other.mode &&
           on == other.on;
}

inline bool Split::operator==(const Split& other) const
{
    return sticky == other.sticky && salt == other.salt && arms == other.arms;
}

/// Every model a plan can call, in order of first mention, each once.
[[nodiscard]] std::vector<ModelId> modelsOf(const Plan& plan);

/// The model a plan names first: the tier. Of a split: that of its heaviest arm.
[[nodiscard]] ModelId tierOf(const Plan& plan);

} // namespace signalbox
