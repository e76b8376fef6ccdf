// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_policy.h"

#include "exported_revisions.h"
#include "policy_journal.h"
#include "watched_file.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/base/md5.h>
#include <core/policy/policy_json.h>

#include <QTimer>
#include <QUndoCommand>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace signalbox::ui {

namespace {

/// How long typed text may be nowhere but in memory.
constexpr int kJournalPauseMs = 250;
/// A journal that is larger is started over, with all edits so far as one.
constexpr std::size_t kMostJournalBytes = std::size_t{64} << 20;

constexpr std::size_t kKeptRevisions = 10;

/// True when `later` alone says all that `earlier` and then `later` say.
bool replacesSameThing(const Edit& earlier, const Edit& later)
{
    if (earlier.index() != later.index())
        return false;
    static_assert(std::variant_size_v<Edit> == 23,
                  "say whether the new edit replaces a whole thing");
    const auto keepsId = [&]<class Replace>(const Replace& a, const Replace& b, auto idOf) {
        return a.id == b.id && idOf(a) == a.id && idOf(b) == b.id;
    };
    if (const auto* rule = std::get_if<ReplaceRule>(&later))
        return keepsId(std::get<ReplaceRule>(earlier), *rule,
                       [](const ReplaceRule& edit) { return edit.rule.id; });
    if (const auto* signal = std::get_if<ReplaceSignal>(&later))
        return keepsId(std::get<ReplaceSignal>(earlier), *signal,
                       [](const ReplaceSignal& edit) { return edit.signal.id; });
    if (const auto* model = std::get_if<ReplaceModel>(&later))
        return keepsId(std::get<ReplaceModel>(earlier), *model,
                       [](const ReplaceModel& edit) { return edit.model.id; });
    if (const auto* move = std::get_if<MoveRule>(&later))
        return std::get<MoveRule>(earlier).id == move->id;
    return std::holds_alternative<SetOtherwise>(later) ||
           std::holds_alternative<SetBaseline>(later) ||
           std::holds_alternative<SetDecideBy>(later) ||
           std::holds_alternative<SetHoldout>(later) ||
           std::holds_alternative<SetAnswerStyle>(later) ||
           std::holds_alternative<SetVoice>(later) || std::holds_alternative<SetGates>(later) ||
           std::holds_alternative<SetGroups>(later) ||
           std::holds_alternative<SetMonitoring>(later) ||
           std::holds_alternative<SetTests>(later) || std::holds_alternative<SetTitle>(later) ||
           std::holds_alternative<ReplaceDocument>(later);
}

void appendTo(EditBatch& batch, Edit edit)
{
    if (auto* several = std::get_if<Boxed<EditBatch>>(&edit))
        std::ranges::move((*several)->edits, std::back_inserter(batch.edits));
    else
        batch.edits.push_back(std::move(edit));
}

/// A gesture can be of thousands of edits: they stand side by side, not each inside the next.
Edit batchOf(Edit first, Edit second)
{
    if (auto* several = std::get_if<Boxed<EditBatch>>(&first)) {
        appendTo(**several, std::move(second));
        return first;
    }
    EditBatch batch;
    batch.edits.push_back(std::move(first));
    appendTo(batch, std::move(second));
    return Boxed<EditBatch>(std::move(batch));
}

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

std::string revisionFileName(const PolicyDocument& revision)
{
    return std::to_string(revision.revision) + ".json";
}

} // namespace

struct OpenPolicy::Private
{
    class EditCommand;

    OpenPolicy* q = nullptr;
    quint64 number = 0;
    PolicyDocument document;
    std::optional<PolicyDocument> previewed;
    PolicyDocument saved;
    std::vector<Finding> findings;
    QUndoStack undo;
    PolicySelection selection;
    std::filesystem::path path;
    std::filesystem::path folder;
    PolicyJournal journal;
    std::vector<PolicyDocument> revisions;
    RevisionLog log;
    std::string nextNote;
    std::shared_ptr<ExportedRevisions> exported;
    QString journalProblem;
    std::optional<PolicyJournal::Step> lateStep; ///< typed in the source, and not yet written
    QTimer lateTimer;
    bool replaying = false; ///< edits come from the journal
    std::optional<int> unreadableLine;
    WatchedFile file{kPolicyJsonLimits.bytes};
    DiskNews news = DiskNews::None;
    PolicyDocument onDisk; ///< while news is Changed
    QString diskProblem;   ///< while news is Unreadable
    OpenRecord openHere;   ///< what other windows are told
    std::vector<OpenRecord::Other> elsewhere;

