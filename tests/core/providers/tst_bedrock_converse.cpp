// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: Bedrock's binary frames become the common events wherever they are cut; a wrong checksum
// and an exception end the answer; a key of either kind signs as it should.

#include "bedrock_samples.h"

#include <core/providers/bedrock_converse.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Events read(const std::string& bytes, TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode(bedrockConverse(), bytes, end, status);
}

} // namespace

class TestBedrockConverse : public QObject
{
    Q_OBJECT
private slots:
    void everyCutGivesTheSameEvents_data()
    {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < bedrockSamples().size(); ++i)
            QTest::newRow(bedrockSamples()[i].name) << int(i);
    }
    void everyCutGivesTheSameEvents()
    {
        QFETCH(const int, sample);
        QCOMPARE(problemOf(bedrockConverse(), bedrockSamples().at(std::size_t(sample))), QString());
    }

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<int>("reason");
        const auto row = [](const char* raw, FinishReason reason) {
            QTest::newRow(raw) << QByteArray(raw) << int(reason);
        };
        row("end_turn", FinishReason::Stop);
        row("stop_sequence", FinishReason::Stop);
        row("max_tokens", FinishReason::Length);
        row("model_context_window_exceeded", FinishReason::Length);
        row("content_filtered", FinishReason::Filtered);
        row("guardrail_intervened", FinishReason::Filtered);
        row("tool_use", FinishReason::ToolCall);
        row("tired", FinishReason::Unknown);
    }
    void finishReasonsHaveOneMeaning()
    {
        QFETCH(const QByteArray, raw);
        QFETCH(const int, reason);
        const Events events = read(bedrockStream(bedrockText("a"), raw.toStdString()));
        QVERIFY(events.back() ==
                StreamEvent(StreamFinished{FinishReason(reason), raw.toStdString()}));
    }

    void anOutputThatIsMalformedFails()
    {
        const Events events = read(bedrockStream(bedrockText("a"), "malformed_model_output"));
        QCOMPARE(failureAtEnd(events).kind, FailureKind::ServerError);
    }

    void exceptionsAreFailuresOfTheirKind_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("status");
        const auto row = [](const char* type, FailureKind kind, int status) {
            QTest::newRow(type) << QByteArray(type) << int(kind) << status;
        };
        row("throttlingException", FailureKind::RateLimit, 429);
        row("modelStreamErrorException", FailureKind::ServerError, 424);
        row("internalServerException", FailureKind::ServerError, 500);
        row("serviceUnavailableException", FailureKind::ServerError, 503);
        row("modelTimeoutException", FailureKind::Timeout, 408);
        row("validationException", FailureKind::BadRequest, 400);
        row("accessDeniedException", FailureKind::Auth, 403);
        row("newException", FailureKind::ServerError, 500);
    }
    void exceptionsAreFailuresOfTheirKind()
    {
        QFETCH(const QByteArray, type);
        QFETCH(const int, kind);
        QFETCH(const int, status);
        const Events events = read(
            awsEvent("messageStart", "{}") + bedrockText("So far") +
            awsException(type.toStdString(), R"({"message":"sorry","originalStatusCode":500})"));
        QCOMPARE(shownText(events), std::string("So far"));
        const StreamFailed failed = failureAtEnd(events);
        QCOMPARE(int(failed.kind), kind);
        QCOMPARE(failed.httpStatus, status);
        QVERIFY(failed.error.message.find("“sorry”") != std::string::npos);
    }

    void anExceptionWithoutWordsFailsToo()
    {
        QCOMPARE(failureAtEnd(read(awsException("throttlingException", {}))).kind,
                 FailureKind::RateLimit);
    }

    void errorBodiesAreRead_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("kind");
        QTest::newRow("403") << 403 << int(FailureKind::Auth);
        QTest::newRow("404") << 404 << int(FailureKind::NotFound);
        QTest::newRow("408") << 408 << int(FailureKind::Timeout);
        QTest::newRow("424") << 424 << int(FailureKind::ServerError);
        QTest::newRow("429") << 429 << int(FailureKind::RateLimit);
        QTest::newRow("503") << 503 << int(FailureKind::ServerError);
    }
    void errorBodiesAreRead()
    {
        QFETCH(const int, status);
        QFETCH(const int, kind);
        const StreamFailed failed =
            failureAtEnd(read(R"({"message":"sorry"})", TransferEnd::Whole, status));
        QCOMPARE(int(failed.kind), kind);
        QVERIFY(failed.error.message.find("“sorry”") != std::string::npos);
    }

    void anErrorWithoutBodyIsNamedByItsHeader()
    {
        HttpHeaders headers;
        headers.add("x-amzn-ErrorType", "ModelNotReadyException:http://internal.example/");
        const StreamFailed failed =
            failureAtEnd(decode(bedrockConverse(), {"{}"}, TransferEnd::Whole, 429, headers));
        QVERIFY2(failed.error.message.find("“ModelNotReadyException”") != std::string::npos,
                 failed.error.message.c_str());
    }

    void aWrongChecksumEndsTheAnswer()
    {
        std::string bytes = bedrockStream(bedrockText("So far") + bedrockText(" and more"));
        bytes[bytes.find("more")] = 'M';
        const Events events = read(bytes);
        QCOMPARE(shownText(events), std::string("So far"));
        QCOMPARE(failureAtEnd(events).kind, FailureKind::Protocol);
        QVERIFY(failureAtEnd(events).error.message.find("checksum") != std::string::npos);
    }

    void usageWithoutAnEndIsNoEnd()
    {
        const Events events = read(awsEvent("messageStart", "{}") + bedrockText("So far") +
                                   awsEvent("metadata", R"({"usage":{"inputTokens":9}})"));
        QCOMPARE(failureAtEnd(events).kind, FailureKind::Truncated);
    }

    void countsThatCannotBeTrueAreNotBelieved()
    {
        for (const std::string& count : absurdCounts()) {
            const UsageReport usage =
                usageIn(read(bedrockStream(bedrockText("a"), "end_turn",
                                           "{\"inputTokens\":9,\"outputTokens\":" + count + "}")));
            QVERIFY2(!usage.output && usage.inputUncached == 9, count.c_str());
        }
        for (const char* number : {"1e400", "NaN"})
            QCOMPARE(
                failureAtEnd(read(bedrockStream("", "end_turn",
                                                std::string("{\"inputTokens\":") + number + "}")))
                    .kind,
                FailureKind::Protocol);
    }

    void whatIsNoStreamOfThisDialectFails()
    {
        QCOMPARE(
            failureAtEnd(read(awsEvent("contentBlockDelta", std::string(10U << 20, 'x')))).kind,
            FailureKind::TooLarge);
        QCOMPARE(failureAtEnd(read(awsEvent("contentBlockDelta", std::string(100'000, '[')))).kind,
                 FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read(R"({"hello":"world"})")).kind, FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("<html><title>Log in</title></html>")).kind,
                 FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read(std::string(64, '\0'))).kind, FailureKind::Protocol);
    }

    void theRequestHasTheFormOfTheDialect()
    {
        ChatRequest asked = askedFor("anthropic.claude-v2:1");
        asked.styleGuide = "Be brief.";
        asked.maxTokens = 512;
        asked.temperature = 0.5;
        asked.messages.push_back({Role::User, "Again"});
        QVERIFY(bodyOf(bedrockConverse(), asked) == nlohmann::json::parse(R"({
            "system":[{"text":"Be brief."}],
            "messages":[{"role":"user","content":[{"text":"Hi"},{"text":"Again"}]}],
            "inferenceConfig":{"maxTokens":512,"temperature":0.5}})"));
        asked.seed = 1;
        const RequestBody body =
            bedrockConverse().body(asked, endpointAt("http://127.0.0.1"), {{"temperature"}});
        QCOMPARE(body.adjusted.size(), std::size_t(1));
        QVERIFY(body.json.find("temperature") == std::string::npos);
    }

    void addressesAreTheDialects()
    {
        const Endpoint endpoint = endpointAt("https://bedrock-runtime.eu-west-1.amazonaws.com");
        QCOMPARE(bedrockConverse().chatUrl(endpoint, "anthropic.claude-v2:1"),
                 std::string("https://bedrock-runtime.eu-west-1.amazonaws.com/model/"
                             "anthropic.claude-v2%3A1/converse-stream"));
        QCOMPARE(bedrockConverse().models(endpoint).url,
                 std::string("https://bedrock.eu-west-1.amazonaws.com/foundation-models"));
        const auto page = readModelPage(
            R"({"modelSummaries":[{"modelId":"a.text-v1:0","outputModalities":["TEXT"]},)"
            R"({"modelId":"a.image-v1","outputModalities":["IMAGE"]}]})",
            *bedrockConverse().models(endpoint).shape);
        QVERIFY(page.has_value());
        QCOMPARE(page->models.size(), std::size_t(1));
        QCOMPARE(page->models.at(0).id, std::string("a.text-v1:0"));
    }

    void keysOfBothKindsAreUsed()
    {
        const char* const base = "https://bedrock-runtime.eu-west-1.amazonaws.com";
        QVERIFY(headersOf(bedrockConverse(), "ABSK1", base).find("Authorization: Bearer ABSK1\n") !=
                std::string::npos);
        const std::string key = "AKIAIOSFODNN7EXAMPLE:canary-secret:canary-token";
        const std::string headers = headersOf(bedrockConverse(), key, base);
        QVERIFY2(headers.find("Credential=AKIAIOSFODNN7EXAMPLE/19700101/eu-west-1/bedrock/") !=
                     std::string::npos,
                 headers.c_str());
        QVERIFY(headers.find("X-Amz-Security-Token: canary-token\n") != std::string::npos);
        QVERIFY(headers.find("canary-secret") == std::string::npos);
        QCOMPARE(bedrockConverse().sentPart(Secret(key)).reveal(), std::string("canary-token"));
        QCOMPARE(bedrockConverse().sentPart(Secret("ABSK1")).reveal(), std::string("ABSK1"));
    }
};

QTEST_GUILESS_MAIN(TestBedrockConverse)
#include "tst_bedrock_converse.moc"
