// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>
#include <core/voice/spoken_answers.h>

#include <string>
#include <vector>

namespace signalbox::cli {

/// What a comparison found: per model length, time, tokens, cost and tone; per pair how noticeable
/// a switch between the two is, whether the voices differ at all, and in length and tone by how
/// much.
struct Comparison
{
    std::string text; ///< for people, ends with a newline
    std::string json; ///< the same for machines
};
/// Tone and distance are measured on common prompts (core/voice/spoken_answers.h).
/// @param order, turns  see SpokenAnswers::of()
[[nodiscard]] Comparison compareAnswers(const std::vector<Answer>& answers,
                                        const std::vector<ModelSpec>& models,
                                        const std::vector<PromptId>& order = {},
                                        const TurnsBefore& turns = {});

} // namespace signalbox::cli
