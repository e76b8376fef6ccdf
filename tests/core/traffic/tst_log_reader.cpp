// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a log is read line by line whatever is wrong with some of them; nothing is dropped
// without being counted, listed and findable by its bytes; and the rows are the same on any number
// of threads.

#include "row_text.h"

#include <QTest>
#include <nlohmann/json.hpp>

#include <atomic>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using F = LogField;

LogMapping simple()
{
    LogMapping log;
    log.name = "test";
    log.places = {{F::RequestId, "/id"},
                  {F::Latency, "/latency", LogUnit::Seconds},
                  {F::TokensIn, "/tokens"},
                  {F::Prompt, "/prompt"}};
    return log;
}

std::string line(int number)
{
    return "{\"id\":\"r" + std::to_string(number) +
           "\",\"latency\":0.5,\"other\":[1,{\"deep\":null}],\"prompt\":\"Who?\"}\n";
}

std::string lines(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += line(i);
    return text;
}

} // namespace

class TestLogReader : public QObject
{
    Q_OBJECT
private slots:
    void unitsAreReadAsWhatTheyAre_data()
    {
        QTest::addColumn<int>("field");
        QTest::addColumn<int>("unit");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("reads");
        const auto row = [](const char* name, F field, LogUnit unit, const char* value,
                            const char* reads) {
            QTest::newRow(name) << static_cast<int>(field) << static_cast<int>(unit)
                                << QByteArray(value) << QByteArray(reads);
        };
        row("seconds", F::Latency, LogUnit::Seconds, "1.25", "latency=1250");
        row("microseconds", F::Latency, LogUnit::Microseconds, "1500", "latency=1.5");
        row("nanoseconds in a text", F::Latency, LogUnit::Nanoseconds, "\"2500000\"",
            "latency=2.5");
        row("a text that says its unit", F::Latency, LogUnit::Plain, "\"1.5s\"", "latency=1500");
        row("time to first token", F::TimeToFirstToken, LogUnit::Milliseconds, "7", "ttft=7");
        row("time with a zone", F::StartTime, LogUnit::Plain, "\"2023-09-04T02:00:00.5+02:00\"",
            "start=1693785600500");
        row("time without a zone", F::StartTime, LogUnit::Plain, "\"2023-09-04 00:00:00\"",
            "start=1693785600000");
        row("a day", F::StartTime, LogUnit::Plain, "\"2023-09-04\"", "start=1693785600000");
        row("Unix seconds by size", F::StartTime, LogUnit::Plain, "1693785600.25",
            "start=1693785600250");
        row("Unix milliseconds by size", F::StartTime, LogUnit::Plain, "1693785600000",
            "start=1693785600000");
        row("Unix microseconds", F::StartTime, LogUnit::UnixMicroseconds, "1693785600000000",
            "start=1693785600000");
        row("Unix nanoseconds by size", F::StartTime, LogUnit::Plain, "\"1693785600000000000\"",
            "start=1693785600000");
        row("micro-dollars", F::Cost, LogUnit::MicroUsd, "1250", "cost=0.00125");
        row("cents", F::Cost, LogUnit::UsCents, "12", "cost=0.12");
        row("dollars with a sign", F::Cost, LogUnit::Usd, "\"$0.5\"", "cost=0.5");
        row("an index from 1", F::TurnIndex, LogUnit::OneBased, "1", "turn=0");
        row("a number as an id", F::RequestId, LogUnit::Plain, "17", "id=17");
        row("a flag as a number", F::Streamed, LogUnit::Plain, "1", "streamed=yes");
        row("a status of HTTP", F::Status, LogUnit::Plain, "503", "status=failure | http=503");
        row("a status in words", F::Status, LogUnit::Plain, "\"SUCCESS\"", "status=success");
        row("tags in one text", F::Tags, LogUnit::Plain, "\"a, b\"", "tag=a | tag=b");
        row("one tag of a place", F::Metadata, LogUnit::Plain, "\"eu\"", "meta=value:eu");
    }
    void unitsAreReadAsWhatTheyAre()
    {
        QFETCH(const int, field);
        QFETCH(const int, unit);
        QFETCH(const QByteArray, value);
        QFETCH(const QByteArray, reads);
        LogMapping log;
        log.places = {{static_cast<F>(field), "/value", static_cast<LogUnit>(unit)}};
        const ReadRows read = readRows("{\"value\":" + value.toStdString() + "}", log);
        QCOMPARE(read.rows, std::vector<std::string>{reads.toStdString()});
        QCOMPARE(read.report.partlyRead, std::size_t(0));
    }

