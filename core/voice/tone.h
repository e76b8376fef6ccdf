// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_stats.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signalbox {

/// The tone axes of measures.md section 1, in display order.
struct ToneAxis
{
    std::string_view id;                               ///< "formality", "hedging", …
    std::string_view label;                            ///< "Formality"
    std::string_view low;                              ///< what a low value reads like: "casual"
    std::string_view high;                             ///< "formal"
    std::vector<std::pair<std::size_t, int>> features; ///< feature index and sign
};
[[nodiscard]] const std::vector<ToneAxis>& toneAxes();

/// A number with its 95 % interval and how many independent units it rests on.
struct Estimate
{
    double value = 0;
    double low = 0;
    double high = 0;
    std::size_t n = 0;
    bool operator==(const Estimate&) const = default;
};

/// One model's place on one axis over the panel.
struct TonePlace
{
    Estimate t;             ///< 50 + 10 z, clipped to 20..80
    double reliability = 0; ///< split-half at this n, Spearman-Brown corrected; NaN if undefined
    std::size_t promptsNeeded = 0; ///< for reliability 0.6; 0 when reached
    [[nodiscard]] bool isWeak() const { return !(reliability >= 0.6); }
};

/// The answers of several models to the same prompts: rows are prompts present for every model.
/// stats[m][p] is model m's answer to prompt p.
struct VoicePanel
{
    std::vector<std::string> models;
    std::vector<std::string> prompts; ///< ids, byte order
    std::vector<std::vector<AnswerStats>> stats;
};

/// places[m][axis]. Bootstrap over prompts, seeded. Empty panel gives an empty result.
[[nodiscard]] std::vector<std::vector<TonePlace>>
tonePlaces(const VoicePanel& panel, std::size_t draws = 1000, std::uint64_t seed = 1);

/// Paired difference A - B on one axis in T points, with Cohen's d of the paired differences.
struct ToneDifference
{
    Estimate difference;
    double effect = 0; ///< 0.2 small, 0.5 medium, 0.8 large
};
[[nodiscard]] ToneDifference toneDifference(const VoicePanel& panel, std::size_t a, std::size_t b,
                                            std::size_t axis, std::size_t draws = 1000,
                                            std::uint64_t seed = 1);

/// How long two models write, on the same prompts.
struct VerbosityComparison
{
    Estimate pairedRatio; ///< exp(mean ln((W_A+1)/(W_B+1)))
    double ratioOfMeans = 0;
    Estimate shareALonger; ///< share of prompts, ties half
};
[[nodiscard]] VerbosityComparison compareVerbosity(const VoicePanel& panel, std::size_t a,
                                                   std::size_t b, std::size_t draws = 1000,
                                                   std::uint64_t seed = 1);

} // namespace signalbox
