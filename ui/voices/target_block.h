// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/chart_block.h>
#include <ui/models/voice_comparison.h>

#include <vector>

namespace signalbox::ui {

class IntervalPlot;
class TextLabel;

/// How far each model lies from the golden answers, which read as all should, and by what.
class TargetBlock : public ChartBlock
{
    Q_OBJECT
public:
    explicit TargetBlock(QWidget* parent = nullptr);
    /// @param looks  place of each model in the policy
    void setComparison(const VoiceComparison& comparison, const std::vector<int>& looks);

private:
    [[nodiscard]] static PlotTable numbersOf(const VoiceComparison& comparison);

    IntervalPlot* m_plot = nullptr;
    TextLabel* m_reasons = nullptr;
    PlotTable m_table;
};

} // namespace signalbox::ui
