// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Inside of core/report.
namespace signalbox::report_detail {

/// The one style sheet of a report: what its page is allowed to have beside its text.
[[nodiscard]] std::string_view reportStyle();
/// What the page's own content security policy calls it by: "sha256-…". A test recomputes it.
[[nodiscard]] std::string_view reportStyleHash();

/// Steps of the one hue of the matrix: class "h0" to "h9".
inline constexpr int kHeatSteps = 10;
/// Colours of models: class "m0" to "m7".
inline constexpr int kModelColors = 8;

} // namespace signalbox::report_detail
