// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainterPath>
#include <QPointF>
#include <QRectF>

#include <array>

namespace signalbox::ui {

/// The shape of an edge: from a point to another one at its right, level at both ends.
///
/// What is painted of it is what may be seen: a flow of 300 rules is 80,000 px high, its curves
/// nearly as long, and a painter strokes and dashes all of a path before it looks what is inside
/// its window. A part knows how much of the curve lies before it, so that dashes stay where they
/// are while the flow moves.
class FlowCurve
{
public:
    FlowCurve() = default;
    FlowCurve(QPointF from, QPointF to);

    [[nodiscard]] QRectF bounds() const;
    [[nodiscard]] QPainterPath whole() const; ///< from left to right

    /// Whether it is so level that there is no telling where it passes a height.
    [[nodiscard]] bool isLevel() const;
    /// How far along it is at a height: 0 at or beyond its right end, 1 at or beyond its left one.
    /// Not for a level curve.
    [[nodiscard]] qreal partAtHeight(qreal y) const;
    [[nodiscard]] qreal partAtX(qreal x) const; ///< the same, from right to left
    [[nodiscard]] QPointF pointAt(qreal part) const;

    struct Stretch
    {
        QPainterPath path; ///< from right to left; empty if nothing of the curve is there
        qreal skipped = 0; ///< length of the curve before it, as far as it is known to a pixel
        /// The same in steps along the longer side of each chord: so Qt's painter counts the dashes
        /// of a line that is not wider than a pixel.
        qreal skippedSteps = 0;
    };
    [[nodiscard]] Stretch stretch(qreal fromPart, qreal toPart) const;
    [[nodiscard]] Stretch between(qreal top, qreal bottom) const;

private:
    void skipTo(Stretch& stretch, qreal part) const;

    std::array<QPointF, 4> m_control; ///< from right to left
};

/// An edge that is wide enough to be read: two curves of the same shape, one `width` above the
/// other, so that it is as high everywhere as where it begins and ends.
struct FlowRibbon
{
    FlowCurve upper;
    FlowCurve lower;
    /// What is between them, and between two heights. They have to be further apart than what is to
    /// be seen by the ribbon's width: its outermost part may be missing.
    [[nodiscard]] QPainterPath body(qreal top, qreal bottom) const;
};

} // namespace signalbox::ui
