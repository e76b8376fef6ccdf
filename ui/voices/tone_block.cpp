// SPDX-License-Identifier: GPL-3.0-or-later
#include "tone_block.h"

#include "comparison_parts.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/plots.h>
#include <ui/kit/theme.h>

#include <QFontMetricsF>
#include <QGridLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr double kAverageTone = 50; ///< T score of the mean answer
constexpr double kToneAir = 0.04;   ///< beside the outermost ticks, as a share of them
constexpr int kPlotColumns = 2;

/// Places of the numbers of the page: their intervals are some tenths of a point wide, some points
/// of a percentage, some tenths of a word.
constexpr int kPointPlaces = 1;
constexpr int kSharePlaces = 2;
constexpr int kWordPlaces = 1;

/// "+3.2", "\u22120.4": points from the average.
QString signedPoints(double points)
{
    const QString text = format::number(points, kPointPlaces);
    return points >= 0.05 ? QLatin1Char('+') + text : text;
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// "22 %", "1.3"; what there is and rounds to nothing is "under 1 %", "under 0.1".
QString rateText(const ToneRate& rate, double value)
{
    const auto text = [&](double of) {
        return rate.isShare ? format::percent(of, 0) : format::number(of, kWordPlaces);
    };
    const double least = rate.isShare ? 0.01 : 0.1;
    return value > 0 && value < least / 2
               ? ToneBlock::tr("under %1", "a rate that is not quite 0").arg(text(least))
               : text(value);
}

} // namespace

ToneBlock::ToneBlock(QWidget* parent)
    : ChartBlock(tr("What tone do they take?"), QStringLiteral("tone"), parent)
{
    m_objection = new TextLabel({}, TextRole::Small, this);
    m_objection->setObjectName(QStringLiteral("toneObjection"));
    m_objection->setMuted(true);
    m_objection->setWordWrap(true);
    plotsLayout()->addWidget(m_objection);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kSection);
    grid->setVerticalSpacing(space::kWide);
    grid->setColumnStretch(0, 1); // plots side by side are equally wide: one scale for all
    grid->setColumnStretch(1, 1);
    std::vector<PlotView*> plots;
    for (const ToneAxis& tone : toneAxes()) {
        auto* plot = new IntervalPlot(this);
        plot->setTitle(textOf(tone.label));
        plot->setAxisLabel(tr("%1 \u2192 %2", "low end of a tone axis, high end")
                               .arg(textOf(tone.low), textOf(tone.high)));
        plot->setReference(0, tr("average", "mean of all answers"));
        plot->setUnit(format::Unit::Count); // ticks at whole points
        plot->setObjectName(QStringLiteral("tone.") + textOf(tone.id));
        auto* cell = new QVBoxLayout;
        cell->setSpacing(space::kHalf);
        cell->addWidget(new TextLabel(textOf(tone.label), TextRole::BodyStrong, this));
        cell->addWidget(plot);
        const int place = static_cast<int>(m_axes.size());
        grid->addLayout(cell, place / kPlotColumns, place % kPlotColumns);
        m_axes.push_back(plot);
        plots.push_back(plot);
    }
    // Nine plots leave a place free.
    auto* counted = new QVBoxLayout;
    counted->setSpacing(space::kUnit);
    counted->addWidget(new TextLabel(tr("Counted in the answers"), TextRole::BodyStrong, this));
    m_rates = new TextLabel({}, TextRole::Small, this);
    m_rates->setObjectName(QStringLiteral("toneRates"));
    m_rates->setMuted(true);
    m_rates->setWordWrap(true);
    counted->addWidget(m_rates);
    counted->addStretch(1);
    const int free = static_cast<int>(m_axes.size());
    grid->addLayout(counted, free / kPlotColumns, free % kPlotColumns);
    plotsLayout()->addLayout(grid);
    setPlots(std::move(plots), kPlotColumns);
    setTableSource([this] { return m_table; });
}

/// A model with few answers takes no part in the comparison on all prompts.
QString ToneBlock::unmeasuredNote(const VoiceComparison& comparison, std::size_t model)
{
    const std::size_t answered = comparison.words[model].size();
    return answered < comparison.prompts.size()
               ? tr("only %1 of %2 prompts", "that a model answered, which are compared")
                     .arg(format::count(static_cast<qint64>(answered)),
                          format::count(static_cast<qint64>(comparison.prompts.size())))
               : tr("not measured", "the tone of a model");
}

IntervalRow ToneBlock::rowOf(const VoiceComparison& comparison, std::size_t model, std::size_t axis)
{
    const TonePlace& place = comparison.tone[model][axis];
    IntervalRow row;
    row.label = nameOf(comparison.models[model]);
    row.value = place.t.value - kAverageTone;
    row.low = place.t.low - kAverageTone;
    row.high = place.t.high - kAverageTone;
    row.model = -1;
    row.weak = place.isWeak();
    row.note =
        !place.objection.empty()    ? tr("not for these texts", "a tone axis does not apply")
        : std::isnan(place.t.value) ? unmeasuredNote(comparison, model)
        : place.isWeak() && place.promptsNeeded > 0
            ? tr("needs %n prompt(s)", nullptr, static_cast<int>(place.promptsNeeded))
            : tr("%1 (%2 to %3)", "value, interval")
                  .arg(signedPoints(row.value), signedPoints(row.low), signedPoints(row.high));
    return row;
}

