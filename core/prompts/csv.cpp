// SPDX-License-Identifier: Apache-2.0
#include "csv.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <utility>

namespace signalbox {

namespace {

/// The rarest in prose first: it wins where two are equally frequent, also where there is none, as
/// in a table of one column whose prompts have commas.
constexpr std::array kSeparators = {'\t', ',', ';'};

bool isLineEnd(char c)
{
    return c == '\n' || c == '\r';
}

/// The separator that the first record has most of outside of quotes.
char likelySeparator(std::string_view text)
{
    std::array<std::size_t, kSeparators.size()> counts{};
    bool isQuoted = false;
    bool isAtStart = true; // of a field: only there a quote opens one
    for (const char c : text) {
        if (c == '"' && (isQuoted || isAtStart))
            isQuoted = !isQuoted;
        if (!isQuoted && isLineEnd(c))
            break;
        const auto separator = std::ranges::find(kSeparators, c);
        isAtStart = !isQuoted && separator != kSeparators.end();
        if (isAtStart)
            ++counts[static_cast<std::size_t>(separator - kSeparators.begin())];
    }
    const auto most = std::ranges::max_element(counts);
    return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

/// "sep=;" as a line of its own.
std::optional<char> statedSeparator(std::string_view firstLine)
{
    constexpr std::string_view kKey = "sep=";
    if (firstLine.size() == kKey.size() + 1 && firstLine.starts_with(kKey))
        return firstLine.back();
    return std::nullopt;
}

class CsvScanner
{
public:
    CsvScanner(std::string_view text, char separator, ImportReport& report)
        : m_text(text), m_separator(separator), m_report(report)
    {}

    void skipLine()
    {
        skipToLineEnd();
        passLineEnd();
    }

    [[nodiscard]] std::vector<CsvRecord> read()
    {
        std::vector<CsvRecord> records;
        while (m_offset < m_text.size()) {
            if (isLineEnd(m_text[m_offset])) {
                passLineEnd();
                continue;
            }
            if (auto record = readRecord())
                records.push_back(std::move(*record));
        }
        return records;
    }

private:
    std::optional<CsvRecord> readRecord()
    {
        const std::size_t start = m_offset;
        CsvRecord record;
        record.line = m_line;
        std::string fault;
        for (;;) {
            if (!readField(record.fields.emplace_back(), fault)) {
                m_offset = start; // and on with the line after the one that it began on
                m_line = record.line;
                skipLine();
                m_report.refuse(record.line, fault);
                return std::nullopt;
            }
            if (m_offset >= m_text.size() || isLineEnd(m_text[m_offset]))
                break;
            ++m_offset; // the separator
        }
        passLineEnd();
        if (!fault.empty() || !isUtf8(record.fields)) {
            m_report.refuse(record.line, fault.empty()
                                             ? "it is not UTF-8; save the file as \"CSV UTF-8\""
                                             : fault);
            return std::nullopt;
        }
        return record;
    }

    static bool isUtf8(const std::vector<std::string>& fields)
    {
        return std::ranges::none_of(
            fields, [](const std::string& field) { return firstInvalidUtf8(field).has_value(); });
    }

    /// Reads up to a separator or line end. False if a quote is never closed; another fault is
    /// noted in `fault` and passed over.
    bool readField(std::string& field, std::string& fault)
    {
        if (m_offset >= m_text.size() || m_text[m_offset] != '"') {
            while (m_offset < m_text.size() && m_text[m_offset] != m_separator &&
                   !isLineEnd(m_text[m_offset]))
                field += m_text[m_offset++];
            return true;
        }
        if (!readQuoted(field)) {
            fault = "a quote is opened and never closed";
            return false;
        }
        const std::size_t closed = m_offset;
        while (m_offset < m_text.size() && m_text[m_offset] != m_separator &&
               !isLineEnd(m_text[m_offset]))
            ++m_offset;
        if (m_offset != closed && fault.empty())
            fault = "there is text after a closing quote; a quote inside of quotes is doubled";
        return true;
    }

    bool readQuoted(std::string& field)
    {
        ++m_offset;
        while (m_offset < m_text.size()) {
            const char c = m_text[m_offset];
            if (c == '"') {
                ++m_offset;
                if (m_offset >= m_text.size() || m_text[m_offset] != '"')
                    return true;
            }
            if (c == '\n' || (c == '\r' && !m_text.substr(m_offset).starts_with("\r\n")))
                ++m_line;
            field += c;
            ++m_offset;
        }
        return false;
    }

    void skipToLineEnd()
    {
        while (m_offset < m_text.size() && !isLineEnd(m_text[m_offset]))
            ++m_offset;
    }

    void passLineEnd()
    {
        if (m_offset >= m_text.size())
            return;
        m_offset += m_text.substr(m_offset).starts_with("\r\n") ? 2 : 1;
        ++m_line;
    }

    std::string_view m_text;
    char m_separator;
    ImportReport& m_report;
    std::size_t m_offset = 0;
    std::size_t m_line = 1;
};

} // namespace

CsvReading readCsv(std::string_view text, ImportReport& report, std::optional<char> separator)
{
    const std::string_view firstLine = text.substr(0, text.find_first_of("\r\n"));
    const std::optional<char> stated = statedSeparator(firstLine);
    CsvReading reading;
    reading.separator = separator ? *separator : stated ? *stated : likelySeparator(text);
    CsvScanner scanner(text, reading.separator, report);
    if (stated)
        scanner.skipLine();
    reading.records = scanner.read();
    return reading;
}

} // namespace signalbox
