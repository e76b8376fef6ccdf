// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every variation of the OpenAI dialect becomes the same events, wherever its bytes are
// cut; an answer is whole only if the dialect or the framing proves it; nothing a server sends
// throws, and what it says about usage is believed only where it can be true.

#include "wire_samples.h"

#include <QTest>
#include <nlohmann/json.hpp>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using Events = std::vector<StreamEvent>;

CallContext call()
{
    return {"127.0.0.1:8080",
            "http://127.0.0.1:8080/v1/chat/completions",
            "tiny",
            true,
            {"max_tokens", "temperature", "stream_options"}};
}

Events decode(std::string_view host, const std::vector<std::string_view>& pieces,
              TransferEnd end = TransferEnd::Whole, int status = 200,
              const HttpHeaders& headers = {})
{
    OpenAiChatDecoder decoder(openAiServerFor(host), call());
    Events events = decoder.begin(status, headers, 0);
    const auto take = [&](const Events& more) {
        events.insert(events.end(), more.begin(), more.end());
    };
    for (const std::string_view piece : pieces)
        take(decoder.feed(piece));
    take(decoder.finish(end));
    return events;
}

Events decode(const std::string& bytes, TransferEnd end = TransferEnd::Whole, int status = 200)
{
    return decode("localhost", {bytes}, end, status);
}

std::string textOf(const Events& events)
{
    std::string text;
    for (const StreamEvent& event : events)
        if (const auto* delta = std::get_if<TextDelta>(&event))
            text += delta->text;
    return text;
}

StreamFailed failureOf(const Events& events)
{
    if (const auto* failed = std::get_if<StreamFailed>(&events.back()))
        return *failed;
    qFatal("the stream did not fail");
}

std::string textEvent(const std::string& text)
{
    return "data: "
           "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" +
           text + "\"}}]}\n\n";
}
constexpr const char* kFinish =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
constexpr const char* kDone = "data: [DONE]\n\n";

std::string withUsage(const std::string& usage)
{
    return textEvent("x") + kFinish + "data: {\"choices\":[],\"usage\":" + usage + "}\n\n" + kDone;
}

std::optional<UsageReport> usageOf(const Events& events)
{
    for (const StreamEvent& event : events)
        if (const auto* usage = std::get_if<UsageReport>(&event))
            return *usage;
    return std::nullopt;
}

nlohmann::json bodyOf(const ChatRequest& request, std::string_view host = "localhost",
                      const RequestShape& shape = {})
{
    return nlohmann::json::parse(openAiRequestBody(request, openAiServerFor(host), shape).json);
}

ChatRequest request()
{
    ChatRequest request;
    request.upstreamModel = "tiny";
    request.messages = {{Role::User, "Hi"}};
    return request;
}

} // namespace

