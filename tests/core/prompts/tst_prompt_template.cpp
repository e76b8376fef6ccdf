// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a template becomes every prompt that its variables make of it, each with an id that
// stays; a placeholder without a value never reaches a model.

#include <core/prompts/prompt_template.h>

#include <QTest>

#include <set>

using namespace signalbox;

namespace {

PromptCase caseOf(const char* id, const char* text, std::vector<PromptVariable> variables = {})
{
    PromptCase prompt;
    prompt.id = PromptId(id);
    prompt.turns.push_back({Role::User, text, 0});
    prompt.variables = std::move(variables);
    return prompt;
}

std::vector<std::string> textsOf(const TemplateExpansion& expansion)
{
    std::vector<std::string> texts;
    for (const PromptCase& prompt : expansion.set.cases)
        texts.push_back(prompt.turns.back().text);
    return texts;
}

} // namespace

class TestPromptTemplate : public QObject
{
    Q_OBJECT
private slots:
    void placeholdersAreFound_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<QByteArray>("filled"); // with a, b.c and d-e
        QTest::newRow("none") << QByteArray("plain") << QByteArray() << QByteArray("plain");
        QTest::newRow("one") << QByteArray("x {{a}} y") << QByteArray("a") << QByteArray("x 1 y");
        QTest::newRow("spaces") << QByteArray("{{ a }}{{\tb.c}}") << QByteArray("a b.c")
                                << QByteArray("12");
        QTest::newRow("twice") << QByteArray("{{a}} {{d-e}} {{a}}") << QByteArray("a d-e")
                               << QByteArray("1 {{a}} 1");
        QTest::newRow("escaped") << QByteArray("\\{{a}} {{a}}") << QByteArray("a")
                                 << QByteArray("{{a}} 1");
        QTest::newRow("no name") << QByteArray("{{ x y }} {{}} {{x+1}}") << QByteArray()
                                 << QByteArray("{{ x y }} {{}} {{x+1}}");
        QTest::newRow("open") << QByteArray("{{a and {{a") << QByteArray()
                              << QByteArray("{{a and {{a");
        QTest::newRow("three braces")
            << QByteArray("{{{a}}}") << QByteArray("a") << QByteArray("{1}");
    }

    void placeholdersAreFound()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, names);
        QFETCH(QByteArray, filled);
        QByteArrayList found;
        for (const std::string& name : placeholdersOf(text.toStdString()))
            found << QByteArray::fromStdString(name);
        QCOMPARE(found.join(' '), names);
        const auto result =
            fillTemplate(text.toStdString(), {{"a", "1"}, {"b.c", "2"}, {"d-e", "{{a}}"}});
        QVERIFY(result.has_value());
        QCOMPARE(QByteArray::fromStdString(*result), filled);
    }

    void aPlaceholderWithoutValueIsNamed()
    {
        const auto filled = fillTemplate("{{a}} {{b}}", {{"a", "1"}});
        QVERIFY(!filled.has_value());
        QVERIFY(filled.error().message.find("{{b}}") != std::string::npos);
    }

    void everyCombinationIsAPrompt()
    {
        PromptSet set;
        set.cases.push_back(caseOf("q", "{{who}} asks about {{what}}",
                                   {{"what", {"tea", "rain"}}, {"who", {"Ann", "Bob"}}}));
        const TemplateExpansion expansion = expandTemplates(set);
        QCOMPARE(textsOf(expansion),
                 (std::vector<std::string>{"Ann asks about tea", "Ann asks about rain",
                                           "Bob asks about tea", "Bob asks about rain"}));
        std::set<std::string> ids;
        for (const PromptCase& prompt : expansion.set.cases) {
            QVERIFY(prompt.id.value.starts_with("q~"));
            ids.insert(prompt.id.value);
            QCOMPARE(prompt.variables.size(), std::size_t(2));
            QCOMPARE(prompt.variables[0].values.size(), std::size_t(1));
        }
        QCOMPARE(ids.size(), std::size_t(4));
    }

    void idsStayWhenValuesAreAdded()
    {
        PromptSet set;
        set.cases.push_back(caseOf("q", "{{a}}", {{"a", {"x", "y"}}}));
        const PromptId before = expandTemplates(set).set.cases[1].id;
        set.cases[0].variables[0].values = {"w", "x", "y"};
        QCOMPARE(expandTemplates(set).set.cases[2].id, before);
    }

    void oneValueKeepsTheId()
    {
        PromptSet set;
        set.cases.push_back(caseOf("q", "{{a}}", {{"a", {"x"}}}));
        set.cases.push_back(caseOf("r", "no place for it", {{"a", {"x", "y"}}}));
        const TemplateExpansion expansion = expandTemplates(set);
        QCOMPARE(expansion.set.cases.size(), std::size_t(2));
        QCOMPARE(expansion.set.cases[0].id, PromptId("q"));
        QCOMPARE(expansion.set.cases[1], set.cases[1]);
    }

    void systemAndTurnsAreFilledAlike()
    {
        PromptSet set;
        PromptCase prompt = caseOf("q", "last {{a}}");
        prompt.system = "for {{b}}";
        prompt.turns.insert(prompt.turns.begin(),
                            {{Role::User, "first {{a}}", 0}, {Role::Assistant, "{{a}}?", 0}});
        prompt.variables = {{"a", {"own"}}};
        set.cases.push_back(prompt);
        const std::vector<PromptVariable> shared{{"a", {"shared"}}, {"b", {"all"}}};
        const PromptCase filled = expandTemplates(set, shared).set.cases.at(0);
        QCOMPARE(filled.system, std::string("for all"));
        QCOMPARE(filled.turns[0].text, std::string("first own"));
        QCOMPARE(filled.turns[1].text, std::string("own?"));
    }

    void whatCannotBeExpandedIsRefusedAndTheRestKept()
    {
        PromptSet set;
        set.cases.push_back(caseOf("q", "{{missing}}"));
        set.cases.push_back(caseOf("r", "fine"));
        set.cases.push_back(caseOf("s", "{{a}}", {{"a", {" "}}})); // empty once filled
        set.cases.push_back(caseOf("t", "{{a}}", {{"a", {"x", "x"}}}));
        const TemplateExpansion expansion = expandTemplates(set);
        QCOMPARE(textsOf(expansion), (std::vector<std::string>{"fine", "x"}));
        QCOMPARE(expansion.report.refusedCount(), std::size_t(3));
        QVERIFY(expansion.report.refused()[0].message.starts_with("q: "));
        QVERIFY(expansion.report.refused()[0].message.find("{{missing}}") != std::string::npos);
        QVERIFY(expansion.report.refused()[1].message.starts_with("s: "));
    }

    void tooManyCombinationsAreRefused()
    {
        std::vector<std::string> values;
        for (int i = 0; i < 300; ++i)
            values.push_back(std::to_string(i));
        PromptSet set;
        set.cases.push_back(
            caseOf("q", "{{a}}{{b}}{{c}}", {{"a", values}, {"b", values}, {"c", values}}));
        set.cases.push_back(caseOf("r", "{{a}}", {{"a", values}}));
        const TemplateExpansion expansion = expandTemplates(set);
        QCOMPARE(expansion.set.cases.size(), std::size_t(300));
        QCOMPARE(expansion.report.refusedCount(), std::size_t(1));
        QVERIFY(expansion.report.refused()[0].message.find("10000") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestPromptTemplate)
#include "tst_prompt_template.moc"
