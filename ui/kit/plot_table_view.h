// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plots.h"

#include <QTableWidget>

namespace signalbox::ui {

/// The data behind a plot, to be read and copied: numbers short and aligned, in full in their tool
/// tip and in what Ctrl+C copies. As high as its rows, up to a dozen or what setMostRows() says;
/// then it scrolls.
class PlotTableView : public QTableWidget
{
    Q_OBJECT
public:
    explicit PlotTableView(QWidget* parent = nullptr);
    void setTable(const PlotTable& table, const QString& name);
    void setMostRows(int rows);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void alignColumn(int column);
    void copySelection() const;

    int m_mostRows = 12;
};

} // namespace signalbox::ui
