// SPDX-License-Identifier: GPL-3.0-or-later
#include "marked_excerpt.h"

#include <ui/kit/answer_markup.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace signalbox::ui {

namespace {

constexpr std::size_t kExcerptBytes = 320;
constexpr std::size_t kLeadBytes = 60; ///< before the first marked passage, if it comes late
constexpr std::size_t kWordBytes = 24; ///< a longer word at the end is cut
constexpr int kHangPx = 10;            ///< of an item of a list, behind its bullet

bool isBetweenCharacters(std::string_view text, std::size_t at)
{
    return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

/// Which part of the text is shown, in bytes.
Passage shownPart(std::string_view text, const std::vector<HeardPassage>& passages)
{
    std::size_t from = 0;
    const auto first = std::ranges::min_element(
        passages, {}, [](const HeardPassage& passage) { return passage.place.begin; });
    if (first != passages.end() && first->place.begin > kExcerptBytes - kLeadBytes)
        from = first->place.begin - kLeadBytes;
    while (!isBetweenCharacters(text, from))
        ++from;
    std::size_t to = std::min(text.size(), from + kExcerptBytes);
    while (!isBetweenCharacters(text, to))
        ++to;
    const std::size_t blank = text.substr(0, to).find_last_of(" \n");
    if (to < text.size() && blank != std::string_view::npos && blank > from &&
        to - blank < kWordBytes)
        to = blank + 1;
    return {from, to - from};
}

QString styleOf(TextStyles styles)
{
    const ThemeColors& colors = Theme::current().colors();
    QString css;
    if (styles.testAnyFlags(TextStyles(TextStyle::Strong) | TextStyle::Heading))
        css += QStringLiteral("font-weight:600;");
    if (styles.testFlag(TextStyle::Emphasis))
        css += QStringLiteral("font-style:italic;");
    if (styles.testFlag(TextStyle::Code))
        css += QStringLiteral("font-family:'%1';").arg(Theme::font(TextRole::Mono).family());
    if (styles.testFlag(TextStyle::Quote))
        css += QStringLiteral("color:%1;").arg(colors.textMuted.name());
    return css;
}

QString markStyle()
{
    const ThemeColors& colors = Theme::current().colors();
    return QStringLiteral("background-color:%1; color:%2;")
        .arg(colors.marker.name(), colors.text.name());
}

/// Before a passage, with the numbers of what is heard in it.
QString chipStyle()
{
    const ThemeColors& colors = Theme::current().colors();
    return QStringLiteral("font-size:%1px; font-weight:600; background-color:%2; color:%3;")
        .arg(Theme::font(TextRole::Caption).pixelSize())
        .arg(colors.markerStrong.name(), colors.text.name());
}

/// Thin spaces make it wider than its digits.
QString chipText(const std::set<int>& traits)
{
    const QString thin(QChar(0x2009));
    QStringList numbers;
    for (const int trait : traits)
        numbers << QString::number(trait);
    return thin + numbers.join(thin) + thin;
}

/// What is marked of the part that is shown.
struct Marks
{
    std::vector<bool> isMarked;           ///< [unit of UTF-16]
    std::multimap<qsizetype, int> traits; ///< that are heard from that unit on

    static Marks of(std::string_view text, const Passage& part,
                    const std::vector<HeardPassage>& passages)
    {
        Marks marks;
        const std::size_t end = part.begin + part.length;
        for (std::size_t at = part.begin; at < end; ++at) {
            if (!isBetweenCharacters(text, at))
                continue;
            bool isInside = false;
            for (const HeardPassage& passage : passages) {
                const std::size_t begin = passage.place.begin;
                isInside |= begin <= at && at < begin + passage.place.length;
                if (begin == at)
                    marks.traits.emplace(static_cast<qsizetype>(marks.isMarked.size()),
                                         passage.trait);
            }
            const auto lead = static_cast<unsigned char>(text[at]);
            marks.isMarked.insert(marks.isMarked.end(), lead >= 0xF0 ? 2 : 1, isInside);
        }
        return marks;
    }
};

/// One line of the answer as a paragraph.
class LineHtml
{
public:
    LineHtml(const ShownLine& line, const Marks& marks, qsizetype start)
        : m_line(line), m_marks(marks), m_start(start)
    {}

    [[nodiscard]] QString paragraph(const QString& before, const QString& behind) const
    {
        const int left = m_line.hang > 0 ? (m_line.depth + 1) * kHangPx : 0;
        return QStringLiteral("<p style=\"margin:0px 0px 0px %1px; text-indent:%2px;\">")
                   .arg(left)
                   .arg(m_line.hang > 0 ? -kHangPx : 0) +
               before + runs() + behind + QStringLiteral("</p>");
    }

private:
    /// Place of a shown character in the part.
    [[nodiscard]] qsizetype unitOf(qsizetype i) const
    {
        return m_start + m_line.from[static_cast<std::size_t>(i)];
    }
    [[nodiscard]] bool isMarked(qsizetype i) const
    {
        const auto at = static_cast<std::size_t>(unitOf(i));
        return i >= m_line.hang && at < m_marks.isMarked.size() && m_marks.isMarked[at];
    }
    /// Of the passages that begin at a shown character, or at what is not shown before it: marks
    /// of Markdown.
    [[nodiscard]] std::set<int> traitsFrom(qsizetype i) const
    {
        if (!isMarked(i))
            return {};
        const qsizetype before = i > m_line.hang ? unitOf(i - 1) : m_start - 1;
        std::set<int> traits;
        for (auto at = m_marks.traits.upper_bound(before);
             at != m_marks.traits.end() && at->first <= unitOf(i); ++at)
            traits.insert(at->second);
        return traits;
    }

    [[nodiscard]] QString runs() const
    {
        QString html;
        for (const StyledRun& run : m_line.runs) {
            for (qsizetype i = run.start; i < run.start + run.length;) {
                if (const std::set<int> traits = traitsFrom(i); !traits.empty())
                    html += spanOf(chipText(traits), chipStyle());
                qsizetype end = i + 1;
                while (end < run.start + run.length && isMarked(end) == isMarked(i) &&
                       traitsFrom(end).empty())
                    ++end;
                html += spanOf(withVisibleControls(m_line.text.mid(i, end - i)),
                               styleOf(run.styles) + (isMarked(i) ? markStyle() : QString()));
                i = end;
            }
        }
        return html;
    }

    static QString spanOf(const QString& text, const QString& css)
    {
        return css.isEmpty()
                   ? text.toHtmlEscaped()
                   : QStringLiteral("<span style=\"%1\">%2</span>").arg(css, text.toHtmlEscaped());
    }

    const ShownLine& m_line;
    const Marks& m_marks;
    qsizetype m_start;
};

} // namespace

QString markedExcerpt(const std::string& text, const std::vector<HeardPassage>& passages)
{
    const Passage part = shownPart(text, passages);
    Marks marks = Marks::of(text, part, passages);
    const QString shown =
        QString::fromUtf8(text.data() + part.begin, static_cast<qsizetype>(part.length));
    if (static_cast<qsizetype>(marks.isMarked.size()) != shown.size())
        marks = {}; // it is no UTF-8
    const QString ellipsis = QStringLiteral("\u2026");
    const bool goesOn = part.begin + part.length < text.size();
    QString html;
    QString before = part.begin > 0 ? ellipsis : QString();
    MarkupReader reader;
    for (qsizetype start = 0; start < shown.size();) {
        qsizetype end = shown.indexOf(QLatin1Char('\n'), start);
        end = end < 0 ? shown.size() : end;
        const ShownLine line = reader.next(shown.mid(start, end - start));
        if (!line.text.trimmed().isEmpty()) {
            const bool isLast = QStringView(shown).sliced(end).trimmed().isEmpty();
            html += LineHtml(line, marks, start)
                        .paragraph(before, isLast && goesOn ? ellipsis : QString());
            before.clear();
        }
        start = end + 1;
    }
    return html;
}

QString plainExcerpt(const std::string& text, const std::vector<HeardPassage>& passages)
{
    QStringList lines;
    MarkupReader reader;
    const Passage part = shownPart(text, passages);
    const QString shown =
        QString::fromUtf8(text.data() + part.begin, static_cast<qsizetype>(part.length));
    for (const QString& line : shown.split(QLatin1Char('\n')))
        lines << withVisibleControls(reader.next(line).text);
    const QString ellipsis = QStringLiteral("\u2026");
    return (part.begin > 0 ? ellipsis : QString()) + lines.join(QLatin1Char(' ')).simplified() +
           (part.begin + part.length < text.size() ? ellipsis : QString());
}

} // namespace signalbox::ui
