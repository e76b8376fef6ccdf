// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_preview.h"

#include <ui/kit/answer_markup.h>
#include <ui/kit/theme.h>

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr double kUnbroken = 1e6; ///< px; wider than any line

QTextCharFormat markFormat()
{
    const ToneColors& tone = Theme::current().colors().caution;
    QTextCharFormat format;
    format.setBackground(tone.soft);
    format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
    format.setUnderlineColor(tone.ink);
    return format;
}

/// Where words that are sought as they were written stand in what is shown of a line.
std::vector<std::pair<int, int>> markedIn(const ShownLine& line, const QString& written,
                                          const QString& words)
{
    std::vector<std::pair<int, int>> marked;
    if (words.isEmpty())
        return marked;
    for (qsizetype at = written.indexOf(words, 0, Qt::CaseInsensitive); at >= 0;
         at = written.indexOf(words, at + words.size(), Qt::CaseInsensitive)) {
        const auto first = std::ranges::lower_bound(line.from, at);
        if (first == line.from.end())
            break;
        // Of nothing but marks, the character behind them.
        const auto last =
            std::max(first + 1, std::ranges::lower_bound(line.from, at + words.size()));
        marked.emplace_back(static_cast<int>(first - line.from.begin()),
                            static_cast<int>(last - first));
    }
    return marked;
}

/// What is still within a text of this length, in its place.
QList<QTextLayout::FormatRange> clipped(const QList<QTextLayout::FormatRange>& formats, int start,
                                        int length)
{
    QList<QTextLayout::FormatRange> within;
    for (QTextLayout::FormatRange range : formats) {
        const int end = std::min(range.start + range.length, start + length) - start;
        range.start = std::max(0, range.start - start);
        range.length = end - range.start;
        if (range.length > 0)
            within << range;
    }
    return within;
}

/// It is painted more often than laid out: what a line looks like is kept.
void setUp(QTextLayout& layout)
{
    layout.setCacheEnabled(true);
    QTextOption wrap(Qt::AlignLeft | Qt::AlignTop);
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
}

} // namespace

AnswerPreview::AnswerPreview(const QString& text, const QString& words, const QFont& font,
                             const QSize& box)
    : m_font(font), m_box(box)
{
    const QFontMetrics metrics(font);
    m_most = box.height() / metrics.lineSpacing();
    const int narrowest = std::max(1, metrics.horizontalAdvance(QLatin1Char('i')));
    const qsizetype room = qsizetype{m_most + 1} * (box.width() / narrowest + 1);
    MarkupReader reader;
    for (qsizetype start = 0; start < text.size();) {
        qsizetype end = text.indexOf(QLatin1Char('\n'), start);
        end = end < 0 ? text.size() : end;
        const QString written = text.mid(start, std::min(end - start, room));
        start = end + 1;
        const ShownLine line = reader.next(written);
        if (line.text.trimmed().isEmpty())
            continue;
        if (m_count == m_most) { // the text goes on below the box
            endWithEllipsis();
            return;
        }
        add(line, markedIn(line, written, words));
        if (m_paragraphs.back().shown < m_paragraphs.back().layout.lineCount()) {
            endWithEllipsis();
            return;
        }
    }
}

void AnswerPreview::add(const ShownLine& line, std::vector<std::pair<int, int>> marked)
{
    Paragraph& paragraph = m_paragraphs.emplace_back();
    paragraph.layout.setText(line.text);
    paragraph.layout.setFont(m_font);
    setUp(paragraph.layout);
    QList<QTextLayout::FormatRange> formats;
    for (const StyledRun& run : line.runs) {
        if (run.styles)
            formats << QTextLayout::FormatRange{static_cast<int>(run.start),
                                                static_cast<int>(run.length),
                                                formatOf(run.styles, m_font)};
    }
    for (const auto& [start, length] : marked)
        formats << QTextLayout::FormatRange{start, length, markFormat()};
    paragraph.layout.setFormats(formats);
    paragraph.marked = std::move(marked);
    layOut(paragraph, line.hang, line.depth);
}

