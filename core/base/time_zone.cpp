// SPDX-License-Identifier: Apache-2.0
#include "time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>

namespace signalbox {

std::optional<TimeZone> TimeZone::find(std::string_view name)
{
    if (name.empty())
        return std::nullopt;
    try {
        return TimeZone(date::locate_zone(std::string(name)));
    } catch (const std::runtime_error&) { // unknown, or a system without the data base
        return std::nullopt;
    }
}

LocalTime TimeZone::at(std::int64_t unixMs) const
{
    // Years that no calendar of the library holds are taken to be its ends.
    constexpr std::int64_t kLastMs = 32'000'000'000'000; // the year 2984
    const date::sys_time<std::chrono::milliseconds> time{
        std::chrono::milliseconds(std::clamp<std::int64_t>(unixMs, -kLastMs, kLastMs))};
    const auto local = static_cast<const date::time_zone*>(m_zone)->to_local(time);
    const auto day = date::floor<date::days>(local);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(local - day).count();
    return {static_cast<int>(date::weekday(day).iso_encoding()) - 1, static_cast<int>(minutes)};
}

} // namespace signalbox
