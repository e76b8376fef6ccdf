// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "spoken_answers.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// An answer that reads as all answers should, whoever wrote it.
struct GoldenAnswer
{
    std::string prompt; ///< id
    std::string author; ///< model id; "" or any other name: somebody else
    std::string text;
    bool operator==(const GoldenAnswer&) const = default;
};

/// How far a model's voice lies from that of the golden answers.
struct TargetDistance
{
    /// Root mean square over the features of the mean difference, model less golden answer to the
    /// same prompt, in standard deviations of all models' answers; what so few answers differ by
    /// chance is taken off. 0: no distance shown; 0.2 small, 0.5 medium, 0.8 large (Cohen 1988).
    /// NaN without a common prompt; under two there is no interval.
    Estimate distance;
    std::vector<VoiceReason> reasons; ///< at most three, largest first; A is the model
    std::size_t own = 0;              ///< golden answers that the model wrote itself
};

/// Per model. Only answers to the same prompt are compared; a golden answer of the model itself is
/// compared with its second answer to that prompt, or left out.
/// @param draws  bootstrap over golden answers
[[nodiscard]] std::vector<TargetDistance> distancesToTarget(const SpokenAnswers& spoken,
                                                            std::span<const GoldenAnswer> golden,
                                                            std::size_t draws = 1000,
                                                            std::uint64_t seed = 1);

} // namespace signalbox
