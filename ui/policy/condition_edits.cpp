// SPDX-License-Identifier: GPL-3.0-or-later
#include "condition_edits.h"

#include "policy_paths.h"

#include <algorithm>

namespace signalbox::ui {
namespace {

std::vector<Condition>* childrenOf(Condition& condition)
{
    if (auto* const all = std::get_if<All>(&condition.node))
        return &all->conditions;
    if (auto* const any = std::get_if<Any>(&condition.node))
        return &any->conditions;
    return nullptr;
}

/// The path of the outermost `not` that wraps nothing but this condition: the two go together.
std::string withNegation(const Condition& root, std::string path)
{
    while (const auto place = placeOfCondition(path)) {
        const Condition* const parent = conditionAt(root, place->parent);
        if (!parent || !std::holds_alternative<Not>(parent->node))
            break;
        path = place->parent;
    }
    return path;
}

/// Adds a condition behind another one, beside which there may be no group yet.
std::optional<ConditionGesture> insertBehind(const Condition& root, const std::string& path,
                                             Condition added)
{
    ConditionGesture gesture{root, {}};
    Condition* const first = conditionAt(gesture.root, path);
    if (!first)
        return std::nullopt;
    const auto place = placeOfCondition(path);
    Condition* const parent = place ? conditionAt(gesture.root, place->parent) : nullptr;
    if (auto* const siblings = parent ? childrenOf(*parent) : nullptr) {
        siblings->insert(siblings->begin() + static_cast<std::ptrdiff_t>(place->index) + 1,
                         std::move(added));
        gesture.after = childPath(*parent, place->parent, place->index + 1);
        return gesture;
    }
    Condition pair{All{{*first, std::move(added)}}};
    *first = std::move(pair);
    gesture.after = childPath(*first, path, 1);
    return gesture;
}

std::string conditionPath(const PolicySelection& selection)
{
    return conditionPathOf(selection).value_or("");
}

} // namespace

MaybeGesture inRule(const PolicyDocument& document, const PolicySelection& selection,
                    std::optional<ConditionGesture> gesture)
{
    if (!gesture)
        return std::nullopt;
    auto edit =
        editRule(document, selection, [&](Rule& rule) { rule.when = std::move(gesture->root); });
    if (!edit)
        return std::nullopt;
    return PolicyGesture{std::move(*edit),
                         selectRule(RuleId(selection.id), joinPath("when", gesture->after))};
}

const Condition* rootConditionOf(const PolicyDocument& document, const PolicySelection& selection)
{
    const Rule* const rule = selectedRule(document, selection);
    return rule ? &rule->when : nullptr;
}

Compare newCompare(const Signal& signal)
{
    Compare compare{signal.id, CompareOp::Gte, 1.0, false};
    switch (valueTypeOf(signal)) {
    case ValueType::Number:
        break;
    case ValueType::Boolean:
        compare.op = CompareOp::Eq;
        compare.value = true;
        break;
    case ValueType::String:
        compare.op = CompareOp::Eq;
        compare.value = std::holds_alternative<StyleSource>(signal.source) ? std::string("balanced")
                                                                           : std::string();
        break;
    }
    return compare;
}

Compare newCompare(const PolicyDocument& document)
{
    return document.signalList.empty() ? Compare{} : newCompare(document.signalList.front());
}

MaybeGesture addCondition(const PolicyDocument& document, const PolicySelection& selection)
{
    const Condition* const root = rootConditionOf(document, selection);
    return root ? inRule(document, selection,
                         insertCondition(*root, conditionPath(selection),
                                         Condition{newCompare(document)}))
                : std::nullopt;
}

MaybeGesture addConditionGroup(const PolicyDocument& document, const PolicySelection& selection)
{
    const Condition* const root = rootConditionOf(document, selection);
    return root ? inRule(document, selection,
                         insertCondition(*root, conditionPath(selection),
                                         Condition{All{{Condition{newCompare(document)}}}}))
                : std::nullopt;
}

MaybeGesture wrapCondition(const PolicyDocument& document, const PolicySelection& selection)
{
    const Condition* const root = rootConditionOf(document, selection);
    return root ? inRule(document, selection, wrapCondition(*root, conditionPath(selection)))
                : std::nullopt;
}

MaybeGesture negateCondition(const PolicyDocument& document, const PolicySelection& selection)
{
    const Condition* const root = rootConditionOf(document, selection);
    return root ? inRule(document, selection, negateCondition(*root, conditionPath(selection)))
                : std::nullopt;
}

MaybeGesture setCondition(const PolicyDocument& document, const PolicySelection& selection,
                          Condition condition)
{
    const Condition* const root = rootConditionOf(document, selection);
    if (!root)
        return std::nullopt;
    ConditionGesture gesture{*root, conditionPath(selection)};
    Condition* const target = conditionAt(gesture.root, gesture.after);
    if (!target)
        return std::nullopt;
    *target = std::move(condition);
    return inRule(document, selection, std::move(gesture));
}

std::optional<ConditionGesture> removeCondition(const Condition& root, std::string_view path)
{
    const Condition nothing{Any{}};
    if (path.empty())
        return root == nothing ? std::nullopt : std::optional(ConditionGesture{nothing, {}});
    if (!conditionAt(root, path))
        return std::nullopt;
    const auto place = placeOfCondition(path);
    ConditionGesture gesture{root, {}};
    Condition* const parent = place ? conditionAt(gesture.root, place->parent) : nullptr;
    if (!parent)
        return std::nullopt;
    if (std::holds_alternative<Not>(parent->node)) {
        return removeCondition(root, place->parent); // `not` without its condition is nothing
    }
    auto* const children = childrenOf(*parent);
    children->erase(children->begin() + static_cast<std::ptrdiff_t>(place->index));
    // An empty group inside another one would silently mean "always" or "never": it goes too.
    if (children->empty() && !place->parent.empty())
        return removeCondition(gesture.root, place->parent);
    gesture.after = children->empty() ? place->parent
                                      : childPath(*parent, place->parent,
                                                  std::min(place->index, children->size() - 1));
    return gesture;
}

std::optional<ConditionGesture> insertCondition(const Condition& root, std::string_view path,
                                                Condition added)
{
    ConditionGesture gesture{root, {}};
    Condition* const selected = conditionAt(gesture.root, path);
    if (!selected)
        return std::nullopt;
    if (auto* const children = childrenOf(*selected)) {
        children->push_back(std::move(added));
        gesture.after = childPath(*selected, path, children->size() - 1);
        return gesture;
    }
    return insertBehind(root, withNegation(root, std::string(path)), std::move(added));
}

std::optional<ConditionGesture> duplicateCondition(const Condition& root, std::string_view path)
{
    const std::string whole = withNegation(root, std::string(path));
    const Condition* const original = conditionAt(root, whole);
    return original ? insertBehind(root, whole, *original) : std::nullopt;
}

std::optional<ConditionGesture> moveCondition(const Condition& root, std::string_view path,
                                              int delta)
{
    const std::string whole = withNegation(root, std::string(path));
    if (!conditionAt(root, whole))
        return std::nullopt;
    const auto place = placeOfCondition(whole);
    ConditionGesture gesture{root, {}};
    Condition* const parent = place ? conditionAt(gesture.root, place->parent) : nullptr;
    auto* const siblings = parent ? childrenOf(*parent) : nullptr;
    const auto target = place ? static_cast<std::ptrdiff_t>(place->index) + delta : -1;
    if (!siblings || target < 0 || target >= static_cast<std::ptrdiff_t>(siblings->size()))
        return std::nullopt;
    std::swap((*siblings)[place->index], (*siblings)[static_cast<std::size_t>(target)]);
    gesture.after = joinPath(childPath(*parent, place->parent, static_cast<std::size_t>(target)),
                             pathBelow(whole, path).value_or(""));
    return gesture;
}

std::optional<ConditionGesture> wrapCondition(const Condition& root, std::string_view path)
{
    ConditionGesture gesture{root, std::string(path)};
    Condition* const target = conditionAt(gesture.root, path);
    if (!target)
        return std::nullopt;
    // Inside an "all" only an "any" says something new, and the other way round.
    const auto place = placeOfCondition(path);
    const Condition* const parent = place ? conditionAt(root, place->parent) : nullptr;
    const bool insideAny = parent && std::holds_alternative<Any>(parent->node);
    const bool wrapInAll = insideAny || (!parent && !std::holds_alternative<All>(target->node));
    Condition inner = *target;
    *target = wrapInAll ? Condition{All{{std::move(inner)}}} : Condition{Any{{std::move(inner)}}};
    return gesture;
}

std::optional<ConditionGesture> negateCondition(const Condition& root, std::string_view path)
{
    ConditionGesture gesture{root, std::string(path)};
    Condition* target = conditionAt(gesture.root, path);
    if (!target)
        return std::nullopt;
    if (const auto place = placeOfCondition(path)) {
        Condition* const parent = conditionAt(gesture.root, place->parent);
        if (std::holds_alternative<Not>(parent->node)) {
            Condition inner = *target;
            *parent = std::move(inner);
            gesture.after = place->parent;
            return gesture;
        }
    }
    if (const auto* const negation = std::get_if<Not>(&target->node)) {
        Condition inner = *negation->condition;
        *target = std::move(inner);
        return gesture;
    }
    Condition inner = *target;
    *target = Condition{Not{std::move(inner)}};
    gesture.after = childPath(*target, path, 0);
    return gesture;
}

} // namespace signalbox::ui
