// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format.h"

/// The numbers of gates as they are told everywhere: with the digits that their interval allows,
/// and times in seconds under one second too (two units on one number are hard to compare; minutes
/// are left to format).
namespace signalbox::ui::format {

[[nodiscard]] QString toldEstimate(double value, double low, double high, Unit unit);
/// @param apartFrom  a limit: an end that is not on it is told with the digits that show it
[[nodiscard]] QString toldInterval(double low, double high, Unit unit,
                                   std::optional<double> apartFrom = {});
[[nodiscard]] QString toldLimit(double value, Unit unit);
/// With its sign.
[[nodiscard]] QString toldDifference(double now, double before, Unit unit);

} // namespace signalbox::ui::format
