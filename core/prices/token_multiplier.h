// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace signalbox {

/// One text whose tokens a provider stated and we counted.
struct TokenSample
{
    std::string model;        ///< whose tokenizer it was
    std::int64_t counted = 0; ///< by o200k
    std::int64_t stated = 0;  ///< by the provider
    bool operator==(const TokenSample&) const = default;
};

/// How many tokens a model makes where o200k makes one. 1 until it is learned.
struct TokenMultiplier
{
    double median = 1;
    double lowerQuartile = 1;
    double upperQuartile = 1;
    std::size_t samples = 0; ///< that it was learned from
    bool operator==(const TokenMultiplier&) const = default;
};

/// Fewer samples teach nothing.
inline constexpr std::size_t kFewestTokenSamples = 5;
/// Shorter texts say more of what a chat adds around them than of the tokenizer.
inline constexpr std::int64_t kShortestTokenSample = 32;

/// The median of stated / counted, which half of the samples may be wrong about without moving it
/// far; with its quartiles (linear between neighbours, Hyndman and Fan's type 7). Samples under 32
/// counted tokens, or with a ratio beyond 1/20 to 20, are left out. O(n log n).
[[nodiscard]] TokenMultiplier learnMultiplier(std::span<const TokenSample> samples);

/// The same for each model of the samples; models with too few are absent.
[[nodiscard]] std::map<std::string, TokenMultiplier>
learnMultipliers(std::span<const TokenSample> samples);

} // namespace signalbox
