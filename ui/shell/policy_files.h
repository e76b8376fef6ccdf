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
    std::function<QString(QWidget*, const QString& folder)> fileToOpen;
    std::function<QString(QWidget*, const QString& suggestion)> fileToSave;
    std::function<Unsaved(QWidget*, const QString& name)> unsavedChanges;
};
[[nodiscard]] Questions askingDialogs();

/// What a window does with the file of its policy: new, open, save, recent files, and what a crash
/// left behind. Nothing of it replaces a document with changes unless the person agreed. GUI
/// thread; a part of the window, which stands behind its dialogs; the workbench must outlive it.
class PolicyFiles : public QObject
{
    Q_OBJECT
public:
    PolicyFiles(Workbench& workbench, Questions questions, QWidget* window);

    void newPolicy();
    void openSample();
    void openChosen();                    ///< asks which
    void openRecent(const QString& path); ///< asks about changes first
    void open(const QString& path);       ///< asks nothing
    void openLast(); ///< the file of last time, unless that was the sample; asks nothing
    bool save();     ///< asks for a place if there is none; false: not saved
    bool saveAs();
    /// Restores what a crash left. False if the person keeps what is open; then nothing changed.
    bool restore(const PolicyEditor::Recoverable& left);

    /// Has what is being typed put into the document, then asks about changes that are not saved.
    [[nodiscard]] bool mayLeaveDocument();
    [[nodiscard]] static QStringList recent(); ///< newest first

signals:
    void recentChanged();
    /// Something failed that the person must hear of: a sentence, and why.
    void failed(const QString& title, const QString& detail);
    void saved(int revision);
    void opened(); ///< a person asked for another policy, and has it

private:
    void remember(const QString& file);
    [[nodiscard]] QString folder() const; ///< where files are asked for

    Workbench& m_workbench;
    PolicyEditor& m_editor;
    Questions m_questions;
    QWidget* m_window;
};

} // namespace signalbox::ui
