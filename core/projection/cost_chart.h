// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What the picture of cost against consistency shows besides its points.
struct CostChart
{
    std::string title;                       ///< "Support desk, revision 7"
    std::string subtitle;                    ///< what it rests on; may be empty
    std::vector<Gate> gates;                 ///< regions that they forbid are shaded
    std::optional<double> baselineCostPer1k; ///< turns a costSaving gate into a limit of cost
    bool simulated = false;                  ///< draws the label
    int widthPx = 960;
    int heightPx = 600;
};

/// Projected cost (USD per 1,000 requests; a log axis when it spans more than a decade) against
/// consistency (0 to 100) as a self-contained SVG for light backgrounds, drawn without Qt. Points
/// without both numbers are left out. Kind decides the mark: the policy large with its intervals as
/// a cross, revisions (oldest first) as a fading trail, single models by shape and name, random
/// mixes as a line, longer-prompt rules and the oracle small. Hollow marks fail a gate that the two
/// axes do not show; a line above the plot says which.
[[nodiscard]] std::string costConsistencySvg(const std::vector<FrontierPoint>& points,
                                             const CostChart& chart = {});

/// The chart of a projection: title, subtitle, gates, baseline cost and label filled in.
[[nodiscard]] CostChart costChartOf(const Projection& projection, const PolicyDocument& document);

} // namespace signalbox
