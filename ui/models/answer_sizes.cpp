// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_sizes.h"

#include "background.h"

#include <core/voice/answer_stats.h>

#include <algorithm>
#include <string>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kCountedAtOnce = 100'000; ///< bytes; longer answers are counted on a worker
constexpr std::size_t kShownAtOnce = 300;       ///< answers of a run that is shown
constexpr std::size_t kPortion = 500;           ///< of the others: told together

} // namespace

AnswerSizes::Measured AnswerSizes::measured(const std::string& text)
{
    const AnswerStats stats = measureAnswer(text);
    return {{stats.words, stats.sentences}, signalbox::styleOf(stats)};
}

void AnswerSizes::setRun(const LabRun& run)
{
    ++m_runNumber;
    m_run = &run;
    const LabPlan& plan = run.plan();
    m_measured.assign(plan.prompts.size() * plan.models.size() *
                          static_cast<std::size_t>(plan.samples),
                      std::nullopt);
    std::size_t counted = 0;
    std::vector<CellId> portion;
    CellId id;
    for (id.prompt = 0; id.prompt < plan.prompts.size(); ++id.prompt) {
        for (id.model = 0; id.model < plan.models.size(); ++id.model) {
            for (id.sample = 0; id.sample < plan.samples; ++id.sample) {
                if (run.cell(id).state != CellState::Done)
                    continue;
                if (++counted <= kShownAtOnce)
                    update(id);
                else
                    portion.push_back(id);
                if (portion.size() == kPortion)
                    countElsewhere(std::exchange(portion, {}));
            }
        }
    }
    if (!portion.empty())
        countElsewhere(std::move(portion));
}

void AnswerSizes::update(const CellId& id)
{
    const Cell& cell = m_run->cell(id);
    std::optional<Measured>& known = m_measured[placeOf(id)];
    if (cell.state != CellState::Done)
        known.reset();
    else if (!known && cell.answer.text.size() <= kCountedAtOnce)
        known = measured(cell.answer.text);
    else if (!known)
        countElsewhere({id});
}

void AnswerSizes::countElsewhere(std::vector<CellId> ids)
{
    std::vector<std::string> texts;
    texts.reserve(ids.size());
    for (const CellId& id : ids)
        texts.push_back(m_run->cell(id).answer.text);
    using Result = std::pair<std::size_t, Measured>; ///< bytes of the text, what it measures
    inBackground(
        this,
        [texts = std::move(texts)] {
            std::vector<Result> results;
            results.reserve(texts.size());
            std::ranges::transform(texts, std::back_inserter(results), [](const auto& text) {
                return Result(text.size(), measured(text));
            });
            return results;
        },
        [this, ids = std::move(ids), number = m_runNumber](const std::vector<Result>& results) {
            for (std::size_t i = 0; i < ids.size() && number == m_runNumber; ++i) {
                const Cell& now = m_run->cell(ids[i]);
                std::optional<Measured>& known = m_measured[placeOf(ids[i])];
                if (known || now.state != CellState::Done ||
                    now.answer.text.size() != results[i].first)
                    continue;
                known = results[i].second;
                if (ids.size() == 1)
                    emit counted(ids[i]);
            }
            if (ids.size() > 1 && number == m_runNumber)
                emit manyCounted();
        });
}

std::optional<AnswerSize> AnswerSizes::of(const CellId& id) const
{
    const std::optional<Measured>& known = m_measured[placeOf(id)];
    return known ? std::optional(known->size) : std::nullopt;
}

const StyleVector* AnswerSizes::styleOf(const CellId& id) const
{
    const std::optional<Measured>& known = m_measured[placeOf(id)];
    return known ? &known->style : nullptr;
}

std::size_t AnswerSizes::placeOf(const CellId& id) const
{
    const LabPlan& plan = m_run->plan();
    return (id.prompt * plan.models.size() + id.model) * static_cast<std::size_t>(plan.samples) +
           static_cast<std::size_t>(id.sample);
}

} // namespace signalbox::ui
