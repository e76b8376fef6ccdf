// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_files.h"

#include <ui/models/workbench.h>

#include <QAbstractSpinBox>
#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFocusEvent>
#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QSettings>
#include <QUuid>

#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kRecentFiles = 8;
constexpr int kIdDigits = 6;
constexpr auto kRecentKey = "files/recent";
constexpr auto kFolderKey = "files/folder";
constexpr auto kLastKey = "files/last"; ///< none: the sample was opened last

QString policyFilter()
{
    return PolicyFiles::tr("Signalbox policies (*.json);;All files (*)");
}

QString textOf(const Error& error)
{
    return QString::fromStdString(toString(error));
}

/// A field commits when it loses the focus, which no shortcut takes from it. It is told what it
/// would hear if another window came to the front: then it commits and keeps cursor and selection.
void commitField(QWidget* field)
{
    if (!qobject_cast<QLineEdit*>(field) && !qobject_cast<QAbstractSpinBox*>(field))
        return;
    const QPointer<QWidget> alive(field); // a commit may rebuild the form around it
    QFocusEvent out(QEvent::FocusOut, Qt::ActiveWindowFocusReason);
    QCoreApplication::sendEvent(field, &out);
    if (!alive || !alive->hasFocus())
        return;
    QFocusEvent in(QEvent::FocusIn, Qt::ActiveWindowFocusReason);
    QCoreApplication::sendEvent(alive, &in);
}

/// A policy needs a model to fall back on; the simulator's makes it work at once. Two new policies
/// are two policies: their ids differ.
PolicyDocument freshPolicy()
{
    const PolicyDocument sample = supportDeskPolicy();
    PolicyDocument fresh;
    fresh.id =
        "new-policy-" + QUuid::createUuid().toString(QUuid::Id128).left(kIdDigits).toStdString();
    fresh.name = PolicyFiles::tr("New policy").toStdString();
    fresh.models = sample.models;
    fresh.baseline = sample.baseline;
    fresh.otherwise = Plan{Call{sample.baseline, {}, {}, {}}};
    return fresh;
}

} // namespace

Questions askingDialogs()
{
    Questions questions;
    questions.fileToOpen = [](QWidget* window, const QString& folder) {
        return QFileDialog::getOpenFileName(window, PolicyFiles::tr("Open a policy"), folder,
                                            policyFilter());
    };
    questions.fileToSave = [](QWidget* window, const QString& suggestion) {
        QFileDialog dialog(window, PolicyFiles::tr("Save the policy as"),
                           QFileInfo(suggestion).absolutePath(), policyFilter());
        dialog.setAcceptMode(QFileDialog::AcceptSave);
        dialog.setDefaultSuffix(QStringLiteral("json")); // asks about the file that will be written
        dialog.selectFile(QFileInfo(suggestion).fileName());
        return dialog.exec() == QDialog::Accepted ? dialog.selectedFiles().value(0) : QString();
    };
    questions.unsavedChanges = [](QWidget* window, const QString& name) {
        QMessageBox box(QMessageBox::Question, PolicyFiles::tr("Save your changes?"),
                        PolicyFiles::tr("\"%1\" has changes that are not saved.").arg(name),
                        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, window);
        box.setTextFormat(Qt::PlainText);
        box.setDefaultButton(QMessageBox::Save);
        switch (box.exec()) {
        case QMessageBox::Save:
            return Questions::Unsaved::Save;
        case QMessageBox::Discard:
            return Questions::Unsaved::Discard;
        default:
            return Questions::Unsaved::Cancel;
        }
    };
    return questions;
}

PolicyFiles::PolicyFiles(Workbench& workbench, Questions questions, QWidget* window)
    : m_workbench(workbench), m_editor(workbench.editor()), m_questions(std::move(questions)),
      m_window(window)
{
    connect(&m_editor, &PolicyEditor::commitRequested, this,
            [this] { commitField(m_window->focusWidget()); });
}

bool PolicyFiles::mayLeaveDocument()
{
    m_editor.commitPending();
    if (!m_editor.isModified())
        return true;
    switch (m_questions.unsavedChanges(m_window, m_editor.displayName())) {
    case Questions::Unsaved::Save:
        return save();
    case Questions::Unsaved::Discard:
        return true;
    case Questions::Unsaved::Cancel:
        return false;
    }
    return false;
}

