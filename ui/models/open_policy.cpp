// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_policy.h"

#include "edit_merging.h"
#include "exported_revisions.h"
#include "journal_keeper.h"
#include "kept_revisions.h"
#include "watched_file.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/policy/policy_json.h>

#include <QUndoCommand>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

/// Equal but for the revision number, which saving itself changes.
bool sameButRevision(const PolicyDocument& a, PolicyDocument b)
{
    b.revision = a.revision;
    return a == b;
}

/// Levels of lists and objects in each other.
std::size_t depthOf(const Json& json)
{
    std::size_t deepest = 0;
    std::vector<std::pair<const Json*, std::size_t>> open{{&json, 1}};
    while (!open.empty()) {
        const auto [value, depth] = open.back();
        open.pop_back();
        if (!value->is_structured())
            continue;
        deepest = std::max(deepest, depth);
        for (const Json& part : *value)
            open.emplace_back(&part, depth + 1);
    }
    return deepest;
}

/// Where a rule stands in a file there is a little more around it than in an edit.
constexpr std::size_t kDeepestEdit = kPolicyJsonLimits.depth - 8;

/// What can be drawn can also be saved and opened again. A whole document comes from a reader,
/// which has its own limit.
Result<void> mayNest(const Edit& edit)
{
    if (std::holds_alternative<ReplaceDocument>(edit) || depthOf(toJson(edit)) <= kDeepestEdit)
        return {};
    return fail(ErrorCode::TooLarge,
                OpenPolicy::tr("this would nest deeper than a policy file can hold").toStdString(),
                {}, OpenPolicy::tr("take a level out first").toStdString());
}

/// Where a text fails to be a policy, from 1.
int lineOfProblem(const std::string& text)
{
    const PolicyReading reading = readPolicyText(text);
    const auto place = reading.problems.empty()
                           ? std::nullopt
                           : findTextPlace(text, reading.problems.front().where);
    return static_cast<int>(place.value_or(TextPlace{}).line);
}

} // namespace

struct OpenPolicy::Private
{
    class EditCommand;

    explicit Private(const std::filesystem::path& journals)
        : journal(journals,
                  [this](PolicyJournal& fresh) { return fresh.restart(saved, path, document); })
    {}

    OpenPolicy* q = nullptr;
    quint64 number = 0;
    PolicyDocument document;
    std::optional<PolicyDocument> previewed;
    PolicyDocument saved;
    std::vector<Finding> findings;
    QUndoStack undo;
    PolicySelection selection;
    std::filesystem::path path;
    JournalKeeper journal;
    KeptRevisions revisions;
    std::string nextNote;
    std::shared_ptr<ExportedRevisions> exported;
    bool replaying = false; ///< edits come from the journal
    std::optional<int> unreadableLine;
    WatchedFile file{kPolicyJsonLimits.bytes};
    DiskNews news = DiskNews::None;
    int reloadStep = -1;   ///< of the undo stack, while news is Reloaded; -1: it changed nothing
    PolicyDocument onDisk; ///< while news is Changed
    QString diskProblem;   ///< while news is Unreadable
    OpenRecord openHere;   ///< what other windows are told
    std::vector<OpenRecord::Other> elsewhere;

    void documentWasChanged(const Edit& applied, PolicySelection selected,
                            bool continuesLast = false);
    void keepSavedNumber();
    void take(const PolicyDocument& opened, const std::filesystem::path& openedFrom);
    Result<void> replay(const std::vector<PolicyJournal::Step>& steps);
    [[nodiscard]] const EditCommand* command(int index) const;
    void noteSave(bool changed);
    void tellIfRefused(const Result<void>& kept);
    void placeRevisions();
    void loadRevisions();
    void noteSavedElsewhere();
    [[nodiscard]] bool isNew() const;
    Result<void> writeTo(const std::filesystem::path& target);
    Result<void> mayReplace(const std::filesystem::path& target);

