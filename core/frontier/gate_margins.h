// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "candidate_numbers.h"

#include <core/policy/document.h>
#include <core/projection/projection.h>

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

/// By how much a candidate misses the gates, where a gate holds only if the worse end of the
/// interval keeps the limit. A search has point values alone; how far the interval's end lies from
/// them is learnt from full projections of some candidates and carried over to the others. A guide
/// for the search, not a verdict: what it finds is projected.
class GateMargins
{
public:
    /// @param segments  names, as the traffic has them
    GateMargins(const PolicyDocument& document, std::vector<std::string> segments);

    /// Adds what the intervals of one candidate say. Of several the median counts.
    /// @param numbers  of the same policy over the same requests
    void learn(const Projection& projection, const CandidateNumbers& numbers);

    /// What is missing, as shares of the limits, summed over gates and parts; 0 if all hold. An
    /// unknown number counts as missing by its whole limit.
    [[nodiscard]] double violation(const CandidateNumbers& numbers) const;

private:
    /// A gate, and one of the parts of the traffic that it may be asked about.
    using Place = std::pair<std::size_t, std::size_t>;
    [[nodiscard]] double marginAt(const Place& place) const;

    std::vector<Gate> m_gates;
    std::vector<std::string> m_segments;
    std::vector<std::string> m_tiers;
    /// Lengths of the bad half of the interval, in scales of the metric, rising.
    std::map<Place, std::vector<double>> m_widths;
};

} // namespace signalbox
