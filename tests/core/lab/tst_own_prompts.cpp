// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what a person brings is asked in its own words and known again by them, whatever its
// file calls it; what cannot be asked is left out with its reason, and all else is kept.

#include <core/lab/conversation.h>
#include <core/lab/own_prompts.h>
#include <core/lab/recorded_plan.h>

#include <QTest>

using namespace signalbox;

class TestOwnPrompts : public QObject
{
    Q_OBJECT
private slots:
    void linesTablesAndJsonGivePrompts_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("segments");
        QTest::newRow("lines") << QByteArray("Where is it?\nWhen?\n") << " ";
        QTest::newRow("table") << QByteArray("prompt,segment\nWhere is it?,orders\nWhen?,\n")
                               << "orders ";
        QTest::newRow("JSON lines")
            << QByteArray(R"({"id": 1, "prompt": "Where is it?", "segment": "orders"})"
                          "\n"
                          R"({"id": 2, "prompt": "When?"})")
            << "orders ";
    }
    void linesTablesAndJsonGivePrompts()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, segments);
        const auto import = importPrompts(bytes.toStdString(), {.name = "set"});
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts.size(), std::size_t{2});
        QCOMPARE(import->prompts[0].messages.back().text, std::string("Where is it?"));
        QCOMPARE(
            QString::fromStdString(import->prompts[0].segment + ' ' + import->prompts[1].segment),
            segments);
        for (const LabPrompt& prompt : import->prompts)
            QVERIFY(isOwnPrompt(prompt.id));
    }

    /// Two files have a "1" each: an answer belongs to what was asked.
    void anIdIsOfTheWordsAlone()
    {
        const auto idOf = [](const char* line) { return importPrompts(line)->prompts.front().id; };
        QCOMPARE(idOf(R"({"id": "1", "prompt": "Where?"})"),
                 idOf(R"({"id": "2", "prompt": "Where?", "segment": "x"})"));
        QVERIFY(idOf(R"({"id": "1", "prompt": "Where?"})") !=
                idOf(R"({"id": "1", "prompt": "When?"})"));
        QVERIFY(idOf(R"({"prompt": "Where?"})") !=
                idOf(R"({"prompt": "Where?", "system": "Be brief."})"));
        const auto twice = importPrompts("Where?\nWhen?\nWhere?\n");
        QCOMPARE(twice->repeated, std::size_t{1});
        QCOMPARE(twice->report.refusedCount(), std::size_t{0});
        QCOMPARE(twice->prompts.size(), std::size_t{2});
    }

    void tagsStayWithTheirPrompt()
    {
        const auto import = importPrompts("prompt,tags\nWhere?,vip; refund\nWhen?,\n");
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts[0].tags, (std::vector<std::string>{"vip", "refund"}));
        LabPlan plan;
        plan.prompts = import->prompts;
        RunSummary run;
        run.planJson = toPlanJson(recordedPlanOf(plan));
        const auto read = parsePlanJson(run);
        QVERIFY(read.has_value());
        QCOMPARE(read->own.at(import->prompts[0].id).tags, import->prompts[0].tags);
        QVERIFY(read->own.at(import->prompts[1].id).tags.empty());
    }

    void variablesArePutIn()
    {
        PromptReadOptions options;
        options.promptTemplate = "Translate {{word}} into {{language}}";
        const auto import = importPrompts("word,language\nhouse,French\ntree,Finnish\n", options,
                                          PromptFormat::Csv);
        QVERIFY2(import.has_value(), import ? "" : toString(import.error()).c_str());
        QCOMPARE(import->prompts.size(), std::size_t{2});
        QCOMPARE(import->prompts[1].messages.back().text,
                 std::string("Translate tree into Finnish"));
    }

    void historyGoesAlong()
    {
        const auto import = importPrompts(
            R"({"system": "Be brief.", "turns": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "Where?"}]})");
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts.size(), std::size_t{1});
        QCOMPARE(import->prompts[0].messages.size(), std::size_t{4});
        QVERIFY(import->prompts[0].messages.front().role == Role::System);
        QVERIFY(import->prompts[0].follows.isEmpty());
    }

    void aTurnThatTheModelAnswersIsAPromptOfItsOwn_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("texts") << QByteArray(R"({"system": "S", "turns": ["Hi", "Where?"]})");
        QTest::newRow("messages") << QByteArray(
            R"({"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Hi"}, {"role": "user", "content": "Where?"}]})");
        QTest::newRow("no content") << QByteArray(
            R"({"system": "S", "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": null}, {"role": "user", "content": "Where?"}]})");
        QTest::newRow("brief") << QByteArray(
            R"({"system": "S", "turns": [{"user": "Hi"}, {"assistant": null}, {"user": "Where?"}]})");
        QTest::newRow("table") << QByteArray(
            "conversation id,turn,system,prompt\n7,2,,Where?\n7,1,S,Hi\n");
    }

    void aTurnThatTheModelAnswersIsAPromptOfItsOwn()
    {
        QFETCH(QByteArray, line);
        const auto import = importPrompts(line.toStdString());
        QVERIFY2(import.has_value(), import ? "" : toString(import.error()).c_str());
        QCOMPARE(import->prompts.size(), std::size_t{2});
        const LabPrompt& first = import->prompts[0];
        const LabPrompt& second = import->prompts[1];
        QCOMPARE(first.id, importPrompts(R"({"system": "S", "prompt": "Hi"})")->prompts.front().id);
        QVERIFY(first.follows.isEmpty());
        QCOMPARE(second.follows, first.id);
        QCOMPARE(second.messages,
                 (std::vector<Message>{
                     {Role::System, "S", 0}, {Role::User, "Hi", 0}, {Role::User, "Where?", 0}}));
    }

    /// An answer of the assistant that is given stays as it is, and its question is not asked.
    void givenAnswersStayAsTheyAre()
    {
        const auto import = importPrompts(
            R"({"turns": [{"user": "a"}, {"assistant": "A"}, {"user": "b"}, {"user": "c"}, {"assistant": "C"}, {"user": "d"}]})");
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts.size(), std::size_t{2});
        QCOMPARE(import->prompts[0].messages.size(), std::size_t{3});
        QCOMPARE(withReplies(import->prompts[1].messages, {"B"}),
                 (std::vector<Message>{{Role::User, "a", 0},
                                       {Role::Assistant, "A", 0},
                                       {Role::User, "b", 0},
                                       {Role::Assistant, "B", 0},
                                       {Role::User, "c", 0},
                                       {Role::Assistant, "C", 0},
                                       {Role::User, "d", 0}}));
    }

    /// Two conversations that begin alike ask the beginning once, and stand together.
    void conversationsThatBeginAlikeShareIt()
    {
        const auto import = importPrompts("{\"turns\": [\"a\", \"b\", \"c\"]}\n"
                                          "\"alone\"\n"
                                          "{\"turns\": [\"a\", \"b\", \"d\"]}\n"
                                          "{\"turns\": [\"a\", \"b\"]}\n");
        QVERIFY(import.has_value());
        const Conversations conversations(import->prompts);
        QStringList shown;
        for (std::size_t i = 0; i < import->prompts.size(); ++i)
            shown << QString::fromStdString(conversations.label(i) + ' ' +
                                            import->prompts[i].messages.back().text);
        QCOMPARE(shown, (QStringList{QStringLiteral("1.1 a"), QStringLiteral("1.2 b"),
                                     QStringLiteral("1.3 c"), QStringLiteral("1.3b d"),
                                     QStringLiteral("2 alone")}));
        QCOMPARE(conversations.length(0), 3);
        QCOMPARE(import->repeated, std::size_t{1});
    }

    void anAnswerOfItsOwnNeedsAQuestion()
    {
        const auto import =
            importPrompts("{\"turns\": [{\"assistant\": null}, {\"user\": \"a\"}]}\n\"b\"\n");
        QVERIFY(import.has_value());
        QCOMPARE(import->report.refusedCount(), std::size_t{1});
        QVERIFY2(import->report.refused()[0].message.find("after a turn of the user") !=
                     std::string::npos,
                 import->report.refused()[0].message.c_str());
    }

    void whatCannotBeReadAtAllSaysWhy()
    {
        QVERIFY(!importPrompts("").has_value());
        QVERIFY(!importPrompts("{\"prompt\": 3}").has_value());
    }

    /// The run keeps the words: the table begins with them the next day.
    void aRunKeepsTheWords()
    {
        LabPlan plan;
        plan.prompts =
            importPrompts(R"({"system": "Be brief.", "prompt": "Where?", "segment": "s"})")
                ->prompts;
        plan.prompts.push_back(typedPrompt("typed"));
        const auto turns = importPrompts(R"({"turns": ["a", "b", "c"]})");
        plan.prompts.insert(plan.prompts.end(), turns->prompts.begin(), turns->prompts.end());
        RunSummary run;
        run.planJson = toPlanJson(recordedPlanOf(plan));
        const auto read = parsePlanJson(run);
        QVERIFY(read.has_value());
        QCOMPARE(read->prompts.size(), std::size_t{5});
        for (const LabPrompt& prompt : plan.prompts) {
            const auto found = read->own.find(prompt.id);
            QVERIFY(found != read->own.end());
            QVERIFY(found->second.messages == prompt.messages);
            QCOMPARE(found->second.segment, prompt.segment);
            QCOMPARE(found->second.id, prompt.id);
            QCOMPARE(found->second.follows, prompt.follows);
        }
    }
};

QTEST_APPLESS_MAIN(TestOwnPrompts)
#include "tst_own_prompts.moc"
