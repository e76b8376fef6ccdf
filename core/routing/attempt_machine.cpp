// SPDX-License-Identifier: Apache-2.0
#include "attempt_machine.h"

#include "plan_runner.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

namespace signalbox {

struct AttemptMachine::Impl
{
    explicit Impl(Plan source) : plan(std::move(source)), runner(plan) {}

    Plan plan;
    PlanRunner runner;

    std::vector<AttemptCommand> toCommands(std::span<const PlanRunner::Command> made) const
    {
        std::vector<AttemptCommand> commands;
        commands.reserve(made.size() + 1);
        for (const PlanRunner::Command& command : made)
            commands.push_back(
                {command.kind, command.attempt, command.call ? command.call->model : ModelId(), 0,
                 command.failure.value_or(AttemptFailure::Timeout), command.call, command.accept,
                 command.kind == AttemptCommand::Kind::Cancel && command.failure.has_value()});
        if (const double next = runner.nextTimerMs(); std::isfinite(next))
            commands.push_back({AttemptCommand::Kind::WakeAt,
                                -1,
                                {},
                                static_cast<std::int64_t>(next),
                                AttemptFailure::Timeout,
                                nullptr,
                                nullptr});
        return commands;
    }
};

AttemptMachine::AttemptMachine(Plan plan) : m_impl(std::make_unique<Impl>(std::move(plan))) {}
AttemptMachine::~AttemptMachine() = default;
AttemptMachine::AttemptMachine(AttemptMachine&&) noexcept = default;
AttemptMachine& AttemptMachine::operator=(AttemptMachine&&) noexcept = default;

std::vector<AttemptCommand> AttemptMachine::start()
{
    return m_impl->toCommands(m_impl->runner.start());
}

std::vector<AttemptCommand> AttemptMachine::onFirstToken(int attempt, std::int64_t nowMs)
{
    return m_impl->toCommands(m_impl->runner.onFirstToken(attempt, static_cast<double>(nowMs)));
}

std::vector<AttemptCommand> AttemptMachine::onFinished(int attempt, std::int64_t nowMs)
{
    return m_impl->toCommands(m_impl->runner.onFinished(attempt, static_cast<double>(nowMs)));
}

std::vector<AttemptCommand> AttemptMachine::onFailed(int attempt, AttemptFailure failure,
                                                     std::int64_t nowMs)
{
    return m_impl->toCommands(
        m_impl->runner.onFailed(attempt, failure, static_cast<double>(nowMs)));
}

std::vector<AttemptCommand> AttemptMachine::onChecked(int attempt, bool isAccepted,
                                                      std::int64_t nowMs)
{
    return m_impl->toCommands(
        m_impl->runner.onChecked(attempt, isAccepted, static_cast<double>(nowMs)));
}

std::vector<AttemptCommand> AttemptMachine::tick(std::int64_t nowMs)
{
    return m_impl->toCommands(m_impl->runner.tick(static_cast<double>(nowMs)));
}

bool AttemptMachine::isSettled() const
{
    return m_impl->runner.isSettled();
}

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kLongestWaitMs = 1e12; // 30 years

/// Times before 0 and no numbers at all are not for an event queue.
double usableMs(double ms)
{
    return ms >= 0 ? ms : std::isnan(ms) ? kNever : 0;
}

/// A call whose first attempt answers within its budgets, which is nearly every call: the course
/// itself is the outcome. False if it needs the machine.
bool isAnsweredAtOnce(const Call& call, const SimulatedAttempt& course)
{
    return !course.failure && std::isfinite(course.totalMs) && course.firstTokenMs >= 0 &&
           course.totalMs >= course.firstTokenMs &&
           course.firstTokenMs <= call.firstTokenMs.value_or(std::numeric_limits<int>::max()) &&
           course.totalMs <= call.totalMs.value_or(std::numeric_limits<int>::max());
}

void setAnsweredAtOnce(PlanOutcome& outcome, const Call& call, const SimulatedAttempt& course)
{
    outcome.answered = true;
    outcome.servedBy = call.model;
    outcome.firstTokenMs = course.firstTokenMs;
    outcome.totalMs = course.totalMs;
    outcome.attempts.resize(1);
    AttemptRecord& record = outcome.attempts.front();
    record.model = call.model;
    record.modelAttempt = 0;
    record.startMs = 0;
    record.endMs = course.totalMs;
    record.delivered = true;
    record.cancelled = false;
    record.failure.reset();
    record.accepted.reset();
    record.call = &call;
    record.accept = nullptr;
}

} // namespace

