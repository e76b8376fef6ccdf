// SPDX-License-Identifier: GPL-3.0-or-later
#include "document_pane.h"

#include "answer_style_fields.h"
#include "gate_list.h"
#include "group_edits.h"
#include "group_list.h"
#include "policy_edits.h"
#include "policy_paths.h"
#include "test_list.h"
#include "voice_fields.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {
namespace {

void showChecked(QCheckBox* box, bool checked)
{
    const QSignalBlocker quiet(box);
    box->setChecked(checked);
}

/// Itself, or what Tab would come to first in it.
void focusFirstIn(QWidget& section)
{
    if (section.focusPolicy() & Qt::TabFocus)
        return section.setFocus(Qt::OtherFocusReason);
    const auto fields = section.findChildren<QWidget*>();
    const auto first = std::ranges::find_if(fields, [&](const QWidget* field) {
        return (field->focusPolicy() & Qt::TabFocus) && field->isEnabled() &&
               field->isVisibleTo(&section);
    });
    if (first != fields.end())
        (*first)->setFocus(Qt::OtherFocusReason);
}

} // namespace

DocumentPane::DocumentPane(Workbench& workbench, QWidget* parent) : InspectorPane(workbench, parent)
{
    setObjectName(QStringLiteral("documentPane"));
    buildTitle();
    buildDeciding();
    buildHoldout();
    buildGroups();
    buildGates();
    buildAnswerStyle();
    buildVoice();
    buildMonitoring();
    buildTests();
    connect(&workbench, &Workbench::stylesChanged, this,
            [this] { m_tests->show(editor().shownDocument(), this->workbench().styles()); });
    connect(&workbench, &Workbench::projectionChanged, this, [this] {
        if (isVisible())
            m_gates->show(editor().shownDocument());
    });
}

// Title

template<class Change> void DocumentPane::editTitle(Pace pace, Change change)
{
    const PolicyDocument& document = editor().document();
    SetTitle title{document.id, document.name, document.revision, document.note};
    change(title);
    push(title, pace);
}

void DocumentPane::buildTitle()
{
    m_name = new TextField(tr("Name of the policy"));
    m_name->setObjectName(QStringLiteral("policyName"));
    addField(tr("Name of the policy"), m_name);
    m_id = new TextField(tr("Id"));
    m_id->setFont(Theme::font(TextRole::Mono));
    addField(tr("Id in the file"), m_id);
    m_note = new NoteField(tr("Note"), 8);
    addField(tr("Note"), m_note);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString& text) {
        editTitle(Pace::Typing, [&](SetTitle& title) { title.name = text.toStdString(); });
    });
    connect(m_id, &QLineEdit::editingFinished, this, [this] {
        m_id->setPending(false);
        const std::string wanted = m_id->text().trimmed().toStdString();
        if (wanted.empty())
            m_id->setValue(editor().document().id);
        else
            editTitle(Pace::Once, [&](SetTitle& title) { title.id = wanted; });
    });
    connect(m_note, &NoteField::textEdited, this, [this](const QString& text) {
        editTitle(Pace::Typing, [&](SetTitle& title) { title.note = text.toStdString(); });
    });
}

void DocumentPane::buildDeciding()
{
    addSection(tr("How it decides"));
    m_decideBy = new ChoiceField(tr("Decide by"));
    m_decideBy->setObjectName(QStringLiteral("decideBy"));
    m_decideBy->addItem(tr("request: the next turn is decided anew"),
                        static_cast<int>(DecisionUnit::Request));
    m_decideBy->addItem(tr("conversation: by its first message"),
                        static_cast<int>(DecisionUnit::Conversation));
    addField(tr("Decide by"), m_decideBy);
    m_baseline = new ModelField(tr("Baseline"));
    addField(tr("Baseline, which savings are measured against"), m_baseline);
    connect(m_decideBy, &QComboBox::activated, this, [this] {
        push(SetDecideBy{static_cast<DecisionUnit>(m_decideBy->value())}, Pace::Once);
    });
    connect(m_baseline, &ModelField::modelChosen, this,
            [this](const ModelId& model) { push(SetBaseline{model}, Pace::Once); });
}

// Holdout

template<class Change> void DocumentPane::editHoldout(Pace pace, Change change)
{
    std::optional<Holdout> holdout = editor().document().holdout;
    if (!holdout)
        return;
    change(*holdout);
    push(SetHoldout{std::move(holdout)}, pace);
}

