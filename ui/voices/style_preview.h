// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/answer_style.h>

#include <QWidget>

#include <array>
#include <optional>

class QCheckBox;
class QPushButton;
class QSpinBox;
class QTimer;

namespace signalbox::ui {

class SegmentedControl;
class TextLabel;
struct VoiceComparison;

/// Hears the same answers in an answer style before anything is changed or sent: what the policy's
/// normaliser would do to them, and how much less a switch of model would be noticed then.
class StylePreview : public QWidget
{
    Q_OBJECT
public:
    explicit StylePreview(QWidget* parent = nullptr);

    /// What the answers are to be heard in; neutral: as they were written.
    [[nodiscard]] AnswerStyle heardStyle() const;
    /// The policy's own, which the preview begins with and the button compares with.
    void setPolicyStyle(const AnswerStyle& style);
    void setResult(const VoiceComparison& comparison);
    void setWaiting(); ///< measured anew

signals:
    void heardStyleChanged(); ///< a moment after the last change
    void adoptRequested(const signalbox::AnswerStyle& style);

private:
    void showMode(int index);
    void refreshFields();
    void refreshButton();
    void readFields();
    [[nodiscard]] bool isStyled() const;

    AnswerStyle m_style; ///< of the fields
    AnswerStyle m_policy;
    bool m_wasEdited = false;
    SegmentedControl* m_mode = nullptr;
    QWidget* m_fields = nullptr;
    std::array<QCheckBox*, 3> m_flags{};
    QSpinBox* m_maxWords = nullptr;
    QPushButton* m_adopt = nullptr;
    TextLabel* m_result = nullptr;
    QTimer* m_settle = nullptr;
};

} // namespace signalbox::ui