double backoffMs(const Retry& retry, int retries)
{
    return std::min(std::round(retry.backoffMs * std::pow(retry.multiplier, retries)),
                    kLongestWaitMs);
}

struct PlanSimulator::Impl
{
    /// What an attempt does next of itself.
    struct Course
    {
        double nextMs = kNever;
        double finishMs = kNever;
        std::optional<AttemptFailure> failure;
        double checkMs = 0;
        bool isAccepted = true;
        enum class Next : std::uint8_t { FirstToken, Finish, Verdict } next = Next::FirstToken;
    };

    explicit Impl(const Plan& source) : plan(source), runner(source) {}

    void run(const AttemptSource& attemptOf, const SimulatedAttempt* firstCourse);

    const Plan& plan;
    PlanRunner runner;
    PlanOutcome outcome;
    std::vector<Course> courses;      ///< per attempt
    std::vector<int> tried;           ///< attempts per model of the plan
    std::vector<AttemptRecord> spare; ///< of earlier runs, for the memory of their names

private:
    void carryOut(std::span<const PlanRunner::Command> commands, double nowMs);
    void begin(const PlanRunner::Command& command, double nowMs);
    void setAnswered(const AttemptRecord& record, double nowMs);

    const AttemptSource* m_attemptOf = nullptr;
    const SimulatedAttempt* m_firstCourse = nullptr; ///< of attempt 0, if it was asked for already
};

void PlanSimulator::Impl::run(const AttemptSource& attemptOf, const SimulatedAttempt* firstCourse)
{
    m_attemptOf = &attemptOf;
    m_firstCourse = firstCourse;
    courses.clear();
    tried.assign(static_cast<std::size_t>(runner.modelCount()), 0);
    outcome.answered = false;
    outcome.servedBy.value.clear();
    outcome.firstTokenMs = kNever;
    outcome.totalMs = kNever;
    std::ranges::move(outcome.attempts, std::back_inserter(spare));
    outcome.attempts.clear();

    carryOut(runner.start(), 0);
    while (!runner.isSettled()) {
        const auto next = std::ranges::min_element(courses, {}, &Course::nextMs);
        const double eventMs = next == courses.end() ? kNever : next->nextMs;
        const double timerMs = runner.nextTimerMs();
        if (eventMs == kNever && timerMs == kNever)
            return; // nothing will ever happen: an attempt hangs, and no budget bounds it
        if (timerMs < eventMs) {
            carryOut(runner.tick(timerMs), timerMs);
            continue;
        }
        const int attempt = static_cast<int>(next - courses.begin());
        AttemptRecord& record = outcome.attempts[static_cast<std::size_t>(attempt)];
        if (next->failure) {
            record.failure = next->failure;
            record.endMs = eventMs;
            next->nextMs = kNever;
            carryOut(runner.onFailed(attempt, *record.failure, eventMs), eventMs);
        } else if (next->next == Course::Next::FirstToken) {
            next->next = Course::Next::Finish;
            next->nextMs = next->finishMs;
            carryOut(runner.onFirstToken(attempt, eventMs), eventMs);
        } else if (next->next == Course::Next::Finish) {
            next->next = Course::Next::Verdict;
            next->nextMs = kNever;
            record.endMs = eventMs;
            if (record.delivered)
                setAnswered(record, eventMs);
            carryOut(runner.onFinished(attempt, eventMs), eventMs);
        } else {
            next->nextMs = kNever;
            record.accepted = next->isAccepted;
            carryOut(runner.onChecked(attempt, next->isAccepted, eventMs), eventMs);
        }
    }
}

void PlanSimulator::Impl::setAnswered(const AttemptRecord& record, double nowMs)
{
    outcome.answered = true;
    outcome.servedBy = record.model;
    outcome.totalMs = nowMs;
}

