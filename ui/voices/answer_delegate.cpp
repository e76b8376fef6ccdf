// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_delegate.h"

#include <core/lab/lab_run.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>

#include <QPainter>
#include <QRegularExpression>
#include <QTextLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kRowHeightPx = 108;
constexpr int kFooterPx = 18;
constexpr int kIconPx = 14;

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

/// Lines of plain text from the top of a box, the last one elided. Empty lines are left out: a
/// preview shows as much text as it can.
void paintLines(QPainter& painter, const QRect& box, const QString& whole, const QFont& font)
{
    static const QRegularExpression breaks(QStringLiteral("\\s*\\n\\s*"));
    QString text = whole.trimmed();
    text.replace(breaks, QString(QChar::LineSeparator)); // what QTextLayout breaks at
    QTextLayout layout(text, font);
    QTextOption wrap(Qt::AlignLeft | Qt::AlignTop);
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
    const QFontMetrics metrics(font);
    qreal y = 0;
    layout.beginLayout();
    for (;;) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(box.width());
        const qreal height = metrics.lineSpacing();
        if (y + 2 * height > box.height()) { // no room for another line below this one
            const QString rest = text.mid(line.textStart()).left(400).simplified();
            painter.setFont(font);
            painter.drawText(QPointF(box.left(), box.top() + y + metrics.ascent()),
                             metrics.elidedText(rest, Qt::ElideRight, box.width()));
            break;
        }
        line.draw(&painter, QPointF(box.left(), box.top() + y));
        y += height;
        line.setPosition(QPointF(0, y));
    }
    layout.endLayout();
}

} // namespace

AnswerCellGeometry AnswerCellGeometry::of(const QRect& cell)
{
    const QRect inner = cell.adjusted(space::kUnit, space::kUnit, -space::kUnit, -space::kUnit);
    AnswerCellGeometry geometry;
    geometry.footer = QRect(inner.left(), inner.bottom() - kFooterPx + 1, inner.width(), kFooterPx);
    geometry.text = QRect(inner.left(), inner.top(), inner.width(),
                          std::max(0, inner.height() - kFooterPx - space::kHalf));
    return geometry;
}

QString AnswerDelegate::footerText(const QModelIndex& index)
{
    const CellState state = stateOf(index);
    if (state != CellState::Done) {
        const QString status = index.data(LabTableModel::StatusRole).toString();
        const QString name = index.data(LabTableModel::StateTextRole).toString();
        return status.isEmpty() ? name : tr("%1: %2", "state of a cell, reason").arg(name, status);
    }
    QStringList parts = {tr("%n word(s)", nullptr, index.data(LabTableModel::WordsRole).toInt())};
    if (const QVariant first = index.data(LabTableModel::FirstTokenMsRole); first.isValid())
        parts << format::milliseconds(first.toDouble());
    const QVariant cost = index.data(LabTableModel::CostRole);
    parts << (cost.isValid() ? format::money(cost.toDouble()) : tr("cost unknown"));
    return parts.join(QStringLiteral(" \u00b7 "));
}

void AnswerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    painter->save();
    const ThemeColors& colors = Theme::current().colors();
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->fillRect(option.rect, selected ? colors.selection : colors.surface);
    painter->setPen(colors.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->drawLine(option.rect.topRight(), option.rect.bottomRight());
    const AnswerCellGeometry geometry = AnswerCellGeometry::of(option.rect);
    painter->setClipRect(option.rect);

    const QColor ink = selected ? colors.selectionText : colors.text;
    const QColor muted = selected ? colors.selectionText : colors.textMuted;
    painter->setPen(ink);
    paintLines(*painter, geometry.text,
               withVisibleControls(index.data(LabTableModel::TextRole).toString()),
               Theme::font(TextRole::Body));

    painter->setFont(Theme::font(TextRole::Small));
    QRect footer = geometry.footer;
    QString words;
    QColor footerInk = muted;
    if (index.column() == 0) {
        words = index.data(LabTableModel::SegmentRole).toString();
    } else {
        const CellState state = stateOf(index);
        words = footerText(index);
        if (state == CellState::Failed && !selected)
            footerInk = colors.negative.ink;
        const QRectF place(footer.left(), footer.center().y() - kIconPx / 2.0, kIconPx, kIconPx);
        paintIcon(*painter, place, iconOf(state), footerInk);
        footer.setLeft(footer.left() + kIconPx + space::kHalf);
    }
    painter->setPen(footerInk);
    painter->drawText(footer, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(words, Qt::ElideRight, footer.width()));
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
