// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/document.h>

#include <QWidget>

class QPushButton;

namespace signalbox::ui {

class PlanEditor;

/// What a rule does with the requests that it can hardly tell apart: a button until it does
/// anything, then the margin and its plan.
class MarginFields final : public QWidget
{
    Q_OBJECT
public:
    explicit MarginFields(QWidget* parent = nullptr);

    void setRule(const Rule& rule, const PolicyDocument& document);
    /// Of the plan's parts; "-" for none.
    void setCurrentPath(const std::string& planPath);
    [[nodiscard]] PlanEditor* planEditor() const { return m_plan; }
    void focusFirst();

signals:
    void addRequested();
    void removeRequested();
    void edited(const signalbox::Uncertain& uncertain, signalbox::ui::Pace pace);

private:
    QPushButton* m_add = nullptr;
    QWidget* m_body = nullptr;
    NumberField* m_margin = nullptr;
    SignalField* m_signal = nullptr;
    PlanEditor* m_plan = nullptr;
    Uncertain m_uncertain;
};

} // namespace signalbox::ui