void PolicyFiles::newPolicy()
{
    if (!mayLeaveDocument())
        return;
    m_editor.setDocument(freshPolicy());
    emit opened();
}

void PolicyFiles::openSample()
{
    if (!mayLeaveDocument())
        return;
    m_workbench.openSample();
    QSettings().remove(QLatin1String(kLastKey));
    emit opened();
}

void PolicyFiles::openChosen()
{
    if (!mayLeaveDocument())
        return;
    if (const QString path = m_questions.fileToOpen(m_window, folder()); !path.isEmpty())
        open(path);
}

void PolicyFiles::openRecent(const QString& path)
{
    if (mayLeaveDocument())
        open(path);
}

void PolicyFiles::open(const QString& path)
{
    if (const auto read = m_editor.open(path.toStdString()); !read) {
        emit failed(tr("The policy could not be opened."), textOf(read.error()));
        return;
    }
    remember(path);
    emit opened();
}

void PolicyFiles::openLast()
{
    const QString path = QSettings().value(QLatin1String(kLastKey)).toString();
    if (path.isEmpty())
        return;
    if (const auto read = m_editor.open(path.toStdString()); !read) {
        // One that is gone is said once; one that is there is tried again until another is opened.
        if (!QFileInfo::exists(path))
            QSettings().remove(QLatin1String(kLastKey));
        emit failed(tr("The policy of last time could not be opened."), textOf(read.error()));
    }
}

bool PolicyFiles::save()
{
    if (m_editor.filePath().empty())
        return saveAs();
    if (const auto written = m_editor.save(); !written) {
        emit failed(tr("The policy was not saved."), textOf(written.error()));
        return false;
    }
    emit saved(m_editor.document().revision);
    return true;
}

bool PolicyFiles::saveAs()
{
    m_editor.commitPending();
    if (const auto ready = m_editor.mayBeSaved(); !ready) {
        emit failed(tr("The policy was not saved."), textOf(ready.error()));
        return false;
    }
    const auto suggestion = [this] {
        if (!m_editor.filePath().empty())
            return QString::fromStdString(m_editor.filePath().string());
        const std::string& id = m_editor.document().id;
        const QString name =
            QString::fromStdString(id.empty() ? "policy" : id) + QStringLiteral(".json");
        return folder().isEmpty() ? name : QDir(folder()).filePath(name);
    };
    QString path = m_questions.fileToSave(m_window, suggestion());
    if (path.isEmpty())
        return false;
    if (QFileInfo(path).suffix().isEmpty()) {
        path += QStringLiteral(".json");
        const bool isOwn = path.toStdString() == m_editor.filePath().string();
        if (QFileInfo::exists(path) && !isOwn) { // nobody was asked about that one
            emit failed(tr("The policy was not saved."),
                        tr("%1 exists already. Choose it, or another name.").arg(path));
            return false;
        }
    }
    if (const auto written = m_editor.saveAs(path.toStdString()); !written) {
        emit failed(tr("The policy was not saved."), textOf(written.error()));
        return false;
    }
    remember(path);
    emit saved(m_editor.document().revision);
    return true;
}

bool PolicyFiles::restore(const PolicyEditor::Recoverable& left)
{
    if (!mayLeaveDocument())
        return false;
    if (const auto recovered = m_editor.recover(left); !recovered)
        emit failed(tr("Not all edits could be restored."), textOf(recovered.error()));
    return true;
}

QStringList PolicyFiles::recent()
{
    return QSettings().value(QLatin1String(kRecentKey)).toStringList();
}

QString PolicyFiles::folder() const
{
    if (!m_editor.filePath().empty())
        return QString::fromStdString(m_editor.filePath().parent_path().string());
    return QSettings().value(QLatin1String(kFolderKey)).toString();
}

void PolicyFiles::remember(const QString& file)
{
    const QString path = QFileInfo(file).absoluteFilePath(); // the next start may be elsewhere
    QStringList files = recent();
    files.removeAll(path);
    files.prepend(path);
    QSettings().setValue(QLatin1String(kRecentKey), QStringList(files.mid(0, kRecentFiles)));
    QSettings().setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
    QSettings().setValue(QLatin1String(kLastKey), path);
    emit recentChanged();
}

} // namespace signalbox::ui
