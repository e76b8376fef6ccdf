// SPDX-License-Identifier: Apache-2.0
#include "price_book.h"

#include <core/base/time_zone.h>

#include <algorithm>

namespace signalbox {

namespace {

constexpr EnumName<TokenKind> kTokenKinds[] = {
    {TokenKind::Input, "input"},           {TokenKind::CacheRead, "cacheRead"},
    {TokenKind::CacheWrite, "cacheWrite"}, {TokenKind::CacheWriteHour, "cacheWriteHour"},
    {TokenKind::Output, "output"},         {TokenKind::Reasoning, "reasoning"}};
static_assert(std::size(kTokenKinds) == kTokenKindCount);

} // namespace

std::span<const EnumName<TokenKind>> tokenKindNames()
{
    return kTokenKinds;
}

std::string_view nameOf(TokenKind kind)
{
    return kTokenKinds[static_cast<std::size_t>(kind)].name;
}

const ModelPrices* PriceBook::find(std::string_view provider, std::string_view model) const
{
    const auto found = std::ranges::find_if(models, [&](const ModelPrices& each) {
        return each.provider == provider && each.model == model;
    });
    return found == models.end() ? nullptr : &*found;
}

const PriceProvider* PriceBook::findProvider(std::string_view id) const
{
    const auto found = std::ranges::find(providers, id, &PriceProvider::id);
    return found == providers.end() ? nullptr : &*found;
}

const PricePeriod* periodAt(const ModelPrices& prices, Day day)
{
    const auto found = std::ranges::find_if(prices.periods, [&](const PricePeriod& period) {
        return (!period.from || *period.from <= day) && (!period.until || day < *period.until);
    });
    return found == prices.periods.end() ? nullptr : &*found;
}

const PriceTier* tierOf(const PriceSheet& sheet, std::int64_t promptTokens)
{
    const PriceTier* found = nullptr;
    for (const PriceTier& tier : sheet.tiers) {
        if (promptTokens > tier.abovePromptTokens &&
            (!found || tier.abovePromptTokens > found->abovePromptTokens))
            found = &tier;
    }
    return found;
}

std::optional<bool> isOpenAt(const PriceWindow& window, std::int64_t unixMs)
{
    const auto zone = TimeZone::find(window.zone);
    if (!zone)
        return std::nullopt;
    const LocalTime now = zone->at(unixMs);
    const auto isDay = [&](int weekday) {
        return window.days.empty() ||
               std::ranges::find(window.days, static_cast<Weekday>((weekday + 7) % 7)) !=
                   window.days.end();
    };
    if (window.fromMinute < window.untilMinute)
        return isDay(now.weekday) && now.minuteOfDay >= window.fromMinute &&
               now.minuteOfDay < window.untilMinute;
    if (now.minuteOfDay >= window.fromMinute)
        return isDay(now.weekday);
    return now.minuteOfDay < window.untilMinute && isDay(now.weekday - 1);
}

} // namespace signalbox
