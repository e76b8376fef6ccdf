// SPDX-License-Identifier: Apache-2.0
#include "feedback_scales.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

void FeedbackScales::add(const LoggedFeedback& feedback)
{
    if (std::isnan(feedback.value))
        return;
    Range& range = m_observed[{std::string(feedback.source), std::string(feedback.name)}];
    range.min = std::fmin(range.min, feedback.value);
    range.max = std::fmax(range.max, feedback.value);
}

FeedbackScale FeedbackScales::scaleOf(const LoggedFeedback& feedback) const
{
    if (feedback.scaleMax > feedback.scaleMin)
        return {feedback.scaleMin, feedback.scaleMax, ScaleOrigin::Stated};
    const auto found = m_observed.find({std::string(feedback.source), std::string(feedback.name)});
    if (found == m_observed.end() || !(found->second.max > found->second.min))
        return {};
    return {found->second.min, found->second.max, ScaleOrigin::Observed};
}

double FeedbackScales::normalised(const LoggedFeedback& feedback) const
{
    const FeedbackScale scale = scaleOf(feedback);
    if (std::isnan(feedback.value) || scale.origin == ScaleOrigin::Unknown)
        return kUnknownNumber;
    return std::clamp((feedback.value - scale.min) / (scale.max - scale.min), 0.0, 1.0);
}

std::string_view scaleOriginName(ScaleOrigin origin)
{
    switch (origin) {
    case ScaleOrigin::Stated:
        return "stated";
    case ScaleOrigin::Observed:
        return "observed";
    case ScaleOrigin::Unknown:
        return "unknown";
    }
    return "unknown";
}

} // namespace signalbox
