// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "comparison_parts.h"
#include "marked_excerpt.h"

#include <ui/models/voice_comparison.h>

#include <QPointer>
#include <QWidget>

#include <array>
#include <set>
#include <utility>
#include <vector>

class QGridLayout;
class QLabel;

namespace signalbox::ui {

class ElidedLabel;
class TextLabel;

/// How much a reason counts beside the strongest one, as a bar.
class StrengthBar : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kWidth = 64;
    static constexpr int kHeight = 8;

    /// @param share  of the strongest, 0 to 1
    /// @param model  look of the model that shows it
    StrengthBar(double share, int model, QWidget* parent);
    [[nodiscard]] double share() const { return m_share; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_share;
    int m_model;
};

/// What tells two voices apart: the traits in words, and one prompt to hear it on, with the
/// passages marked that show them.
class PairView : public QWidget
{
    Q_OBJECT
public:
    explicit PairView(QWidget* parent = nullptr);

    void setPromptSource(PromptSource source) { m_source = std::move(source); }
    /// @param comparison  outlives what is shown of it
    /// @param looks       place of each model in the policy
    void setComparison(const VoiceComparison& comparison, std::vector<int> looks);
    void showPair(std::size_t a, std::size_t b);
    void showOneModel(); ///< on the diagonal, or where a pair was not measured

private:
    void buildExample();
    void showReasons();
    void showReason(QGridLayout& grid, int row, const VoiceReason& reason);
    void showExample();
    void showQuotes();
    void showMark(QLabel* label, std::size_t model);
    void refreshLook();
    [[nodiscard]] QString legendOf(const std::set<int>& heard) const;
    [[nodiscard]] const VoiceDistance& distance() const
    {
        return *m_comparison->matrix.pair(m_a, m_b);
    }
    [[nodiscard]] QString amountOf(const VoiceReason& reason) const;
    [[nodiscard]] std::vector<HeardPassage> heardIn(const std::string& text) const;

    const VoiceComparison* m_comparison = nullptr;
    std::vector<int> m_looks;
    PromptSource m_source;
    std::size_t m_a = 0;
    std::size_t m_b = 0;
    TextLabel* m_title = nullptr;
    TextLabel* m_sentence = nullptr; ///< where there is nothing to tell apart
    QWidget* m_reasons = nullptr;    ///< its rows: number, mark, strength, trait, amount
    TextLabel* m_order = nullptr;    ///< what their order and bars say
    QWidget* m_example = nullptr;
    TextLabel* m_prompt = nullptr;
    struct Quote
    {
        QLabel* mark = nullptr;
        ElidedLabel* name = nullptr;
        QLabel* text = nullptr;
    };
    std::array<Quote, 2> m_quotes;
    TextLabel* m_legend = nullptr;                                 ///< what the marked passages are
    std::vector<std::pair<QPointer<QLabel>, std::size_t>> m_marks; ///< with the model of each
};

} // namespace signalbox::ui
