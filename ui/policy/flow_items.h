// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"
#include "flow_scene.h"

#include <QGraphicsItem>

namespace signalbox::ui {

// The parts of the flow as graphics items. Each draws one struct of the layout, in scene
// coordinates, from theme tokens; none takes the mouse.

/// Below these zooms texts give way, first the small ones, then all.
inline constexpr qreal kFewTextsZoom = 0.5;
inline constexpr qreal kNoTextZoom = 0.28;

/// Opacity of what a tried request did not meet, and of all if it is out of date: names can still
/// be read (4:1 and more).
inline constexpr qreal kDimmed = 0.6;
inline constexpr qreal kOffOpacity = 0.25; ///< of the ways of a rule that is switched off

// What lies above what.
inline constexpr qreal kEdgeZ = 0;
inline constexpr qreal kPartZ = 2;
inline constexpr qreal kGapZ = 3;
inline constexpr qreal kHeadingZ = 3; ///< its line lies on the lanes
inline constexpr qreal kDraggedZ = 10;
inline constexpr qreal kWireZ = 20;

/// How one lane is drawn.
struct FlowLaneLook
{
    PolicySelection selection; ///< only if it is in this lane
    bool marked = false;
    bool hovered = false;
    bool passed = false; ///< the keyboard has come to it without selecting it
    int hoveredNode = -1;
    bool onPort = false;
    bool lit = false;    ///< the tried request was taken here
    bool dimmed = false; ///< a request was tried, and went elsewhere
    bool dragged = false;
    std::vector<std::string> litNodes;    ///< their keys
    std::map<std::string, bool> compares; ///< condition path: did it hold
    bool operator==(const FlowLaneLook&) const = default;
};

class FlowLaneItem final : public QGraphicsItem
{
public:
    void setLane(const FlowLane& lane, std::vector<int> modelOfNode);
    void setLook(FlowLaneLook look);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void paintHead(QPainter& painter, qreal zoom) const;
    void paintChips(QPainter& painter) const;
    void paintPlan(QPainter& painter, qreal zoom) const;
    void paintCall(QPainter& painter, std::size_t index, bool lit, qreal zoom) const;
    void paintCaption(QPainter& painter, std::size_t index, bool lit) const;
    void paintCheck(QPainter& painter, std::size_t index, bool lit) const;

    FlowLane m_lane;
    FlowLaneLook m_look;
    std::vector<int> m_models; ///< per node: index in the document, -1 for none
};

class FlowStationItem final : public QGraphicsItem
{
public:
    void set(const FlowStation& station, bool selected, bool hovered, bool lit, bool dimmed);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    FlowStation m_station;
    bool m_selected = false;
    bool m_hovered = false;
    bool m_lit = false;
    bool m_dimmed = false;
};

class FlowSourceItem final : public QGraphicsItem
{
public:
    void set(const FlowLayout& layout, bool selected);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    QRectF m_rect;
    QString m_title;
    QString m_detail;
    bool m_synthetic = false;
    bool m_selected = false;
};

/// The "+" between two lanes.
class FlowGapItem final : public QGraphicsItem
{
public:
    void set(const FlowGap& gap, bool hovered);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    FlowGap m_gap;
    bool m_hovered = false;
};

/// The line that ties the lanes below a heading together: inside their borders, where no edge
/// comes. @param bottom  of the last one
[[nodiscard]] QRectF flowHeadingLine(const FlowHeading& heading, qreal bottom);

/// The heading over the lanes of a group, with a line along them.
class FlowHeadingItem final : public QGraphicsItem
{
public:
    /// @param bottom  of the last lane
    void set(const FlowHeading& heading, qreal bottom, bool selected, bool dimmed);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    FlowHeading m_heading;
    qreal m_bottom = 0;
    bool m_selected = false;
};

} // namespace signalbox::ui
