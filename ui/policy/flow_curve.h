// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QRectF>

#include <array>

namespace signalbox::ui {

/// The shape of an edge: from a point to another one at its right, level at both ends.
///
/// It is painted in pieces, and only those that may be seen: a flow of 300 rules is 60,000 px high,
/// its curves nearly as long, and a painter strokes and dashes all of a path before it looks what is
/// inside its window. The pieces of a curve are always the same ones, so that dashes stay where they
/// are while the flow moves.
class FlowCurve
{
public:
    FlowCurve() = default;
    FlowCurve(QPointF from, QPointF to);

    [[nodiscard]] QRectF bounds() const;
    [[nodiscard]] QPainterPath whole() const; ///< from left to right

    struct Stretch
    {
        QPainterPath path;  ///< empty if nothing of the curve is there
        qreal skipped = 0; ///< length of the curve before it, as far as it is known to a pixel
    };
    /// Its pieces between two heights, from right to left.
    [[nodiscard]] Stretch between(qreal top, qreal bottom) const;

private:
    [[nodiscard]] std::array<QPointF, 4> piece(int index) const;
    [[nodiscard]] qreal lengthOf(int pieces) const;

    std::array<QPointF, 4> m_control; ///< from right to left
    int m_pieces = 1;
};

/// An edge that is wide enough to be read: two curves of the same shape, one `width` above the
/// other, so that it is as high everywhere as where it begins and ends.
struct FlowRibbon
{
    FlowCurve upper;
    FlowCurve lower;
    /// What is between them, from one height to another.
    [[nodiscard]] QPainterPath body(qreal top, qreal bottom) const;
};

} // namespace signalbox::ui
