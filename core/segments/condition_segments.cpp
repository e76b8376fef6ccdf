// SPDX-License-Identifier: Apache-2.0
#include "condition_segments.h"

#include "segmentation_policy.h"

#include <core/policy/condition_completion.h>
#include <core/policy/condition_text.h>
#include <core/policy/document_uses.h>

#include <set>
#include <utility>

namespace signalbox {

using namespace segments_detail;

namespace {

Unexpected mistakeIn(const WrittenSegment& segment, const ConditionMistake& mistake)
{
    std::string message = mistake.message;
    if (message.ends_with('.'))
        message.pop_back();
    return fail(ErrorCode::InvalidArgument, std::move(message),
                segment.name + ", column " + std::to_string(mistake.offset + 1));
}

/// What conditions name, and the style that their limits per style follow.
std::set<SignalId> signalsBehind(const Segmentation& segmentation, const PolicyDocument& policy)
{
    const std::vector<SignalId> named = signalsOf(segmentation);
    std::set<SignalId> all(named.begin(), named.end());
    bool isByStyle = false;
    for (const ConditionSegment& segment : std::get<SegmentsByCondition>(segmentation.by).segments)
        forEachCompare(segment.when, [&](const Compare& compare) {
            isByStyle |= std::holds_alternative<ByStyle>(compare.value);
        });
    for (const Signal& signal : policy.signalList) {
        if (isByStyle && std::holds_alternative<StyleSource>(signal.source))
            all.insert(signal.id);
    }
    return all;
}

} // namespace

Result<Segmentation> segmentsByCondition(const std::vector<WrittenSegment>& written,
                                         const PolicyDocument& policy)
{
    SegmentsByCondition by;
    for (const WrittenSegment& segment : written) {
        auto reading = readConditionText(segment.condition);
        if (!reading)
            return mistakeIn(segment, reading.error());
        if (const auto mistake = mistakeOfMeaning(*reading, policy))
            return mistakeIn(segment, *mistake);
        by.segments.push_back({segment.name, std::move(reading->condition)});
    }
    Segmentation made;
    made.by = std::move(by);
    made.decideBy = policy.decideBy;
    made.signalList = definitionsOf(signalsBehind(made, policy), policy);
    if (auto checked = checkSegmentation(made); !checked)
        return Unexpected(std::move(checked.error()));
    return made;
}

} // namespace signalbox
