// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evidence_answers.h"

#include <core/voice/answer.h>

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace signalbox::ui {

/// All recorded answers, the newest to each question. Adding one costs the logarithm of their
/// number, however many there are. A plain value: filled on any thread, owned by one at a time.
class AnswerBook
{
public:
    /// Takes an answer; an older one to the same question goes.
    void add(const Answer& answer);

    [[nodiscard]] const std::vector<Answer>& answers() const { return m_answers; }
    /// The same for other threads; what was handed out does not change any more.
    [[nodiscard]] const SharedAnswers& shared() const { return m_shared; }

private:
    using Question = std::tuple<PromptId, ModelId, int, std::string>; ///< …, sample, style guide

    std::vector<Answer> m_answers;
    SharedAnswers m_shared; ///< same order
    std::map<Question, std::size_t> m_places;
};

} // namespace signalbox::ui
