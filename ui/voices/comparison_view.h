// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/voice_comparison.h>

#include <QScrollArea>

#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

class BoxPlotView;
class EmptyState;
class IntervalPlot;
class MatrixView;
class PlotView;
class SectionHeader;
class TextLabel;
struct IntervalRow;
struct MatrixCell;

/// How the voices compare: noticeability of every pair with the reasons for the selected one,
/// lengths as box plots, tone axes as dot plots with intervals. A view: it holds what it was given.
class ComparisonView : public QScrollArea
{
    Q_OBJECT
public:
    explicit ComparisonView(QWidget* parent = nullptr);

    /// @param looks  place of each model in the policy, which decides its colour and mark
    void setComparison(VoiceComparison comparison, std::vector<int> looks);
    /// Shown instead while nothing can be compared.
    void setMessage(const QString& title, const QString& hint);

    [[nodiscard]] const VoiceComparison& comparison() const { return m_comparison; }

private:
    void buildMatrix(QVBoxLayout* layout);
    void buildVerbosity(QVBoxLayout* layout);
    void buildTone(QVBoxLayout* layout);
    void fillMatrix();
    void fillVerbosity();
    void fillTone();
    void explainPair(int row, int column);
    [[nodiscard]] QString sampleNote() const; ///< what stands behind every number of the page
    [[nodiscard]] MatrixCell cellOf(std::size_t a, std::size_t b) const;
    [[nodiscard]] QString floorText(std::size_t model) const;
    [[nodiscard]] QString lengthNote(std::size_t model) const; ///< against the first model
    [[nodiscard]] IntervalRow toneRow(std::size_t model, std::size_t axis) const;
    void exportPlot(const PlotView& plot);

    VoiceComparison m_comparison;
    std::vector<int> m_looks;
    QWidget* m_content = nullptr;
    EmptyState* m_empty = nullptr;
    SectionHeader* m_matrixHeader = nullptr;
    MatrixView* m_matrix = nullptr;
    TextLabel* m_meaning = nullptr; ///< of the selected cell's number
    TextLabel* m_pairTitle = nullptr;
    TextLabel* m_pairReasons = nullptr;
    TextLabel* m_pairExample = nullptr;
    SectionHeader* m_verbosityHeader = nullptr;
    BoxPlotView* m_lengths = nullptr;
    TextLabel* m_ratios = nullptr;
    SectionHeader* m_toneHeader = nullptr;
    TextLabel* m_toneObjection = nullptr; ///< why axes are grey whatever is sent
    std::vector<IntervalPlot*> m_axes;
};

} // namespace signalbox::ui
