// SPDX-License-Identifier: Apache-2.0
#include "import_report.h"

#include <core/base/json.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";

/// Reads UTF-16 units in one of the two byte orders.
class Utf16Reader
{
public:
    Utf16Reader(std::string_view bytes, bool isBigEndian)
        : m_bytes(bytes), m_isBigEndian(isBigEndian)
    {}

    [[nodiscard]] Result<std::string> read()
    {
        if (m_bytes.size() % 2 != 0)
            return fail(ErrorCode::ParseError, "the UTF-16 text ends in the middle of a unit", {},
                        "Save it as UTF-8.");
        std::string text;
        while (m_offset < m_bytes.size()) {
            char32_t point = next();
            const bool isHigh = point >= 0xD800 && point < 0xDC00;
            if (isHigh && m_offset < m_bytes.size()) {
                const char32_t low = next();
                point = low >= 0xDC00 && low < 0xE000
                            ? 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
                            : char32_t{0xD800};
            }
            if (point >= 0xD800 && point < 0xE000)
                return fail(ErrorCode::ParseError, "the UTF-16 text has half of a surrogate pair",
                            {}, "Save it as UTF-8.");
            appendUtf8(text, point);
        }
        return text;
    }

private:
    char32_t next()
    {
        const auto first = static_cast<unsigned char>(m_bytes[m_offset]);
        const auto second = static_cast<unsigned char>(m_bytes[m_offset + 1]);
        m_offset += 2;
        const int unit = m_isBigEndian ? first * 256 + second : second * 256 + first;
        return static_cast<char32_t>(unit);
    }

    std::string_view m_bytes;
    bool m_isBigEndian;
    std::size_t m_offset = 0;
};

} // namespace

std::vector<std::string> ImportReport::notes() const
{
    std::vector<std::string> notes;
    for (const auto& [name, times] : m_passedOver)
        notes.push_back("\"" + name + "\" means nothing here and was passed over (" +
                        std::to_string(times) + (times == 1 ? " time)." : " times)."));
    return notes;
}

void ImportReport::refuse(std::size_t line, std::string message)
{
    ++m_refusedCount;
    if (m_refused.size() < kShown)
        m_refused.push_back({line, std::move(message)});
}

void ImportReport::refuse(std::size_t line, const Error& error)
{
    constexpr std::string_view kOnlyLine = "line 1, ";
    std::string_view where = error.where;
    if (where.starts_with(kOnlyLine))
        where.remove_prefix(kOnlyLine.size());
    refuse(line, where.empty() ? error.message : std::string(where) + ": " + error.message);
}

void ImportReport::refuseAt(std::string_view text, const Error& error)
{
    const auto place = findTextPlace(text, error.where);
    refuse(place ? place->line : 0, error.message);
}

Error nothingRead(const ImportReport& report, const std::string& whatIsWanted)
{
    if (report.refused().empty())
        return {
            ErrorCode::ParseError, "there is nothing in it that could be read", {}, whatIsWanted};
    const RefusedLine& first = report.refused().front();
    return {ErrorCode::ParseError,
            "none of " + std::to_string(report.refusedCount()) +
                " could be read; the first says: " + first.message,
            first.line == 0 ? std::string() : "line " + std::to_string(first.line), whatIsWanted};
}

Result<std::string> decodedText(std::string_view bytes)
{
    if (bytes.size() > kMostImportBytes)
        return fail(ErrorCode::TooLarge, "more than 64 MiB", {}, "Split the file.");
    if (bytes.starts_with("\xEF\xBB\xBF"))
        return std::string(bytes.substr(3));
    if (bytes.starts_with("\xFF\xFE"))
        return Utf16Reader(bytes.substr(2), false).read();
    if (bytes.starts_with("\xFE\xFF"))
        return Utf16Reader(bytes.substr(2), true).read();
    return std::string(bytes);
}

std::vector<TextLine> linesOf(std::string_view text)
{
    std::vector<TextLine> lines;
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = std::min(text.find_first_of("\r\n", start), text.size());
        lines.push_back({lines.size() + 1, text.substr(start, end - start)});
        start = text.substr(end).starts_with("\r\n") ? end + 2 : end + 1;
    }
    return lines;
}

bool isBlankText(std::string_view text)
{
    return text.find_first_not_of(kSpace) == std::string_view::npos;
}

std::string_view trimmedText(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

} // namespace signalbox
