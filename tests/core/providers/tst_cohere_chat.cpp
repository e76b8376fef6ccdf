// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: Cohere's stream becomes the common events wherever it is cut; what is billed is told
// apart from what ran; its own temperature is known.

#include "cohere_samples.h"

#include <core/providers/cohere_chat.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Events read(const std::string& bytes, TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode(cohereChat(), bytes, end, status);
}

std::string billedInput(const std::string& count)
{
    return "{\"billed_units\":{\"input_tokens\":" + count + ",\"output_tokens\":7}}";
}

} // namespace

class TestCohereChat : public QObject
{
    Q_OBJECT
private slots:
    void everyCutGivesTheSameEvents_data()
    {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < cohereSamples().size(); ++i)
            QTest::newRow(cohereSamples()[i].name) << int(i);
    }
    void everyCutGivesTheSameEvents()
    {
        QFETCH(const int, sample);
        QCOMPARE(problemOf(cohereChat(), cohereSamples().at(std::size_t(sample))), QString());
    }

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<int>("reason");
        const auto row = [](const char* raw, FinishReason reason) {
            QTest::newRow(raw) << QByteArray(raw) << int(reason);
        };
        row("COMPLETE", FinishReason::Stop);
        row("STOP_SEQUENCE", FinishReason::Stop);
        row("MAX_TOKENS", FinishReason::Length);
        row("TOOL_CALL", FinishReason::ToolCall);
        row("TIRED", FinishReason::Unknown);
    }
    void finishReasonsHaveOneMeaning()
    {
        QFETCH(const QByteArray, raw);
        QFETCH(const int, reason);
        const Events events = read(cohereStream(cohereText("a"), raw.toStdString()));
        QVERIFY(events.back() ==
                StreamEvent(StreamFinished{FinishReason(reason), raw.toStdString()}));
    }

    void anEndThatIsAnErrorFailsAndIsBilled()
    {
        for (const char* raw : {"ERROR", "TIMEOUT"}) {
            const Events events = read(cohereStream(cohereText("So far"), raw));
            QCOMPARE(shownText(events), std::string("So far"));
            QCOMPARE(failureAtEnd(events).kind, FailureKind::ServerError);
            QVERIFY(usageIn(events).inputUncached == 8);
        }
    }

    void errorBodiesAreRead_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("kind");
        const auto row = [](const char* name, int status, FailureKind kind) {
            QTest::newRow(name) << status << int(kind);
        };
        row("400", 400, FailureKind::BadRequest);
        row("401", 401, FailureKind::Auth);
        row("404", 404, FailureKind::NotFound);
        row("422", 422, FailureKind::BadRequest);
        row("429", 429, FailureKind::RateLimit);
        row("498", 498, FailureKind::ContentFilter);
        row("499", 499, FailureKind::Protocol);
        row("501", 501, FailureKind::ServerError);
        row("504", 504, FailureKind::ServerError);
    }
    void errorBodiesAreRead()
    {
        QFETCH(const int, status);
        QFETCH(const int, kind);
        const StreamFailed failed =
            failureAtEnd(read(R"({"id":"e1","message":"sorry"})", TransferEnd::Whole, status));
        QCOMPARE(int(failed.kind), kind);
        QVERIFY(failed.error.message.find("“sorry”") != std::string::npos);
    }

    void countsThatCannotBeTrueAreNotBelieved()
    {
        for (const std::string& count : absurdCounts()) {
            const UsageReport usage =
                usageIn(read(cohereStream(cohereText("a"), "COMPLETE", billedInput(count))));
            QVERIFY2(!usage.inputUncached && usage.output == 7, count.c_str());
        }
        for (const char* number : {"1e400", "NaN"})
            QCOMPARE(failureAtEnd(read(cohereStream("", "COMPLETE", billedInput(number)))).kind,
                     FailureKind::Protocol);
    }

    void whatIsNoStreamOfThisDialectFails()
    {
        QCOMPARE(failureAtEnd(read("data: " + std::string(10U << 20, 'x') + "\n\n")).kind,
                 FailureKind::TooLarge);
        QCOMPARE(failureAtEnd(read("data: " + std::string(100'000, '{') + "\n\n")).kind,
                 FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read(R"({"hello":"world"})")).kind, FailureKind::Protocol);
    }

    void theRequestHasTheFormOfTheDialect()
    {
        ChatRequest asked = askedFor("command-x");
        asked.styleGuide = "Be brief.";
        asked.maxTokens = 512;
        asked.temperature = 0.5;
        asked.seed = 3;
        QVERIFY(bodyOf(cohereChat(), asked) == nlohmann::json::parse(R"({
            "model":"command-x","stream":true,"max_tokens":512,"temperature":0.5,"seed":3,
            "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]})"));
        QVERIFY(cohereChat().defaultTemperature() == 0.3);
        QVERIFY(!bodyOf(cohereChat(), askedFor("command-x")).contains("temperature"));
    }

    void addressesAndHeadersAreTheDialects()
    {
        for (const char* base : {"https://api.cohere.com", "https://api.cohere.com/v2",
                                 "https://api.cohere.com/v2/chat"}) {
            QCOMPARE(cohereChat().chatUrl(endpointAt(base), "m"),
                     std::string("https://api.cohere.com/v2/chat"));
            QCOMPARE(cohereChat().models(endpointAt(base)).url,
                     std::string("https://api.cohere.com/v1/models?endpoint=chat&page_size=1000"));
        }
        QVERIFY(headersOf(cohereChat(), "k").find("Authorization: Bearer k\n") !=
                std::string::npos);
    }

    void modelListsNameWhatCanChat()
    {
        const ModelList list = cohereChat().models(endpointAt("https://api.cohere.com"));
        const auto page =
            readModelPage(R"({"models":[{"name":"command-x","endpoints":["generate","chat"],)"
                          R"("context_length":256000},{"name":"embed-x","endpoints":["embed"]}],)"
                          R"("next_page_token":"n"})",
                          *list.shape);
        QVERIFY(page.has_value());
        QCOMPARE(page->models.size(), std::size_t(1));
        QCOMPARE(page->models.at(0).contextTokens.value_or(0), 256'000);
        QCOMPARE(modelsUrl(list, page->next), list.url + "&page_token=n");
    }
};

QTEST_GUILESS_MAIN(TestCohereChat)
#include "tst_cohere_chat.moc"
