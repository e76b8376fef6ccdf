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
    EvidenceCover cover;
    for (const std::string& name : traffic.segments) {
        const auto prompts = std::ranges::count_if(
            evidence.segmentOf, [&](std::size_t of) { return evidence.segments[of] == name; });
        cover.segments.push_back({name, 0, 0, 0, static_cast<std::size_t>(prompts)});
    }
    // Traffic that names no segment at all is one without a name; it is not listed.
    const bool isNameless = cover.segments.empty();
    if (isNameless)
        cover.segments.emplace_back();
    cover.requests = traffic.rowCount();
    cover.isBorrowed.reserve(cover.requests);
    for (std::size_t row = 0; row < cover.requests; ++row) {
        const std::uint32_t prompt = traffic.promptOf[row];
        EvidenceCover::Segment& segment = cover.segments[traffic.segmentOf[row]];
        const bool isOwn = prompt != Traffic::kNone && answered[prompt];
        const bool isOfSegment = !isOwn && segment.prompts > 0;
        const bool isBorrowed = !isOwn && !isOfSegment;
        ++segment.requests;
        segment.own += isOwn ? 1 : 0;
        segment.borrowed += isBorrowed ? 1 : 0;
        cover.own += isOwn ? 1 : 0;
        cover.bySegment += isOfSegment ? 1 : 0;
        cover.isBorrowed.push_back(isBorrowed);
    }
    if (isNameless)
        cover.segments.clear();
    for (const EvidenceCover::Segment& segment : cover.segments) {
        if (segment.borrowed > 0)
            cover.uncovered.push_back(segment.name);
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
