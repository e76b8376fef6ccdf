// SPDX-License-Identifier: GPL-3.0-or-later
#include "rule_pane.h"

#include "condition_editor.h"
#include "condition_formula.h"
#include "group_edits.h"
#include "margin_edits.h"
#include "margin_fields.h"
#include "plan_editor.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace signalbox::ui {

RulePane::RulePane(Workbench& workbench, QWidget* parent) : InspectorPane(workbench, parent)
{
    setObjectName(QStringLiteral("rulePane"));
    buildName();
    buildCondition();
    buildPlan();
    buildMargin();
    buildNote();
    connect(&this->workbench().planEvidence(), &PlanEvidence::changed, this,
            &RulePane::refreshTakeovers);
}

void RulePane::buildName()
{
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kUnit);
    m_label = new TextField(tr("Name of the rule"));
    m_label->setObjectName(QStringLiteral("ruleLabel"));
    m_label->setPlaceholderText(tr("Name of the rule"));
    m_enabled = new QCheckBox(tr("Enabled"));
    m_enabled->setObjectName(QStringLiteral("ruleEnabled"));
    line->addWidget(m_label, 1);
    line->addWidget(m_enabled);
    body()->addLayout(line);
    connect(m_label, &QLineEdit::textEdited, this, [this](const QString& text) {
        edit(Pace::Typing, [&](Rule& rule) { rule.label = text.toStdString(); });
    });
    connect(m_enabled, &QCheckBox::clicked, this,
            [this](bool on) { edit(Pace::Once, [&](Rule& rule) { rule.enabled = on; }); });
}

void RulePane::buildCondition()
{
    addSection(tr("If"));
    m_formula = new ConditionFormula;
    m_condition = new ConditionEditor;
    m_condition->setOffersNewSignals(true);
    m_threshold = new ThresholdPanel(workbench());
    body()->addWidget(m_formula);
    body()->addWidget(m_condition);
    body()->addWidget(m_threshold);
    connect(m_condition, &ConditionEditor::edited, this,
            [this](const Condition& root, const std::string& path, Pace pace) {
                edit(pace, [&](Rule& rule) { rule.when = root; });
                editor().setSelection(selectRule(m_id, joinPath("when", path)));
            });
    connect(m_condition, &ConditionEditor::currentPathChanged, this,
            [this](const std::string& path) {
                editor().setSelection(selectRule(m_id, joinPath("when", path)));
            });
    connect(m_condition, &ConditionEditor::newSignalChosen, this, &RulePane::addSignal);
    connect(m_threshold, &ThresholdPanel::requestChosen, this, &RulePane::requestChosen);
    connectFormula();
}

/// What is typed is seen on the canvas and in the numbers at once, and is one step when it is done.
void RulePane::connectFormula()
{
    connect(m_formula, &ConditionFormula::previewed, this, [this](const Condition& condition) {
        const Rule* const rule = editor().document().findRule(m_id);
        if (!rule)
            return;
        Rule changed = *rule;
        changed.when = condition;
        editor().preview(ReplaceRule{m_id, std::move(changed)});
    });
    connect(m_formula, &ConditionFormula::previewEnded, this, [this] { editor().cancelPreview(); });
    connect(m_formula, &ConditionFormula::committed, this, [this](const Condition& condition) {
        edit(Pace::Once, [&](Rule& rule) { rule.when = condition; });
    });
    connect(&editor(), &PolicyEditor::commitRequested, m_formula, &ConditionFormula::commit);
}

void RulePane::buildPlan()
{
    addSection(tr("Then"));
    m_plan = new PlanEditor;
    body()->addWidget(m_plan);
    connect(m_plan, &PlanEditor::edited, this,
            [this](const Plan& root, const std::string& path, Pace pace) {
                edit(pace, [&](Rule& rule) { rule.plan = root; });
                editor().setSelection(selectRule(m_id, joinPath("plan", path)));
            });
    connect(m_plan, &PlanEditor::currentPathChanged, this, [this](const std::string& path) {
        editor().setSelection(selectRule(m_id, joinPath("plan", path)));
    });
}

