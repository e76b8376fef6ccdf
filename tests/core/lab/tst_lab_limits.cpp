// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a run sends nothing before a server allows it, says of each cell that waits why and how
// long, and keeps that with the answer; others go on meanwhile; what failed before its first word
// is tried again as often as the plan says, or not at all. By a clock that the test moves, and
// against a real server in each form that dialects have for "not now".

#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/lab/lab_run.h>
#include <core/providers/curl_transport.h>
#include <core/providers/dialects.h>
#include <core/providers/http_provider.h>
#include <core/providers/key_store.h>
#include <core/providers/openai_chat.h>
#include <core/providers/rate_limiter.h>
#include <tests/core/providers/fake_keychain.h>
#include <tests/support/fault_server.h>
#include <tests/support/scripted_bench.h>
#include <tests/support/sleeping_clock.h>

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Nothing is measured by it: a machine with more to do takes longer.
constexpr int kLongMs = 60'000;

ModelSpec modelAt(const std::string& id, const std::string& provider, const std::string& baseUrl)
{
    ModelSpec model;
    model.id = ModelId(id);
    model.provider = provider;
    model.baseUrl = baseUrl;
    model.upstreamModel = id;
    return model;
}

LabPlan planOf(int prompts, std::vector<ModelSpec> models)
{
    LabPlan plan;
    plan.name = "limits";
    plan.models = std::move(models);
    plan.inFlight = 8;
    plan.inFlightHere = 8;
    for (int i = 0; i < prompts; ++i) {
        LabPrompt prompt;
        prompt.id = PromptId("p" + std::to_string(i));
        prompt.messages = {{Role::User, "Where is my parcel?", 0}};
        plan.prompts.push_back(prompt);
    }
    return plan;
}

struct Bench : TimedBench
{
    /// Until something was sent: a run that is kept sends once its store has it.
    void begin(LabRun& run) const
    {
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(sent() > 0, kLongMs);
    }
    [[nodiscard]] RateLimits requests(std::int64_t limit, std::int64_t left,
                                      std::int64_t resetInMs) const
    {
        return {{{RateLimit::Of::Requests, limit, left, resetInMs}}};
    }
    [[nodiscard]] std::vector<StoredAnswer> attempts(const CellId& cell)
    {
        auto kept = store.background().attempts(
            store.runs()->front().id,
            {static_cast<int>(cell.prompt), static_cast<int>(cell.model), cell.sample});
        kept.waitForFinished();
        return kept.result().value();
    }
};

std::vector<ModelSpec> twoServers()
{
    return {modelAt("busy", "scripted", "https://api.openai.com/v1"),
            modelAt("free", "scripted", "https://free.example/v1")};
}

} // namespace

