// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: whatever a server does, its stream ends once, with the right kind of failure and a
// sentence; keys reach the server they were granted for and nothing else; waiting is no part of the
// clocks; no limit but the server's own holds requests back.

#include "fake_keychain.h"
#include "server_faults.h"
#include "stream_probe.h"

#include <core/providers/curl_transport.h>
#include <core/providers/http_provider.h>
#include <core/providers/openai_chat.h>
#include <tests/support/fault_server.h>

#include <QTest>
#include <nlohmann/json.hpp>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr char kCanary[] = "sk-canary-0123456789abcdef";

} // namespace

class TestHttpProvider : public QObject
{
    Q_OBJECT

    std::shared_ptr<KeyStore> m_keys;
    std::shared_ptr<CurlTransport> m_transport;
    std::unique_ptr<HttpProvider> m_provider;

    static ChatRequest request(const std::string& baseUrl)
    {
        ChatRequest request;
        request.baseUrl = baseUrl;
        request.upstreamModel = "tiny";
        request.messages = {{Role::User, "Where is my parcel? A prompt long enough to notice."}};
        request.retries = 0;
        request.connectTimeoutMs = 60'000; // a busy machine is no fault of the server
        return request;
    }
    ChatRequest requestWithKey(const FaultServer& server)
    {
        ChatRequest asked = request(server.baseUrl());
        asked.keyRef = "env:SIGNALBOX_TEST_KEY";
        m_keys->allow(asked.keyRef, parseEndpoint(server.baseUrl()).value());
        return asked;
    }

private slots:
    void initTestCase() { qputenv("SIGNALBOX_TEST_KEY", kCanary); }

