// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a plan is carried out as attempt_machine.h says, in every mode and under every budget;
// the machine of a router and the simulation are the same one.

#include <core/routing/attempt_machine.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <cmath>
#include <limits>
#include <map>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

const char* nameOf(AttemptFailure failure)
{
    switch (failure) {
    case AttemptFailure::Timeout:
        return "timeout";
    case AttemptFailure::RateLimit:
        return "rateLimit";
    case AttemptFailure::ServerError:
        return "serverError";
    case AttemptFailure::Connect:
        return "connect";
    case AttemptFailure::ContentFilter:
        return "contentFilter";
    case AttemptFailure::BadAnswer:
        return "badAnswer";
    }
    return "?";
}

QString number(double value)
{
    return std::isinf(value) ? QStringLiteral("never") : QString::number(value);
}

/// "cheap#0 0-500 stopped timeout | dear#0 500-1700 answered", then what the user saw.
QString describe(const PlanOutcome& outcome)
{
    QStringList attempts;
    for (const AttemptRecord& record : outcome.attempts) {
        QString text = QString::fromStdString(record.model.value) +
                       QStringLiteral("#%1 %2-%3")
                           .arg(QString::number(record.modelAttempt), number(record.startMs),
                                number(record.endMs));
        if (record.delivered)
            text += QStringLiteral(" answered");
        if (record.cancelled)
            text += QStringLiteral(" stopped");
        if (record.failure)
            text += QLatin1Char(' ') + QString::fromLatin1(nameOf(*record.failure));
        attempts << text;
    }
    return attempts.join(QStringLiteral(" | ")) +
           QStringLiteral(" => %1 first %2 total %3")
               .arg(outcome.answered ? QString::fromStdString(outcome.servedBy.value)
                                     : QStringLiteral("nobody"),
                    number(outcome.firstTokenMs), number(outcome.totalMs));
}

/// "start cheap as 0, wake at 500".
QString describe(const std::vector<AttemptCommand>& commands)
{
    QStringList texts;
    for (const AttemptCommand& command : commands) {
        switch (command.kind) {
        case AttemptCommand::Kind::Start:
            texts << QStringLiteral("start %1 as %2")
                         .arg(QString::fromStdString(command.model.value))
                         .arg(command.attempt);
            break;
        case AttemptCommand::Kind::Check:
            texts << QStringLiteral("check %1").arg(command.attempt);
            break;
        case AttemptCommand::Kind::Cancel:
            texts << QStringLiteral("cancel %1").arg(command.attempt);
            break;
        case AttemptCommand::Kind::WakeAt:
            texts << QStringLiteral("wake at %1").arg(command.atMs);
            break;
        case AttemptCommand::Kind::Deliver:
            texts << QStringLiteral("deliver %1").arg(command.attempt);
            break;
        case AttemptCommand::Kind::Fail:
            texts << QStringLiteral("fail %1").arg(QString::fromLatin1(nameOf(command.failure)));
            break;
        }
    }
    return texts.join(QStringLiteral(", "));
}

SimulatedAttempt answers(double firstTokenMs, double totalMs)
{
    return {std::nullopt, firstTokenMs, totalMs};
}

SimulatedAttempt fails(AttemptFailure failure, double afterMs)
{
    return {failure, afterMs, afterMs};
}

/// An answer that a cascade's test lets pass, or does not, after a while.
SimulatedAttempt checked(bool isAccepted, double firstTokenMs, double totalMs, double checkMs = 0)
{
    return {std::nullopt, firstTokenMs, totalMs, isAccepted, checkMs};
}

Plan cascade(std::vector<Plan> steps, std::optional<int> deadlineMs = {})
{
    Cascade made;
    made.steps = std::move(steps);
    made.deadlineMs = deadlineMs;
    made.accept.minWords = 1;
    return {std::move(made)};
}

/// Per model, the course of each attempt; the last one repeats.
using Courses = std::map<std::string, std::vector<SimulatedAttempt>>;

