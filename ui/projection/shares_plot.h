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

/// Who answers: a bar of shares for each row. A part says its name in itself or, where it is too
/// small for that, beneath, tied to it by a thread.
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

    /// Where everything stands; a value, so that a test can ask.
    struct Geometry
    {
        struct Part
        {
            QRectF segment;
            QString text;
            QRectF label; ///< with the model's mark at its left end; empty: no room
            bool isInside = false;
            std::vector<QPointF> leader; ///< from the segment to a label beneath
        };
        struct Row
        {
            QRectF title;
            QRectF bar;
            std::vector<Part> parts;
        };
        std::vector<Row> rows;
    };
    [[nodiscard]] Geometry geometryIn(const QRectF& rect) const;

    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    [[nodiscard]] std::vector<Geometry::Part> partsIn(const QRectF& bar, const ShareRow& row) const;
    static void placeBeneath(std::vector<Geometry::Part>& parts, const QRectF& bar);
    static void renderPart(QPainter& painter, const Geometry::Part& part, int model);
    std::vector<ShareRow> m_rows;
};

} // namespace signalbox::ui
