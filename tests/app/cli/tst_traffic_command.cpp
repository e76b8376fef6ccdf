// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: on the command line a log becomes a table that other commands read, with every line that
// could not be read counted and kept, and what is left out said; for people and for machines.

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/cli_run.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// A request as Portkey exports it.
std::string line(int number, const std::string& prompt)
{
    const Json json = {
        {"id", "log-" + std::to_string(number)},
        {"trace_id", "t" + std::to_string(number)},
        {"created_at", "2023-09-04T00:00:00Z"},
        {"request", {{"model", "auto"}, {"messages", {{{"role", "user"}, {"content", prompt}}}}}},
        {"response",
         {{"choices", {{{"message", {{"role", "assistant"}, {"content", "So it is."}}}}}}}},
        {"is_success", true},
        {"ai_org", "openai"},
        {"ai_model", "gpt-4"},
        {"req_units", 12},
        {"res_units", 3},
        {"total_units", 15},
        {"cost", 0.2},
        {"response_time", 900},
        {"response_status_code", 200},
        {"metadata", {{"_user", "ann"}}}};
    return toCompactJsonText(json) + '\n';
}

std::string log()
{
    return line(1, "Write to ann@example.org about my legal case?") + "{broken\n" +
           line(2, "Where is my order?");
}

} // namespace

class TestTrafficCommand : public QObject
{
    Q_OBJECT
private slots:
    void aLogBecomesATable()
    {
        const Folder folder;
        const std::string table = folder.path("t.traffic");
        const Ran ran =
            run({"traffic", "import", folder.write("log.jsonl", log()), "--out", table});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QVERIFY2(contains(ran.out, "2 requests in 3 lines, read as Portkey"), ran.out.c_str());
        QVERIFY2(contains(ran.out, "1 line that could not be read is kept aside"), ran.out.c_str());
        QVERIFY(contains(ran.out, "line 2:"));
        QVERIFY(contains(readFile(table + ".aside.jsonl").value(), "{broken"));

        const Ran described = run({"traffic", "describe", table});
        QCOMPARE(described.code, 0);
        QVERIFY2(contains(described.out, "2 requests in 2 conversations"), described.out.c_str());
        QVERIFY2(contains(described.out, "Served by: gpt-4 100.0 %"), described.out.c_str());
        QVERIFY2(contains(described.out, "2023-09-04T00:00:00"), described.out.c_str());
    }

    void machinesReadTheSame()
    {
        const Folder folder;
        const std::string table = folder.path("t.traffic");
        const Ran ran =
            run({"traffic", "import", folder.write("log.jsonl", log()), "--out", table, "--json"});
        const auto json = parseJson(ran.out);
        QVERIFY(json.has_value());
        QCOMPARE((*json)["requests"].get<int>(), 2);
        QCOMPARE((*json)["linesAside"].get<int>(), 1);
        QCOMPARE((*json)["logs"][0]["problems"][0]["line"].get<int>(), 2);
        const auto described = parseJson(run({"traffic", "describe", table, "--json"}).out);
        QVERIFY(described.has_value());
        QCOMPARE((*described)["servedModels"][0]["name"].get<std::string>(), std::string("gpt-4"));
        QCOMPARE((*described)["cost"]["requests"].get<int>(), 2);
    }

    void aTableCanBeProjected()
    {
        const Folder folder;
        const std::string table = folder.path("t.traffic");
        QCOMPARE(run({"traffic", "import", folder.write("log.jsonl", log()), "--out", table}).code,
                 0);
        const Ran ran = run({"project", "sample", "--traffic", table, "--json"});
        QVERIFY2(ran.err.empty(), ran.err.c_str());
        QVERIFY2(contains(ran.out, "\"requests\": 2"), ran.out.c_str());
    }

