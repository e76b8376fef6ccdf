// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"
#include "threshold_drag.h"

namespace signalbox {

/// What a projection says once a threshold of its policy was dragged to another place: the numbers
/// of the whole traffic and the gates on it anew, each interval moved along from `start` as wide as
/// it was there (borrowed_intervals.h), the parts of the traffic from `parts` if there are any, and
/// else as they are in `start`. It is quick and following; nothing in it costs a step per request.
///
/// A tier that nothing was asked at in `start` stays out of it, as nothing else is known of it; one
/// that lost its last request goes with its gates.
/// @param start   of the same policy with another threshold; stays as it is
/// @param totals  what `drag` says of the place
/// @param parts   likewise, be it of a place that was passed before; may be null
[[nodiscard]] Projection draggedProjection(const Projection& start, const PolicyDocument& document,
                                           const Traffic& traffic, const ThresholdDrag& drag,
                                           const ReplayTotals& totals, const DraggedParts* parts);

} // namespace signalbox
