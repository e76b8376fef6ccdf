// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frontier.h"

#include <core/base/json.h>

#include <string>
#include <vector>

namespace signalbox {

/// One setting of a choice against the policy as it is.
struct TurnedKnob
{
    std::string rule; ///< id; "otherwise", or "policy" for the policy as a whole
    std::string what; ///< "difficulty at least"
    std::string from; ///< "4.5"
    std::string to;
    bool operator==(const TurnedKnob&) const = default;
};

/// What a choice turns, in the order of the policy. None for what was not found by the search.
[[nodiscard]] std::vector<TurnedKnob> turnedBy(const Frontier& frontier,
                                               const FrontierChoice& choice);

/// "simple: model palm-2 -> gpt-3.5-turbo".
[[nodiscard]] std::string textOf(const TurnedKnob& turned);

/// The points with their intervals, what each changes, the present policy and the single models
/// beside them, the optimism, the measures of the literature, the assumptions. Plain UTF-8, at most
/// 100 columns where names allow, ends with a newline.
[[nodiscard]] std::string toText(const Frontier& frontier);

/// A choice against the policy as it is, on the report half: what it turns, what that does to the
/// four numbers, and each gate whose verdict changes or that is still open, with the reason. Ends
/// with a newline.
[[nodiscard]] std::string adoptionText(const Frontier& frontier, const FrontierChoice& choice);

/// Everything; unknown numbers are null. Stable member order.
[[nodiscard]] Json toJson(const Frontier& frontier);

} // namespace signalbox
