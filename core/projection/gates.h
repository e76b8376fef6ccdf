// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What a gate is held against: one part of the traffic.
struct GateSubject
{
    std::string name; ///< "" for the total
    std::optional<Estimate> estimate;
    std::size_t prompts = 0; ///< lab prompts behind it
    /// Why the estimate must not decide, e.g. voices compared on too few prompts; "" if it may.
    std::string objection;
};

/// The better end of the interval misses: not met. The worse end holds: met. Else, or with an
/// objection, or with nothing known: not shown by the data.
[[nodiscard]] GateResult judge(const Gate& gate, const GateSubject& subject);

[[nodiscard]] bool holds(const Gate& gate, double value); ///< false for NaN

/// Worst first: not met, not shown, met; within one by distance of the value to the limit.
void sortWorstFirst(std::vector<GateResult>& results);

[[nodiscard]] std::optional<Estimate> metricOf(const Projection& projection, GateMetric metric);
[[nodiscard]] std::optional<Estimate> metricOf(const ProjectionSlice& slice, GateMetric metric);

/// "Cost saving, at least 40.0 %".
[[nodiscard]] std::string gateText(const Gate& gate);

} // namespace signalbox
