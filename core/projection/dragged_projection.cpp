// SPDX-License-Identifier: Apache-2.0
#include "dragged_projection.h"

#include "borrowed_intervals.h"
#include "gates.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace signalbox {

namespace {

/// What was known stays known.
void move(std::optional<Estimate>& estimate, double value)
{
    if (!estimate)
        return;
    if (std::isnan(value))
        estimate.reset();
    else
        estimate = Estimate{value, value, value, estimate->n};
}

template<class Part>
void moveNumbers(Part& part, const ReplayTotals& totals, const ReplayTotals& baseline,
                 bool hasSeams)
{
    move(part.costPer1k, totals.meanCostUsd() * 1000);
    move(part.costSaving, 1 - totals.meanCostUsd() / baseline.meanCostUsd());
    move(part.satisfaction, totals.meanQuality());
    move(part.satisfactionRatio, totals.meanQuality() / baseline.meanQuality());
    move(part.latencyP95Ms, static_cast<double>(totals.latencyP95Ms));
    if (hasSeams)
        move(part.consistency, totals.consistency());
}

void movePart(ProjectionSlice& slice, const DraggedPart& part, std::size_t all, bool hasSeams)
{
    slice.requests = part.totals.requests;
    slice.share = static_cast<double>(slice.requests) / static_cast<double>(all);
    moveNumbers(slice, part.totals, part.baseline, hasSeams);
}

/// @param nameOf  of each part
template<class NameOf>
void moveParts(std::vector<ProjectionSlice>& slices, const std::vector<DraggedPart>& parts,
               std::size_t all, bool hasSeams, const NameOf& nameOf)
{
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto slice = std::ranges::find(slices, nameOf(i), &ProjectionSlice::name);
        if (slice == slices.end())
            continue;
        if (parts[i].totals.requests == 0)
            slices.erase(slice);
        else
            movePart(*slice, parts[i], all, hasSeams);
    }
}

void moveFlow(Projection& projection, const PolicyDocument& document, const DraggedParts& parts)
{
    // Which requests a margin claims is not counted.
    if (std::ranges::any_of(document.rules,
                            [](const Rule& rule) { return rule.uncertain.has_value(); }))
        return;
    const auto all = static_cast<double>(projection.requests);
    const std::size_t rules = document.rules.size();
    std::int64_t cost = 0;
    for (const DraggedLane& lane : parts.lanes)
        cost += lane.costPico;
    std::vector<double> served(document.models.size(), 0);
    for (RuleFlow& flow : projection.flow) {
        const std::size_t place = flow.rule >= 0 ? static_cast<std::size_t>(flow.rule)
                                  : flow.rule == Decision::kOtherwise ? rules
                                                                      : rules + 1;
        if (place >= parts.lanes.size())
            continue;
        const DraggedLane& lane = parts.lanes[place];
        flow.requests = lane.requests;
        flow.share = static_cast<double>(lane.requests) / all;
        flow.costShare =
            cost == 0 ? 0 : static_cast<double>(lane.costPico) / static_cast<double>(cost);
        flow.seamLoss = parts.seams == 0
                            ? 0
                            : static_cast<double>(lane.loss) / NoticeabilityTable::kOne /
                                  static_cast<double>(parts.seams);
        for (std::size_t model = 0; model < flow.models.size(); ++model) {
            flow.models[model] = static_cast<double>(lane.served[model]) / all;
            served[model] += flow.models[model];
        }
    }
    projection.servedShare = std::move(served);
    std::uint64_t answered = 0;
    for (const DraggedLane& lane : parts.lanes)
        answered += std::reduce(lane.served.begin(), lane.served.end());
    projection.unansweredShare = (all - static_cast<double>(answered)) / all;
}

std::optional<Estimate> subjectOf(const Projection& projection, const GateResult& result)
{
    if (result.subject.empty())
        return metricOf(projection, result.gate.metric);
    const auto& slices =
        result.gate.per == GateScope::Tier ? projection.tiers : projection.segments;
    const auto found = std::ranges::find(slices, result.subject, &ProjectionSlice::name);
    return found == slices.end() ? std::nullopt : metricOf(*found, result.gate.metric);
}

bool isGone(const Projection& projection, const GateResult& result)
{
    return result.gate.per == GateScope::Tier &&
           std::ranges::find(projection.tiers, result.subject, &ProjectionSlice::name) ==
               projection.tiers.end();
}

/// By what they were judged before; the results of one gate, which stand together, worst first.
void judgeAgain(Projection& projection)
{
    std::vector<GateResult> all;
    std::vector<GateResult> ofOne;
    const auto closeGate = [&] {
        sortWorstFirst(ofOne);
        std::ranges::move(ofOne, std::back_inserter(all));
        ofOne.clear();
    };
    for (const GateResult& before : projection.gates) {
        if (!ofOne.empty() && !(ofOne.front().gate == before.gate))
            closeGate();
        if (!isGone(projection, before))
            ofOne.push_back(judge(before.gate, {before.subject, subjectOf(projection, before),
                                                before.prompts, before.objection}));
    }
    closeGate();
    projection.gates = std::move(all);
}

} // namespace

Projection draggedProjection(const Projection& start, const PolicyDocument& document,
                             const Traffic& traffic, const ThresholdDrag& drag,
                             const ReplayTotals& totals, const DraggedParts* parts)
{
    Projection moved = start;
    moved.quick = true;
    moved.following = true;
    moved.costOfRow.reset();
    moveNumbers(moved, totals, drag.baseline(), drag.hasSeams());
    if (moved.costPerSatisfied) // where failures cost nothing, as here
        move(moved.costPerSatisfied, totals.meanCostUsd() / totals.meanQuality());
    if (parts) {
        moveParts(moved.segments, parts->segments, moved.requests, drag.hasSeams(),
                  [&](std::size_t i) {
                      return i < traffic.segments.size() ? traffic.segments[i] : std::string();
                  });
        moveParts(moved.tiers, parts->tiers, moved.requests, drag.hasSeams(),
                  [&](std::size_t i) { return document.models[i].id.value; });
        moveFlow(moved, document, *parts);
    }
    borrowIntervals(moved, start);
    moved.latency = start.latency;
    judgeAgain(moved);
    return moved;
}

} // namespace signalbox
