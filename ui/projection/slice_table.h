// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "slice_table_model.h"

#include <ui/kit/plots.h>

#include <QTableView>

namespace signalbox::ui {

/// The table of segments and tiers: as high as its rows, so that only the page scrolls; columns
/// take the width there is; values and their muted intervals stand under each other.
class SliceTable : public QTableView
{
    Q_OBJECT
public:
    explicit SliceTable(SliceTableModel& model, QWidget* parent = nullptr);

    [[nodiscard]] PlotTable table() const; ///< for CSV, headings as a column
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void takeRows();
    void spreadColumns();
    SliceTableModel& m_model;
    int m_leastWidth = 0; ///< px that all columns need without intervals
};

} // namespace signalbox::ui
