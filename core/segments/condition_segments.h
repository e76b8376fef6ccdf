// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"

#include <string>
#include <vector>

namespace signalbox {

/// A segment as a person writes it; see condition_text.h.
struct WrittenSegment
{
    std::string name;
    std::string condition;
};

/// Segments by expression over the signals of a policy, whose definitions they keep. The first
/// that holds takes a request. InvalidArgument with the segment's name as the place and what is
/// wrong with its condition; else as checkSegmentation().
[[nodiscard]] Result<Segmentation> segmentsByCondition(const std::vector<WrittenSegment>& written,
                                                       const PolicyDocument& policy);

} // namespace signalbox
