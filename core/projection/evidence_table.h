// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>
#include <core/voice/answer_stats.h>
#include <core/voice/voice_distance.h>

#include <map>
#include <string>
#include <vector>

namespace signalbox {

/// Answers turned into columns: what each model did on each lab prompt. Built once per change of
/// the evidence (or of the answer style), then shared by every projection.
struct EvidenceTable
{
    std::vector<ModelId> models;
    std::vector<PromptId> prompts;         ///< byte order
    std::vector<std::string> segments;     ///< names
    std::vector<std::uint16_t> segmentOf;  ///< per prompt
    std::size_t answers = 0;
    bool simulated = false; ///< any answer is

    /// Per model, per prompt: mean over its samples; NaN where there is no answer or no value.
    struct ModelColumns
    {
        std::vector<double> outputTokens;
        std::vector<double> firstTokenMs;
        std::vector<double> totalMs;
        std::vector<double> satisfied;
        std::vector<double> failed; ///< share of samples that failed
        std::vector<std::vector<double>> firstTokenSamples; ///< per prompt
        double failureShare = 0; ///< over all its attempts
    };
    std::vector<ModelColumns> columns;

    VoiceMatrix voices; ///< over the models with at least one answer, model order as above
    std::vector<NoiseFloor> floors; ///< per model

    [[nodiscard]] int modelIndex(const ModelId& id) const;   ///< -1 if absent
    [[nodiscard]] int promptIndex(const PromptId& id) const; ///< -1 if absent
};

/// @param style  applied to every answer before its voice and its outcome are measured
/// @param voiceDraws  bootstrap draws of the voice distances
[[nodiscard]] EvidenceTable buildEvidenceTable(const std::vector<Answer>& answers,
                                               const AnswerStyle& style = {},
                                               std::size_t voiceDraws = 200);

} // namespace signalbox
