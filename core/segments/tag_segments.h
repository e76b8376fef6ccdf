// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"

#include <core/traffic/traffic.h>

#include <cstddef>
#include <string>

namespace signalbox {

inline constexpr std::size_t kUsualTagSegments = 12;

/// Segments by tag, and what they leave out.
struct TagFinding
{
    Segmentation segmentation;
    std::size_t values = 0;    ///< different ones in the traffic
    std::size_t inTheRest = 0; ///< requests with a value that is no segment of its own
    std::size_t without = 0;   ///< requests without the entry
};

/// A segment for each of the `most` most frequent values of a metadata entry, the more frequent
/// first, of equally frequent ones by their bytes. Values that cannot be a name (see nameProblem())
/// are of the rest. NotFound if no request has the entry, with a hint that names what they have.
[[nodiscard]] Result<TagFinding> segmentsByTag(const Traffic& traffic, const std::string& key,
                                               std::size_t most = kUsualTagSegments);

namespace segments_detail {

/// Per distinct text of Traffic::metadata, what the entry says: "" if it is not there. A value
/// that is an empty text counts as none.
[[nodiscard]] std::vector<std::string> tagOfMetadata(const Traffic& traffic,
                                                     const std::string& key);

} // namespace segments_detail

} // namespace signalbox
