// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"

#include <ui/kit/spoken_parts.h>

#include <QTransform>

#include <vector>

namespace signalbox::ui {

/// The flow for those who hear it: requests, lanes with their conditions and plans, models, in the
/// words of the outline.
struct SpokenFlow
{
    std::vector<SpokenPart> parts;
    std::vector<PolicySelection> selections; ///< what each part stands for

    /// The part for a selection, or the nearest one that holds it; -1 if there is none.
    [[nodiscard]] int partOf(const PolicySelection& selection) const;
};

/// @param view  from the flow to the widget that shows it
[[nodiscard]] SpokenFlow spokenFlow(const FlowLayout& flow, const PolicyDocument& document,
                                    const PolicySelection& current, const QTransform& view);

} // namespace signalbox::ui
