// SPDX-License-Identifier: Apache-2.0
#include "prose.h"

#include "character_class.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace signalbox {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kTabWidth = 4;
constexpr std::size_t kFenceIndent = 12;

/// Which of the characters that ask for more work a line has.
struct LineSigns
{
    bool unusual = false; ///< outside ASCII, or a tab
    bool marks = false;
    bool pipes = false;
};

/// Sixteen characters at once; each of the results is 0 where there is none.
class LineScan
{
public:
    using Block = unsigned char __attribute__((vector_size(16)));

    void add(const char* characters)
    {
        Block c;
        std::memcpy(&c, characters, sizeof c);
        m_unusual |= (c & 0x80) | Block(c == '\t');
        m_marks |= Block((c == '*') | (c == '_') | (c == '`') | (c == '['));
        m_pipes |= Block(c == '|');
    }

    [[nodiscard]] LineSigns signs() const
    {
        return {isAny(m_unusual), isAny(m_marks), isAny(m_pipes)};
    }

private:
    static bool isAny(const Block& block)
    {
        std::array<std::uint64_t, 2> halves;
        std::memcpy(halves.data(), &block, sizeof block);
        return (halves[0] | halves[1]) != 0;
    }

    Block m_unusual{};
    Block m_marks{};
    Block m_pipes{};
};

/// The last block reaches back over the one before: to see a character twice changes nothing.
LineSigns signsOf(std::string_view line)
{
    constexpr std::size_t kBlock = sizeof(LineScan::Block);
    LineScan scan;
    if (line.size() < kBlock) {
        std::array<char, kBlock> padded{};
        std::copy(line.begin(), line.end(), padded.begin());
        scan.add(padded.data());
        return scan.signs();
    }
    for (std::size_t i = 0; i + kBlock < line.size(); i += kBlock)
        scan.add(line.data() + i);
    scan.add(line.data() + line.size() - kBlock);
    return scan.signs();
}

/// Bytes of white space at `offset`.
std::size_t spaceLength(std::string_view line, std::size_t offset)
{
    std::size_t i = offset;
    while (i < line.size()) {
        const DecodedCodePoint c = decodeCodePoint(line, i);
        if (!isSpace(c.value))
            break;
        i += c.bytes;
    }
    return i - offset;
}

std::size_t headerLength(std::string_view line)
{
    std::size_t i = 0;
    while (i < line.size() && i < 3 && line[i] == ' ')
        ++i;
    const std::size_t hashes = i;
    while (i < line.size() && i - hashes < 6 && line[i] == '#')
        ++i;
    if (i == hashes || i >= line.size())
        return 0;
    const DecodedCodePoint c = decodeCodePoint(line, i);
    return isSpace(c.value) ? i + c.bytes : 0;
}

std::size_t orderedLength(std::string_view line, std::size_t indent)
{
    std::size_t i = indent;
    while (i < line.size()) {
        const DecodedCodePoint c = decodeCodePoint(line, i);
        if (!isDecimalDigit(c.value))
            break;
        i += c.bytes;
    }
    if (i == indent || i >= line.size() || (line[i] != '.' && line[i] != ')'))
        return 0;
    const std::size_t space = spaceLength(line, i + 1);
    return space == 0 ? 0 : i + 1 + space;
}

std::size_t unorderedLength(std::string_view line, std::size_t indent)
{
    if (indent >= line.size())
        return 0;
    const char c = line[indent];
    std::size_t bullet = c == '-' || c == '*' || c == '+' ? 1 : 0;
    constexpr std::string_view kBullet = "\xE2\x80\xA2";
    if (line.substr(indent, kBullet.size()) == kBullet)
        bullet = kBullet.size();
    if (bullet == 0)
        return 0;
    const std::size_t space = spaceLength(line, indent + bullet);
    return space == 0 ? 0 : indent + bullet + space;
}

std::size_t quoteLength(std::string_view line, std::size_t indent)
{
    std::size_t i = indent;
    while (i < line.size() && line[i] == '>')
        ++i;
    if (i == indent)
        return 0;
    if (i < line.size()) {
        const DecodedCodePoint c = decodeCodePoint(line, i);
        if (isSpace(c.value))
            i += c.bytes;
    }
    return i;
}

