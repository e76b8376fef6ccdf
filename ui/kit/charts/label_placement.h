// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineF>
#include <QPointF>
#include <QRectF>
#include <QString>

#include <optional>
#include <vector>

/// Where the words of a chart go: arithmetic without a window. All lengths are px in one
/// coordinate system, y downwards.
namespace signalbox::ui {

/// One label and the boxes that would do, best first.
struct LabelWish
{
    std::vector<QRectF> places = {};
    std::vector<QRectF> foreign = {}; ///< in these it would seem to name something else
};

/// A line that labels keep off. `cost` is how many better places a label gives up for not crossing
/// it: see kAvoidCurve and its neighbours.
struct AvoidedLine
{
    QLineF line;
    double cost = 0;
};

inline constexpr double kAvoidThread = 20;    ///< a pale line behind what counts
inline constexpr double kAvoidForeign = 40;   ///< the surroundings of another mark
inline constexpr double kAvoidCurve = 60;     ///< a curve, a trail: a halo makes crossing bearable
inline constexpr double kAvoidGate = 80;      ///< a limit
inline constexpr double kAvoidInterval = 400; ///< an interval: its length must be readable

/// Boxes for the labels in the order given (the important ones first). A label never covers
/// `taken` (marks), another label, or the rim of `room`; among the places left it takes the one
/// whose rank plus the cost of the lines it crosses is least. nullopt: no place is left.
/// O(labels × places × (taken + lines)).
[[nodiscard]] std::vector<std::optional<QRectF>> placeLabels(const std::vector<LabelWish>& wishes,
                                                             const std::vector<QRectF>& taken,
                                                             const std::vector<AvoidedLine>& lines,
                                                             const QRectF& room);

/// Right, left, above, below, between, and shifted along the mark; first close to it, then further
/// and further away.
[[nodiscard]] std::vector<QRectF> placesAround(const QPointF& anchor, qreal radius,
                                               const QSizeF& size);

/// Just above and below a curve that goes from left to right, the flattest stretch first: a box
/// never crosses the curve that it names. Empty for a curve of less than two points.
[[nodiscard]] std::vector<QRectF> placesAlong(const std::vector<QPointF>& curve,
                                              const QSizeF& size);

/// True if any part of the line lies inside the box.
[[nodiscard]] bool crosses(const QLineF& line, const QRectF& box);

/// Labels of marks that lie within `reach` of each other, joined in their order.
struct JoinedLabel
{
    std::vector<std::size_t> members; ///< indices into `anchors`; the last is the anchor
    QString text;                     ///< "r2, r3"; "r5–r7" for three or more in a row
};
[[nodiscard]] std::vector<JoinedLabel>
joinedLabels(const std::vector<QPointF>& anchors, const std::vector<QString>& labels, qreal reach);

} // namespace signalbox::ui
