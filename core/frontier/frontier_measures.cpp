// SPDX-License-Identifier: Apache-2.0
#include "frontier_measures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace signalbox {

namespace {

CostOutcome costOutcomeOf(const Projection& projection)
{
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    return {projection.costPer1k ? projection.costPer1k->value : unknown,
            projection.satisfaction ? projection.satisfaction->value : unknown};
}

/// Best PGR with at most that share of strong calls, from (0, 0) to (1, 1).
std::vector<RoutingPoint> curveOf(const std::vector<FrontierChoice>& points)
{
    std::vector<RoutingPoint> curve = {{0, 0, 0}};
    for (const FrontierChoice& choice : points)
        curve.push_back({choice.strongShare, 0, choice.gapRecovered});
    curve.push_back({1, 0, 1});
    std::ranges::stable_sort(curve, {}, &RoutingPoint::strongShare);
    double best = 0;
    for (RoutingPoint& point : curve)
        point.gapRecovered = best = std::max(best, point.gapRecovered);
    return curve;
}

} // namespace

std::optional<RoutingMeasures> routingMeasuresOf(Frontier& frontier)
{
    const auto satisfactionOf = [](const FrontierChoice& choice) {
        return costOutcomeOf(choice.report).outcome;
    };
    const auto isComplete = [](const CostOutcome& of) {
        return std::isfinite(of.cost) && std::isfinite(of.outcome);
    };
    const bool isKnown = std::ranges::all_of(frontier.models, [&](const FrontierChoice& model) {
        return isComplete(costOutcomeOf(model.report));
    });
    if (!isKnown || frontier.models.size() < 2)
        return std::nullopt;
    const auto [weak, strong] = std::ranges::minmax_element(frontier.models, {}, satisfactionOf);
    const double low = satisfactionOf(*weak);
    const double gap = satisfactionOf(*strong) - low;
    if (!(gap > 0))
        return std::nullopt;
    RoutingMeasures measures;
    measures.weak = ModelId(weak->name);
    measures.strong = ModelId(strong->name);
    const auto& specs = frontier.present.policy.models;
    const auto strongPlace = static_cast<std::size_t>(
        std::ranges::find(specs, measures.strong, &ModelSpec::id) - specs.begin());
    const auto set = [&](FrontierChoice& choice) {
        choice.strongShare = choice.report.servedShare[strongPlace];
        choice.gapRecovered = (satisfactionOf(choice) - low) / gap;
    };
    set(frontier.present);
    std::ranges::for_each(frontier.models, set);
    std::ranges::for_each(frontier.points, set);
    const std::vector<RoutingPoint> curve = curveOf(frontier.points);
    measures.averageGapRecovered = averageGapRecovered(curve);
    measures.callsForHalf = callsForGap(curve, 0.5);
    measures.callsForMost = callsForGap(curve, 0.8);

    std::vector<CostOutcome> models;
    for (const FrontierChoice& model : frontier.models)
        models.push_back(costOutcomeOf(model.report));
    std::vector<CostOutcome> points; // a point without a price is on no curve of costs
    for (const FrontierChoice& choice : frontier.points) {
        if (const CostOutcome point = costOutcomeOf(choice.report); isComplete(point))
            points.push_back(point);
    }
    const auto [cheapest, dearest] = std::ranges::minmax_element(models, {}, &CostOutcome::cost);
    const auto improvementOf = [low = cheapest->cost, high = dearest->cost](auto all) {
        return averageOutcome(outcomeHull(std::move(all)), low, high);
    };
    std::vector<CostOutcome> all = models;
    all.insert(all.end(), points.begin(), points.end());
    measures.improvement = improvementOf(all);
    measures.improvementOfModels = improvementOf(models);
    const CostOutcome best = costOutcomeOf(strong->report);
    measures.savingAtMost = costSaveAt(points, best, 0.95);
    measures.savingAtAll = costSaveAt(points, best, 1);
    return measures;
}

} // namespace signalbox
