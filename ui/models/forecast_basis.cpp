// SPDX-License-Identifier: GPL-3.0-or-later
#include "forecast_basis.h"

#include "background.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace signalbox::ui {

void ForecastBasis::follow(const std::vector<LabPrompt>& prompts)
{
    std::vector<LabPrompt> fresh;
    std::ranges::copy_if(prompts, std::back_inserter(fresh), [this](const LabPrompt& prompt) {
        return m_counted.count(prompt.id) == 0;
    });
    if (fresh.empty())
        return;
    inBackground(
        this, [fresh = std::move(fresh)] { return promptTokensOf(fresh); },
        [this](PromptTokens counted) {
            m_counted.merge(counted);
            emit changed();
        });
}

void ForecastBasis::learn(SharedAnswers answers, std::vector<ModelSpec> models)
{
    m_answers = std::move(answers);
    m_models = std::move(models);
    m_isOld = true;
    if (!m_isLearning)
        learnNext();
}

/// One at a time: what comes meanwhile is learned after it.
void ForecastBasis::learnNext()
{
    m_isOld = false;
    m_isLearning = true;
    inBackground(
        this,
        [answers = m_answers, models = m_models] {
            PolicyDocument policy;
            policy.models = models;
            return std::make_shared<const AnswerHistory>(answersFor(policy, answers), models);
        },
        [this](std::shared_ptr<const AnswerHistory> history) {
            m_history = std::move(history);
            m_isLearning = false;
            if (m_isOld)
                learnNext();
            emit changed();
        });
}

} // namespace signalbox::ui
