// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: texts are written with the counts and contents that are asked for, and texts made up for
// an expression match it.

#include <core/base/utf8.h>
#include <core/proof/text_writer.h>
#include <core/routing/script_of.h>
#include <core/routing/text_matcher.h>
#include <core/routing/text_measures.h>

#include <QTest>
#include <re2/re2.h>

using namespace signalbox;

namespace {

std::optional<std::string> firstText(const TextNeeds& needs)
{
    for (unsigned variant = 0; variant < kTextVariants; ++variant) {
        if (auto text = writeText(needs, variant))
            return text;
    }
    return std::nullopt;
}

} // namespace

class TestWitness : public QObject
{
    Q_OBJECT
private slots:
    void writesWhatIsAskedFor_data();
    void writesWhatIsAskedFor();
    void writesInTheScript_data();
    void writesInTheScript();
    void refusesWhatCannotBe();
    void readsLikeASentence();
    void writesTheShareOfCode_data();
    void writesTheShareOfCode();
    void matchesItsExpression_data();
    void matchesItsExpression();
    void knowsTheShortestMatch();
};

void TestWitness::writesWhatIsAskedFor_data()
{
    QTest::addColumn<CountRange>("chars");
    QTest::addColumn<CountRange>("words");
    QTest::addColumn<CountRange>("lines");
    QTest::addColumn<QStringList>("present");
    const CountRange any;
    QTest::newRow("anything") << any << any << any << QStringList();
    QTest::newRow("one letter") << CountRange{1, 1} << any << any << QStringList();
    QTest::newRow("over 500") << CountRange{501} << any << any << QStringList();
    QTest::newRow("exactly 500") << CountRange{500, 500} << any << any << QStringList();
    QTest::newRow("20 words") << any << CountRange{20, 20} << any << QStringList();
    QTest::newRow("tight") << CountRange{19, 19} << CountRange{10, 10} << any << QStringList();
    QTest::newRow("long, few words") << CountRange{300} << CountRange{0, 3} << any << QStringList();
    QTest::newRow("no words") << CountRange{5, 9} << CountRange{0, 0} << any << QStringList();
    QTest::newRow("7 lines") << any << any << CountRange{7, 7} << QStringList();
    QTest::newRow("lines and words")
        << any << CountRange{3, 3} << CountRange{5, 5} << QStringList();
    QTest::newRow("words in it") << any << any << any
                                 << QStringList({QStringLiteral("legal"), QStringLiteral("?")});
    QTest::newRow("words in a length")
        << CountRange{40, 42} << any << any
        << QStringList({QStringLiteral("code"), QStringLiteral("Gr\u00fc\u00dfe")});
    QTest::newRow("all at once") << CountRange{60, 60} << CountRange{6, 7} << CountRange{3, 3}
                                 << QStringList({QStringLiteral("math")});
}

void TestWitness::writesWhatIsAskedFor()
{
    QFETCH(CountRange, chars);
    QFETCH(CountRange, words);
    QFETCH(CountRange, lines);
    QFETCH(QStringList, present);
    TextNeeds needs;
    needs.chars = chars;
    needs.words = words;
    needs.lines = lines;
    for (const QString& part : present)
        needs.present.push_back({{part.toStdString(), false, false}});
    const auto text = firstText(needs);
    QVERIFY(text.has_value());
    QVERIFY2(chars.has(codePointCount(*text)), text->c_str());
    QVERIFY2(words.has(countWords(*text)), text->c_str());
    QVERIFY2(lines.has(countLines(*text)), text->c_str());
    for (const QString& part : present)
        QVERIFY2(text->find(part.toStdString()) != std::string::npos, text->c_str());
}