    void noteFile();
    void setNews(DiskNews next);
    void forgetTyped();
    void tellOthers();
    void noteElsewhere();
    [[nodiscard]] std::filesystem::path besideJournals(const char* name) const;
};

/// One step of the undo list. Holds the edit and its inverse; the document is the editor's.
class OpenPolicy::Private::EditCommand : public QUndoCommand
{
public:
    EditCommand(Private& owner, Edit forward, Edit backward, quint64 gesture, const QString& text)
        : QUndoCommand(text), m_owner(owner), m_forward(std::move(forward)),
          m_backward(std::move(backward)), m_gesture(gesture)
    {}

    int id() const override { return m_gesture == 0 ? -1 : static_cast<int>(m_gesture); }

    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* later = static_cast<const EditCommand*>(other);
        if (replacesSameThing(m_forward, later->m_forward)) {
            m_forward = later->m_forward;
        } else {
            m_forward = batchOf(std::move(m_forward), later->m_forward);
            m_backward = batchOf(later->m_backward, std::move(m_backward));
        }
        setText(later->text());
        setObsolete(m_forward == m_backward); // typed, and taken back by typing
        return true;
    }

    void redo() override
    {
        if (m_isFresh) { // push() has applied it already
            m_isFresh = false;
            return;
        }
        applyNow(m_forward);
    }
    void undo() override { applyNow(m_backward); }
    [[nodiscard]] const Edit& forward() const { return m_forward; }
    [[nodiscard]] const Edit& backward() const { return m_backward; }

private:
    void applyNow(const Edit& edit)
    {
        const auto inverse = apply(m_owner.document, edit);
        Q_ASSERT_X(inverse.has_value(), "EditCommand", "an inverse edit always applies");
        m_owner.keepSavedNumber();
        m_owner.documentWasChanged(edit, selectionAfter(m_owner.selection, edit, *inverse));
    }

    Private& m_owner;
    Edit m_forward;
    Edit m_backward;
    quint64 m_gesture;
    bool m_isFresh = true;
};

/// @param selected  what is selected from now on
void OpenPolicy::Private::documentWasChanged(const Edit& applied, PolicySelection selected,
                                             bool continuesLast)
{
    previewed.reset();
    const bool selectsAnother = selection != selected;
    selection = std::move(selected);
    if (replaying)
        return; // told when all of it is there
    journal.keep({applied, continuesLast});
    findings = lint(document);
    emit q->documentChanged();
    emit q->shownChanged();
    if (selectsAnother)
        emit q->selectionChanged(); // views know the document that it is in by now
    emit q->fileChanged();
}

/// Undo and redo bring back what was saved with the number that it had before.
void OpenPolicy::Private::keepSavedNumber()
{
    if (document.revision < saved.revision && sameButRevision(saved, document))
        document.revision = saved.revision;
}

void OpenPolicy::Private::take(const PolicyDocument& opened,
                               const std::filesystem::path& openedFrom)
{
    document = opened;
    saved = opened;
    previewed.reset();
    forgetTyped();
    path = openedFrom;
    news = DiskNews::None;
    reloadStep = -1;
    undo.clear();
    selection = {};
    nextNote.clear();
    findings = lint(document);
    loadRevisions();
    file.setKnown(path, toPolicyText(saved)); // open() knows better
    tellOthers();
}

void OpenPolicy::Private::forgetTyped()
{
    unreadableLine.reset();
    journal.keepTyped({});
}

/// That this fails is no reason to keep a person from working.
void OpenPolicy::Private::tellOthers()
{
    openHere.discard();
    elsewhere.clear();
    if (path.empty() || journal.folder().empty())
        return;
    if (auto told = OpenRecord::create(besideJournals("open"), path))
        openHere = std::move(*told);
    elsewhere = openHere.earlier();
}

std::filesystem::path OpenPolicy::Private::besideJournals(const char* name) const
{
    return journal.folder().parent_path() / name;
}

// ------------------------------------------------------------------ journal

