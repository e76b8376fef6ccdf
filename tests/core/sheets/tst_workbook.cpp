// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is written into a workbook is read back as it was, whatever it says, and nothing in
// it is a formula; workbooks of other programs are read as their tables look; what is no workbook,
// locked, damaged or boundless is refused in a sentence, and in no time.

#include <core/sheets/cell_text.h>
#include <core/sheets/workbook_reader.h>
#include <core/sheets/workbook_writer.h>

#include <QTest>
#include <zip.h>

#include <map>

using namespace signalbox;

namespace {

using Parts = std::map<std::string, std::string>;

/// A zip file of parts, as other programs would write them.
std::string zipOf(const Parts& parts)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(target);
    zip_t* const archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    for (const auto& [name, text] : parts)
        zip_file_add(archive, name.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0),
                     ZIP_FL_ENC_UTF_8);
    zip_close(archive);
    zip_source_open(target);
    zip_source_seek(target, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
    zip_source_seek(target, 0, SEEK_SET);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&error);
    return bytes;
}

Parts partsOf(const std::string& rows)
{
    return {
        {"xl/workbook.xml",
         R"(<x:workbook xmlns:x="m" xmlns:r="o"><x:sheets><x:sheet name="One" sheetId="1" r:id="a"/><x:sheet name="Two" sheetId="2" r:id="b"/></x:sheets></x:workbook>)"},
        {"xl/_rels/workbook.xml.rels",
         R"(<Relationships><Relationship Id="a" Type="o/worksheet" Target="worksheets/s1.xml"/><Relationship Id="b" Type="o/worksheet" Target="/xl/worksheets/../worksheets/s2.xml"/><Relationship Id="c" Type="o/sharedStrings" Target="texts.xml"/><Relationship Id="d" Type="o/styles" Target="styles.xml"/></Relationships>)"},
        {"xl/texts.xml",
         "<sst><si><t>plain</t></si><si><r><t>ri</t></r><r><rPr/><t>ch</t></r><rPh><t>no</t></rPh>"
         "</si><si><t>a_x000D_b</t></si></sst>"},
        {"xl/styles.xml",
         R"(<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[Red]yyyy\-mm\-dd"/><numFmt numFmtId="171" formatCode="0.0&quot;day&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>)"},
        {"xl/worksheets/s1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"},
        {"xl/worksheets/s2.xml",
         "<worksheet><sheetData><row><c t='inlineStr'><is><t>other</t></is></c></row></sheetData>"
         "</worksheet>"},
    };
}

std::vector<std::string> firstRow(const std::string& cells)
{
    const auto read = readWorkbook(zipOf(partsOf("<row r='3'>" + cells + "</row>")));
    return read && !read->rows.empty() ? read->rows.front().cells : std::vector<std::string>();
}

SheetDraft draftOf(const std::vector<std::string>& texts)
{
    SheetDraft draft;
    draft.name = "Texts";
    draft.columns = {{"text"}, {"number", 12, "#,##0"}};
    for (const std::string& text : texts)
        draft.rows.push_back({text, 1.5});
    return draft;
}

} // namespace

