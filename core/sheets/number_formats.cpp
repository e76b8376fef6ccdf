// SPDX-License-Identifier: Apache-2.0
#include "number_formats.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace signalbox::sheets_detail {

namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr double kLastDay = 2'958'466; ///< 31 December 9999 is the day before
constexpr double kMostExact = 9'007'199'254'740'992;

std::string timeText(std::int64_t seconds)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    return text.data();
}

} // namespace

bool isDateFormat(std::int64_t builtIn)
{
    return (builtIn >= 14 && builtIn <= 22) || (builtIn >= 27 && builtIn <= 36) ||
           (builtIn >= 45 && builtIn <= 47) || (builtIn >= 50 && builtIn <= 58);
}

/// Letters of dates, where they are neither quoted nor escaped nor in a [colour].
bool isDateFormat(std::string_view code)
{
    constexpr std::string_view kLetters = "dmyhsDMYHS";
    for (std::size_t at = 0; at < code.size() && code[at] != ';'; ++at) {
        const char c = code[at];
        if (c == '\\' || c == '_' || c == '*') {
            ++at;
        } else if (c == '"' || c == '[') {
            const std::size_t end = code.find(c == '"' ? '"' : ']', at + 1);
            if (end == std::string_view::npos)
                return false;
            const std::string_view inside = code.substr(at + 1, end - at - 1);
            if (c == '[' && inside.find_first_not_of("hmsHMS") == std::string_view::npos &&
                !inside.empty())
                return true; // elapsed time
            at = end;
        } else if (kLetters.find(c) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

std::optional<std::string> dateText(double serial, DateSystem system)
{
    if (!(serial >= 0) || serial >= kLastDay)
        return std::nullopt;
    double whole = std::floor(serial);
    auto seconds = static_cast<std::int64_t>(
        std::llround((serial - whole) * static_cast<double>(kSecondsPerDay)));
    if (seconds == kSecondsPerDay) {
        seconds = 0;
        ++whole;
    }
    if (whole == 0 && system == DateSystem::From1900)
        return timeText(seconds);
    auto days = static_cast<int>(whole);
    std::chrono::sys_days start = std::chrono::sys_days(std::chrono::year(1904) / 1 / 1);
    if (system == DateSystem::From1900) {
        if (days == 60)
            return std::nullopt;
        start = std::chrono::sys_days(std::chrono::year(1899) / 12 / 31);
        if (days > 60)
            --days;
    }
    const std::chrono::year_month_day day(start + std::chrono::days(days));
    if (int(day.year()) > 9999)
        return std::nullopt;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int(day.year()),
                  unsigned(day.month()), unsigned(day.day()));
    return seconds == 0 ? std::string(text.data()) : text.data() + (' ' + timeText(seconds));
}

std::string shortestNumber(double value)
{
    std::array<char, 40> digits{};
    const bool isWhole = std::trunc(value) == value && std::abs(value) < kMostExact;
    const auto end = isWhole ? std::to_chars(digits.data(), digits.data() + digits.size(),
                                             static_cast<std::int64_t>(value))
                             : std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), end.ptr};
}

} // namespace signalbox::sheets_detail
