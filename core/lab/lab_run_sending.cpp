// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_request.h"
#include "lab_run_parts.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace signalbox {

namespace {

/// For longer a run does not wait by itself: what is left of a day's limit is for tomorrow.
constexpr std::int64_t kLongestWaitMs = 3'600'000;
constexpr std::int64_t kSecondMs = 1000;

} // namespace

void letGo(std::unique_ptr<ChatStream> stream)
{
    stream->disconnect();
    stream.release()->deleteLater();
}

void LabRun::Impl::pump()
{
    stopWaitingTurns();
    refusal.reset();
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
    heedRefusal();
    if (paused && underWay().empty())
        budget.noteIdle(pacing.nowMs());
    showWaiting();
    if (stopping && record.obstacle())
        leaveUnwritten();
    const bool isWritten = !record.hasUnwritten() || stopping;
    if (active && running.empty() && isWritten && cells.areSettled()) {
        active = false;
        budget.noteIdle(pacing.nowMs());
        close();
        emit q->progressChanged();
        emit q->finished();
    }
}

/// Out of the queue: the first cell that nothing is in the way of, or that is not sent at all.
/// @param isFull  no more may be sent at once
std::optional<CellId> LabRun::Impl::takeNext(bool isFull)
{
    std::vector<bool> isHeldBack(plan.models.size());
    for (auto place = queue.begin(); place != queue.end(); ++place) {
        const CellId id = *place;
        if (isHeldBack[id.model] || waitsForTurn(id))
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
    if (cells.conversations().isCutOff(id.prompt))
        return AnswerEnd{AnswerState::Failed,
                         "Not sent: the turns before it are not in this table. Bring the whole "
                         "conversation."};
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

/// A policy's cell waits for its own first call, which may need none.
bool LabRun::Impl::isSendable(const CellId& id, bool isFull) const
{
    if (lane.has(id))
        return lane.mayStart(id);
    return !isFull && hasRoom(id.model) && !obstacleTo(id);
}

/// May the server of a model get one call more?
bool LabRun::Impl::hasRoom(std::size_t model) const
{
    const std::optional<Endpoint>& server = serversHere[model];
    return !server || callsAt(*server, underWay()) < std::max(1, plan.inFlightHere);
}

/// The same of any model, with everything else that a call needs. A pause is for the calls of
/// started cells, too, and so is what is in the way of the store.
bool LabRun::Impl::hasRoomFor(const ModelSpec& model) const
{
    if (paused || !record.isReady())
        return false;
    const auto server = endpointOfModel(model.provider, model.baseUrl);
    if (isFull() || (server && server->loopback &&
                     callsAt(*server, underWay()) >= std::max(1, plan.inFlightHere)))
        return false;
    const auto obstacle = pacing.obstacleTo(model);
    return !obstacle || obstacle->waitMs.value_or(0) > kLongestWaitMs;
}

bool LabRun::Impl::isFull() const
{
    return underWay().size() >= static_cast<std::size_t>(std::max(1, plan.inFlight));
}

std::vector<const ModelSpec*> LabRun::Impl::underWay() const
{
    std::vector<const ModelSpec*> calls;
    for (const auto& [id, entry] : running)
        std::ranges::copy(entry.calls(plan.models[id.model]), std::back_inserter(calls));
    return calls;
}

/// When to look again at calls of started cells of a policy that wait for room: in a second, or
/// when their server takes one if that is before. Nobody else may tell: another run's calls can be
/// what is in the way. nullopt: there are none.
std::optional<std::int64_t> LabRun::Impl::untilRoomMs() const
{
    std::optional<std::int64_t> nextMs;
    for (const auto& [id, entry] : running) {
        if (!entry.course)
            continue;
        for (const ModelSpec* model : entry.course->waitingForRoom()) {
            const auto obstacle = pacing.obstacleTo(*model);
            const std::int64_t waitMs = obstacle ? obstacle->waitMs.value_or(kSecondMs) : kSecondMs;
            nextMs = std::clamp<std::int64_t>(waitMs, 1, nextMs.value_or(kSecondMs));
        }
    }
    return nextMs;
}

/// Whether the caps allow the call that is next. Where they do not, what is under way may turn out
/// cheaper than it could have been.
bool LabRun::Impl::keepsCaps(const CellId& id)
{
    if (auto obstacle = budget.obstacleTo(id, pacing.nowMs()))
        refusal = std::move(obstacle);
    return !refusal;
}

/// Whether anything that has begun may end by itself.
bool LabRun::Impl::goesOn() const
{
    return std::ranges::any_of(running, [](const auto& entry) {
        return !entry.second.course || !entry.second.course->isStuck();
    });
}

/// A cap that is in the way pauses the run once nothing else can happen. Cells of a policy that
/// wait for what is not sent stay as they are.
void LabRun::Impl::heedRefusal()
{
    if (!active || paused || !refusal || goesOn() || record.hasUnwritten())
        return; // once what was answered is settled it is asked again
    budget.noteIdle(pacing.nowMs());
    refusal->waiting = queue.size() + running.size();
    capReached = std::exchange(refusal, std::nullopt);
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
}

/// The same of a call of a policy's cell that is under way. One that was counted with the cell has
/// only the run's time to mind.
bool LabRun::Impl::maySend(const CellId& id, const AskedCall* more)
{
    const std::int64_t nowMs = pacing.nowMs();
    const auto call = more ? std::optional(priced(*more)) : std::nullopt;
    if (auto obstacle = budget.obstacleToMore(id, call ? &*call : nullptr, nowMs)) {
        refusal = std::move(obstacle);
        return false;
    }
    if (call)
        budget.noteMore(id, *call);
    budget.noteBusy(nowMs);
    return true;
}

/// The calls of a cell; of a policy's those that it may come to.
std::vector<AskedCall> LabRun::Impl::callsAsked(const CellId& id) const
{
    if (!lane.has(id))
        return {plainCall(plan, plan.models[id.model])};
    std::vector<AskedCall> asked = lane.ownCalls(id).calls;
    for (AskedCall& call : asked)
        call = priced(std::move(call));
    return asked;
}

/// At the price of its model's column.
AskedCall LabRun::Impl::priced(AskedCall call) const
{
    const auto column = std::ranges::find(plan.models, call.model->id, &ModelSpec::id);
    if (column != plan.models.end())
        call.model = &*column;
    return call;
}

PolicyLane::Surroundings LabRun::Impl::laneSurroundings()
{
    PolicyLane::Surroundings run;
    run.answerOf = [this](const CellId& id) {
        const Cell& cell = cells.at(id);
        return cell.state == CellState::Done && isAnswered(cell.answer) ? &cell.answer : nullptr;
    };
    run.isComing = [this](const CellId& id) {
        return !active || !isTerminal(cells.at(id).state); // a pause is not for ever
    };
    run.hasRoom = [this](const ModelSpec& model) { return hasRoomFor(model); };
    run.promptOf = [this](const CellId& id) { return cells.promptOf(id); };
    run.maySend = [this](const CellId& id, const AskedCall* more) { return maySend(id, more); };
    run.noteHeld = [this] {
        if (refusal)
            QMetaObject::invokeMethod(q, [this] { heedRefusal(); }, Qt::QueuedConnection);
    };
    run.wantsOwn = [this](const CellId& id) { return own.count(id) > 0; };
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
    cells.setState(id, CellState::Waiting);
    cells.at(id).status.clear();
    if (cells.conversations().before(id.prompt)) {
        cells.at(id).after = cells.saidBefore(id);
        if (auto prompt = cells.promptOf(id))
            turnsAsked[id] = std::move(*prompt);
    }
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
        entry.stream = provider->start(labRequest(plan, model, promptSent(id), id.sample));
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
    Cell& cell = cells.at(id);
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
            cells.setState(id, CellState::Writing);
            cell.status.clear();
        }
        cell.answer.text += news.text;
        emit q->textAppended(id, QString::fromStdString(news.text));
    }
    if (!news.end) {
        record.wrote(id, attempt.ticket(), news.text, news.reasoning);
        emit q->cellChanged(id);
        if (!queue.empty() || untilRoomMs())
            pump(); // what the server said of its limits may let others go
        return;
    }
    attempt.setTimes(entry->second.stream->times());
    if (entry->second.course)
        attempt.setCourse(std::make_shared<const PlanCourse>(entry->second.course->course()));
    const CellAttempt ended = std::move(attempt);
    letGo(std::move(entry->second.stream));
    running.erase(entry);
    const bool isAgain = holdForRepetition(id, news, ended);
    if (!isAgain)
        finishCell(id, *news.end, ended); // the next is sent once this one is written
    if (isAgain || isAheadOfDisk())
        pump();
}

