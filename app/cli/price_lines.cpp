// SPDX-License-Identifier: GPL-3.0-or-later
#include "price_lines.h"

#include <core/prices/price_book_json.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

namespace signalbox::cli {

namespace {

/// "2.5"; a price per token is quoted for a million.
std::string perMillion(Money perToken)
{
    return toDecimalUsd(perToken * 1'000'000);
}

std::string tokensText(const TokenPrices& tokens)
{
    std::string text;
    for (const auto& [kind, name] : tokenKindNames()) {
        if (const auto& price = tokens.of(kind))
            text += (text.empty() ? "" : ", ") + std::string(name) + ' ' + perMillion(*price);
    }
    return text.empty() ? "no price" : text;
}

std::string ratesText(const RateSet& rates)
{
    return tokensText(rates.tokens) +
           (rates.batch ? "; batch " + tokensText(*rates.batch) : std::string());
}

std::string sheetText(const PriceSheet& sheet)
{
    std::string text = ratesText(sheet.rates);
    for (const PriceTier& tier : sheet.tiers)
        text += "; above " + std::to_string(tier.abovePromptTokens) + " tokens of prompt " +
                ratesText(tier.rates);
    for (const RequestFee& fee : sheet.perRequest)
        text += "; " + (fee.level.empty() ? std::string() : fee.level + ' ') + "fee of " +
                toDecimalUsd(fee.amount) + " USD a request";
    return text;
}

std::string amountText(const PriceStep& step, const std::optional<Money>& amount)
{
    if (!amount)
        return "unknown";
    return step.isPerRequest ? toDecimalUsd(*amount) : perMillion(*amount);
}

/// " (+20 %)", or nothing where there is no ratio.
std::string changeText(const PriceStep& step)
{
    const auto change = step.relativeChange();
    if (!change)
        return {};
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), " (%+.3g %%)", *change * 100);
    return text.data();
}

std::string stepText(const PriceStep& step)
{
    return step.where + ": " + amountText(step, step.before) + " -> " +
           amountText(step, step.after) +
           (step.isPerRequest ? " USD per request" : " USD per million tokens") + changeText(step);
}

Json amountJson(const std::optional<Money>& amount)
{
    return amount ? Json(amount->pico) : Json();
}

Json updateJson(const EntryUpdate& update)
{
    Json prices = Json::array();
    for (const PriceStep& step : update.prices) {
        const auto change = step.relativeChange();
        prices.push_back(
            {{"where", step.where},
             {"unit", step.isPerRequest ? "1e-12 USD per request" : "1e-12 USD per token"},
             {"before", amountJson(step.before)},
             {"after", amountJson(step.after)},
             {"relativeChange", change ? Json(*change) : Json()}});
    }
    Json doubts = Json::array();
    for (const PriceDoubt& doubt : update.doubts)
        doubts.push_back(toJson(doubt));
    return {{"key", update.key},
            {"kind", std::string(nameOf(update.kind))},
            {"prices", std::move(prices)},
            {"others", update.others},
            {"doubts", std::move(doubts)}};
}

} // namespace

std::string ageText(Day asOf, Day today)
{
    const int days = ageInDays(asOf, today);
    return "of " + toText(asOf) + ", " +
           (days < 0 ? std::to_string(-days) + " days ahead"
                     : std::to_string(days) + (days == 1 ? " day old" : " days old")) +
           " (" + std::string(nameOf(priceAge(asOf, today))) + ')';
}

std::string lineOf(const ModelPrices& prices, Day day)
{
    const PricePeriod* period = periodAt(prices, day);
    if (!period)
        return prices.key() + ": no price for " + toText(day);
    return prices.key() + ": " + sheetText(period->sheet) +
           (period->windows.empty() ? "" : "; other prices at some hours") +
           (period->until ? "; until " + toText(*period->until) : std::string());
}

std::string linesOf(const EntryUpdate& update)
{
    std::string text = std::string(nameOf(update.kind)) + ' ' + update.key + '\n';
    for (const std::string& other : update.others)
        text += "  " + other + '\n';
    for (const PriceStep& step : update.prices)
        text += "  " + stepText(step) + '\n';
    for (const PriceDoubt& doubt : update.doubts)
        text += "  doubtful: " + doubt.where + ": " + doubt.message + '\n';
    return text;
}

Json toJson(const PriceDoubt& doubt)
{
    return {{"where", doubt.where}, {"message", doubt.message}};
}

Json toJson(const BookDiff& diff)
{
    Json providers = Json::array();
    for (const ProviderUpdate& update : diff.providers)
        providers.push_back({{"key", update.key}, {"kind", std::string(nameOf(update.kind))}});
    Json entries = Json::array();
    for (const EntryUpdate& update : diff.entries)
        entries.push_back(updateJson(update));
    return {{"before", diff.before.version},
            {"after", diff.after.version},
            {"unchanged", diff.unchanged},
            {"providers", std::move(providers)},
            {"models", std::move(entries)}};
}

std::string lineOf(const BookInUse& used)
{
    return "Prices of book " + used.book->version + " of " + toText(used.book->asOf) +
           (used.isBundled ? ".\n" : ", with the updates accepted in the window.\n");
}

} // namespace signalbox::cli
