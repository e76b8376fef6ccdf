// SPDX-License-Identifier: Apache-2.0
#include "projection_report.h"

#include "cost_chart.h"
#include "gates.h"
#include "number_text.h"
#include "text_layout.h"
#include "xml_text.h"

#include <core/policy/names.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace signalbox {

namespace {

/// One of the four numbers that the product is about, in words.
struct Headline
{
    std::string name;
    std::string value;
    std::string interval;
    std::string meaning;
};

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

const std::vector<std::string> kSliceHeader = {"",        "requests",  "share", "cost/1,000",
                                               "quality", "satisfied", "p95",   "prompts"};

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

std::string sliceTable(const std::vector<ProjectionSlice>& slices, const char* name)
{
    std::vector<std::string> header = kSliceHeader;
    header[0] = name;
    TextTable table(header);
    for (const ProjectionSlice& slice : slices)
        table.add(cellsOf(slice));
    return table.text();
}

std::string headlineTable(const Projection& projection)
{
    TextTable table({"", "", "95 % interval"});
    for (const Headline& line : headlinesOf(projection))
        table.add({line.name, line.value, line.interval});
    return table.text();
}

Json numberJson(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

Json numbersJson(const std::vector<double>& values)
{
    Json list = Json::array();
    for (const double value : values)
        list.push_back(numberJson(value));
    return list;
}

Json estimateJson(const std::optional<Estimate>& estimate)
{
    if (!estimate || !std::isfinite(estimate->value))
        return Json();
    return Json{{"value", estimate->value},
                {"low", numberJson(estimate->low)},
                {"high", numberJson(estimate->high)},
                {"n", estimate->n}};
}

Json gateJson(const GateResult& result)
{
    Json json{{"metric", nameOf(result.gate.metric)}};
    if (result.gate.atLeast)
        json["atLeast"] = *result.gate.atLeast;
    if (result.gate.atMost)
        json["atMost"] = *result.gate.atMost;
    if (result.gate.per != GateScope::Total) {
        json["per"] = result.gate.per == GateScope::Segment ? "segment" : "tier";
        json["subject"] = result.subject;
    }
    json["estimate"] = estimateJson(result.estimate);
    json["verdict"] = verdictName(result.verdict);
    json["reason"] = result.reason;
    return json;
}

Json sliceJson(const ProjectionSlice& slice)
{
    return Json{{"name", slice.name},
                {"requests", slice.requests},
                {"share", slice.share},
                {"costPer1kRequests", estimateJson(slice.costPer1k)},
                {"costSaving", estimateJson(slice.costSaving)},
                {"satisfaction", estimateJson(slice.satisfaction)},
                {"satisfactionRatio", estimateJson(slice.satisfactionRatio)},
                {"latencyP95Ms", estimateJson(slice.latencyP95Ms)},
                {"consistency", estimateJson(slice.consistency)},
                {"labPrompts", slice.prompts},
                {"borrowed", slice.borrowed},
                {"effectivePrompts", slice.effectivePrompts}};
}

Json flowJson(const RuleFlow& flow, const PolicyDocument& document)
{
    Json json;
    if (flow.rule >= 0)
        json["rule"] = document.rules[static_cast<std::size_t>(flow.rule)].id.value;
    else
        json["rule"] = flow.rule == Decision::kHoldout ? Json("holdout") : Json();
    json["requests"] = flow.requests;
    json["share"] = flow.share;
    json["costShare"] = numberJson(flow.costShare);
    json["seamLoss"] = numberJson(flow.seamLoss);
    if (flow.margin)
        json["margin"] = {{"requests", flow.margin->requests},
                          {"share", flow.margin->share},
                          {"costShare", numberJson(flow.margin->costShare)}};
    return json;
}

Json latencyJson(const LatencyView& latency)
{
    return Json{
        {"p50Ms", estimateJson(latency.p50)},           {"p95Ms", estimateJson(latency.p95)},
        {"meanMs", numberJson(latency.meanMs)},         {"tailShare", latency.tailShare},
        {"tailP50Ms", numberJson(latency.tailP50Ms)},   {"tailCount", latency.tailCount},
        {"quantilesMs", numbersJson(latency.quantiles)}};
}

/// Small pieces of a page.
std::string tag(const std::string& name, const std::string& content)
{
    return '<' + name + '>' + content + "</" + name.substr(0, name.find(' ')) + ">\n";
}

/// A line of small print; nothing where there is nothing to say.
std::string smallPrint(const std::string& text)
{
    return text.empty() ? std::string() : tag("p class=\"muted\"", xmlText(text));
}

std::string htmlRow(const std::vector<std::string>& cells, const char* cellName)
{
    std::string row;
    for (const std::string& cell : cells)
        row += std::string("<") + cellName + '>' + xmlText(cell) + "</" + cellName + '>';
    return "<tr>" + row + "</tr>\n";
}

std::string htmlSlices(const std::vector<ProjectionSlice>& slices, const char* name)
{
    if (slices.empty())
        return {};
    std::vector<std::string> header = kSliceHeader;
    header[0] = name;
    std::string table = htmlRow(header, "th");
    for (const ProjectionSlice& slice : slices)
        table += htmlRow(cellsOf(slice), "td");
    return tag("h2", std::string("By ") + name) + tag("table", table);
}

std::string htmlRules(const Projection& projection, const PolicyDocument& document)
{
    std::string table = htmlRow({"rule", "requests", "share", "of the cost", "seam loss"}, "th");
    for (const RuleFlow& flow : projection.flow)
        table +=
            htmlRow({ruleName(flow, document), countText(flow.requests), percentText(flow.share),
                     percentText(flow.costShare), valueText(flow.seamLoss, MetricUnit::Points)},
                    "td");
    return tag("h2", "By rule") + tag("table", table);
}

std::string htmlModels(const Projection& projection, const PolicyDocument& document)
{
    std::string table = htmlRow({"model", "answers", "of the cost"}, "th");
    for (std::size_t m = 0; m < document.models.size(); ++m)
        table += htmlRow({document.models[m].id.value, percentText(projection.servedShare[m]),
                          percentText(projection.spendShare[m])},
                         "td");
    return tag("h2", "By model") + tag("table", table);
}

std::string htmlGates(const Projection& projection)
{
    std::string rows;
    for (const GateResult& result : projection.gates)
        rows += "<tr><td class=\"" + std::string(verdictName(result.verdict)) + "\">" +
                verdictLabel(result.verdict) + "</td><td class=\"words\">" +
                xmlText(result.reason) + "</td></tr>\n";
    return tag("h2", "Gates") + tag("p", xmlText(gatesSummary(projection))) +
           (rows.empty() ? "" : tag("table", rows));
}

constexpr const char* kStyleSheet =
    "body{font:15px/1.5 Inter,'Helvetica Neue',Arial,sans-serif;color:#1f2328;background:#fff;"
    "max-width:960px;margin:40px auto;padding:0 24px}"
    "h1{font-size:26px;margin:0 0 4px}h2{font-size:17px;margin:36px 0 8px}"
    ".muted{color:#59636e;margin:0}.label{background:#fff4d6;color:#6b4f00;border:1px solid "
    "#b98900;"
    "border-radius:11px;padding:1px 10px;font-size:13px;font-weight:600;margin-left:10px}"
    ".numbers{display:flex;flex-wrap:wrap;gap:24px;margin:28px 0}.numbers div{flex:1 1 200px}"
    ".value{font-size:30px;font-weight:600;font-variant-numeric:tabular-nums;display:block}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{padding:6px 10px;text-align:right;border-bottom:1px solid #e6e9ec}"
    "th{color:#59636e;font-weight:500}td:first-child,th:first-child,.words{text-align:left}"
    ".met{color:#0a6b3d;font-weight:600}.notMet{color:#b3261e;font-weight:600}"
    ".notShown{color:#7a5a00;font-weight:600}td:first-child{white-space:nowrap}svg{max-width:100%;"
    "height:auto}";

} // namespace

std::string toText(const Projection& projection, const PolicyDocument& document)
{
    const std::string traffic = trafficText(projection);
    std::string out = titleOf(document) + (projection.simulated ? " (simulated)" : "") + '\n' +
                      traffic + (traffic.empty() ? "" : "\n") + basisOf(projection) + "\n\n" +
                      headlineTable(projection) + '\n';
    for (const Headline& line : headlinesOf(projection))
        out += wrapped(line.name + ": " + line.meaning + '.', "  ", "    ");
    out += '\n' + wrapped(gatesSummary(projection), "Gates: ", "  ");
    for (const GateResult& result : projection.gates)
        out += wrapped(result.reason, std::string("  [") + verdictLabel(result.verdict) + "] ",
                       "      ");
    out += "\nTiers (the model asked first)\n" + sliceTable(projection.tiers, "tier");
    out += "\nSegments\n" + sliceTable(projection.segments, "segment");
    if (!projection.notes.empty())
        out += "\nNotes\n";
    for (const std::string& note : projection.notes)
        out += wrapped(note, "  - ", "    ");
    return out;
}

Json toJson(const Projection& projection, const PolicyDocument& document)
{
    Json json{{"policy", document.id},
              {"revision", document.revision},
              {"simulated", projection.simulated},
              {"traffic", projection.traffic},
              {"syntheticTraffic", projection.syntheticTraffic},
              {"requests", projection.requests},
              {"conversations", projection.conversations},
              {"answers", projection.answers},
              {"costSaving", estimateJson(projection.costSaving)},
              {"costPer1kRequests", estimateJson(projection.costPer1k)},
              {"baselineCostPer1kRequests", estimateJson(projection.baselineCostPer1k)},
              {"costPerSatisfiedUsd", estimateJson(projection.costPerSatisfied)},
              {"latencyP95Ms", estimateJson(projection.latencyP95Ms)},
              {"satisfaction", estimateJson(projection.satisfaction)},
              {"satisfactionRatio", estimateJson(projection.satisfactionRatio)},
              {"consistency", estimateJson(projection.consistency)},
              {"allGatesMet", projection.allGatesMet()},
              {"allGatesProbability", numberJson(projection.allGatesProbability)}};
    Json gates = Json::array();
    for (const GateResult& result : projection.gates)
        gates.push_back(gateJson(result));
    json["gates"] = std::move(gates);
    json["latency"] = latencyJson(projection.latency);
    for (const auto& [name, slices] :
         {std::pair("tiers", &projection.tiers), std::pair("segments", &projection.segments)}) {
        Json list = Json::array();
        for (const ProjectionSlice& slice : *slices)
            list.push_back(sliceJson(slice));
        json[name] = std::move(list);
    }
    Json flow = Json::array();
    for (const RuleFlow& rule : projection.flow)
        flow.push_back(flowJson(rule, document));
    json["rules"] = std::move(flow);
    Json models = Json::array();
    for (std::size_t m = 0; m < document.models.size(); ++m)
        models.push_back({{"id", document.models[m].id.value},
                          {"servedShare", numberJson(projection.servedShare[m])},
                          {"spendShare", numberJson(projection.spendShare[m])}});
    json["models"] = std::move(models);
    json["unansweredShare"] = projection.unansweredShare;
    json["notes"] = projection.notes;
    return json;
}

std::string toHtml(const Projection& projection, const PolicyDocument& document,
                   const std::vector<FrontierPoint>& chart)
{
    const std::string title = xmlText(titleOf(document));
    std::string numbers;
    for (const Headline& line : headlinesOf(projection))
        numbers += "<div>" + xmlText(line.name) + "<span class=\"value\">" + xmlText(line.value) +
                   "</span>" + smallPrint(line.interval) + smallPrint(line.meaning) + "</div>\n";
    std::string notes;
    for (const std::string& note : projection.notes)
        notes += tag("li", xmlText(note));

    std::string body =
        tag("h1", title + (projection.simulated ? "<span class=\"label\">simulated</span>" : "")) +
        smallPrint(trafficText(projection)) +
        smallPrint(basisOf(projection) + "; intervals hold 95 %") +
        tag("div class=\"numbers\"", numbers) + htmlGates(projection);
    if (!chart.empty())
        body += tag("h2", "Cost against consistency") +
                costConsistencySvg(chart, costChartOf(projection, document));
    body += htmlSlices(projection.tiers, "tier") + htmlSlices(projection.segments, "segment") +
            htmlRules(projection, document) + htmlModels(projection, document);
    if (!notes.empty())
        body += tag("h2", "Notes") + tag("ul", notes);
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "style-src 'unsafe-inline'\">\n" +
           tag("title", title) + tag("style", kStyleSheet) + "</head>\n" + tag("body", body) +
           "</html>\n";
}

} // namespace signalbox
