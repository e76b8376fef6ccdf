// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forecast_basis.h"

#include <core/lab/lab_run.h>
#include <core/lab/run_forecast.h>

#include <QObject>

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

namespace signalbox::ui {

class Workbench;

/// What a run would take, before it is started.
struct Preflight
{
    std::size_t cells = 0;
    std::size_t models = 0;        ///< of a whole run
    bool hasPolicy = false;        ///< of a whole run: its column is asked besides
    std::optional<Money> expected; ///< as long as in the evidence; nullopt: a price is unknown
    std::optional<Money> worst;    ///< every answer as long as allowed
    std::size_t unpricedModels = 0;
    bool simulated = false; ///< all models are that are asked
    RunForecast forecast;   ///< the same with its parts, and what they rest on
};

/// What runs over a table's prompts would take, by all that is recorded. What it rests on is worked
/// out on a worker: changed() says when it is better known. GUI thread; owned by a session, and the
/// workbench outlives it.
class LabForecast : public QObject
{
    Q_OBJECT
public:
    explicit LabForecast(Workbench& workbench, QObject* parent = nullptr);

    /// Of another table. It must live until the next call.
    void setRun(const LabRun& run);
    /// Learns anew from all that is recorded, of the models as they are asked now.
    void learn(std::vector<ModelSpec> asked);
    /// What can be taken from the store is looked up anew, when it is asked for next.
    void forgetReusable() { m_reusable.reset(); }
    /// For what servers do not count.
    [[nodiscard]] Tokenizers tokenizers() const { return m_basis.history().tokenizers(); }

    /// Of a whole run of this plan's prompts, models and samples.
    [[nodiscard]] Preflight of(const LabPlan& plan, LabPlan::Reuse reuse) const;
    /// Of some cells.
    /// @param asked  the models, in the places that the cells say
    [[nodiscard]] Preflight of(const std::vector<CellId>& cells,
                               const std::vector<ModelSpec>& asked, LabPlan::Reuse reuse) const;

signals:
    void changed();

private:
    [[nodiscard]] const std::set<CellId>& reusableCells() const;

    Workbench* m_workbench;
    const LabRun* m_run = nullptr;
    ForecastBasis m_basis;
    mutable std::optional<std::set<CellId>> m_reusable; ///< of the run, once it was asked for
};

} // namespace signalbox::ui
