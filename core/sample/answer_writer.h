// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "character.h"
#include "prompt_text.h"

#include <core/base/random.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::sample {

/// What an answer is about, before anybody gives it a voice. Texts may hold slots.
struct AnswerMatter
{
    std::string_view title;
    std::string_view about;
    std::vector<std::string_view> points;   ///< what was asked for, one sentence each, in order
    std::vector<std::string_view> again;    ///< the points in other words, for a summary
    std::vector<std::string_view> keyWords; ///< of the points; may be put in bold
    std::span<const std::string_view> steps;
    std::vector<std::string_view> details;
    std::span<const std::string_view> cautions;
    Effort effort = Effort::Short;
};

/// Writes the matter down as the character would: the points always, under a sentence or word
/// limit as many as fit, and around them as much as its habits and its mood bring. The same
/// random numbers give the same text.
[[nodiscard]] std::string writeAnswer(const AnswerMatter& matter, const Character& character,
                                      const Slots& slots, Random& random);

} // namespace signalbox::sample
