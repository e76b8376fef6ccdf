// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "routing_keys.h"
#include "signal_slot.h"

#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// Where a request goes. Cheap to copy; points into the CompiledPolicy that made it.
struct Decision
{
    static constexpr int kOtherwise = -1;
    static constexpr int kHoldout = -2;
    int rule = kOtherwise;      ///< index into the document's rules, or one of the above
    int planIndex = 0;          ///< into CompiledPolicy::plans()
    const Plan* plan = nullptr; ///< calls, chains and cascades; splits and pools are drawn already
    int firstModel = -1;        ///< index into the document's models of the call tried first
    bool isUncertain = false;   ///< the rule claimed it within its margin: Rule::uncertain
};

/// A condition of the trace with the value it saw.
struct TraceCompare
{
    std::string path; ///< "rules[hard].when.any[0]", "signals[complexity].terms[2].when"
    Compare compare;
    SignalValue saw;             ///< monostate when the signal was missing
    std::optional<double> limit; ///< of a byStyle value: the one for the request's style
    bool holds = false;
};

struct TraceRule
{
    RuleId id;
    bool enabled = true;
    bool evaluated = false;   ///< rules after the winning one are not
    bool matched = false;     ///< its condition holds, also where a router would not have asked
    bool isUncertain = false; ///< the request lies within its margin, which it claims first
    std::vector<TraceCompare> compares; ///< every comparison, also those a router would skip
};

/// How a score came about.
struct TraceScore
{
    struct Term
    {
        double add = 0;
        bool holds = false;
        std::vector<TraceCompare> compares;
    };
    SignalId signal;
    double base = 0;
    double value = 0; ///< base and the terms that hold, within its minimum and maximum
    std::vector<Term> terms;
};

struct TraceArm
{
    std::string path;         ///< "otherwise.chain.steps[0].split", or ".pool"
    std::uint32_t bucket = 0; ///< of 2^32; 0 of a pool
    std::size_t arm = 0;      ///< or member
};

/// "Would have gone to gpt-4 at complexity 7; it was 6": the smallest change of one signal that
/// makes another rule win. Every signal is tried alone: a score as a whole, and the signals
/// behind it with the score added up anew ("… if it had contained an expert word").
struct NearMiss
{
    int rule = Decision::kOtherwise; ///< the rule that would win, or kOtherwise
    bool isUncertain = false;        ///< by its margin
    SignalId signal;
    SignalValue saw;
    SignalValue needed;  ///< the nearest value that changes the decision; monostate: without it
    double distance = 0; ///< |needed - saw| between numbers, 1 for all else
    ModelId model;       ///< the model that would be tried first
};

/// A decision with everything that led to it.
struct Trace
{
    Decision decision;
    std::vector<std::pair<SignalId, SignalValue>> values; ///< every signal, document order
    bool holdoutDrawn = false;
    std::uint32_t holdoutBucket = 0;
    std::vector<TraceScore> scores;   ///< document order
    std::vector<TraceRule> rules;     ///< document order
    std::vector<TraceArm> arms;       ///< the splits that were drawn on the way to the plan
    std::vector<NearMiss> nearMisses; ///< nearest first
};

class UserStyles;

/// A policy ready to decide: expressions and keywords compiled, names resolved, every combination
/// of split arms expanded. Immutable; may be shared between threads. This is the one decision
/// function of the program.
///
/// What design.md section 4 leaves open:
/// - A scope without a message is an empty text: its counts are 0, nothing occurs in it. Missing
/// are
///   only metadata, headers, the requested model and maxTokens that the caller did not send.
/// - A word keyword minds its neighbours only where it starts or ends with a letter, digit or
///   underscore itself: "c++" is found in "c++17", ".net" is not found in ".network".
/// - An answer style other than the three known ones counts as none.
/// - Headers are trimmed; a number is a whole decimal number, a boolean is "true" or "false", and
///   anything else is missing.
/// - `$` is the very end of a text, not the place before a last newline.
/// - Of several metadata entries or headers of one name the first counts.
class CompiledPolicy
{
public:
    /// Working memory of one thread; reused, so that a decision allocates nothing after warm-up.
    class Scratch
    {
    public:
        explicit Scratch(const CompiledPolicy& policy);
        ~Scratch();
        Scratch(Scratch&&) noexcept;
        Scratch& operator=(Scratch&&) noexcept;

    private:
        friend class CompiledPolicy;
        struct State;
        std::unique_ptr<State> m_state;
    };

    static constexpr std::size_t kMostPlans = 4096;
    static constexpr std::size_t kMostSignals = 10'000;

    /// InvalidArgument with the path of the first lint error; TooLarge if the splits can be drawn
    /// in more than kMostPlans ways. With `reuse`, an earlier state of the policy, text patterns
    /// that are still the same are not compiled again. `styles` is the table that style signals
    /// name; without it, users have the styles' default.
    [[nodiscard]] static Result<CompiledPolicy>
    compile(const PolicyDocument& document, const CompiledPolicy* reuse = nullptr,
            std::shared_ptr<const UserStyles> styles = {});

    CompiledPolicy(CompiledPolicy&&) noexcept;
    CompiledPolicy& operator=(CompiledPolicy&&) noexcept;
    ~CompiledPolicy();

    [[nodiscard]] const PolicyDocument& document() const;

    /// Every plan a decision can name, splits drawn: of the enabled rules in order, of otherwise,
    /// of the holdout. Arms of weight 0 are left out.
    [[nodiscard]] std::span<const Plan> plans() const;

    /// Same as route(extract()), but reads no more of the request than the rules can tell apart.
    /// A scratch belongs to the policy it was made for.
    [[nodiscard]] Decision decide(const Request& request, Scratch& scratch) const;

    /// The two halves of decide(), for callers that keep the signals in columns. extract() gives
    /// one slot per signal of the document, in its order; the texts live in `request`, in the
    /// policy or in the scratch until its next use. With decideBy conversation it reads the
    /// conversation up to its first user message, and what the caller sent beside it as it is.
    [[nodiscard]] std::span<const SignalSlot> extract(const Request& request,
                                                      Scratch& scratch) const;
    [[nodiscard]] Decision route(std::span<const SignalSlot> values, const RoutingKeys& keys) const;

    /// Whether the condition of the rule at an index of the document holds, or its margin claims
    /// the request, wherever the rule stands and whether it is enabled or not. `values` as from
    /// extract().
    [[nodiscard]] bool holds(std::size_t rule, std::span<const SignalSlot> values,
                             const RoutingKeys& keys) const;

    /// Puts the scores that follow from the other values into a request's slots, for callers that
    /// change one, e.g. the reading of a meter.
    void addUpScores(std::span<SignalSlot> values, const RoutingKeys& keys) const;

    [[nodiscard]] Trace explain(const Request& request) const;

    struct Impl; ///< private to this library

private:
    friend class ColumnDecider;
    explicit CompiledPolicy(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// "rule \"Hard questions\"", "otherwise" or "holdout".
[[nodiscard]] std::string nameOf(const Decision& decision, const PolicyDocument& document);

} // namespace signalbox
