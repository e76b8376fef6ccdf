// SPDX-License-Identifier: GPL-3.0-or-later
#include "text_views.h"

#include "app_style.h"
#include "basic_widgets.h"
#include "hanging_layout.h"
#include "json_highlighter.h"
#include "theme.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBlock>
#include <QTimer>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kFlushMs = 33;
constexpr int kGutterPadding = 8;
constexpr int kMarkSize = 6;
constexpr std::size_t kMostMarks = 1'000; ///< of what is sought in one text

const ThemeColors& colors()
{
    return Theme::current().colors();
}

struct NamedControl
{
    char16_t code;
    const char* name;
};

/// Characters that change the order or the presence of others without being seen.
constexpr std::array kNamedControls = {
    NamedControl{0x00AD, "SHY"}, NamedControl{0x061C, "ALM"}, NamedControl{0x200B, "ZWSP"},
    NamedControl{0x200E, "LRM"}, NamedControl{0x200F, "RLM"}, NamedControl{0x202A, "LRE"},
    NamedControl{0x202B, "RLE"}, NamedControl{0x202C, "PDF"}, NamedControl{0x202D, "LRO"},
    NamedControl{0x202E, "RLO"}, NamedControl{0x2060, "WJ"},  NamedControl{0x2066, "LRI"},
    NamedControl{0x2067, "RLI"}, NamedControl{0x2068, "FSI"}, NamedControl{0x2069, "PDI"},
    NamedControl{0xFEFF, "BOM"},
};

/// Empty: the character may be shown as it is.
QString visibleMark(QChar c)
{
    const char16_t code = c.unicode();
    if (code >= 0x20 && code < 0x7F)
        return {};
    if (code < 0x20 || code == 0x7F)
        return QString(QChar(code == 0x7F ? 0x2421 : 0x2400 + code)); // control pictures
    if (code >= 0x80 && code < 0xA0)
        return QStringLiteral("⟨%1⟩").arg(code, 2, 16, QLatin1Char('0'));
    for (const NamedControl& control : kNamedControls) {
        if (control.code == code)
            return QStringLiteral("⟨") + QLatin1String(control.name) + QStringLiteral("⟩");
    }
    if (code == 0xFFFC)
        return QStringLiteral("⟨OBJ⟩"); // QTextDocument would take it for a picture
    if (code == 0xFDD0 || code == 0xFDD1)
        return QStringLiteral("⟨%1⟩").arg(code, 4, 16); // QTextDocument's frame marks
    return {};
}

bool isBreak(QChar c)
{
    return c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QChar::LineSeparator ||
           c == QChar::ParagraphSeparator;
}

/// How a piece of a compared text looks.
QTextCharFormat formatOf(TextPiece::Mark mark)
{
    QTextCharFormat format;
    if (mark == TextPiece::Mark::Added) {
        format.setBackground(colors().positive.soft);
        format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
        format.setUnderlineColor(colors().positive.ink);
    } else if (mark == TextPiece::Mark::Removed) {
        format.setForeground(colors().negative.ink);
        format.setFontStrikeOut(true);
    }
    return format;
}

/// What is to be rendered: what was said, without what a comparison struck out, which stands
/// between it.
struct RenderedSource
{
    struct Removed
    {
        qsizetype before = 0; ///< a place in `text`
        qsizetype at = 0;     ///< in the whole
        QString text;
    };
    QString text;
    std::vector<qsizetype> at;          ///< of each character, in the whole; empty: as in `text`
    std::vector<TextPiece::Mark> marks; ///< likewise; empty: none
    std::vector<Removed> removed;

