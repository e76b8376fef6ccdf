// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell_remarks.h"

#include "note_author.h"

#include <core/evidence/lab_store.h>

#include <QDateTime>
#include <QFutureWatcher>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace signalbox::ui {

namespace {

/// Where the cells of a plan are in a run of the store; nullopt for those that it has not.
class CellPlaces
{
public:
    CellPlaces() = default;
    CellPlaces(const LabPlan& plan, const RunDraft& draft)
    {
        for (const LabPrompt& prompt : plan.prompts)
            m_rows.push_back(placeOf(draft.prompts, prompt.id));
        for (const ModelSpec& model : plan.models)
            m_lanes.push_back(placeOf(draft.lanes, LaneId(model.id.value)));
        m_repeats = std::min(plan.samples, draft.repeats);
    }
    [[nodiscard]] std::optional<CellKey> keyOf(const CellId& id) const
    {
        if (id.prompt >= m_rows.size() || id.model >= m_lanes.size() || id.sample >= m_repeats ||
            m_rows[id.prompt] < 0 || m_lanes[id.model] < 0)
            return std::nullopt;
        return CellKey{m_rows[id.prompt], m_lanes[id.model], id.sample};
    }
    [[nodiscard]] std::optional<CellId> idOf(const CellKey& key) const
    {
        const auto row = std::ranges::find(m_rows, key.prompt);
        const auto lane = std::ranges::find(m_lanes, key.lane);
        if (row == m_rows.end() || lane == m_lanes.end() || key.repeat >= m_repeats)
            return std::nullopt;
        return CellId{static_cast<std::size_t>(row - m_rows.begin()),
                      static_cast<std::size_t>(lane - m_lanes.begin()), key.repeat};
    }

private:
    template<class List, class Id> static int placeOf(const List& list, const Id& id)
    {
        const auto found = std::ranges::find(list, id, &List::value_type::id);
        return found == list.end() ? -1 : static_cast<int>(found - list.begin());
    }
    std::vector<int> m_rows;  ///< in the store, by prompt of the plan; -1: not there
    std::vector<int> m_lanes; ///< likewise, by model
    int m_repeats = 0;
};

QString sentenceOf(const Error& error)
{
    return QString::fromStdString(toString(error));
}

/// What a person said of a cell while it was not known what is stored of it.
struct Unsettled
{
    std::optional<bool> isStarred = {};
    std::optional<QString> note = {};
};
using UnsettledCells = std::map<CellId, Unsettled>;

void apply(const Unsettled& said, CellRemark& remark)
{
    remark.isStarred = said.isStarred.value_or(remark.isStarred);
    remark.note = said.note.value_or(remark.note);
}

} // namespace

struct CellRemarks::Private
{
    Private(CellRemarks* owner, LabSession& lab, EvidenceStore* kept)
        : q(owner), session(lab), store(kept)
    {}

    CellRemarks* q;
    LabSession& session;
    EvidenceStore* store;
    std::optional<RunId> run;
    CellPlaces places;
    bool hasPlaces = false;
    bool isLoading = false;
    quint64 question = 0; ///< an answer to an older one is dropped
    std::map<CellId, CellRemark> remarks;
    UnsettledCells waiting; ///< said while it was not known where they are in the store
    std::set<WriteNumber> unwritten;
    bool isRefused = false; ///< the last one that was put; it stays said until another is
    QString problem;

    void followRun();
    void clear();
    void ask();
    void taken(const Result<RunRemarks>& read);
    void settleGone();
    [[nodiscard]] bool isShared() const;
    [[nodiscard]] bool isThePersons(const CellNote& note) const;
    [[nodiscard]] std::map<CellId, CellRemark> remarksIn(const RunRemarks& read,
                                                         const CellPlaces& where) const;
    void put(const RunId& to, const CellKey& key, CellRemark& remark);
    void putOrWait(const CellId& id, const Unsettled& said);
    void setProblem(const QString& sentence);
    [[nodiscard]] Result<void> say(const CellId& id, const Unsettled& said);
};

void CellRemarks::Private::setProblem(const QString& sentence)
{
    if (std::exchange(problem, sentence) != sentence)
        emit q->problemChanged();
}

void CellRemarks::Private::clear()
{
    ++question;
    remarks.clear();
    waiting.clear();
    hasPlaces = false;
    isLoading = false;
}

