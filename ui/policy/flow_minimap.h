// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace signalbox::ui {

/// Where a map may lie in a window without covering any of the cards: its top left in the corner
/// where it is now if that is free, else in the first free one from the bottom right on. Nothing if
/// all corners are taken.
[[nodiscard]] std::optional<QPoint> freeCorner(const QRect& window, const QSize& map,
                                               const std::vector<QRect>& cards, const QPoint& now);

/// The whole flow in a corner of the canvas, with the part that is in view; a press or drag moves
/// there. Its owner shows it while not everything is in view and a corner is free.
class FlowMinimap final : public QWidget
{
    Q_OBJECT
public:
    explicit FlowMinimap(QWidget* parent);

    /// @param visible  the part in view, scene coordinates
    /// @return         whether there is something out of view
    bool setFlow(const FlowLayout& layout, const QRectF& visible);
    /// Somebody moves the view with it: it stays where it is.
    [[nodiscard]] bool isHeld() const { return m_held; }

    [[nodiscard]] QPointF mapToScene(const QPointF& position) const;

signals:
    void centerRequested(const QPointF& scenePoint);
    void released();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] qreal scale() const;
    [[nodiscard]] QRectF toWidget(const QRectF& rect) const;

    QRectF m_bounds;
    QRectF m_visible;
    bool m_held = false;
    std::vector<QRectF> m_lanes;
    std::vector<std::pair<QRectF, int>> m_stations;
};

} // namespace signalbox::ui
