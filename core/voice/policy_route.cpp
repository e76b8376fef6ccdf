// SPDX-License-Identifier: Apache-2.0
#include "policy_route.h"

#include <core/base/enum_name.h>
#include <core/base/json.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace signalbox {

namespace {

constexpr std::array<EnumName<PolicyHop::End>, 6> kEnds = {{
    {PolicyHop::End::Answered, "answered"},
    {PolicyHop::End::Failed, "failed"},
    {PolicyHop::End::Overrun, "overrun"},
    {PolicyHop::End::Rejected, "rejected"},
    {PolicyHop::End::Overtaken, "overtaken"},
    {PolicyHop::End::Checked, "checked"},
}};

Json toJson(const PolicyHop& hop)
{
    Json json = {{"model", hop.model.value}};
    json["end"] =
        std::string(std::ranges::find(kEnds, hop.end, &EnumName<PolicyHop::End>::value)->name);
    if (hop.isVerifier)
        json["verifier"] = true;
    if (hop.isReused)
        json["reused"] = true;
    if (!hop.takenFrom.isEmpty())
        json["takenFrom"] = hop.takenFrom.value;
    json["startMs"] = hop.startMs;
    if (hop.firstTokenMs)
        json["firstTokenMs"] = *hop.firstTokenMs;
    json["endMs"] = hop.endMs;
    if (!hop.reason.empty())
        json["reason"] = hop.reason;
    json["costPico"] = hop.cost ? Json(hop.cost->pico) : Json(nullptr);
    if (hop.tokens)
        json["tokens"] = *hop.tokens;
    return json;
}

std::string textOf(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> numberOf(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? std::optional(found->get<double>())
                                                     : std::nullopt;
}

bool isSet(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

std::optional<PolicyHop> hopOf(const Json& json)
{
    if (!json.is_object())
        return std::nullopt;
    const std::string end = textOf(json, "end");
    const auto* const known = std::ranges::find(kEnds, end, &EnumName<PolicyHop::End>::name);
    if (known == kEnds.end())
        return std::nullopt;
    PolicyHop hop;
    hop.model = ModelId(textOf(json, "model"));
    hop.end = known->value;
    hop.isVerifier = isSet(json, "verifier");
    hop.isReused = isSet(json, "reused");
    hop.takenFrom = ModelId(textOf(json, "takenFrom"));
    hop.startMs = numberOf(json, "startMs").value_or(0);
    hop.firstTokenMs = numberOf(json, "firstTokenMs");
    hop.endMs = numberOf(json, "endMs").value_or(0);
    hop.reason = textOf(json, "reason");
    const auto cost = json.find("costPico");
    if (cost != json.end() && cost->is_number_integer())
        hop.cost = Money{cost->get<std::int64_t>()};
    const auto tokens = json.find("tokens");
    if (tokens != json.end() && tokens->is_number_integer())
        hop.tokens = tokens->get<std::int64_t>();
    return hop;
}

std::string wholeMs(double ms)
{
    return std::to_string(std::llround(ms)) + " ms";
}

} // namespace

const PolicyHop* PolicyRoute::served() const
{
    const auto found = std::ranges::find(hops, PolicyHop::End::Answered, &PolicyHop::end);
    return found == hops.end() ? nullptr : &*found;
}

bool PolicyRoute::hasFallenBack() const
{
    return !hops.empty() && served() != &hops.front();
}

std::optional<Money> PolicyRoute::cost() const
{
    Money sum;
    for (const PolicyHop& hop : hops) {
        if (!hop.cost)
            return std::nullopt;
        sum += *hop.cost;
    }
    return sum;
}

std::optional<Money> PolicyRoute::sentCost() const
{
    Money sum;
    for (const PolicyHop& hop : hops) {
        if (!hop.isReused && !hop.cost)
            return std::nullopt;
        sum += hop.isReused ? Money() : *hop.cost;
    }
    return sum;
}

std::optional<std::int64_t> PolicyRoute::sentTokens() const
{
    std::int64_t sum = 0;
    for (const PolicyHop& hop : hops) {
        if (!hop.isReused && !hop.tokens)
            return std::nullopt;
        sum += hop.isReused ? 0 : *hop.tokens;
    }
    return sum;
}

bool PolicyRoute::isReused() const
{
    return !hops.empty() && std::ranges::all_of(hops, &PolicyHop::isReused);
}

double PolicyRoute::lostMs() const
{
    if (hops.empty())
        return 0;
    const PolicyHop* answered = served();
    return answered ? answered->startMs : hops.back().startMs;
}

std::string toRouteJson(const PolicyRoute& route)
{
    Json json;
    if (!route.rule.empty())
        json["rule"] = route.rule;
    json["label"] = route.label;
    json["tier"] = route.tier.value;
    if (const PolicyHop* served = route.served())
        json["servedBy"] = served->model.value;
    json["hops"] = Json::array();
    for (const PolicyHop& hop : route.hops)
        json["hops"].push_back(toJson(hop));
    if (route.isRewritten)
        json["rewritten"] = true;
    json["print"] = route.print;
    return toCompactJsonText(json);
}

std::optional<PolicyRoute> parseRoute(const std::string& text)
{
    if (text.empty())
        return std::nullopt;
    const auto json = parseJson(text);
    if (!json || !json->is_object())
        return std::nullopt;
    PolicyRoute route;
    route.rule = textOf(*json, "rule");
    route.label = textOf(*json, "label");
    route.tier = ModelId(textOf(*json, "tier"));
    route.isRewritten = isSet(*json, "rewritten");
    route.print = textOf(*json, "print");
    const auto hops = json->find("hops");
    if (hops == json->end() || !hops->is_array())
        return std::nullopt;
    for (const Json& each : *hops) {
        auto hop = hopOf(each);
        if (!hop)
            return std::nullopt;
        route.hops.push_back(std::move(*hop));
    }
    return route;
}

std::string callsText(const PolicyRoute& route)
{
    std::string text;
    for (std::size_t i = 0; i < route.hops.size(); ++i) {
        const PolicyHop& hop = route.hops[i];
        text += (i > 0 ? ", " : "") + hop.model.value;
        if (hop.isVerifier)
            text += " checks";
        if (hop.end != PolicyHop::End::Answered && !hop.isVerifier)
            text += " (" + (hop.reason.empty() ? std::string("not shown") : hop.reason) + ", " +
                    wholeMs(hop.endMs - hop.startMs) + ")";
    }
    return text;
}

std::string toString(const PolicyRoute& route)
{
    return route.label + " -> " + (route.hops.empty() ? route.tier.value : callsText(route));
}

} // namespace signalbox
