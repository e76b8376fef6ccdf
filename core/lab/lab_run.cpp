// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run.h"

#include "call_pacing.h"
#include "cell_attempt.h"
#include "exact_request.h"
#include "lab_request.h"
#include "policy_lane.h"
#include "recorded_plan.h"
#include "run_budget.h"
#include "run_record.h"

#include <core/base/clock.h>
#include <core/evidence/answer_record.h>
#include <core/providers/endpoint.h>

#include <QTimer>

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

/// For longer a run does not wait by itself: what is left of a day's limit is for tomorrow.
constexpr std::int64_t kLongestWaitMs = 3'600'000;
constexpr std::int64_t kSecondMs = 1000;

bool isTerminal(CellState state)
{
    return state == CellState::Done || state == CellState::Stopped || state == CellState::Failed;
}

/// Whether a model was paid for this answer: no later attempt without one may take its place.
bool isAnswered(const Answer& answer)
{
    return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated ||
           answer.state == AnswerState::Refused;
}

/// Deletes a stream outside its own signals; one that still runs is cancelled by that.
void letGo(std::unique_ptr<ChatStream> stream)
{
    stream->disconnect();
    stream.release()->deleteLater();
}

} // namespace

struct LabRun::Impl
{
    Impl(LabRun* owner, LabPlan asked, const ProviderRegistry& known, EvidenceStore* kept)
        : q(owner), plan(std::move(asked)), providers(&known), store(kept), record(kept),
          pacing(plan, known.limiter()), lane(plan, known, laneSurroundings()),
          budget(plan, [this](const CellId& id) { return modelsAsked(id); })
    {
        nextLook.setSingleShot(true);
        QObject::connect(&nextLook, &QTimer::timeout, q, [this] { pump(); });
    }

    /// A cell whose answer is being written.
    struct Running
    {
        std::unique_ptr<ChatStream> stream;
        CellAttempt attempt;
        CallNumber call = 0;
        PlanStream* course = nullptr; ///< the stream, if it is a policy's

        /// Calls at this moment.
        [[nodiscard]] std::vector<const ModelSpec*> calls(const ModelSpec& model) const
        {
            return course ? course->underWay() : std::vector<const ModelSpec*>{&model};
        }
    };

    /// A cell in the queue that says why it is not sent.
    struct Held
    {
        CellAttempt attempt;
        bool wasSent = false; ///< and is to be sent again
        std::int64_t sinceMs = 0;
        std::int64_t untilMs = 0; ///< before that it is not sent, whatever its server says
        std::string reason;
        bool isShown = false;
    };

    LabRun* q;
    LabPlan plan;
    const ProviderRegistry* providers;
    EvidenceStore* store;
    RunRecord record;
    CallPacing pacing; ///< of `plan`
    PolicyLane lane;   ///< of `plan`
    RunBudget budget;  ///< likewise
    std::optional<CapReached> capReached;
    RunSpending lost; ///< of the run taken over; see RecordedPlan::lost
    std::vector<Cell> cells;
    std::vector<std::optional<Endpoint>> serversHere; ///< per model: its server if on this computer
    std::deque<CellId> queue;
    std::map<CellId, Running> running;
    std::map<CellId, Held> held;               ///< of the queue
    std::map<std::size_t, std::string> usedUp; ///< models whose account has nothing left, and how
                                               ///< the server said so
    QTimer nextLook;                           ///< at what may be sent by then
    std::map<CellId, Answer> earlier;          ///< answers of cells that are asked again
    std::map<CellId, Answer> attempts;         ///< without an answer, in the run taken over
    /// The policy's, of ways that it does not go now.
    std::map<std::pair<CellId, std::string>, Answer> otherWays;
    RecordedPlan planBefore; ///< of the run taken over
    bool closed = false;     ///< the run in the store is finished
    bool reopened = false;   ///< it was, before something was asked again
    std::size_t settled = 0;
    bool active = false;
    bool paused = false;
    bool isObstructed = false; ///< paused by what is in the way of the store, until it is not
    bool stopping = false;     ///< the end is wanted, and nothing waited for, not even the disk

    [[nodiscard]] std::size_t indexOf(const CellId& id) const
    {
        return (id.prompt * plan.models.size() + id.model) *
                   static_cast<std::size_t>(plan.samples) +
               static_cast<std::size_t>(id.sample);
    }
    Cell& at(const CellId& id) { return cells[indexOf(id)]; }
    [[nodiscard]] std::vector<CellId> allCells() const;

