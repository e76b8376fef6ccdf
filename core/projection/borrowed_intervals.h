// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

namespace signalbox {

/// Gives a quick projection, which has no intervals of its own, the widths of the last full one:
/// each estimate keeps its value, each end stays within what the measure can be.
void borrowIntervals(Projection& projection, const Projection& lender);

} // namespace signalbox
