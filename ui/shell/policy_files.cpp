// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_files.h"

#include <ui/kit/format.h>
#include <ui/models/workbench.h>

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFocusEvent>
#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QUuid>

#include <algorithm>
#include <map>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kRecentFiles = 8;
constexpr int kIdDigits = 6;
constexpr auto kRecentKey = "files/recent";
constexpr auto kFolderKey = "files/folder";
constexpr auto kLastKey = "files/last";   ///< of versions before tabs; none: the sample
constexpr auto kOpenKey = "files/open";   ///< in the order of the tabs; empty texts: in no file
constexpr auto kFrontKey = "files/front"; ///< place in that list
constexpr int kReopened = 12;             ///< policies; more would make a start slow

QString policyFilter()
{
    return PolicyFiles::tr("Signalbox policies (*.json);;All files (*)");
}

QStringList storedOpen()
{
    return QSettings().value(QLatin1String(kOpenKey)).toStringList();
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
    questions.changedFile = [](QWidget* window, const QString& file, bool canReload) {
        QMessageBox box(QMessageBox::Warning, PolicyFiles::tr("The file was changed"),
                        PolicyFiles::tr("%1 was changed by another program or window.").arg(file),
                        QMessageBox::Cancel, window);
        box.setTextFormat(Qt::PlainText);
        box.setInformativeText(
            canReload ? PolicyFiles::tr("If you replace it, what lies there now is kept as an "
                                        "earlier revision.")
                      : PolicyFiles::tr("What lies there now cannot be read as a policy."));
        std::map<QAbstractButton*, Questions::Changed> answers;
        const auto offer = [&](const QString& text, QMessageBox::ButtonRole role,
                               Questions::Changed answer) {
            answers[box.addButton(text, role)] = answer;
        };
        if (canReload) {
            offer(PolicyFiles::tr("Compare"), QMessageBox::HelpRole, Questions::Changed::Compare);
            offer(PolicyFiles::tr("Read again"), QMessageBox::ResetRole,
                  Questions::Changed::Reload);
        }
        offer(PolicyFiles::tr("Replace it"), QMessageBox::DestructiveRole,
              Questions::Changed::KeepMine);
        offer(PolicyFiles::tr("Save as..."), QMessageBox::AcceptRole, Questions::Changed::SaveAs);
        box.setDefaultButton(QMessageBox::Cancel);
        box.exec();
        const auto chosen = answers.find(box.clickedButton());
        return chosen == answers.end() ? Questions::Changed::Cancel : chosen->second;
    };
    questions.trafficToOpen = [](QWidget* window, const QString& folder) {
        return QFileDialog::getOpenFileName(
            window, PolicyFiles::tr("Open traffic"), folder,
            PolicyFiles::tr("Traffic and logs (*.traffic *.jsonl *.ndjson *.json *.csv *.tsv "
                            "*.log);;All files (*)"));
    };
    questions.trafficToWrite = [](QWidget* window, const QString& suggestion) {
        return QFileDialog::getSaveFileName(window, PolicyFiles::tr("Save as"), suggestion);
    };
    return questions;
}

