// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/chart_block.h>
#include <ui/models/voice_comparison.h>

#include <vector>

namespace signalbox::ui {

class IntervalPlot;
class TextLabel;
struct IntervalRow;

/// What tone the models take: a dot plot with intervals an axis, all on one scale; weak axes grey,
/// with what they need. The table behind holds what is counted as shares and rates, too.
class ToneBlock : public ChartBlock
{
    Q_OBJECT
public:
    explicit ToneBlock(QWidget* parent = nullptr);
    /// @param looks  place of each model in the policy
    void setComparison(const VoiceComparison& comparison, const std::vector<int>& looks);

private:
    [[nodiscard]] static QString unmeasuredNote(const VoiceComparison& comparison,
                                                std::size_t model);
    [[nodiscard]] static IntervalRow rowOf(const VoiceComparison& comparison, std::size_t model,
                                           std::size_t axis);
    [[nodiscard]] static QString ratesNote(const VoiceComparison& comparison);
    [[nodiscard]] PlotTable numbersOf(const VoiceComparison& comparison) const;

    TextLabel* m_objection = nullptr; ///< why axes are grey whatever is sent
    TextLabel* m_rates = nullptr;     ///< shares and rates that are no axes
    std::vector<IntervalPlot*> m_axes;
    PlotTable m_table;
};

} // namespace signalbox::ui
