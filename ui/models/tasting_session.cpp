// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasting_session.h"

#include "lab_session.h"

#include <core/base/random.h>
#include <core/evidence/lab_store.h>
#include <core/lab/policy_column.h>

#include <QDateTime>
#include <QFutureWatcher>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr const char* kOrderKind = "order";
constexpr const char* kAbxKind = "abx";
constexpr const char* kToneKind = "tone"; ///< of the same task as the order
constexpr std::uint64_t kSeeds = std::uint64_t{1} << 53;

const char* kindOf(TastingPart part)
{
    return part == TastingPart::Order ? kOrderKind : kAbxKind;
}

QString textOf(const Error& error)
{
    return QString::fromStdString(toString(error));
}

RaterId raterOf(const QString& name)
{
    return RaterId(name.simplified().toStdString());
}

bool isSamePerson(const RaterId& a, const RaterId& b)
{
    return QString::fromStdString(a.value).compare(QString::fromStdString(b.value),
                                                   Qt::CaseInsensitive) == 0;
}

bool isSaid(const Message& message)
{
    return message.role != Role::System;
}

/// "User: ...", "Assistant: ..."; what the models were told beforehand is not of it.
std::string dialogueOf(const std::vector<Message>& messages)
{
    std::string words;
    for (const Message& message : messages) {
        if (!isSaid(message))
            continue;
        const QString who = message.role == Role::Assistant ? TastingSession::tr("Assistant")
                                                            : TastingSession::tr("User");
        words += (words.empty() ? "" : "\n\n") + who.toStdString() + ": " + message.text;
    }
    return words;
}

/// What was said up to the answer, for people.
std::string wordsOf(const std::vector<Message>& messages)
{
    return std::ranges::count_if(messages, isSaid) == 1 ? messages.back().text
                                                        : dialogueOf(messages);
}

/// What a later turn goes on from, by model: each with its own replies.
std::vector<std::string> conversationsBefore(const LabSession& lab, std::size_t prompt,
                                             const std::vector<std::size_t>& columns)
{
    const Conversations& conversations = lab.run().conversations();
    std::vector<std::string> all;
    if (!conversations.before(prompt))
        return all;
    for (const std::size_t column : columns) {
        std::vector<std::string> replies;
        for (auto row = conversations.before(prompt); row; row = conversations.before(*row))
            replies.insert(replies.begin(), lab.run().cell({*row, column, 0}).answer.text);
        std::vector<Message> said = withReplies(lab.prompts()[prompt].messages, replies);
        said.pop_back(); // the question
        all.push_back(dialogueOf(said));
    }
    return all;
}

void addName(Tasting& tasting, const std::string& name)
{
    if (!name.empty() && std::ranges::find(tasting.names, name) == tasting.names.end())
        tasting.names.push_back(name);
}

/// A person with what they are asked.
struct Taster
{
    RaterId rater;
    TasterPlan plan;
    std::int64_t joinedAtMs = 0;
    std::int64_t lookedAtMs = 0;
    std::map<int, Ranking> orders; ///< by task
    std::map<int, RatedTask> tones;
    std::map<int, AbxTrial> abx; ///< by trial

    [[nodiscard]] std::size_t total(TastingPart part) const
    {
        return part == TastingPart::Order ? plan.tasks.size() : plan.trials.size();
    }
    [[nodiscard]] std::size_t done(TastingPart part) const
    {
        return part == TastingPart::Order ? orders.size() : abx.size();
    }
    [[nodiscard]] bool isDone(TastingPart part, int task) const
    {
        return part == TastingPart::Order ? orders.contains(task) : abx.contains(task);
    }
};

/// The task of the newest vote; -1: none.
template<class Vote> int newestOf(const std::map<int, Vote>& votes)
{
    const auto newest = std::ranges::max_element(
        votes, {}, [](const auto& entry) { return entry.second.votedAtMs; });
    return newest == votes.end() ? -1 : newest->first;
}

/// Of both parts; ratings go with an order.
std::size_t votesIn(const StoredTasting& tasting)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        tasting.votes, [](const StoredVote& vote) { return vote.kind != kToneKind; }));
}