/// Null where there is none.
const OpenPolicy::Private::EditCommand* OpenPolicy::Private::command(int index) const
{
    return static_cast<const EditCommand*>(undo.command(index));
}

/// Makes the steps anew as they were: what continued a step continues it, and what took the last
/// one back, or made it again, moves along the undo stack. Stops at what cannot be applied.
Result<void> OpenPolicy::Private::replay(const std::vector<PolicyJournal::Step>& steps)
{
    Result<void> replayed;
    quint64 gesture = 0;
    replaying = true;
    for (auto step = steps.begin(); step != steps.end() && replayed; ++step) {
        const EditCommand* const last = command(undo.index() - 1);
        const EditCommand* const next = command(undo.index());
        if (!step->continuesLast && last && last->backward() == step->edit) {
            undo.undo();
        } else if (!step->continuesLast && next && next->forward() == step->edit) {
            undo.redo();
        } else {
            if (!step->continuesLast)
                gesture = newGesture();
            replayed = q->push(step->edit, gesture);
        }
    }
    replaying = false;
    findings = lint(document);
    return replayed;
}

// ------------------------------------------------------------------ revisions

/// A first revision that lies in no file: its number is still to be given.
bool OpenPolicy::Private::isNew() const
{
    return path.empty() && saved.revision <= 1;
}

void OpenPolicy::Private::tellIfRefused(const Result<void>& kept)
{
    if (!kept)
        emit q->editRefused(QString::fromStdString(toString(kept.error())));
}

/// A save that changes nothing keeps the time of the one that did; a note is taken all the same.
void OpenPolicy::Private::noteSave(bool changed)
{
    RevisionRecord record = changed ? RevisionRecord() : revisions.log().of(saved);
    const RevisionRecord before = record;
    if (record.savedAtMs == 0)
        record.savedAtMs = systemClock().unixMs();
    if (!nextNote.empty())
        record.note = std::exchange(nextNote, {});
    if (record != before)
        tellIfRefused(revisions.log().set(saved, std::move(record)));
}

void OpenPolicy::Private::placeRevisions()
{
    const auto& journals = journal.folder();
    revisions.setPlace(journals.empty() ? journals : besideJournals("revisions"), path);
}

void OpenPolicy::Private::loadRevisions()
{
    placeRevisions();
    revisions.load(document);
}

/// What lies in the file was put there by others. What was saved before stays one of the
/// revisions, whatever number the other one has.
void OpenPolicy::Private::noteSavedElsewhere()
{
    tellIfRefused(revisions.add(saved));
    tellIfRefused(revisions.keep(onDisk)); // it may be replaced in its turn
    saved = onDisk;
    revisions.setCurrent(saved);
    if (revisions.log().of(saved).savedAtMs == 0) // no other window has noted it
        tellIfRefused(revisions.log().set(
            saved, {.savedAtMs = systemClock().unixMs(), .note = {}, .isForeign = true}));
}

// ------------------------------------------------------------------ the file in other hands

void OpenPolicy::Private::setNews(DiskNews next)
{
    const bool wasGone = news == DiskNews::Gone;
    news = next;
    emit q->diskNewsChanged();
    if (wasGone != (next == DiskNews::Gone))
        emit q->fileChanged(); // it counts as modified
}