    void aBadLineIsSetAsideAndTheReadingGoesOn_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("cut off") << QByteArray("{\"id\":\"x\",\"lat") << QByteArray("column");
        QTest::newRow("plain text") << QByteArray("ERROR timed out") << QByteArray("column 1");
        QTest::newRow("a list") << QByteArray("[1,2]") << QByteArray("object");
        QTest::newRow("a word") << QByteArray("true") << QByteArray("object");
        QTest::newRow("two objects")
            << QByteArray("{\"id\":\"a\"}{\"id\":\"b\"}") << QByteArray("column");
        QTest::newRow("no UTF-8") << QByteArray("{\"id\":\"\xff\"}") << QByteArray("UTF-8");
        QTest::newRow("nested without end") << QByteArray(70'000, '[') << QByteArray();
        QTest::newRow("nothing of the mapping")
            << QByteArray("{\"colour\":\"red\"}") << QByteArray("none of the fields");
        QTest::newRow("a number too great") << QByteArray("{\"id\":1e999}") << QByteArray();
    }
    void aBadLineIsSetAsideAndTheReadingGoesOn()
    {
        QFETCH(const QByteArray, bad);
        QFETCH(const QByteArray, says);
        const std::string before = line(1) + "\n";
        const std::string text = before + bad.toStdString() + "\n" + line(2);
        const ReadRows read = readRows(text, simple());
        QCOMPARE(read.rows.size(), std::size_t(2));
        QCOMPARE(read.report.lines, std::size_t(3));
        QCOMPARE(read.report.badLines, std::size_t(1));
        QCOMPARE(read.report.problems.size(), std::size_t(1));
        const LogProblem& problem = read.report.problems.front();
        QCOMPARE(problem.line, std::size_t(3));
        QVERIFY2(!problem.message.empty() &&
                     problem.message.find(says.toStdString()) != std::string::npos,
                 problem.message.c_str());
        const std::vector<LogByteRange> aside{
            {before.size(), static_cast<std::size_t>(bad.size()) + 1, 3, 1}};
        QVERIFY(read.report.setAside == aside);
    }

    void aFieldThatIsNotUnderstoodIsNamedAndTheRestIsRead()
    {
        const ReadRows read = readRows("{\"id\":\"a\",\"latency\":\"soon\",\"tokens\":-1}"
                                       "\n",
                                       simple());
        QCOMPARE(read.rows, std::vector<std::string>{"id=a"});
        QCOMPARE(read.report.partlyRead, std::size_t(1));
        QCOMPARE(read.report.badLines, std::size_t(0));
        const std::string message = read.report.problems.at(0).message;
        QVERIFY2(message.find("latency at \"/latency\"") != std::string::npos, message.c_str());
        QVERIFY2(message.find("tokensIn at \"/tokens\"") != std::string::npos, message.c_str());
        QVERIFY2(message.find("soon") == std::string::npos, "a log's content is nobody's message");
    }

    void aBadRowOfALineOfManyDoesNotTakeTheOthers()
    {
        LogMapping log = simple();
        log.rows = "/calls/*";
        const ReadRows read = readRows(
            "{\"calls\":[{\"id\":\"a\"},{\"latency\":\"soon\"},{\"id\":\"b\"}]}\n{\"calls\":[]}\n",
            log);
        QCOMPARE(read.rows, (std::vector<std::string>{"id=a", "id=b"}));
        QCOMPARE(read.report.badLines, std::size_t(0));
        QVERIFY(read.report.setAside.empty());
        QCOMPARE(read.report.partlyRead, std::size_t(1));
        QCOMPARE(read.report.emptyLines, std::size_t(1));
        QCOMPARE(read.report.problems.at(0).message,
                 std::string("not understood: latency at \"/latency\""));
    }

    void theFirstPlaceOfAFieldWinsWhereverItStandsInTheLine()
    {
        LogMapping log;
        log.places = {{F::RequestId, "/best"}, {F::RequestId, "/second"}};
        const ReadRows read = readRows("{\"second\":\"2\",\"best\":\"1\"}\n"
                                       "{\"best\":\"1\",\"second\":\"2\"}\n"
                                       "{\"best\":null,\"second\":\"2\"}\n",
                                       log);
        QCOMPARE(read.rows, (std::vector<std::string>{"id=1", "id=1", "id=2"}));
    }

    void neighbouringBadLinesAreOneRange()
    {
        const ReadRows read = readRows(line(1) + "x\ny\n" + line(2) + "z", simple());
        QCOMPARE(read.report.badLines, std::size_t(3));
        QCOMPARE(read.report.setAside.size(), std::size_t(2));
        QCOMPARE(read.report.setAside.front().lines, std::size_t(2));
        QCOMPARE(read.report.setAside.front().count, std::size_t(4));
        QCOMPARE(read.report.setAside.back().firstLine, std::size_t(5));
    }

    void aLineOverTheLimitIsSetAside()
    {
        LogReadOptions options;
        options.limits.lineBytes = 1024;
        options.chunkBytes = 100;
        const std::string longLine = "{\"id\":\"" + std::string(2000, 'x') + "\"}\n";
        const ReadRows read = readRows(line(1) + longLine + line(2), simple(), options);
        QCOMPARE(read.rows.size(), std::size_t(2));
        QCOMPARE(read.report.badLines, std::size_t(1));
    }

    void problemsAreKeptUpToALimitAndAllAreCounted()
    {
        std::string text;
        for (int i = 0; i < 250; ++i)
            text += "no json\n";
        LogReadOptions options;
        options.chunkBytes = 64; // several chunks, each with its own list
        const ReadRows read = readRows(line(1) + text + line(2), simple(), options);
        QCOMPARE(read.report.badLines, std::size_t(250));
        QCOMPARE(read.report.problems.size(), std::size_t(100));
        QCOMPARE(read.report.problems.back().line, std::size_t(101));
        QVERIFY(!read.report.problems.back().message.empty());
        QCOMPARE(read.report.setAside.size(), std::size_t(1));
    }

    void lineEndsBlankLinesAndAByteOrderMarkDoNotMatter()
    {
        std::string windows = line(1);
        windows.insert(windows.size() - 1, "\r");
        const ReadRows read = readRows(
            "\xEF\xBB\xBF" + windows + "\r\n \n" + line(2).substr(0, line(2).size() - 1), simple());
        QCOMPARE(read.rows.size(), std::size_t(2));
        QCOMPARE(read.report.lines, std::size_t(2));
        QCOMPARE(read.report.badLines, std::size_t(0));
    }

    void rowsAreTheSameHoweverTheFileIsCutAndOnAnyNumberOfThreads_data()
    {
        QTest::addColumn<int>("chunkBytes");
        QTest::addColumn<int>("threads");
        QTest::newRow("a line at a time") << 1 << 1;
        QTest::newRow("small chunks") << 300 << 1;
        QTest::newRow("two threads") << 300 << 2;
        QTest::newRow("eight threads") << 100 << 8;
        QTest::newRow("more threads than lines") << 1'000'000 << 4;
    }
    void rowsAreTheSameHoweverTheFileIsCutAndOnAnyNumberOfThreads()
    {
        QFETCH(const int, chunkBytes);
        QFETCH(const int, threads);
        const std::string text = lines(500) + "broken\n" + lines(500);
        const ReadRows whole = readRows(text, simple());
        LogReadOptions options;
        options.chunkBytes = static_cast<std::size_t>(chunkBytes);
        options.threads = static_cast<unsigned>(threads);
        const ReadRows cut = readRows(text, simple(), options);
        QCOMPARE(whole.rows.size(), std::size_t(1000));
        QVERIFY(cut.rows == whole.rows);
        QVERIFY(cut.report.problems == whole.report.problems);
        QVERIFY(cut.report.setAside == whole.report.setAside);
        QCOMPARE(cut.report.problems.at(0).line, std::size_t(501));
    }

    void rowsKnowTheirLines()
    {
        const std::string text = line(1) + "\n" + line(2);
        std::vector<std::size_t> at;
        LogReadOptions options;
        options.chunkBytes = 1;
        const auto report = readLog(
            text, simple(),
            [&at](std::span<const LoggedRequest> rows) {
                for (const LoggedRequest& row : rows) {
                    at.push_back(row.line);
                    at.push_back(row.byteBegin);
                }
            },
            options);
        QVERIFY(report);
        QCOMPARE(at, (std::vector<std::size_t>{1, 0, 3, line(1).size() + 1}));
    }

    void aReadingCanBeStoppedAndSaysHowFarItIs()
    {
        const std::string text = lines(100);
        for (const unsigned threads : {1U, 3U}) {
            std::atomic<bool> stop = false;
            std::size_t calls = 0;
            LogReadOptions options;
            options.chunkBytes = 500;
            options.threads = threads;
            options.stop = &stop;
            options.progress = [&](const LogProgress& progress) {
                QCOMPARE(progress.bytesInAll, text.size());
                QVERIFY(progress.bytesRead <= text.size() && progress.rows > 0);
                stop = ++calls == 2;
            };
            const auto report = readLog(text, simple(), {}, options);
            QVERIFY(!report);
            QCOMPARE(report.error().code, ErrorCode::Cancelled);
            QCOMPARE(calls, std::size_t(2));
        }
    }

    void aLogMayBeginWithABrokenLine()
    {
        const ReadRows read = readRows("started, 2 workers\n" + line(1) + line(2), simple());
        QCOMPARE(read.rows.size(), std::size_t(2));
        QCOMPARE(read.report.badLines, std::size_t(1));
    }

    void anEmptyLogHasNoRows()
    {
        const ReadRows read = readRows("", simple());
        QVERIFY(read.rows.empty());
        QCOMPARE(read.report.lines, std::size_t(0));
    }

    void aMappingSaysWhatIsWrongWithIt_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("no version") << QByteArray("{\"name\":\"a\",\"places\":[]}") << QByteArray();
        QTest::newRow("a newer version")
            << QByteArray("{\"schemaVersion\":2,\"name\":\"a\",\"places\":[]}")
            << QByteArray("schemaVersion");
        QTest::newRow("no such field")
            << QByteArray("{\"schemaVersion\":1,\"name\":\"a\",\"places\":[{\"field\":\"colour\","
                          "\"path\":\"/a\"}]}")
            << QByteArray("places[0].field");
        QTest::newRow("no path") << QByteArray("{\"schemaVersion\":1,\"name\":\"a\",\"places\":[{"
                                               "\"field\":\"cost\",\"path\":\"a\"}]}")
                                 << QByteArray("places[0].path");
        QTest::newRow("a cost in seconds")
            << QByteArray("{\"schemaVersion\":1,\"name\":\"a\",\"places\":[{\"field\":\"cost\","
                          "\"path\":\"/a\",\"unit\":\"seconds\"}]}")
            << QByteArray("places[0].unit");
        QTest::newRow("unknown member")
            << QByteArray("{\"schemaVersion\":1,\"name\":\"a\",\"places\":[],\"color\":1}")
            << QByteArray("color");
    }
    void aMappingSaysWhatIsWrongWithIt()
    {
        QFETCH(const QByteArray, json);
        QFETCH(const QByteArray, where);
        const auto parsed = parseJson(json.toStdString());
        QVERIFY(parsed);
        const auto mapping = logMappingFromJson(*parsed);
        QVERIFY(!mapping);
        QCOMPARE(QByteArray::fromStdString(mapping.error().where), where);
    }
};

QTEST_GUILESS_MAIN(TestLogReader)
#include "tst_log_reader.moc"