PolicyFiles::PolicyFiles(Workbench& workbench, Questions questions, QWidget* window)
    : m_workbench(workbench), m_editor(workbench.editor()), m_questions(std::move(questions)),
      m_window(window), m_own(storedOpen())
{
    connect(&m_editor, &PolicyEditor::commitRequested, this,
            [this] { commitField(m_window->focusWidget()); });
    connect(&m_editor, &PolicyEditor::listChanged, this, &PolicyFiles::rememberOpen);
    connect(&m_editor, &PolicyEditor::fileChanged, this, &PolicyFiles::rememberOpen);
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

bool PolicyFiles::mayLeaveAll()
{
    const quint64 front = m_editor.current().number();
    m_editor.commitPending();
    for (int i = 0; i < m_editor.count(); ++i) {
        if (!m_editor.policyAt(i).isModified())
            continue;
        m_editor.setCurrentIndex(i); // what is asked about is seen
        if (!mayLeaveDocument())
            return false;
    }
    showNumber(front); // where the next start begins
    if (m_front >= 0)
        writeOpen(); // a window that began later may have replaced the list
    return true;
}

/// What nobody has touched gives its place.
Place PolicyFiles::placeForAnother() const
{
    return m_editor.current().isUntouched() ? Place::Here : Place::Beside;
}

void PolicyFiles::newPolicy()
{
    m_remembers = true;
    m_editor.setDocument(freshPolicy(), {}, Place::Beside);
    emit opened();
}

void PolicyFiles::openSample()
{
    m_remembers = true;
    m_editor.commitPending();
    m_workbench.openSample(placeForAnother());
    emit opened();
}

void PolicyFiles::openChosen()
{
    if (const QString path = m_questions.fileToOpen(m_window, folder()); !path.isEmpty())
        open(path);
}

Result<void> PolicyFiles::openAt(const QString& path, Place place)
{
    const std::filesystem::path file = path.toStdString();
    if (const int index = m_editor.indexOf(file); index >= 0) {
        m_editor.setCurrentIndex(index);
        return {};
    }
    return m_editor.open(file, place);
}

void PolicyFiles::open(const QString& path)
{
    m_remembers = true;
    m_editor.commitPending();
    if (const auto read = openAt(path, placeForAnother()); !read) {
        emit failed(Task::Open, tr("The policy could not be opened."), textOf(read.error()));
        return;
    }
    remember(path);
    emit opened();
}

void PolicyFiles::openLast()
{
    const QSettings settings;
    QStringList files = settings.value(QLatin1String(kOpenKey)).toStringList();
    int front = settings.value(QLatin1String(kFrontKey), 0).toInt();
    if (!settings.contains(QLatin1String(kOpenKey)) && settings.contains(QLatin1String(kLastKey)))
        files = QStringList(settings.value(QLatin1String(kLastKey)).toString());
    m_own = files;
    if (files.size() > kReopened) {
        const int first =
            std::clamp(front - kReopened / 2, 0, static_cast<int>(files.size()) - kReopened);
        m_waiting = files.mid(0, first) + files.mid(first + kReopened);
        m_waiting.removeAll(QString()); // the sample can be had at any time
        files = files.mid(first, kReopened);
        front -= first;
    }
    const bool wereTooMany = !m_waiting.isEmpty();
    // The sample is open already, as the first; where it was not open last time it gives its place.
    bool givesPlace = !files.contains(QString());
    QStringList problems;
    quint64 shown = m_editor.current().number();
    for (int i = 0; i < files.size(); ++i) {
        if (files[i].isEmpty())
            continue;
        if (const auto read = openAt(files[i], givesPlace ? Place::Here : Place::Beside); !read) {
            problems << textOf(read.error());
            if (QFileInfo::exists(files[i]))
                m_waiting << files[i];
            continue;
        }
        givesPlace = false;
        if (i == front)
            shown = m_editor.current().number();
    }
    showNumber(shown);
    m_remembers = true;
    if (m_waiting.isEmpty()) // else it stays as it was until the person does something
        rememberOpen();
    if (!problems.isEmpty())
        emit failed(Task::OpenLast,
                    problems.size() == 1 ? tr("A policy of last time could not be opened.")
                                         : tr("%1 policies of last time could not be opened.")
                                               .arg(format::count(problems.size())),
                    problems.join(QLatin1Char('\n')));
    if (wereTooMany)
        emit noted(tr("Some policies of last time were not opened."),
                   tr("A start opens %1 at most. The others wait for one with fewer.")
                       .arg(format::count(kReopened)));
}

void PolicyFiles::showNumber(quint64 number)
{
    for (int i = 0; i < m_editor.count(); ++i) {
        if (m_editor.policyAt(i).number() == number)
            m_editor.setCurrentIndex(i);
    }
}

bool PolicyFiles::save()
{
    if (m_editor.filePath().empty())
        return saveAs();
    m_editor.commitPending();
    m_editor.current().lookAround();
    const auto news = m_editor.current().diskNews();
    const bool canReload = news == OpenPolicy::DiskNews::Changed;
    if (!canReload && news != OpenPolicy::DiskNews::Unreadable)
        return write([this] { return m_editor.save(); });
    const QString file = QString::fromStdString(m_editor.filePath().string());
    switch (m_questions.changedFile(m_window, QFileInfo(file).fileName(), canReload)) {
    case Questions::Changed::Reload:
        m_editor.current().reload();
        return false; // nothing was saved: whoever wanted to leave may want to look
    case Questions::Changed::KeepMine:
        m_editor.current().keepMine();
        return write([this] { return m_editor.save(); });
    case Questions::Changed::SaveAs:
        return saveAs();
    case Questions::Changed::Compare:
        emit comparisonWanted();
        return false;
    case Questions::Changed::Cancel:
        return false;
    }
    return false;
}

bool PolicyFiles::write(const std::function<Result<void>()>& save)
{
    if (const auto written = save(); !written) {
        emit failed(Task::Save, tr("The policy was not saved."), textOf(written.error()));
        return false;
    }
    emit saved(m_editor.document().revision);
    return true;
}

bool PolicyFiles::saveAs()
{
    m_editor.commitPending();
    if (const auto ready = m_editor.mayBeSaved(); !ready) {
        emit failed(Task::Save, tr("The policy was not saved."), textOf(ready.error()));
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
            emit failed(Task::Save, tr("The policy was not saved."),
                        tr("%1 exists already. Choose it, or another name.").arg(path));
            return false;
        }
    }
    const std::filesystem::path target = path.toStdString();
    const int open = m_editor.indexOf(target);
    if (open >= 0 && open != m_editor.currentIndex()) {
        emit failed(
            Task::Save, tr("The policy was not saved."),
            tr("%1 is open in another tab. Close it there, or choose another name.").arg(path));
        return false;
    }
    if (open >= 0) { // the person was asked whether to replace it
        m_editor.current().lookAround();
        m_editor.current().keepMine();
    }
    if (!write([&] { return m_editor.saveAs(target); }))
        return false;
    remember(path);
    return true;
}

