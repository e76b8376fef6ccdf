// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_markup.h"

#include "theme.h"

#include <QFont>
#include <QTextCharFormat>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kMostHashes = 6;
constexpr int kMostIndent = 3;  ///< of a heading or a fence; more is something else
constexpr int kDepthIndent = 2; ///< blanks that make a list one in a list
constexpr int kMostDepth = 4;
constexpr int kLeastFence = 3;
constexpr QChar kBullet(0x2022);

/// A passage of the line as written; from `end` on it is not in it any more.
struct Span
{
    qsizetype begin = 0;
    qsizetype end = 0;
};

qsizetype runEnd(QStringView line, qsizetype start)
{
    qsizetype end = start;
    while (end < line.size() && line[end] == line[start])
        ++end;
    return end;
}

qsizetype blanksAt(QStringView line, qsizetype start)
{
    qsizetype end = start;
    while (end < line.size() && line[end].isSpace())
        ++end;
    return end - start;
}

/// The mark that opens or closes code; null: it is no fence.
QChar fenceOf(QStringView line)
{
    const qsizetype indent = blanksAt(line, 0);
    if (indent > kMostIndent || indent >= line.size())
        return {};
    const QChar c = line[indent];
    const bool isMark = c == QLatin1Char('`') || c == QLatin1Char('~');
    return isMark && runEnd(line, indent) - indent >= kLeastFence ? c : QChar();
}

/// "# ", with what is before and behind it; 0: no heading.
qsizetype headingLength(QStringView line)
{
    const qsizetype indent = blanksAt(line, 0);
    if (indent > kMostIndent || indent >= line.size() || line[indent] != QLatin1Char('#'))
        return 0;
    const qsizetype end = runEnd(line, indent);
    const qsizetype blanks = blanksAt(line, end);
    return end - indent <= kMostHashes && blanks > 0 ? end + blanks : 0;
}

/// "---", "* * *": a line across, which stays as it is written.
bool isRule(QStringView line)
{
    QChar mark;
    int count = 0;
    for (const QChar c : line) {
        if (c.isSpace())
            continue;
        const bool mayRule =
            c == QLatin1Char('-') || c == QLatin1Char('*') || c == QLatin1Char('_');
        if (!mayRule || (!mark.isNull() && c != mark))
            return false;
        mark = c;
        ++count;
    }
    return count >= 3;
}

/// "- " or "3. " behind `indent`, with the blanks behind it; 0: no item.
qsizetype itemLength(QStringView line, qsizetype indent)
{
    if (indent >= line.size())
        return 0;
    qsizetype end = indent;
    if (QStringView(u"-*+\u2022").contains(line[indent])) {
        end = indent + 1;
    } else {
        while (end < line.size() && line[end].isDigit())
            ++end;
        if (end == indent || end >= line.size() ||
            (line[end] != QLatin1Char('.') && line[end] != QLatin1Char(')')))
            return 0;
        ++end;
    }
    const qsizetype blanks = blanksAt(line, end);
    return blanks > 0 && end + blanks < line.size() ? end + blanks - indent : 0;
}

bool isAsciiPunctuation(QChar c)
{
    return c.unicode() < 0x7F && (c.isPunct() || c.isSymbol());
}

/// The marks within a line: which characters are dropped, and which styles the others have.
/// Marks are matched per kind and length, so that a pair never changes which others match.
class InlineMarks
{
public:
    InlineMarks(QStringView line, qsizetype start)
        : m_line(line), m_start(start), m_isDropped(static_cast<std::size_t>(line.size())),
          m_styles(static_cast<std::size_t>(line.size()))
    {}

    void read()
    {
        for (qsizetype i = m_start; i < m_line.size();) {
            const QChar c = m_line[i];
            if (c == QLatin1Char('`'))
                i = readCode(i);
            else if (c == QLatin1Char('\\') && i + 1 < m_line.size() &&
                     isAsciiPunctuation(m_line[i + 1]))
                i = readEscape(i);
            else if (c == QLatin1Char('*') || c == QLatin1Char('_'))
                i = readRun(i);
            else if (c == QLatin1Char('['))
                m_brackets.push_back(i++);
            else if (c == QLatin1Char(']'))
                i = readBracket(i);
            else
                ++i;
        }
    }

