// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

namespace signalbox {

/// The condition as it would be for a request whose number were higher by `margin`: every limit
/// that `condition` holds the signal against (lt, lte, gt, gte, plain or by style) is lowered by
/// it.
[[nodiscard]] Condition shiftedCondition(const Condition& condition, const SignalId& signal,
                                         double margin);

/// Which requests the rule is uncertain about, as a condition like any other: those for which
/// `when` is not the same with the number a margin lower, as it is, and a margin higher. So
/// compilers, proofs, projections and exports need to know nothing of margins. Holds for none if
/// the rule has no Uncertain.
[[nodiscard]] Condition ambiguousCondition(const Rule& rule);

/// Which requests the rule takes if it is asked: those for which `when` holds, and those that it is
/// uncertain about.
[[nodiscard]] Condition claimedCondition(const Rule& rule);

} // namespace signalbox
