// SPDX-License-Identifier: Apache-2.0
#include "cost.h"

#include "price_doubts.h"

#include <core/base/result.h>

#include <algorithm>
#include <array>
#include <utility>

namespace signalbox {

namespace {

Unexpected unknown(std::string reason)
{
    return fail(ErrorCode::NotFound, std::move(reason));
}

/// Tokens by kind, each counted once.
using Counts = std::array<std::int64_t, kTokenKindCount>;

std::int64_t& at(Counts& counts, TokenKind kind)
{
    return counts[static_cast<std::size_t>(kind)];
}

/// Beyond any request, and far from overflow when added up.
constexpr std::int64_t kMostTokens = 1'000'000'000'000;

Result<Counts> countsOf(const UsageReport& usage)
{
    if (!usage.inputUncached)
        return unknown("The provider did not say how many tokens went in.");
    if (!usage.output)
        return unknown("The provider did not say how many tokens came out.");
    for (const auto& count : {usage.inputUncached, usage.cacheRead, usage.cacheWrite,
                              usage.cacheWriteHour, usage.output, usage.reasoning}) {
        if (count && (*count < 0 || *count > kMostTokens))
            return unknown("The provider states an impossible number of tokens.");
    }
    const std::int64_t written = usage.cacheWrite.value_or(0);
    const std::int64_t writtenForAnHour = usage.cacheWriteHour.value_or(0);
    if (writtenForAnHour > written)
        return unknown(
            "The provider states more tokens kept for an hour than it wrote to its cache.");
    if (usage.reasoning.value_or(0) > *usage.output)
        return unknown("The provider states more tokens of reasoning than of output.");
    Counts counts{};
    at(counts, TokenKind::Input) = *usage.inputUncached;
    at(counts, TokenKind::CacheRead) = usage.cacheRead.value_or(0);
    at(counts, TokenKind::CacheWrite) = written - writtenForAnHour;
    at(counts, TokenKind::CacheWriteHour) = writtenForAnHour;
    at(counts, TokenKind::Output) = *usage.output;
    return counts;
}

std::int64_t promptTokensOf(const UsageReport& usage)
{
    return usage.inputUncached.value_or(0) + usage.cacheRead.value_or(0) +
           usage.cacheWrite.value_or(0);
}

std::string clockText(int minute)
{
    const auto twoDigits = [](int number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return twoDigits(minute / 60) + ':' + twoDigits(minute % 60);
}

/// The prices of a moment, and how they are named in a record.
struct ChosenSheet
{
    const PriceSheet* sheet = nullptr;
    PricesUsed used;
};

Result<ChosenSheet> chooseSheet(const ModelPrices& prices, std::int64_t unixMs)
{
    const Day day = dayOf(unixMs);
    const PricePeriod* period = periodAt(prices, day);
    if (!period)
        return unknown("The price book has no price of \"" + prices.model + "\" for " +
                       toText(day) + '.');
    ChosenSheet chosen{&period->sheet, {}};
    chosen.used.validFrom = period->from;
    chosen.used.validUntil = period->until;
    for (const PriceWindow& window : period->windows) {
        const auto isOpen = isOpenAt(window, unixMs);
        if (!isOpen)
            return unknown("The price depends on the time of day in \"" + window.zone +
                           "\", a time zone that this computer does not know.");
        if (*isOpen) {
            chosen.sheet = &window.sheet;
            chosen.used.window = clockText(window.fromMinute) + " to " +
                                 clockText(window.untilMinute) + ' ' + window.zone;
            break;
        }
    }
    return chosen;
}

Result<std::optional<Money>> feeOf(const PriceSheet& sheet, const PricingOptions& options)
{
    const auto& fees = sheet.perRequest;
    if (fees.empty())
        return std::optional<Money>();
    if (fees.size() == 1 && fees.front().level.empty())
        return std::optional(fees.front().amount);
    const auto found = std::ranges::find(fees, options.feeLevel, &RequestFee::level);
    if (found != fees.end())
        return std::optional(found->amount);
    std::string levels;
    for (const RequestFee& fee : fees)
        levels += (levels.empty() ? "" : ", ") + fee.level;
    return unknown("Each request has a fee by its kind (" + levels +
                   "), and which kind this one was is not known.");
}

/// Takes reasoning out of the output where it has a price of its own.
Result<void> splitReasoning(Counts& counts, const TokenPrices& tokens, const UsageReport& usage)
{
    const auto& apart = tokens.of(TokenKind::Reasoning);
    if (!apart || apart == tokens.of(TokenKind::Output) || at(counts, TokenKind::Output) == 0)
        return {};
    if (!usage.reasoning)
        return unknown("Reasoning has a price of its own, and the provider did not say how many "
                       "tokens of the output were reasoning.");
    at(counts, TokenKind::Reasoning) = *usage.reasoning;
    at(counts, TokenKind::Output) -= *usage.reasoning;
    return {};
}

constexpr auto kTooMuch = "The cost is more than this program can count.";

Result<std::vector<CostPart>> partsOf(const Counts& counts, const TokenPrices& tokens,
                                      std::string_view tier)
{
    std::vector<CostPart> parts;
    for (const auto& [kind, name] : tokenKindNames()) {
        const std::int64_t count = counts[static_cast<std::size_t>(kind)];
        if (count == 0)
            continue;
        const auto& price = tokens.of(kind);
        if (!price)
            return unknown("The price book does not say what a token of \"" + std::string(name) +
                           "\" costs" + std::string(tier) + '.');
        const auto amount = checkedProduct(*price, count);
        if (!amount)
            return unknown(kTooMuch);
        parts.push_back({kind, count, *price, *amount});
    }
    return parts;
}

Result<Cost> compute(const UsageReport& usage, const ModelPrices& prices, std::int64_t unixMs,
                     const PricingOptions& options)
{
    if (prices.confirmed.empty()) {
        if (const auto doubts = doubtsOf(prices); !doubts.empty())
            return unknown("The price of \"" + prices.model +
                           "\" is in doubt until somebody confirms it: " + doubts.front().message);
    }
    auto counts = countsOf(usage);
    if (!counts)
        return Unexpected(counts.error());
    auto chosen = chooseSheet(prices, unixMs);
    if (!chosen)
        return Unexpected(chosen.error());
    const PriceTier* tier = tierOf(*chosen->sheet, promptTokensOf(usage));
    const RateSet& rates = tier ? tier->rates : chosen->sheet->rates;
    const std::string where =
        tier ? " above " + std::to_string(tier->abovePromptTokens) + " tokens of prompt"
             : std::string();
    if (options.isBatch && !rates.batch)
        return unknown("The price book has no batch prices of \"" + prices.model + '"' + where +
                       '.');
    const TokenPrices& tokens = options.isBatch ? *rates.batch : rates.tokens;
    if (const auto split = splitReasoning(*counts, tokens, usage); !split)
        return Unexpected(split.error());
    auto parts = partsOf(*counts, tokens, where);
    if (!parts)
        return Unexpected(parts.error());
    const auto fee = feeOf(*chosen->sheet, options);
    if (!fee)
        return Unexpected(fee.error());

    Cost cost{CostOrigin::Computed,    fee->value_or(Money{}), {},
              std::move(chosen->used), std::move(*parts),      *fee};
    for (const CostPart& part : cost.parts) {
        cost.amount = checkedSum(*cost.amount, part.amount);
        if (!cost.amount)
            return unknown(kTooMuch);
    }
    if (tier)
        cost.prices->tierAboveTokens = tier->abovePromptTokens;
    cost.prices->isBatch = options.isBatch;
    cost.prices->key = prices.key();
    return cost;
}

Cost unknownCost(std::string reason)
{
    Cost cost;
    cost.reason = std::move(reason);
    return cost;
}

Cost computedCostOf(const UsageReport& usage, const BilledModel& model, std::int64_t unixMs,
                    const PriceBook& book, const PricingOptions& options)
{
    const PriceLookup lookup = findPrices(book, model);
    if (!lookup.entry)
        return unknownCost(lookup.reason);
    Cost cost = computedCost(usage, *lookup.entry, unixMs, book, options);
    if (cost.prices)
        cost.prices->match = lookup.match;
    return cost;
}

} // namespace

Cost computedCost(const UsageReport& usage, const ModelPrices& prices, std::int64_t unixMs,
                  const PriceBook& book, const PricingOptions& options)
{
    auto cost = compute(usage, prices, unixMs, options);
    if (!cost)
        return unknownCost(cost.error().message);
    cost->prices->bookVersion = book.version;
    cost->prices->asOf = prices.asOf.value_or(book.asOf);
    return std::move(*cost);
}

Cost costOf(const UsageReport& usage, const BilledModel& model, std::int64_t unixMs,
            const PriceBook& book, const PricingOptions& options)
{
    if (usage.statedCost && usage.statedCost->pico >= 0) {
        Cost cost;
        cost.origin = CostOrigin::Stated;
        cost.amount = usage.statedCost;
        return cost;
    }
    return computedCostOf(usage, model, unixMs, book, options);
}

Repricing reprice(const UsageReport& usage, std::optional<Money> before, const BilledModel& model,
                  std::int64_t unixMs, const PriceBook& book, const PricingOptions& options)
{
    Repricing repricing{computedCostOf(usage, model, unixMs, book, options), {}};
    if (before && repricing.cost.amount)
        repricing.change = *repricing.cost.amount - *before;
    return repricing;
}

} // namespace signalbox