void DocumentPane::buildHoldout()
{
    addSection(tr("Holdout"));
    m_hasHoldout = new QCheckBox(tr("Always send a share to one model"));
    m_hasHoldout->setObjectName(QStringLiteral("hasHoldout"));
    m_hasHoldout->setToolTip(
        tr("Drawn before the rules, so that the cheaper tiers stay measurable after release."));
    body()->addWidget(m_hasHoldout);
    m_holdoutShare = new NumberField(tr("Share"), {0, 100, 1, 2}, QStringLiteral("%"));
    m_holdoutShare->setObjectName(QStringLiteral("holdoutShare"));
    m_holdoutUnit = new ChoiceField(tr("Of"));
    m_holdoutUnit->addItem(tr("requests"), static_cast<int>(StickyUnit::Request));
    m_holdoutUnit->addItem(tr("conversations"), static_cast<int>(StickyUnit::Conversation));
    m_holdoutUnit->addItem(tr("users"), static_cast<int>(StickyUnit::User));
    m_holdoutModel = new ModelField(tr("Model"));
    m_holdoutSalt = new TextField(tr("Salt"));
    m_holdoutFields = new QWidget;
    auto* const fields = new QVBoxLayout(m_holdoutFields);
    fields->setContentsMargins(0, 0, 0, 0);
    fields->setSpacing(space::kUnit);
    fields->addLayout(besideEachOther(
        {captioned(tr("Share"), m_holdoutShare), captioned(tr("Of"), m_holdoutUnit)}));
    fields->addLayout(besideEachOther(
        {captioned(tr("Model"), m_holdoutModel), captioned(tr("Salt"), m_holdoutSalt)}));
    body()->addWidget(m_holdoutFields);
    connect(m_hasHoldout, &QCheckBox::clicked, this, [this](bool on) {
        push(on ? insertHoldout(editor().document()).edit : Edit(SetHoldout{}), Pace::Once);
    });
    connect(m_holdoutShare, &NumberField::valueEdited, this, [this](std::optional<double> percent) {
        editHoldout(Pace::Typing,
                    [&](Holdout& holdout) { holdout.share = percent.value_or(0) / 100; });
    });
    connect(m_holdoutUnit, &QComboBox::activated, this, [this] {
        editHoldout(Pace::Once, [&](Holdout& holdout) {
            holdout.unit = static_cast<StickyUnit>(m_holdoutUnit->value());
        });
    });
    connect(m_holdoutModel, &ModelField::modelChosen, this, [this](const ModelId& model) {
        editHoldout(Pace::Once, [&](Holdout& holdout) { holdout.model = model; });
    });
    connect(m_holdoutSalt, &QLineEdit::textEdited, this, [this](const QString& text) {
        editHoldout(Pace::Typing, [&](Holdout& holdout) { holdout.salt = text.toStdString(); });
    });
}

void DocumentPane::refreshHoldout(const PolicyDocument& document)
{
    showChecked(m_hasHoldout, document.holdout.has_value());
    m_holdoutFields->setVisible(document.holdout.has_value());
    if (!document.holdout)
        return;
    m_holdoutShare->setValue(std::round(document.holdout->share * 1e6) / 1e4);
    m_holdoutUnit->setValue(static_cast<int>(document.holdout->unit));
    m_holdoutModel->setModels(document.models, document.holdout->model);
    m_holdoutSalt->setValue(document.holdout->salt);
}

// Headings

void DocumentPane::buildGroups()
{
    addSection(tr("Headings"), tr("over rules that belong together"));
    m_groups = new GroupList;
    body()->addWidget(m_groups);
    connect(
        m_groups, &GroupList::edited, this,
        [this](const std::vector<RuleGroup>& groups, Pace pace) { push(SetGroups{groups}, pace); });
    connect(m_groups, &GroupList::removeRequested, this, [this](std::size_t index) {
        if (const auto gesture = removeGroup(editor().document(), index))
            push(gesture->edit, Pace::Once);
    });
}

// Gates

void DocumentPane::buildGates()
{
    addSection(tr("Gates"), tr("what must hold before a release"));
    m_gates = new GateList(workbench());
    body()->addWidget(m_gates);
    connect(m_gates, &GateList::edited, this,
            [this](const std::vector<Gate>& gates, Pace pace) { push(SetGates{gates}, pace); });
}

// How answers are

void DocumentPane::buildAnswerStyle()
{
    addSection(tr("Answer style"), tr("how every answer is evened out"));
    m_style = new AnswerStyleFields;
    body()->addWidget(m_style);
    connect(m_style, &AnswerStyleFields::edited, this,
            [this](const AnswerStyle& style, Pace pace) { push(SetAnswerStyle{style}, pace); });
}

