// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// One signal's value for one request, without owning its text.
struct SignalSlot
{
    enum class Kind : std::uint8_t { Missing, Number, Boolean, String };
    Kind kind = Kind::Missing;
    double number = 0; ///< the number, or 0/1 for a boolean
    std::string_view text;
};

/// What splits and the holdout are keyed by. An empty conversation or user falls back to the
/// request, an empty request id to the last user message.
struct RoutingKeys
{
    std::string_view request;
    std::string_view conversation;
    std::string_view user;
};

/// Where a request goes. Cheap to copy; points into the CompiledPolicy that made it.
struct Decision
{
    static constexpr int kOtherwise = -1;
    static constexpr int kHoldout = -2;
    int rule = kOtherwise;      ///< index into the document's rules, or one of the above
    int planIndex = 0;          ///< into CompiledPolicy::plans()
    const Plan* plan = nullptr; ///< calls and chains only; every split is already drawn
    int firstModel = -1;        ///< index into the document's models of the call tried first
};

/// A condition of the trace with the value it saw.
struct TraceCompare
{
    std::string path; ///< "rules[hard].when.any[0]"
    Compare compare;
    SignalValue saw; ///< monostate when the signal was missing
    bool holds = false;
};

struct TraceRule
{
    RuleId id;
    bool enabled = true;
    bool evaluated = false; ///< rules after the winning one are not
    bool matched = false;
    std::vector<TraceCompare> compares; ///< every comparison, also those a router would skip
};

struct TraceArm
{
    std::string path;
    std::uint32_t bucket = 0; ///< of 2^32
    std::size_t arm = 0;
};

/// "Would have gone to gpt-4 at complexity 7; it was 6": the smallest change of one signal that
/// makes another rule win.
struct NearMiss
{
    int rule = Decision::kOtherwise; ///< the rule that would win, or kOtherwise
    SignalId signal;
    SignalValue saw;
    SignalValue needed; ///< the nearest value that changes the decision
    double distance = 0; ///< |needed - saw| for numbers, 1 for others
    ModelId model;       ///< the model that would be tried first
};

/// A decision with everything that led to it.
struct Trace
{
    Decision decision;
    std::vector<std::pair<SignalId, SignalValue>> values; ///< every signal, document order
    bool holdoutDrawn = false;
    std::uint32_t holdoutBucket = 0;
    std::vector<TraceRule> rules;
    std::vector<TraceArm> arms;
    std::vector<NearMiss> nearMisses; ///< nearest first
};

/// A policy ready to decide: expressions and keywords compiled, names resolved, every combination
/// of split arms expanded. Immutable; may be shared between threads. This is the one decision
/// function of the program.
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

    /// InvalidArgument with the path of the first lint error otherwise.
    [[nodiscard]] static Result<CompiledPolicy> compile(const PolicyDocument& document);

    CompiledPolicy(CompiledPolicy&&) noexcept;
    CompiledPolicy& operator=(CompiledPolicy&&) noexcept;
    ~CompiledPolicy();

    [[nodiscard]] const PolicyDocument& document() const;

    /// Every plan a decision can name, splits drawn, in a fixed order.
    [[nodiscard]] std::span<const Plan> plans() const;

    [[nodiscard]] Decision decide(const Request& request, Scratch& scratch) const;

    /// The two halves of decide(), for callers that keep the signals in columns. extract() gives
    /// one slot per signal of the document, in its order; the texts live in `request`, in the
    /// policy or in the scratch until its next use. With decideBy conversation it reads the
    /// conversation up to its first user message.
    [[nodiscard]] std::span<const SignalSlot> extract(const Request& request, Scratch& scratch) const;
    [[nodiscard]] Decision route(std::span<const SignalSlot> values, const RoutingKeys& keys) const;

    [[nodiscard]] Trace explain(const Request& request) const;

private:
    struct Impl;
    explicit CompiledPolicy(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

[[nodiscard]] RoutingKeys routingKeysOf(const Request& request);

/// "rule \"Hard questions\"", "otherwise" or "holdout".
[[nodiscard]] std::string nameOf(const Decision& decision, const PolicyDocument& document);

} // namespace signalbox
