// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"
#include "policy_paths.h"

#include <core/policy/document.h>

#include <string>
#include <vector>

namespace signalbox::ui {

// The plan of one lane: where its nodes stand and what each of them serves.

inline constexpr qreal kStepIndent = 22; ///< of steps and members
inline constexpr qreal kArmIndent = 50;  ///< of a split's arms
inline constexpr qreal kPartGap = 6;
// What stands beside the words of a check, inside its row.
inline constexpr qreal kCheckTextLeft = 28;
inline constexpr qreal kCheckTextRight = 10;

/// How far the parts of a plan stand behind its own edge; 0 for a call, which has none.
[[nodiscard]] qreal partIndent(const Plan& plan);

/// Calls `visit(call, indent)` for each call of a plan.
template<class Visit> void visitCalls(const Plan& plan, qreal indent, const Visit& visit)
{
    if (const auto* const call = std::get_if<Call>(&plan.node)) {
        visit(*call, indent);
        return;
    }
    for (const Plan& part : partsOf(plan))
        visitCalls(part, indent + partIndent(plan), visit);
}

/// Lays out one plan as pills below each other, the first at y = 0. All pills end at the same right
/// edge, and a plan that is a single call is as far in as the steps of the others.
class PlanLayout
{
public:
    PlanLayout(const FlowMetrics& metrics, qreal left, qreal width, qreal loneCallIndent)
        : m_metrics(metrics), m_left(left), m_right(left + width), m_loneCallIndent(loneCallIndent)
    {}

    [[nodiscard]] std::vector<FlowNode> nodesOf(const Plan& plan);

private:
    /// How a node stands among its siblings.
    struct Place
    {
        std::string path;
        qreal indent = 0;
        QString badge;
        qreal badgeWidth = 0;
        bool fallback = false;
        QString lead;
    };
    /// Appends the node and its parts; returns the bottom of what it added.
    qreal add(const Plan& plan, const Place& place, qreal top);
    [[nodiscard]] QStringList linesOf(const QString& words, qreal room) const;
    qreal addCheck(const Cascade& cascade, const Place& place, qreal top);
    qreal addParts(const Plan& plan, const Place& place, qreal bottom);

    const FlowMetrics& m_metrics;
    qreal m_left;
    qreal m_right;
    qreal m_loneCallIndent;
    std::vector<FlowNode> m_nodes;
};

/// Divides what each model served in a lane among the calls that name it; what the rule's margin
/// claimed among those of the margin's plan. With one such call that is exact. With several, calls
/// that are asked first get at most their nominal part, and the rest was served by those asked after
/// a failure or a rejection.
/// @param margin  the plan of the rule's margin; may be null
void shareOut(const Plan& plan, const Plan* margin, const LaneTraffic& traffic,
              std::vector<FlowNode>& nodes);

} // namespace signalbox::ui
