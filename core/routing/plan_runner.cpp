// SPDX-License-Identifier: Apache-2.0
#include "plan_runner.h"

#include <algorithm>
#include <limits>

namespace signalbox {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

double dueAfter(double nowMs, const std::optional<int>& budgetMs)
{
    return budgetMs ? nowMs + *budgetMs : kNever;
}

unsigned bitOf(AttemptFailure failure)
{
    return 1U << static_cast<unsigned>(failure);
}

std::size_t at(int index)
{
    return static_cast<std::size_t>(index);
}

} // namespace

PlanRunner::PlanRunner(const Plan& plan)
{
    std::vector<const ModelId*> models;
    addStep(plan, -1, -1, models);
    m_modelCount = static_cast<int>(models.size());
}

void PlanRunner::addStep(const Plan& plan, int parent, int holder,
                         std::vector<const ModelId*>& models)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "run the new plan");
    if (const auto* call = std::get_if<Call>(&plan.node))
        return addCall(*call, parent, holder, models);
    if (const auto* split = std::get_if<Split>(&plan.node)) {
        const auto heaviest = std::ranges::max_element(split->arms, {}, &Arm::weight);
        if (heaviest != split->arms.end())
            addStep(heaviest->plan, parent, holder, models);
        return;
    }
    if (const auto* pool = std::get_if<Pool>(&plan.node)) {
        if (!pool->members.empty())
            addCall(pool->members.front(), parent, holder, models);
        return;
    }
    const std::size_t index = m_steps.size();
    m_steps.emplace_back();
    m_steps[index].parent = parent;
    m_steps[index].holder = holder;
    if (const auto* chain = std::get_if<Chain>(&plan.node)) {
        m_steps[index].chain = chain;
        for (const AttemptFailure failure : chain->on)
            m_steps[index].goOn |= bitOf(failure);
        for (const Plan& step : chain->steps)
            addStep(step, static_cast<int>(index), holder, models);
    } else {
        const auto& cascade = std::get<Cascade>(plan.node);
        m_steps[index].cascade = &cascade;
        for (std::size_t i = 0; i < cascade.steps.size(); ++i) {
            const bool isLast = i + 1 == cascade.steps.size();
            addStep(cascade.steps[i], static_cast<int>(index),
                    isLast ? holder : static_cast<int>(index), models);
        }
    }
    m_steps[index].end = static_cast<int>(m_steps.size());
}

void PlanRunner::addCall(const Call& call, int parent, int holder,
                         std::vector<const ModelId*>& models)
{
    Step step;
    step.call = &call;
    step.parent = parent;
    step.holder = holder;
    const auto known =
        std::ranges::find_if(models, [&](const ModelId* model) { return *model == call.model; });
    step.model = static_cast<int>(known - models.begin());
    if (known == models.end())
        models.push_back(&call.model);
    m_steps.push_back(step);
    m_steps.back().end = static_cast<int>(m_steps.size());
}

std::span<const PlanRunner::Command> PlanRunner::start()
{
    m_commands.clear();
    m_attempts.clear();
    m_delivered = -1;
    m_isSettled = false;
    for (Step& step : m_steps)
        step.state = StepState::Idle;
    if (m_steps.empty())
        settle(AttemptFailure::BadAnswer);
    else
        startStep(0, 0);
    return m_commands;
}

std::span<const PlanRunner::Command> PlanRunner::onFirstToken(int attempt, double nowMs)
{
    begin(nowMs, Due::Before);
    if (isRunning(attempt))
        hold(attempt);
    return m_commands;
}

std::span<const PlanRunner::Command> PlanRunner::onFinished(int attempt, double nowMs)
{
    begin(nowMs, Due::Before);
    if (isRunning(attempt))
        hold(attempt);
    if (isIn(AttemptState::Held, attempt)) {
        Attempt& written = m_attempts[at(attempt)];
        written.state = AttemptState::Checking;
        const int holder = m_steps[at(written.step)].holder;
        m_commands.push_back({AttemptCommand::Kind::Check, attempt, nullptr,
                              &m_steps[at(holder)].cascade->accept, 0, std::nullopt});
    }
    if (attempt == m_delivered && attempt >= 0 && !m_isSettled)
        settle(std::nullopt);
    return m_commands;
}

