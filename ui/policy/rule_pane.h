// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspector_pane.h"
#include "threshold_panel.h"

class QCheckBox;

namespace signalbox::ui {

class ConditionEditor;
class ConditionFormula;
class MarginFields;
class PlanEditor;
class TextLabel;

/// A rule in the inspector: name, condition with its histogram, plan, margin with its plan, note.
class RulePane final : public InspectorPane
{
    Q_OBJECT
public:
    explicit RulePane(Workbench& workbench, QWidget* parent = nullptr);

    void refresh(const PolicyDocument& document, const PolicySelection& selection) override;
    void focusPart(const PolicySelection& selection) override;
    void focusName() override;
    [[nodiscard]] QWidget* partOf(const PolicySelection& selection) override;
    /// Gives the keyboard to the condition's text, at what the selection points at.
    void focusFormula(const PolicySelection& selection);

private:
    void buildName();
    void buildCondition();
    void connectFormula();
    void buildPlan();
    void buildMargin();
    void buildNote();
    void showGroups(const PolicyDocument& document, const Rule& rule);
    void chooseGroup();
    void addSignal(const std::string& path, std::size_t kind);
    void refreshTakeovers();
    /// Pushes the rule as it is in the document with `change` made to it.
    template<class Change> void edit(Pace pace, Change change);

    RuleId m_id;
    TextField* m_label = nullptr;
    QCheckBox* m_enabled = nullptr;
    ConditionFormula* m_formula = nullptr;
    ConditionEditor* m_condition = nullptr;
    ThresholdPanel* m_threshold = nullptr;
    PlanEditor* m_plan = nullptr;
    MarginFields* m_margin = nullptr;
    ChoiceField* m_group = nullptr;
    NoteField* m_note = nullptr;
    TextField* m_idField = nullptr;
};

/// `otherwise` in the inspector: its plan.
class OtherwisePane final : public InspectorPane
{
    Q_OBJECT
public:
    explicit OtherwisePane(Workbench& workbench, QWidget* parent = nullptr);

    void refresh(const PolicyDocument& document, const PolicySelection& selection) override;
    void focusPart(const PolicySelection& selection) override;
    void focusName() override;
    [[nodiscard]] QWidget* partOf(const PolicySelection& selection) override;

private:
    void refreshTakeovers();

    PlanEditor* m_plan = nullptr;
};

} // namespace signalbox::ui
