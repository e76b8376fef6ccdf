// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"

#include <core/policy/user_styles.h>
#include <core/traffic/traffic.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

/// Which segment takes each request of a traffic.
struct RowSegments
{
    std::vector<std::string> names; ///< Segmentation::names(), also those that nothing is in
    std::vector<std::uint16_t> of;  ///< per row, index into names
};

/// Applies a segmentation. Of traffic whose prompts were left out, signals come from what was kept
/// of it; one that was not kept is an error. O(requests), on all cores, after their texts are read
/// once.
/// @param styles  what its style signals name; may be null
[[nodiscard]] Result<RowSegments> segmentRows(const Segmentation& segmentation,
                                              const std::shared_ptr<const Traffic>& traffic,
                                              std::shared_ptr<const UserStyles> styles = {});

/// The same traffic with these segments; names that nothing is in are left out. Columns of a mapped
/// file stay where they are.
[[nodiscard]] Traffic withSegments(const Traffic& traffic, const RowSegments& rows);

} // namespace signalbox
