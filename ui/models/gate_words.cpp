// SPDX-License-Identifier: GPL-3.0-or-later
#include "gate_words.h"

#include <QCoreApplication>

namespace signalbox::ui {

namespace {

struct GateWords
{
    Q_DECLARE_TR_FUNCTIONS(signalbox::ui::GateWords)
};

} // namespace

QString gateMetricText(GateMetric metric)
{
    switch (metric) {
    case GateMetric::CostSaving:
        return GateWords::tr("Cost saving");
    case GateMetric::CostPer1k:
        return GateWords::tr("Cost per 1,000 requests");
    case GateMetric::LatencyP95Ms:
        return GateWords::tr("p95 latency");
    case GateMetric::Satisfaction:
        return GateWords::tr("Satisfaction");
    case GateMetric::SatisfactionRatio:
        return GateWords::tr("Quality");
    case GateMetric::Consistency:
        return GateWords::tr("Consistency");
    }
    return {};
}

} // namespace signalbox::ui
