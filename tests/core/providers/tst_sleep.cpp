// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: when the computer wakes up, a call of which nothing is heard is given up soon: before
// its first word it is sent again, after it the answer is marked as cut; a call that lives goes on,
// and so does one to this computer, which slept along. A program that stood still reads what came
// in the meantime before it loses patience.

#include "fake_keychain.h"
#include "stream_probe.h"

#include <core/base/clock.h>
#include <core/providers/curl_transport.h>
#include <core/providers/http_provider.h>
#include <core/providers/openai_chat.h>
#include <core/providers/sleep_watch.h>
#include <tests/support/fault_server.h>
#include <tests/support/sleeping_clock.h>

#include <QCoreApplication>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <signal.h>

#include <cstdio>
#include <memory>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr std::int64_t kTwoHoursMs = 7'200'000;
constexpr int kVictimsPatienceMs = 200;

/// A provider of the OpenAI dialect whose calls may be lost in sleep.
struct Line
{
    SleepingClock clock;
    std::unique_ptr<HttpProvider> provider;

    explicit Line(bool sparesHere = false, int graceMs = 20)
        : provider(std::make_unique<HttpProvider>(
              openAiChatDialect(),
              std::make_shared<CurlTransport>(CurlTransport::Wake{&clock, 1, graceMs, sparesHere}),
              std::make_shared<KeyStore>(
                  std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>())),
              HttpProvider::Options{.firstBackoffMs = 1}))
    {}
    [[nodiscard]] std::unique_ptr<ChatStream> ask(const std::string& baseUrl) const
    {
        ChatRequest asked;
        asked.baseUrl = baseUrl;
        asked.upstreamModel = "tiny";
        asked.messages = {{Role::User, "Hi"}};
        asked.connectTimeoutMs = 60'000;
        return provider->start(asked);
    }
};

QByteArray streamHead()
{
    return head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"});
}

/// A program that asks, says when it has begun, and at the end what became of it.
int beTheVictim(const std::string& baseUrl)
{
    const Line line;
    ChatRequest asked;
    asked.baseUrl = baseUrl;
    asked.upstreamModel = "tiny";
    asked.messages = {{Role::User, "Hi"}};
    asked.idleTimeoutMs = kVictimsPatienceMs;
    asked.retries = 0;
    StreamProbe probe(line.provider->start(asked));
    if (!probe.waitForText("Half"))
        return 1;
    std::puts("begun");
    std::fflush(stdout);
    if (!probe.waitForEnd())
        return 1;
    std::printf("%s: %s\n", probe.hasFinished() ? "whole" : "cut", probe.text().c_str());
    std::fflush(stdout);
    return 0;
}

} // namespace

