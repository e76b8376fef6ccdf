// SPDX-License-Identifier: GPL-3.0-or-later
#include "label_placement.h"

#include <QSizeF>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace signalbox::ui {

bool crosses(const QLineF& line, const QRectF& box)
{
    // Liang and Barsky: the part of the line, as shares of its length, that each side leaves.
    double from = 0;
    double to = 1;
    const auto clip = [&](double step, double distance) {
        if (step == 0)
            return distance >= 0;
        const double share = distance / step;
        if (step < 0)
            from = std::max(from, share);
        else
            to = std::min(to, share);
        return from <= to;
    };
    return clip(-line.dx(), line.x1() - box.left()) && clip(line.dx(), box.right() - line.x1()) &&
           clip(-line.dy(), line.y1() - box.top()) && clip(line.dy(), box.bottom() - line.y1());
}

std::vector<QRectF> placesAround(const QPointF& anchor, qreal radius, const QSizeF& size)
{
    constexpr std::array<double, 6> kGaps = {4, 9, 16, 24, 34, 46};
    constexpr double kDiagonal = 0.7;
    std::vector<QRectF> places;
    const double w = size.width();
    const double h = size.height();
    for (const double gap : kGaps) {
        const double off = radius + gap;
        const double slant = off * kDiagonal;
        const std::array<QPointF, 8> corners = {QPointF(off, -h / 2),
                                                QPointF(-off - w, -h / 2),
                                                QPointF(-w / 2, -off - h),
                                                QPointF(-w / 2, off),
                                                QPointF(slant, -slant - h),
                                                QPointF(slant, slant),
                                                QPointF(-slant - w, -slant - h),
                                                QPointF(-slant - w, slant)};
        for (const QPointF& corner : corners)
            places.emplace_back(anchor + corner, size);
        for (const double share : {0.4, 0.6, 0.2, 0.8}) {
            places.emplace_back(anchor + QPointF(-w * share, -off - h), size);
            places.emplace_back(anchor + QPointF(-w * share, off), size);
        }
    }
    return places;
}

std::vector<std::optional<QRectF>> placeLabels(const std::vector<LabelWish>& wishes,
                                               const std::vector<QRectF>& taken,
                                               const std::vector<AvoidedLine>& lines,
                                               const QRectF& room)
{
    std::vector<QRectF> used = taken;
    std::vector<std::optional<QRectF>> result;
    for (const LabelWish& wish : wishes) {
        std::optional<QRectF> best;
        double bestCost = std::numeric_limits<double>::infinity();
        for (std::size_t rank = 0; rank < wish.places.size(); ++rank) {
            const QRectF& box = wish.places[rank];
            if (static_cast<double>(rank) >= bestCost)
                break;
            if (!room.contains(box) || std::ranges::any_of(used, [&](const QRectF& other) {
                    return other.intersects(box);
                }))
                continue;
            double cost = static_cast<double>(rank);
            for (const AvoidedLine& line : lines)
                cost += crosses(line.line, box) ? line.cost : 0;
            if (cost < bestCost) {
                bestCost = cost;
                best = box;
            }
        }
        if (best)
            used.push_back(*best);
        result.push_back(best);
    }
    return result;
}

std::vector<JoinedLabel> joinedLabels(const std::vector<QPointF>& anchors,
                                      const std::vector<QString>& labels, qreal reach)
{
    std::vector<JoinedLabel> joined;
    for (std::size_t i = 0; i < anchors.size() && i < labels.size(); ++i) {
        const auto near = std::ranges::find_if(joined, [&](const JoinedLabel& other) {
            const QPointF to = anchors[other.members.front()] - anchors[i];
            return std::hypot(to.x(), to.y()) <= reach;
        });
        if (near == joined.end()) {
            joined.push_back({{i}, labels[i]});
        } else {
            near->members.push_back(i);
            near->text += QStringLiteral(", ") + labels[i];
        }
    }
    return joined;
}

} // namespace signalbox::ui