Result<void> readVote(Taster& taster, const StoredVote& vote)
{
    const auto json = parseJson(vote.voteJson);
    if (!json)
        return Unexpected(json.error());
    const auto keep = [&](auto read, auto& votes) -> Result<void> {
        if (!read)
            return Unexpected(read.error());
        read->votedAtMs = vote.votedAtMs;
        votes.insert_or_assign(vote.task, std::move(*read));
        return {};
    };
    if (vote.kind == kOrderKind)
        return keep(rankingFromJson(*json), taster.orders);
    if (vote.kind == kAbxKind)
        return keep(trialFromJson(*json), taster.abx);
    if (vote.kind == kToneKind)
        return keep(ratedTaskFromJson(*json), taster.tones);
    return fail(ErrorCode::ParseError,
                "a vote is of the kind \"" + vote.kind + "\", which this version does not know", {},
                "update Signalbox; the store was not touched");
}

Result<Taster> readTaster(const StoredTaster& stored)
{
    const auto json = parseJson(stored.planJson);
    if (!json)
        return Unexpected(json.error());
    auto plan = tasterPlanFromJson(*json);
    if (!plan)
        return Unexpected(plan.error());
    Taster taster;
    taster.rater = RaterId(stored.rater);
    taster.plan = std::move(*plan);
    taster.joinedAtMs = stored.joinedAtMs;
    taster.lookedAtMs = stored.lookedAtMs;
    return taster;
}

} // namespace

Tasting tasteable(const LabSession& lab)
{
    Tasting tasting;
    std::vector<std::size_t> columns;
    for (const ModelSpec& model : lab.models()) {
        if (isPolicyColumn(model))
            continue; // its answers are the models'; it is the last column
        columns.push_back(columns.size());
        tasting.models.push_back(model.id);
        addName(tasting, model.id.value);
        addName(tasting, model.upstreamModel);
        tasting.isSimulated = tasting.isSimulated || model.provider == "simulator";
    }
    for (std::size_t p = 0; p < lab.prompts().size(); ++p) {
        std::vector<std::string> texts;
        for (std::size_t m = 0; m < tasting.models.size(); ++m) {
            const Cell& cell = lab.run().cell({p, m, 0});
            texts.push_back(cell.state == CellState::Done ? cell.answer.text : std::string());
            addName(tasting, cell.answer.servedModel);
        }
        if (texts.size() - std::size_t(std::ranges::count(texts, std::string())) < 2)
            continue;
        const LabPrompt& prompt = lab.prompts()[p];
        TastedPrompt& tasted =
            tasting.prompts.emplace_back(TastedPrompt{prompt.id, wordsOf(prompt.messages)});
        tasted.before = conversationsBefore(lab, p, columns);
        if (!tasted.before.empty())
            tasted.question = prompt.messages.back().text;
        tasting.texts.push_back(std::move(texts));
    }
    return tasting;
}

Tasting tastingOf(Tasting whole, const TastingChoices& choices, std::uint64_t seed)
{
    whole.seed = seed % kSeeds;
    whole.shown = std::clamp(choices.shown, std::size_t{2},
                             std::max(std::size_t{2}, std::min(kMostShown, whole.models.size())));
    whole.trialsPerPair = choices.trialsPerPair;
    whole.axes = choices.axes;
    Random random(whole.seed, "prompts");
    while (whole.prompts.size() > std::max(std::size_t{1}, choices.prompts)) {
        const auto out = static_cast<std::ptrdiff_t>(random.below(whole.prompts.size()));
        whole.prompts.erase(whole.prompts.begin() + out);
        whole.texts.erase(whole.texts.begin() + out);
    }
    return whole;
}

struct TastingSession::Private
{
    TastingSession* q;
    EvidenceStore* store;
    std::optional<RunId> run;
    bool isLoading = false;
    quint64 question = 0; ///< the newest: an answer to an older one is dropped
    QString problem;
    std::vector<TastingEntry> entries; ///< as they were read, the first one first
    TastingNumber chosen = 0;          ///< by the person; 0: the newest counts
    std::optional<Tasting> tasting;
    TastingNumber number = 0;
    std::int64_t begunAtMs = 0;
    std::vector<Taster> tasters;
    std::vector<Judging> judgings;
    int current = -1;                       ///< who votes
    std::array<std::deque<int>, 2> waiting; ///< tasks that are open, by part
    std::set<WriteNumber> unwritten;

