// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: tables are read as RFC 4180 says and as spreadsheets write them; what is broken is
// refused with its line and everything else is kept.

#include <core/prompts/csv.h>

#include <QTest>

using namespace signalbox;

namespace {

using Fields = std::vector<std::string>;

struct Read
{
    ImportReport report;
    CsvReading csv;

    explicit Read(std::string_view text, std::optional<char> separator = std::nullopt)
        : csv(readCsv(text, report, separator))
    {}
    [[nodiscard]] std::vector<Fields> rows() const
    {
        std::vector<Fields> rows;
        for (const CsvRecord& record : csv.records)
            rows.push_back(record.fields);
        return rows;
    }
};

} // namespace

class TestCsv : public QObject
{
    Q_OBJECT
private slots:
    void fieldsAreReadAsTheStandardSays_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<QByteArrayList>>("rows");
        QTest::newRow("plain") << QByteArray("a,b\r\nc,d\r\n")
                               << QList<QByteArrayList>{{"a", "b"}, {"c", "d"}};
        QTest::newRow("no last line end")
            << QByteArray("a,b\nc,d") << QList<QByteArrayList>{{"a", "b"}, {"c", "d"}};
        QTest::newRow("carriage returns")
            << QByteArray("a,b\rc,d\r") << QList<QByteArrayList>{{"a", "b"}, {"c", "d"}};
        QTest::newRow("empty fields")
            << QByteArray(",\n\"\",x\n") << QList<QByteArrayList>{{"", ""}, {"", "x"}};
        QTest::newRow("quotes") << QByteArray("\"a,\"\"b\"\"\",\"c\nd\"\ne,f")
                                << QList<QByteArrayList>{{"a,\"b\"", "c\nd"}, {"e", "f"}};
        QTest::newRow("a quote in the middle")
            << QByteArray("5\" wide,b") << QList<QByteArrayList>{{"5\" wide", "b"}};
        QTest::newRow("spaces stay")
            << QByteArray(" a , b ") << QList<QByteArrayList>{{" a ", " b "}};
        QTest::newRow("blank lines")
            << QByteArray("\n\na\n\r\n\nb\n") << QList<QByteArrayList>{{"a"}, {"b"}};
        QTest::newRow("semicolons")
            << QByteArray("a;\"1,5\"\nb;2,5") << QList<QByteArrayList>{{"a", "1,5"}, {"b", "2,5"}};
        QTest::newRow("tabs") << QByteArray("a\tb, c\nd\te")
                              << QList<QByteArrayList>{{"a", "b, c"}, {"d", "e"}};
        QTest::newRow("a column of prose")
            << QByteArray("prompt\nWell, why?\nSo; how?")
            << QList<QByteArrayList>{{"prompt"}, {"Well, why?"}, {"So; how?"}};
        QTest::newRow("separators in quotes do not count")
            << QByteArray("\"a;b;c\",d\n1,2") << QList<QByteArrayList>{{"a;b;c", "d"}, {"1", "2"}};
        QTest::newRow("said by the spreadsheet")
            << QByteArray("sep=;\na,b;c\n") << QList<QByteArrayList>{{"a,b", "c"}};
        QTest::newRow("nothing") << QByteArray() << QList<QByteArrayList>{};
    }

    void fieldsAreReadAsTheStandardSays()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<QByteArrayList>, rows);
        const Read read(text.toStdString());
        std::vector<Fields> expected;
        for (const QByteArrayList& row : std::as_const(rows)) {
            expected.emplace_back();
            for (const QByteArray& field : row)
                expected.back().push_back(field.toStdString());
        }
        QCOMPARE(read.rows(), expected);
        QCOMPARE(read.report.refusedCount(), std::size_t(0));
    }

    void linesAreThoseOfTheFile()
    {
        const Read read("h\n\n\"two\r\nlines\"\n\"three\r\rlines\"\nlast\n");
        QCOMPARE(read.csv.records.size(), std::size_t(4));
        QCOMPARE(read.csv.records[1].line, std::size_t(3));
        QCOMPARE(read.csv.records[2].line, std::size_t(5));
        QCOMPARE(read.csv.records[3].line, std::size_t(8));
    }

    void aQuoteThatNeverClosesCostsItsLineOnly()
    {
        const Read read("a,b\nc,\"d\ne,f\ng,h\n");
        QCOMPARE(read.rows(), (std::vector<Fields>{{"a", "b"}, {"e", "f"}, {"g", "h"}}));
        QCOMPARE(read.report.refused().size(), std::size_t(1));
        QCOMPARE(read.report.refused()[0].line, std::size_t(2));
        QVERIFY(read.report.refused()[0].message.find("never closed") != std::string::npos);
    }

    void textBehindAClosingQuoteIsRefused()
    {
        const Read read("\"a\"x,b\n\"c\" ,d\ne,f");
        QCOMPARE(read.rows(), (std::vector<Fields>{{"e", "f"}}));
        QCOMPARE(read.report.refusedCount(), std::size_t(2));
        QCOMPARE(read.report.refused()[1].line, std::size_t(2));
    }

    void otherEncodingsAreRefusedLineByLine()
    {
        const Read read("a\nM\xFCller\nb\n");
        QCOMPARE(read.rows(), (std::vector<Fields>{{"a"}, {"b"}}));
        QCOMPARE(read.report.refused()[0].line, std::size_t(2));
        QVERIFY(read.report.refused()[0].message.find("UTF-8") != std::string::npos);
    }

    void aGivenSeparatorIsTaken()
    {
        QCOMPARE(Read("a,b;c", ';').rows(), (std::vector<Fields>{{"a,b", "c"}}));
    }

    void marksOfEncodingsAreUnderstood()
    {
        QCOMPARE(*decodedText("\xEF\xBB\xBFx"), std::string("x"));
        QCOMPARE(*decodedText(std::string_view("\xFF\xFEx\0\xFC\0", 6)), std::string("xü"));
        QCOMPARE(*decodedText(std::string_view("\xFE\xFF\0x\xD8\x3D\xDE\x00", 8)),
                 std::string("x\U0001F600"));
        QVERIFY(!decodedText(std::string_view("\xFF\xFEx", 3)));
        QVERIFY(!decodedText(std::string_view("\xFE\xFF\xD8\x3D", 4)));
        QVERIFY(!decodedText(std::string_view("\xFE\xFF\xDE\x00\0x", 6)));
    }
};

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"
