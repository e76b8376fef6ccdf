// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>
#include <core/voice/answer_stats.h>
#include <core/voice/normalize.h>
#include <core/voice/voice_distance.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

/// One usable answer as the simulation replays it.
struct AnswerSample
{
    double firstTokenMs = 0;                                     ///< NaN if not measured
    double totalMs = 0;                                          ///< >= firstTokenMs
    double outputTokens = 0;                                     ///< as billed; NaN if unknown
    double satisfied = std::numeric_limits<double>::quiet_NaN(); ///< its own outcome
    /// As the model wrote it, before any answer style: what a cascade's test reads. May be null.
    std::shared_ptr<const std::string> text = {};
};

/// Answers turned into columns: what each model did on each lab prompt. Built once per change of
/// the evidence (or of the answer style), then shared by every projection.
struct EvidenceTable
{
    std::vector<ModelId>
        models; ///< with at least one attempt; order of EvidenceOptions::models, else byte order
    /// Per model: what it is called where it is asked, told apart where several are called the
    /// same. Names the stream of its random numbers, so that another name in the policy changes no
    /// projection; where there is none, its id does.
    std::vector<std::string> streams;
    std::vector<PromptId> prompts;        ///< byte order
    std::vector<std::string> segments;    ///< names, byte order
    std::vector<std::uint16_t> segmentOf; ///< per prompt
    std::size_t answers = 0;              ///< usable ones; failed and stopped attempts are none
    bool simulated = false;               ///< any answer is
    std::size_t unremeasuredOutcomes =
        0; ///< answers the style cut whose outcome is of the whole text

    /// Per model, per prompt: mean over its samples; NaN where there is no answer or no value.
    struct ModelColumns
    {
        std::vector<double> outputTokens;
        std::vector<double> firstTokenMs;
        std::vector<double> totalMs;
        std::vector<double> satisfied;
        std::vector<double> failed;   ///< share of samples that failed
        std::vector<double> attempts; ///< samples, failed ones included; 0 where none
        std::vector<std::vector<double>> firstTokenSamples; ///< per prompt
        std::vector<std::vector<AnswerSample>> samples;     ///< per prompt, by sample number
        std::vector<double> failingMs; ///< times until a failure was known, where measured
        AttemptFailure failureKind = AttemptFailure::ServerError; ///< the most frequent one
        double failureShare = 0;                                  ///< over all its attempts
    };
    std::vector<ModelColumns> columns;

    VoiceMatrix voices; ///< over the models with at least one answer, model order as above
    std::vector<NoiseFloor> floors; ///< per model

    /// Per pair of `voices`, per prompt of the table: how much nu moves when the prompt counts one
    /// time more (its influence; sums to 0, 0 outside the pair's panel). Lets every bootstrap of
    /// prompts carry the voices along without fitting them anew.
    std::vector<std::vector<double>> noticeabilityInfluence;
    /// Per pair, per prompt: 1 if the prompt is in the pair's panel.
    std::vector<std::vector<std::uint8_t>> inVoicePanel;

    [[nodiscard]] int modelIndex(const ModelId& id) const;   ///< -1 if absent
    [[nodiscard]] int promptIndex(const PromptId& id) const; ///< -1 if absent
    /// Index into `voices.pairs` of two different models.
    [[nodiscard]] std::size_t pairIndex(std::size_t a, std::size_t b) const;
};

/// Measures the outcome of a text in [0, 1]; NaN if it cannot. Asked only for answers that the
/// style changes. Without it (or with NaN) such answers keep the outcome recorded for the whole
/// text; if the style cut words they are counted in EvidenceTable::unremeasuredOutcomes and quality
/// gates stay open.
using OutcomeCheck = std::function<double(const PromptId&, const std::string&)>;

/// The policy's answer style in the terms of the normaliser.
[[nodiscard]] NormalizeOptions normalizeOptionsOf(const AnswerStyle& style);

struct EvidenceOptions
{
    AnswerStyle style; ///< applied to every answer before its voice and its outcome are measured
    std::size_t voiceDraws = 200; ///< bootstrap draws of the voice distances
    OutcomeCheck outcome;
    /// If not empty: only these models, and only what they wrote under their present style guide.
    /// If empty: each model under the style guide of its newest answer.
    std::vector<ModelSpec> models;
};

/// Answers of one run and of several may be mixed: of equal (model, prompt, sample) the newest
/// counts. Stopped answers do not count; failed and filtered ones count as attempts. Voices are
/// measured on the lowest sample of each prompt that all fully sampled models answered; a model
/// with less than half the prompts of the fullest one is compared pair by pair on common prompts.
/// Pairs with fewer than 10 common prompts have n = 0 and no voice distance.
[[nodiscard]] EvidenceTable buildEvidenceTable(const std::vector<Answer>& answers,
                                               const EvidenceOptions& options);

/// The same for every model of the answers.
[[nodiscard]] EvidenceTable buildEvidenceTable(const std::vector<Answer>& answers,
                                               const AnswerStyle& style = {},
                                               std::size_t voiceDraws = 200,
                                               OutcomeCheck outcome = {});

} // namespace signalbox
