// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// A row of a sheet that has something in it.
struct SheetRow
{
    std::size_t number = 0;         ///< as the spreadsheet shows it, from 1
    std::vector<std::string> cells; ///< from column A; those behind the last one that is not empty
                                    ///< are left out
    std::string fault;              ///< why it cannot be taken as it is: "C7 holds #N/A"; or empty
    bool operator==(const SheetRow&) const = default;
};

struct SheetReading
{
    std::string sheet; ///< the one that was read
    std::vector<SheetRow> rows;
};

struct SheetChoice
{
    std::string name = {};   ///< NotFound if the workbook has no such sheet; empty: any
    std::string likely = {}; ///< of any, this one if it is there, else the first
};

/// Whether a file is a workbook of a spreadsheet program, of this or of an older or locked kind,
/// which readWorkbook() refuses in words.
[[nodiscard]] bool isWorkbook(std::string_view bytes);

/// In the workbook's order. Errors as readWorkbook().
[[nodiscard]] Result<std::vector<std::string>> sheetNamesOf(std::string_view bytes);

/// Reads one sheet of an Office Open XML workbook (.xlsx; ECMA-376 part 1) as texts: dates as
/// "2026-11-27 14:05:30", numbers as their shortest decimal, true and false, formulas as the result
/// that is saved with them. A row with an error value, or with a formula without a result, has a
/// fault.
/// @return Unsupported if it is encrypted, .xls or another format; TooLarge over 64 MB, or if it
///         unpacks to more than a table has; ParseError if it is damaged
[[nodiscard]] Result<SheetReading> readWorkbook(std::string_view bytes,
                                                const SheetChoice& choice = {});

} // namespace signalbox
