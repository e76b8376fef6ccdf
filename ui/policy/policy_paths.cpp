// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_paths.h"

#include <algorithm>
#include <charconv>
#include <span>

namespace signalbox::ui {
namespace {

std::optional<std::size_t> numberOf(std::string_view text)
{
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// "[2]" or "[hard]" at the start of a path: its content and what follows the bracket.
struct Subscript
{
    std::string_view key;
    std::string_view rest;
};

std::optional<Subscript> subscriptOf(std::string_view path)
{
    if (path.empty() || path.front() != '[')
        return std::nullopt;
    const std::size_t end = path.find(']');
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string_view rest = path.substr(end + 1);
    if (!rest.empty() && rest.front() == '.')
        rest.remove_prefix(1);
    return Subscript{path.substr(1, end - 1), rest};
}

/// The id that a subscript names: an index into the list, or the id itself.
template<class Item>
auto idOf(const std::vector<Item>& items, std::string_view key) -> std::optional<decltype(Item::id)>
{
    if (const auto index = numberOf(key); index && *index < items.size())
        return items[*index].id;
    for (const Item& item : items) {
        if (item.id.value == key)
            return item.id;
    }
    return std::nullopt;
}

/// The part that the first steps of a path name, and how many steps it takes to name it. Members of
/// pools are no plans, and so none here.
template<class PlanType>
std::pair<PlanType*, std::size_t> firstPart(PlanType& plan, std::span<const PathStep> steps)
{
    const auto named = [&](std::size_t at, const char* member) {
        return at < steps.size() && steps[at].member == member;
    };
    const auto step = [&](auto& parts) -> std::pair<PlanType*, std::size_t> {
        if (!named(1, "steps") || !steps[1].index || *steps[1].index >= parts.size())
            return {nullptr, 0};
        return {&parts[*steps[1].index], 2};
    };
    if (auto* const chain = std::get_if<Chain>(&plan.node); chain && named(0, "chain"))
        return step(chain->steps);
    if (auto* const cascade = std::get_if<Cascade>(&plan.node); cascade && named(0, "cascade"))
        return step(cascade->steps);
    if (auto* const split = std::get_if<Split>(&plan.node);
        split && named(0, "split") && named(1, "arms") && steps[1].index && named(2, "plan") &&
        *steps[1].index < split->arms.size())
        return {&split->arms[*steps[1].index].plan, 3};
    return {nullptr, 0};
}

template<class PlanType> PlanType* walkPlan(PlanType& root, std::string_view path)
{
    PlanType* plan = &root;
    const std::vector<PathStep> steps = splitPath(path);
    for (std::span<const PathStep> left = steps; plan && !left.empty();) {
        const auto [part, count] = firstPart(*plan, left);
        plan = part;
        left = left.subspan(count);
    }
    return plan;
}

/// "a.pool.members[1]" as the pool's path and the member's index.
std::optional<PathPlace> memberPlaceOf(std::string_view path)
{
    const auto place = placeOfPlan(path);
    return place && path.ends_with(']') && pathBelow(joinPath(place->parent, "pool"), path)
               ? place
               : std::nullopt;
}

template<class PlanType>
auto walkToCall(PlanType& root, std::string_view path) -> decltype(std::get_if<Call>(&root.node))
{
    if (const auto place = memberPlaceOf(path)) {
        PlanType* const node = planAt(root, place->parent);
        auto* const pool = node ? std::get_if<Pool>(&node->node) : nullptr;
        return pool && place->index < pool->members.size() ? &pool->members[place->index] : nullptr;
    }
    PlanType* const node = planAt(root, path);
    return node ? std::get_if<Call>(&node->node) : nullptr;
}

template<class ConditionType>
ConditionType* walkCondition(ConditionType& root, std::string_view path)
{
    ConditionType* condition = &root;
    for (const PathStep& step : splitPath(path)) {
        if (auto* const all = std::get_if<All>(&condition->node);
            all && step.member == "all" && step.index && *step.index < all->conditions.size())
            condition = &all->conditions[*step.index];
        else if (auto* const any = std::get_if<Any>(&condition->node);
                 any && step.member == "any" && step.index && *step.index < any->conditions.size())
            condition = &any->conditions[*step.index];
        else if (auto* const negation = std::get_if<Not>(&condition->node);
                 negation && step.member == "not" && !step.index)
            condition = &*negation->condition;
        else
            return nullptr;
    }
    return condition;
}

/// The path without its last `steps` steps, and the index of the step that is named `member`.
std::string textOf(const std::vector<PathStep>& steps, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        std::string step = steps[i].member;
        if (steps[i].index)
            step += '[' + std::to_string(*steps[i].index) + ']';
        text = joinPath(text, step);
    }
    return text;
}

/// Drops step by step from the end until the path leads somewhere.
template<class Lookup> std::string nearestExisting(std::string path, const Lookup& exists)
{
    while (!path.empty() && !exists(path)) {
        const std::size_t dot = path.rfind('.');
        path.resize(dot == std::string::npos ? 0 : dot);
    }
    return path;
}

std::string nearestPart(const Plan& root, std::string path)
{
    return nearestExisting(std::move(path), [&](const std::string& p) {
        return planAt(root, p) != nullptr || callAt(root, p) != nullptr;
    });
}

PolicySelection validInRule(const Rule& rule, const PolicySelection& selection)
{
    if (isInUncertain(selection)) {
        if (!rule.uncertain)
            return selectRule(rule.id);
        const auto plan = planPathOf(selection);
        return plan ? selectUncertainPlan(rule.id, nearestPart(rule.uncertain->plan, *plan))
                    : selectUncertain(rule.id);
    }
    if (const auto plan = planPathOf(selection))
        return selectRule(rule.id, joinPath("plan", nearestPart(rule.plan, *plan)));
    if (const auto condition = conditionPathOf(selection)) {
        const std::string path = nearestExisting(
            *condition, [&](const std::string& p) { return conditionAt(rule.when, p) != nullptr; });
        return selectRule(rule.id, joinPath("when", path));
    }
    return selection;
}

} // namespace

std::vector<PathStep> splitPath(std::string_view path)
{
    std::vector<PathStep> steps;
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        std::string_view part = path.substr(0, dot);
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
        PathStep step;
        if (const std::size_t bracket = part.find('['); bracket != std::string_view::npos) {
            const auto subscript = subscriptOf(part.substr(bracket));
            const auto index = subscript ? numberOf(subscript->key) : std::nullopt;
            if (!index || !subscript->rest.empty())
                return {};
            step.index = index;
            part = part.substr(0, bracket);
        }
        if (part.empty())
            return {};
        step.member = std::string(part);
        steps.push_back(std::move(step));
    }
    return steps;
}