    static RenderedSource of(const std::vector<TextPiece>& pieces)
    {
        RenderedSource source;
        qsizetype at = 0;
        for (const TextPiece& piece : pieces) {
            if (piece.mark == TextPiece::Mark::Removed) {
                source.removed.push_back({source.text.size(), at, withoutMarks(piece.text)});
            } else {
                source.text += piece.text;
                for (qsizetype i = 0; i < piece.text.size(); ++i)
                    source.at.push_back(at + i);
                source.marks.insert(source.marks.end(), static_cast<std::size_t>(piece.text.size()),
                                    piece.mark);
            }
            at += piece.text.size();
        }
        return source;
    }
    [[nodiscard]] qsizetype wholeAt(qsizetype i) const
    {
        if (at.empty())
            return i;
        return i < static_cast<qsizetype>(at.size()) ? at[static_cast<std::size_t>(i)]
                                                     : at.back() + 1;
    }
    [[nodiscard]] TextPiece::Mark markAt(qsizetype i) const
    {
        return i < static_cast<qsizetype>(marks.size()) ? marks[static_cast<std::size_t>(i)]
                                                        : TextPiece::Mark::Plain;
    }
};

/// Puts rendered lines at the end of a document, and keeps where each character was written.
class LineWriter
{
public:
    LineWriter(QTextCursor& cursor, const RenderedSource& source, const QFont& font,
               std::vector<qsizetype>& writtenAt)
        : m_cursor(cursor), m_source(source), m_font(font), m_writtenAt(writtenAt)
    {}

    /// @param start, end  of the line in the source
    void write(const ShownLine& line, qsizetype start, qsizetype end)
    {
        m_cursor.setBlockFormat(blockFormat(line));
        std::size_t run = 0;
        for (qsizetype i = 0; i < line.text.size(); ++i) {
            const qsizetype place = start + line.from[static_cast<std::size_t>(i)];
            writeRemoved(place);
            while (i >= line.runs[run].start + line.runs[run].length)
                ++run;
            add(line.text[i], m_source.wholeAt(place), line.runs[run].styles,
                m_source.markAt(place));
        }
        writeRemoved(end);
        flush();
    }
    void breakLine(qsizetype at)
    {
        m_cursor.insertBlock(QTextBlockFormat(), QTextCharFormat());
        m_writtenAt.push_back(m_source.wholeAt(at));
    }
    /// A sentence of ours.
    void say(const QString& text, qsizetype at)
    {
        for (const QChar c : text)
            add(c, m_source.wholeAt(at), {}, TextPiece::Mark::Plain);
        flush();
    }

private:
    [[nodiscard]] QTextBlockFormat blockFormat(const ShownLine& line) const
    {
        QTextBlockFormat format;
        const double hang = QFontMetricsF(m_font).horizontalAdvance(line.text.left(line.hang));
        if (line.hang > 0) {
            format.setLeftMargin(line.depth * space::kWide + hang);
            format.setTextIndent(-hang);
        }
        return format;
    }
    void writeRemoved(qsizetype place)
    {
        for (; m_removed < m_source.removed.size() && m_source.removed[m_removed].before <= place;
             ++m_removed) {
            const RenderedSource::Removed& gone = m_source.removed[m_removed];
            for (const QChar c : gone.text)
                add(c, gone.at, {}, TextPiece::Mark::Removed);
        }
    }
    void add(QChar c, qsizetype at, TextStyles styles, TextPiece::Mark mark)
    {
        if (styles != m_styles || mark != m_mark)
            flush();
        m_styles = styles;
        m_mark = mark;
        const QString visible = c == QLatin1Char('\t') ? QString() : visibleMark(c);
        visible.isEmpty() ? m_waiting.append(c) : m_waiting.append(visible);
        m_writtenAt.insert(m_writtenAt.end(),
                           static_cast<std::size_t>(std::max<qsizetype>(1, visible.size())), at);
    }
    void flush()
    {
        if (m_waiting.isEmpty())
            return;
        QTextCharFormat format = formatOf(m_styles, m_font);
        format.merge(formatOf(m_mark));
        m_cursor.insertText(m_waiting, format);
        m_waiting.clear();
    }

