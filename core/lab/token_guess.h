// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/ids.h>
#include <core/policy/request.h>
#include <core/prices/token_multiplier.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace signalbox {

// Tokens that no server counted: those of o200k, by what the model's tokenizer was seen to make of
// them. Guesses, and to be marked as such.

/// Learned multipliers by model. A model that is absent counts as o200k does.
using Tokenizers = std::map<ModelId, TokenMultiplier>;
[[nodiscard]] TokenMultiplier tokenizerOf(const Tokenizers& tokenizers, const ModelId& model);

/// o200k tokens of what the messages say.
[[nodiscard]] std::int64_t countedTokensOf(const std::vector<Message>& messages);
/// What a chat adds around each message. Source: OpenAI's cookbook, "How to count tokens with
/// tiktoken": three a message and three before the answer; others differ.
inline constexpr std::int64_t kTokensAroundMessage = 3;
/// Around so many messages and before the answer.
[[nodiscard]] std::int64_t tokensAround(std::size_t messages);

/// Of a call: its messages, the style guide that goes with them, and what stands around them.
[[nodiscard]] std::int64_t guessedInputTokens(const std::vector<Message>& messages,
                                              std::string_view styleGuide,
                                              const TokenMultiplier& tokenizer);
/// Of a text that a model wrote, reasoning included.
[[nodiscard]] std::int64_t guessedOutputTokens(std::string_view text, std::string_view reasoning,
                                               const TokenMultiplier& tokenizer);

} // namespace signalbox
