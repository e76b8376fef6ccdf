// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace signalbox {

/// Nothing, a text, or a number.
using SheetCell = std::variant<std::monostate, std::string, double>;

struct SheetColumn
{
    std::string name;
    double width = 12;       ///< characters
    std::string format = {}; ///< of numbers, e.g. "#,##0"; empty: as they come
};

/// A sheet to be written: a heading that stays in sight, and rows.
struct SheetDraft
{
    std::string name; ///< at most 31 characters, without []:*?/\ and once in the workbook
    std::vector<SheetColumn> columns;
    std::vector<std::vector<SheetCell>> rows;
};

/// The bytes of an Office Open XML workbook (.xlsx). Texts are texts: nothing in them is ever a
/// formula, a link or a number, and they stay so when somebody edits the cell. What XML cannot hold
/// (NUL, U+FFFE, U+FFFF) becomes U+FFFD. Read back by readWorkbook() before it is given out, so
/// that a disk that is full half-way gives an error and no damaged file. Uses the folder for
/// temporary files. O(n).
/// @return InvalidArgument for a name or a text that no workbook holds (see cellParts()); TooLarge
///         over 1,048,576 rows; IoError
[[nodiscard]] Result<std::string> toWorkbook(std::span<const SheetDraft> sheets,
                                             const std::string& title);

} // namespace signalbox
