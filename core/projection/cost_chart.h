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
    int revision = 0;                        ///< of the policy, at its mark; 0: not said
    std::vector<ModelId> models;             ///< the policy's: their order is that of the colours
    std::string baseline;                    ///< model that long prompts go to; may be empty
    bool simulated = false;                  ///< draws the label
    int widthPx = 960;
    int heightPx = 600;
};

/// Projected cost (USD per 1,000 requests; a log axis when it spans more than a decade) against
/// consistency (0 to 100) as a self-contained SVG for light backgrounds, drawn without Qt. Points
/// without both numbers are left out. Kind decides the mark: the policy as a large bullseye with
/// its intervals as a cross, revisions (in the order of their numbers) as a fading trail of small
/// ones, single models by shape and name, random mixes and longer-prompt rules as thin lines, the
/// oracle as a star, what a search found as discs with their numbers. Revisions at one place are one
/// mark, "r5-r7"; one on a single model stands beside it. Hollow marks fail a gate that the two
/// axes do not show; a line above the plot says which. The same language as the chart of the
/// window.
[[nodiscard]] std::string costConsistencySvg(const std::vector<FrontierPoint>& points,
                                             const CostChart& chart = {});

/// The chart of a projection: title, subtitle, gates, baseline cost and label filled in.
[[nodiscard]] CostChart costChartOf(const Projection& projection, const PolicyDocument& document);

} // namespace signalbox
