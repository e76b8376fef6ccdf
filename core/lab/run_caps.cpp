// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_caps.h"

#include <core/providers/rate_limiter.h>

#include <nlohmann/json.hpp>

namespace signalbox {

namespace {

std::optional<std::int64_t> positive(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (found == json.end() || !found->is_number_integer())
        return std::nullopt;
    const auto value = found->get<std::int64_t>();
    return value > 0 ? std::optional(value) : std::nullopt;
}

/// To the millionth of a dollar, rounded up: what is spent is not told smaller than it is.
std::string usd(Money amount)
{
    constexpr std::int64_t kMicro = 1'000'000;
    return "$" + toDecimalUsd(Money{(amount.pico + kMicro - 1) / kMicro * kMicro});
}

std::string waitingText(std::size_t cells)
{
    return cells == 1 ? "1 cell waits." : std::to_string(cells) + " cells wait.";
}

} // namespace

Json toJson(const RunCaps& caps)
{
    Json json = Json::object();
    if (caps.cost)
        json["costPico"] = caps.cost->pico;
    if (caps.tokens)
        json["tokens"] = *caps.tokens;
    if (caps.timeMs)
        json["timeMs"] = *caps.timeMs;
    return json;
}

RunCaps runCapsFrom(const Json& json)
{
    RunCaps caps;
    if (const auto pico = positive(json, "costPico"))
        caps.cost = Money{*pico};
    caps.tokens = positive(json, "tokens");
    caps.timeMs = positive(json, "timeMs");
    return caps;
}

std::string toString(const CapReached& reached)
{
    using Which = CapReached::Which;
    const std::string waiting = ' ' + waitingText(reached.waiting);
    switch (reached.which) {
    case Which::Cost:
        return "The cap of " + usd(*reached.caps.cost) +
               " on money is reached: " + usd(reached.spent.cost) +
               " is spent, and the next call, to " + reached.model + ", may cost " +
               usd(reached.next.value_or(Money())) + '.' + waiting;
    case Which::Tokens:
        return "The cap of " + std::to_string(*reached.caps.tokens) +
               " tokens is reached: " + std::to_string(reached.spent.tokens) +
               " are used, and the next call, to " + reached.model + ", may use " +
               std::to_string(reached.nextTokens.value_or(0)) + '.' + waiting;
    case Which::Time:
        return "The cap of " + waitText(*reached.caps.timeMs) +
               " on time is reached: it was sent for " + waitText(reached.spent.timeMs) + '.' +
               waiting;
    case Which::NoPrice:
        return "The price of " + reached.model +
               " is not known, so that a cap on money could not be kept." + waiting;
    case Which::NoLength:
        return "Answers of " + reached.model +
               " have no greatest length, so that a cap could not be kept." + waiting;
    }
    return {};
}

} // namespace signalbox