    QTextCursor& m_cursor;
    const RenderedSource& m_source;
    QFont m_font;
    std::vector<qsizetype>& m_writtenAt;
    std::size_t m_removed = 0; ///< written so far
    QString m_waiting;
    TextStyles m_styles;
    TextPiece::Mark m_mark = TextPiece::Mark::Plain;
};

} // namespace

QString withVisibleControls(const QString& text)
{
    const auto isAsItIs = [](QChar c) { // almost every text is
        return (c.unicode() >= 0x20 && c.unicode() < 0x7F) || c == QLatin1Char('\n') ||
               c == QLatin1Char('\t');
    };
    if (std::ranges::all_of(text, isAsItIs))
        return text;
    QString shown;
    shown.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == QLatin1Char('\r') && i + 1 < text.size() && text[i + 1] == QLatin1Char('\n'))
            continue;
        if (isBreak(c)) {
            shown += QLatin1Char('\n');
            continue;
        }
        const QString mark = c == QLatin1Char('\t') ? QString() : visibleMark(c);
        mark.isEmpty() ? shown.append(c) : shown.append(mark);
    }
    return shown;
}

// PlainTextPane

PlainTextPane::PlainTextPane(const QString& name, QWidget* parent) : QPlainTextEdit(parent)
{
    setAccessibleName(name);
    setReadOnly(true);
    auto* const paragraphs = new QTextDocument(this);
    paragraphs->setDefaultFont(font());
    m_layout = new HangingLayout(paragraphs);
    paragraphs->setDocumentLayout(m_layout);
    setDocument(paragraphs);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    document()->setDocumentMargin(space::kUnit);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setTabChangesFocus(true);
    m_timer = new QTimer(this);
    m_timer->setSingleShot(true);
    m_timer->setInterval(kFlushMs);
    connect(m_timer, &QTimer::timeout, this, &PlainTextPane::flush);
    auto* more = new QPushButton(tr("Show more"), this);
    more->setObjectName(QStringLiteral("showMore"));
    more->hide();
    connect(more, &QPushButton::clicked, this, &PlainTextPane::showMore);
    m_more = more;
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, &PlainTextPane::notePlace);
}

void PlainTextPane::notePlace()
{
    m_followsEnd = verticalScrollBar()->sliderPosition() >= verticalScrollBar()->maximum();
}

/// Keys and selecting with the mouse scroll without a word from the bar. A key that scrolls nothing
/// says nothing of the place: the end may have gone below with a new width.
void PlainTextPane::keyPressEvent(QKeyEvent* event)
{
    const int before = verticalScrollBar()->sliderPosition();
    QPlainTextEdit::keyPressEvent(event);
    if (verticalScrollBar()->sliderPosition() == before)
        return;
    if (textCursor().atEnd()) // the base class stops where the cursor can be seen
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    notePlace();
}

void PlainTextPane::mouseMoveEvent(QMouseEvent* event)
{
    QPlainTextEdit::mouseMoveEvent(event);
    if (event->buttons() != Qt::NoButton)
        notePlace();
}

PlainTextPane::~PlainTextPane() = default;

void PlainTextPane::append(const QString& text)
{
    if (text.isEmpty())
        return;
    m_whole += text;
    // A lone CR at the end waits: the LF of a CR LF may be the next token's first character.
    qsizetype end = m_whole.size();
    if (m_whole.endsWith(QLatin1Char('\r')))
        --end;
    if (!m_pieces.empty())
        m_pieces.push_back({text, TextPiece::Mark::Plain});
    m_isBehind = m_form == TextForm::Rendered;
    if (!m_isBehind)
        take(QStringView(m_whole).sliced(m_taken, end - m_taken));
    m_taken = end;
    if (!m_timer->isActive())
        m_timer->start();
}

void PlainTextPane::setWholeText(const QString& text)
{
    forget();
    m_whole = text;
    rebuildFromTop();
}

void PlainTextPane::setPieces(std::vector<TextPiece> pieces)
{
    forget();
    for (const TextPiece& piece : pieces)
        m_whole += piece.text;
    m_pieces = std::move(pieces);
    rebuildFromTop();
}

