// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_curve.h"
#include "flow_layout.h"

#include <QColor>
#include <QGraphicsItem>
#include <QPen>

#include <functional>
#include <map>
#include <vector>

namespace signalbox::ui {

/// The line of an edge of a kind: solid, dashed or dotted, with dashes as long whatever its width.
[[nodiscard]] QPen edgePen(FlowEdge::Kind kind, const QColor& color, qreal width);

/// @param snap  where a border that belongs at a height is drawn
[[nodiscard]] FlowRibbon flowRibbon(
    const FlowEdge& edge, const std::function<qreal(qreal)>& snap = [](qreal y) { return y; });

/// How one edge is drawn.
struct FlowEdgeLook
{
    int model = -1; ///< index in the document, -1 for none
    bool emphasised = false;
    bool lit = false;  ///< the tried request went along here
    qreal opacity = 1; ///< less if it went elsewhere, the flow is out of date or the rule is off
    bool operator==(const FlowEdgeLook&) const = default;
};

/// All edges of a flow, in the order of the layout, those that are lit above the others.
///
/// They are one item because of what they share. In a flow that is higher than a few windows nearly
/// all of them only pass by, side by side in less room than they have lines: 1,800 in 60 px for 300
/// rules with a chain of six each. In each band of the flow, those of one kind and model that come
/// and go by the same pixels are drawn as one line that is as wide as they are together, so that a
/// frame costs what there is to see, not what there is.
class FlowEdgesItem final : public QGraphicsItem
{
public:
    FlowEdgesItem();
    /// @param looks  one for each edge
    void set(const std::vector<FlowEdge>& edges, std::vector<FlowEdgeLook> looks);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

    /// Lines that the last painting drew, for tests: what a frame costs.
    [[nodiscard]] int linesDrawn() const { return m_linesDrawn; }

private:
    /// What is painted. Bands are counted from the height 0.
    struct Window
    {
        QRectF seen;
        qreal pixel = 1;         ///< size of one of the device in the flow
        qreal pixelInWindow = 1; ///< and in the window; less where a screen has more of them
        qreal band = 0;          ///< height
        int first = 0;
        int count = 0;
        [[nodiscard]] qreal topOf(int index) const { return (first + index) * band; }
    };
    /// By edge: 0 if it is drawn by itself in the band; the width of the line of several if it is
    /// their first one, whose line and dashes they have; less than 0 for the others of them.
    using Band = std::vector<qreal>;
    [[nodiscard]] static Window windowOf(const QPainter& painter, const QRectF& seen);
    [[nodiscard]] Band bundlesIn(qreal top, qreal bottom, qreal pixel) const;
    void paintEdge(QPainter& painter, std::size_t index, const Window& window,
                   const std::vector<const Band*>& bands);
    [[nodiscard]] static FlowCurve::Stretch seenOf(const FlowCurve& curve, qreal top, qreal bottom,
                                                   const Window& window, qreal around);
    void paintLine(QPainter& painter, std::size_t index, qreal width, const Window& window,
                   qreal top, qreal bottom);
    void paintRibbon(QPainter& painter, std::size_t index, const Window& window);
    [[nodiscard]] QColor inkOf(std::size_t index) const;
    [[nodiscard]] bool isQuiet(std::size_t index) const;

    std::vector<FlowEdge> m_edges;
    std::vector<FlowEdgeLook> m_looks;
    std::vector<FlowCurve> m_curves; ///< their middles
    QRectF m_bounds;
    std::map<int, Band> m_bands; ///< by their place in the flow, as far as they were seen
    qreal m_bandsPixel = 0;      ///< that they are for
    int m_linesDrawn = 0;
};

} // namespace signalbox::ui
