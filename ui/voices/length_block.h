// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/chart_block.h>
#include <ui/models/voice_comparison.h>

#include <vector>

namespace signalbox::ui {

class BoxPlotView;
class SegmentedControl;
class SlopePlot;
class TextLabel;

/// How long the models write: box plots of all answers, or the same prompts from model to model;
/// the ratios prompt by prompt in words; behind them a table of all that is counted of length.
class LengthBlock : public ChartBlock
{
    Q_OBJECT
public:
    explicit LengthBlock(QWidget* parent = nullptr);
    /// @param looks  place of each model in the policy
    void setComparison(const VoiceComparison& comparison, const std::vector<int>& looks);

private:
    void showChart(int index);
    [[nodiscard]] static QString ratioNote(const VoiceComparison& comparison, std::size_t model);
    [[nodiscard]] static PlotTable measuresTable(const VoiceComparison& comparison);

    SegmentedControl* m_choice = nullptr;
    BoxPlotView* m_boxes = nullptr;
    SlopePlot* m_slopes = nullptr;
    TextLabel* m_ratios = nullptr;
    PlotTable m_table;
};

} // namespace signalbox::ui