/// Whoever follows the end has every line laid out on the way there.
void PlainTextPane::rebuildFromTop()
{
    m_followsEnd = false;
    rebuild();
    verticalScrollBar()->setValue(0);
    m_followsEnd = verticalScrollBar()->maximum() == 0;
}

void PlainTextPane::setSought(const QString& words)
{
    if (words == m_sought)
        return;
    m_sought = words;
    markSought();
}

/// More than colour: a line below, too.
void PlainTextPane::markSought()
{
    if (m_sought.isEmpty() && extraSelections().isEmpty())
        return;
    QList<QTextEdit::ExtraSelection> marks;
    QTextEdit::ExtraSelection mark;
    mark.format.setBackground(colors().caution.soft);
    mark.format.setUnderlineStyle(QTextCharFormat::DashUnderline);
    mark.format.setUnderlineColor(colors().caution.ink);
    for (const QTextCursor& place : soughtPlaces(kMostMarks)) {
        mark.cursor = place;
        marks << mark;
    }
    setExtraSelections(marks);
}

QTextCursor PlainTextPane::firstSought() const
{
    const std::vector<QTextCursor> places = soughtPlaces(1);
    return places.empty() ? QTextCursor() : places.front();
}

/// Of what is sought, in the view. Words are sought as they were written: a mark among them, or one
/// that parts them, is not seen.
std::vector<QTextCursor> PlainTextPane::soughtPlaces(std::size_t most) const
{
    std::vector<QTextCursor> places;
    if (m_sought.isEmpty())
        return places;
    if (m_form == TextForm::AsWritten) {
        for (QTextCursor at = document()->find(m_sought); !at.isNull() && places.size() < most;
             at = document()->find(m_sought, at))
            places.push_back(at);
        return places;
    }
    for (qsizetype at = m_whole.indexOf(m_sought, 0, Qt::CaseInsensitive);
         at >= 0 && places.size() < most;
         at = m_whole.indexOf(m_sought, at + m_sought.size(), Qt::CaseInsensitive)) {
        const QTextCursor place = shownPlace(at, at + m_sought.size());
        if (place.isNull())
            break; // what follows was cut
        places.push_back(place);
    }
    return places;
}

/// Of a passage of the whole text; of one that is nothing but marks, the character behind it.
QTextCursor PlainTextPane::shownPlace(qsizetype from, qsizetype to) const
{
    const auto first = std::ranges::lower_bound(m_writtenAt, from);
    if (first == m_writtenAt.end())
        return {};
    const auto last = std::max(first + 1, std::ranges::lower_bound(m_writtenAt, to));
    QTextCursor place(document());
    place.setPosition(static_cast<int>(first - m_writtenAt.begin()));
    place.setPosition(static_cast<int>(last - m_writtenAt.begin()), QTextCursor::KeepAnchor);
    return place;
}

/// The marks too, as far as they stand between characters that are selected; those of a line that
/// is selected from its start or to its end. What is struck out was never said.
QString PlainTextPane::selectedAsWritten() const
{
    const QTextCursor selected = textCursor();
    const int first = selected.selectionStart();
    const int last = selected.selectionEnd();
    const auto written = [this](int place) { return m_writtenAt[static_cast<std::size_t>(place)]; };
    const auto isBreakAt = [this](int place) {
        return document()->characterAt(place) == QChar::ParagraphSeparator;
    };
    const auto size = static_cast<int>(m_writtenAt.size());
    const qsizetype from = first == 0             ? 0
                           : isBreakAt(first - 1) ? written(first - 1) + 1
                                                  : written(first);
    const qsizetype to = last >= size      ? m_whole.size()
                         : isBreakAt(last) ? written(last)
                                           : written(last - 1) + 1;
    QString text;
    qsizetype start = 0;
    const auto add = [&](const QString& part) {
        const qsizetype begin = std::max(from, start) - start;
        text += QStringView(part).mid(begin, std::max<qsizetype>(0, to - start - begin));
    };
    for (const TextPiece& piece : m_pieces) {
        if (piece.mark != TextPiece::Mark::Removed)
            add(piece.text);
        start += piece.text.size();
    }
    if (m_pieces.empty())
        add(m_whole);
    text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    if (last < size && isBreakAt(last) && text.endsWith(QLatin1Char('\r')))
        text.chop(1); // half of the break behind it
    return text;
}

