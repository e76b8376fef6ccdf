// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vote.h"

#include <core/voice/tone.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// The steps of a rated axis: 1 reads like its low end ("casual"), 5 like its high end ("formal").
inline constexpr int kLowestRating = 1;
inline constexpr int kHighestRating = 5;

/// Where a person hears one answer on one tone axis.
struct ToneRating
{
    ModelId model;
    std::string axis; ///< id, see toneAxes()
    int value = kLowestRating;
    bool operator==(const ToneRating&) const = default;
};

/// What one person says of the tone of the answers to one prompt.
struct RatedTask
{
    RaterId rater;
    PromptId prompt;
    std::vector<ToneRating> ratings; ///< one a model and axis at most
    std::int64_t votedAtMs = 0;      ///< Unix time; 0: not known
    bool operator==(const RatedTask&) const = default;
};

/// InvalidArgument with the first fault in a sentence: no rater or prompt, a rating without a
/// model, of an unknown axis, out of range, or given twice.
[[nodiscard]] Result<void> checkRatings(const RatedTask& task);

/// {"rater", "prompt", "ratings": [{"model", "axis", "value"}], "votedAtMs"}.
[[nodiscard]] Json toJson(const RatedTask& task);
/// ParseError with the JSON path, also of an unknown member; InvalidArgument as checkRatings().
[[nodiscard]] Result<RatedTask> ratedTaskFromJson(const Json& json, const std::string& path = {});

/// One axis in the ears of the raters.
struct RatedAxis
{
    std::string axis;
    /// Mean rating per model, order of `models`; n = ratings. NaN without any. Intervals by
    /// RaterBootstrap.
    std::vector<Estimate> means;
    /// Krippendorff's alpha, ordinal; a unit is an answer. Nothing if it is not defined.
    std::optional<Estimate> agreement = {};
};

/// The axes that somebody rated, in display order.
/// @param tasks  each as checkRatings() wants it, of one rater on one prompt at most one
/// @param draws  bootstrap; 0 for none
[[nodiscard]] std::vector<RatedAxis> ratedAxes(std::span<const RatedTask> tasks,
                                               std::span<const ModelId> models,
                                               std::size_t draws = 1000, std::uint64_t seed = 1);

} // namespace signalbox
