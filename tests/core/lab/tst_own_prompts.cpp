// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what a person brings is asked in its own words and known again by them, whatever its
// file calls it; what cannot be asked is left out with its reason, and all else is kept.

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
        QTest::newRow("lines") << QByteArray("Where is it?\nWhen?\n") << "set set";
        QTest::newRow("table") << QByteArray("prompt,segment\nWhere is it?,orders\nWhen?,\n")
                               << "orders set";
        QTest::newRow("JSON lines")
            << QByteArray(R"({"id": 1, "prompt": "Where is it?", "segment": "orders"})"
                          "\n"
                          R"({"id": 2, "prompt": "When?"})")
            << "orders set";
    }
    void linesTablesAndJsonGivePrompts()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, segments);
        const auto import = importPrompts(bytes.toStdString(), {"set", {}, {}});
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
        QCOMPARE(twice->prompts.size() + twice->repeated,
                 std::size_t{3} - twice->report.refusedCount());
        QCOMPARE(twice->prompts.size(), std::size_t{2});
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

    void historyGoesAlongAndOpenConversationsAreRefused()
    {
        const auto import = importPrompts(
            R"({"system": "Be brief.", "turns": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "Where?"}]})"
            "\n"
            R"({"id": "open", "turns": ["Hi", "Where?"]})");
        QVERIFY(import.has_value());
        QCOMPARE(import->prompts.size(), std::size_t{1});
        QCOMPARE(import->prompts[0].messages.size(), std::size_t{4});
        QVERIFY(import->prompts[0].messages.front().role == Role::System);
        QCOMPARE(import->report.refusedCount(), std::size_t{1});
        QVERIFY2(import->report.refused()[0].message.find("asks several times") !=
                     std::string::npos,
                 import->report.refused()[0].message.c_str());
    }

    void whatCannotBeReadAtAllSaysWhy()
    {
        QVERIFY(!importPrompts("").has_value());
        QVERIFY(!importPrompts("{\"prompt\": 3}").has_value());
        QVERIFY(!importPrompts(R"({"turns": ["Hi", "Where?"]})").has_value());
    }

    /// The run keeps the words: the table begins with them the next day.
    void aRunKeepsTheWords()
    {
        LabPlan plan;
        plan.prompts =
            importPrompts(R"({"system": "Be brief.", "prompt": "Where?", "segment": "s"})")
                ->prompts;
        plan.prompts.push_back(typedPrompt("typed"));
        RunSummary run;
        run.planJson = toPlanJson(recordedPlanOf(plan));
        const auto read = parsePlanJson(run);
        QVERIFY(read.has_value());
        QCOMPARE(read->prompts.size(), std::size_t{2});
        for (const LabPrompt& prompt : plan.prompts) {
            const auto found = read->own.find(prompt.id);
            QVERIFY(found != read->own.end());
            QVERIFY(found->second.messages == prompt.messages);
            QCOMPARE(found->second.segment, prompt.segment);
            QCOMPARE(found->second.id, prompt.id);
        }
    }
};

QTEST_APPLESS_MAIN(TestOwnPrompts)
#include "tst_own_prompts.moc"
