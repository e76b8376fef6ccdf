// SPDX-License-Identifier: Apache-2.0
#include "projection_report.h"

#include "cost_chart.h"
#include "gates.h"
#include "number_text.h"
#include "projection_sheet.h"
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

std::string textOf(const SheetTable& sheet)
{
    TextTable table(sheet.header);
    for (const std::vector<std::string>& row : sheet.rows)
        table.add(row);
    return table.text();
}

std::string headlineTable(const ProjectionSheet& sheet)
{
    TextTable table({"", "", "95 % interval"});
    for (const Headline& line : sheet.numbers)
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

std::string htmlTable(const SheetTable& sheet)
{
    if (sheet.rows.empty())
        return {};
    std::string table = htmlRow(sheet.header, "th");
    for (const std::vector<std::string>& row : sheet.rows)
        table += htmlRow(row, "td");
    return tag("h2", sheet.title) + tag("table", table);
}

std::string htmlGates(const ProjectionSheet& sheet)
{
    std::string rows;
    for (const GateResult& result : sheet.judged)
        rows += "<tr><td class=\"" + std::string(verdictName(result.verdict)) + "\">" +
                verdictLabel(result.verdict) + "</td><td class=\"words\">" +
                xmlText(result.reason) + "</td></tr>\n";
    return tag("h2", "Gates") + tag("p", xmlText(sheet.gates)) +
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
    const ProjectionSheet sheet = sheetOf(projection, document);
    std::string out = sheet.title + (sheet.isSimulated ? " (simulated)" : "") + '\n' +
                      sheet.traffic + (sheet.traffic.empty() ? "" : "\n") + sheet.basis + "\n\n" +
                      headlineTable(sheet) + '\n';
    for (const Headline& line : sheet.numbers)
        out += wrapped(line.name + ": " + line.meaning + '.', "  ", "    ");
    out += '\n' + wrapped(sheet.gates, "Gates: ", "  ");
    for (const GateResult& result : sheet.judged)
        out += wrapped(result.reason, std::string("  [") + verdictLabel(result.verdict) + "] ",
                       "      ");
    out += "\nTiers (the model asked first)\n" + textOf(sheet.tiers);
    out += "\nSegments\n" + textOf(sheet.segments);
    if (!sheet.notes.empty())
        out += "\nNotes\n";
    for (const std::string& note : sheet.notes)
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
    const ProjectionSheet sheet = sheetOf(projection, document);
    const std::string title = xmlText(sheet.title);
    std::string numbers;
    for (const Headline& line : sheet.numbers)
        numbers += "<div>" + xmlText(line.name) + "<span class=\"value\">" + xmlText(line.value) +
                   "</span>" + smallPrint(line.interval) + smallPrint(line.meaning) + "</div>\n";
    std::string notes;
    for (const std::string& note : sheet.notes)
        notes += tag("li", xmlText(note));

    std::string body =
        tag("h1", title + (sheet.isSimulated ? "<span class=\"label\">simulated</span>" : "")) +
        smallPrint(sheet.traffic) + smallPrint(sheet.basis + "; intervals hold 95 %") +
        tag("div class=\"numbers\"", numbers) + htmlGates(sheet);
    if (!chart.empty())
        body += tag("h2", "Cost against consistency") +
                costConsistencySvg(chart, costChartOf(projection, document));
    body += htmlTable(sheet.tiers) + htmlTable(sheet.segments) + htmlTable(sheet.rules) +
            htmlTable(sheet.models);
    if (!notes.empty())
        body += tag("h2", "Notes") + tag("ul", notes);
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "style-src 'unsafe-inline'\">\n" +
           tag("title", title) + tag("style", kStyleSheet) + "</head>\n" + tag("body", body) +
           "</html>\n";
}

} // namespace signalbox
