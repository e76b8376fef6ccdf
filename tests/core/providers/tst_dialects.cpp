// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every dialect works from one end to the other, over real sockets: the request goes to
// its address with its key and in its form, and the answer arrives whole, cut anywhere on the wire;
// a key that a server sends back is shown nowhere.

#include "anthropic_samples.h"
#include "bedrock_samples.h"
#include "cohere_samples.h"
#include "fake_keychain.h"
#include "gemini_samples.h"
#include "ollama_samples.h"
#include "responses_samples.h"
#include "stream_probe.h"

#include <core/policy/known_provider.h>
#include <core/providers/aws_signature.h>
#include <core/providers/curl_transport.h>
#include <core/providers/dialects.h>
#include <core/providers/http_provider.h>
#include <core/providers/openai_chat.h>
#include <core/providers/standard_providers.h>
#include <core/providers/vendor_keys.h>
#include <tests/support/fault_server.h>

#include <QDateTime>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// One dialect as a server would see it.
struct EndToEnd
{
    const char* provider;
    QByteArray key;
    QByteArray path;   ///< of the request for the model "tiny"
    QByteArray header; ///< that carries the key; `keyText` stands in it
    QByteArray keyText;
    QByteArray contentType;
    DialectSample sample;
    QByteArray errorBody; ///< a refusal with "%1" where the key is sent back
    QByteArray modelsPath;
    QByteArray models; ///< a list with the model "tiny"
};

const std::vector<EndToEnd>& dialects()
{
    static const std::vector<EndToEnd> all = {
        {"anthropic", "sk-canary-0123456789abcdef", "/v1/messages", "x-api-key",
         "sk-canary-0123456789abcdef", "text/event-stream", anthropicSamples().at(0),
         R"({"type":"error","error":{"type":"authentication_error","message":"not %1"}})",
         "/v1/models?limit=1000", R"({"data":[{"id":"tiny"}],"has_more":false})"},
        {"gemini", "AIza-canary-0123456789abcdef",
         "/v1beta/models/tiny:streamGenerateContent?alt=sse", "x-goog-api-key",
         "AIza-canary-0123456789abcdef", "text/event-stream", geminiSamples().at(0),
         R"([{"error":{"code":401,"message":"not %1","status":"UNAUTHENTICATED"}}])",
         "/v1beta/models?pageSize=1000", R"({"models":[{"name":"models/tiny"}]})"},
        {"openai-responses", "sk-canary-0123456789abcdef", "/v1/responses", "authorization",
         "sk-canary-0123456789abcdef", "text/event-stream", responsesSamples().at(0),
         R"({"error":{"message":"not %1","type":"invalid_request_error","code":"invalid_api_key"}})",
         "/v1/models", R"({"data":[{"id":"tiny"}]})"},
        {"ollama", "sk-canary-0123456789abcdef", "/api/chat", "authorization",
         "sk-canary-0123456789abcdef", "application/x-ndjson", ollamaSamples().at(1),
         R"({"error":"not %1"})", "/api/tags", R"({"models":[{"name":"tiny"}]})"},
        {"cohere", "co-canary-0123456789abcdef", "/v2/chat", "authorization",
         "co-canary-0123456789abcdef", "text/event-stream", cohereSamples().at(0),
         R"({"message":"not %1"})", "/v1/models?endpoint=chat&page_size=1000",
         R"({"models":[{"name":"tiny"}]})"},
        {"bedrock", "ABSK-canary-0123456789abcdef", "/model/tiny/converse-stream", "authorization",
         "ABSK-canary-0123456789abcdef", "application/vnd.amazon.eventstream",
         bedrockSamples().at(0), R"({"message":"not %1"})", "/foundation-models",
         R"({"modelSummaries":[{"modelId":"tiny"}]})"},
    };
    return all;
}

} // namespace

class TestDialects : public QObject
{
    Q_OBJECT

    std::shared_ptr<KeyStore> m_keys;
    std::shared_ptr<CurlTransport> m_transport;

