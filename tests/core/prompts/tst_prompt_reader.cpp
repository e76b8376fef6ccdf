// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: prompts are read from every format that people have them in; each line that is none is
// refused with its number and reason, and the others are kept; sets are written and read back
// equal.

#include <core/prompts/prompt_reader.h>

#include <QTest>

using namespace signalbox;

namespace {

PromptReading read(std::string_view text, PromptFormat format,
                   const PromptReadOptions& options = {})
{
    auto reading = readPrompts(text, format, options);
    if (!reading)
        qFatal("%s", toString(reading.error()).c_str());
    return std::move(*reading);
}

std::vector<std::string> textsOf(const PromptReading& reading)
{
    std::vector<std::string> texts;
    for (const PromptCase& prompt : reading.set.cases)
        texts.push_back(prompt.turns.back().text);
    return texts;
}

using Texts = std::vector<std::string>;

} // namespace

class TestPromptReader : public QObject
{
    Q_OBJECT
private slots:
    void jsonLinesHoldWholeCases()
    {
        const PromptReading reading = read(
            R"({"id": "faq-1", "segment": "billing", "tags": ["a", "b"], "system": "Be kind.", "prompt": "Why?"})"
            "\r\n\r\n"
            R"({"id": 7, "turns": ["Hello", {"role": "assistant", "content": "Yes?"}, "Go on"], "tags": "x; y"})"
            "\n"
            R"({"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}], "vars": {"n": 3, "l": ["a", "b"]}})"
            "\n\"A text alone\"\n",
            PromptFormat::JsonLines);
        QCOMPARE(reading.report.refusedCount(), std::size_t(0));
        const std::vector<PromptCase>& cases = reading.set.cases;
        QCOMPARE(cases.size(), std::size_t(4));
        QCOMPARE(cases[0].id, PromptId("faq-1"));
        QCOMPARE(cases[0].segment, std::string("billing"));
        QCOMPARE(cases[0].tags, (Texts{"a", "b"}));
        QCOMPARE(messagesOf(cases[0]),
                 (std::vector<Message>{{Role::System, "Be kind.", 0}, {Role::User, "Why?", 0}}));
        QCOMPARE(cases[1].id, PromptId("7"));
        QCOMPARE(cases[1].tags, (Texts{"x", "y"}));
        QCOMPARE(cases[1].turns.size(), std::size_t(3));
        QCOMPARE(cases[1].turns[1].role, Role::Assistant);
        QCOMPARE(cases[2].system, std::string("S"));
        QCOMPARE(cases[2].variables,
                 (std::vector<PromptVariable>{{"n", {"3"}}, {"l", {"a", "b"}}}));
        QVERIFY(cases[2].id.value.starts_with("p-"));
        QCOMPARE(cases[3].turns[0].text, std::string("A text alone"));
    }

    void whatIsNoPromptIsRefusedWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("names");
        QTest::newRow("cut off") << QByteArray("{\"prompt\": \"x") << QByteArray("column");
        QTest::newRow("a number") << QByteArray("12") << QByteArray("object");
        QTest::newRow("nothing asked") << QByteArray(R"({"id": "x"})") << QByteArray("prompt");
        QTest::newRow("blank") << QByteArray(R"({"prompt": "  "})") << QByteArray("empty");
        QTest::newRow("wrong type") << QByteArray(R"({"prompt": ["x"]})") << QByteArray("prompt");
        QTest::newRow("both") << QByteArray(R"({"prompt": "x", "turns": ["y"]})")
                              << QByteArray("two things");
        QTest::newRow("said twice")
            << QByteArray(R"({"prompt": "x", "question": "y"})") << QByteArray("same as");
        QTest::newRow("an answer in the end")
            << QByteArray(R"({"turns": ["x", {"role": "assistant", "content": "y"}]})")
            << QByteArray("last turn");
        QTest::newRow("unknown role")
            << QByteArray(R"({"turns": [{"role": "robot", "content": "y"}]})")
            << QByteArray("turns[0].role");
        QTest::newRow("system in the middle")
            << QByteArray(R"({"turns": ["x", {"role": "system", "content": "y"}, "z"]})")
            << QByteArray("not system");
        QTest::newRow("bad variable")
            << QByteArray(R"({"prompt": "x", "variables": {"a b": "c"}})") << QByteArray("a b");
        QTest::newRow("no value") << QByteArray(R"({"prompt": "x", "variables": {"a": []}})")
                                  << QByteArray("no value");
        QTest::newRow("not UTF-8")
            << QByteArray("{\"prompt\": \"M\xFCller\"}") << QByteArray("UTF-8");
        QTest::newRow("id again") << QByteArray(R"({"id": "a", "prompt": "x"})")
                                  << QByteArray("that of line 1");
    }

    void whatIsNoPromptIsRefusedWithItsLine()
    {
        QFETCH(QByteArray, bad);
        QFETCH(QByteArray, names);
        const std::string text = R"({"id": "a", "prompt": "One?"})"
                                 "\n\"Same?\"\n" +
                                 bad.toStdString() + "\n\"Last?\"\n";
        const PromptReading reading = read(text, PromptFormat::JsonLines);
        QCOMPARE(textsOf(reading), (Texts{"One?", "Same?", "Last?"}));
        QCOMPARE(reading.report.refusedCount(), std::size_t(1));
        QCOMPARE(reading.report.refused()[0].line, std::size_t(3));
        const std::string& message = reading.report.refused()[0].message;
        QVERIFY2(message.find(names.toStdString()) != std::string::npos, message.c_str());
    }

    /// Two rows of one question are no fault of the file: it is asked once, with the tags of both.
    void theSameWordsOnceMoreCountOnce()
    {
        const PromptReading lines = read("Same?\nOther?\nSame?\n", PromptFormat::Lines);
        QCOMPARE(textsOf(lines), (Texts{"Same?", "Other?"}));
        QCOMPARE(lines.report.refusedCount(), std::size_t(0));
        QCOMPARE(lines.report.repeatedCount(), std::size_t(1));
        const PromptReading table =
            read("prompt,tags\nSame?,vip\nSame?,\"refund, vip\"\n", PromptFormat::Csv);
        QCOMPARE(table.set.cases.size(), std::size_t(1));
        QCOMPARE(table.set.cases[0].tags, (Texts{"vip", "refund"}));
        QCOMPARE(read("Same?\nSame?\n", PromptFormat::Lines).set.cases.size(), std::size_t(1));
    }

    void membersThatMeanNothingAreNoted()
    {
        const PromptReading reading = read("{\"prompt\": \"x\", \"colour\": 1, \"model\": "
                                           "\"m\"}\n{\"prompt\": \"y\", \"colour\": 2}",
                                           PromptFormat::JsonLines);
        const Texts notes = reading.report.notes();
        QCOMPARE(notes.size(), std::size_t(2));
        QVERIFY(notes[0].find("\"colour\"") != std::string::npos);
        QVERIFY(notes[0].find("2 times") != std::string::npos);
        QVERIFY(notes[1].find("\"model\"") != std::string::npos);
    }

    void aJsonListIsReadByElement()
    {
        const PromptReading reading =
            read(R"(["One", {"prompt": "Two"}, 3])", PromptFormat::JsonList);
        QCOMPARE(textsOf(reading), (Texts{"One", "Two"}));
        QVERIFY(reading.report.refused()[0].message.starts_with("[2]"));
        const auto broken = readPrompts("[\"a\",\n\"b\",\n oops]", PromptFormat::JsonList);
        QCOMPARE(broken.error().where, std::string("line 3"));
    }

    void aTableHasCasesAndVariables()
    {
        const PromptReading reading =
            read("ID;Segment;Tags;System Prompt;Question;lang;a b\n"
                 "1;billing;\"x, y\";Be kind.;\"Why {{lang}}?\nNow?\";de;z\n"
                 "2;;;;How?;;\n",
                 PromptFormat::Csv);
        const std::vector<PromptCase>& cases = reading.set.cases;
        QCOMPARE(cases.size(), std::size_t(2));
        QCOMPARE(cases[0].id, PromptId("1"));
        QCOMPARE(cases[0].tags, (Texts{"x", "y"}));
        QCOMPARE(cases[0].system, std::string("Be kind."));
        QCOMPARE(cases[0].turns[0].text, std::string("Why {{lang}}?\nNow?"));
        QCOMPARE(cases[0].variables, (std::vector<PromptVariable>{{"lang", {"de"}}}));
        QVERIFY(cases[1].variables.empty());
        QCOMPARE(reading.report.notes().size(), std::size_t(1)); // "a b" is no variable
    }

    void aTableHasConversations()
    {
        const PromptReading reading = read("turn 1,turn 2,Turn_3\n"
                                           "Hello,Go on,\n"
                                           "Hi,,Go on\n"
                                           "One,Two,Three\n",
                                           PromptFormat::Csv);
        QCOMPARE(reading.set.cases.size(), std::size_t(2));
        QCOMPARE(reading.set.cases[0].turns.size(), std::size_t(2));
        QCOMPARE(reading.set.cases[1].turns.size(), std::size_t(3));
        QCOMPARE(reading.report.refused()[0].line, std::size_t(3));
        QVERIFY(reading.report.refused()[0].message.find("empty") != std::string::npos); // a gap
    }

    void oddRowsAreRefused()
    {
        const PromptReading reading =
            read("prompt,segment\nA,x\nB\nC,y,z\nD,w\n,v\n", PromptFormat::Csv);
        QCOMPARE(textsOf(reading), (Texts{"A", "D"}));
        QCOMPARE(reading.report.refusedCount(), std::size_t(3));
        QCOMPARE(reading.report.refused()[0].line, std::size_t(3));
        QCOMPARE(reading.report.refused()[1].line, std::size_t(4));
        QCOMPARE(reading.report.refused()[2].line, std::size_t(6));
    }

    void aTableWithoutPromptsNeedsATemplate()
    {
        const char* text = "name,place\nAnn,Rome\nBob,Oslo\n";
        const auto refused = readPrompts(text, PromptFormat::Csv);
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().message.find("no column") != std::string::npos);
        PromptReadOptions options;
        options.promptTemplate = "Tell {{name}} about {{place}}";
        const PromptReading reading = read(text, PromptFormat::Csv, options);
        QCOMPARE(reading.set.cases.size(), std::size_t(2));
        QVERIFY(reading.set.cases[0].id != reading.set.cases[1].id);
        QCOMPARE(reading.set.cases[1].variables[1], (PromptVariable{"place", {"Oslo"}}));
    }

    void linesAndParagraphsAreTexts()
    {
        const PromptReading lines =
            read("\xEF\xBB\xBF One? \r\n\r\nTwo?\n\tThree?\nTwo?", PromptFormat::Lines);
        QCOMPARE(textsOf(lines), (Texts{"One?", "Two?", "Three?"}));
        QCOMPARE(lines.report.repeatedCount(), std::size_t(1));
        const PromptReading blocks =
            read("One,\nin two lines\n \nTwo\n\n\nThree\r\nagain\n", PromptFormat::Paragraphs);
        QCOMPARE(textsOf(blocks), (Texts{"One,\nin two lines", "Two", "Three\nagain"}));
        const PromptReading mixed = read("One\nM\xFCller\nTwo", PromptFormat::Lines);
        QCOMPARE(textsOf(mixed), (Texts{"One", "Two"}));
        QCOMPARE(mixed.report.refused()[0].line, std::size_t(2));
    }

    void idsFollowTheWordsAndNotTheLine()
    {
        const PromptReading before = read("One\nTwo", PromptFormat::Lines);
        const PromptReading after = read("Zero\nOne\nTwo!", PromptFormat::Lines);
        QCOMPARE(after.set.cases[1].id, before.set.cases[0].id);
        QVERIFY(after.set.cases[2].id != before.set.cases[1].id);
        PromptCase withSystem = before.set.cases[0];
        withSystem.system = "S";
        QVERIFY(contentId(withSystem) != before.set.cases[0].id);
    }

    void theFormatIsGuessed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("format");
        QTest::newRow("json lines")
            << QByteArray("{\"prompt\": \"a\"}\n{\"prompt\": \"b\"}") << QByteArray("jsonLines");
        QTest::newRow("one broken line")
            << QByteArray("{\"prompt\": \"a\"") << QByteArray("jsonLines");
        QTest::newRow("json list")
            << QByteArray("\xEF\xBB\xBF [\n\"a\"]") << QByteArray("jsonList");
        QTest::newRow("one object on lines")
            << QByteArray("{\n\"prompt\": \"a\"\n}") << QByteArray("jsonList");
        QTest::newRow("template") << QByteArray("{{who}} asks") << QByteArray("lines");
        QTest::newRow("table") << QByteArray("id,prompt\n1,x") << QByteArray("csv");
        QTest::newRow("copied cells")
            << QByteArray("Question\tTopic\nWhy?\tx") << QByteArray("csv");
        QTest::newRow("one column") << QByteArray("prompt\n\"a\nb\"\n") << QByteArray("csv");
        QTest::newRow("utf-16") << QByteArray("\xFF\xFEq\0u\0e\0r\0y\0,\0i\0d\0", 18)
                                << QByteArray("csv");
        QTest::newRow("one column of prose")
            << QByteArray("prompt\n\"Well, why?\"\nSo, how?") << QByteArray("csv");
        QTest::newRow("commas in prose")
            << QByteArray("Well, why?\nSo, how?") << QByteArray("lines");
        QTest::newRow("headings that ask nothing")
            << QByteArray("word,language\ninvoice,German\nwarranty,Spanish\n") << QByteArray("csv");
        QTest::newRow("a comma in each line")
            << QByteArray("Hello, there\nTell me, please\n") << QByteArray("lines");
        QTest::newRow("one word with a comma")
            << QByteArray("well,then\nTell me, is it, please, so\n") << QByteArray("lines");
        QTest::newRow("lines with gaps") << QByteArray("One\n\nTwo\n") << QByteArray("lines");
        QTest::newRow("paragraphs") << QByteArray("One\nline\n\nTwo\n") << QByteArray("paragraphs");
        QTest::newRow("one text") << QByteArray("One\nline") << QByteArray("lines");
    }

    void theFormatIsGuessed()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, format);
        const std::string_view name = nameOf(guessPromptFormat(text.toStdString()));
        QCOMPARE(QByteArray(name.data(), qsizetype(name.size())), format);
    }

    void aFilesNameSaysThatItIsATable()
    {
        const std::string_view prose = "Well, why?\nSo, how?";
        QCOMPARE(guessPromptFormat(prose, "/x/Questions.CSV"), PromptFormat::Csv);
        QCOMPARE(guessPromptFormat(prose, "questions.txt"), PromptFormat::Lines);
        QCOMPARE(guessPromptFormat("[\"a\"]", "questions.csv"), PromptFormat::JsonList);
    }

    void aTableWithoutPromptsIsRefusedUnlessATemplateMakesThem()
    {
        const std::string_view words = "word,language\ninvoice,German\n";
        const auto refused = readPrompts(words);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, std::string(kNoPromptColumn));
        QVERIFY(refused.error().hint.find("template") != std::string::npos);
        PromptReadOptions options;
        options.promptTemplate = "Say {{word}} in {{language}}";
        const auto made = readPrompts(words, options);
        QVERIFY(made.has_value());
        QCOMPARE(made->format, PromptFormat::Csv);
        QCOMPARE(made->set.cases.size(), std::size_t(1));
        // What a person calls lines is lines.
        QCOMPARE(read(std::string(words), PromptFormat::Lines).set.cases.size(), std::size_t(2));
    }

    void allThatIsWrongIsToldWithItsCountAndFirstLine()
    {
        const PromptReading reading = read("\"good\"\n"
                                           "{\"id\": 3}\n"
                                           "{\"prompt\": 7, \"system\": false}\n"
                                           "{\"id\": 4}\n"
                                           "oops\n"
                                           "{\"prompt\": 8}\n",
                                           PromptFormat::JsonLines);
        const ImportReport& report = reading.report;
        QCOMPARE(report.refusedCount(), std::size_t(5));
        QCOMPARE(report.kinds().size(), std::size_t(4));
        QCOMPARE(report.kinds()[0].count, std::size_t(2)); // nothing to ask
        QCOMPARE(report.kinds()[0].first.line, std::size_t(2));
        const std::string text = refusedText(report);
        for (const char* part : {"(2 times, first in line 2)", "system: ", "(line 3)",
                                 "prompt: ", "(2 times, first in line 3)", "(line 5)"})
            QVERIFY2(text.find(part) != std::string::npos, text.c_str());
        QVERIFY(refusedText(report, 3).ends_with("; and 1 other thing"));
    }

    void setsAreWrittenAndReadBackEqual()
    {
        const PromptReading reading = read(
            R"({"id": "a", "segment": "s", "tags": ["t,u"], "system": "S", "turns": ["x", {"role": "assistant", "content": "y"}, "z"]})"
            "\n"
            R"({"id": "b", "prompt": "{{n}} ü", "variables": {"n": ["1", "2"], "m": "3"}})",
            PromptFormat::JsonLines);
        const std::string text = toPromptJsonLines(reading.set);
        QCOMPARE(read(text, PromptFormat::JsonLines).set, reading.set);
        QCOMPARE(toPromptJsonLines(read(text, PromptFormat::JsonLines).set), text);
    }

    void anInputWithoutAnyPromptIsAnError()
    {
        QVERIFY(!readPrompts("").has_value());
        const auto none = readPrompts("\n12\n", PromptFormat::JsonLines);
        QVERIFY(!none.has_value());
        QCOMPARE(none.error().where, std::string("line 2"));
        QCOMPARE(readPrompts(std::string((std::size_t{64} << 20) + 1, 'x')).error().code,
                 ErrorCode::TooLarge);
    }

    void manyRefusalsAreCounted()
    {
        std::string text = "\"good\"\n";
        for (int i = 0; i < 250; ++i)
            text += "bad\n";
        const PromptReading reading = read(text, PromptFormat::JsonLines);
        QCOMPARE(reading.report.refusedCount(), std::size_t(250));
        QCOMPARE(reading.report.refused().size(), ImportReport::kShown);
    }
};

QTEST_GUILESS_MAIN(TestPromptReader)
#include "tst_prompt_reader.moc"