/// What is in doubt stands right below what is not.
void RulePane::buildMargin()
{
    m_margin = new MarginFields;
    body()->addWidget(m_margin);
    connect(m_margin, &MarginFields::addRequested, this, [this] {
        PolicySelection at = editor().selection();
        if (at.kind != PolicySelection::Kind::Rule || RuleId(at.id) != m_id)
            at = selectRule(m_id);
        const auto gesture = addMargin(editor().document(), at);
        if (gesture && editor().push(gesture->edit))
            editor().setSelection(gesture->after);
    });
    connect(m_margin, &MarginFields::removeRequested, this, [this] {
        edit(Pace::Once, [](Rule& rule) { rule.uncertain.reset(); });
        editor().setSelection(selectRule(m_id));
    });
    connect(m_margin, &MarginFields::edited, this, [this](const Uncertain& uncertain, Pace pace) {
        edit(pace, [&](Rule& rule) { rule.uncertain = uncertain; });
        editor().setSelection(selectUncertain(m_id));
    });
    PlanEditor* const plan = m_margin->planEditor();
    connect(plan, &PlanEditor::edited, this,
            [this](const Plan& root, const std::string& path, Pace pace) {
                edit(pace, [&](Rule& rule) {
                    if (rule.uncertain)
                        rule.uncertain->plan = root;
                });
                editor().setSelection(selectUncertainPlan(m_id, path));
            });
    connect(plan, &PlanEditor::currentPathChanged, this, [this](const std::string& path) {
        editor().setSelection(selectUncertainPlan(m_id, path));
    });
}

void RulePane::buildNote()
{
    addSection(tr("Note"));
    m_note = new NoteField(tr("Note"), 8);
    m_note->setPlaceholderText(tr("Why this rule is here"));
    body()->addWidget(m_note);
    m_group = new ChoiceField(tr("Under the heading"));
    m_group->setObjectName(QStringLiteral("ruleGroup"));
    addField(tr("Under the heading"), m_group);
    connect(m_group, &QComboBox::activated, this, &RulePane::chooseGroup);
    m_idField = new TextField(tr("Id"));
    m_idField->setFont(Theme::font(TextRole::Mono));
    addField(tr("Id in the file, in traces and in logs"), m_idField);
    connect(m_note, &NoteField::textEdited, this, [this](const QString& text) {
        edit(Pace::Typing, [&](Rule& rule) { rule.note = text.toStdString(); });
    });
    // An id is renamed as a whole: half of one may be another rule's.
    connect(m_idField, &QLineEdit::editingFinished, this, [this] {
        m_idField->setPending(false);
        const RuleId wanted(m_idField->text().trimmed().toStdString());
        if (wanted == m_id || wanted.isEmpty() || editor().document().findRule(wanted)) {
            m_idField->setValue(m_id.value);
            return;
        }
        edit(Pace::Once, [&](Rule& rule) { rule.id = wanted; });
    });
}

/// No heading, those there are, and a new one.
void RulePane::showGroups(const PolicyDocument& document, const Rule& rule)
{
    const QSignalBlocker quiet(m_group);
    m_group->clear();
    m_group->addItem(tr("none", "heading"), QString());
    int chosen = rule.group.empty() ? 0 : -1;
    for (const RuleGroup& group : document.groups) {
        if (group.id == rule.group)
            chosen = m_group->count();
        m_group->addItem(PolicyWords::group(group), QString::fromStdString(group.id));
    }
    if (chosen < 0) {
        chosen = m_group->count();
        m_group->addItem(tr("%1 (missing)", "a heading").arg(PolicyWords::text(rule.group)),
                         QString::fromStdString(rule.group));
    }
    m_group->insertSeparator(m_group->count());
    m_group->addItem(icon(Icon::Add), tr("New heading..."));
    m_group->setCurrentIndex(chosen);
}

void RulePane::chooseGroup()
{
    const QVariant id = m_group->currentData();
    const auto gesture =
        id.isValid() ? setGroup(editor().document(), selectRule(m_id), id.toString().toStdString())
                     : addGroup(editor().document(), selectRule(m_id));
    if (gesture && editor().push(gesture->edit))
        editor().setSelection(gesture->after);
}

template<class Change> void RulePane::edit(Pace pace, Change change)
{
    const Rule* const rule = editor().document().findRule(m_id);
    if (!rule)
        return;
    Rule changed = *rule;
    change(changed);
    push(ReplaceRule{m_id, std::move(changed)}, pace);
}

/// Makes the signal and compares it in one step, then shows it: most kinds want to be told more.
void RulePane::addSignal(const std::string& path, std::size_t kind)
{
    const auto gesture =
        compareNewSignal(editor().document(), selectRule(m_id, joinPath("when", path)), kind);
    if (gesture && editor().push(gesture->edit))
        editor().setSelection(gesture->after);
}

