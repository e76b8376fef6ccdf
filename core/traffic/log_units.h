// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_mapping.h"

#include <optional>
#include <string_view>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// "12", "-0.5", "1e-6", "$0.02", with blanks around; nothing for anything else, NaN or infinity.
[[nodiscard]] std::optional<double> numberIn(std::string_view text);

/// Unix milliseconds of "2026-11-27T08:15:30.250Z", "2026-11-27 08:15:30,25+01:00", "2026-11-27"; a
/// time without a zone is UTC. Up to nine digits of a second. Nothing for other forms and
/// impossible days.
[[nodiscard]] std::optional<double> timeMsIn(std::string_view text);

/// Unix milliseconds of a number in `unit`; with Plain, of the unit that puts it between the years
/// 1973 and 5138.
[[nodiscard]] double timeMsOf(double number, LogUnit unit);

/// Milliseconds of "1.5s", "250ms", "90 us", or of a bare number in `unit`.
[[nodiscard]] std::optional<double> spanMsIn(std::string_view text, LogUnit unit);
[[nodiscard]] double spanMsOf(double number, LogUnit unit);

[[nodiscard]] double usdOf(double number, LogUnit unit);

} // namespace signalbox::traffic_detail
