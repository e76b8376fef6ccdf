// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "region_space.h"

#include <string>

namespace signalbox {

/// Which values some cells of a variable are, in words of the policy: `chars is over 500`,
/// `plan is not "enterprise"`, `style is detailed`. Empty where the cells are all.
[[nodiscard]] std::string cellsInWords(const RegionSpace& space, std::size_t variable,
                                       const CellSet& cells);

} // namespace signalbox
