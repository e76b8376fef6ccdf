// SPDX-License-Identifier: Apache-2.0
#include "compiled_policy.h"

#include "compiled_policy_impl.h"

#include <core/base/md5.h>
#include <core/policy/lint.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace signalbox {

namespace {

/// The call a split-free plan tries first.
const Call& firstCallOf(const Plan& plan)
{
    const Plan* at = &plan;
    while (const auto* chain = std::get_if<Chain>(&at->node))
        at = &chain->steps.front();
    return std::get<Call>(at->node);
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
    return {rule, static_cast<int>(plan), &plans[plan], firstModels[plan]};
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
        if (rule.target && conditions.holds(rule.when, values, tone))
            return decisionOf(rule.rule, rule.target, keys);
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
                                               const CompiledPolicy* reuse)
{
    if (auto problem = firstLintError(document))
        return Unexpected(std::move(*problem));
    if (document.signalList.size() > kMostSignals)
        return fail(ErrorCode::TooLarge,
                    "a policy has at most " + std::to_string(kMostSignals) + " signals", "signals");
    auto impl = std::make_unique<Impl>(document);
    auto compiledSignals = SignalProgram::compile(impl->document, impl->conditions,
                                                  reuse ? &reuse->m_impl->signals : nullptr);
    if (!compiledSignals)
        return Unexpected(std::move(compiledSignals.error()));
    impl->signals = std::move(*compiledSignals);

    std::vector<ConditionProgram::Entry> enabled;
    for (std::size_t i = 0; i < impl->document.rules.size(); ++i) {
        const Rule& rule = impl->document.rules[i];
        const std::string path = "rules[" + std::to_string(i) + ']';
        const auto when = impl->conditions.add(rule.when, path + ".when");
        if (!when)
            return Unexpected(when.error());
        impl->rules.push_back({static_cast<int>(i), *when, {}});
        if (!rule.enabled)
            continue;
        enabled.push_back(*when);
        auto added = impl->addTarget(impl->rules.back().target, rule.plan, path + ".plan");
        if (!added)
            return Unexpected(std::move(added.error()));
    }
    impl->signals.specialize(impl->conditions, enabled);

    auto added = impl->addTarget(impl->otherwise, impl->document.otherwise, "otherwise");
    if (!added)
        return Unexpected(std::move(added.error()));
    if (const auto& holdout = impl->document.holdout) {
        impl->holdoutPlan.node = Call{holdout->model, {}, {}, {}};
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
    return m_impl->conditions.holds(m_impl->rules[rule].when, values,
                                    m_impl->signals.toneOf(values, keys.style));
}

RoutingKeys routingKeysOf(const Request& request)
{
    RoutingKeys keys = {request.requestId, request.conversationId, request.userId,
                        request.style ? std::string_view(*request.style) : std::string_view()};
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
    return "rule \"" + (rule.label.empty() ? rule.id.value : rule.label) + '"';
}

} // namespace signalbox
