// SPDX-License-Identifier: Apache-2.0
#include "log_units.h"

#include <charconv>
#include <chrono>
#include <cmath>

namespace signalbox::traffic_detail {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// Reads a number off the front of a text.
std::optional<double> takeNumber(std::string_view& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || !std::isfinite(value))
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// Reads exactly so many digits off the front; -1 if there are none.
int takeDigits(std::string_view& text, std::size_t count)
{
    if (text.size() < count)
        return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool takeChar(std::string_view& text, std::string_view oneOf)
{
    if (text.empty() || oneOf.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

/// Unix days of "2026-11-27".
std::optional<double> takeDay(std::string_view& text)
{
    using namespace std::chrono;
    const int y = takeDigits(text, 4);
    const bool hasMonth = takeChar(text, "-/");
    const int m = takeDigits(text, 2);
    const bool hasDay = takeChar(text, "-/");
    const int d = takeDigits(text, 2);
    const year_month_day date(year{y}, month{static_cast<unsigned>(m)},
                              day{static_cast<unsigned>(d)});
    if (y < 0 || !hasMonth || m < 0 || !hasDay || d < 0 || !date.ok())
        return std::nullopt;
    return static_cast<double>(sys_days(date).time_since_epoch().count());
}

/// ".250" or ",25" is 250; 0 without a fraction.
double takeFractionMs(std::string_view& text)
{
    if (text.size() < 2 || (text.front() != '.' && text.front() != ','))
        return 0;
    text.remove_prefix(1);
    double ms = 0;
    double worth = 100;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        ms += (text.front() - '0') * worth;
        worth /= 10;
    }
    return ms;
}

/// Milliseconds since midnight of "08:15", "08:15:30.250".
std::optional<double> takeClockMs(std::string_view& text)
{
    const int hour = takeDigits(text, 2);
    const bool hasMinute = takeChar(text, ":");
    const int minute = takeDigits(text, 2);
    if (hour < 0 || hour > 23 || !hasMinute || minute < 0 || minute > 59)
        return std::nullopt;
    double second = 0;
    if (takeChar(text, ":")) {
        second = takeDigits(text, 2);
        if (second < 0 || second > 60)
            return std::nullopt;
    }
    return (hour * 60 + minute) * 60'000.0 + second * 1000 + takeFractionMs(text);
}

/// How far "+01:00", "-0530", "+02" is ahead of UTC; 0 for "Z" and " UTC".
std::optional<double> takeZoneMs(std::string_view& text)
{
    text = trimmed(text);
    if (text.empty() || text == "Z" || text == "z" || text == "UTC") {
        text = {};
        return 0;
    }
    const bool isBehind = text.front() == '-';
    if (!takeChar(text, "+-"))
        return std::nullopt;
    const int hours = takeDigits(text, 2);
    takeChar(text, ":");
    const int minutes = text.empty() ? 0 : takeDigits(text, 2);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59)
        return std::nullopt;
    const double ms = (hours * 60 + minutes) * 60'000.0;
    return isBehind ? -ms : ms;
}

double millisecondsPer(LogUnit unit)
{
    switch (unit) {
    case LogUnit::Seconds:
    case LogUnit::UnixSeconds:
        return 1000;
    case LogUnit::Microseconds:
    case LogUnit::UnixMicroseconds:
        return 1e-3;
    case LogUnit::Nanoseconds:
    case LogUnit::UnixNanoseconds:
        return 1e-6;
    default:
        return 1;
    }
}

LogUnit likelyTimeUnit(double number)
{
    const double size = std::abs(number);
    if (size < 1e11)
        return LogUnit::UnixSeconds;
    if (size < 1e14)
        return LogUnit::UnixMilliseconds;
    return size < 1e17 ? LogUnit::UnixMicroseconds : LogUnit::UnixNanoseconds;
}

std::optional<LogUnit> spanUnitNamed(std::string_view name)
{
    if (name == "s" || name == "sec" || name == "seconds")
        return LogUnit::Seconds;
    if (name == "ms")
        return LogUnit::Milliseconds;
    if (name == "us" || name == "\xC2\xB5s" || name == "\xCE\xBCs") // micro sign, Greek mu
        return LogUnit::Microseconds;
    if (name == "ns")
        return LogUnit::Nanoseconds;
    return std::nullopt;
}

} // namespace

std::optional<double> numberIn(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('$') || text.starts_with('+'))
        text.remove_prefix(1);
    const auto number = takeNumber(text);
    return text.empty() ? number : std::nullopt;
}

std::optional<double> timeMsIn(std::string_view text)
{
    text = trimmed(text);
    const auto day = takeDay(text);
    if (!day)
        return std::nullopt;
    double ms = *day * 86'400'000.0;
    if (text.empty())
        return ms;
    if (!takeChar(text, "T t"))
        return std::nullopt;
    const auto clock = takeClockMs(text);
    if (!clock)
        return std::nullopt;
    const auto zone = takeZoneMs(text);
    if (!zone || !text.empty())
        return std::nullopt;
    ms += *clock - *zone;
    return ms;
}

double timeMsOf(double number, LogUnit unit)
{
    const LogUnit known = unit == LogUnit::Plain ? likelyTimeUnit(number) : unit;
    // Divided, not multiplied: 1/1000 has no exact double.
    const double per = millisecondsPer(known);
    return per < 1 ? number / std::round(1 / per) : number * per;
}

std::optional<double> spanMsIn(std::string_view text, LogUnit unit)
{
    text = trimmed(text);
    const auto number = takeNumber(text);
    if (!number)
        return std::nullopt;
    text = trimmed(text);
    if (text.empty())
        return spanMsOf(*number, unit);
    const auto named = spanUnitNamed(text);
    return named ? std::optional(spanMsOf(*number, *named)) : std::nullopt;
}

double spanMsOf(double number, LogUnit unit)
{
    return unit == LogUnit::Plain ? number : timeMsOf(number, unit);
}

double usdOf(double number, LogUnit unit)
{
    switch (unit) {
    case LogUnit::UsCents:
        return number / 100;
    case LogUnit::MicroUsd:
        return number / 1e6;
    default:
        return number;
    }
}

} // namespace signalbox::traffic_detail
