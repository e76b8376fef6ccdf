// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logged_request.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace signalbox {

/// Where a scale comes from, which is said wherever its values are shown.
enum class ScaleOrigin {
    Stated,   ///< by the log or its format
    Observed, ///< the least and the greatest value that the log holds
    Unknown,  ///< one value only, or none: no scale
};

struct FeedbackScale
{
    double min = kUnknownNumber;
    double max = kUnknownNumber;
    ScaleOrigin origin = ScaleOrigin::Unknown;
};

/// Learns the scales of feedback from all of a log, by source and name, and puts values on a common
/// one of 0 to 1.
class FeedbackScales
{
public:
    /// Takes note of a value.
    void add(const LoggedFeedback& feedback);

    [[nodiscard]] FeedbackScale scaleOf(const LoggedFeedback& feedback) const;

    /// The value from 0 to 1, where 1 is the upper end of its scale; a value beyond a stated end is
    /// put on it. NaN for a feedback in words, and without a scale.
    [[nodiscard]] double normalised(const LoggedFeedback& feedback) const;

private:
    struct Range
    {
        double min = kUnknownNumber;
        double max = kUnknownNumber;
    };
    std::map<std::pair<std::string, std::string>, Range> m_observed = {}; ///< by source and name
};

/// "stated", "observed", "unknown".
[[nodiscard]] std::string_view scaleOriginName(ScaleOrigin origin);

} // namespace signalbox
