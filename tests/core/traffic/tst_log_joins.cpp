// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: attempts at one request become one row with all of them, and feedback that stands
// elsewhere finds its request; scales are stated or observed, and it is known which.

#include "row_text.h"

#include <core/traffic/attempt_folder.h>
#include <core/traffic/feedback_scales.h>
#include <core/traffic/known_logs.h>

#include <QTest>

#include <cmath>

using namespace signalbox;
using namespace signalbox::test;

namespace {

struct Folded
{
    std::vector<std::string> rows;
    std::size_t folded = 0;
    std::size_t late = 0;
};

Folded fold(const std::string& text, const LogMapping& mapping,
            std::size_t window = AttemptFolder::kWindowRows)
{
    Folded result;
    AttemptFolder folder(
        mapping.attempts,
        [&result](std::span<const LoggedRequest> rows) {
            for (const LoggedRequest& row : rows)
                result.rows.push_back(RowText(row).text());
        },
        window);
    LogReadOptions options;
    options.chunkBytes = 1; // texts of a row are gone before the next one comes
    const auto report = readLog(
        text, mapping, [&folder](std::span<const LoggedRequest> rows) { folder.add(rows); },
        options);
    if (!report)
        result.rows.push_back(toString(report.error()));
    folder.finish();
    result.folded = folder.folded();
    result.late = folder.late();
    return result;
}

std::string bifrost(const char* id, const char* parent, int index, const char* provider, int second,
                    int latencyMs, const char* cost, const char* status)
{
    return std::string("{\"id\":\"") + id + "\",\"parent_request_id\":" + parent +
           ",\"fallback_index\":" + std::to_string(index) + ",\"provider\":\"" + provider +
           "\",\"model\":\"m-" + provider + "\",\"timestamp\":\"2023-09-04T00:00:0" +
           std::to_string(second) + "Z\",\"latency\":" + std::to_string(latencyMs) +
           ",\"cost\":" + cost + ",\"status\":\"" + status + "\"}\n";
}

LoggedFeedback feedback(const char* name, double value, double min = kUnknownNumber,
                        double max = kUnknownNumber)
{
    LoggedFeedback result;
    result.name = name;
    result.value = value;
    result.scaleMin = min;
    result.scaleMax = max;
    return result;
}

} // namespace

class TestLogJoins : public QObject
{
    Q_OBJECT
private slots:
    void fallbacksAreAttemptsAtTheirParent()
    {
        const Folded result = fold(bifrost("a", "null", 0, "acme", 0, 1000, "null", "error") +
                                       bifrost("b", "null", 0, "acme", 1, 50, "0.25", "success") +
                                       bifrost("c", "\"a\"", 1, "bolt", 2, 3000, "0.5", "success"),
                                   knownLogNamed("Bifrost"));
        QCOMPARE(result.rows.size(), std::size_t(2));
        QCOMPARE(result.folded, std::size_t(1));
        QCOMPARE(QByteArray::fromStdString(result.rows.at(0)),
                 QByteArray("id=a | start=1693785600000 | latency=5000 | asked=m-acme | "
                            "served=m-bolt | provider=bolt | attempt=0 | retries=1 | "
                            "status=success | cost=0.5 | try=acme/m-acme:failure 1000ms | "
                            "try=bolt/m-bolt:success 3000ms $0.5"));
        QVERIFY(result.rows.at(1).starts_with("id=b |"));
    }

    void attemptsAreInOrderWhateverTheOrderOfTheLog()
    {
        const Folded result = fold(bifrost("c", "\"a\"", 1, "bolt", 2, 3000, "0.5", "success") +
                                       bifrost("a", "null", 0, "acme", 0, 1000, "0.25", "error"),
                                   knownLogNamed("Bifrost"));
        QCOMPARE(result.rows.size(), std::size_t(1));
        QVERIFY2(result.rows.at(0).starts_with("id=a |"), result.rows.at(0).c_str());
        QVERIFY(result.rows.at(0).find("cost=0.75") != std::string::npos);
    }

    void stepsOfATraceAreAttempts()
    {
        const auto step = [](const char* id, const char* trace, int number) {
            return std::string("{\"id\":\"") + id + "\",\"step\":" + std::to_string(number) +
                   ",\"duration\":100,\"cost\":0.5,\"model\":\"m\",\"metadata\":{\"trace_id\":" +
                   trace + "}}\n";
        };
        const Folded result = fold(step("a", "\"t\"", 0) + step("b", "null", 0) +
                                       step("c", "\"t\"", 1) + step("d", "null", 1),
                                   knownLogNamed("Cloudflare AI Gateway"));
        // Without anything that joins them, steps stand alone.
        QCOMPARE(result.rows.size(), std::size_t(3));
        QVERIFY(result.rows.at(0).find("cost=1 |") != std::string::npos);
    }

