// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// One record of a table, as views of its text. A cell whose quotes are doubled is written anew.
struct CsvCells
{
    std::vector<std::string_view> cells = {};
    std::size_t end = 0;   ///< offset of the next record
    std::size_t lines = 0; ///< line ends in it, its own included
    std::string_view fault =
        {}; ///< a sentence, if it is none; `end` is then that of its first line

    std::deque<std::string> written = {};
};

/// Reads records of RFC 4180 one at a time out of a text of any size: cells in double quotes may
/// hold separators, line ends and, doubled, quotes; lines end with LF or CR LF. A quote within a
/// cell that does not begin with one is a character like others. One slip does not swallow the
/// file: after a faulty record the reading goes on with its second line.
class CsvRecords
{
public:
    CsvRecords(char separator, std::size_t maxBytes) : m_separator(separator), m_maxBytes(maxBytes)
    {}

    /// The record that begins at `begin`, which is before the end of `text`.
    void read(std::string_view text, std::size_t begin, CsvCells& out) const;

private:
    bool readQuoted(std::string_view text, std::size_t& at, CsvCells& out) const;
    void readPlain(std::string_view text, std::size_t& at, CsvCells& out) const;

    char m_separator;
    std::size_t m_maxBytes;
};

/// The separator of a table, of comma, semicolon, tab and bar: what a first line "sep=;" names, or
/// the one that the first record has most of outside of quotes. A comma if it has none.
[[nodiscard]] char sniffSeparator(std::string_view text);

/// Where the table itself begins: after a byte order mark and a line "sep=;".
[[nodiscard]] std::size_t tableBegin(std::string_view text);

} // namespace signalbox::traffic_detail
