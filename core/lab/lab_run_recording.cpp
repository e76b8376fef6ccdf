// SPDX-License-Identifier: GPL-3.0-or-later
#include "exact_request.h"
#include "lab_request.h"
#include "lab_run_parts.h"

#include <core/base/clock.h>
#include <core/evidence/answer_record.h>

#include <algorithm>
#include <utility>

namespace signalbox {

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

RecordedPlan LabRun::Impl::toRecord() const
{
    RecordedPlan asks = recordedPlanOf(plan);
    keepWhatWasAsked(asks, planBefore);
    asks.lost = lost;
    return asks;
}

/// A run that is in the store has its caps there, too: they are to hold after a crash.
void LabRun::Impl::recordCaps()
{
    if (!record.isOpen() || closed)
        return;
    if (const auto written = record.goOn(plan, toPlanJson(toRecord())); !written)
        failStore(written.error());
}

std::string LabRun::Impl::requestKeyOf(const CellId& id, const LabPrompt& prompt) const
{
    if (lane.has(id))
        return {}; // it is several requests, or another cell's
    const ModelSpec& model = plan.models[id.model];
    return exactRequestKey(model.provider, labRequest(plan, model, prompt, id.sample));
}

/// Of cells, those whose exact request the store has an answer to. What is known of a turn counts
/// for the turns after it.
Result<std::vector<CellId>> LabRun::Impl::knownOf(const std::vector<CellId>& wanted,
                                                  std::map<CellId, CachedAnswer>& answers) const
{
    std::vector<CellId> found;
    if (!store)
        return found;
    std::map<int, std::vector<CellId>> byTurn;
    for (const CellId& id : wanted)
        byTurn[cells.conversations().turn(id.prompt)].push_back(id);
    for (const auto& [turn, ids] : byTurn) {
        std::vector<std::string> keys;
        for (const CellId& id : ids) {
            const auto prompt = promptWith(id, answers);
            keys.push_back(prompt ? requestKeyOf(id, *prompt) : std::string());
        }
        const auto known = store->known(keys);
        if (!known)
            return Unexpected(known.error());
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto answer = known->find(keys[i]);
            if (answer == known->end())
                continue;
            found.push_back(ids[i]);
            answers.emplace(ids[i], answer->second);
        }
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
        // A person wants another answer, or the turn before comes first: see goOnAfter().
        return earlier.count(id) > 0 || waitsForTurn(id);
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
    const StoredAnswer copy = cachedCopy(known, nextRecordedAtMs());
    Answer& answer = cells.at(id).answer;
    answer = answerOf(std::move(answer), copy);
    cells.at(id).after = cells.saidBefore(id);
    std::erase(queue, id);
    record.finished(id, copy);
}

/// Later than that of every other answer of the run, also on a clock that was set back: which
/// answer a turn goes on from, and which attempt is the newest, is told by it.
std::int64_t LabRun::Impl::nextRecordedAtMs()
{
    const std::int64_t nowMs = providers->limiter().clock().unixMs();
    lastRecordedAtMs = std::max(nowMs, lastRecordedAtMs + 1);
    return lastRecordedAtMs;
}

void LabRun::Impl::finishCell(const CellId& id, const AnswerEnd& end, const CellAttempt& attempt)
{
    if (end.kind == FailureKind::QuotaUsedUp && !lane.has(id))
        usedUp.try_emplace(id.model, end.failure);
    Answer& answer = cells.at(id).answer;
    const ModelSpec& model = plan.models[id.model];
    const TokenMultiplier tokenizer = tokenizerOf(plan.tokenizers, model.id);
    if (plan.variants.count(model.id) == 0) {
        answer = attempt.answer(std::move(answer), end, promptSent(id), model, tokenizer);
    } else { // what a server does not count was said in the variant's way
        ChatRequest request = labRequest(plan, model, promptSent(id), id.sample);
        LabPrompt asked = promptSent(id);
        asked.messages = std::move(request.messages);
        ModelSpec asAsked = model;
        asAsked.styleGuide = std::move(request.styleGuide);
        answer = attempt.answer(std::move(answer), end, asked, asAsked, tokenizer);
    }
    answer.recordedAtMs = nextRecordedAtMs();
    budget.noteEnded(id, answer);
    StoredAnswer stored = attempt.stored(answer);
    stored.requestKey = requestKeyOf(id, promptSent(id));
    turnsAsked.erase(id);
    record.finished(id, stored);
    if (returnToEarlier(id, end))
        record.forget(id);
}

/// Only what is on disk says done.
void LabRun::Impl::settleWritten(const std::vector<CellId>& written)
{
    for (const CellId& id : written)
        settle(id);
    emit q->progressChanged();
    if (!active && cells.areSettled())
        close(); // it was stopped while the disk refused
    pump();
}

void LabRun::Impl::settle(const CellId& id)
{
    Cell& cell = cells.at(id);
    switch (cell.answer.state) {
    case AnswerState::Stopped:
        cells.setState(id, CellState::Stopped);
        break;
    case AnswerState::Failed:
        cells.setState(id, CellState::Failed);
        break;
    default:
        cells.setState(id, CellState::Done);
        break;
    }
    cell.status = cell.answer.failure;
    earlier.erase(id);
    own.erase(id);
    emit q->cellChanged(id);
    goOnAfter(id);
}

/// Answers that the disk refuses are kept in memory, and written as soon as it takes them. A run
/// that is to stop does not wait for that.
void LabRun::Impl::leaveUnwritten()
{
    for (const CellId& id : record.unwritten()) {
        if (cells.at(id).state == CellState::Stopped)
            continue;
        cells.setState(id, CellState::Stopped);
        cells.at(id).status = "not recorded: " + record.obstacle()->message;
        emit q->cellChanged(id);
    }
}

/// The run is not in the store any more: the answer stays in sight, and nothing more is sent.
void LabRun::Impl::noteRefused(const CellId& id, const Error& error)
{
    settle(id);
    cells.at(id).status = "not recorded: " + error.message;
    failStore(error);
    pump();
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

void LabRun::Impl::close()
{
    const LabProgress progress = cells.progress();
    const bool isWhole = progress.heldBack == 0;
    if (!record.id() || closed || record.hasUnwritten() || (!isWhole && !reopened))
        return;
    record.over(progress.stopped > 0 ? RunState::Stopped : RunState::Done);
    closed = true;
}

} // namespace signalbox
