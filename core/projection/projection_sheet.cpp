// SPDX-License-Identifier: Apache-2.0
#include "projection_sheet.h"

#include "number_text.h"

#include <core/policy/names.h>
#include <core/routing/compiled_policy.h>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

std::string percentText(double share)
{
    return valueText(share, MetricUnit::Percent);
}

Headline headline(const char* name, const std::optional<Estimate>& estimate, MetricUnit unit,
                  std::string meaning)
{
    if (!estimate)
        return {name, "unknown", "", std::move(meaning)};
    const std::string value = valueText(estimate->value, unit);
    const std::string interval = intervalText(*estimate, unit);
    return {name, value, interval == value ? "" : interval, std::move(meaning)};
}

std::string tailText(const LatencyView& latency)
{
    const std::string lost =
        latency.unanswered == 0
            ? ""
            : countOf(latency.unanswered, "request", "requests") + " without any answer; ";
    if (latency.tailCount == 0)
        return lost.empty() ? "every first attempt answered" : lost + "none by a later attempt";
    return lost + countOf(latency.tailCount, "request", "requests") + " (" +
           percentText(latency.tailShare) + ") past a first attempt that did not answer, median " +
           valueText(latency.tailP50Ms, MetricUnit::Seconds);
}

std::string seamsText(const Projection& projection)
{
    if (!projection.consistency)
        return "0 to 100";
    double switches = 0;
    for (const ConsistencyLoss& loss : projection.seams.losses)
        switches += loss.seamShare;
    return "0 to 100; the model changes at " + percentText(switches) +
           " of the steps within conversations";
}

std::array<Headline, 4> headlinesOf(const Projection& projection)
{
    return {
        headline("Cost saving", projection.costSaving, MetricUnit::Percent,
                 estimateText(projection.costPer1k, MetricUnit::Usd) + " instead of " +
                     estimateText(projection.baselineCostPer1k, MetricUnit::Usd) +
                     " per 1,000 requests"),
        headline("p95 latency", projection.latencyP95Ms, MetricUnit::Seconds,
                 tailText(projection.latency)),
        headline("Quality", projection.satisfactionRatio, MetricUnit::Percent,
                 "of the baseline's satisfaction; " +
                     estimateText(projection.satisfaction, MetricUnit::Percent) +
                     " of requests satisfied"),
        headline("Consistency", projection.consistency, MetricUnit::Points, seamsText(projection))};
}

std::string titleOf(const PolicyDocument& document)
{
    return document.name + ", revision " + std::to_string(document.revision);
}

/// What was replayed; empty if it has no name.
std::string trafficText(const Projection& projection)
{
    if (projection.traffic.empty())
        return "";
    return "Traffic: " + projection.traffic + (projection.syntheticTraffic ? " (synthetic)" : "");
}

std::string basisOf(const Projection& projection)
{
    return countOf(projection.requests, "request", "requests") + " in " +
           countOf(projection.conversations, "conversation", "conversations") + ", " +
           countOf(projection.answers, "recorded answer", "recorded answers") +
           (projection.simulatedAnswers ? ", simulated" : "");
}

std::string gatesSummary(const Projection& projection)
{
    if (projection.gates.empty())
        return "The policy has no gates.";
    std::string counts;
    for (const Verdict verdict : {Verdict::NotMet, Verdict::NotShown}) {
        const auto n = std::ranges::count(projection.gates, verdict, &GateResult::verdict);
        if (n > 0)
            counts += ", " + std::to_string(n) + ' ' + verdictLabel(verdict);
    }
    const auto met = std::ranges::count(projection.gates, Verdict::Met, &GateResult::verdict);
    return std::to_string(met) + " of " +
           countOf(projection.gates.size(), "gate is met", "gates are met") + counts +
           "; all hold at once in " + percentText(projection.allGatesProbability) +
           " of the resamples.";
}

std::string ruleName(const RuleFlow& flow, const PolicyDocument& document)
{
    Decision decision;
    decision.rule = flow.rule;
    return nameOf(decision, document);
}

std::vector<std::string> cellsOf(const ProjectionSlice& slice)
{
    const auto bare = [](const std::optional<Estimate>& estimate, MetricUnit unit) {
        return estimate ? valueText(estimate->value, unit) : std::string("unknown");
    };
    return {slice.name,
            countText(slice.requests),
            percentText(slice.share),
            bare(slice.costPer1k, MetricUnit::Usd),
            bare(slice.satisfactionRatio, MetricUnit::Percent),
            bare(slice.satisfaction, MetricUnit::Percent),
            bare(slice.latencyP95Ms, MetricUnit::Seconds),
            countText(slice.prompts)};
}

SheetTable sliceTable(const std::vector<ProjectionSlice>& slices, const char* name)
{
    SheetTable table{
        std::string("By ") + name,
        {name, "requests", "share", "cost/1,000", "quality", "satisfied", "p95", "prompts"},
        {}};
    for (const ProjectionSlice& slice : slices)
        table.rows.push_back(cellsOf(slice));
    return table;
}

SheetTable ruleTable(const Projection& projection, const PolicyDocument& document)
{
    SheetTable table{"By rule", {"rule", "requests", "share", "of the cost", "seam loss"}, {}};
    for (const RuleFlow& flow : projection.flow)
        table.rows.push_back({ruleName(flow, document), countText(flow.requests),
                              percentText(flow.share), percentText(flow.costShare),
                              valueText(flow.seamLoss, MetricUnit::Points)});
    return table;
}

SheetTable modelTable(const Projection& projection, const PolicyDocument& document)
{
    SheetTable table{"By model", {"model", "answers", "of the cost"}, {}};
    for (std::size_t m = 0; m < document.models.size(); ++m)
        table.rows.push_back({document.models[m].id.value, percentText(projection.servedShare[m]),
                              percentText(projection.spendShare[m])});
    return table;
}

} // namespace

ProjectionSheet sheetOf(const Projection& projection, const PolicyDocument& document)
{
    ProjectionSheet sheet;
    sheet.title = titleOf(document);
    sheet.isSimulated = projection.simulated;
    sheet.traffic = trafficText(projection);
    sheet.basis = basisOf(projection);
    sheet.numbers = headlinesOf(projection);
    sheet.gates = gatesSummary(projection);
    sheet.judged = projection.gates;
    sheet.tiers = sliceTable(projection.tiers, "tier");
    sheet.segments = sliceTable(projection.segments, "segment");
    sheet.rules = ruleTable(projection, document);
    sheet.models = modelTable(projection, document);
    sheet.notes = projection.notes;
    return sheet;
}

} // namespace signalbox