    void whatIsSensitiveIsTakenOut()
    {
        const Folder folder;
        const std::string table = folder.path("t.traffic");
        const Ran ran = run({"traffic", "import", folder.write("log.jsonl", log()), "--out", table,
                             "--pattern", "case=legal case"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QVERIFY2(contains(ran.out, "1 [email]"), ran.out.c_str());
        const std::string bytes = readFile(table).value();
        QVERIFY(!contains(bytes, "ann@example.org") && contains(bytes, "[email] about my [case]"));
        QCOMPARE(run({"traffic", "import", folder.path("log.jsonl"), "--out", table}).code, 0);
        QVERIFY(!contains(readFile(table).value(), "ann@example.org")); // also if nobody asks
        QCOMPARE(
            run({"traffic", "import", folder.path("log.jsonl"), "--out", table, "--unredacted"})
                .code,
            0);
        QVERIFY(contains(readFile(table).value(), "ann@example.org"));
    }

    void withoutPromptsTheSignalsOfThePolicyStay()
    {
        const Folder folder;
        const std::string table = folder.path("t.traffic");
        const Ran ran = run({"traffic", "import", folder.write("log.jsonl", log()), "--out", table,
                             "--without-prompts", "--policy", "sample"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QVERIFY2(contains(ran.out, "can no longer"), ran.out.c_str());
        for (const std::string& file : {table, table + ".aside.jsonl"}) {
            const std::string bytes = readFile(file).value();
            QVERIFY(!contains(bytes, "order?") && !contains(bytes, "So it is") &&
                    !contains(bytes, "broken"));
        }
        const Ran projected = run({"project", "sample", "--traffic", table, "--json"});
        QVERIFY2(projected.err.empty(), projected.err.c_str());
        QVERIFY(contains(run({"traffic", "describe", table}).out, "Prompts: left out"));
    }

    void aMappingCanBeShownChangedAndGivenBack()
    {
        const Folder folder;
        const std::string own = folder.write("own.jsonl", "{\"q\":\"Where is it?\",\"m\":\"x\"}\n");
        const std::string table = folder.path("t.traffic");
        const Ran unclear = run({"traffic", "import", own, "--out", table});
        QCOMPARE(unclear.code, 1);
        QVERIFY2(contains(unclear.err, "--show-mapping"), unclear.err.c_str());
        QVERIFY(!std::filesystem::exists(table));
        const Ran shown = run({"traffic", "import", own, "--show-mapping"});
        QCOMPARE(shown.code, 0);
        auto mapping = parseJson(shown.out);
        QVERIFY(mapping.has_value());
        (*mapping)["places"] = {{{"field", "prompt"}, {"path", "/q"}},
                                {{"field", "servedModel"}, {"path", "/m"}}};
        const std::string file = folder.write("mapping.json", toJsonText(*mapping));
        const Ran ran = run({"traffic", "import", own, "--out", table, "--mapping", file});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QCOMPARE(TrafficFile::open(table)->traffic()->lastMessage(0),
                 std::string_view("Where is it?"));
    }

    void aLogIsRedacted()
    {
        const Folder folder;
        const std::string out = folder.path("out.jsonl");
        const Ran ran = run({"traffic", "redact", folder.write("log.jsonl", log()), "--out", out});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        const std::string text = readFile(out).value();
        QVERIFY(!contains(text, "ann@example.org") && contains(text, "{broken\n"));
        QVERIFY2(contains(ran.out, "1 [email]"), ran.out.c_str());
        const auto json = parseJson(
            run({"traffic", "redact", folder.path("log.jsonl"), "--out", out, "--json"}).out);
        QVERIFY(json.has_value());
        QCOMPARE((*json)["changedLines"].get<int>(), 1);
    }

    void wrongUseAndFailureHaveTheirCodes_data()
    {
        QTest::addColumn<QByteArray>("args"); // apart by spaces
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* args, int code, const char* says) {
            QTest::newRow(name) << QByteArray(args) << code << QByteArray(says);
        };
        row("no part", "traffic", 2, "subcommand");
        row("no table", "traffic import log", 2, "--out");
        row("policy alone", "traffic import log --out t --policy sample", 2, "--without-prompts");
        row("no log", "traffic import /nowhere --out t", 1, "/nowhere");
        row("both", "traffic import /nowhere --out t --unredacted --pattern x=y", 2,
            "one of the two");
        row("pattern", "traffic redact /nowhere --out t --pattern x", 2, "KIND=EXPRESSION");
        row("expression", "traffic redact /nowhere --out t --pattern x=(", 2, "0");
        row("no table file", "traffic describe " SIGNALBOX_SOURCE_DIR "/README.md", 1,
            "no traffic table");
    }

    void wrongUseAndFailureHaveTheirCodes()
    {
        QFETCH(const QByteArray, args);
        QFETCH(const int, code);
        QFETCH(const QByteArray, says);
        std::vector<std::string> words;
        for (const QByteArray& word : args.split(' '))
            words.push_back(word.toStdString());
        const Ran ran = run(words);
        QCOMPARE(ran.code, code);
        QVERIFY2(contains(ran.err, says.toStdString()), ran.err.c_str());
    }

    void aDamagedTableIsNotDescribed()
    {
        const Folder folder;
        const std::string table = folder.path("t.traffic");
        QCOMPARE(run({"traffic", "import", folder.write("log.jsonl", log()), "--out", table}).code,
                 0);
        std::string bytes = readFile(table).value();
        bytes[bytes.find("Where is my order")] = 'w';
        QVERIFY(writeFileAtomically(table, bytes).has_value());
        const Ran ran = run({"traffic", "describe", table});
        QCOMPARE(ran.code, 1);
        QVERIFY2(contains(ran.err, "is not what was written"), ran.err.c_str());
        const Ran projected = run({"project", "sample", "--traffic", table});
        QCOMPARE(projected.code, 1);
    }
};

QTEST_GUILESS_MAIN(TestTrafficCommand)
#include "tst_traffic_command.moc"
