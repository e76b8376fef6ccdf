// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "price_book.h"

#include <string>
#include <vector>

namespace signalbox {

/// A price that can be read, but is hardly right. It is not used until a person confirms the entry
/// (ModelPrices::confirmed).
struct PriceDoubt
{
    std::string where;   ///< path inside of the entry: "periods[0].tokens.output"
    std::string message; ///< one sentence
    bool operator==(const PriceDoubt&) const = default;
};

/// No token costs more than this.
inline constexpr Money kHighestTokenPrice = {1'000'000'000}; // 1000 USD per million tokens
/// No request fee is above this.
inline constexpr Money kHighestRequestFee = {10'000'000'000'000}; // 10 USD

/// What is hardly right about an entry, whether it is confirmed or not: a token above 1000 USD per
/// million, a fee above 10 USD, output below 1/100 or above 20 times of input, a cache read above
/// the input, a cache write above 10 times of it, a batch price above the usual one. The bounds are
/// wider than any price that is known to be right (August 2026: output is 1 to 8.4 times of input),
/// and narrow enough for mistakes that catalogues have made (a factor of ten in one price).
[[nodiscard]] std::vector<PriceDoubt> doubtsOf(const ModelPrices& prices);

/// Whether `after` is so far from `before` that somebody has to look: more than ten times as much
/// or as little, or free where it was not, or the other way round.
[[nodiscard]] bool isJump(Money before, Money after);

/// "2.5 USD per million tokens"
[[nodiscard]] std::string perMTokText(Money perToken);

} // namespace signalbox
