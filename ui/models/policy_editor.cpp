// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_editor.h"

#include "exported_revisions.h"
#include "policy_journal.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/base/md5.h>
#include <core/policy/policy_json.h>

#include <QMetaMethod>
#include <QUndoCommand>

#include <algorithm>
#include <span>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kKeptRevisions = 10;

/// True when `later` alone says all that `earlier` and then `later` say.
bool replacesSameThing(const Edit& earlier, const Edit& later)
{
    if (earlier.index() != later.index())
        return false;
    static_assert(std::variant_size_v<Edit> == 22,
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
           std::holds_alternative<SetMonitoring>(later) ||
           std::holds_alternative<SetTests>(later) || std::holds_alternative<SetTitle>(later) ||
           std::holds_alternative<ReplaceDocument>(later);
}

Edit batchOf(Edit first, Edit second)
{
    EditBatch batch;
    batch.edits.push_back(std::move(first));
    batch.edits.push_back(std::move(second));
    return Boxed<EditBatch>(std::move(batch));
}

/// Equal but for the revision number, which saving itself changes.
bool sameButRevision(const PolicyDocument& a, PolicyDocument b)
{
    b.revision = a.revision;
    return a == b;
}

std::string revisionFileName(const PolicyDocument& revision)
{
    return std::to_string(revision.revision) + ".json";
}

} // namespace

struct PolicyEditor::Private
{
    class EditCommand;

    PolicyEditor* q = nullptr;
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
    ExportedRevisions exported;
    QString journalProblem;
    bool replaying = false; ///< edits come from the journal
    std::optional<int> unreadableLine;

    void documentWasChanged(const Edit& applied, bool continuesLast = false);
    void keepSavedNumber();
    void take(const PolicyDocument& opened, const std::filesystem::path& openedFrom);
    void announce();
    void startJournal();
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
};

/// One step of the undo list. Holds the edit and its inverse; the document is the editor's.
class PolicyEditor::Private::EditCommand : public QUndoCommand
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
            m_forward = batchOf(m_forward, later->m_forward);
            m_backward = batchOf(later->m_backward, m_backward);
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

void PolicyEditor::Private::documentWasChanged(const Edit& applied, bool continuesLast)
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
void PolicyEditor::Private::keepSavedNumber()
{
    if (document.revision < saved.revision && sameButRevision(saved, document))
        document.revision = saved.revision;
}

void PolicyEditor::Private::take(const PolicyDocument& opened,
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
}

void PolicyEditor::Private::announce()
{
    emit q->documentOpened();
    emit q->selectionChanged();
    emit q->documentChanged();
    emit q->shownChanged();
    emit q->fileChanged();
    emit q->revisionsChanged();
    emit q->recordsChanged();
}

// ------------------------------------------------------------------ journal

void PolicyEditor::Private::noteJournal(const Result<void>& written)
{
    const QString problem = written ? QString() : QString::fromStdString(toString(written.error()));
    if (std::exchange(journalProblem, problem) != problem)
        emit q->journalProblemChanged();
}

Result<void> PolicyEditor::Private::rewriteJournal()
{
    if (!journal.isOpen()) {
        auto created = PolicyJournal::create(folder);
        if (!created)
            return Unexpected(created.error());
        journal = std::move(*created);
    }
    return journal.restart(saved, path, document);
}

void PolicyEditor::Private::startJournal()
{
    if (folder.empty())
        journal.discard();
    else
        noteJournal(rewriteJournal());
}

/// After a failure every edit tries anew to write down all there is: the disk may have room again.
void PolicyEditor::Private::keepEdit(const PolicyJournal::Step& step)
{
    if (folder.empty() && !journal.isOpen())
        return;
    noteJournal(journal.isOpen() && journal.isWhole() ? journal.append(step) : rewriteJournal());
}

/// Null where there is none.
const PolicyEditor::Private::EditCommand* PolicyEditor::Private::command(int index) const
{
    return static_cast<const EditCommand*>(undo.command(index));
}

/// Makes the steps anew as they were: what continued a step continues it, and what took the last
/// one back, or made it again, moves along the undo stack. Stops at what cannot be applied.
Result<void> PolicyEditor::Private::replay(const std::vector<PolicyJournal::Step>& steps)
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

std::filesystem::path PolicyEditor::Private::revisionFolder() const
{
    if (folder.empty() || path.empty())
        return {};
    std::error_code failed;
    const auto place = std::filesystem::weakly_canonical(path, failed);
    return folder.parent_path() / "revisions" / md5Hex((failed ? path : place).string());
}

/// A first revision that lies in no file: its number is still to be given.
bool PolicyEditor::Private::isNew() const
{
    return path.empty() && saved.revision <= 1;
}