    [[nodiscard]] Taster* taster()
    {
        return current < 0 ? nullptr : &tasters[static_cast<std::size_t>(current)];
    }
    [[nodiscard]] int placeOf(const RaterId& rater) const
    {
        const auto found = std::ranges::find_if(
            tasters, [&](const Taster& taster) { return isSamePerson(taster.rater, rater); });
        return found == tasters.end() ? -1 : static_cast<int>(found - tasters.begin());
    }
    [[nodiscard]] std::deque<int>& open(TastingPart part)
    {
        return waiting[part == TastingPart::Order ? 0 : 1];
    }
    [[nodiscard]] std::int64_t nextMoment() const;
    void clear();
    void setProblem(const QString& sentence);
    [[nodiscard]] Result<void> take(const StoredTasting& stored);
    void ask();
    void taken(const Result<std::vector<StoredTasting>>& read);
    [[nodiscard]] Result<void> takeFrom(const std::vector<StoredTasting>& read);
    [[nodiscard]] TastingEntry present() const;
    void put(StoreWrite write);
    void putTaster(const Taster& taster);
    void putVote(const char* kind, int task, const Json& vote, std::int64_t atMs);
    void dropVote(const char* kind, int task);
    [[nodiscard]] Result<int> enter(const QString& name);
    void fillOpen(TastingPart part);
};

/// Later than every vote of the person, so that the newest one is known whatever the clock does.
std::int64_t TastingSession::Private::nextMoment() const
{
    std::int64_t moment = QDateTime::currentMSecsSinceEpoch();
    if (current >= 0) {
        const Taster& who = tasters[static_cast<std::size_t>(current)];
        for (const auto& [task, vote] : who.orders)
            moment = std::max(moment, vote.votedAtMs + 1);
        for (const auto& [task, vote] : who.abx)
            moment = std::max(moment, vote.votedAtMs + 1);
    }
    return moment;
}

void TastingSession::Private::clear()
{
    tasting.reset();
    number = 0;
    begunAtMs = 0;
    tasters.clear();
    judgings.clear();
    current = -1;
}

void TastingSession::Private::setProblem(const QString& sentence)
{
    if (std::exchange(problem, sentence) != sentence)
        emit q->problemChanged();
}

Result<void> TastingSession::Private::take(const StoredTasting& stored)
{
    const auto json = parseJson(stored.sheetJson);
    if (!json)
        return Unexpected(json.error());
    auto sheet = tastingFromJson(*json);
    if (!sheet)
        return Unexpected(sheet.error());
    for (const StoredTaster& one : stored.tasters) {
        auto who = readTaster(one);
        if (!who)
            return Unexpected(who.error());
        for (const StoredVote& vote : stored.votes) {
            if (vote.rater != one.rater)
                continue;
            if (auto read = readVote(*who, vote); !read)
                return read;
        }
        tasters.push_back(std::move(*who));
    }
    for (const StoredJudging& one : stored.judgings) {
        auto judging = judgingFrom(one);
        if (!judging)
            return Unexpected(judging.error());
        judgings.push_back(std::move(*judging));
    }
    tasting = std::move(*sheet);
    number = stored.number;
    begunAtMs = stored.begunAtMs;
    return {};
}

/// In the background; an answer to an older question is dropped.
void TastingSession::Private::ask()
{
    using Read = Result<std::vector<StoredTasting>>;
    auto* const watcher = new QFutureWatcher<Read>(q);
    QObject::connect(watcher, &QFutureWatcherBase::finished, q,
                     [this, watcher, number = ++question] {
                         watcher->deleteLater();
                         if (number == question)
                             taken(watcher->result());
                     });
    watcher->setFuture(store->background().tastings(*run));
}

/// The chosen one, else the newest.
Result<void> TastingSession::Private::takeFrom(const std::vector<StoredTasting>& read)
{
    entries.clear();
    for (const StoredTasting& one : read)
        entries.push_back({one.number, one.begunAtMs, one.tasters.size(), votesIn(one)});
    if (read.empty())
        return {};
    const auto found = std::ranges::find(read, chosen, &StoredTasting::number);
    return take(found == read.end() ? read.back() : *found);
}

TastingEntry TastingSession::Private::present() const
{
    TastingEntry entry{number, begunAtMs, tasters.size(), 0};
    for (const Taster& who : tasters)
        entry.votes += who.done(TastingPart::Order) + who.done(TastingPart::Abx);
    return entry;
}

