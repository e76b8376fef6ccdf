// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: Gemini's stream becomes the common events wherever it is cut; thoughts are reasoning and
// billed as output; a prompt that is blocked is a failure of its own; errors are read in a list
// too.

#include "gemini_samples.h"

#include <core/providers/gemini.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Events read(const std::string& bytes, TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode(gemini(), bytes, end, status);
}

} // namespace

class TestGemini : public QObject
{
    Q_OBJECT
private slots:
    void everyCutGivesTheSameEvents_data()
    {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < geminiSamples().size(); ++i)
            QTest::newRow(geminiSamples()[i].name) << int(i);
    }
    void everyCutGivesTheSameEvents()
    {
        QFETCH(const int, sample);
        QCOMPARE(problemOf(gemini(), geminiSamples().at(std::size_t(sample))), QString());
    }

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<int>("reason");
        const auto row = [](const char* raw, FinishReason reason) {
            QTest::newRow(raw) << QByteArray(raw) << int(reason);
        };
        row("STOP", FinishReason::Stop);
        row("MAX_TOKENS", FinishReason::Length);
        row("SAFETY", FinishReason::Filtered);
        row("RECITATION", FinishReason::Filtered);
        row("BLOCKLIST", FinishReason::Filtered);
        row("PROHIBITED_CONTENT", FinishReason::Filtered);
        row("SPII", FinishReason::Filtered);
        row("LANGUAGE", FinishReason::Filtered);
        row("TIRED", FinishReason::Unknown);
    }
    void finishReasonsHaveOneMeaning()
    {
        QFETCH(const QByteArray, raw);
        QFETCH(const int, reason);
        const Events events = read(geminiEvent(geminiText("a"), raw.toStdString()));
        QVERIFY(events.back() ==
                StreamEvent(StreamFinished{FinishReason(reason), raw.toStdString()}));
    }

    void anEndThatIsAnErrorFailsAndIsBilled()
    {
        for (const char* raw : {"OTHER", "MALFORMED_FUNCTION_CALL"}) {
            const Events events = read(geminiEvent(geminiText("a"), raw));
            QCOMPARE(failureAtEnd(events).kind, FailureKind::ServerError);
            QVERIFY(failureAtEnd(events).error.message.find(raw) != std::string::npos);
            QVERIFY(usageIn(events).inputUncached == 9);
        }
    }

    void aBlockedPromptIsAFailureOfItsOwn()
    {
        const Events events =
            read("data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},"
                 "\"usageMetadata\":{\"promptTokenCount\":9}}\n\n");
        QCOMPARE(failureAtEnd(events).kind, FailureKind::ContentFilter);
        QVERIFY(failureAtEnd(events).error.message.find("PROHIBITED_CONTENT") != std::string::npos);
        QVERIFY(usageIn(events).inputUncached == 9);
    }

    void anEndWithoutUsageWaitsForTheEndOfTheBody()
    {
        const std::string bytes =
            geminiEvent(geminiText("a")) + geminiEvent("", "STOP", {}) +
            geminiEvent("", {}, R"({"promptTokenCount":9,"candidatesTokenCount":5})");
        QVERIFY(usageIn(read(bytes)).output == 5);
        QCOMPARE(reasonAtEnd(read(bytes, TransferEnd::Closed)), FinishReason::Stop);
        const std::string endless = geminiEvent(geminiText("a"));
        QCOMPARE(failureAtEnd(read(endless)).kind, FailureKind::Truncated);
        QCOMPARE(failureAtEnd(read(endless, TransferEnd::Closed)).kind, FailureKind::Truncated);
    }

    void errorBodiesAreRead_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("httpStatus");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("waitMs");
        QTest::newRow("in a list")
            << QByteArray(R"([{"error":{"code":404,"message":"no model","status":"NOT_FOUND"}}])")
            << 404 << int(FailureKind::NotFound) << -1;
        QTest::newRow("in a list, with 200")
            << QByteArray(R"([{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}])")
            << 200 << int(FailureKind::ServerError) << -1;
        QTest::newRow("in an event")
            << QByteArray("data: {\"error\":{\"code\":429,\"message\":\"no\"}}\n\n") << 200
            << int(FailureKind::RateLimit) << -1;
        QTest::newRow("only the word")
            << QByteArray("data: {\"error\":{\"status\":\"RESOURCE_EXHAUSTED\"}}\n\n") << 200
            << int(FailureKind::RateLimit) << -1;
        QTest::newRow("with a time to wait")
            << QByteArray(R"({"error":{"code":429,"message":"no","status":"RESOURCE_EXHAUSTED",)"
                          R"("details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure"},)"
                          R"({"@type":"type.googleapis.com/google.rpc.RetryInfo",)"
                          R"("retryDelay":"17s"}]}})")
            << 429 << int(FailureKind::RateLimit) << 17'000;
        QTest::newRow("with an absurd time")
            << QByteArray(R"({"error":{"code":429,"details":[{"retryDelay":"1e400s"},7]}})") << 429
            << int(FailureKind::RateLimit) << -1;
    }
    void errorBodiesAreRead()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const int, httpStatus);
        QFETCH(const int, kind);
        QFETCH(const int, waitMs);
        const StreamFailed failed =
            failureAtEnd(read(body.toStdString(), TransferEnd::Whole, httpStatus));
        QCOMPARE(int(failed.kind), kind);
        QCOMPARE(failed.retryAfterMs.value_or(-1), waitMs);
    }

    void countsThatCannotBeTrueAreNotBelieved()
    {
        for (const std::string& count : absurdCounts()) {
            const UsageReport usage =
                usageIn(read(geminiEvent(geminiText("a"), "STOP",
                                         "{\"promptTokenCount\":9,\"thoughtsTokenCount\":" + count +
                                             ",\"candidatesTokenCount\":" + count + "}")));
            QVERIFY2(!usage.output && !usage.reasoning, count.c_str());
            QVERIFY2(usage.inputUncached == 9, count.c_str());
        }
        for (const char* number : {"1e400", "NaN"})
            QCOMPARE(
                failureAtEnd(read(geminiEvent(
                                 "", "STOP", std::string("{\"promptTokenCount\":") + number + "}")))
                    .kind,
                FailureKind::Protocol);
    }

    void whatIsNoStreamOfThisDialectFails()
    {
        QCOMPARE(failureAtEnd(read(std::string(100'000, '['))).kind, FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("data: " + std::string(10U << 20, 'x') + "\n\n")).kind,
                 FailureKind::TooLarge);
        QCOMPARE(failureAtEnd(read("[" + std::string(10U << 20, ' '))).kind, FailureKind::TooLarge);
        QCOMPARE(failureAtEnd(read("[]")).kind, FailureKind::Truncated);
        QCOMPARE(failureAtEnd(read("[{}]")).kind, FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read(R"({"hello":"world"})")).kind, FailureKind::Protocol);
    }

    void aListWithSomethingElseInItHasOneEnd()
    {
        const std::string whole = geminiSamples().back().bytes;
        const Events events = read(whole.substr(0, whole.size() - 1) + R"(,{"hello":"world"}])");
        QCOMPARE(allOf<StreamFinished>(events).size() + allOf<StreamFailed>(events).size(),
                 std::size_t(1));
        QCOMPARE(failureAtEnd(events).kind, FailureKind::Protocol);
        QVERIFY(shownText(events).empty());
    }

    void theRequestHasTheFormOfTheDialect()
    {
        ChatRequest asked = askedFor("gemini-x");
        asked.maxTokens = 512;
        asked.temperature = 0.5;
        asked.seed = 3;
        asked.styleGuide = "Be brief.";
        asked.messages.push_back({Role::Assistant, "Yes?"});
        QVERIFY(bodyOf(gemini(), asked) == nlohmann::json::parse(R"({
            "systemInstruction":{"parts":[{"text":"Be brief."}]},
            "contents":[{"role":"user","parts":[{"text":"Hi"}]},
                        {"role":"model","parts":[{"text":"Yes?"}]}],
            "generationConfig":{"maxOutputTokens":512,"temperature":0.5,"seed":3}})"));
        QVERIFY(!bodyOf(gemini(), asked, {{"seed"}})["generationConfig"].contains("seed"));
        QVERIFY(!bodyOf(gemini(), askedFor("gemini-x")).contains("generationConfig"));

        asked.upstreamModel = "gemma-3-27b-it";
        const nlohmann::json gemma = bodyOf(gemini(), asked);
        QVERIFY(!gemma.contains("systemInstruction"));
        QVERIFY(gemma["contents"][0]["parts"] ==
                nlohmann::json::parse(R"([{"text":"Be brief."},{"text":"Hi"}])"));
    }

    void addressesAndHeadersAreTheDialects()
    {
        const auto url = [](const char* base, const char* model) {
            return gemini().chatUrl(endpointAt(base), model);
        };
        QCOMPARE(url("https://generativelanguage.googleapis.com", "gemini-x"),
                 std::string("https://generativelanguage.googleapis.com/v1beta/models/"
                             "gemini-x:streamGenerateContent?alt=sse"));
        QCOMPARE(
            url("http://127.0.0.1:1/v1", "models/a b?c"),
            std::string("http://127.0.0.1:1/v1/models/a%20b%3Fc:streamGenerateContent?alt=sse"));
        QVERIFY(headersOf(gemini(), "AIza").find("x-goog-api-key: AIza\n") != std::string::npos);
        const std::string vertex =
            headersOf(gemini(), "ya29",
                      "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/"
                      "europe-west1/publishers/google");
        QVERIFY(vertex.find("Authorization: Bearer ya29\n") != std::string::npos);
        QVERIFY(vertex.find("x-goog-api-key") == std::string::npos);
    }

    void modelListsNameWhatCanAnswer()
    {
        const ModelList list =
            gemini().models(endpointAt("https://generativelanguage.googleapis.com"));
        const auto page = readModelPage(
            R"({"models":[{"name":"models/gemini-x","inputTokenLimit":1048576,)"
            R"("supportedGenerationMethods":["generateContent","countTokens"]},)"
            R"({"name":"models/embed","supportedGenerationMethods":["embedContent"]}],)"
            R"("nextPageToken":"p/2"})",
            *list.shape);
        QVERIFY(page.has_value());
        QCOMPARE(page->models.size(), std::size_t(1));
        QCOMPARE(page->models.at(0).id, std::string("gemini-x"));
        QCOMPARE(page->models.at(0).contextTokens.value_or(0), 1'048'576);
        QCOMPARE(modelsUrl(list, page->next),
                 std::string("https://generativelanguage.googleapis.com/v1beta/models?"
                             "pageSize=1000&pageToken=p%2F2"));
    }
};

QTEST_GUILESS_MAIN(TestGemini)
#include "tst_gemini.moc"
