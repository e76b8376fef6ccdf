// SPDX-License-Identifier: GPL-3.0-or-later
#include "cell_attempt.h"

#include "plan_stream.h"

#include <core/base/clock.h>
#include <core/base/utf8.h>
#include <core/evidence/answer_record.h>

#include <initializer_list>
#include <utility>

namespace signalbox {

namespace {

AnswerState stateOf(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop:
    case FinishReason::ToolCall:
        return AnswerState::Done;
    case FinishReason::Length:
    case FinishReason::Unknown:
        return AnswerState::Truncated;
    case FinishReason::Filtered:
        return AnswerState::Filtered;
    case FinishReason::Refusal:
        return AnswerState::Refused;
    }
    return AnswerState::Truncated;
}

AnswerEnd endOf(const StreamFinished& finished)
{
    const AnswerState state = stateOf(finished.reason);
    if (state == AnswerState::Filtered)
        return {state, {}, FailureKind::ContentFilter};
    return {state};
}

AnswerEnd endOf(const StreamFailed& failed)
{
    switch (failed.kind) {
    case FailureKind::Cancelled:
        return {AnswerState::Stopped};
    case FailureKind::ContentFilter:
        return {AnswerState::Filtered, toString(failed.error), failed.kind};
    default:
        return {AnswerState::Failed, toString(failed.error), failed.kind};
    }
}

/// Adds what is known; unknown parts leave the sum unknown only if nothing is known.
std::optional<std::int64_t> sumOfKnown(std::initializer_list<std::optional<std::int64_t>> parts)
{
    std::optional<std::int64_t> sum;
    for (const auto& part : parts) {
        if (part)
            sum = sum.value_or(0) + *part;
    }
    return sum;
}

/// What the server did not count. Some state 0 where they do not count: no text takes no tokens.
void guessTokens(Answer& answer, const std::vector<Message>& messages, const ModelSpec& model,
                 const TokenMultiplier& tokenizer)
{
    if (answer.outputTokens.value_or(0) <= 0 && !answer.text.empty())
        answer.outputTokens.reset();
    if (answer.inputTokens.value_or(0) <= 0)
        answer.inputTokens.reset();
    if (!answer.outputTokens) {
        answer.outputTokens = guessedOutputTokens(answer.text, answer.reasoning, tokenizer);
        answer.tokensEstimated = true;
    }
    if (!answer.inputTokens) {
        answer.inputTokens = guessedInputTokens(messages, model.styleGuide, tokenizer);
        answer.tokensEstimated = true;
    }
}

} // namespace

bool hasAnswer(const Answer& answer)
{
    return answer.state != AnswerState::Failed && answer.state != AnswerState::Stopped;
}

bool isTurnedAway(FailureKind kind)
{
    switch (kind) {
    case FailureKind::Connect:
    case FailureKind::NameUnknown:
    case FailureKind::Untrusted:
    case FailureKind::ConnectTimeout:
    case FailureKind::RateLimit:
    case FailureKind::QuotaUsedUp:
    case FailureKind::Auth:
    case FailureKind::NotFound:
    case FailureKind::BadRequest:
    case FailureKind::ServerError:
    case FailureKind::Redirect:
    case FailureKind::KeyMissing:
        return true;
    case FailureKind::NoBeginning:
    case FailureKind::Stalled:
    case FailureKind::Timeout:
    case FailureKind::Protocol:
    case FailureKind::Truncated:
    case FailureKind::ContentFilter:
    case FailureKind::TooLarge:
    case FailureKind::Cancelled:
        return false;
    }
    return false;
}

std::int64_t estimatedTokens(const std::vector<Message>& messages)
{
    std::size_t characters = 0;
    for (const Message& message : messages)
        characters += codePointCount(message.text);
    return static_cast<std::int64_t>((characters + 3) / 4);
}

