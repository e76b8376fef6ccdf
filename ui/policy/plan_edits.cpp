// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_edits.h"

#include "policy_paths.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace signalbox::ui {
namespace {

using Kind = PolicySelection::Kind;

/// The edit that gives a rule, its margin or `otherwise` another root plan.
std::optional<Edit> replacePlan(const PolicyDocument& document, const PolicySelection& selection,
                                Plan root)
{
    if (selection.kind == Kind::Otherwise)
        return SetOtherwise{std::move(root)};
    return editRule(document, selection, [&](Rule& rule) {
        (isInUncertain(selection) ? rule.uncertain->plan : rule.plan) = std::move(root);
    });
}

/// Changes the root plan of the selection by `change(root) -> path to select after`, or nothing if
/// the change does not apply.
template<class Change>
MaybeGesture changeRootPlan(const PolicyDocument& document, const PolicySelection& selection,
                            const Change& change)
{
    const Plan* const root = rootPlanOf(document, selection);
    if (!root)
        return std::nullopt;
    Plan changed = *root;
    const std::optional<std::string> after = change(changed);
    if (!after)
        return std::nullopt;
    auto edit = replacePlan(document, selection, std::move(changed));
    if (!edit)
        return std::nullopt;
    return PolicyGesture{std::move(*edit), withPlanPath(selection, *after)};
}

/// Changes the selected plan node with `change(node) -> path below the node to select after`, or
/// nothing if the change does not apply. Of a pool's member: the pool.
template<class Change>
MaybeGesture changePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                            const Change& change)
{
    return changeRootPlan(document, selection, [&](Plan& root) -> std::optional<std::string> {
        const std::string path = nodePathOf(root, planPathOf(selection).value_or(""));
        Plan* const node = planAt(root, path);
        const auto below = node ? change(*node) : std::nullopt;
        return below ? std::optional(joinPath(path, *below)) : std::nullopt;
    });
}

/// What remains of a chain, split, cascade or pool with one part: the part.
void collapseIfSingle(Plan& plan)
{
    const std::vector<Plan> parts = partsOf(plan);
    if (parts.size() == 1)
        plan = parts.front();
}

/// Calls `change(parts)` with the steps, arms or members of a node; what it returns, or nothing for
/// a call.
template<class Change> auto withParts(Plan& node, const Change& change)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "say what the new plan holds");
    using Answer = decltype(change(std::get<Chain>(node.node).steps));
    if (auto* const chain = std::get_if<Chain>(&node.node))
        return change(chain->steps);
    if (auto* const split = std::get_if<Split>(&node.node))
        return change(split->arms);
    if (auto* const cascade = std::get_if<Cascade>(&node.node))
        return change(cascade->steps);
    if (auto* const pool = std::get_if<Pool>(&node.node))
        return change(pool->members);
    return Answer();
}

/// Where a part of the selected plan stands in what holds it. A selection can outlive its part
/// (undo, an edit of the source): then nothing.
std::optional<PathPlace> placeInPlan(const PolicyDocument& document,
                                     const PolicySelection& selection, std::string_view path)
{
    const Plan* const root = rootPlanOf(document, selection);
    return root && planPartAt(*root, path) ? placeOfPlan(path) : std::nullopt;
}

Plan callOf(ModelId model)
{
    return Plan{Call{std::move(model), {}, {}, {}, {}}};
}

/// The node that a further step behind the selected one belongs to, and where: its own end, or
/// behind it among the steps that it is one of. Nothing where a chain has to be made first.
std::optional<PathPlace> placeOfNextStep(const Plan& root, const std::string& path)
{
    const auto holdsSteps = [&](const Plan* node) {
        return node && (std::holds_alternative<Chain>(node->node) ||
                        std::holds_alternative<Cascade>(node->node));
    };
    if (const Plan* const node = planAt(root, path); holdsSteps(node))
        return PathPlace{path, partsOf(*node).size()};
    const auto place = placeOfPlan(path);
    if (place && holdsSteps(planAt(root, place->parent)))
        return PathPlace{place->parent, place->index + 1};
    return std::nullopt;
}

bool isInCascade(const Plan& root, std::string_view path)
{
    for (auto place = placeOfPlan(path); place; place = placeOfPlan(place->parent)) {
        const Plan* const parent = planAt(root, place->parent);
        if (parent && std::holds_alternative<Cascade>(parent->node))
            return true;
    }
    return false;
}

} // namespace

