// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_editor.h"

#include "exported_revisions.h"
#include "policy_journal.h"

#include <QFileSystemWatcher>
#include <QMetaMethod>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

struct PolicyEditor::Private
{
    PolicyEditor* q = nullptr;
    std::filesystem::path folder;
    std::shared_ptr<ExportedRevisions> exported = std::make_shared<ExportedRevisions>();
    QUndoGroup undo;
    std::vector<std::unique_ptr<OpenPolicy>> all;
    OpenPolicy* front = nullptr;
    QFileSystemWatcher otherWindows; ///< folders where they leave word of exports and open files

    [[nodiscard]] std::unique_ptr<OpenPolicy> make();
    template<class From, class To> void forward(OpenPolicy* policy, From from, To to);
    [[nodiscard]] int indexOf(const OpenPolicy* policy) const;
    void put(std::unique_ptr<OpenPolicy> policy);
    void show(OpenPolicy& policy);
    void watchOtherWindows();
};

/// What happens to a policy is heard of by the views while it is in front.
template<class From, class To>
void PolicyEditor::Private::forward(OpenPolicy* policy, From from, To to)
{
    QObject::connect(policy, from, q, [this, policy, to](const auto&... what) {
        if (policy == front)
            emit(q->*to)(what...);
    });
}

std::unique_ptr<OpenPolicy> PolicyEditor::Private::make()
{
    auto made = std::make_unique<OpenPolicy>(folder, exported);
    OpenPolicy* const policy = made.get();
    forward(policy, &OpenPolicy::commitRequested, &PolicyEditor::commitRequested);
    forward(policy, &OpenPolicy::documentOpened, &PolicyEditor::documentOpened);
    forward(policy, &OpenPolicy::journalProblemChanged, &PolicyEditor::journalProblemChanged);
    forward(policy, &OpenPolicy::documentChanged, &PolicyEditor::documentChanged);
    forward(policy, &OpenPolicy::shownChanged, &PolicyEditor::shownChanged);
    forward(policy, &OpenPolicy::selectionChanged, &PolicyEditor::selectionChanged);
    forward(policy, &OpenPolicy::fileChanged, &PolicyEditor::fileChanged);
    forward(policy, &OpenPolicy::revisionsChanged, &PolicyEditor::revisionsChanged);
    forward(policy, &OpenPolicy::recordsChanged, &PolicyEditor::recordsChanged);
    forward(policy, &OpenPolicy::diskNewsChanged, &PolicyEditor::diskNewsChanged);
    forward(policy, &OpenPolicy::openElsewhereChanged, &PolicyEditor::openElsewhereChanged);
    forward(policy, &OpenPolicy::editRefused, &PolicyEditor::editRefused);
    forward(policy, &OpenPolicy::putAside, &PolicyEditor::putAside);
    const auto entryChanged = [this, policy] {
        if (const int index = indexOf(policy); index >= 0)
            emit q->entryChanged(index);
    };
    QObject::connect(policy, &OpenPolicy::fileChanged, q, entryChanged);
    QObject::connect(policy, &OpenPolicy::diskNewsChanged, q, entryChanged);
    return made;
}

