// SPDX-License-Identifier: Apache-2.0
#include "inline_marks.h"

#include "character_class.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace signalbox {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct Span
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::size_t runEnd(std::string_view line, std::size_t start)
{
    std::size_t end = start;
    while (end < line.size() && line[end] == line[start])
        ++end;
    return end;
}

/// Passages from a run of backticks to the next run of the same length, in order.
std::vector<Span> codeSpans(std::string_view line)
{
    std::vector<Span> runs;
    for (std::size_t i = line.find('`'); i != kNone; i = line.find('`', runs.back().end))
        runs.push_back({i, runEnd(line, i)});
    std::vector<std::size_t> partner(runs.size(), kNone);
    std::map<std::size_t, std::size_t> nextOfLength;
    for (std::size_t i = runs.size(); i-- > 0;) {
        const auto [it, isNew] = nextOfLength.try_emplace(runs[i].end - runs[i].begin, i);
        if (!isNew)
            partner[i] = std::exchange(it->second, i);
    }
    std::vector<Span> spans;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (partner[i] == kNone)
            continue;
        spans.push_back({runs[i].begin, runs[partner[i]].end});
        i = partner[i];
    }
    return spans;
}

enum class Neighbour { Space, Punctuation, Word };

Neighbour neighbourOf(char32_t c)
{
    if (isSpace(c))
        return Neighbour::Space;
    return isAlphanumeric(c) ? Neighbour::Word : Neighbour::Punctuation;
}

Neighbour neighbourBefore(std::string_view line, std::size_t offset)
{
    if (offset == 0)
        return Neighbour::Space;
    return neighbourOf(decodeCodePoint(line, previousCodePoint(line, offset)).value);
}

Neighbour neighbourAfter(std::string_view line, std::size_t offset)
{
    return offset >= line.size() ? Neighbour::Space
                                 : neighbourOf(decodeCodePoint(line, offset).value);
}

/// Marks what to drop of one line. Runs of * and _ are matched per kind of run, so that dropping a
/// pair never changes which others match.
class InlineMarks
{
public:
    explicit InlineMarks(std::string_view line) : m_line(line) {}

    [[nodiscard]] std::string flattened()
    {
        std::size_t code = 0;
        const std::vector<Span> spans = codeSpans(m_line);
        for (std::size_t i = 0; i < m_line.size();) {
            if (code < spans.size() && spans[code].begin == i) {
                i = spans[code++].end;
                continue;
            }
            const char c = m_line[i];
            if (c == '\\' && i + 1 < m_line.size())
                i += 2;
            else if (c == '*' || c == '_')
                i = readRun(i);
            else if (c == '[')
                m_brackets.push_back(i++);
            else if (c == ']')
                i = readBracket(i);
            else
                ++i;
        }
        return assembled();
    }

private:
    std::size_t readRun(std::size_t start)
    {
        std::size_t end = start;
        while (end < m_line.size() && (m_line[end] == '*' || m_line[end] == '_'))
            ++end;
        const Neighbour before = neighbourBefore(m_line, start);
        const Neighbour after = neighbourAfter(m_line, end);
        if (before == after && before != Neighbour::Punctuation)
            return end; // between words, or alone
        std::string opening(m_line.substr(start, end - start));
        std::string closing(opening.rbegin(), opening.rend());
        const bool mayOpen = after != Neighbour::Space && before != Neighbour::Word;
        const bool mayClose = before != Neighbour::Space && after != Neighbour::Word;
        std::vector<Span>& open = m_open[closing];
        if (mayClose && !open.empty()) {
            m_dropped.push_back(open.back());
            m_dropped.push_back({start, end});
            open.pop_back();
        } else if (mayOpen) {
            m_open[std::move(opening)].push_back({start, end});
        }
        return end;
    }

    /// A bracket that closes; with a target behind it, a link.
    std::size_t readBracket(std::size_t at)
    {
        if (m_brackets.empty())
            return at + 1;
        const std::size_t open = m_brackets.back();
        m_brackets.pop_back();
        if (at + 1 >= m_line.size() || m_line[at + 1] != '(')
            return at + 1;
        if (m_parenthesis != kNone && m_parenthesis < at + 2)
            m_parenthesis = m_line.find(')', at + 2);
        if (m_parenthesis == kNone)
            return at + 1;
        const std::string_view text = m_line.substr(open + 1, at - open - 1);
        const std::string_view target = m_line.substr(at + 2, m_parenthesis - at - 2);
        const bool isImage = open > 0 && m_line[open - 1] == '!';
        m_dropped.push_back({isImage ? open - 1 : open, open + 1});
        if (isBlank(target) || target == text) {
            m_dropped.push_back({at, m_parenthesis + 1});
        } else {
            m_dropped.push_back({at, at + 1});
            m_spaced.push_back(at + 1);
        }
        return m_parenthesis + 1;
    }

    [[nodiscard]] std::string assembled()
    {
        std::sort(m_dropped.begin(), m_dropped.end(),
                  [](const Span& a, const Span& b) { return a.begin < b.begin; });
        std::string out;
        out.reserve(m_line.size() + m_spaced.size());
        std::size_t dropped = 0;
        std::size_t spaced = 0;
        for (std::size_t i = 0; i < m_line.size();) {
            if (dropped < m_dropped.size() && m_dropped[dropped].begin <= i) {
                i = std::max(i, m_dropped[dropped++].end);
                continue;
            }
            if (spaced < m_spaced.size() && m_spaced[spaced] == i) {
                out.push_back(' ');
                ++spaced;
            }
            out.push_back(m_line[i++]);
        }
        return out;
    }

    std::string_view m_line;
    std::map<std::string, std::vector<Span>> m_open; ///< by the run that would open
    std::vector<std::size_t> m_brackets;
    std::size_t m_parenthesis = 0; ///< the first ) behind the last link; none from kNone on
    std::vector<Span> m_dropped;
    std::vector<std::size_t> m_spaced; ///< a space goes before these
};

} // namespace

std::string flattenInlineMarks(std::string_view line)
{
    if (line.find_first_of("*_[") == kNone)
        return std::string(line);
    return InlineMarks(line).flattened();
}

} // namespace signalbox
