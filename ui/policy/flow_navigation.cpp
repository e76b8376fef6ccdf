// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_navigation.h"

#include "policy_paths.h"

#include <algorithm>

namespace signalbox::ui {
namespace {

bool near(const QRectF& rect, QPointF point, qreal slop)
{
    return !rect.isNull() && rect.adjusted(-slop, -slop, slop, slop).contains(point);
}

/// A port sits on its lane's border: half of it is outside.
bool isOnPort(const FlowNode& node, QPointF point)
{
    return node.kind == FlowNode::Kind::Call &&
           QRectF(node.port() - QPointF(10, 10), QSizeF(20, 20)).contains(point);
}

/// What is at a point of a lane, or of one of its ports.
FlowHit hitInLane(const FlowLane& lane, int index, QPointF point, qreal slop)
{
    FlowHit hit;
    hit.lane = index;
    hit.selection = lane.selection();
    for (std::size_t i = 0; i < lane.chips.size(); ++i) {
        if (lane.chips[i].rect.contains(point)) {
            hit.part = FlowHit::Part::Chip;
            hit.chip = static_cast<int>(i);
            hit.selection = lane.selectionOf(lane.chips[i]);
            return hit;
        }
    }
    // From the deepest node outwards: nodes are in pre-order.
    for (std::size_t i = lane.nodes.size(); i-- > 0;) {
        const FlowNode& node = lane.nodes[i];
        const bool onPort = isOnPort(node, point);
        if (onPort || node.rect.contains(point) || near(node.badge, point, 0)) {
            hit.part = onPort ? FlowHit::Part::Port : FlowHit::Part::Node;
            hit.node = static_cast<int>(i);
            hit.selection = lane.selectionOf(node);
            return hit;
        }
    }
    hit.part = near(lane.toggle, point, slop) ? FlowHit::Part::Toggle
               : near(lane.grip, point, slop) ? FlowHit::Part::Grip
               : lane.label.contains(point)   ? FlowHit::Part::Label
                                              : FlowHit::Part::Lane;
    return hit;
}

/// The selections inside a lane from left to right: the lane, its conditions, its plan's nodes.
std::vector<PolicySelection> partsOf(const FlowLane& lane)
{
    std::vector<PolicySelection> parts{lane.selection()};
    for (const FlowChip& chip : lane.chips) {
        if (chip.kind != ConditionChip::Kind::Word)
            parts.push_back(lane.selectionOf(chip));
    }
    for (const FlowNode& node : lane.nodes) {
        const PolicySelection selection = lane.selectionOf(node);
        if (selection != lane.selection() && node.kind != FlowNode::Kind::Check)
            parts.push_back(selection);
    }
    return parts;
}

/// Up from a heading is the lane above it, down its first lane.
PolicySelection stepFromHeading(const FlowLayout& layout, const FlowHeading& heading, int delta)
{
    const int lane = heading.firstLane - (delta < 0 ? 1 : 0);
    return lane < 0 ? selectGroup(heading.group)
                    : layout.lanes[static_cast<std::size_t>(lane)].selection();
}

PolicySelection stepVertically(const FlowLayout& layout, const PolicySelection& from, int delta)
{
    if (from.kind == PolicySelection::Kind::Model) {
        const int index = layout.stationIndexOf(ModelId(from.id)) + delta;
        return index >= 0 && index < static_cast<int>(layout.stations.size())
                   ? selectModel(layout.stations[static_cast<std::size_t>(index)].id)
                   : from;
    }
    if (const FlowHeading* const heading = layout.headingOf(from))
        return stepFromHeading(layout, *heading, delta);
    const int lane = layout.laneIndexOf(from);
    if (lane < 0)
        return layout.lanes.empty() ? from : layout.lanes.front().selection();
    const FlowLane& here = layout.lanes[static_cast<std::size_t>(lane)];
    std::vector<PolicySelection> nodes;
    for (const FlowNode& node : here.nodes) {
        if (node.kind != FlowNode::Kind::Check)
            nodes.push_back(here.selectionOf(node));
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i] != from || from == here.selection())
            continue;
        const auto next = static_cast<std::ptrdiff_t>(i) + delta;
        if (next >= 0 && next < static_cast<std::ptrdiff_t>(nodes.size()))
            return nodes[static_cast<std::size_t>(next)];
    }
    if (const FlowHeading* const heading = delta < 0 ? layout.headingAbove(lane) : nullptr)
        return selectGroup(heading->group);
    const int target = lane + delta;
    if (const FlowHeading* const heading = delta > 0 ? layout.headingAbove(target) : nullptr)
        return selectGroup(heading->group);
    return target >= 0 && target < static_cast<int>(layout.lanes.size())
               ? layout.lanes[static_cast<std::size_t>(target)].selection()
               : from;
}

} // namespace

