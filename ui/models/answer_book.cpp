// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_book.h"

#include <memory>
#include <utility>

namespace signalbox::ui {

void AnswerBook::add(const Answer& answer)
{
    auto shared = std::make_shared<const Answer>(answer);
    const auto [place, isNew] = m_places.try_emplace(
        Question{answer.prompt, answer.model, answer.sample, answer.styleGuide}, m_answers.size());
    if (isNew) {
        m_answers.push_back(answer);
        m_shared.push_back(std::move(shared));
    } else {
        m_answers[place->second] = answer;
        m_shared[place->second] = std::move(shared);
    }
}

} // namespace signalbox::ui
