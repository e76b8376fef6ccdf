// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "comparison_parts.h"

#include <core/projection/projection.h>
#include <ui/kit/plots.h>
#include <ui/models/voice_comparison.h>

#include <QScrollArea>

#include <optional>
#include <utility>
#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

class ChartBlock;
class EmptyState;
class LabelledFacts;
class LengthBlock;
class OpenQuestions;
class PairView;
class StylePreview;
class TargetBlock;
class ToneBlock;
struct LabelledFact;

/// How the voices compare: noticeability of every pair with the reasons for the selected one, the
/// distance from the golden answers, lengths, tone, and what more prompts would decide; as written
/// or in an answer style. A view: it holds what it was given.
class ComparisonView : public QScrollArea
{
    Q_OBJECT
public:
    explicit ComparisonView(QWidget* parent = nullptr);

    /// @param looks  place of each model in the policy, which decides its colour and mark
    void setComparison(VoiceComparison comparison, std::vector<int> looks);
    void setPromptSource(PromptSource source);
    /// Shown instead while nothing can be compared.
    void setMessage(const QString& title, const QString& hint);

    /// What the next comparison is to be heard in; neutral: as written.
    [[nodiscard]] AnswerStyle heardStyle() const;
    void setPolicyStyle(const AnswerStyle& style);
    /// Its gates that are open are told with the prompts they need.
    void setProjection(const std::optional<Projection>& projection);

    [[nodiscard]] const VoiceComparison& comparison() const { return m_comparison; }

signals:
    void heardStyleChanged();
    void adoptStyleRequested(const signalbox::AnswerStyle& style);

private:
    void buildMatrix(QVBoxLayout* layout);
    void fillMatrix();
    [[nodiscard]] std::pair<int, int> mostNoticeablePair() const;
    void explainPair(int row, int column);
    [[nodiscard]] QString sampleNote() const; ///< what stands behind every number of the page
    [[nodiscard]] QString originNote() const; ///< which answers these are, in sentences
    [[nodiscard]] MatrixCell cellOf(std::size_t a, std::size_t b) const;
    [[nodiscard]] bool isOneFloor() const;
    [[nodiscard]] std::size_t pairIndex(std::size_t a, std::size_t b) const;
    [[nodiscard]] double asWritten(std::size_t a, std::size_t b) const;
    [[nodiscard]] QString floorText(std::size_t model) const;
    [[nodiscard]] QString withinText(const VoiceDistance& distance) const;
    [[nodiscard]] std::vector<LabelledFact> factsOf(std::size_t a, std::size_t b) const;
    [[nodiscard]] QString againstFloor(std::size_t a, std::size_t b) const;
    [[nodiscard]] PlotTable pairsTable() const;

    VoiceComparison m_comparison;
    std::vector<int> m_looks;
    PromptSource m_source;
    QWidget* m_content = nullptr;
    EmptyState* m_empty = nullptr;
    StylePreview* m_style = nullptr;
    ChartBlock* m_block = nullptr; ///< of the matrix
    MatrixView* m_matrix = nullptr;
    LabelledFacts* m_meaning = nullptr; ///< of the selected cell's number
    PairView* m_pair = nullptr;
    TargetBlock* m_target = nullptr;
    LengthBlock* m_lengths = nullptr;
    ToneBlock* m_tone = nullptr;
    OpenQuestions* m_open = nullptr;
};

} // namespace signalbox::ui
