// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_edits.h"

#include <QObject>

#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace signalbox::ui {

class PolicyEditor;

/// The commands of the Policy page as actions: one set for canvas, outline, menus and tool bar,
/// each on what is selected in the editor, each one undo step. Knows which rules are marked
/// together.
class PolicyActions final : public QObject
{
    Q_OBJECT
public:
    explicit PolicyActions(PolicyEditor& editor, QObject* parent = nullptr);

    QAction* addRule = nullptr;
    QAction* addModel = nullptr;
    QAction* addHoldout = nullptr;
    QAction* addCondition = nullptr;
    QAction* addGroup = nullptr;
    QAction* typeCondition = nullptr;
    QAction* negate = nullptr;
    QAction* wrapGroup = nullptr;
    QAction* addMargin = nullptr;
    QAction* addHeading = nullptr;
    QAction* addStep = nullptr;
    QAction* makeSplit = nullptr;
    QAction* makeCascade = nullptr;
    QAction* makePool = nullptr;
    QAction* wrapChain = nullptr;
    QAction* unwrap = nullptr;
    QAction* remove = nullptr;
    QAction* duplicate = nullptr;
    QAction* cut = nullptr;
    QAction* copy = nullptr;
    QAction* paste = nullptr;
    QAction* moveUp = nullptr;
    QAction* moveDown = nullptr;
    QAction* toggle = nullptr;
    QAction* makeBaseline = nullptr;

    /// Makes the shortcuts work while `widget` or a child of it has the focus.
    void attachTo(QWidget* widget) const;

    /// A menu of what can be done with the selection, made anew each time; the caller owns it.
    [[nodiscard]] QMenu* contextMenu(QWidget* parent);
    /// What can be added to a policy: rule, model, holdout, each kind of signal.
    [[nodiscard]] QMenu* addMenu(QWidget* parent);
    /// What can be added at a plan node: a step behind it, a split, a chain, another model.
    [[nodiscard]] QMenu* planMenu(QWidget* parent);

    /// Applies a gesture and selects what it made; whether there was one that could be applied.
    bool perform(const MaybeGesture& gesture);
    bool insertRuleAt(std::size_t index);

    /// Rules selected together; empty or more than one. Cleared when the selection leaves them.
    [[nodiscard]] const std::vector<RuleId>& marked() const { return m_marked; }
    void setMarked(std::vector<RuleId> rules);

signals:
    void markedChanged();
    /// A condition or a group of them stands where it did not, and wants its value.
    void conditionAdded();
    /// The condition of the selected rule is to be typed as text.
    void formulaRequested();
    /// A step, an arm or a chain likewise; it works as it is.
    void planNodeAdded();
    void ruleAdded();
    void nameWanted(); ///< what was added, a model, a signal or a group, waits for its name
    void notice(const QString& sentence); ///< e.g. why something cannot be pasted

private:
    void makeAdding();
    void makeChanging();
    void refresh();
    void copySelection();
    void pasteClipboard();
    void dropMarksLeftBehind();
    void addModelChoices(QMenu* menu);
    QAction* action(const QString& text, const QKeySequence& key, int icon = -1);

    PolicyEditor& m_editor;
    std::vector<RuleId> m_marked;
};

} // namespace signalbox::ui
