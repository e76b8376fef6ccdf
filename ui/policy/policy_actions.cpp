// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_actions.h"

#include "condition_edits.h"
#include "group_edits.h"
#include "margin_edits.h"
#include "plan_edits.h"
#include "policy_clipboard.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/command_palette.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/models/policy_editor.h>

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>

namespace signalbox::ui {
namespace {

/// Calls a gesture function with the editor's document and selection when its action is triggered,
/// and says so if it did something.
template<class Gesture>
auto onSelection(PolicyActions* actions, PolicyEditor& editor, Gesture gesture,
                 void (PolicyActions::*done)() = nullptr)
{
    return [actions, &editor, gesture, done] {
        if (actions->perform(gesture(editor.document(), editor.selection())) && done)
            (actions->*done)();
    };
}

} // namespace

PolicyActions::PolicyActions(PolicyEditor& editor, QObject* parent)
    : QObject(parent), m_editor(editor)
{
    makeAdding();
    makeChanging();
    connect(&editor, &PolicyEditor::selectionChanged, this, &PolicyActions::dropMarksLeftBehind);
    connect(&editor, &PolicyEditor::selectionChanged, this, &PolicyActions::refresh);
    connect(&editor, &PolicyEditor::documentChanged, this, &PolicyActions::refresh);
    const std::pair<QAction*, QString> otherWords[] = {
        {addRule, tr("new lane insert")},
        {addModel, tr("new llm station insert")},
        {addHoldout, tr("control group measure new")},
        {addCondition, tr("new if when filter")},
        {addGroup, tr("new and or any all nested")},
        {typeCondition, tr("formula text expression write edit if when")},
        {addMargin, tr("uncertain ambiguous margin threshold doubt cascade verify")},
        {addHeading, tr("group rules section folder")},
        {addStep, tr("retry failover backup chain new")},
        {makeSplit, tr("a/b ab test canary experiment arm weight percent traffic")},
        {makeCascade, tr("cascade verify verifier cheap first escalate acceptance refusal")},
        {makePool, tr("pool load balance latency cost pick fastest cheapest")},
        {wrapChain, tr("sequence fallback")},
        {negate, tr("not invert unless")},
        {wrapGroup, tr("nest parenthesis bracket and or")},
        {unwrap, tr("dissolve ungroup simplify flatten")},
        {remove, tr("remove erase")},
        {duplicate, tr("copy clone")},
        {moveUp, tr("earlier order priority before")},
        {moveDown, tr("later order priority after")},
        {toggle, tr("turn switch on off activate")},
        {makeBaseline, tr("reference compare")},
    };
    for (const auto& [action, words] : otherWords)
        setSearchWords(*action, words);
    refresh();
}

QAction* PolicyActions::action(const QString& text, const QKeySequence& key, int iconIndex)
{
    auto* const made = new QAction(text, this);
    made->setShortcut(key);
    made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    if (iconIndex >= 0)
        made->setIcon(icon(static_cast<Icon>(iconIndex)));
    return made;
}

void PolicyActions::makeAdding()
{
    addRule = action(tr("Add rule"), Qt::Key_Insert, static_cast<int>(Icon::Rule));
    addModel =
        action(tr("Add model"), Qt::CTRL | Qt::SHIFT | Qt::Key_M, static_cast<int>(Icon::Model));
    addHoldout = action(tr("Add holdout"), {}, static_cast<int>(Icon::Lock));
    addCondition =
        action(tr("Add condition"), Qt::CTRL | Qt::SHIFT | Qt::Key_A, static_cast<int>(Icon::Add));
    addGroup = action(tr("Add group of conditions"), Qt::CTRL | Qt::SHIFT | Qt::Key_G);
    typeCondition = action(tr("Type the condition"), Qt::Key_Equal, static_cast<int>(Icon::Edit));
    addMargin = action(tr("Send the ambiguous ones through a cascade"),
                       Qt::CTRL | Qt::SHIFT | Qt::Key_U, static_cast<int>(Icon::Margin));
    addHeading =
        action(tr("Put under a heading"), Qt::CTRL | Qt::Key_G, static_cast<int>(Icon::Outline));
    addStep = action(tr("Add fallback step"), Qt::CTRL | Qt::SHIFT | Qt::Key_B,
                     static_cast<int>(Icon::Chain));
    makeSplit = action(tr("Split off a tenth"), Qt::CTRL | Qt::SHIFT | Qt::Key_P,
                       static_cast<int>(Icon::Split));
    makeCascade = action(tr("Check its answers, else ask another model"),
                         Qt::CTRL | Qt::SHIFT | Qt::Key_C, static_cast<int>(Icon::Cascade));
    makePool = action(tr("Pick between models"), Qt::CTRL | Qt::SHIFT | Qt::Key_L,
                      static_cast<int>(Icon::Pool));
    wrapChain = action(tr("Wrap in a chain"), Qt::CTRL | Qt::SHIFT | Qt::Key_H,
                       static_cast<int>(Icon::Chain));
    connect(addRule, &QAction::triggered, this, [this] {
        if (insertRuleAt(newRuleIndex(m_editor.document(), m_editor.selection())))
            emit ruleAdded();
    });
    connect(addModel, &QAction::triggered, this, [this] {
        if (perform(insertNewModel(m_editor.document())))
            emit nameWanted();
    });
    connect(addHoldout, &QAction::triggered, this,
            [this] { perform(insertHoldout(m_editor.document())); });
    connect(addCondition, &QAction::triggered, this,
            onSelection(
                this, m_editor, [](const auto& d, const auto& s) { return ui::addCondition(d, s); },
                &PolicyActions::conditionAdded));
    connect(addGroup, &QAction::triggered, this,
            onSelection(this, m_editor, ui::addConditionGroup, &PolicyActions::conditionAdded));
    connect(typeCondition, &QAction::triggered, this, &PolicyActions::formulaRequested);
    connect(addStep, &QAction::triggered, this,
            onSelection(this, m_editor, ui::addFallback, &PolicyActions::planNodeAdded));
    connect(makeSplit, &QAction::triggered, this,
            onSelection(this, m_editor, ui::makeSplit, &PolicyActions::planNodeAdded));
    connect(addMargin, &QAction::triggered, this,
            onSelection(this, m_editor, ui::addMargin, &PolicyActions::planNodeAdded));
    connect(addHeading, &QAction::triggered, this, [this] {
        if (perform(ui::addGroup(m_editor.document(), m_editor.selection(), m_marked)))
            emit nameWanted();
    });
    connect(makeCascade, &QAction::triggered, this,
            onSelection(this, m_editor, ui::makeCascade, &PolicyActions::planNodeAdded));
    connect(makePool, &QAction::triggered, this,
            onSelection(this, m_editor, ui::makePool, &PolicyActions::planNodeAdded));
    connect(wrapChain, &QAction::triggered, this,
            onSelection(this, m_editor, ui::wrapInChain, &PolicyActions::planNodeAdded));
}

void PolicyActions::makeChanging()
{
    negate = action(tr("Negate"), Qt::CTRL | Qt::SHIFT | Qt::Key_N);
    wrapGroup = action(tr("Put in a group"), {});
    unwrap = action(tr("Keep only the first part"), Qt::CTRL | Qt::SHIFT | Qt::Key_Backspace);
    remove = action(tr("Delete"), QKeySequence::Delete, static_cast<int>(Icon::Trash));
    duplicate = action(tr("Duplicate"), Qt::CTRL | Qt::Key_D, static_cast<int>(Icon::Duplicate));
    cut = action(tr("Cut"), QKeySequence::Cut);
    copy = action(tr("Copy"), QKeySequence::Copy, static_cast<int>(Icon::Copy));
    paste = action(tr("Paste"), QKeySequence::Paste, static_cast<int>(Icon::Paste));
    moveUp = action(tr("Move up"), Qt::ALT | Qt::Key_Up, static_cast<int>(Icon::Up));
    moveDown = action(tr("Move down"), Qt::ALT | Qt::Key_Down, static_cast<int>(Icon::Down));
    toggle = action(tr("Enable or disable"), Qt::CTRL | Qt::SHIFT | Qt::Key_E);
    makeBaseline = action(tr("Make it the baseline"), {}, static_cast<int>(Icon::Star));

    const auto onMarked = [this](auto gesture) {
        return [this, gesture] {
            perform(gesture(m_editor.document(), m_editor.selection(), m_marked));
        };
    };
    connect(remove, &QAction::triggered, this, onMarked(ui::removeSelected));
    connect(duplicate, &QAction::triggered, this, onMarked(ui::duplicateSelected));
    connect(toggle, &QAction::triggered, this, onMarked(ui::toggleSelected));
    connect(unwrap, &QAction::triggered, this, onSelection(this, m_editor, ui::unwrapSelected));
    connect(negate, &QAction::triggered, this,
            onSelection(this, m_editor,
                        [](const auto& d, const auto& s) { return ui::negateCondition(d, s); }));
    connect(wrapGroup, &QAction::triggered, this,
            onSelection(this, m_editor,
                        [](const auto& d, const auto& s) { return ui::wrapCondition(d, s); }));
    connect(moveUp, &QAction::triggered, this,
            onMarked([](const auto& d, const auto& s, const auto& marked) {
                return moveSelected(d, s, -1, marked);
            }));
    connect(moveDown, &QAction::triggered, this,
            onMarked([](const auto& d, const auto& s, const auto& marked) {
                return moveSelected(d, s, +1, marked);
            }));
    connect(copy, &QAction::triggered, this, &PolicyActions::copySelection);
    connect(cut, &QAction::triggered, this, [this] {
        copySelection();
        remove->trigger();
    });
    connect(paste, &QAction::triggered, this, &PolicyActions::pasteClipboard);
    connect(makeBaseline, &QAction::triggered, this, [this] {
        perform(PolicyGesture{SetBaseline{ModelId(m_editor.selection().id)}, m_editor.selection()});
    });
}

void PolicyActions::attachTo(QWidget* widget) const
{
    for (QObject* const child : children()) {
        if (auto* const made = qobject_cast<QAction*>(child))
            widget->addAction(made);
    }
}

void PolicyActions::refresh()
{
    const PolicyDocument& document = m_editor.document();
    const PolicySelection& selection = m_editor.selection();
    using Kind = PolicySelection::Kind;
    const bool inPlan = rootPlanOf(document, selection) != nullptr;
    const bool isRule = selection.kind == Kind::Rule;
    const Plan* const root = rootPlanOf(document, selection);
    const Plan* const node = root ? planAt(*root, planPathOf(selection).value_or("")) : nullptr;
    addMargin->setEnabled(ui::addMargin(document, selection).has_value());
    addHeading->setEnabled(isRule);
    makeCascade->setEnabled(ui::makeCascade(document, selection).has_value());
    makePool->setEnabled(inPlan);
    addHoldout->setEnabled(!document.holdout);
    for (QAction* const each : {addCondition, addGroup, typeCondition, negate, wrapGroup})
        each->setEnabled(isRule);
    for (QAction* const each : {addStep, makeSplit, wrapChain})
        each->setEnabled(inPlan);
    unwrap->setEnabled(node && !std::holds_alternative<Call>(node->node));
    remove->setEnabled(removeSelected(document, selection).has_value());
    duplicate->setEnabled(duplicateSelected(document, selection).has_value());
    const bool canCopy =
        isRule || inPlan || selection.kind == Kind::Model || selection.kind == Kind::Signal;
    copy->setEnabled(canCopy);
    cut->setEnabled(canCopy && remove->isEnabled());
    moveUp->setEnabled(moveSelected(document, selection, -1, m_marked).has_value());
    moveDown->setEnabled(moveSelected(document, selection, +1, m_marked).has_value());
    toggle->setEnabled(isRule);
    makeBaseline->setEnabled(selection.kind == Kind::Model &&
                             document.baseline.value != selection.id);
}

bool PolicyActions::perform(const MaybeGesture& gesture)
{
    if (!gesture || !m_editor.push(gesture->edit))
        return false;
    m_editor.setSelection(gesture->after);
    return true;
}

bool PolicyActions::insertRuleAt(std::size_t index)
{
    return perform(insertNewRule(m_editor.document(), index));
}

void PolicyActions::setMarked(std::vector<RuleId> rules)
{
    if (rules.size() < 2)
        rules.clear();
    if (rules == m_marked)
        return;
    m_marked = std::move(rules);
    refresh();
    emit markedChanged();
}

void PolicyActions::dropMarksLeftBehind()
{
    const PolicySelection& selection = m_editor.selection();
    const bool amongMarked =
        selection.kind == PolicySelection::Kind::Rule &&
        std::find(m_marked.begin(), m_marked.end(), RuleId(selection.id)) != m_marked.end();
    if (!amongMarked)
        setMarked({});
}

void PolicyActions::copySelection()
{
    const std::string text = copySelected(m_editor.document(), m_editor.selection(), m_marked);
    if (!text.empty())
        QGuiApplication::clipboard()->setText(QString::fromStdString(text));
}

void PolicyActions::pasteClipboard()
{
    const std::string text = QGuiApplication::clipboard()->text().toStdString();
    const auto gesture = ui::paste(m_editor.document(), m_editor.selection(), text);
    if (gesture)
        perform(*gesture);
    else
        emit notice(QString::fromStdString(toString(gesture.error())));
}

QMenu* PolicyActions::addMenu(QWidget* parent)
{
    auto* const menu = new QMenu(tr("Add"), parent);
    menu->addAction(addRule);
    menu->addAction(addModel);
    menu->addAction(addHoldout);
    menu->addSection(tr("Signals"));
    for (std::size_t kind = 0; kind < std::variant_size_v<decltype(Signal::source)>; ++kind) {
        QAction* const add = menu->addAction(icon(Icon::Signal), PolicyWords::sourceName(kind));
        connect(add, &QAction::triggered, this, [this, kind] {
            if (perform(insertNewSignal(m_editor.document(), kind)))
                emit nameWanted();
        });
    }
    return menu;
}

void PolicyActions::addModelChoices(QMenu* menu)
{
    const PolicyDocument& document = m_editor.document();
    for (std::size_t i = 0; i < document.models.size(); ++i) {
        const ModelId id = document.models[i].id;
        QAction* const choice =
            menu->addAction(modelIcon(static_cast<int>(i)),
                            tr("Call %1").arg(withoutMnemonics(PolicyWords::text(id.value))));
        connect(choice, &QAction::triggered, this,
                [this, id] { perform(callModel(m_editor.document(), m_editor.selection(), id)); });
    }
}

QMenu* PolicyActions::planMenu(QWidget* parent)
{
    auto* const menu = new QMenu(parent);
    menu->addAction(addStep);
    menu->addAction(makeSplit);
    menu->addAction(makeCascade);
    menu->addAction(makePool);
    menu->addAction(wrapChain);
    if (unwrap->isEnabled())
        menu->addAction(unwrap);
    menu->addSeparator();
    addModelChoices(menu);
    return menu;
}

QMenu* PolicyActions::contextMenu(QWidget* parent)
{
    const PolicySelection& selection = m_editor.selection();
    if (selection.kind == PolicySelection::Kind::Nothing ||
        selection.kind == PolicySelection::Kind::Document) {
        QMenu* const adding = addMenu(parent);
        adding->addSeparator();
        adding->addAction(paste);
        if (remove->isEnabled())
            adding->addAction(remove);
        return adding;
    }
    const bool inPlan = planPathOf(selection).has_value();
    const bool inCondition = conditionPathOf(selection) && !conditionPathOf(selection)->empty();
    QMenu* const menu = inPlan ? planMenu(parent) : new QMenu(parent);
    if (selection.kind == PolicySelection::Kind::Model)
        menu->addAction(makeBaseline);
    if (selection.kind == PolicySelection::Kind::Rule && !inPlan) {
        for (QAction* const each : {addCondition, addGroup, typeCondition})
            menu->addAction(each);
        if (inCondition) {
            menu->addAction(negate);
            menu->addAction(wrapGroup);
        } else {
            menu->addAction(addHeading);
            menu->addAction(toggle);
        }
        if (addMargin->isEnabled())
            menu->addAction(addMargin);
    }
    menu->addSeparator();
    for (QAction* const each : {cut, copy, paste, duplicate})
        menu->addAction(each);
    menu->addSeparator();
    for (QAction* const each : {moveUp, moveDown, remove})
        menu->addAction(each);
    return menu;
}

} // namespace signalbox::ui
