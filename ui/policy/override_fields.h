// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/plan.h>

#include <QWidget>

class QCheckBox;
class QPushButton;

namespace signalbox::ui {

class AnswerStyleFields;

/// How one call asks its model otherwise than it is asked elsewhere: a line until it does, or until
/// somebody opens it.
class OverrideFields final : public QWidget
{
    Q_OBJECT
public:
    explicit OverrideFields(QWidget* parent = nullptr);
    void setOverrides(const CallOverrides& overrides);

signals:
    void edited(const signalbox::CallOverrides& overrides, signalbox::ui::Pace pace);

private:
    void buildSystem();
    void buildLimits();
    void buildStyle();
    void refreshHead();

    CallOverrides m_overrides;
    bool m_isOpen = false;
    QPushButton* m_head = nullptr;
    QWidget* m_body = nullptr;
    ChoiceField* m_mode = nullptr;
    NoteField* m_text = nullptr;
    NumberField* m_temperature = nullptr;
    NumberField* m_maxTokens = nullptr;
    QCheckBox* m_hasStyle = nullptr;
    AnswerStyleFields* m_style = nullptr;
};

} // namespace signalbox::ui