std::string joinPath(std::string_view base, std::string_view rest)
{
    std::string joined(base);
    if (!base.empty() && !rest.empty())
        joined += '.';
    joined += rest;
    return joined;
}

std::optional<std::string> pathBelow(std::string_view base, std::string_view path)
{
    if (base.empty())
        return std::string(path);
    if (path == base)
        return std::string();
    if (path.size() > base.size() && path.substr(0, base.size()) == base &&
        path[base.size()] == '.')
        return std::string(path.substr(base.size() + 1));
    return std::nullopt;
}

Plan* planAt(Plan& root, std::string_view path)
{
    return path.empty() ? &root : splitPath(path).empty() ? nullptr : walkPlan(root, path);
}

const Plan* planAt(const Plan& root, std::string_view path)
{
    return path.empty() ? &root : splitPath(path).empty() ? nullptr : walkPlan(root, path);
}

Call* callAt(Plan& root, std::string_view path)
{
    return walkToCall(root, path);
}

const Call* callAt(const Plan& root, std::string_view path)
{
    return walkToCall(root, path);
}

std::optional<Plan> planPartAt(const Plan& root, std::string_view path)
{
    if (const Call* const call = callAt(root, path))
        return Plan{*call};
    const Plan* const node = planAt(root, path);
    return node ? std::optional(*node) : std::nullopt;
}

bool setPlanPart(Plan& root, std::string_view path, Plan part)
{
    if (Plan* const node = planAt(root, path)) {
        *node = std::move(part);
        return true;
    }
    Call* const member = callAt(root, path);
    auto* const call = std::get_if<Call>(&part.node);
    if (!member || !call)
        return false;
    *member = std::move(*call);
    return true;
}

std::string nodePathOf(const Plan& root, std::string_view path)
{
    const auto member = memberPlaceOf(path);
    return member && callAt(root, path) ? member->parent : std::string(path);
}

Condition* conditionAt(Condition& root, std::string_view path)
{
    return path.empty() ? &root : splitPath(path).empty() ? nullptr : walkCondition(root, path);
}

