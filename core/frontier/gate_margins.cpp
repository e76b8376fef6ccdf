// SPDX-License-Identifier: Apache-2.0
#include "gate_margins.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace signalbox {

namespace {

constexpr double kSlack = 1e-9;     ///< as gates have it
constexpr double kWorstMiss = 1e6;  ///< where there is no answer at all
constexpr double kSmallLimit = 0.1; ///< misses of a smaller limit are shares of this

/// What the width of an interval is about proportional to, from candidate to candidate.
double scaleOf(GateMetric metric, const SliceNumbers& slice)
{
    switch (metric) {
    case GateMetric::SatisfactionRatio: // requests that the baseline answers itself cannot differ
        return std::sqrt(static_cast<double>(slice.elsewhere) /
                         static_cast<double>(slice.requests));
    case GateMetric::Consistency:
        return 1 - slice.consistency();
    case GateMetric::CostPer1k:
    case GateMetric::LatencyP95Ms:
        return slice.value(metric);
    case GateMetric::CostSaving:
    case GateMetric::Satisfaction:
        break;
    }
    return 1;
}

std::span<const SliceNumbers> partsOf(GateScope scope, const CandidateNumbers& numbers)
{
    return scope == GateScope::Total     ? std::span(&numbers.total, 1)
           : scope == GateScope::Segment ? std::span(numbers.segments)
                                         : std::span(numbers.tiers);
}

} // namespace

GateMargins::GateMargins(const PolicyDocument& document, std::vector<std::string> segments)
    : m_gates(document.gates), m_segments(std::move(segments))
{
    for (const ModelSpec& model : document.models)
        m_tiers.push_back(model.id.value);
}

double GateMargins::marginAt(const Place& place) const
{
    const auto found = m_widths.find(place);
    return found == m_widths.end() ? 0 : found->second[found->second.size() / 2];
}

void GateMargins::learn(const Projection& projection, const CandidateNumbers& numbers)
{
    for (const GateResult& result : projection.gates) {
        if (!result.estimate)
            continue;
        const Gate& gate = result.gate;
        const auto index =
            static_cast<std::size_t>(std::ranges::find(m_gates, gate) - m_gates.begin());
        const std::vector<std::string>& names = gate.per == GateScope::Tier ? m_tiers : m_segments;
        const auto slice = gate.per == GateScope::Total
                               ? 0
                               : static_cast<std::size_t>(std::ranges::find(names, result.subject) -
                                                          names.begin());
        const std::span<const SliceNumbers> parts = partsOf(gate.per, numbers);
        if (index >= m_gates.size() || slice >= parts.size() || parts[slice].requests == 0)
            continue;
        const double width = gate.atLeast ? result.estimate->value - result.estimate->low
                                          : result.estimate->high - result.estimate->value;
        const double scaled = width / scaleOf(gate.metric, parts[slice]);
        if (!std::isfinite(scaled))
            continue;
        std::vector<double>& widths = m_widths[{index, slice}];
        widths.insert(std::ranges::upper_bound(widths, scaled), scaled);
    }
}

double GateMargins::violation(const CandidateNumbers& numbers) const
{
    double sum = 0;
    for (std::size_t i = 0; i < m_gates.size(); ++i) {
        const Gate& gate = m_gates[i];
        const std::span<const SliceNumbers> parts = partsOf(gate.per, numbers);
        for (std::size_t slice = 0; slice < parts.size(); ++slice) {
            if (parts[slice].requests == 0)
                continue;
            const double value = parts[slice].value(gate.metric);
            const double learnt = marginAt({i, slice}); // a scale may be infinite
            const double margin = learnt > 0 ? learnt * scaleOf(gate.metric, parts[slice]) : 0;
            const double limit = gate.atLeast ? *gate.atLeast : gate.atMost.value_or(0);
            const double miss = gate.atLeast ? limit + margin - value : value + margin - limit;
            const double size = std::max(std::abs(limit), kSmallLimit);
            if (std::isnan(miss))
                sum += 1;
            else if (miss > kSlack * std::max(1.0, std::abs(limit)))
                sum += std::min(miss / size, kWorstMiss);
        }
    }
    return sum;
}

} // namespace signalbox
