// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evidence_answers.h"

#include <core/lab/run_forecast.h>

#include <QObject>

#include <memory>
#include <vector>

namespace signalbox::ui {

/// What a forecast of a run rests on: what recorded answers teach, and the tokens of the prompts.
/// Both are worked out on a worker; until then, and while something newer is, the last ones hold.
/// Lives on the GUI thread.
class ForecastBasis : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    void follow(const std::vector<LabPrompt>& prompts); ///< counts those that are new
    /// Learns anew from all answers.
    void learn(SharedAnswers answers, std::vector<ModelSpec> models);

    [[nodiscard]] const AnswerHistory& history() const { return *m_history; }
    [[nodiscard]] const PromptTokens& counted() const { return m_counted; }

signals:
    void changed();

private:
    void learnNext();

    std::shared_ptr<const AnswerHistory> m_history = std::make_shared<const AnswerHistory>();
    PromptTokens m_counted;
    SharedAnswers m_answers;
    std::vector<ModelSpec> m_models;
    bool m_isLearning = false;
    bool m_isOld = false; ///< there is something newer to learn from
};

} // namespace signalbox::ui