    void documentWasChanged(const Edit& applied, bool continuesLast = false);
    void keepSavedNumber();
    void take(const PolicyDocument& opened, const std::filesystem::path& openedFrom);
    void startJournal();
    void writeStep(const PolicyJournal::Step& step);
    void keepLateStep();
    void dropLateStep();
    void keepEdit(const PolicyJournal::Step& step);
    Result<void> replay(const std::vector<PolicyJournal::Step>& steps);
    [[nodiscard]] const EditCommand* command(int index) const;
    Result<void> rewriteJournal();
    void noteJournal(const Result<void>& written);
    void writeRevisions(std::span<const PolicyDocument> list);
    void noteSave(bool changed);
    void tellIfRefused(const Result<void>& kept);
    void loadRevisions();
    [[nodiscard]] std::filesystem::path revisionFolder() const;
    [[nodiscard]] bool isNew() const;
    Result<void> writeTo(const std::filesystem::path& target);
    Result<void> mayReplace(const std::filesystem::path& target);

    void noteFile();
    void setNews(DiskNews next);
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
        m_owner.documentWasChanged(edit);
    }

    Private& m_owner;
    Edit m_forward;
    Edit m_backward;
    quint64 m_gesture;
    bool m_isFresh = true;
};

void OpenPolicy::Private::documentWasChanged(const Edit& applied, bool continuesLast)
{
    previewed.reset();
    if (replaying)
        return; // told when all of it is there
    keepEdit({applied, continuesLast});
    findings = lint(document);
    emit q->documentChanged();
    emit q->shownChanged();
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
    unreadableLine.reset();
    path = openedFrom;
    undo.clear();
    selection = {};
    nextNote.clear();
    findings = lint(document);
    loadRevisions();
    news = DiskNews::None;
    file.setKnown(path, toPolicyText(saved)); // open() knows better
    tellOthers();
}

/// That this fails is no reason to keep a person from working.
void OpenPolicy::Private::tellOthers()
{
    openHere.discard();
    elsewhere.clear();
    if (path.empty() || folder.empty())
        return;
    if (auto told = OpenRecord::create(besideJournals("open"), path))
        openHere = std::move(*told);
    elsewhere = openHere.earlier();
}

std::filesystem::path OpenPolicy::Private::besideJournals(const char* name) const
{
    return folder.parent_path() / name;
}

// ------------------------------------------------------------------ journal

void OpenPolicy::Private::noteJournal(const Result<void>& written)
{
    const QString problem = written ? QString() : QString::fromStdString(toString(written.error()));
    if (std::exchange(journalProblem, problem) != problem)
        emit q->journalProblemChanged();
}

Result<void> OpenPolicy::Private::rewriteJournal()
{
    dropLateStep(); // it is in what is written now
    if (!journal.isOpen()) {
        auto created = PolicyJournal::create(folder);
        if (!created)
            return Unexpected(created.error());
        journal = std::move(*created);
    }
    return journal.restart(saved, path, document);
}

void OpenPolicy::Private::startJournal()
{
    if (folder.empty())
        journal.discard();
    else
        noteJournal(rewriteJournal());
}

/// After a failure every edit tries anew to write down all there is: the disk may have room again.
/// A key in the source replaces the whole document: of a spell of typing the newest is written, a
/// moment later, or right before whatever comes next.
void OpenPolicy::Private::keepEdit(const PolicyJournal::Step& step)
{
    if (folder.empty() && !journal.isOpen())
        return;
    if (step.continuesLast && std::holds_alternative<ReplaceDocument>(step.edit)) {
        lateStep = step;
        if (!lateTimer.isActive())
            lateTimer.start();
        return;
    }
    keepLateStep();
    writeStep(step);
}