    void connectRecord();
    void setState(const CellId& id, CellState state);
    void enqueue(const CellId& id);
    [[nodiscard]] Result<void> openRecord();
    [[nodiscard]] std::string requestKeyOf(const CellId& id) const;
    [[nodiscard]] Result<void> takeKnownAnswers();
    void takeKnown(const CellId& id, const CachedAnswer& known);
    void close();
    void pump();
    [[nodiscard]] std::optional<CellId> takeNext(bool isFull);
    [[nodiscard]] std::optional<AnswerEnd> unsentEnd(const CellId& id) const;
    [[nodiscard]] PolicyLane::Surroundings laneSurroundings();
    [[nodiscard]] std::vector<const ModelSpec*> underWay() const;
    [[nodiscard]] bool isFull() const;
    [[nodiscard]] bool hasRoom(std::size_t model) const;
    [[nodiscard]] bool hasRoomFor(const ModelSpec& model) const;
    [[nodiscard]] bool isSendable(const CellId& id, bool isFull) const;
    [[nodiscard]] std::optional<CallObstacle> obstacleTo(const CellId& id) const;
    [[nodiscard]] bool holdForRepetition(const CellId& id, const CellAttempt::News& news,
                                         CellAttempt attempt);
    void showWaiting();
    void say(const CellId& id, CellState state, const std::string& status);
    void dropHeld(const CellId& id);
    void startCell(const CellId& id);
    void handleEvents(const CellId& id, const std::vector<TimedEvent>& events);
    void finishCell(const CellId& id, const AnswerEnd& end, const CellAttempt& attempt);
    bool returnToEarlier(const CellId& id, const AnswerEnd& end);
    void settleWritten(const std::vector<CellId>& written);
    void leaveUnwritten();
    void noteRefused(const CellId& id, const Error& error);
    void settle(const CellId& id);
    void failStore(const Error& error);
    void goOnAfterObstacle();
    [[nodiscard]] bool isOfAnotherWay(const CellId& id, const Answer& answer) const;
    [[nodiscard]] std::optional<CellId> takerOf(const CellId& id);
    void setAside(const CellId& id);
    void takeUp(const CellId& id);
    [[nodiscard]] std::vector<const ModelSpec*> modelsAsked(const CellId& id) const;
    [[nodiscard]] bool keepsCaps(const CellId& id);
    [[nodiscard]] RecordedPlan toRecord() const;
    void recordCaps();
    [[nodiscard]] Result<void> takeSpending(const RunId& run);
    [[nodiscard]] Result<std::vector<CellId>>
    knownOf(const std::vector<CellId>& wanted, std::map<CellId, CachedAnswer>& answers) const;
};

/// What is in the way of the store pauses the run, and it goes on by itself once that has passed:
/// what it has asked for meanwhile is kept and written then.
void LabRun::Impl::connectRecord()
{
    QObject::connect(&record, &RunRecord::ready, q, [this] { pump(); });
    QObject::connect(&record, &RunRecord::written, q,
                     [this](const std::vector<CellId>& written) { settleWritten(written); });
    QObject::connect(&record, &RunRecord::refused, q,
                     [this](const CellId& id, const Error& error) { noteRefused(id, error); });
    QObject::connect(&record, &RunRecord::troubled, q, [this](const Error& error) {
        if (!active && !record.hasUnwritten())
            return; // another run of this window says it
        isObstructed = isObstructed || !paused;
        failStore(error);
        if (stopping)
            pump();
    });
    QObject::connect(&record, &RunRecord::recovered, q, [this] { goOnAfterObstacle(); });
}

std::vector<CellId> LabRun::Impl::allCells() const
{
    std::vector<CellId> ids;
    ids.reserve(cells.size());
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (int sample = 0; sample < plan.samples; ++sample) {
            for (std::size_t model = 0; model < plan.models.size(); ++model)
                ids.push_back({prompt, model, sample});
        }
    }
    return ids;
}

void LabRun::Impl::setState(const CellId& id, CellState state)
{
    Cell& cell = at(id);
    const bool was = isTerminal(cell.state);
    const bool is = isTerminal(state);
    if (was != is)
        settled = is ? settled + 1 : settled - 1;
    cell.state = state;
}

void LabRun::Impl::enqueue(const CellId& id)
{
    Cell& cell = at(id);
    cell.answer = {};
    cell.answer.prompt = plan.prompts[id.prompt].id;
    cell.answer.segment = plan.prompts[id.prompt].segment;
    cell.answer.model = plan.models[id.model].id;
    cell.answer.sample = id.sample;
    cell.answer.styleGuide = plan.models[id.model].styleGuide;
    cell.answer.simulated = plan.models[id.model].provider == "simulator";
    cell.status.clear();
    cell.heldBack = false;
    setState(id, CellState::Queued);
    queue.push_back(id);
    emit q->cellChanged(id);
}

/// A run that is finished or was taken over and asks again has the present plan, and is unfinished
/// until that is answered: a crash must not hide it.
Result<void> LabRun::Impl::openRecord()
{
    if (!record.id()) {
        record.begin(plan, toPlanJson(toRecord()));
        return {};
    }
    if (queue.empty() || (!closed && record.isOpen()))
        return {};
    if (auto open = record.goOn(plan, toPlanJson(toRecord())); !open)
        return open;
    reopened = reopened || closed;
    closed = false;
    return {};
}

std::string LabRun::Impl::requestKeyOf(const CellId& id) const
{
    if (lane.has(id))
        return {}; // it is several requests, or another cell's
    const ModelSpec& model = plan.models[id.model];
    return exactRequestKey(model.provider,
                           labRequest(plan, model, plan.prompts[id.prompt], id.sample));
}

RecordedPlan LabRun::Impl::toRecord() const
{
    RecordedPlan asks = recordedPlanOf(plan);
    keepWhatWasAsked(asks, planBefore);
    asks.lost = lost;
    return asks;
}

/// Of cells, those whose exact request the store has an answer to.
Result<std::vector<CellId>> LabRun::Impl::knownOf(const std::vector<CellId>& wanted,
                                                  std::map<CellId, CachedAnswer>& answers) const
{
    std::vector<CellId> found;
    if (!store)
        return found;
    std::vector<std::string> keys;
    for (const CellId& id : wanted)
        keys.push_back(requestKeyOf(id));
    const auto known = store->known(keys);
    if (!known)
        return Unexpected(known.error());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto answer = known->find(keys[i]);
        if (answer == known->end())
            continue;
        found.push_back(wanted[i]);
        answers.emplace(wanted[i], answer->second);
    }
    return found;
}

