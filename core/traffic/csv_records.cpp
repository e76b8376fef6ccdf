// SPDX-License-Identifier: Apache-2.0
#include "csv_records.h"

#include <algorithm>

namespace signalbox::traffic_detail {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSeparators = ",;\t|";

/// "sep=;" as spreadsheets write it before a table.
bool namesSeparator(std::string_view text)
{
    return text.size() > 5 && text.starts_with("sep=") && (text[5] == '\n' || text[5] == '\r');
}

std::size_t markBytes(std::string_view text)
{
    return text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
}

std::size_t lineEnd(std::string_view text, std::size_t at)
{
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

} // namespace

/// A cell that begins with a quote, of which `at` is the place.
bool CsvRecords::readQuoted(std::string_view text, std::size_t& at, CsvCells& out) const
{
    const std::size_t begin = ++at;
    std::string* written = nullptr;
    std::size_t from = begin;
    for (;;) {
        const std::size_t quote = text.find('"', at);
        if (quote == std::string_view::npos) {
            out.fault = "a quote is never closed";
            return false;
        }
        const bool isDoubled = quote + 1 < text.size() && text[quote + 1] == '"';
        if (!isDoubled) {
            if (written)
                written->append(text.substr(from, quote - from));
            out.cells.push_back(written ? std::string_view(*written)
                                        : text.substr(begin, quote - begin));
            at = quote + 1;
            break;
        }
        if (!written)
            written = &out.written.emplace_back();
        written->append(text.substr(from, quote + 1 - from));
        at = from = quote + 2;
    }
    out.lines +=
        static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                            text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    const bool isEnd = at == text.size() || text[at] == m_separator || text[at] == '\n' ||
                       (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] == '\n'));
    if (!isEnd)
        out.fault = "there is text after a closing quote";
    return isEnd;
}

void CsvRecords::readPlain(std::string_view text, std::size_t& at, CsvCells& out) const
{
    const std::size_t begin = at;
    while (at < text.size() && text[at] != m_separator && text[at] != '\n')
        ++at;
    std::size_t end = at;
    const bool isLast = at == text.size() || text[at] == '\n';
    if (isLast && end > begin && text[end - 1] == '\r')
        --end;
    out.cells.push_back(text.substr(begin, end - begin));
}

void CsvRecords::read(std::string_view text, std::size_t begin, CsvCells& out) const
{
    out.cells.clear();
    out.written.clear();
    out.fault = {};
    out.lines = 0;
    const std::string_view within =
        text.substr(0, std::min(text.size() - begin, m_maxBytes) + begin);
    std::size_t at = begin;
    for (;;) {
        const bool isQuoted = at < within.size() && within[at] == '"';
        if (!isQuoted)
            readPlain(within, at, out);
        else if (!readQuoted(within, at, out))
            break;
        if (at < within.size() && within[at] == m_separator) {
            ++at;
            continue;
        }
        if (at == within.size() && at < text.size())
            out.fault = "the record is over the limit of 16 MB";
        break;
    }
    if (!out.fault.empty()) {
        out.lines = 1;
        out.end = lineEnd(text, begin);
        return;
    }
    ++out.lines;
    out.end = lineEnd(text, at);
}

char sniffSeparator(std::string_view text)
{
    text.remove_prefix(markBytes(text));
    if (namesSeparator(text))
        return text[4];
    std::size_t count[4] = {};
    bool isQuoted = false;
    for (const char c : text.substr(0, std::size_t{1} << 20)) {
        if (c == '"')
            isQuoted = !isQuoted;
        else if (c == '\n' && !isQuoted)
            break;
        else if (const std::size_t kind = kSeparators.find(c);
                 !isQuoted && kind != std::string_view::npos)
            ++count[kind];
    }
    return kSeparators[static_cast<std::size_t>(std::ranges::max_element(count) - count)];
}

std::size_t tableBegin(std::string_view text)
{
    const std::size_t mark = markBytes(text);
    return namesSeparator(text.substr(mark)) ? lineEnd(text, mark) : mark;
}

} // namespace signalbox::traffic_detail
