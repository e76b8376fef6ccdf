// SPDX-License-Identifier: Apache-2.0
#include "price_book_json.h"

#include <core/policy/names.h>

#include <nlohmann/json.hpp>

#include <utility>

namespace signalbox {

namespace {

std::string clockText(int minuteOfDay)
{
    const auto twoDigits = [](int number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return twoDigits(minuteOfDay / 60) + ':' + twoDigits(minuteOfDay % 60);
}

Json tokensJson(const TokenPrices& tokens)
{
    Json json = Json::object();
    for (const auto& [kind, name] : tokenKindNames()) {
        if (const auto& price = tokens.of(kind))
            json[std::string(name)] = price->pico;
    }
    return json;
}

void addRates(Json& json, const RateSet& rates)
{
    json["tokens"] = tokensJson(rates.tokens);
    if (rates.batch)
        json["batch"] = tokensJson(*rates.batch);
}

Json feesJson(const std::vector<RequestFee>& fees)
{
    if (fees.size() == 1 && fees.front().level.empty())
        return fees.front().amount.pico;
    Json json = Json::object();
    for (const RequestFee& fee : fees)
        json[fee.level] = fee.amount.pico;
    return json;
}

void addSheet(Json& json, const PriceSheet& sheet)
{
    addRates(json, sheet.rates);
    for (const PriceTier& tier : sheet.tiers) {
        Json part = {{"abovePromptTokens", tier.abovePromptTokens}};
        addRates(part, tier.rates);
        json["tiers"].push_back(std::move(part));
    }
    if (!sheet.perRequest.empty())
        json["perRequest"] = feesJson(sheet.perRequest);
}

Json windowJson(const PriceWindow& window)
{
    Json json = {{"zone", window.zone}};
    for (const Weekday day : window.days)
        json["days"].push_back(std::string(nameOf(day)));
    json["from"] = clockText(window.fromMinute);
    json["until"] = clockText(window.untilMinute);
    addSheet(json, window.sheet);
    return json;
}

Json periodJson(const PricePeriod& period)
{
    Json json = Json::object();
    if (period.from)
        json["from"] = toText(*period.from);
    if (period.until)
        json["until"] = toText(*period.until);
    addSheet(json, period.sheet);
    for (const PriceWindow& window : period.windows)
        json["windows"].push_back(windowJson(window));
    return json;
}

void addText(Json& json, const char* key, const std::string& text)
{
    if (!text.empty())
        json[key] = text;
}

void addTexts(Json& json, const char* key, const std::vector<std::string>& texts)
{
    if (!texts.empty())
        json[key] = texts;
}

Json sourceJson(const PriceSource& source)
{
    Json json = {{"id", source.id}, {"name", source.name}};
    if (source.date)
        json["date"] = toText(*source.date);
    return json;
}

Json providerJson(const PriceProvider& provider)
{
    Json json = {{"id", provider.id}, {"name", provider.name}};
    addTexts(json, "otherNames", provider.otherNames);
    addTexts(json, "hosts", provider.hosts);
    addTexts(json, "idPrefixes", provider.idPrefixes);
    return json;
}

} // namespace

Json toJson(const ModelPrices& prices)
{
    Json json = {{"provider", prices.provider}, {"model", prices.model}};
    addTexts(json, "aliases", prices.aliases);
    if (prices.datedIds)
        json["datedIds"] = true;
    addTexts(json, "regions", prices.regions);
    addTexts(json, "sources", prices.sources);
    if (prices.asOf)
        json["asOf"] = toText(*prices.asOf);
    addText(json, "confirmed", prices.confirmed);
    addText(json, "note", prices.note);
    json["periods"] = Json::array();
    for (const PricePeriod& period : prices.periods)
        json["periods"].push_back(periodJson(period));
    return json;
}

Json toJson(const PriceBook& book)
{
    Json json = {{"schemaVersion", kPriceBookSchemaVersion},
                 {"version", book.version},
                 {"asOf", toText(book.asOf)}};
    addText(json, "note", book.note);
    json["sources"] = Json::array();
    for (const PriceSource& source : book.sources)
        json["sources"].push_back(sourceJson(source));
    json["providers"] = Json::array();
    for (const PriceProvider& provider : book.providers)
        json["providers"].push_back(providerJson(provider));
    json["models"] = Json::array();
    for (const ModelPrices& prices : book.models)
        json["models"].push_back(toJson(prices));
    return json;
}

std::string toPriceBookText(const PriceBook& book)
{
    return toJsonText(toJson(book));
}

} // namespace signalbox
