// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/base/money.h>
#include <core/prices/day.h>
#include <core/prices/price_book.h>

#include <optional>
#include <vector>

namespace signalbox {

class LabRun;

/// What cells of a run send, as forecastOf() counts calls: of a policy's cell its first call, if
/// that is not taken from a column, as one more call of its model.
struct CallsToForecast
{
    LabPlan plan; ///< with models behind the others that only the policy asks
    std::vector<CellId> calls;
    /// What else the policy may come to, at worst; nullopt: a price is not known.
    std::optional<Money> perhaps = Money();
};

/// @param plan   the run's; its models may be others with these cells' places
/// @param cells  places in `plan`
[[nodiscard]] CallsToForecast callsToForecast(const LabRun& run, LabPlan plan,
                                              const std::vector<CellId>& cells,
                                              const PriceBook& book, Day day);

} // namespace signalbox
