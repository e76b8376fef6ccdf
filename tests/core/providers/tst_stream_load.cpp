// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: 24 streams of 200 events a second each leave the window responsive. What the window's
// thread works between two ticks of its timer is counted in processor time, so that a busy machine
// cannot make this fail and a quick one cannot hide it.

#include "fake_keychain.h"
#include "stream_probe.h"

#include <core/providers/curl_transport.h>
#include <core/providers/openai_provider.h>
#include <tests/support/fault_server.h>

#include <QTest>
#include <QTimer>

#include <ctime>

using namespace signalbox;
using namespace signalbox::test;

namespace {

double threadCpuMs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

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
        constexpr int kStreams = 24;
        constexpr int kSeconds = 1;
        constexpr double kLongestWorkMs = 50;
        FaultServer server;
        server.answer(steadyStream(kSeconds));
        OpenAiProvider provider(std::make_shared<CurlTransport>(),
                                std::make_shared<KeyStore>(std::make_unique<FakeKeychain>(
                                    std::make_shared<FakeKeychain::State>())));
        ChatRequest request;
        request.baseUrl = server.baseUrl();
        request.upstreamModel = "tiny";
        request.messages = {{Role::User, "Hi"}};

        int ticks = 0;
        double longestMs = 0;
        double lastMs = threadCpuMs();
        QTimer ticker;
        connect(&ticker, &QTimer::timeout, this, [&] {
            const double nowMs = threadCpuMs();
            longestMs = std::max(longestMs, nowMs - lastMs);
            lastMs = nowMs;
            ++ticks;
        });
        ticker.start(5);
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
        QVERIFY2(longestMs < kLongestWorkMs, qPrintable(QString::number(longestMs)));
        QVERIFY(ticks > 0);
        // 200 events a second come in some 30 signals, not in 200.
        const double lastedMs = *probes.front()->stream().times().endMs;
        QVERIFY2(batches <= int(lastedMs / 33) + 3, qPrintable(QString::number(batches)));
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
        OpenAiProvider provider(std::make_shared<CurlTransport>(),
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
