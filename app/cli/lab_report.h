// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/voice/answer.h>

#include <string>
#include <vector>

namespace signalbox::cli {

/// What a comparison found: per model length, time, tokens, cost and tone; per pair how noticeable
/// a switch between the two is.
struct Comparison
{
    std::string text; ///< for people, ends with a newline
    std::string json; ///< the same for machines
};
/// Only prompts that every model answered count for tone and distance.
[[nodiscard]] Comparison compareAnswers(const std::vector<Answer>& answers,
                                        const std::vector<ModelSpec>& models);

} // namespace signalbox::cli
