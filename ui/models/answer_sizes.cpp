// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_sizes.h"

#include "background.h"

#include <core/voice/answer_stats.h>

#include <string>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kCountedAtOnce = 100'000; ///< bytes; longer answers are counted on a worker

AnswerSize measured(const std::string& text)
{
    const AnswerStats stats = measureAnswer(text);
    return {stats.words, stats.sentences};
}

} // namespace

void AnswerSizes::setRun(const LabRun& run)
{
    ++m_runNumber;
    m_run = &run;
    const LabPlan& plan = run.plan();
    m_sizes.assign(plan.prompts.size() * plan.models.size() *
                       static_cast<std::size_t>(plan.samples),
                   std::nullopt);
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < plan.models.size(); ++model) {
            for (int sample = 0; sample < plan.samples; ++sample)
                update({prompt, model, sample});
        }
    }
}

void AnswerSizes::update(const CellId& id)
{
    const Cell& cell = m_run->cell(id);
    std::optional<AnswerSize>& size = m_sizes[placeOf(id)];
    if (cell.state != CellState::Done)
        size.reset();
    else if (!size && cell.answer.text.size() <= kCountedAtOnce)
        size = measured(cell.answer.text);
    else if (!size)
        countElsewhere(id);
}

void AnswerSizes::countElsewhere(const CellId& id)
{
    inBackground(
        this,
        [text = m_run->cell(id).answer.text] { return std::pair(text.size(), measured(text)); },
        [this, id, number = m_runNumber](std::pair<std::size_t, AnswerSize> result) {
            if (number != m_runNumber)
                return;
            const Cell& now = m_run->cell(id);
            if (now.state != CellState::Done || now.answer.text.size() != result.first)
                return;
            m_sizes[placeOf(id)] = result.second;
            emit counted(id);
        });
}

std::optional<AnswerSize> AnswerSizes::of(const CellId& id) const
{
    return m_sizes[placeOf(id)];
}

std::size_t AnswerSizes::placeOf(const CellId& id) const
{
    const LabPlan& plan = m_run->plan();
    return (id.prompt * plan.models.size() + id.model) * static_cast<std::size_t>(plan.samples) +
           static_cast<std::size_t>(id.sample);
}

} // namespace signalbox::ui
