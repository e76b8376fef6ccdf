// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vote.h"

#include <core/voice/tone.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace signalbox {

/// Two-way bootstrap of votes (the pigeonhole bootstrap; Owen 2007): each draw takes raters and
/// prompts with replacement, independently, and counts a vote by the product of both, so that what
/// the votes of one person, or on one prompt, have in common is not taken for evidence. Rather wide
/// than narrow. With one rater it speaks of the prompts alone. Draw d depends on (seed, d) only.
class RaterBootstrap
{
public:
    RaterBootstrap(const std::vector<std::pair<RaterId, PromptId>>& votes, std::uint64_t seed);

    [[nodiscard]] std::size_t raters() const { return m_raters; }
    [[nodiscard]] std::size_t prompts() const { return m_prompts; }

    /// How often each vote counts in a draw: whole numbers, input order.
    [[nodiscard]] std::vector<double> weights(std::size_t draw) const;

private:
    std::vector<std::pair<std::size_t, std::size_t>> m_votes; ///< (rater, prompt) per vote
    std::size_t m_raters = 0;
    std::size_t m_prompts = 0;
    std::uint64_t m_seed;
};

/// The 95 % percentile interval of draws. A draw in which the measure is not known (NaN) could
/// have been anything from `least` to `most`: it counts as the one for the lower end and as the
/// other for the upper, so that what is seldom known has a wide interval and no made-up one.
[[nodiscard]] Estimate estimateOf(double value, const std::vector<double>& draws, std::size_t n,
                                  double least, double most);

} // namespace signalbox