/// Of what is to be sent, what the store has an answer to: it is not sent.
Result<void> LabRun::Impl::takeKnownAnswers()
{
    if (plan.reuse == LabPlan::Reuse::Never)
        return {};
    std::vector<CellId> wanted(queue.begin(), queue.end());
    std::erase_if(wanted, [this](const CellId& id) {
        return earlier.count(id) > 0; // a person wants another answer
    });
    std::map<CellId, CachedAnswer> answers;
    if (const auto known = knownOf(wanted, answers); !known)
        return Unexpected(known.error());
    for (const auto& [id, answer] : answers)
        takeKnown(id, answer);
    return {};
}

void LabRun::Impl::takeKnown(const CellId& id, const CachedAnswer& known)
{
    const StoredAnswer copy = cachedCopy(known, systemClock().unixMs());
    Answer& answer = at(id).answer;
    answer = answerOf(std::move(answer), copy);
    std::erase(queue, id);
    record.finished(id, copy);
}

void LabRun::Impl::close()
{
    const bool isWhole = std::ranges::none_of(cells, &Cell::heldBack);
    if (!record.id() || closed || record.hasUnwritten() || (!isWhole && !reopened))
        return;
    const bool isStopped = std::ranges::any_of(
        cells, [](const Cell& cell) { return cell.state == CellState::Stopped; });
    record.over(isStopped ? RunState::Stopped : RunState::Done);
    closed = true;
}

void LabRun::Impl::failStore(const Error& error)
{
    paused = true;
    emit q->storeFailed(QString::fromStdString(toString(error)));
    emit q->progressChanged();
}

void LabRun::Impl::goOnAfterObstacle()
{
    if (std::exchange(isObstructed, false))
        paused = false;
    emit q->storeRecovered();
    emit q->progressChanged();
    pump();
}

void LabRun::Impl::pump()
{
    while (active && !paused && record.isReady()) {
        const auto next = takeNext(isFull());
        if (!next)
            break;
        if (const auto end = unsentEnd(*next)) {
            const auto entry = held.extract(*next);
            finishCell(*next, *end, entry.empty() ? CellAttempt() : entry.mapped().attempt);
        } else if (keepsCaps(*next)) {
            startCell(*next);
        } else {
            queue.push_front(*next);
            break;
        }
    }
    for (const auto& [id, entry] : running) {
        if (entry.course)
            entry.course->lookAgain();
    }
    if (paused && running.empty())
        budget.noteIdle(pacing.nowMs());
    showWaiting();
    if (stopping && record.obstacle())
        leaveUnwritten();
    const bool isWritten = !record.hasUnwritten() || stopping;
    if (active && running.empty() && isWritten && settled == cells.size()) {
        active = false;
        budget.noteIdle(pacing.nowMs());
        close();
        emit q->progressChanged();
        emit q->finished();
    }
}

/// The models that a cell is sent to; of a policy's those that it may come to, at the prices of
/// their columns.
std::vector<const ModelSpec*> LabRun::Impl::modelsAsked(const CellId& id) const
{
    if (!lane.has(id))
        return {&plan.models[id.model]};
    std::vector<const ModelSpec*> asked = lane.ownCalls(id).models;
    for (const ModelSpec*& model : asked) {
        const auto column = std::ranges::find(plan.models, model->id, &ModelSpec::id);
        if (column != plan.models.end())
            model = &*column;
    }
    return asked;
}

/// Whether the caps allow the call that is next. Where they do not, what is under way may turn out
/// cheaper than it could have been; the run is paused once nothing is.
bool LabRun::Impl::keepsCaps(const CellId& id)
{
    const std::int64_t nowMs = pacing.nowMs();
    auto obstacle = budget.obstacleTo(id, nowMs);
    if (!obstacle)
        return true;
    if (!running.empty())
        return false;
    budget.noteIdle(nowMs);
    obstacle->waiting = queue.size() + 1;
    capReached = std::move(obstacle);
    paused = true;
    isObstructed = false;
    // After the loop that asks: whoever hears it may change the caps.
    QMetaObject::invokeMethod(
        q,
        [this] {
            if (!capReached)
                return;
            const CapReached reached = *capReached; // whoever hears it may end that
            emit q->capWasReached(reached);
            emit q->progressChanged();
        },
        Qt::QueuedConnection);
    return false;
}

/// A run that is in the store has its caps there, too: they are to hold after a crash.
void LabRun::Impl::recordCaps()
{
    if (!record.isOpen() || closed)
        return;
    if (const auto written = record.goOn(plan, toPlanJson(toRecord())); !written)
        failStore(written.error());
}

Result<void> LabRun::Impl::takeSpending(const RunId& run)
{
    const auto ledger = store->ledger(run);
    if (!ledger)
        return Unexpected(ledger.error());
    lost = budget.takeOver(*ledger, planBefore.lost);
    return {};
}

