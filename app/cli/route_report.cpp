// SPDX-License-Identifier: GPL-3.0-or-later
#include "route_report.h"

#include <core/base/formula_guard.h>
#include <core/voice/policy_route.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <sstream>

namespace signalbox::cli {

namespace {

struct Routed
{
    const Answer* answer = nullptr;
    PolicyRoute route;
};

std::vector<Routed> routedOf(const std::vector<Answer>& answers)
{
    std::vector<Routed> routed;
    for (const Answer& answer : answers) {
        if (auto route = parseRoute(answer.route))
            routed.push_back({&answer, std::move(*route)});
    }
    return routed;
}

std::string servedBy(const PolicyRoute& route)
{
    const PolicyHop* const served = route.served();
    return served ? served->model.value : std::string();
}

std::string number(const std::optional<double>& value, const char* format)
{
    if (!value)
        return {};
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, *value);
    return buffer.data();
}

/// What failed before the answer: "palm-2: rate limit; …".
std::string failedBefore(const PolicyRoute& route)
{
    std::string text;
    for (const PolicyHop& hop : route.hops) {
        if (hop.end == PolicyHop::End::Answered || hop.isVerifier || hop.reason.empty())
            continue;
        text += (text.empty() ? "" : "; ") + hop.model.value + ": " + hop.reason;
    }
    return text;
}

std::optional<double> usdOf(const std::optional<Money>& cost)
{
    return cost ? std::optional(cost->usd()) : std::nullopt;
}

} // namespace

std::string routesText(const std::vector<Answer>& answers)
{
    const std::vector<Routed> routed = routedOf(answers);
    if (routed.empty())
        return {};
    std::map<std::string, std::size_t> byModel;
    std::size_t fallbacks = 0;
    std::size_t reused = 0;
    for (const Routed& each : routed) {
        ++byModel[each.route.served() ? servedBy(each.route) : std::string("nobody")];
        fallbacks += each.route.hasFallenBack() ? 1 : 0;
        reused += each.route.isReused() ? 1 : 0;
    }
    std::ostringstream out;
    out << "\nRoutes of the policy: " << routed.size() << " answers";
    for (const auto& [model, count] : byModel)
        out << ", " << count << " by " << model;
    out << "; " << fallbacks << " with a fallback; " << reused
        << " the same answers as in the models' columns, not sent again\n";
    for (const Routed& each : routed) {
        out << "  " << each.answer->prompt.value;
        if (each.answer->sample > 0)
            out << " #" << each.answer->sample + 1;
        out << "  " << toString(each.route) << '\n';
    }
    return out.str();
}

Json routesJson(const std::vector<Answer>& answers)
{
    Json list = Json::array();
    for (const Routed& each : routedOf(answers)) {
        const auto cost = each.route.cost();
        Json entry = {{"prompt", each.answer->prompt.value}, {"sample", each.answer->sample}};
        entry["rule"] = each.route.rule.empty() ? Json(nullptr) : Json(each.route.rule);
        entry["label"] = each.route.label;
        entry["tier"] = each.route.tier.value;
        entry["servedBy"] = each.route.served() ? Json(servedBy(each.route)) : Json(nullptr);
        entry["reused"] = each.route.isReused();
        entry["rewritten"] = each.route.isRewritten;
        entry["lostMs"] = each.route.lostMs();
        entry["firstTokenMs"] =
            each.answer->firstTokenMs ? Json(*each.answer->firstTokenMs) : Json(nullptr);
        entry["costUsd"] = cost ? Json(cost->usd()) : Json(nullptr);
        if (const auto whole = parseJson(toRouteJson(each.route)))
            entry["hops"] = (*whole)["hops"];
        list.push_back(std::move(entry));
    }
    return list;
}

std::string routesCsv(const std::vector<Answer>& answers)
{
    std::string csv = "prompt,sample,rule,route,tier,served by,failed before,lost ms,TTFT ms,"
                      "total ms,cost USD,reused,failure\r\n";
    for (const Routed& each : routedOf(answers)) {
        const PolicyRoute& route = each.route;
        const std::array<std::string, 13> cells = {each.answer->prompt.value,
                                                   std::to_string(each.answer->sample + 1),
                                                   route.rule,
                                                   route.label,
                                                   route.tier.value,
                                                   servedBy(route),
                                                   failedBefore(route),
                                                   number(route.lostMs(), "%.0f"),
                                                   number(each.answer->firstTokenMs, "%.0f"),
                                                   number(each.answer->totalMs, "%.0f"),
                                                   number(usdOf(route.cost()), "%.9f"),
                                                   route.isReused() ? "yes" : "no",
                                                   each.answer->failure};
        for (std::size_t i = 0; i < cells.size(); ++i)
            csv += (i > 0 ? "," : "") + csvField(cells[i]);
        csv += "\r\n";
    }
    return csv;
}

} // namespace signalbox::cli