std::optional<Money> costOf(const Answer& answer, const ModelSpec& model)
{
    if (!model.price || !answer.inputTokens || !answer.outputTokens)
        return std::nullopt;
    return model.price->inputPerToken * *answer.inputTokens +
           model.price->outputPerToken * *answer.outputTokens;
}

CellAttempt::News CellAttempt::take(const std::vector<TimedEvent>& events)
{
    News news;
    // Rate limits and server times are no part of a cell.
    static_assert(std::variant_size_v<StreamEvent> == 11,
                  "say what a cell does with the new event");
    for (const TimedEvent& timed : events) {
        if (const auto* started = std::get_if<StreamStarted>(&timed.event)) {
            m_servedModel = started->servedModel;
            news.servedModel = m_servedModel;
        } else if (const auto* delta = std::get_if<TextDelta>(&timed.event)) {
            news.text += delta->text;
        } else if (const auto* reasoning = std::get_if<ReasoningDelta>(&timed.event)) {
            news.reasoning += reasoning->text;
            news.status = "thinking";
        } else if (const auto* usage = std::get_if<UsageReport>(&timed.event)) {
            m_usage = *usage;
        } else if (const auto* retry = std::get_if<StreamRetrying>(&timed.event)) {
            m_retries.push_back({retry->waitMs, retry->reason});
            if (!retry->droppedParameter.empty())
                m_dropped.push_back(retry->droppedParameter);
            news.status = "trying again in " + std::to_string((retry->waitMs + 500) / 1000) +
                          " s: " + retry->reason;
        } else if (const auto* adjusted = std::get_if<StreamAdjusted>(&timed.event)) {
            m_dropped.push_back(adjusted->parameter);
        } else if (const auto* finished = std::get_if<StreamFinished>(&timed.event)) {
            m_finishReason = finished->raw;
            news.end = endOf(*finished);
        } else if (const auto* failed = std::get_if<StreamFailed>(&timed.event)) {
            news.end = endOf(*failed);
            news.failed = *failed;
        }
    }
    return news;
}

Answer CellAttempt::answer(Answer answer, const AnswerEnd& end, const LabPrompt& prompt,
                           const ModelSpec& model, const TokenMultiplier& tokenizer) const
{
    answer.state = end.state;
    answer.failure = end.failure;
    answer.failureKind = end.kind;
    answer.recordedAtMs = systemClock().unixMs();
    answer.servedModel = m_servedModel;
    answer.firstTokenMs = m_times.firstTextMs;
    answer.totalMs = m_times.endMs;
    answer.inputTokens = sumOfKnown({m_usage.inputUncached, m_usage.cacheRead, m_usage.cacheWrite});
    answer.outputTokens = m_usage.output;
    answer.cost = m_usage.statedCost;
    answer.costStated = m_usage.statedCost.has_value();
    if (m_course)
        answer = m_course->applied(std::move(answer));
    if (hasAnswer(answer)) {
        guessTokens(answer, prompt.messages, model, tokenizer);
        if (prompt.outcome)
            answer.satisfied = prompt.outcome(answer.text);
    }
    if (!answer.cost && !m_course)
        answer.cost = costOf(answer, model);
    return answer;
}

StoredAnswer CellAttempt::stored(const Answer& answer) const
{
    StoredAnswer stored = storedAnswerOf(answer);
    stored.ticket = m_ticket;
    stored.finishReason = m_finishReason;
    stored.times = {m_times.headersMs,   m_times.firstEventMs, m_times.firstReasoningMs,
                    m_times.firstTextMs, m_times.endMs,        m_times.connectMs};
    if (m_usage.inputUncached || m_usage.cacheRead || m_usage.cacheWrite) {
        stored.usage.inputUncached = m_usage.inputUncached;
        stored.usage.cacheRead = m_usage.cacheRead;
        stored.usage.cacheWrite = m_usage.cacheWrite;
    }
    stored.usage.reasoning = m_usage.reasoning;
    stored.retries = m_retries;
    stored.droppedParameters = m_dropped;
    return stored;
}

} // namespace signalbox
