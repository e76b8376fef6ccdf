// SPDX-License-Identifier: GPL-3.0-or-later
#include "gate_words.h"

#include <QCoreApplication>

namespace signalbox::ui {

QString gateMetricText(GateMetric metric)
{
    // Literals, so that lupdate finds them.
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("signalbox::ui::GateWords", text);
    };
    switch (metric) {
    case GateMetric::CostSaving:
        return tr("Cost saving");
    case GateMetric::CostPer1k:
        return tr("Cost per 1,000 requests");
    case GateMetric::LatencyP95Ms:
        return tr("p95 latency");
    case GateMetric::Satisfaction:
        return tr("Satisfaction");
    case GateMetric::SatisfactionRatio:
        return tr("Quality");
    case GateMetric::Consistency:
        return tr("Consistency");
    }
    return {};
}

} // namespace signalbox::ui
