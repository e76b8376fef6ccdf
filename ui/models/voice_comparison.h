// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>
#include <core/voice/tone.h>
#include <core/voice/voice_distance.h>

#include <string>
#include <vector>

namespace signalbox::ui {

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
    std::vector<std::vector<TonePlace>> tone;    ///< [model][axis]
    std::vector<VerbosityComparison> verbosity;  ///< of each model against the first
    VoiceMatrix matrix;
    std::vector<NoiseFloor> floors; ///< [model]
    bool simulated = false;
    std::vector<bool> isBundled; ///< [prompt] no run recorded any of its answers
    std::size_t answers = 0;     ///< compared, one a model and prompt
    std::size_t bundled = 0; ///< of these, those that came with the sample: no run recorded them
    /// Too few common prompts for tone and distance: under 10.
    [[nodiscard]] bool isEnough() const { return prompts.size() >= 10; }
};

/// @param answers  of any models and prompts, several samples possible; unusable ones are skipped
/// @param order    see SpokenAnswers::of()
[[nodiscard]] VoiceComparison compareVoices(const std::vector<Answer>& answers,
                                            const std::vector<ModelId>& models,
                                            const std::vector<PromptId>& order = {});

} // namespace signalbox::ui
