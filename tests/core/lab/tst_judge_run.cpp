// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what a judge says is kept the moment it is said, so that neither a crash nor a second
// judging asks it again; its caps hold over all of that; and nothing that it says is an answer, a
// run or a vote of people in the store.

#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/lab/judge_run.h>
#include <core/lab/list_prices.h>
#include <core/providers/simulator_provider.h>
#include <core/tasting/judge_question.h>
#include <tests/support/scripted_provider.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <memory>

using namespace signalbox;

namespace {

constexpr int kPatienceMs = 60'000; ///< a hang, not a slow machine
constexpr TastingNumber kTasting = 5;

Tasting twoModels(int prompts)
{
    Tasting tasting;
    tasting.models = {ModelId("a"), ModelId("b")};
    tasting.names = {"a", "b"};
    tasting.seed = 11;
    for (int p = 0; p < prompts; ++p) {
        tasting.prompts.push_back({PromptId("p" + std::to_string(p)), "What?"});
        tasting.texts.push_back({"One answer that is rather long.", "Another."});
    }
    return tasting;
}

ModelSpec judgeModel(const char* provider = "scripted")
{
    ModelSpec model;
    model.id = ModelId("judge");
    model.provider = provider;
    model.upstreamModel = "judge-1";
    model.baseUrl = "https://judge.invalid/v1";
    model.styleGuide = "Speak like a pirate.";
    Price price;
    price.inputPerToken = Money::fromUsd(1e-6);
    price.outputPerToken = Money::fromUsd(2e-6);
    model.price = price;
    return model;
}

/// A store with a run that was tasted, and a provider that says what the test says.
struct Bench
{
    QTemporaryDir folder;
    std::unique_ptr<EvidenceStore> store;
    ProviderRegistry providers;
    test::ScriptedProvider* scripted = nullptr;
    RunId run;
    Tasting sheet = twoModels(3);

    Bench()
    {
        auto provider = std::make_unique<test::ScriptedProvider>();
        scripted = provider.get();
        providers.add(std::move(provider));
        auto simulator = std::make_unique<SimulatorProvider>();
        simulator->setSpeed(0);
        simulator->setOtherReply(simulatedVerdict);
        providers.add(std::move(simulator));
        open();
        run = *store->beginRun("answers", "{}");
        auto tasting = std::make_shared<StoredTasting>();
        tasting->number = kTasting;
        tasting->sheetJson = "{}";
        store->background().writer().put(TastingBegun{run, std::move(tasting)});
    }
    void open()
    {
        store.reset();
        const std::filesystem::path file(folder.filePath(QStringLiteral("store.db")).toStdString());
        store = std::make_unique<EvidenceStore>(std::move(*EvidenceStore::open(file)));
    }
    [[nodiscard]] JudgeTask task(const char* provider = "scripted") const
    {
        JudgeTask task;
        task.run = run;
        task.tasting = kTasting;
        task.sheet = sheet;
        task.model = judgeModel(provider);
        task.judging.plan = judgePlanFor(task.model);
        task.judging.plan.calls = planJudge(sheet, {}, {}, {});
        return task;
    }
    [[nodiscard]] StoredTasting kept() const
    {
        const auto settled = store->settle();
        auto future = store->background().tastings(run);
        future.waitForFinished();
        return settled ? future.result()->front() : StoredTasting();
    }
    /// Says a verdict to the call that has waited longest.
    void say(const std::string& word) const
    {
        QTRY_VERIFY_WITH_TIMEOUT(!scripted->live().empty(), kPatienceMs);
        test::ScriptedStream* const stream = scripted->live().front();
        stream->say("{\"verdict\": \"" + word + "\"}");
        stream->finish();
    }
};

} // namespace

class TestJudgeRun : public QObject
{
    Q_OBJECT
private slots:
    void bothOrdersAreAskedAndKept()
    {
        Bench bench;
        JudgeRun run(bench.task(), bench.providers, bench.store.get());
        QSignalSpy finished(&run, &JudgeRun::finished);
        run.start();
        for (int call = 0; call < 6; ++call)
            bench.say(call == 1 ? "nonsense" : "first");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
        const StoredTasting kept = bench.kept();
        QCOMPARE(kept.judgings.size(), std::size_t(1));
        const auto judging = judgingFrom(kept.judgings.front());
        QVERIFY(judging.has_value());
        QVERIFY(*judging == run.judging());
        QCOMPARE(judging->replies().size(), std::size_t(6));
        const Judgement judgement = judgementOf(judging->plan, judging->replies(), bench.sheet, 0);
        QCOMPARE(judgement.unreadable, std::size_t(1));
        QCOMPARE(judgement.whole, std::size_t(2));
        QCOMPARE(judgement.flipped, std::size_t(2)); // always the first
        QVERIFY(run.progress().spent.has_value());
    }

    void theJudgeSpeaksWithoutTheGuideOfUsers()
    {
        Bench bench;
        JudgeRun run(bench.task(), bench.providers, bench.store.get());
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(!bench.scripted->live().empty(), kPatienceMs);
        const ChatRequest& request = bench.scripted->live().front()->request;
        QVERIFY(request.styleGuide.empty());
        QCOMPARE(request.temperature, std::optional(0.0));
        QCOMPARE(request.maxTokens, std::optional(kMostVerdictTokens));
    }