/// Out of the queue: the first cell that nothing is in the way of, or that is not sent at all.
/// @param isFull  no more may be sent at once
std::optional<CellId> LabRun::Impl::takeNext(bool isFull)
{
    std::vector<bool> isHeldBack(plan.models.size());
    for (auto place = queue.begin(); place != queue.end(); ++place) {
        const CellId id = *place;
        if (isHeldBack[id.model])
            continue;
        if (isSendable(id, isFull) || unsentEnd(id)) {
            queue.erase(place);
            return id;
        }
        if (lane.has(id))
            continue; // what it waits for is its own
        // One that waits before its repetition says nothing of the others.
        isHeldBack[id.model] = held.count(id) == 0 || pacing.obstacleTo(id).has_value();
    }
    return std::nullopt;
}

/// Of a cell that there is no sense in sending, how it ends.
std::optional<AnswerEnd> LabRun::Impl::unsentEnd(const CellId& id) const
{
    if (const auto said = usedUp.find(id.model); said != usedUp.end())
        return AnswerEnd{AnswerState::Failed,
                         "Not sent, because of an earlier call: " + said->second,
                         FailureKind::QuotaUsedUp};
    const auto obstacle = pacing.obstacleTo(id);
    if (!obstacle || obstacle->waitMs.value_or(0) <= kLongestWaitMs)
        return std::nullopt;
    return AnswerEnd{AnswerState::Failed,
                     "Not sent: " + obstacle->reason + ", and takes no more for " +
                         waitText(*obstacle->waitMs) + ". Retry what failed after that.",
                     FailureKind::RateLimit};
}

/// Its server's limits, or its own wait before a repetition, whichever takes longer.
std::optional<CallObstacle> LabRun::Impl::obstacleTo(const CellId& id) const
{
    std::optional<CallObstacle> obstacle = pacing.obstacleTo(id);
    const auto entry = held.find(id);
    const std::int64_t ownMs = entry == held.end() ? 0 : entry->second.untilMs - pacing.nowMs();
    // A pause that the server asks for ends with the wait that it causes, give or take a moment.
    const bool isOwn = !obstacle || !obstacle->waitMs || *obstacle->waitMs + kSecondMs < ownMs;
    if (ownMs > 0 && isOwn)
        return CallObstacle{ownMs, "trying again after " + entry->second.reason};
    return obstacle;
}

/// Cells that would be sent now if nothing but time were in the way say so, second by second.
void LabRun::Impl::showWaiting()
{
    const bool isSending = active && !paused && !stopping && record.isReady();
    int room = isSending ? std::max(1, plan.inFlight) : 0;
    std::int64_t nextMs = kSecondMs;
    std::vector<CellId> shown;
    std::vector<std::optional<std::optional<CallObstacle>>> byModel(plan.models.size());
    for (const CellId& id : queue) {
        if (room == 0)
            break;
        std::optional<std::optional<CallObstacle>>& ofModel = byModel[id.model];
        if (!ofModel)
            ofModel = pacing.obstacleTo(id);
        const bool isHeld = !held.empty() && held.count(id) > 0;
        const std::optional<CallObstacle> obstacle = isHeld ? obstacleTo(id) : *ofModel;
        if (!obstacle || !obstacle->waitMs)
            continue;
        Held& entry = held[id];
        if (!isHeld)
            entry.sinceMs = pacing.nowMs();
        if (!entry.wasSent)
            entry.reason = obstacle->reason;
        entry.isShown = true;
        nextMs = std::min(nextMs, (*obstacle->waitMs - 1) % kSecondMs + 1);
        shown.push_back(id);
        say(id, CellState::Waiting, waitingText(*obstacle->waitMs, obstacle->reason));
        --room;
    }
    std::vector<CellId> others;
    for (const auto& [id, entry] : held)
        if (entry.isShown && std::ranges::find(shown, id) == shown.end())
            others.push_back(id);
    for (const CellId& id : others) {
        held[id].isShown = false;
        say(id, CellState::Queued, {});
        if (!held[id].wasSent)
            held.erase(id);
    }
    if (isSending && !queue.empty())
        nextLook.start(static_cast<int>(nextMs));
    else
        nextLook.stop();
}

void LabRun::Impl::say(const CellId& id, CellState state, const std::string& status)
{
    Cell& cell = at(id);
    if (cell.state == state && cell.status == status)
        return;
    setState(id, state);
    cell.status = status;
    emit q->cellChanged(id);
}

/// Whether the cell is in the queue again after a try that failed.
bool LabRun::Impl::holdForRepetition(const CellId& id, const CellAttempt::News& news,
                                     CellAttempt attempt)
{
    const Answer& answer = at(id).answer;
    if (!news.failed || stopping || !answer.text.empty() || !answer.reasoning.empty())
        return false;
    const auto again = pacing.repetitionAfter(*news.failed, attempt.tries());
    if (!again)
        return false;
    budget.noteUnsent(id);
    const std::int64_t nowMs = pacing.nowMs();
    held[id] = Held{std::move(attempt), true, nowMs, nowMs + again->waitMs, again->reason, true};
    queue.push_front(id);
    say(id, CellState::Queued, {}); // until it is known what it waits for
    return true;
}

/// A person wants it otherwise than it was to be sent.
void LabRun::Impl::dropHeld(const CellId& id)
{
    const auto entry = held.extract(id);
    if (!entry.empty() && entry.mapped().wasSent)
        record.released(id, entry.mapped().attempt.ticket());
}

/// A policy's cell waits for its own first call, which may need none.
bool LabRun::Impl::isSendable(const CellId& id, bool isFull) const
{
    if (lane.has(id))
        return lane.mayStart(id);
    return !isFull && hasRoom(id.model) && !obstacleTo(id);
}