const Condition* conditionAt(const Condition& root, std::string_view path)
{
    return path.empty() ? &root : splitPath(path).empty() ? nullptr : walkCondition(root, path);
}

std::string stepPath(std::string_view chain, std::size_t step)
{
    return joinPath(chain, "chain.steps[" + std::to_string(step) + ']');
}

std::string armPath(std::string_view split, std::size_t arm)
{
    return joinPath(split, "split.arms[" + std::to_string(arm) + "].plan");
}

std::vector<Plan> partsOf(const Plan& node)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "say what the new plan holds");
    if (const auto* const chain = std::get_if<Chain>(&node.node))
        return chain->steps;
    if (const auto* const cascade = std::get_if<Cascade>(&node.node))
        return cascade->steps;
    std::vector<Plan> parts;
    if (const auto* const split = std::get_if<Split>(&node.node)) {
        for (const Arm& arm : split->arms)
            parts.push_back(arm.plan);
    } else if (const auto* const pool = std::get_if<Pool>(&node.node)) {
        for (const Call& member : pool->members)
            parts.push_back(Plan{member});
    }
    return parts;
}

std::string partPath(const Plan& node, std::string_view path, std::size_t part)
{
    if (std::holds_alternative<Split>(node.node))
        return armPath(path, part);
    const char* const list = std::holds_alternative<Cascade>(node.node) ? "cascade.steps["
                             : std::holds_alternative<Pool>(node.node)  ? "pool.members["
                                                                        : "chain.steps[";
    return joinPath(path, list + std::to_string(part) + ']');
}

std::string childPath(const Condition& group, std::string_view path, std::size_t child)
{
    if (std::holds_alternative<Not>(group.node))
        return joinPath(path, "not");
    const char* const name = std::holds_alternative<All>(group.node) ? "all[" : "any[";
    return joinPath(path, name + std::to_string(child) + ']');
}

std::optional<PathPlace> placeOfPlan(std::string_view path)
{
    const std::vector<PathStep> steps = splitPath(path);
    const bool isStep =
        !steps.empty() && (steps.back().member == "steps" || steps.back().member == "members");
    if (steps.size() >= 2 && isStep && steps.back().index)
        return PathPlace{textOf(steps, steps.size() - 2), *steps.back().index};
    if (steps.size() >= 3 && steps.back().member == "plan" && steps[steps.size() - 2].index)
        return PathPlace{textOf(steps, steps.size() - 3), *steps[steps.size() - 2].index};
    return std::nullopt;
}

std::optional<PathPlace> placeOfCondition(std::string_view path)
{
    const std::vector<PathStep> steps = splitPath(path);
    if (steps.empty())
        return std::nullopt;
    return PathPlace{textOf(steps, steps.size() - 1), steps.back().index.value_or(0)};
}

const Plan* rootPlanOf(const PolicyDocument& document, const PolicySelection& selection)
{
    if (selection.kind == PolicySelection::Kind::Otherwise)
        return &document.otherwise;
    if (selection.kind != PolicySelection::Kind::Rule)
        return nullptr;
    const Rule* const rule = document.findRule(RuleId(selection.id));
    if (rule && isInUncertain(selection))
        return rule->uncertain ? &rule->uncertain->plan : nullptr;
    return rule ? &rule->plan : nullptr;
}

std::optional<std::string> planPathOf(const PolicySelection& selection)
{
    if (selection.kind == PolicySelection::Kind::Otherwise)
        return selection.path;
    if (selection.kind == PolicySelection::Kind::Rule)
        return pathBelow(isInUncertain(selection) ? "uncertain.plan" : "plan", selection.path);
    return std::nullopt;
}

PolicySelection withPlanPath(const PolicySelection& selection, std::string_view planPath)
{
    if (selection.kind == PolicySelection::Kind::Otherwise)
        return selectOtherwise(std::string(planPath));
    const RuleId rule(selection.id);
    return isInUncertain(selection) ? selectUncertainPlan(rule, planPath)
                                    : selectPlanNode(rule, planPath);
}

bool isInUncertain(const PolicySelection& selection)
{
    return selection.kind == PolicySelection::Kind::Rule &&
           pathBelow("uncertain", selection.path).has_value();
}

std::optional<std::string> conditionPathOf(const PolicySelection& selection)
{
    if (selection.kind != PolicySelection::Kind::Rule)
        return std::nullopt;
    return pathBelow("when", selection.path);
}