/// Whether a letter, a digit or `_` (or `also`) ends before `offset`.
bool wordEndsBefore(std::string_view text, std::size_t offset, char also)
{
    if (offset == 0)
        return false;
    const std::size_t at = previousCodePoint(text, offset);
    return text[at] == '_' || text[at] == also || isAlphanumeric(decodeCodePoint(text, at).value);
}

bool wordStartsAt(std::string_view text, std::size_t offset, char also)
{
    return offset < text.size() && (text[offset] == '_' || text[offset] == also ||
                                    isAlphanumeric(decodeCodePoint(text, offset).value));
}

/// Finds the next `c` at or after offsets that only grow; every byte is looked at once.
class ForwardFinder
{
public:
    ForwardFinder(std::string_view text, char c) : m_text(text), m_c(c), m_found(text.find(c)) {}
    std::size_t at(std::size_t offset)
    {
        if (m_found != kNone && m_found < offset)
            m_found = m_text.find(m_c, offset);
        return m_found;
    }

private:
    std::string_view m_text;
    char m_c;
    std::size_t m_found;
};

/// [text](target) and ![text](target) become text.
void stripLinks(std::string_view line, std::string& out)
{
    ForwardFinder closingBracket(line, ']');
    ForwardFinder closingParenthesis(line, ')');
    std::size_t copied = 0;
    for (std::size_t i = line.find('['); i != kNone; i = line.find('[', i)) {
        const std::size_t bracket = closingBracket.at(i + 1);
        if (bracket == kNone)
            break;
        if (bracket + 1 >= line.size() || line[bracket + 1] != '(') {
            ++i;
            continue;
        }
        const std::size_t parenthesis = closingParenthesis.at(bracket + 2);
        if (parenthesis == kNone)
            break;
        const std::size_t start = i > copied && line[i - 1] == '!' ? i - 1 : i;
        out.append(line.substr(copied, start - copied));
        out.append(line.substr(i + 1, bracket - i - 1));
        copied = i = parenthesis + 1;
    }
    out.append(line.substr(copied));
}

/// Drops `c` wherever it stands `times` in a row; in place.
void drop(std::string& text, char c, std::size_t times)
{
    std::size_t from = text.find(c);
    if (from == kNone)
        return;
    std::size_t to = from;
    while (from < text.size()) {
        if (text[from] == c && (times == 1 || (from + 1 < text.size() && text[from + 1] == c)))
            from += times;
        else
            text[to++] = text[from++];
    }
    text.resize(to);
}

/// *x* between spaces or punctuation becomes x; in place.
void dropEmphasis(std::string& text)
{
    std::size_t star = text.find('*');
    if (star == kNone)
        return;
    std::string out;
    out.reserve(text.size());
    std::size_t copied = 0;
    while (star != kNone) {
        const std::size_t end = text.find('*', star + 1);
        if (end == kNone)
            break;
        if (end == star + 1 || wordEndsBefore(text, star, '*') ||
            wordStartsAt(text, end + 1, '*')) {
            star = end;
            continue;
        }
        out.append(text, copied, star - copied);
        out.append(text, star + 1, end - star - 1);
        copied = end + 1;
        star = text.find('*', copied);
    }
    out.append(text, copied);
    text.swap(out);
}

} // namespace

LineMarker lineMarker(std::string_view line)
{
    if (const std::size_t length = headerLength(line))
        return {LineKind::Header, length};
    const std::size_t indent = spaceLength(line, 0);
    if (const std::size_t length = orderedLength(line, indent))
        return {LineKind::OrderedItem, length};
    if (const std::size_t length = unorderedLength(line, indent))
        return {LineKind::UnorderedItem, length};
    if (const std::size_t length = quoteLength(line, indent))
        return {LineKind::Quote, length};
    return {};
}

char fenceOf(std::string_view line)
{
    std::size_t i = 0;
    while (i < line.size() && i < kFenceIndent && line[i] == ' ')
        ++i;
    const std::string_view mark = line.substr(i, 3);
    return mark == "```" || mark == "~~~" ? mark.front() : '\0';
}

bool isTableRow(std::string_view line)
{
    int borders = 0;
    for (std::size_t at = line.find('|'); at != std::string_view::npos;
         at = line.find('|', at + 1)) {
        const bool opensMark = at > 0 && line[at - 1] == '<';
        const bool closesMark = at + 1 < line.size() && line[at + 1] == '>';
        borders += !opensMark && !closesMark;
    }
    return borders >= 2;
}