/// Says what lies there only as far as it is another policy than is known: other blanks are no
/// news.
void OpenPolicy::Private::noteFile()
{
    q->commitPending(); // what is typed at this moment counts, too
    switch (file.state()) {
    case WatchedFile::State::AsKnown:
        if (news != DiskNews::None && news != DiskNews::Reloaded)
            setNews(DiskNews::None);
        return;
    case WatchedFile::State::Gone:
        return setNews(DiskNews::Gone);
    case WatchedFile::State::Unreadable:
        diskProblem = QString::fromStdString(toString(*file.problem()));
        return setNews(DiskNews::Unreadable);
    case WatchedFile::State::Changed:
        break;
    }
    auto lies = parsePolicy(file.content());
    if (!lies) {
        diskProblem = QString::fromStdString(toString(lies.error()));
        return setNews(DiskNews::Unreadable);
    }
    onDisk = std::move(*lies);
    if (onDisk == saved) {
        file.accept();
    } else if (sameButRevision(onDisk, document)) { // the same was done there, and saved
        document.revision = onDisk.revision;
        noteSavedElsewhere();
        file.accept();
        journal.start();
        emit q->revisionsChanged(); // what is compared with is another
        emit q->recordsChanged();
        emit q->documentChanged();
        emit q->shownChanged();
        emit q->fileChanged();
    } else if (q->isModified() || q->isPreviewing()) {
        setNews(DiskNews::Changed);
    } else {
        q->reload();
    }
}

void OpenPolicy::Private::noteElsewhere()
{
    auto others = openHere.earlier();
    if (std::exchange(elsewhere, std::move(others)) != elsewhere)
        emit q->openElsewhereChanged();
}

OpenPolicy::DiskNews OpenPolicy::diskNews() const
{
    return d->news;
}

const PolicyDocument& OpenPolicy::documentOnDisk() const
{
    return d->onDisk;
}

QString OpenPolicy::diskProblem() const
{
    return d->diskProblem;
}

void OpenPolicy::lookAround()
{
    d->file.look();
    d->noteElsewhere();
}

void OpenPolicy::reload()
{
    const Edit edit = ReplaceDocument{d->onDisk};
    if (isPreviewing()) {
        cancelPreview();
        if (d->news == DiskNews::Reloaded)
            return; // the end of the gesture has done it
    }
    auto inverse = apply(d->document, edit);
    Q_ASSERT_X(inverse.has_value(), "OpenPolicy", "a whole document can always be replaced");
    const bool changes = *inverse != edit;
    PolicySelection selected = selectionAfter(d->selection, edit, *inverse);
    const bool selectsAnother = selected != d->selection;
    d->selection = std::move(selected);
    if (changes)
        d->undo.push(
            new Private::EditCommand(*d, edit, std::move(*inverse), 0, tr("Read the file again")));
    d->reloadStep = changes ? d->undo.index() : -1;
    d->noteSavedElsewhere();
    d->forgetTyped();
    d->findings = lint(d->document);
    d->file.accept();
    d->journal.start();
    emit documentChanged();
    emit shownChanged();
    if (selectsAnother)
        emit selectionChanged();
    emit fileChanged();
    emit revisionsChanged();
    emit recordsChanged();
    d->setNews(DiskNews::Reloaded);
}

void OpenPolicy::keepMine()
{
    if (d->news == DiskNews::Changed)
        d->noteSavedElsewhere();
    d->file.accept();
    d->journal.start();
    emit revisionsChanged(); // what is compared with is another
    emit recordsChanged();
    emit fileChanged();
}

void OpenPolicy::dismissDiskNews()
{
    if (d->news == DiskNews::Reloaded)
        d->setNews(DiskNews::None);
}

const std::vector<OpenRecord::Other>& OpenPolicy::openElsewhere() const
{
    return d->elsewhere;
}

// ------------------------------------------------------------------ the open policy

OpenPolicy::OpenPolicy(const std::filesystem::path& journals,
                       std::shared_ptr<ExportedRevisions> exported, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(journals))
{
    static quint64 last = 0;
    d->q = this;
    d->number = ++last;
    d->exported = std::move(exported);
    connect(&d->file, &WatchedFile::changed, this, [this] { d->noteFile(); });
    connect(&d->undo, &QUndoStack::indexChanged, this, [this](int index) {
        if (index < d->reloadStep)
            dismissDiskNews(); // taken back: it need not be told any more
    });
    connect(&d->journal, &JournalKeeper::problemChanged, this, &OpenPolicy::journalProblemChanged);
}

OpenPolicy::~OpenPolicy()
{
    d->undo.disconnect(this); // its steps go with it, and are no undo
}

