// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace signalbox::ui {

// Where things stand that share a line in a given order: models below each other, edges along the
// border of a card.

struct SpacedPart
{
    qreal wanted = 0; ///< where its middle would be if it were alone
    qreal size = 0;   ///< along the line
    qreal weight = 1; ///< how much its wish counts against those of its neighbours; above 0
};

/// Middles as near to the wanted ones as the order and `gap` between neighbours allow, within
/// [low, high] if all fit there, else around its middle. Least squares: neighbours that are too
/// near are pooled and share their weighted mean. O(n).
[[nodiscard]] std::vector<qreal> spacedOut(const std::vector<SpacedPart>& parts, qreal gap,
                                           qreal low, qreal high);

/// How far the middle of a part may go.
struct SpacedRange
{
    qreal low = 0;
    qreal high = 0;
};

/// Moves the middles between the first and the last towards even distances, each within its range;
/// one that is outside of it comes no further out. Distances never fall below the least of those
/// that a part had to its neighbours.
/// @param middles  ascending, for parts of the same size
/// @param ranges   one for each middle
[[nodiscard]] std::vector<qreal> evenedOut(std::vector<qreal> middles,
                                           std::vector<SpacedRange> ranges);

} // namespace signalbox::ui
