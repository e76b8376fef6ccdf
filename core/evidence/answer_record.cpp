// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_record.h"

namespace signalbox {

namespace {

AnswerState stateOf(StoredState state)
{
    switch (state) {
    case StoredState::Done:
    case StoredState::Cached:
        return AnswerState::Done;
    case StoredState::Cut:
        return AnswerState::Truncated;
    case StoredState::Refused:
        return AnswerState::Refused;
    case StoredState::Filtered:
        return AnswerState::Filtered;
    case StoredState::Failed:
        return AnswerState::Failed;
    case StoredState::Stopped:
    case StoredState::Queued:
    case StoredState::Running:
        return AnswerState::Stopped;
    }
    return AnswerState::Failed;
}

StoredState stateOf(AnswerState state)
{
    switch (state) {
    case AnswerState::Done:
        return StoredState::Done;
    case AnswerState::Truncated:
        return StoredState::Cut;
    case AnswerState::Refused:
        return StoredState::Refused;
    case AnswerState::Filtered:
        return StoredState::Filtered;
    case AnswerState::Failed:
        return StoredState::Failed;
    case AnswerState::Stopped:
        return StoredState::Stopped;
    }
    return StoredState::Failed;
}

} // namespace

Answer answerOf(Answer cell, const StoredAnswer& stored)
{
    cell.servedModel = stored.servedModel;
    cell.text = stored.text;
    cell.reasoning = stored.reasoning;
    cell.state = stateOf(stored.state);
    cell.failure = stored.failure;
    cell.failureKind = stored.failureKind;
    cell.inputTokens = stored.usage.input();
    cell.outputTokens = stored.usage.output;
    cell.tokensEstimated = stored.usage.isEstimated;
    cell.firstTokenMs = stored.times.firstTextMs;
    cell.totalMs = stored.times.totalMs;
    cell.cost = stored.cost;
    cell.costStated = stored.isCostStated;
    cell.satisfied = stored.satisfied;
    cell.styleGuide = stored.styleGuide;
    cell.simulated = stored.isSimulated;
    cell.reused = stored.state == StoredState::Cached;
    cell.recordedAtMs = stored.recordedAtMs;
    cell.route = stored.routeJson;
    return cell;
}

StoredAnswer storedAnswerOf(const Answer& answer)
{
    StoredAnswer stored;
    stored.state = answer.reused ? StoredState::Cached : stateOf(answer.state);
    stored.styleGuide = answer.styleGuide;
    stored.text = answer.text;
    stored.reasoning = answer.reasoning;
    stored.servedModel = answer.servedModel;
    stored.failureKind = answer.failureKind;
    stored.failure = answer.failure;
    stored.times.firstTextMs = answer.firstTokenMs;
    stored.times.totalMs = answer.totalMs;
    stored.usage.inputUncached = answer.inputTokens;
    stored.usage.output = answer.outputTokens;
    stored.usage.isEstimated = answer.tokensEstimated;
    stored.cost = answer.cost;
    stored.isCostStated = answer.costStated;
    stored.satisfied = answer.satisfied;
    stored.isSimulated = answer.simulated;
    stored.recordedAtMs = answer.recordedAtMs;
    stored.routeJson = answer.route;
    return stored;
}

} // namespace signalbox
