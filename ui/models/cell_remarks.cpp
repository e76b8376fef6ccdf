// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell_remarks.h"

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

bool isThePersons(const CellNote& note)
{
    return note.provenance == Provenance::Human && note.author.empty();
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
    std::set<CellId> waiting; ///< said while it was not known where they are in the store
    std::set<WriteNumber> unwritten;
    bool isRefused = false; ///< the last one that was put; it stays said until another is
    QString problem;

    void followRun();
    void clear();
    void ask();
    void taken(const Result<RunRemarks>& read);
    void put(const CellId& id);
    void setProblem(const QString& sentence);
    template<class Change> [[nodiscard]] Result<void> say(const CellId& id, Change change);
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

/// What was said meanwhile is newer than what is read.
void CellRemarks::Private::taken(const Result<RunRemarks>& read)
{
    isLoading = false;
    if (!read) {
        setProblem(CellRemarks::tr("The notes cannot be read: %1").arg(sentenceOf(read.error())));
        return;
    }
    places = CellPlaces(session.run().plan(), read->draft);
    hasPlaces = true;
    std::map<CellId, CellRemark> before = std::exchange(remarks, {});
    for (const auto& [key, note] : read->notes) {
        const auto id = places.idOf(key);
        if (!id)
            continue;
        CellRemark& remark = remarks[*id];
        if (!isThePersons(note)) {
            remark.others.push_back(note);
            continue;
        }
        remark.isStarred = note.isStarred;
        remark.note = QString::fromStdString(note.text);
    }
    for (const CellId& id : std::exchange(waiting, {})) {
        remarks[id].isStarred = before[id].isStarred;
        remarks[id].note = before[id].note;
        put(id);
    }
    emit q->wasReset();
}

void CellRemarks::Private::put(const CellId& id)
{
    const auto key = hasPlaces ? places.keyOf(id) : std::nullopt;
    if (!key) {
        waiting.insert(id);
        return;
    }
    const CellRemark& remark = remarks[id];
    CellNote note;
    note.text = remark.note.toStdString();
    note.isStarred = remark.isStarred;
    note.writtenAtMs = QDateTime::currentMSecsSinceEpoch();
    isRefused = false;
    unwritten.insert(store->background().writer().put(NoteSet{*run, *key, note}));
}

template<class Change> Result<void> CellRemarks::Private::say(const CellId& id, Change change)
{
    followRun();
    if (!store || !run || (hasPlaces && !isLoading && !places.keyOf(id)))
        return fail(ErrorCode::Refused, CellRemarks::tr("it was not sent yet").toStdString(), {},
                    CellRemarks::tr("send the prompts first").toStdString());
    change(remarks[id]);
    put(id);
    if (remarks[id].isEmpty() && waiting.count(id) == 0)
        remarks.erase(id);
    emit q->changed(id);
    return {};
}

CellRemarks::CellRemarks(LabSession& session, EvidenceStore* store, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, session, store))
{
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
    if (remark->isStarred)
        lines << tr("Starred");
    if (!remark->note.isEmpty())
        lines << tr("Note: %1").arg(remark->note);
    for (const CellNote& note : remark->others) {
        const QString who = QString::fromStdString(note.author);
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
    return d->say(id, [starred](CellRemark& remark) { remark.isStarred = starred; });
}

Result<void> CellRemarks::setNote(const CellId& id, const QString& note)
{
    return d->say(id, [text = note.trimmed()](CellRemark& remark) { remark.note = text; });
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
