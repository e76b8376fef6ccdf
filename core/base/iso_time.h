// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// "2026-11-27T08:15:30.250Z" (ISO 8601, UTC). Empty for times outside of the years 0 to 9999.
/// @param unixMs  milliseconds since 1970
[[nodiscard]] std::string isoTime(std::int64_t unixMs);

/// The inverse; the fraction may be shorter or absent. Nothing for another form or an impossible
/// day.
[[nodiscard]] std::optional<std::int64_t> unixMsOfIsoTime(std::string_view text);

} // namespace signalbox