/// What is struck out was never said.
QMimeData* PlainTextPane::createMimeDataFromSelection() const
{
    if (m_form == TextForm::Rendered) {
        auto* const copied = new QMimeData;
        copied->setText(selectedAsWritten());
        return copied;
    }
    if (m_pieces.empty())
        return QPlainTextEdit::createMimeDataFromSelection();
    const QTextCursor selected = textCursor();
    QString text;
    for (QTextBlock block = document()->findBlock(selected.selectionStart());
         block.isValid() && block.position() < selected.selectionEnd(); block = block.next()) {
        if (block.position() > selected.selectionStart())
            text += QLatin1Char('\n');
        for (auto at = block.begin(); !at.atEnd(); ++at) {
            const QTextFragment part = at.fragment();
            const int from = std::max(part.position(), selected.selectionStart());
            const int to = std::min(part.position() + part.length(), selected.selectionEnd());
            if (from < to && !part.charFormat().fontStrikeOut())
                text += QStringView(part.text()).sliced(from - part.position(), to - from);
        }
    }
    auto* const copied = new QMimeData;
    copied->setText(text);
    return copied;
}

void PlainTextPane::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    if (!m_pieces.empty() || m_form == TextForm::Rendered) { // their colours are in the text
        const int place = verticalScrollBar()->value();
        rebuild();
        verticalScrollBar()->setValue(place);
    }
    markSought();
}

void PlainTextPane::clearText()
{
    forget();
    rebuild();
}

void PlainTextPane::setForm(TextForm form)
{
    if (form == m_form)
        return;
    m_form = form;
    const bool isAtEnd = m_followsEnd;
    rebuildFromTop();
    m_followsEnd = isAtEnd;
}

void PlainTextPane::forget()
{
    m_whole.clear();
    m_pieces.clear();
    m_followsEnd = true;
    m_lineLimit = kLineLimit;
    m_textLimit = kTextLimit;
}

