// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plots.h"

#include <vector>

namespace signalbox::ui {

/// A column of a slope chart.
struct SlopeColumn
{
    QString label = {};
    std::vector<double> values = {}; ///< one a line, above 0; NaN: missing
    int model = -1;                  ///< look; -1: neutral
};

/// Slope chart: the same things at several models, a thin line each from column to column, and over
/// them the medians, each with its number. The axis is logarithmic, so that equally steep lines are
/// equal ratios. A line with a gap goes on behind it.
class SlopePlot : public PlotView
{
    Q_OBJECT
public:
    explicit SlopePlot(QWidget* parent = nullptr);
    /// @param lines    a name each, as many as every column has values
    void setColumns(std::vector<SlopeColumn> columns, QStringList lines);
    [[nodiscard]] const std::vector<SlopeColumn>& columns() const { return m_columns; }
    void setAxisLabel(const QString& label); ///< what is measured, with its unit

    [[nodiscard]] PlotTable table() const override; ///< a row a line
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override { return {420, 260}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 220}; }

private:
    std::vector<SlopeColumn> m_columns;
    QStringList m_lines;
    QString m_axisLabel;
};

} // namespace signalbox::ui
