// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "segmentation.h"
#include "traffic_segments.h"

#include <core/policy/request.h>
#include <core/policy/user_styles.h>
#include <core/projection/evidence_table.h>
#include <core/traffic/traffic.h>
#include <core/voice/answer.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

/// What lab prompts ask, as far as it is at hand: system prompt, what was said before, the question
/// last.
using PromptMessages = std::map<PromptId, std::vector<Message>>;

/// The segments of lab prompts under a segmentation. Coverage and stand-ins go by the names of
/// segments, so prompts have to be divided as the traffic is.
struct PromptSegments
{
    std::map<PromptId, std::string> of; ///< prompts that are not here keep what they have
    std::size_t byWords = 0;            ///< by what they say
    std::size_t byRequests = 0;         ///< by the requests of the traffic that repeat them
    std::size_t kept = 0;
};

/// Where a segmentation asks for nothing but what is said, a prompt goes by its own words, else by
/// the requests that repeat it, which say the rest: metadata, headers, a style, a time. The other
/// way where the first is not at hand; neither at hand (or a tag asked of words): it keeps its
/// segment. Where requests that repeat a prompt are in several segments, the one with most counts,
/// of equal ones the first.
/// @param prompts   of the evidence
/// @param traffic   that `rows` are of
/// @param styles    what the segmentation's style signals name; may be null
[[nodiscard]] Result<PromptSegments> segmentPrompts(const Segmentation& segmentation,
                                                    const std::vector<PromptId>& prompts,
                                                    const PromptMessages& messages,
                                                    const Traffic& traffic, const RowSegments& rows,
                                                    std::shared_ptr<const UserStyles> styles = {});

/// Puts them in place of what answers and tables say. O(n log n).
void setSegments(EvidenceTable& evidence, const PromptSegments& segments);
void setSegments(std::vector<Answer>& answers, const PromptSegments& segments);

} // namespace signalbox
