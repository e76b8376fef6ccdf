// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a run would take, in lines for people and in JSON for machines.

#include <core/base/json.h>
#include <core/lab/run_forecast.h>

#include <string>

namespace signalbox::cli {

/// A heading with the sums, and a line for each model that says what its numbers rest on.
[[nodiscard]] std::string linesOf(const RunForecast& forecast);
/// Money in USD, times in seconds; what is not known is null.
[[nodiscard]] Json toJson(const RunForecast& forecast);

} // namespace signalbox::cli
