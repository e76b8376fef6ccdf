// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>

#include <QString>

namespace signalbox::ui {

/// The name of a gate's number at the start of a line, translated: "p95 latency", "Quality". The
/// reports have the same words (gateMetricLabel), in English always.
[[nodiscard]] QString gateMetricText(GateMetric metric);

} // namespace signalbox::ui
