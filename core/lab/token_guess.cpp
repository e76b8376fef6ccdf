// SPDX-License-Identifier: GPL-3.0-or-later
#include "token_guess.h"

#include <core/prices/token_counter.h>

namespace signalbox {

namespace {

constexpr std::int64_t kTokensBeforeAnswer = 3; ///< as kTokensAroundMessage

} // namespace

TokenMultiplier tokenizerOf(const Tokenizers& tokenizers, const ModelId& model)
{
    const auto found = tokenizers.find(model);
    return found == tokenizers.end() ? TokenMultiplier() : found->second;
}

std::int64_t countedTokensOf(const std::vector<Message>& messages)
{
    std::int64_t tokens = 0;
    for (const Message& message : messages)
        tokens += countO200kTokens(message.text);
    return tokens;
}

std::int64_t tokensAround(std::size_t messages)
{
    return static_cast<std::int64_t>(messages) * kTokensAroundMessage + kTokensBeforeAnswer;
}

std::int64_t guessedInputTokens(const std::vector<Message>& messages, std::string_view styleGuide,
                                const TokenMultiplier& tokenizer)
{
    const std::int64_t counted = countedTokensOf(messages) + countO200kTokens(styleGuide);
    return estimateTokens(counted, tokenizer).tokens +
           tokensAround(messages.size() + (styleGuide.empty() ? 0 : 1));
}

std::int64_t guessedOutputTokens(std::string_view text, std::string_view reasoning,
                                 const TokenMultiplier& tokenizer)
{
    return estimateTokens(countO200kTokens(text) + countO200kTokens(reasoning), tokenizer).tokens;
}

} // namespace signalbox