/// Whether the place of an answer is free before it is on disk. Few calls at once wait for that, so
/// that nothing is asked for that cannot be kept; many would leave their servers idle meanwhile.
/// They are ahead by no more than another such set, and by nothing while something is in the way.
bool LabRun::Impl::isAheadOfDisk() const
{
    constexpr int kManyCalls = 16;
    return plan.inFlight >= kManyCalls && !record.obstacle() &&
           record.unwrittenCount() <= static_cast<std::size_t>(plan.inFlight);
}

/// Whether the cell is in the queue again after a try that failed.
bool LabRun::Impl::holdForRepetition(const CellId& id, const CellAttempt::News& news,
                                     CellAttempt attempt)
{
    const Answer& answer = cells.at(id).answer;
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
        if (waitsForTurn(id))
            continue; // for nothing but that
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
    const auto roomMs = untilRoomMs();
    nextMs = std::min(nextMs, roomMs.value_or(nextMs));
    if (isSending && (!queue.empty() || roomMs))
        nextLook.start(static_cast<int>(nextMs));
    else
        nextLook.stop();
}

void LabRun::Impl::say(const CellId& id, CellState state, const std::string& status)
{
    Cell& cell = cells.at(id);
    if (cell.state == state && cell.status == status)
        return;
    cells.setState(id, state);
    cell.status = status;
    emit q->cellChanged(id);
}

} // namespace signalbox
