// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_curve.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace signalbox::ui {
namespace {

/// Of the way to the right: where the ends of an edge pull it. With less it would have corners,
/// with more it would be steep, and ribbons narrow, in the middle.
constexpr qreal kBend = 0.36;
constexpr qreal kLeastBend = 24;
constexpr qreal kLeastRise = 1e-3;
constexpr int kHalvings = 40; ///< until nobody sees the rest

using Control = std::array<QPointF, 4>;

/// Where the chords end that stand for a curve's length. A high curve turns from level to upright
/// close to its ends, and is straight between them: the chords get shorter towards both.
std::vector<qreal> chordEnds()
{
    constexpr int kShortest = 14; // as a power of 1/2
    constexpr int kChords = 4;    // for each of these
    std::vector<qreal> ends;
    qreal from = 0;
    for (int power = kShortest; power >= 1; --power) {
        const qreal to = std::ldexp(1.0, -power);
        for (int i = 1; i <= kChords; ++i)
            ends.push_back(from + (to - from) * i / kChords);
        from = to;
    }
    for (std::size_t i = ends.size() - 1; i > 0; --i)
        ends.push_back(1 - ends[i - 1]);
    ends.push_back(1);
    return ends;
}

/// The blossom of a cubic curve: its point at t for three equal arguments, and the control points
/// of any part of it for others.
QPointF blossom(const Control& c, qreal a, qreal b, qreal t)
{
    const auto between = [](QPointF from, QPointF to, qreal part) {
        return from + (to - from) * part;
    };
    const QPointF first = between(between(c[0], c[1], a), between(c[1], c[2], a), b);
    const QPointF second = between(between(c[1], c[2], a), between(c[2], c[3], a), b);
    return between(first, second, t);
}

} // namespace

FlowCurve::FlowCurve(QPointF from, QPointF to)
{
    const QPointF bend(std::max(kLeastBend, (to.x() - from.x()) * kBend), 0);
    m_control = {to, to - bend, from + bend, from};
}

QRectF FlowCurve::bounds() const
{
    const auto [left, right] =
        std::minmax({m_control[0].x(), m_control[1].x(), m_control[2].x(), m_control[3].x()});
    const auto [top, bottom] = std::minmax({m_control[0].y(), m_control[3].y()}); // by value
    return {left, top, right - left, bottom - top};
}

QPainterPath FlowCurve::whole() const
{
    QPainterPath path(m_control[3]);
    path.cubicTo(m_control[2], m_control[1], m_control[0]);
    return path;
}

bool FlowCurve::isLevel() const
{
    return std::abs(m_control[3].y() - m_control[0].y()) < kLeastRise;
}

/// As both ends are level, heights go as 3t^2 - 2t^3, which can be solved for t.
qreal FlowCurve::partAtHeight(qreal y) const
{
    const qreal from = m_control[0].y();
    const qreal done = std::clamp<qreal>((y - from) / (m_control[3].y() - from), 0, 1);
    return 0.5 - std::sin(std::asin(1 - 2 * done) / 3);
}

qreal FlowCurve::partAtX(qreal x) const
{
    if (x >= m_control[0].x())
        return 0;
    if (x <= m_control[3].x())
        return 1;
    qreal low = 0;
    qreal high = 1;
    for (int i = 0; i < kHalvings; ++i) {
        const qreal middle = (low + high) / 2;
        (pointAt(middle).x() > x ? low : high) = middle;
    }
    return low;
}

QPointF FlowCurve::pointAt(qreal part) const
{
    return blossom(m_control, part, part, part);
}

void FlowCurve::skipTo(Stretch& stretch, qreal part) const
{
    static const std::vector<qreal> ends = chordEnds();
    QPointF last = m_control[0];
    for (std::size_t i = 0; i < ends.size() && (i == 0 || ends[i - 1] < part); ++i) {
        const QPointF next = pointAt(std::min(part, ends[i]));
        const QPointF chord = next - last;
        stretch.skipped += std::hypot(chord.x(), chord.y());
        stretch.skippedSteps += std::max(std::abs(chord.x()), std::abs(chord.y()));
        last = next;
    }
}

FlowCurve::Stretch FlowCurve::stretch(qreal fromPart, qreal toPart) const
{
    Stretch stretch;
    stretch.path.moveTo(pointAt(fromPart));
    stretch.path.cubicTo(blossom(m_control, fromPart, fromPart, toPart),
                         blossom(m_control, fromPart, toPart, toPart), pointAt(toPart));
    if (fromPart > 0)
        skipTo(stretch, fromPart);
    return stretch;
}

FlowCurve::Stretch FlowCurve::between(qreal top, qreal bottom) const
{
    const qreal right = m_control[0].y();
    const qreal left = m_control[3].y();
    const auto [above, below] = std::minmax({right, left});
    if (below < top || above > bottom)
        return {};
    if (isLevel())
        return stretch(0, 1);
    // The curve only rises or only falls: what may be seen of it is one stretch.
    const bool falls = left > right;
    return stretch(partAtHeight(falls ? top : bottom), partAtHeight(falls ? bottom : top));
}

QPainterPath FlowRibbon::body(qreal top, qreal bottom) const
{
    QPainterPath path = upper.between(top, bottom).path;
    const QPainterPath other = lower.between(top, bottom).path;
    if (path.isEmpty() || other.isEmpty())
        return {};
    path.connectPath(other.toReversed());
    path.closeSubpath();
    return path;
}

} // namespace signalbox::ui
