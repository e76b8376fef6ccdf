// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"

#include <QWidget>

namespace signalbox::ui {

/// The whole flow in a corner of the canvas, with the part that is in view; a press or drag moves
/// there. Shown only while not everything is in view.
class FlowMinimap final : public QWidget
{
    Q_OBJECT
public:
    explicit FlowMinimap(QWidget* parent);

    /// @param visible  the part in view, scene coordinates
    void show(const FlowLayout& layout, const QRectF& visible);

    [[nodiscard]] QPointF mapToScene(const QPointF& position) const;

signals:
    void centerRequested(const QPointF& scenePoint);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] qreal scale() const;
    [[nodiscard]] QRectF toWidget(const QRectF& rect) const;

    QRectF m_bounds;
    QRectF m_visible;
    std::vector<QRectF> m_lanes;
    std::vector<std::pair<QRectF, int>> m_stations;
};

} // namespace signalbox::ui
