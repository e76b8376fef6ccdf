// SPDX-License-Identifier: Apache-2.0
#include "candidate_numbers.h"

namespace signalbox {

double SliceNumbers::value(GateMetric metric) const
{
    switch (metric) {
    case GateMetric::CostSaving:
        return saving();
    case GateMetric::CostPer1k:
        return costPer1k();
    case GateMetric::LatencyP95Ms:
        return latencyP95Ms;
    case GateMetric::Satisfaction:
        return satisfaction();
    case GateMetric::SatisfactionRatio:
        return satisfactionRatio();
    case GateMetric::Consistency:
        return consistency();
    }
    return std::numeric_limits<double>::quiet_NaN();
}

SliceNumbers& SliceNumbers::operator+=(const SliceNumbers& other)
{
    requests += other.requests;
    elsewhere += other.elsewhere;
    seams += other.seams;
    costPico += other.costPico;
    baselineCostPico += other.baselineCostPico;
    satisfied += other.satisfied;
    baselineSatisfied += other.baselineSatisfied;
    loss += other.loss;
    return *this;
}

std::vector<const SliceNumbers*> slicesUnder(const Gate& gate, const CandidateNumbers& numbers)
{
    if (gate.per == GateScope::Total)
        return {&numbers.total};
    std::vector<const SliceNumbers*> slices;
    for (const SliceNumbers& slice :
         gate.per == GateScope::Segment ? numbers.segments : numbers.tiers) {
        if (slice.requests > 0)
            slices.push_back(&slice);
    }
    return slices;
}

} // namespace signalbox
