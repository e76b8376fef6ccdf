// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_curve.h"

#include <QLineF>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

/// Of the way to the right: where the ends of an edge pull it. With less it would have corners,
/// with more it would be steep, and ribbons narrow, in the middle.
constexpr qreal kBend = 0.36;
constexpr qreal kLeastBend = 24;
/// A piece is at most half as high again as this.
constexpr qreal kPieceHeight = 400;
constexpr int kMostPieces = 1'000;
/// Chords that stand for a piece's length: within a thousandth of it.
constexpr int kChords = 8;

using Control = std::array<QPointF, 4>;

/// The blossom of a cubic curve: its point at t for three equal arguments, and the control points of
/// any part of it for others.
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
    const qreal pieces = std::ceil(std::abs(to.y() - from.y()) / kPieceHeight);
    m_pieces = static_cast<int>(std::clamp<qreal>(pieces, 1, kMostPieces));
}

QRectF FlowCurve::bounds() const
{
    const auto [left, right] = std::minmax({m_control[0].x(), m_control[1].x(), m_control[2].x(),
                                            m_control[3].x()});
    const auto [top, bottom] = std::minmax({m_control[0].y(), m_control[3].y()}); // by value
    return {left, top, right - left, bottom - top};
}

QPainterPath FlowCurve::whole() const
{
    QPainterPath path(m_control[3]);
    path.cubicTo(m_control[2], m_control[1], m_control[0]);
    return path;
}

std::array<QPointF, 4> FlowCurve::piece(int index) const
{
    if (m_pieces == 1)
        return m_control;
    const qreal a = static_cast<qreal>(index) / m_pieces;
    const qreal b = static_cast<qreal>(index + 1) / m_pieces;
    return {blossom(m_control, a, a, a), blossom(m_control, a, a, b), blossom(m_control, a, b, b),
            blossom(m_control, b, b, b)};
}

qreal FlowCurve::lengthOf(int pieces) const
{
    qreal length = 0;
    QPointF last = m_control[0];
    for (int i = 1; i <= pieces * kChords; ++i) {
        const qreal t = static_cast<qreal>(i) / (m_pieces * kChords);
        const QPointF next = blossom(m_control, t, t, t);
        length += QLineF(last, next).length();
        last = next;
    }
    return length;
}

FlowCurve::Stretch FlowCurve::between(qreal top, qreal bottom) const
{
    Stretch stretch;
    // The curve only rises or only falls: what may be seen of it is one run of pieces.
    int first = -1;
    for (int i = 0; i < m_pieces; ++i) {
        const Control control = piece(i);
        const auto [above, below] = std::minmax({control[0].y(), control[3].y()});
        if (below < top || above > bottom) {
            if (first >= 0)
                break;
            continue;
        }
        if (first < 0) {
            first = i;
            stretch.path.moveTo(control[0]);
        }
        stretch.path.cubicTo(control[1], control[2], control[3]);
    }
    if (first > 0)
        stretch.skipped = lengthOf(first);
    return stretch;
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
