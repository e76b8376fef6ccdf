// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>

#include <QByteArray>
#include <QPageSize>

#include <vector>

namespace signalbox::ui {

/// A projection as pages for the meeting where it is decided: the four numbers with intervals, the
/// gates with verdict and reason, the chart of cost and consistency, what happens by tier, segment,
/// rule and model, and what is assumed. Words and numbers are those of the HTML report. Every page
/// has the policy's name, its number, and whether anything in it is simulated. Runs on any thread.
/// @param chart  points of the chart; none: no chart
[[nodiscard]] QByteArray toProjectionPdf(const Projection& projection,
                                         const PolicyDocument& document,
                                         const std::vector<FrontierPoint>& chart,
                                         QPageSize::PageSizeId size);

} // namespace signalbox::ui
