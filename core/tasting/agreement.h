// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tone_rating.h"
#include "vote.h"

#include <core/voice/tone.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace signalbox {

enum class RatingScale {
    Nominal, ///< values are names: equal or not
    Ordinal, ///< values are ranks: further apart is worse, by how many ratings lie between
};

/// Krippendorff's alpha: 1 - observed / expected disagreement. 1 is perfect, 0 what chance would
/// give, below 0 systematic disagreement. A unit with fewer than two values says nothing and counts
/// for nothing, which is how missing values are allowed.
/// @param units  the values that raters gave to each unit, in any order
/// @return       nothing if no unit has two values, or all values that count are equal: without
///               variation agreement cannot be told from habit
/// O(values + categories^2). Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability"
/// (2011), sections C and D.
[[nodiscard]] std::optional<double> krippendorffAlpha(std::span<const std::vector<int>> units,
                                                      RatingScale scale);

/// Units by the prompt that they belong to.
using UnitsByPrompt = std::map<PromptId, std::vector<std::vector<int>>>;
/// The same with an interval over prompts; n counts the units with two values or more.
/// @param draws  bootstrap; 0 for none
[[nodiscard]] std::optional<Estimate> krippendorffAlpha(const UnitsByPrompt& units,
                                                        RatingScale scale, std::size_t draws,
                                                        std::uint64_t seed);

/// How far the raters of a blind test agree. Each measure is there only if alpha is defined; its n
/// counts the units that at least two raters judged. Intervals: bootstrap over prompts. Raters are
/// not drawn, for one drawn twice would agree with themselves.
struct RaterAgreement
{
    /// Which answer is best: nominal; a unit is a prompt with the models that were shown. Several
    /// best ones are a value of their own.
    std::optional<Estimate> best = {};
    /// The whole order: ordinal; a unit is one model's place among the models shown for a prompt.
    std::optional<Estimate> places = {};
    /// Two at a time, whatever else was shown: ordinal (worse, as good, better); a unit is a prompt
    /// and two models. The one to trust if raters saw different models.
    std::optional<Estimate> pairs = {};
};

/// @param rankings  each as checkRanking() wants it, of one rater on one prompt at most one
/// @param draws     bootstrap; 0 for none
[[nodiscard]] RaterAgreement raterAgreement(std::span<const Ranking> rankings,
                                            std::size_t draws = 1000, std::uint64_t seed = 1);

/// How far raters hear the same tone on one axis: ordinal; a unit is an answer. Nothing if alpha is
/// not defined; else n and interval as above.
/// @param tasks  each as checkRatings() wants it, of one rater on one prompt at most one
[[nodiscard]] std::optional<Estimate> ratingAgreement(std::span<const RatedTask> tasks,
                                                      std::string_view axis,
                                                      std::size_t draws = 1000,
                                                      std::uint64_t seed = 1);

/// Krippendorff's own limits: conclusions from alpha 0.8, tentative ones from 0.667.
inline constexpr double kReliableAlpha = 0.8;
inline constexpr double kTentativeAlpha = 0.667;
/// "reliable", "tentative", "unreliable" or, of nothing, "unknown".
[[nodiscard]] std::string_view agreementWord(std::optional<double> alpha);

} // namespace signalbox
