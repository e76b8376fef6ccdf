// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence_table.h"

#include <core/traffic/traffic.h>

#include <cstddef>
#include <string>
#include <vector>

namespace signalbox {

/// More of a part's requests than this on borrowed answers, and no verdict is given on it.
inline constexpr double kMostBorrowedShare = 0.01;

/// How far recorded answers are answers to the requests of a traffic.
struct EvidenceCover
{
    std::size_t requests = 0;
    std::size_t own = 0;                ///< that repeat a prompt with answers
    std::size_t bySegment = 0;          ///< others in a segment of which some prompt has answers
    std::vector<std::string> uncovered; ///< segments with requests and without answers
    /// By row: no prompt of its segment was answered, so what stands in for it was answered in
    /// another segment.
    std::vector<bool> isBorrowed;
    [[nodiscard]] std::size_t borrowed() const { return requests - own - bySegment; }

    struct Segment
    {
        std::string name;
        std::size_t requests = 0;
        std::size_t own = 0;      ///< of these, that repeat a prompt with answers
        std::size_t borrowed = 0; ///< of these, that rest on answers of other segments
        std::size_t prompts = 0;  ///< of the segment, with answers; requests repeat them or not
    };
    std::vector<Segment> segments; ///< those of the traffic, its order
};
/// O(requests).
[[nodiscard]] EvidenceCover coverOf(const Traffic& traffic, const EvidenceTable& evidence);

/// Why numbers of a part of the traffic must not decide, as the end of a sentence; "" if no more
/// than kMostBorrowedShare of its requests rest on borrowed answers.
[[nodiscard]] std::string objectionToBorrowed(std::size_t borrowed, std::size_t requests);

} // namespace signalbox
