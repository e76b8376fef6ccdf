// SPDX-License-Identifier: Apache-2.0
#include "pattern_example.h"
#include "proof_context.h"

#include <core/policy/plan_parts.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace signalbox {

namespace {

constexpr std::uint64_t kAllBuckets = std::uint64_t{1} << 32;
constexpr std::uint64_t kBasisPoints = 10'000;

/// Buckets from `first` to before `end`.
struct Buckets
{
    std::uint64_t first = 0;
    std::uint64_t end = kAllBuckets;
    [[nodiscard]] bool isEmpty() const { return first >= end; }
};

/// Goes through one plan: the rule's, that of its margin, or what is done otherwise. The findings
/// are about parts of it that no request ever comes to; the example is one that gets the plan.
class PlanProver
{
public:
    PlanProver(ProofContext& context, PlanSubject subject) : m_context(context), m_subject(subject)
    {
        if (const auto& holdout = context.document().holdout)
            m_drawn[{holdout->salt, holdout->unit}] = {
                static_cast<std::uint64_t>(holdout->share * 0x1.0p32), kAllBuckets};
    }

    void prove() { prove(m_subject.planIn(m_context.document()), m_subject.path()); }

private:
    void prove(const Plan& plan, const std::string& path)
    {
        static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "prove the new plan");
        if (std::holds_alternative<Call>(plan.node))
            return;
        if (const auto* chain = std::get_if<Chain>(&plan.node)) {
            proveSteps(chain->steps, path + ".chain");
        } else if (const auto* cascade = std::get_if<Cascade>(&plan.node)) {
            proveAcceptance(*cascade, path + ".cascade");
            proveDeadline(*cascade, path + ".cascade");
            proveSteps(cascade->steps, path + ".cascade");
        } else if (const auto* split = std::get_if<Split>(&plan.node)) {
            proveSplit(*split, path + ".split");
        } else {
            provePool(std::get<Pool>(plan.node), path + ".pool");
        }
    }

    void proveSteps(const std::vector<Plan>& steps, const std::string& path)
    {
        for (std::size_t i = 0; i < steps.size(); ++i)
            proveStep(i, steps[i], path + ".steps[" + std::to_string(i) + ']');
    }

    void proveStep(std::size_t index, const Plan& plan, const std::string& path)
    {
        m_steps.push_back(index);
        prove(plan, path);
        m_steps.pop_back();
    }

    /// Splits that share salt and key with the holdout or with a split around them draw the same
    /// bucket again, and may leave arms that no bucket falls into.
    void proveSplit(const Split& split, const std::string& path)
    {
        const auto key = std::pair(split.salt, split.sticky);
        const auto known = m_drawn.find(key);
        const Buckets around = known == m_drawn.end() ? Buckets{} : known->second;
        std::uint64_t cumulative = 0;
        for (std::size_t i = 0; i < split.arms.size(); ++i) {
            const std::uint64_t first = (cumulative << 32) / kBasisPoints;
            cumulative += static_cast<std::uint64_t>(std::max(split.arms[i].weight, 0));
            const Buckets arm = {std::max(first, around.first),
                                 std::min((cumulative << 32) / kBasisPoints, around.end)};
            if (split.arms[i].weight == 0)
                continue; // switched off on purpose
            const std::string armPath = path + ".arms[" + std::to_string(i) + ']';
            if (arm.isEmpty()) {
                tell("arm-never-drawn", armPath,
                     "Arm " + std::to_string(i + 1) +
                         " can never be drawn: the split repeats the draw of the split around it "
                         "or of the holdout, which share its salt " +
                         quotedText(split.salt) + '.');
                continue;
            }
            m_drawn[key] = arm;
            proveStep(i, split.arms[i].plan, armPath + ".plan");
        }
        if (known == m_drawn.end())
            m_drawn.erase(key);
        else
            m_drawn[key] = around;
    }

    /// A test that lets every answer pass, or none.
    void proveAcceptance(const Cascade& cascade, const std::string& path)
    {
        const Acceptance& accept = cascade.accept;
        const bool isOpen = accept.refusals.empty() && accept.minWords.value_or(0) == 0 &&
                            !accept.maxWords && !accept.meanLogProb && !accept.verifier;
        if (isOpen)
            tell("accepts-everything", path + ".accept",
                 "The test accepts every answer, so the later steps are asked only when the first "
                 "one fails.");
        for (std::size_t i = 0; i < accept.refusals.size(); ++i) {
            const auto expression = PatternExample::read(accept.refusals[i]);
            if (!expression || expression->leastChars() > 0 || expression->hasAnchors())
                continue;
            tell("rejects-everything", path + ".accept.refusals[" + std::to_string(i) + ']',
                 quotedText(accept.refusals[i]) +
                     " matches every answer, so none but that of the last step is accepted.",
                 "Remove it", withoutRefusal(i));
            return; // one is enough
        }
    }

