// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: traffic read from JSON lines holds every readable request once, in conversation order,
// and every unreadable line is counted and shown with its number; writing it and reading it back
// changes nothing.

#include <core/traffic/traffic.h>

#include <QTest>

#include <string>

using namespace signalbox;

namespace {

std::string quoted(const std::string& text)
{
    return '\"' + text + '\"';
}

std::string message(const std::string& role, const std::string& content)
{
    return R"({"role":)" + quoted(role) + R"(,"content":)" + quoted(content) + "}";
}

/// A request whose conversation has come to its n-th user message.
std::string line(const std::string& conversation, int userMessages, const std::string& more = {})
{
    std::string messages = message("user", "Question 1");
    for (int i = 2; i <= userMessages; ++i)
        messages += "," + message("assistant", "Yes.") + "," +
                    message("user", "Question " + std::to_string(i));
    std::string id;
    if (!conversation.empty())
        id = R"(,"conversationId":)" + quoted(conversation);
    return R"({"messages":[)" + messages + "]" + id + more + "}\n";
}

TrafficReading read(const std::string& text)
{
    auto reading = readTrafficJsonLines(text, "test");
    if (!reading)
        qFatal("%s", toString(reading.error()).c_str());
    return std::move(*reading);
}

} // namespace

class TestTrafficJson : public QObject
{
    Q_OBJECT
private slots:
    void rowsAreGroupedByConversationAndOrderedByTurn()
    {
        const Traffic traffic =
            read(line("b", 2) + line("a", 1) + line("b", 1) + line("a", 2) + line("b", 4)).traffic;
        QCOMPARE(traffic.rowCount(), std::size_t(5));
        QCOMPARE(traffic.conversationCount(), std::size_t(2));
        QCOMPARE(traffic.conversationOf, (std::vector<std::uint32_t>{0, 0, 0, 1, 1}));
        QCOMPARE(traffic.turnOf, (std::vector<std::uint16_t>{1, 2, 4, 1, 2}));
        QCOMPARE(traffic.conversationStarts(), (std::vector<std::size_t>{0, 3, 5}));
        QCOMPARE(traffic.request(0).conversationId, std::string("b"));
    }

    void aLogOfLastMessagesOnlyStillCountsItsTurns()
    {
        const Traffic traffic = read(line("a", 1) + line("a", 1) + line("a", 1)).traffic;
        QCOMPARE(traffic.turnOf, (std::vector<std::uint16_t>{1, 2, 3}));
    }

    void aRequestWithoutConversationStandsAlone()
    {
        const Traffic traffic = read(line("", 1) + line("", 1)).traffic;
        QCOMPARE(traffic.conversationCount(), std::size_t(2));
    }

    void whatIsKnownBesideTheRequestBecomesColumns()
    {
        const Traffic traffic =
            read(
                line(
                    "a", 1,
                    R"(,"segment":"billing","promptId":"p7","inputTokens":120,"timeMs":1693785600000)") +
                line("b", 1, R"(,"segment":"orders","timeMs":1693785500000)") + line("c", 1))
                .traffic;
        QCOMPARE(traffic.segments, (std::vector<std::string>{"billing", "orders",
                                                             std::string(Traffic::kUnlabelled)}));
        QCOMPARE(traffic.segmentOf, (std::vector<std::uint16_t>{0, 1, 2}));
        QCOMPARE(traffic.prompts, std::vector<PromptId>{PromptId{"p7"}});
        QCOMPARE(traffic.promptOf, (std::vector<std::uint32_t>{0, Traffic::kNone, Traffic::kNone}));
        QCOMPARE(traffic.inputTokens, (std::vector<std::int32_t>{120, -1, -1}));
        QCOMPARE(traffic.firstMs, std::int64_t(1'693'785'500'000));
        QCOMPARE(traffic.lastMs, std::int64_t(1'693'785'600'000));
        QVERIFY(!traffic.synthetic);
    }

    void blankLinesByteOrderMarkAndWindowsLineEndsAreFine()
    {
        std::string windows = line("a", 1);
        windows.insert(windows.size() - 1, "\r");
        const TrafficReading reading = read("\xEF\xBB\xBF" + windows + "\r\n  \n" + windows);
        QCOMPARE(reading.traffic.rowCount(), std::size_t(2));
        QCOMPARE(reading.badLines, std::size_t(0));
    }

