// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/evidence_table.h>
#include <core/traffic/traffic.h>

#include <QString>

#include <cstddef>
#include <vector>

namespace signalbox::ui {

/// "Support desk (synthetic): 5,200 requests in 1,600 conversations, 2023-07-03 to 2023-07-30"
[[nodiscard]] QString trafficWords(const Traffic& traffic);

/// How far recorded answers are answers to the requests of a traffic.
struct EvidenceCover
{
    std::size_t requests = 0;
    std::size_t own = 0;                ///< that repeat a prompt with answers
    std::size_t bySegment = 0;          ///< others in a segment of which some prompt has answers
    std::vector<std::string> uncovered; ///< segments with requests and without answers
    [[nodiscard]] std::size_t without() const { return requests - own - bySegment; }
};
/// O(requests).
[[nodiscard]] EvidenceCover coverOf(const Traffic& traffic, const EvidenceTable& evidence);

/// What must be said beside numbers of that traffic; empty where all of it is covered.
struct CoverWords
{
    QString title;
    QString detail;
};
[[nodiscard]] CoverWords coverWords(const EvidenceCover& cover);

} // namespace signalbox::ui