class TestLabLimits : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aStatedResetIsWaitedForWhileOthersGoOn()
    {
        Bench bench;
        LabPlan plan = planOf(6, twoServers());
        plan.inFlight = 2;
        LabRun run(plan, bench.registry, &bench.store);
        bench.begin(run);
        ScriptedStream* busy = bench.liveOf("busy").at(0);
        busy->send(bench.requests(60, 0, 12'000));
        busy->say("yes");
        busy->finish();
        // Everything of the other server is answered meanwhile.
        for (int i = 0; i < 6; ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(bench.liveOf("free").empty(), false, kLongMs);
            QVERIFY(bench.liveOf("busy").empty());
            bench.liveOf("free").front()->say("yes");
            bench.liveOf("free").front()->finish();
        }
        QTRY_COMPARE_WITH_TIMEOUT(run.progress().finished, std::size_t{7}, kLongMs);
        const Cell& next = run.cell({1, 0, 0});
        QTRY_COMPARE_WITH_TIMEOUT(next.state, CellState::Waiting, kLongMs);
        QCOMPARE(next.status, std::string("waiting 12 s: OpenAI allows 60 requests a minute"));
        QCOMPARE(run.cell({5, 0, 0}).state, CellState::Queued); // further back in the queue
        bench.clock.pass(11'999);
        QTRY_COMPARE_WITH_TIMEOUT(
            next.status, std::string("waiting 1 s: OpenAI allows 60 requests a minute"), kLongMs);
        QVERIFY(bench.provider->live().empty());
        bench.clock.pass(1);
        QTRY_COMPARE_WITH_TIMEOUT(bench.liveOf("busy").size(), std::size_t{2}, kLongMs);
        for (ScriptedStream* stream : bench.liveOf("busy")) {
            stream->say("yes");
            stream->finish();
        }
        QTRY_COMPARE_WITH_TIMEOUT(next.state, CellState::Done, kLongMs);
        QVERIFY(bench.attempts({1, 0, 0}).at(0).retries ==
                (std::vector<AttemptRetry>{{12'000, "OpenAI allows 60 requests a minute", true}}));
        run.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
    }

    void theNextRunKnowsWhatTheLastWasTold()
    {
        Bench bench;
        {
            LabRun run(planOf(1, twoServers()), bench.registry, nullptr);
            bench.begin(run);
            bench.liveOf("busy").at(0)->send(bench.requests(60, 0, 12'000));
        }
        LabRun next(planOf(1, twoServers()), bench.registry, nullptr);
        next.start();
        QCOMPARE(next.cell({0, 0, 0}).state, CellState::Waiting);
        QCOMPARE(next.progress().running, std::size_t{1});
    }

    void whatIsRefusedComesBackWhenTheServerWantsIt()
    {
        Bench bench;
        LabRun run(planOf(1, twoServers()), bench.registry, &bench.store);
        bench.begin(run);
        bench.liveOf("busy").at(0)->refuse(429, 5'000);
        const Cell& cell = run.cell({0, 0, 0});
        QCOMPARE(cell.state, CellState::Waiting);
        QCOMPARE(cell.status, std::string("waiting 5 s: OpenAI asks for a pause"));
        QCOMPARE(run.progress().running, std::size_t{1}); // it is in nobody's way
        bench.clock.pass(4'999);
        run.setInFlightHere(7); // looks again
        QVERIFY(bench.liveOf("busy").empty());
        bench.clock.pass(1);
        run.setInFlightHere(8);
        QCOMPARE(bench.liveOf("busy").size(), std::size_t{1});
        bench.liveOf("busy").at(0)->refuse(503, 2'000);
        bench.clock.pass(2'000);
        run.setInFlightHere(7);
        bench.liveOf("busy").at(0)->say("at last");
        bench.liveOf("busy").at(0)->finish();
        QTRY_COMPARE_WITH_TIMEOUT(cell.state, CellState::Done, kLongMs);
        const auto attempts = bench.attempts({0, 0, 0});
        QCOMPARE(attempts.size(), std::size_t{1});
        QVERIFY(attempts.at(0).retries ==
                (std::vector<AttemptRetry>{{5'000, "rate limit"}, {2'000, "server error 503"}}));
        run.stop();
    }

    void triesAreBounded_data()
    {
        QTest::addColumn<int>("retries");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("sent");
        QTest::newRow("errors") << 2 << 500 << 3;
        QTest::newRow("unavailable")
            << 2 << 503 << 3; // a server that is down is not asked for ever
        QTest::newRow("refusals") << 2 << 429 << 11;
        QTest::newRow("errors, off") << 0 << 500 << 1;
        QTest::newRow("refusals, off") << 0 << 429 << 1;
    }
    void triesAreBounded()
    {
        QFETCH(const int, retries);
        QFETCH(const int, status);
        QFETCH(const int, sent);
        Bench bench;
        LabPlan plan = planOf(1, {modelAt("busy", "scripted", "https://api.openai.com/v1")});
        plan.retries = retries;
        LabRun run(plan, bench.registry, &bench.store);
        bench.begin(run);
        for (int i = 0; i < 20 && !bench.provider->live().empty(); ++i) {
            QCOMPARE(bench.provider->live().at(0)->request.retries, 0);
            bench.provider->live().at(0)->refuse(status);
            bench.clock.pass(60'000);
            run.setInFlightHere(i); // looks again
        }
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Failed);
        QCOMPARE(int(bench.provider->streams.size()), sent);
        QCOMPARE(int(bench.attempts({0, 0, 0}).at(0).retries.size()), sent - 1);
    }

    void nothingIsTriedAgainAfterTheFirstWord()
    {
        Bench bench;
        LabRun run(planOf(1, twoServers()), bench.registry, nullptr);
        bench.begin(run);
        bench.liveOf("busy").at(0)->say("Half");
        bench.liveOf("busy").at(0)->refuse(503);
        QTRY_COMPARE_WITH_TIMEOUT(run.cell({0, 0, 0}).state, CellState::Failed, kLongMs);
        QVERIFY(bench.liveOf("busy").empty());
    }

    void anEmptyAccountIsNotAskedAgainUntilAPersonSaysSo()
    {
        Bench bench;
        LabPlan plan = planOf(3, twoServers());
        plan.inFlight = 2;
        LabRun run(plan, bench.registry, &bench.store);
        bench.begin(run);
        bench.liveOf("busy").at(0)->failWith(FailureKind::QuotaUsedUp, "no credit left.");
        QTRY_COMPARE_WITH_TIMEOUT(run.progress().failed, std::size_t{3}, kLongMs);
        const Answer& unsent = run.cell({2, 0, 0}).answer;
        QVERIFY(unsent.failureKind == FailureKind::QuotaUsedUp);
        QCOMPARE(unsent.failure,
                 std::string("Not sent, because of an earlier call: no credit left."));
        QVERIFY(!bench.liveOf("free").empty());
        run.rerunFailed();
        while (bench.liveOf("busy").empty()) { // behind the others in the queue
            bench.liveOf("free").front()->say("yes");
            bench.liveOf("free").front()->finish();
            QTRY_VERIFY_WITH_TIMEOUT(!bench.provider->live().empty(), kLongMs);
        }
        run.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
    }

    void aWaitForTomorrowIsNoWaitOfTheRun()
    {
        Bench bench;
        LabPlan plan = planOf(2, {modelAt("busy", "scripted", "https://api.groq.com/openai/v1")});
        plan.inFlight = 1;
        LabRun run(plan, bench.registry, nullptr);
        bench.begin(run);
        bench.provider->live().at(0)->send(bench.requests(1'000, 0, 11'520'000));
        bench.provider->live().at(0)->say("yes");
        bench.provider->live().at(0)->finish();
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
        QCOMPARE(
            run.cell({1, 0, 0}).answer.failure,
            std::string("Not sent: Groq allows 1,000 requests a day, and takes no more for 3 h "
                        "12 min. Retry what failed after that."));
        QVERIFY(run.cell({1, 0, 0}).answer.failureKind == FailureKind::RateLimit);
    }

    void stoppingAndPausingEndAWait()
    {
        Bench bench;
        LabRun run(planOf(2, twoServers()), bench.registry, &bench.store);
        bench.begin(run);
        bench.liveOf("busy").at(0)->refuse(429, 5'000);
        run.pause();
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Queued);
        bench.clock.pass(5'000);
        run.setInFlightHere(7);
        QCOMPARE(bench.liveOf("busy").size(), std::size_t{1}); // the other prompt's
        run.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Stopped);
        QCOMPARE(bench.attempts({0, 0, 0}).at(0).state, StoredState::Stopped);
        run.rerun({0, 0, 0});
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Waiting);
        run.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
    }

    /// A real server says no in each of the forms, and another one next to it is free.
    void everyFormOfNotNowIsObeyed_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, int status, const char* header, const char* body) {
            QTest::newRow(name) << status << QByteArray(header) << QByteArray(body);
        };
        row("seconds", 429, "Retry-After: 3", "{}");
        row("fraction", 429, "Retry-After: 2.5", "{}");
        row("milliseconds", 429, "retry-after-ms: 2500", "{}");
        row("date", 429, "Retry-After: Mon, 21 Sep 2026 14:13:23 GMT", "{}");
        row("overloaded", 529, "Retry-After: 3", R"({"error":{"type":"overloaded_error"}})");
        row("unavailable", 503, "Retry-After: 3", "{}");
        row("in the body", 429, "X: y",
            R"({"error":{"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"3s"}]}})");
        row("a budget with a reset", 429,
            "x-ratelimit-limit-requests: 60\r\nx-ratelimit-remaining-requests: 0\r\n"
            "x-ratelimit-reset-requests: 3s",
            "{}");
        row("a budget with a time", 429,
            "anthropic-ratelimit-requests-limit: 50\r\n"
            "anthropic-ratelimit-requests-remaining: 0\r\n"
            "anthropic-ratelimit-requests-reset: 2026-09-21T14:13:23Z",
            "{}");
    }
    void everyFormOfNotNowIsObeyed()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, header);
        QFETCH(const QByteArray, body);
        FaultServer busy;
        busy.answer(whole(status, "application/json", body,
                          {"Date: Mon, 21 Sep 2026 14:13:20 GMT", header}));
        busy.answer(goodAnswer());
        FaultServer free;
        free.answer(goodAnswer());
        ManualClock clock;
        ProviderRegistry registry(clock);
        registry.add(std::make_unique<HttpProvider>(
            openAiChatDialect(), std::make_shared<CurlTransport>(),
            std::make_shared<KeyStore>(
                std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>()))));
        LabPlan plan = planOf(4, {modelAt("busy", "openai", busy.baseUrl()),
                                  modelAt("free", "openai", free.baseUrl())});
        plan.inFlight = 2;
        LabRun run(plan, registry, nullptr);
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(run.progress().answered(), std::size_t{4}, kLongMs);
        QTRY_COMPARE_WITH_TIMEOUT(busy.requests().size(), std::size_t{1}, kLongMs);
        QCOMPARE(free.requests().size(), std::size_t{4});
        QTRY_COMPARE_WITH_TIMEOUT(run.cell({0, 0, 0}).state, CellState::Waiting, kLongMs);
        QVERIFY2(run.cell({0, 0, 0}).status.starts_with("waiting 3 s: localhost:"),
                 run.cell({0, 0, 0}).status.c_str());
        QCOMPARE(busy.requests().size(), std::size_t{1}); // whatever real time has passed
        clock.pass(3'001);
        QTRY_COMPARE_WITH_TIMEOUT(run.progress().answered(), std::size_t{8}, kLongMs);
        QCOMPARE(busy.requests().size(), std::size_t{5});
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
    }

    /// Of two calls that a sleep cut off, the one before its first word is sent again, and the one
    /// in mid-answer is marked as cut; the run goes on by itself.
    void aRunOutlivesASleep()
    {
        const QByteArray begin =
            head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"});
        FaultServer server;
        server.answer(HttpScript{send(begin + chunk(textEvent("Half of"))), hang()});
        server.answer(HttpScript{send(begin), hang()});
        server.answer(goodAnswer());
        SleepingClock clock;
        ProviderRegistry registry(clock);
        registry.add(std::make_unique<HttpProvider>(
            openAiChatDialect(),
            std::make_shared<CurlTransport>(CurlTransport::Wake{&clock, 1, 20, false}),
            std::make_shared<KeyStore>(
                std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>()))));
        auto store = EvidenceStore::openTemporary();
        LabPlan plan = planOf(3, {modelAt("far", "openai", server.baseUrl())});
        plan.inFlight = 2;
        plan.firstBackoffMs = 1;
        LabRun run(plan, registry, &*store);
        const auto written = [&] {
            return std::ranges::count_if(std::vector<std::size_t>{0, 1, 2}, [&](std::size_t i) {
                return run.cell({i, 0, 0}).state == CellState::Writing;
            });
        };
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(server.requests().size(), std::size_t{2}, kLongMs);
        QTRY_COMPARE_WITH_TIMEOUT(written(), 1, kLongMs);
        clock.sleep(7'200'000);
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
        QCOMPARE(run.progress().answered(), std::size_t{2});
        QCOMPARE(run.progress().failed, std::size_t{1});
        QCOMPARE(server.requests().size(), std::size_t{4}); // two, one of them again, the third
        const auto answers = store->answers(*run.id());
        QCOMPARE(answers->size(), std::size_t{3});
        for (const Answer& answer : *answers) {
            const bool isCut = answer.failureKind == FailureKind::Truncated;
            QCOMPARE(answer.text, std::string(isCut ? "Half of" : "Hello there"));
            QCOMPARE(answer.state == AnswerState::Done, !isCut);
            QVERIFY(!isCut || answer.failure.find("computer slept") != std::string::npos);
            QVERIFY(answer.totalMs.value_or(0) >= 0 && answer.firstTokenMs.value_or(0) >= 0);
        }
    }

    void withoutRetriesARefusalIsTheAnswer()
    {
        FaultServer server;
        server.answer(whole(429, "application/json", "{}", {"Retry-After: 3"}));
        server.answer(goodAnswer());
        ManualClock clock;
        ProviderRegistry registry(clock);
        registry.add(std::make_unique<HttpProvider>(
            openAiChatDialect(), std::make_shared<CurlTransport>(),
            std::make_shared<KeyStore>(
                std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>()))));
        LabPlan plan = planOf(1, {modelAt("busy", "openai", server.baseUrl())});
        plan.retries = 0;
        LabRun run(plan, registry, nullptr);
        run.start();
        QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), kLongMs);
        QVERIFY(run.cell({0, 0, 0}).answer.failureKind == FailureKind::RateLimit);
        QCOMPARE(server.requests().size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestLabLimits)
#include "tst_lab_limits.moc"