bool PolicyFiles::close(int index)
{
    if (index < 0 || index >= m_editor.count())
        return false;
    const quint64 number = m_editor.current().number();
    const bool isInFront = index == m_editor.currentIndex();
    if (isInFront || m_editor.policyAt(index).isModified()) {
        m_editor.setCurrentIndex(index); // what is asked about is seen
        if (!mayLeaveDocument())
            return false;
    }
    if (m_editor.count() == 1) {
        m_editor.setDocument(freshPolicy());
        emit opened();
        return true;
    }
    m_editor.close(index);
    showNumber(number); // back to where the person was
    return true;
}

bool PolicyFiles::restore(const PolicyEditor::Recoverable& left)
{
    m_remembers = true;
    Place place = placeForAnother();
    // A start may have opened the file already, as it was before the edits that were lost.
    if (const int open = left.file.empty() ? -1 : m_editor.indexOf(left.file); open >= 0) {
        m_editor.setCurrentIndex(open);
        if (!mayLeaveDocument())
            return false;
        place = Place::Here;
    }
    m_editor.commitPending();
    if (const auto recovered = m_editor.recover(left, place); !recovered)
        emit failed(Task::Restore, tr("Not all edits could be restored."),
                    textOf(recovered.error()));
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
    emit recentChanged();
}

/// Also while the program runs: a crash asks nobody.
void PolicyFiles::rememberOpen()
{
    if (!m_remembers)
        return;
    const std::string sample = supportDeskPolicy().id;
    QStringList files;
    int front = 0;
    for (int i = 0; i < m_editor.count(); ++i) {
        const OpenPolicy& policy = m_editor.policyAt(i);
        const bool isSample = policy.filePath().empty() && policy.document().id == sample;
        if (policy.filePath().empty() && !isSample)
            continue; // it is in no file, and its edits are in the journal
        if (i == m_editor.currentIndex())
            front = static_cast<int>(files.size());
        const QString path = QString::fromStdString(policy.filePath().string());
        files << (isSample ? QString() : QFileInfo(path).absoluteFilePath());
    }
    m_waiting.removeIf([&](const QString& file) { return files.contains(file); });
    files += m_waiting;
    if (m_remembered == files && m_front == front)
        return;
    m_remembered = files;
    m_front = front;
    writeOpen();
}

/// Of what other windows have open nothing is taken from the list, unless it was open here too.
void PolicyFiles::writeOpen()
{
    QStringList files = m_remembered;
    for (const QString& file : storedOpen()) {
        if (!m_own.contains(file) && !files.contains(file))
            files << file;
    }
    m_own = m_remembered;
    QSettings settings;
    settings.remove(QLatin1String(kLastKey));
    settings.setValue(QLatin1String(kOpenKey), files);
    settings.setValue(QLatin1String(kFrontKey), m_front);
}

} // namespace signalbox::ui