void PlainTextPane::showMore()
{
    m_lineLimit = static_cast<int>(std::min<qint64>(qint64(m_lineLimit) * 10, 1'000'000'000));
    m_textLimit = static_cast<int>(std::min<qint64>(qint64(m_textLimit) * 10, 1'000'000'000));
    const int place = verticalScrollBar()->value();
    rebuild();
    verticalScrollBar()->setValue(place);
}

/// Everything anew from m_whole, under the present limits.
void PlainTextPane::rebuild()
{
    m_timer->stop();
    m_isBehind = false;
    m_pending.clear();
    m_taken = 0;
    m_lineLength = 0;
    m_lineCut = false;
    m_endCut = false;
    m_shown = 0;
    setCut(false);
    clear();
    m_writtenAt.clear();
    m_reader = {};
    m_lineStart = 0;
    m_lineShownAt = 0;
    if (m_form == TextForm::Rendered) {
        m_taken = m_whole.size();
        renderTaken();
        markSought();
        return;
    }
    for (const TextPiece& piece : m_pieces) {
        take(piece.text);
        insertPending(piece.mark);
    }
    if (m_pieces.empty())
        take(m_whole);
    m_taken = m_whole.size();
    showPending();
    markSought();
}

void PlainTextPane::insertPending(TextPiece::Mark mark)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(m_pending, formatOf(mark));
    m_pending.clear();
}

/// From the last line on, which may have been shown without its end. A text that is compared is
/// shown anew.
void PlainTextPane::renderTaken()
{
    if (m_endCut)
        return;
    RenderedSource source = RenderedSource::of(m_pieces);
    if (m_pieces.empty()) {
        source.text = m_whole.left(m_taken);
    } else {
        m_lineStart = 0;
        m_lineShownAt = 0;
        m_reader = {};
    }
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.setPosition(m_lineShownAt);
    cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    cursor.removeSelectedText();
    m_writtenAt.resize(static_cast<std::size_t>(m_lineShownAt));
    LineWriter writer(cursor, source, font(), m_writtenAt);
    const QString& text = source.text;
    for (qsizetype start = m_lineStart; !m_endCut;) {
        const qsizetype end =
            std::find_if(text.begin() + start, text.end(), isBreak) - text.begin();
        m_lineStart = start;
        m_lineShownAt = cursor.position();
        const MarkupReader before = m_reader;
        writer.write(m_reader.next(text.mid(start, std::min<qsizetype>(end - start, m_lineLimit))),
                     start, end);
        if (end - start > m_lineLimit) {
            writer.say(tr(" [\u2026 this line goes on]"), end - 1);
            setCut(true);
        }
        if (end == text.size()) {
            m_reader = before;
            break;
        }
        const bool isPair = text[end] == QLatin1Char('\r') && end + 1 < text.size() &&
                            text[end + 1] == QLatin1Char('\n');
        start = end + (isPair ? 2 : 1);
        writer.breakLine(start - 1);
        m_endCut = m_writtenAt.size() >= static_cast<std::size_t>(m_textLimit);
    }
    if (m_endCut) {
        writer.say(tr("[\u2026 the rest is not shown]"), m_whole.size());
        setCut(true);
    }
    cursor.endEditBlock();
}

/// Puts as much of `text` into m_pending as the limits allow. What is cut is not looked at.
void PlainTextPane::take(QStringView text)
{
    for (qsizetype i = 0; i < text.size() && !m_endCut; ++i) {
        const QChar c = text[i];
        if (m_lineCut && !isBreak(c))
            continue;
        if (c == QLatin1Char('\r') && i + 1 < text.size() && text[i + 1] == QLatin1Char('\n'))
            continue;
        takeOne(c);
    }
}

void PlainTextPane::takeOne(QChar c)
{
    if (m_shown >= m_textLimit) {
        m_pending += tr("\n[… the rest is not shown]");
        m_endCut = true;
        setCut(true);
        return;
    }
    if (isBreak(c)) {
        m_pending += QLatin1Char('\n');
        m_lineLength = 0;
        m_lineCut = false;
        ++m_shown;
        return;
    }
    if (m_lineLength >= m_lineLimit) {
        m_pending += tr(" [… this line goes on]");
        m_lineCut = true;
        setCut(true);
        return;
    }
    const QString mark = c == QLatin1Char('\t') ? QString() : visibleMark(c);
    mark.isEmpty() ? m_pending.append(c) : m_pending.append(mark);
    ++m_lineLength;
    ++m_shown;
}

void PlainTextPane::flush()
{
    if (std::exchange(m_isBehind, false)) {
        renderTaken();
        if (m_followsEnd)
            verticalScrollBar()->setValue(verticalScrollBar()->maximum());
        markSought();
        return;
    }
    if (m_pending.isEmpty())
        return;
    showPending();
    if (!m_sought.isEmpty())
        markSought();
}

void PlainTextPane::showPending()
{
    if (m_pending.isEmpty())
        return;
    insertPending(TextPiece::Mark::Plain);
    if (m_followsEnd)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void PlainTextPane::setCut(bool cut)
{
    if (cut == m_cut)
        return;
    m_cut = cut;
    m_more->setVisible(cut);
    setViewportMargins(0, 0, 0, cut ? m_more->sizeHint().height() + 2 * space::kUnit : 0);
    placeButton();
    emit cutChanged(cut);
}

void PlainTextPane::placeButton()
{
    const QSize size = m_more->sizeHint();
    m_more->setGeometry(space::kHalf, height() - size.height() - space::kUnit, size.width(),
                        size.height());
}

void PlainTextPane::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    QAction* copyAction = menu.addAction(icon(Icon::Copy), tr("Copy"), this, &QPlainTextEdit::copy);
    copyAction->setEnabled(textCursor().hasSelection());
    menu.addAction(tr("Select all"), this, &QPlainTextEdit::selectAll);
    if (m_cut) {
        menu.addSeparator();
        menu.addAction(tr("Show more"), this, &PlainTextPane::showMore);
    }
    menu.exec(event->globalPos());
}

void PlainTextPane::resizeEvent(QResizeEvent* event)
{
    m_layout->forgetWidth();
    QPlainTextEdit::resizeEvent(event);
    placeButton();
}

// CodeEditor

class CodeEditor::Gutter final : public QWidget
{
public:
    explicit Gutter(CodeEditor* editor) : QWidget(editor), m_editor(editor) {}
    [[nodiscard]] QSize sizeHint() const override { return {m_editor->gutterWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent* event) override { m_editor->paintGutter(event); }

private:
    CodeEditor* m_editor;
};

CodeEditor::CodeEditor(const QString& name, QWidget* parent) : QPlainTextEdit(parent)
{
    setAccessibleName(name);
    setFont(Theme::font(TextRole::Mono));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFrameShape(QFrame::NoFrame);
    setTabStopDistance(QFontMetricsF(font()).horizontalAdvance(QLatin1Char(' ')) * 2);
    m_gutter = new Gutter(this);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &CodeEditor::layOutGutter);
    connect(this, &QPlainTextEdit::updateRequest, m_gutter, [this](const QRect& rect, int dy) {
        dy != 0 ? m_gutter->scroll(0, dy)
                : m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
    });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CodeEditor::refreshSelections);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this,
            &CodeEditor::applyTheme);
    layOutGutter();
    refreshSelections();
}

CodeEditor::~CodeEditor() = default;

void CodeEditor::setLanguage(SourceLanguage language)
{
    delete m_highlighter;
    m_highlighter = language == SourceLanguage::Json ? new JsonHighlighter(document()) : nullptr;
}

void CodeEditor::setMarks(std::vector<SourceMark> marks)
{
    if (marks == m_marks)
        return;
    m_marks = std::move(marks);
    std::sort(m_marks.begin(), m_marks.end(), [](const SourceMark& a, const SourceMark& b) {
        return std::tie(a.line, a.column, a.message) < std::tie(b.line, b.column, b.message);
    });
    refreshSelections();
    m_gutter->update();
}

void CodeEditor::goTo(int line, int column)
{
    const QTextBlock block = document()->findBlockByNumber(std::max(0, line - 1));
    if (!block.isValid())
        return;
    QTextCursor cursor(block);
    cursor.setPosition(block.position() +
                       std::clamp(column - 1, 0, std::max(0, block.length() - 1)));
    setTextCursor(cursor);
    centerCursor();
}

bool CodeEditor::goToNextMark()
{
    if (m_marks.empty())
        return false;
    const std::pair here(textCursor().blockNumber() + 1, textCursor().positionInBlock() + 1);
    auto next = std::find_if(m_marks.begin(), m_marks.end(), [&](const SourceMark& mark) {
        return std::pair(mark.line, std::max(1, mark.column)) > here;
    });
    if (next == m_marks.end())
        next = m_marks.begin();
    goTo(next->line, std::max(1, next->column));
    return true;
}

int CodeEditor::gutterWidth() const
{
    const int digits = std::max<int>(2, static_cast<int>(QString::number(blockCount()).size()));
    return kMarkSize + 3 * kGutterPadding +
           static_cast<int>(QFontMetricsF(font()).horizontalAdvance(QLatin1Char('9')) * digits);
}

void CodeEditor::layOutGutter()
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int width = gutterWidth();
    setViewportMargins(mirrored ? 0 : width, 0, mirrored ? width : 0, 0);
    const QRect area = contentsRect();
    m_gutter->setGeometry(mirrored ? area.right() - width + 1 : area.left(), area.top(), width,
                          viewport()->height());
}