    void nothingOfItIsEvidence()
    {
        Bench bench;
        JudgeRun run(bench.task(), bench.providers, bench.store.get());
        QSignalSpy finished(&run, &JudgeRun::finished);
        run.start();
        for (int call = 0; call < 6; ++call)
            bench.say("tie");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
        const StoredTasting kept = bench.kept();
        QVERIFY(kept.votes.empty() && kept.tasters.empty());
        QVERIFY(bench.store->allAnswers()->empty());
        QCOMPARE(bench.store->runs()->size(), std::size_t(1));
        QCOMPARE(bench.store->runs()->front().cells, std::size_t(0));
    }

    void aCrashAsksNothingTwice()
    {
        Bench bench;
        {
            JudgeRun run(bench.task(), bench.providers, bench.store.get());
            run.start();
            bench.say("first");
            bench.say("second");
            QTRY_COMPARE_WITH_TIMEOUT(run.progress().said, std::size_t(2), kPatienceMs);
        } // the others were under way
        bench.open();
        JudgeTask task = bench.task();
        const auto left = judgingFrom(bench.kept().judgings.front());
        QVERIFY(left.has_value());
        QCOMPARE(left->replies().size(), std::size_t(2));
        QCOMPARE(left->records.size(), std::size_t(6)); // the rest is known to have been sent
        task.judging = *left;
        bench.scripted->streams.clear();
        JudgeRun run(std::move(task), bench.providers, bench.store.get());
        QSignalSpy finished(&run, &JudgeRun::finished);
        run.start();
        for (int call = 0; call < 4; ++call)
            bench.say("tie");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
        QCOMPARE(bench.scripted->streams.size(), std::size_t(4));
        QCOMPARE(run.progress().said, std::size_t(6));
        // What was under way may be on the bill: it counts at worst, and only once.
        QVERIFY(run.judging().lost.cost > Money());
        const auto whole = judgingFrom(bench.kept().judgings.front());
        QVERIFY(whole.has_value());
        QVERIFY(*whole == run.judging());
        QVERIFY(whole->open().empty());
    }

    void whatFailedIsAskedAgainAndIsNoVerdict()
    {
        Bench bench;
        bench.sheet = twoModels(1);
        JudgeRun run(bench.task(), bench.providers, bench.store.get());
        QSignalSpy finished(&run, &JudgeRun::finished);
        run.start();
        bench.say("first");
        QTRY_VERIFY_WITH_TIMEOUT(!bench.scripted->live().empty(), kPatienceMs);
        bench.scripted->live().front()->failWith(FailureKind::Auth, "no key");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
        QCOMPARE(run.progress().failed, std::size_t(1));
        QVERIFY(run.lastFailure().find("no key") != std::string::npos);
        const auto left = judgingFrom(bench.kept().judgings.front());
        QVERIFY(left && left->replies().size() == 1);
        QVERIFY(left->open() == std::vector<std::size_t>{1});
        JudgeTask task = bench.task();
        task.judging = *left;
        JudgeRun again(std::move(task), bench.providers, bench.store.get());
        again.start();
        bench.say("second");
        QTRY_COMPARE_WITH_TIMEOUT(again.progress().said, std::size_t(2), kPatienceMs);
        QCOMPARE(again.judging().lost.cost, Money()); // it was turned away
    }

    void theSameRequestIsNotSentToTheSameJudgeAgain()
    {
        Bench bench;
        JudgeRun run(bench.task(), bench.providers, bench.store.get());
        QSignalSpy finished(&run, &JudgeRun::finished);
        run.start();
        for (int call = 0; call < 6; ++call)
            bench.say("first");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
        bench.scripted->streams.clear();

        JudgeTask wider = bench.task();
        JudgeChoices choices;
        choices.axes = {"formality"};
        wider.judging.plan.axes = choices.axes;
        wider.judging.plan.calls = planJudge(bench.sheet, choices, {}, {});
        wider.others = {run.judging()};
        JudgeRun second(std::move(wider), bench.providers, bench.store.get());
        second.start();
        QTRY_COMPARE_WITH_TIMEOUT(bench.scripted->streams.size(), std::size_t(12), kPatienceMs);
        for (const auto& stream : bench.scripted->streams)
            QVERIFY(stream->request.messages.front().text.find("rate") != std::string::npos);
        QCOMPARE(second.progress().said, std::size_t(6));
        QVERIFY(!second.progress().spent); // nobody bills what nobody was asked

        JudgeTask another = bench.task(); // another model of that name
        another.model.upstreamModel = "judge-2";
        another.judging.plan.upstreamModel = "judge-2";
        another.others = {run.judging()};
        bench.scripted->streams.clear();
        JudgeRun third(std::move(another), bench.providers, bench.store.get());
        third.start();
        QTRY_COMPARE_WITH_TIMEOUT(bench.scripted->streams.size(), std::size_t(6), kPatienceMs);
    }

