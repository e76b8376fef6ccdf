// SPDX-License-Identifier: Apache-2.0
#include "compiled_policy.h"

#include "compiled_policy_impl.h"

#include <core/base/md5.h>
#include <core/policy/lint.h>
#include <core/policy/uncertain.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace signalbox {

namespace {

/// The call a split-free plan tries first.
const Call& firstCallOf(const Plan& plan)
{
    if (const auto* chain = std::get_if<Chain>(&plan.node))
        return firstCallOf(chain->steps.front());
    if (const auto* cascade = std::get_if<Cascade>(&plan.node))
        return firstCallOf(cascade->steps.front());
    return std::get<Call>(plan.node);
}

int modelIndexOf(const PolicyDocument& document, const ModelId& id)
{
    const auto found = std::ranges::find(document.models, id, &ModelSpec::id);
    return static_cast<int>(found - document.models.begin());
}

std::optional<Error> firstLintError(const PolicyDocument& document)
{
    const std::vector<Finding> findings = lint(document); // errors come first
    if (findings.empty() || findings.front().severity != Severity::Error)
        return std::nullopt;
    const Finding& finding = findings.front();
    return Error{ErrorCode::InvalidArgument, finding.message, finding.path, finding.fixLabel};
}

} // namespace

Result<void> CompiledPolicy::Impl::addTarget(std::optional<Target>& target, const Plan& plan,
                                             const std::string& path)
{
    target = Target{PlanDraws(plan), plans.size()};
    if (plans.size() + target->draws.count() > kMostPlans)
        return fail(ErrorCode::TooLarge,
                    "the splits of this policy can be drawn in more than " +
                        std::to_string(kMostPlans) + " ways",
                    path, "use fewer splits in one chain, or fewer arms");
    for (Plan& drawn : target->draws.plans()) {
        firstModels.push_back(modelIndexOf(document, firstCallOf(drawn).model));
        plans.push_back(std::move(drawn));
    }
    return {};
}

Result<void> CompiledPolicy::Impl::addRule(std::size_t index)
{
    const Rule& rule = document.rules[index];
    const std::string path = "rules[" + std::to_string(index) + ']';
    const auto add = [&](const Condition& condition, const Plan& plan, bool isUncertain,
                         const char* part) -> Result<void> {
        const auto when = conditions.add(condition, path + part + ".when");
        if (!when)
            return Unexpected(when.error());
        rules.push_back({static_cast<int>(index), isUncertain, &condition, *when, {}});
        if (!rule.enabled)
            return {};
        return addTarget(rules.back().target, plan, path + part + ".plan");
    };
    if (rule.uncertain) {
        margins.push_back(std::make_unique<const Condition>(ambiguousCondition(rule)));
        if (auto added = add(*margins.back(), rule.uncertain->plan, true, ".uncertain"); !added)
            return added;
    }
    return add(rule.when, rule.plan, false, "");
}

std::uint32_t CompiledPolicy::Impl::holdoutBucket(const RoutingKeys& keys) const
{
    return splitBucket(document.holdout->salt, keyFor(document.holdout->unit, keys));
}

bool CompiledPolicy::Impl::isHeldOut(const RoutingKeys& keys) const
{
    return holdoutLimit > 0 && holdoutBucket(keys) < holdoutLimit;
}

Decision CompiledPolicy::Impl::decisionOf(int rule, const std::optional<Target>& target,
                                          const RoutingKeys& keys) const
{
    const std::size_t plan = target->firstPlan + target->draws.draw(keys);
    return {rule, static_cast<int>(plan), &plans[plan], firstModels[plan], false};
}

Decision CompiledPolicy::Impl::holdoutDecision(const RoutingKeys& keys) const
{
    return decisionOf(Decision::kHoldout, holdout, keys);
}

Decision CompiledPolicy::Impl::firstMatch(std::span<const SignalSlot> values,
                                          const RoutingKeys& keys) const
{
    const AnswerTone tone = signals.toneOf(values, keys.style);
    for (const CompiledRule& rule : rules) {
        if (!rule.target || !conditions.holds(rule.when, values, tone))
            continue;
        Decision decision = decisionOf(rule.rule, rule.target, keys);
        decision.isUncertain = rule.isUncertain;
        return decision;
    }
    return decisionOf(Decision::kOtherwise, otherwise, keys);
}

struct CompiledPolicy::Scratch::State
{
    const Impl* owner = nullptr;
    SignalProgram::Memory memory;
};

CompiledPolicy::Scratch::Scratch(const CompiledPolicy& policy)
    : m_state(new State{policy.m_impl.get(), policy.m_impl->signals.makeMemory()})
{}

CompiledPolicy::Scratch::~Scratch() = default;
CompiledPolicy::Scratch::Scratch(Scratch&&) noexcept = default;
CompiledPolicy::Scratch& CompiledPolicy::Scratch::operator=(Scratch&&) noexcept = default;

