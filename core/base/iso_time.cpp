// SPDX-License-Identifier: Apache-2.0
#include "iso_time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace signalbox {

namespace {

/// Reads digits at a place of a text; -1 if there are others.
int digitsAt(std::string_view text, std::size_t at, std::size_t count)
{
    int value = 0;
    const std::string_view part = text.substr(at, count);
    const auto read = std::from_chars(part.data(), part.data() + part.size(), value);
    const bool isWhole = part.size() == count && part.front() != '-' && read.ec == std::errc() &&
                         read.ptr == part.data() + part.size();
    return isWhole ? value : -1;
}

/// ".25" is 250; nothing without a dot, or -1 for what is no fraction.
int fractionMs(std::string_view text)
{
    if (text.empty())
        return 0;
    if (text.size() < 2 || text.size() > 4 || text.front() != '.')
        return -1;
    int ms = digitsAt(text, 1, text.size() - 1);
    for (std::size_t digits = text.size() - 1; ms > 0 && digits < 3; ++digits)
        ms *= 10;
    return ms;
}

} // namespace

std::string isoTime(std::int64_t unixMs)
{
    using namespace std::chrono;
    constexpr std::int64_t kFirst = -62'167'219'200'000; // year 0
    constexpr std::int64_t kEnd = 253'402'300'800'000;   // year 10000
    if (unixMs < kFirst || unixMs >= kEnd)
        return {};
    const sys_time<milliseconds> time{milliseconds(unixMs)};
    const auto midnight = floor<days>(time);
    const year_month_day day(midnight);
    const hh_mm_ss clock(time - midnight);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(day.year()),
                  unsigned(day.month()), unsigned(day.day()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()),
                  int(clock.subseconds().count()));
    return text.data();
}

std::optional<std::int64_t> unixMsOfIsoTime(std::string_view text)
{
    using namespace std::chrono;
    constexpr std::size_t kSeconds = 19; // where they end
    if (text.size() <= kSeconds || !text.ends_with('Z') || text[4] != '-' || text[7] != '-' ||
        text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    const int ms = fractionMs(text.substr(kSeconds, text.size() - kSeconds - 1));
    const int hour = digitsAt(text, 11, 2);
    const int minute = digitsAt(text, 14, 2);
    const int second = digitsAt(text, 17, 2);
    const int monthNumber = digitsAt(text, 5, 2);
    const int dayNumber = digitsAt(text, 8, 2);
    const int yearNumber = digitsAt(text, 0, 4);
    if (ms < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
        monthNumber < 0 || dayNumber < 0 || yearNumber < 0)
        return std::nullopt;
    const year_month_day date(year(yearNumber), month(static_cast<unsigned>(monthNumber)),
                              day(static_cast<unsigned>(dayNumber)));
    if (!date.ok())
        return std::nullopt;
    const sys_time<milliseconds> time =
        sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + milliseconds(ms);
    return time.time_since_epoch().count();
}

} // namespace signalbox
