// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a table is read by the same mapping as JSON lines, cells that hold JSON included; a slip
// in one record costs that record and no other.

#include "row_text.h"

#include <core/traffic/known_logs.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using F = LogField;

LogMapping simple()
{
    LogMapping log;
    log.places = {{F::RequestId, "/id"},
                  {F::Prompt, "/prompt"},
                  {F::TokensIn, "/usage/input"},
                  {F::UserId, "/metadata/user"},
                  {F::Tags, "/tags"}};
    return log;
}

} // namespace

class TestLogTables : public QObject
{
    Q_OBJECT
private slots:
    void aTableIsReadByTheSameMapping_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("reads"); // rows between line ends
        QTest::newRow("commas") << QByteArray("id,prompt\n1,Hi\n2,Ho\n")
                                << QByteArray("id=1 | says=user:Hi\nid=2 | says=user:Ho");
        QTest::newRow("semicolons")
            << QByteArray("id;prompt\n1;a, b\n") << QByteArray("id=1 | says=user:a, b");
        QTest::newRow("tabs, no last line end")
            << QByteArray("id\tprompt\n1\tHi") << QByteArray("id=1 | says=user:Hi");
        QTest::newRow("bars") << QByteArray("id|prompt\r\n1|Hi\r\n")
                              << QByteArray("id=1 | says=user:Hi");
        QTest::newRow("named separator")
            << QByteArray("sep=;\r\nid;prompt\r\n1;Hi\r\n") << QByteArray("id=1 | says=user:Hi");
        QTest::newRow("byte order mark")
            << QByteArray("\xEF\xBB\xBFid,prompt\n1,Hi\n") << QByteArray("id=1 | says=user:Hi");
        QTest::newRow("quotes") << QByteArray("id,prompt\n1,\"He said \"\"no\"\", twice\"\n")
                                << QByteArray("id=1 | says=user:He said \"no\", twice");
        QTest::newRow("a quote within")
            << QByteArray("id,prompt\n1,5\" wide\n") << QByteArray("id=1 | says=user:5\" wide");
        QTest::newRow("empty cells are nothing")
            << QByteArray("id,prompt,tags\n1,,\n") << QByteArray("id=1");
        QTest::newRow("columns with dots") << QByteArray("id,usage.input,metadata/user\n1,7,u\n")
                                           << QByteArray("id=1 | user=u | in=7");
        QTest::newRow("JSON in cells")
            << QByteArray(
                   "id,metadata,tags\n1,\"{\"\"user\"\":\"\"u\"\"}\",\"[\"\"a\"\",\"\"b\"\"]\"\n")
            << QByteArray("id=1 | user=u | tag=a | tag=b");
        QTest::newRow("columns nobody asked for")
            << QByteArray("colour,id\nred,1\n") << QByteArray("id=1");
        QTest::newRow("blank lines")
            << QByteArray("id,prompt\n\n1,Hi\n\n") << QByteArray("id=1 | says=user:Hi");
    }
    void aTableIsReadByTheSameMapping()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, reads);
        const ReadRows read = readRows(text.toStdString(), simple());
        std::string all;
        for (const std::string& row : read.rows)
            all += (all.empty() ? "" : "\n") + row;
        QCOMPARE(QByteArray::fromStdString(all), reads);
        QCOMPARE(read.report.badLines, std::size_t(0));
        QVERIFY(read.report.problems.empty());
    }

    void aCellMayHoldLineEndsAndTheNextRecordKnowsItsLine()
    {
        const ReadRows read = readRows("id,prompt\n1,\"a\nb\"\n2\n3,c\n", simple());
        QCOMPARE(read.rows,
                 (std::vector<std::string>{"id=1 | says=user:a\nb", "id=3 | says=user:c"}));
        QCOMPARE(read.report.problems.at(0).line, std::size_t(4));
    }

    void aSlipCostsOneRecord_data()
    {
        QTest::addColumn<QByteArray>("slip");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("too few cells") << QByteArray("2") << QByteArray("1 cells");
        QTest::newRow("too many cells") << QByteArray("2,a,b") << QByteArray("3 cells");
        QTest::newRow("text after a quote")
            << QByteArray("2,\"a\" b") << QByteArray("closing quote");
        QTest::newRow("no UTF-8") << QByteArray("2,\xff") << QByteArray("UTF-8");
        QTest::newRow("a quote never closed") << QByteArray("2,\"a") << QByteArray("never closed");
    }
    void aSlipCostsOneRecord()
    {
        QFETCH(const QByteArray, slip);
        QFETCH(const QByteArray, says);
        const ReadRows read =
            readRows("id,prompt\n1,a\n" + slip.toStdString() + "\n3,c\n", simple());
        QCOMPARE(read.rows, (std::vector<std::string>{"id=1 | says=user:a", "id=3 | says=user:c"}));
        QCOMPARE(read.report.badLines, std::size_t(1));
        QCOMPARE(read.report.problems.at(0).line, std::size_t(3));
        QVERIFY2(read.report.problems.at(0).message.find(says.toStdString()) != std::string::npos,
                 read.report.problems.at(0).message.c_str());
        QCOMPARE(read.report.setAside.at(0).begin, std::size_t(14));
    }

    void chunksEndBetweenRecords()
    {
        std::string text = "id,prompt\n";
        for (int i = 0; i < 200; ++i)
            text += std::to_string(i) + ",\"line\nafter, \"\"line\"\"\n\"\n";
        const ReadRows whole = readRows(text, simple());
        LogReadOptions options;
        options.chunkBytes = 50;
        options.threads = 3;
        const ReadRows cut = readRows(text, simple(), options);
        QCOMPARE(whole.rows.size(), std::size_t(200));
        QVERIFY(cut.rows == whole.rows);
    }

    void aKnownLogMayBeATable()
    {
        const ReadRows read = readRows(
            "request_id,spend,model,startTime,endTime,metadata,request_tags\n"
            "r1,0.5,m,2023-09-04 00:00:00,2023-09-04 00:00:01,"
            "\"{\"\"routing_decision\"\":{\"\"tier\"\":\"\"SIMPLE\"\"}}\",\"[\"\"web\"\"]\"\n",
            knownLogNamed("LiteLLM spend logs"));
        QCOMPARE(read.rows,
                 std::vector<std::string>{"id=r1 | start=1693785600000 | latency=1000 | served=m | "
                                          "route=SIMPLE | cost=0.5 | tag=web"});
    }
};

QTEST_GUILESS_MAIN(TestLogTables)
#include "tst_log_tables.moc"
