// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a line of every log that we say we know is read as what it says, down to units, nested
// lists and JSON in texts; and each such log is told from the others by its first lines.

#include "log_fixtures.h"
#include "row_text.h"

#include <core/traffic/known_logs.h>

#include <QTest>
#include <nlohmann/json.hpp>

using namespace signalbox;
using namespace signalbox::test;

class TestKnownLogs : public QObject
{
    Q_OBJECT
private slots:
    void aLineIsReadAsWhatItSays_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("reads");
        for (const LogFixture& fixture : logFixtures())
            QTest::newRow(fixture.name)
                << QByteArray(fixture.log) << QByteArray(fixture.line) << QByteArray(fixture.reads);
    }
    void aLineIsReadAsWhatItSays()
    {
        QFETCH(const QByteArray, log);
        QFETCH(const QByteArray, line);
        QFETCH(const QByteArray, reads);
        const LogMapping mapping = knownLogNamed(log.toStdString());
        QVERIFY(!mapping.places.empty());
        const ReadRows read = readRows(line.toStdString(), mapping);
        for (const LogProblem& problem : read.report.problems)
            qInfo("%s", problem.message.c_str());
        QCOMPARE(read.rows.size(), std::size_t(1));
        QCOMPARE(QByteArray::fromStdString(read.rows.front()), reads);
        QVERIFY(read.report.problems.empty());
    }

    void feedbackThatIsARowOfItsOwnIsNoRequest_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("reads");
        QTest::newRow("Portkey") << QByteArray("Portkey feedback")
                                 << QByteArray(
                                        R"({"trace_id":"t","value":-5,"weight":0.5,"metadata":{}})")
                                 << QByteArray("on /t/: feedback=-5[-10..10]*0.5");
        QTest::newRow("Langfuse")
            << QByteArray("Langfuse scores")
            << QByteArray(
                   R"({"traceId":"t","observationId":"o","name":"tone","value":3,"source":"API","dataType":"NUMERIC","config":{"minValue":1,"maxValue":5}})")
            << QByteArray("on o/t/: tone/API=3[1..5]");
        QTest::newRow("Langfuse in words")
            << QByteArray("Langfuse scores")
            << QByteArray(
                   R"({"sessionId":"s","name":"verdict","value":null,"stringValue":"good","source":"API","dataType":"CATEGORICAL"})")
            << QByteArray("on //s: verdict/API=good");
        QTest::newRow("OpenTelemetry")
            << QByteArray("OpenTelemetry GenAI evaluations (OTLP)")
            << QByteArray(
                   R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"t","eventName":"gen_ai.evaluation.result","attributes":[{"key":"gen_ai.evaluation.name","value":{"stringValue":"safe"}},{"key":"gen_ai.evaluation.score.value","value":{"doubleValue":1}}]}]}]}]})")
            << QByteArray("on /t/: safe=1");
    }
    void feedbackThatIsARowOfItsOwnIsNoRequest()
    {
        QFETCH(const QByteArray, log);
        QFETCH(const QByteArray, line);
        QFETCH(const QByteArray, reads);
        const ReadRows read = readRows(line.toStdString(), knownLogNamed(log.toStdString()));
        QVERIFY(read.rows.empty());
        QCOMPARE(read.report.feedbackRows, std::size_t(1));
        QCOMPARE(read.feedback, std::vector<std::string>{reads.toStdString()});
    }

    void rowsThatAreNoRequestsAreCountedNotBad()
    {
        const ReadRows read = readRows(
            R"({"name":"tool","context":{"trace_id":"t","span_id":"s"},"attributes":{"openinference.span.kind":"TOOL"}})",
            knownLogNamed("OpenInference (a span a line)"));
        QVERIFY(read.rows.empty());
        QCOMPARE(read.report.otherRows, std::size_t(1));
        QCOMPARE(read.report.badLines, std::size_t(0));
    }

    void everyMappingSurvivesItsJson()
    {
        for (const LogMapping& mapping : knownLogs()) {
            const auto again = logMappingFromJson(toJson(mapping));
            QVERIFY2(again.has_value(), again ? "" : toString(again.error()).c_str());
            QVERIFY2(*again == mapping, mapping.name.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestKnownLogs)
#include "tst_known_logs.moc"
