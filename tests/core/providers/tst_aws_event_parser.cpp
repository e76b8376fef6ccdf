// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the same frames wherever the bytes are cut; no length is believed whose checksum is
// wrong; any single broken bit is found.

#include "bedrock_samples.h"

#include <core/providers/aws_event_parser.h>

#include <QByteArray>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// One contentBlockDelta with the text "Hi", as a server sent it.
std::string recorded()
{
    return QByteArray::fromHex("0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e7"
                               "4426c6f636b44656c"
                               "74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736"
                               "f6e0d3a6d65737361"
                               "67652d747970650700056576656e747b22636f6e74656e74426c6f636b496e64657"
                               "8223a302c2264656c"
                               "7461223a7b2274657874223a224869227d7d1f944657")
        .toStdString();
}

struct Parsed
{
    std::vector<Frame> frames;
    std::string fault;
    bool isCut = false;
    bool isOverLimit = false;
};

Parsed parse(const std::vector<std::string_view>& pieces, EventStreamLimits limits = {})
{
    AwsEventParser parser(limits);
    Parsed parsed;
    for (const std::string_view piece : pieces)
        std::ranges::move(parser.feed(piece), std::back_inserter(parsed.frames));
    std::ranges::move(parser.finish(), std::back_inserter(parsed.frames));
    parsed.fault = parser.fault();
    parsed.isCut = parser.isCut();
    parsed.isOverLimit = parser.isOverLimit();
    return parsed;
}

} // namespace

class TestAwsEventParser : public QObject
{
    Q_OBJECT
private slots:
    void theChecksumIsTheUsualOne()
    {
        QCOMPARE(crc32("123456789"), 0xCBF43926U);
        QCOMPARE(crc32(""), 0U);
    }

    void aRecordedFrameIsReadWhereverItIsCut()
    {
        const std::string bytes = recorded() + recorded();
        QCOMPARE(bytes.size(), std::size_t(296));
        const Frame one = {.name = "contentBlockDelta",
                           .data = R"({"contentBlockIndex":0,"delta":{"text":"Hi"}})"};
        std::vector<std::string_view> single;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            single.push_back(std::string_view(bytes).substr(i, 1));
        const std::vector<Frame> expected = {one, one};
        QVERIFY(parse(single).frames == expected);
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            const std::string_view view = bytes;
            const Parsed parsed = parse({view.substr(0, cut), view.substr(cut)});
            QVERIFY(parsed.frames == expected);
            QVERIFY(parsed.fault.empty() && !parsed.isCut && !parsed.isOverLimit);
            const Parsed ended = parse({view.substr(0, cut)});
            QCOMPARE(ended.frames.size(), cut / 148);
            QCOMPARE(ended.isCut, cut % 148 != 0);
        }
        QCOMPARE(
            QByteArray::fromStdString(
                awsEvent("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hi"}})"))
                .toHex(),
            QByteArray::fromStdString(recorded()).toHex());
    }

    void anyBrokenBitIsFound()
    {
        for (std::size_t place = 0; place < recorded().size(); ++place) {
            for (int bit = 0; bit < 8; ++bit) {
                std::string bytes = recorded();
                bytes[place] = static_cast<char>(bytes[place] ^ (1 << bit));
                const Parsed parsed = parse({bytes + recorded()});
                QVERIFY2(parsed.frames.empty(), qPrintable(QString::number(place)));
                QCOMPARE(parsed.fault, std::string("a frame whose checksum is wrong"));
            }
        }
    }

    void lengthsThatCannotBeTrueAreNotWaitedFor_data()
    {
        QTest::addColumn<quint32>("total");
        QTest::addColumn<quint32>("headers");
        QTest::addColumn<QString>("fault");
        QTest::addColumn<bool>("isOverLimit");
        const QString lengths = QStringLiteral("a frame whose lengths cannot be true");
        QTest::newRow("nothing") << 0U << 0U << lengths << false;
        QTest::newRow("less than its frame") << 15U << 0U << lengths << false;
        QTest::newRow("headers longer than all") << 20U << 5U << lengths << false;
        QTest::newRow("too many headers") << (1U << 20) << ((128U << 10) + 1) << lengths << false;
        QTest::newRow("everything") << 0xFFFFFFFFU << 0xFFFFFFFFU << lengths << false;
        QTest::newRow("a payload too large") << 0xFFFFFFFFU << 0U << QString() << true;
        QTest::newRow("just too large") << ((8U << 20) + 17) << 0U << QString() << true;
        QTest::newRow("just not") << ((8U << 20) + 16) << 0U << QString() << false;
    }
    void lengthsThatCannotBeTrueAreNotWaitedFor()
    {
        QFETCH(const quint32, total);
        QFETCH(const quint32, headers);
        QFETCH(const QString, fault);
        QFETCH(const bool, isOverLimit);
        const std::string lengths = bigEndian(total, 4) + bigEndian(headers, 4);
        const Parsed parsed = parse({lengths + bigEndian(crc32(lengths), 4) + "xxxx"});
        QCOMPARE(QString::fromStdString(parsed.fault), fault);
        QCOMPARE(parsed.isOverLimit, isOverLimit);
        QVERIFY(parsed.frames.empty());
    }

    void headersThatCannotBeReadAreAFault_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::newRow("a name cut off") << QByteArray("\x05:e", 3);
        QTest::newRow("no type") << QByteArray("\x01:", 2);
        QTest::newRow("an unknown type") << QByteArray("\x01:\x0A", 3);
        QTest::newRow("a number cut off") << QByteArray("\x01:\x04\x01\x02", 5);
        QTest::newRow("a text cut off") << QByteArray("\x01:\x07\x00\x05hi", 7);
        QTest::newRow("a length cut off") << QByteArray("\x01:\x07\x00", 4);
    }
    void headersThatCannotBeReadAreAFault()
    {
        QFETCH(const QByteArray, headers);
        const Parsed parsed = parse({awsFrame(headers.toStdString(), "{}")});
        QCOMPARE(parsed.fault, std::string("a frame whose headers cannot be read"));
        QVERIFY(parsed.frames.empty());
    }

    void everyTypeOfHeaderIsSteppedOver()
    {
        std::string headers;
        const std::size_t sizes[] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
        for (int type = 0; type < 10; ++type) {
            headers += std::string("\x01x") + static_cast<char>(type);
            headers += type == 6 || type == 7 ? std::string("\x00\x02zz", 4)
                                              : std::string(sizes[type], 'z');
        }
        const Parsed parsed = parse({awsFrame(headers + awsHeader(":event-type", "e"), "{}")});
        QCOMPARE(parsed.frames.size(), std::size_t(1));
        QCOMPARE(parsed.frames.at(0).name, std::string("e"));
    }

    void exceptionsAndErrorsAreToldApart()
    {
        const std::string error =
            awsFrame(awsHeader(":message-type", "error") + awsHeader(":error-code", "Internal") +
                         awsHeader(":error-message", "it broke"),
                     {});
        const std::vector<Frame> expected = {
            {.name = "throttlingException", .data = "{}", .isError = true},
            {.name = "Internal", .data = "it broke", .isError = true}};
        QVERIFY(parse({awsException("throttlingException", "{}") + error}).frames == expected);
    }

    void theWholeHasALimitToo()
    {
        const Parsed parsed = parse({recorded() + recorded()}, {.totalBytes = 200});
        QCOMPARE(parsed.frames.size(), std::size_t(1));
        QVERIFY(parsed.isOverLimit);
    }
};

QTEST_GUILESS_MAIN(TestAwsEventParser)
#include "tst_aws_event_parser.moc"
