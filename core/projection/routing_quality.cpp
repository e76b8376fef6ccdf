// SPDX-License-Identifier: Apache-2.0
#include "routing_quality.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace signalbox {

std::vector<RoutingPoint> routingCurve(std::span<const ScoredOutcome> outcomes)
{
    std::vector<RoutingPoint> curve;
    if (outcomes.empty())
        return curve;
    std::vector<ScoredOutcome> sorted(outcomes.begin(), outcomes.end());
    std::ranges::sort(sorted, std::greater(), &ScoredOutcome::score);
    const auto n = static_cast<double>(sorted.size());
    double weak = 0;
    double strong = 0;
    for (const ScoredOutcome& outcome : sorted) {
        weak += outcome.weak;
        strong += outcome.strong;
    }
    const double gap = strong - weak;
    double sum = weak;
    const auto add = [&](std::size_t strongCalls) {
        curve.push_back({static_cast<double>(strongCalls) / n, sum / n,
                         gap == 0 ? std::numeric_limits<double>::quiet_NaN() : (sum - weak) / gap});
    };
    add(0);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        sum += sorted[i].strong - sorted[i].weak;
        if (i + 1 == sorted.size() || sorted[i + 1].score != sorted[i].score)
            add(i + 1);
    }
    return curve;
}

double averageGapRecovered(std::span<const RoutingPoint> curve)
{
    if (curve.empty())
        return std::numeric_limits<double>::quiet_NaN();
    double area = 0;
    for (std::size_t i = 1; i < curve.size(); ++i)
        area += (curve[i].strongShare - curve[i - 1].strongShare) *
                (curve[i].gapRecovered + curve[i - 1].gapRecovered) / 2;
    return area;
}

std::optional<double> callsForGap(std::span<const RoutingPoint> curve, double gapRecovered)
{
    const auto found = std::ranges::find_if(
        curve, [&](const RoutingPoint& point) { return point.gapRecovered >= gapRecovered; });
    return found == curve.end() ? std::nullopt : std::optional(found->strongShare);
}

} // namespace signalbox
