// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_stats.h"
#include "turn_groups.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signalbox {

/// One term of an axis: a feature, or several of which the largest counts ("opens with a
/// preamble").
struct ToneTerm
{
    std::vector<std::size_t> anyOf; ///< feature indices
    int sign = 1;
};

/// The tone axes of measures.md section 1, in display order. An answer's value on an axis is the
/// mean of its terms' signed z over the panel (VoicePanel::scaleModels()); missing terms are left
/// out.
struct ToneAxis
{
    std::string_view id;    ///< "formality", "hedging", …
    std::string_view label; ///< "Formality"
    std::string_view low;   ///< what a low value reads like: "casual"
    std::string_view high;  ///< "formal"
    std::vector<ToneTerm> terms;
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

/// Bootstrap draws behind what people are shown of voices: the window, a run's report and the
/// command line name the same interval of the same answers.
inline constexpr std::size_t kShownVoiceDraws = 400;

/// "More prompts than this" stands for any number above it.
inline constexpr std::size_t kMostPromptsNeeded = 10'000;

/// One model's place on one axis over the panel.
struct TonePlace
{
    Estimate t; ///< 50 + 10 z, clipped to 20..80
    /// Split-half over prompts at this n, Spearman-Brown corrected: how much of the differences
    /// between the models is theirs. The same for all models on an axis; NaN under two models or
    /// four prompts.
    double reliability = 0;
    std::size_t promptsNeeded = 0; ///< for reliability 0.6; 0 when reached or undefined
    std::string objection;         ///< why more prompts would not help; "" if they would
    [[nodiscard]] bool isWeak() const { return !objection.empty() || !(reliability >= 0.6); }
};

/// The answers of several models to the same prompts: rows are prompts present for every model.
/// stats[m][p] is model m's answer to prompt p.
struct VoicePanel
{
    std::vector<std::string> models;
    std::vector<std::string> prompts; ///< ids, byte order
    std::vector<std::vector<AnswerStats>> stats;
    /// Otherwise only the language-neutral features tell the voices apart, and the axes that count
    /// English words are weak.
    bool isEnglish = true;
    TurnGroups turns = {}; ///< rows that are turns of one conversation
    /// By model, where its answers are the others' own once more, as a policy's are: it is placed
    /// on their scale and takes no part in it. Shorter: the rest are not.
    std::vector<bool> repeats = {};

    /// The models that make the scale: those that repeat no others, or all if that leaves one.
    [[nodiscard]] std::vector<std::size_t> scaleModels() const;
};

/// Whether an axis means something for the panel: in answers that are not English, only one that
/// counts no English words does.
[[nodiscard]] bool isMeaningful(const ToneAxis& axis, const VoicePanel& panel);

/// values[m][p] of each answer on one axis, by place in toneAxes(): the mean signed z of its terms
/// over all answers of the panel; NaN where none of them is known.
[[nodiscard]] std::vector<std::vector<double>> toneValues(const VoicePanel& panel,
                                                          std::size_t axis);

/// places[m][axis]. Bootstrap over prompts, the turns of a conversation together, seeded. Empty
/// panel gives an empty result.
[[nodiscard]] std::vector<std::vector<TonePlace>>
tonePlaces(const VoicePanel& panel, std::size_t draws = 1000, std::uint64_t seed = 1);

/// Paired difference A - B on one axis in T points, with Cohen's d of the paired differences.
struct ToneDifference
{
    /// A d is the difference in units of its own spread from prompt to prompt. Of answers that are
    /// all alike that spread is next to nothing, and any difference looks like hundreds of it.
    static constexpr double kLeastSpread = 1; ///< T points: a tenth of the spread of all answers

    Estimate difference;
    /// 0.2 small, 0.5 medium, 0.8 large; nullopt if the spread is under kLeastSpread.
    std::optional<double> effect = {};
};
[[nodiscard]] ToneDifference toneDifference(const VoicePanel& panel, std::size_t a, std::size_t b,
                                            std::size_t axis, std::size_t draws = 1000,
                                            std::uint64_t seed = 1);

/// What is told as a share of answers or per 100 words, not as an axis.
struct ToneRate
{
    std::string_view id;    ///< "disclaimers", "refusals", "emoji", "firstPerson"
    std::string_view label; ///< "Answers with a disclaimer"
    bool isShare = true;    ///< of answers, 0 to 1; else per 100 words
};
[[nodiscard]] const std::vector<ToneRate>& toneRates();

/// rates[m][rate], with bootstrap intervals over prompts.
[[nodiscard]] std::vector<std::vector<Estimate>>
measureToneRates(const VoicePanel& panel, std::size_t draws = 1000, std::uint64_t seed = 1);

/// How long one model writes, and how much of it is markdown.
struct Verbosity
{
    Estimate words; ///< means per answer
    Estimate sentences;
    Estimate characters;
    double wordsPerSentence = 0; ///< all words over all sentences
    double shareWithList = 0;    ///< of answers
    double shareWithBold = 0;
    double shareWithHeader = 0;
    double listItemsPer100Words = 0;
    double boldPer100Words = 0;
};
[[nodiscard]] Verbosity measureVerbosity(const VoicePanel& panel, std::size_t model,
                                         std::size_t draws = 1000, std::uint64_t seed = 1);

/// How long two models write, on the same prompts.
struct VerbosityComparison
{
    Estimate pairedRatio;    ///< exp(mean ln((W_A+1)/(W_B+1)))
    double ratioOfMeans = 0; ///< NaN if B never writes anything
    Estimate shareALonger;   ///< share of prompts, ties half
};
[[nodiscard]] VerbosityComparison compareVerbosity(const VoicePanel& panel, std::size_t a,
                                                   std::size_t b, std::size_t draws = 1000,
                                                   std::uint64_t seed = 1);
/// The same for any measure of length, such as tokens: lengths[p] >= 0 of the answers to prompt p.
[[nodiscard]] VerbosityComparison compareLengths(std::span<const double> lengthsA,
                                                 std::span<const double> lengthsB,
                                                 std::size_t draws = 1000, std::uint64_t seed = 1,
                                                 const TurnGroups& turns = {});

} // namespace signalbox