AttemptSource sourceOf(const Courses& courses)
{
    return [courses](const AttemptAsked& asked) {
        const auto& all = courses.at(asked.call.model.value);
        return all[std::min(static_cast<std::size_t>(asked.nth), all.size() - 1)];
    };
}

Plan withOn(Plan plan, std::vector<AttemptFailure> on)
{
    std::get<Chain>(plan.node).on = std::move(on);
    return plan;
}

} // namespace

Q_DECLARE_METATYPE(Plan)
Q_DECLARE_METATYPE(Courses)

class TestAttemptMachine : public QObject
{
    Q_OBJECT
private slots:
    void aPlanIsCarriedOut_data();
    void aPlanIsCarriedOut();
    void theMachineOfARouterTakesTheSameWay_data() { aPlanIsCarriedOut_data(); }
    void theMachineOfARouterTakesTheSameWay();
    void aReusedSimulatorForgetsTheRequestBefore();
    void lateAnswersOfCancelledAttemptsAreIgnored();
    void aLateTimerDoesNotMakeAnAnswerInTime();
    void anAnswerInTheLastMillisecondIsInTime();
    void anAnswerThatBreaksOffFailsWithoutAnotherModel();
    void anAnswerWithoutAFirstTokenIsDeliveredWhenItIsFinished();
    void nothingFollowsOnceAllIsSettled();
    void wakesForTheNearestBudget();
};