void CodeEditor::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    layOutGutter();
}

void CodeEditor::applyTheme()
{
    refreshSelections();
    if (m_highlighter)
        m_highlighter->rehighlight();
}

void CodeEditor::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_F8 && goToNextMark())
        return;
    QPlainTextEdit::keyPressEvent(event);
}

bool CodeEditor::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const SourceMark* mark = markAt(viewport()->mapFrom(this, help->pos()));
        if (mark)
            QToolTip::showText(help->globalPos(), plainToolTip(mark->message), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QPlainTextEdit::event(event);
}

const SourceMark* CodeEditor::markAt(QPoint viewportPosition) const
{
    const int line = cursorForPosition(viewportPosition).blockNumber() + 1;
    const auto found = std::find_if(m_marks.begin(), m_marks.end(),
                                    [&](const SourceMark& mark) { return mark.line == line; });
    return found == m_marks.end() ? nullptr : &*found;
}

/// The current line and the waves under errors.
void CodeEditor::refreshSelections()
{
    QList<QTextEdit::ExtraSelection> selections;
    if (!isReadOnly()) {
        QTextEdit::ExtraSelection line;
        line.format.setBackground(blended(colors().hover, colors().surface));
        line.format.setProperty(QTextFormat::FullWidthSelection, true);
        line.cursor = textCursor();
        line.cursor.clearSelection();
        selections << line;
    }
    for (const SourceMark& mark : m_marks) {
        const QTextBlock block = document()->findBlockByNumber(mark.line - 1);
        if (!block.isValid())
            continue;
        const int length = std::max(0, block.length() - 1);
        const int from = mark.column > 0 ? std::min(mark.column - 1, std::max(0, length - 1)) : 0;
        const int to = mark.column > 0 ? std::min(from + std::max(1, mark.length), length) : length;
        QTextEdit::ExtraSelection wave;
        wave.cursor = QTextCursor(block);
        wave.cursor.setPosition(block.position() + from);
        wave.cursor.setPosition(block.position() + to, QTextCursor::KeepAnchor);
        const ToneColors& ink = Theme::current().tone(mark.error ? Tone::Negative : Tone::Caution);
        wave.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wave.format.setUnderlineColor(ink.ink);
        wave.format.setBackground(ink.soft);
        selections << wave;
    }
    setExtraSelections(selections);
    m_gutter->update();
}