MaybeGesture removePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                            std::string_view path)
{
    const auto place = placeInPlan(document, selection, path);
    if (!place)
        return std::nullopt;
    return changePlanNode(document, withPlanPath(selection, place->parent), [&](Plan& parent) {
        withParts(parent, [&](auto& parts) {
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place->index));
        });
        if (auto* const split = std::get_if<Split>(&parent.node); split && !split->arms.empty()) {
            const int first = split->arms.front().weight;
            const int all =
                std::accumulate(split->arms.begin(), split->arms.end(), 0,
                                [](int sum, const Arm& arm) { return sum + arm.weight; });
            setArmWeight(*split, 0, all == first ? 10'000 : first * 10'000 / all);
        }
        collapseIfSingle(parent);
        return std::optional<std::string>("");
    });
}

MaybeGesture movePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                          std::string_view path, int delta)
{
    const auto place = placeInPlan(document, selection, path);
    if (!place)
        return std::nullopt;
    return changePlanNode(
        document, withPlanPath(selection, place->parent), [&](Plan& parent) {
            return withParts(parent, [&](auto& parts) -> std::optional<std::string> {
                const auto target = static_cast<std::ptrdiff_t>(place->index) + delta;
                if (target < 0 || target >= static_cast<std::ptrdiff_t>(parts.size()))
                    return std::nullopt;
                std::swap(parts[place->index], parts[static_cast<std::size_t>(target)]);
                return partPath(parent, {}, static_cast<std::size_t>(target));
            });
        });
}

MaybeGesture duplicatePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                               std::string_view path)
{
    const auto place = placeInPlan(document, selection, path);
    if (!place)
        return std::nullopt;
    return changePlanNode(
        document, withPlanPath(selection, place->parent), [&](Plan& parent) {
            return withParts(parent, [&](auto& parts) -> std::optional<std::string> {
                auto copy = parts[place->index];
                if constexpr (requires { copy.weight; }) {
                    copy.weight /= 2;
                    parts[place->index].weight -= copy.weight;
                }
                parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(place->index) + 1, copy);
                return partPath(parent, {}, place->index + 1);
            });
        });
}

MaybeGesture wrapInChain(const PolicyDocument& document, const PolicySelection& selection)
{
    return changePlanNode(document, selection, [](Plan& node) {
        Chain chain;
        chain.steps.push_back(node);
        node = Plan{std::move(chain)};
        return std::optional<std::string>("");
    });
}

MaybeGesture addFallback(const PolicyDocument& document, const PolicySelection& selection)
{
    return changeRootPlan(document, selection, [&](Plan& root) -> std::optional<std::string> {
        std::string path = nodePathOf(root, planPathOf(selection).value_or(""));
        Plan* node = planAt(root, path);
        if (!node)
            return std::nullopt;
        auto place = placeOfNextStep(root, path);
        if (!place) {
            Chain chain;
            chain.steps.push_back(*node);
            *node = Plan{std::move(chain)};
            place = PathPlace{path, 1};
        }
        Plan* const parent = planAt(root, place->parent);
        const ModelId before = tierOf(partsOf(*parent)[place->index - 1]);
        withParts(*parent, [&](auto& parts) {
            if constexpr (requires { parts.front().node; })
                parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(place->index),
                             callOf(otherModel(document, before)));
        });
        return partPath(*parent, place->parent, place->index);
    });
}

