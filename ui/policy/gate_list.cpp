// SPDX-License-Identifier: GPL-3.0-or-later
#include "gate_list.h"

#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>
#include <ui/kit/verdict_mark.h>
#include <ui/models/gate_words.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr GateMetric kMetrics[] = {GateMetric::CostSaving,        GateMetric::CostPer1k,
                                   GateMetric::LatencyP95Ms,      GateMetric::Satisfaction,
                                   GateMetric::SatisfactionRatio, GateMetric::Consistency};

/// The number that people type for the one of the file. To four places, as the field shows it.
double typedFrom(GateMetric metric, double limit)
{
    const double typed = metric == GateMetric::LatencyP95Ms ? limit / 1000
                         : metric == GateMetric::CostPer1k  ? limit
                                                            : limit * 100;
    return std::round(typed * 1e4) / 1e4;
}

/// The way back: 0.7 s is 700 ms and 12.3 % is 0.123, and nothing beside it.
double limitFrom(GateMetric metric, double typed)
{
    switch (metric) {
    case GateMetric::LatencyP95Ms:
        return std::round(typed * 1e4) / 10;
    case GateMetric::CostPer1k:
        return std::round(typed * 1e4) / 1e4;
    default:
        return std::round(typed * 1e4) / 1e6;
    }
}

QString unitOf(GateMetric metric)
{
    switch (metric) {
    case GateMetric::LatencyP95Ms:
        return GateList::tr("s", "seconds");
    case GateMetric::CostPer1k:
        return GateList::tr("USD");
    case GateMetric::Consistency:
        return GateList::tr("of 100");
    default:
        return QStringLiteral("%");
    }
}

/// A gate of this metric to begin with.
Gate newGate(GateMetric metric)
{
    Gate gate;
    gate.metric = metric;
    switch (metric) {
    case GateMetric::CostSaving:
        gate.atLeast = 0.4;
        break;
    case GateMetric::CostPer1k:
        gate.atMost = 5;
        break;
    case GateMetric::LatencyP95Ms:
        gate.atMost = 2000;
        break;
    case GateMetric::Satisfaction:
        gate.atLeast = 0.9;
        break;
    case GateMetric::SatisfactionRatio:
        gate.atLeast = 0.95;
        break;
    case GateMetric::Consistency:
        gate.atLeast = 0.9;
        break;
    }
    return gate;
}

} // namespace

template<class Change> void GateList::change(Pace pace, Change change)
{
    std::vector<Gate> gates = m_workbench.editor().document().gates;
    change(gates);
    emit edited(gates, pace);
}

