// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plan_hop.h"

#include <core/policy/plan.h>

#include <string>

namespace signalbox {

// What is said of a plan that is carried out, to whoever watches it.

/// One phrase: "rate limit". The sentence of the failure is for whoever asks the model itself.
[[nodiscard]] std::string phraseOf(AttemptFailure failure);
/// Of a call that a budget stopped: "no word in 0.5 s", "not whole in 12 s".
[[nodiscard]] std::string overrunText(const PlanHop& hop);
/// "palm-2: rate limit; gpt-4 is asked": of all but what is delivered, which may be null.
[[nodiscard]] std::string statusText(const PlanHops& hops, const PlanHop* delivered);
/// The end of a plan without an answer, with what its calls came to. Never worth a repetition by
/// the run: the policy has retries of its own.
[[nodiscard]] StreamFailed failureOf(const PlanHops& hops, const PlanHop* delivered);

} // namespace signalbox
