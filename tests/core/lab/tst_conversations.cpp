// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: each turn of a conversation is sent with what the asked model itself answered before, as
// a cell of its own; a turn never goes on from an answer that is not there any more; what is
// finished is not sent again after a crash; the policy decides on every turn with what was said.

#include <core/base/clock.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/answer_import.h>
#include <core/lab/conversation.h>
#include <core/lab/lab_run.h>
#include <core/lab/own_prompts.h>
#include <core/lab/policy_column.h>
#include <core/lab/recorded_plan.h>
#include <core/lab/run_budget.h>
#include <core/lab/run_export.h>
#include <core/lab/run_forecast.h>
#include <core/voice/policy_route.h>
#include <tests/support/manual_clock.h>
#include <tests/support/policy_builder.h>
#include <tests/support/scripted_bench.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Our own words, and a prompt that stands alone between them.
constexpr const char* kCases =
    R"({"id": "lamp", "system": "You work at a lamp shop.", "turns": ["My parcel came with a broken lamp. What can I do?", "Would I pay for sending it back?", "And when is the money on my account?"]}
{"id": "hours", "prompt": "When do you open on Sundays?"}
{"id": "bulb", "messages": [{"role": "user", "content": "Which bulb fits the desk lamp?"}, {"role": "assistant", "content": null}, {"role": "user", "content": "Do you have it in warm white?"}]}
)";

LabPlan planOf(const char* cases, int models = 1)
{
    LabPlan plan;
    plan.name = "turns";
    plan.prompts = importPrompts(cases)->prompts;
    for (int i = 0; i < models; ++i)
        plan.models.push_back(scriptedModel("m" + std::to_string(i)));
    return plan;
}

constexpr const char* kThreeTurns = R"({"turns": ["one", "two", "three"]})";
constexpr CellId kFirst{0, 0, 0};
constexpr CellId kSecond{1, 0, 0};
constexpr CellId kThird{2, 0, 0};

struct Bench : ScriptedBench
{
    Bench() = default;
    explicit Bench(const Clock& clock) : ScriptedBench(clock) {}
    std::vector<ChatRequest> answered; ///< as they were
    /// The one live call says this.
    void answer(const std::string& text)
    {
        QTRY_COMPARE(provider->live().size(), std::size_t(1));
        ScriptedStream* const stream = provider->live().front();
        answered.push_back(stream->request);
        stream->say(text);
        stream->finish();
    }
    /// Every call, as it comes, until the run is over.
    void answerAll(LabRun& run, const std::function<std::string(const ChatRequest&)>& textOf)
    {
        while (run.isRunning()) {
            for (ScriptedStream* stream : provider->live()) {
                answered.push_back(stream->request);
                stream->say(textOf(stream->request));
                stream->finish();
            }
            QTRY_VERIFY(!provider->live().empty() || !run.isRunning());
        }
    }
};

std::string lastOf(const ChatRequest& request)
{
    return request.messages.back().text;
}

std::string answerTo(const ChatRequest& request)
{
    return request.upstreamModel + " on: " + lastOf(request);
}

QStringList wordsOf(const std::vector<Message>& messages)
{
    QStringList words;
    for (const Message& message : messages)
        words << QString::fromStdString(message.text);
    return words;
}

QStringList textsOf(const LabRun& run)
{
    QStringList texts;
    for (std::size_t row = 0; row < run.plan().prompts.size(); ++row)
        texts << QString::fromStdString(run.cell({row, 0, 0}).answer.text);
    return texts;
}

} // namespace