std::span<const PlanRunner::Command> PlanRunner::onChecked(int attempt, bool isAccepted,
                                                           double nowMs)
{
    begin(nowMs, Due::Before);
    if (!isIn(AttemptState::Checking, attempt))
        return m_commands;
    if (isAccepted) {
        deliverWritten(attempt);
        return m_commands;
    }
    m_attempts[at(attempt)].state = AttemptState::Rejected;
    const int holder = m_steps[at(m_attempts[at(attempt)].step)].holder;
    stopInside(childAround(holder, m_attempts[at(attempt)].step), std::nullopt, attempt);
    startNext(holder, nowMs); // a step that is checked is never the last
    return m_commands;
}

std::span<const PlanRunner::Command> PlanRunner::onFailed(int attempt, AttemptFailure failure,
                                                          double nowMs)
{
    begin(nowMs, Due::Before);
    if (isRunning(attempt)) {
        m_attempts[at(attempt)].state = AttemptState::Over;
        attemptFailed(m_attempts[at(attempt)].step, failure, nowMs);
    } else if (isIn(AttemptState::Held, attempt)) {
        m_attempts[at(attempt)].state = AttemptState::Over;
        heldAttemptFailed(attempt, failure, nowMs);
    } else if (attempt == m_delivered && attempt >= 0 && !m_isSettled) {
        settle(failure); // the user has seen its beginning: nobody can take over
    }
    return m_commands;
}

std::span<const PlanRunner::Command> PlanRunner::tick(double nowMs)
{
    begin(nowMs, Due::BeforeOrAt);
    return m_commands;
}

double PlanRunner::nextTimerMs() const
{
    if (m_isSettled)
        return kNever;
    if (m_delivered >= 0)
        return m_attempts[at(m_delivered)].totalDueMs;
    double next = kNever;
    for (const Step& step : m_steps) {
        if (step.call ? step.state == StepState::Waiting : step.state == StepState::Running)
            next = std::min(next, step.dueMs);
    }
    for (const Attempt& attempt : m_attempts) {
        if (attempt.state == AttemptState::Running || attempt.state == AttemptState::Held)
            next = std::min({next, attempt.firstTokenDueMs, attempt.totalDueMs});
    }
    return next;
}

void PlanRunner::begin(double nowMs, Due due)
{
    m_commands.clear();
    fireTimers(nowMs, due);
}

// Budgets that ran out before an event count before it, however late the driver's own timer was.
// Of those that run out together an outer deadline comes first, or a step would start in vain.
void PlanRunner::fireTimers(double nowMs, Due due)
{
    for (;;) {
        const double next = nextTimerMs();
        if (next == kNever || (due == Due::Before ? next >= nowMs : next > nowMs))
            return;
        if (m_delivered >= 0) {
            overrunTotal(m_delivered, nowMs);
            return;
        }
        const auto step = std::ranges::find_if(m_steps, [&](const Step& candidate) {
            return !candidate.call && candidate.state == StepState::Running &&
                   candidate.dueMs == next;
        });
        if (step != m_steps.end()) {
            overrunDeadline(static_cast<int>(step - m_steps.begin()), nowMs);
            continue;
        }
        const auto attempt = std::ranges::find_if(m_attempts, [&](const Attempt& candidate) {
            return (candidate.state == AttemptState::Running ||
                    candidate.state == AttemptState::Held) &&
                   (candidate.totalDueMs == next || candidate.firstTokenDueMs == next);
        });
        if (attempt != m_attempts.end()) {
            const int index = static_cast<int>(attempt - m_attempts.begin());
            if (attempt->totalDueMs == next)
                overrunTotal(index, nowMs);
            else
                overrunFirstToken(index, nowMs);
            continue;
        }
        const auto waiting = std::ranges::find_if(m_steps, [&](const Step& candidate) {
            return candidate.state == StepState::Waiting && candidate.dueMs == next;
        });
        startAttempt(static_cast<int>(waiting - m_steps.begin()), nowMs);
    }
}

void PlanRunner::startStep(int index, double nowMs)
{
    Step& step = m_steps[at(index)];
    step.state = StepState::Running;
    step.retries = 0;
    step.handedOver = false;
    if (step.call)
        return startAttempt(index, nowMs);
    step.dueMs = dueAfter(nowMs, step.chain ? step.chain->deadlineMs : step.cascade->deadlineMs);
    step.nextChild = index + 1;
    step.alive = 0;
    step.isClosed = false;
    if (step.nextChild < step.end)
        startNext(index, nowMs);
    else
        stepFailed(index, AttemptFailure::BadAnswer, nowMs);
}

void PlanRunner::startNext(int chain, double nowMs)
{
    Step& step = m_steps[at(chain)];
    const int child = step.nextChild;
    step.nextChild = m_steps[at(child)].end;
    ++step.alive;
    startStep(child, nowMs);
}