void OpenPolicy::Private::writeStep(const PolicyJournal::Step& step)
{
    const bool fits = journal.bytes() < kMostJournalBytes;
    noteJournal(journal.isOpen() && journal.isWhole() && fits ? journal.append(step)
                                                              : rewriteJournal());
}

void OpenPolicy::Private::keepLateStep()
{
    const auto step = std::exchange(lateStep, {});
    dropLateStep();
    if (step)
        writeStep(*step);
}

void OpenPolicy::Private::dropLateStep()
{
    lateTimer.stop();
    lateStep.reset();
}

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

std::filesystem::path OpenPolicy::Private::revisionFolder() const
{
    if (folder.empty() || path.empty())
        return {};
    std::error_code failed;
    const auto place = std::filesystem::weakly_canonical(path, failed);
    return besideJournals("revisions") / md5Hex((failed ? path : place).string());
}

/// A first revision that lies in no file: its number is still to be given.
bool OpenPolicy::Private::isNew() const
{
    return path.empty() && saved.revision <= 1;
}

void OpenPolicy::Private::writeRevisions(std::span<const PolicyDocument> list)
{
    const auto target = revisionFolder();
    if (target.empty())
        return;
    std::error_code ignored;
    std::filesystem::create_directories(target, ignored);
    for (const PolicyDocument& revision : list) {
        const auto kept =
            writeFileAtomically(target / revisionFileName(revision), toPolicyText(revision));
        tellIfRefused(kept);
        if (!kept)
            return;
    }
}

void OpenPolicy::Private::tellIfRefused(const Result<void>& kept)
{
    if (!kept)
        emit q->editRefused(QString::fromStdString(toString(kept.error())));
}

/// A save that changes nothing keeps the time of the one that did; a note is taken all the same.
void OpenPolicy::Private::noteSave(bool changed)
{
    RevisionRecord record = changed ? RevisionRecord() : log.of(saved);
    const RevisionRecord before = record;
    if (record.savedAtMs == 0)
        record.savedAtMs = systemClock().unixMs();
    if (!nextNote.empty())
        record.note = std::exchange(nextNote, {});
    if (record != before)
        tellIfRefused(log.set(saved, std::move(record)));
}

/// Whatever lies in the folder: only earlier revisions of this very policy count.
void OpenPolicy::Private::loadRevisions()
{
    revisions.clear();
    log.load(revisionFolder());
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(revisionFolder(), failed)) {
        const auto text = readFile(entry.path());
        auto revision =
            text ? parsePolicy(*text) : Result<PolicyDocument>(Unexpected(text.error()));
        if (revision && revision->id == document.id && revision->revision < document.revision &&
            entry.path().filename() == revisionFileName(*revision))
            revisions.push_back(std::move(*revision));
    }
    std::ranges::sort(revisions, std::ranges::greater{}, &PolicyDocument::revision);
    if (revisions.size() > kKeptRevisions)
        revisions.resize(kKeptRevisions);
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
        saved = onDisk;
        file.accept();
        startJournal();
        emit q->revisionsChanged(); // what is compared with is another
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
    cancelPreview();
    auto inverse = apply(d->document, edit);
    Q_ASSERT_X(inverse.has_value(), "OpenPolicy", "a whole document can always be replaced");
    if (*inverse != edit)
        d->undo.push(
            new Private::EditCommand(*d, edit, std::move(*inverse), 0, tr("Read the file again")));
    d->saved = d->onDisk;
    d->unreadableLine.reset();
    d->findings = lint(d->document);
    d->file.accept();
    d->loadRevisions();
    d->startJournal();
    emit documentChanged();
    emit shownChanged();
    emit fileChanged();
    emit revisionsChanged();
    emit recordsChanged();
    d->setNews(DiskNews::Reloaded);
}

