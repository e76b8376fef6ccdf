// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: 24 streams of 200 events a second each leave the window responsive, by themselves and as
// a run that records its answers. What the window's
// thread works between two ticks of its timer is counted in processor time, so that a busy machine
// cannot make this fail and a quick one cannot hide it.

#include "fake_keychain.h"
#include "stream_probe.h"

#include <core/evidence/evidence_store.h>
#include <core/lab/lab_run.h>
#include <core/providers/curl_transport.h>
#include <core/providers/http_provider.h>
#include <core/providers/openai_chat.h>
#include <tests/support/fault_server.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <ctime>
#include <filesystem>

using namespace signalbox;
using namespace signalbox::test;

namespace {

double threadCpuMs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

/// Counts the ticks of a timer on this thread and the longest work between two of them.
class Ticker
{
public:
    Ticker() : m_lastMs(threadCpuMs())
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
        m_timer.start(5);
    }
    [[nodiscard]] int ticks() const { return m_ticks; }
    [[nodiscard]] double longestMs() const { return m_longestMs; }

private:
    void tick()
    {
        const double nowMs = threadCpuMs();
        m_longestMs = std::max(m_longestMs, nowMs - m_lastMs);
        m_lastMs = nowMs;
        ++m_ticks;
    }
    QTimer m_timer;
    int m_ticks = 0;
    double m_longestMs = 0;
    double m_lastMs;
};

constexpr int kStreams = 24;
constexpr int kSeconds = 1;
constexpr double kLongestWorkMs = 50;

/// 200 events a second for `seconds`, as a server with a steady model sends them.
HttpScript steadyStream(int seconds)
{
    HttpScript script = {
        send(head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))};
    for (int i = 0; i < 200 * seconds; ++i) {
        script.push_back(send(chunk(textEvent("word "))));
        script.push_back(pauseMs(5));
    }
    script.push_back(send(chunk(dataEvent(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})") +
                                dataEvent("[DONE]")) +
                          chunk({})));
    return script;
}

} // namespace

class TestStreamLoad : public QObject
{
    Q_OBJECT
private slots:
    void manyStreamsLeaveTheWindowResponsive()
    {
        FaultServer server;
        server.answer(steadyStream(kSeconds));
        HttpProvider provider(openAiChatDialect(), std::make_shared<CurlTransport>(),
                              std::make_shared<KeyStore>(std::make_unique<FakeKeychain>(
                                  std::make_shared<FakeKeychain::State>())));
        ChatRequest request;
        request.baseUrl = server.baseUrl();
        request.upstreamModel = "tiny";
        request.messages = {{Role::User, "Hi"}};

        const Ticker ticker;
        std::vector<std::unique_ptr<StreamProbe>> probes;
        for (int i = 0; i < kStreams; ++i)
            probes.push_back(std::make_unique<StreamProbe>(provider.start(request)));
        int batches = 0;
        for (const auto& probe : probes) {
            QVERIFY(probe->waitForEnd());
            QVERIFY2(probe->hasFinished(), probe->everything().c_str());
            QCOMPARE(probe->text().size(), std::size_t(5 * 200 * kSeconds));
            batches = std::max(batches, probe->batches);
        }
        QVERIFY2(ticker.longestMs() < kLongestWorkMs,
                 qPrintable(QString::number(ticker.longestMs())));
        QVERIFY(ticker.ticks() > 0);
        // 200 events a second come in some 30 signals, not in 200.
        const double lastedMs = *probes.front()->stream().times().endMs;
        QVERIFY2(batches <= int(lastedMs / 33) + 3, qPrintable(QString::number(batches)));
    }

    void aRunOfAsManyStreamsDoesToo()
    {
        FaultServer server;
        server.answer(steadyStream(kSeconds));
        ProviderRegistry registry;
        registry.add(std::make_unique<HttpProvider>(
            openAiChatDialect(), std::make_shared<CurlTransport>(),
            std::make_shared<KeyStore>(
                std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>()))));
        const QTemporaryDir folder;
        auto store = EvidenceStore::open(std::filesystem::path(folder.path().toStdString()) /
                                         "evidence.sqlite");
        QVERIFY(store.has_value());
        LabPlan plan; // with as many calls at once as a far server gets by default
        plan.inFlightHere = plan.inFlight;
        plan.models.resize(1);
        plan.models[0].id = ModelId("tiny");
        plan.models[0].provider = "openai";
        plan.models[0].baseUrl = server.baseUrl();
        for (int i = 0; i < kStreams; ++i)
            plan.prompts.push_back({PromptId(std::to_string(i)), {}, {{Role::User, "Hi", 0}}, {}});

        const Ticker ticker;
        LabRun run(plan, registry, &*store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QCOMPARE(run.progress().running, std::size_t(kStreams));
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QVERIFY2(ticker.longestMs() < kLongestWorkMs,
                 qPrintable(QString::number(ticker.longestMs())));
        const auto answers = store->allAnswers();
        QCOMPARE(answers->size(), std::size_t(kStreams));
        for (const Answer& answer : *answers)
            QCOMPARE(answer.text.size(), std::size_t(5 * 200 * kSeconds));
    }

    void aFloodComesInFewEvents()
    {
        FaultServer server;
        server.answer(HttpScript{
            send(head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"})),
            flood(chunk(textEvent("x")), 3'000'000),
            send(chunk(dataEvent(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})") +
                       dataEvent("[DONE]")) +
                 chunk({}))});
        HttpProvider provider(openAiChatDialect(), std::make_shared<CurlTransport>(),
                              std::make_shared<KeyStore>(std::make_unique<FakeKeychain>(
                                  std::make_shared<FakeKeychain::State>())));
        ChatRequest request;
        request.baseUrl = server.baseUrl();
        request.messages = {{Role::User, "Hi"}};
        StreamProbe probe(provider.start(request));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        const std::size_t wire = std::size_t(chunk(textEvent("x")).size());
        QVERIFY(probe.text().size() >= 3'000'000 / wire);
        // Each batch holds at most the separate events and one joined text.
        QVERIFY2(int(probe.all<TextDelta>().size()) <= probe.batches * 257,
                 qPrintable(QString::number(probe.batches)));
    }
};

QTEST_GUILESS_MAIN(TestStreamLoad)
#include "tst_stream_load.moc"
