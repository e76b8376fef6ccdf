// SPDX-License-Identifier: Apache-2.0
#include "behaviour_report.h"

#include "number_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace signalbox {

namespace {

/// "+3.1", "-0.42", "0": a difference with its sign.
std::string signedText(double value, int decimals)
{
    const std::string text = fixedText(value, decimals);
    const bool isNothing = text.find_first_of("123456789") == std::string::npos;
    return isNothing ? "0" : value > 0 ? "+" + text : text;
}

struct Unit
{
    double scale = 1;
    int decimals = 1;
    const char* suffix = "";
};
constexpr Unit kPercent{100, 1, " %"};
constexpr Unit kPoints{100, 1, " pts"};
constexpr Unit kScore{100, 1, ""};
constexpr Unit kSeconds{1e-3, 2, " s"};
constexpr Unit kUsd{1, 4, " USD"};

std::string changeText(const std::optional<Estimate>& change, const Unit& unit)
{
    if (!change)
        return "unknown";
    const auto text = [&](double value) { return signedText(value * unit.scale, unit.decimals); };
    std::string value = text(change->value) + unit.suffix;
    if (!(change->low < change->high))
        return value;
    return value + " (" + text(change->low) + " to " + text(change->high) + ")";
}

std::string modelName(const BehaviourDiff& diff, int index)
{
    return index < 0 ? "no answer" : diff.models[static_cast<std::size_t>(index)].name;
}

std::string costText(const BehaviourSlice& slice)
{
    return slice.costChangeShare ? changeText(slice.costChangeShare, kPercent)
                                 : changeText(slice.costPer1k.change, kUsd);
}

std::string sliceText(const BehaviourSlice& slice)
{
    return (slice.name.empty() ? std::string("All requests") : slice.name) + ": " +
           countText(slice.modelChanged) + " of " + countText(slice.requests) +
           " change model; cost " + costText(slice) + ", p95 latency " +
           changeText(slice.p95Ms.change, kSeconds) + ", satisfied " +
           changeText(slice.satisfaction.change, kPoints) + ", consistency " +
           changeText(slice.consistency.change, kScore) + "; seams " +
           countText(slice.seamsBefore) + " -> " + countText(slice.seamsAfter) + '\n';
}

Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

Json toJson(const std::optional<double>& value)
{
    return value ? number(*value) : Json();
}

Json toJson(const std::optional<Estimate>& estimate)
{
    if (!estimate)
        return {};
    return {{"value", number(estimate->value)},
            {"low", number(estimate->low)},
            {"high", number(estimate->high)},
            {"n", estimate->n}};
}

Json toJson(const BeforeAfter& pair)
{
    return {{"before", toJson(pair.before)},
            {"after", toJson(pair.after)},
            {"change", toJson(pair.change)}};
}

Json toJson(const BehaviourSlice& slice)
{
    return {{"name", slice.name},
            {"requests", slice.requests},
            {"ruleChanged", slice.ruleChanged},
            {"firstModelChanged", slice.tierChanged},
            {"modelChanged", slice.modelChanged},
            {"courseChanged", slice.courseChanged},
            {"costChangeUsd", slice.costChange ? Json(toDecimalUsd(*slice.costChange)) : Json()},
            {"costPer1k", toJson(slice.costPer1k)},
            {"costChangeShare", toJson(slice.costChangeShare)},
            {"latencyP95Ms", toJson(slice.p95Ms)},
            {"satisfaction", toJson(slice.satisfaction)},
            {"consistency", toJson(slice.consistency)},
            {"seams",
             {{"before", slice.seamsBefore},
              {"after", slice.seamsAfter},
              {"gained", slice.seamsGained},
              {"lost", slice.seamsLost}}}};
}

Json toJson(const BehaviourDiff& diff, const RoutedRequest& request)
{
    return {{"rule", request.rule},
            {"firstModel", modelName(diff, request.tier)},
            {"model", request.served < 0 ? Json() : Json(modelName(diff, request.served))},
            {"costUsd", number(request.costUsd)},
            {"firstTokenMs", number(request.firstTokenMs)},
            {"satisfied", number(request.satisfied)}};
}

Json toJson(const BehaviourDiff& diff, const BehaviourFlow& flow)
{
    Json examples = Json::array();
    for (const BehaviourExample& example : flow.examples)
        examples.push_back({{"row", example.row},
                            {"prompt", example.prompt ? Json(example.prompt->value) : Json()},
                            {"before", toJson(diff, example.before)},
                            {"after", toJson(diff, example.after)}});
    return {{"from", flow.from < 0 ? Json() : Json(modelName(diff, flow.from))},
            {"to", flow.to < 0 ? Json() : Json(modelName(diff, flow.to))},
            {"requests", flow.requests},
            {"costChangeUsd", flow.costChange ? Json(toDecimalUsd(*flow.costChange)) : Json()},
            {"satisfiedChange", toJson(flow.satisfiedChange)},
            {"examples", std::move(examples)}};
}

} // namespace

std::string toText(const BehaviourDiff& diff)
{
    std::string text = "Replayed " + countOf(diff.requests, "request", "requests") + " in " +
                       countOf(diff.conversations, "conversation", "conversations") +
                       (diff.syntheticTraffic ? " (synthetic)" : "") + ", " +
                       countOf(diff.answers, "recorded answer", "recorded answers") +
                       (diff.simulatedAnswers ? ", simulated" : "") + ".\n";
    text +=
        countOf(diff.conversationsGaining, "conversation gains", "conversations gain") +
        " a seam, " +
        countOf(diff.conversationsLosing, "conversation loses one.", "conversations lose one.") +
        "\n\n" + sliceText(diff.total);
    for (const BehaviourSlice& slice : diff.segments)
        text += "  " + sliceText(slice);
    if (!diff.flows.empty())
        text += '\n';
    for (const BehaviourFlow& flow : diff.flows)
        text += modelName(diff, flow.from) +
                (flow.changesModel() ? " -> " + modelName(diff, flow.to)
                                     : std::string(", in another time or at another cost")) +
                ": " + countOf(flow.requests, "request", "requests") + '\n';
    if (!diff.notes.empty())
        text += '\n';
    for (const std::string& note : diff.notes)
        text += note + '\n';
    return text;
}

Json toJson(const BehaviourDiff& diff)
{
    Json json{{"traffic", diff.traffic},
              {"syntheticTraffic", diff.syntheticTraffic},
              {"simulatedAnswers", diff.simulatedAnswers},
              {"requests", diff.requests},
              {"conversations", diff.conversations},
              {"answers", diff.answers},
              {"conversationsGainingSeams", diff.conversationsGaining},
              {"conversationsLosingSeams", diff.conversationsLosing},
              {"total", toJson(diff.total)},
              {"latencyP50Ms", toJson(diff.p50Ms)},
              {"segments", Json::array()},
              {"models", Json::array()},
              {"flows", Json::array()},
              {"notes", diff.notes}};
    for (const BehaviourSlice& slice : diff.segments)
        json["segments"].push_back(toJson(slice));
    for (const BehaviourModel& model : diff.models)
        json["models"].push_back({{"name", model.name},
                                  {"servedBefore", model.servedBefore},
                                  {"servedAfter", model.servedAfter},
                                  {"stayed", model.stayed}});
    for (const BehaviourFlow& flow : diff.flows)
        json["flows"].push_back(toJson(diff, flow));
    return json;
}

} // namespace signalbox