/// Notices that the table is of another run, or has become one.
void CellRemarks::Private::followRun()
{
    const std::optional<RunId>& now = session.run().id();
    if (!store || !now || (run == now && (hasPlaces || isLoading)))
        return;
    run = now;
    ask();
}

/// In the background, after everything that was put before.
void CellRemarks::Private::ask()
{
    isLoading = true;
    using Read = Result<RunRemarks>;
    auto* const watcher = new QFutureWatcher<Read>(q);
    QObject::connect(watcher, &QFutureWatcherBase::finished, q,
                     [this, watcher, number = ++question] {
                         watcher->deleteLater();
                         if (number == question)
                             taken(watcher->result());
                     });
    watcher->setFuture(store->background().remarks(*run));
}

bool CellRemarks::Private::isShared() const
{
    return store && std::holds_alternative<PostgresStore>(store->background().address());
}

/// Unsigned ones are of versions that signed none; in a store of one's own they are one's own.
bool CellRemarks::Private::isThePersons(const CellNote& note) const
{
    return note.provenance == Provenance::Human &&
           (note.author.empty() ? !isShared() : note.author == noteAuthor().toStdString());
}

std::map<CellId, CellRemark> CellRemarks::Private::remarksIn(const RunRemarks& read,
                                                             const CellPlaces& where) const
{
    std::map<CellId, CellRemark> found;
    for (const auto& [key, note] : read.notes) {
        const auto id = where.idOf(key);
        if (!id)
            continue;
        CellRemark& remark = found[*id];
        if (!isThePersons(note)) {
            remark.others.push_back(note);
            continue;
        }
        remark.signedAs.push_back(note.author);
        remark.isStarred = remark.isStarred || note.isStarred;
        if (!note.text.empty())
            remark.note = QString::fromStdString(note.text);
    }
    return found;
}

/// What was said meanwhile is newer than what is read, and all else of the cell stays.
void CellRemarks::Private::taken(const Result<RunRemarks>& read)
{
    isLoading = false;
    if (!read) {
        setProblem(CellRemarks::tr("The notes cannot be read: %1").arg(sentenceOf(read.error())));
        return;
    }
    places = CellPlaces(session.run().plan(), read->draft);
    hasPlaces = true;
    remarks = remarksIn(*read, places);
    for (const auto& [id, said] : std::exchange(waiting, {})) {
        apply(said, remarks[id]);
        putOrWait(id, said);
    }
    emit q->wasReset();
}

/// The table goes while something was said that is not in the store's terms yet: it is looked up
/// and written all the same.
void CellRemarks::Private::settleGone()
{
    if (!store || !run || waiting.empty())
        return;
    using Read = Result<RunRemarks>;
    auto* const watcher = new QFutureWatcher<Read>(q);
    QObject::connect(
        watcher, &QFutureWatcherBase::finished, q,
        [this, watcher, gone = *run, plan = session.run().plan(),
         said = std::exchange(waiting, {})] {
            watcher->deleteLater();
            const Read read = watcher->result();
            if (!read) {
                setProblem(
                    CellRemarks::tr("A note cannot be kept: %1").arg(sentenceOf(read.error())));
                return;
            }
            const CellPlaces where(plan, read->draft);
            auto found = remarksIn(*read, where);
            for (const auto& [id, change] : said) {
                apply(change, found[id]);
                if (const auto key = where.keyOf(id))
                    put(gone, *key, found[id]);
            }
        });
    watcher->setFuture(store->background().remarks(*run));
}

void CellRemarks::Private::putOrWait(const CellId& id, const Unsettled& said)
{
    const auto key = hasPlaces ? places.keyOf(id) : std::nullopt;
    if (key) {
        put(*run, *key, remarks[id]);
        return;
    }
    Unsettled& all = waiting[id];
    if (said.isStarred)
        all.isStarred = said.isStarred;
    if (said.note)
        all.note = said.note;
}

/// Under the person's present name alone.
void CellRemarks::Private::put(const RunId& to, const CellKey& key, CellRemark& remark)
{
    StoreWriter& writer = store->background().writer();
    CellNote note;
    note.author = noteAuthor().toStdString();
    for (const std::string& name : remark.signedAs) {
        if (name != note.author)
            unwritten.insert(writer.put(NoteSet{to, key, {Provenance::Human, name, {}, false, 0}}));
    }
    remark.signedAs = {note.author};
    note.text = remark.note.toStdString();
    note.isStarred = remark.isStarred;
    note.writtenAtMs = QDateTime::currentMSecsSinceEpoch();
    isRefused = false;
    unwritten.insert(writer.put(NoteSet{to, key, note}));
}