class TestSleep : public QObject
{
    Q_OBJECT
private slots:
    void theMachinesClockTellsHowLongItSlept()
    {
        QVERIFY(systemClock().asleepMs() > -1'000); // two readings, one after the other
    }

    void aSleepIsNoticedOnce()
    {
        SleepingClock clock;
        clock.sleep(kTwoHoursMs); // before it was watched
        SleepWatch watch(clock, 1);
        QSignalSpy woke(&watch, &SleepWatch::woke);
        watch.start();
        clock.sleep(100); // too short to mean anything
        clock.sleep(kTwoHoursMs);
        QTRY_COMPARE(woke.size(), 1);
        QVERIFY(woke.front().front().toLongLong() >= kTwoHoursMs);
        watch.stop();
        clock.sleep(kTwoHoursMs);
        watch.start();
        clock.sleep(kTwoHoursMs);
        QTRY_COMPARE(woke.size(), 2);
        QCOMPARE(woke.back().front().toLongLong(), kTwoHoursMs);
    }

    void aCallThatSleepKilledBeforeItsFirstWordIsSentAgain_data()
    {
        QTest::addColumn<bool>("hasHeaders");
        QTest::newRow("before its headers") << false;
        QTest::newRow("after its headers") << true;
    }
    void aCallThatSleepKilledBeforeItsFirstWordIsSentAgain()
    {
        QFETCH(const bool, hasHeaders);
        Line line;
        FaultServer server;
        HttpScript dead = {hang()};
        if (hasHeaders)
            dead.insert(dead.begin(), send(streamHead() + chunk(": hello\n\n")));
        server.answer(dead);
        server.answer(goodAnswer());
        StreamProbe probe(line.ask(server.baseUrl()));
        QVERIFY(QTest::qWaitFor(
            [&] {
                return server.requests().size() == 1 &&
                       (!hasHeaders || !probe.all<StreamOpened>().empty());
            },
            60'000));
        line.clock.sleep(kTwoHoursMs);
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        QCOMPARE(probe.text(), std::string("Hello there"));
        QCOMPARE(probe.all<StreamRetrying>().size(), std::size_t(1));
        QCOMPARE(probe.all<StreamRetrying>()[0].reason, std::string("no connection"));
        QCOMPARE(server.requests().size(), std::size_t(2));
    }

    void anAnswerThatSleepCutOffIsMarkedAndNotSentAgain()
    {
        Line line;
        FaultServer server;
        server.answer(HttpScript{send(streamHead() + chunk(textEvent("Half of"))), hang()});
        StreamProbe probe(line.ask(server.baseUrl()));
        QVERIFY(probe.waitForText("Half of"));
        line.clock.sleep(kTwoHoursMs);
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Truncated);
        QVERIFY2(probe.everything().find("lost while this computer slept") != std::string::npos,
                 probe.everything().c_str());
        QCOMPARE(probe.text(), std::string("Half of"));
        QVERIFY(probe.all<UsageReport>().empty());
        QCOMPARE(server.requests().size(), std::size_t(1));
    }

    /// The other end has given up meanwhile, and says so when it hears of the computer again.
    void aConnectionThatIsResetAfterASleepWasLostInIt()
    {
        Line line;
        FaultServer server;
        server.answer(HttpScript{send(streamHead() + chunk(textEvent("Half of"))),
                                 waitForRequests(2), abortConnection()});
        server.answer(goodAnswer());
        StreamProbe probe(line.ask(server.baseUrl()));
        QVERIFY(probe.waitForText("Half of"));
        line.clock.sleep(kTwoHoursMs);
        StreamProbe other(line.ask(server.baseUrl()));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Truncated);
        QVERIFY(other.waitForEnd());
        QVERIFY(other.hasFinished());
    }

    /// As long as one that does not is given up after.
    void aCallOfWhichSomethingIsHeardGoesOn()
    {
        constexpr int kGraceMs = 1'000; // a busy machine is no silence of the server
        Line line(false, kGraceMs);
        FaultServer silent, server;
        silent.answer(HttpScript{send(streamHead() + chunk(textEvent("Half of"))), hang()});
        HttpScript script = {send(streamHead() + chunk(textEvent("Half of")))};
        for (int i = 0; i < 100 * kGraceMs; ++i) {
            script.push_back(pauseMs(5));
            script.push_back(send(chunk(": still here\n\n")));
        }
        server.answer(script);
        StreamProbe alive(line.ask(server.baseUrl()));
        StreamProbe lost(line.ask(silent.baseUrl()));
        QVERIFY(alive.waitForText("Half of") && lost.waitForText("Half of"));
        line.clock.sleep(kTwoHoursMs);
        QVERIFY(lost.waitForEnd());
        QCOMPARE(lost.failure().kind, FailureKind::Truncated);
        QVERIFY(!alive.hasEnded());
    }

    void aServerOnThisComputerHasSleptAlong()
    {
        Line line(true), other;
        FaultServer silent, server;
        silent.answer(HttpScript{send(streamHead() + chunk(textEvent("Half of"))), hang()});
        server.answer(HttpScript{send(streamHead() + chunk(textEvent("Half of"))),
                                 waitForRequests(2),
                                 send(chunk(textEvent(" it") + dataEvent("[DONE]")) + chunk({}))});
        server.answer(goodAnswer());
        StreamProbe alive(line.ask(server.baseUrl()));
        StreamProbe lost(other.ask(silent.baseUrl()));
        QVERIFY(alive.waitForText("Half of") && lost.waitForText("Half of"));
        line.clock.sleep(kTwoHoursMs);
        other.clock.sleep(kTwoHoursMs);
        QVERIFY(lost.waitForEnd()); // so much time has passed
        StreamProbe next(line.ask(server.baseUrl()));
        QVERIFY(alive.waitForEnd());
        QVERIFY2(alive.hasFinished(), alive.everything().c_str());
        QCOMPARE(alive.text(), std::string("Half of it"));
        QVERIFY(next.waitForEnd());
    }

    void noConnectionOfTheTimeBeforeIsUsedAgain()
    {
        Line line;
        FaultServer server;
        server.answer(goodAnswer());
        const auto ask = [&] {
            StreamProbe probe(line.ask(server.baseUrl()));
            return probe.waitForEnd() && probe.hasFinished();
        };
        QVERIFY(ask() && ask());
        QCOMPARE(server.connectionsMade(), 1);
        FaultServer silent; // by which the network's thread shows that it noticed
        silent.answer(HttpScript{send(streamHead() + chunk(textEvent("a"))), hang()});
        StreamProbe lost(line.ask(silent.baseUrl()));
        QVERIFY(lost.waitForText("a"));
        line.clock.sleep(kTwoHoursMs);
        QVERIFY(lost.waitForEnd());
        QVERIFY(ask());
        QCOMPARE(server.connectionsMade(), 2);
    }

    /// The whole program stands still for longer than its patience; timers and bytes are due at
    /// once then.
    void aProgramThatStoodStillReadsFirst_data()
    {
        QTest::addColumn<bool>("answers");
        QTest::newRow("the answer came meanwhile") << true;
        QTest::newRow("the connection died meanwhile") << false;
    }
    void aProgramThatStoodStillReadsFirst()
    {
        QFETCH(const bool, answers);
        FaultServer server;
        server.answer(HttpScript{
            send(streamHead() + chunk(textEvent("Half"))), waitForRequests(2),
            answers ? send(chunk(textEvent(" and half") + dataEvent("[DONE]")) + chunk({}))
                    : abortConnection()});
        server.answer(goodAnswer());
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(),
                     {QStringLiteral("--victim"), QString::fromStdString(server.baseUrl())});
        QTRY_VERIFY_WITH_TIMEOUT(victim.canReadLine() || victim.state() == QProcess::NotRunning,
                                 60'000);
        QCOMPARE(victim.readLine().trimmed(), QByteArray("begun"));
        QCOMPARE(::kill(static_cast<pid_t>(victim.processId()), SIGSTOP), 0);
        const std::int64_t sinceNs = systemClock().monotonicNs();
        Line line;
        StreamProbe other(line.ask(server.baseUrl())); // lets the first one go on
        QTRY_VERIFY_WITH_TIMEOUT(systemClock().monotonicNs() - sinceNs >
                                     std::int64_t{2} * kVictimsPatienceMs * 1'000'000,
                                 60'000);
        QCOMPARE(::kill(static_cast<pid_t>(victim.processId()), SIGCONT), 0);
        QVERIFY(victim.waitForFinished(60'000));
        const QByteArray said = victim.readAll().trimmed();
        QVERIFY2(said.endsWith(answers ? "whole: Half and half" : "cut: Half"), said.constData());
    }
};

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("--victim"))
        return beTheVictim(arguments.value(2).toStdString());
    TestSleep test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_sleep.moc"
