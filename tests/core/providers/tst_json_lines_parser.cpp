// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the same lines wherever the bytes are cut; nothing is lost silently at the limits.

#include <core/providers/json_lines_parser.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;

namespace {

std::vector<Frame> parse(const std::vector<std::string_view>& pieces)
{
    JsonLinesParser parser;
    std::vector<Frame> frames;
    for (const std::string_view piece : pieces)
        std::ranges::move(parser.feed(piece), std::back_inserter(frames));
    std::ranges::move(parser.finish(), std::back_inserter(frames));
    return frames;
}

} // namespace

class TestJsonLinesParser : public QObject
{
    Q_OBJECT
private slots:
    void everyCutGivesTheSameLines()
    {
        const std::string_view bytes = "{\"a\":1}\n\r\n  \n{\"b\":\"\xC3\xA4\"}\r\n{\"c\":3}";
        const std::vector<Frame> expected = {{.data = "{\"a\":1}"},
                                             {.data = "{\"b\":\"\xC3\xA4\"}"},
                                             {.data = "{\"c\":3}", .complete = false}};
        std::vector<std::string_view> single;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            single.push_back(bytes.substr(i, 1));
        QVERIFY(parse(single) == expected);
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
            QVERIFY(parse({bytes.substr(0, cut), bytes.substr(cut)}) == expected);
    }

    void anUnfinishedLineIsACut_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("isCut");
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("whole") << QByteArray("{}\n") << false;
        QTest::newRow("blank rest") << QByteArray("{}\n  ") << false;
        QTest::newRow("CR rest") << QByteArray("{}\n\r") << false;
        QTest::newRow("half a line") << QByteArray("{}\n{") << true;
    }
    void anUnfinishedLineIsACut()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const bool, isCut);
        JsonLinesParser parser;
        (void)parser.feed(bytes.toStdString());
        (void)parser.finish();
        QCOMPARE(parser.isCut(), isCut);
        QVERIFY(!parser.isOverLimit());
    }

    void limitsAreKeptWhereverTheBytesAreCut()
    {
        const std::string line(10, 'x');
        for (std::size_t cut = 0; cut <= 10; ++cut) {
            JsonLinesParser parser({.eventBytes = 9, .totalBytes = 100});
            QVERIFY(parser.feed("123456789\n").size() == 1);
            (void)parser.feed(std::string_view(line).substr(0, cut));
            (void)parser.feed(std::string_view(line).substr(cut));
            QVERIFY(parser.isOverLimit());
            QVERIFY(parser.finish().empty());
            QVERIFY(parser.isCut());
        }
        JsonLinesParser parser({.eventBytes = 9, .totalBytes = 15});
        QCOMPARE(parser.feed("1234567\n12345\nab").size(), std::size_t(2));
        QVERIFY(parser.isOverLimit());
    }
};

QTEST_GUILESS_MAIN(TestJsonLinesParser)
#include "tst_json_lines_parser.moc"
