// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Inside of core/sheets.
namespace signalbox::sheets_detail {

/// From which day a workbook counts: 1900 (day 60 is a 29 February that never was) or 1904.
enum class DateSystem { From1900, From1904 };

/// Whether a number format shows a date or a time: by its number, if that is a built-in one, or by
/// its code, e.g. "yyyy\-mm\-dd".
[[nodiscard]] bool isDateFormat(std::int64_t builtIn);
[[nodiscard]] bool isDateFormat(std::string_view code);

/// "2026-11-27", "2026-11-27 14:05:30" or, below one day, "14:05:30". Nothing for what no calendar
/// of a spreadsheet has.
[[nodiscard]] std::optional<std::string> dateText(double serial, DateSystem system);

/// The shortest decimal that reads back as the number: "3", "0.1", "1e+30".
[[nodiscard]] std::string shortestNumber(double value);

} // namespace signalbox::sheets_detail
