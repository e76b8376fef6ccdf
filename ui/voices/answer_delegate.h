// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QStyledItemDelegate>

namespace signalbox::ui {

/// Where the parts of a cell of the matrix lie. A plain value, so that it can be tested.
struct AnswerCellGeometry
{
    QRect text;
    QRect footer;
    static AnswerCellGeometry of(const QRect& cell);
};

/// Draws a cell of the lab: the answer as it grows, below it state or words, time and cost. Reads
/// LabTableModel's roles only.
class AnswerDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;

    /// "84 words · 1.4 s · $0.0061" of a done cell, else its state and why.
    [[nodiscard]] static QString footerText(const QModelIndex& index);
};

} // namespace signalbox::ui