void PolicyEditor::Private::writeRevisions(std::span<const PolicyDocument> list)
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

void PolicyEditor::Private::tellIfRefused(const Result<void>& kept)
{
    if (!kept)
        emit q->editRefused(QString::fromStdString(toString(kept.error())));
}

/// A save that changes nothing keeps the time of the one that did; a note is taken all the same.
void PolicyEditor::Private::noteSave(bool changed)
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
void PolicyEditor::Private::loadRevisions()
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

// ------------------------------------------------------------------ the editor

PolicyEditor::PolicyEditor(QObject* parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
}

PolicyEditor::~PolicyEditor()
{
    d->journal.discard();
}

const PolicyDocument& PolicyEditor::document() const
{
    return d->document;
}

const PolicyDocument& PolicyEditor::savedDocument() const
{
    return d->saved;
}

const PolicyDocument& PolicyEditor::shownDocument() const
{
    return d->previewed ? *d->previewed : d->document;
}

bool PolicyEditor::isPreviewing() const
{
    return d->previewed.has_value();
}

QUndoStack* PolicyEditor::undoStack()
{
    return &d->undo;
}

const std::vector<Finding>& PolicyEditor::findings() const
{
    return d->findings;
}

Result<void> PolicyEditor::push(const Edit& edit, quint64 gesture)
{
    const QString text = QString::fromStdString(describe(edit, d->document));
    auto inverse = apply(d->document, edit);
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

void PolicyEditor::preview(const Edit& edit)
{
    PolicyDocument candidate = d->document;
    if (!apply(candidate, edit))
        return; // the gesture passes through something impossible; keep the last good preview
    d->previewed = std::move(candidate);
    emit shownChanged();
}

void PolicyEditor::cancelPreview()
{
    if (!d->previewed)
        return;
    d->previewed.reset();
    emit shownChanged();
}

quint64 PolicyEditor::newGesture()
{
    static quint64 last = 0;
    return ++last;
}

const PolicySelection& PolicyEditor::selection() const
{
    return d->selection;
}

void PolicyEditor::setSelection(const PolicySelection& selection)
{
    if (selection == d->selection)
        return;
    d->selection = selection;
    emit selectionChanged();
}

const std::filesystem::path& PolicyEditor::filePath() const
{
    return d->path;
}

bool PolicyEditor::isModified() const
{
    return d->unreadableLine || !sameButRevision(d->saved, d->document);
}

int PolicyEditor::nextRevision() const
{
    const PolicyDocument& document = d->document;
    if (sameButRevision(d->saved, document)) {
        // Undo can bring back what was saved under a lower number that stands for another policy.
        PolicyDocument same = document;
        same.revision = std::max(d->saved.revision, document.revision);
        if (!d->exported.isTaken(same))
            return same.revision;
    }
    const int savedNumber = d->isNew() ? 0 : d->saved.revision;
    if (const auto left = d->exported.numberOf(document); left && *left > savedNumber)
        return *left;
    const int usedUp = std::max(savedNumber, d->exported.highest(document.id));
    return document.revision > usedUp ? document.revision : usedUp + 1;
}

void PolicyEditor::noteExported(const PolicyDocument& exported)
{
    d->tellIfRefused(d->exported.add(exported));
    emit fileChanged();
}

void PolicyEditor::commitPending()
{
    emit commitRequested();
}

void PolicyEditor::setUnreadable(std::optional<int> line)
{
    if (std::exchange(d->unreadableLine, line) != line)
        emit fileChanged();
}

Result<void> PolicyEditor::mayBeSaved() const
{
    if (!d->unreadableLine)
        return {};
    return fail(ErrorCode::InvalidArgument,
                tr("the source cannot be read at line %1").arg(*d->unreadableLine).toStdString(),
                {}, tr("mend it or discard it").toStdString());
}

QString PolicyEditor::displayName() const
{
    return d->document.name.empty() ? tr("Untitled policy")
                                    : QString::fromStdString(d->document.name);
}

void PolicyEditor::setDocument(const PolicyDocument& document, const std::filesystem::path& path)
{
    d->take(document, path);
    d->startJournal();
    d->announce();
}

Result<void> PolicyEditor::open(const std::filesystem::path& path)
{
    const auto text = readFile(path);
    if (!text)
        return Unexpected(text.error());
    auto document = parsePolicy(*text);
    if (!document) {
        Error error = document.error();
        error.where = path.string() + (error.where.empty() ? "" : ": " + error.where);
        return Unexpected(std::move(error));
    }
    setDocument(*document, path);
    return {};
}

Result<void> PolicyEditor::Private::writeTo(const std::filesystem::path& target)
{
    if (auto ready = q->mayBeSaved(); !ready)
        return ready;
    PolicyDocument next = document;
    next.release.reset(); // the record of an export belongs to the exported file
    const bool changed = !sameButRevision(saved, document);
    const bool wasNew = isNew();
    next.revision = q->nextRevision();
    if (const auto written = writeFileAtomically(target, toPolicyText(next)); !written)
        return written;
    const PolicyDocument before = std::exchange(saved, next);
    document = std::move(next);
    const bool elsewhere = path != target;
    // What a new policy began from was no revision, unless it left as one.
    const bool wasRevision = !wasNew || exported.numberOf(before) == before.revision;
    const bool hasPast = changed && wasRevision && before.revision != saved.revision;
    path = target;
    if (hasPast) {
        revisions.insert(revisions.begin(), before);
        if (revisions.size() > kKeptRevisions)
            revisions.resize(kKeptRevisions);
    }
    if (elsewhere) { // a copy takes its past along; what lies there is another policy's
        std::error_code ignored;
        std::filesystem::remove_all(revisionFolder(), ignored);
        writeRevisions(revisions);
        tellIfRefused(log.moveTo(revisionFolder()));
    } else if (hasPast) {
        writeRevisions({revisions.data(), 1});
    }
    noteSave(changed);
    startJournal();
    if (changed)
        emit q->revisionsChanged();
    emit q->recordsChanged();
    emit q->documentChanged();
    emit q->shownChanged();
    emit q->fileChanged();
    return {};
}

Result<void> PolicyEditor::save()
{
    commitPending();
    if (d->path.empty())
        return fail(ErrorCode::InvalidArgument, "the policy has no file yet", {}, "use Save as");
    return d->writeTo(d->path);
}

Result<void> PolicyEditor::saveAs(const std::filesystem::path& path)
{
    commitPending();
    return d->writeTo(path);
}

void PolicyEditor::setJournalFolder(const std::filesystem::path& folder)
{
    d->folder = folder;
    d->exported.setFolder(folder.empty() ? folder : folder.parent_path() / "exported");
    d->startJournal();
}

std::vector<PolicyEditor::Recoverable>
PolicyEditor::recoverable(const std::filesystem::path& folder)
{
    std::vector<Recoverable> found;
    for (const auto& path : PolicyJournal::abandoned(folder)) {
        const auto content = PolicyJournal::read(path);
        if (!content || content->steps.empty())
            continue;
        PolicyEditor trial;
        trial.d->take(content->document, {});
        const bool whole = trial.d->replay(content->steps).has_value();
        std::error_code failed;
        const bool read = content->bytes == std::filesystem::file_size(path, failed) && !failed;
        if (whole && read && !trial.isModified()) { // all was taken back
            PolicyJournal::remove(path);
            continue;
        }
        found.push_back({path, QString::fromStdString(content->document.name),
                         std::max(1, trial.undoStack()->index()), content->startedAtMs});
    }
    return found;
}

Result<void> PolicyEditor::recover(const Recoverable& left)
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
    d->announce();
    return replayed;
}

