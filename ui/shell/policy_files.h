// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/policy_editor.h>

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace signalbox::ui {

class Workbench;

/// How the window asks a person; replaced in tests. Empty texts mean that the person cancelled.
struct Questions
{
    enum class Unsaved { Save, Discard, Cancel };
    /// About a file that somebody else has changed, when a person wants to save it.
    enum class Changed { Reload, KeepMine, SaveAs, Compare, Cancel };
    std::function<QString(QWidget*, const QString& folder)> fileToOpen;
    std::function<QString(QWidget*, const QString& suggestion)> fileToSave;
    std::function<Unsaved(QWidget*, const QString& name)> unsavedChanges;
    /// @param canReload  false: what lies there is no policy
    std::function<Changed(QWidget*, const QString& file, bool canReload)> changedFile;
    /// A table of traffic, or a log to be imported.
    std::function<QString(QWidget*, const QString& folder)> trafficToOpen;
    /// Where a table, or a list of lines with problems, goes.
    std::function<QString(QWidget*, const QString& suggestion)> trafficToWrite;
};
[[nodiscard]] Questions askingDialogs();

/// What a window does with the files of its policies: new, open, save, close, recent files, and
/// what a crash left behind. Nothing of it takes away a document with changes unless the person
/// agreed. A policy opens in a tab of its own, unless the one in front has nothing of the person in
/// it. GUI thread; a part of the window, which stands behind its dialogs; the workbench must
/// outlive it.
class PolicyFiles : public QObject
{
    Q_OBJECT
public:
    enum class Task { Open, OpenLast, Save, Restore };

    PolicyFiles(Workbench& workbench, Questions questions, QWidget* window);

    void newPolicy();
    void openSample();
    void openChosen(); ///< asks which
    /// One that is open already comes to the front.
    void open(const QString& path);
    /// The files of last time, in front the one that was. Asks nothing.
    void openLast();
    bool save(); ///< asks for a place if there is none; false: not saved
    bool saveAs();
    /// Asks about changes. The last policy gives its place to a new one.
    bool close(int index);
    /// Restores what a crash left. False if the person keeps what is open; then nothing changed.
    bool restore(const PolicyEditor::Recoverable& left);

    /// Has what is being typed put into the document, then asks about changes that are not saved.
    [[nodiscard]] bool mayLeaveDocument();
    /// The same of all that are open, one after the other.
    [[nodiscard]] bool mayLeaveAll();
    [[nodiscard]] static QStringList recent(); ///< newest first

signals:
    void recentChanged();
    /// Something failed that the person must hear of: a sentence, and why. It stands until the same
    /// is tried again.
    void failed(signalbox::ui::PolicyFiles::Task task, const QString& title, const QString& detail);
    /// Nothing failed, and yet something is not as the person may expect it.
    void noted(const QString& title, const QString& detail);
    void saved(int revision); ///< Task::Save was done
    void opened();            ///< Task::Open was: a person asked for another policy, and has it
    void comparisonWanted();  ///< of the policy in front with what lies on the disk

private:
    void remember(const QString& file);
    void rememberOpen();
    void writeOpen();
    Result<void> openAt(const QString& path, Place place);
    void showNumber(quint64 number); ///< see OpenPolicy::number()
    bool write(const std::function<Result<void>()>& save);
    [[nodiscard]] Place placeForAnother() const;
    [[nodiscard]] QString folder() const; ///< where files are asked for

    Workbench& m_workbench;
    PolicyEditor& m_editor;
    Questions m_questions;
    QWidget* m_window;
    /// Files of last time that are tried again next time: those that are there but cannot be read,
    /// and those that were too many.
    QStringList m_waiting;
    bool m_remembers = false; ///< what is open; not before a start knows what was
    QStringList m_remembered; ///< what is open, and what waits
    int m_front = -1;         ///< place in that list
    /// What the stored list held that this window answers for: at first all that was there, then
    /// what it has put there. The rest is of other windows.
    QStringList m_own;
};

} // namespace signalbox::ui
