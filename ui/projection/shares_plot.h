// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/plots.h>

#include <QRectF>
#include <QString>

#include <vector>

namespace signalbox::ui {

/// One bar of a SharesPlot.
struct ShareRow
{
    QString title = {}; ///< "Requests"
    std::vector<SharePart> parts = {};
};

/// Who answers: a bar of shares for each row, every part named beneath it, small parts too.
class SharesPlot : public PlotView
{
    Q_OBJECT
public:
    explicit SharesPlot(QWidget* parent = nullptr);
    void setRows(std::vector<ShareRow> rows);

    /// Left ends of labels of these widths that want to start at `wanted` (ascending), pushed apart
    /// by `gap` and kept between `low` and `high`. Empty if they do not fit.
    [[nodiscard]] static std::vector<double> spread(const std::vector<double>& wanted,
                                                    const std::vector<double>& widths, double gap,
                                                    double low, double high);

    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    void renderRow(QPainter& painter, const QRectF& bar, const ShareRow& row) const;
    std::vector<ShareRow> m_rows;
};

} // namespace signalbox::ui
