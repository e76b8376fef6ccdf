// SPDX-License-Identifier: GPL-3.0-or-later
#include "text_views.h"

#include "app_style.h"
#include "basic_widgets.h"
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

namespace signalbox::ui {

namespace {

constexpr int kFlushMs = 33;
constexpr int kGutterPadding = 8;
constexpr int kMarkSize = 6;
constexpr qsizetype kMostMarks = 1'000; ///< of what is sought in one text

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

} // namespace

QString withVisibleControls(const QString& text)
{
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
    if (!m_sought.isEmpty()) {
        mark.cursor = document()->find(m_sought);
        while (!mark.cursor.isNull() && marks.size() < kMostMarks) {
            marks << mark;
            mark.cursor = document()->find(m_sought, mark.cursor);
        }
    }
    setExtraSelections(marks);
}

/// What is struck out was never said.
QMimeData* PlainTextPane::createMimeDataFromSelection() const
{
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
                text += part.text().mid(from - part.position(), to - from);
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
    if (!m_pieces.empty()) { // their colours are in the text
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
    m_pending.clear();
    m_taken = 0;
    m_lineLength = 0;
    m_lineCut = false;
    m_endCut = false;
    m_shown = 0;
    setCut(false);
    clear();
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
    QTextCharFormat format;
    if (mark == TextPiece::Mark::Added) {
        format.setBackground(colors().positive.soft);
        format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
        format.setUnderlineColor(colors().positive.ink);
    } else if (mark == TextPiece::Mark::Removed) {
        format.setForeground(colors().negative.ink);
        format.setFontStrikeOut(true);
    }
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(m_pending, format);
    m_pending.clear();
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
