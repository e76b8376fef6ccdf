// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/judge_session.h>

#include <QDialog>
#include <QTimer>

#include <string>
#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QGridLayout;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace signalbox::ui {

class TextLabel;

/// Asks which model is to judge a tasting, what, and for how much at most; says what that would
/// take before anything is sent. It sends nothing: judgeChosen() says it.
class JudgeSheet final : public QDialog
{
    Q_OBJECT
public:
    /// @param tasting  that is judged; its axes are proposed
    JudgeSheet(const JudgeSession& session, const Tasting& tasting, QWidget* parent = nullptr);

    [[nodiscard]] ModelId judge() const;
    [[nodiscard]] JudgeChoices choices() const;
    [[nodiscard]] RunCaps caps() const;

signals:
    void judgeChosen(); ///< the sheet is closed by then

private:
    void buildChoices(QVBoxLayout* layout, const Tasting& tasting);
    void buildTone(QGridLayout* grid, int row, const Tasting& tasting);
    void buildForecast(QVBoxLayout* layout);
    void buildButtons(QVBoxLayout* layout);
    void refresh();
    void forecast();
    void showForecast(const JudgePreflight& flight);

    const JudgeSession& m_session;
    QComboBox* m_judge = nullptr;
    QSpinBox* m_prompts = nullptr;
    QCheckBox* m_preference = nullptr;
    std::vector<std::pair<std::string, QCheckBox*>> m_axes;
    QDoubleSpinBox* m_cap = nullptr;
    TextLabel* m_amount = nullptr;
    TextLabel* m_common = nullptr;
    TextLabel* m_doubts = nullptr;
    QPushButton* m_send = nullptr;
    QTimer m_next;          ///< after the last of many changes
    quint64 m_question = 0; ///< the newest; a late answer to an older one is dropped
};

} // namespace signalbox::ui