    void anAttemptThatComesTooLateIsARowAndCounted()
    {
        std::string text = bifrost("a", "null", 0, "acme", 0, 10, "1", "error");
        for (const char* id : {"x", "y", "z"})
            text += bifrost(id, "null", 0, "acme", 1, 10, "1", "success");
        text += bifrost("c", "\"a\"", 1, "bolt", 2, 10, "1", "success");
        const Folded result = fold(text, knownLogNamed("Bifrost"), 2);
        QCOMPARE(result.rows.size(), std::size_t(5));
        QCOMPARE(result.late, std::size_t(1));
        QVERIFY(result.rows.at(0).starts_with("id=a |"));
        QVERIFY(result.rows.at(4).starts_with("id=c |"));
    }

    void feedbackFindsItsRequestByIdTraceOrSession()
    {
        FeedbackTable table;
        table.add({"r1", "", "", feedback("by id", 1)});
        table.add({"", "t1", "", feedback("by trace", 2)});
        table.add({"", "", "s1", feedback("by session", 3)});
        table.add({"other", "t1", "", feedback("of another", 4)});
        LogMapping log;
        log.places = {{LogField::RequestId, "/id"},
                      {LogField::TraceId, "/trace"},
                      {LogField::SessionId, "/session"}};
        LogReadOptions options;
        options.feedback = &table;
        const ReadRows read = readRows("{\"id\":\"r1\",\"trace\":\"t1\",\"session\":\"s1\"}\n"
                                       "{\"id\":\"r2\",\"trace\":\"t2\"}\n",
                                       log, options);
        QCOMPARE(read.rows,
                 (std::vector<std::string>{"id=r1 | trace=t1 | session=s1 | feedback=by id=1 | "
                                           "feedback=by trace=2 | feedback=by session=3",
                                           "id=r2 | trace=t2"}));
        QCOMPARE(read.report.feedbackJoined, std::size_t(3));
    }

    void feedbackRowsAreReadFirstAndJoined()
    {
        const auto table = readFeedbackRows("{\"trace_id\":\"t\",\"value\":5,\"weight\":1}\n",
                                            knownLogNamed("Portkey feedback"));
        QVERIFY(table);
        QCOMPARE(table->size(), std::size_t(1));
        LogReadOptions options;
        options.feedback = &*table;
        const ReadRows read =
            readRows("{\"id\":\"a\",\"trace_id\":\"t\"}", knownLogNamed("Portkey export"), options);
        QCOMPARE(read.rows,
                 std::vector<std::string>{"id=a | trace=t | feedback=feedback=5[-10..10]"});
    }

    void valuesGoToACommonScale_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("min");
        QTest::addColumn<double>("max");
        QTest::addColumn<double>("normalised");
        QTest::newRow("Portkey's worst") << -10.0 << -10.0 << 10.0 << 0.0;
        QTest::newRow("Portkey's middle") << 0.0 << -10.0 << 10.0 << 0.5;
        QTest::newRow("thumb up") << 1.0 << -1.0 << 1.0 << 1.0;
        QTest::newRow("score of 100") << 80.0 << 0.0 << 100.0 << 0.8;
        QTest::newRow("beyond the end") << 120.0 << 0.0 << 100.0 << 1.0;
        QTest::newRow("a scale of nothing") << 1.0 << 1.0 << 1.0 << kUnknownNumber;
    }
    void valuesGoToACommonScale()
    {
        QFETCH(const double, value);
        QFETCH(const double, min);
        QFETCH(const double, max);
        QFETCH(const double, normalised);
        const FeedbackScales scales;
        const double result = scales.normalised(feedback("x", value, min, max));
        QVERIFY(std::isnan(normalised) ? std::isnan(result) : result == normalised);
    }

    void aFreeScaleIsThatOfTheDataAndSaysSo()
    {
        FeedbackScales scales;
        scales.add(feedback("stars", 1));
        scales.add(feedback("stars", 5));
        scales.add(feedback("other", 100));
        const FeedbackScale scale = scales.scaleOf(feedback("stars", 4));
        QVERIFY(scale.origin == ScaleOrigin::Observed);
        QCOMPARE(scale.min, 1.0);
        QCOMPARE(scale.max, 5.0);
        QCOMPARE(scales.normalised(feedback("stars", 4)), 0.75);
        QVERIFY(scales.scaleOf(feedback("other", 100)).origin == ScaleOrigin::Unknown);
        QVERIFY(scales.scaleOf(feedback("stars", 4, 0, 10)).origin == ScaleOrigin::Stated);
    }
};

QTEST_GUILESS_MAIN(TestLogJoins)
#include "tst_log_joins.moc"