int PolicyEditor::Private::indexOf(const OpenPolicy* policy) const
{
    const auto found = std::ranges::find(all, policy, &std::unique_ptr<OpenPolicy>::get);
    return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

/// Behind the one in front, and in front of the views.
void PolicyEditor::Private::put(std::unique_ptr<OpenPolicy> policy)
{
    OpenPolicy& added = *policy;
    undo.addStack(added.undoStack());
    all.insert(all.begin() + indexOf(front) + 1, std::move(policy));
    show(added);
}

/// What was typed into the one in front has been committed by now.
void PolicyEditor::Private::show(OpenPolicy& policy)
{
    front->cancelPreview(); // its gesture ends here
    front = &policy;
    undo.setActiveStack(policy.undoStack());
    emit q->listChanged();
    policy.announce();
    policy.lookAround();
}

void PolicyEditor::Private::watchOtherWindows()
{
    if (const QStringList watched = otherWindows.directories(); !watched.isEmpty())
        otherWindows.removePaths(watched);
    if (folder.empty())
        return;
    for (const char* const name : {"open", "exported"}) {
        const auto path = folder.parent_path() / name;
        std::error_code failed;
        std::filesystem::create_directories(path, failed);
        if (!failed)
            otherWindows.addPath(QString::fromStdString(path.string()));
    }
}

PolicyEditor::PolicyEditor(QObject* parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->all.push_back(d->make());
    d->front = d->all.front().get();
    d->undo.addStack(d->front->undoStack());
    d->undo.setActiveStack(d->front->undoStack());
    connect(&d->otherWindows, &QFileSystemWatcher::directoryChanged, this, [this] {
        for (const auto& policy : d->all)
            policy->lookAround();
        emit fileChanged(); // the number under which it leaves next may be another
    });
}

PolicyEditor::~PolicyEditor()
{
    d->front = nullptr; // what still happens is heard by nobody
}

const PolicyDocument& PolicyEditor::document() const
{
    return d->front->document();
}

const PolicyDocument& PolicyEditor::savedDocument() const
{
    return d->front->savedDocument();
}

const PolicyDocument& PolicyEditor::shownDocument() const
{
    return d->front->shownDocument();
}

bool PolicyEditor::isPreviewing() const
{
    return d->front->isPreviewing();
}

QUndoStack* PolicyEditor::undoStack()
{
    return d->front->undoStack();
}

QUndoGroup* PolicyEditor::undoGroup()
{
    return &d->undo;
}

const std::vector<Finding>& PolicyEditor::findings() const
{
    return d->front->findings();
}

Result<void> PolicyEditor::push(const Edit& edit, quint64 gesture)
{
    return d->front->push(edit, gesture);
}

void PolicyEditor::preview(const Edit& edit)
{
    d->front->preview(edit);
}

void PolicyEditor::cancelPreview()
{
    d->front->cancelPreview();
}

quint64 PolicyEditor::newGesture()
{
    return OpenPolicy::newGesture();
}

const PolicySelection& PolicyEditor::selection() const
{
    return d->front->selection();
}

void PolicyEditor::setSelection(const PolicySelection& selection)
{
    d->front->setSelection(selection);
}

// ------------------------------------------------------------------ the list

int PolicyEditor::count() const
{
    return static_cast<int>(d->all.size());
}

int PolicyEditor::currentIndex() const
{
    return d->indexOf(d->front);
}

const OpenPolicy& PolicyEditor::policyAt(int index) const
{
    return *d->all.at(static_cast<std::size_t>(index));
}

OpenPolicy& PolicyEditor::current()
{
    return *d->front;
}

const OpenPolicy& PolicyEditor::current() const
{
    return *d->front;
}

int PolicyEditor::indexOf(const std::filesystem::path& path) const
{
    const auto placeOf = [](const std::filesystem::path& file) {
        std::error_code failed;
        auto place = std::filesystem::weakly_canonical(file, failed);
        return failed ? file : place;
    };
    const auto wanted = placeOf(path);
    const auto found = std::ranges::find_if(d->all, [&](const auto& policy) {
        return !policy->filePath().empty() && placeOf(policy->filePath()) == wanted;
    });
    return found == d->all.end() ? -1 : static_cast<int>(found - d->all.begin());
}

void PolicyEditor::setCurrentIndex(int index)
{
    if (index < 0 || index >= count() || index == currentIndex())
        return;
    commitPending();
    d->show(*d->all[static_cast<std::size_t>(index)]);
}

void PolicyEditor::move(int from, int to)
{
    if (from == to || std::min(from, to) < 0 || std::max(from, to) >= count())
        return;
    const auto first = d->all.begin();
    if (from < to)
        std::rotate(first + from, first + from + 1, first + to + 1);
    else
        std::rotate(first + to, first + from, first + from + 1);
    emit listChanged();
}

void PolicyEditor::close(int index)
{
    if (index < 0 || index >= count() || count() == 1)
        return;
    const auto place = d->all.begin() + index;
    const std::unique_ptr<OpenPolicy> leaving = std::move(*place);
    d->all.erase(place);
    if (leaving.get() == d->front)
        d->show(*d->all[static_cast<std::size_t>(std::min(index, count() - 1))]);
    else
        emit listChanged();
    emit closed(leaving->number());
}

// ------------------------------------------------------------------ files

const std::filesystem::path& PolicyEditor::filePath() const
{
    return d->front->filePath();
}

bool PolicyEditor::isModified() const
{
    return d->front->isModified();
}

void PolicyEditor::commitPending()
{
    d->front->commitPending();
}

void PolicyEditor::setUnreadable(std::optional<int> line)
{
    d->front->setUnreadable(line);
}

void PolicyEditor::setTyped(const std::optional<std::string>& text)
{
    d->front->setTyped(text);
}

Result<void> PolicyEditor::mayBeSaved() const
{
    return d->front->mayBeSaved();
}

QString PolicyEditor::displayName() const
{
    return d->front->displayName();
}

void PolicyEditor::setDocument(const PolicyDocument& document, const std::filesystem::path& path,
                               Place place)
{
    if (place == Place::Here)
        return d->front->setDocument(document, path);
    commitPending();
    auto policy = d->make();
    policy->setDocument(document, path);
    d->put(std::move(policy));
}

Result<void> PolicyEditor::open(const std::filesystem::path& path, Place place)
{
    if (place == Place::Here)
        return d->front->open(path);
    auto policy = d->make();
    if (auto opened = policy->open(path); !opened)
        return opened;
    commitPending();
    d->put(std::move(policy));
    return {};
}

int PolicyEditor::nextRevision() const
{
    return d->front->nextRevision();
}

void PolicyEditor::noteExported(const PolicyDocument& exported)
{
    d->front->noteExported(exported);
}

Result<void> PolicyEditor::save()
{
    return d->front->save();
}

Result<void> PolicyEditor::saveAs(const std::filesystem::path& path)
{
    return d->front->saveAs(path);
}

void PolicyEditor::setJournalFolder(const std::filesystem::path& folder)
{
    d->folder = folder;
    d->exported->setFolder(folder.empty() ? folder : folder.parent_path() / "exported");
    for (const auto& policy : d->all)
        policy->setJournalFolder(folder);
    d->watchOtherWindows();
}

const QString& PolicyEditor::journalProblem() const
{
    return d->front->journalProblem();
}

std::vector<PolicyEditor::Recoverable>
PolicyEditor::recoverable(const std::filesystem::path& folder)
{
    return OpenPolicy::recoverable(folder);
}

Result<void> PolicyEditor::recover(const Recoverable& left, Place place)
{
    if (place == Place::Here)
        return d->front->recover(left);
    commitPending();
    auto policy = d->make();
    const OpenPolicy* const made = policy.get();
    auto recovered = policy->recover(left);
    if (recovered || !(made->document() == PolicyDocument())) // all of it, or a part
        d->put(std::move(policy));
    return recovered;
}

std::vector<Error> PolicyEditor::unreadable(const std::filesystem::path& folder)
{
    return PolicyJournal::putAsideUnreadable(folder);
}

void PolicyEditor::discardRecovery(const Recoverable& left)
{
    PolicyJournal::remove(left.journal);
}

const std::vector<PolicyDocument>& PolicyEditor::revisions() const
{
    return d->front->revisions();
}

void PolicyEditor::setRevisions(std::vector<PolicyDocument> revisions)
{
    d->front->setRevisions(std::move(revisions));
}

RevisionRecord PolicyEditor::recordOf(const PolicyDocument& revision) const
{
    return d->front->recordOf(revision);
}

void PolicyEditor::setRevisionNote(const PolicyDocument& revision, const std::string& note)
{
    d->front->setRevisionNote(revision, note);
}

const std::string& PolicyEditor::nextNote() const
{
    return d->front->nextNote();
}

void PolicyEditor::setNextNote(const std::string& note)
{
    d->front->setNextNote(note);
}

bool PolicyEditor::wasExported(const PolicyDocument& revision) const
{
    return d->front->wasExported(revision);
}

bool PolicyEditor::requestComparison(const PolicyDocument& other, const QString& title)
{
    if (!isSignalConnected(QMetaMethod::fromSignal(&PolicyEditor::comparisonRequested)))
        return false;
    emit comparisonRequested(other, title);
    return true;
}

} // namespace signalbox::ui