void PlanRunner::startAttempt(int call, double nowMs)
{
    Step& step = m_steps[at(call)];
    step.state = StepState::Running;
    const Acceptance* accept =
        step.holder < 0 ? nullptr : &m_steps[at(step.holder)].cascade->accept;
    m_commands.push_back({AttemptCommand::Kind::Start, static_cast<int>(m_attempts.size()),
                          step.call, accept, step.model, std::nullopt});
    m_attempts.push_back({call, AttemptState::Running, dueAfter(nowMs, step.call->firstTokenMs),
                          dueAfter(nowMs, step.call->totalMs)});
}

void PlanRunner::overrunFirstToken(int attempt, double nowMs)
{
    const int call = m_attempts[at(attempt)].step;
    Step& step = m_steps[at(call)];
    const Chain* parent = step.parent < 0 ? nullptr : m_steps[at(step.parent)].chain;
    if (!parent || parent->mode == ChainMode::Cancel) {
        cancel(attempt, AttemptFailure::Timeout);
        attemptFailed(call, AttemptFailure::Timeout, nowMs);
        return;
    }
    m_attempts[at(attempt)].firstTokenDueMs = kNever; // it goes on
    const Step& chain = m_steps[at(step.parent)];
    const bool goesOn = (chain.goOn & bitOf(AttemptFailure::Timeout)) != 0;
    if (step.handedOver || !goesOn || chain.isClosed || chain.nextChild == chain.end)
        return;
    step.handedOver = true;
    startNext(step.parent, nowMs);
}

void PlanRunner::overrunTotal(int attempt, double nowMs)
{
    const bool wasDelivered = attempt == m_delivered;
    const bool wasHeld = isIn(AttemptState::Held, attempt);
    cancel(attempt, AttemptFailure::Timeout);
    if (wasDelivered)
        settle(AttemptFailure::Timeout);
    else if (wasHeld)
        heldAttemptFailed(attempt, AttemptFailure::Timeout, nowMs);
    else
        attemptFailed(m_attempts[at(attempt)].step, AttemptFailure::Timeout, nowMs);
}

void PlanRunner::overrunDeadline(int step, double nowMs)
{
    if (const int written = newestWritten(step); written >= 0)
        return deliverWritten(written);
    stopInside(step, AttemptFailure::Timeout, -1);
    stepFailed(step, AttemptFailure::Timeout, nowMs);
}

/// Ends a step with all that is inside of it and still runs.
/// @param failure  why, for the attempts that are cancelled
/// @param except   an attempt to leave as it is, or -1
void PlanRunner::stopInside(int step, std::optional<AttemptFailure> failure, int except)
{
    const int end = m_steps[at(step)].end;
    for (std::size_t i = 0; i < m_attempts.size(); ++i) {
        const Attempt& attempt = m_attempts[i];
        const bool isOpen = attempt.state == AttemptState::Running ||
                            attempt.state == AttemptState::Held ||
                            attempt.state == AttemptState::Checking;
        if (isOpen && attempt.step >= step && attempt.step < end && static_cast<int>(i) != except)
            cancel(static_cast<int>(i), failure);
    }
    for (int i = step; i < end; ++i)
        m_steps[at(i)].state = StepState::Over;
}

/// The newest answer inside of a step that is written and was not accepted (yet), or -1.
int PlanRunner::newestWritten(int step) const
{
    const int end = m_steps[at(step)].end;
    for (std::size_t i = m_attempts.size(); i-- > 0;) {
        const Attempt& attempt = m_attempts[i];
        const bool isWritten =
            attempt.state == AttemptState::Checking || attempt.state == AttemptState::Rejected;
        if (isWritten && attempt.step >= step && attempt.step < end)
            return static_cast<int>(i);
    }
    return -1;
}

/// The direct child of `parent` that `step` is, or is inside of.
int PlanRunner::childAround(int parent, int step) const
{
    int child = parent + 1;
    while (m_steps[at(child)].end <= step)
        child = m_steps[at(child)].end;
    return child;
}

void PlanRunner::attemptFailed(int call, AttemptFailure failure, double nowMs)
{
    Step& step = m_steps[at(call)];
    const Retry& retry = step.call->retry;
    if (failure == AttemptFailure::Timeout || step.retries >= retry.count)
        return stepFailed(call, failure, nowMs);
    const double wait = backoffMs(retry, step.retries);
    ++step.retries;
    if (!(wait > 0))
        return startAttempt(call, nowMs);
    step.state = StepState::Waiting;
    step.dueMs = nowMs + wait;
}