CompiledPolicy::CompiledPolicy(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
CompiledPolicy::CompiledPolicy(CompiledPolicy&&) noexcept = default;
CompiledPolicy& CompiledPolicy::operator=(CompiledPolicy&&) noexcept = default;
CompiledPolicy::~CompiledPolicy() = default;

Result<CompiledPolicy> CompiledPolicy::compile(const PolicyDocument& document,
                                               const CompiledPolicy* reuse,
                                               std::shared_ptr<const UserStyles> styles)
{
    if (auto problem = firstLintError(document))
        return Unexpected(std::move(*problem));
    if (document.signalList.size() > kMostSignals)
        return fail(ErrorCode::TooLarge,
                    "a policy has at most " + std::to_string(kMostSignals) + " signals", "signals");
    auto impl = std::make_unique<Impl>(document);
    auto compiledSignals =
        SignalProgram::compile(impl->document, impl->conditions,
                               reuse ? &reuse->m_impl->signals : nullptr, std::move(styles));
    if (!compiledSignals)
        return Unexpected(std::move(compiledSignals.error()));
    impl->signals = std::move(*compiledSignals);

    for (std::size_t i = 0; i < impl->document.rules.size(); ++i) {
        if (auto added = impl->addRule(i); !added)
            return Unexpected(std::move(added.error()));
    }
    std::vector<ConditionProgram::Entry> enabled;
    for (const Impl::CompiledRule& rule : impl->rules) {
        if (rule.target)
            enabled.push_back(rule.when);
    }
    impl->signals.specialize(impl->conditions, enabled);

    auto added = impl->addTarget(impl->otherwise, impl->document.otherwise, "otherwise");
    if (!added)
        return Unexpected(std::move(added.error()));
    if (const auto& holdout = impl->document.holdout) {
        impl->holdoutPlan.node = Call{holdout->model, {}, {}, {}, {}};
        auto checked = impl->addTarget(impl->holdout, impl->holdoutPlan, "holdout");
        if (!checked)
            return Unexpected(std::move(checked.error()));
        impl->holdoutLimit = static_cast<std::uint64_t>(holdout->share * 0x1.0p32);
    }
    return CompiledPolicy(std::move(impl));
}

const PolicyDocument& CompiledPolicy::document() const
{
    return m_impl->document;
}

std::span<const Plan> CompiledPolicy::plans() const
{
    return m_impl->plans;
}

Decision CompiledPolicy::decide(const Request& request, Scratch& scratch) const
{
    assert(scratch.m_state->owner == m_impl.get());
    const RoutingKeys keys = routingKeysOf(request);
    if (m_impl->isHeldOut(keys))
        return m_impl->holdoutDecision(keys);
    return m_impl->firstMatch(
        m_impl->signals.extractForRules(request, m_impl->conditions, scratch.m_state->memory),
        keys);
}

std::span<const SignalSlot> CompiledPolicy::extract(const Request& request, Scratch& scratch) const
{
    assert(scratch.m_state->owner == m_impl.get());
    return m_impl->signals.extractAll(request, m_impl->conditions, scratch.m_state->memory);
}

Decision CompiledPolicy::route(std::span<const SignalSlot> values, const RoutingKeys& keys) const
{
    assert(values.size() == m_impl->document.signalList.size());
    return m_impl->isHeldOut(keys) ? m_impl->holdoutDecision(keys)
                                   : m_impl->firstMatch(values, keys);
}

bool CompiledPolicy::holds(std::size_t rule, std::span<const SignalSlot> values,
                           const RoutingKeys& keys) const
{
    const AnswerTone tone = m_impl->signals.toneOf(values, keys.style);
    return std::ranges::any_of(m_impl->rules, [&](const Impl::CompiledRule& compiled) {
        return compiled.rule == static_cast<int>(rule) &&
               m_impl->conditions.holds(compiled.when, values, tone);
    });
}

void CompiledPolicy::addUpScores(std::span<SignalSlot> values, const RoutingKeys& keys) const
{
    const AnswerTone tone = m_impl->signals.toneOf(values, keys.style);
    for (const SignalProgram::Score& score : m_impl->signals.scores())
        values[score.signal].setNumber(
            SignalProgram::valueOf(score, m_impl->conditions, values, tone));
}

RoutingKeys routingKeysOf(const Request& request)
{
    RoutingKeys keys = {request.requestId,
                        request.conversationId,
                        request.userId,
                        request.style ? std::string_view(*request.style) : std::string_view(),
                        {}};
    if (keys.request.empty()) {
        for (const Message& message : request.messages) {
            if (message.role == Role::User)
                keys.request = message.text;
        }
    }
    return keys;
}

std::string nameOf(const Decision& decision, const PolicyDocument& document)
{
    if (decision.rule == Decision::kHoldout)
        return "holdout";
    if (decision.rule == Decision::kOtherwise)
        return "otherwise";
    const Rule& rule = document.rules[static_cast<std::size_t>(decision.rule)];
    return "rule \"" + (rule.label.empty() ? rule.id.value : rule.label) + '"' +
           (decision.isUncertain ? ", uncertain" : "");
}

} // namespace signalbox