/// All lines of it that there is room for, and one more if there is one: then it goes on.
void AnswerPreview::layOut(Paragraph& paragraph, qsizetype hang, int depth)
{
    const QFontMetrics metrics(m_font);
    const double left = depth * space::kGap;
    const double hanging = metrics.horizontalAdvance(paragraph.layout.text().left(hang));
    paragraph.layout.beginLayout();
    for (QTextLine line = paragraph.layout.createLine(); line.isValid();
         line = paragraph.layout.createLine()) {
        const double x = left + (line.lineNumber() == 0 ? 0 : hanging);
        line.setLineWidth(std::max(1.0, m_box.width() - x));
        line.setPosition({x, double(m_count) * metrics.lineSpacing()});
        if (m_count == m_most)
            break;
        ++m_count;
        ++paragraph.shown;
    }
    paragraph.layout.endLayout();
}

/// The last line anew, as many whole words of it as leave room for an ellipsis.
void AnswerPreview::endWithEllipsis()
{
    if (m_paragraphs.empty())
        return;
    while (m_paragraphs.size() > 1 && m_paragraphs.back().shown == 0)
        m_paragraphs.pop_back();
    Paragraph& last = m_paragraphs.back();
    if (last.shown == 0)
        return;
    const QTextLine line = last.layout.lineAt(last.shown - 1);
    const QPointF place = line.position();
    const int start = line.textStart();
    const QList<QTextLayout::FormatRange> formats = last.layout.formats();
    QString kept = last.layout.text().mid(start, line.textLength()).trimmed();
    const auto marked = last.marked;
    --last.shown;
    --m_count;
    Paragraph& end = m_paragraphs.emplace_back();
    const double width = std::max(1.0, m_box.width() - place.x());
    const auto tryKept = [&](const QString& text) {
        const bool inWord = !kept.isEmpty() && kept.back().isLetterOrNumber();
        end.layout.clearLayout();
        end.layout.setCacheEnabled(true);
        end.layout.setText(text + (inWord ? QString() : QStringLiteral(" ")) +
                           QStringLiteral("\u2026"));
        end.layout.setFont(m_font);
        end.layout.setFormats(clipped(formats, start, static_cast<int>(text.size())));
        end.layout.beginLayout();
        QTextLine only = end.layout.createLine();
        only.setLineWidth(kUnbroken);
        only.setPosition(place);
        end.layout.endLayout();
        return only.naturalTextWidth() <= width;
    };
    while (!tryKept(kept)) {
        const qsizetype blank = kept.lastIndexOf(QLatin1Char(' '));
        kept.truncate(blank > 0 ? blank : kept.size() - 1); // one long word: it can only be cut
        if (kept.isEmpty())
            break;
    }
    for (const auto& [at, length] : marked) {
        const int from = std::max(at, start) - start;
        const int to = std::min<int>(at + length - start, static_cast<int>(kept.size()));
        if (from < to)
            end.marked.emplace_back(from, to - from);
    }
    end.shown = 1;
    ++m_count;
}

void AnswerPreview::paint(QPainter& painter, const QPoint& topLeft) const
{
    for (const Paragraph& paragraph : m_paragraphs) {
        for (int line = 0; line < paragraph.shown; ++line)
            paragraph.layout.lineAt(line).draw(&painter, topLeft);
    }
}

QStringList AnswerPreview::lines() const
{
    QStringList lines;
    for (const Paragraph& paragraph : m_paragraphs) {
        for (int i = 0; i < paragraph.shown; ++i) {
            const QTextLine line = paragraph.layout.lineAt(i);
            lines << paragraph.layout.text().mid(line.textStart(), line.textLength()).trimmed();
        }
    }
    return lines;
}

QStringList AnswerPreview::markedWords() const
{
    QStringList words;
    for (const Paragraph& paragraph : m_paragraphs) {
        if (paragraph.shown == 0)
            continue;
        const QTextLine last = paragraph.layout.lineAt(paragraph.shown - 1);
        for (const auto& [at, length] : paragraph.marked) {
            if (at < last.textStart() + last.textLength())
                words << paragraph.layout.text().mid(at, length);
        }
    }
    return words;
}

// AnswerPreviews

const AnswerPreview& AnswerPreviews::of(const QString& text, const QString& words,
                                        const QFont& font, const QSize& box)
{
    const Asked asked{text, words, font, box};
    if (const AnswerPreview* const kept = m_kept.object(asked))
        return *kept;
    auto* const made = new AnswerPreview(text, words, font, box);
    if (!m_kept.insert(asked, made)) // which owns it
        qFatal("A preview is larger than all that are kept.");
    return *made;
}

} // namespace signalbox::ui