PolicySelection selectRule(const RuleId& id, std::string path)
{
    return {PolicySelection::Kind::Rule, id.value, std::move(path)};
}

PolicySelection selectOtherwise(std::string planPath)
{
    return {PolicySelection::Kind::Otherwise, {}, std::move(planPath)};
}

PolicySelection selectModel(const ModelId& id)
{
    return {PolicySelection::Kind::Model, id.value, {}};
}

PolicySelection selectSignal(const SignalId& id, std::string path)
{
    return {PolicySelection::Kind::Signal, id.value, std::move(path)};
}

PolicySelection selectDocument(std::string path)
{
    return {PolicySelection::Kind::Document, {}, std::move(path)};
}

PolicySelection selectUncertain(const RuleId& id)
{
    return selectRule(id, "uncertain");
}

PolicySelection selectUncertainPlan(const RuleId& id, std::string_view planPath)
{
    return selectRule(id, joinPath("uncertain.plan", planPath));
}

PolicySelection selectGroup(std::size_t index)
{
    return selectDocument("groups[" + std::to_string(index) + ']');
}

std::optional<std::size_t> groupOf(const PolicySelection& selection)
{
    const std::vector<PathStep> steps = splitPath(selection.path);
    return selection.kind == PolicySelection::Kind::Document && !steps.empty() &&
                   steps.front().member == "groups"
               ? steps.front().index
               : std::nullopt;
}

PolicySelection selectPlanNode(const std::optional<RuleId>& rule, std::string_view planPath)
{
    return rule ? selectRule(*rule, joinPath("plan", planPath))
                : selectOtherwise(std::string(planPath));
}

PolicySelection selectionFromPath(const PolicyDocument& document, std::string_view path)
{
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    const std::string_view member = path.substr(0, end);
    std::string_view rest = path.substr(end);
    if (member == "otherwise") {
        if (!rest.empty() && rest.front() == '.')
            rest.remove_prefix(1);
        return validSelection(document, selectOtherwise(std::string(rest)));
    }
    if (const auto subscript = subscriptOf(rest)) {
        const std::string inner(subscript->rest);
        if (member == "rules") {
            if (const auto id = idOf(document.rules, subscript->key))
                return validSelection(document, selectRule(*id, inner));
        } else if (member == "models") {
            if (const auto id = idOf(document.models, subscript->key))
                return selectModel(*id);
        } else if (member == "signals") {
            if (const auto id = idOf(document.signalList, subscript->key))
                return selectSignal(*id, inner);
        }
    }
    return selectDocument(std::string(path));
}

namespace {

/// Of the parts that come and go; anything else is a field that is always there.
bool isInDocument(const PolicyDocument& document, const std::string& path)
{
    const std::vector<PathStep> steps = splitPath(path);
    if (steps.empty())
        return true;
    const PathStep& first = steps.front();
    if (first.member == "holdout")
        return document.holdout.has_value();
    if (first.member == "gates" && first.index)
        return *first.index < document.gates.size();
    if (first.member == "tests" && first.index)
        return *first.index < document.tests.size();
    if (first.member == "groups" && first.index)
        return *first.index < document.groups.size();
    return true;
}

bool isInSignal(const Signal& signal, const std::string& path)
{
    const std::vector<PathStep> steps = splitPath(path);
    if (steps.empty() || steps.front().member != "terms" || !steps.front().index)
        return true;
    const auto* const score = std::get_if<ScoreSource>(&signal.source);
    return score && *steps.front().index < score->terms.size();
}

} // namespace

PolicySelection validSelection(const PolicyDocument& document, const PolicySelection& selection)
{
    switch (selection.kind) {
    case PolicySelection::Kind::Nothing:
        return selection;
    case PolicySelection::Kind::Document:
        return isInDocument(document, selection.path) ? selection : selectDocument();
    case PolicySelection::Kind::Model:
        return document.findModel(ModelId(selection.id)) ? selection : PolicySelection{};
    case PolicySelection::Kind::Signal:
        if (const Signal* const signal = document.findSignal(SignalId(selection.id)))
            return isInSignal(*signal, selection.path) ? selection : selectSignal(signal->id);
        return {};
    case PolicySelection::Kind::Otherwise:
        return selectOtherwise(nearestPart(document.otherwise, selection.path));
    case PolicySelection::Kind::Rule:
        if (const Rule* const rule = document.findRule(RuleId(selection.id)))
            return validInRule(*rule, selection);
        return {};
    }
    return {};
}

} // namespace signalbox::ui
