// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace signalbox {

// How well a score sends requests to a strong and a weak model (measures.md section 4; the measures
// of RouteLLM, Ong et al. 2024).

/// One request: the router's score (higher goes to the strong model first) and both outcomes.
struct ScoredOutcome
{
    double score = 0;
    double weak = 0;
    double strong = 0;
};

/// One threshold of the score: share of calls to the strong model, and the outcome then.
struct RoutingPoint
{
    double strongShare = 0;
    double outcome = 0;
    double gapRecovered = 0; ///< PGR = (r - r_weak) / (r_strong - r_weak); NaN if they are equal
};

/// Every threshold from none to all, requests of equal score moved together. Empty without
/// requests. O(n log n).
[[nodiscard]] std::vector<RoutingPoint> routingCurve(std::span<const ScoredOutcome> outcomes);

/// APGR: integral of PGR over the strong share, by trapezoids. NaN for an empty curve.
[[nodiscard]] double averageGapRecovered(std::span<const RoutingPoint> curve);

/// CPT(x): least strong share with PGR >= x; nullopt if never.
[[nodiscard]] std::optional<double> callsForGap(std::span<const RoutingPoint> curve,
                                                double gapRecovered);

/// A router, or a model, as a point of outcome over cost.
struct CostOutcome
{
    double cost = 0; ///< per request, any unit
    double outcome = 0;
    bool operator==(const CostOutcome&) const = default;
};

/// The non-decreasing convex hull of RouterBench (Hu et al. 2024): what the points reach if
/// requests are tossed between neighbours, from the cheapest point to the best one, and never less
/// for more. Points with an unknown number are left out. By rising cost. O(n log n).
[[nodiscard]] std::vector<CostOutcome> outcomeHull(std::vector<CostOutcome> points);

/// AIQ (RouterBench): the mean outcome of the hull over costs from `low` to `high`, flat behind its
/// last point. NaN if the hull begins above `low`, or low >= high.
[[nodiscard]] double averageOutcome(std::span<const CostOutcome> hull, double low, double high);

/// CostSave: the largest share of the strong model's cost that is saved by a point whose outcome is
/// at least `share` of the strong model's; nullopt if none has it.
[[nodiscard]] std::optional<double> costSaveAt(std::span<const CostOutcome> points,
                                               const CostOutcome& strong, double share);

} // namespace signalbox
