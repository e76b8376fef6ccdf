// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plots.h"

#include <QWidget>

#include <functional>
#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

class IconButton;
class PlotTableView;
class SectionHeader;

/// A part of a page with plots: its title, a switch between the plots and the table behind them,
/// and a button that saves either (SVG, PNG, CSV).
class ChartBlock : public QWidget
{
    Q_OBJECT
public:
    /// @param fileStem  proposed name of a saved chart, without its end
    ChartBlock(const QString& title, const QString& fileStem, QWidget* parent = nullptr);

    [[nodiscard]] SectionHeader* header() const { return m_header; }
    /// Where the plots stand; what is in here is hidden while the table is shown.
    [[nodiscard]] QVBoxLayout* plotsLayout() const { return m_plotsLayout; }
    /// What stands below the plots or the table, always shown.
    [[nodiscard]] QVBoxLayout* notesLayout() const { return m_notesLayout; }

    /// The plots that are saved as one picture, below each other and `columns` side by side, and
    /// whose tables become one: with several plots each row begins with its plot's title.
    void setPlots(std::vector<PlotView*> plots, int columns = 1);
    /// Instead of the tables of the plots.
    void setTableSource(std::function<PlotTable()> source);
    /// Reads the table anew. Call when the plots have other data.
    void refreshTable();

    [[nodiscard]] bool isTableShown() const;
    void showTable(bool shown);

private:
    [[nodiscard]] PlotTable table() const;
    void save();
    [[nodiscard]] QSize pictureSize() const;
    void paintPlots(QPainter& painter, const QRectF& rect) const;

    QString m_fileStem;
    SectionHeader* m_header = nullptr;
    IconButton* m_tableButton = nullptr;
    QWidget* m_plotsHolder = nullptr;
    QVBoxLayout* m_plotsLayout = nullptr;
    QVBoxLayout* m_notesLayout = nullptr;
    PlotTableView* m_table = nullptr;
    std::vector<PlotView*> m_plots;
    int m_columns = 1;
    std::function<PlotTable()> m_source;
};

} // namespace signalbox::ui
