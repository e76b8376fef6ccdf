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

std::string withoutOnlyLine(const Error& error)
{
    constexpr std::string_view kOnlyLine = "line 1, ";
    std::string_view where = error.where;
    if (where.starts_with(kOnlyLine))
        where.remove_prefix(kOnlyLine.size());
    return where.empty() ? error.message : std::string(where) + ": " + error.message;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Without numbers and without what stands in quotes.
std::string withoutParticulars(std::string_view message)
{
    std::string kind;
    bool isQuoted = false;
    for (const char c : message) {
        if (c == '"')
            isQuoted = !isQuoted;
        if ((isQuoted && c != '"') || (isDigit(c) && !kind.empty() && kind.back() == '0'))
            continue;
        kind += isDigit(c) ? '0' : c;
    }
    return kind;
}

} // namespace

std::string toString(const RefusedKind& kind)
{
    const std::string line = kind.first.line > 0 ? "line " + std::to_string(kind.first.line) : "";
    if (kind.count > 1)
        return kind.first.message + " (" + std::to_string(kind.count) + " times" +
               (line.empty() ? "" : ", first in " + line) + ')';
    return kind.first.message + (line.empty() ? "" : " (" + line + ')');
}

std::vector<std::string> ImportReport::notes() const
{
    std::vector<std::string> notes;
    for (const auto& [name, times] : m_passedOver)
        notes.push_back("\"" + name + "\" means nothing here and was passed over (" +
                        std::to_string(times) + (times == 1 ? " time)." : " times)."));
    return notes;
}

void ImportReport::refuse(std::size_t line, std::string message, std::string kind)
{
    countKind(line, message, std::move(kind));
    ++m_refusedCount;
    if (m_refused.size() < kShown)
        m_refused.push_back({line, std::move(message)});
}

void ImportReport::refuse(std::size_t line, std::span<const std::string> messages)
{
    refuse(line, messages.front());
    for (const std::string& also : messages.subspan(1))
        countKind(line, also, {});
}

void ImportReport::refuse(std::size_t line, std::span<const Error> errors)
{
    std::vector<std::string> messages;
    for (const Error& error : errors)
        messages.push_back(withoutOnlyLine(error));
    refuse(line, messages);
}

void ImportReport::refuseAllOf(const ImportReport& other)
{
    m_refusedCount += other.m_refusedCount;
    for (const RefusedLine& line : other.m_refused) {
        if (m_refused.size() < kShown)
            m_refused.push_back(line);
    }
    for (const RefusedKind& kind : other.m_kinds) {
        countKind(kind.first.line, kind.first.message, kind.key);
        if (const auto found = std::ranges::find(m_kinds, kind.key, &RefusedKind::key);
            found != m_kinds.end())
            found->count += kind.count - 1;
    }
}

void ImportReport::countKind(std::size_t line, const std::string& message, std::string kind)
{
    if (kind.empty())
        kind = withoutParticulars(message);
    const auto found = std::ranges::find(m_kinds, kind, &RefusedKind::key);
    if (found != m_kinds.end())
        ++found->count;
    else if (m_kinds.size() < kKinds)
        m_kinds.push_back({{line, message}, 1, std::move(kind)});
}

void ImportReport::refuse(std::size_t line, const Error& error)
{
    refuse(line, withoutOnlyLine(error));
}

void ImportReport::refuseAt(std::string_view text, const Error& error)
{
    const auto place = findTextPlace(text, error.where);
    refuse(place ? place->line : 0, error.message);
}

std::string refusedText(const ImportReport& report, std::size_t mostKinds)
{
    std::string text;
    const std::size_t shown = std::min(mostKinds, report.kinds().size());
    for (std::size_t i = 0; i < shown; ++i)
        text += (i == 0 ? "" : "; ") + toString(report.kinds()[i]);
    if (const std::size_t more = report.kinds().size() - shown; more > 0)
        text += "; and " + std::to_string(more) + (more == 1 ? " other thing" : " other things");
    return text;
}

namespace {

/// One thing that is wrong once stands at its place; several say theirs.
Error refusedError(const ImportReport& report, std::string begin, std::string hint)
{
    const RefusedKind& first = report.kinds().front();
    if (report.kinds().size() > 1 || first.count > 1)
        return {ErrorCode::ParseError, std::move(begin) + refusedText(report), {}, std::move(hint)};
    return {ErrorCode::ParseError, std::move(begin) + first.first.message,
            first.first.line == 0 ? std::string() : "line " + std::to_string(first.first.line),
            std::move(hint)};
}

} // namespace

Error nothingRead(const ImportReport& report, const std::string& whatIsWanted)
{
    if (report.refused().empty())
        return {
            ErrorCode::ParseError, "there is nothing in it that could be read", {}, whatIsWanted};
    return refusedError(
        report,
        "none of " + std::to_string(report.refusedCount()) + " could be read: ", whatIsWanted);
}

Error partlyRead(const ImportReport& report, const std::string& hint)
{
    const std::size_t count = report.refusedCount();
    return refusedError(
        report,
        std::to_string(count) + (count == 1 ? " part" : " parts") + " cannot be read: ", hint);
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