quint64 OpenPolicy::number() const
{
    return d->number;
}

void OpenPolicy::announce()
{
    emit documentOpened();
    emit selectionChanged();
    emit documentChanged();
    emit shownChanged();
    emit fileChanged();
    emit revisionsChanged();
    emit recordsChanged();
    emit journalProblemChanged();
    emit diskNewsChanged();
    emit openElsewhereChanged();
}

const PolicyDocument& OpenPolicy::document() const
{
    return d->document;
}

const PolicyDocument& OpenPolicy::savedDocument() const
{
    return d->saved;
}

const PolicyDocument& OpenPolicy::shownDocument() const
{
    return d->previewed ? *d->previewed : d->document;
}

bool OpenPolicy::isPreviewing() const
{
    return d->previewed.has_value();
}

QUndoStack* OpenPolicy::undoStack()
{
    return &d->undo;
}

const std::vector<Finding>& OpenPolicy::findings() const
{
    return d->findings;
}

Result<void> OpenPolicy::push(const Edit& edit, quint64 gesture)
{
    const QString text = QString::fromStdString(describe(edit, d->document));
    const auto nests = d->replaying ? Result<void>() : mayNest(edit);
    auto inverse = nests ? apply(d->document, edit) : Result<Edit>(Unexpected(nests.error()));
    if (!inverse) {
        cancelPreview();
        emit editRefused(QString::fromStdString(toString(inverse.error())));
        return Unexpected(inverse.error());
    }
    if (*inverse == edit) {
        cancelPreview();
        return {}; // nothing changed: no step to undo
    }
    const int steps = d->undo.index();
    PolicySelection selected = selectionAfter(d->selection, edit, *inverse);
    d->undo.push(new Private::EditCommand(*d, edit, std::move(*inverse), gesture, text));
    d->documentWasChanged(edit, std::move(selected), d->undo.index() <= steps);
    return {};
}

void OpenPolicy::preview(const Edit& edit)
{
    PolicyDocument candidate = d->document;
    if (!apply(candidate, edit))
        return; // the gesture passes through something impossible; keep the last good preview
    d->previewed = std::move(candidate);
    emit shownChanged();
}

void OpenPolicy::cancelPreview()
{
    if (!d->previewed)
        return;
    d->previewed.reset();
    emit shownChanged();
    if (d->news == DiskNews::Changed && !isModified()) // it came in the middle of the gesture
        reload();
}

quint64 OpenPolicy::newGesture()
{
    static quint64 last = 0;
    return ++last;
}

const PolicySelection& OpenPolicy::selection() const
{
    return d->selection;
}

void OpenPolicy::setSelection(const PolicySelection& selection)
{
    if (selection == d->selection)
        return;
    d->selection = selection;
    emit selectionChanged();
}

const std::filesystem::path& OpenPolicy::filePath() const
{
    return d->path;
}

bool OpenPolicy::isModified() const
{
    return d->unreadableLine || d->news == DiskNews::Gone ||
           !sameButRevision(d->saved, d->document);
}

bool OpenPolicy::isUntouched() const
{
    return d->path.empty() && d->undo.count() == 0 && !isModified();
}

int OpenPolicy::nextRevision() const
{
    const PolicyDocument& document = d->document;
    if (sameButRevision(d->saved, document)) {
        // Undo can bring back what was saved under a lower number that stands for another policy.
        PolicyDocument same = document;
        same.revision = std::max(d->saved.revision, document.revision);
        if (!d->exported->isTaken(same))
            return same.revision;
    }
    const int savedNumber = d->isNew() ? 0 : d->saved.revision;
    if (const auto left = d->exported->numberOf(document); left && *left > savedNumber)
        return *left;
    const int usedUp =
        std::max({savedNumber, d->revisions.highest(), d->exported->highest(document.id)});
    return document.revision > usedUp ? document.revision : usedUp + 1;
}