void OpenPolicy::keepMine()
{
    if (d->news == DiskNews::Changed)
        d->saved = d->onDisk;
    d->file.accept();
    d->startJournal();
    emit revisionsChanged(); // what is compared with is another
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
    : QObject(parent), d(std::make_unique<Private>())
{
    static quint64 last = 0;
    d->q = this;
    d->number = ++last;
    d->folder = journals;
    d->exported = std::move(exported);
    connect(&d->file, &WatchedFile::changed, this, [this] { d->noteFile(); });
    d->lateTimer.setSingleShot(true);
    d->lateTimer.setInterval(kJournalPauseMs);
    connect(&d->lateTimer, &QTimer::timeout, this, [this] { d->keepLateStep(); });
}

OpenPolicy::~OpenPolicy()
{
    d->journal.discard();
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
    d->undo.push(new Private::EditCommand(*d, edit, std::move(*inverse), gesture, text));
    d->documentWasChanged(edit, d->undo.index() <= steps);
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
    const int usedUp = std::max(savedNumber, d->exported->highest(document.id));
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
    d->startJournal();
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
    d->startJournal();
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
    const auto alone = folder.empty() ? Result<FileLock>(FileLock())
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
    if (const auto written = writeFileAtomically(target, text); !written)
        return written;
    const PolicyDocument before = std::exchange(saved, next);
    document = std::move(next);
    const bool isElsewhere = path != target;
    // What a new policy began from was no revision, unless it left as one.
    const bool wasRevision = !wasNew || exported->numberOf(before) == before.revision;
    const bool hasPast = changed && wasRevision && before.revision != saved.revision;
    path = target;
    if (hasPast) {
        revisions.insert(revisions.begin(), before);
        if (revisions.size() > kKeptRevisions)
            revisions.resize(kKeptRevisions);
    }
    if (isElsewhere) { // a copy takes its past along; what lies there is another policy's
        std::error_code ignored;
        std::filesystem::remove_all(revisionFolder(), ignored);
        writeRevisions(revisions);
        tellIfRefused(log.moveTo(revisionFolder()));
    } else if (hasPast) {
        writeRevisions({revisions.data(), 1});
    }
    file.setKnown(path, text);
    if (isElsewhere) {
        tellOthers();
        emit q->openElsewhereChanged();
    }
    noteSave(changed);
    startJournal();
    if (changed)
        emit q->revisionsChanged();
    emit q->recordsChanged();
    emit q->documentChanged();
    emit q->shownChanged();
    emit q->fileChanged();
    if (news != DiskNews::None)
        setNews(DiskNews::None);
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
    d->folder = folder;
    d->tellOthers();
    d->startJournal();
}

std::vector<OpenPolicy::Recoverable> OpenPolicy::recoverable(const std::filesystem::path& folder)
{
    std::vector<Recoverable> found;
    for (const auto& path : PolicyJournal::abandoned(folder)) {
        const auto content = PolicyJournal::read(path);
        if (!content || content->steps.empty())
            continue;
        OpenPolicy trial({}, std::make_shared<ExportedRevisions>());
        trial.d->take(content->document, {});
        const bool whole = trial.d->replay(content->steps).has_value();
        std::error_code failed;
        const bool read = content->bytes == std::filesystem::file_size(path, failed) && !failed;
        if (whole && read && !trial.isModified()) { // all was taken back
            PolicyJournal::remove(path);
            continue;
        }
        found.push_back({path, content->documentPath,
                         QString::fromStdString(content->document.name),
                         std::max(1, trial.undoStack()->index()), content->startedAtMs});
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
    d->journal.discard();
    d->journal = std::move(*taken);
    d->noteJournal({});
    const Result<void> replayed = d->replay(content->steps);
    if (!replayed) {
        d->journal.release();
        d->startJournal();
    }
    announce();
    d->file.look(); // it may have been written since
    return replayed;
}

const QString& OpenPolicy::journalProblem() const
{
    return d->journalProblem;
}

const std::vector<PolicyDocument>& OpenPolicy::revisions() const
{
    return d->revisions;
}

void OpenPolicy::setRevisions(std::vector<PolicyDocument> revisions)
{
    std::ranges::sort(revisions, std::ranges::greater{}, &PolicyDocument::revision);
    d->revisions = std::move(revisions);
    emit revisionsChanged();
}

RevisionRecord OpenPolicy::recordOf(const PolicyDocument& revision) const
{
    return d->log.of(revision);
}

void OpenPolicy::setRevisionNote(const PolicyDocument& revision, const std::string& note)
{
    RevisionRecord record = d->log.of(revision);
    if (record.note == note)
        return;
    record.note = note;
    d->tellIfRefused(d->log.set(revision, std::move(record)));
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
