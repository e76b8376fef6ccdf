// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inside of the library: what is known of how the signals of one request depend on each other.

#include "region_space.h"

#include <vector>

namespace signalbox {

struct RegionLinks
{
    std::vector<RegionSpace::Implication> implications;
    std::vector<RegionSpace::Bound> bounds;
};

/// Each link holds for every request. There may be more to know than is found here: a region that
/// contains no request is then found out when none can be made for it.
[[nodiscard]] RegionLinks linksOf(const RegionSpace& space);

} // namespace signalbox