int boldPassages(std::string_view line)
{
    int count = 0;
    for (std::size_t i = 0; i + 1 < line.size();) {
        const char c = line[i];
        if ((c != '*' && c != '_') || line[i + 1] != c) {
            ++i;
            continue;
        }
        const std::size_t end = line.find(c, i + 2);
        if (end != kNone && end > i + 2 && end + 1 < line.size() && line[end + 1] == c) {
            ++count;
            i = end + 2;
        } else {
            ++i;
        }
    }
    return count;
}

void stripInlineMarks(std::string_view line, std::string& out)
{
    out.clear();
    out.reserve(line.size());
    stripLinks(line, out);
    drop(out, '*', 2);
    drop(out, '_', 2);
    drop(out, '`', 1);
    dropEmphasis(out);
}

bool ProseReader::takeSourceLine()
{
    if (m_atEnd)
        return false;
    const std::size_t end = m_text.find('\n', m_position);
    m_atEnd = end == kNone;
    m_source = m_text.substr(m_position, m_atEnd ? kNone : end - m_position);
    if (!m_atEnd) {
        m_position = end + 1;
        if (m_source.ends_with('\r')) {
            m_source.remove_suffix(1);
            --m_addedCharacters;
        }
    }
    return true;
}

bool ProseReader::next(ProseLine& line)
{
    while (takeSourceLine()) {
        const Scan scan = normalize(m_source);
        m_addedCharacters += static_cast<std::ptrdiff_t>(scan.tabs * (kTabWidth - 1));
        const char fence = fenceOf(scan.raw);
        if (m_fence == 0 && fence == 0) {
            finish(scan, line);
            return true;
        }
        m_codeCharacters += codePointCount(scan.raw) + 1;
        if (m_fence == 0)
            m_fence = fence;
        else if (m_fence == fence)
            m_fence = 0;
    }
    return false;
}

void ProseReader::clean(std::string_view sourceLine, ProseLine& line)
{
    finish(normalize(sourceLine), line);
}

ProseReader::Scan ProseReader::normalize(std::string_view sourceLine)
{
    const LineSigns signs = signsOf(sourceLine);
    Scan scan;
    scan.raw = sourceLine;
    scan.hasInlineMarks = signs.marks;
    scan.isTableRow = signs.pipes && isTableRow(sourceLine);
    if (!signs.unusual)
        return scan;

    m_normalized.clear();
    m_normalized.reserve(sourceLine.size() + 16);
    for (std::size_t i = 0; i < sourceLine.size();) {
        const char c = sourceLine[i];
        if (c == '\t') {
            m_normalized.append(kTabWidth, ' ');
            ++scan.tabs;
            ++i;
        } else if (static_cast<unsigned char>(c) == 0xE2 && sourceLine[i + 1] == '\x80') {
            const char last = sourceLine[i + 2];
            if (last == '\x98' || last == '\x99')
                m_normalized.push_back('\'');
            else if (last == '\x9C' || last == '\x9D')
                m_normalized.push_back('"');
            else
                m_normalized.append(sourceLine.substr(i, 3));
            i += 3;
        } else if (static_cast<unsigned char>(c) == 0xC2 && sourceLine[i + 1] == '\xA0') {
            m_normalized.push_back(' ');
            i += 2;
        } else {
            m_normalized.push_back(c);
            ++i;
        }
    }
    scan.raw = m_normalized;
    return scan;
}

void ProseReader::finish(const Scan& scan, ProseLine& line)
{
    line.raw = scan.raw;
    line.marker = lineMarker(scan.raw);
    line.blank = isBlank(scan.raw);
    line.tableRow = scan.isTableRow;
    line.bold = 0;
    line.text = scan.raw.substr(line.marker.length);
    if (line.tableRow) {
        m_table.assign(line.text);
        std::replace(m_table.begin(), m_table.end(), '|', ' ');
        line.text = m_table;
    }
    if (scan.hasInlineMarks) {
        line.bold = boldPassages(scan.raw);
        stripInlineMarks(line.text, m_stripped);
        line.text = m_stripped;
    }
}

} // namespace signalbox
