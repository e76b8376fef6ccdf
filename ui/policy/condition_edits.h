// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_edits.h"

#include <optional>
#include <string>
#include <string_view>

namespace signalbox::ui {

/// A condition that suits a signal: its type's usual operator and a value to start from.
[[nodiscard]] Compare newCompare(const PolicyDocument& document);
[[nodiscard]] Compare newCompare(const Signal& signal);

// Gestures on the condition that is selected in a rule, or on its root condition.

/// Adds a comparison behind the selected one, or at the end of the selected group.
[[nodiscard]] MaybeGesture addCondition(const PolicyDocument& document,
                                        const PolicySelection& selection);
[[nodiscard]] MaybeGesture addConditionGroup(const PolicyDocument& document,
                                             const PolicySelection& selection);
/// The condition inside a new group of its own: all of, any of.
[[nodiscard]] MaybeGesture wrapCondition(const PolicyDocument& document,
                                         const PolicySelection& selection);
/// `not` around the condition, or off it.
[[nodiscard]] MaybeGesture negateCondition(const PolicyDocument& document,
                                           const PolicySelection& selection);
[[nodiscard]] MaybeGesture setCondition(const PolicyDocument& document,
                                        const PolicySelection& selection, Condition condition);

// The same on any root condition, e.g. of a score term.

/// The changed root, and the path of what should be selected then.
struct ConditionGesture
{
    Condition root;
    std::string after;
};
[[nodiscard]] std::optional<ConditionGesture> removeCondition(const Condition& root,
                                                              std::string_view path);
[[nodiscard]] std::optional<ConditionGesture>
insertCondition(const Condition& root, std::string_view path, Condition added);
/// A copy behind the condition, with the `not` around it if there is one.
[[nodiscard]] std::optional<ConditionGesture> duplicateCondition(const Condition& root,
                                                                 std::string_view path);
[[nodiscard]] std::optional<ConditionGesture> moveCondition(const Condition& root,
                                                            std::string_view path, int delta);
[[nodiscard]] std::optional<ConditionGesture> wrapCondition(const Condition& root,
                                                            std::string_view path);
[[nodiscard]] std::optional<ConditionGesture> negateCondition(const Condition& root,
                                                              std::string_view path);

/// Makes the gesture of a rule out of one on its root condition.
[[nodiscard]] MaybeGesture inRule(const PolicyDocument& document, const PolicySelection& selection,
                                  std::optional<ConditionGesture> gesture);
/// The root condition of the selected rule, or null.
[[nodiscard]] const Condition* rootConditionOf(const PolicyDocument& document,
                                               const PolicySelection& selection);

} // namespace signalbox::ui
