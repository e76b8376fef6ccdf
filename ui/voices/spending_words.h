// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/run_caps.h>
#include <core/lab/run_forecast.h>

#include <QString>

/// The words for what a run would take, what holds it, and what these numbers rest on.
namespace signalbox::ui::spending {

/// "$0.55", of what a simulator answers too; "unknown".
[[nodiscard]] QString money(const std::optional<Money>& amount);
/// "$0.31 to $0.9"; empty if it is unknown or a single number.
[[nodiscard]] QString moneyRange(const std::optional<Range<Money>>& cost);
/// "about 2 min (1 min to 4 min)", "time unknown".
[[nodiscard]] QString time(const RunForecast& forecast);
/// What the time rests on, in whole sentences.
[[nodiscard]] QString timeMeaning(const RunForecast& forecast);
/// What one model's numbers rest on, in whole sentences.
[[nodiscard]] QString meaning(const ModelForecast& model);
/// "$5.00", "$0.05": whole cents of a cap are no claim of precision, so they are told as they are.
[[nodiscard]] QString cap(Money amount);
/// "$5.00, 100,000 tokens, 10 min"; empty without any.
[[nodiscard]] QString caps(const RunCaps& caps);
/// What holds a run, as a title and what lies behind it.
[[nodiscard]] QString capTitle(const CapReached& reached);
[[nodiscard]] QString capDetail(const CapReached& reached);
/// The same caps with room for what waits: twice as much of the one that held the run.
[[nodiscard]] RunCaps raised(const CapReached& reached);

} // namespace signalbox::ui::spending
