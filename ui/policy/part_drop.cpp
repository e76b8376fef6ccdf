// SPDX-License-Identifier: GPL-3.0-or-later
#include "part_drop.h"

#include "flow_curve.h"
#include "flow_navigation.h"
#include "plan_edits.h"

#include <QLineF>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

/// How far beside an edge still means it.
constexpr qreal kEdgeReach = 8;
constexpr int kEdgeSamples = 48;

qreal distanceToSegment(QPointF point, const QLineF& segment)
{
    const QPointF along = segment.p2() - segment.p1();
    const qreal length = QPointF::dotProduct(along, along);
    const qreal part =
        length > 0 ? std::clamp(QPointF::dotProduct(point - segment.p1(), along) / length, 0.0, 1.0)
                   : 0;
    return QLineF(point, segment.p1() + part * along).length();
}

qreal distanceTo(const FlowEdge& edge, QPointF point)
{
    const FlowCurve curve(edge.from, edge.to);
    const qreal reach = kEdgeReach + edge.width / 2;
    if (!curve.bounds().adjusted(-reach, -reach, reach, reach).contains(point))
        return reach;
    // A piece of a curve is nearly straight between its samples.
    const QPainterPath near = curve.between(point.y() - reach, point.y() + reach).path;
    qreal nearest = reach;
    for (int i = 0; i < kEdgeSamples && !near.isEmpty(); ++i) {
        const QLineF chord(near.pointAtPercent(static_cast<qreal>(i) / kEdgeSamples),
                           near.pointAtPercent(static_cast<qreal>(i + 1) / kEdgeSamples));
        nearest = std::min(nearest, distanceToSegment(point, chord));
    }
    return std::max(0.0, nearest - edge.width / 2);
}

struct NodePlace
{
    PolicySelection selection;
    QRectF rect;
};

std::optional<NodePlace> nodeAt(const FlowLayout& flow, QPointF point)
{
    const auto placeOf = [&](int lane, int node) -> NodePlace {
        const FlowLane& at = flow.lanes[static_cast<std::size_t>(lane)];
        const FlowNode& part = at.nodes[static_cast<std::size_t>(node)];
        return {at.selectionOf(part), part.pill};
    };
    const FlowHit hit = hitTest(flow, point);
    if (hit.node >= 0)
        return placeOf(hit.lane, hit.node);
    if (hit.lane >= 0 && !flow.lanes[static_cast<std::size_t>(hit.lane)].nodes.empty())
        return placeOf(hit.lane, 0); // anywhere else in the lane: all of its plan
    const FlowEdge* nearest = nullptr;
    qreal distance = kEdgeReach;
    for (const FlowEdge& edge : flow.edges) {
        if (edge.kind != FlowEdge::Kind::Serve && edge.kind != FlowEdge::Kind::Fallback)
            continue;
        if (const qreal here = distanceTo(edge, point); here < distance) {
            distance = here;
            nearest = &edge;
        }
    }
    if (!nearest)
        return std::nullopt;
    return placeOf(nearest->lane, nearest->node);
}

MaybeGesture onNode(FlowPart part, const PolicyDocument& document, const PolicySelection& selection)
{
    switch (part) {
    case FlowPart::Step:
        return addFallback(document, selection);
    case FlowPart::Split:
        return makeSplit(document, selection);
    case FlowPart::Cascade:
        return makeCascade(document, selection);
    case FlowPart::Pool:
        return makePool(document, selection);
    case FlowPart::Rule:
    case FlowPart::Model:
        break;
    }
    return std::nullopt;
}

} // namespace

std::optional<PartDrop> dropOf(FlowPart part, const PolicyDocument& document,
                               const FlowLayout& flow, QPointF point)
{
    MaybeGesture gesture;
    QRectF target;
    if (part == FlowPart::Rule) {
        const auto gap = std::ranges::min_element(flow.gaps, {}, [&](const FlowGap& each) {
            return std::abs(each.rect.center().y() - point.y());
        });
        if (gap == flow.gaps.end())
            return std::nullopt;
        gesture = insertNewRule(document, gap->index);
        target = gap->rect;
    } else if (part == FlowPart::Model) {
        gesture = insertNewModel(document);
        for (const FlowStation& station : flow.stations)
            target = target.united(station.rect);
    } else if (const auto place = nodeAt(flow, point)) {
        gesture = onNode(part, document, place->selection);
        target = place->rect;
    }
    if (!gesture)
        return std::nullopt;
    return PartDrop{*gesture, target};
}

} // namespace signalbox::ui
