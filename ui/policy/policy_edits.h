// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/edit.h>
#include <ui/models/policy_editor.h>

#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

/// What a gesture means for the document, and what should be selected when it is done. Canvas,
/// outline, inspector and menus turn the same gestures into edits here and in plan_edits.h,
/// condition_edits.h and policy_clipboard.h, so that a key, a drag and a menu entry cannot differ.
/// Pure; nothing is applied.
struct PolicyGesture
{
    Edit edit;
    PolicySelection after;
};

// A gesture that makes no sense for what is selected gives nothing.
using MaybeGesture = std::optional<PolicyGesture>;

// New parts.

/// A rule that matches nothing until a condition is added, calling the baseline model.
[[nodiscard]] PolicyGesture insertNewRule(const PolicyDocument& document, std::size_t index);
/// Where a new rule belongs for a selection: after the selected rule, else at the end.
[[nodiscard]] std::size_t newRuleIndex(const PolicyDocument& document,
                                       const PolicySelection& selection);
/// The first model of a document also becomes its baseline and its `otherwise`.
[[nodiscard]] PolicyGesture insertNewModel(const PolicyDocument& document);
/// @param sourceKind  index of the alternative of Signal::source
[[nodiscard]] PolicyGesture insertNewSignal(const PolicyDocument& document, std::size_t sourceKind);
/// A new signal, and the selected comparison of a rule compares it. Nothing if none is selected.
[[nodiscard]] MaybeGesture compareNewSignal(const PolicyDocument& document,
                                            const PolicySelection& selection,
                                            std::size_t sourceKind);
/// A source of a kind before anybody said more: working hours, the last user message, ...
[[nodiscard]] decltype(Signal::source) newSource(std::size_t kind);
[[nodiscard]] PolicyGesture insertHoldout(const PolicyDocument& document);

// Rules, steps, arms and conditions alike.

/// Deletes what is selected: rules (all of `marked` if the selection is one of them), a step, an
/// arm, a member, a condition, the margin of a rule, a heading, a model, a signal, the holdout.
/// What is left with one part becomes it; a rule left without a condition matches nothing.
[[nodiscard]] MaybeGesture removeSelected(const PolicyDocument& document,
                                          const PolicySelection& selection,
                                          const std::vector<RuleId>& marked = {});
/// Moves rules, a step, an arm or a condition among their siblings. Rules at the end of the list
/// stay there; those behind them close up. @param delta  -1 up, +1 down
[[nodiscard]] MaybeGesture moveSelected(const PolicyDocument& document,
                                        const PolicySelection& selection, int delta,
                                        const std::vector<RuleId>& marked = {});
/// Several rules, in their order, to behind as many of the others. Nothing if they are there.
[[nodiscard]] MaybeGesture moveRules(const PolicyDocument& document,
                                     const PolicySelection& selection,
                                     const std::vector<RuleId>& rules, std::size_t behind);
/// Enables or disables rules.
[[nodiscard]] MaybeGesture toggleSelected(const PolicyDocument& document,
                                          const PolicySelection& selection,
                                          const std::vector<RuleId>& marked = {});

// What the other files of gestures share.

/// The rules that a gesture is about, by index in document order: the marked ones if the selection
/// is one of them, else the selected one.
[[nodiscard]] std::vector<std::size_t> rulesOf(const PolicyDocument& document,
                                               const PolicySelection& selection,
                                               const std::vector<RuleId>& marked);
[[nodiscard]] const Rule* selectedRule(const PolicyDocument& document,
                                       const PolicySelection& selection); ///< null if none
/// The edit that changes the selected rule by `change(rule)`, or nothing if there is none.
template<class Change>
[[nodiscard]] std::optional<Edit> editRule(const PolicyDocument& document,
                                           const PolicySelection& selection, const Change& change)
{
    const Rule* const rule = selectedRule(document, selection);
    if (!rule)
        return std::nullopt;
    Rule changed = *rule;
    change(changed);
    return ReplaceRule{rule->id, std::move(changed)};
}
/// The baseline, or the first model if the baseline is none.
[[nodiscard]] ModelId anyModel(const PolicyDocument& document);
/// A model for a new call that is not the one it stands beside, if there is another one.
[[nodiscard]] ModelId otherModel(const PolicyDocument& document, const ModelId& beside);
/// Several edits as one step.
[[nodiscard]] Edit batch(std::vector<Edit> edits);

/// "name" if free, else "name-2", "name-3", …
template<class IsTaken>
[[nodiscard]] std::string freeId(const std::string& wanted, const IsTaken& isTaken)
{
    std::string id = wanted;
    for (int i = 2; isTaken(id); ++i)
        id = wanted + '-' + std::to_string(i);
    return id;
}

/// "name-1", or the next number that is free.
template<class IsTaken>
[[nodiscard]] std::string numberedId(const std::string& name, const IsTaken& isTaken)
{
    int number = 1;
    while (isTaken(name + '-' + std::to_string(number)))
        ++number;
    return name + '-' + std::to_string(number);
}

} // namespace signalbox::ui