    void aBadLineIsKeptAsideWithItsNumber_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("cut off") << QByteArray::fromStdString(line("a", 1).substr(0, 24))
                                 << QByteArray();
        QTest::newRow("no object") << QByteArray("[1,2]") << QByteArray("object");
        QTest::newRow("plain text") << QByteArray("ERROR upstream timed out") << QByteArray();
        QTest::newRow("no messages")
            << QByteArray(R"({"conversationId":"a"})") << QByteArray("messages");
        QTest::newRow("nobody asks")
            << QByteArray(R"({"messages":[{"role":"assistant","content":"Hi"}]})")
            << QByteArray("messages");
        QTest::newRow("unknown role")
            << QByteArray(R"({"messages":[{"role":"robot","content":"Hi"}]})")
            << QByteArray("messages[0].role");
        QTest::newRow("unknown member")
            << QByteArray(R"({"messages":[{"role":"user","content":"Hi"}],"colour":"red"})")
            << QByteArray("colour");
        QTest::newRow("segment of a wrong type")
            << QByteArray(R"({"messages":[{"role":"user","content":"Hi"}],"segment":7})")
            << QByteArray("segment");
        QTest::newRow("half a token")
            << QByteArray(R"({"messages":[{"role":"user","content":"Hi"}],"inputTokens":1.5})")
            << QByteArray("inputTokens");
        QTest::newRow("time before all time")
            << QByteArray(R"({"messages":[{"role":"user","content":"Hi"}],"timeMs":-1})")
            << QByteArray("timeMs");
        QTest::newRow("no UTF-8")
            << QByteArray("{\"messages\":[{\"role\":\"user\",\"content\":\"\xff\"}]}")
            << QByteArray();
        QTest::newRow("a key twice")
            << QByteArray(R"({"messages":[{"role":"user","content":"Hi"}],"messages":[]})")
            << QByteArray("messages");
        QTest::newRow("nested without end") << QByteArray(65'536, '[') << QByteArray();
    }
    void aBadLineIsKeptAsideWithItsNumber()
    {
        QFETCH(const QByteArray, bad);
        QFETCH(const QByteArray, names);
        const TrafficReading reading =
            read(line("a", 1) + "\n" + bad.toStdString() + "\n" + line("a", 2));
        QCOMPARE(reading.traffic.rowCount(), std::size_t(2));
        QCOMPARE(reading.badLines, std::size_t(1));
        QCOMPARE(reading.problems.size(), std::size_t(1));
        QCOMPARE(reading.problems[0].line, std::size_t(3));
        QVERIFY2(!reading.problems[0].message.empty() &&
                     reading.problems[0].message.find(names.toStdString()) != std::string::npos,
                 reading.problems[0].message.c_str());
    }

    void aBadLineHasOneNumber()
    {
        const TrafficReading reading = read(line("a", 1) + "{\"messages\": nil}\n");
        QCOMPARE(reading.problems.size(), std::size_t(1));
        QCOMPARE(reading.problems[0].line, std::size_t(2));
        const std::string& message = reading.problems[0].message;
        QVERIFY2(message.starts_with("column 14"), message.c_str());
        QVERIFY2(message.find("line 1") == std::string::npos, message.c_str());
    }

    void manyBadLinesAreAllCountedAndTheFirstHundredShown()
    {
        std::string text = line("a", 1);
        for (int i = 0; i < 250; ++i)
            text += "no json\n";
        const TrafficReading reading = read(text);
        QCOMPARE(reading.badLines, std::size_t(250));
        QCOMPARE(reading.problems.size(), std::size_t(100));
        QCOMPARE(reading.problems.back().line, std::size_t(101));
    }

    void textWithoutAnyRequestIsAnErrorThatSaysWhatIsExpected_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("blank") << QByteArray("\n \n") << QByteArray();
        QTest::newRow("a table") << QByteArray("\ntime,user,text\n1,2,3\n") << QByteArray("line 2");
    }
    void textWithoutAnyRequestIsAnErrorThatSaysWhatIsExpected()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, where);
        const auto reading = readTrafficJsonLines(text.toStdString(), "test");
        QVERIFY(!reading);
        QCOMPARE(reading.error().code, ErrorCode::ParseError);
        QCOMPARE(QByteArray::fromStdString(reading.error().where), where);
        QVERIFY(reading.error().hint.find("JSON lines") != std::string::npos);
    }

    void writingAndReadingBackChangesNothing()
    {
        const std::string text =
            line("b", 2, R"(,"segment":"billing","promptId":"p1","timeMs":5,"synthetic":true)") +
            line(
                "a", 1,
                R"(,"userId":"u1","style":"concise","metadata":{"plan":"pro","seats":3},"inputTokens":0)") +
            line("", 1) + line("b", 1, R"(,"segment":"orders")");
        const Traffic first = read(text).traffic;
        // Numbered in the order of the rows, not of the lines.
        QCOMPARE(first.segments.front(), std::string("orders"));
        QVERIFY(first.synthetic);
        const Traffic second = read(toTrafficJsonLines(first)).traffic;
        QVERIFY(second == first);
    }
};

QTEST_GUILESS_MAIN(TestTrafficJson)
#include "tst_traffic_json.moc"
