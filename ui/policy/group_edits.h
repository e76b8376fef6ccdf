// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_edits.h"

namespace signalbox::ui {

// Gestures on the headings over rules. A heading changes no decision.

/// A new heading over the marked rules, or the selected one.
[[nodiscard]] MaybeGesture addGroup(const PolicyDocument& document,
                                    const PolicySelection& selection,
                                    const std::vector<RuleId>& marked = {});
/// Puts these rules under a heading. @param group  its id; empty: under none
[[nodiscard]] MaybeGesture setGroup(const PolicyDocument& document,
                                    const PolicySelection& selection, const std::string& group,
                                    const std::vector<RuleId>& marked = {});
/// Takes a heading away; its rules stay.
[[nodiscard]] MaybeGesture removeGroup(const PolicyDocument& document, std::size_t index);

} // namespace signalbox::ui
