// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace signalbox::ui {

/// What a model says of its cells to a FiguresTable.
struct FigureRoles
{
    enum Role {
        VerdictRole = Qt::UserRole + 1, ///< int of GateVerdict: shape and word instead of the text
        DetailRole,                     ///< text: interval or share that goes with the value
        HeadingRole,                    ///< bool, column 0: the row names the group below it
        FigureRole,                     ///< bool: right-aligned, its detail muted behind it
        BadgeRole,                      ///< text: stands in a badge behind that of the cell
        BadgeToneRole,                  ///< int of Tone
        StretchRole,                    ///< bool, of a column's heading: takes the width left over
    };
};

/// A table of numbers with their intervals: as high as its rows, so that only the page scrolls;
/// columns take the width there is; values and their muted intervals stand under each other.
/// Without room for them, intervals are in the tooltips alone.
class FiguresTable : public QTableView
{
    Q_OBJECT
public:
    FiguresTable(QAbstractItemModel& model, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void takeRows();
    void spreadColumns();
    QAbstractItemModel& m_model;
    int m_leastWidth = 0; ///< px that all columns need without intervals
};

} // namespace signalbox::ui