void TestAttemptMachine::aPlanIsCarriedOut_data()
{
    using enum AttemptFailure;
    QTest::addColumn<Plan>("plan");
    QTest::addColumn<Courses>("courses");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const Plan& plan, const Courses& courses,
                        const char* expected) {
        QTest::newRow(name) << plan << courses << QString::fromLatin1(expected);
    };
    const CallOptions half = {500, {}, {}};
    const auto hedge = [](std::vector<Plan> steps, std::optional<int> deadlineMs = {}) {
        return chain(std::move(steps), deadlineMs, ChainMode::Hedge);
    };

    row("a call answers", call("a"), {{"a", {answers(300, 900)}}},
        "a#0 0-900 answered => a first 300 total 900");
    row("a call fails when its failure is known", call("a"), {{"a", {fails(RateLimit, 50)}}},
        "a#0 0-50 rateLimit => nobody first 50 total 50");
    row("a call that overruns its first token is stopped", call("a", half),
        {{"a", {answers(501, 900)}}}, "a#0 0-500 stopped timeout => nobody first 500 total 500");
    row("the very millisecond of the budget is in time", call("a", half),
        {{"a", {answers(500, 900)}}}, "a#0 0-900 answered => a first 500 total 900");
    row("the total bounds the wait too", call("a", {{}, 400, {}}), {{"a", {answers(500, 900)}}},
        "a#0 0-400 stopped timeout => nobody first 400 total 400");
    row("the total cuts an answer off", call("a", {{}, 700, {}}), {{"a", {answers(500, 900)}}},
        "a#0 0-700 answered stopped timeout => nobody first 500 total 700");
    row("without a budget a hanging call never ends", call("a"), {{"a", {answers(kNever, kNever)}}},
        "a#0 0-never => nobody first never total never");

    row("cancel: an overrun stops the first step", chain({call("a", half), call("b")}),
        {{"a", {answers(800, 900)}}, {"b", {answers(100, 200)}}},
        "a#0 0-500 stopped timeout | b#0 500-700 answered => b first 600 total 700");
    row("cancel: a failure known at once goes on at once", chain({call("a", half), call("b")}),
        {{"a", {fails(Connect, 20)}}, {"b", {answers(100, 200)}}},
        "a#0 0-20 connect | b#0 20-220 answered => b first 120 total 220");
    row("cancel: a failure that is not listed ends the chain", chain({call("a"), call("b")}),
        {{"a", {fails(ContentFilter, 20)}}, {"b", {answers(100, 200)}}},
        "a#0 0-20 contentFilter => nobody first 20 total 20");
    row("cancel: a listed timeout only", withOn(chain({call("a"), call("b")}), {Timeout}),
        {{"a", {fails(RateLimit, 20)}}, {"b", {answers(100, 200)}}},
        "a#0 0-20 rateLimit => nobody first 20 total 20");
    row("cancel: everything fails", chain({call("a"), call("b"), call("a")}),
        {{"a", {fails(RateLimit, 10), fails(Connect, 5)}}, {"b", {fails(ServerError, 30)}}},
        "a#0 0-10 rateLimit | b#0 10-40 serverError | a#1 40-45 connect => nobody first 45 total "
        "45");

    row("hedge: the first step wins after all", hedge({call("a", half), call("b")}),
        {{"a", {answers(700, 900)}}, {"b", {answers(300, 400)}}},
        "a#0 0-900 answered | b#0 500-700 stopped => a first 700 total 900");
    row("hedge: the second step wins", hedge({call("a", half), call("b")}),
        {{"a", {answers(1200, 1500)}}, {"b", {answers(300, 400)}}},
        "a#0 0-800 stopped | b#0 500-900 answered => b first 800 total 900");
    row("hedge: nobody is asked in time's favour", hedge({call("a", half), call("b")}),
        {{"a", {answers(500, 900)}}, {"b", {answers(300, 400)}}},
        "a#0 0-900 answered => a first 500 total 900");
    row("hedge: a step that was handed over starts nothing when it fails",
        hedge({call("a", half), call("b"), call("c")}),
        {{"a", {fails(RateLimit, 700)}}, {"b", {answers(400, 500)}}, {"c", {answers(1, 2)}}},
        "a#0 0-700 rateLimit | b#0 500-1000 answered => b first 900 total 1000");
    row("hedge: a failed second step starts the third, the first goes on",
        hedge({call("a", half), call("b"), call("c")}),
        {{"a", {answers(900, 1000)}}, {"b", {fails(RateLimit, 50)}}, {"c", {answers(600, 700)}}},
        "a#0 0-1000 answered | b#0 500-550 rateLimit | c#0 550-900 stopped => a first 900 total "
        "1000");
    row("hedge: each overrun starts one more",
        hedge({call("a", half), call("b", half), call("c", half)}),
        {{"a", {answers(5000, 6000)}}, {"b", {answers(900, 950)}}, {"c", {answers(2000, 2500)}}},
        "a#0 0-1400 stopped | b#0 500-1450 answered | c#0 1000-1400 stopped => b first 1400 total "
        "1450");
    row("hedge: the last step has nothing to hand over to", hedge({call("a", half)}),
        {{"a", {answers(900, 1000)}}}, "a#0 0-1000 answered => a first 900 total 1000");
    row("hedge: all fail", hedge({call("a", half), call("b")}),
        {{"a", {fails(ServerError, 900)}}, {"b", {fails(RateLimit, 100)}}},
        "a#0 0-900 serverError | b#0 500-600 rateLimit => nobody first 900 total 900");
    row("hedge: a failure that is not listed starts nobody, but who runs may answer",
        hedge({call("a", half), call("b"), call("c")}),
        {{"a", {answers(900, 1000)}}, {"b", {fails(ContentFilter, 100)}}, {"c", {answers(1, 2)}}},
        "a#0 0-1000 answered | b#0 500-600 contentFilter => a first 900 total 1000");
    row("hedge: an unlisted timeout hands nothing over",
        withOn(hedge({call("a", half), call("b")}), {RateLimit}),
        {{"a", {answers(900, 1000)}}, {"b", {answers(1, 2)}}},
        "a#0 0-1000 answered => a first 900 total 1000");
    row("hedge: the total stops for good", hedge({call("a", {500, 800, {}}), call("b")}),
        {{"a", {answers(850, 900)}}, {"b", {answers(900, 950)}}},
        "a#0 0-800 stopped timeout | b#0 500-1450 answered => b first 1400 total 1450");

    row("retries wait longer each time", call("a", {{}, {}, {2, 1000, 2.5}}),
        {{"a", {fails(RateLimit, 10), fails(ServerError, 20), answers(100, 200)}}},
        "a#0 0-10 rateLimit | a#1 1010-1030 serverError | a#2 3530-3730 answered "
        "=> a first 3630 total 3730");
    row("retries run out", chain({call("a", {{}, {}, {1, 3500, 2}}), call("b")}),
        {{"a", {fails(RateLimit, 0)}}, {"b", {answers(100, 200)}}},
        "a#0 0-0 rateLimit | a#1 3500-3500 rateLimit | b#0 3500-3700 answered "
        "=> b first 3600 total 3700");
    row("a retry without a wait", call("a", {{}, {}, {1, 0, 2}}),
        {{"a", {fails(BadAnswer, 30), answers(5, 6)}}},
        "a#0 0-30 badAnswer | a#1 30-36 answered => a first 35 total 36");
    row("a timeout is not tried again", call("a", {500, {}, {3, 100, 2}}),
        {{"a", {answers(501, 600)}}}, "a#0 0-500 stopped timeout => nobody first 500 total 500");
    row("the first-token budget is each attempt's own", call("a", {500, {}, {1, 400, 2}}),
        {{"a", {fails(RateLimit, 300), answers(450, 500)}}},
        "a#0 0-300 rateLimit | a#1 700-1200 answered => a first 1150 total 1200");
    row("a hedged step may try again while the next one runs",
        hedge({call("a", {500, {}, {1, 100, 2}}), call("b"), call("c")}),
        {{"a", {fails(RateLimit, 600), answers(50, 60)}},
         {"b", {answers(900, 950)}},
         {"c", {answers(1, 2)}}},
        "a#0 0-600 rateLimit | b#0 500-750 stopped | a#1 700-760 answered => a first 750 total "
        "760");

    row("a deadline stops what runs", chain({call("a"), call("b")}, 600),
        {{"a", {fails(RateLimit, 100)}}, {"b", {answers(700, 800)}}},
        "a#0 0-100 rateLimit | b#0 100-600 stopped timeout => nobody first 600 total 600");
    row("a deadline includes backoffs", chain({call("a", {{}, {}, {5, 300, 1}})}, 1000),
        {{"a", {fails(RateLimit, 0)}}},
        "a#0 0-0 rateLimit | a#1 300-300 rateLimit | a#2 600-600 rateLimit | a#3 900-900 rateLimit "
        "=> nobody first 1000 total 1000");
    row("a deadline does not cut an answer that has begun", chain({call("a")}, 600),
        {{"a", {answers(599, 4000)}}}, "a#0 0-4000 answered => a first 599 total 4000");
    row("a deadline stops every hedged step", hedge({call("a", half), call("b")}, 900),
        {{"a", {answers(2000, 3000)}}, {"b", {answers(2000, 3000)}}},
        "a#0 0-900 stopped timeout | b#0 500-900 stopped timeout => nobody first 900 total 900");
    row("an inner deadline hands over to the outer chain",
        chain({chain({call("a"), call("b")}, 800), call("c")}, 2000),
        {{"a", {fails(RateLimit, 100)}}, {"b", {answers(5000, 6000)}}, {"c", {answers(300, 400)}}},
        "a#0 0-100 rateLimit | b#0 100-800 stopped timeout | c#0 800-1200 answered "
        "=> c first 1100 total 1200");
    row("an outer deadline comes before a step that would start in the same millisecond",
        chain({call("a", half), call("b")}, 500),
        {{"a", {answers(800, 900)}}, {"b", {answers(1, 2)}}},
        "a#0 0-500 stopped timeout => nobody first 500 total 500");
    row("an inner deadline is hard in a hedging chain too",
        hedge({chain({call("a")}, 400), call("b")}),
        {{"a", {answers(450, 500)}}, {"b", {answers(300, 400)}}},
        "a#0 0-400 stopped timeout | b#0 400-800 answered => b first 700 total 800");
    row("the innermost chain's mode counts",
        hedge({chain({call("a", half), call("b")}), call("c")}),
        {{"a", {answers(600, 700)}}, {"b", {answers(100, 150)}}, {"c", {answers(1, 2)}}},
        "a#0 0-500 stopped timeout | b#0 500-650 answered => b first 600 total 650");
    row("an inner chain's failure is the outer one's to judge",
        withOn(chain({chain({call("a"), call("b")}), call("c")}), {ServerError}),
        {{"a", {fails(RateLimit, 1)}}, {"b", {fails(ContentFilter, 2)}}, {"c", {answers(1, 2)}}},
        "a#0 0-1 rateLimit | b#0 1-3 contentFilter => nobody first 3 total 3");

    row("cascade: an accepted answer is shown whole once it is checked",
        cascade({call("a"), call("b")}),
        {{"a", {checked(true, 100, 700, 50)}}, {"b", {answers(1, 2)}}},
        "a#0 0-700 answered => a first 750 total 750");
    row("cascade: a rejected answer leads to the next step, which streams",
        cascade({call("a"), call("b")}),
        {{"a", {checked(false, 100, 700, 50)}}, {"b", {answers(200, 900)}}},
        "a#0 0-700 | b#0 750-1650 answered => b first 950 total 1650");
    row("cascade: a failed step leads to the next one, whatever the failure",
        cascade({call("a"), call("b")}),
        {{"a", {fails(ContentFilter, 30)}}, {"b", {answers(200, 900)}}},
        "a#0 0-30 contentFilter | b#0 30-930 answered => b first 230 total 930");
    row("cascade: a doubtful answer is better than none", cascade({call("a"), call("b")}),
        {{"a", {checked(false, 100, 700)}}, {"b", {fails(ServerError, 40)}}},
        "a#0 0-700 answered | b#0 700-740 serverError => a first 740 total 740");
    row("cascade: nobody answers if every step fails", cascade({call("a"), call("b")}),
        {{"a", {fails(RateLimit, 10)}}, {"b", {fails(ServerError, 40)}}},
        "a#0 0-10 rateLimit | b#0 10-50 serverError => nobody first 50 total 50");
    row("cascade: three steps, the newest rejected answer is kept",
        cascade({call("a"), call("b"), call("c")}),
        {{"a", {checked(false, 10, 100)}},
         {"b", {checked(false, 10, 100)}},
         {"c", {fails(Connect, 5)}}},
        "a#0 0-100 | b#0 100-200 answered | c#0 200-205 connect => b first 205 total 205");
    row("cascade: the deadline shows what was rejected", cascade({call("a"), call("b")}, 900),
        {{"a", {checked(false, 100, 700)}}, {"b", {answers(300, 900)}}},
        "a#0 0-700 answered | b#0 700-900 stopped => a first 900 total 900");
    row("cascade: the deadline does not wait for the check", cascade({call("a"), call("b")}, 720),
        {{"a", {checked(true, 100, 700, 50)}}, {"b", {answers(1, 2)}}},
        "a#0 0-700 answered => a first 720 total 720");
    row("cascade: the deadline stops an answer that is still being written",
        cascade({call("a"), call("b")}, 500),
        {{"a", {checked(true, 100, 700)}}, {"b", {answers(1, 2)}}},
        "a#0 0-500 stopped timeout => nobody first 500 total 500");
    row("cascade: the deadline of a chain around it shows what is written, too",
        chain({cascade({call("a"), call("b")}), call("c")}, 800),
        {{"a", {checked(false, 100, 700)}}, {"b", {answers(300, 900)}}, {"c", {answers(1, 2)}}},
        "a#0 0-700 answered | b#0 700-800 stopped => a first 800 total 800");
    row("cascade: an answer under test is bound by its total only",
        cascade({call("a", {200, 600, {}}), call("b")}),
        {{"a", {checked(true, 100, 700)}}, {"b", {answers(100, 200)}}},
        "a#0 0-600 stopped timeout | b#0 600-800 answered => b first 700 total 800");
    row("cascade: a retry comes before the next step",
        cascade({call("a", {{}, {}, {1, 100, 2}}), call("b")}),
        {{"a", {fails(RateLimit, 10), checked(true, 50, 90)}}, {"b", {answers(1, 2)}}},
        "a#0 0-10 rateLimit | a#1 110-200 answered => a first 200 total 200");
    row("cascade: of a hedging chain inside, the first to begin is the answer that is checked",
        cascade({hedge({call("a", half), call("b")}), call("c")}),
        {{"a", {checked(true, 800, 1000)}},
         {"b", {checked(true, 200, 300)}},
         {"c", {answers(1, 2)}}},
        "a#0 0-700 stopped | b#0 500-800 answered => b first 800 total 800");
    row("cascade: it can be a step of a chain that answers for it",
        chain({cascade({call("a"), call("b")}), call("c")}),
        {{"a", {fails(Connect, 5)}}, {"b", {fails(RateLimit, 5)}}, {"c", {answers(10, 20)}}},
        "a#0 0-5 connect | b#0 5-10 rateLimit | c#0 10-30 answered => c first 20 total 30");
    row("cascade: a hedge around it can be quicker",
        hedge({cascade({call("a"), call("b")}), call("c")}),
        {{"a", {checked(true, 100, 700)}}, {"b", {answers(1, 2)}}, {"c", {answers(1, 2)}}},
        "a#0 0-700 answered => a first 700 total 700");
}

