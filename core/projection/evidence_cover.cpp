// SPDX-License-Identifier: Apache-2.0
#include "evidence_cover.h"

#include "number_text.h"

#include <algorithm>

namespace signalbox {

EvidenceCover coverOf(const Traffic& traffic, const EvidenceTable& evidence)
{
    std::vector<bool> answered;
    for (const PromptId& prompt : traffic.prompts)
        answered.push_back(evidence.promptIndex(prompt) >= 0);
    std::vector<bool> hasPrompts;
    for (const std::string& segment : traffic.segments) {
        hasPrompts.push_back(std::ranges::any_of(
            evidence.segmentOf, [&](std::size_t of) { return evidence.segments[of] == segment; }));
    }
    std::vector<std::size_t> without(traffic.segments.size());
    EvidenceCover cover;
    cover.requests = traffic.rowCount();
    cover.isBorrowed.reserve(cover.requests);
    for (std::size_t row = 0; row < cover.requests; ++row) {
        const std::uint32_t prompt = traffic.promptOf[row];
        const std::uint16_t segment = traffic.segmentOf[row];
        const bool isOwn = prompt != Traffic::kNone && answered[prompt];
        const bool isOfSegment = !isOwn && hasPrompts[segment];
        cover.own += isOwn ? 1 : 0;
        cover.bySegment += isOfSegment ? 1 : 0;
        without[segment] += isOwn || isOfSegment ? 0 : 1;
        cover.isBorrowed.push_back(!isOwn && !isOfSegment);
    }
    for (std::size_t i = 0; i < without.size(); ++i) {
        if (without[i] > 0)
            cover.uncovered.push_back(traffic.segments[i]);
    }
    return cover;
}

std::string objectionToBorrowed(std::size_t borrowed, std::size_t requests)
{
    const auto all = static_cast<double>(requests);
    const double share = requests > 0 ? static_cast<double>(borrowed) / all : 0;
    if (share <= kMostBorrowedShare)
        return {};
    if (borrowed == requests)
        return "no answer was recorded here: those of other segments stand in for it";
    return countText(borrowed) + " of " + countOf(requests, "request", "requests") +
           " are in segments of which no answer was recorded, and a verdict needs answers for " +
           fixedText(100 * (1 - kMostBorrowedShare), 0) + " %";
}

} // namespace signalbox
