// SPDX-License-Identifier: Apache-2.0
#include "day.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace signalbox {

namespace {

/// The value of digits, or -1 if one of them is none.
int numberOf(std::string_view digits)
{
    int value = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9')
            return -1;
        value = value * 10 + (digit - '0');
    }
    return value;
}

} // namespace

std::optional<Day> parseDay(std::string_view isoDate)
{
    if (isoDate.size() != 10 || isoDate[4] != '-' || isoDate[7] != '-')
        return std::nullopt;
    const int year = numberOf(isoDate.substr(0, 4));
    const int month = numberOf(isoDate.substr(5, 2));
    const int day = numberOf(isoDate.substr(8, 2));
    if (year < 1970 || month < 1 || day < 1)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? std::optional(Day(date)) : std::nullopt;
}

std::string toText(Day day)
{
    const std::chrono::year_month_day date{day};
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

Day dayOf(std::int64_t unixMs)
{
    // Moments outside of the calendar are its ends.
    constexpr std::int64_t kLastMs = 253'402'300'799'999; // the end of 9999
    const std::chrono::sys_time<std::chrono::milliseconds> moment{
        std::chrono::milliseconds(std::clamp<std::int64_t>(unixMs, 0, kLastMs))};
    return std::chrono::floor<std::chrono::days>(moment);
}

int ageInDays(Day asOf, Day today)
{
    return static_cast<int>((today - asOf).count());
}

PriceAge priceAge(Day asOf, Day today)
{
    const int days = ageInDays(asOf, today);
    if (days < 0)
        return PriceAge::Future;
    if (days > kStaleAfterDays)
        return PriceAge::Stale;
    return days > kAgingAfterDays ? PriceAge::Aging : PriceAge::Fresh;
}

std::string_view nameOf(PriceAge age)
{
    switch (age) {
    case PriceAge::Fresh:
        return "fresh";
    case PriceAge::Aging:
        return "aging";
    case PriceAge::Stale:
        return "stale";
    case PriceAge::Future:
        return "future";
    }
    return "future";
}

} // namespace signalbox