    static void addDialects()
    {
        QTest::addColumn<int>("dialect");
        for (std::size_t i = 0; i < dialects().size(); ++i)
            QTest::newRow(dialects()[i].provider) << int(i);
    }
    std::unique_ptr<HttpProvider> provider(const EndToEnd& dialect)
    {
        const auto found = std::ranges::find_if(chatDialects(), [&](const ChatDialect* one) {
            return one->name() == dialect.provider;
        });
        return std::make_unique<HttpProvider>(**found, m_transport, m_keys,
                                              HttpProvider::Options{.firstBackoffMs = 5});
    }
    ChatRequest request(const EndToEnd& dialect, const FaultServer& server)
    {
        qputenv("SIGNALBOX_TEST_KEY", dialect.key);
        ChatRequest asked = askedFor("tiny");
        asked.baseUrl = server.origin();
        asked.keyRef = "env:SIGNALBOX_TEST_KEY";
        asked.maxTokens = 64;
        asked.retries = 0;
        asked.connectTimeoutMs = 60'000;
        m_keys->allow(asked.keyRef, endpointAt(server.origin()));
        return asked;
    }

private slots:
    void init()
    {
        m_keys = std::make_shared<KeyStore>(
            std::make_unique<FakeKeychain>(std::make_shared<FakeKeychain::State>()));
        m_transport = std::make_shared<CurlTransport>();
    }

    void everyDialectButOpenAisIsTestedHere()
    {
        QStringList known, tested = {QStringLiteral("openai")};
        for (const ChatDialect* dialect : chatDialects())
            known << QString::fromStdString(dialect->name());
        for (const EndToEnd& dialect : dialects())
            tested << QString::fromUtf8(dialect.provider);
        QCOMPARE(tested, known);
    }

    void everyDialectIsAProvider()
    {
        ProviderRegistry registry;
        const ProviderServices services = addStandardProviders(registry);
        for (const ChatDialect* dialect : chatDialects())
            QVERIFY2(registry.find(dialect->name()), dialect->name().c_str());
    }

    void anAnswerArrivesWhole_data() { addDialects(); }
    void anAnswerArrivesWhole()
    {
        QFETCH(const int, dialect);
        const EndToEnd& expected = dialects().at(std::size_t(dialect));
        const QByteArray bytes = QByteArray::fromStdString(expected.sample.bytes);
        FaultServer server;
        for (qsizetype cut = 1; cut < bytes.size(); cut += bytes.size() / 12 + 1)
            server.answer(HttpScript{send(head(200, {"Content-Type: " + expected.contentType,
                                                     "Transfer-Encoding: chunked"}) +
                                          chunk(bytes.left(cut))),
                                     pauseMs(1), send(chunk(bytes.mid(cut)) + chunk({}))});
        const auto asked = provider(expected);
        for (qsizetype cut = 1; cut < bytes.size(); cut += bytes.size() / 12 + 1) {
            StreamProbe probe(asked->start(request(expected, server)));
            QVERIFY(probe.waitForEnd());
            QVERIFY2(probe.hasFinished(), probe.everything().c_str());
            QCOMPARE(probe.text(), shownText(expected.sample.events));
            QCOMPARE(probe.all<UsageReport>().size(),
                     allOf<UsageReport>(expected.sample.events).size());
        }
        const SeenRequest seen = server.requests().at(0);
        QCOMPARE(seen.method, QByteArray("POST"));
        QCOMPARE(seen.path, expected.path);
        QVERIFY2(seen.headers.at(expected.header).contains(expected.keyText),
                 seen.headers.at(expected.header).constData());
        QVERIFY(nlohmann::json::parse(seen.body.toStdString()).is_object());
    }

