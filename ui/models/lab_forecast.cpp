// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_forecast.h"

#include "lab_answers.h"
#include "workbench.h"

#include <core/lab/list_prices.h>
#include <core/lab/policy_column.h>
#include <core/lab/policy_forecast.h>

#include <utility>

namespace signalbox::ui {

LabForecast::LabForecast(Workbench& workbench, QObject* parent)
    : QObject(parent), m_workbench(&workbench)
{
    connect(&m_basis, &ForecastBasis::changed, this, &LabForecast::changed);
}

void LabForecast::setRun(const LabRun& run)
{
    m_run = &run;
    forgetReusable();
    m_basis.follow(run.plan().prompts);
}

void LabForecast::learn(std::vector<ModelSpec> asked)
{
    m_basis.learn(m_workbench->sharedAnswers(), std::move(asked));
}

/// A store that cannot be asked says so when something is to be kept.
const std::set<CellId>& LabForecast::reusableCells() const
{
    if (!m_reusable) {
        m_reusable.emplace();
        if (const auto found = m_run->reusable(cellsOf(m_run->plan())))
            m_reusable->insert(found->begin(), found->end());
    }
    return *m_reusable;
}

Preflight LabForecast::of(const LabPlan& plan, LabPlan::Reuse reuse) const
{
    Preflight flight = of(cellsOf(plan), plan.models, reuse);
    flight.models = plan.models.size();
    flight.hasPolicy = !plan.models.empty() && isPolicyColumn(plan.models.back());
    if (flight.hasPolicy)
        --flight.models;
    return flight;
}

Preflight LabForecast::of(const std::vector<CellId>& cells, const std::vector<ModelSpec>& asked,
                          LabPlan::Reuse reuse) const
{
    LabPlan plan = m_run->plan();
    plan.models = asked;
    const auto book = m_workbench->prices().book();
    const CallsToForecast sent =
        callsToForecast(*m_run, std::move(plan), cells, *book, presentDay());
    std::set<CellId> taken;
    if (reuse == LabPlan::Reuse::ExactRequest && asked.size() == m_run->plan().models.size())
        taken = reusableCells();
    const auto limits = m_workbench->providers().limiter().known();
    Preflight flight;
    flight.forecast = forecastOf({sent.plan, sent.calls, std::move(taken), m_basis.history(),
                                  m_basis.counted(), *book, presentDay(), limits,
                                  m_workbench->services().simulator->speed(), sent.perhaps});
    const RunForecast& forecast = flight.forecast;
    flight.cells = cells.size();
    flight.simulated = forecast.isSimulated;
    flight.unpricedModels = forecast.unpriced.size();
    if (forecast.cost)
        flight.expected = forecast.cost->expected;
    flight.worst = forecast.worst;
    return flight;
}

} // namespace signalbox::ui