class TestConversations : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void eachTurnIsSentWithTheModelsOwnAnswers()
    {
        Bench bench;
        LabPlan plan = planOf(kCases, 2);
        plan.samples = 2;
        LabRun run(plan, bench.registry, &bench.store);
        run.start();
        QCOMPARE(bench.sent(), std::size_t(12)); // three first questions, to two models, twice
        QCOMPARE(run.cell({1, 0, 0}).state, CellState::Queued);
        QCOMPARE(run.cell({1, 0, 0}).status, std::string("after turn 1"));
        bench.answerAll(run, [](const ChatRequest& request) {
            return answerTo(request) + " #" + std::to_string(request.sample);
        });
        QCOMPARE(bench.sent(), std::size_t(24));
        QCOMPARE(run.progress().answered(), std::size_t(24));
        QStringList last;
        for (const ChatRequest& request : bench.answered) {
            if (lastOf(request).starts_with("And when") && request.sample == 1 &&
                request.upstreamModel == "m1-upstream")
                last = wordsOf(request.messages);
        }
        QCOMPARE(last,
                 (QStringList{
                     QStringLiteral("You work at a lamp shop."),
                     QStringLiteral("My parcel came with a broken lamp. What can I do?"),
                     QStringLiteral(
                         "m1-upstream on: My parcel came with a broken lamp. What can I do? #1"),
                     QStringLiteral("Would I pay for sending it back?"),
                     QStringLiteral("m1-upstream on: Would I pay for sending it back? #1"),
                     QStringLiteral("And when is the money on my account?")}));
    }

    void aPausedRunBeginsNoTurn()
    {
        Bench bench;
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        run.start();
        run.pause();
        bench.answer("1");
        QTRY_COMPARE(run.cell(kFirst).state, CellState::Done);
        QCOMPARE(bench.sent(), std::size_t(1));
        run.start();
        bench.answer("2");
        QTRY_COMPARE(run.cell(kSecond).state, CellState::Done);
        run.stop();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell(kThird).state, CellState::Stopped);
    }

    void aTurnBehindAFailedOneIsNotSent()
    {
        Bench bench;
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        run.start();
        bench.answer("1");
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        bench.provider->live().front()->failWith(FailureKind::BadRequest, "no");
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell(kSecond).state, CellState::Failed);
        QCOMPARE(run.cell(kThird).state, CellState::Stopped);
        QCOMPARE(run.cell(kThird).status, std::string("waits for turn 2, which failed"));

        run.rerun(kSecond); // and what waited for it
        bench.answer("2");
        bench.answer("3");
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(textsOf(run),
                 (QStringList{QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("3")}));
    }

    void askingAWaitingTurnAsksWhatItWaitsFor()
    {
        Bench bench;
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        run.start();
        QTRY_COMPARE(bench.sent(), std::size_t(1));
        bench.provider->live().front()->failWith(FailureKind::BadRequest, "no");
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell(kThird).status, std::string("waits for turn 1, which failed"));
        run.rerun(kThird);
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        QCOMPARE(lastOf(bench.provider->live().front()->request), std::string("one"));
        bench.answerAll(run, answerTo);
        QCOMPARE(run.progress().answered(), std::size_t(3));
    }

    /// The old answers to later turns go on from words that are not there any more.
    void anotherAnswerToATurnHasTheLaterOnesAskedAnew()
    {
        Bench bench;
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        run.start();
        bench.answerAll(run, answerTo);
        run.rerun(kFirst);
        QCOMPARE(run.cell(kThird).state, CellState::Done); // it may say the same
        bench.answer("otherwise");
        QTRY_COMPARE(bench.sent(), std::size_t(5));
        QCOMPARE(run.cell(kThird).state, CellState::Queued);
        QCOMPARE(run.cell(kThird).answer.text, std::string());
        QCOMPARE(wordsOf(bench.provider->live().front()->request.messages),
                 (QStringList{QStringLiteral("one"), QStringLiteral("otherwise"),
                              QStringLiteral("two")}));
        bench.answerAll(run, answerTo);
        QCOMPARE(bench.sent(), std::size_t(6));
        QCOMPARE(run.progress().answered(), std::size_t(3));
    }

    void theSameAnswerAgainLeavesTheLaterOnes()
    {
        Bench bench;
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        run.start();
        bench.answerAll(run, answerTo);
        run.rerun(kFirst);
        bench.answerAll(run, answerTo);
        QCOMPARE(bench.sent(), std::size_t(4));
        run.rerun(kFirst); // and one that gives nothing
        QTRY_COMPARE(bench.sent(), std::size_t(5));
        bench.provider->live().front()->failWith(FailureKind::BadRequest, "no");
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(bench.sent(), std::size_t(5));
        QCOMPARE(run.progress().answered(), std::size_t(3));
    }

    /// A later turn is being written while the one before it is asked again.
    void aTurnThatWasWrittenMeanwhileIsAskedAnew()
    {
        Bench bench;
        LabRun run(planOf(R"({"turns": ["one", "two"]})"), bench.registry, &bench.store);
        run.start();
        bench.answer("1");
        QTRY_COMPARE(bench.sent(), std::size_t(2));
        const auto old = bench.provider->streams[1];
        run.rerun(kFirst);
        QTRY_COMPARE(bench.sent(), std::size_t(3));
        bench.provider->streams[2]->say("another 1");
        bench.provider->streams[2]->finish();
        QTRY_COMPARE(run.cell(kFirst).state, CellState::Done);
        old->say("to the old 1");
        old->finish();
        QTRY_COMPARE(bench.sent(), std::size_t(4));
        bench.answer("to another 1");
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(run.cell(kSecond).answer.text, std::string("to another 1"));
    }

    void afterACrashFinishedTurnsAreNotSentAgain()
    {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "evidence.sqlite";
        RunId id;
        {
            Bench bench;
            bench.store = std::move(*EvidenceStore::open(file));
            LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
            run.start();
            bench.answer("1");
            QTRY_COMPARE(bench.sent(), std::size_t(2));
            bench.provider->live().front()->say("half of the sec"); // and the program dies here
            id = *run.id();
        }
        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file));
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(id), std::size_t(1));
        run.start();
        bench.answerAll(run, answerTo);
        QCOMPARE(bench.sent(), std::size_t(2));
        QCOMPARE(wordsOf(bench.answered.front().messages),
                 (QStringList{QStringLiteral("one"), QStringLiteral("1"), QStringLiteral("two")}));
        QCOMPARE(textsOf(run),
                 (QStringList{QStringLiteral("1"), QStringLiteral("m0-upstream on: two"),
                              QStringLiteral("m0-upstream on: three")}));
    }

    /// It died after a turn had another answer, and before the next one was asked anew.
    void afterACrashNoTurnGoesOnFromAnAnswerThatIsGone()
    {
        Bench bench;
        RunId id;
        {
            LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
            run.start();
            bench.answerAll(run, answerTo);
            id = *run.id();
            run.rerun(kFirst);
            bench.answer("otherwise");
            QTRY_COMPARE(run.cell(kFirst).state, CellState::Done);
        }
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(id), std::size_t(1));
        QCOMPARE(run.waiting().size(), std::size_t(2));
        const auto report = reportOfRun(bench.store, id, {});
        QVERIFY(report.has_value());
        QCOMPARE(report->answers.size(), std::size_t(1));
    }

    /// Which answer is the newer one is told by how they came, not by the clock on the wall.
    void aClockThatIsSetBackChangesNoOrder()
    {
        constexpr std::int64_t kHourMs = 3'600'000;
        ManualClock clock;
        Bench bench(clock);
        RunId id;
        {
            LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
            run.start();
            bench.answer("1");
            QTRY_COMPARE(bench.sent(), std::size_t(2));
            clock.jump(-kHourMs);
            bench.answerAll(run, answerTo);
            id = *run.id();
        }
        {
            LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
            QCOMPARE(*run.resumeFrom(id), std::size_t(3)); // nothing is asked twice
            clock.jump(-kHourMs);
            run.rerun(kFirst);
            bench.answer("otherwise");
            QTRY_COMPARE(run.cell(kFirst).state, CellState::Done);
        } // and the program dies here
        const auto attempts = bench.store.attempts(id, {0, 0, 0});
        QCOMPARE(attempts->size(), std::size_t(2));
        QCOMPARE(attempts->back().text, std::string("otherwise"));
        LabRun run(planOf(kThreeTurns), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(id), std::size_t(1));
        QCOMPARE(run.cell(kFirst).answer.text, std::string("otherwise"));
    }

    void knownAnswersAreTakenTurnByTurn()
    {
        Bench bench;
        LabPlan plan = planOf(kThreeTurns);
        plan.models[0].baseUrl = "https://models.example.com/v1"; // exactly the same needs a server
        {
            LabRun run(plan, bench.registry, &bench.store);
            run.start();
            bench.answerAll(run, answerTo);
        }
        plan.reuse = LabPlan::Reuse::ExactRequest;
        LabRun run(plan, bench.registry, &bench.store);
        QCOMPARE(run.reusable(run.waiting())->size(), std::size_t(3));
        run.start();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(bench.sent(), std::size_t(3));
        QCOMPARE(textsOf(run).last(), QStringLiteral("m0-upstream on: three"));
        QVERIFY(run.cell(kThird).answer.reused);
    }

    void aTurnWhoseBeginningIsMissingSaysSo()
    {
        Bench bench;
        LabPlan plan = planOf(kThreeTurns);
        plan.prompts.erase(plan.prompts.begin());
        LabRun run(plan, bench.registry, &bench.store);
        run.start();
        QTRY_VERIFY(!run.isRunning());
        QCOMPARE(bench.sent(), std::size_t(0));
        QCOMPARE(run.progress().failed, std::size_t(2));
        QVERIFY(run.cell({0, 0, 0}).status.find("turns before it") != std::string::npos);
    }

    /// A cap holds with every reply as long as it may get; once it is there, as long as it is.
    void theWorstCaseHasTheRepliesBefore()
    {
        LabPlan plan = planOf(kThreeTurns);
        plan.asking.maxTokens = 1000;
        const RunBudget before(plan);
        QVERIFY(*before.worstOf(kThird).tokens - *before.worstOf(kFirst).tokens >= 2000);
        const RunBudget known(plan, {}, [&](const CellId& id) {
            LabPrompt prompt = plan.prompts[id.prompt];
            prompt.messages = withReplies(prompt.messages, {"short", "short"});
            return std::optional(prompt);
        });
        QVERIFY(*known.worstOf(kThird).tokens - *known.worstOf(kFirst).tokens < 200);
    }

    void theForecastHasTheRepliesBefore()
    {
        LabPlan plan = planOf(kThreeTurns);
        const AnswerHistory none;
        const PromptTokens counted = promptTokensOf(plan.prompts);
        const auto inputOf = [&](const CellId& cell) {
            return forecastOf({plan,
                               {cell},
                               {},
                               none,
                               counted,
                               bundledPriceBook(),
                               *parseDay("2026-08-01")})
                .models.front()
                .input;
        };
        const auto first = inputOf(kFirst);
        const auto third = inputOf(kThird);
        QVERIFY(third.expected - first.expected >= 2 * kUsualOutputTokens);
        QVERIFY(third.expected - first.expected < 2 * kUsualOutputTokens + 60);
        QVERIFY(third.high - first.high >= 2 * *plan.asking.maxTokens);
    }

    /// "lawyer" was said in the first turn: scope "all user turns" sends the second to "dear",
    /// which is given what "cheap" answered before.
    void thePolicyDecidesOnEachTurnWithWhatWasSaid()
    {
        Bench bench;
        const PolicyDocument policy = PolicyBuilder({})
                                          .model(scriptedModel("cheap"))
                                          .model(scriptedModel("dear"))
                                          .baseline("dear")
                                          .signal("said", ContainsSource{TextScope::All, "refund"})
                                          .rule("later", when("said"), call("dear"))
                                          .otherwise(call("cheap"))
                                          .document();
        LabPlan plan;
        plan.prompts = importPrompts(R"({"turns": ["one", "two"]})")->prompts;
        plan.models = policy.models;
        addPolicyColumn(plan, PolicyColumn::of(policy));
        LabRun run(plan, bench.registry, &bench.store);
        run.start();
        bench.answerAll(run, [](const ChatRequest& request) {
            return request.upstreamModel + ": a refund, on " + lastOf(request);
        });
        QCOMPARE(run.cell({0, 2, 0}).answer.text, std::string("cheap-upstream: a refund, on one"));
        QCOMPARE(run.cell({1, 2, 0}).answer.text, std::string("dear-upstream: a refund, on two"));
        // Turn 1 was cheap's own; turn 2 is dear's, but not after dear's own turn 1.
        QCOMPARE(bench.sent(), std::size_t(5));
        QStringList mixed;
        for (const ChatRequest& request : bench.answered) {
            if (request.upstreamModel == "dear-upstream" && request.messages.size() == 3 &&
                request.messages[1].text.starts_with("cheap"))
                mixed = wordsOf(request.messages);
        }
        QCOMPARE(mixed, (QStringList{QStringLiteral("one"),
                                     QStringLiteral("cheap-upstream: a refund, on one"),
                                     QStringLiteral("two")}));
    }

    /// A conversation that stays with one model is that model's own, word for word: nothing is
    /// sent.
    void aPolicyThatStaysTakesTheWholeConversation()
    {
        Bench bench;
        const PolicyDocument policy = PolicyBuilder({})
                                          .model(scriptedModel("cheap"))
                                          .baseline("cheap")
                                          .otherwise(call("cheap"))
                                          .document();
        LabPlan plan;
        plan.prompts = importPrompts(kThreeTurns)->prompts;
        plan.models = policy.models;
        addPolicyColumn(plan, PolicyColumn::of(policy));
        LabRun run(plan, bench.registry, &bench.store);
        QVERIFY(run.policyCalls({2, 1, 0}).isFirstTaken);
        run.start();
        bench.answerAll(run, answerTo);
        QCOMPARE(bench.sent(), std::size_t(3));
        QCOMPARE(run.cell({2, 1, 0}).answer.text, run.cell(kThird).answer.text);

        run.rerun(kFirst); // the policy's conversation follows
        bench.answer("otherwise");
        bench.answerAll(run, answerTo);
        QCOMPARE(bench.sent(), std::size_t(6));
        QCOMPARE(run.cell({0, 1, 0}).answer.text, std::string("otherwise"));
        QCOMPARE(run.progress().answered(), std::size_t(6));
    }

    /// What draws by conversation draws the same for all its turns.
    void aSplitThatSticksStays()
    {
        const PolicyDocument policy =
            PolicyBuilder({})
                .model(scriptedModel("cheap"))
                .model(scriptedModel("dear"))
                .baseline("dear")
                .otherwise(split({{5000, call("cheap")}, {5000, call("dear")}}))
                .document();
        const auto column = PolicyColumn::of(policy);
        int changed = 0;
        for (int i = 0; i < 40; ++i) {
            const auto turns = importPrompts("{\"turns\": [\"question " + std::to_string(i) +
                                             "\", \"and then?\"]}")
                                   ->prompts;
            const std::string& opening = openingOf(turns[1].messages);
            changed += column->decide(turns[0]).tier != column->decide(turns[1], opening).tier;
        }
        QCOMPARE(changed, 0);
    }

    void whatIsExportedIsTheSameConversationAgain()
    {
        Bench bench;
        LabRun run(planOf(kCases), bench.registry, &bench.store);
        run.start();
        bench.answerAll(run, answerTo);
        const auto report = reportOfRun(bench.store, *run.id(), {});
        QVERIFY(report.has_value());
        for (const RunFormat format : {RunFormat::JsonLines, RunFormat::Csv}) {
            const auto import = importAnswers(*toFile(*report, format));
            QVERIFY2(import.has_value(), import ? "" : toString(import.error()).c_str());
            QCOMPARE(import->prompts.size(), run.plan().prompts.size());
            QStringList asked;
            for (const LabPrompt& prompt : import->prompts)
                asked << QString::fromStdString(prompt.id.value + " after " + prompt.follows.value);
            QStringList wanted;
            for (const LabPrompt& prompt : run.plan().prompts)
                wanted << QString::fromStdString(prompt.id.value + " after " +
                                                 prompt.follows.value);
            asked.sort();
            wanted.sort();
            QCOMPARE(asked, wanted);
            const Conversations conversations(import->prompts);
            for (std::size_t row = 1; row < import->prompts.size(); ++row)
                QVERIFY(!conversations.before(row) || *conversations.before(row) == row - 1);
        }
    }
};

QTEST_GUILESS_MAIN(TestConversations)
#include "tst_conversations.moc"