/// Whoever votes by now is not disturbed: what they said is newer.
void TastingSession::Private::taken(const Result<std::vector<StoredTasting>>& read)
{
    isLoading = false;
    if (current < 0) {
        Result<void> done = read ? Result<void>() : Unexpected(read.error());
        if (read) {
            clear();
            done = takeFrom(*read);
            if (!done)
                clear();
        }
        if (!done)
            setProblem(TastingSession::tr("The votes so far cannot be read: %1")
                           .arg(textOf(done.error())));
        emit q->changed();
    }
    emit q->reloaded();
}

void TastingSession::Private::put(StoreWrite write)
{
    if (store)
        unwritten.insert(store->background().writer().put(std::move(write)));
}

void TastingSession::Private::putTaster(const Taster& who)
{
    put(TasterSet{
        *run,
        number,
        {who.rater.value, toCompactJsonText(toJson(who.plan)), who.joinedAtMs, who.lookedAtMs}});
}

void TastingSession::Private::putVote(const char* kind, int task, const Json& vote,
                                      std::int64_t atMs)
{
    put(VoteSet{*run, number, {taster()->rater.value, kind, task, toCompactJsonText(vote), atMs}});
}

void TastingSession::Private::dropVote(const char* kind, int task)
{
    put(VoteSet{*run, number, {taster()->rater.value, kind, task, {}, 0}});
}

/// The place of a person, who is planned for and kept if they are new.
Result<int> TastingSession::Private::enter(const QString& name)
{
    const RaterId rater = raterOf(name);
    if (const int known = placeOf(rater); known >= 0)
        return known;
    std::vector<RaterId> before;
    for (const Taster& one : tasters)
        before.push_back(one.rater);
    auto plan = planTaster(*tasting, before, rater);
    if (!plan)
        return Unexpected(plan.error());
    Taster who;
    who.rater = rater;
    who.plan = std::move(*plan);
    who.joinedAtMs = QDateTime::currentMSecsSinceEpoch();
    if (!tasters.empty())
        who.joinedAtMs = std::max(who.joinedAtMs, tasters.back().joinedAtMs + 1);
    tasters.push_back(std::move(who));
    putTaster(tasters.back());
    return static_cast<int>(tasters.size()) - 1;
}

void TastingSession::Private::fillOpen(TastingPart part)
{
    std::deque<int>& tasks = open(part);
    tasks.clear();
    const Taster* const who = taster();
    for (int task = 0; who && task < static_cast<int>(who->total(part)); ++task) {
        if (!who->isDone(part, task))
            tasks.push_back(task);
    }
}

TastingSession::TastingSession(EvidenceStore* store, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->store = store;
    if (!store)
        return;
    StoreWriter* const writer = &store->background().writer();
    connect(writer, &StoreWriter::written, this, [this](WriteNumber upTo) {
        d->unwritten.erase(d->unwritten.begin(), d->unwritten.upper_bound(upTo));
        if (d->unwritten.empty())
            d->setProblem({});
    });
    connect(writer, &StoreWriter::troubled, this, [this](const Error& error) {
        if (!d->unwritten.empty())
            d->setProblem(tr("The last votes are not on disk yet: %1").arg(textOf(error)));
    });
    connect(writer, &StoreWriter::refused, this, [this](WriteNumber number, const Error& error) {
        if (d->unwritten.contains(number))
            d->setProblem(tr("A vote cannot be kept: %1").arg(textOf(error)));
    });
}

TastingSession::~TastingSession() = default;

void TastingSession::setRun(const std::optional<RunId>& run)
{
    if (run == d->run)
        return;
    d->run = run;
    d->clear();
    d->entries.clear();
    d->chosen = 0;
    d->setProblem({});
    ++d->question;
    d->isLoading = run && d->store;
    emit changed();
    if (!d->isLoading)
        return;
    d->ask();
}

void TastingSession::reload()
{
    if (d->run && d->store)
        d->ask();
}

const std::optional<RunId>& TastingSession::run() const
{
    return d->run;
}

bool TastingSession::isLoading() const
{
    return d->isLoading;
}

const QString& TastingSession::problem() const
{
    return d->problem;
}

const Tasting* TastingSession::tasting() const
{
    return d->tasting ? &*d->tasting : nullptr;
}

std::int64_t TastingSession::begunAtMs() const
{
    return d->begunAtMs;
}

std::vector<TastingEntry> TastingSession::tastings() const
{
    std::vector<TastingEntry> all = d->entries;
    if (d->tasting) {
        const auto found = std::ranges::find(all, d->number, &TastingEntry::number);
        if (found == all.end())
            all.push_back(d->present());
        else
            *found = d->present();
    }
    std::ranges::stable_sort(all, std::greater(), &TastingEntry::begunAtMs);
    return all;
}