void TestAttemptMachine::aPlanIsCarriedOut()
{
    QFETCH(const Plan, plan);
    QFETCH(const Courses, courses);
    QFETCH(const QString, expected);
    QCOMPARE(describe(simulatePlan(plan, sourceOf(courses))), expected);
}

/// Drives the public machine by the row's courses, one event or timer after the other.
void TestAttemptMachine::theMachineOfARouterTakesTheSameWay()
{
    QFETCH(const Plan, plan);
    QFETCH(const Courses, courses);
    struct Running
    {
        double firstMs;
        double totalMs;
        std::optional<AttemptFailure> failure;
        bool isAccepted = true;
        double checkMs = 0;
        bool hasBegun = false;
        std::optional<double> verdictMs = {}; ///< once it is checked
    };
    AttemptMachine machine(plan);
    const AttemptSource source = sourceOf(courses);
    std::map<int, Running> running;
    std::map<std::string, int> tried;
    PlanOutcome outcome;
    std::optional<std::int64_t> wakeMs;
    std::int64_t nowMs = 0;
    int delivered = -1;
    int beganNow = -1; // the attempt whose first token is being told
    const auto obey = [&](const std::vector<AttemptCommand>& commands) {
        wakeMs.reset();
        for (const AttemptCommand& command : commands) {
            const auto attempt = static_cast<std::size_t>(command.attempt);
            if (command.kind == AttemptCommand::Kind::Start) {
                const int nth = tried[command.model.value]++;
                const SimulatedAttempt course = source({*command.call, nth, command.accept});
                const double now = static_cast<double>(nowMs);
                running[command.attempt] = {now + course.firstTokenMs, now + course.totalMs,
                                            course.failure, course.isAccepted, course.checkMs};
                outcome.attempts.push_back({command.model, nth, now, kNever, false, false, {}});
            } else if (command.kind == AttemptCommand::Kind::Check) {
                Running& written = running[command.attempt];
                written.verdictMs = static_cast<double>(nowMs) + written.checkMs;
            } else if (command.kind == AttemptCommand::Kind::Cancel &&
                       running.contains(command.attempt) && running[command.attempt].verdictMs) {
                running.erase(command.attempt); // written already, only the check is given up
            } else if (command.kind == AttemptCommand::Kind::Cancel) {
                running.erase(command.attempt);
                outcome.attempts[attempt].cancelled = true;
                outcome.attempts[attempt].endMs = static_cast<double>(nowMs);
                const bool wasBeaten = beganNow >= 0 && beganNow != command.attempt;
                if (!wasBeaten && (delivered < 0 || delivered == command.attempt))
                    outcome.attempts[attempt].failure = AttemptFailure::Timeout;
            } else if (command.kind == AttemptCommand::Kind::WakeAt) {
                wakeMs = command.atMs;
            } else if (command.kind == AttemptCommand::Kind::Deliver) {
                delivered = command.attempt;
                outcome.attempts[attempt].delivered = true;
            }
        }
    };
    obey(machine.start());
    while (!machine.isSettled()) {
        int next = -1;
        double nextMs = kNever;
        for (const auto& [attempt, course] : running) {
            const double ms = course.verdictMs  ? *course.verdictMs
                              : course.hasBegun ? course.totalMs
                                                : course.firstMs;
            if (ms < nextMs) {
                next = attempt;
                nextMs = ms;
            }
        }
        if (next < 0 && !wakeMs)
            break;
        if (next < 0 || (wakeMs && static_cast<double>(*wakeMs) < nextMs)) {
            nowMs = *wakeMs;
            obey(machine.tick(nowMs));
            continue;
        }
        nowMs = static_cast<std::int64_t>(nextMs);
        Running& course = running[next];
        AttemptRecord& record = outcome.attempts[static_cast<std::size_t>(next)];
        if (course.verdictMs) {
            const bool isAccepted = course.isAccepted;
            running.erase(next);
            obey(machine.onChecked(next, isAccepted, nowMs));
        } else if (course.failure) {
            record.failure = course.failure;
            record.endMs = nextMs;
            running.erase(next);
            obey(machine.onFailed(next, *record.failure, nowMs));
        } else if (!course.hasBegun) {
            course.hasBegun = true;
            beganNow = next;
            obey(machine.onFirstToken(next, nowMs));
            beganNow = -1;
        } else {
            record.endMs = nextMs;
            obey(machine.onFinished(next, nowMs));
            if (!running[next].verdictMs)
                running.erase(next);
        }
    }
    const PlanOutcome simulated = simulatePlan(plan, source);
    outcome.answered = simulated.answered;
    outcome.servedBy = simulated.servedBy;
    outcome.firstTokenMs = simulated.firstTokenMs;
    outcome.totalMs = simulated.totalMs;
    QCOMPARE(describe(outcome), describe(simulated));
    QCOMPARE(machine.isSettled(), std::isfinite(simulated.totalMs));
}

