// SPDX-License-Identifier: Apache-2.0
#include "projection.h"

#include "projection_builder.h"
#include "replayed_policy.h"
#include "threshold_drag.h"
#include "traffic_keys.h"

#include <core/routing/column_decider.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace signalbox {

bool Projection::allGatesMet() const
{
    return std::ranges::all_of(
        gates, [](const GateResult& result) { return result.verdict == Verdict::Met; });
}

FrontierPoint frontierPointOf(const Projection& projection, std::string name,
                              FrontierPoint::Kind kind)
{
    return {std::move(name),         kind,
            projection.costPer1k,    projection.consistency,
            projection.satisfaction, projection.latencyP95Ms,
            projection.gates};
}

std::vector<const GateResult*> openGatesOffTheAxes(const FrontierPoint& point)
{
    std::vector<const GateResult*> open;
    for (const GateResult& result : point.gates) {
        const GateMetric metric = result.gate.metric;
        const bool isAnAxis = metric == GateMetric::CostSaving || metric == GateMetric::CostPer1k ||
                              metric == GateMetric::Consistency;
        if (result.verdict != Verdict::Met && !(isAnAxis && result.gate.per == GateScope::Total))
            open.push_back(&result);
    }
    return open;
}

std::vector<GateMetric> metricsOffTheAxes(const FrontierPoint& point)
{
    std::vector<GateMetric> metrics;
    for (const GateResult* result : openGatesOffTheAxes(point)) {
        if (std::ranges::find(metrics, result->gate.metric) == metrics.end())
            metrics.push_back(result->gate.metric);
    }
    return metrics;
}

Projector::Projector(std::shared_ptr<const Traffic> traffic,
                     std::shared_ptr<const EvidenceTable> evidence)
    : m_impl(std::make_unique<Impl>(std::move(traffic), std::move(evidence)))
{}
Projector::~Projector() = default;
Projector::Projector(Projector&&) noexcept = default;
Projector& Projector::operator=(Projector&&) noexcept = default;

Result<Projection> Projector::Impl::project(const PolicyDocument& document,
                                            const ProjectionOptions& options,
                                            const Projection* lender)
{
    if (traffic->rowCount() == 0)
        return fail(ErrorCode::InvalidArgument, "The traffic holds no requests.", {},
                    "open a traffic file with at least one request");
    if (options.conversations && (options.conversations->size() != traffic->conversationCount() ||
                                  std::ranges::count(*options.conversations, true) == 0))
        return fail(ErrorCode::InvalidArgument, "None of the conversations counts.");
    const bool isFull = options.draws > 0;
    const Result<ReplayedPolicy> replayed =
        replayPolicy(document, ground, columns, replays, lastCompiled, options, isFull);
    if (!replayed)
        return Unexpected(replayed.error());
    if (options.stop && options.stop->load())
        return fail(ErrorCode::Cancelled, "The projection was stopped.");
    ProjectionBuilder builder(document, options, ground, *replayed);
    if (isFull && !builder.drawResamples())
        return fail(ErrorCode::Cancelled, "The projection was stopped.");
    return builder.build(lender);
}

Result<Projection> Projector::project(const PolicyDocument& document,
                                      const ProjectionOptions& options)
{
    const bool isFull = options.draws > 0;
    const bool isWhole = !options.conversations; // a part's intervals are too wide for the whole
    Result<Projection> projection = m_impl->project(
        document, options,
        isFull || !isWhole ? nullptr : m_impl->lenders.find(document, options.styles));
    if (projection && isFull && isWhole)
        m_impl->lenders.add(document, options.styles, *projection);
    return projection;
}

Result<ReplayedRows> Projector::replay(const PolicyDocument& document,
                                       const ProjectionOptions& options)
{
    const Result<ReplayedPolicy> replayed =
        replayPolicy(document, m_impl->ground, m_impl->columns, m_impl->replays,
                     m_impl->lastCompiled, options, false);
    if (!replayed)
        return Unexpected(replayed.error());
    ReplayedRows rows;
    const std::size_t count = m_impl->traffic->rowCount();
    rows.rule = replayed->rule;
    for (std::size_t row = 0; row < count; ++row) {
        rows.tier.push_back(replayed->tier[row]);
        rows.served.push_back(replayed->served(row));
        rows.firstTokenMs.push_back(static_cast<double>(replayed->row(row).firstTokenMs));
        const std::int64_t cost = replayed->cost(row);
        rows.costUsd.push_back(cost == PlanReplay::kUnknownCost
                                   ? std::numeric_limits<double>::quiet_NaN()
                                   : Money{cost}.usd());
        rows.satisfied.push_back(satisfiedAt(*replayed, m_impl->ground, row));
    }
    return rows;
}

Result<std::vector<double>> Projector::signalColumn(const PolicyDocument& document,
                                                    const SignalId& signal,
                                                    std::shared_ptr<const UserStyles> styles)
{
    const auto found = std::ranges::find(document.signalList, signal, &Signal::id);
    if (found == document.signalList.end())
        return fail(ErrorCode::NotFound, "The policy has no signal \"" + signal.value + "\".");
    if (valueTypeOf(*found) != ValueType::Number)
        return fail(ErrorCode::InvalidArgument,
                    "The signal \"" + signal.value + "\" is not a number.");
    if (const Result<void> selected = m_impl->columns.select(document, std::move(styles));
        !selected)
        return Unexpected(selected.error());
    return m_impl->columns.numbers(static_cast<std::size_t>(found - document.signalList.begin()));
}

Result<ThresholdDrag> Projector::prepareDrag(const PolicyDocument& document,
                                             const ThresholdPlace& place,
                                             const ProjectionOptions& options)
{
    return ThresholdDrag::make(*this, document, place, options);
}

Result<std::vector<bool>> Projector::rowsReaching(const PolicyDocument& document, std::size_t index,
                                                  std::shared_ptr<const UserStyles> styles)
{
    PolicyDocument above = document;
    above.rules.resize(std::min(index, above.rules.size()));
    const Result<CompiledPolicy> policy = CompiledPolicy::compile(above, nullptr, styles);
    if (!policy)
        return Unexpected(policy.error());
    if (const Result<void> selected = m_impl->columns.select(above, std::move(styles)); !selected)
        return Unexpected(selected.error());
    SignalColumns& columns = m_impl->columns;
    const ColumnDecider decider(*policy, columns.columns(),
                                ColumnDecider::needsStyles(*policy) ? &columns.requestStyles()
                                                                    : nullptr);
    std::vector<ColumnDecider::Claim> claims(m_impl->traffic->rowCount());
    decider.claim(0, claims);
    std::vector<bool> reaching;
    for (std::size_t row = 0; row < claims.size(); ++row) {
        const RoutingKeys keys = routingKeysOf(*m_impl->traffic, row);
        reaching.push_back(decider.decisionOf(claims[row], keys).rule == Decision::kOtherwise);
    }
    return reaching;
}

const Traffic& Projector::traffic() const
{
    return *m_impl->traffic;
}

const EvidenceTable& Projector::evidence() const
{
    return *m_impl->evidence;
}

} // namespace signalbox
