// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// A day of the Gregorian calendar. Where a moment matters it begins at midnight in UTC.
using Day = std::chrono::sys_days;

/// "2026-08-01" and nothing else: four, two and two digits, a day that exists, years 1970 to 9999.
[[nodiscard]] std::optional<Day> parseDay(std::string_view isoDate);

[[nodiscard]] std::string toText(Day day);

/// The day in UTC of a moment in milliseconds since 1970.
[[nodiscard]] Day dayOf(std::int64_t unixMs);

/// What a badge says of prices of one day, seen on another.
enum class PriceAge {
    Fresh,  ///< up to 30 days old
    Aging,  ///< more than 30 days
    Stale,  ///< more than 90 days
    Future, ///< dated after today: that day is wrong, or this computer's clock
};

inline constexpr int kAgingAfterDays = 30;
inline constexpr int kStaleAfterDays = 90;

/// Days from `asOf` to `today`; negative if `asOf` is still to come.
[[nodiscard]] int ageInDays(Day asOf, Day today);
[[nodiscard]] PriceAge priceAge(Day asOf, Day today);

/// "fresh", "aging", "stale", "future": for programs.
[[nodiscard]] std::string_view nameOf(PriceAge age);

} // namespace signalbox