/// All axes on one scale with the average in its middle, so that equal distances are equal
/// differences; the narrowest that holds all of them, so that differences are seen.
void ToneBlock::setComparison(const VoiceComparison& comparison, const std::vector<int>& looks)
{
    const std::vector<TonePlace>& places = comparison.tone.front();
    const auto greyed = std::ranges::count_if(
        places, [](const TonePlace& place) { return !place.objection.empty(); });
    m_objection->setVisible(greyed > 0);
    m_objection->setText(tr("%n axis(es) are grey: these answers do not read like English, and "
                            "what these axes count is English words.",
                            nullptr, static_cast<int>(greyed)));
    double furthest = 0;
    double noteWidth = 0;
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        std::vector<IntervalRow> rows;
        for (std::size_t m = 0; m < comparison.models.size(); ++m) {
            rows.push_back(rowOf(comparison, m, axis));
            rows.back().model = looks[m];
            for (const double end : {rows.back().low, rows.back().high})
                furthest = std::isfinite(end) ? std::max(furthest, std::abs(end)) : furthest;
            noteWidth = std::max(noteWidth, metrics.horizontalAdvance(rows.back().note));
        }
        m_axes[axis]->setRows(std::move(rows));
    }
    const std::vector<double> ticks = ticksAboutZero(furthest);
    for (IntervalPlot* plot : m_axes) {
        plot->setTicks(ticks);
        plot->setRange(ticks.front() * (1 + kToneAir), ticks.back() * (1 + kToneAir));
        plot->setNoteWidth(static_cast<int>(std::ceil(noteWidth)) + space::kWide);
    }
    header()->setNote(tr("points from the mean of all answers (10 are one standard deviation); "
                         "every chart from \u2212%1 to +%1",
                         "%1: a whole number of points")
                          .arg(format::number(ticks.back(), 0)));
    m_rates->setText(ratesNote(comparison));
    m_table = numbersOf(comparison);
    refreshTable();
}

/// "Answers with a disclaimer: haiku 2 %, sonnet 12 %." a line a rate; rates that no model has are
/// named together.
QString ToneBlock::ratesNote(const VoiceComparison& comparison)
{
    QStringList lines;
    QStringList none;
    for (std::size_t rate = 0; rate < toneRates().size(); ++rate) {
        const ToneRate& told = toneRates()[rate];
        QStringList models;
        bool isAny = false;
        for (std::size_t m = 0; m < comparison.models.size(); ++m) {
            const double value = comparison.rates[m][rate].value;
            isAny |= value > 0;
            if (!std::isnan(value))
                models << tr("%1 %2", "model, its rate")
                              .arg(nameOf(comparison.models[m]), rateText(told, value));
        }
        if (isAny)
            lines << tr("%1: %2.", "what is counted, models with their rates")
                         .arg(textOf(told.label), models.join(tr(", ", "between two counts")));
        else
            none << textOf(told.label);
    }
    if (!none.isEmpty())
        lines << tr("None at all: %1.").arg(none.join(tr(", ", "between two counts")));
    return lines.join(QLatin1Char('\n'));
}

PlotTable ToneBlock::numbersOf(const VoiceComparison& comparison) const
{
    PlotTable table{{tr("What"), tr("Model"), tr("Value"), tr("Low"), tr("High"), tr("Reliability"),
                     tr("Note")},
                    {},
                    {-1, -1, kPointPlaces, kPointPlaces, kPointPlaces, 2, -1},
                    {}};
    const auto number = [](double value) { return QString::number(value, 'g', 10); };
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        for (std::size_t m = 0; m < comparison.models.size(); ++m) {
            const IntervalRow& row = m_axes[axis]->rows()[m];
            table.rows.push_back({m_axes[axis]->title(), row.label, number(row.value),
                                  number(row.low), number(row.high),
                                  number(comparison.tone[m][axis].reliability),
                                  row.weak ? row.note : QString()});
            table.rowPlaces.push_back(-1);
        }
    }
    for (std::size_t rate = 0; rate < toneRates().size(); ++rate) {
        for (std::size_t m = 0; m < comparison.models.size(); ++m) {
            const Estimate& value = comparison.rates[m][rate];
            table.rows.push_back(
                {textOf(toneRates()[rate].label),
                 nameOf(comparison.models[m]),
                 number(value.value),
                 number(value.low),
                 number(value.high),
                 {},
                 toneRates()[rate].isShare ? tr("share of answers") : tr("per 100 words")});
            table.rowPlaces.push_back(toneRates()[rate].isShare ? kSharePlaces : kWordPlaces);
        }
    }
    return table;
}

} // namespace signalbox::ui