void TestAttemptMachine::aReusedSimulatorForgetsTheRequestBefore()
{
    using enum AttemptFailure;
    const Plan plan = chain({call("a", {500, {}, {1, 200, 2}}), call("b")}, 2000, ChainMode::Hedge);
    PlanSimulator simulator(plan);
    const std::vector<Courses> requests = {
        {{"a", {fails(RateLimit, 10), answers(800, 900)}}, {"b", {answers(100, 200)}}},
        {{"a", {answers(100, 200)}}, {"b", {answers(100, 200)}}},
        {{"a", {fails(ContentFilter, 10)}}, {"b", {answers(100, 200)}}},
        {{"a", {answers(5000, 6000)}}, {"b", {answers(5000, 6000)}}},
        {{"a", {fails(RateLimit, 600), fails(Connect, 1)}}, {"b", {answers(300, 350)}}},
    };
    for (int round = 0; round < 2; ++round) {
        for (const Courses& courses : requests)
            QCOMPARE(describe(simulator.run(sourceOf(courses))),
                     describe(simulatePlan(plan, sourceOf(courses))));
    }
}

void TestAttemptMachine::lateAnswersOfCancelledAttemptsAreIgnored()
{
    AttemptMachine machine(chain({call("a", {500, {}, {}}), call("b")}));
    QCOMPARE(describe(machine.start()), QStringLiteral("start a as 0, wake at 500"));
    QCOMPARE(describe(machine.tick(500)), QStringLiteral("cancel 0, start b as 1"));
    QCOMPARE(describe(machine.onFirstToken(0, 510)), QString());
    QCOMPARE(describe(machine.onFinished(0, 520)), QString());
    QCOMPARE(describe(machine.onFailed(0, AttemptFailure::Connect, 530)), QString());
    QVERIFY(!machine.isSettled());
    QCOMPARE(describe(machine.onFirstToken(1, 900)), QStringLiteral("deliver 1"));
    QCOMPARE(describe(machine.onFinished(1, 999)), QString());
    QVERIFY(machine.isSettled());
}

