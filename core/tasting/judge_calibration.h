// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "judgement.h"
#include "tone_rating.h"

#include <core/voice/tone.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// Pairs, or answers, that people and the judge have both judged, from which on their agreement is
/// shown: below, its interval spans most of what could be.
inline constexpr std::size_t kFewestCommon = 30;

/// How far a judge says what the team says, on the pairs that both judged. A vote is what one
/// person said of one pair: better, worse, or as good; a judge's tie, also one that only the order
/// of reading made, is the same as a person's tie and as nothing else. All intervals: bootstrap
/// over prompts.
struct JudgeCalibration
{
    std::size_t common = 0;  ///< pairs with a whole verdict and a vote
    std::size_t missing = 0; ///< of kFewestCommon; 0: there are enough
    std::size_t votes = 0;   ///< of people on these pairs
    Estimate same;           ///< share of votes that the judge gives too; n = votes
    Estimate sameDecided;    ///< of those where both prefer one; n = such votes
    /// Share of two people's votes on one of these pairs that are the same; n = such two.
    Estimate peopleSame;
    /// Cohen's kappa of the judge and the votes taken together, over the three things that can be
    /// said; nothing if chance alone explains everything. n = votes.
    std::optional<Estimate> kappa = {};
    /// Krippendorff's alpha, ordinal: of the judge with each vote, and of people among themselves,
    /// on these pairs.
    std::optional<Estimate> alpha = {};
    std::optional<Estimate> peopleAlpha = {};
    /// How often the longer answer wins, among preferences between answers of different lengths.
    Estimate judgeLonger;  ///< n = pairs
    Estimate peopleLonger; ///< n = votes
    [[nodiscard]] bool isShown() const { return missing == 0 && common > 0; }
};

/// @param votes  of people; of one on one prompt at most one, see newestRankings()
[[nodiscard]] JudgeCalibration calibrateJudge(const Judgement& judgement,
                                              std::span<const Ranking> votes,
                                              const Tasting& tasting, std::size_t draws = 1000,
                                              std::uint64_t seed = 1);

/// How a judge's scores on one axis go with two other opinions: Pearson's correlation of what is
/// left of both after the mean of their prompt is taken off, for the prompt moves all answers to it
/// and nothing is compared on different prompts. n = answers to prompts with two or more; NaN: not
/// defined, as where one of both does not vary.
struct JudgedAxisCalibration
{
    std::string axis;
    Estimate measured; ///< with the measured axis, see toneValues()
    Estimate people;   ///< with the mean of people's ratings of the answer
};

/// By the axes of the judgement.
[[nodiscard]] std::vector<JudgedAxisCalibration>
calibrateTones(const Judgement& judgement, std::span<const RatedTask> ratings,
               const Tasting& tasting, std::size_t draws = 1000, std::uint64_t seed = 1);

} // namespace signalbox
