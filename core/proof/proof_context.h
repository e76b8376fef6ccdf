// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inside of the library: what the parts of prove() share. Each part asks about one kind of thing.

#include "prover.h"
#include "region_search.h"
#include "region_space.h"
#include "traffic_sample.h"
#include "witness.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// Which plan: the rule's, that of its margin, or without a rule what is done otherwise.
struct PlanSubject
{
    std::optional<std::size_t> rule;
    bool isUncertain = false;

    [[nodiscard]] Plan& planIn(PolicyDocument& document) const;
    [[nodiscard]] const Plan& planIn(const PolicyDocument& document) const;
    [[nodiscard]] std::string path() const;
};

/// One run of prove(): the policy in all its forms and the proofs so far.
class ProofContext
{
public:
    ProofContext(const CompiledPolicy& policy, std::span<const Request> traffic,
                 const ProofBudget& budget);

    [[nodiscard]] const PolicyDocument& document() const { return m_policy.document(); }
    [[nodiscard]] RegionSpace& space() { return m_space; }
    [[nodiscard]] RegionSearch& search() { return m_search; }
    [[nodiscard]] const TrafficSample& sample() const { return m_sample; }
    [[nodiscard]] bool isOver() const
    {
        return m_budget.steps <= 0 || m_budget.stop.stop_requested();
    }

    /// A request of a region in which the goals are met, for which `isRight`.
    struct Answer
    {
        ProofVerdict verdict = ProofVerdict::Open;
        std::optional<Request> request;
    };
    [[nodiscard]] Answer ask(const std::vector<Goal>& goals, const WitnessMaker::Check& isRight);

    [[nodiscard]] Decision decide(const Request& request);
    [[nodiscard]] bool holds(std::size_t rule, const Request& request);
    /// A check for any condition of the document's comparisons.
    [[nodiscard]] WitnessMaker::Check checkOf(const Condition& condition) const;
    /// The signals' values; valid until the next question.
    [[nodiscard]] std::span<const SignalSlot> valuesOf(const Request& request);

    /// "It goes to rule "Hard questions"."
    [[nodiscard]] std::string wayOf(const Request& request);
    [[nodiscard]] FindingExample exampleOf(Request request);
    /// A request that gets the plan; one of the traffic if it can be, the shortest to read.
    [[nodiscard]] std::optional<Request> requestFor(const PlanSubject& subject);
    [[nodiscard]] bool gets(const Request& request, const PlanSubject& subject);
    /// The plans that some request may get.
    [[nodiscard]] std::vector<PlanSubject> subjects() const;
    [[nodiscard]] std::string nameOfRule(std::size_t rule) const;
    /// `"A"`, `"A" and "B"`, `"A", "B" and "C"`; the first few of many.
    [[nodiscard]] std::string namesOfRules(const std::vector<std::size_t>& rules) const;
    /// An edit that names the rule by its id.
    [[nodiscard]] std::optional<Edit> editOfRule(std::size_t rule, Condition when) const;
    [[nodiscard]] std::optional<Edit> removalOfRule(std::size_t rule) const;

    struct Report
    {
        Severity severity = Severity::Warning;
        const char* code = "";
        std::string message;
        std::string path;
        std::optional<std::size_t> rule; ///< that it belongs to
        std::vector<std::size_t> rules;  ///< that it is about
        std::optional<FindingExample> example;
        std::string fixLabel;
        std::optional<Edit> fix;
    };
    void add(Report report);
    [[nodiscard]] std::vector<Proof> take() { return std::move(m_proofs); }

    // What the first part finds out for those after it.
    std::vector<std::size_t> enabled; ///< rules, in order
    std::vector<bool> neverHolds;     ///< per rule: proved
    std::vector<bool> neverWins;      ///< per rule: proved
    bool nothingIsLeft = false;       ///< for what is done otherwise: proved

private:
    const CompiledPolicy& m_policy;
    ProofBudget m_budget;
    RegionSpace m_space;
    RegionSearch m_search;
    WitnessMaker m_witness;
    CompiledPolicy::Scratch m_scratch;
    TrafficSample m_sample;
    std::vector<Proof> m_proofs;
};

void proveRules(ProofContext& context);
void proveParts(ProofContext& context);
void proveOverlaps(ProofContext& context);
void proveCoverage(ProofContext& context);
void provePlans(ProofContext& context);
/// Shows what lint() says of plans with requests that get them.
void showPlanFindings(ProofContext& context);

/// Words for the texts of findings: `a`, `a and b`, `a, b and c`.
[[nodiscard]] std::string listed(const std::vector<std::string>& items, const char* last = " and ");
[[nodiscard]] std::string quotedText(const std::string& text);

} // namespace signalbox
