// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/voice_comparison.h>

#include <QPointer>
#include <QScrollArea>

#include <array>
#include <functional>
#include <utility>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace signalbox::ui {

class BoxPlotView;
class ElidedLabel;
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
    /// What is known of the prompts elsewhere.
    struct PromptSource
    {
        std::function<QString(const PromptId&)> text;   ///< empty: unknown
        std::function<bool(const PromptId&)> isInTable; ///< of the lab
    };
    void setPromptSource(PromptSource source);
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
    [[nodiscard]] QString originNote() const; ///< which answers these are, in sentences
    void buildPair(QVBoxLayout* layout);
    void showReasons(std::size_t a, std::size_t b);
    void showExample(std::size_t a, std::size_t b, std::size_t prompt);
    void showMark(QLabel* label, std::size_t model);
    void refreshMarks();
    [[nodiscard]] QString amountOf(const VoiceReason& reason, std::size_t a, std::size_t b) const;
    [[nodiscard]] MatrixCell cellOf(std::size_t a, std::size_t b) const;
    [[nodiscard]] QString floorText(std::size_t model) const;
    [[nodiscard]] QString againstFloor(std::size_t a, std::size_t b) const;
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
    TextLabel* m_pairSentence = nullptr; ///< where there is nothing to tell apart
    QWidget* m_pairReasons = nullptr;    ///< its rows: mark, trait, amount
    QWidget* m_pairExample = nullptr;
    TextLabel* m_examplePrompt = nullptr;
    struct Quote
    {
        QLabel* mark = nullptr;
        ElidedLabel* name = nullptr;
        TextLabel* text = nullptr;
    };
    std::array<Quote, 2> m_quotes;
    std::vector<std::pair<QPointer<QLabel>, std::size_t>> m_marks; ///< with the model of each
    PromptSource m_source;
    SectionHeader* m_verbosityHeader = nullptr;
    BoxPlotView* m_lengths = nullptr;
    TextLabel* m_ratios = nullptr;
    SectionHeader* m_toneHeader = nullptr;
    TextLabel* m_toneObjection = nullptr; ///< why axes are grey whatever is sent
    std::vector<IntervalPlot*> m_axes;
};

} // namespace signalbox::ui
