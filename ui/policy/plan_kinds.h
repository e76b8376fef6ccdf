// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <vector>

namespace signalbox::ui {

/// In the order of Plan::node.
enum class PlanKind { Call, Chain, Split, Cascade, Pool };
[[nodiscard]] PlanKind kindOf(const Plan& plan);

/// The plan as one of another kind, with all that both kinds can say: models with their budgets,
/// order, deadline. Answers that a chain would have shown at once are checked by a cascade as
/// usualAcceptance() says. Weights give all traffic to what was asked first, or equal parts to the
/// members of a pool. A call is what is asked first.
/// @param other  called where the new kind needs a second part
[[nodiscard]] Plan converted(const Plan& plan, PlanKind kind, const ModelId& other);

/// The call that is tried first: see tierOf().
[[nodiscard]] Call firstCallOf(const Plan& plan);

/// What a new cascade holds an answer against: that it is no refusal, in English.
[[nodiscard]] Acceptance usualAcceptance();

} // namespace signalbox::ui
