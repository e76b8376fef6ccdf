// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <core/base/json.h>

#include <string>
#include <vector>

namespace signalbox {

// A projection for people without the workbench (text, HTML) and for machines (JSON). Every number
// comes with its interval and what it rests on; unknown is written as "unknown"; whatever rests on
// the simulator says "simulated".

/// The four numbers with intervals, the gates with verdict and reason, the traffic by tier and
/// segment: what a headless run prints. Plain UTF-8, at most 100 columns, ends with a newline.
[[nodiscard]] std::string toText(const Projection& projection, const PolicyDocument& document);

/// Everything in the projection; unknown numbers are null. Stable member order.
[[nodiscard]] Json toJson(const Projection& projection, const PolicyDocument& document);

/// One self-contained page: no scripts, nothing loaded, all text escaped.
/// @param chart  points for costConsistencySvg(); no chart without them
[[nodiscard]] std::string toHtml(const Projection& projection, const PolicyDocument& document,
                                 const std::vector<FrontierPoint>& chart = {});

} // namespace signalbox
