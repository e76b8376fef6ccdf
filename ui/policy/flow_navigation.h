// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"

namespace signalbox::ui {

/// What is at a point.
struct FlowHit
{
    enum class Part {
        Nothing,
        Source,
        Lane,
        Grip,
        Toggle,
        Label,
        Chip,
        Node,
        Port,
        Gap,
        Heading,
        Station
    };
    Part part = Part::Nothing;
    int lane = -1;
    int node = -1;
    int chip = -1;
    int station = -1;
    int gap = -1;
    PolicySelection selection; ///< what a click selects; Nothing for a gap
    bool operator==(const FlowHit&) const = default;
};
/// @param slop  how far beside a small target still hits it, in scene pixels
[[nodiscard]] FlowHit hitTest(const FlowLayout& layout, QPointF point, qreal slop = 4);

/// Where a dragged rule lands if its top edge is at `top`: its index after the move.
[[nodiscard]] std::size_t dropIndex(const FlowLayout& layout, const RuleId& rule, qreal top);

/// The order of Tab: requests, lanes, stations.
[[nodiscard]] std::vector<PolicySelection> tabOrder(const FlowLayout& layout);

enum class FlowStep { Up, Down, Left, Right };
/// What an arrow key selects. Up and down stay among lanes and their headings, a lane's nodes, or
/// stations; right goes into a lane: its conditions, its margin, its plans, the model; left comes
/// back out.
[[nodiscard]] PolicySelection neighbour(const FlowLayout& layout, const PolicySelection& from,
                                        FlowStep step);

} // namespace signalbox::ui