    void appendTo(ShownLine& shown, TextStyles all) const
    {
        for (qsizetype i = m_start; i < m_line.size(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            if (m_isDropped[at])
                continue;
            const TextStyles styles = m_styles[at] | all;
            if (shown.runs.empty() || shown.runs.back().styles != styles)
                shown.runs.push_back({shown.text.size(), 0, styles});
            ++shown.runs.back().length;
            shown.from.push_back(i);
            shown.text += m_line[i];
        }
    }

private:
    void drop(Span span)
    {
        std::fill(m_isDropped.begin() + span.begin, m_isDropped.begin() + span.end, true);
    }

    void style(Span span, TextStyles styles)
    {
        for (qsizetype i = span.begin; i < span.end; ++i)
            m_styles[static_cast<std::size_t>(i)] |= styles;
    }

    /// From a run of backticks to the next one of the same length.
    qsizetype readCode(qsizetype start)
    {
        const qsizetype end = runEnd(m_line, start);
        const auto [unmatched, isNew] = m_unmatchedTicks.try_emplace(end - start, m_line.size());
        for (qsizetype i = end; i < m_line.size() && start < unmatched->second;) {
            if (m_line[i] != QLatin1Char('`')) {
                ++i;
                continue;
            }
            const qsizetype close = runEnd(m_line, i);
            if (close - i == end - start) {
                drop({start, end});
                drop({i, close});
                style({end, i}, TextStyle::Code);
                return close;
            }
            i = close;
        }
        unmatched->second = start; // nor will a later one of this length find a partner
        return end;
    }

    qsizetype readEscape(qsizetype at)
    {
        drop({at, at + 1});
        return at + 2;
    }

    qsizetype readRun(qsizetype start)
    {
        const qsizetype end = runEnd(m_line, start);
        const auto isSpaceAt = [&](qsizetype i) {
            return i < m_start || i >= m_line.size() || m_line[i].isSpace();
        };
        const auto isWordAt = [&](qsizetype i) {
            return !isSpaceAt(i) && m_line[i].isLetterOrNumber();
        };
        const bool inWord = isWordAt(start - 1) && isWordAt(end); // 2*3, snake_case
        const bool mayOpen = !isSpaceAt(end) && !inWord;
        const bool mayClose = !isSpaceAt(start - 1) && !inWord;
        std::vector<Span>& open = m_open[{m_line[start], end - start}];
        if (mayClose && !open.empty()) {
            constexpr qsizetype kStrongRun = 2;
            drop(open.back());
            drop({start, end});
            TextStyles styles;
            styles.setFlag(TextStyle::Emphasis, (end - start) % 2 == 1);
            styles.setFlag(TextStyle::Strong, end - start >= kStrongRun);
            style({open.back().end, start}, styles);
            open.pop_back();
        } else if (mayOpen) {
            open.push_back({start, end});
        }
        return end;
    }

    /// With a target behind it, a link: its text stays. A picture stays as it is written.
    qsizetype readBracket(qsizetype at)
    {
        if (m_brackets.empty())
            return at + 1;
        const qsizetype open = m_brackets.back();
        m_brackets.pop_back();
        if (at + 1 >= m_line.size() || m_line[at + 1] != QLatin1Char('('))
            return at + 1;
        if (m_parenthesis >= 0 && m_parenthesis < at + 2)
            m_parenthesis = m_line.indexOf(QLatin1Char(')'), at + 2);
        if (m_parenthesis < 0)
            return at + 1;
        const bool isPicture = open > m_start && m_line[open - 1] == QLatin1Char('!');
        const bool hasText = at > open + 1;
        if (!isPicture && hasText) {
            drop({open, open + 1});
            drop({at, m_parenthesis + 1});
            style({open + 1, at}, TextStyle::Link);
        }
        return m_parenthesis + 1;
    }

    QStringView m_line;
    qsizetype m_start;
    std::vector<bool> m_isDropped;
    std::vector<TextStyles> m_styles;
    std::map<std::pair<QChar, qsizetype>, std::vector<Span>> m_open; ///< by mark and length
    std::map<qsizetype, qsizetype> m_unmatchedTicks; ///< by length: from here on none has a partner
    std::vector<qsizetype> m_brackets;
    qsizetype m_parenthesis = 0; ///< the first ) behind the last link; -1: none
};

/// A whole line in one style, as it is written.
ShownLine asWritten(const QString& line, TextStyles styles)
{
    ShownLine shown;
    shown.text = line;
    for (qsizetype i = 0; i < line.size(); ++i)
        shown.from.push_back(i);
    if (!line.isEmpty())
        shown.runs = {{0, line.size(), styles}};
    return shown;
}

/// "• " or "3. " and what follows.
ShownLine itemOf(QStringView line, qsizetype indent, qsizetype length)
{
    ShownLine shown;
    shown.depth = std::min<int>(kMostDepth, static_cast<int>(indent) / kDepthIndent);
    const qsizetype end = indent + length;
    const bool isNumber = line[indent].isDigit();
    for (qsizetype i = indent; i < end && !line[i].isSpace(); ++i) {
        shown.text += isNumber ? line[i] : kBullet;
        shown.from.push_back(i);
    }
    shown.text += QLatin1Char(' ');
    shown.from.push_back(end - 1);
    shown.hang = shown.text.size();
    shown.runs = {{0, shown.hang, {}}};
    InlineMarks marks(line, end);
    marks.read();
    marks.appendTo(shown, {});
    return shown;
}

ShownLine proseOf(QStringView line, qsizetype start, TextStyles styles)
{
    ShownLine shown;
    InlineMarks marks(line, start);
    marks.read();
    marks.appendTo(shown, styles);
    return shown;
}

} // namespace

