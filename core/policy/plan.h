// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_style.h"
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
    int count = 0;         ///< further attempts, 0 to 10
    int backoffMs = 500;   ///< wait before the first of them
    double multiplier = 2; ///< each further wait is this many times longer
    bool operator==(const Retry&) const = default;
};

enum class SystemPromptMode {
    Prepend, ///< put in front of the caller's system prompt and the model's style guide
    Replace, ///< sent in their place
};

/// What one call says to its model besides the conversation.
struct SystemPrompt
{
    SystemPromptMode mode = SystemPromptMode::Prepend;
    std::string text;
    bool operator==(const SystemPrompt&) const = default;
};

/// How one call asks its model otherwise than the model is asked elsewhere. An answer to it is
/// another voice than the model's usual one, and needs evidence of its own.
struct CallOverrides
{
    std::optional<SystemPrompt> system;
    std::optional<double> temperature;      ///< 0 to 2
    std::optional<int> maxTokens;           ///< in the place of the caller's limit
    std::optional<AnswerStyle> answerStyle; ///< in the place of the policy's
    bool operator==(const CallOverrides&) const = default;
    [[nodiscard]] bool isNone() const { return *this == CallOverrides{}; }
};

struct Call
{
    ModelId model;
    std::optional<int> firstTokenMs; ///< bound of the wait for the first visible token
    std::optional<int> totalMs;      ///< bound of the whole answer
    Retry retry;
    CallOverrides overrides = {}; ///< its members stand beside the model's name in files
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
    std::vector<Plan> steps;       ///< at least one
    std::optional<int> deadlineMs; ///< of the whole chain, retries and backoff included
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

/// A model that reads question and answer and says whether the answer will do.
struct Verifier
{
    ModelId model;
    std::string instruction; ///< what to look at; empty: a general question
    /// What is assumed of its verdicts until they are measured, as shares: of the bad answers that
    /// it rejects, and of the good ones that it rejects, too.
    std::optional<double> catches;
    std::optional<double> falseAlarms;
    bool operator==(const Verifier&) const = default;
};

/// What a whole answer must be like to be shown. Every part that is given must hold; the verifier
/// is asked last.
struct Acceptance
{
    std::vector<std::string> refusals; ///< portable expressions, ASCII case folded; none may match
    std::optional<int> minWords;
    std::optional<int> maxWords;
    std::optional<double> meanLogProb; ///< of its tokens, at least; holds if the provider says none
    std::optional<Verifier> verifier;
    bool operator==(const Acceptance&) const = default;
};

/// Cheap first, checked: each step writes its whole answer before anybody sees it, and the first
/// that passes is shown. The last step is not checked and streams as it comes. If a later step
/// fails, or the deadline comes, the newest answer there is is shown: a doubtful answer is better
/// than none.
struct Cascade
{
    std::vector<Plan> steps; ///< at least two; no cascade inside
    Acceptance accept;
    std::optional<int> deadlineMs; ///< until the answer begins to be shown
    bool operator==(const Cascade&) const;
};

enum class PoolPick {
    Latency, ///< the shortest median time to the first token
    Cost,    ///< the lowest price
    Load,    ///< the fewest running calls
};

/// One of several calls, picked by numbers that the router has at that moment (RoutingKeys::live);
/// without them the first. A pick that fails has failed the pool.
struct Pool
{
    PoolPick pick = PoolPick::Latency;
    std::vector<Call> members; ///< at least one
    bool operator==(const Pool&) const = default;
};

struct Plan
{
    std::variant<Call, Chain, Split, Cascade, Pool> node;
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

inline bool Cascade::operator==(const Cascade& other) const
{
    return steps == other.steps && accept == other.accept && deadlineMs == other.deadlineMs;
}

inline bool Split::operator==(const Split& other) const
{
    return sticky == other.sticky && salt == other.salt && arms == other.arms;
}

/// Every model a plan can call, verifiers included, in order of first mention, each once.
[[nodiscard]] std::vector<ModelId> modelsOf(const Plan& plan);

/// The model a plan names first: the tier. Of a split: that of its heaviest arm; of a pool: its
/// first member.
[[nodiscard]] ModelId tierOf(const Plan& plan);

} // namespace signalbox
