// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_scene.h"

#include "flow_edges.h"
#include "flow_items.h"
#include "policy_paths.h"

#include <ui/kit/theme.h>

#include <QGraphicsPathItem>
#include <QPen>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace signalbox::ui {
namespace {

std::string keyOf(const FlowLane& lane)
{
    switch (lane.kind) {
    case FlowLane::Kind::Holdout:
        return "holdout";
    case FlowLane::Kind::Rule:
        return "rule:" + lane.id;
    case FlowLane::Kind::Otherwise:
        return "otherwise";
    }
    return {};
}

/// Takes the item of a name, or makes one; names that nobody asked for are dropped at the end.
template<class Item> class ItemSync
{
public:
    ItemSync(QGraphicsScene& scene, std::map<std::string, Item*>& items)
        : m_scene(scene), m_items(items), m_old(std::move(items))
    {
        m_items.clear();
    }
    ~ItemSync()
    {
        for (const auto& [key, item] : m_old) {
            m_scene.removeItem(item);
            delete item;
        }
    }
    ItemSync(const ItemSync&) = delete;
    ItemSync& operator=(const ItemSync&) = delete;

    Item& take(const std::string& key)
    {
        Item* item = nullptr;
        if (const auto found = m_old.find(key); found != m_old.end()) {
            item = found->second;
            m_old.erase(found);
        } else {
            item = new Item;
            m_scene.addItem(item);
        }
        m_items[key] = item;
        return *item;
    }

private:
    QGraphicsScene& m_scene;
    std::map<std::string, Item*>& m_items;
    std::map<std::string, Item*> m_old;
};

/// A check lights up with the cascade that the trail goes through.
bool isOnTrail(const FlowTrail& trail, const FlowNode& node)
{
    return node.isOfMargin == trail.isUncertain &&
           std::ranges::find(trail.nodes, node.path) != trail.nodes.end();
}

FlowLaneLook lookOf(const FlowLane& lane, int index, const FlowState& state)
{
    FlowLaneLook look;
    const bool isRule = lane.kind == FlowLane::Kind::Rule;
    if (const PolicySelection own = lane.selection();
        state.selection.kind == own.kind && state.selection.id == own.id)
        look.selection = state.selection;
    look.marked = isRule && state.marked.contains(lane.id);
    look.hovered = state.hover.lane == index;
    look.passed = isRule && state.passed == lane.id;
    look.hoveredNode = look.hovered ? state.hover.node : -1;
    look.onPort = look.hovered && state.hover.part == FlowHit::Part::Port;
    look.dragged = isRule && state.dragged == lane.id;
    look.dimmed = state.stale;
    if (!state.trail)
        return look;
    look.lit = state.trail->lane == lane.selection();
    const bool evaluated = isRule && state.trail->rules.contains(lane.id);
    look.dimmed = look.dimmed || (!look.lit && !evaluated);
    if (look.lit) {
        for (const FlowNode& node : lane.nodes) {
            if (isOnTrail(*state.trail, node))
                look.litNodes.push_back(node.key());
        }
    }
    if (const auto compares = state.trail->compares.find(lane.id);
        isRule && compares != state.trail->compares.end())
        look.compares = compares->second;
    return look;
}

} // namespace

FlowScene::FlowScene(QObject* parent) : QGraphicsScene(parent)
{
    setItemIndexMethod(QGraphicsScene::NoIndex);
    m_source = new FlowSourceItem;
    addItem(m_source);
    m_edges = new FlowEdgesItem;
    addItem(m_edges);
    auto* const wire = new QGraphicsPathItem;
    wire->setZValue(kWireZ);
    wire->hide();
    addItem(wire);
    m_wire = wire;
}

FlowScene::~FlowScene() = default;

void FlowScene::show(FlowLayout layout, FlowState state)
{
    m_layout = std::move(layout);
    m_state = std::move(state);
    setSceneRect(m_layout.bounds);
    takeLanes();
    takeGaps();
    showLanes();
    applyState();
}

void FlowScene::setState(FlowState state)
{
    if (state == m_state)
        return;
    m_state = std::move(state);
    applyState();
}

/// Lanes keep their items wherever they go.
void FlowScene::takeLanes()
{
    std::vector<NamedLane> old = std::exchange(m_lanes, {});
    std::unordered_map<std::string_view, FlowLaneItem**> known;
    for (NamedLane& lane : old)
        known.emplace(lane.key, &lane.item);
    m_lanes.reserve(m_layout.lanes.size());
    for (const FlowLane& lane : m_layout.lanes) {
        NamedLane taken{keyOf(lane), nullptr};
        if (const auto found = known.find(taken.key); found != known.end())
            taken.item = std::exchange(*found->second, nullptr);
        if (!taken.item) {
            taken.item = new FlowLaneItem;
            addItem(taken.item);
        }
        m_lanes.push_back(std::move(taken));
    }
    for (const NamedLane& lane : old)
        delete lane.item;
}

/// One is as good as another.
void FlowScene::takeGaps()
{
    while (m_gaps.size() > m_layout.gaps.size()) {
        delete m_gaps.back();
        m_gaps.pop_back();
    }
    while (m_gaps.size() < m_layout.gaps.size()) {
        m_gaps.push_back(new FlowGapItem);
        addItem(m_gaps.back());
    }
}

