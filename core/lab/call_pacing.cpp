// SPDX-License-Identifier: GPL-3.0-or-later
#include "call_pacing.h"

#include "cell_attempt.h"
#include "lab_request.h"
#include "conversation.h"
#include "run_forecast.h"

#include <core/providers/failures.h>

#include <algorithm>

namespace signalbox {

namespace {

constexpr int kMostRefusals = 10; ///< of one cell

} // namespace

CallPacing::CallPacing(const LabPlan& plan, RateLimiter& limiter)
    : m_plan(&plan), m_limiter(&limiter), m_jitter(plan.jitterSeed)
{
    for (const ModelSpec& model : plan.models)
        m_accounts.push_back(accountOf(model));
    for (const LabPrompt& prompt : plan.prompts)
        m_inputTokens.push_back(estimatedTokens(prompt.messages) +
                                static_cast<std::int64_t>(repliesNeeded(prompt.messages)) *
                                    kUsualOutputTokens);
}

PlannedCall CallPacing::plannedCall(const CellId& cell) const
{
    return {m_accounts[cell.model].value(), m_plan->models[cell.model].upstreamModel,
            m_inputTokens[cell.prompt],
            longestAnswer(*m_plan, m_plan->models[cell.model].id).value_or(0)};
}

std::optional<CallObstacle> CallPacing::obstacleTo(const CellId& cell) const
{
    if (!m_accounts[cell.model])
        return std::nullopt;
    return m_limiter->obstacleTo(plannedCall(cell), std::max(1, m_plan->inFlight));
}

std::optional<CallObstacle> CallPacing::obstacleTo(const ModelSpec& model) const
{
    const auto account = accountOf(model);
    if (!account)
        return std::nullopt;
    return m_limiter->obstacleTo(
        {*account, model.upstreamModel, 0, longestAnswer(*m_plan, model.id).value_or(0)},
        std::max(1, m_plan->inFlight));
}

CallNumber CallPacing::begin(const CellId& cell)
{
    return m_accounts[cell.model] ? m_limiter->begin(plannedCall(cell)) : 0;
}

void CallPacing::note(CallNumber call, const std::vector<TimedEvent>& events)
{
    noteCall(*m_limiter, call, events);
}

std::optional<CallPacing::Repetition> CallPacing::repetitionAfter(const StreamFailed& failed,
                                                                  Tries& tries)
{
    if (m_plan->retries <= 0 || !failed.isWorthRetrying)
        return std::nullopt;
    const bool isRefusal = failed.kind == FailureKind::RateLimit;
    int& count = isRefusal ? tries.refused : tries.failed;
    if (++count > (isRefusal ? std::max(kMostRefusals, m_plan->retries) : m_plan->retries))
        return std::nullopt;
    return Repetition{retryWaitMs(failed, count + 1, m_plan->firstBackoffMs, m_jitter.uniform()),
                      retryReason(failed)};
}

void noteCall(RateLimiter& limiter, CallNumber call, const std::vector<TimedEvent>& events)
{
    for (const TimedEvent& timed : events) {
        if (const auto* limits = std::get_if<RateLimits>(&timed.event))
            limiter.noteHeaders(call, *limits);
        else if (std::holds_alternative<StreamOpened>(timed.event))
            limiter.noteHeaders(call, {});
        else if (std::holds_alternative<StreamRetrying>(timed.event))
            limiter.noteRepeated(call);
        else if (std::holds_alternative<StreamFinished>(timed.event))
            limiter.noteEnd(call, {});
        else if (const auto* failed = std::get_if<StreamFailed>(&timed.event))
            limiter.noteEnd(call, callEndOf(*failed));
    }
}

std::string waitingText(std::int64_t waitMs, const std::string& reason)
{
    return "waiting " + waitText(waitMs) + ": " + reason;
}

} // namespace signalbox
