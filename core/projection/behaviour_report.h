// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "behaviour_diff.h"

#include <core/base/json.h>

#include <string>

namespace signalbox {

/// What a change of policy does, for people: a sentence, a line for each part of the traffic, the
/// models that answer instead, what is unknown and why. Plain UTF-8, ends with a newline.
[[nodiscard]] std::string toText(const BehaviourDiff& diff);

/// Everything in the comparison; unknown numbers are null. Stable member order.
[[nodiscard]] Json toJson(const BehaviourDiff& diff);

} // namespace signalbox
