// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// What a cell of a spreadsheet holds at most, in UTF-16 units.
inline constexpr std::size_t kMostCellUnits = 32'767;

/// A text in parts that a cell can hold, with what toCellText() adds; one, perhaps empty, if it is
/// short enough. No character is cut through.
[[nodiscard]] std::vector<std::string> cellParts(std::string_view text);

/// The text as a workbook writes it: characters that its XML cannot hold become U+FFFD, and what
/// would be read as an escaped character ("_x000D_") has its first bar escaped. Control characters
/// are left to the writing library. At most seven times as long.
[[nodiscard]] std::string toCellText(std::string_view text);
/// The inverse: "_x000D_" is a carriage return.
[[nodiscard]] std::string fromCellText(std::string_view text);

} // namespace signalbox