void TestAttemptMachine::aLateTimerDoesNotMakeAnAnswerInTime()
{
    AttemptMachine machine(chain({call("a", {500, {}, {}}), call("b", {500, {}, {}})}));
    (void)machine.start();
    QCOMPARE(describe(machine.onFirstToken(0, 507)),
             QStringLiteral("cancel 0, start b as 1, wake at 1007"));
}

void TestAttemptMachine::anAnswerInTheLastMillisecondIsInTime()
{
    AttemptMachine machine(chain({call("a", {500, {}, {}}), call("b")}, 500));
    (void)machine.start();
    QCOMPARE(describe(machine.onFirstToken(0, 500)), QStringLiteral("deliver 0"));
    QCOMPARE(describe(machine.tick(500)), QString());
}

void TestAttemptMachine::anAnswerThatBreaksOffFailsWithoutAnotherModel()
{
    AttemptMachine machine(chain({call("a", {{}, {}, {3, 10, 2}}), call("b")}));
    (void)machine.start();
    (void)machine.onFirstToken(0, 300);
    QCOMPARE(describe(machine.onFailed(0, AttemptFailure::ServerError, 400)),
             QStringLiteral("fail serverError"));
    QVERIFY(machine.isSettled());
}

void TestAttemptMachine::anAnswerWithoutAFirstTokenIsDeliveredWhenItIsFinished()
{
    AttemptMachine machine(chain({call("a", {500, {}, {}}), call("b")}, {}, ChainMode::Hedge));
    (void)machine.start();
    QCOMPARE(describe(machine.tick(500)), QStringLiteral("start b as 1"));
    QCOMPARE(describe(machine.onFinished(1, 700)), QStringLiteral("deliver 1, cancel 0"));
    QVERIFY(machine.isSettled());
}

