// SPDX-License-Identifier: Apache-2.0
#include "routing_quality.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

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

std::vector<CostOutcome> outcomeHull(std::vector<CostOutcome> points)
{
    std::erase_if(points, [](const CostOutcome& point) {
        return !std::isfinite(point.cost) || !std::isfinite(point.outcome);
    });
    std::ranges::sort(points, [](const CostOutcome& a, const CostOutcome& b) {
        return a.cost != b.cost ? a.cost < b.cost : a.outcome > b.outcome;
    });
    std::vector<CostOutcome> hull;
    for (const CostOutcome& point : points) {
        if (!hull.empty() && point.outcome <= hull.back().outcome)
            continue; // dearer and no better
        while (hull.size() >= 2) {
            const CostOutcome& a = hull[hull.size() - 2];
            const CostOutcome& b = hull.back();
            if ((b.outcome - a.outcome) * (point.cost - a.cost) >
                (point.outcome - a.outcome) * (b.cost - a.cost))
                break;
            hull.pop_back(); // below the line between its neighbours
        }
        hull.push_back(point);
    }
    return hull;
}

double averageOutcome(std::span<const CostOutcome> hull, double low, double high)
{
    if (hull.empty() || hull.front().cost > low || !(low < high))
        return std::numeric_limits<double>::quiet_NaN();
    const auto outcomeAt = [&](double cost) {
        const auto next = std::ranges::upper_bound(hull, cost, {}, &CostOutcome::cost);
        const CostOutcome& before = *std::prev(next);
        if (next == hull.end())
            return before.outcome;
        return before.outcome +
               (next->outcome - before.outcome) * (cost - before.cost) / (next->cost - before.cost);
    };
    double area = 0;
    double from = low;
    for (const CostOutcome& corner : hull) {
        if (corner.cost <= low || corner.cost >= high)
            continue;
        area += (corner.cost - from) * (outcomeAt(from) + corner.outcome) / 2;
        from = corner.cost;
    }
    area += (high - from) * (outcomeAt(from) + outcomeAt(high)) / 2;
    return area / (high - low);
}

std::optional<double> costSaveAt(std::span<const CostOutcome> points, const CostOutcome& strong,
                                 double share)
{
    constexpr double kSlack = 1e-9; // equal sums in another order
    std::optional<double> most;
    for (const CostOutcome& point : points) {
        if (point.outcome < share * strong.outcome - kSlack || !std::isfinite(point.cost))
            continue;
        const double saved = 1 - point.cost / strong.cost;
        most = most ? std::max(*most, saved) : saved;
    }
    return most;
}

} // namespace signalbox
