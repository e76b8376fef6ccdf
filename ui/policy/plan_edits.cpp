// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_edits.h"

#include "policy_paths.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace signalbox::ui {
namespace {

using Kind = PolicySelection::Kind;

/// A model for a new call that is not the one it stands beside, if there is another one.
ModelId otherModel(const PolicyDocument& document, const ModelId& beside)
{
    if (document.baseline != beside && document.findModel(document.baseline))
        return document.baseline;
    for (const ModelSpec& model : document.models) {
        if (model.id != beside)
            return model.id;
    }
    return beside;
}

/// The edit that gives a rule (or `otherwise`) another root plan.
std::optional<Edit> replacePlan(const PolicyDocument& document, const PolicySelection& selection,
                                Plan root)
{
    if (selection.kind == Kind::Otherwise)
        return SetOtherwise{std::move(root)};
    return editRule(document, selection, [&](Rule& rule) { rule.plan = std::move(root); });
}

PolicySelection withPlanPath(const PolicySelection& selection, std::string_view planPath)
{
    return selection.kind == Kind::Otherwise
               ? selectOtherwise(std::string(planPath))
               : selectRule(RuleId(selection.id), joinPath("plan", planPath));
}

/// Changes the selected plan node with `change(node) -> path below the node to select after`, or
/// nothing if the change does not apply.
template<class Change>
MaybeGesture changePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                            const Change& change)
{
    const Plan* const root = rootPlanOf(document, selection);
    if (!root)
        return std::nullopt;
    const std::string path = planPathOf(selection).value_or("");
    Plan changed = *root;
    Plan* const node = planAt(changed, path);
    if (!node)
        return std::nullopt;
    const std::optional<std::string> below = change(*node);
    if (!below)
        return std::nullopt;
    auto edit = replacePlan(document, selection, std::move(changed));
    if (!edit)
        return std::nullopt;
    return PolicyGesture{std::move(*edit), withPlanPath(selection, joinPath(path, *below))};
}

/// The plan that remains of a chain or split with one part.
void collapseIfSingle(Plan& plan)
{
    if (auto* const chain = std::get_if<Chain>(&plan.node); chain && chain->steps.size() == 1) {
        Plan only = std::move(chain->steps.front());
        plan = std::move(only);
    } else if (auto* const split = std::get_if<Split>(&plan.node);
               split && split->arms.size() == 1) {
        Plan only = std::move(split->arms.front().plan);
        plan = std::move(only);
    }
}

/// Where a part of the selected plan stands in its chain or split. A selection can outlive its part
/// (undo, an edit of the source): then nothing.
std::optional<PathPlace> placeInPlan(const PolicyDocument& document,
                                     const PolicySelection& selection, std::string_view path)
{
    const Plan* const root = rootPlanOf(document, selection);
    return root && planAt(*root, path) ? placeOfPlan(path) : std::nullopt;
}

} // namespace

MaybeGesture removePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                            std::string_view path)
{
    const auto place = placeInPlan(document, selection, path);
    if (!place)
        return std::nullopt;
    return changePlanNode(document, withPlanPath(selection, place->parent), [&](Plan& parent) {
        if (auto* const chain = std::get_if<Chain>(&parent.node)) {
            chain->steps.erase(chain->steps.begin() + static_cast<std::ptrdiff_t>(place->index));
        } else if (auto* const split = std::get_if<Split>(&parent.node)) {
            split->arms.erase(split->arms.begin() + static_cast<std::ptrdiff_t>(place->index));
            if (!split->arms.empty()) {
                const int first = split->arms.front().weight;
                const int all =
                    std::accumulate(split->arms.begin(), split->arms.end(), 0,
                                    [](int sum, const Arm& arm) { return sum + arm.weight; });
                setArmWeight(*split, 0, all == first ? 10'000 : first * 10'000 / all);
            }
        }
        collapseIfSingle(parent);
        return std::optional<std::string>("");
    });
}