std::vector<const ModelSpec*> LabRun::Impl::underWay() const
{
    std::vector<const ModelSpec*> calls;
    for (const auto& [id, entry] : running)
        std::ranges::copy(entry.calls(plan.models[id.model]), std::back_inserter(calls));
    return calls;
}

bool LabRun::Impl::isFull() const
{
    const auto most = static_cast<std::size_t>(std::max(1, plan.inFlight));
    return running.size() >= most && underWay().size() >= most;
}

/// May the server of a model get one call more?
bool LabRun::Impl::hasRoom(std::size_t model) const
{
    const std::optional<Endpoint>& server = serversHere[model];
    return !server || callsAt(*server, underWay()) < std::max(1, plan.inFlightHere);
}

/// The same of any model, with everything else that a call needs.
bool LabRun::Impl::hasRoomFor(const ModelSpec& model) const
{
    const auto server = endpointOfModel(model.provider, model.baseUrl);
    if (isFull() || (server && server->loopback &&
                     callsAt(*server, underWay()) >= std::max(1, plan.inFlightHere)))
        return false;
    const auto obstacle = pacing.obstacleTo(model);
    return !obstacle || obstacle->waitMs.value_or(0) > kLongestWaitMs;
}

PolicyLane::Surroundings LabRun::Impl::laneSurroundings()
{
    PolicyLane::Surroundings run;
    run.answerOf = [this](const CellId& id) {
        const Cell& cell = at(id);
        return cell.state == CellState::Done && isAnswered(cell.answer) ? &cell.answer : nullptr;
    };
    run.isComing = [this](const CellId& id) {
        return active && !isTerminal(at(id).state) && (!paused || running.count(id) > 0);
    };
    run.hasRoom = [this](const ModelSpec& model) { return hasRoomFor(model); };
    run.wantsOwn = [this](const CellId& id) { return earlier.count(id) > 0; };
    return run;
}

void LabRun::Impl::startCell(const CellId& id)
{
    const ModelSpec& model = plan.models[id.model];
    ChatProvider* const provider = providers->find(model.provider);
    if (lane.has(id) && !lane.problem().empty()) {
        finishCell(id, {AnswerState::Failed, lane.problem()}, {});
        return;
    }
    if (!provider && !lane.has(id)) {
        finishCell(id,
                   {AnswerState::Failed,
                    "no provider named \"" + model.provider +
                        "\" is known; set the model's provider to one of those that are, such as "
                        "\"openai\"",
                    FailureKind::NotFound},
                   {});
        return;
    }
    setState(id, CellState::Waiting);
    at(id).status.clear();
    Running& entry = running[id];
    bool wasSent = false;
    if (const auto before = held.extract(id); !before.empty()) {
        Held& waited = before.mapped();
        wasSent = waited.wasSent;
        entry.attempt = std::move(waited.attempt);
        entry.attempt.noteWait({static_cast<int>(pacing.nowMs() - waited.sinceMs),
                                std::move(waited.reason), !wasSent});
    }
    entry.call = pacing.begin(id);
    budget.noteBusy(pacing.nowMs());
    budget.noteStarted(id);
    if (lane.has(id)) {
        auto course = lane.start(id);
        entry.course = course.get();
        entry.stream = std::move(course);
    } else {
        entry.stream = provider->start(labRequest(plan, model, plan.prompts[id.prompt], id.sample));
    }
    QObject::connect(
        entry.stream.get(), &ChatStream::eventsArrived, q,
        [this, id](const std::vector<TimedEvent>& events) { handleEvents(id, events); });
    if (!wasSent)
        record.started(id, entry.attempt.ticket());
    emit q->cellChanged(id);
}

void LabRun::Impl::handleEvents(const CellId& id, const std::vector<TimedEvent>& events)
{
    const auto entry = running.find(id);
    if (entry == running.end())
        return;
    Cell& cell = at(id);
    CellAttempt& attempt = entry->second.attempt;
    pacing.note(entry->second.call, events);
    const CellAttempt::News news = attempt.take(events);
    cell.answer.reasoning += news.reasoning;
    if (news.servedModel)
        cell.answer.servedModel = *news.servedModel;
    if (news.status)
        cell.status = *news.status;
    if (entry->second.course && cell.state == CellState::Waiting)
        cell.status = entry->second.course->status();
    if (!news.text.empty()) {
        if (cell.state != CellState::Writing) {
            setState(id, CellState::Writing);
            cell.status.clear();
        }
        cell.answer.text += news.text;
        emit q->textAppended(id, QString::fromStdString(news.text));
    }
    if (!news.end) {
        record.wrote(id, attempt.ticket(), news.text, news.reasoning);
        emit q->cellChanged(id);
        if (!queue.empty())
            pump(); // what the server said of its limits may let others go
        return;
    }
    attempt.setTimes(entry->second.stream->times());
    if (entry->second.course)
        attempt.setCourse(std::make_shared<const PlanCourse>(entry->second.course->course()));
    const CellAttempt ended = std::move(attempt);
    letGo(std::move(entry->second.stream));
    running.erase(entry);
    if (holdForRepetition(id, news, ended))
        pump();
    else
        finishCell(id, *news.end, ended); // the next is sent once this one is written
}

