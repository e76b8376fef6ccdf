// SPDX-License-Identifier: Apache-2.0
#include "price_book_json.h"

#include <core/policy/names.h>

#include <nlohmann/json.hpp>

#include <limits>
#include <utility>

namespace signalbox {

namespace {

constexpr auto kPriceHint = "Prices are whole numbers of 1e-12 USD per token: 2.5 USD per million "
                            "tokens is 2500000.";

std::optional<Money> readMoney(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonProblems own(1);
    if (const auto pico =
            readInteger(json, path, own, {0, std::numeric_limits<std::int64_t>::max()}))
        return Money{*pico};
    for (const Error& error : own.errors())
        problems.add(path, error.message, kPriceHint, error.code);
    return std::nullopt;
}

std::optional<Day> readDay(JsonObjectReader& object, std::string_view key,
                           Presence presence = Presence::Optional)
{
    std::string text;
    if (!object.read(key, text, presence))
        return std::nullopt;
    const auto day = parseDay(text);
    if (!day)
        object.report(key, "expected a day such as \"2026-08-01\", got " + describeJson(text));
    return day;
}

/// A text that may not be empty.
void readName(JsonObjectReader& object, std::string_view key, std::string& out)
{
    if (object.readRequired(key, out) && out.empty())
        object.report(key, "a name cannot be empty");
}

TokenPrices readTokens(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    TokenPrices tokens;
    for (const auto& [kind, name] : tokenKindNames()) {
        if (const Json* price = object.find(name))
            tokens.set(kind, readMoney(*price, path.member(name), problems));
    }
    object.finish();
    return tokens;
}

RateSet readRates(JsonObjectReader& object)
{
    RateSet rates;
    if (const Json* tokens = object.find("tokens", Presence::Required)) {
        const JsonPath path = object.path().member("tokens");
        rates.tokens = readTokens(*tokens, path, object.problems());
    }
    if (const Json* batch = object.find("batch")) {
        const JsonPath path = object.path().member("batch");
        rates.batch = readTokens(*batch, path, object.problems());
    }
    return rates;
}

std::vector<RequestFee> readFees(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    std::vector<RequestFee> fees;
    if (!json.is_object()) {
        if (const auto amount = readMoney(json, path, problems))
            fees.push_back({{}, *amount});
        return fees;
    }
    JsonObjectReader object(json, path, problems);
    for (const std::string_view level : object.keys()) {
        const JsonPath place = path.member(level);
        if (level.empty())
            problems.add(place, "a level of fees needs a name");
        else if (const auto amount = readMoney(*object.find(level), place, problems))
            fees.push_back({std::string(level), *amount});
    }
    return fees;
}

PriceSheet readSheet(JsonObjectReader& object)
{
    PriceSheet sheet;
    sheet.rates = readRates(object);
    object.readArray("tiers", [&](const Json& json, const JsonPath& path) {
        JsonObjectReader part(json, path, object.problems());
        PriceTier tier;
        part.read("abovePromptTokens", tier.abovePromptTokens,
                  {1, std::numeric_limits<std::int64_t>::max()}, Presence::Required);
        tier.rates = readRates(part);
        part.finish();
        if (!sheet.tiers.empty() && tier.abovePromptTokens <= sheet.tiers.back().abovePromptTokens)
            part.report("abovePromptTokens", "a tier must begin above the one before it");
        sheet.tiers.push_back(tier);
    });
    if (const Json* fees = object.find("perRequest")) {
        const JsonPath path = object.path().member("perRequest");
        sheet.perRequest = readFees(*fees, path, object.problems());
    }
    return sheet;
}

/// A time of day such as "08:30", in minutes.
void readClock(JsonObjectReader& object, std::string_view key, int& minuteOfDay)
{
    std::string text;
    if (!object.readRequired(key, text))
        return;
    const auto digit = [&text](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 1000;
    };
    const bool isClock = text.size() == 5 && text[2] == ':';
    const int hour = isClock ? 10 * digit(0) + digit(1) : 1000;
    const int minute = isClock ? 10 * digit(3) + digit(4) : 1000;
    if (hour > 23 || minute > 59)
        object.report(key, "expected a time of day from \"00:00\" to \"23:59\"");
    else
        minuteOfDay = 60 * hour + minute;
}

PriceWindow readWindow(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    PriceWindow window;
    readName(object, "zone", window.zone);
    std::vector<std::string_view> dayNames;
    for (const auto& day : namesOf<Weekday>())
        dayNames.push_back(day.name);
    object.readArray("days", [&](const Json& element, const JsonPath& place) {
        if (const auto day = signalbox::readName(element, place, dayNames, problems))
            window.days.push_back(namesOf<Weekday>()[*day].value);
    });
    readClock(object, "from", window.fromMinute);
    readClock(object, "until", window.untilMinute);
    window.sheet = readSheet(object);
    object.finish();
    return window;
}

PricePeriod readPeriod(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    PricePeriod period;
    period.from = readDay(object, "from");
    period.until = readDay(object, "until");
    if (period.from && period.until && *period.until <= *period.from)
        object.report("until", "a period must end after it begins");
    period.sheet = readSheet(object);
    object.readArray("windows", [&](const Json& element, const JsonPath& place) {
        period.windows.push_back(readWindow(element, place, problems));
    });
    object.finish();
    return period;
}

ModelPrices readModel(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    ModelPrices prices;
    readName(object, "provider", prices.provider);
    readName(object, "model", prices.model);
    object.read("aliases", prices.aliases);
    object.read("datedIds", prices.datedIds);
    object.read("regions", prices.regions);
    object.read("sources", prices.sources);
    prices.asOf = readDay(object, "asOf");
    object.read("confirmed", prices.confirmed);
    object.read("note", prices.note);
    object.readArray(
        "periods",
        [&](const Json& element, const JsonPath& place) {
            prices.periods.push_back(readPeriod(element, place, problems));
        },
        Presence::Required);
    object.finish();
    return prices;
}

PriceSource readSource(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    PriceSource source;
    readName(object, "id", source.id);
    object.readRequired("name", source.name);
    source.date = readDay(object, "date");
    object.finish();
    return source;
}

PriceProvider readProvider(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    PriceProvider provider;
    readName(object, "id", provider.id);
    object.readRequired("name", provider.name);
    object.read("otherNames", provider.otherNames);
    object.read("hosts", provider.hosts);
    object.read("idPrefixes", provider.idPrefixes);
    object.finish();
    return provider;
}

/// Whether this program can go on reading a book of this version.
bool readSchemaVersion(JsonObjectReader& object)
{
    int version = 0;
    if (!object.readRequired("schemaVersion", version) || version == kPriceBookSchemaVersion)
        return true;
    const JsonPath path = object.path().member("schemaVersion");
    object.problems().add(
        path,
        "the price book has schema version " + std::to_string(version) +
            "; this program knows version " + std::to_string(kPriceBookSchemaVersion),
        version > kPriceBookSchemaVersion ? "Read it with a newer Signalbox." : std::string(),
        ErrorCode::Unsupported);
    return false;
}

template<class Part>
void readParts(JsonObjectReader& object, std::string_view key, std::vector<Part>& out,
               Part (*read)(const Json&, const JsonPath&, JsonProblems&), Presence presence)
{
    object.readArray(
        key,
        [&](const Json& element, const JsonPath& path) {
            out.push_back(read(element, path, object.problems()));
        },
        presence);
}

PriceBook readBook(const Json& json, JsonProblems& problems)
{
    const JsonPath root;
    JsonObjectReader object(json, root, problems);
    PriceBook book;
    if (!object.isObject() || !readSchemaVersion(object))
        return book;
    readName(object, "version", book.version);
    book.asOf = readDay(object, "asOf", Presence::Required).value_or(Day());
    object.read("note", book.note);
    readParts(object, "sources", book.sources, readSource, Presence::Optional);
    readParts(object, "providers", book.providers, readProvider, Presence::Required);
    readParts(object, "models", book.models, readModel, Presence::Required);
    object.finish();
    if (!problems.isFull())
        pricebook::checkBook(book, problems);
    return book;
}

} // namespace

PriceBookReading readPriceBookText(std::string_view text)
{
    const Result<Json> json = parseJson(text, kPriceBookJsonLimits);
    if (!json)
        return {{}, {json.error()}};
    JsonProblems problems;
    PriceBookReading reading;
    reading.book = readBook(*json, problems);
    const bool isFull = problems.isFull();
    reading.problems = problems.take();
    if (isFull)
        reading.problems.push_back({ErrorCode::ParseError,
                                    "there may be more problems, which show once these are mended",
                                    {},
                                    {}});
    return reading;
}

Result<PriceBook> parsePriceBook(std::string_view text)
{
    PriceBookReading reading = readPriceBookText(text);
    if (!reading.problems.empty())
        return Unexpected(std::move(reading.problems.front()));
    return std::move(reading.book);
}

} // namespace signalbox
