// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the Responses stream becomes the common events wherever it is cut, without an end marker
// of the family; errors are read flat and nested; nothing is stored at the server.

#include "responses_samples.h"

#include <core/providers/openai_responses.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Events read(const std::string& bytes, TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode(openAiResponses(), bytes, end, status);
}

std::string incompleteBecause(const std::string& reason)
{
    return responsesStream(responsesText("a"), "incomplete",
                           "\"incomplete_details\":{\"reason\":\"" + reason + "\"}");
}

} // namespace

class TestOpenAiResponses : public QObject
{
    Q_OBJECT
private slots:
    void everyCutGivesTheSameEvents_data()
    {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < responsesSamples().size(); ++i)
            QTest::newRow(responsesSamples()[i].name) << int(i);
    }
    void everyCutGivesTheSameEvents()
    {
        QFETCH(const int, sample);
        QCOMPARE(problemOf(openAiResponses(), responsesSamples().at(std::size_t(sample))),
                 QString());
    }

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<int>("meaning");
        QTest::newRow("limit") << QByteArray("max_output_tokens") << int(FinishReason::Length);
        QTest::newRow("filter") << QByteArray("content_filter") << int(FinishReason::Filtered);
        QTest::newRow("unheard of") << QByteArray("tired") << int(FinishReason::Unknown);
    }
    void finishReasonsHaveOneMeaning()
    {
        QFETCH(const QByteArray, reason);
        QFETCH(const int, meaning);
        const Events events = read(incompleteBecause(reason.toStdString()));
        QVERIFY(events.back() ==
                StreamEvent(StreamFinished{FinishReason(meaning), reason.toStdString()}));
    }

    void errorsAreReadInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<int>("kind");
        QTest::newRow("flat") << QByteArray(
                                     named("error",
                                           R"("code":"rate_limit_exceeded","message":"sorry",)"
                                           R"("param":null,"sequence_number":3)")
                                         .c_str())
                              << int(FailureKind::RateLimit);
        QTest::newRow("flat, without a name")
            << QByteArray(R"(data: {"type":"error","code":"server_error","message":"sorry"})"
                          "\n\n")
            << int(FailureKind::ServerError);
        QTest::newRow("nested") << QByteArray(
                                       named("error",
                                             R"("error":{"type":"invalid_request_error",)"
                                             R"("code":"rate_limit_exceeded","message":"sorry"})")
                                           .c_str())
                                << int(FailureKind::RateLimit);
        QTest::newRow("failed")
            << QByteArray(named("response.failed",
                                R"("response":{"id":"resp_1","status":"failed","error":)"
                                R"({"code":"server_error","message":"sorry"}})")
                              .c_str())
            << int(FailureKind::ServerError);
        QTest::newRow("failed, without credit")
            << QByteArray(named("response.failed",
                                R"("response":{"status":"failed","error":)"
                                R"({"code":"insufficient_quota","message":"sorry"}})")
                              .c_str())
            << int(FailureKind::QuotaUsedUp);
        QTest::newRow("failed, without saying why")
            << QByteArray(named("response.failed",
                                R"("response":{"status":"failed","error":null},"x":"sorry")")
                              .c_str())
            << int(FailureKind::ServerError);
    }
    void errorsAreReadInEveryForm()
    {
        QFETCH(const QByteArray, end);
        QFETCH(const int, kind);
        const std::string good = responsesStream(responsesText("So far"));
        const Events events =
            read(good.substr(0, good.find("event: response.completed")) + end.toStdString());
        QCOMPARE(shownText(events), std::string("So far"));
        const StreamFailed failed = failureAtEnd(events);
        QCOMPARE(int(failed.kind), kind);
        QVERIFY(failed.error.message.find("sorry") != std::string::npos ||
                failed.error.message.find("failed") != std::string::npos);
    }

    void theFamilysEndMarkerIsNotWaitedForAndNotTakenForOne()
    {
        const std::string good = responsesStream(responsesText("a"));
        const std::string cut = good.substr(0, good.find("event: response.completed"));
        QCOMPARE(failureAtEnd(read(cut)).kind, FailureKind::Truncated);
        QCOMPARE(failureAtEnd(read(cut + "data: [DONE]\n\n")).kind, FailureKind::Protocol);
    }

    void countsThatCannotBeTrueAreNotBelieved()
    {
        for (const std::string& count : absurdCounts()) {
            const UsageReport usage = usageIn(read(responsesStream(
                responsesText("a"), "completed",
                R"("usage":{"input_tokens":9,"output_tokens":)" + count +
                    R"(,"input_tokens_details":{"cached_tokens":)" + count + "}}")));
            QVERIFY2(!usage.output && !usage.cacheRead, count.c_str());
            QVERIFY2(usage.inputUncached == 9, count.c_str());
        }
        for (const char* number : {"1e400", "NaN"})
            QCOMPARE(failureAtEnd(read(responsesStream("", "completed",
                                                       std::string("\"usage\":{\"input_tokens\":") +
                                                           number + "}")))
                         .kind,
                     FailureKind::Protocol);
    }

    void whatIsNoStreamOfThisDialectFails()
    {
        QCOMPARE(failureAtEnd(read("data: " + std::string(10U << 20, 'x') + "\n\n")).kind,
                 FailureKind::TooLarge);
        QCOMPARE(failureAtEnd(read("data: " + std::string(100'000, '[') + "\n\n")).kind,
                 FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read(R"({"object":"list","data":[]})")).kind, FailureKind::Protocol);
    }

    void theRequestHasTheFormOfTheDialect()
    {
        ChatRequest asked = askedFor("gpt-x");
        asked.maxTokens = 512;
        asked.temperature = 0.5;
        asked.styleGuide = "Be brief.";
        QVERIFY(bodyOf(openAiResponses(), asked) == nlohmann::json::parse(R"({
            "model":"gpt-x","instructions":"Be brief.","stream":true,"store":false,
            "input":[{"role":"user","content":"Hi"}],
            "max_output_tokens":512,"temperature":0.5})"));
        asked.maxTokens = 3;
        asked.seed = 1;
        const RequestBody body =
            openAiResponses().body(asked, endpointAt("http://127.0.0.1"), {{"temperature"}});
        const auto json = nlohmann::json::parse(body.json);
        QVERIFY(json["max_output_tokens"] == 16);
        QVERIFY(!json.contains("temperature") && !json.contains("seed"));
        QCOMPARE(body.adjusted.size(), std::size_t(2));
    }

    void addressesAndHeadersAreTheFamilys()
    {
        const auto url = [](const char* base) {
            return openAiResponses().chatUrl(endpointAt(base), "m");
        };
        QCOMPARE(url("https://api.openai.com"), std::string("https://api.openai.com/v1/responses"));
        QCOMPARE(url("https://r.openai.azure.com"),
                 std::string("https://r.openai.azure.com/openai/v1/responses"));
        QVERIFY(headersOf(openAiResponses(), "sk-1").find("Authorization: Bearer sk-1\n") !=
                std::string::npos);
        QVERIFY(
            headersOf(openAiResponses(), "k", "https://r.openai.azure.com").find("api-key: k\n") !=
            std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestOpenAiResponses)
#include "tst_openai_responses.moc"
