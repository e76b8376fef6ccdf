// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present_policy.h"

#include <core/lab/lab_run.h>

#include <optional>
#include <vector>

namespace signalbox::ui {

// What a run holds: its cells, their answers, and what these cost.

/// By prompt, model and repeat: the order of a table.
[[nodiscard]] std::vector<CellId> cellsOf(const LabPlan& plan);

/// Answers and what failed, in the order of cellsOf(), with the cost that was recorded. Cells that
/// were never asked are left out.
[[nodiscard]] std::vector<Answer> answersOf(const LabRun& run);
/// What a cell was answered before the answer that it shows, oldest first; none if the run is not
/// in the store, or there is no store.
[[nodiscard]] Result<std::vector<StoredAnswer>>
earlierAnswersOf(const LabRun& run, const CellId& id, EvidenceStore* store);

/// Of a done answer at the policy's present price; what the provider stated stays as it is. Of
/// the policy's what all calls on its way cost a user, also those that were not sent again.
[[nodiscard]] std::optional<Money> presentCostOf(const LabRun& run, const CellId& id,
                                                 const PresentPolicy& policy);
/// Of everything that was sent: the known part, at present prices.
[[nodiscard]] std::optional<Money> presentSpendingOf(const LabRun& run,
                                                     const PresentPolicy& policy);

} // namespace signalbox::ui
