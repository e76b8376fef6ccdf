// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"
#include "policy_edits.h"

#include <QPointF>
#include <QRectF>

#include <optional>

namespace signalbox::ui {

/// What can be carried from the tool bar to a place on the canvas.
enum class FlowPart { Rule, Model, Step, Split, Cascade, Pool };
inline constexpr int kFlowParts = 6;

/// A part that is let go over the canvas.
struct PartDrop
{
    PolicyGesture gesture;
    QRectF target; ///< what it becomes a part of, scene pixels
};

/// What a part does where it is let go: a rule goes between the lanes that are nearest, a model to
/// the others at the right; all else goes to the plan node there, or to the one whose edge runs
/// there. Nothing where it would change nothing. O(edges).
[[nodiscard]] std::optional<PartDrop> dropOf(FlowPart part, const PolicyDocument& document,
                                             const FlowLayout& flow, QPointF point);

} // namespace signalbox::ui
