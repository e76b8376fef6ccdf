// SPDX-License-Identifier: Apache-2.0
#include "frontier_report.h"

#include <core/policy/policy_json.h>
#include <core/projection/gates.h>
#include <core/projection/number_text.h>
#include <core/projection/projection_report.h>
#include <core/projection/text_layout.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox {

namespace {

/// Names of kFrontierMetrics in files.
constexpr std::array kNumberNames = {"costSaving", "latencyP95Ms", "satisfactionRatio",
                                     "consistency"};

std::string percentText(double share)
{
    return valueText(share, MetricUnit::Percent);
}

std::string sizeText(double size)
{
    return std::isfinite(size) && size < 1e6 ? countText(static_cast<std::size_t>(size))
           : std::isfinite(size)             ? "about " + fixedText(size / 1e6, 1) + " million"
                                             : std::string("countless");
}

std::string basisText(const Frontier& frontier)
{
    const ConversationHalves& halves = frontier.halves;
    return "Searched on " + countOf(halves.searchConversations, "conversation", "conversations") +
           " (" + countOf(halves.searchRequests, "request", "requests") +
           "), reported on the other " + countText(halves.reportConversations) + " (" +
           countOf(halves.reportRequests, "request", "requests") + "); seed " +
           std::to_string(frontier.seed) + ".";
}

std::string effortText(const Frontier& frontier)
{
    return countText(frontier.scored) + " of " + sizeText(frontier.spaceSize) + " policies (" +
           countOf(frontier.knobs.size(), "setting", "settings") + ") were scored, " +
           (frontier.isExhaustive
                ? "which is all of them: by point values no better front exists there. "
                : "chosen by NSGA-II: a better front may exist. ") +
           countText(frontier.feasible) + (frontier.feasible == 1 ? " keeps" : " keep") +
           " every gate by point values; " + countText(frontier.projected) +
           (frontier.projected == 1 ? " was" : " were") + " projected with intervals.";
}

/// "7 of 9": gates that are met as far as the data show.
std::string gatesText(const Projection& projection)
{
    if (projection.gates.empty())
        return "none";
    const auto met = std::ranges::count(projection.gates, Verdict::Met, &GateResult::verdict);
    return std::to_string(met) + " of " + std::to_string(projection.gates.size());
}

std::string bare(const std::optional<Estimate>& estimate, MetricUnit unit)
{
    return estimate ? valueText(estimate->value, unit) : std::string("unknown");
}

std::string interval(const std::optional<Estimate>& estimate, MetricUnit unit)
{
    return estimate && estimate->low < estimate->high ? intervalText(*estimate, unit)
                                                      : std::string();
}

void addRows(TextTable& table, const FrontierChoice& choice, const std::string& name)
{
    std::vector<std::string> values = {name};
    std::vector<std::string> intervals = {""};
    for (const GateMetric metric : kFrontierMetrics) {
        const auto estimate = metricOf(choice.report, metric);
        values.push_back(bare(estimate, unitOf(metric)));
        intervals.push_back(interval(estimate, unitOf(metric)));
    }
    values.push_back(percentText(choice.report.allGatesProbability));
    values.push_back(gatesText(choice.report));
    table.add(std::move(values));
    if (std::ranges::any_of(intervals, [](const std::string& cell) { return !cell.empty(); }))
        table.add(std::move(intervals));
}

std::string pointsTable(const Frontier& frontier)
{
    TextTable table(
        {"", "cost saving", "p95 latency", "quality", "consistency", "P(all)", "gates met"});
    for (const FrontierChoice& choice : frontier.points)
        addRows(table, choice, choice.name + (choice.isStillPareto ? "" : " *"));
    addRows(table, frontier.present, "as it is");
    for (const FrontierChoice& model : frontier.models)
        addRows(table, model, model.name);
    return table.text();
}

std::string changesText(const Frontier& frontier)
{
    std::string out;
    for (const FrontierChoice& choice : frontier.points) {
        std::string list;
        for (const TurnedKnob& turned : turnedBy(frontier, choice))
            list += (list.empty() ? "" : "; ") + textOf(turned);
        out += wrapped(list.empty() ? "the policy as it is" : list, "  " + choice.name + ": ",
                       "      ");
    }
    return out;
}

std::string segmentsTable(const FrontierChoice& choice)
{
    TextTable table(
        {"segment", "requests", "saving", "p95", "quality", "", "consistency", "prompts"});
    for (const ProjectionSlice& slice : choice.report.segments)
        table.add({slice.name, countText(slice.requests),
                   bare(slice.costSaving, MetricUnit::Percent),
                   bare(slice.latencyP95Ms, MetricUnit::Seconds),
                   bare(slice.satisfactionRatio, MetricUnit::Percent),
                   interval(slice.satisfactionRatio, MetricUnit::Percent),
                   bare(slice.consistency, MetricUnit::Points), countText(slice.prompts)});
    return table.text();
}

std::string optimismTable(const SearchOptimism& optimism)
{
    TextTable table({"", "cost saving", "p95 latency", "quality", "consistency"});
    const auto add = [&](const char* name, const FourNumbers& numbers) {
        std::vector<std::string> row = {name};
        for (std::size_t i = 0; i < numbers.size(); ++i)
            row.push_back((numbers[i] > 0 ? "+" : "") +
                          valueText(numbers[i], unitOf(kFrontierMetrics[i])));
        table.add(std::move(row));
    };
    add("mean of the points", optimism.mean);
    add("worst of them", optimism.worst);
    add("the policy as it is", optimism.present);
    return table.text();
}

std::string measuresText(const RoutingMeasures& measures)
{
    const auto share = [](const std::optional<double>& value) {
        return value ? percentText(*value) : std::string("never");
    };
    const auto improvement = [](double value) {
        return std::isnan(value) ? std::string("unknown") : percentText(value);
    };
    return wrapped(
        "From " + measures.weak.value + " (satisfies least) to " + measures.strong.value +
            " (most): APGR " + fixedText(measures.averageGapRecovered, 3) + ", CPT(50 %) " +
            share(measures.callsForHalf) + " and CPT(80 %) " + share(measures.callsForMost) +
            " of the calls; AIQ " + improvement(measures.improvement) + " against " +
            improvement(measures.improvementOfModels) +
            " of the models alone; CostSave at 95 % of the satisfaction " +
            share(measures.savingAtMost) + ", at all of it " + share(measures.savingAtAll) + ".",
        "  ", "  ");
}

Json numberJson(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

Json fourJson(const FourNumbers& numbers)
{
    Json json;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        json[kNumberNames[i]] = numberJson(numbers[i]);
    return json;
}

Json optionalJson(const std::optional<double>& value)
{
    return value ? numberJson(*value) : Json();
}

Json choiceJson(const Frontier& frontier, const FrontierChoice& choice)
{
    Json json{{"name", choice.name}};
    if (choice.kind == FrontierChoice::Kind::Found) {
        json["stillPareto"] = choice.isStillPareto;
        Json changes = Json::array();
        for (const TurnedKnob& turned : turnedBy(frontier, choice))
            changes.push_back({{"rule", turned.rule},
                               {"setting", turned.what},
                               {"from", turned.from},
                               {"to", turned.to}});
        json["changes"] = std::move(changes);
    }
    json["gapRecovered"] = numberJson(choice.gapRecovered);
    json["strongShare"] = numberJson(choice.strongShare);
    json["onSearchHalf"] = fourJson(fourNumbersOf(choice.search));
    json["projection"] = toJson(choice.report, choice.policy);
    if (choice.kind == FrontierChoice::Kind::Found)
        json["policy"] = toJson(choice.policy);
    return json;
}

Json measuresJson(const RoutingMeasures& measures)
{
    return {{"weak", measures.weak.value},
            {"strong", measures.strong.value},
            {"apgr", numberJson(measures.averageGapRecovered)},
            {"cpt50", optionalJson(measures.callsForHalf)},
            {"cpt80", optionalJson(measures.callsForMost)},
            {"aiq", numberJson(measures.improvement)},
            {"aiqOfModels", numberJson(measures.improvementOfModels)},
            {"costSaveAt95", optionalJson(measures.savingAtMost)},
            {"costSaveAt100", optionalJson(measures.savingAtAll)}};
}

} // namespace

std::vector<TurnedKnob> turnedBy(const Frontier& frontier, const FrontierChoice& choice)
{
    std::vector<TurnedKnob> list;
    for (const std::size_t place : choice.turned) {
        const Knob& knob = frontier.knobs[place];
        const bool isWhole = knob.kind == KnobKind::Stickiness;
        list.push_back({knob.rule ? knob.rule->value
                        : isWhole ? "policy"
                                  : "otherwise",
                        knob.what, knob.choices[knob.current], knob.choices[choice.genome[place]]});
    }
    return list;
}

std::string textOf(const TurnedKnob& turned)
{
    return turned.rule + ": " + turned.what + ' ' + turned.from + " -> " + turned.to;
}

std::string toText(const Frontier& frontier)
{
    const Projection& present = frontier.present.report;
    std::string out = frontier.present.policy.name + ", revision " +
                      std::to_string(frontier.present.policy.revision) + ": " +
                      countOf(frontier.points.size(), "point", "points") + " of the frontier" +
                      (present.simulatedAnswers ? " (simulated)" : "") + '\n';
    if (!present.traffic.empty())
        out +=
            "Traffic: " + present.traffic + (present.syntheticTraffic ? " (synthetic)" : "") + '\n';
    out += wrapped(basisText(frontier), "", "") + wrapped(effortText(frontier), "", "") + '\n';
    out += "On the report half, with 95 % intervals; P(all): resamples in which every gate holds. "
           "Below the\npoints the policy as it is, and each model alone\n" +
           pointsTable(frontier);
    if (!std::ranges::all_of(frontier.points, &FrontierChoice::isStillPareto))
        out += "  * another point is nowhere worse and somewhere better on the report half\n";
    out += "\nWhat the points change\n" + changesText(frontier);
    if (const FrontierChoice* best = frontier.best(); best && !best->report.segments.empty())
        out += "\nSegments under point " + best->name +
               ", which saves most of those that are shown to meet every gate\n" +
               segmentsTable(*best);
    out += "\nOptimism: what the search half promised more than the report half shows\n" +
           optimismTable(frontier.optimism) +
           "  The last row is what the halves differ by for a policy that nobody chose by them.\n";
    if (frontier.measures)
        out += "\nFor comparison with the literature\n" + measuresText(*frontier.measures);
    out += "\nAssumptions\n";
    for (const std::string& note : frontier.notes)
        out += wrapped(note, "  - ", "    ");
    return out;
}

std::string adoptionText(const Frontier& frontier, const FrontierChoice& choice)
{
    std::string out;
    for (const TurnedKnob& knob : turnedBy(frontier, choice))
        out += wrapped(textOf(knob), "  ", "    ");
    if (out.empty())
        out = "  nothing: the point is the policy as it is\n";
    TextTable table({"", "as it is", "", "point " + choice.name, ""});
    for (const GateMetric metric : kFrontierMetrics) {
        const auto before = metricOf(frontier.present.report, metric);
        const auto after = metricOf(choice.report, metric);
        table.add({gateMetricLabel(metric), bare(before, unitOf(metric)),
                   interval(before, unitOf(metric)), bare(after, unitOf(metric)),
                   interval(after, unitOf(metric))});
    }
    out += table.text();
    for (const GateResult& after : choice.report.gates) {
        const auto before =
            std::ranges::find_if(frontier.present.report.gates, [&](const GateResult& result) {
                return result.gate == after.gate && result.subject == after.subject;
            });
        const bool isNew = before == frontier.present.report.gates.end();
        if (!isNew && before->verdict == after.verdict && after.verdict == Verdict::Met)
            continue;
        const std::string was = isNew || before->verdict == after.verdict
                                    ? std::string()
                                    : std::string(verdictLabel(before->verdict)) + " -> ";
        out +=
            wrapped("[" + was + verdictLabel(after.verdict) + "] " + after.reason, "  ", "      ");
    }
    return out;
}

Json toJson(const Frontier& frontier)
{
    Json json{{"policy", frontier.present.policy.id},
              {"revision", frontier.present.policy.revision},
              {"simulated", frontier.present.report.simulated},
              {"seed", frontier.seed},
              {"halves",
               {{"byUser", frontier.halves.byUser},
                {"searchConversations", frontier.halves.searchConversations},
                {"searchRequests", frontier.halves.searchRequests},
                {"reportConversations", frontier.halves.reportConversations},
                {"reportRequests", frontier.halves.reportRequests}}},
              {"search",
               {{"policies", numberJson(frontier.spaceSize)},
                {"scored", frontier.scored},
                {"possible", frontier.possible},
                {"keepingGates", frontier.feasible},
                {"projected", frontier.projected},
                {"exhaustive", frontier.isExhaustive},
                {"shownOnSearchHalf", frontier.isShownOnSearch}}}};
    Json knobs = Json::array();
    for (const Knob& knob : frontier.knobs)
        knobs.push_back({{"rule", knob.rule ? Json(knob.rule->value) : Json()},
                         {"setting", knob.what},
                         {"current", knob.choices[knob.current]},
                         {"choices", knob.choices}});
    json["settings"] = std::move(knobs);
    Json points = Json::array();
    for (const FrontierChoice& choice : frontier.points)
        points.push_back(choiceJson(frontier, choice));
    json["points"] = std::move(points);
    json["present"] = choiceJson(frontier, frontier.present);
    Json models = Json::array();
    for (const FrontierChoice& model : frontier.models)
        models.push_back(choiceJson(frontier, model));
    json["models"] = std::move(models);
    json["best"] = frontier.best() ? Json(frontier.best()->name) : Json();
    json["optimism"] = {{"mean", fourJson(frontier.optimism.mean)},
                        {"worst", fourJson(frontier.optimism.worst)},
                        {"present", fourJson(frontier.optimism.present)}};
    json["literature"] = frontier.measures ? measuresJson(*frontier.measures) : Json();
    json["notes"] = frontier.notes;
    return json;
}

} // namespace signalbox
