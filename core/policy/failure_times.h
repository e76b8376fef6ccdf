// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inside of the library: how long it takes a plan to fail, as far as its budgets say so.

#include "plan.h"

#include <limits>
#include <vector>

namespace signalbox {

inline constexpr double kNever = std::numeric_limits<double>::infinity();
inline constexpr int kMostRetries = 10;

/// Milliseconds that a call spends on waiting before its retries.
[[nodiscard]] double waitsOf(const Retry& retry);

/// Whether a chain goes on after this failure.
[[nodiscard]] bool leadsOn(const std::vector<AttemptFailure>& on, AttemptFailure failure);

/// When a plan that started at 0 has failed in a way that leads on to the next step, in
/// milliseconds: at the soonest (every failure is known at once) and at the latest (every budget is
/// used in full; kNever without a budget). Waits before retries count in both.
struct FailureTimes
{
    double soonest = kNever;
    double latest = kNever;
};

/// @param on  the failures that lead on
[[nodiscard]] FailureTimes failureTimes(const Plan& plan, const std::vector<AttemptFailure>& on);

} // namespace signalbox
