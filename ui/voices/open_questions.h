// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>
#include <ui/kit/plots.h>
#include <ui/models/voice_comparison.h>

#include <QWidget>

#include <optional>
#include <vector>

namespace signalbox::ui {

class PlotTableView;
class SectionHeader;
class TextLabel;

/// What these prompts decide and what not yet, and how many more would: pairs of models, tone axes,
/// gates of the policy. The sampling planner.
class OpenQuestions : public QWidget
{
    Q_OBJECT
public:
    explicit OpenQuestions(QWidget* parent = nullptr);
    void setComparison(const VoiceComparison& comparison);
    /// Whose gates are told, too: they rest on the same answers.
    void setProjection(const std::optional<Projection>& projection);

    enum class About { Pair, Tone, Gate };
    struct Question
    {
        About about = About::Pair;
        QString name;     ///< "haiku and opus"
        QString now;      ///< "0.04"
        QString interval; ///< "0.01 to 0.08"; empty if it has none
        QString limit;    ///< what it is held against: "more than 0.02"
        bool isDecided = false;
        QString answer;          ///< if it is decided: "noticeable", "not met"
        std::size_t prompts = 0; ///< in all, that would decide it; 0: not within reach
        std::size_t inHand = 0;  ///< behind `now`
        QString sentence;        ///< what decides it, or why nothing does
        /// "9,500": upwards to two digits, more would be a promise; empty if none help or are
        /// needed.
        [[nodiscard]] QString more() const;
        [[nodiscard]] QString state() const;
    };
    /// The open ones, what is nearest first.
    [[nodiscard]] const std::vector<Question>& questions() const { return m_open; }
    /// A question a row: the open ones, then those that are decided.
    [[nodiscard]] PlotTable table() const;

private:
    void refresh();
    void save();
    [[nodiscard]] QString explanation() const;

    std::vector<Question> m_ofVoices;
    std::vector<Question> m_ofGates;
    std::vector<Question> m_open;
    std::vector<Question> m_decided;
    std::size_t m_prompts = 0;
    SectionHeader* m_header = nullptr;
    TextLabel* m_summary = nullptr;
    PlotTableView* m_table = nullptr;
    TextLabel* m_explanation = nullptr; ///< of the columns, once for all rows
};

} // namespace signalbox::ui