GateList::GateList(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench)
{
    setObjectName(QStringLiteral("gateList"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_rowsLayout = new QVBoxLayout;
    m_rowsLayout->setSpacing(space::kGap);
    layout->addLayout(m_rowsLayout);
    auto* const add = quietAddButton(tr("Gate"), QStringLiteral("addGate"), tr("Add a gate"));
    layout->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, [this] {
        change(Pace::Once, [](std::vector<Gate>& gates) {
            // The first metric that no gate looks at yet.
            const auto unused =
                std::find_if(std::begin(kMetrics), std::end(kMetrics), [&](GateMetric metric) {
                    return std::none_of(gates.begin(), gates.end(),
                                        [&](const Gate& gate) { return gate.metric == metric; });
                });
            gates.push_back(
                newGate(unused == std::end(kMetrics) ? GateMetric::CostSaving : *unused));
        });
    });
}

QWidget* GateList::buildRow(std::size_t index)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    Row row;
    row.metric = new ChoiceField(tr("Metric of gate %1").arg(index + 1));
    for (const GateMetric metric : kMetrics)
        row.metric->addItem(gateMetricText(metric), static_cast<int>(metric));
    row.bound = new ChoiceField(tr("Bound of gate %1").arg(index + 1));
    row.bound->addItem(tr("at least"), 1);
    row.bound->addItem(tr("at most"), 0);
    row.limit = new NumberField(tr("Limit of gate %1").arg(index + 1), {-1000, 1e9, 1, 4});
    row.limit->setObjectName(QStringLiteral("gateLimit"));
    row.unit = new TextLabel({}, TextRole::Small);
    row.unit->setMuted(true);
    row.scope = new ChoiceField(tr("Scope of gate %1").arg(index + 1));
    for (const GateScope scope : {GateScope::Total, GateScope::Segment, GateScope::Tier})
        row.scope->addItem(PolicyWords::gateScope(scope), static_cast<int>(scope));
    row.verdict = new VerdictMark;
    row.reason = new TextLabel({}, TextRole::Caption);
    row.reason->setMuted(true);
    row.reason->setWordWrap(true);
    auto* const remove = new IconButton(Icon::Close, tr("Remove gate %1").arg(index + 1));
    auto* const first = new QHBoxLayout;
    first->setSpacing(space::kHalf);
    first->addWidget(row.metric, 1);
    first->addWidget(remove);
    auto* const second = new QHBoxLayout;
    second->setSpacing(space::kHalf);
    second->addWidget(row.bound, 3);
    second->addWidget(row.limit, 2);
    second->addWidget(row.unit);
    second->addWidget(row.scope, 3);
    layout->addLayout(first);
    layout->addLayout(second);
    layout->addWidget(row.verdict);
    layout->addWidget(row.reason);
    m_rows.push_back(row);

    connect(row.metric, &QComboBox::activated, this, [this, index, field = row.metric] {
        change(Pace::Once, [&](std::vector<Gate>& gates) {
            const GateScope scope = gates[index].per;
            gates[index] = newGate(static_cast<GateMetric>(field->value()));
            gates[index].per = scope;
        });
    });
    connect(row.bound, &QComboBox::activated, this, [this, index, field = row.bound] {
        change(Pace::Once, [&](std::vector<Gate>& gates) {
            Gate& gate = gates[index];
            const double limit = gate.atLeast.value_or(gate.atMost.value_or(0));
            gate.atLeast = field->value() == 1 ? std::optional(limit) : std::nullopt;
            gate.atMost = field->value() == 1 ? std::nullopt : std::optional(limit);
        });
    });
    connect(row.limit, &NumberField::valueEdited, this,
            [this, index](std::optional<double> number) {
                change(Pace::Typing, [&](std::vector<Gate>& gates) {
                    Gate& gate = gates[index];
                    (gate.atLeast ? gate.atLeast : gate.atMost) =
                        limitFrom(gate.metric, number.value_or(0));
                });
            });
    connect(row.scope, &QComboBox::activated, this, [this, index, field = row.scope] {
        change(Pace::Once, [&](std::vector<Gate>& gates) {
            gates[index].per = static_cast<GateScope>(field->value());
        });
    });
    connect(remove, &IconButton::clicked, this, [this, index] {
        change(Pace::Once, [&](std::vector<Gate>& gates) {
            gates.erase(gates.begin() + static_cast<std::ptrdiff_t>(index));
        });
    });
    return box;
}

void GateList::rebuild(std::size_t count)
{
    clearLayout(m_rowsLayout);
    m_rows.clear();
    for (std::size_t i = 0; i < count; ++i)
        m_rowsLayout->addWidget(buildRow(i));
}

void GateList::show(const PolicyDocument& document)
{
    if (m_rows.size() != document.gates.size())
        rebuild(document.gates.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Gate& gate = document.gates[i];
        const Row& row = m_rows[i];
        row.metric->setValue(static_cast<int>(gate.metric));
        row.bound->setValue(gate.atLeast ? 1 : 0);
        row.limit->setValue(typedFrom(gate.metric, gate.atLeast.value_or(gate.atMost.value_or(0))));
        row.unit->setText(unitOf(gate.metric));
        row.scope->setValue(static_cast<int>(gate.per));
        // A gate per segment has a result for each; the first one is the worst.
        const auto& projection = m_workbench.projection();
        const GateResult* result = nullptr;
        if (projection) {
            const auto found =
                std::find_if(projection->gates.begin(), projection->gates.end(),
                             [&](const GateResult& each) { return each.gate == gate; });
            result = found == projection->gates.end() ? nullptr : &*found;
        }
        if (result) {
            row.verdict->setVerdict(gateVerdictOf(result->verdict));
            row.reason->setText(format::unbroken(QString::fromStdString(result->reason)));
        }
        row.verdict->setVisible(result != nullptr);
        row.reason->setVisible(result != nullptr && !result->reason.empty());
    }
}

bool GateList::focusFirst()
{
    if (m_rows.empty())
        return false;
    m_rows.front().metric->setFocus(Qt::OtherFocusReason);
    return true;
}

} // namespace signalbox::ui
