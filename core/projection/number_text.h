// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <string>

namespace signalbox {

// Numbers in the engine's English sentences and reports: a decimal point whatever the locale of the
// process, and the digits that an interval can bear.

/// "12.30" for (12.3, 2). "unknown" for NaN, "∞" for infinity.
[[nodiscard]] std::string fixedText(double value, int decimals);
/// "1,234,567".
[[nodiscard]] std::string countText(std::size_t count);

/// How a metric is written: a percentage, USD, seconds (of a value in ms) or a plain number.
enum class MetricUnit { Percent, Usd, Seconds, Points };
[[nodiscard]] MetricUnit unitOf(GateMetric metric);

/// "52.3 %", "$12.45", "1.87 s", "91.2" (consistency times 100).
[[nodiscard]] std::string valueText(double value, MetricUnit unit);
/// A limit that a person chose, without the zeros that would claim precision: "95 %", "2.5 s".
[[nodiscard]] std::string limitValueText(double value, MetricUnit unit);
/// "49.8 to 54.6 %"; the value alone where the interval has no width.
[[nodiscard]] std::string intervalText(const Estimate& estimate, MetricUnit unit);
/// "52.3 % (49.8 to 54.6 %)", or "unknown".
[[nodiscard]] std::string estimateText(const std::optional<Estimate>& estimate, MetricUnit unit);

/// "1 lab prompt", "12 lab prompts".
[[nodiscard]] std::string countOf(std::size_t count, const std::string& one,
                                  const std::string& many);

} // namespace signalbox
