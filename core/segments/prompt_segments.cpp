// SPDX-License-Identifier: Apache-2.0
#include "prompt_segments.h"

#include <core/traffic/traffic_builder.h>

#include <algorithm>
#include <set>
#include <utility>

namespace signalbox {

namespace {

using SegmentOf = std::map<PromptId, std::string>;

/// By the same code that divides traffic: the prompts as requests of one.
Result<SegmentOf> byTheirWords(const Segmentation& segmentation,
                               const std::vector<PromptId>& prompts, const PromptMessages& messages,
                               std::shared_ptr<const UserStyles> styles)
{
    TrafficBuilder builder;
    for (const PromptId& prompt : prompts) {
        const auto words = messages.find(prompt);
        if (words == messages.end() || words->second.empty())
            continue;
        Request request;
        request.messages = words->second;
        request.requestId = prompt.value;
        RequestNote note;
        note.promptId = prompt.value;
        if (auto added = builder.add(request, note); !added)
            return Unexpected(added.error());
    }
    auto taken = builder.take("lab prompts");
    if (!taken)
        return Unexpected(taken.error());
    const auto traffic = std::make_shared<const Traffic>(std::move(*taken));
    const auto rows = segmentRows(segmentation, traffic, std::move(styles));
    if (!rows)
        return Unexpected(rows.error());
    SegmentOf of;
    for (std::size_t row = 0; row < traffic->rowCount(); ++row)
        of[traffic->prompts[traffic->promptOf[row]]] = rows->names[rows->of[row]];
    return of;
}

SegmentOf byTheirRequests(const Traffic& traffic, const RowSegments& rows)
{
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::size_t> counts; // prompt, segment
    for (std::size_t row = 0; row < traffic.rowCount(); ++row) {
        if (traffic.promptOf[row] != Traffic::kNone)
            ++counts[{traffic.promptOf[row], rows.of[row]}];
    }
    SegmentOf of;
    std::map<std::uint32_t, std::size_t> most;
    for (const auto& [place, count] : counts) {
        if (count > most[place.first]) {
            most[place.first] = count;
            of[traffic.prompts[place.first]] = rows.names[place.second];
        }
    }
    return of;
}

} // namespace

Result<PromptSegments> segmentPrompts(const Segmentation& segmentation,
                                      const std::vector<PromptId>& prompts,
                                      const PromptMessages& messages, const Traffic& traffic,
                                      const RowSegments& rows,
                                      std::shared_ptr<const UserStyles> styles)
{
    SegmentOf words;
    if (!std::holds_alternative<SegmentsByTag>(segmentation.by)) {
        auto found = byTheirWords(segmentation, prompts, messages, std::move(styles));
        if (!found)
            return Unexpected(found.error());
        words = std::move(*found);
    }
    const SegmentOf requests = byTheirRequests(traffic, rows);
    const bool wordsFirst = segmentation.readsOnlyMessages();
    PromptSegments result;
    for (const PromptId& prompt : std::set<PromptId>(prompts.begin(), prompts.end())) {
        const auto inWords = words.find(prompt);
        const auto inRequests = requests.find(prompt);
        const bool hasWords = inWords != words.end();
        const bool hasRequests = inRequests != requests.end();
        if (hasWords && (wordsFirst || !hasRequests)) {
            result.of[prompt] = inWords->second;
            ++result.byWords;
        } else if (hasRequests) {
            result.of[prompt] = inRequests->second;
            ++result.byRequests;
        } else {
            ++result.kept;
        }
    }
    return result;
}

void setSegments(EvidenceTable& evidence, const PromptSegments& segments)
{
    std::vector<std::string> names;
    for (std::size_t p = 0; p < evidence.prompts.size(); ++p) {
        const auto found = segments.of.find(evidence.prompts[p]);
        names.push_back(found == segments.of.end() ? evidence.segments[evidence.segmentOf[p]]
                                                   : found->second);
    }
    evidence.segments = names;
    std::ranges::sort(evidence.segments);
    evidence.segments.erase(std::unique(evidence.segments.begin(), evidence.segments.end()),
                            evidence.segments.end());
    for (std::size_t p = 0; p < names.size(); ++p)
        evidence.segmentOf[p] = static_cast<std::uint16_t>(
            std::ranges::lower_bound(evidence.segments, names[p]) - evidence.segments.begin());
}

void setSegments(std::vector<Answer>& answers, const PromptSegments& segments)
{
    for (Answer& answer : answers) {
        if (const auto found = segments.of.find(answer.prompt); found != segments.of.end())
            answer.segment = found->second;
    }
}

} // namespace signalbox