const QString& PolicyEditor::journalProblem() const
{
    return d->journalProblem;
}

void PolicyEditor::discardRecovery(const Recoverable& left)
{
    PolicyJournal::remove(left.journal);
}

const std::vector<PolicyDocument>& PolicyEditor::revisions() const
{
    return d->revisions;
}

void PolicyEditor::setRevisions(std::vector<PolicyDocument> revisions)
{
    std::ranges::sort(revisions, std::ranges::greater{}, &PolicyDocument::revision);
    d->revisions = std::move(revisions);
    emit revisionsChanged();
}

bool PolicyEditor::requestComparison(const PolicyDocument& other, const QString& title)
{
    if (!isSignalConnected(QMetaMethod::fromSignal(&PolicyEditor::comparisonRequested)))
        return false;
    emit comparisonRequested(other, title);
    return true;
}

RevisionRecord PolicyEditor::recordOf(const PolicyDocument& revision) const
{
    return d->log.of(revision);
}

void PolicyEditor::setRevisionNote(const PolicyDocument& revision, const std::string& note)
{
    RevisionRecord record = d->log.of(revision);
    if (record.note == note)
        return;
    record.note = note;
    d->tellIfRefused(d->log.set(revision, std::move(record)));
    emit recordsChanged();
}

const std::string& PolicyEditor::nextNote() const
{
    return d->nextNote;
}

void PolicyEditor::setNextNote(const std::string& note)
{
    if (d->nextNote == note)
        return;
    d->nextNote = note;
    emit recordsChanged();
}

bool PolicyEditor::wasExported(const PolicyDocument& revision) const
{
    return d->exported.has(revision);
}

} // namespace signalbox::ui