void CodeEditor::paintGutter(QPaintEvent* event)
{
    QPainter painter(m_gutter);
    painter.fillRect(event->rect(), colors().surface);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    const int current = textCursor().blockNumber();
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top <= event->rect().bottom()) {
        const double height = blockBoundingRect(block).height();
        const int line = block.blockNumber() + 1;
        const QRectF row(0, top, m_gutter->width(), QFontMetricsF(font()).lineSpacing());
        painter.setPen(line - 1 == current ? colors().text : colors().textMuted);
        painter.drawText(row.adjusted(0, 0, -kGutterPadding, 0), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(line));
        const auto mark = std::find_if(m_marks.begin(), m_marks.end(),
                                       [&](const SourceMark& m) { return m.line == line; });
        if (mark != m_marks.end()) { // a dot for an error, a triangle for a warning
            painter.setPen(Qt::NoPen);
            painter.setBrush(
                Theme::current().tone(mark->error ? Tone::Negative : Tone::Caution).ink);
            const QPointF at(kGutterPadding + kMarkSize / 2.0, row.center().y());
            if (mark->error) {
                painter.drawEllipse(at, kMarkSize / 2.0 + 0.5, kMarkSize / 2.0 + 0.5);
            } else {
                const std::array<QPointF, 3> triangle = {at + QPointF(0, -4), at + QPointF(4, 3),
                                                         at + QPointF(-4, 3)};
                painter.drawPolygon(triangle.data(), 3);
            }
        }
        top += height;
        block = block.next();
    }
}

} // namespace signalbox::ui
