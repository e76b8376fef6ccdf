// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/failure_kind.h>
#include <core/policy/plan.h>

namespace signalbox {

/// What a router makes of a failed call: the name that chains know it by.
[[nodiscard]] AttemptFailure attemptFailureOf(FailureKind kind);

/// Whether a call that failed so before its first word never came to work: the server refused it or
/// was not reached, and bills nothing. Routers' logs say the same: they book 0 for it.
[[nodiscard]] constexpr bool isTurnedAway(AttemptFailure failure)
{
    return failure == AttemptFailure::RateLimit || failure == AttemptFailure::ServerError ||
           failure == AttemptFailure::Connect;
}

} // namespace signalbox
