// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/ids.h>
#include <core/base/money.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// One call on the way to a policy's answer. Times are milliseconds after the plan began.
struct PolicyHop
{
    enum class End {
        Answered,  ///< this is the answer that the user sees
        Failed,    ///< its server said so, or could not be reached
        Overrun,   ///< stopped, because a time budget of the policy ran out
        Rejected,  ///< written, and did not pass the check of a cascade
        Overtaken, ///< stopped or not shown, because another answer came first
        Checked,   ///< a model that was asked whether an answer will do, and said so
    };
    ModelId model;
    End end = End::Failed;
    bool isVerifier = false; ///< it was asked whether an answer will do
    bool isReused = false;   ///< not sent: the answer of the model's own column in the same run
    ModelId takenFrom = {};  ///< of that column, if it is not named as the model is; else empty
    double startMs = 0;
    std::optional<double> firstTokenMs = {};
    double endMs = 0;
    std::string reason; ///< why it is not the answer: one phrase; may be empty
    /// What the call costs at its price then, reused or not; of a stopped one an estimate.
    /// nullopt: unknown.
    std::optional<Money> cost = {};
    std::optional<std::int64_t> tokens = {}; ///< in and out, likewise
    bool operator==(const PolicyHop&) const = default;
};

/// How a policy came to an answer: kept with it as Answer::route.
struct PolicyRoute
{
    std::string rule;            ///< id of the rule that decided; empty: none did, see `label`
    std::string label;           ///< of the rule, for people; or "otherwise", "holdout"
    ModelId tier;                ///< the model that its plan names first
    std::vector<PolicyHop> hops; ///< in the order in which they began
    bool isRewritten = false;    ///< by the answer normaliser
    /// Of everything that decides how it is asked: the same print, the same way.
    std::string print;

    [[nodiscard]] const PolicyHop* served() const; ///< the one that answered; null: none did
    /// Whether another call than the first answered, or none did.
    [[nodiscard]] bool hasFallenBack() const;
    /// Of all calls, as a user's request would cost; nullopt: of one it is unknown.
    [[nodiscard]] std::optional<Money> cost() const;
    /// Of the calls that were sent; nullopt: of one it is unknown.
    [[nodiscard]] std::optional<Money> sentCost() const;
    [[nodiscard]] std::optional<std::int64_t> sentTokens() const;
    /// Not one call was sent.
    [[nodiscard]] bool isReused() const;
    /// From the start until the call began that answered, or the last one: what failures and
    /// checks before it took.
    [[nodiscard]] double lostMs() const;
    bool operator==(const PolicyRoute&) const = default;
};

[[nodiscard]] std::string toRouteJson(const PolicyRoute& route);
/// nullopt: there is none, or it cannot be read.
[[nodiscard]] std::optional<PolicyRoute> parseRoute(const std::string& json);

/// "palm-2 (rate limit, 120 ms), gpt-4": the calls in their order, and why they are not the answer.
[[nodiscard]] std::string callsText(const PolicyRoute& route);
/// "Hard questions -> palm-2 (rate limit, 120 ms), gpt-4", for lists and tables.
[[nodiscard]] std::string toString(const PolicyRoute& route);

} // namespace signalbox
