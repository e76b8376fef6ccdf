// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace signalbox {

struct LocalTime
{
    int weekday = 0;     ///< 0 for Monday
    int minuteOfDay = 0; ///< 0 to 1439
    bool operator==(const LocalTime&) const = default;
};

/// A zone of the IANA data base, as the system has it (tzdata). Cheap to copy; zones live as long
/// as the program.
class TimeZone
{
public:
    /// By its name, e.g. "Europe/Berlin"; nothing if the system does not know it. Reads the data
    /// base at the first call.
    [[nodiscard]] static std::optional<TimeZone> find(std::string_view name);

    /// What a clock on the wall shows. Summer time and its changes over the years included.
    /// @param unixMs  milliseconds since 1970 in UTC
    [[nodiscard]] LocalTime at(std::int64_t unixMs) const;

private:
    explicit TimeZone(const void* zone) : m_zone(zone) {}
    const void* m_zone;
};

} // namespace signalbox
