// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast_lines.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>

namespace signalbox::cli {

namespace {

std::string usd(Money amount)
{
    const double value = amount.usd();
    char buffer[64];
    const int decimals = value >= 1 ? 2 : value >= 0.01 ? 4 : 6;
    std::snprintf(buffer, sizeof buffer, "$%.*f", decimals, value);
    return buffer;
}

std::string seconds(double ms)
{
    return ms < 1000 ? std::string("under 1 s")
                     : waitText(static_cast<std::int64_t>(std::ceil(ms)));
}

std::string calls(std::size_t count)
{
    return std::to_string(count) + (count == 1 ? " call" : " calls");
}

std::string rangeText(const Range<Money>& cost)
{
    return usd(cost.expected) + " (" + usd(cost.low) + " to " + usd(cost.high) + ")";
}

std::string timeText(const Range<double>& ms)
{
    if (ms.high < 1000)
        return seconds(ms.high);
    return "about " + seconds(ms.expected) + " (" + seconds(ms.low) + " to " + seconds(ms.high) +
           ")";
}

std::string restsOn(const ModelForecast& model)
{
    std::string text =
        model.isLengthAssumed
            ? "length assumed, " + std::to_string(model.lengthSamples) + " answers are recorded"
            : "length of " + std::to_string(model.lengthSamples) + " recorded answers, " +
                  std::to_string(model.knownPrompts) + " of these calls to prompts it has answered";
    if (model.price.from == KnownPrice::From::Book)
        text += "; price of the book, " + model.price.price->asOf;
    else if (model.price.from == KnownPrice::From::Policy)
        text += "; price of the policy";
    return text;
}

std::string lineOf(const ModelForecast& model)
{
    std::string line = "  " + model.model.value + ": " + calls(model.cells);
    if (model.reused > 0)
        line += ", " + std::to_string(model.reused) + " reused";
    if (model.cells == 0)
        return line + '\n';
    line += ", " + (model.cost ? rangeText(*model.cost) : "cost unknown: " + model.price.reason) +
            "; " + std::to_string(model.input.expected) + " tokens in, " +
            std::to_string(model.output.expected) + " out (" + std::to_string(model.output.low) +
            " to " + std::to_string(model.output.high) + "); " + restsOn(model);
    return line + '\n';
}

Json rangeOf(double low, double expected, double high)
{
    return {{"low", low}, {"expected", expected}, {"high", high}};
}

Json moneyOf(const std::optional<Range<Money>>& cost)
{
    return cost ? rangeOf(cost->low.usd(), cost->expected.usd(), cost->high.usd()) : Json(nullptr);
}

Json secondsOf(const std::optional<Range<double>>& ms)
{
    return ms ? rangeOf(ms->low / 1000, ms->expected / 1000, ms->high / 1000) : Json(nullptr);
}

Json tokensOf(const Range<std::int64_t>& tokens)
{
    return {{"low", tokens.low}, {"expected", tokens.expected}, {"high", tokens.high}};
}

Json worstOf(const std::optional<Money>& worst)
{
    return worst ? Json(worst->usd()) : Json(nullptr);
}

} // namespace

std::string linesOf(const RunForecast& forecast)
{
    std::string text = calls(forecast.cells) + " to send";
    if (forecast.reused > 0)
        text += ", " + std::to_string(forecast.reused) + " answers reused at no cost";
    if (forecast.cost)
        text += ": " + rangeText(*forecast.cost);
    else
        text +=
            ": cost unknown, " + usd(forecast.knownCost.expected) + " for the models with a price";
    if (forecast.worst)
        text += ", at most " + usd(*forecast.worst);
    if (forecast.isSimulated)
        text += ", at list prices (simulated: nothing is billed)";
    text += "; " + (forecast.timeMs ? timeText(*forecast.timeMs)
                                    : std::string("time unknown, no answers were timed"));
    if (forecast.timeMs && !forecast.slowest.empty())
        text += ": " + forecast.slowest;
    text += ".\n";
    for (const ModelForecast& model : forecast.models)
        text += lineOf(model);
    return text;
}

Json toJson(const RunForecast& forecast)
{
    Json json = {{"calls", forecast.cells},
                 {"reused", forecast.reused},
                 {"simulated", forecast.isSimulated},
                 {"costUsd", moneyOf(forecast.cost)},
                 {"worstUsd", worstOf(forecast.worst)},
                 {"tokens", tokensOf(forecast.tokens)},
                 {"timeS", secondsOf(forecast.timeMs)}};
    json["models"] = Json::array();
    for (const ModelForecast& model : forecast.models) {
        json["models"].push_back({{"model", model.model.value},
                                  {"calls", model.cells},
                                  {"reused", model.reused},
                                  {"costUsd", moneyOf(model.cost)},
                                  {"worstUsd", worstOf(model.worst)},
                                  {"whyCostUnknown", model.price.reason},
                                  {"inputTokens", tokensOf(model.input)},
                                  {"outputTokens", tokensOf(model.output)},
                                  {"recordedAnswers", model.lengthSamples},
                                  {"lengthAssumed", model.isLengthAssumed},
                                  {"answeredPrompts", model.knownPrompts},
                                  {"callS", secondsOf(model.callMs)},
                                  {"timedAnswers", model.timeSamples}});
    }
    return json;
}

} // namespace signalbox::cli