    void init()
    {
        m_keys = std::make_shared<KeyStore>(
            std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>()));
        m_transport = std::make_shared<CurlTransport>();
        m_provider = std::make_unique<HttpProvider>(
            openAiChatDialect(), m_transport, m_keys,
            HttpProvider::Options{.firstBackoffMs = 5, .answerLimitBytes = std::size_t{2} << 20});
    }

    void anAnswerArrivesWhole()
    {
        FaultServer server;
        server.answer(goodAnswer({"Grüße", " aus", " Berlin 🚀"}));
        StreamProbe probe(m_provider->start(requestWithKey(server)));
        QVERIFY(probe.events.empty()); // none before start() returns
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        QCOMPARE(probe.text(), std::string("Grüße aus Berlin 🚀"));
        QCOMPARE(probe.all<StreamOpened>().size(), std::size_t(1));
        QCOMPARE(probe.all<StreamStarted>().at(0).servedModel, std::string("tiny"));
        QCOMPARE(probe.all<UsageReport>().at(0).inputUncached.value_or(0), 9);

        const SeenRequest seen = server.requests().at(0);
        QCOMPARE(seen.method, QByteArray("POST"));
        QCOMPARE(seen.path, QByteArray("/v1/chat/completions"));
        QCOMPARE(seen.headers.at("authorization"), QByteArray("Bearer ") + kCanary);
        QCOMPARE(seen.headers.at("accept-encoding"), QByteArray("identity"));
        QVERIFY(!seen.headers.contains("expect"));
        const auto body = nlohmann::json::parse(seen.body.toStdString());
        QVERIFY(body["model"] == "tiny");
        QVERIFY(body["stream"] == true);
    }

    void theClocksStartAtTheSocketAndAreInOrder()
    {
        FaultServer server;
        server.answer(goodAnswer());
        StreamProbe probe(m_provider->start(request(server.baseUrl())));
        QVERIFY(probe.waitForEnd());
        const StreamTimes times = probe.stream().times();
        QVERIFY(times.connectMs && times.headersMs && times.firstEventMs && times.firstTextMs &&
                times.endMs);
        QVERIFY(*times.connectMs >= 0 && *times.headersMs >= 0);
        QVERIFY(*times.headersMs <= *times.firstEventMs);
        QVERIFY(*times.firstEventMs <= *times.firstTextMs);
        QVERIFY(*times.firstTextMs <= *times.endMs);
        QVERIFY(!times.firstReasoningMs);
        QVERIFY(std::ranges::is_sorted(probe.events, {}, &TimedEvent::atNs));
    }

    void everyFaultEndsTheStreamWithItsReason_data()
    {
        QTest::addColumn<int>("fault");
        for (std::size_t i = 0; i < serverFaults().size(); ++i)
            QTest::newRow(serverFaults()[i].first) << int(i);
    }
    void everyFaultEndsTheStreamWithItsReason()
    {
        QFETCH(const int, fault);
        const ServerFault& expected = serverFaults().at(std::size_t(fault)).second;
        FaultServer server;
        server.answer(expected.script);
        server.answer(goodAnswer());
        ChatRequest asked = requestWithKey(server);
        asked.idleTimeoutMs = isSilence(expected.kind) ? 150 : 60'000;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        const StreamFailed failed = probe.failure();
        QVERIFY2(failed.kind == expected.kind, probe.everything().c_str());
        const QString message = QString::fromStdString(failed.error.message);
        QVERIFY2(message.contains(QString::fromUtf8(expected.says)), qPrintable(message));
        QVERIFY2(message.contains(QStringLiteral("127.0.0.1:%1").arg(server.port())),
                 qPrintable(message));
        QVERIFY(!failed.error.hint.empty());
        QCOMPARE(server.requests().size(), std::size_t(1));

        // The next cell is not touched, on the same transport and the same server.
        StreamProbe next(m_provider->start(request(server.baseUrl())));
        QVERIFY(next.waitForEnd());
        QVERIFY2(next.hasFinished(), next.everything().c_str());
    }

    void whatCameBeforeAFaultIsKept()
    {
        FaultServer server;
        server.answer(HttpScript{send(head(200, {"Content-Type: text/event-stream"}) +
                                      textEvent("Half of ") + textEvent("the ans")),
                                 closeConnection()});
        StreamProbe probe(m_provider->start(request(server.baseUrl())));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.text(), std::string("Half of the ans"));
        QCOMPARE(probe.failure().kind, FailureKind::Truncated);
    }

    void aStreamCutAtEveryPlaceArrivesWhole()
    {
        FaultServer server;
        const QByteArray bytes = textEvent("Grü") + textEvent("ße 🚀") +
                                 dataEvent(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})") +
                                 dataEvent("[DONE]");
        for (qsizetype cut = 1; cut < bytes.size(); cut += 7)
            server.answer(HttpScript{
                send(head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}) +
                     chunk(bytes.left(cut))),
                pauseMs(1), send(chunk(bytes.mid(cut)) + chunk({}))});
        for (qsizetype cut = 1; cut < bytes.size(); cut += 7) {
            StreamProbe probe(m_provider->start(request(server.baseUrl())));
            QVERIFY(probe.waitForEnd());
            QVERIFY2(probe.hasFinished(), probe.everything().c_str());
            QCOMPARE(probe.text(), std::string("Grüße 🚀"));
        }
        QCOMPARE(server.connectionsMade(), 1); // the same one all the time
    }

    void aServerThatKeepsTheStreamOpenAfterItsEndIsNotWaitedFor()
    {
        FaultServer server;
        HttpScript script = goodAnswer();
        script.back() = hang();
        server.answer(script);
        StreamProbe probe(m_provider->start(request(server.baseUrl())));
        QVERIFY(probe.waitForEnd());
        QVERIFY(probe.hasFinished());
        QVERIFY(QTest::qWaitFor([&] { return server.connectionsOpen() == 0; }, 60'000));
    }

    void aTypeThatLiesDoesNotMatter()
    {
        FaultServer server;
        HttpScript script = goodAnswer();
        script.front() = send(
            head(200, {"Content-Type: application/octet-stream", "Transfer-Encoding: chunked"}));
        server.answer(script);
        server.answer(
            whole(200, "text/event-stream",
                  R"({"choices":[{"message":{"content":"all"},"finish_reason":"stop"}]})"));
        StreamProbe stream(m_provider->start(request(server.baseUrl())));
        QVERIFY(stream.waitForEnd());
        QCOMPARE(stream.text(), std::string("Hello there"));
        StreamProbe plain(m_provider->start(request(server.baseUrl())));
        QVERIFY(plain.waitForEnd());
        QCOMPARE(plain.text(), std::string("all"));
        QVERIFY(plain.hasFinished());
    }

    void aSlowAnswerIsNotAStalledOne()
    {
        FaultServer server;
        HttpScript script = {
            send(head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))};
        for (const char c : textEvent("drop by drop") + dataEvent("[DONE]")) {
            script.push_back(send(chunk(QByteArray(1, c))));
            script.push_back(pauseMs(2));
        }
        script.push_back(send(chunk({})));
        server.answer(script);
        ChatRequest asked = request(server.baseUrl());
        asked.idleTimeoutMs = 5'000;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.text(), std::string("drop by drop"));
        QVERIFY(probe.hasFinished());
    }

    void theWholeAnswerHasALimitOfTime()
    {
        FaultServer server;
        server.answer(HttpScript{
            send(head(200, {"Content-Type: text/event-stream"}) + textEvent("a")), hang()});
        ChatRequest asked = request(server.baseUrl());
        asked.totalTimeoutMs = 200;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Timeout);
        QCOMPARE(probe.text(), std::string("a"));
    }

    void aServerThatIsNotThereIsAskedAgainAndNamed()
    {
        ChatRequest asked = request("http://127.0.0.1:" + std::to_string(unusedPort()) + "/v1");
        asked.retries = 2;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Connect);
        QVERIFY(probe.failure().error.message.find("cannot be reached") != std::string::npos);
        QCOMPARE(probe.all<StreamRetrying>().size(), std::size_t(2));
        QCOMPARE(probe.all<StreamRetrying>().at(1).attempt, 3);
    }

    void httpsToAServerWithoutTlsFails()
    {
        FaultServer server;
        server.greet("220 ready\r\n");
        StreamProbe probe(m_provider->start(
            request("https://127.0.0.1:" + std::to_string(server.port()) + "/v1")));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Untrusted);
        QVERIFY2(probe.everything().find("certificate") != std::string::npos,
                 probe.everything().c_str());
        QVERIFY(server.requests().empty());
    }

    void connectingHasALimitOfItsOwn()
    {
        FaultServer server; // takes the connection, but never shakes hands
        ChatRequest asked = request("https://127.0.0.1:" + std::to_string(server.port()) + "/v1");
        asked.connectTimeoutMs = 100;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::ConnectTimeout);
        QVERIFY2(probe.everything().find("in time") != std::string::npos,
                 probe.everything().c_str());
    }

    void anAddressThatCannotBeReadFailsAtOnce()
    {
        for (const char* url :
             {"", "file:///etc/passwd", "http://user:pw@127.0.0.1/v1", "ftp://user:pw@127.0.0.1/v1",
              "user:pw@127.0.0.1", "http://user:pw@127.0.0.1:99999/v1", "http://a b/v1?key=pw",
              "file:///v1?key=pw", "http://127.0.0.1/v1#pw"}) {
            StreamProbe probe(m_provider->start(request(url)));
            QVERIFY(probe.waitForEnd());
            QCOMPARE(probe.failure().kind, FailureKind::BadRequest);
            QVERIFY(probe.everything().find("pw") == std::string::npos);
        }
    }

    void aRedirectIsNotFollowedAndTakesNoKeyAlong()
    {
        FaultServer other;
        other.answer(goodAnswer());
        for (const int status : {301, 302, 303, 307, 308}) {
            FaultServer server;
            server.answer(whole(
                status, "text/plain", "",
                {"Location: " + QByteArray::fromStdString(other.baseUrl()) + "/chat/completions"}));
            StreamProbe probe(m_provider->start(requestWithKey(server)));
            QVERIFY(probe.waitForEnd());
            QCOMPARE(probe.failure().kind, FailureKind::Redirect);
            QVERIFY(probe.failure().error.message.find(other.origin()) != std::string::npos);
        }
        QCOMPARE(other.connectionsMade(), 0);
    }

    void aKeyIsNotSentWhereItWasNotGranted()
    {
        FaultServer server;
        server.answer(goodAnswer());
        ChatRequest asked = request(server.baseUrl());
        asked.keyRef = "env:SIGNALBOX_TEST_KEY";
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::KeyMissing);
        QVERIFY(probe.failure().error.message.find("not allowed to go to") != std::string::npos);
        QCOMPARE(server.connectionsMade(), 0);
    }

    void aKeyThatIsSentBackIsShownNowhere_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("in an error body") << 0;
        QTest::newRow("in the text, cut in two") << 1;
        QTest::newRow("in the reasoning, letter by letter") << 2;
        QTest::newRow("in the names") << 3;
        QTest::newRow("in an error inside the stream") << 4;
        QTest::newRow("in a web page") << 5;
        QTest::newRow("in a redirect") << 6;
        QTest::newRow("in an error that is tried again") << 7;
        QTest::newRow("across the end of a quotation") << 8;
        QTest::newRow("across the end of a name") << 9;
        QTest::newRow("across the end of a title") << 10;
        QTest::newRow("cut off") << 11;
    }
    void aKeyThatIsSentBackIsShownNowhere()
    {
        QFETCH(const int, how);
        FaultServer server;
        server.answer([how](const SeenRequest& seen) -> HttpScript {
            const QByteArray key = seen.headers.at("authorization").mid(7);
            QList<QByteArray> letters;
            for (const char c : key)
                letters += deltaEvent("reasoning", QByteArray(1, c));
            switch (how) {
            case 0:
                return whole(401, "application/json", errorBody("Incorrect key: " + key));
            case 1:
                return goodAnswer({"You sent " + key.left(9), key.mid(9) + ", thanks"});
            case 2:
                return eventStream(letters + QList<QByteArray>{dataEvent("[DONE]")});
            case 3:
                return eventStream(
                    {dataEvent("{\"id\":\"" + key + "\",\"model\":\"" + key +
                               "\",\"choices\":[{\"finish_reason\":\"" + key + "\"}]}"),
                     dataEvent("[DONE]")});
            case 4:
                return eventStream({dataEvent(errorBody(key))});
            case 5:
                return whole(200, "text/html", "<title>" + key + "</title>");
            case 6:
                return whole(307, "text/plain", "", {"Location: http://" + key + ".example/"});
            case 8:
                return whole(401, "application/json", errorBody(QByteArray(230, '-') + key));
            case 9:
                return eventStream({dataEvent("{\"id\":\"" + QByteArray(230, '-') + key +
                                              "\",\"model\":\"" + QByteArray(225, '-') + key +
                                              "\",\"choices\":[{\"finish_reason\":\"" +
                                              QByteArray(50, '-') + key + "\"}]}"),
                                    dataEvent("[DONE]")});
            case 10:
                return whole(200, "text/html", "<title>" + QByteArray(70, '-') + key + "</title>");
            case 11:
                return whole(500, "text/plain", "debug: " + key.left(20));
            default:
                return whole(500, "text/plain", "debug: " + key, {"retry-after-ms: 1"});
            }
        });
        ChatRequest asked = requestWithKey(server);
        asked.retries = how == 7 ? 1 : 0;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QVERIFY(server.requests().at(0).headers.at("authorization").endsWith(kCanary));
        const std::string shown = probe.everything();
        QVERIFY2(shown.find("canary") == std::string::npos, shown.c_str());
        const bool quoted = how != 3 && how != 6 && how < 7;
        QVERIFY2(!quoted || shown.find("key removed") != std::string::npos, shown.c_str());
    }

    void aPromptThatIsSentBackInAnErrorIsNotRepeated()
    {
        FaultServer server;
        server.answer([](const SeenRequest& seen) {
            const auto body = nlohmann::json::parse(seen.body.toStdString());
            const auto text = body["messages"][0]["content"].get<std::string>();
            return whole(400, "application/json",
                         errorBody("I do not like: " + QByteArray::fromStdString(text)));
        });
        StreamProbe probe(m_provider->start(request(server.baseUrl())));
        QVERIFY(probe.waitForEnd());
        QVERIFY(probe.everything().find("parcel") == std::string::npos);
        QVERIFY(probe.everything().find("I do not like: [prompt]") != std::string::npos);
    }

    void aLongPromptIsNotRepeatedEither()
    {
        FaultServer server;
        server.answer([](const SeenRequest& seen) {
            const auto body = nlohmann::json::parse(seen.body.toStdString());
            const auto text = body["messages"][0]["content"].get<std::string>();
            return whole(400, "text/plain",
                         "I do not like: " + QByteArray::fromStdString(text).left(2000));
        });
        ChatRequest asked = request(server.baseUrl());
        for (int i = 0; i < 500; ++i)
            asked.messages[0].text += " Where is\nmy parcel?";
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.everything().find("parcel") == std::string::npos,
                 probe.everything().c_str());
    }

    void whatIsWorthItIsTriedAgainAndTheWaitIsInNoClock()
    {
        FaultServer server;
        server.answer(whole(503, "text/plain", "busy", {"retry-after-ms: 300"}));
        server.answer(whole(429, "text/plain", "busy", {"retry-after: 0.3"}));
        server.answer(goodAnswer());
        ChatRequest asked = request(server.baseUrl());
        asked.retries = 2;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        const auto retries = probe.all<StreamRetrying>();
        QCOMPARE(retries.size(), std::size_t(2));
        QCOMPARE(retries[0].waitMs, 300);
        QCOMPARE(retries[0].attempt, 2);
        QCOMPARE(retries[0].reason, std::string("server error 503"));
        QCOMPARE(retries[1].waitMs, 300);
        QCOMPARE(server.requests().size(), std::size_t(3));
        // Every event since the first attempt spans the waits; the clocks of the last do not.
        const double allMs = double(probe.events.back().atNs - probe.events.front().atNs) * 1e-6;
        QVERIFY(allMs >= 300);
        QVERIFY(*probe.stream().times().endMs < allMs);
    }

    void triesAreCounted()
    {
        FaultServer server;
        server.answer(whole(500, "text/plain", "no"));
        ChatRequest asked = request(server.baseUrl());
        asked.retries = 3;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::ServerError);
        QCOMPARE(server.requests().size(), std::size_t(4));
    }

    void nothingIsTriedAgainAfterTheFirstWord()
    {
        FaultServer server;
        server.answer(eventStream({textEvent("a"), dataEvent(R"({"error":{"code":503}})")}));
        ChatRequest asked = request(server.baseUrl());
        asked.retries = 3;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::ServerError);
        QCOMPARE(server.requests().size(), std::size_t(1));
    }

    void aRefusedParameterIsLeftOutAndRecorded()
    {
        FaultServer server;
        server.answer([](const SeenRequest& seen) {
            const auto body = nlohmann::json::parse(seen.body.toStdString());
            if (body.contains("temperature"))
                return whole(
                    400, "application/json",
                    R"({"error":{"message":"not with this model","param":"temperature"}})");
            return goodAnswer();
        });
        ChatRequest asked = request(server.baseUrl());
        asked.temperature = 0.2;
        StreamProbe probe(m_provider->start(asked));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        QCOMPARE(probe.all<StreamRetrying>().size(), std::size_t(1));
        QCOMPARE(probe.all<StreamRetrying>().at(0).droppedParameter, std::string("temperature"));
        QCOMPARE(server.requests().size(), std::size_t(2));
    }

    void aParameterThatIsRefusedForEverEndsInItsError()
    {
        FaultServer server;
        server.answer(whole(400, "application/json",
                            R"({"error":{"message":"no","param":"stream_options"}})"));
        StreamProbe probe(m_provider->start(request(server.baseUrl())));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::BadRequest);
        QCOMPARE(server.requests().size(), std::size_t(2));
    }

    void cancellingKeepsWhatCameAndTellsTheServer()
    {
        FaultServer server;
        server.answer(HttpScript{
            send(head(200, {"Content-Type: text/event-stream"}) + textEvent("so far")), hang()});
        StreamProbe probe(m_provider->start(request(server.baseUrl())));
        QVERIFY(probe.waitForText("so far"));
        probe.stream().cancel();
        QVERIFY(!probe.hasEnded()); // not from within the call
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Cancelled);
        QVERIFY(QTest::qWaitFor([&] { return server.connectionsOpen() == 0; }, 60'000));
        probe.stream().cancel();
        QCOMPARE(probe.all<StreamFailed>().size(), std::size_t(1));
    }

    void cancellingWorksAtEveryStage()
    {
        FaultServer server;
        server.answer(whole(500, "text/plain", "", {"retry-after: 100"}));
        StreamProbe before(m_provider->start(request(server.baseUrl())));
        before.stream().cancel();
        QVERIFY(before.waitForEnd());
        QCOMPARE(before.failure().kind, FailureKind::Cancelled);

        ChatRequest asked = request(server.baseUrl());
        asked.retries = 1;
        StreamProbe waiting(m_provider->start(asked));
        QVERIFY(QTest::qWaitFor([&] { return !waiting.all<StreamRetrying>().empty(); }, 60'000));
        waiting.stream().cancel();
        QVERIFY(waiting.waitForEnd());
        QCOMPARE(waiting.failure().kind, FailureKind::Cancelled);
        QCOMPARE(server.requests().size(), std::size_t(1));
    }

    void deletingAStreamCancelsIt()
    {
        FaultServer server;
        server.answer(HttpScript{
            send(head(200, {"Content-Type: text/event-stream"}) + textEvent("a")), hang()});
        StreamProbe probe(m_provider->start(request(server.baseUrl())));
        QVERIFY(probe.waitForText("a"));
        probe.deleteStream();
        QVERIFY(QTest::qWaitFor([&] { return server.connectionsOpen() == 0; }, 60'000));
    }

    void aStreamMayBeDeletedFromItsOwnSignal()
    {
        FaultServer server;
        server.answer(goodAnswer());
        std::unique_ptr<ChatStream> stream = m_provider->start(request(server.baseUrl()));
        bool gone = false;
        connect(stream.get(), &ChatStream::eventsArrived, this, [&] {
            stream.reset();
            gone = true;
        });
        QVERIFY(QTest::qWaitFor([&] { return gone; }, 60'000));
    }

    void theTransportMayGoWhileStreamsRun()
    {
        FaultServer server;
        server.answer(HttpScript{
            send(head(200, {"Content-Type: text/event-stream"}) + textEvent("a")), hang()});
        {
            StreamProbe probe(m_provider->start(request(server.baseUrl())));
            QVERIFY(probe.waitForText("a"));
        }
        m_provider.reset();
        m_transport.reset();
        QVERIFY(QTest::qWaitFor([&] { return server.connectionsOpen() == 0; }, 60'000));
    }

    void noLimitHoldsRequestsBack()
    {
        // Each answer comes only when all 40 requests are there.
        constexpr int kStreams = 40;
        FaultServer server;
        HttpScript script = goodAnswer();
        script.insert(script.begin(), waitForRequests(kStreams));
        server.answer(script);
        std::vector<std::unique_ptr<StreamProbe>> probes;
        for (int i = 0; i < kStreams; ++i)
            probes.push_back(
                std::make_unique<StreamProbe>(m_provider->start(request(server.baseUrl()))));
        for (const auto& probe : probes) {
            QVERIFY(probe->waitForEnd());
            QVERIFY2(probe->hasFinished(), probe->everything().c_str());
        }
    }

    void connectionsAreKept()
    {
        FaultServer server;
        server.answer(goodAnswer());
        for (int i = 0; i < 5; ++i) {
            StreamProbe probe(m_provider->start(request(server.baseUrl())));
            QVERIFY(probe.waitForEnd());
            QVERIFY(probe.hasFinished());
        }
        QCOMPARE(server.connectionsMade(), 1);
    }

    void modelListsAreFetched()
    {
        FaultServer server;
        server.answer(whole(200, "application/json", R"([{"id":"tiny"},{"id":"small"}])"));
        std::optional<Result<std::vector<ModelListing>>> listed;
        const ChatRequest asked = requestWithKey(server);
        m_provider->listModels(server.baseUrl(), asked.keyRef, this,
                               [&](const auto& models) { listed = models; });
        QVERIFY(QTest::qWaitFor([&] { return listed.has_value(); }, 60'000));
        QCOMPARE(listed->value().size(), std::size_t(2));
        QCOMPARE(server.requests().at(0).method, QByteArray("GET"));
        QCOMPARE(server.requests().at(0).path, QByteArray("/v1/models"));
        QVERIFY(server.requests().at(0).headers.contains("authorization"));
    }

    void aModelListThatFailsSaysWhyWithoutTheKey_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("401") << QByteArray("HTTP/1.1 401 No\r\nContent-Length: 8\r\n\r\nKEY: $K$")
                             << QByteArray("[key removed]");
        QTest::newRow("web page") << QByteArray(
                                         "HTTP/1.1 200 Ok\r\nContent-Length: 6\r\n\r\n<html>")
                                  << QByteArray("no list of models");
        QTest::newRow("redirect")
            << QByteArray(
                   "HTTP/1.1 302 Go\r\nLocation: https://b.example/\r\nContent-Length: 0\r\n\r\n")
            << QByteArray("https://b.example");
        QTest::newRow("deep") << QByteArray("HTTP/1.1 500 No\r\nConnection: close\r\n\r\n") +
                                     QByteArray("[").repeated(200'000) +
                                     QByteArray("]").repeated(200'000)
                              << QByteArray("status 500");
        QTest::newRow("cut") << QByteArray("HTTP/1.1 200 Ok\r\nContent-Length: 99\r\n\r\n[")
                             << QByteArray("before the end");
    }
    void aModelListThatFailsSaysWhyWithoutTheKey()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(const QByteArray, says);
        bytes.replace("8\r\n\r\nKEY: $K$", QByteArray::number(5 + qstrlen(kCanary)) +
                                               "\r\n\r\nKEY: " + QByteArray(kCanary));
        FaultServer server;
        server.answer(HttpScript{send(bytes), closeConnection()});
        std::optional<Result<std::vector<ModelListing>>> listed;
        m_provider->listModels(server.baseUrl(), requestWithKey(server).keyRef, this,
                               [&](const auto& models) { listed = models; });
        QVERIFY(QTest::qWaitFor([&] { return listed.has_value(); }, 60'000));
        QVERIFY(!listed->has_value());
        const std::string error = toString(listed->error());
        QVERIFY2(error.find(says.toStdString()) != std::string::npos, error.c_str());
        QVERIFY2(error.find("canary") == std::string::npos, error.c_str());
    }

    void nobodyIsCalledWhoIsGone()
    {
        FaultServer server;
        server.answer(whole(200, "application/json", "[]"));
        bool called = false;
        {
            QObject context;
            m_provider->listModels(server.baseUrl(), {}, &context,
                                   [&](const auto&) { called = true; });
            QCoreApplication::processEvents();
        }
        StreamProbe after(m_provider->start(request(server.baseUrl())));
        QVERIFY(after.waitForEnd());
        QVERIFY(!called);
    }
};

QTEST_GUILESS_MAIN(TestHttpProvider)
#include "tst_http_provider.moc"
