// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: Ollama's lines become the common events wherever they are cut; an error after good lines
// fails; loading a model is told apart; the prompt is never cut silently.

#include "ollama_samples.h"

#include <core/providers/ollama_chat.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Events read(const std::string& bytes, TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode(ollamaChat(), bytes, end, status);
}

} // namespace

class TestOllamaChat : public QObject
{
    Q_OBJECT
private slots:
    void everyCutGivesTheSameEvents_data()
    {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < ollamaSamples().size(); ++i)
            QTest::newRow(ollamaSamples()[i].name) << int(i);
    }
    void everyCutGivesTheSameEvents()
    {
        QFETCH(const int, sample);
        QCOMPARE(problemOf(ollamaChat(), ollamaSamples().at(std::size_t(sample))), QString());
    }

    void finishReasonsHaveOneMeaning()
    {
        const auto reason = [](const char* raw) {
            return reasonAtEnd(read(ollamaText("a") + ollamaEnd({}, raw)));
        };
        QCOMPARE(reason("stop"), FinishReason::Stop);
        QCOMPARE(reason("length"), FinishReason::Length);
        QCOMPARE(reason("unload"), FinishReason::Unknown);
    }

    void anErrorAfterGoodLinesFails()
    {
        const Events events =
            read(ollamaText("So far") + "{\"error\":\"the model runner has stopped\"}\n");
        QCOMPARE(shownText(events), std::string("So far"));
        QCOMPARE(failureAtEnd(events).kind, FailureKind::ServerError);
        QVERIFY(failureAtEnd(events).error.message.find("runner has stopped") != std::string::npos);
    }

    void errorBodiesAreRead()
    {
        const StreamFailed failed =
            failureAtEnd(read(R"({"error":"model 'tiny' not found"})", TransferEnd::Whole, 404));
        QCOMPARE(failed.kind, FailureKind::NotFound);
        QVERIFY(failed.error.message.find("'tiny' not found") != std::string::npos);
    }

    void numbersThatCannotBeTrueAreNotBelieved()
    {
        for (const std::string& count : absurdCounts()) {
            const Events events = read(
                ollamaText("a") + ollamaEnd("\"prompt_eval_count\":9,\"eval_count\":" + count));
            QVERIFY2(!usageIn(events).output, count.c_str());
            QVERIFY2(usageIn(events).inputUncached == 9, count.c_str());
        }
        for (const char* time : {"-1", "1e300", "\"1\"", "null", "[]"})
            QVERIFY(allOf<ServerTimes>(
                        read(ollamaText("a") + ollamaEnd(std::string("\"load_duration\":") + time)))
                        .empty());
        for (const char* number : {"1e400", "NaN"})
            QCOMPARE(failureAtEnd(
                         read(ollamaText("a") + ollamaEnd(std::string("\"eval_count\":") + number)))
                         .kind,
                     FailureKind::Protocol);
    }

    void whatIsNoStreamOfThisDialectFails()
    {
        QCOMPARE(failureAtEnd(read("{\"a\":\"" + std::string(10U << 20, 'x') + "\"}\n")).kind,
                 FailureKind::TooLarge);
        QCOMPARE(failureAtEnd(read(std::string(100'000, '{') + "\n")).kind, FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("{\"hello\":\"world\"}\n")).kind, FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("[]\n")).kind, FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("{\"message\":{\"content\":\"\xC3(\"}}\n")).kind,
                 FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("<html><title>Log in</title></html>")).kind,
                 FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("")).kind, FailureKind::Protocol);
    }

    void theRequestHasTheFormOfTheDialect()
    {
        ChatRequest asked = askedFor("qwen:x");
        QVERIFY(bodyOf(ollamaChat(), asked) == nlohmann::json::parse(R"({
            "model":"qwen:x","messages":[{"role":"user","content":"Hi"}],"stream":true,
            "truncate":false})"));
        asked.maxTokens = 512;
        asked.temperature = 0.5;
        asked.seed = 3;
        asked.contextTokens = 8192;
        asked.styleGuide = "Be brief.";
        const nlohmann::json body = bodyOf(ollamaChat(), asked);
        QVERIFY(body["messages"][0]["content"] == "Be brief.");
        QVERIFY(body["options"] ==
                nlohmann::json::parse(
                    R"({"num_predict":512,"temperature":0.5,"seed":3,"num_ctx":8192})"));
        QVERIFY(!bodyOf(ollamaChat(), asked, {{"truncate"}}).contains("truncate"));
    }

    void addressesAndHeadersAreTheDialects()
    {
        for (const char* base : {"http://127.0.0.1:11434", "http://127.0.0.1:11434/v1",
                                 "http://127.0.0.1:11434/api", "http://127.0.0.1:11434/api/chat"}) {
            QCOMPARE(ollamaChat().chatUrl(endpointAt(base), "m"),
                     std::string("http://127.0.0.1:11434/api/chat"));
            QCOMPARE(ollamaChat().models(endpointAt(base)).url,
                     std::string("http://127.0.0.1:11434/api/tags"));
        }
        QVERIFY(headersOf(ollamaChat(), "k").find("Authorization: Bearer k\n") !=
                std::string::npos);
        QVERIFY(headersOf(ollamaChat(), "").find("Authorization") == std::string::npos);
    }

    void modelListsAreRead()
    {
        const ModelList list = ollamaChat().models(endpointAt("http://127.0.0.1:11434"));
        const auto page = readModelPage(
            R"({"models":[{"name":"qwen:x","model":"qwen:x","size":1,"details":{}}]})",
            *list.shape);
        QVERIFY(page.has_value());
        QCOMPARE(page->models.at(0).id, std::string("qwen:x"));
        QVERIFY(page->next.empty());
    }
};

QTEST_GUILESS_MAIN(TestOllamaChat)
#include "tst_ollama_chat.moc"
