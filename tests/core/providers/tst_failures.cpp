// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every way a call can fail has a kind, a sentence that names the server, and something to
// do; only what another try can mend is tried again, and never before the server allows it.

#include <core/providers/failures.h>

#include <QTest>

#include <set>
#include <string>

using namespace signalbox;

namespace {

CallContext call(bool keySent = true)
{
    return {"api.example",
            "https://api.example/v1/chat/completions",
            "tiny",
            keySent,
            {"max_tokens", "temperature"}};
}

Failure failure(int status, const std::string& body = {}, const HttpHeaders& headers = {},
                bool keySent = true)
{
    return failureOfStatus(status, complaintOfBody(body), &headers, 0, call(keySent));
}

HttpHeaders headers(const std::string& name, const std::string& value)
{
    HttpHeaders made;
    made.add(name, value);
    return made;
}

} // namespace

class TestFailures : public QObject
{
    Q_OBJECT
private slots:
    void everyStatusHasItsKind_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<bool>("again");
        const auto row = [](const char* name, int status, const char* body, const char* kind,
                            bool again) {
            QTest::newRow(name) << status << QByteArray(body) << QByteArray(kind) << again;
        };
        row("400", 400, R"({"error":{"message":"bad"}})", "badRequest", false);
        row("400 filter", 400, R"({"error":{"code":"content_filter","message":"no"}})",
            "contentFilter", false);
        row("401", 401, "", "auth", false);
        row("402", 402, R"({"error":{"message":"Insufficient Balance"}})", "quotaUsedUp", false);
        row("403", 403, "", "auth", false);
        row("404", 404, R"({"error":{"message":"no such model"}})", "notFound", false);
        row("405", 405, "", "notFound", false);
        row("408", 408, "", "timeout", true);
        row("409", 409, "", "protocol", true);
        row("413", 413, "", "badRequest", false);
        row("418", 418, "", "protocol", false);
        row("422", 422, R"({"detail":[{"loc":["body","x"],"msg":"field required"}]})", "badRequest",
            false);
        row("429", 429, R"({"error":{"code":"rate_limit_exceeded"}})", "rateLimit", true);
        row("429 quota", 429, R"({"error":{"code":"insufficient_quota"}})", "quotaUsedUp", false);
        row("429 quota as type", 429, R"({"error":{"type":"insufficient_quota"}})", "quotaUsedUp",
            false);
        row("400 quota in a sentence", 400,
            R"({"error":{"type":"invalid_request_error",)"
            R"("message":"Your credit balance is too low to access the API."}})",
            "quotaUsedUp", false);
        row("403 quota", 403, R"({"error":{"code":"billing_not_active"}})", "quotaUsedUp", false);
        row("500", 500, "", "serverError", true);
        row("503 loading", 503, R"({"error":{"code":503,"message":"Loading model"}})",
            "serverError", true);
        row("529", 529, "", "serverError", true);
        row("304", 304, "", "redirect", false);
    }
    void everyStatusHasItsKind()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, kind);
        QFETCH(const bool, again);
        const Failure made = failure(status, body.toStdString());
        QCOMPARE(QByteArray(failureKindName(made.failed.kind)), kind);
        QCOMPARE(isWorthRetrying(made), again);
        QCOMPARE(made.failed.httpStatus, status);
        QVERIFY(made.failed.error.message.starts_with("api.example"));
        QVERIFY(made.failed.error.message.ends_with("."));
        QVERIFY(!made.failed.error.hint.empty());
    }

    void everyEndOfATransferHasItsKind_data()
    {
        QTest::addColumn<int>("end");
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<bool>("again");
        const auto row = [](const char* name, TransferEnd end, const char* kind, bool again) {
            QTest::newRow(name) << int(end) << QByteArray(kind) << again;
        };
        row("name", TransferEnd::NameUnknown, "nameUnknown", true);
        row("refused", TransferEnd::Refused, "connect", true);
        row("connect timeout", TransferEnd::ConnectTimedOut, "connectTimeout", true);
        row("TLS", TransferEnd::Untrusted, "untrusted", false);
        row("no answer", TransferEnd::NoAnswer, "connect", true);
        row("not HTTP", TransferEnd::NotHttp, "protocol", false);
        row("timeout", TransferEnd::TimedOut, "timeout", false);
        row("stalled", TransferEnd::Stalled, "noBeginning", false);
        row("lost in sleep", TransferEnd::LostInSleep, "connect", true);
        row("too large", TransferEnd::TooLarge, "tooLarge", false);
        row("compressed", TransferEnd::Encoded, "protocol", false);
        row("cut", TransferEnd::Cut, "truncated", false);
        row("bad URL", TransferEnd::BadUrl, "badRequest", false);
    }
    void everyEndOfATransferHasItsKind()
    {
        QFETCH(const int, end);
        QFETCH(const QByteArray, kind);
        QFETCH(const bool, again);
        const Failure made = failureOfTransfer(TransferEnd(end), call());
        QCOMPARE(QByteArray(failureKindName(made.failed.kind)), kind);
        QCOMPARE(isWorthRetrying(made), again);
        QVERIFY(made.failed.error.message.ends_with("."));
        QVERIFY(!made.failed.error.hint.empty());
    }

    /// Two states that read alike are one to the person who has to do something.
    void everyEndSaysSomethingElse()
    {
        std::set<std::string> sentences;
        std::size_t count = 0;
        const auto add = [&](const Failure& made) {
            QVERIFY(!made.failed.error.hint.empty());
            sentences.insert(made.failed.error.message);
            ++count;
        };
        for (const TransferEnd end :
             {TransferEnd::NameUnknown, TransferEnd::Refused, TransferEnd::ConnectTimedOut,
              TransferEnd::Untrusted, TransferEnd::NoAnswer, TransferEnd::TimedOut,
              TransferEnd::Stalled, TransferEnd::LostInSleep, TransferEnd::Cut})
            add(failureOfTransfer(end, call()));
        add(failureOfTransfer(TransferEnd::Stalled, call(), Begun::Yes));
        for (const int status : {400, 401, 402, 403, 404, 408, 429, 500, 503})
            add(failure(status));
        QCOMPARE(sentences.size(), count);
        QCOMPARE(failureOfTransfer(TransferEnd::Stalled, call(), Begun::Yes).failed.kind,
                 FailureKind::Stalled);
    }

    void aMissingKeyAndAWrongOneAreToldApart()
    {
        QVERIFY(failure(401).failed.error.message.find("refused the key") != std::string::npos);
        QVERIFY(failure(401, {}, {}, false).failed.error.message.find("wants a key") !=
                std::string::npos);
    }

    void aRedirectNamesItsTarget_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<QByteArray>("target");
        QTest::newRow("other origin") << QByteArray("https://evil.example:444/take")
                                      << QByteArray("https://evil.example:444");
        QTest::newRow("relative") << QByteArray("/v2/chat") << QByteArray("https://api.example");
        QTest::newRow("user before the host") << QByteArray("https://api.example@evil.example/")
                                              << QByteArray("https://evil.example");
        QTest::newRow("none") << QByteArray("") << QByteArray("another address");
    }
    void aRedirectNamesItsTarget()
    {
        QFETCH(const QByteArray, location);
        QFETCH(const QByteArray, target);
        const Failure made = failure(307, {}, headers("Location", location.toStdString()));
        const QString message = QString::fromStdString(made.failed.error.message);
        QVERIFY2(message.contains(QStringLiteral(" on to %1;").arg(QString::fromUtf8(target))),
                 qPrintable(message));
    }

    void theServersOwnWordsAreOneShortLine()
    {
        const std::string body =
            "{\"error\":{\"message\":\"line\\none\\u202e\\u0007 " + std::string(1000, 'x') + "\"}}";
        const std::string message = failure(500, body).failed.error.message;
        QVERIFY(message.find('\n') == std::string::npos);
        QVERIFY(message.find("\u202E") == std::string::npos);
        QVERIFY(message.find("“line one x") != std::string::npos);
        QVERIFY(message.size() < 400);
    }

    void anErrorIsFoundInsideItsWrappings()
    {
        QCOMPARE(complaintOfBody("{\"error\":{\"error\":[{\"message\":\"no\"}]}}").message,
                 std::string("no"));
        QCOMPARE(complaintOfBody("[[[[\"no\"]]]]").message, std::string("no"));
        QVERIFY(complaintOfBody("[[[[[\"no\"]]]]]").message.empty());
    }

    void aDeepBodyIsText_data()
    {
        QTest::addColumn<QByteArray>("open");
        QTest::addColumn<QByteArray>("close");
        QTest::newRow("lists") << QByteArray("[") << QByteArray("]");
        QTest::newRow("errors") << QByteArray("{\"error\":") << QByteArray("}");
    }
    void aDeepBodyIsText()
    {
        QFETCH(const QByteArray, open);
        QFETCH(const QByteArray, close);
        constexpr int kDepth = 1'000'000;
        const QByteArray body = open.repeated(kDepth) + "\"no\"" + close.repeated(kDepth);
        const Failure made = failure(500, body.toStdString());
        QCOMPARE(made.failed.kind, FailureKind::ServerError);
        QVERIFY(made.failed.error.message.size() < 400);
    }

    void keysAndPromptsGoBeforeAnythingIsCut()
    {
        const std::string key = "sk-canary-0123456789abcdef";
        const std::string prompt = "Where is my parcel? It was sent on Monday. " +
                                   std::string(400, 'p') + " Please hurry.";
        CallContext asked = call();
        asked.unspoken = Redaction(key, {prompt});
        for (std::size_t before = 200; before < 250; ++before) {
            for (const std::string& said : {key, prompt, prompt.substr(0, 60)}) {
                const std::string body =
                    "{\"error\":{\"message\":\"" + std::string(before, '-') + said + " x\"}}";
                const std::string message =
                    failureOfStatus(500, complaintOfBody(body), nullptr, 0, asked)
                        .failed.error.message;
                QVERIFY2(message.find("sk-") == std::string::npos, message.c_str());
                QVERIFY2(message.find("Where") == std::string::npos, message.c_str());
            }
        }
    }

    void aKeyInARedirectIsNotWrittenInSmallLetters()
    {
        CallContext asked = call();
        asked.unspoken = Redaction("SK-Canary-0123456789", {});
        const HttpHeaders to = headers("Location", "https://SK-Canary-0123456789.evil.example/");
        const Failure made = failureOfStatus(307, {}, &to, 0, asked);
        QVERIFY2(made.failed.error.message.find("canary") == std::string::npos,
                 made.failed.error.message.c_str());
    }

    void theRequestThatAFrameworkRepeatsIsNotQuoted()
    {
        const std::string body =
            R"({"detail":[{"loc":["body","temperature"],"msg":"too hot","input":"SECRET PROMPT"}]})";
        const Failure made = failure(422, body);
        QVERIFY(made.failed.error.message.find("SECRET") == std::string::npos);
        QVERIFY(made.failed.error.message.find("too hot") != std::string::npos);
        QCOMPARE(made.refusedParameter, std::string("temperature"));
    }

    void theRefusedParameterIsFound_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("parameter");
        const auto row = [](const char* name, const char* body, const char* parameter) {
            QTest::newRow(name) << QByteArray(body) << QByteArray(parameter);
        };
        row("named", R"({"error":{"message":"x","param":"temperature"}})", "temperature");
        row("in the sentence", R"({"error":{"message":"Unsupported parameter: 'max_tokens'."}})",
            "max_tokens");
        row("another one is named", R"({"error":{"message":"temperature","param":"messages"}})",
            "");
        row("part of a word", R"({"error":{"message":"max_tokens_total is wrong"}})", "");
        row("none", R"({"error":{"message":"no"}})", "");
    }
    void theRefusedParameterIsFound()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, parameter);
        QCOMPARE(QByteArray::fromStdString(failure(400, body.toStdString()).refusedParameter),
                 parameter);
        QVERIFY(failure(500, body.toStdString()).refusedParameter.empty());
    }

    void retryAfterIsReadInEachForm_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("ms");
        const auto row = [](const char* name, const char* value, int ms) {
            QTest::newRow(value) << QByteArray(name) << QByteArray(value) << ms;
        };
        row("retry-after-ms", "1500", 1500);
        row("Retry-After", "2", 2000);
        row("retry-after", "0.25", 250);
        row("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", 97'000);
        row("retry-after", "-3", 0);
        row("retry-after", "soon", -1);
        row("retry-after", "nan", -1);
        row("retry-after", "1e300", 1'000'000'000);
    }
    void retryAfterIsReadInEachForm()
    {
        QFETCH(const QByteArray, name);
        QFETCH(const QByteArray, value);
        QFETCH(const int, ms);
        constexpr std::int64_t kNow = 784'111'680'000; // 97 s before the date above
        QCOMPARE(retryAfterMs(headers(name.toStdString(), value.toStdString()), kNow).value_or(-1),
                 ms);
    }

    void aWaitOverTwoMinutesIsNotWorthIt()
    {
        QVERIFY(isWorthRetrying(failure(429, {}, headers("retry-after", "120"))));
        QVERIFY(!isWorthRetrying(failure(429, {}, headers("retry-after", "121"))));
    }

    void theServerHasTheLastWord()
    {
        QVERIFY(!isWorthRetrying(failure(500, {}, headers("x-should-retry", "false"))));
        QVERIFY(isWorthRetrying(failure(400, {}, headers("x-should-retry", "true"))));
    }

    void waitsDoubleWithFullJitterAndObeyTheServer()
    {
        const StreamFailed plain = failure(500).failed;
        QCOMPARE(retryWaitMs(plain, 2, 500, 0), 0);
        QCOMPARE(retryWaitMs(plain, 2, 500, 0.5), 250);
        QCOMPARE(retryWaitMs(plain, 3, 500, 0.5), 500);
        QCOMPARE(retryWaitMs(plain, 60, 500, 0.5), 4000);
        const StreamFailed told = failure(429, {}, headers("retry-after", "7")).failed;
        QCOMPARE(retryWaitMs(told, 2, 500, 0.99), 7000);
        QCOMPARE(retryWaitMs(told, 2, 20'000, 0.5), 10'000); // later is allowed, earlier is not
    }
};

QTEST_GUILESS_MAIN(TestFailures)
#include "tst_failures.moc"