    void aCapHoldsAndIsKept()
    {
        Bench bench;
        JudgeTask task = bench.task();
        task.judging.caps.cost = Money::fromUsd(1e-6);
        JudgeRun run(std::move(task), bench.providers, bench.store.get());
        QSignalSpy reached(&run, &JudgeRun::capWasReached);
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(reached.size(), 1, kPatienceMs);
        QVERIFY(bench.scripted->streams.empty());
        QVERIFY(run.isPaused() && run.capReached());
        RunCaps more;
        more.cost = Money::fromUsd(1);
        run.setCaps(more);
        for (int call = 0; call < 6; ++call)
            bench.say("first");
        QTRY_COMPARE_WITH_TIMEOUT(run.progress().said, std::size_t(6), kPatienceMs);
        const auto kept = judgingFrom(bench.kept().judgings.front());
        QVERIFY(kept && kept->caps == more);
    }

    void aForecastCountsWhatIsSent()
    {
        const Bench bench;
        const JudgeTask task = bench.task();
        const LabPlan plan =
            labPlanOf(task.judging.plan, task.judging.open(), bench.sheet, task.model);
        const RunForecast forecast = judgeForecast(plan, {}, {}, 1, PriceBook(), presentDay());
        QCOMPARE(forecast.cells, std::size_t(6));
        QVERIFY(forecast.cost && forecast.worst);
        QVERIFY(forecast.cost->expected > Money());
        QVERIFY(*forecast.worst >= forecast.cost->high);
        QVERIFY(forecast.tokens.low > 6 * 250); // rules and material are no short prompt
    }

    /// The rules ask for a verdict and a reason of at most 20 words.
    void aFirstForecastTakesVerdictsToBeAsLongAsTheQuestionAsksFor()
    {
        const Bench bench;
        JudgeTask task = bench.task();
        const auto outputOf = [&] {
            const LabPlan plan =
                labPlanOf(task.judging.plan, task.judging.open(), bench.sheet, task.model);
            const auto forecast = judgeForecast(plan, {}, {}, 1, PriceBook(), presentDay());
            const auto calls = static_cast<std::int64_t>(plan.prompts.size());
            const Range<std::int64_t>& all = forecast.models.front().output;
            return Range<std::int64_t>{all.low / calls, all.expected / calls, all.high / calls};
        };
        const Range<std::int64_t> pair = outputOf();
        QVERIFY2(pair.low >= 4 && pair.low <= 10, qPrintable(QString::number(pair.low)));
        QVERIFY2(pair.expected >= 15 && pair.expected <= 45,
                 qPrintable(QString::number(pair.expected)));
        QCOMPARE(pair.high, std::int64_t{kMostVerdictTokens});

        JudgeChoices tone;
        tone.preference = false;
        tone.axes = {"warmth"};
        task.judging.plan.axes = tone.axes;
        task.judging.plan.calls = planJudge(bench.sheet, tone, {}, {});
        const Range<std::int64_t> one = outputOf();
        tone.axes.emplace_back("formality");
        task.judging.plan.axes = tone.axes;
        task.judging.plan.calls = planJudge(bench.sheet, tone, {}, {});
        const Range<std::int64_t> two = outputOf();
        QVERIFY(one.low >= 3 && one.expected <= 20);
        QVERIFY(two.low > one.low && two.expected > one.expected);
    }

    void whatTheJudgeHasSaidTellsHowLongItsVerdictsAre()
    {
        const Bench bench;
        const JudgeTask task = bench.task();
        Judging earlier = task.judging;
        earlier.number = 7;
        for (std::size_t call = 0; call < 4; ++call) {
            JudgeRecord& record = earlier.records[call];
            record.state = JudgeRecord::State::Said;
            record.text = R"({"verdict": "first"})";
            record.inputTokens = 9'000; // of other calls than those of the same places here
            record.outputTokens = 12;
        }
        const LabPlan plan =
            labPlanOf(task.judging.plan, task.judging.open(), bench.sheet, task.model);
        const auto forecast = judgeForecast(plan, {earlier}, {}, 1, PriceBook(), presentDay());
        const ModelForecast& judge = forecast.models.front();
        QVERIFY(!judge.isLengthAssumed);
        QCOMPARE(judge.output, (Range<std::int64_t>{6 * 12, 6 * 12, 6 * 12}));
        QVERIFY(judge.input.high < 6 * 1'000);
    }

    void theSimulatorGoesTheWholeWay()
    {
        Bench bench;
        JudgeRun run(bench.task("simulator"), bench.providers, bench.store.get());
        QVERIFY(run.judging().plan.isSimulated);
        QSignalSpy finished(&run, &JudgeRun::finished);
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
        const Judgement judgement =
            judgementOf(run.judging().plan, run.judging().replies(), bench.sheet, 0);
        QCOMPARE(judgement.replies, std::size_t(6));
        QCOMPARE(judgement.unreadable, std::size_t(0));
        QVERIFY(std::ranges::all_of(judgement.pairs, [](const JudgedPair& pair) {
            return pair.verdict() == -1; // b's answer is the shorter one
        }));
    }
};

QTEST_GUILESS_MAIN(TestJudgeRun)
#include "tst_judge_run.moc"