class TestWorkbook : public QObject
{
    Q_OBJECT
private slots:
    void anyTextComesBack_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* const text :
             {"plain", "=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "<b>&amp;", "a\r\nb\rc\n",
              " led ", "_x000D_", "_x005F_x000D_", "http://example.org", "\x01\x1f", "1e5", "TRUE",
              "\xF0\x9F\x98\x80 \xE4\xBD\xA0", "{=A1}", "\t"})
            QTest::newRow(text) << QByteArray(text);
    }
    void anyTextComesBack()
    {
        QFETCH(const QByteArray, text);
        const std::string wanted = text.toStdString() + "|"; // a blank row would be none
        const SheetDraft draft = draftOf({text.toStdString(), wanted});
        const auto bytes = toWorkbook({&draft, 1}, "A title <&> _x0041_");
        QVERIFY2(bytes.has_value(), bytes ? "" : toString(bytes.error()).c_str());
        QVERIFY(isWorkbook(*bytes));
        const auto read = readWorkbook(*bytes);
        QVERIFY2(read.has_value(), read ? "" : toString(read.error()).c_str());
        QCOMPARE(read->sheet, std::string("Texts"));
        QCOMPARE(read->rows.size(), std::size_t(3));
        QCOMPARE(read->rows[1].cells[0], text.toStdString());
        QCOMPARE(read->rows[1].cells[1], std::string("1.5"));
        QCOMPARE(read->rows[2].cells[0], wanted);
        QVERIFY(read->rows[1].fault.empty());
    }

    void whatNoCellHoldsIsParted()
    {
        const std::string face = "\xF0\x9F\x98\x80"; // two units
        std::string text;
        for (std::size_t i = 0; i < kMostCellUnits; ++i)
            text += face;
        const std::vector<std::string> parts = cellParts(text);
        QCOMPARE(parts.size(), std::size_t(3));
        QCOMPARE(parts[0].size() % face.size(), std::size_t(0));
        QCOMPARE(parts[0] + parts[1] + parts[2], text);
        QCOMPARE(cellParts(std::string(kMostCellUnits, 'a')).size(), std::size_t(1));
        QCOMPARE(cellParts(std::string(kMostCellUnits + 1, 'a')).size(), std::size_t(2));
        QCOMPARE(cellParts("").size(), std::size_t(1));
        // With all that is escaped in it a part still fits.
        SheetDraft draft = draftOf({});
        for (const std::string& part : cellParts(std::string(kMostCellUnits, '\r')))
            draft.rows.push_back({part, 0.0});
        QVERIFY(toWorkbook({&draft, 1}, "").has_value());
        draft.rows = {{text, 0.0}};
        QCOMPARE(toWorkbook({&draft, 1}, "").error().code, ErrorCode::InvalidArgument);
    }

    void aNameThatNoSheetHasIsRefused()
    {
        SheetDraft draft = draftOf({"a"});
        draft.name = "a/b";
        QCOMPARE(toWorkbook({&draft, 1}, "").error().code, ErrorCode::InvalidArgument);
    }

    void cellsAreReadAsTheyLook_data()
    {
        QTest::addColumn<QString>("cell");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char* name, const char* cell, const char* wanted) {
            QTest::newRow(name) << QString::fromUtf8(cell) << QString::fromUtf8(wanted);
        };
        row("shared", "<c t='s'><v>0</v></c>", "plain");
        row("rich, without how it is spoken", "<c t='s'><v>1</v></c>", "rich");
        row("escaped", "<c t='s'><v>2</v></c>", "a\rb");
        row("whole number", "<c><v>100000</v></c>", "100000");
        row("exponent", "<c><v>1E3</v></c>", "1000");
        row("binary dust", "<c><v>0.10000000000000001</v></c>", "0.1");
        row("date", "<c s='1'><v>44561</v></c>", "2021-12-31");
        row("date and time", "<c s='2'><v>44561.5</v></c>", "2021-12-31 12:00:00");
        row("before the day that never was", "<c s='1'><v>59</v></c>", "1900-02-28");
        row("after it", "<c s='1'><v>61</v></c>", "1900-03-01");
        row("time of a day", "<c s='1'><v>0.75</v></c>", "18:00:00");
        row("almost a day", "<c s='1'><v>44561.9999999</v></c>", "2022-01-01");
        row("quoted letters are no date", "<c s='3'><v>2</v></c>", "2");
        row("truth", "<c t='b'><v>1</v></c>", "true");
        row("ISO date", "<c t='d'><v>2020-01-02</v></c>", "2020-01-02");
        row("result of a formula", "<c t='str'><f>A1</f><v>x_x0009_y</v></c>", "x\ty");
        row("number of a formula", "<c><f>A1</f><v>7</v></c>", "7");
        row("no such shared text", "<c t='s'><v>9</v></c>", "");
    }
    void cellsAreReadAsTheyLook()
    {
        QFETCH(const QString, cell);
        QFETCH(const QString, wanted);
        const auto cells = firstRow(cell.toStdString() + "<c t='inlineStr'><is><t>|</t></is></c>");
        QCOMPARE(cells.size(), std::size_t(2));
        QCOMPARE(QString::fromStdString(cells[0]), wanted);
    }

    void theOtherCalendarIsHeard()
    {
        Parts parts = partsOf("<row><c s='1'><v>43099</v></c></row>");
        std::string& book = parts["xl/workbook.xml"];
        book.insert(book.find("<x:sheets>"), "<x:workbookPr date1904='1'/>");
        const auto read = readWorkbook(zipOf(parts));
        QVERIFY(read.has_value());
        QCOMPARE(read->rows.at(0).cells.at(0), std::string("2021-12-31"));
    }

    void emptyCellsKeepTheirPlace()
    {
        const auto cells = firstRow("<c r='B3'><v>1</v></c><c/><c r='E3'><v>2</v></c>");
        QCOMPARE(cells, (std::vector<std::string>{"", "1", "", "", "2"}));
    }

    void aRowKnowsItsNumberAndItsFault()
    {
        const auto read = readWorkbook(
            zipOf(partsOf("<row/><row><c><v>1</v></c></row><row r='9'><c r='C9' t='e'><v>#N/A</v>"
                          "</c></row><row><c><f>A1</f></c></row>")));
        QVERIFY(read.has_value());
        QCOMPARE(read->rows.size(), std::size_t(3));
        QCOMPARE(
            readWorkbook(zipOf(partsOf("<row r='0'><c><v>1</v></c></row>")))->rows.at(0).number,
            std::size_t(1)); // as other programs read it
        QCOMPARE(read->rows[0].number, std::size_t(2));
        QCOMPARE(read->rows[1].number, std::size_t(9));
        QVERIFY(read->rows[1].fault.find("C9 holds the error #N/A") == 0);
        QVERIFY(read->rows[2].fault.find("A10 is a formula whose result was not saved") == 0);
    }

    void aSheetCanBeChosen()
    {
        const std::string bytes = zipOf(partsOf("<row><c><v>1</v></c></row>"));
        QCOMPARE(*sheetNamesOf(bytes), (std::vector<std::string>{"One", "Two"}));
        QCOMPARE(readWorkbook(bytes, {"Two", {}})->rows.at(0).cells.at(0), std::string("other"));
        QCOMPARE(readWorkbook(bytes, {{}, "Two"})->sheet, std::string("Two"));
        QCOMPARE(readWorkbook(bytes, {{}, "None"})->sheet, std::string("One"));
        const auto none = readWorkbook(bytes, {"Three", {}});
        QCOMPARE(none.error().code, ErrorCode::NotFound);
        QCOMPARE(none.error().hint, std::string("it has One, Two"));
    }

    void whatIsNoWorkbookIsRefusedInWords_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("sentence");
        const auto bytes = [](const std::string& text) {
            return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
        };
        const QByteArray compound("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 some", 13);
        QTest::newRow("xls") << compound << QByteArray("older format of Excel");
        QByteArray locked = compound;
        for (const char c :
             {'E', 'n', 'c', 'r', 'y', 'p', 't', 'e', 'd', 'P', 'a', 'c', 'k', 'a', 'g', 'e'})
            locked.append(c).append('\0');
        QTest::newRow("locked") << locked << QByteArray("protected by a password");
        QTest::newRow("another zip")
            << bytes(zipOf({{"content.xml", "<a/>"}})) << QByteArray("no .xlsx workbook");
        const std::string whole = zipOf(partsOf("<row><c><v>1</v></c></row>"));
        QTest::newRow("cut") << bytes(whole.substr(0, whole.size() / 2))
                             << QByteArray("damaged or was cut off");
        QTest::newRow("text") << QByteArray("hello") << QByteArray("no .xlsx workbook");
        QTest::newRow("entities") << bytes(zipOf({{"xl/workbook.xml",
                                                   "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}}))
                                  << QByteArray("document type");
        QTest::newRow("not XML") << bytes(zipOf(partsOf("<row>"))) << QByteArray("mismatched tag");
        Parts none = partsOf("");
        none["xl/workbook.xml"] = "<workbook/>";
        QTest::newRow("no sheet") << bytes(zipOf(none)) << QByteArray("has no sheet");
    }
    void whatIsNoWorkbookIsRefusedInWords()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArray, sentence);
        const auto read = readWorkbook({bytes.constData(), std::size_t(bytes.size())});
        QVERIFY(!read.has_value());
        QVERIFY2(toString(read.error()).find(sentence.toStdString()) != std::string::npos,
                 toString(read.error()).c_str());
    }

    void whatUnpacksWithoutEndIsStopped()
    {
        // A megabyte of zip that would be a gigabyte of spaces.
        const std::string many(std::size_t{600} << 20, ' ');
        const std::string bytes = zipOf(partsOf(many));
        QVERIFY(bytes.size() < std::size_t{2} << 20);
        QCOMPARE(readWorkbook(bytes).error().code, ErrorCode::TooLarge);
    }

    void aTextThatIsMeantOftenIsCountedEachTime()
    {
        std::string rows;
        for (int i = 0; i < 70; ++i)
            rows += "<row><c t='s'><v>0</v></c></row>";
        Parts parts = partsOf(rows);
        parts["xl/texts.xml"] =
            "<sst><si><t>" + std::string(std::size_t{1} << 20, 'x') + "</t></si></sst>";
        QCOMPARE(readWorkbook(zipOf(parts)).error().code, ErrorCode::TooLarge);
    }

    void aCellFarOutIsNoTableOfMillions()
    {
        std::string rows;
        for (int i = 0; i < 400; ++i)
            rows += "<row><c r='XFD" + std::to_string(i + 1) + "'><v>1</v></c></row>";
        QCOMPARE(readWorkbook(zipOf(partsOf(rows))).error().code, ErrorCode::TooLarge);
    }
};

QTEST_GUILESS_MAIN(TestWorkbook)
#include "tst_workbook.moc"
