// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: Anthropic's stream becomes the common events wherever it is cut; usage is cumulative and
// its cache is beside the input; what the dialect refuses is not sent, and that is noted.

#include "anthropic_samples.h"

#include <core/providers/anthropic_messages.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Events read(const std::string& bytes, TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode(anthropicMessages(), bytes, end, status);
}

std::string errorEvent(const std::string& type)
{
    return named("error", R"("error":{"type":")" + type + R"(","message":"sorry"})");
}

} // namespace

class TestAnthropicMessages : public QObject
{
    Q_OBJECT
private slots:
    void everyCutGivesTheSameEvents_data()
    {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < anthropicSamples().size(); ++i)
            QTest::newRow(anthropicSamples()[i].name) << int(i);
    }
    void everyCutGivesTheSameEvents()
    {
        QFETCH(const int, sample);
        QCOMPARE(problemOf(anthropicMessages(), anthropicSamples().at(std::size_t(sample))),
                 QString());
    }

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<int>("reason");
        QTest::newRow("end") << QByteArray("end_turn") << int(FinishReason::Stop);
        QTest::newRow("sequence") << QByteArray("stop_sequence") << int(FinishReason::Stop);
        QTest::newRow("limit") << QByteArray("max_tokens") << int(FinishReason::Length);
        QTest::newRow("context") << QByteArray("model_context_window_exceeded")
                                 << int(FinishReason::Length);
        QTest::newRow("refusal") << QByteArray("refusal") << int(FinishReason::Filtered);
        QTest::newRow("tool") << QByteArray("tool_use") << int(FinishReason::ToolCall);
        QTest::newRow("pause") << QByteArray("pause_turn") << int(FinishReason::ToolCall);
        QTest::newRow("unheard of") << QByteArray("tired") << int(FinishReason::Unknown);
    }
    void finishReasonsHaveOneMeaning()
    {
        QFETCH(const QByteArray, raw);
        QFETCH(const int, reason);
        const Events events = read(anthropicStream(anthropicText("a"), raw.toStdString()));
        QVERIFY(events.back() ==
                StreamEvent(StreamFinished{FinishReason(reason), raw.toStdString()}));
    }

    void anErrorInsideTheStreamIsAFailureOfItsKind_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("status");
        const auto row = [](const char* type, FailureKind kind, int status) {
            QTest::newRow(type) << QByteArray(type) << int(kind) << status;
        };
        row("overloaded_error", FailureKind::ServerError, 529);
        row("api_error", FailureKind::ServerError, 500);
        row("timeout_error", FailureKind::ServerError, 504);
        row("rate_limit_error", FailureKind::RateLimit, 429);
        row("billing_error", FailureKind::QuotaUsedUp, 402);
        row("invalid_request_error", FailureKind::BadRequest, 400);
        row("request_too_large", FailureKind::BadRequest, 413);
        row("authentication_error", FailureKind::Auth, 401);
        row("permission_error", FailureKind::Auth, 403);
        row("not_found_error", FailureKind::NotFound, 404);
        row("new_kind_of_error", FailureKind::ServerError, 500);
    }
    void anErrorInsideTheStreamIsAFailureOfItsKind()
    {
        QFETCH(const QByteArray, type);
        QFETCH(const int, kind);
        QFETCH(const int, status);
        const std::string good = anthropicStream(anthropicText("So far"));
        const std::string bytes =
            good.substr(0, good.find("event: message_delta")) + errorEvent(type.toStdString());
        const Events events = read(bytes);
        QCOMPARE(shownText(events), std::string("So far"));
        QCOMPARE(int(failureAtEnd(events).kind), kind);
        QCOMPARE(failureAtEnd(events).httpStatus, status);
        QVERIFY(failureAtEnd(events).error.message.find("sorry") != std::string::npos);
    }

    void errorBodiesAreRead()
    {
        const Events events =
            read(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},)"
                 R"("request_id":"req_1"})",
                 TransferEnd::Whole, 529);
        QCOMPARE(failureAtEnd(events).kind, FailureKind::ServerError);
        QVERIFY(failureAtEnd(events).error.message.find("Overloaded") != std::string::npos);
    }

    void countsThatCannotBeTrueAreNotBelieved()
    {
        for (const std::string& count : absurdCounts()) {
            const UsageReport usage = usageIn(read(anthropicStream(
                anthropicText("a"), "end_turn",
                "{\"output_tokens\":" + count + ",\"cache_read_input_tokens\":" + count + "}")));
            QVERIFY2(usage.output == 1, count.c_str()); // what the beginning said
            QVERIFY2(!usage.cacheRead, count.c_str());
            QVERIFY2(usage.inputUncached == 9, count.c_str());
        }
        const Events huge =
            read(anthropicStream(anthropicText("a"), "end_turn", R"({"output_tokens":1e400})"));
        QCOMPARE(failureAtEnd(huge).kind, FailureKind::Protocol);
        const Events notANumber =
            read(anthropicStream(anthropicText("a"), "end_turn", R"({"output_tokens":NaN})"));
        QCOMPARE(failureAtEnd(notANumber).kind, FailureKind::Protocol);
    }

    void whatIsNoStreamOfThisDialectFails()
    {
        QCOMPARE(failureAtEnd(read(std::string(100'000, '['))).kind, FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("data: " + std::string(100'000, '{') + "\n\n")).kind,
                 FailureKind::Protocol);
        QCOMPARE(failureAtEnd(read("data: " + std::string(10U << 20, 'x') + "\n\n")).kind,
                 FailureKind::TooLarge);
        const StreamFailed other = failureAtEnd(read(R"({"hello":"world"})"));
        QCOMPARE(other.kind, FailureKind::Protocol);
        QVERIFY(other.error.hint.find("Anthropic Messages") != std::string::npos);
        QCOMPARE(failureAtEnd(read(named("message_stop", {}))).kind, FailureKind::Protocol);
    }

    void theRequestHasTheFormOfTheDialect()
    {
        ChatRequest asked = askedFor("claude-x");
        asked.maxTokens = 512;
        QVERIFY(bodyOf(anthropicMessages(), asked) == nlohmann::json::parse(R"({
            "model":"claude-x","max_tokens":512,"stream":true,
            "messages":[{"role":"user","content":"Hi"}]})"));
        asked.styleGuide = "Be brief.";
        asked.messages = {{Role::System, "You are support."},
                          {Role::User, "Hi"},
                          {Role::User, "Again"},
                          {Role::Assistant, "Yes?"},
                          {Role::Tool, "4"}};
        asked.temperature = 0.5;
        const nlohmann::json body = bodyOf(anthropicMessages(), asked);
        QVERIFY(body["system"] == "Be brief.\n\nYou are support.");
        QVERIFY(body["temperature"] == 0.5);
        QVERIFY(body["messages"] == nlohmann::json::parse(R"([
            {"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"Again"}]},
            {"role":"assistant","content":"Yes?"},{"role":"user","content":"4"}])"));
    }

    void whatTheDialectRefusesIsLeftOutAndNoted()
    {
        ChatRequest asked = askedFor("claude-opus-4-7-20260401");
        asked.temperature = 0.5;
        asked.seed = 3;
        const RequestBody body =
            anthropicMessages().body(asked, endpointAt("https://api.anthropic.com"), {});
        const auto json = nlohmann::json::parse(body.json);
        QVERIFY(!json.contains("temperature"));
        QVERIFY(!json.contains("seed"));
        QVERIFY(json["max_tokens"] == 4096);
        QStringList noted;
        for (const StreamAdjusted& adjusted : body.adjusted)
            noted << QString::fromStdString(adjusted.parameter);
        QCOMPARE(noted.join(QLatin1Char(' ')), QStringLiteral("max_tokens temperature seed"));
        QVERIFY(body.optional.empty());

        asked.upstreamModel = "claude-sonnet-4-5";
        QVERIFY(bodyOf(anthropicMessages(), asked)["temperature"] == 0.5);
        QVERIFY(!bodyOf(anthropicMessages(), asked, {{"temperature"}}).contains("temperature"));
    }

    void addressesAndHeadersAreTheDialects()
    {
        const auto url = [](const char* base) {
            return anthropicMessages().chatUrl(endpointAt(base), "m");
        };
        QCOMPARE(url("https://api.anthropic.com"),
                 std::string("https://api.anthropic.com/v1/messages"));
        QCOMPARE(url("http://127.0.0.1:8080/v1"), std::string("http://127.0.0.1:8080/v1/messages"));
        QCOMPARE(url("https://proxy.example/v1/messages"),
                 std::string("https://proxy.example/v1/messages"));
        const std::string headers = headersOf(anthropicMessages(), "sk-ant-1");
        QVERIFY(headers.find("x-api-key: sk-ant-1\n") != std::string::npos);
        QVERIFY(headers.find("anthropic-version: 2023-06-01\n") != std::string::npos);
        QVERIFY(headers.find("Authorization") == std::string::npos);
        QVERIFY(headersOf(anthropicMessages(), "").find("x-api-key") == std::string::npos);
    }

    void modelListsComeInPages()
    {
        const ModelList list = anthropicMessages().models(endpointAt("https://api.anthropic.com"));
        QCOMPARE(modelsUrl(list, {}),
                 std::string("https://api.anthropic.com/v1/models?limit=1000"));
        const auto page = readModelPage(
            R"({"data":[{"id":"claude-x","display_name":"X","max_input_tokens":200000}],)"
            R"("has_more":true,"last_id":"claude-x"})",
            *list.shape);
        QVERIFY(page.has_value());
        QCOMPARE(page->models.at(0).id, std::string("claude-x"));
        QCOMPARE(page->models.at(0).contextTokens.value_or(0), 200'000);
        QCOMPARE(modelsUrl(list, page->next),
                 std::string("https://api.anthropic.com/v1/models?limit=1000&after_id=claude-x"));
        QVERIFY(readModelPage(R"({"data":[],"has_more":false,"last_id":"claude-x"})", *list.shape)
                    ->next.empty());
    }
};

QTEST_GUILESS_MAIN(TestAnthropicMessages)
#include "tst_anthropic_messages.moc"