void PlanRunner::stepFailed(int index, AttemptFailure failure, double nowMs)
{
    m_steps[at(index)].state = StepState::Over;
    const int parent = m_steps[at(index)].parent;
    if (parent < 0)
        return settle(failure);
    if (m_steps[at(parent)].cascade)
        return cascadeStepOver(parent, failure, nowMs);
    Step& chain = m_steps[at(parent)];
    --chain.alive;
    if ((chain.goOn & bitOf(failure)) == 0)
        chain.isClosed = true;
    const bool wasLast = m_steps[at(index)].handedOver || chain.nextChild == chain.end;
    if (!chain.isClosed && !wasLast)
        startNext(parent, nowMs);
    else if (chain.alive == 0)
        stepFailed(parent, failure, nowMs);
}

/// A step of a cascade has no answer: the next one starts, whatever the failure.
void PlanRunner::cascadeStepOver(int cascade, AttemptFailure failure, double nowMs)
{
    const Step& step = m_steps[at(cascade)];
    if (step.nextChild < step.end)
        startNext(cascade, nowMs);
    else if (const int written = newestWritten(cascade); written >= 0)
        deliverWritten(written);
    else
        stepFailed(cascade, failure, nowMs);
}

/// An answer broke off while nobody had seen it: its step of the cascade is over, without retries,
/// since those are for calls that nothing came of.
void PlanRunner::heldAttemptFailed(int attempt, AttemptFailure failure, double nowMs)
{
    const int step = m_attempts[at(attempt)].step;
    const int holder = m_steps[at(step)].holder;
    stopInside(childAround(holder, step), std::nullopt, attempt);
    cascadeStepOver(holder, failure, nowMs);
}

/// The attempt has begun to answer. What a cascade checks is kept from the user until then.
void PlanRunner::hold(int attempt)
{
    Attempt& begun = m_attempts[at(attempt)];
    const int holder = m_steps[at(begun.step)].holder;
    if (holder < 0)
        return deliver(attempt);
    begun.state = AttemptState::Held;
    begun.firstTokenDueMs = kNever;
    // The first to begin is the answer of its step, as it would be of a whole plan.
    const int child = childAround(holder, begun.step);
    const int end = m_steps[at(child)].end;
    for (std::size_t i = 0; i < m_attempts.size(); ++i) {
        const Attempt& other = m_attempts[i];
        if (other.state == AttemptState::Running && other.step >= child && other.step < end)
            cancel(static_cast<int>(i), std::nullopt);
    }
    for (int i = child; i < end; ++i) {
        if (m_steps[at(i)].state == StepState::Waiting || !m_steps[at(i)].call)
            m_steps[at(i)].state = StepState::Over; // no retry and no deadline of a chain is left
    }
}

void PlanRunner::deliver(int attempt)
{
    m_attempts[at(attempt)].state = AttemptState::Delivered;
    m_delivered = attempt;
    m_commands.push_back(
        {AttemptCommand::Kind::Deliver, attempt, nullptr, nullptr, 0, std::nullopt});
    for (std::size_t i = 0; i < m_attempts.size(); ++i) {
        const AttemptState state = m_attempts[i].state;
        if (state == AttemptState::Running || state == AttemptState::Held ||
            state == AttemptState::Checking)
            cancel(static_cast<int>(i), std::nullopt);
    }
}

/// Delivers an answer that is written already.
void PlanRunner::deliverWritten(int attempt)
{
    deliver(attempt);
    settle(std::nullopt);
}

void PlanRunner::cancel(int attempt, std::optional<AttemptFailure> failure)
{
    m_attempts[at(attempt)].state = AttemptState::Over;
    m_commands.push_back({AttemptCommand::Kind::Cancel, attempt, nullptr, nullptr, 0, failure});
}

void PlanRunner::settle(std::optional<AttemptFailure> failure)
{
    m_isSettled = true;
    if (failure)
        m_commands.push_back({AttemptCommand::Kind::Fail, static_cast<int>(m_attempts.size()) - 1,
                              nullptr, nullptr, 0, failure});
}

bool PlanRunner::isIn(AttemptState state, int attempt) const
{
    return !m_isSettled && m_delivered < 0 && attempt >= 0 && at(attempt) < m_attempts.size() &&
           m_attempts[at(attempt)].state == state;
}

} // namespace signalbox
