// SPDX-License-Identifier: Apache-2.0
#include "borrowed_intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace signalbox {

namespace {

/// Gives an estimate the width that it had in the last full projection, within what it can be.
void borrow(std::optional<Estimate>& estimate, const std::optional<Estimate>& lender,
            double lowest = 0, double highest = std::numeric_limits<double>::infinity())
{
    if (!estimate || !lender || std::isinf(estimate->value) || std::isinf(lender->high))
        return;
    estimate->low = std::min(estimate->value,
                             std::max(lowest, estimate->value - (lender->value - lender->low)));
    estimate->high = std::max(estimate->value,
                              std::min(highest, estimate->value + (lender->high - lender->value)));
}

template<class Part> void borrowCommon(Part& part, const Part& lender)
{
    constexpr double kAnyLoss = -std::numeric_limits<double>::infinity();
    borrow(part.costPer1k, lender.costPer1k);
    borrow(part.costSaving, lender.costSaving, kAnyLoss, 1);
    borrow(part.satisfaction, lender.satisfaction, 0, 1);
    borrow(part.satisfactionRatio, lender.satisfactionRatio);
    borrow(part.latencyP95Ms, lender.latencyP95Ms);
    borrow(part.consistency, lender.consistency, 0, 1);
}

} // namespace

void borrowIntervals(Projection& projection, const Projection& lender)
{
    borrowCommon(projection, lender);
    borrow(projection.baselineCostPer1k, lender.baselineCostPer1k);
    borrow(projection.costPerSatisfied, lender.costPerSatisfied);
    if (projection.latencyP95Ms && lender.latency.p50.n > 0) {
        std::optional<Estimate> p50 = projection.latency.p50;
        borrow(p50, lender.latency.p50);
        projection.latency.p50 = *p50;
        projection.latency.p95 = *projection.latencyP95Ms;
    }
    const auto borrowSlices = [](std::vector<ProjectionSlice>& slices,
                                 const std::vector<ProjectionSlice>& lenders) {
        for (ProjectionSlice& slice : slices) {
            const auto found = std::ranges::find(lenders, slice.name, &ProjectionSlice::name);
            if (found != lenders.end())
                borrowCommon(slice, *found);
        }
    };
    borrowSlices(projection.segments, lender.segments);
    borrowSlices(projection.tiers, lender.tiers);
    projection.allGatesProbability = lender.allGatesProbability;
}

} // namespace signalbox
