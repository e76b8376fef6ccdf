// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/failure_kind.h>
#include <core/policy/plan.h>

namespace signalbox {

/// What a router makes of a failed call: the name that chains know it by.
[[nodiscard]] AttemptFailure attemptFailureOf(FailureKind kind);

} // namespace signalbox