void OpenPolicy::noteExported(const PolicyDocument& exported)
{
    d->tellIfRefused(d->exported->add(exported));
    emit fileChanged();
}

void OpenPolicy::commitPending()
{
    emit commitRequested();
}

void OpenPolicy::setUnreadable(std::optional<int> line)
{
    if (std::exchange(d->unreadableLine, line) != line)
        emit fileChanged();
}

void OpenPolicy::setTyped(const std::optional<std::string>& text)
{
    d->journal.keepTyped(text);
}

const std::optional<std::string>& OpenPolicy::typed() const
{
    return d->journal.typed();
}

Result<void> OpenPolicy::mayBeSaved() const
{
    if (!d->unreadableLine)
        return {};
    return fail(ErrorCode::InvalidArgument,
                tr("the source cannot be read at line %1").arg(*d->unreadableLine).toStdString(),
                {}, tr("mend it or discard it").toStdString());
}

QString OpenPolicy::displayName() const
{
    return d->document.name.empty() ? tr("Untitled policy")
                                    : QString::fromStdString(d->document.name);
}

void OpenPolicy::setDocument(const PolicyDocument& document, const std::filesystem::path& path)
{
    d->take(document, path);
    d->journal.start();
    announce();
}

Result<void> OpenPolicy::open(const std::filesystem::path& path)
{
    const auto text = readFile(path, kPolicyJsonLimits.bytes);
    if (!text)
        return Unexpected(text.error());
    auto document = parsePolicy(*text);
    if (!document) {
        Error error = document.error();
        error.where = path.string() + (error.where.empty() ? "" : ": " + error.where);
        return Unexpected(std::move(error));
    }
    d->take(*document, path);
    d->file.setKnown(path, *text);
    d->journal.start();
    announce();
    return {};
}

/// Nobody else's save is lost, be it by another window of this program or by another program.
Result<void> OpenPolicy::Private::mayReplace(const std::filesystem::path& target)
{
    if (target != path)
        return {}; // whoever chose it was asked about it
    file.look();
    if (news != DiskNews::Changed && news != DiskNews::Unreadable)
        return {};
    return fail(ErrorCode::Refused,
                tr("the file has changed on the disk since it was opened here").toStdString(),
                path.string(),
                tr("read it again, keep yours, or save under another name").toStdString());
}

Result<void> OpenPolicy::Private::writeTo(const std::filesystem::path& target)
{
    if (auto ready = q->mayBeSaved(); !ready)
        return ready;
    const auto alone = journal.folder().empty() ? Result<FileLock>(FileLock())
                                                : OpenRecord::lockForSaving(besideJournals("open"));
    if (!alone)
        return Unexpected(alone.error());
    if (auto mine = mayReplace(target); !mine)
        return mine;
    PolicyDocument next = document;
    next.release.reset(); // the record of an export belongs to the exported file
    const bool changed = !sameButRevision(saved, document);
    const bool wasNew = isNew();
    next.revision = q->nextRevision();
    const std::string text = toPolicyText(next);
    const bool isElsewhere = path != target;
    const auto aside = isElsewhere ? revisions.makeRoomAt(target)
                                   : Result<std::filesystem::path>(std::filesystem::path());
    if (!aside)
        return Unexpected(aside.error());
    if (const auto written = writeFileAtomically(target, text); !written)
        return written;
    const PolicyDocument before = std::exchange(saved, next);
    document = std::move(next);
    // What a new policy began from was no revision, unless it left as one.
    const bool wasRevision = !wasNew || exported->numberOf(before) == before.revision;
    const bool hasPast = changed && wasRevision && before.revision != saved.revision;
    path = target;
    if (isElsewhere)
        tellIfRefused(revisions.moveTo(path));
    if (hasPast)
        tellIfRefused(revisions.add(before));
    tellIfRefused(revisions.keep(saved));
    file.setKnown(path, text);
    if (isElsewhere) {
        tellOthers();
        emit q->openElsewhereChanged();
    }
    noteSave(changed);
    journal.start();
    if (changed)
        emit q->revisionsChanged();
    emit q->recordsChanged();
    emit q->documentChanged();
    emit q->shownChanged();
    emit q->fileChanged();
    if (news != DiskNews::None)
        setNews(DiskNews::None);
    if (!aside->empty())
        emit q->putAside(tr("What was in %1 before is kept in %2.")
                             .arg(QString::fromStdString(target.filename().string()),
                                  QString::fromStdString(aside->string())));
    return {};
}