    void aConnectionThatIsLostIsNoEnd_data() { addDialects(); }
    void aConnectionThatIsLostIsNoEnd()
    {
        QFETCH(const int, dialect);
        const EndToEnd& expected = dialects().at(std::size_t(dialect));
        const QByteArray bytes = QByteArray::fromStdString(expected.sample.bytes);
        FaultServer server;
        server.answer(HttpScript{send(head(200, {"Content-Type: " + expected.contentType}) +
                                      bytes.left(bytes.size() / 2)),
                                 closeConnection()});
        const auto asked = provider(expected);
        StreamProbe probe(asked->start(request(expected, server)));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Truncated);
    }

    void aKeyThatIsSentBackIsShownNowhere_data() { addDialects(); }
    void aKeyThatIsSentBackIsShownNowhere()
    {
        QFETCH(const int, dialect);
        const EndToEnd& expected = dialects().at(std::size_t(dialect));
        FaultServer server;
        QByteArray body = expected.errorBody;
        server.answer(whole(401, "application/json", body.replace("%1", expected.keyText)));
        const auto asked = provider(expected);
        StreamProbe probe(asked->start(request(expected, server)));
        QVERIFY(probe.waitForEnd());
        QCOMPARE(probe.failure().kind, FailureKind::Auth);
        QVERIFY(probe.everything().find("canary") == std::string::npos);
        QVERIFY2(probe.everything().find("not [key removed]") != std::string::npos,
                 probe.everything().c_str());
    }

    void aParameterThatIsRefusedIsLeftOut_data() { addDialects(); }
    void aParameterThatIsRefusedIsLeftOut()
    {
        QFETCH(const int, dialect);
        const EndToEnd& expected = dialects().at(std::size_t(dialect));
        const QByteArray bytes = QByteArray::fromStdString(expected.sample.bytes);
        FaultServer server;
        server.answer([&](const SeenRequest& seen) {
            if (seen.body.contains("\"temperature\""))
                return whole(400, "application/json",
                             R"({"error":{"message":"temperature: not with this model"},)"
                             R"("message":"temperature: not with this model"})");
            return whole(200, expected.contentType, bytes);
        });
        const auto asked = provider(expected);
        ChatRequest hot = request(expected, server);
        hot.temperature = 0.7;
        StreamProbe probe(asked->start(hot));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        QCOMPARE(probe.all<StreamRetrying>().at(0).droppedParameter, std::string("temperature"));
    }

    void modelListsAreFetched_data() { addDialects(); }
    void modelListsAreFetched()
    {
        QFETCH(const int, dialect);
        const EndToEnd& expected = dialects().at(std::size_t(dialect));
        FaultServer server;
        server.answer(whole(200, "application/json", expected.models));
        const ChatRequest asked = request(expected, server);
        const auto from = provider(expected);
        std::optional<Result<std::vector<ModelListing>>> listed;
        from->listModels(asked.baseUrl, asked.keyRef, this,
                         [&](const auto& models) { listed = models; });
        QVERIFY(QTest::qWaitFor([&] { return listed.has_value(); }, 60'000));
        QVERIFY2(listed->has_value(), listed->has_value() ? "" : toString(listed->error()).c_str());
        QCOMPARE(listed->value().at(0).id, std::string("tiny"));
        QCOMPARE(server.requests().at(0).method, QByteArray("GET"));
        QCOMPARE(server.requests().at(0).path, expected.modelsPath);
        QVERIFY(server.requests().at(0).headers.at(expected.header).contains(expected.keyText));
    }

    void pagesOfModelsAreFollowed()
    {
        FaultServer server;
        server.answer(whole(200, "application/json",
                            R"({"data":[{"id":"a"}],"has_more":true,"last_id":"a"})"));
        server.answer(whole(200, "application/json",
                            R"({"data":[{"id":"b"}],"has_more":true,"last_id":"a"})"));
        const EndToEnd& anthropic = dialects().at(0);
        const auto from = provider(anthropic);
        std::optional<Result<std::vector<ModelListing>>> listed;
        from->listModels(server.origin(), {}, this, [&](const auto& models) { listed = models; });
        QVERIFY(QTest::qWaitFor([&] { return listed.has_value(); }, 60'000));
        QCOMPARE(listed->value().size(),
                 std::size_t(2)); // and a page that names itself is the last
        QCOMPARE(server.requests().at(1).path, QByteArray("/v1/models?limit=1000&after_id=a"));
    }

    void loadingAModelIsToldApart()
    {
        FaultServer server;
        server.answer(whole(200, "application/x-ndjson",
                            QByteArray::fromStdString(ollamaSamples().at(1).bytes)));
        const auto ollama = std::ranges::find(dialects(), std::string("ollama"),
                                              [](const auto& one) { return one.provider; });
        const auto from = provider(*ollama);
        StreamProbe probe(from->start(request(*ollama, server)));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        QVERIFY(probe.stream().times().loadMs == 2500);
    }

    void aRequestThatIsSignedArrivesAsItWasSigned()
    {
        FaultServer server;
        server.answer(whole(200, "application/vnd.amazon.eventstream",
                            QByteArray::fromStdString(bedrockSamples().at(0).bytes)));
        EndToEnd bedrock = dialects().back();
        bedrock.key = "AKIAIOSFODNN7EXAMPLE:canary-secret-0123456789:canary-token-0123456789";
        const auto from = provider(bedrock);
        ChatRequest asked = request(bedrock, server);
        asked.upstreamModel = "anthropic.claude-v2:1";
        StreamProbe probe(from->start(asked));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());

        // Sign again what arrived, and compare.
        const SeenRequest seen = server.requests().at(0);
        QCOMPARE(seen.path, QByteArray("/model/anthropic.claude-v2%3A1/converse-stream"));
        HttpRequest again;
        again.url = "http://" + seen.headers.at("host").toStdString() + seen.path.toStdString();
        again.body = seen.body.toStdString();
        again.headers = {{"Content-Type", seen.headers.at("content-type").toStdString()}};
        const QDateTime time =
            QDateTime::fromString(QString::fromLatin1(seen.headers.at("x-amz-date")),
                                  QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
        signAws(again, awsKeyOf(Secret(bedrock.key.toStdString())).value(), "us-east-1", "bedrock",
                QDateTime(time.date(), time.time(), Qt::UTC).toMSecsSinceEpoch());
        QCOMPARE(seen.headers.at("authorization"),
                 QByteArray::fromStdString(again.headers.back().value));
        for (const auto& [name, value] : seen.headers)
            QVERIFY2(!value.contains("canary-secret"), name.constData());
    }

    void limitsOfRateArriveWithTheAnswerAndWithItsRefusal()
    {
        FaultServer server;
        const QList<QByteArray> limits = {"x-ratelimit-limit-requests: 5",
                                          "x-ratelimit-remaining-requests: 0",
                                          "x-ratelimit-reset-requests: 2s"};
        server.answer(whole(429, "application/json", errorBody("slow"), limits));
        HttpProvider openAi(openAiChatDialect(), m_transport, m_keys);
        ChatRequest asked = askedFor("tiny");
        asked.baseUrl = server.baseUrl();
        asked.retries = 0;
        StreamProbe probe(openAi.start(asked));
        QVERIFY(probe.waitForEnd());
        const auto seen = probe.all<RateLimits>();
        QCOMPARE(seen.size(), std::size_t(1));
        QVERIFY(seen.at(0).limits.at(0).remaining == 0);
        QVERIFY(!probe.stream().times().firstEventMs);
    }

    void whatWasAdjustedIsSaidOnce()
    {
        FaultServer server;
        server.answer(whole(500, "application/json", "{}", {"retry-after-ms: 1"}));
        server.answer(whole(200, "text/event-stream",
                            QByteArray::fromStdString(anthropicSamples().at(0).bytes)));
        const auto from = provider(dialects().at(0));
        ChatRequest asked = request(dialects().at(0), server);
        asked.seed = 1;
        asked.retries = 1;
        StreamProbe probe(from->start(asked));
        QVERIFY(probe.waitForEnd());
        QVERIFY2(probe.hasFinished(), probe.everything().c_str());
        QCOMPARE(probe.all<StreamAdjusted>().size(), std::size_t(1));
        QCOMPARE(probe.all<StreamAdjusted>().at(0).parameter, std::string("seed"));
    }

    void everyProviderOfThePolicyIsADialectAndTheReverse()
    {
        QStringList inPolicies, here = {QStringLiteral("simulator")};
        for (const KnownProvider& known : knownProviders())
            inPolicies << QString::fromUtf8(known.name.data(), qsizetype(known.name.size()));
        for (const ChatDialect* dialect : chatDialects())
            here << QString::fromStdString(dialect->name());
        QCOMPARE(inPolicies, here);
    }

    void aModelWithoutAddressIsAskedAtItsVendor()
    {
        const auto url = [](const char* provider, const char* baseUrl) {
            const auto endpoint = endpointOfModel(provider, baseUrl);
            return endpoint ? endpoint->url : "none: " + endpoint.error().message;
        };
        QCOMPARE(url("anthropic", ""), std::string("https://api.anthropic.com/v1"));
        QCOMPARE(url("anthropic", "http://127.0.0.1:1"), std::string("http://127.0.0.1:1"));
        QCOMPARE(url("openai", ""), std::string("none: The model has no base URL."));
        QCOMPARE(url("unheard of", ""), std::string("none: The model has no base URL."));
        for (const KnownProvider& known : knownProviders())
            if (!known.baseUrl.empty())
                QVERIFY(isVendorsOwnKey(known.keyVariable, endpointAt(known.baseUrl)) ||
                        endpointAt(known.baseUrl).loopback);
    }
};

QTEST_GUILESS_MAIN(TestDialects)
#include "tst_dialects.moc"
