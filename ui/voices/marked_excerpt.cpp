// SPDX-License-Identifier: GPL-3.0-or-later
#include "marked_excerpt.h"

#include <ui/kit/answer_markup.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <algorithm>
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

/// Which part of the text is shown: from, to; in bytes.
Passage shownPart(std::string_view text, const std::vector<Passage>& passages)
{
    std::size_t from = 0;
    if (!passages.empty() && passages.front().begin > kExcerptBytes - kLeadBytes)
        from = passages.front().begin - kLeadBytes;
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

/// Which characters of the part are marked: as many as `part` has.
std::vector<bool> marksOf(std::string_view text, const Passage& part,
                          const std::vector<Passage>& passages)
{
    std::vector<bool> marks;
    auto passage = passages.begin();
    for (std::size_t at = part.begin; at < part.begin + part.length; ++at) {
        while (passage != passages.end() && passage->begin + passage->length <= at)
            ++passage;
        const bool isMarked = passage != passages.end() && passage->begin <= at;
        const auto lead = static_cast<unsigned char>(text[at]);
        if (isBetweenCharacters(text, at))
            marks.insert(marks.end(), lead >= 0xF0 ? 2 : 1, isMarked); // two halves of UTF-16
    }
    return marks;
}

/// One line of the answer as a paragraph.
class LineHtml
{
public:
    LineHtml(const ShownLine& line, const std::vector<bool>& marks, qsizetype start)
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
    [[nodiscard]] bool isMarked(qsizetype i) const
    {
        const auto at =
            static_cast<std::size_t>(m_start + m_line.from[static_cast<std::size_t>(i)]);
        return i >= m_line.hang && at < m_marks.size() && m_marks[at];
    }

    [[nodiscard]] QString runs() const
    {
        QString html;
        for (const StyledRun& run : m_line.runs) {
            for (qsizetype i = run.start; i < run.start + run.length;) {
                qsizetype end = i;
                while (end < run.start + run.length && isMarked(end) == isMarked(i))
                    ++end;
                const QString css = styleOf(run.styles) + (isMarked(i) ? markStyle() : QString());
                const QString text =
                    withVisibleControls(m_line.text.mid(i, end - i)).toHtmlEscaped();
                html += css.isEmpty()
                            ? text
                            : QStringLiteral("<span style=\"%1\">%2</span>").arg(css, text);
                i = end;
            }
        }
        return html;
    }

    const ShownLine& m_line;
    const std::vector<bool>& m_marks;
    qsizetype m_start;
};

} // namespace

QString markedExcerpt(const std::string& text, const std::vector<Passage>& passages)
{
    const Passage part = shownPart(text, passages);
    const std::vector<bool> marks = marksOf(text, part, passages);
    const QString shown =
        QString::fromUtf8(text.data() + part.begin, static_cast<qsizetype>(part.length));
    const bool hasMarks = static_cast<qsizetype>(marks.size()) == shown.size(); // else no UTF-8
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
            html += LineHtml(line, hasMarks ? marks : std::vector<bool>(), start)
                        .paragraph(before, isLast && goesOn ? ellipsis : QString());
            before.clear();
        }
        start = end + 1;
    }
    return html;
}

QString plainExcerpt(const std::string& text, const std::vector<Passage>& passages)
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
