// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "token_multiplier.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace signalbox {

/// The number of tokens of a text under o200k_base, the byte-pair encoding of OpenAI's models since
/// GPT-4o: exactly what tiktoken counts for ordinary text (names of special tokens are text).
/// Ill-formed UTF-8 counts as U+FFFD. For models of other makers, and for what a chat adds around a
/// text, see estimateTokens. O(n log n) at worst: about 20 MB/s on English prose, 1 MB/s on one
/// word without an end. The first call reads the tokens (TokenData::get). From any thread.
[[nodiscard]] std::int64_t countO200kTokens(std::string_view text);

/// The tokens themselves, by rank; for tests and for showing how a text is cut.
[[nodiscard]] std::vector<std::uint32_t> o200kTokens(std::string_view text);

/// How many tokens a model takes a text for. Only the provider knows; this is a guess with a range.
struct TokenEstimate
{
    std::int64_t tokens = 0;
    std::int64_t low = 0;        ///< by the quartiles of what the multiplier was learned from
    std::int64_t high = 0;       ///< the same as `tokens` without any
    bool isEstimated = true;     ///< false only for numbers that a provider stated
    std::size_t learnedFrom = 0; ///< answers behind the multiplier; 0: none
    bool operator==(const TokenEstimate&) const = default;
};

[[nodiscard]] TokenEstimate estimateTokens(std::string_view text,
                                           const TokenMultiplier& multiplier = {});
/// The same for a text whose o200k count is known.
[[nodiscard]] TokenEstimate estimateTokens(std::int64_t counted, const TokenMultiplier& multiplier);
/// A number that the provider stated, in the same form.
[[nodiscard]] TokenEstimate statedTokens(std::int64_t tokens);

} // namespace signalbox