    [[nodiscard]] std::optional<Edit> withoutRefusal(std::size_t index) const
    {
        PolicyDocument changed = m_context.document();
        Plan& plan = m_subject.planIn(changed);
        auto& refusals = std::get<Cascade>(partAt(plan, m_steps).node).accept.refusals;
        refusals.erase(refusals.begin() + static_cast<std::ptrdiff_t>(index));
        if (!m_subject.rule)
            return SetOtherwise{plan};
        const Rule& rule = changed.rules[*m_subject.rule];
        return ReplaceRule{rule.id, rule};
    }

    /// When a call has written its answer at the latest, or has failed; nothing without a limit.
    /// A first token in time says nothing of the whole answer, which is what a test waits for.
    [[nodiscard]] static std::optional<double> latestEnd(const Plan& step)
    {
        const auto* call = std::get_if<Call>(&step.node);
        if (!call || !call->totalMs)
            return std::nullopt;
        double waits = 0;
        double wait = call->retry.backoffMs;
        for (int i = 0; i < call->retry.count; ++i) {
            waits += wait;
            wait *= call->retry.multiplier;
        }
        return waits + *call->totalMs * (call->retry.count + 1.0);
    }

    /// Steps that their predecessors leave no time for when these use theirs in full.
    void proveDeadline(const Cascade& cascade, const std::string& path)
    {
        if (!cascade.deadlineMs)
            return;
        double start = 0;
        for (std::size_t i = 0; i + 1 < cascade.steps.size(); ++i) {
            const auto end = latestEnd(cascade.steps[i]);
            if (!end)
                return;
            start += *end;
            if (start < *cascade.deadlineMs)
                continue;
            const std::string next = std::to_string(i + 2);
            tell("late-step", path + ".steps[" + std::to_string(i + 1) + ']',
                 "Step " + next + " starts only after " + std::to_string(std::llround(start)) +
                     " ms when the steps before it use their time in full, but the answer has to "
                     "begin within " +
                     std::to_string(*cascade.deadlineMs) + " ms.");
            return; // those behind it are later still
        }
    }

    /// Members that no numbers make the pool pick. Of equal numbers the first is picked.
    void provePool(const Pool& pool, const std::string& path)
    {
        for (std::size_t i = 0; i < pool.members.size(); ++i) {
            const std::string memberPath = path + ".members[" + std::to_string(i) + ']';
            const auto isSame = [&](const Call& other) {
                return other.model == pool.members[i].model;
            };
            const auto before = pool.members.begin() + static_cast<std::ptrdiff_t>(i);
            if (std::any_of(pool.members.begin(), before, isSame)) {
                tell("member-never-picked", memberPath,
                     "Member " + std::to_string(i + 1) + " is never picked: what is known of " +
                         quotedText(pool.members[i].model.value) +
                         " is known of the one before it, too.");
            }
        }
    }

    void tell(const char* code, const std::string& path, std::string message,
              std::string fixLabel = {}, std::optional<Edit> fix = {})
    {
        ProofContext::Report report;
        report.code = code;
        report.path = path;
        report.message = std::move(message);
        report.rule = m_subject.rule;
        if (m_subject.rule)
            report.rules = {*m_subject.rule};
        report.fixLabel = std::move(fixLabel);
        report.fix = std::move(fix);
        if (!m_request)
            m_request = m_context.requestFor(m_subject);
        if (*m_request)
            report.example = {**m_request, {}};
        m_context.add(std::move(report));
    }

    ProofContext& m_context;
    PlanSubject m_subject;
    std::vector<std::size_t> m_steps; ///< from the root to the part that is looked at
    std::map<std::pair<std::string, StickyUnit>, Buckets> m_drawn;
    std::optional<std::optional<Request>> m_request; ///< once it was looked for
};

void proveHoldout(ProofContext& context)
{
    const auto& holdout = context.document().holdout;
    if (!holdout || holdout->share < 1)
        return;
    ProofContext::Report report;
    report.code = "holdout-takes-everything";
    report.path = "holdout.share";
    report.message = "The holdout takes every request, so no rule ever decides.";
    Request request;
    request.messages.push_back({Role::User, "Hello, my order came late."});
    report.example = context.exampleOf(std::move(request));
    context.add(std::move(report));
}

} // namespace

void provePlans(ProofContext& context)
{
    proveHoldout(context);
    for (const PlanSubject& subject : context.subjects())
        PlanProver(context, subject).prove();
}

} // namespace signalbox
