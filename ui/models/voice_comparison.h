// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>
#include <core/voice/spoken_answers.h>
#include <core/voice/target_voice.h>
#include <core/voice/tone.h>
#include <core/voice/voice_distance.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace signalbox::ui {

/// Tokens of a model's answers as they were billed, reasoning included.
struct AnswerTokens
{
    double mean = 0;          ///< per answer; NaN: unknown of all
    std::size_t n = 0;        ///< answers that say it
    bool isEstimated = false; ///< of some of them
};

/// How the voices of several models compare on the prompts that all of them answered. A model that
/// answered less than half as many as the fullest one takes no prompts away from the others: it is
/// compared pair by pair, and what one panel alone can tell of it is unknown (NaN). A value, made
/// off the GUI thread.
struct VoiceComparison
{
    std::vector<ModelId> models;
    std::vector<PromptId> prompts;               ///< common ones
    std::vector<std::vector<std::string>> texts; ///< [model][prompt], for telling pairs; "": silent
    std::vector<std::vector<double>> words;      ///< [model], of those prompts that it answered
    std::vector<std::vector<double>> lengths;    ///< [model][prompt] words; NaN: silent
    std::vector<Verbosity> measures;             ///< [model] means per answer
    std::vector<AnswerTokens> tokens;            ///< [model] means per answer
    std::vector<std::vector<Estimate>> rates;    ///< [model][rate of toneRates()]
    std::vector<std::vector<TonePlace>> tone;    ///< [model][axis]
    std::vector<VerbosityComparison> verbosity;  ///< of each model against the first
    VoiceMatrix matrix;
    /// By pair of `matrix`: the p-value of "any difference at all?" (energy distance), adjusted for
    /// the number of pairs after Benjamini and Hochberg; NaN where it could not be measured,
    /// or the prompts are too few for a verdict.
    std::vector<double> anyDifference;
    AnswerStyle style;             ///< that all answers were put into before they were measured
    std::vector<double> asWritten; ///< nu by pair without it; empty if it changes nothing
    std::vector<TargetDistance> target; ///< [model]; empty without golden answers
    std::size_t golden = 0;             ///< answers that read as they should
    std::vector<NoiseFloor> floors;     ///< [model]
    bool simulated = false;
    std::vector<bool> isBundled; ///< [prompt] no run recorded any of its answers
    std::size_t answers = 0;     ///< compared, one a model and prompt
    std::size_t bundled = 0;  ///< of these, those that came with the sample: no run recorded them
    std::size_t filledIn = 0; ///< of those, on prompts to which runs recorded other models' answers
    /// Too few common prompts for tone and distance: under 10.
    [[nodiscard]] bool isEnough() const { return prompts.size() >= 10; }
    /// Mean over the pairs that were measured; NaN without any.
    [[nodiscard]] double meanNoticeability() const;
    [[nodiscard]] double meanAsWritten() const; ///< without the style
};

/// What is compared.
struct VoiceQuestion
{
    std::vector<Answer> answers; ///< of any models and prompts, several samples possible; unusable
                                 ///< ones are skipped
    std::vector<ModelId> models;
    std::vector<PromptId> order = {};      ///< see SpokenAnswers::of()
    TurnsBefore turns = {};                ///< likewise
    AnswerStyle style = {};                ///< every answer is put into it first
    std::vector<GoldenAnswer> golden = {}; ///< read as they should, so that no style touches them
    /// Counts the pairs that have been compared, for whoever waits; may be null.
    std::shared_ptr<std::atomic<std::size_t>> pairsDone = {};
    /// How many that will be.
    [[nodiscard]] std::size_t pairs() const;
};

[[nodiscard]] VoiceComparison compareVoices(VoiceQuestion question);
[[nodiscard]] VoiceComparison compareVoices(const std::vector<Answer>& answers,
                                            const std::vector<ModelId>& models);

/// The answers that the policy's voice contract names as golden ("prompt/model"), as far as they
/// are among these: first samples, the newest.
[[nodiscard]] std::vector<GoldenAnswer> goldenAnswers(const std::vector<std::string>& ids,
                                                      const std::vector<Answer>& answers);

} // namespace signalbox::ui