ShownLine MarkupReader::next(const QString& line)
{
    const QChar fence = fenceOf(line);
    if (!fence.isNull() && (m_fence.isNull() || fence == m_fence)) {
        m_fence = m_fence.isNull() ? fence : QChar();
        return {};
    }
    if (!m_fence.isNull())
        return asWritten(line, TextStyle::Code);
    const qsizetype indent = blanksAt(line, 0);
    if (indent == line.size() || isRule(line))
        return asWritten(line, {});
    if (const qsizetype heading = headingLength(line); heading > 0)
        return proseOf(line, heading, TextStyle::Heading);
    if (const qsizetype item = itemLength(line, indent); item > 0)
        return itemOf(line, indent, item);
    if (line[indent] == QLatin1Char('|'))
        return asWritten(line, TextStyle::Code); // a row of a table: its cells stand in columns
    if (line[indent] == QLatin1Char('>')) {
        const qsizetype end = indent + 1;
        return proseOf(line, end + blanksAt(line, end), TextStyle::Quote);
    }
    return proseOf(line, 0, {});
}

QString withoutMarks(const QString& line)
{
    return MarkupReader().next(line).text;
}

QTextCharFormat formatOf(TextStyles styles, const QFont& font)
{
    const ThemeColors& colors = Theme::current().colors();
    QTextCharFormat format;
    if (styles.testAnyFlags(TextStyles(TextStyle::Strong) | TextStyle::Heading))
        format.setFontWeight(Theme::font(TextRole::Title).weight());
    if (styles.testFlag(TextStyle::Emphasis))
        format.setFontItalic(true);
    if (styles.testFlag(TextStyle::Code)) {
        QFont mono = Theme::font(TextRole::Mono);
        mono.setPixelSize(std::min(mono.pixelSize(), font.pixelSize()));
        format.setFont(mono, QTextCharFormat::FontPropertiesSpecifiedOnly);
        format.setBackground(colors.sunken);
    }
    if (styles.testFlag(TextStyle::Link))
        format.setForeground(colors.accentInk);
    if (styles.testFlag(TextStyle::Quote))
        format.setForeground(colors.textMuted);
    return format;
}

} // namespace signalbox::ui
