// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace signalbox {

/// Where a number that a signal is compared with (lt, lte, gt, gte) stands in a document.
struct ThresholdPlace
{
    std::size_t rule = 0;          ///< index into the rules
    std::vector<std::size_t> path; ///< from the rule's condition down: which part of it, and so on
    double ByStyle::* style =
        nullptr; ///< which of the numbers per answer style; null: there is one
    bool operator==(const ThresholdPlace&) const = default;
};

/// The comparison at a place; null if there is none, or none of that kind.
[[nodiscard]] const Compare* comparisonAt(const PolicyDocument& document,
                                          const ThresholdPlace& place);

/// The number at a place, to be changed; null likewise.
[[nodiscard]] double* thresholdAt(PolicyDocument& document, const ThresholdPlace& place);

/// The place of the one number in which two documents differ, be it only in that, apart from their
/// revision numbers. Nothing if they are equal, or differ in anything else or more. O(document).
[[nodiscard]] std::optional<ThresholdPlace> movedThreshold(const PolicyDocument& before,
                                                           const PolicyDocument& after);

} // namespace signalbox
