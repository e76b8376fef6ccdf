// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: on the command line a table is divided by expression, tag or k-means, the division can
// be saved and put on other traffic and on lab prompts alike, and what is wrong is said; for people
// and for machines.

#include <core/base/json.h>
#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <core/traffic/traffic_file.h>
#include <tests/support/cli_run.h>
#include <tests/support/small_traffic.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// The first 300 requests of the sample.
std::string smallLog()
{
    return toTrafficJsonLines(*smallTraffic(300));
}

/// The same, as a router logs it that knows nothing of lab prompts: answers only stand in.
std::string logOfStrangers()
{
    Traffic traffic = *smallTraffic(300);
    traffic.prompts.clear();
    traffic.promptOf = std::vector<std::uint32_t>(traffic.rowCount(), Traffic::kNone);
    return toTrafficJsonLines(traffic);
}

Ran segment(std::vector<std::string> args)
{
    args.insert(args.begin(), {"traffic", "segment"});
    return run(args);
}

std::vector<std::string> namesIn(const Json& list)
{
    std::vector<std::string> names;
    for (const Json& each : list)
        names.push_back(each["name"].get<std::string>());
    return names;
}

} // namespace

class TestSegmentCommand : public QObject
{
    Q_OBJECT
private slots:
    void aTableIsDividedByExpression()
    {
        const Folder folder;
        const std::string out = folder.path("out.traffic");
        const Ran ran = segment({folder.write("log.jsonl", smallLog()), "--out", out, "--policy",
                                 "sample", "--by-expression", "Expert=`expert words` and asks",
                                 "--by-expression", "Long=chars > 120"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        for (const char* part : {"by expression", "Expert", "Long", "Other", "Wrote "})
            QVERIFY2(contains(ran.out, part), ran.out.c_str());
        const auto file = TrafficFile::open(out);
        QVERIFY(file.has_value());
        const Traffic& table = *file->traffic();
        QCOMPARE(table.rowCount(), std::size_t{300});
        QVERIFY(std::ranges::find(table.segments, "Expert") != table.segments.end());
        for (std::size_t row = 0; row < table.rowCount(); ++row) {
            if (table.segments[table.segmentOf[row]] == "Expert")
                QVERIFY(contains(std::string(table.lastUserMessage(row)), "?"));
        }
    }

    void kMeansSaysWhatItFound()
    {
        const Folder folder;
        const std::string log = folder.write("log.jsonl", smallLog());
        const Ran ran =
            segment({log, "--policy", "sample", "--k-means", "3", "--evidence", "sample"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        for (const char* part :
             {"by k-means over", "Centres, in the signals' own units", "silhouette",
              "Coverage by lab prompts", "own answers", "No table is written"})
            QVERIFY2(contains(ran.out, part), ran.out.c_str());
        for (const QString& line : QString::fromStdString(ran.out).split(QLatin1Char('\n')))
            QVERIFY2(line.size() <= 100, qPrintable(line));
        const Ran json = segment({log, "--policy", "sample", "--k-means", "--json"});
        QVERIFY2(json.code == 0, json.err.c_str());
        QCOMPARE(json.json()["kMeans"]["tried"].size(), std::size_t{7});
        double share = 0;
        const Json found = json.json()["segments"];
        for (const Json& each : found)
            share += each["share"].get<double>();
        QVERIFY(std::abs(share - 1) < 1e-12);
    }

    void aTagDividesAndSaysTheRest()
    {
        const Folder folder;
        const Ran ran = segment(
            {folder.write("log.jsonl", smallLog()), "--by-tag", "plan", "--most", "1", "--json"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        const auto names = namesIn(ran.json()["segments"]);
        QCOMPARE(names.size(), std::size_t{3});
        QCOMPARE(names[1], std::string("Other"));
        QVERIFY(ran.json()["tag"]["inTheRest"].get<int>() > 0);
    }

    void whatIsSavedIsPutOnOtherTrafficAndOnThePrompts()
    {
        const Folder folder;
        const std::string log = folder.write("log.jsonl", smallLog());
        const std::string saved = folder.path("segments.json");
        const Ran made = segment({log, "--policy", "sample", "--by-expression",
                                  "Expert=`expert words`", "--save", saved, "--out",
                                  folder.path("first"), "--evidence", "sample", "--json"});
        QVERIFY2(made.code == 0, made.err.c_str());
        const Json cover = made.json()["coverage"];
        QVERIFY(cover["prompts"]["byWords"].get<std::size_t>() >= supportDeskPrompts().size() / 2);
        QCOMPARE(cover["prompts"]["kept"].get<int>(), 0);
        for (const Json& each : cover["segments"]) {
            QVERIFY(each["labPrompts"].get<int>() > 0);
            QCOMPARE(each["borrowed"].get<int>(), 0);
        }
        const Ran applied = segment({log, "--apply", saved, "--out", folder.path("second")});
        QVERIFY2(applied.code == 0, applied.err.c_str());
        QVERIFY(*TrafficFile::open(folder.path("first"))->traffic() ==
                *TrafficFile::open(folder.path("second"))->traffic());
    }

    void replaysGoBySavedSegments()
    {
        const Folder folder;
        const std::string log = folder.write("log.jsonl", logOfStrangers());
        const std::string saved = folder.path("segments.json");
        QCOMPARE(segment({log, "--policy", "sample", "--by-expression", "Expert=`expert words`",
                          "--save", saved})
                     .code,
                 0);
        const std::vector<std::string> expected = {"Expert", "Other"};
        const Ran projected =
            run({"project", "sample", "--traffic", log, "--segments", saved, "--json"});
        QVERIFY2(projected.code == 0, projected.err.c_str());
        const Json slices = projected.json()["segments"];
        QCOMPARE(namesIn(slices), expected);
        for (const Json& each : slices)
            QVERIFY2(each["borrowed"].get<int>() == 0, each.dump().c_str());
        const std::string other = folder.write("other.json", [] {
            Json policy = toJson(supportDeskPolicy());
            policy["rules"].erase(policy["rules"].begin());
            return toJsonText(policy);
        }());
        const Ran compared =
            run({"diff", "sample", other, "--traffic", log, "--segments", saved, "--json"});
        QVERIFY2(compared.err.empty(), compared.err.c_str());
        for (const std::string& name : namesIn(compared.json()["behaviour"]["segments"]))
            QVERIFY(std::ranges::find(expected, name) != expected.end());
        const Ran searched = run({"frontier", "sample", "--traffic", log, "--segments", saved,
                                  "--limit", "20", "--points", "1", "--draws", "100"});
        QVERIFY2(searched.code <= 1 && !contains(searched.err, "segments.json"),
                 searched.err.c_str());
    }

    void recordedPromptsGoByTheWordsThatWereSent()
    {
        const Folder folder;
        const std::string path = folder.path("evidence.sqlite");
        {
            auto store = EvidenceStore::open(std::filesystem::path(path));
            QVERIFY(store.has_value());
            RunDraft draft;
            draft.id = newRunId();
            draft.name = "own";
            draft.planJson = "{}";
            const Json messages = {{{"role", "user"}, {"text", "Is this legal?"}}};
            draft.prompts = {{PromptId("own-1"), "mine", toCompactJsonText(messages)}};
            draft.lanes = {{LaneId("gpt-4"), "{}"}};
            store->background().createRun(draft);
            QVERIFY(store->settle().has_value());
            Answer answer;
            answer.prompt = PromptId("own-1");
            answer.model = ModelId("gpt-4");
            answer.segment = "mine";
            answer.text = "It is.";
            answer.styleGuide = supportDeskPolicy().findModel(ModelId("gpt-4"))->styleGuide;
            answer.recordedAtMs = 1;
            QVERIFY(store->record(draft.id, answer).has_value());
        }
        const Ran ran =
            segment({folder.write("log.jsonl", smallLog()), "--policy", "sample", "--by-expression",
                     "Expert=`expert words`", "--evidence", path, "--json"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        const Json cover = ran.json()["coverage"];
        for (const Json& each : cover["segments"]) {
            if (each["name"] == "Expert")
                QVERIFY2(each["labPrompts"].get<int>() >= 1, cover.dump().c_str());
        }
        QVERIFY(cover["prompts"]["byWords"].get<int>() >= 1);
    }

    void wrongUseAndFailureHaveTheirCodes_data()
    {
        QTest::addColumn<QByteArray>("args"); // apart by |
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* args, int code, const char* says) {
            QTest::newRow(name) << QByteArray(args) << code << QByteArray(says);
        };
        row("no table", "--by-tag|plan", 2, "table");
        row("no way", "sample", 2, "--by-expression, --by-tag, --k-means and --apply");
        row("two ways", "sample|--by-tag|plan|--apply|x", 2, "one way at a time");
        row("no policy", "sample|--by-expression|Long=chars > 1", 2, "--policy");
        row("no policy for k-means", "sample|--k-means", 2, "--policy");
        row("no name", "sample|--policy|sample|--by-expression|chars > 1", 2, "NAME=CONDITION");
        row("condition", "sample|--policy|sample|--by-expression|Long=chars >", 2,
            "--by-expression: Long, column 8");
        row("signal", "sample|--policy|sample|--by-expression|Long=chras > 1", 2, "chras");
        row("rest", "sample|--policy|sample|--by-expression|Other=chars > 1", 2, "another segment");
        row("k", "sample|--policy|sample|--k-means|1", 2, "2 to 20");
        row("no k", "sample|--policy|sample|--k-means|many", 2, "many");
        row("tag", "sample|--by-tag|nobody", 1, "they have");
        row("no file", "sample|--apply|/nowhere", 1, "/nowhere");
        row("no segmentation", "sample|--apply|" SIGNALBOX_SOURCE_DIR "/README.md", 1, "README.md");
        row("no traffic", "/nowhere|--by-tag|plan", 1, "/nowhere");
        row("no evidence", "sample|--by-tag|plan|--evidence|/nowhere", 1, "/nowhere");
    }

    void wrongUseAndFailureHaveTheirCodes()
    {
        QFETCH(const QByteArray, args);
        QFETCH(const int, code);
        QFETCH(const QByteArray, says);
        std::vector<std::string> words;
        for (const QByteArray& word : args.split('|'))
            words.push_back(word.toStdString());
        const Ran ran = segment(words);
        QVERIFY2(contains(ran.err, says.toStdString()), (ran.out + ran.err).c_str());
        QCOMPARE(ran.code, code);
        QVERIFY(ran.out.empty());
    }

    void replaysRefuseABrokenFile()
    {
        const Folder folder;
        const std::string broken = folder.write("broken.json", "{\"schemaVersion\": 2}");
        const Ran ran = run({"project", "sample", "--segments", broken});
        QCOMPARE(ran.code, 1);
        QVERIFY2(contains(ran.err, "broken.json: schemaVersion"), ran.err.c_str());
        const Ran diff = run({"diff", "sample", "sample", "--segments", broken});
        QCOMPARE(diff.code, 2);
        QVERIFY2(contains(diff.err, "--traffic"), diff.err.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSegmentCommand)
#include "tst_segment_command.moc"
