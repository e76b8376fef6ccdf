// SPDX-License-Identifier: GPL-3.0-or-later
// The calls of a plan: how each is sent or taken, what comes of it, and how it is stopped.
#include "call_pacing.h"
#include "cell_attempt.h"
#include "lab_request.h"
#include "plan_hop.h"
#include "plan_stream.h"
#include "plan_words.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr double kNsPerMs = 1e6;

} // namespace

void PlanStream::begin(int attempt, const Call& call)
{
    auto hop = std::make_unique<Hop>();
    hop->attempt = attempt;
    hop->call = &call;
    hop->model = m_task.policy->policy().findModel(call.model);
    hop->record.model = call.model;
    if (hop->model)
        hop->request =
            callRequest(*m_task.plan, *hop->model, m_task.prompt, m_task.sample, call.overrides);
    m_attempts.push_back(hop.get());
    m_hops.push_back(std::move(hop));
    admit(*m_hops.back());
}

/// Sends the call, or takes what it would give, or holds it as long as the clock can stand.
void PlanStream::admit(Hop& hop)
{
    hop.isHeld = false;
    hop.record.startMs = hop.lastMs = std::max(m_clock.lastMs(), m_clock.nowMs());
    if (!hop.model) {
        StreamFailed failed;
        failed.error = {ErrorCode::NotFound, "the policy has no such model", {}, {}};
        put(hop, hop.record.startMs, failed);
        return;
    }
    const bool mayWait = m_clock.canStand() && !hop.isBeside;
    const Permission permission = m_task.askLeave(*hop.model, hop.request, mayWait);
    switch (permission.kind) {
    case Permission::Kind::Wait:
        if (mayWait)
            m_clock.endRest(told()); // the clock stands
        hop.isBeside = !mayWait;
        hop.isHeld = true;
        hop.waitsFor = permission.waitsFor;
        return;
    case Permission::Kind::Take:
        return take(hop, *permission.answer);
    case Permission::Kind::Send:
        return send(hop);
    }
}

/// What was left beside a call, once that is over and everything that it said was looked at.
void PlanStream::admitLeftAlone()
{
    if (m_isOver || !m_clock.canStand() || !m_due.empty())
        return;
    for (const auto& hop : m_hops) {
        if (hop->isHeld && std::exchange(hop->isBeside, false))
            admit(*hop);
    }
}

void PlanStream::take(Hop& hop, const Answer& answer)
{
    hop.record.isReused = true;
    if (answer.model != hop.record.model)
        hop.record.takenFrom = answer.model;
    hop.answer = answer;
    if (answer.reused || !answer.cost)
        hop.answer.cost = costOf(answer, *hop.model); // taken from the store it cost nothing there
    hop.answer.text.clear();                          // it comes by its times
    hop.answer.reasoning.clear();
    const double firstMs = hop.record.startMs + answer.firstTokenMs.value_or(0);
    const double endMs =
        hop.record.startMs + std::max(answer.totalMs.value_or(0), answer.firstTokenMs.value_or(0));
    if (!answer.servedModel.empty())
        put(hop, firstMs, StreamStarted{{}, answer.servedModel});
    if (!answer.reasoning.empty())
        put(hop, firstMs, ReasoningDelta{answer.reasoning});
    if (!answer.text.empty())
        put(hop, firstMs, TextDelta{answer.text});
    put(hop, endMs, StreamFinished{reasonOf(answer.state), {}});
}

void PlanStream::send(Hop& hop)
{
    ChatProvider* const provider = m_task.providers->find(hop.model->provider);
    if (!provider) {
        StreamFailed failed;
        failed.kind = FailureKind::NotFound;
        failed.error = {ErrorCode::NotFound,
                        "no provider named \"" + hop.model->provider + "\" is known",
                        {},
                        {}};
        put(hop, hop.record.startMs, failed);
        return;
    }
    hop.account = accountOf(*hop.model);
    if (hop.account)
        hop.number = m_limiter->begin({*hop.account, hop.model->upstreamModel,
                                       estimatedTokens(hop.request.messages),
                                       hop.request.maxTokens.value_or(0)});
    hop.wasSent = true;
    m_clock.noteBegun();
    hop.startNs = m_clock.computerNs();
    hop.stream = provider->start(hop.request);
    connect(hop.stream.get(), &ChatStream::eventsArrived, this,
            [this, &hop](const std::vector<TimedEvent>& events) { receive(hop, events); });
}