void DocumentPane::buildVoice()
{
    addSection(tr("Voice contract"), tr("how every answer should sound"));
    m_voice = new VoiceFields;
    body()->addWidget(m_voice);
    connect(m_voice, &VoiceFields::edited, this,
            [this](const VoiceContract& voice, Pace pace) { push(SetVoice{voice}, pace); });
}

// Monitoring and tests

template<class Change> void DocumentPane::editMonitoring(Pace pace, Change change)
{
    Monitoring monitoring = editor().document().monitoring;
    change(monitoring);
    push(SetMonitoring{std::move(monitoring)}, pace);
}

void DocumentPane::buildMonitoring()
{
    addSection(tr("Monitoring"), tr("after the release"));
    m_outcomes = new TextField(tr("Outcomes"));
    m_outcomes->setPlaceholderText(tr("thumbs, handover"));
    addField(tr("Outcomes to watch, separated by commas"), m_outcomes);
    m_alpha = new NumberField(tr("False alarms at most"), {0.01, 50, 1, 2}, QStringLiteral("%"));
    m_days = new NumberField(tr("Detect within"), {1, 365, 1, 0}, tr("days"));
    body()->addLayout(besideEachOther(
        {captioned(tr("False alarms at most"), m_alpha), captioned(tr("Detect within"), m_days)}));
    connect(m_outcomes, &QLineEdit::textEdited, this, [this](const QString& text) {
        editMonitoring(Pace::Typing,
                       [&](Monitoring& monitoring) { monitoring.outcomes = listFromText(text); });
    });
    connect(m_alpha, &NumberField::valueEdited, this, [this](std::optional<double> percent) {
        editMonitoring(Pace::Typing, [&](Monitoring& monitoring) {
            monitoring.alpha = percent.value_or(5) / 100;
        });
    });
    connect(m_days, &NumberField::valueEdited, this, [this](std::optional<double> days) {
        editMonitoring(Pace::Typing, [&](Monitoring& monitoring) {
            monitoring.detectWithinDays = static_cast<int>(days.value_or(7));
        });
    });
}

void DocumentPane::buildTests()
{
    addSection(tr("Tests"), tr("requests whose way must not change"));
    m_tests = new TestList;
    body()->addWidget(m_tests);
    connect(
        m_tests, &TestList::edited, this,
        [this](const std::vector<PolicyTest>& tests, Pace pace) { push(SetTests{tests}, pace); });
}

void DocumentPane::refresh(const PolicyDocument& document, const PolicySelection& /*selection*/)
{
    m_name->setValue(document.name);
    if (!m_id->isPending())
        m_id->setValue(document.id);
    m_note->setValue(document.note);
    m_decideBy->setValue(static_cast<int>(document.decideBy));
    m_baseline->setModels(document.models, document.baseline);
    refreshHoldout(document);
    m_groups->show(document.groups);
    m_gates->show(document);
    m_style->setStyle(document.answerStyle);
    m_voice->show(document.voice);
    m_outcomes->setList(document.monitoring.outcomes);
    m_alpha->setValue(std::round(document.monitoring.alpha * 1e6) / 1e4);
    m_days->setValue(document.monitoring.detectWithinDays);
    m_tests->show(document, workbench().styles());
}

void DocumentPane::focusPart(const PolicySelection& selection)
{
    if (selection.path == "holdout")
        (m_holdoutFields->isVisible() ? static_cast<QWidget*>(m_holdoutShare) : m_hasHoldout)
            ->setFocus(Qt::OtherFocusReason);
    else if (groupOf(selection) && m_groups->focusGroup(*groupOf(selection)))
        return;
    else if (QWidget* const section = sectionOf(selection.path))
        focusFirstIn(*section);
    else
        focusName();
}

/// The fields of a part of the policy; null for the policy as a whole.
QWidget* DocumentPane::sectionOf(std::string_view path) const
{
    const std::pair<std::string_view, QWidget*> sections[] = {
        {"gates", m_gates},       {"answerStyle", m_style}, {"voice", m_voice},
        {"monitoring", m_alpha},  {"tests", m_tests},       {"decideBy", m_decideBy},
        {"baseline", m_baseline},
    };
    for (const auto& [name, fields] : sections) {
        if (path.starts_with(name))
            return fields;
    }
    return nullptr;
}

QWidget* DocumentPane::partOf(const PolicySelection& selection)
{
    const auto group = groupOf(selection);
    return group ? m_groups->rowOf(*group) : nullptr;
}

void DocumentPane::focusName()
{
    if (const auto group = groupOf(editor().selection()); group && m_groups->focusGroup(*group))
        return;
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

} // namespace signalbox::ui