void RulePane::refresh(const PolicyDocument& document, const PolicySelection& selection)
{
    const Rule* const rule = document.findRule(RuleId(selection.id));
    if (!rule)
        return;
    const bool another = m_id != rule->id;
    m_id = rule->id;
    m_label->setValue(rule->label);
    {
        const QSignalBlocker quiet(m_enabled);
        m_enabled->setChecked(rule->enabled);
    }
    const auto conditionPath = conditionPathOf(selection);
    const Rule* const kept = editor().document().findRule(rule->id);
    m_formula->setCondition(rule->when, kept ? kept->when : rule->when, rule->id.value, document);
    const std::string planPath = planPathOf(selection).value_or("-");
    const bool inMargin = isInUncertain(selection);
    m_condition->setCondition(rule->when, document.signalList);
    m_plan->setPlan(rule->plan, document);
    m_condition->setCurrentPath(conditionPath.value_or("-"));
    m_plan->setCurrentPath(inMargin ? "-" : planPath);
    m_margin->setRule(*rule, document);
    m_margin->setCurrentPath(inMargin ? planPath : "-");
    refreshTakeovers();
    m_threshold->show(document, *rule, conditionPath.value_or(""));
    showGroups(document, *rule);
    m_note->setValue(rule->note);
    if (another || !m_idField->isPending())
        m_idField->setValue(rule->id.value);
}

void RulePane::refreshTakeovers()
{
    const std::string root = "rules[" + m_id.value + ']';
    const std::vector<FallbackEdge>& edges = workbench().planEvidence().edges();
    const PolicyDocument& document = editor().document();
    m_plan->setTakeovers(takeoversWithin(edges, root + ".plan", document));
    m_margin->planEditor()->setTakeovers(
        takeoversWithin(edges, root + ".uncertain.plan", document));
}

void RulePane::focusPart(const PolicySelection& selection)
{
    const auto path = planPathOf(selection);
    if (isInUncertain(selection) && !path)
        m_margin->focusFirst();
    else if (path)
        (isInUncertain(selection) ? m_margin->planEditor() : m_plan)->focusPath(*path);
    else if (const auto condition = conditionPathOf(selection))
        m_condition->focusPath(*condition);
    else
        focusName();
}

void RulePane::focusFormula(const PolicySelection& selection)
{
    m_formula->focusText(conditionPathOf(selection).value_or(""));
}

void RulePane::focusName()
{
    m_label->setFocus(Qt::OtherFocusReason);
    m_label->selectAll();
}

QWidget* RulePane::partOf(const PolicySelection& selection)
{
    const bool inMargin = isInUncertain(selection);
    if (const auto path = planPathOf(selection))
        return (inMargin ? m_margin->planEditor() : m_plan)->partAt(*path);
    if (inMargin)
        return m_margin;
    if (const auto path = conditionPathOf(selection))
        return m_condition->partAt(*path);
    return m_label;
}

OtherwisePane::OtherwisePane(Workbench& workbench, QWidget* parent)
    : InspectorPane(workbench, parent)
{
    setObjectName(QStringLiteral("otherwisePane"));
    auto* const hint =
        new TextLabel(tr("What happens to a request that no rule took."), TextRole::Small);
    hint->setMuted(true);
    hint->setWordWrap(true);
    body()->addWidget(hint);
    addSection(tr("Then"));
    m_plan = new PlanEditor;
    body()->addWidget(m_plan);
    connect(m_plan, &PlanEditor::edited, this,
            [this](const Plan& root, const std::string& path, Pace pace) {
                push(SetOtherwise{root}, pace);
                editor().setSelection(selectOtherwise(path));
            });
    connect(m_plan, &PlanEditor::currentPathChanged, this,
            [this](const std::string& path) { editor().setSelection(selectOtherwise(path)); });
    connect(&this->workbench().planEvidence(), &PlanEvidence::changed, this,
            &OtherwisePane::refreshTakeovers);
}

void OtherwisePane::refresh(const PolicyDocument& document, const PolicySelection& selection)
{
    m_plan->setPlan(document.otherwise, document);
    m_plan->setCurrentPath(selection.path.empty() ? "-" : selection.path);
    refreshTakeovers();
}

void OtherwisePane::refreshTakeovers()
{
    m_plan->setTakeovers(
        takeoversWithin(workbench().planEvidence().edges(), "otherwise", editor().document()));
}

void OtherwisePane::focusPart(const PolicySelection& selection)
{
    m_plan->focusPath(selection.path);
}

void OtherwisePane::focusName()
{
    m_plan->focusPath({});
}

QWidget* OtherwisePane::partOf(const PolicySelection& selection)
{
    return m_plan->partAt(selection.path);
}

} // namespace signalbox::ui
