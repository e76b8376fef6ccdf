// SPDX-License-Identifier: GPL-3.0-or-later
#include "target_block.h"

#include "comparison_parts.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/plots.h>
#include <ui/kit/theme.h>

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr double kSmallDistance = 0.2; ///< Cohen (1988)

} // namespace

TargetBlock::TargetBlock(QWidget* parent)
    : ChartBlock(tr("How far from the voice you want?"), QStringLiteral("target"), parent)
{
    m_plot = new IntervalPlot(this);
    m_plot->setTitle(tr("Distance from the golden answers"));
    m_plot->setObjectName(QStringLiteral("targetDistance"));
    m_plot->setReference(kSmallDistance, tr("small"));
    m_plot->setAxisLabel(tr("standard deviations from the golden answers to the same prompts "
                            "(0.2 small, 0.5 medium, 0.8 large)"));
    plotsLayout()->addWidget(m_plot);
    setPlots({m_plot});
    setTableSource([this] { return m_table; });
    m_reasons = new TextLabel({}, TextRole::Small, this);
    m_reasons->setObjectName(QStringLiteral("targetReasons"));
    m_reasons->setMuted(true);
    m_reasons->setWordWrap(true);
    notesLayout()->addWidget(m_reasons);
}

void TargetBlock::setComparison(const VoiceComparison& comparison, const std::vector<int>& looks)
{
    header()->setNote(tr("%n golden answer(s) of the policy's voice contract", nullptr,
                         static_cast<int>(comparison.golden)));
    std::vector<IntervalRow> rows;
    QStringList sentences;
    double furthest = 2 * kSmallDistance;
    for (std::size_t m = 0; m < comparison.target.size(); ++m) {
        const TargetDistance& target = comparison.target[m];
        IntervalRow row;
        row.label = nameOf(comparison.models[m]);
        row.model = looks[m];
        row.value = target.distance.value;
        row.low = target.distance.low;
        row.high = target.distance.high;
        row.weak = target.distance.n < 2;
        const QString own = target.own > 0
                                ? tr(", wrote %n of them", nullptr, static_cast<int>(target.own))
                                : QString();
        row.note = target.distance.n == 0
                       ? tr("no answer to these prompts") + own
                       : tr("%n prompt(s)", nullptr, static_cast<int>(target.distance.n)) + own;
        if (std::isfinite(row.high))
            furthest = std::max(furthest, row.high);
        rows.push_back(std::move(row));
        QStringList reasons;
        for (const VoiceReason& reason : target.reasons)
            reasons << QString::fromStdString(reason.sentence);
        if (!reasons.isEmpty())
            sentences << reasons.join(QStringLiteral("; ")) + QLatin1Char('.');
        else if (target.distance.n > 1)
            sentences << tr("%1: nothing that is measured tells it from the target voice.")
                             .arg(nameOf(comparison.models[m]));
    }
    m_plot->setRange(0, furthest * 1.05);
    m_plot->setRows(std::move(rows));
    m_reasons->setText(sentences.join(QLatin1Char('\n')));
    m_table = numbersOf(comparison);
    refreshTable();
}

PlotTable TargetBlock::numbersOf(const VoiceComparison& comparison)
{
    PlotTable table{{tr("Model"), tr("Distance"), tr("Low"), tr("High"), tr("Prompts"),
                     tr("Own among them"), tr("What differs")},
                    {},
                    {-1, 2, 2, 2, 0, 0, -1}};
    const auto number = [](double value) { return QString::number(value, 'g', 10); };
    for (std::size_t m = 0; m < comparison.target.size(); ++m) {
        const TargetDistance& target = comparison.target[m];
        QStringList reasons;
        for (const VoiceReason& reason : target.reasons)
            reasons << QString::fromStdString(reason.sentence);
        table.rows.push_back({nameOf(comparison.models[m]), number(target.distance.value),
                              number(target.distance.low), number(target.distance.high),
                              QString::number(target.distance.n), QString::number(target.own),
                              reasons.join(QStringLiteral("; "))});
    }
    return table;
}

} // namespace signalbox::ui
