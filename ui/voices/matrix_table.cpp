// SPDX-License-Identifier: GPL-3.0-or-later
#include "matrix_table.h"

#include <ui/kit/theme.h>

#include <QAbstractItemDelegate>
#include <QHeaderView>
#include <QLinearGradient>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kShadowPx = 6; ///< of the first column, on what is scrolled below it
constexpr int kShadowAlpha = 70;

} // namespace

MatrixTable::MatrixTable(QWidget* parent) : QTableView(parent)
{
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
}

bool MatrixTable::isScrolled() const
{
    return horizontalScrollBar()->value() > 0;
}

/// In the viewport.
QRect MatrixTable::firstColumn() const
{
    const QRect whole = viewport()->rect();
    return QStyle::visualRect(layoutDirection(), whole,
                              QRect(0, 0, columnWidth(0), whole.height()));
}

QModelIndex MatrixTable::indexAt(const QPoint& point) const
{
    const QModelIndex below = QTableView::indexAt(point);
    return isScrolled() && below.isValid() && firstColumn().contains(point)
               ? below.siblingAtColumn(0)
               : below;
}

QRect MatrixTable::visualRect(const QModelIndex& index) const
{
    QRect place = QTableView::visualRect(index);
    if (index.isValid() && index.column() == 0)
        place.moveLeft(firstColumn().left());
    return place;
}

/// What is below the first column is not in sight, and that column is wherever one scrolls.
void MatrixTable::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    QScrollBar* const bar = horizontalScrollBar();
    const int before = bar->value();
    QTableView::scrollTo(index, hint);
    if (index.column() == 0) {
        bar->setValue(before);
        return;
    }
    const QRect place = visualRect(index);
    const QRect first = firstColumn();
    const int hidden = layoutDirection() == Qt::RightToLeft ? place.right() - first.left() + 1
                                                            : first.right() + 1 - place.left();
    if (hidden > 0)
        bar->setValue(bar->value() - hidden);
}

void MatrixTable::paintEvent(QPaintEvent* event)
{
    if (!isScrolled() || !model()) {
        QTableView::paintEvent(event);
        return;
    }
    QPaintEvent beside(event->region() - firstColumn()); // what is below it is not seen
    QTableView::paintEvent(&beside);
    QPainter painter(viewport());
    paintShadow(painter);
    const QRect seen = event->rect() & firstColumn();
    if (seen.isEmpty())
        return;
    const int last = rowAt(seen.bottom());
    for (int row = std::max(0, rowAt(seen.top())); row < model()->rowCount(); ++row) {
        paintFirst(painter, row);
        if (row == last)
            break;
    }
}

/// So that what is cut by the first column is seen to go on below it.
void MatrixTable::paintShadow(QPainter& painter) const
{
    const bool isTurned = layoutDirection() == Qt::RightToLeft;
    const QRect first = firstColumn();
    const QRect place(isTurned ? first.left() - kShadowPx : first.right() + 1, first.top(),
                      kShadowPx, first.height());
    QColor near = Theme::current().colors().textMuted;
    near.setAlpha(kShadowAlpha);
    QColor far = near;
    far.setAlpha(0);
    QLinearGradient fade(place.topLeft(), place.topRight());
    fade.setColorAt(isTurned ? 1 : 0, near);
    fade.setColorAt(isTurned ? 0 : 1, far);
    painter.fillRect(place, fade);
}

void MatrixTable::paintFirst(QPainter& painter, int row)
{
    const QModelIndex index = model()->index(row, 0, rootIndex());
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    option.rect = visualRect(index);
    option.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
    option.state.setFlag(QStyle::State_HasFocus, hasFocus() && currentIndex() == index);
    itemDelegateForIndex(index)->paint(&painter, option, index);
}

/// What the viewport shows is moved as it is; the first column is where it was, and is not where
/// its picture was moved to.
void MatrixTable::scrollContentsBy(int dx, int dy)
{
    QTableView::scrollContentsBy(dx, dy);
    if (dx != 0) {
        const QRect first = firstColumn().adjusted(-kShadowPx, 0, kShadowPx, 0);
        viewport()->update(first | first.translated(isRightToLeft() ? -dx : dx, 0));
    }
}

} // namespace signalbox::ui