void PlanStream::receive(Hop& hop, const std::vector<TimedEvent>& events)
{
    noteCall(*m_limiter, hop.number, events);
    bool isEnd = false;
    for (const TimedEvent& timed : events) {
        const std::int64_t atNs = timed.atNs > hop.startNs ? timed.atNs : m_clock.computerNs();
        put(hop, hop.record.startMs + static_cast<double>(atNs - hop.startNs) / kNsPerMs,
            timed.event);
        isEnd = isEnd || std::holds_alternative<StreamFinished>(timed.event) ||
                std::holds_alternative<StreamFailed>(timed.event);
    }
    if (isEnd) {
        hop.said.setTimes(hop.stream->times());
        hop.number = 0;
        letGo(hop);
    }
    go();
}

void PlanStream::put(Hop& hop, double atMs, StreamEvent event)
{
    hop.lastMs = std::max({hop.lastMs, m_clock.lastMs(), atMs});
    const auto later = std::ranges::upper_bound(m_due, hop.lastMs, {}, &Due::atMs);
    m_due.insert(later, {hop.lastMs, &hop, {0, std::move(event)}});
}

TokenMultiplier PlanStream::tokenizerOf(const Hop& hop) const
{
    return signalbox::tokenizerOf(m_task.plan->tokenizers, hop.model->id);
}

/// Of an attempt that is stopped or not wanted any more, with the verifier that reads it.
void PlanStream::giveUp(Hop& hop, PolicyHop::End how)
{
    for (const auto& other : m_hops) {
        if (other->record.isVerifier && !other->isOver && other->attempt == hop.attempt &&
            other.get() != &hop)
            giveUp(*other, how);
    }
    const bool wasWritten = std::exchange(hop.isOver, true);
    hop.record.end = how;
    if (wasWritten) {
        letGo(hop);
        return;
    }
    const bool wasHeld = std::exchange(hop.isHeld, false);
    hop.record.endMs = m_clock.lastMs();
    if (wasHeld && hop.isBeside)
        hop.record.reason = "held back by a cap of the run";
    else if (how == PolicyHop::End::Overrun)
        hop.record.reason = overrunText(hop);
    noteBilledUntilNow(hop);
    letGo(hop);
}

/// Of a call that is stopped: what it read and wrote until then is billed, and nobody says how much
/// that was. A real server that had ended before nobody has stopped: what it said counts.
void PlanStream::noteBilledUntilNow(Hop& hop)
{
    std::optional<AnswerEnd> end;
    const Answer shown = hop.answer;
    if (hop.isReal() && !hop.stream)
        end = takeRest(hop);
    if (!end && (hop.wasSent || hop.record.isReused))
        hop.guessCost(tokenizerOf(hop));
    hop.noteBilled(end ? end->kind : std::nullopt);
    hop.answer = shown; // as far as it was looked at
}

/// What has come of a call and was not looked at yet. @return its end, if that is among it
std::optional<AnswerEnd> PlanStream::takeRest(Hop& hop)
{
    std::optional<AnswerEnd> end;
    for (const Due& due : m_due) {
        if (due.hop != &hop)
            continue;
        const CellAttempt::News news = hop.said.take({due.event});
        hop.answer.text += news.text;
        hop.answer.reasoning += news.reasoning;
        if (news.end)
            end = news.end;
    }
    if (end)
        hop.answer = hop.answerAt(*end, tokenizerOf(hop));
    return end;
}

/// Outside of its own signals.
void PlanStream::letGo(Hop& hop)
{
    if (hop.number != 0)
        m_limiter->noteGivenUp(std::exchange(hop.number, 0));
    if (!hop.stream)
        return;
    hop.stream->disconnect();
    hop.stream.release()->deleteLater();
    m_clock.noteEnded(told());
}

} // namespace signalbox