Result<void> CellRemarks::Private::say(const CellId& id, const Unsettled& said)
{
    followRun();
    if (!store || !run || (hasPlaces && !isLoading && !places.keyOf(id)))
        return fail(ErrorCode::Refused, CellRemarks::tr("it was not sent yet").toStdString(), {},
                    CellRemarks::tr("send the prompts first").toStdString());
    apply(said, remarks[id]);
    putOrWait(id, said);
    if (remarks[id].isEmpty() && waiting.count(id) == 0)
        remarks.erase(id);
    emit q->changed(id);
    return {};
}

CellRemarks::CellRemarks(LabSession& session, EvidenceStore* store, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, session, store))
{
    connect(&session, &LabSession::aboutToReset, this, [this] { d->settleGone(); });
    connect(&session, &LabSession::wasReset, this, [this] {
        d->clear();
        d->run.reset();
        emit wasReset();
        d->followRun();
    });
    connect(&session, &LabSession::progressChanged, this, [this] { d->followRun(); });
    // The run begins, or grows, after it is said that something is sent.
    connect(
        &session, &LabSession::started, this,
        [this] {
            d->hasPlaces = false;
            d->followRun();
        },
        Qt::QueuedConnection);
    if (!store)
        return;
    StoreWriter* const writer = &store->background().writer();
    connect(writer, &StoreWriter::written, this, [this](WriteNumber upTo) {
        d->unwritten.erase(d->unwritten.begin(), d->unwritten.upper_bound(upTo));
        if (d->unwritten.empty() && !d->isRefused)
            d->setProblem({});
    });
    connect(writer, &StoreWriter::troubled, this, [this](const Error& error) {
        if (!d->unwritten.empty())
            d->setProblem(tr("The last notes are not on disk yet: %1").arg(sentenceOf(error)));
    });
    connect(writer, &StoreWriter::recovered, this, [this] {
        if (d->run && !d->hasPlaces)
            d->ask();
    });
    connect(writer, &StoreWriter::refused, this, [this](WriteNumber number, const Error& error) {
        if (d->unwritten.erase(number) == 0)
            return;
        d->isRefused = true;
        d->setProblem(tr("A note cannot be kept: %1").arg(sentenceOf(error)));
    });
    d->followRun();
}

CellRemarks::~CellRemarks() = default;

const CellRemark* CellRemarks::of(const CellId& id) const
{
    const auto found = d->remarks.find(id);
    return found == d->remarks.end() || found->second.isEmpty() ? nullptr : &found->second;
}

QString CellRemarks::textOf(const CellId& id) const
{
    const CellRemark* const remark = of(id);
    if (!remark)
        return {};
    QStringList lines;
    const QString me = d->isShared() ? noteAuthor() : QString();
    if (remark->isStarred)
        lines << (me.isEmpty() ? tr("Starred") : tr("Starred by %1 (you)").arg(me));
    if (!remark->note.isEmpty())
        lines << (me.isEmpty() ? tr("Note: %1").arg(remark->note)
                               : tr("%1 (you): %2", "name, note").arg(me, remark->note));
    for (const CellNote& note : remark->others) {
        const QString who = note.author.empty() ? tr("Somebody", "who wrote a note")
                                                : QString::fromStdString(note.author);
        const QString said = note.text.empty() ? tr("a star") : QString::fromStdString(note.text);
        if (note.provenance == Provenance::Human)
            lines << tr("%1: %2", "a person, their note").arg(who, said);
        else
            lines << tr("A machine (%1): %2", "its name, its note").arg(who, said);
    }
    return lines.join(QLatin1Char('\n'));
}

Result<void> CellRemarks::setStarred(const CellId& id, bool starred)
{
    return d->say(id, {starred, {}});
}

Result<void> CellRemarks::setNote(const CellId& id, const QString& note)
{
    return d->say(id, {{}, note.trimmed()});
}

const QString& CellRemarks::problem() const
{
    return d->problem;
}

bool CellRemarks::isLoading() const
{
    return d->isLoading;
}

} // namespace signalbox::ui