/// Swaps a step or arm with its neighbour.
MaybeGesture movePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                          std::string_view path, int delta)
{
    const auto place = placeInPlan(document, selection, path);
    if (!place)
        return std::nullopt;
    const auto swapIn = [&](auto& parts, auto pathOf) -> std::optional<std::string> {
        const auto target = static_cast<std::ptrdiff_t>(place->index) + delta;
        if (target < 0 || target >= static_cast<std::ptrdiff_t>(parts.size()))
            return std::nullopt;
        std::swap(parts[place->index], parts[static_cast<std::size_t>(target)]);
        return pathOf("", static_cast<std::size_t>(target));
    };
    return changePlanNode(document, withPlanPath(selection, place->parent),
                          [&](Plan& parent) -> std::optional<std::string> {
                              if (auto* const chain = std::get_if<Chain>(&parent.node))
                                  return swapIn(chain->steps, stepPath);
                              if (auto* const split = std::get_if<Split>(&parent.node))
                                  return swapIn(split->arms, armPath);
                              return std::nullopt;
                          });
}

MaybeGesture duplicatePlanNode(const PolicyDocument& document, const PolicySelection& selection,
                               std::string_view path)
{
    const auto place = placeInPlan(document, selection, path);
    if (!place)
        return std::nullopt;
    const auto at = static_cast<std::ptrdiff_t>(place->index);
    return changePlanNode(document, withPlanPath(selection, place->parent),
                          [&](Plan& parent) -> std::optional<std::string> {
                              if (auto* const chain = std::get_if<Chain>(&parent.node)) {
                                  const Plan copy = chain->steps[place->index];
                                  chain->steps.insert(chain->steps.begin() + at + 1, copy);
                                  return stepPath("", place->index + 1);
                              }
                              if (auto* const split = std::get_if<Split>(&parent.node)) {
                                  Arm copy = split->arms[place->index];
                                  copy.weight /= 2;
                                  split->arms[place->index].weight -= copy.weight;
                                  split->arms.insert(split->arms.begin() + at + 1, copy);
                                  return armPath("", place->index + 1);
                              }
                              return std::nullopt;
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
    const std::string path = planPathOf(selection).value_or("");
    if (const auto place = placeInPlan(document, selection, path)) {
        const Plan* const parent = planAt(*rootPlanOf(document, selection), place->parent);
        if (parent && std::holds_alternative<Chain>(parent->node)) {
            return changePlanNode(
                document, withPlanPath(selection, place->parent), [&](Plan& node) {
                    auto& steps = std::get<Chain>(node.node).steps;
                    const Plan step{
                        Call{otherModel(document, tierOf(steps[place->index])), {}, {}, {}}};
                    steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(place->index) + 1,
                                 step);
                    return std::optional(stepPath("", place->index + 1));
                });
        }
    }
    return changePlanNode(document, selection, [&](Plan& node) {
        const ModelId model = otherModel(document, tierOf(node));
        if (!std::holds_alternative<Chain>(node.node)) {
            Chain chain;
            chain.steps.push_back(node);
            node = Plan{std::move(chain)};
        }
        auto& steps = std::get<Chain>(node.node).steps;
        steps.push_back(Plan{Call{model, {}, {}, {}}});
        return std::optional(stepPath("", steps.size() - 1));
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
        split.arms.push_back({0, Plan{Call{model, {}, {}, {}}}});
        setArmWeight(split, split.arms.size() - 1, 1'000);
        return std::optional(armPath("", split.arms.size() - 1));
    });
}

MaybeGesture unwrapSelected(const PolicyDocument& document, const PolicySelection& selection)
{
    return changePlanNode(document, selection, [](Plan& node) -> std::optional<std::string> {
        Plan inner;
        if (const auto* const chain = std::get_if<Chain>(&node.node);
            chain && !chain->steps.empty()) {
            inner = chain->steps.front();
        } else if (const auto* const split = std::get_if<Split>(&node.node);
                   split && !split->arms.empty()) {
            inner = std::max_element(split->arms.begin(), split->arms.end(),
                                     [](const Arm& a, const Arm& b) { return a.weight < b.weight; })
                        ->plan;
        } else {
            return std::nullopt;
        }
        node = std::move(inner);
        return std::string();
    });
}

MaybeGesture callModel(const PolicyDocument& document, const PolicySelection& selection,
                       const ModelId& model)
{
    return changePlanNode(document, selection, [&](Plan& node) -> std::optional<std::string> {
        Call call;
        if (const auto* const old = std::get_if<Call>(&node.node))
            call = *old;
        if (call.model == model)
            return std::nullopt;
        call.model = model;
        node = Plan{std::move(call)};
        return std::string();
    });
}

MaybeGesture setPlan(const PolicyDocument& document, const PolicySelection& selection, Plan plan)
{
    return changePlanNode(document, selection, [&](Plan& node) {
        node = std::move(plan);
        return std::optional<std::string>("");
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