void LabRun::Impl::finishCell(const CellId& id, const AnswerEnd& end, const CellAttempt& attempt)
{
    if (end.kind == FailureKind::QuotaUsedUp && !lane.has(id))
        usedUp.try_emplace(id.model, end.failure);
    Answer& answer = at(id).answer;
    answer = attempt.answer(std::move(answer), end, plan.prompts[id.prompt], plan.models[id.model]);
    budget.noteEnded(id, answer);
    StoredAnswer stored = attempt.stored(answer);
    stored.requestKey = requestKeyOf(id);
    record.finished(id, stored);
    if (returnToEarlier(id, end))
        record.forget(id);
}

/// A repeat that gave no answer leaves the cell with the answer it had, as it leaves the store.
bool LabRun::Impl::returnToEarlier(const CellId& id, const AnswerEnd& end)
{
    const auto kept = earlier.find(id);
    if (kept == earlier.end() || isAnswered(at(id).answer))
        return false;
    at(id).answer = std::move(kept->second);
    settle(id);
    at(id).status = end.failure.empty()
                        ? "the repeat was stopped; the earlier answer stays"
                        : "the repeat failed, the earlier answer stays: " + end.failure;
    emit q->cellChanged(id);
    QMetaObject::invokeMethod(q, [this] { settleWritten({}); }, Qt::QueuedConnection);
    return true;
}

/// Only what is on disk says done.
void LabRun::Impl::settleWritten(const std::vector<CellId>& written)
{
    for (const CellId& id : written)
        settle(id);
    emit q->progressChanged();
    if (!active && settled == cells.size())
        close(); // it was stopped while the disk refused
    pump();
}

/// Answers that the disk refuses are kept in memory, and written as soon as it takes them. A run
/// that is to stop does not wait for that.
void LabRun::Impl::leaveUnwritten()
{
    for (const CellId& id : record.unwritten()) {
        if (at(id).state == CellState::Stopped)
            continue;
        setState(id, CellState::Stopped);
        at(id).status = "not recorded: " + record.obstacle()->message;
        emit q->cellChanged(id);
    }
}

/// The run is not in the store any more: the answer stays in sight, and nothing more is sent.
void LabRun::Impl::noteRefused(const CellId& id, const Error& error)
{
    settle(id);
    at(id).status = "not recorded: " + error.message;
    failStore(error);
    pump();
}

void LabRun::Impl::settle(const CellId& id)
{
    Cell& cell = at(id);
    switch (cell.answer.state) {
    case AnswerState::Stopped:
        setState(id, CellState::Stopped);
        break;
    case AnswerState::Failed:
        setState(id, CellState::Failed);
        break;
    default:
        setState(id, CellState::Done);
        break;
    }
    cell.status = cell.answer.failure;
    earlier.erase(id);
    emit q->cellChanged(id);
}

/// Of a policy that was changed since; a run that only shows what was knows none to compare with.
bool LabRun::Impl::isOfAnotherWay(const CellId& id, const Answer& answer) const
{
    return lane.has(id) && plan.policy && !lane.isPresent(id, answer);
}

/// The policy's cell that took this answer, if it is still to be seen there.
std::optional<CellId> LabRun::Impl::takerOf(const CellId& id)
{
    for (const CellId& policys : lane.cells()) {
        if (policys.prompt == id.prompt && policys.sample == id.sample &&
            at(policys).state == CellState::Done)
            return lane.takerOf(id, at(policys).answer);
    }
    return std::nullopt;
}

/// An answer that the policy would not give now.
void LabRun::Impl::setAside(const CellId& id)
{
    Cell& cell = at(id);
    if (const auto route = parseRoute(cell.answer.route))
        otherWays[{id, route->print}] = cell.answer;
    enqueue(id);
    queue.pop_back();
    cell.heldBack = true;
    setState(id, CellState::Stopped);
    emit q->cellChanged(id);
}

/// One that it gave before, if it did.
void LabRun::Impl::takeUp(const CellId& id)
{
    const auto known = otherWays.find({id, lane.printOf(id)});
    if (known == otherWays.end())
        return;
    std::erase(queue, id);
    at(id).answer = known->second;
    at(id).heldBack = false;
    settle(id);
}

LabRun::LabRun(LabPlan plan, const ProviderRegistry& providers, EvidenceStore* store,
               QObject* parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(this, std::move(plan), providers, store))
{
    m_impl->plan.samples = std::max(1, m_impl->plan.samples);
    for (const ModelSpec& model : m_impl->plan.models) {
        const auto endpoint = endpointOfModel(model.provider, model.baseUrl);
        m_impl->serversHere.push_back(endpoint && endpoint->loopback ? std::optional(*endpoint)
                                                                     : std::nullopt);
    }
    m_impl->cells.resize(m_impl->plan.prompts.size() * m_impl->plan.models.size() *
                         static_cast<std::size_t>(m_impl->plan.samples));
    for (const CellId& id : m_impl->allCells())
        m_impl->enqueue(id);
    m_impl->connectRecord();
}

LabRun::~LabRun()
{
    // What has finished is written by the store; the run stays open and is offered again.
    for (auto& [id, entry] : m_impl->running) {
        m_impl->record.released(id, entry.attempt.ticket());
        m_impl->pacing.noteGivenUp(entry.call);
    }
    while (!m_impl->held.empty())
        m_impl->dropHeld(m_impl->held.begin()->first);
}

const LabPlan& LabRun::plan() const
{
    return m_impl->plan;
}

