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

/// What these prompts do not decide yet, and how many would: pairs of models, tone axes, gates of
/// the policy. The sampling planner.
class OpenQuestions : public QWidget
{
    Q_OBJECT
public:
    explicit OpenQuestions(QWidget* parent = nullptr);
    void setComparison(const VoiceComparison& comparison);
    /// Whose open gates are told, too: they rest on the same answers.
    void setProjection(const std::optional<Projection>& projection);

    struct Question
    {
        QString name;            ///< "haiku and opus"
        QString open;            ///< "more noticeable than 0.02?"
        std::size_t prompts = 0; ///< that would decide it; 0: not within reach
        double chance = 0;
        QString sentence;
    };
    [[nodiscard]] const std::vector<Question>& questions() const { return m_shown; }

private:
    void refresh();

    std::vector<Question> m_ofVoices;
    std::vector<Question> m_ofGates;
    std::vector<Question> m_shown;
    std::size_t m_prompts = 0;
    int m_decided = 0;
    SectionHeader* m_header = nullptr;
    TextLabel* m_summary = nullptr;
    PlotTableView* m_table = nullptr;
};

} // namespace signalbox::ui