void FlowScene::showLanes()
{
    for (std::size_t i = 0; i < m_layout.lanes.size(); ++i) {
        const FlowLane& lane = m_layout.lanes[i];
        std::vector<int> models;
        models.reserve(lane.nodes.size());
        for (const FlowNode& node : lane.nodes) {
            const int station = node.hasEdge() ? m_layout.stationIndexOf(node.model) : -1;
            models.push_back(
                station < 0 ? -1 : m_layout.stations[static_cast<std::size_t>(station)].model);
        }
        m_lanes[i].item->setLane(lane, std::move(models));
    }
}

void FlowScene::applyState()
{
    m_source->set(m_layout, m_state.selection == selectDocument());
    m_source->setOpacity(m_state.stale ? kDimmed : 1);
    lightLanes();
    syncStations();
    syncEdges();
    syncGaps();
    syncHeadings();
    auto* const wire = static_cast<QGraphicsPathItem*>(m_wire);
    wire->setVisible(m_state.wireEnd.has_value());
    if (m_state.wireEnd) {
        wire->setPath(FlowCurve(m_state.wireFrom, *m_state.wireEnd).whole());
        wire->setPen(QPen(Theme::current().colors().accent, 2));
    }
}

void FlowScene::lightLanes()
{
    for (std::size_t i = 0; i < m_layout.lanes.size(); ++i) {
        const FlowLane& lane = m_layout.lanes[i];
        FlowLaneItem& item = *m_lanes[i].item;
        const bool dragged = !m_state.dragged.empty() && m_state.dragged == lane.id;
        item.setPos(0, dragged ? m_state.draggedTop - lane.rect.top() : 0);
        item.setLook(lookOf(lane, static_cast<int>(i), m_state));
    }
}

void FlowScene::syncStations()
{
    ItemSync<FlowStationItem> sync(*this, m_stations);
    for (std::size_t i = 0; i < m_layout.stations.size(); ++i) {
        const FlowStation& station = m_layout.stations[i];
        const bool lit = m_state.trail && m_state.trail->model == station.id;
        sync.take(station.id.value)
            .set(station, m_state.selection == selectModel(station.id),
                 m_state.hover.station == static_cast<int>(i), lit,
                 m_state.stale || (m_state.trail && !lit));
    }
}

bool FlowScene::isLit(const FlowEdge& edge) const
{
    if (!m_state.trail)
        return false;
    const FlowLane& lane = m_layout.lanes[static_cast<std::size_t>(edge.lane)];
    if (m_state.trail->lane != lane.selection())
        return false;
    if (edge.node < 0)
        return true;
    const FlowNode& node = lane.nodes[static_cast<std::size_t>(edge.node)];
    return !m_state.trail->nodes.empty() && node.kind == FlowNode::Kind::Call &&
           node.isOfMargin == m_state.trail->isUncertain &&
           node.path == m_state.trail->nodes.back();
}

void FlowScene::syncEdges()
{
    const int selectedLane = m_layout.laneIndexOf(m_state.selection);
    const int selectedStation = m_state.selection.kind == PolicySelection::Kind::Model
                                    ? m_layout.stationIndexOf(ModelId(m_state.selection.id))
                                    : -1;
    const int draggedLane =
        m_state.dragged.empty() ? -1 : m_layout.laneIndexOf(RuleId(m_state.dragged));
    std::vector<FlowEdgeLook> looks;
    looks.reserve(m_layout.edges.size());
    for (const FlowEdge& edge : m_layout.edges) {
        FlowEdgeLook look;
        if (edge.station >= 0)
            look.model = m_layout.stations[static_cast<std::size_t>(edge.station)].model;
        const bool ofStation = edge.station >= 0 && (m_state.hover.station == edge.station ||
                                                     selectedStation == edge.station);
        look.emphasised = ofStation || m_state.hover.lane == edge.lane || selectedLane == edge.lane;
        look.lit = isLit(edge);
        const bool isDimmed =
            m_state.stale || draggedLane == edge.lane || (m_state.trail && !look.lit);
        const bool isOff = !m_layout.lanes[static_cast<std::size_t>(edge.lane)].enabled;
        if (isOff && !look.emphasised)
            look.opacity = kOffOpacity;
        else if (isOff || isDimmed)
            look.opacity = kDimmed;
        looks.push_back(look);
    }
    m_edges->set(m_layout.edges, std::move(looks));
}

void FlowScene::syncHeadings()
{
    ItemSync<FlowHeadingItem> sync(*this, m_headings);
    for (const FlowHeading& heading : m_layout.headings) {
        const QRectF last = m_layout.lanes[static_cast<std::size_t>(heading.lastLane)].rect;
        sync.take(std::to_string(heading.firstLane))
            .set(heading, last.bottom(), m_state.selection == selectGroup(heading.group),
                 m_state.stale || m_state.trail);
    }
}

void FlowScene::syncGaps()
{
    for (std::size_t i = 0; i < m_gaps.size(); ++i) {
        m_gaps[i]->set(m_layout.gaps[i], m_state.hover.gap == static_cast<int>(i));
        m_gaps[i]->setVisible(m_state.dragged.empty());
    }
}

} // namespace signalbox::ui