class TestOpenAiChat : public QObject
{
    Q_OBJECT
private slots:
    void everyVariationBecomesTheSameEvents_data()
    {
        QTest::addColumn<int>("sample");
        for (std::size_t i = 0; i < wireSamples().size(); ++i)
            QTest::newRow(wireSamples()[i].name) << int(i);
    }
    void everyVariationBecomesTheSameEvents()
    {
        QFETCH(const int, sample);
        const WireSample& wire = wireSamples().at(std::size_t(sample));
        Events expected = {StreamOpened{200}};
        expected.insert(expected.end(), wire.events.begin(), wire.events.end());
        QVERIFY(decode(wire.host, {wire.bytes}) == expected);

        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < wire.bytes.size(); ++i)
            bytes.push_back(wire.bytes.substr(i, 1));
        QVERIFY(decode(wire.host, bytes) == expected);
        for (std::size_t cut = 0; cut <= wire.bytes.size(); ++cut)
            QVERIFY2(decode(wire.host, {wire.bytes.substr(0, cut), wire.bytes.substr(cut)}) ==
                         expected,
                     qPrintable(QString::number(cut)));
    }

    void aStreamThatStopsAnywhereBeforeItsEndIsNotWhole_data()
    {
        everyVariationBecomesTheSameEvents_data();
    }
    void aStreamThatStopsAnywhereBeforeItsEndIsNotWhole()
    {
        QFETCH(const int, sample);
        const WireSample& wire = wireSamples().at(std::size_t(sample));
        // Behind the end marker, or the last brace of a JSON body, only line ends may be missing.
        const std::size_t marker = wire.bytes.rfind("[DONE]");
        const std::size_t end =
            marker != std::string_view::npos ? marker + 6 : wire.bytes.rfind('}') + 1;
        for (std::size_t cut = 0; cut < end; ++cut) {
            const Events events =
                decode(wire.host, {wire.bytes.substr(0, cut)}, TransferEnd::Closed);
            const FailureKind kind = failureOf(events).kind;
            QVERIFY2(kind == FailureKind::Truncated || kind == FailureKind::Protocol,
                     qPrintable(QString::number(cut)));
            if (cut > 40)
                QVERIFY2(kind == FailureKind::Truncated, qPrintable(QString::number(cut)));
        }
    }

    void theEndMarkerMayBeMissingOnlyIfTheFramingProvesTheEnd()
    {
        const std::string bytes = textEvent("a") + kFinish;
        QVERIFY(std::holds_alternative<StreamFinished>(decode(bytes, TransferEnd::Whole).back()));
        QCOMPARE(failureOf(decode(bytes, TransferEnd::Closed)).kind, FailureKind::Truncated);
        QCOMPARE(failureOf(decode(bytes, TransferEnd::Cut)).kind, FailureKind::Truncated);
        QCOMPARE(failureOf(decode(textEvent("a"), TransferEnd::Whole)).kind,
                 FailureKind::Truncated);
    }

    void nothingFollowsTheEndMarker()
    {
        const Events events = decode(textEvent("a") + kFinish + kDone + textEvent("b") + kDone);
        QCOMPARE(textOf(events), std::string("a"));
        QCOMPARE(events.size(), std::size_t(4));
    }

    void anEventLikeTheLastOneIsReadAsIfItWereNot_data()
    {
        QTest::addColumn<QByteArrayList>("deltas");
        const auto row = [](const char* name, const QByteArrayList& deltas) {
            QTest::newRow(name) << deltas;
        };
        const auto content = [](const QByteArray& raw) {
            return QByteArray("{\"content\":\"" + raw + "\"}");
        };
        row("words", {content("We"), content(" pay"), content(" soon")});
        row("spaces", {"{\"content\": \"a\"}", "{\"content\": \"b\"}", content("c")});
        row("escapes", {content("a"), content("\\n"), content("\\u00e9\\\""), content("b")});
        row("an escape first", {content("\\n"), content("\\t")});
        row("other languages", {content("a"), content("\u65e5\u672c")});
        row("not UTF-8", {content("a"), content("\xff")});
        row("a control character", {content("a"), content("\x01")});
        row("no text", {content("a"), content(""), "{\"content\":null}"});
        row("syntax in the text's place",
            {content("a"), content("b\",\"refusal\":\"no"), content("c")});
        row("the end in the text's place",
            {content("a"), content("b\"},\"finish_reason\":\"stop\",\"x\":{\"y\":\"z")});
        row("the same twice", {content("a\",\"reasoning\":\"a"), content("b\",\"reasoning\":\"a")});
        row("the key twice", {content("a\",\"content\":\"b"), content("a\",\"content\":\"c")});
        const QByteArray quoted = "\",\"x\":\"{\\\"content\\\":\\\"b\\\"}";
        row("the key in a text", {content("a" + quoted), content("c" + quoted)});
        row("a refusal", {"{\"refusal\":\"a\"}", "{\"refusal\":\"b\"}", content("c")});
        const QByteArray part = "{\"content\":[{\"type\":\"text\",\"text\":\"%\"}]}";
        row("parts", {QByteArray(part).replace('%', 'a'), QByteArray(part).replace('%', 'b')});
    }
    void anEventLikeTheLastOneIsReadAsIfItWereNot()
    {
        QFETCH(const QByteArrayList, deltas);
        // A number that means nothing makes every event unlike all others.
        const auto streamOf = [&](bool isNumbered) {
            std::string bytes;
            int number = 0;
            for (const QByteArray& delta : deltas)
                bytes += "data: {\"n\":" + std::to_string(isNumbered ? ++number : 1) +
                         R"(,"id":"c","model":"m","choices":[{"index":0,"delta":)" +
                         delta.toStdString() + "}]}\n\n";
            return bytes + kFinish + kDone;
        };
        QVERIFY(decode(streamOf(false)) == decode(streamOf(true)));
    }

    void aBodyThatIsNoAnswerFailsWithASentence_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QByteArray& body, FailureKind kind,
                            const char* says) {
            QTest::newRow(name) << body << int(kind) << QString::fromUtf8(says);
        };
        row("web page", "<!DOCTYPE html><html><head><title>Log in</title></head></html>",
            FailureKind::Protocol, "a web page (“Log in”)");
        row("web page without title", "<html></html>", FailureKind::Protocol, "a web page.");
        row("empty", "", FailureKind::Protocol, "an empty answer");
        row("blank", "\n\n \n", FailureKind::Protocol, "an empty answer");
        row("plain text", "Hello, I am a web server.", FailureKind::Protocol,
            "not an event stream");
        row("other JSON", R"({"hello":"world"})", FailureKind::Protocol, "not a chat answer");
        row("broken JSON", R"({"choices":[{]})", FailureKind::Protocol, "cannot be read");
        row("JSON error", R"({"error":{"message":"out of memory"}})", FailureKind::ServerError,
            "out of memory");
        row("JSON error in an array", R"([{"error":{"code":429,"message":"slow down"}}])",
            FailureKind::RateLimit, "slow down");
        row("only the end", "data: [DONE]\n\n", FailureKind::Protocol, "no answer");
        row("event that is no JSON", "data: hello\n\n", FailureKind::Protocol, "not a JSON object");
        row("event that is a number", "data: 7\n\n", FailureKind::Protocol, "not a JSON object");
        row("invalid UTF-8", "data: {\"choices\":[{\"delta\":{\"content\":\"\xC3(\"}}]}\n\n",
            FailureKind::Protocol, "not valid UTF-8");
        row("half a surrogate pair",
            "data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n",
            FailureKind::Protocol, "not a JSON object");
        row("deep nesting", "data: " + QByteArray(100'000, '[') + "\n\n", FailureKind::Protocol,
            "not a JSON object");
        row("error in the stream",
            "data: {\"error\":{\"message\":\"overloaded\",\"code\":503}}\n\n",
            FailureKind::ServerError, "overloaded");
        row("rate limit in the stream",
            "data: {\"error\":{\"message\":\"slow\",\"code\":\"rate_limit_exceeded\"}}\n\n",
            FailureKind::RateLimit, "slow");
        row("error event", "event: error\ndata: {\"message\":\"boom\"}\n\n",
            FailureKind::ServerError, "boom");
        row("error event in words", "event: error\ndata: it broke\n\n", FailureKind::ServerError,
            "it broke");
        row("object of kind error", "data: {\"object\":\"error\",\"message\":\"bad\"}\n\n",
            FailureKind::ServerError, "bad");
        row("Groq's error", "data: {\"x_groq\":{\"error\":\"over capacity\"}}\n\n",
            FailureKind::ServerError, "over capacity");
        row("finish reason error",
            "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n",
            FailureKind::ServerError, "failed");
    }
    void aBodyThatIsNoAnswerFailsWithASentence()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const int, kind);
        QFETCH(const QString, says);
        const Events events = decode(body.toStdString());
        const StreamFailed failed = failureOf(events);
        const QString message = QString::fromStdString(failed.error.message);
        QCOMPARE(int(failed.kind), kind);
        QVERIFY2(message.contains(says), qPrintable(message));
        QVERIFY(message.endsWith(QLatin1Char('.')));
        QVERIFY(!failed.error.hint.empty());
        QCOMPARE(std::ranges::count_if(events,
                                       [](const StreamEvent& event) {
                                           return std::holds_alternative<StreamFailed>(event) ||
                                                  std::holds_alternative<StreamFinished>(event);
                                       }),
                 1);
    }

    void anAnswerOverTheLimitsFails()
    {
        const std::string large(std::size_t{9} << 20, 'x');
        QCOMPARE(failureOf(decode(textEvent(large))).kind, FailureKind::TooLarge);
        QCOMPARE(failureOf(decode("{\"choices\":\"" + large)).kind, FailureKind::TooLarge);

        OpenAiChatDecoder decoder(openAiServerFor("localhost"), call(),
                                  {.eventBytes = 1000, .totalBytes = 10'000});
        Events events = decoder.begin(200, {}, 0);
        for (int i = 0; i < 200 && !decoder.isDone(); ++i)
            std::ranges::move(decoder.feed(textEvent("abc")), std::back_inserter(events));
        QCOMPARE(failureOf(events).kind, FailureKind::TooLarge);
        QVERIFY(textOf(events).size() > 300); // what came before the limit is kept
    }

    void finishReasonsHaveOneMeaning_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<int>("reason");
        QTest::newRow("stop") << QByteArray("stop") << int(FinishReason::Stop);
        QTest::newRow("Together") << QByteArray("eos") << int(FinishReason::Stop);
        QTest::newRow("length") << QByteArray("length") << int(FinishReason::Length);
        QTest::newRow("filter") << QByteArray("content_filter") << int(FinishReason::Filtered);
        QTest::newRow("tools") << QByteArray("tool_calls") << int(FinishReason::ToolCall);
        QTest::newRow("function") << QByteArray("function_call") << int(FinishReason::ToolCall);
        QTest::newRow("unheard of") << QByteArray("tired") << int(FinishReason::Unknown);
    }
    void finishReasonsHaveOneMeaning()
    {
        QFETCH(const QByteArray, raw);
        QFETCH(const int, reason);
        const Events events =
            decode(textEvent("a") + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"" +
                   raw.toStdString() + "\"}]}\n\n" + kDone);
        QVERIFY(events.back() ==
                StreamEvent(StreamFinished{FinishReason(reason), raw.toStdString()}));
    }

    void usageIsBelievedOnlyWhereItCanBeTrue_data()
    {
        QTest::addColumn<QByteArray>("usage");
        QTest::addColumn<QVariant>("input");
        QTest::addColumn<QVariant>("output");
        const auto row = [](const char* name, const char* usage, const QVariant& input,
                            const QVariant& output) {
            QTest::newRow(name) << QByteArray(usage) << input << output;
        };
        row("plain", R"({"prompt_tokens":5,"completion_tokens":6})", 5, 6);
        row("whole numbers with a point", R"({"prompt_tokens":5.0,"completion_tokens":6})", 5, 6);
        row("negative", R"({"prompt_tokens":-5,"completion_tokens":6})", {}, 6);
        row("fraction", R"({"prompt_tokens":5,"completion_tokens":6.5})", 5, {});
        row("absurd", R"({"prompt_tokens":5,"completion_tokens":1e300})", 5, {});
        row("text", R"({"prompt_tokens":"5","completion_tokens":6})", {}, 6);
        row("more cached than sent",
            R"({"prompt_tokens":5,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":9}})",
            5, 6);
        row("null", "null", {}, {});
        row("a word", "\"many\"", {}, {});
        row("nothing in it", "{}", {}, {});
    }
    void usageIsBelievedOnlyWhereItCanBeTrue()
    {
        QFETCH(const QByteArray, usage);
        QFETCH(const QVariant, input);
        QFETCH(const QVariant, output);
        const auto report = usageOf(decode(withUsage(usage.toStdString())));
        const auto value = [](const std::optional<std::int64_t>& count) {
            return count ? QVariant(int(*count)) : QVariant();
        };
        QCOMPARE(report ? value(report->inputUncached) : QVariant(), input);
        QCOMPARE(report ? value(report->output) : QVariant(), output);
    }

    void theRequestCarriesWhatWasAskedForAndNoMore()
    {
        ChatRequest asked = request();
        QVERIFY(bodyOf(asked) ==
                nlohmann::json::parse(R"({"model":"tiny","messages":[{"role":"user",
            "content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}})"));
        asked.maxTokens = 64;
        asked.temperature = 0.5;
        asked.seed = 3;
        asked.styleGuide = "Be brief.";
        const auto body = bodyOf(asked);
        QVERIFY(body["max_tokens"] == 64);
        QVERIFY(body["temperature"] == 0.5);
        QVERIFY(body["seed"] == 3);
        QVERIFY(body["messages"][0] ==
                nlohmann::json::parse(R"({"role":"system","content":"Be brief."})"));
    }

    void theStyleGuideStandsBeforeTheSystemPrompt()
    {
        ChatRequest asked = request();
        asked.styleGuide = "Be brief.";
        asked.messages = {{Role::System, "You are support."}, {Role::User, "Hi"}};
        const auto messages = bodyOf(asked)["messages"];
        QCOMPARE(messages.size(), std::size_t(2));
        QVERIFY(messages[0]["content"] == "Be brief.\n\nYou are support.");
    }

    void eachServerGetsItsOwnNames_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("OpenAI") << QByteArray("api.openai.com")
                                << QByteArray(
                                       "max_completion_tokens seed stream_options temperature");
        QTest::newRow("Mistral") << QByteArray("api.mistral.ai")
                                 << QByteArray("max_tokens random_seed temperature");
        QTest::newRow("any") << QByteArray("10.0.0.1")
                             << QByteArray("max_tokens seed stream_options temperature");
        QTest::newRow("not OpenAI") << QByteArray("api.openai.com.evil.example")
                                    << QByteArray("max_tokens seed stream_options temperature");
    }
    void eachServerGetsItsOwnNames()
    {
        QFETCH(const QByteArray, host);
        QFETCH(const QByteArray, names);
        ChatRequest asked = request();
        asked.maxTokens = 1;
        asked.temperature = 0;
        asked.seed = 1;
        const RequestBody body = openAiRequestBody(asked, openAiServerFor(host.toStdString()));
        QByteArrayList optional;
        for (const std::string& name : body.optional)
            optional << QByteArray::fromStdString(name);
        QCOMPARE(optional.join(' '), names);
    }

    void illFormedTextInAPromptStillMakesARequest()
    {
        ChatRequest asked = request();
        asked.messages = {{Role::User, "a\xFFz"}};
        QVERIFY(bodyOf(asked)["messages"][0]["content"] == "a\xEF\xBF\xBDz");
    }

    void aRefusedParameterIsLeftOutOnce()
    {
        ChatRequest asked = request();
        asked.temperature = 0.3;
        asked.maxTokens = 10;
        const auto without = shapeWithout("temperature", {});
        QVERIFY(without);
        QVERIFY(!bodyOf(asked, "localhost", *without).contains("temperature"));
        QVERIFY(!shapeWithout("temperature", *without));

        const auto renamed = shapeWithout("max_tokens", {});
        QVERIFY(bodyOf(asked, "localhost", *renamed)["max_completion_tokens"] == 10);
        const auto bare = shapeWithout("max_completion_tokens", *renamed);
        QVERIFY(!bodyOf(asked, "localhost", *bare).contains("max_completion_tokens"));
        QVERIFY(!bodyOf(asked, "localhost", *bare).contains("max_tokens"));
        QVERIFY(!shapeWithout("max_completion_tokens", *bare));
    }

    void modelListsOfEveryShapeAreRead_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("models");
        const auto row = [](const char* name, const char* body, const char* models) {
            QTest::newRow(name) << QByteArray(body) << QByteArray(models);
        };
        row("OpenAI", R"({"object":"list","data":[{"id":"a"},{"id":"b"}]})", "a b");
        row("bare array", R"([{"id":"t","context_length":4096}])", "t:4096");
        row("llama.cpp",
            R"({"models":[{"name":"x"}],"data":[{"id":"x","meta":{"n_ctx_train":2048}}]})",
            "x:2048");
        row("vLLM", R"({"data":[{"id":"v","max_model_len":32768}]})", "v:32768");
        row("native Ollama", R"({"models":[{"name":"smol:135m"}]})", "smol:135m");
        row("empty", R"({"data":[]})", "");
        row("odd entries are left out", R"({"data":[{"id":7},{},null,{"id":"ok"},"plain"]})",
            "ok plain");
    }
    void modelListsOfEveryShapeAreRead()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, models);
        const auto read = readModelList(body.toStdString());
        QVERIFY(read.has_value());
        QByteArrayList names;
        for (const ModelListing& model : *read)
            names << QByteArray::fromStdString(model.id) +
                         (model.contextTokens ? ":" + QByteArray::number(*model.contextTokens)
                                              : QByteArray());
        QCOMPARE(names.join(' '), models);
    }

    void whatIsNoModelListIsAnError()
    {
        for (const char* body : {"", "<html>", "{}", R"({"data":{}})", "7", "[[[["}) {
            const auto read = readModelList(body);
            QVERIFY2(!read, body);
            QCOMPARE(read.error().code, ErrorCode::ParseError);
        }
    }
};

QTEST_GUILESS_MAIN(TestOpenAiChat)
#include "tst_openai_chat.moc"
