// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_trail.h"

#include "policy_paths.h"

namespace signalbox::ui {
namespace {

/// The arms drawn in the winning lane, by plan path of their split.
std::map<std::string, std::size_t> drawnArms(const PolicyDocument& document, const Trace& trace,
                                             const PolicySelection& lane)
{
    std::map<std::string, std::size_t> arms;
    for (const TraceArm& arm : trace.arms) {
        const PolicySelection split = selectionFromPath(document, arm.path);
        const auto path = planPathOf(split);
        if (split.kind == lane.kind && split.id == lane.id &&
            isInUncertain(split) == isInUncertain(lane) && path)
            arms[*path] = arm.arm;
    }
    return arms;
}

/// Follows first steps, drawn arms and picked members down to a call.
std::vector<std::string> walk(const Plan& root, const std::map<std::string, std::size_t>& arms)
{
    std::vector<std::string> paths{std::string()};
    const Plan* node = &root;
    while (node) {
        // The first step of a chain or cascade, what was drawn of a split or pool.
        const auto drawn = arms.find(paths.back());
        std::string next =
            partPath(*node, paths.back(), drawn == arms.end() ? 0 : drawn->second);
        if (std::holds_alternative<Call>(node->node) || !planPartAt(root, next))
            break;
        node = planAt(root, next); // null of a pool's member, which is a call
        paths.push_back(std::move(next));
    }
    return paths;
}

} // namespace

FlowTrail trailOf(const PolicyDocument& document, const Trace& trace)
{
    FlowTrail trail;
    const Decision& decision = trace.decision;
    if (decision.firstModel >= 0 &&
        static_cast<std::size_t>(decision.firstModel) < document.models.size())
        trail.model = document.models[static_cast<std::size_t>(decision.firstModel)].id;
    for (const TraceRule& rule : trace.rules) {
        if (!rule.evaluated)
            continue;
        trail.rules[rule.id.value] = rule.matched;
        for (const TraceCompare& compare : rule.compares) {
            const PolicySelection at = selectionFromPath(document, compare.path);
            if (const auto path = conditionPathOf(at))
                trail.compares[rule.id.value][*path] = compare.holds;
        }
    }
    if (decision.rule == Decision::kHoldout) {
        trail.lane = selectDocument("holdout");
        trail.nodes.emplace_back();
        return trail;
    }
    const bool byRule =
        decision.rule >= 0 && static_cast<std::size_t>(decision.rule) < document.rules.size();
    trail.lane = byRule ? selectRule(document.rules[static_cast<std::size_t>(decision.rule)].id)
                        : selectOtherwise();
    const PolicySelection plan = byRule && decision.isUncertain
                                     ? selectUncertain(RuleId(trail.lane.id))
                                     : trail.lane;
    trail.isUncertain = byRule && decision.isUncertain;
    if (const Plan* const root = rootPlanOf(document, plan))
        trail.nodes = walk(*root, drawnArms(document, trace, plan));
    return trail;
}

} // namespace signalbox::ui
