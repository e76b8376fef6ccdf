// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: no call is sent whose worst case could pass a cap, with what is under way at its worst;
// the run says which cap holds it, what is spent and what waits, goes on once it is raised, and
// keeps its caps and what it has spent through a crash.

#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/lab/lab_run.h>
#include <core/lab/recorded_plan.h>
#include <core/lab/run_budget.h>
#include <tests/support/scripted_bench.h>
#include <tests/support/store_places.h>

#include <QSignalSpy>
#include <QTest>

using namespace signalbox;
using test::ScriptedStream;
using test::StorePlaces;

namespace {

constexpr double kCallUsd = 0.006; ///< of 100 tokens in and 50 out

LabPlan planOf(int prompts, RunCaps caps, int inFlight = 8)
{
    LabPlan plan;
    plan.name = "test";
    plan.inFlight = inFlight;
    plan.asking.maxTokens = 100;
    plan.caps = caps;
    for (int i = 0; i < prompts; ++i) {
        LabPrompt prompt;
        prompt.id = PromptId("p" + std::to_string(i));
        std::string text; // the server counts 100 tokens, we 50: no more than twice as many
        for (int repeat = 0; repeat < 10; ++repeat)
            text += "Where is my refund? ";
        prompt.messages = {{Role::User, text, 0}};
        plan.prompts.push_back(prompt);
    }
    ModelSpec model;
    model.id = ModelId("m");
    model.provider = "scripted";
    model.price =
        Price{pricePerTokenFromUsdPerMTok(30), pricePerTokenFromUsdPerMTok(60), "2023-06-13"};
    plan.models = {model};
    return plan;
}

RunCaps usd(double most)
{
    RunCaps caps;
    caps.cost = Money::fromUsd(most);
    return caps;
}

Money worstOf(const LabPlan& plan)
{
    return *RunBudget(plan).worstOf({0, 0, 0}).cost;
}

struct Bench : test::TimedBench
{
    explicit Bench(const StorePlaces& places)
    {
        store = std::move(*EvidenceStore::open(places.address()));
    }
    /// Answers what is sent until a cap holds the run or nothing is left.
    void answerUntilHeld(LabRun& run)
    {
        QSignalSpy held(&run, &LabRun::capWasReached);
        QSignalSpy finished(&run, &LabRun::finished);
        while (held.isEmpty() && finished.isEmpty()) {
            answerEverythingLive();
            QTRY_VERIFY(!provider->live().empty() || !held.isEmpty() || !finished.isEmpty());
        }
    }
};

} // namespace

class TestRunBudget : public QObject
{
    Q_OBJECT

    StorePlaces m_places;

private slots:
    void initTestCase_data() { StorePlaces::addRows(); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        SIGNALBOX_FRESH_PLACE(m_places);
    }

    void whatIsUnderWayCountsAtItsWorst()
    {
        Bench bench(m_places);
        LabPlan plan = planOf(8, {});
        const Money worst = worstOf(plan);
        QVERIFY(worst > Money::fromUsd(0.006)); // 100 tokens of answer alone
        plan.caps.cost = worst * 3;
        LabRun run(plan, bench.registry, &bench.store);
        run.start();
        QCOMPARE(bench.provider->streams.size(), std::size_t{3});
    }

