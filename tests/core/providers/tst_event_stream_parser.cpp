// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: bytes of a text/event-stream become the same events wherever they are cut, memory stays
// bounded, and whatever is dropped or cut off is reported.

#include <core/providers/event_stream_parser.h>

#include <QTest>

#include <string>
#include <vector>

using namespace signalbox;

namespace {

struct Parsed
{
    std::vector<ServerSentEvent> events;
    EventStreamReport report;
    bool operator==(const Parsed&) const = default;
};

Parsed parse(const std::vector<std::string_view>& pieces, EventStreamLimits limits = {})
{
    EventStreamParser parser(limits);
    Parsed parsed;
    const auto take = [&](const std::vector<ServerSentEvent>& events) {
        parsed.events.insert(parsed.events.end(), events.begin(), events.end());
    };
    for (const std::string_view piece : pieces)
        take(parser.feed(piece));
    take(parser.finish());
    parsed.report = parser.report();
    return parsed;
}

QByteArrayList dataOf(const Parsed& parsed)
{
    QByteArrayList data;
    for (const ServerSentEvent& event : parsed.events)
        data << QByteArray::fromStdString(event.data);
    return data;
}

} // namespace

class TestEventStreamParser : public QObject
{
    Q_OBJECT
private slots:
    void readsTheFormat_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArrayList>("data");
        const auto row = [](const char* name, const QByteArray& bytes, const QByteArrayList& data) {
            QTest::newRow(name) << bytes << data;
        };
        row("LF", "data: a\n\ndata: b\n\n", {"a", "b"});
        row("CR", "data: a\r\rdata: b\r\r", {"a", "b"});
        row("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", {"a", "b"});
        row("mixed line ends", "data: a\r\n\ndata: b\n\r", {"a", "b"});
        row("data lines are joined", "data: a\ndata: b\n\n", {"a\nb"});
        row("data lines are joined over CRLF", "data: a\r\ndata: b\r\n\r\n", {"a\nb"});
        row("only one blank is removed", "data:  a\n\n", {" a"});
        row("no blank", "data:a\n\n", {"a"});
        row("no colon", "data\n\n", {""});
        row("comments are no events", ": ping\n\ndata: a\n: ping\n\n:\n\n", {"a"});
        row("other fields are no data", "event: x\nretry: 10\nfoo: bar\n\n", {});
        row("byte order mark",
            "\xEF\xBB\xBF"
            "data: a\n\n",
            {"a"});
        row("byte order mark only at the start",
            "data: a\n\n\xEF\xBB\xBF"
            "data: b\n\n",
            {"a"});
        row("what is left at the end", "data: a\n\ndata: b", {"a", "b"});
        row("nothing", "", {});
    }
    void readsTheFormat()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArrayList, data);
        QCOMPARE(dataOf(parse({std::string_view(bytes.constData(), std::size_t(bytes.size()))})),
                 data);
    }

    void everyCutGivesTheSameEvents()
    {
        const std::string text = "\xEF\xBB\xBF: hi\r\nevent: e\r\nid: 7\r\ndata: grüße\r\ndata: "
                                 "🚀\r\n\r\ndata: b\r\rdata: c\n\n:x\n\nid\ndata: d";
        const Parsed whole = parse({text});
        QCOMPARE(whole.events.size(), std::size_t(4));
        const std::string_view view = text;
        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < view.size(); ++i)
            bytes.push_back(view.substr(i, 1));
        QVERIFY(parse(bytes) == whole);
        for (std::size_t cut = 0; cut <= view.size(); ++cut)
            QVERIFY2(parse({view.substr(0, cut), view.substr(cut)}) == whole,
                     qPrintable(QString::number(cut)));
    }

    void namesAndIdsAreKept()
    {
        const Parsed parsed = parse({"event: error\nid: 1\ndata: a\n\ndata: b\n\n"});
        QCOMPARE(parsed.events.at(0),
                 (ServerSentEvent{.name = "error", .data = "a", .id = "1", .complete = true}));
        QCOMPARE(parsed.events.at(1),
                 (ServerSentEvent{.name = "", .data = "b", .id = "1", .complete = true}));
    }

    void anEventCutOffIsMarked_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("cut");
        QTest::newRow("whole") << QByteArray("data: a\n\n") << false;
        QTest::newRow("comment at the end") << QByteArray("data: a\n\n: bye\n") << false;
        QTest::newRow("line without end") << QByteArray("data: a") << true;
        QTest::newRow("no blank line") << QByteArray("data: a\n") << true;
        QTest::newRow("only a name") << QByteArray("event: a\n") << true;
    }
    void anEventCutOffIsMarked()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const bool, cut);
        const Parsed parsed = parse({bytes.toStdString()});
        QCOMPARE(parsed.report.cut, cut);
        for (const ServerSentEvent& event : parsed.events)
            QCOMPARE(event.complete, !cut);
    }

    void anEventOverTheLimitIsDroppedAndReported()
    {
        const EventStreamLimits limits{.eventBytes = 20, .totalBytes = 1000};
        const std::string text =
            "data: small\n\ndata: " + std::string(40, 'x') + "\ndata: y\n\ndata: after\n\n";
        const Parsed parsed = parse({text}, limits);
        QCOMPARE(dataOf(parsed), (QByteArrayList{"small", "after"}));
        QCOMPARE(parsed.report.droppedEvents, std::size_t(1));
        QCOMPARE(parsed.report.droppedBytes, std::size_t(46 + 7));
    }

    void manyDataLinesCountAsOneEvent()
    {
        const EventStreamLimits limits{.eventBytes = 20, .totalBytes = 1000};
        std::string text;
        for (int i = 0; i < 10; ++i)
            text += "data: 1234\n";
        const Parsed parsed = parse({text + "\ndata: z\n\n"}, limits);
        QCOMPARE(dataOf(parsed), (QByteArrayList{"z"}));
        QCOMPARE(parsed.report.droppedEvents, std::size_t(1));
    }

    void nothingIsReadAfterTheTotal()
    {
        const EventStreamLimits limits{.eventBytes = 100, .totalBytes = 10};
        const Parsed parsed = parse({"data: a\n\ndata: b\n\n", "data: c\n\n"}, limits);
        QCOMPARE(dataOf(parsed), (QByteArrayList{"a"}));
        QVERIFY(parsed.report.overflowed);
        QCOMPARE(parsed.report.droppedBytes, std::size_t(8 + 9));
    }

    void aLineThatNeverEndsTakesNoMemory()
    {
        EventStreamParser parser({.eventBytes = 1 << 10, .totalBytes = std::size_t{1} << 40});
        const std::string block(1 << 16, 'x');
        for (int i = 0; i < 1000; ++i)
            QVERIFY(parser.feed(block).empty());
        QCOMPARE(parser.report().droppedBytes, block.size() * 1000);
    }
};

QTEST_GUILESS_MAIN(TestEventStreamParser)
#include "tst_event_stream_parser.moc"
