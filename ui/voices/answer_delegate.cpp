// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_delegate.h"

#include "facts_line.h"

#include <core/lab/lab_run.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>

#include <QFontMetrics>
#include <QPainter>
#include <QRegularExpression>
#include <QTextLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kRowHeightPx = 108;
constexpr int kFooterPx = 18;
constexpr int kIconPx = 14;
constexpr int kBarPx = 3; ///< accent of the selected row

CellState stateOf(const QModelIndex& index)
{
    return static_cast<CellState>(index.data(LabTableModel::StateRole).toInt());
}

Icon iconOf(CellState state)
{
    switch (state) {
    case CellState::Queued:
        return Icon::Clock;
    case CellState::Waiting:
        return Icon::Clock;
    case CellState::Writing:
        return Icon::Edit;
    case CellState::Done:
        return Icon::Check;
    case CellState::Stopped:
        return Icon::Stop;
    case CellState::Failed:
        return Icon::Warning;
    }
    return Icon::Clock;
}

/// As many whole words as fit with an ellipsis behind them: "and look…", "Step by step: …".
QString withEllipsis(QString line, const QFontMetrics& metrics, int width)
{
    const auto ended = [](const QString& text) {
        const bool inWord = !text.isEmpty() && text.back().isLetterOrNumber();
        return text + (inWord ? QString() : QStringLiteral(" ")) + QStringLiteral("\u2026");
    };
    while (metrics.horizontalAdvance(ended(line)) > width) {
        const qsizetype space = line.lastIndexOf(QLatin1Char(' '));
        if (space <= 0) // one word: it can only be cut
            return metrics.elidedText(line + QStringLiteral("\u2026"), Qt::ElideRight, width);
        line.truncate(space);
    }
    return ended(line);
}

/// Lines of plain text from the top of a box.
void paintLines(QPainter& painter, const QRect& box, const QString& whole, const QFont& font)
{
    painter.setFont(font);
    const QFontMetrics metrics(font);
    int y = box.top() + metrics.ascent();
    for (const QString& line : previewLines(whole, font, box.size())) {
        painter.drawText(QPoint(box.left(), y), line);
        y += metrics.lineSpacing();
    }
}

} // namespace

QStringList previewLines(const QString& whole, const QFont& font, const QSize& box)
{
    static const QRegularExpression breaks(QStringLiteral("\\s*\\n\\s*"));
    QString text = whole.trimmed();
    text.replace(breaks, QString(QChar::LineSeparator)); // what QTextLayout breaks at
    const QFontMetrics metrics(font);
    const qsizetype most = box.height() / metrics.lineSpacing();
    QStringList lines;
    QTextLayout layout(text, font);
    QTextOption wrap(Qt::AlignLeft | Qt::AlignTop);
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid() && lines.size() < most;
         line = layout.createLine()) {
        line.setLineWidth(box.width());
        const int end = line.textStart() + line.textLength();
        QString shown = text.mid(line.textStart(), line.textLength()).trimmed();
        if (lines.size() + 1 == most && end < text.size()) // the text goes on below the box
            shown = withEllipsis(shown, metrics, box.width());
        lines << shown;
    }
    layout.endLayout();
    return lines;
}

AnswerCellGeometry AnswerCellGeometry::of(const QRect& cell, int column)
{
    const int left = column == 0 ? space::kWide : space::kUnit; // prompts begin where pages do
    const QRect inner = cell.adjusted(left, space::kUnit, -space::kUnit, -space::kUnit);
    AnswerCellGeometry geometry;
    geometry.footer = QRect(inner.left(), inner.bottom() - kFooterPx + 1, inner.width(), kFooterPx);
    geometry.text = QRect(inner.left(), inner.top(), inner.width(),
                          std::max(0, inner.height() - kFooterPx - space::kHalf));
    return geometry;
}

QString AnswerDelegate::shownText(const QModelIndex& index)
{
    return withVisibleControls(index.data(LabTableModel::TextRole).toString());
}

QStringList AnswerDelegate::footerFacts(const QModelIndex& index)
{
    const CellState state = stateOf(index);
    if (state != CellState::Done) {
        const QString status = index.data(LabTableModel::StatusRole).toString();
        const QString name = index.data(LabTableModel::StateTextRole).toString();
        return {
            status.isEmpty()
                ? name
                : tr("%1: %2", "state of a cell, reason").arg(name, withVisibleControls(status))};
    }
    const QVariant words = index.data(LabTableModel::WordsRole);
    QStringList facts = {words.isValid() ? tr("%n word(s)", nullptr, words.toInt())
                                         : tr("counting its words")};
    const QVariant cost = index.data(LabTableModel::CostRole);
    facts << (cost.isValid() ? format::money(cost.toDouble()) : tr("cost unknown"));
    if (const QVariant first = index.data(LabTableModel::FirstTokenMsRole); first.isValid())
        facts << tr("TTFT %1", "time to first token").arg(format::milliseconds(first.toDouble()));
    return facts;
}

void AnswerDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index)
{
    const ThemeColors& colors = Theme::current().colors();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QRect& cell = option.rect;
    painter.fillRect(cell, selected ? colors.accented.soft : colors.surface);
    painter.setPen(colors.line);
    painter.drawLine(cell.bottomLeft(), cell.bottomRight());
    if (index.column() + 1 < index.model()->columnCount())
        painter.drawLine(cell.topRight(), cell.bottomRight());
    if (selected && index.column() == 0)
        painter.fillRect(QRect(cell.left(), cell.top(), kBarPx, cell.height()), colors.accent);
}

void AnswerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    painter->save();
    const ThemeColors& colors = Theme::current().colors();
    painter->setClipRect(option.rect);
    paintGround(*painter, option, index);
    const AnswerCellGeometry geometry = AnswerCellGeometry::of(option.rect, index.column());
    painter->setPen(colors.text);
    paintLines(*painter, geometry.text, shownText(index), Theme::font(TextRole::Body));

    const QFont small = Theme::font(TextRole::Small);
    painter->setFont(small);
    QRect footer = geometry.footer;
    QStringList facts;
    QColor ink = colors.textMuted;
    if (index.column() == 0) {
        facts << index.data(LabTableModel::SegmentRole).toString();
    } else {
        const CellState state = stateOf(index);
        facts = footerFacts(index);
        if (state == CellState::Failed)
            ink = colors.negative.ink;
        const QRectF place(footer.left(), footer.center().y() - kIconPx / 2.0, kIconPx, kIconPx);
        paintIcon(*painter, place, iconOf(state), ink);
        footer.setLeft(footer.left() + kIconPx + space::kHalf);
    }
    painter->setPen(ink);
    painter->drawText(footer, Qt::AlignLeft | Qt::AlignVCenter,
                      fittingFacts(facts, QFontMetricsF(small), footer.width()));
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(colors.focus, 2));
        painter->drawRect(option.rect.adjusted(1, 1, -2, -2));
    }
    painter->restore();
}

QSize AnswerDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {240, kRowHeightPx};
}

} // namespace signalbox::ui
