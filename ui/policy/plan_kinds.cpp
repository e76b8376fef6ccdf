// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_kinds.h"

#include "policy_paths.h"

#include <algorithm>

namespace signalbox::ui {
namespace {

std::optional<int> deadlineOf(const Plan& plan)
{
    if (const auto* const chain = std::get_if<Chain>(&plan.node))
        return chain->deadlineMs;
    const auto* const cascade = std::get_if<Cascade>(&plan.node);
    return cascade ? cascade->deadlineMs : std::nullopt;
}

/// The part that gets the traffic, as far as one does.
Plan mainPartOf(const Plan& plan)
{
    if (const auto* const split = std::get_if<Split>(&plan.node); split && !split->arms.empty())
        return std::ranges::max_element(split->arms, {}, &Arm::weight)->plan;
    const std::vector<Plan> parts = partsOf(plan);
    return parts.empty() ? plan : parts.front();
}

Split splitOf(const std::vector<Plan>& parts, bool equally)
{
    constexpr int kWhole = 10'000;
    Split split;
    split.salt = "split-1";
    const auto count = static_cast<int>(parts.size());
    for (int i = 0; i < count; ++i) {
        const int weight = !equally ? (i == 0 ? kWhole : 0)
                                    : kWhole / count + (i < kWhole % count ? 1 : 0);
        split.arms.push_back({weight, parts[static_cast<std::size_t>(i)]});
    }
    return split;
}

} // namespace

PlanKind kindOf(const Plan& plan)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "name the new kind of plan");
    return static_cast<PlanKind>(plan.node.index());
}

Acceptance usualAcceptance()
{
    Acceptance accept;
    accept.refusals = {"^(?:i am |i'm |we are |we're )?(?:very |so )?sorry",
                       "i (?:cannot|can't|am unable to|am not able to) (?:help|assist|answer)"};
    return accept;
}

Call firstCallOf(const Plan& plan)
{
    if (const auto* const call = std::get_if<Call>(&plan.node))
        return *call;
    const Plan part = mainPartOf(plan);
    return part == plan ? Call{} : firstCallOf(part);
}

Plan converted(const Plan& plan, PlanKind kind, const ModelId& other)
{
    if (kind == kindOf(plan))
        return plan;
    std::vector<Plan> parts = partsOf(plan);
    if (std::holds_alternative<Call>(plan.node))
        parts.push_back(plan);
    if (parts.size() < 2 && kind != PlanKind::Call)
        parts.push_back(Plan{Call{other, {}, {}, {}, {}}});
    switch (kind) {
    case PlanKind::Call:
        break;
    case PlanKind::Chain: {
        Chain chain;
        chain.steps = std::move(parts);
        chain.deadlineMs = deadlineOf(plan);
        return Plan{std::move(chain)};
    }
    case PlanKind::Split:
        return Plan{splitOf(parts, std::holds_alternative<Pool>(plan.node))};
    case PlanKind::Cascade:
        return Plan{Cascade{std::move(parts), usualAcceptance(), deadlineOf(plan)}};
    case PlanKind::Pool: {
        Pool pool;
        for (const Plan& part : parts)
            pool.members.push_back(firstCallOf(part));
        return Plan{std::move(pool)};
    }
    }
    return mainPartOf(plan);
}

} // namespace signalbox::ui