const Cell& LabRun::cell(const CellId& id) const
{
    return m_impl->cells[m_impl->indexOf(id)];
}

const std::optional<RunId>& LabRun::id() const
{
    return m_impl->record.id();
}

LabProgress LabRun::progress() const
{
    LabProgress progress;
    progress.total = m_impl->cells.size();
    progress.running = m_impl->running.size();
    for (const Cell& cell : m_impl->cells) {
        progress.finished += isTerminal(cell.state);
        progress.failed += cell.state == CellState::Failed;
        progress.stopped += cell.state == CellState::Stopped;
        progress.heldBack += cell.heldBack;
        if (!isTerminal(cell.state))
            continue;
        if (cell.answer.cost)
            progress.spent = progress.spent.value_or(Money{}) + *cell.answer.cost;
        else
            ++progress.unpriced;
    }
    return progress;
}

bool LabRun::isRunning() const
{
    return m_impl->active;
}

bool LabRun::isPaused() const
{
    return m_impl->active && m_impl->paused;
}

bool LabRun::hasUnwritten() const
{
    return m_impl->record.hasUnwritten();
}

Result<void> LabRun::writeFinished()
{
    return m_impl->record.flush();
}

void LabRun::setName(const std::string& name)
{
    m_impl->plan.name = name;
}

void LabRun::setPrices(const std::vector<ModelSpec>& models)
{
    for (ModelSpec& asked : m_impl->plan.models) {
        const auto found = std::ranges::find(models, asked.id, &ModelSpec::id);
        if (found != models.end())
            asked.price = found->price;
    }
}

void LabRun::setPolicy(std::shared_ptr<const PolicyColumn> policy)
{
    const bool isSame =
        m_impl->plan.policy && policy && m_impl->plan.policy->spec().id == policy->spec().id;
    if (m_impl->active || !isSame)
        return;
    m_impl->plan.policy = std::move(policy);
    m_impl->lane.decideAnew();
    for (const CellId& id : m_impl->lane.cells()) {
        const Cell& cell = m_impl->at(id);
        const bool wasAsked = isTerminal(cell.state) && !cell.heldBack;
        if (wasAsked && !m_impl->lane.isPresent(id, cell.answer))
            m_impl->setAside(id);
        if (!wasAsked || m_impl->at(id).heldBack)
            m_impl->takeUp(id);
    }
    emit progressChanged();
}

bool LabRun::isPolicyCell(const CellId& id) const
{
    return m_impl->lane.has(id);
}

PolicyCalls LabRun::policyCalls(const CellId& id) const
{
    const PolicyLane::OwnCalls own = m_impl->lane.ownCalls(id);
    PolicyCalls calls;
    calls.isFirstTaken = own.isFirstTaken;
    for (const ModelSpec* model : own.models)
        calls.models.push_back(*model);
    return calls;
}

void LabRun::setCaps(const RunCaps& caps)
{
    if (m_impl->plan.caps == caps)
        return;
    m_impl->plan.caps = caps;
    m_impl->recordCaps();
    if (m_impl->capReached && m_impl->active)
        start();
    else
        m_impl->pump();
}

const std::optional<CapReached>& LabRun::capReached() const
{
    return m_impl->capReached;
}

RunSpending LabRun::spending() const
{
    return m_impl->budget.spent(m_impl->pacing.nowMs());
}

Result<std::vector<CellId>> LabRun::reusable(const std::vector<CellId>& cells) const
{
    std::map<CellId, CachedAnswer> answers;
    return m_impl->knownOf(cells, answers);
}

void LabRun::setReuse(LabPlan::Reuse reuse)
{
    m_impl->plan.reuse = reuse;
}

void LabRun::start()
{
    m_impl->capReached.reset();
    m_impl->paused = true; // nothing is sent before it is known what need not be
    m_impl->isObstructed = false;
    m_impl->stopping = false;
    m_impl->active = true;
    m_impl->usedUp.clear(); // a person may have paid since
    m_impl->record.retry();
    Result<void> open = m_impl->openRecord();
    if (open)
        open = m_impl->takeKnownAnswers();
    if (!open) {
        m_impl->failStore(open.error());
        return;
    }
    m_impl->paused = false;
    m_impl->pump();
    emit progressChanged();
}

void LabRun::setInFlightHere(int calls)
{
    m_impl->plan.inFlightHere = calls;
    m_impl->pump();
}

void LabRun::setRetries(int retries)
{
    m_impl->plan.retries = retries;
}

void LabRun::pause()
{
    m_impl->paused = true;
    m_impl->isObstructed = false;
    if (m_impl->running.empty())
        m_impl->budget.noteIdle(m_impl->pacing.nowMs());
    m_impl->showWaiting();
    emit progressChanged();
}

void LabRun::stop()
{
    if (!m_impl->active)
        return;
    m_impl->paused = false;
    m_impl->isObstructed = false;
    m_impl->capReached.reset();
    m_impl->stopping = true;
    for (const CellId& id : std::exchange(m_impl->queue, {})) {
        m_impl->at(id).status.clear();
        const auto entry = m_impl->held.extract(id);
        if (!entry.empty() && entry.mapped().wasSent) {
            m_impl->finishCell(id, {AnswerState::Stopped}, entry.mapped().attempt);
            continue;
        }
        m_impl->at(id).answer.state = AnswerState::Stopped;
        if (m_impl->returnToEarlier(id, {AnswerState::Stopped}))
            continue;
        m_impl->setState(id, CellState::Stopped);
        emit cellChanged(id);
    }
    std::vector<ChatStream*> streams;
    for (const auto& [id, entry] : m_impl->running)
        streams.push_back(entry.stream.get());
    for (ChatStream* stream : streams)
        stream->cancel();
    emit progressChanged();
    m_impl->pump();
}

