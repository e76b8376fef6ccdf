// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_navigation.h"
#include "flow_trail.h"

#include <QGraphicsScene>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace signalbox::ui {

class FlowLaneItem;
class FlowStationItem;
class FlowEdgesItem;
class FlowSourceItem;
class FlowGapItem;
class FlowHeadingItem;

/// What changes how parts of the flow are drawn, beside the layout.
struct FlowState
{
    PolicySelection selection;
    std::set<std::string> marked; ///< rules selected together
    FlowHit hover;
    std::string passed; ///< rule that the keyboard has come to without selecting it
    std::optional<FlowTrail> trail;
    bool stale = false;  ///< the document behind it has moved on, but cannot be read
    std::string dragged; ///< rule that is being moved
    qreal draggedTop = 0;
    std::optional<QPointF> wireEnd; ///< end of an edge that is being pulled from `wireFrom`
    QPointF wireFrom;
    bool operator==(const FlowState&) const = default;
};

/// Draws a FlowLayout. Items mirror lanes and models by name and gaps by their order, and one is
/// for all edges; they come and go with the layout, and hold nothing that could not be made again.
/// Gestures are the view's. What did not change costs a comparison: in a drag there are hundreds of
/// lanes and thousands of edges, of which a few move.
class FlowScene final : public QGraphicsScene
{
    Q_OBJECT
public:
    explicit FlowScene(QObject* parent = nullptr);
    ~FlowScene() override;

    void setLayout(FlowLayout layout) { show(std::move(layout), m_state); }
    [[nodiscard]] const FlowLayout& flow() const { return m_layout; }

    void setState(FlowState state);
    /// Both at once.
    void show(FlowLayout layout, FlowState state);
    [[nodiscard]] const FlowState& state() const { return m_state; }

    /// Number of items by kind, for tests: they must follow the document.
    [[nodiscard]] std::size_t laneItemCount() const { return m_lanes.size(); }

private:
    struct NamedLane
    {
        std::string key;
        FlowLaneItem* item = nullptr;
    };
    void takeLanes();
    void takeGaps();
    void showLanes();
    void syncStations();
    void syncEdges();
    void syncGaps();
    void syncHeadings();
    void applyState();
    void lightLanes();
    [[nodiscard]] bool isLit(const FlowEdge& edge) const;

    FlowLayout m_layout;
    FlowState m_state;
    FlowSourceItem* m_source = nullptr;
    QGraphicsItem* m_wire = nullptr;
    FlowEdgesItem* m_edges = nullptr;
    std::vector<NamedLane> m_lanes; ///< these two as in the layout
    std::vector<FlowGapItem*> m_gaps;
    std::map<std::string, FlowStationItem*> m_stations;
    std::map<std::string, FlowHeadingItem*> m_headings; ///< by first lane
};

} // namespace signalbox::ui