void TestAttemptMachine::nothingFollowsOnceAllIsSettled()
{
    AttemptMachine machine(call("a"));
    (void)machine.start();
    QCOMPARE(describe(machine.onFailed(0, AttemptFailure::Connect, 5)),
             QStringLiteral("fail connect"));
    QVERIFY(machine.isSettled());
    QCOMPARE(describe(machine.onFailed(0, AttemptFailure::Connect, 6)), QString());
    QCOMPARE(describe(machine.onFirstToken(0, 7)), QString());
    QCOMPARE(describe(machine.onFinished(7, 8)), QString());
    QCOMPARE(describe(machine.onFirstToken(-1, 8)), QString());
    QCOMPARE(describe(machine.tick(1'000'000)), QString());
}

void TestAttemptMachine::wakesForTheNearestBudget()
{
    AttemptMachine machine(chain({call("a", {800, 900, {2, 1000, 2}}), call("b")}, 700));
    QCOMPARE(describe(machine.start()), QStringLiteral("start a as 0, wake at 700"));
    QCOMPARE(describe(machine.onFailed(0, AttemptFailure::RateLimit, 100)),
             QStringLiteral("wake at 700"));
    QCOMPARE(describe(machine.tick(650)), QStringLiteral("wake at 700"));
    QCOMPARE(describe(machine.tick(700)), QStringLiteral("fail timeout"));

    AttemptMachine bounded(call("a", {800, 2000, {}}));
    QCOMPARE(describe(bounded.start()), QStringLiteral("start a as 0, wake at 800"));
    QCOMPARE(describe(bounded.onFirstToken(0, 300)), QStringLiteral("deliver 0, wake at 2000"));
    QCOMPARE(describe(bounded.tick(2000)), QStringLiteral("cancel 0, fail timeout"));
}

QTEST_GUILESS_MAIN(TestAttemptMachine)
#include "tst_attempt_machine.moc"
