// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "import_report.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

struct CsvRecord
{
    std::size_t line = 0; ///< 1-based, where it begins
    std::vector<std::string> fields;
    bool operator==(const CsvRecord&) const = default;
};

struct CsvReading
{
    char separator = ',';
    std::vector<CsvRecord> records;
};

/// Records of comma-separated values (RFC 4180): fields in double quotes may hold separators, line
/// ends and, doubled, quotes. The separator is a comma, a semicolon or a tab: the one that the
/// first record has most of outside of quotes (a tab if it has none, so that a column of prose
/// stays one), unless it is given or a first line "sep=;" names it, as spreadsheets write it. Lines
/// may end with LF, CR LF or CR; empty ones are no records. A quote inside of a field that does not
/// begin with one is a character like others.
///
/// Refused, each with its line, while all other records are kept: text after a closing quote; a
/// quote that is never closed (the reading goes on with the next line, so that one slip does not
/// swallow the file); a record that is not UTF-8.
/// @param text  without a byte order mark, as decodedText() gives it
/// O(n).
[[nodiscard]] CsvReading readCsv(std::string_view text, ImportReport& report,
                                 std::optional<char> separator = std::nullopt);

} // namespace signalbox
