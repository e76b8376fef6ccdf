// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/policy/plan.h>

#include <cstdint>
#include <string_view>

namespace signalbox {

/// Tokens of a text as they are estimated wherever nobody counted them: characters / 4, rounded up.
[[nodiscard]] std::int64_t estimatedTokens(std::string_view text);

/// Tokens that a call sends before the conversation: the model's style guide and the call's own
/// system prompt, which stands in front of it or takes its place.
/// @param ofStyleGuide  tokens of the model's style guide
[[nodiscard]] std::int64_t guideTokens(std::int64_t ofStyleGuide, const Call& call);

} // namespace signalbox