    void neverMoreIsSpentThanTheCapAndTheSentenceSaysWhat()
    {
        Bench bench(m_places);
        LabRun run(planOf(20, usd(0.05)), bench.registry, &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        run.start();
        bench.answerUntilHeld(run);
        QCOMPARE(held.size(), 1);
        QVERIFY(run.isPaused());
        const auto reached = run.capReached();
        QVERIFY(reached);
        QCOMPARE(reached->which, CapReached::Which::Cost);
        const std::size_t answered = run.progress().answered();
        QVERIFY(answered >= 5); // what came back cheaper than feared made room
        QCOMPARE(reached->waiting, 20 - answered);
        QCOMPARE(run.spending().cost, Money::fromUsd(kCallUsd * double(answered)));
        QVERIFY(run.spending().cost <= Money::fromUsd(0.05));
        const QString sentence = QString::fromStdString(toString(*reached));
        QVERIFY2(sentence.contains(QLatin1String("cap of $0.05 on money")), qPrintable(sentence));
        QVERIFY2(sentence.contains(QStringLiteral("%1 cells wait").arg(20 - answered)),
                 qPrintable(sentence));
    }

    void aRaisedCapLetsTheRunGoOn()
    {
        Bench bench(m_places);
        LabRun run(planOf(6, usd(0.02)), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerUntilHeld(run);
        QVERIFY(run.capReached());
        run.setCaps(usd(1));
        QVERIFY(!run.capReached());
        bench.answerUntilHeld(run);
        QCOMPARE(finished.size(), 1);
        QCOMPARE(run.progress().answered(), std::size_t{6});
        QCOMPARE(bench.provider->streams.size(), std::size_t{6});
        QCOMPARE(parsePlanJson(*bench.store.run(*run.id()))->caps, usd(1));
    }

    /// The first program dies with one call answered, a second under way.
    void capsAndWhatWasSpentHoldAfterACrash()
    {
        Bench bench(m_places);
        const LabPlan plan = planOf(6, usd(0.03));
        const Money worst = worstOf(plan);
        RunId id;
        {
            LabRun run(plan, bench.registry, &bench.store);
            run.start();
            id = *run.id();
            ScriptedStream* first = bench.provider->live().front();
            first->say("Your refund is on its way.");
            first->finish();
            QTRY_COMPARE(run.progress().answered(), std::size_t{1});
            QVERIFY(run.progress().running >= 1);
            const std::size_t lost = run.progress().running;
            QVERIFY(bench.store.settle());
            const auto ledger = bench.store.ledger(id);
            QVERIFY(ledger);
            QCOMPARE(ledger->calls.size(), std::size_t{1});
            QCOMPARE(ledger->underWay.size(), lost);
            // What another program finds of it.
            LabPlan later = plan;
            later.caps = {};
            LabRun next(later, bench.registry, &bench.store);
            QVERIFY(next.resumeFrom(id));
            QCOMPARE(next.plan().caps, plan.caps);
            QCOMPARE(next.spending().cost, Money::fromUsd(kCallUsd) + worst * std::int64_t(lost));
        }
    }

    void answersThatARepeatReplacedWerePaidFor()
    {
        Bench bench(m_places);
        LabRun run(planOf(1, {}), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerUntilHeld(run);
        run.rerun({0, 0, 0});
        bench.answerUntilHeld(run);
        QCOMPARE(run.spending().cost, Money::fromUsd(2 * kCallUsd));
        LabRun next(planOf(1, {}), bench.registry, &bench.store);
        QVERIFY(next.resumeFrom(*run.id()));
        QCOMPARE(next.spending().cost, Money::fromUsd(2 * kCallUsd));
        QCOMPARE(next.spending().tokens, std::int64_t{300});
    }

    void tokensHaveACapToo()
    {
        Bench bench(m_places);
        RunCaps caps;
        caps.tokens = 1'000;
        LabRun run(planOf(20, caps), bench.registry, &bench.store);
        run.start();
        bench.answerUntilHeld(run);
        QCOMPARE(run.capReached()->which, CapReached::Which::Tokens);
        QVERIFY(run.spending().tokens <= 1'000);
        QCOMPARE(run.spending().tokens, 150 * std::int64_t(run.progress().answered()));
    }

    void afterItsTimeNothingMoreIsSent()
    {
        Bench bench(m_places);
        RunCaps caps;
        caps.timeMs = 10'000;
        LabRun run(planOf(4, caps, 1), bench.registry, &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        run.start();
        bench.clock.pass(9'000);
        bench.answerEverythingLive();
        QTRY_COMPARE(bench.provider->streams.size(), std::size_t{2});
        run.pause(); // with one under way: it is sending still
        bench.clock.pass(500);
        bench.answerEverythingLive();
        QTRY_COMPARE(run.progress().answered(), std::size_t{2});
        bench.clock.pass(3'600'000); // a pause is no time of the run
        QCOMPARE(run.spending().timeMs, std::int64_t{9'500});
        run.start();
        QCOMPARE(bench.provider->streams.size(), std::size_t{3});
        bench.clock.pass(600);
        bench.answerEverythingLive();
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(run.capReached()->which, CapReached::Which::Time);
        QCOMPARE(run.capReached()->waiting, std::size_t{1});
        QCOMPARE(bench.provider->streams.size(), std::size_t{3});
    }

    void withoutAPriceACapOnMoneyCannotBeKept()
    {
        Bench bench(m_places);
        LabPlan plan = planOf(2, usd(5));
        plan.models.front().price.reset();
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        run.start();
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(run.capReached()->which, CapReached::Which::NoPrice);
        QVERIFY(bench.provider->streams.empty());
        run.setCaps({});
        QCOMPARE(bench.provider->streams.size(), std::size_t{2});
    }

    void withoutAGreatestLengthNoCapOnMoneyCanBeKept()
    {
        Bench bench(m_places);
        LabPlan plan = planOf(1, usd(5));
        plan.asking.maxTokens.reset();
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy held(&run, &LabRun::capWasReached);
        run.start();
        QTRY_COMPARE(held.size(), 1);
        QCOMPARE(run.capReached()->which, CapReached::Which::NoLength);
    }

    /// A refusal is free; a call that was answered without a word of its usage may have cost all.
    void whatNobodyToldCountsAtItsWorst()
    {
        const LabPlan plan = planOf(3, usd(1));
        RunBudget budget(plan);
        Answer refused;
        refused.state = AnswerState::Failed;
        refused.failureKind = FailureKind::RateLimit;
        budget.noteStarted({0, 0, 0});
        budget.noteEnded({0, 0, 0}, refused);
        QCOMPARE(budget.spent(0).cost, Money());
        Answer silent = refused;
        silent.failureKind = FailureKind::Timeout;
        budget.noteStarted({1, 0, 0});
        budget.noteEnded({1, 0, 0}, silent);
        QCOMPARE(budget.spent(0).cost, worstOf(plan));
        QCOMPARE(budget.spent(0).countedAtWorst, std::size_t{1});
        budget.noteStarted({2, 0, 0});
        budget.noteGivenUp({2, 0, 0});
        QCOMPARE(budget.spent(0).cost, worstOf(plan) * 2);
    }

    /// Of prompts and models that the plan has no more.
    void whatIsNotAskedAnyMoreWasPaidForAllTheSame()
    {
        LabPlan plan = planOf(1, usd(1));
        plan.models.push_back(plan.models.front());
        plan.models.back().id = ModelId("dear");
        plan.models.back().price->outputPerToken = plan.models.back().price->outputPerToken * 2;
        const WorstCase worst = RunBudget(plan).worstOf({0, 1, 0});
        LedgerCall told;
        told.prompt = PromptId("gone");
        told.lane = LaneId("m");
        told.cost = Money::fromUsd(kCallUsd);
        told.inputTokens = 100;
        told.outputTokens = 50;
        LedgerCall silent = told;
        silent.state = StoredState::Failed;
        silent.failureKind = FailureKind::Timeout;
        silent.cost.reset();
        silent.inputTokens.reset();
        RunLedger ledger;
        ledger.calls = {told, silent};
        RunBudget budget(plan);
        QCOMPARE(budget.takeOver(ledger, {}).tokens, std::int64_t{0}); // the answers are there
        QCOMPARE(budget.spent(0).cost, Money::fromUsd(kCallUsd) + *worst.cost);
        QCOMPARE(budget.spent(0).tokens, 150 + *worst.tokens);
        QCOMPARE(budget.spent(0).countedAtWorst, std::size_t{1});
        // What was under way is told by no answer: it stays with the run.
        ledger.underWay = {told};
        const RunSpending lost = budget.takeOver(ledger, {});
        QCOMPARE(lost.cost, *worst.cost);
        QCOMPARE(lost.tokens, *worst.tokens);
        QCOMPARE(budget.spent(0).cost, Money::fromUsd(kCallUsd) + *worst.cost * 2);
    }

    void aStoppedRunIsOverAlthoughACapHeldIt()
    {
        Bench bench(m_places);
        LabRun run(planOf(6, usd(0.02)), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerUntilHeld(run);
        run.stop();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!run.isRunning());
        QVERIFY(run.progress().stopped > 0);
    }

    void capsComeBackFromThePlan()
    {
        RecordedPlan plan;
        plan.caps = {Money::fromUsd(2.5), 100'000, 60'000};
        plan.lost.cost = Money::fromUsd(0.25);
        plan.lost.tokens = 12;
        RunSummary run;
        run.planJson = toPlanJson(plan);
        const auto again = parsePlanJson(run);
        QVERIFY(again);
        QCOMPARE(again->caps, plan.caps);
        QCOMPARE(again->lost, plan.lost);
        run.planJson = R"({"caps":{"costPico":-3,"tokens":"many"}})";
        QVERIFY(parsePlanJson(run)->caps.isEmpty());
    }

    void timeIsWhatWasSpentSending()
    {
        const auto call = [](std::int64_t endMs, double tookMs) {
            LedgerCall made;
            made.endedAtMs = endMs;
            made.totalMs = tookMs;
            return made;
        };
        RunLedger ledger;
        ledger.calls = {call(1'010'000, 10'000), call(1'012'000, 8'000), // beside each other
                        call(1'040'000, 8'000),                          // after a wait
                        call(9'000'000, 5'000)};                         // after a night
        QCOMPARE(sendingMs(ledger), std::int64_t{40'000 + 5'000});
        QCOMPARE(sendingMs({}), std::int64_t{0});
        // Somebody sets the clock three hours back and five hours on: no time is less than none,
        // and what lies between is nobody's.
        constexpr std::int64_t kHourMs = 3'600'000;
        ledger.calls = {call(20 * kHourMs, 10'000), call(17 * kHourMs, 10'000),
                        call(17 * kHourMs + 12'000, 10'000), call(22 * kHourMs, 10'000)};
        QCOMPARE(sendingMs(ledger), std::int64_t{10'000 + 22'000 + 10'000});
    }

    /// A policy's cell may come to several calls: all of them are counted, none of them costs
    /// nothing.
    void whatAPolicyMayAskIsCountedCallByCall()
    {
        LabPlan plan = planOf(1, {});
        plan.models.push_back(plan.models.front());
        plan.models.back().id = ModelId("n");
        std::vector<AskedCall> asked = {plainCall(plan, plan.models[0]),
                                        plainCall(plan, plan.models[1])};
        const RunBudget budget(plan, [&](const CellId&) { return asked; });
        const RunBudget single(plan);
        QCOMPARE(*budget.worstOf({0, 0, 0}).cost,
                 *single.worstOf({0, 0, 0}).cost + *single.worstOf({0, 1, 0}).cost);
        // A call with a limit of its own, and one that reads an answer besides.
        asked[1].maxTokens = 900;
        const Money before = *single.worstOf({0, 1, 0}).cost;
        const Money more = *budget.worstOf({0, 0, 0}).cost - *single.worstOf({0, 0, 0}).cost;
        QCOMPARE(more - before, plan.models[1].price->outputPerToken * (900 - 100));
        asked[1].readsTokens = 50;
        QCOMPARE(*budget.worstOf({0, 0, 0}).tokens,
                 *single.worstOf({0, 0, 0}).tokens + *single.worstOf({0, 1, 0}).tokens + 800 + 100);
        asked.clear();
        QCOMPARE(*budget.worstOf({0, 0, 0}).cost, Money());
        ModelSpec unpriced = plan.models[1];
        unpriced.price.reset();
        asked = {plainCall(plan, plan.models[0]), plainCall(plan, unpriced)};
        QVERIFY(!budget.worstOf({0, 0, 0}).cost);
        QVERIFY(budget.worstOf({0, 0, 0}).tokens);
    }
};

QTEST_GUILESS_MAIN(TestRunBudget)
#include "tst_run_budget.moc"