MaybeGesture makeSplit(const PolicyDocument& document, const PolicySelection& selection)
{
    return changePlanNode(document, selection, [&](Plan& node) {
        const ModelId model = otherModel(document, tierOf(node));
        if (!std::holds_alternative<Split>(node.node)) {
            Split split;
            split.salt = "split-1";
            split.arms.push_back({10'000, node});
            node = Plan{std::move(split)};
        }
        auto& split = std::get<Split>(node.node);
        split.arms.push_back({0, callOf(model)});
        setArmWeight(split, split.arms.size() - 1, 1'000);
        return std::optional(armPath("", split.arms.size() - 1));
    });
}

MaybeGesture makeCascade(const PolicyDocument& document, const PolicySelection& selection)
{
    const Plan* const root = rootPlanOf(document, selection);
    if (!root || isInCascade(*root, planPathOf(selection).value_or("")))
        return std::nullopt;
    return changePlanNode(document, selection, [&](Plan& node) {
        if (auto* const cascade = std::get_if<Cascade>(&node.node)) {
            const ModelId last =
                cascade->steps.empty() ? ModelId() : tierOf(cascade->steps.back());
            cascade->steps.push_back(callOf(otherModel(document, last)));
            return std::optional(partPath(node, {}, cascade->steps.size() - 1));
        }
        if (std::holds_alternative<Chain>(node.node))
            node = converted(node, PlanKind::Cascade, otherModel(document, tierOf(node)));
        else
            node = Plan{Cascade{
                {node, callOf(otherModel(document, tierOf(node)))}, usualAcceptance(), {}}};
        return std::optional<std::string>("");
    });
}

MaybeGesture makePool(const PolicyDocument& document, const PolicySelection& selection)
{
    return changePlanNode(document, selection, [&](Plan& node) {
        if (!std::holds_alternative<Pool>(node.node)) {
            node = converted(node, PlanKind::Pool, otherModel(document, tierOf(node)));
            return std::optional<std::string>("");
        }
        auto& members = std::get<Pool>(node.node).members;
        Call member;
        member.model = otherModel(document, members.empty() ? ModelId() : members.back().model);
        members.push_back(std::move(member));
        return std::optional(partPath(node, {}, members.size() - 1));
    });
}

MaybeGesture addPart(const PolicyDocument& document, const PolicySelection& selection)
{
    const Plan* const root = rootPlanOf(document, selection);
    const Plan* const node = root ? planAt(*root, planPathOf(selection).value_or("")) : nullptr;
    if (node && std::holds_alternative<Split>(node->node))
        return makeSplit(document, selection);
    if (node && std::holds_alternative<Pool>(node->node))
        return makePool(document, selection);
    return addFallback(document, selection);
}

MaybeGesture changePlanKind(const PolicyDocument& document, const PolicySelection& selection,
                            PlanKind kind)
{
    return changePlanNode(document, selection, [&](Plan& node) -> std::optional<std::string> {
        Plan changed = converted(node, kind, otherModel(document, tierOf(node)));
        if (changed == node)
            return std::nullopt;
        node = std::move(changed);
        return std::string();
    });
}

MaybeGesture unwrapSelected(const PolicyDocument& document, const PolicySelection& selection)
{
    return changePlanKind(document, selection, PlanKind::Call);
}

MaybeGesture callModel(const PolicyDocument& document, const PolicySelection& selection,
                       const ModelId& model)
{
    return changeRootPlan(document, selection, [&](Plan& root) -> std::optional<std::string> {
        const std::string path = planPathOf(selection).value_or("");
        const Call* const old = callAt(root, path);
        Call call = old ? *old : Call{};
        if (call.model == model)
            return std::nullopt;
        call.model = model;
        return setPlanPart(root, path, Plan{std::move(call)}) ? std::optional(path) : std::nullopt;
    });
}

MaybeGesture setPlan(const PolicyDocument& document, const PolicySelection& selection, Plan plan)
{
    return changeRootPlan(document, selection, [&](Plan& root) {
        const std::string path = planPathOf(selection).value_or("");
        return setPlanPart(root, path, std::move(plan)) ? std::optional(path) : std::nullopt;
    });
}

void setArmWeight(Split& split, std::size_t arm, int weight)
{
    std::vector<int> weights;
    for (const Arm& each : split.arms)
        weights.push_back(each.weight);
    weights = rebalanced(weights, arm, weight);
    for (std::size_t i = 0; i < weights.size(); ++i)
        split.arms[i].weight = weights[i];
}

std::vector<int> rebalanced(const std::vector<int>& weights, std::size_t changed, int weight)
{
    constexpr int kWhole = 10'000;
    std::vector<int> result(weights.size(), 0);
    if (weights.empty())
        return result;
    if (weights.size() == 1)
        return {kWhole};
    result[changed] = std::clamp(weight, 0, kWhole);
    const int left = kWhole - result[changed];
    int others = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        others += i == changed ? 0 : weights[i];
    std::vector<std::pair<double, std::size_t>> remainders;
    int given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (i == changed)
            continue;
        const double part =
            others > 0 ? static_cast<double>(left) * weights[i] / others
                       : static_cast<double>(left) / static_cast<double>(weights.size() - 1);
        result[i] = static_cast<int>(std::floor(part));
        given += result[i];
        remainders.emplace_back(result[i] - part, i); // most negative: largest remainder
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; given < left; ++i, ++given)
        ++result[remainders[i % remainders.size()].second];
    return result;
}

} // namespace signalbox::ui