void PlanSimulator::Impl::carryOut(std::span<const PlanRunner::Command> commands, double nowMs)
{
    for (const PlanRunner::Command& command : commands) {
        const auto attempt = static_cast<std::size_t>(command.attempt);
        switch (command.kind) {
        case AttemptCommand::Kind::Start:
            begin(command, nowMs);
            break;
        case AttemptCommand::Kind::Cancel:
            courses[attempt].nextMs = kNever;
            if (courses[attempt].next == Course::Next::Verdict)
                break; // it is written, only its check is given up
            outcome.attempts[attempt].endMs = nowMs;
            outcome.attempts[attempt].cancelled = true;
            outcome.attempts[attempt].failure = command.failure;
            break;
        case AttemptCommand::Kind::Check:
            courses[attempt].nextMs = nowMs + courses[attempt].checkMs;
            break;
        case AttemptCommand::Kind::Deliver:
            outcome.attempts[attempt].delivered = true;
            outcome.firstTokenMs = nowMs;
            if (courses[attempt].next == Course::Next::Verdict) {
                courses[attempt].nextMs = kNever;
                setAnswered(outcome.attempts[attempt], nowMs);
            }
            break;
        case AttemptCommand::Kind::Fail:
            outcome.firstTokenMs = std::min(outcome.firstTokenMs, nowMs);
            outcome.totalMs = nowMs;
            break;
        case AttemptCommand::Kind::WakeAt:
            break; // the loop asks the runner itself
        }
    }
}

void PlanSimulator::Impl::begin(const PlanRunner::Command& command, double nowMs)
{
    const int nth = tried[static_cast<std::size_t>(command.model)]++;
    const SimulatedAttempt drawn = m_firstCourse && courses.empty()
                                       ? *m_firstCourse
                                       : (*m_attemptOf)({*command.call, nth, command.accept});
    const double firstMs = usableMs(drawn.firstTokenMs);
    courses.push_back({nowMs + firstMs, nowMs + std::max(firstMs, usableMs(drawn.totalMs)),
                       drawn.failure, usableMs(drawn.checkMs), drawn.isAccepted,
                       Course::Next::FirstToken});
    AttemptRecord record;
    if (!spare.empty()) {
        record = std::move(spare.back());
        spare.pop_back();
    }
    record.model = command.call->model;
    record.modelAttempt = nth;
    record.startMs = nowMs;
    record.endMs = kNever;
    record.delivered = false;
    record.cancelled = false;
    record.failure.reset();
    record.accepted.reset();
    record.call = command.call;
    record.accept = command.accept;
    outcome.attempts.push_back(std::move(record));
}

PlanSimulator::PlanSimulator(const Plan& plan) : m_impl(std::make_unique<Impl>(plan)) {}
PlanSimulator::~PlanSimulator() = default;
PlanSimulator::PlanSimulator(PlanSimulator&&) noexcept = default;
PlanSimulator& PlanSimulator::operator=(PlanSimulator&&) noexcept = default;

const PlanOutcome& PlanSimulator::run(const AttemptSource& attemptOf)
{
    if (const auto* call = std::get_if<Call>(&m_impl->plan.node)) {
        const SimulatedAttempt course = attemptOf({*call, 0, nullptr});
        if (isAnsweredAtOnce(*call, course))
            setAnsweredAtOnce(m_impl->outcome, *call, course);
        else
            m_impl->run(attemptOf, &course);
    } else {
        m_impl->run(attemptOf, nullptr);
    }
    return m_impl->outcome;
}

PlanOutcome simulatePlan(const Plan& plan, const AttemptSource& attemptOf)
{
    if (const auto* call = std::get_if<Call>(&plan.node)) {
        const SimulatedAttempt course = attemptOf({*call, 0, nullptr});
        if (isAnsweredAtOnce(*call, course)) {
            PlanOutcome outcome;
            setAnsweredAtOnce(outcome, *call, course);
            return outcome;
        }
        PlanSimulator simulator(plan);
        bool isFirst = true;
        return simulator.run([&](const AttemptAsked& asked) {
            return std::exchange(isFirst, false) ? course : attemptOf(asked);
        });
    }
    PlanSimulator simulator(plan);
    return simulator.run(attemptOf);
}

} // namespace signalbox
