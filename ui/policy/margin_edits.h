// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_edits.h"

namespace signalbox::ui {

// Gestures on the margin of a rule: what becomes of the requests that it can hardly tell apart.

/// The signals whose limits a rule can be uncertain about, in the order of its condition, each
/// once.
[[nodiscard]] std::vector<SignalId> limitedSignals(const Condition& condition);

/// How far from a limit a request is hard to tell apart, before anybody says so: a step of a score,
/// a tenth of anything that is counted.
[[nodiscard]] double usualMargin(const PolicyDocument& document, const Rule& rule,
                                 const SignalId& signal);

/// The selected rule sends the ambiguous ones through a cascade: the cheaper one of its own model
/// and the one that would be asked otherwise, checked, then the other. About the selected
/// comparison, else about the first limit. Nothing if the rule has none, or a margin already.
[[nodiscard]] MaybeGesture addMargin(const PolicyDocument& document,
                                     const PolicySelection& selection);
/// @param margin  above 0
[[nodiscard]] MaybeGesture setMargin(const PolicyDocument& document,
                                     const PolicySelection& selection, double margin);

} // namespace signalbox::ui
