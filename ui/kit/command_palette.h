// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointer>
#include <QWidget>

#include <optional>
#include <vector>

class QAction;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace signalbox::ui {

/// How well `pattern` fits `text` as a subsequence, ignoring case and blanks: higher is better;
/// nullopt: does not fit, or by letters that stand apart inside words. Starts of words and runs
/// count more. `positions`, if given, receives the
/// matched places in `text`. O(text × pattern).
[[nodiscard]] std::optional<int> fuzzyScore(const QString& pattern, const QString& text,
                                            std::vector<int>* positions = nullptr);

/// Other words by which somebody may look for an action, with blanks between them: "canary" for a
/// split.
void setSearchWords(QAction& action, const QString& words);

/// Keys that do the same where the view that takes them has the keyboard, e.g. "F2": no shortcut of
/// the action itself, but told like one.
void setKeysInItsView(QAction& action, const QString& keys);

/// What to press for an action, in the words of this system; empty if nothing.
[[nodiscard]] QStringList keysOf(const QAction& action);

/// Everything that a part of the window offers: its own actions and those of the parts inside it,
/// each once.
[[nodiscard]] QList<QAction*> actionsWithin(const QWidget& part);

/// Ctrl+K: a list of everything that can be done, filtered while typing. Lists the enabled, visible
/// actions that have a text; triggers the chosen one after closing. Escape closes. Actions stay
/// owned by the caller and may die while the palette is open.
class CommandPalette : public QWidget
{
    Q_OBJECT
public:
    /// `window` is what the palette floats over; it becomes its parent.
    explicit CommandPalette(QWidget* window);

    /// Replaces the list. Menus among the actions are walked through; their titles are shown before
    /// the action's text.
    void setActions(const QList<QAction*>& actions);

    /// Shows it at the top of the window with an empty field.
    void open();

    [[nodiscard]] QStringList shownTexts() const; ///< for tests: the rows in order

signals:
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Command
    {
        QPointer<QAction> action;
        QString text; ///< with the menu's title: "File: Save as"
    };
    void collect(const QList<QAction*>& actions, const QString& prefix);
    void refilter();
    void triggerCurrent();
    void dismiss();
    void placeOver();

    std::vector<Command> m_commands;
    QLineEdit* m_field = nullptr;
    QListView* m_list = nullptr;
    QStandardItemModel* m_model = nullptr;
    QPointer<QWidget> m_focusBefore;
};

} // namespace signalbox::ui
