// SPDX-License-Identifier: GPL-3.0-or-later
#include "length_block.h"

#include "comparison_parts.h"

#include <core/voice/voice_distance.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/plots.h>
#include <ui/kit/slope_plot.h>
#include <ui/kit/theme.h>

#include <QVBoxLayout>

namespace signalbox::ui {

LengthBlock::LengthBlock(QWidget* parent)
    : ChartBlock(tr("How long are the answers?"), QStringLiteral("lengths"), parent)
{
    m_choice = new SegmentedControl(tr("Chart of the lengths"), this);
    m_choice->setObjectName(QStringLiteral("lengthChart"));
    m_choice->addSegment(tr("All answers"), tr("Words of all answers of a model, as boxes"));
    m_choice->addSegment(tr("Prompt by prompt"),
                         tr("A line for each prompt from model to model; the thick one joins the "
                            "medians"));
    header()->addControl(m_choice);
    m_boxes = new BoxPlotView(this);
    m_boxes->setTitle(tr("Words per answer"));
    m_boxes->setObjectName(QStringLiteral("lengths"));
    m_boxes->setAxisLabel(
        format::unbroken(tr("words per answer (log scale; box: middle half, line: 5 to 95 %)")));
    plotsLayout()->addWidget(m_boxes);
    m_slopes = new SlopePlot(this);
    m_slopes->setTitle(tr("Words per answer, prompt by prompt"));
    m_slopes->setObjectName(QStringLiteral("slopes"));
    m_slopes->setAxisLabel(tr("words per answer (log scale: equally steep is equally many times)"));
    plotsLayout()->addWidget(m_slopes);
    m_ratios = new TextLabel({}, TextRole::Small, this);
    m_ratios->setObjectName(QStringLiteral("lengthRatios"));
    m_ratios->setWordWrap(true);
    m_ratios->setMuted(true);
    notesLayout()->addWidget(m_ratios);
    setTableSource([this] { return m_table; });
    connect(m_choice, &SegmentedControl::currentChanged, this, [this](int i) { showChart(i); });
    showChart(0);
}

void LengthBlock::showChart(int index)
{
    m_boxes->setVisible(index == 0);
    m_slopes->setVisible(index == 1);
    setPlots({index == 0 ? static_cast<PlotView*>(m_boxes) : m_slopes});
    showTable(false);
}

/// The longer writer first, in the very words of the reason for the pair.
QString LengthBlock::ratioNote(const VoiceComparison& comparison, std::size_t model)
{
    const VerbosityComparison& verbosity = comparison.verbosity[model];
    const Estimate& ratio = verbosity.pairedRatio;
    const bool isLonger = ratio.value >= 1;
    const QString name = nameOf(comparison.models[model]);
    const QString first = nameOf(comparison.models.front());
    const double longer = verbosity.shareALonger.value;
    if (ratio.low <= 1 && ratio.high >= 1)
        return tr("%1 and %2: no difference in length is shown on the same prompts (%3 to %4 times "
                  "as many words).",
                  "two models, an interval")
            .arg(name, first, twoPlaces(ratio.low), twoPlaces(ratio.high));
    return tr("%1: typically %2 times as many words (%3 to %4), longer on %5 of them.",
              "sentence on the length of two models' answers, ratio, interval, share")
        .arg(format::unbroken(QString::fromStdString(
                 lengthSentence(name.toStdString(), first.toStdString(), ratio.value))),
             twoPlaces(isLonger ? ratio.value : 1 / ratio.value),
             twoPlaces(isLonger ? ratio.low : 1 / ratio.high),
             twoPlaces(isLonger ? ratio.high : 1 / ratio.low),
             format::percent(isLonger ? longer : 1 - longer, 0));
}

PlotTable LengthBlock::measuresTable(const VoiceComparison& comparison)
{
    PlotTable table;
    table.columns = {tr("Model"),
                     tr("Words"),
                     tr("Median words"),
                     tr("Sentences"),
                     tr("Characters"),
                     tr("Tokens"),
                     tr("Words per sentence"),
                     tr("Longer than %1").arg(nameOf(comparison.models.front())),
                     tr("Ratio, paired"),
                     tr("Ratio of means"),
                     tr("With a list"),
                     tr("With bold"),
                     tr("With a header"),
                     tr("List items per 100 words"),
                     tr("Bold per 100 words")};
    // As the charts and sentences tell them, or as the spread of answers allows.
    table.places = {-1, 1, 0, 1, 0, 1, 1, -1, 2, 2, -1, -1, -1, 1, 1};
    const auto number = [](double value) { return QString::number(value, 'g', 10); };
    for (std::size_t m = 0; m < comparison.models.size(); ++m) {
        const Verbosity& measures = comparison.measures[m];
        const VerbosityComparison& paired = comparison.verbosity[m];
        const AnswerTokens& tokens = comparison.tokens[m];
        const QString tokenText = format::number(tokens.mean, 1);
        QStringList row = {nameOf(comparison.models[m]), number(measures.words.value),
                           number(BoxPlotView::quantilesOf(comparison.words[m])[2]),
                           number(measures.sentences.value), number(measures.characters.value)};
        row << (tokens.n == 0        ? tr("unknown")
                : tokens.isEstimated ? tr("%1 estimated").arg(tokenText)
                                     : number(tokens.mean));
        row << number(measures.wordsPerSentence);
        const bool isFirst = m == 0;
        row << (isFirst ? QStringLiteral("\u2013") : format::percent(paired.shareALonger.value, 0));
        row << number(paired.pairedRatio.value) << number(paired.ratioOfMeans);
        for (const double share :
             {measures.shareWithList, measures.shareWithBold, measures.shareWithHeader})
            row << (std::isnan(share) ? QStringLiteral("\u2013") : format::percent(share, 0));
        row << number(measures.listItemsPer100Words) << number(measures.boldPer100Words);
        table.rows.push_back(row);
    }
    return table;
}

void LengthBlock::setComparison(const VoiceComparison& comparison, const std::vector<int>& looks)
{
    std::vector<BoxRow> rows;
    std::vector<SlopeColumn> columns;
    QStringList ratios;
    for (std::size_t m = 0; m < comparison.models.size(); ++m) {
        BoxRow row;
        row.label = nameOf(comparison.models[m]);
        row.quantiles = BoxPlotView::quantilesOf(comparison.words[m]);
        row.samples = comparison.words[m].size();
        row.model = looks[m];
        row.note = tr("%n answer(s)", nullptr, static_cast<int>(row.samples));
        row.median = tr("median %1 words").arg(format::number(row.quantiles[2], 0));
        columns.push_back({row.label, comparison.lengths[m], looks[m]});
        rows.push_back(std::move(row));
        if (m > 0)
            ratios << ratioNote(comparison, m);
    }
    QStringList prompts;
    for (const PromptId& id : comparison.prompts)
        prompts << QString::fromStdString(id.value);
    m_boxes->setRows(std::move(rows));
    m_slopes->setColumns(std::move(columns), prompts);
    if (comparison.models.size() > 1)
        ratios << tr(
            "These compare answers to the same prompt; the medians in the chart are of all "
            "answers of a model, so their ratio can differ.");
    m_ratios->setText(ratios.join(QLatin1Char('\n')));
    m_table = measuresTable(comparison);
    refreshTable();
}

} // namespace signalbox::ui
