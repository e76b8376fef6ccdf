// SPDX-License-Identifier: Apache-2.0
#include "time_windows.h"

#include <core/base/time_zone.h>

#include <algorithm>
#include <map>
#include <string>

namespace signalbox {

namespace {

constexpr int kDays = 7;
constexpr int kMinutesPerWeek = kDays * kMinutesPerDay;
constexpr std::int64_t kMsPerMinute = 60'000;
/// Wednesday, 3 January 2024, 10:00 in UTC, and 26 weeks later.
constexpr std::int64_t kWinter = 1'704'276'000'000;
constexpr std::int64_t kSummer = kWinter + 26LL * kMinutesPerWeek * kMsPerMinute;

/// As the engine reads it: a window past midnight is that of the day before.
bool isOpen(const TimeWindowSource& window, const LocalTime& now)
{
    const auto isOn = [&window](int weekday) {
        return window.days.empty() ||
               std::ranges::find(window.days, static_cast<Weekday>(weekday)) != window.days.end();
    };
    if (window.fromMinute < window.untilMinute)
        return isOn(now.weekday) && now.minuteOfDay >= window.fromMinute &&
               now.minuteOfDay < window.untilMinute;
    if (now.minuteOfDay >= window.fromMinute)
        return isOn(now.weekday);
    return now.minuteOfDay < window.untilMinute && isOn((now.weekday + kDays - 1) % kDays);
}

} // namespace

JointTruths jointTruths(const TimeWindowSource& first, const TimeWindowSource& second)
{
    // Between these minutes of a day nothing changes.
    const std::array<int, 5> changes = {0, first.fromMinute, first.untilMinute, second.fromMinute,
                                        second.untilMinute};
    JointTruths seen{};
    for (int day = 0; day < kDays; ++day) {
        for (const int minute : changes) {
            const LocalTime now = {day, minute};
            seen[isOpen(first, now) ? 1 : 0][isOpen(second, now) ? 1 : 0] = true;
        }
    }
    return seen;
}

TimeExamples::TimeExamples(const std::vector<const TimeWindowSource*>& windows)
{
    struct Zone
    {
        TimeZone zone;
        std::vector<std::size_t> windows;
    };
    std::map<std::string, Zone> zones;
    for (std::size_t i = 0; i < std::min(windows.size(), kMostWindows); ++i) {
        if (const auto zone = TimeZone::find(windows[i]->zone))
            zones.try_emplace(windows[i]->zone, Zone{*zone, {}}).first->second.windows.push_back(i);
    }
    std::map<std::uint64_t, std::int64_t> known;
    // Full hours first, as they are easy to read.
    for (const int step : {60, 15, 1}) {
        for (const std::int64_t start : {kWinter, kSummer}) {
            for (int minute = 0; minute < kMinutesPerWeek; minute += step) {
                const std::int64_t now = start + minute * kMsPerMinute;
                std::uint64_t open = 0;
                for (const auto& [name, zone] : zones) {
                    const LocalTime local = zone.zone.at(now);
                    for (const std::size_t window : zone.windows)
                        open |= std::uint64_t{isOpen(*windows[window], local)} << window;
                }
                known.try_emplace(open, now);
            }
        }
    }
    m_known.assign(known.begin(), known.end());
    std::ranges::stable_sort(m_known, {}, &std::pair<std::uint64_t, std::int64_t>::second);
}

std::optional<std::int64_t> TimeExamples::find(std::span<const Allowed> allowed) const
{
    const auto isRight = [&allowed](const std::pair<std::uint64_t, std::int64_t>& known) {
        for (std::size_t i = 0; i < std::min(allowed.size(), kMostWindows); ++i) {
            if (!allowed[i][known.first >> i & 1U])
                return false;
        }
        return true;
    };
    const auto found = std::ranges::find_if(m_known, isRight);
    return found == m_known.end() ? std::nullopt : std::optional(found->second);
}

} // namespace signalbox