Result<void> OpenPolicy::save()
{
    commitPending();
    if (d->path.empty())
        return fail(ErrorCode::InvalidArgument, "the policy has no file yet", {}, "use Save as");
    return d->writeTo(d->path);
}

Result<void> OpenPolicy::saveAs(const std::filesystem::path& path)
{
    commitPending();
    return d->writeTo(path);
}

void OpenPolicy::setJournalFolder(const std::filesystem::path& folder)
{
    d->journal.setFolder(folder);
    d->placeRevisions();
    d->tellOthers();
    d->journal.start();
}

std::vector<OpenPolicy::Recoverable> OpenPolicy::recoverable(const std::filesystem::path& folder)
{
    std::vector<Recoverable> found;
    for (const auto& path : PolicyJournal::abandoned(folder)) {
        const auto content = PolicyJournal::read(path);
        if (!content || (content->steps.empty() && !content->typed))
            continue;
        OpenPolicy trial({}, std::make_shared<ExportedRevisions>());
        trial.d->take(content->document, {});
        const bool whole = trial.d->replay(content->steps).has_value();
        if (whole && content->isWhole && !content->typed && !trial.isModified()) {
            PolicyJournal::remove(path); // all was taken back
            continue;
        }
        const int edits = trial.undoStack()->index() + (content->typed ? 1 : 0);
        found.push_back({path, content->documentPath,
                         QString::fromStdString(content->document.name), std::max(1, edits),
                         content->startedAtMs});
    }
    return found;
}

Result<void> OpenPolicy::recover(const Recoverable& left)
{
    auto taken = PolicyJournal::adopt(left.journal);
    if (!taken)
        return Unexpected(taken.error());
    const auto content = PolicyJournal::read(left.journal);
    if (!content)
        return Unexpected(content.error());
    d->take(content->document, content->documentPath);
    d->journal.goOnIn(std::move(*taken), content->typed);
    d->unreadableLine =
        content->typed ? std::optional(lineOfProblem(*content->typed)) : std::nullopt;
    const Result<void> replayed = d->replay(content->steps);
    if (!replayed)
        d->journal.leave();
    announce();
    d->file.look(); // it may have been written since
    return replayed;
}

const QString& OpenPolicy::journalProblem() const
{
    return d->journal.problem();
}

const std::vector<PolicyDocument>& OpenPolicy::revisions() const
{
    return d->revisions.list();
}

void OpenPolicy::setRevisions(std::vector<PolicyDocument> revisions)
{
    d->revisions.setList(std::move(revisions));
    emit revisionsChanged();
}

RevisionRecord OpenPolicy::recordOf(const PolicyDocument& revision) const
{
    return d->revisions.log().of(revision);
}

void OpenPolicy::setRevisionNote(const PolicyDocument& revision, const std::string& note)
{
    RevisionRecord record = d->revisions.log().of(revision);
    if (record.note == note)
        return;
    record.note = note;
    d->tellIfRefused(d->revisions.log().set(revision, std::move(record)));
    emit recordsChanged();
}

const std::string& OpenPolicy::nextNote() const
{
    return d->nextNote;
}

void OpenPolicy::setNextNote(const std::string& note)
{
    if (d->nextNote == note)
        return;
    d->nextNote = note;
    emit recordsChanged();
}

bool OpenPolicy::wasExported(const PolicyDocument& revision) const
{
    return d->exported->has(revision);
}

} // namespace signalbox::ui