void LabRun::rerun(const CellId& id)
{
    if (const auto entry = m_impl->running.find(id); entry != m_impl->running.end()) {
        m_impl->record.released(id, entry->second.attempt.ticket());
        m_impl->pacing.noteGivenUp(entry->second.call);
        m_impl->budget.noteGivenUp(id);
        letGo(std::move(entry->second.stream));
        m_impl->running.erase(entry);
    }
    m_impl->dropHeld(id);
    std::erase(m_impl->queue, id);
    // What was paid for is written before the repeat is: the store has both.
    const Cell& before = m_impl->at(id);
    const bool isOver = before.state == CellState::Done || m_impl->record.isUnwritten(id);
    if (isOver && isAnswered(before.answer))
        m_impl->earlier[id] = before.answer;
    m_impl->record.forget(id);
    const auto taker = m_impl->takerOf(id);
    m_impl->enqueue(id);
    if (taker)
        m_impl->enqueue(*taker); // of the answer that is replaced
    if (!isPaused()) {
        start();
        return;
    }
    std::erase(m_impl->queue, id);
    m_impl->queue.push_front(id);
    emit progressChanged();
}

void LabRun::rerunFailed()
{
    for (const CellId& id : rest()) {
        m_impl->record.forget(id);
        m_impl->enqueue(id);
    }
    start();
}

std::vector<CellId> LabRun::waiting() const
{
    return {m_impl->queue.begin(), m_impl->queue.end()};
}

std::vector<CellId> LabRun::rest() const
{
    std::vector<CellId> ids = m_impl->allCells();
    std::erase_if(ids, [this](const CellId& id) {
        const Cell& cell = m_impl->at(id);
        if (cell.state != CellState::Failed && cell.state != CellState::Stopped)
            return true;
        return m_impl->record.isUnwritten(id) && isAnswered(cell.answer); // about to be written
    });
    return ids;
}

void LabRun::holdBack()
{
    if (m_impl->active)
        return;
    for (const CellId& id : std::exchange(m_impl->queue, {})) {
        if (const auto attempt = m_impl->attempts.find(id); attempt != m_impl->attempts.end()) {
            m_impl->at(id).answer = std::move(attempt->second);
            m_impl->settle(id);
            continue;
        }
        m_impl->at(id).heldBack = true;
        m_impl->setState(id, CellState::Stopped);
        emit cellChanged(id);
    }
    m_impl->attempts.clear();
    emit progressChanged();
}

Result<void> LabRun::mayResume(const RunSummary& run) const
{
    const auto recorded = parsePlanJson(run);
    if (!recorded)
        return Unexpected(recorded.error());
    if (const auto difference = differenceOf(*recorded, recordedPlanOf(m_impl->plan)))
        return fail(ErrorCode::InvalidArgument,
                    "this run was asked otherwise: " + toString(*difference) +
                        " is not the same now",
                    run.id.value, "start a new run, or go back to how it was asked");
    return {};
}

Result<std::size_t> LabRun::resumeFrom(const RunId& run)
{
    if (!m_impl->store)
        return fail(ErrorCode::InvalidArgument, "there is no evidence store to resume from");
    const auto info = m_impl->store->run(run);
    if (!info)
        return Unexpected(info.error());
    if (const auto same = mayResume(*info); !same)
        return Unexpected(same.error());
    auto answers = m_impl->store->answers(run);
    if (!answers)
        return Unexpected(answers.error());
    auto interrupted = m_impl->store->interrupted(run);
    if (!interrupted)
        return Unexpected(interrupted.error());
    for (Answer& answer : *interrupted) {
        answer.failure = "interrupted; this is its text so far";
        answers->push_back(std::move(answer));
    }
    std::map<std::tuple<PromptId, ModelId, int>, Answer*> recorded;
    for (Answer& answer : *answers)
        recorded[{answer.prompt, answer.model, answer.sample}] = &answer;
    if (auto plan = parsePlanJson(*info))
        m_impl->planBefore = std::move(*plan);
    if (m_impl->plan.caps.isEmpty())
        m_impl->plan.caps = m_impl->planBefore.caps;
    if (const auto taken = m_impl->takeSpending(run); !taken)
        return Unexpected(taken.error());
    m_impl->closed = info->isOver();
    std::size_t taken = 0;
    for (const CellId& id : m_impl->allCells()) {
        const auto found = recorded.find(
            {m_impl->plan.prompts[id.prompt].id, m_impl->plan.models[id.model].id, id.sample});
        if (found == recorded.end())
            continue;
        if (m_impl->isOfAnotherWay(id, *found->second))
            continue;
        if (!hasAnswer(*found->second)) {
            m_impl->attempts[id] = std::move(*found->second);
            continue;
        }
        std::erase(m_impl->queue, id);
        m_impl->at(id).answer = std::move(*found->second);
        m_impl->settle(id);
        ++taken;
    }
    m_impl->record.takeOver(run);
    emit progressChanged();
    return taken;
}

} // namespace signalbox