TastingNumber TastingSession::number() const
{
    return d->number;
}

void TastingSession::choose(TastingNumber number)
{
    if (!d->run || !d->store || number == d->number)
        return;
    d->entries = tastings();
    std::ranges::reverse(d->entries);
    d->clear();
    d->chosen = number;
    d->isLoading = true;
    emit changed();
    d->ask();
}

void TastingSession::forget()
{
    std::int64_t before = d->begunAtMs;
    for (const TastingEntry& one : d->entries)
        before = std::max(before, one.begunAtMs);
    ++d->question;
    d->entries = tastings();
    std::ranges::reverse(d->entries);
    d->chosen = 0;
    d->clear();
    d->begunAtMs = before; // the new one is the newer one
    emit changed();
}

Result<void> TastingSession::begin(const Tasting& tasting)
{
    if (!d->store || !d->run)
        return fail(ErrorCode::NotFound, "there is no run whose answers could be tasted");
    if (auto checked = checkTasting(tasting); !checked)
        return checked;
    const std::int64_t before = d->begunAtMs;
    ++d->question;
    d->clear();
    d->chosen = 0;
    d->tasting = tasting;
    d->number = newTicket();
    d->begunAtMs = std::max(QDateTime::currentMSecsSinceEpoch(), qint64(before + 1));
    auto stored = std::make_shared<StoredTasting>();
    stored->number = d->number;
    stored->sheetJson = toCompactJsonText(toJson(tasting));
    stored->begunAtMs = d->begunAtMs;
    d->put(TastingBegun{*d->run, std::move(stored)});
    emit changed();
    return {};
}

std::vector<TasterProgress> TastingSession::tasters() const
{
    std::vector<TasterProgress> list;
    for (const Taster& who : d->tasters)
        list.push_back({QString::fromStdString(who.rater.value),
                        who.done(TastingPart::Order) + who.done(TastingPart::Abx),
                        who.total(TastingPart::Order) + who.total(TastingPart::Abx),
                        who.lookedAtMs != 0});
    return list;
}

Result<void> TastingSession::join(const QString& name)
{
    if (!d->tasting)
        return fail(ErrorCode::NotFound, "there is no tasting to vote in");
    const auto place = d->enter(name);
    if (!place)
        return Unexpected(place.error());
    const Taster& who = d->tasters[static_cast<std::size_t>(*place)];
    if (who.lookedAtMs != 0)
        return fail(ErrorCode::Refused,
                    who.rater.value + " has seen the names and cannot taste these answers blind",
                    {}, "begin a new tasting of other answers, or let somebody else vote");
    d->current = *place;
    d->fillOpen(TastingPart::Order);
    d->fillOpen(TastingPart::Abx);
    emit changed();
    return {};
}

void TastingSession::leave()
{
    if (std::exchange(d->current, -1) >= 0)
        emit changed();
}

bool TastingSession::hasTaster() const
{
    return d->current >= 0;
}

QString TastingSession::taster() const
{
    return d->current < 0 ? QString() : QString::fromStdString(d->taster()->rater.value);
}

std::size_t TastingSession::total(TastingPart part) const
{
    return d->current < 0 ? 0 : d->taster()->total(part);
}

std::size_t TastingSession::done(TastingPart part) const
{
    return d->current < 0 ? 0 : d->taster()->done(part);
}

const BlindTask* TastingSession::task() const
{
    const std::deque<int>& open = d->open(TastingPart::Order);
    return d->current < 0 || open.empty()
               ? nullptr
               : &d->taster()->plan.tasks[static_cast<std::size_t>(open.front())];
}

const AbxTask* TastingSession::trial() const
{
    const std::deque<int>& open = d->open(TastingPart::Abx);
    return d->current < 0 || open.empty()
               ? nullptr
               : &d->taster()->plan.trials[static_cast<std::size_t>(open.front())];
}

