// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a log that we know is told by its first lines, with the reasons; for any other a mapping
// is proposed that reads what its fields' names say.

#include "log_fixtures.h"
#include "row_text.h"

#include <core/traffic/known_logs.h>
#include <core/traffic/log_detector.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;

class TestLogDetector : public QObject
{
    Q_OBJECT
private slots:
    void everyKnownLogIsRecognised_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QByteArray>("line");
        for (const LogFixture& fixture : logFixtures())
            QTest::newRow(fixture.name) << QByteArray(fixture.log) << QByteArray(fixture.line);
    }
    void everyKnownLogIsRecognised()
    {
        QFETCH(const QByteArray, log);
        QFETCH(const QByteArray, line);
        const LogDetection detection = detectLog((line + "\n" + line + "\n").toStdString());
        QVERIFY(detection.container.kind == LogContainer::Kind::JsonLines);
        const LogGuess& best = detection.guesses.at(0);
        QCOMPARE(QByteArray::fromStdString(best.mapping.name), log);
        QVERIFY2(best.sureness >= kSureLog && best.sureness <= 1,
                 std::to_string(best.sureness).c_str());
        QVERIFY2(best.why.starts_with("2 of the first 2 lines have all of its signs"),
                 best.why.c_str());
        QVERIFY(!best.matched.empty());
    }

    void whatIsNotReadIsNamed()
    {
        const LogDetection detection = detectLog(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"model\":\"m\",\"seed\":1,"
            "\"deep\":{\"list\":[{\"x\":2}]}}");
        QCOMPARE(detection.guesses.at(0).leftOver,
                 (std::vector<std::string>{"/deep/list/*/x", "/seed"}));
    }

    void eachPathHasAnExample()
    {
        const LogDetection detection = detectLog("{\"b\":\"\",\"a\":{\"x\":[7,8]}}\n"
                                                 "{\"b\":\"later\",\"c\":\"{\\\"d\\\":1}\"}");
        QCOMPARE(detection.examples,
                 (std::vector<LogExample>{{"/b", "later"}, {"/a/x/*", "7"}, {"/c/d", "1"}}));
        QCOMPARE(detection.jsonTexts, (std::vector<std::string>{"/c"}));
    }

    void oneStrangeLineMakesItLessSure()
    {
        const std::string known =
            "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"u\",\"body\":{\"model\":\"m\"}}\n";
        const double sure = detectLog(known + known).guesses.at(0).sureness;
        const double less = detectLog(known + "{\"event\":\"start\"}\n").guesses.at(0).sureness;
        QVERIFY(less > 0 && less < sure);
    }

    void anUnknownLogIsReadByTheNamesOfItsFields_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("reads");
        QTest::newRow("a gateway's own")
            << QByteArray(
                   R"({"id":"req_1","ts":1693785600.25,"user":"u1","model":"m","prompt":"Hi","prompt_tokens":3,"completion_tokens":4,"latency_ms":12.5,"ttft_ms":2,"cost_usd":0.5,"status":200,"cached":false,"tags":["web"],"meta":{"region":"eu"}})")
            << QByteArray("id=req_1 | user=u1 | start=1693785600250 | latency=12.5 | ttft=2 | "
                          "served=m | status=success | http=200 | in=3 | out=4 | cost=0.5 | hit=no "
                          "| says=user:Hi | tag=web | meta=region:eu");
        QTest::newRow("nested")
            << QByteArray(
                   R"({"event":{"Request-ID":"r","conversationId":"c"},"usage":{"inputTokens":1,"outputTokens":2},"question":"Why?","answer":"So.","duration":1.5,"rating":4})")
            << QByteArray("id=r | session=c | latency=1500 | in=1 | out=2 | says=user:Why? | "
                          "answer=So. | feedback=rating=4");
        QTest::newRow("a table")
            << QByteArray("Timestamp;User ID;Query;Latency (s);Output Tokens;Cost\n"
                          "2023-09-04;u;Hi;1;7;0.25\n")
            << QByteArray("user=u | start=1693785600000 | out=7 | cost=0.25 | says=user:Hi");
    }
    void anUnknownLogIsReadByTheNamesOfItsFields()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, reads);
        const LogDetection detection = detectLog(text.toStdString());
        const LogGuess& guess = detection.guesses.back();
        QCOMPARE(guess.mapping.name, std::string("Proposed by field names"));
        const ReadRows read = readRows(text.toStdString(), guess.mapping);
        QCOMPARE(read.rows, std::vector<std::string>{reads.toStdString()});
    }

    void aNameAloneIsNotEnough()
    {
        // "time" that is no time, "cost" that is no number.
        const LogDetection detection =
            detectLog("{\"id\":\"a\",\"time\":\"noon\",\"cost\":\"high\"}");
        const std::vector<LogPlace> places = detection.guesses.at(0).mapping.places;
        const std::vector<LogPlace> expected{{LogField::RequestId, "/id"}};
        QVERIFY(places == expected);
    }

    void nothingReadableIsNoLog()
    {
        QVERIFY(detectLog("").guesses.empty());
        QVERIFY(detectLog("{\n[\n").guesses.empty());
    }
};

QTEST_GUILESS_MAIN(TestLogDetector)
#include "tst_log_detector.moc"