FlowHit hitTest(const FlowLayout& layout, QPointF point, qreal slop)
{
    FlowHit hit;
    for (std::size_t i = 0; i < layout.stations.size(); ++i) {
        if (layout.stations[i].rect.contains(point)) {
            hit.part = FlowHit::Part::Station;
            hit.station = static_cast<int>(i);
            hit.selection = selectModel(layout.stations[i].id);
            return hit;
        }
    }
    for (std::size_t i = 0; i < layout.lanes.size(); ++i) {
        const FlowLane& lane = layout.lanes[i];
        const bool onPort =
            std::any_of(lane.nodes.begin(), lane.nodes.end(),
                        [&](const FlowNode& node) { return isOnPort(node, point); });
        if (onPort || lane.rect.contains(point))
            return hitInLane(layout.lanes[i], static_cast<int>(i), point, slop);
    }
    for (const FlowHeading& heading : layout.headings) {
        if (heading.rect.contains(point)) {
            hit.part = FlowHit::Part::Heading;
            hit.selection = selectGroup(heading.group);
            return hit;
        }
    }
    for (std::size_t i = 0; i < layout.gaps.size(); ++i) {
        if (layout.gaps[i].target().contains(point)) {
            hit.part = FlowHit::Part::Gap;
            hit.gap = static_cast<int>(i);
            return hit;
        }
    }
    if (layout.source.contains(point)) {
        hit.part = FlowHit::Part::Source;
        hit.selection = selectDocument();
    }
    return hit;
}

std::size_t dropIndex(const FlowLayout& layout, const RuleId& rule, qreal top)
{
    const int dragged = layout.laneIndexOf(rule);
    if (dragged < 0)
        return 0;
    const qreal height = layout.lanes[static_cast<std::size_t>(dragged)].rect.height();
    std::size_t index = 0;
    for (std::size_t i = 0; i < layout.lanes.size(); ++i) {
        const FlowLane& lane = layout.lanes[i];
        if (lane.kind != FlowLane::Kind::Rule || static_cast<int>(i) == dragged)
            continue;
        // A lane below is passed when the dragged bottom crosses its middle, one above when the
        // dragged top does.
        const qreal edge = static_cast<int>(i) > dragged ? top + height : top;
        if (edge > lane.rect.center().y())
            ++index;
    }
    return index;
}

std::vector<PolicySelection> tabOrder(const FlowLayout& layout)
{
    std::vector<PolicySelection> order{selectDocument()};
    for (std::size_t i = 0; i < layout.lanes.size(); ++i) {
        if (const FlowHeading* const heading = layout.headingAbove(static_cast<int>(i)))
            order.push_back(selectGroup(heading->group));
        order.push_back(layout.lanes[i].selection());
    }
    for (const FlowStation& station : layout.stations) {
        if (station.model >= 0)
            order.push_back(selectModel(station.id));
    }
    return order;
}

PolicySelection neighbour(const FlowLayout& layout, const PolicySelection& from, FlowStep step)
{
    if (step == FlowStep::Up || step == FlowStep::Down)
        return stepVertically(layout, from, step == FlowStep::Down ? 1 : -1);
    const bool right = step == FlowStep::Right;
    if (from.kind == PolicySelection::Kind::Model) {
        if (right)
            return from;
        // Back to the first lane that asks the model.
        for (const FlowEdge& edge : layout.edges) {
            if (edge.station >= 0 && edge.station == layout.stationIndexOf(ModelId(from.id))) {
                const FlowLane& lane = layout.lanes[static_cast<std::size_t>(edge.lane)];
                return lane.selectionOf(lane.nodes[static_cast<std::size_t>(edge.node)]);
            }
        }
        return from;
    }
    if (const FlowHeading* const heading = layout.headingOf(from))
        return right ? stepFromHeading(layout, *heading, 1) : selectDocument();
    const int index = layout.laneIndexOf(from);
    if (index < 0)
        return right && !layout.lanes.empty() ? layout.lanes.front().selection() : from;
    const FlowLane& lane = layout.lanes[static_cast<std::size_t>(index)];
    const std::vector<PolicySelection> parts = partsOf(lane);
    const auto here = std::find(parts.begin(), parts.end(), from);
    if (here == parts.end())
        return lane.selection();
    if (!right)
        return here == parts.begin() ? selectDocument() : *(here - 1);
    if (here + 1 != parts.end())
        return *(here + 1);
    return selectModel(lane.nodes.back().model);
}

} // namespace signalbox::ui
