// SPDX-License-Identifier: Apache-2.0
#include "plan_runner.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace signalbox {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kLongestWaitMs = 1e12; // 30 years

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
    addStep(plan, -1, models);
    m_modelCount = static_cast<int>(models.size());
}

void PlanRunner::addStep(const Plan& plan, int parent, std::vector<const ModelId*>& models)
{
    if (const auto* split = std::get_if<Split>(&plan.node)) {
        const auto heaviest = std::ranges::max_element(split->arms, {}, &Arm::weight);
        if (heaviest != split->arms.end())
            addStep(heaviest->plan, parent, models);
        return;
    }
    const std::size_t index = m_steps.size();
    m_steps.emplace_back();
    m_steps[index].parent = parent;
    if (const auto* call = std::get_if<Call>(&plan.node)) {
        m_steps[index].call = call;
        const auto known = std::ranges::find_if(
            models, [&](const ModelId* model) { return *model == call->model; });
        m_steps[index].model = static_cast<int>(known - models.begin());
        if (known == models.end())
            models.push_back(&call->model);
    } else {
        const auto& chain = std::get<Chain>(plan.node);
        m_steps[index].chain = &chain;
        for (const AttemptFailure failure : chain.on)
            m_steps[index].goOn |= bitOf(failure);
        for (const Plan& step : chain.steps)
            addStep(step, static_cast<int>(index), models);
    }
    m_steps[index].end = static_cast<int>(m_steps.size());
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
        deliver(attempt);
    return m_commands;
}

std::span<const PlanRunner::Command> PlanRunner::onFinished(int attempt, double nowMs)
{
    begin(nowMs, Due::Before);
    if (isRunning(attempt))
        deliver(attempt);
    if (attempt == m_delivered && attempt >= 0 && !m_isSettled)
        settle(std::nullopt);
    return m_commands;
}

std::span<const PlanRunner::Command> PlanRunner::onFailed(int attempt, AttemptFailure failure,
                                                          double nowMs)
{
    begin(nowMs, Due::Before);
    if (isRunning(attempt)) {
        m_attempts[at(attempt)].state = AttemptState::Over;
        attemptFailed(m_attempts[at(attempt)].step, failure, nowMs);
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
        if (step.chain ? step.state == StepState::Running : step.state == StepState::Waiting)
            next = std::min(next, step.dueMs);
    }
    for (const Attempt& attempt : m_attempts) {
        if (attempt.state == AttemptState::Running)
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
            return candidate.chain && candidate.state == StepState::Running &&
                   candidate.dueMs == next;
        });
        if (step != m_steps.end()) {
            overrunDeadline(static_cast<int>(step - m_steps.begin()), nowMs);
            continue;
        }
        const auto attempt = std::ranges::find_if(m_attempts, [&](const Attempt& candidate) {
            return candidate.state == AttemptState::Running &&
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
    step.dueMs = dueAfter(nowMs, step.chain->deadlineMs);
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
    m_commands.push_back({AttemptCommand::Kind::Start, static_cast<int>(m_attempts.size()),
                          step.call, step.model, std::nullopt});
    m_attempts.push_back({call, AttemptState::Running, dueAfter(nowMs, step.call->firstTokenMs),
                          dueAfter(nowMs, step.call->totalMs)});
}

void PlanRunner::overrunFirstToken(int attempt, double nowMs)
{
    const int call = m_attempts[at(attempt)].step;
    Step& step = m_steps[at(call)];
    if (step.parent < 0 || m_steps[at(step.parent)].chain->mode == ChainMode::Cancel) {
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
    cancel(attempt, AttemptFailure::Timeout);
    if (wasDelivered)
        settle(AttemptFailure::Timeout);
    else
        attemptFailed(m_attempts[at(attempt)].step, AttemptFailure::Timeout, nowMs);
}

void PlanRunner::overrunDeadline(int chain, double nowMs)
{
    const int end = m_steps[at(chain)].end;
    for (std::size_t i = 0; i < m_attempts.size(); ++i) {
        if (m_attempts[i].state == AttemptState::Running && m_attempts[i].step > chain &&
            m_attempts[i].step < end)
            cancel(static_cast<int>(i), AttemptFailure::Timeout);
    }
    for (int i = chain + 1; i < end; ++i)
        m_steps[at(i)].state = StepState::Over;
    stepFailed(chain, AttemptFailure::Timeout, nowMs);
}

void PlanRunner::attemptFailed(int call, AttemptFailure failure, double nowMs)
{
    Step& step = m_steps[at(call)];
    const Retry& retry = step.call->retry;
    if (failure == AttemptFailure::Timeout || step.retries >= retry.count)
        return stepFailed(call, failure, nowMs);
    const double wait = std::min(
        std::round(retry.backoffMs * std::pow(retry.multiplier, step.retries)), kLongestWaitMs);
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

void PlanRunner::deliver(int attempt)
{
    m_attempts[at(attempt)].state = AttemptState::Delivered;
    m_delivered = attempt;
    m_commands.push_back({AttemptCommand::Kind::Deliver, attempt, nullptr, 0, std::nullopt});
    for (std::size_t i = 0; i < m_attempts.size(); ++i) {
        if (m_attempts[i].state == AttemptState::Running)
            cancel(static_cast<int>(i), std::nullopt);
    }
}

void PlanRunner::cancel(int attempt, std::optional<AttemptFailure> failure)
{
    m_attempts[at(attempt)].state = AttemptState::Over;
    m_commands.push_back({AttemptCommand::Kind::Cancel, attempt, nullptr, 0, failure});
}

void PlanRunner::settle(std::optional<AttemptFailure> failure)
{
    m_isSettled = true;
    if (failure)
        m_commands.push_back({AttemptCommand::Kind::Fail, static_cast<int>(m_attempts.size()) - 1,
                              nullptr, 0, failure});
}

bool PlanRunner::isRunning(int attempt) const
{
    return !m_isSettled && m_delivered < 0 && attempt >= 0 && at(attempt) < m_attempts.size() &&
           m_attempts[at(attempt)].state == AttemptState::Running;
}

} // namespace signalbox
