// SPDX-License-Identifier: GPL-3.0-or-later
#include "label_placement.h"

#include <QSizeF>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox::ui {

namespace {

/// 7 for "r7", nullopt for what is not an r and a number.
std::optional<int> revisionIn(const QString& label)
{
    bool ok = false;
    const int number = QStringView(label).mid(1).toInt(&ok);
    return ok && label.startsWith(QLatin1Char('r')) ? std::optional(number) : std::nullopt;
}

/// "r2, r3", "r1, r5–r7".
QString listed(const std::vector<QString>& labels)
{
    constexpr std::size_t kShortestRun = 3;
    QString text;
    for (std::size_t i = 0; i < labels.size();) {
        std::size_t end = i + 1;
        const std::optional<int> first = revisionIn(labels[i]);
        while (first && end < labels.size() &&
               revisionIn(labels[end]) == *first + static_cast<int>(end - i))
            ++end;
        if (end - i < kShortestRun)
            end = i + 1;
        text += (text.isEmpty() ? QString() : QStringLiteral(", ")) + labels[i];
        if (end > i + 1)
            text += QStringLiteral("\u2013") + labels[end - 1];
        i = end;
    }
    return text;
}

/// Lowest and highest y of the part of a curve over [left, right]; nullopt if none is.
std::optional<std::pair<double, double>> heightsOver(const std::vector<QPointF>& curve, double left,
                                                     double right)
{
    std::optional<std::pair<double, double>> heights;
    const auto take = [&](double y) {
        heights = heights ? std::pair(std::min(heights->first, y), std::max(heights->second, y))
                          : std::pair(y, y);
    };
    for (std::size_t i = 1; i < curve.size(); ++i) {
        const QPointF a = curve[i - 1];
        const QPointF b = curve[i];
        if (b.x() < left || a.x() > right)
            continue;
        const auto at = [&](double x) {
            return b.x() > a.x() ? a.y() + (x - a.x()) / (b.x() - a.x()) * (b.y() - a.y()) : a.y();
        };
        take(at(std::max(left, a.x())));
        take(at(std::min(right, b.x())));
    }
    return heights;
}

} // namespace

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

std::vector<QRectF> placesAlong(const std::vector<QPointF>& curve, const QSizeF& size)
{
    constexpr int kSteps = 24;
    constexpr double kGap = 3; ///< between line and words
    if (curve.size() < 2)
        return {};
    struct Place
    {
        QRectF box;
        double bend = 0; ///< the flatter, the nearer the words lie to the line
    };
    std::vector<Place> places;
    const double first = curve.front().x();
    const double last = std::max(first, curve.back().x() - size.width());
    for (int step = 0; step <= kSteps; ++step) {
        const double left = first + (last - first) * step / kSteps;
        const auto heights = heightsOver(curve, left, left + size.width());
        if (!heights)
            continue;
        const double bend = heights->second - heights->first;
        places.push_back(
            {QRectF(QPointF(left, heights->first - kGap - size.height()), size), bend});
        places.push_back({QRectF(QPointF(left, heights->second + kGap), size), bend});
    }
    std::ranges::stable_sort(places, {}, &Place::bend);
    std::vector<QRectF> boxes;
    for (const Place& place : places)
        boxes.push_back(place.box);
    return boxes;
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
            for (const QRectF& other : wish.foreign)
                cost += other.intersects(box) ? kAvoidForeign : 0;
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
        if (near == joined.end())
            joined.push_back({{i}, {}});
        else
            near->members.push_back(i);
    }
    for (JoinedLabel& label : joined) {
        std::vector<QString> members;
        for (const std::size_t member : label.members)
            members.push_back(labels[member]);
        label.text = listed(members);
    }
    return joined;
}

} // namespace signalbox::ui