void TestWitness::writesInTheScript_data()
{
    QTest::addColumn<QString>("script");
    for (const std::string_view each : scriptNames()) {
        const std::string name(each);
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

void TestWitness::writesInTheScript()
{
    QFETCH(QString, script);
    const std::string name = script.toStdString();
    TextNeeds needs;
    needs.script = name;
    const auto text = firstText(needs);
    QVERIFY(text.has_value());
    QVERIFY(!text->empty());
    QCOMPARE(std::string(scriptOf(*text)), name);
    needs.words = {4, 4};
    needs.chars = {30, 60};
    const auto sized = firstText(needs);
    QVERIFY(sized.has_value());
    QCOMPARE(std::string(scriptOf(*sized)), name);
    QCOMPARE(countWords(*sized), std::size_t{4});
    if (name == "none")
        return;
    // What has to stand in it is outweighed.
    TextNeeds mixed;
    mixed.script = name;
    mixed.present = {{{"legal advice", false, false}}};
    const auto around = firstText(mixed);
    QVERIFY(around.has_value() && around->find("legal advice") != std::string::npos);
    QCOMPARE(std::string(scriptOf(*around)), name);
}

void TestWitness::refusesWhatCannotBe()
{
    TextNeeds needs;
    needs.chars = {0, 3};
    needs.words = {5, 5};
    QVERIFY(!firstText(needs));
    needs = {};
    needs.chars = {0, 4};
    needs.present = {{{"longer", false, false}}};
    QVERIFY(!firstText(needs));
    needs = {};
    needs.chars = {0, 0};
    QCOMPARE(firstText(needs), std::optional<std::string>(""));
}

void TestWitness::readsLikeASentence()
{
    TextNeeds needs;
    QCOMPARE(writeText(needs, 0), std::optional<std::string>("Hello, my order came late."));
    needs.present = {{{"legal", false, false}}};
    QCOMPARE(writeText(needs, 0), std::optional<std::string>("legal"));
    needs.words = {4, 4};
    QCOMPARE(writeText(needs, 0), std::optional<std::string>("legal Hello, my order"));
}

void TestWitness::writesTheShareOfCode_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::newRow("all") << 0.9 << 1.0;
    QTest::newRow("half") << 0.45 << 0.55;
    QTest::newRow("a little") << 0.01 << 0.1;
}

void TestWitness::writesTheShareOfCode()
{
    QFETCH(double, low);
    QFETCH(double, high);
    TextNeeds needs;
    needs.codeShare = {low, high};
    const auto text = firstText(needs);
    QVERIFY(text.has_value());
    const double share = codeShareOf(*text);
    QVERIFY2(share >= low && share <= high, text->c_str());
}

void TestWitness::matchesItsExpression_data()
{
    QTest::addColumn<QString>("pattern");
    for (const char* pattern :
         {"legal", "[0-9]{4}-[0-9]{2}", "co(?:de|al)", "^[a-m]+$", "a+_?b", "[^a-z]{3}",
          "(?:gr\u00fc\u00df|hallo)e?", "\\$[0-9]+\\.[0-9]{2}", "x{0,3}y", "[\\]\\-x]z", "\\n\\t",
          "[\u4e00-\u9fff]+", "a|b|", "^$", "(?:(?:ab){2}c){2,}"})
        QTest::newRow(pattern) << QString::fromUtf8(pattern);
}

void TestWitness::matchesItsExpression()
{
    QFETCH(QString, pattern);
    const auto example = PatternExample::read(pattern.toStdString());
    QVERIFY(example.has_value());
    const auto expression = compileExpression(pattern.toStdString(), false);
    QVERIFY(expression.has_value());
    for (unsigned variant = 0; variant < 12; ++variant) {
        const PatternMatch match = example->match(variant);
        QVERIFY2(matchesSomewhere(**expression, match.text), match.text.c_str());
        QVERIFY(codePointCount(match.text) >= example->leastChars());
    }
}

void TestWitness::knowsTheShortestMatch()
{
    QCOMPARE(PatternExample::read("co(?:de|al)x?")->leastChars(), 4U);
    QCOMPARE(PatternExample::read("(?:ab){3}|z{5}")->leastChars(), 5U);
    QCOMPARE(PatternExample::read("a*")->leastChars(), 0U);
    QVERIFY(PatternExample::read("^a")->hasAnchors());
    QVERIFY(!PatternExample::read("[^a]")->hasAnchors());
    QVERIFY(!PatternExample::read("\\d"));
}

QTEST_GUILESS_MAIN(TestWitness)
#include "tst_witness.moc"