Result<void> TastingSession::putInOrder(const std::vector<std::vector<std::size_t>>& places,
                                        const std::vector<std::vector<int>>& ratings)
{
    const BlindTask* const asked = task();
    if (!asked)
        return fail(ErrorCode::NotFound, "no answers are left to put in an order");
    Taster& who = *d->taster();
    auto ranking = rankingOf(*asked, who.rater, places, d->nextMoment());
    if (!ranking)
        return Unexpected(ranking.error());
    RatedTask rated{who.rater, asked->prompt, {}, ranking->votedAtMs};
    for (std::size_t i = 0; i < std::min(ratings.size(), asked->shown.size()); ++i) {
        for (std::size_t axis = 0; axis < d->tasting->axes.size(); ++axis) {
            if (axis < ratings[i].size() && ratings[i][axis] != 0)
                rated.ratings.push_back(
                    {asked->shown[i], d->tasting->axes[axis], ratings[i][axis]});
        }
    }
    if (auto checked = checkRatings(rated); !checked)
        return checked;
    const int number = d->open(TastingPart::Order).front();
    d->putVote(kOrderKind, number, toJson(*ranking), ranking->votedAtMs);
    who.orders.insert_or_assign(number, std::move(*ranking));
    if (!rated.ratings.empty()) {
        d->putVote(kToneKind, number, toJson(rated), rated.votedAtMs);
        who.tones.insert_or_assign(number, std::move(rated));
    }
    d->open(TastingPart::Order).pop_front();
    emit changed();
    return {};
}

Result<void> TastingSession::sayX(bool isFirst)
{
    const AbxTask* const asked = trial();
    if (!asked)
        return fail(ErrorCode::NotFound, "no trials are left");
    Taster& who = *d->taster();
    AbxTrial said{who.rater,     asked->prompt,  asked->xPrompt, asked->first,
                  asked->second, asked->isFirst, isFirst,        d->nextMoment()};
    if (auto checked = checkTrial(said); !checked)
        return checked;
    const int number = d->open(TastingPart::Abx).front();
    d->putVote(kAbxKind, number, toJson(said), said.votedAtMs);
    who.abx.insert_or_assign(number, std::move(said));
    d->open(TastingPart::Abx).pop_front();
    emit changed();
    return {};
}

void TastingSession::skip(TastingPart part)
{
    std::deque<int>& open = d->open(part);
    if (d->current < 0 || open.size() < 2)
        return;
    open.push_back(open.front());
    open.pop_front();
    emit changed();
}

bool TastingSession::takeBack(TastingPart part)
{
    if (d->current < 0)
        return false;
    Taster& who = *d->taster();
    const int last = part == TastingPart::Order ? newestOf(who.orders) : newestOf(who.abx);
    if (last < 0)
        return false;
    d->dropVote(kindOf(part), last);
    if (part == TastingPart::Abx) {
        who.abx.erase(last);
    } else {
        who.orders.erase(last);
        if (who.tones.erase(last) > 0)
            d->dropVote(kToneKind, last);
    }
    d->open(part).push_front(last);
    emit changed();
    return true;
}

Result<void> TastingSession::look(const QString& name)
{
    if (!d->tasting)
        return fail(ErrorCode::NotFound, "nothing was tasted yet");
    const auto place = d->enter(name);
    if (!place)
        return Unexpected(place.error());
    Taster& who = d->tasters[static_cast<std::size_t>(*place)];
    if (who.lookedAtMs == 0) {
        who.lookedAtMs = QDateTime::currentMSecsSinceEpoch();
        d->putTaster(who);
    }
    d->current = -1;
    emit changed();
    return {};
}

bool TastingSession::hasLooked(const QString& name) const
{
    const int place = d->placeOf(raterOf(name));
    return place >= 0 && d->tasters[static_cast<std::size_t>(place)].lookedAtMs != 0;
}

std::vector<Ranking> TastingSession::rankings() const
{
    std::vector<Ranking> all;
    for (const Taster& who : d->tasters) {
        for (const auto& [task, vote] : who.orders)
            all.push_back(vote);
    }
    return all;
}

const std::vector<Judging>& TastingSession::judgings() const
{
    return d->judgings;
}

std::vector<AbxTrial> TastingSession::trials() const
{
    std::vector<AbxTrial> all;
    for (const Taster& who : d->tasters) {
        for (const auto& [task, vote] : who.abx)
            all.push_back(vote);
    }
    return all;
}

std::vector<RatedTask> TastingSession::ratings() const
{
    std::vector<RatedTask> all;
    for (const Taster& who : d->tasters) {
        for (const auto& [task, vote] : who.tones)
            all.push_back(vote);
    }
    return all;
}

} // namespace signalbox::ui
