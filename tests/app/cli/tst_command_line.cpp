// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every command does its work through the engine that the workbench uses, says it for
// people and for machines, and ends with 0 (done), 1 (the work failed) or 2 (used wrongly).

#include <app/cli/inputs.h>
#include <app/cli/lab_report.h>
#include <app/cli/listening.h>
#include <core/base/files.h>
#include <core/base/json.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <core/sheets/workbook_writer.h>
#include <tests/support/cli_run.h>
#include <tests/support/evidence_faults.h>
#include <tests/support/fault_server.h>
#include <tests/support/policy_builder.h>

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <set>
#include <sstream>
#include <utility>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// A stream that does something when it has heard a phrase.
class Heard : public std::stringbuf
{
public:
    Heard(std::string phrase, std::function<void()> then)
        : m_phrase(std::move(phrase)), m_then(std::move(then))
    {}

protected:
    int sync() override
    {
        if (m_then && contains(str(), m_phrase))
            std::exchange(m_then, {})();
        return 0;
    }

private:
    std::string m_phrase;
    std::function<void()> m_then;
};

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT
private slots:
    void helpNamesEveryCommand()
    {
        const Ran help = run({"--help"});
        QCOMPARE(help.code, 0);
        for (const char* command : {"decide", "lint", "test", "compare", "project", "frontier",
                                    "diff", "export", "prices", "schema", "sample"})
            QVERIFY2(contains(help.out, command), command);
        QVERIFY(contains(help.out, "Exit codes"));
        for (const char* command : {"decide", "lint", "test", "compare", "project", "frontier",
                                    "diff", "export", "prices", "schema", "sample"})
            QCOMPARE(run({command, "--help"}).code, 0);
    }

    void wrongUseIsTwoAndNothingElse_data()
    {
        QTest::addColumn<QStringList>("args");
        QTest::newRow("no command") << QStringList{};
        QTest::newRow("unknown command") << QStringList{QStringLiteral("fly")};
        QTest::newRow("unknown option") << QStringList{
            QStringLiteral("project"), QStringLiteral("sample"), QStringLiteral("--fast")};
        QTest::newRow("missing policy") << QStringList{QStringLiteral("decide")};
        QTest::newRow("out of range")
            << QStringList{QStringLiteral("compare"), QStringLiteral("sample"),
                           QStringLiteral("--samples"), QStringLiteral("0")};
        QTest::newRow("nothing to decide")
            << QStringList{QStringLiteral("decide"), QStringLiteral("sample")};
        QTest::newRow("half an entry of metadata") << QStringList{
            QStringLiteral("decide"), QStringLiteral("sample"),     QStringLiteral("--prompt"),
            QStringLiteral("Hi?"),    QStringLiteral("--metadata"), QStringLiteral("plan")};
        QTest::newRow("half a reading") << QStringList{
            QStringLiteral("decide"), QStringLiteral("sample"),  QStringLiteral("--prompt"),
            QStringLiteral("Hi?"),    QStringLiteral("--usage"), QStringLiteral("rate=many")};
        QTest::newRow("no time") << QStringList{
            QStringLiteral("decide"), QStringLiteral("sample"), QStringLiteral("--prompt"),
            QStringLiteral("Hi?"),    QStringLiteral("--time"), QStringLiteral("noon")};
        QTest::newRow("resume from nothing")
            << QStringList{QStringLiteral("compare"), QStringLiteral("sample"),
                           QStringLiteral("--resume"), QStringLiteral("x")};
    }
    void wrongUseIsTwoAndNothingElse()
    {
        QFETCH(const QStringList, args);
        std::vector<std::string> words;
        for (const QString& arg : args)
            words.push_back(arg.toStdString());
        const Ran ran = run(words);
        QCOMPARE(ran.code, 2);
        QVERIFY(!ran.err.empty());
        QVERIFY(ran.out.empty());
    }

    void whatIsUsedWronglyIsToldHowToUse()
    {
        const Ran model = run({"compare", "sample", "--models", "zz"});
        QCOMPARE(model.code, 2);
        QVERIFY2(contains(model.err, "zz") && contains(model.err, "gpt-4"), model.err.c_str());
        const Ran command = run({"comprae", "sample"});
        QCOMPARE(command.code, 2);
        QVERIFY2(contains(command.err, "comprae") && contains(command.err, "compare"),
                 command.err.c_str());
        const Ran none = run({"compare", "sample", "--models", "none"});
        QCOMPARE(none.code, 2);
        QVERIFY2(contains(none.err, "--add"), none.err.c_str());
        QCOMPARE(run({"compare", "sample", "--prompts", "-3"}).code, 2);
        const Ran added = run({"compare", "sample", "--add", "foo"});
        QCOMPARE(added.code, 2);
        QVERIFY2(contains(added.err, "MODEL@URL"), added.err.c_str());
        // Whoever gives the key itself must not find it in a log.
        const Ran key = run({"compare", "sample", "--allow-key", "sk-canary"});
        QCOMPARE(key.code, 2);
        QVERIFY2(contains(key.err, "REFERENCE=URL") && !contains(key.err, "canary"),
                 key.err.c_str());
    }

    void anArgumentThatIsNotUtf8IsRefused_data()
    {
        QTest::addColumn<int>("where");
        for (int where = 0; where < 4; ++where)
            QTest::addRow("%d", where) << where;
    }
    void anArgumentThatIsNotUtf8IsRefused()
    {
        QFETCH(const int, where);
        const std::string broken = "caf\xE9";
        const std::vector<std::vector<std::string>> lines = {
            {"decide", "sample", "--prompt", broken},
            {"decide", "sample", "--prompt", "Hi?", "--metadata", "place=" + broken},
            {"compare", "sample", "--models", broken},
            {broken}};
        const Ran ran = run(lines.at(std::size_t(where)));
        QCOMPARE(ran.code, 2);
        QVERIFY2(contains(ran.err, "not valid UTF-8"), ran.err.c_str());
    }

    void decideShowsThePathAndTheValues()
    {
        const Ran ran =
            run({"decide", "sample", "--prompt", "What is the legal deadline for a refund"});
        QCOMPARE(ran.code, 0);
        QVERIFY(contains(ran.out, "expert words = true"));
        QVERIFY(contains(ran.out, "complexity = 5")); // 1 + 3 (legal) + 1 (no question mark)
        QVERIFY(contains(ran.out, "gpt-3.5-turbo"));
        QVERIFY(contains(ran.out, "Near misses"));
    }

    void decideSpeaksJson()
    {
        const Ran ran =
            run({"decide", "sample", "--prompt", "Hello?", "--json", "--down", "palm-2"});
        QCOMPARE(ran.code, 0);
        const auto json = parseJson(ran.out);
        QVERIFY2(json, ran.out.c_str());
        QCOMPARE((*json)["model"].get<std::string>(), std::string("palm-2"));
        QCOMPARE((*json)["signals"]["complexity"].get<double>(), 1.0);
        QCOMPARE((*json)["withModelsDown"]["servedBy"].get<std::string>(), std::string("gpt-4"));
    }

    void decideReadsAWholeRequest()
    {
        const std::string request =
            R"({"messages": [{"role": "user", "content": "Hi?"}], "style": "concise"})";
        QCOMPARE(run({"decide", "sample", "--request", "-"}, request).code, 0);
        const Ran broken = run({"decide", "sample", "--request", "-"}, "{\"messages\": 7}");
        QCOMPARE(broken.code, 1);
        QVERIFY2(contains(broken.err, "messages"), broken.err.c_str());
    }

    void decideIsToldTimeMetersAndStyles()
    {
        const Folder folder;
        const std::string policy = folder.write(
            "policy.json",
            toPolicyText(
                PolicyBuilder()
                    .signal("hours", TimeWindowSource{"UTC", {}, 9 * 60, 17 * 60})
                    .signal("rate", UsageSource{UsageMeasure::Requests, UsageUnit::User, 60})
                    .signal("style", StyleSource{"balanced", "styles.json"})
                    .rule("busy", when("rate", CompareOp::Gt, 10), call("cheap"))
                    .rule("open", when("hours"), call("dear"))
                    .rule("terse", when("style", CompareOp::Eq, "concise"), call("dear"))
                    .document()));
        const std::vector<std::string> ask{"decide", policy, "--prompt", "Hi",
                                           "--user", "u1",   "--json"};
        const auto ruleOf = [&](std::vector<std::string> more) {
            more.insert(more.begin(), ask.begin(), ask.end());
            const Ran ran = run(more);
            const auto json = parseJson(ran.out);
            return json ? json->value("rule", "") : ran.err;
        };
        QVERIFY(contains(ruleOf({}), "styles.json")); // named, and not there
        static_cast<void>(folder.write("styles.json", R"({"schemaVersion": 1, "styles": {}})"));
        QCOMPARE(ruleOf({}), std::string("otherwise"));
        QCOMPARE(ruleOf({"--time", "2026-01-05T09:30:00Z"}), std::string("open"));
        QCOMPARE(ruleOf({"--time", "2026-01-05T09:30:00+02:00"}), std::string("otherwise"));
        QCOMPARE(ruleOf({"--usage", "rate=11"}), std::string("busy"));
        const std::string table =
            folder.write("mine.json", R"({"schemaVersion": 1, "styles": {"u1": "concise"}})");
        QCOMPARE(ruleOf({"--styles", table}), std::string("terse"));
    }

    void decideSaysWhatIsUncertain()
    {
        const Folder folder;
        PolicyDocument document =
            PolicyBuilder()
                .measure("length", TextMeasure::Chars)
                .rule("long", when("length", CompareOp::Gt, 20), call("dear"));
        document.rules[0].uncertain = Uncertain{SignalId("length"), 5, call("cheap")};
        const std::string policy = folder.write("policy.json", toPolicyText(document));
        const std::string near = "about twenty letters";
        const Ran text = run({"decide", policy, "--prompt", near});
        QVERIFY(contains(text.out, "rule \"long\", uncertain -> cheap"));
        QVERIFY(contains(text.out, "within its margin"));
        const auto json = parseJson(run({"decide", policy, "--prompt", near, "--json"}).out);
        QVERIFY(json && (*json)["uncertain"].get<bool>());
    }

    void testRunsWhatThePolicyExpects()
    {
        const Folder folder;
        PolicyDocument document =
            PolicyBuilder().otherwise(chain({call("cheap"), call("dear")})).document();
        PolicyTest down;
        down.request = ask("Is anybody there?");
        down.outcomes = {{ModelId("cheap"), AttemptFailure::Connect}};
        down.servedBy = ModelId("dear");
        document.tests = {down};
        const Ran held = run({"test", folder.write("held.json", toPolicyText(document))});
        QCOMPARE(held.code, 0);
        QVERIFY(contains(held.out, "1 of 1 test holds"));
        down.servedBy = ModelId("cheap");
        document.tests.push_back(down);
        const std::string path = folder.write("failed.json", toPolicyText(document));
        const Ran failed = run({"test", path});
        QCOMPARE(failed.code, 1);
        QVERIFY(contains(failed.out, "fails  2  Is anybody there?"));
        QVERIFY(contains(failed.out, "The answer comes from \"dear\", not from \"cheap\"."));
        const auto json = parseJson(run({"test", path, "--json"}).out);
        QVERIFY(json);
        QCOMPARE((*json)[0]["holds"].get<bool>(), true);
        QCOMPARE((*json)[1]["holds"].get<bool>(), false);
        QCOMPARE((*json)[1]["servedBy"].get<std::string>(), std::string("dear"));
        QCOMPARE(run({"test", "sample"}).code, 0);
    }

    void lintSaysWhatIsWrongAndWhere()
    {
        QCOMPARE(run({"lint", "sample"}).code, 0);
        const Folder folder;
        PolicyDocument document = supportDeskPolicy();
        document.rules[0].plan = Plan{Call{ModelId("nobody"), {}, {}, {}}};
        const std::string file = folder.write("bad.json", toPolicyText(document));
        const Ran ran = run({"lint", file});
        QCOMPARE(ran.code, 1);
        QVERIFY2(contains(ran.out, "nobody"), ran.out.c_str());
        QVERIFY(contains(ran.out, "rules["));
        const auto json = parseJson(run({"lint", file, "--json"}).out);
        QVERIFY(json.has_value());
        QCOMPARE((*json)[0]["severity"].get<std::string>(), std::string("error"));
    }

    void lintProvesWithARequestThatShowsIt()
    {
        QVERIFY(!contains(run({"lint", "sample"}).out, "uncovered-region"));
        const Ran proved = run({"lint", "sample", "--prove"});
        QCOMPARE(proved.code, 0);
        QVERIFY2(contains(proved.out, "[uncovered-region]"), proved.out.c_str());
        QVERIFY2(contains(proved.out, "    example: {\"messages\":"), proved.out.c_str());

        const auto json = parseJson(run({"lint", "sample", "--prove", "--json"}).out);
        QVERIFY(json.has_value());
        const auto region = std::ranges::find_if(
            *json, [](const Json& each) { return each["code"] == "uncovered-region"; });
        QVERIFY(region != json->end());
        const auto request = requestFromJson((*region)["example"]["request"]);
        QVERIFY(request.has_value());

        // Examples that happened, if there are any.
        const Folder folder;
        Request asked;
        asked.messages.push_back({Role::User, std::string(600, 'y') + " legal"});
        const std::string traffic =
            folder.write("traffic.jsonl", toCompactJsonText(toJson(asked)) + '\n');
        QVERIFY(contains(run({"lint", "sample", "--prove", "--traffic", traffic}).out, "yyyyyy"));
        QCOMPARE(run({"lint", "sample", "--traffic", traffic}).code, 2);
        QCOMPARE(run({"lint", "sample", "--prove", "--traffic", folder.path("none")}).code, 1);
    }

    void lintSaysWhatAnswersSayAgainstAPolicy()
    {
        QVERIFY(!contains(run({"lint", "sample"}).out, "[voice-jump]"));
        const Ran heard = run({"lint", "sample", "--evidence", "sample"});
        QCOMPARE(heard.code, 0);
        QVERIFY2(contains(heard.out, "[voice-jump]"), heard.out.c_str());
        const Folder folder;
        PolicyDocument hasty = supportDeskPolicy();
        std::get<Call>(std::get<Chain>(hasty.rules[0].plan.node).steps[0].node).firstTokenMs = 1;
        const Ran cut =
            run({"lint", folder.write("hasty.json", toPolicyText(hasty)), "--evidence", "sample"});
        QVERIFY2(contains(cut.out, "[budget-cuts-good]"), cut.out.c_str());

        const std::string evidence = folder.path("e.sqlite");
        QVERIFY(EvidenceStore::open(evidence).has_value());
        PolicyDocument document = supportDeskPolicy();
        ModelSpec& real = document.models.back();
        real.provider = "openai";
        real.baseUrl = "https://models.example/v1";
        real.keyRef = "env:SIGNALBOX_TEST_KEY_THAT_NOBODY_SETS";
        real.price = Price{{1}, {1}, "2020-01-01"};
        const std::string file = folder.write("p.json", toPolicyText(document));
        const Ran unheard = run({"lint", file, "--evidence", evidence, "--json"});
        const auto json = parseJson(unheard.out);
        QVERIFY2(json.has_value(), unheard.err.c_str());
        const auto pathOf = [&](const char* code) {
            const auto found =
                std::ranges::find_if(*json, [&](const Json& each) { return each["code"] == code; });
            return found == json->end() ? std::string() : (*found)["path"].get<std::string>();
        };
        QCOMPARE(pathOf("no-evidence"), // the simulated ones are heard, as in the window
                 "models[" + std::to_string(document.models.size() - 1) + "]");
        QCOMPARE(pathOf("stale-price"),
                 "models[" + std::to_string(document.models.size() - 1) + "].price");
        QCOMPARE(pathOf("unset-key"), std::string());
        QVERIFY(contains(run({"lint", file, "--keys"}).out, "[unset-key]"));
        const Ran absent = run({"lint", file, "--evidence", folder.path("none.sqlite")});
        QCOMPARE(absent.code, 1);
        QVERIFY2(contains(absent.err, "none.sqlite"), absent.err.c_str());
        QVERIFY(contains(run({"lint", "--help"}).out, "--evidence"));
    }

    void allThatIsWrongInAPolicyIsTold()
    {
        const Folder folder;
        Json json = toJson(supportDeskPolicy());
        json["revision"] = "x";
        const std::string one = folder.write("one.json", toJsonText(json));
        const Ran single = run({"project", one});
        QVERIFY2(contains(single.err, "one.json: revision: expected"), single.err.c_str());
        json["models"][0]["provider"] = 7;
        const Ran both = run({"project", folder.write("two.json", toJsonText(json))});
        QCOMPARE(both.code, 1);
        QVERIFY2(contains(both.err, "two.json: 2 problems: revision: expected") &&
                     contains(both.err, "; models[0].provider: expected"),
                 both.err.c_str());
    }

    void lintReadsBrokenFilesWithoutGivingUp()
    {
        const Folder folder;
        QCOMPARE(run({"lint", folder.path("absent.json")}).code, 1);
        const Ran ran = run({"lint", folder.write("half.json", "{\"schemaVersion\": 1,")});
        QCOMPARE(ran.code, 1);
        QVERIFY(contains(ran.out, "error"));
    }

    void projectPrintsTheFourNumbersAndWritesReportAndChart()
    {
        const Folder folder;
        const Ran ran = run({"project", "sample", "--html", folder.path("r.html"), "--svg",
                             folder.path("c.svg"), "--check"});
        QCOMPARE(ran.code, 1); // the sample's gates are not met
        QVERIFY2(contains(ran.err, "Check: not met: ") &&
                     contains(ran.err, "; not shown by the data: "),
                 ran.err.c_str());
        QVERIFY2(contains(ran.out, " not met, ") && contains(ran.out, " not shown by the data; "),
                 ran.out.c_str());
        QVERIFY(contains(ran.out, "onsistency"));
        QVERIFY(contains(ran.out, "simulated"));
        for (const QString& line : QString::fromStdString(ran.out).split(QLatin1Char('\n')))
            QVERIFY2(line.size() <= 100, qPrintable(line));
        QVERIFY(contains(*readFile(folder.path("c.svg")), "<svg"));
        const std::string html = *readFile(folder.path("r.html"));
        QVERIFY(contains(html, "simulated"));
        QVERIFY(!contains(html, "<script"));
        QCOMPARE(run({"project", "sample"}).code, 0);
    }

    void earlierRevisionsAreOnTheChart()
    {
        const Folder folder;
        PolicyDocument thrifty = supportDeskHistory()[3];
        thrifty.revision = 41;
        const std::string before = folder.write("before.json", toPolicyText(thrifty));
        const std::string chart = folder.path("c.svg");
        const Ran ran =
            run({"project", "--earlier", before, "--earlier", "sample", "sample", "--svg", chart});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        const std::string svg = *readFile(chart);
        QVERIFY2(contains(svg, ">r41<"), svg.c_str());
        QVERIFY2(contains(svg, ">Support desk, r7, $"), svg.c_str()); // itself, told once
        QCOMPARE(run({"project", "sample", "--svg", chart}).code, 0);
        QVERIFY(!contains(*readFile(chart), "r41"));
        const Ran noChart = run({"project", "sample", "--earlier", before});
        QCOMPARE(noChart.code, 2);
        QVERIFY2(contains(noChart.err, "--svg"), noChart.err.c_str());
        const Ran absent =
            run({"project", "sample", "--earlier", folder.path("absent.json"), "--svg", chart});
        QCOMPARE(absent.code, 1);
        QVERIFY2(contains(absent.err, "absent.json"), absent.err.c_str());
    }

    void whatIsReplayedIsNamed()
    {
        const Folder folder;
        const Ran bundled = run({"project", "sample"});
        QVERIFY2(contains(bundled.out, "Traffic: Support desk, September 2023 (synthetic)\n"),
                 bundled.out.c_str());
        QVERIFY2(contains(bundled.err, "bundled sample") && contains(bundled.err, "synthetic") &&
                     contains(bundled.err, "--traffic"),
                 bundled.err.c_str());
        const std::string own =
            folder.write("own.jsonl", R"({"messages": [{"role": "user", "content": "Hi?"}]})"
                                      "\n");
        const Ran mine = run({"project", "sample", "--traffic", own});
        QVERIFY2(contains(mine.out, "Traffic: " + own + '\n'), mine.out.c_str());
        QVERIFY2(mine.err.empty(), mine.err.c_str());
    }

    void evidenceThatIsNotThereIsNamedAndNotMade()
    {
        const Folder folder;
        for (const char* command : {"project", "export"}) {
            const Ran ran = run({command, "sample", "--evidence", folder.path("typo.sqlite")});
            QCOMPARE(ran.code, 1);
            QVERIFY2(contains(ran.err, folder.path("typo.sqlite")), ran.err.c_str());
            QVERIFY2(contains(ran.err, "check the path"), ran.err.c_str());
            QVERIFY(!std::filesystem::exists(folder.path("typo.sqlite")));
        }
    }

    void projectSpeaksJson()
    {
        const auto json = parseJson(run({"project", "sample", "--json"}).out);
        QVERIFY(json.has_value());
        QVERIFY(json->is_object());
    }

    void twoPoliciesAreComparedByTheirParts()
    {
        const Folder folder;
        PolicyDocument other = supportDeskPolicy();
        std::ranges::reverse(other.models); // says nothing
        const std::string same = folder.write("same.json", toPolicyText(other));
        Ran ran = run({"diff", "sample", same});
        QCOMPARE(ran.code, 0);
        QVERIFY(contains(ran.out, "The policies are the same."));
        other.rules[0].enabled = false;
        const std::string changed = folder.write("changed.json", toPolicyText(other));
        ran = run({"diff", "sample", changed});
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.out, std::string("changed rules[simple].enabled: true -> false\n"));
        const auto json = parseJson(run({"diff", "sample", changed, "--json"}).out);
        QVERIFY(json);
        QCOMPARE((*json)["changes"].size(), std::size_t(1));
        QVERIFY((*json)["changes"][0]["after"] == Json(false));
        QVERIFY(!json->contains("behaviour"));
        ran = run({"diff", "sample", folder.path("absent.json")});
        QCOMPARE(ran.code, 1);
        QVERIFY(ran.out.empty() && !ran.err.empty());
        QCOMPARE(run({"diff", "sample"}).code, 2);
        QCOMPARE(run({"diff", "sample", same, "--evidence", "e.sqlite"}).code, 2);
    }

    void twoPoliciesAreComparedByWhatTheyDo()
    {
        const Folder folder;
        PolicyDocument old = supportDeskHistory()[3];
        const std::string before = folder.write("r4.json", toPolicyText(old));
        const Ran ran = run({"diff", before, "sample", "--traffic", "sample"});
        QCOMPARE(ran.code, 1);
        QVERIFY(contains(ran.out, "change model; cost "));
        QVERIFY(contains(ran.out, "gpt-4 -> palm-2: "));
        const auto json =
            parseJson(run({"diff", before, "sample", "--traffic", "sample", "--json"}).out);
        QVERIFY(json);
        const Json& behaviour = (*json)["behaviour"];
        QVERIFY(behaviour["total"]["modelChanged"] > 0);
        QCOMPARE(behaviour["segments"].size(), std::size_t(6));
        QVERIFY(!behaviour["flows"][0]["examples"].empty());
        QVERIFY(behaviour["total"]["costPer1k"]["change"]["low"] <
                behaviour["total"]["costPer1k"]["change"]["high"]);
    }

    void comparedPoliciesKnowTheirUsersStyles()
    {
        const Folder folder;
        const std::vector<ModelSpec> models = supportDeskPolicy().models;
        const auto policy = [&](const char* name, const char* table, double concise) {
            PolicyDocument document =
                PolicyBuilder()
                    .signal("style", StyleSource{"balanced", table})
                    .measure("length", TextMeasure::Chars)
                    .rule("long", when("length", CompareOp::Gte, ByStyle{concise, 500, 500}),
                          call(models[0].id.value))
                    .otherwise(call(models[1].id.value))
                    .baseline(models[0].id.value);
            document.models = models;
            return folder.write(name, toPolicyText(document));
        };
        const std::string before = policy("before.json", "styles.json", 500);
        const std::string after = policy("after.json", "styles.json", 2);
        const std::string other = policy("other.json", "others.json", 2);
        const std::string traffic = folder.write(
            "traffic.jsonl",
            R"({"userId": "u1", "messages": [{"role": "user", "content": "Where is it?"}]})"
            "\n"
            R"({"userId": "u2", "messages": [{"role": "user", "content": "Where is it?"}]})"
            "\n");
        const auto changed = [&](const std::string& from, const std::string& to) {
            const Ran ran = run({"diff", from, to, "--traffic", traffic, "--json"});
            const auto json = parseJson(ran.out);
            return json && json->is_object() ? (*json)["behaviour"]["total"]["ruleChanged"].dump()
                                             : ran.err;
        };
        QVERIFY(contains(changed(before, after), "styles.json")); // named, and not there
        static_cast<void>(
            folder.write("styles.json", R"({"schemaVersion": 1, "styles": {"u1": "concise"}})"));
        static_cast<void>(
            folder.write("others.json", R"({"schemaVersion": 1, "styles": {"u2": "concise"}})"));
        QCOMPARE(changed(before, after), std::string("1"));
        QCOMPARE(changed(after, other), std::string("2")); // each has its own
    }

    void earlierRevisionsHaveTheirOwnStyles()
    {
        const Folder folder;
        const std::vector<ModelSpec> models = supportDeskPolicy().models;
        const auto policy = [&](const char* name, const std::string& table, int revision) {
            PolicyBuilder builder({});
            PolicyDocument document = builder.signal("style", StyleSource{"balanced", table})
                                          .rule("terse", when("style", CompareOp::Eq, "concise"),
                                                call(models[0].id.value))
                                          .otherwise(call(models[1].id.value))
                                          .baseline(models[0].id.value);
            document.models = models;
            document.revision = revision;
            return folder.write(name, toPolicyText(document));
        };
        const std::string users = folder.write(
            "traffic.jsonl", R"({"userId": "u1", "messages": [{"role": "user", "content": "Hi"}]})"
                             "\n");
        static_cast<void>(
            folder.write("mine.json", R"({"schemaVersion": 1, "styles": {"u1": "concise"}})"));
        static_cast<void>(
            folder.write("theirs.json", R"({"schemaVersion": 1, "styles": {"u2": "concise"}})"));
        const std::string now = policy("now.json", "mine.json", 9);
        const auto chartWith = [&](const std::string& earlier) {
            const std::string chart = folder.path("c.svg");
            const Ran ran =
                run({"project", now, "--earlier", earlier, "--traffic", users, "--svg", chart});
            return ran.code == 0 ? *readFile(chart) : ran.err;
        };
        const std::string same = chartWith(policy("same.json", "mine.json", 3));
        QVERIFY2(contains(same, ", r3, r9, $"), same.c_str()); // one point, told once
        const std::string other = chartWith(policy("other.json", "theirs.json", 3));
        QVERIFY2(contains(other, ">r3<"), other.c_str());
        const std::string absent = chartWith(policy("absent.json", "gone.json", 3));
        QVERIFY2(contains(absent, "gone.json"), absent.c_str());

        const std::string none = policy("none.json", "", 3);
        const Ran said = run(
            {"project", now, "--earlier", none, "--traffic", users, "--svg", folder.path("c.svg")});
        QCOMPARE(said.code, 0);
        QVERIFY2(contains(said.err, none + ": names no table of answer styles"), said.err.c_str());
    }

    void exportIsRefusedWhileGatesAreOpenUntilTheyAreNamed()
    {
        const Folder folder;
        const Ran refused = run({"export", "sample", "--out", folder.path("out.json")});
        QCOMPARE(refused.code, 1);
        QVERIFY2(contains(refused.err, "not met: ") &&
                     contains(refused.err, "; not shown by the data: "),
                 refused.err.c_str());
        QVERIFY2(contains(refused.err, "\n  consistency (not met): "), refused.err.c_str());
        QVERIFY(!std::filesystem::exists(folder.path("out.json")));

        const auto open = parseJson(run({"export", "sample", "--json"}).out);
        QVERIFY(open.has_value());
        std::vector<std::string> args = {"export", "sample", "--out", folder.path("out.json")};
        for (const auto& gate : (*open)["openGates"]) {
            args.push_back("--acknowledge");
            args.push_back(gate["name"].get<std::string>());
        }
        args.insert(args.end(), {"--reason", "A pilot of 50 users"});
        const Ran exported = run(args);
        QVERIFY2(exported.code == 0, exported.err.c_str());
        args.push_back("--json");
        const auto said = parseJson(run(args).out);
        QVERIFY(said.has_value());
        QVERIFY((*said)["exported"].get<bool>());
        QCOMPARE((*said)["file"].get<std::string>(), folder.path("out.json"));
        const auto read = parsePolicy(*readFile(folder.path("out.json")));
        QVERIFY2(read, read ? "" : toString(read.error()).c_str());
        QVERIFY(read->release && read->release->simulated);
        QVERIFY(std::ranges::any_of(read->release->gates, &ReleasedGate::acknowledged));
        QCOMPARE(read->release->reason, std::string("A pilot of 50 users"));
        PolicyDocument plain = *read;
        plain.release.reset();
        QVERIFY(plain == supportDeskPolicy());
    }

    void aPolicyWithoutGatesLeavesOnlyWhenThatIsAcknowledged()
    {
        const Folder folder;
        PolicyDocument bare = supportDeskPolicy();
        bare.gates.clear();
        const std::string policy = folder.write("bare.json", toPolicyText(bare));
        const std::vector<std::string> args = {"export", policy, "--out", folder.path("out.json")};
        const Ran refused = run(args);
        QCOMPARE(refused.code, 1);
        QVERIFY2(contains(refused.err, "no gates are set") && contains(refused.err, "noGates"),
                 refused.err.c_str());
        QVERIFY(!std::filesystem::exists(folder.path("out.json")));
        std::vector<std::string> named = args;
        named.insert(named.end(), {"--acknowledge", "noGates"});
        const Ran exported = run(named);
        QVERIFY2(exported.code == 0, exported.err.c_str());
        const auto read = parsePolicy(*readFile(folder.path("out.json")));
        QCOMPARE(read->release->gates,
                 (std::vector<ReleasedGate>{{"noGates", "notShown", {}, true}}));
    }

    void anAcknowledgementOfNothingIsRefused()
    {
        const Ran ran = run({"export", "sample", "--acknowledge", "beauty"});
        QCOMPARE(ran.code, 1);
        QVERIFY(contains(ran.err, "beauty"));
    }

    void schemaIsJson()
    {
        const Ran ran = run({"schema"});
        QCOMPARE(ran.code, 0);
        const auto json = parseJson(ran.out);
        QVERIFY(json.has_value());
        QVERIFY(json->contains("$schema"));
    }

    void compareTriesAgainUnlessItIsToldNotTo()
    {
        const auto compare = [](const FaultServer& server, std::vector<std::string> more) {
            std::vector<std::string> args = {
                "compare",   "sample", "--models", "none",
                "--prompts", "1",      "--add",    "tiny@" + server.baseUrl()};
            args.insert(args.end(), more.begin(), more.end());
            return run(args);
        };
        const HttpScript busy = whole(429, "application/json", "{}", {"Retry-After: 0.1"});
        FaultServer patient;
        patient.answer(busy);
        patient.answer(goodAnswer());
        const Ran again = compare(patient, {});
        QVERIFY2(again.code == 0, again.err.c_str());
        QCOMPARE(patient.requests().size(), std::size_t(2));
        QVERIFY2(contains(again.err, "waiting 1 s: "), again.err.c_str());
        FaultServer strict;
        strict.answer(busy);
        strict.answer(goodAnswer());
        const Ran once = compare(strict, {"--no-retries"});
        QCOMPARE(once.code, 1);
        QCOMPARE(strict.requests().size(), std::size_t(1));
        QVERIFY2(contains(once.err, "takes no more requests for now"), once.err.c_str());
    }

    void compareListensAndMeasures()
    {
        const Folder folder;
        const Ran ran = run({"compare", "sample", "--prompts", "12", "--samples", "2",
                             "--in-flight", "32", "--evidence", folder.path("e.sqlite"), "--json"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        const auto json = parseJson(ran.out);
        QVERIFY2(json, ran.out.c_str());
        QCOMPARE((*json)["models"].size(), std::size_t(3));
        QVERIFY((*json)["simulated"].get<bool>());
        QCOMPARE((*json)["pairs"].size(), std::size_t(3));
        const Json& pair = (*json)["pairs"][0];
        QVERIFY(!pair["verdict"].get<bool>()); // twelve prompts are too few
        QVERIFY(pair["differsP"].is_null());
        QVERIFY2(contains(pair["reason"].get<std::string>(), "at least 50 prompts"),
                 ran.out.c_str());
        QVERIFY(pair["lengthRatio"]["low"].get<double>() <=
                pair["lengthRatio"]["high"].get<double>());
        QVERIFY(!pair["toneDifferences"].empty());
        QVERIFY(!(*json)["floors"].empty()); // the models were asked twice
        QVERIFY(std::filesystem::exists(folder.path("e.sqlite")));
    }

    void aSilentModelLeavesTheOthersCompared()
    {
        std::vector<Answer> answers;
        for (int p = 0; p < 12; ++p) {
            for (const char* model : {"a", "b", "silent"}) {
                Answer answer;
                answer.model = ModelId(model);
                answer.prompt = PromptId("p" + std::to_string(10 + p));
                answer.text = "The parcel of order " + std::to_string(p * p) + " is on the way.";
                answer.text += model[0] == 'b' ? " Please let us know if you need anything!" : "";
                answer.state = model[0] == 's' ? AnswerState::Failed : AnswerState::Done;
                answers.push_back(std::move(answer));
            }
        }
        std::vector<ModelSpec> models(3);
        models[0].id = ModelId("a");
        models[1].id = ModelId("b");
        models[2].id = ModelId("silent");
        const cli::Comparison comparison = cli::compareAnswers(answers, models);
        const auto json = parseJson(comparison.json);
        QVERIFY2(json, comparison.json.c_str());
        QCOMPARE((*json)["commonPrompts"].get<int>(), 12);
        QVERIFY2(contains(comparison.text, "silent said something to 0 prompts"),
                 comparison.text.c_str());
        QCOMPARE((*json)["pairs"].size(), std::size_t(3));
        QVERIFY((*json)["pairs"][0]["noticeability"].is_object());
        const Json& silent = (*json)["pairs"][1];
        QCOMPARE(silent["b"].get<std::string>(), std::string("silent"));
        QVERIFY(silent["noticeability"].is_null() && silent["differsP"].is_null());
        const std::string reason = "both answered 0 prompts, and at least 10 are needed";
        QCOMPARE(silent["reason"].get<std::string>(), reason);
        QVERIFY2(contains(comparison.text, "a / silent: not compared: " + reason),
                 comparison.text.c_str());
        // A call that failed is no answer, and what was not recorded is no nought.
        QVERIFY2(contains(comparison.text, "24 answers (and 12 calls without one)\n"),
                 comparison.text.c_str());
        QCOMPARE((*json)["answers"].get<int>(), 24);
        QCOMPARE((*json)["failed"].get<int>(), 12);
        const Json& mute = (*json)["models"][2];
        QVERIFY(mute["meanWords"].is_null() && mute["meanOutputTokens"].is_null());
        QVERIFY((*json)["models"][0]["meanWords"].is_number());
        QVERIFY((*json)["models"][0]["meanOutputTokens"].is_null());
    }

    void aVerdictNeedsFiftyPrompts_data()
    {
        QTest::addColumn<int>("prompts");
        QTest::addColumn<bool>("hasVerdict");
        QTest::newRow("49") << 49 << false;
        QTest::newRow("50") << 50 << true;
    }
    void aVerdictNeedsFiftyPrompts()
    {
        QFETCH(const int, prompts);
        QFETCH(const bool, hasVerdict);
        std::vector<Answer> answers;
        for (int p = 0; p < prompts; ++p) {
            for (const char* model : {"dry", "warm"}) {
                Answer& answer = answers.emplace_back();
                answer.model = ModelId(model);
                answer.prompt = PromptId("p" + std::to_string(100 + p));
                answer.text = model[0] == 'd' ? "It is on the way." : "Sure! It is on the way!";
            }
        }
        std::vector<ModelSpec> models(2);
        models[0].id = ModelId("dry");
        models[1].id = ModelId("warm");
        const cli::Comparison comparison = cli::compareAnswers(answers, models);
        const auto json = parseJson(comparison.json);
        QVERIFY2(json, comparison.json.c_str());
        QCOMPARE((*json)["pairs"][0]["differsP"].is_number(), hasVerdict);
        QCOMPARE(contains(comparison.text, "energy test"), hasVerdict);
        QCOMPARE(contains(comparison.text, "at least 50 prompts"), !hasVerdict);
        // All answers of one are alike, so that a difference in units of its spread says nothing.
        QVERIFY2(contains(comparison.text, "T points, effect not defined: the difference hardly "
                                           "varies from prompt to prompt"),
                 comparison.text.c_str());
        const Json& tones = (*json)["pairs"][0]["toneDifferences"];
        const auto warmth =
            std::ranges::find_if(tones, [](const Json& tone) { return tone["axis"] == "warmth"; });
        QVERIFY(warmth != tones.end() && (*warmth)["effect"].is_null());
        QVERIFY(contains((*warmth)["reason"].get<std::string>(), "hardly varies"));
    }

    void comparePutsThePolicyBesideItsModels()
    {
        QTemporaryDir folder;
        const std::string table = folder.filePath(QStringLiteral("routes.csv")).toStdString();
        const Ran text =
            run({"compare", "sample", "--prompts", "12", "--policy-column", "--routes-csv", table});
        QCOMPARE(text.code, 0);
        QVERIFY2(contains(text.out, "policy:support-desk"), text.out.c_str());
        QVERIFY2(contains(text.out, "Routes of the policy: 12 answers"), text.out.c_str());
        QVERIFY2(contains(text.out, "Simple questions -> palm-2"), text.out.c_str());
        const auto csv = readFile(table);
        QVERIFY(csv);
        QVERIFY2(csv->starts_with("prompt,sample,rule,route,tier,served by,failed before"),
                 csv->c_str());
        QCOMPARE(std::ranges::count(*csv, '\n'), 13);

        const Ran machine =
            run({"compare", "sample", "--prompts", "12", "--policy-column", "--json"});
        const auto json = parseJson(machine.out);
        QVERIFY2(json, machine.out.c_str());
        const Json& routes = (*json)["routes"];
        QCOMPARE(routes.size(), std::size_t(12));
        const Json& policy = (*json)["models"].back();
        QCOMPARE(policy["id"].get<std::string>(), std::string("policy:support-desk"));
        QVERIFY(policy["reused"].get<int>() > 0);
        double usd = 0;
        for (const Json& route : routes) {
            usd += route["costUsd"].get<double>();
            QVERIFY(!route["hops"].empty());
            QVERIFY(!route["tier"].get<std::string>().empty());
        }
        // What a user's request costs, though next to nothing was sent.
        if (policy["failed"].get<int>() == 0)
            QVERIFY(std::abs(policy["costPer1kUsd"].get<double>() - usd / 12 * 1000) < 1e-9);

        const Ran alone = run({"compare", "sample", "--prompts", "3", "--models", "none",
                               "--policy-column", "--policy-own-calls"});
        QCOMPARE(alone.code, 0);
        QVERIFY2(contains(alone.out, "; 0 the same answers"), alone.out.c_str());
        QCOMPARE(run({"compare", "sample", "--policy-own-calls"}).code, 2); // of what column?
    }

    void compareTakesPromptsOfOnesOwn_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("promptTemplate");
        QTest::newRow("lines") << QByteArray("First question?\n\nSecond\n") << QByteArray();
        QTest::newRow("objects") << QByteArray("{\"prompt\": \"First?\"}\n"
                                               "{\"id\": \"x\", \"prompt\": \"Second\"}\n")
                                 << QByteArray();
        QTest::newRow("rows") << QByteArray("word,language\ninvoice,German\nrefund,Spanish\n")
                              << QByteArray("Translate {{word}} into {{language}}");
        QTest::newRow("the same words") << QByteArray("{\"id\": \"a\", \"prompt\": \"One?\"}\n"
                                                      "{\"id\": \"b\", \"prompt\": \"One?\"}\n"
                                                      "{\"id\": \"c\", \"prompt\": \"Two?\"}\n")
                                        << QByteArray();
    }
    void compareTakesPromptsOfOnesOwn()
    {
        QFETCH(const QByteArray, file);
        QFETCH(const QByteArray, promptTemplate);
        const Folder folder;
        std::vector<std::string> arguments = {
            "compare", "sample",         "--models",
            "gpt-4",   "--prompts-file", folder.write("prompts", file.toStdString())};
        if (!promptTemplate.isEmpty())
            arguments.insert(arguments.end(), {"--prompt-template", promptTemplate.toStdString()});
        const Ran ran = run(arguments);
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QVERIFY2(contains(ran.out, "2 answers"), ran.out.c_str());
        const bool isRepeated = contains(ran.err, "already: 1;");
        QCOMPARE(isRepeated, file.count("One?") > 1);
        arguments[5] = "-";
        const Ran fromInput = run(arguments, file.toStdString());
        QCOMPARE(fromInput.out, ran.out);
    }

    void aFileOfWhichNotAllCanBeReadIsNotSent()
    {
        const Folder folder;
        const std::string mixed = folder.write("m.txt", "First?\n{\"prompt\": \"Second?\"}\n");
        const Ran both = run({"compare", "sample", "--prompts-file", mixed});
        QCOMPARE(both.code, 1);
        QVERIFY2(contains(both.err, "JSON objects stand among"), both.err.c_str());
        const Ran meant = run({"compare", "sample", "--models", "gpt-4", "--prompts-file", mixed,
                               "--prompts-format", "lines"});
        QVERIFY2(meant.code == 0, meant.err.c_str());
        const Ran ran =
            run({"compare", "sample", "--prompts-file",
                 folder.write("q.jsonl", "{\"prompt\": \"ok\"}\n{\"id\": 3}\n{\"id\": 4}\n")});
        QCOMPARE(ran.code, 1);
        QVERIFY2(contains(ran.err, "2 parts cannot be read: ") &&
                     contains(ran.err, "(2 times, first in line 2)"),
                 ran.err.c_str());
        QVERIFY(ran.out.empty());
        // Its lines are no prompts, and the head of a table least of all.
        const std::string words = folder.write("words.csv", "word,language\ninvoice,German\n");
        const Ran table = run({"compare", "sample", "--prompts-file", words});
        QCOMPARE(table.code, 1);
        QVERIFY2(contains(table.err, "no column of prompts") &&
                     contains(table.err, "--prompt-template"),
                 table.err.c_str());
        QVERIFY(table.out.empty());
        const Ran templated = run({"compare", "sample", "--models", "gpt-4", "--prompts-file",
                                   words, "--prompt-template", "Say {{word}} in {{language}}"});
        QVERIFY2(templated.code == 0, templated.err.c_str());
    }

    void answersFromFilesAreMeasuredAndKept()
    {
        const Folder folder;
        std::string first;
        std::string second = "question,model,output\n";
        for (int i = 0; i < 12; ++i) {
            const std::string question = "Question " + std::to_string(i) + "?";
            first += "{\"prompt\":\"" + question + "\",\"model\":\"terse\",\"answer\":\"No.\"}\n";
            second += question + ",chatty,\"Sure! Happy to help with this great one.\"\n";
            second += question + ",terse,Never.\n";
        }
        const std::string store = folder.path("kept.sqlite");
        const std::string one = folder.write("one.jsonl", first);
        const std::string broken = folder.write("broken.jsonl", "{\"model\":\"x\"}\n");
        const Ran half = run({"measure", one, broken, "--evidence", store});
        QCOMPARE(half.code, 1);
        QVERIFY2(contains(half.err, "broken.jsonl"), half.err.c_str());
        for (const char* missing : {"which prompt was answered", "the answer of x is empty"})
            QVERIFY2(contains(half.err, missing), half.err.c_str());
        QVERIFY(!QFile::exists(QString::fromStdString(store))); // all or none
        const Ran ran = run({"measure", one, folder.write("two.csv", second), "--evidence", store});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QVERIFY2(contains(ran.out, "36 answers"), ran.out.c_str());
        QVERIFY2(contains(ran.out, "terse / chatty"), ran.out.c_str());
        QVERIFY2(contains(ran.err, "two.csv: kept as run"), ran.err.c_str());
        const auto kept = EvidenceStore::openExisting(store);
        QVERIFY(kept.has_value());
        QCOMPARE(kept->runs()->size(), std::size_t(2));
        QVERIFY(kept->runs()->front().isOver());
    }

    void aRunLeavesAndComesBackInEveryForm()
    {
        const Folder folder;
        const std::string store = folder.path("kept.sqlite");
        const Ran asked = run({"compare", "sample", "--prompts", "12", "--evidence", store});
        QVERIFY2(asked.code == 0, asked.err.c_str());
        std::set<std::string> measured;
        for (const char* const form : {"html", "xlsx", "csv", "jsonl"}) {
            const std::string file = folder.path((std::string("run.") + form).c_str());
            const Ran wrote = run({"export-run", "--evidence", store, "--out", file});
            QVERIFY2(wrote.code == 0, wrote.err.c_str());
            QVERIFY2(contains(wrote.err, "36 answers of run "), wrote.err.c_str());
            const Ran read = run({"measure", file, "--json"});
            QVERIFY2(read.code == 0, read.err.c_str());
            measured.insert(read.out);
        }
        QCOMPARE(measured.size(), std::size_t(1)); // the same, whatever it went through
        const Ran printed = run({"export-run", "--evidence", store, "--format", "jsonl"});
        QCOMPARE(std::count(printed.out.begin(), printed.out.end(), '\n'), std::ptrdiff_t(36));
        QCOMPARE(run({"export-run", "none", "--evidence", store, "--format", "csv"}).code, 1);
        QCOMPARE(run({"export-run", "--evidence", store, "--out", folder.path("run.doc")}).code, 2);
        const Ran pdf = run({"export-run", "--evidence", store, "--out", folder.path("run.pdf")});
        QCOMPARE(pdf.code, 2);
        QVERIFY2(contains(pdf.err, "from the window: Voices, then Export"), pdf.err.c_str());
        const Ran missing =
            run({"export-run", "--evidence", folder.path("no.sqlite"), "--format", "csv"});
        QCOMPARE(missing.code, 1);
    }

    void promptsAreReadFromASheet()
    {
        const Folder folder;
        const std::vector<SheetDraft> sheets = {
            {"Notes", {{"text"}}, {{std::string("nothing")}}},
            {"Mine", {{"question"}}, {{std::string("Why is it?")}, {std::string("=1+1")}}}};
        const auto bytes = toWorkbook(sheets, "");
        QVERIFY(bytes.has_value());
        const std::string file = folder.write("book.xlsx", *bytes);
        const Ran ran = run({"compare", "sample", "--models", "gpt-4", "--prompts-file", file,
                             "--prompts-sheet", "Mine"});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        QVERIFY2(contains(ran.err, "2 prompts, read as xlsx"), ran.err.c_str());
        const Ran none =
            run({"compare", "sample", "--prompts-file", file, "--prompts-sheet", "Other"});
        QCOMPARE(none.code, 1);
        QVERIFY2(contains(none.err, "it has Notes, Mine"), none.err.c_str());
    }

    void inputHasALimit()
    {
        const Folder folder;
        std::istringstream in(std::string(200'000, 'x'));
        std::ostringstream out;
        const cli::Streams streams{in, out, out};
        const auto whole = cli::readInput("-", streams);
        QCOMPARE(whole->size(), std::size_t(200'000));
        in.clear();
        in.str(std::string(200'000, 'x'));
        QCOMPARE(cli::readInput("-", streams, 199'999).error().code, ErrorCode::TooLarge);
        const std::string file = folder.write("f", "123");
        QCOMPARE(*cli::readInput(file, streams, 3), std::string("123"));
        QCOMPARE(cli::readInput(file, streams, 2).error().code, ErrorCode::TooLarge);
    }

    void aStoreThatRefusesTheRunEndsTheCommand()
    {
        const Folder folder;
        const std::string file = folder.path("e.sqlite");
        QVERIFY(EvidenceStore::open(file).has_value());
        {
            QSqlDatabase other =
                QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
            other.setDatabaseName(QString::fromStdString(file));
            QVERIFY(other.open());
            QVERIFY(QSqlQuery(other).exec(
                QStringLiteral("CREATE TRIGGER full BEFORE INSERT ON run BEGIN SELECT "
                               "RAISE(ABORT, 'disk is full'); END")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("other"));
        const Ran ran = run({"compare", "sample", "--prompts", "2", "--evidence", file});
        QCOMPARE(ran.code, 1);
        QVERIFY2(contains(ran.err, "disk is full"), ran.err.c_str());
    }

    /// Answers that were paid for are not thrown away because the disk is full for a while.
    void aStoreThatRefusesAnswersIsWaitedFor()
    {
        const Folder folder;
        const std::string file = folder.path("e.sqlite");
        QVERIFY(EvidenceStore::open(file).has_value());
        onEvidence(file, kRefuseAnswers);
        Heard heard("The run waits", [&] { onEvidence(file, kAcceptAnswers); });
        std::istringstream in;
        std::ostringstream out;
        std::ostream err(&heard);
        const int code = cli::runCommandLine(
            {"compare", "sample", "--prompts", "2", "--evidence", file}, {in, out, err});
        QVERIFY2(code == 0, heard.str().c_str());
        QVERIFY2(contains(heard.str(), "disk is full"), heard.str().c_str());
        QCOMPARE(EvidenceStore::openExisting(file)->allAnswers()->size(), std::size_t(6));
    }

    void anExactRequestIsAnsweredFromTheEvidenceIfThatIsWanted()
    {
        const Folder folder;
        const std::string file = folder.path("e.sqlite");
        const std::vector<std::string> first = {"compare", "sample",     "--prompts",
                                                "2",       "--evidence", file};
        QCOMPARE(run(first).code, 0);
        std::vector<std::string> again = first;
        again.insert(again.end(), {"--reuse", "--json"});
        const Ran ran = run(again);
        QVERIFY2(ran.code == 0, ran.err.c_str());
        const auto json = parseJson(ran.out);
        QVERIFY2(json, ran.out.c_str());
        for (const Json& model : (*json)["models"]) {
            QCOMPARE(model["reused"].get<int>(), 2);
            QVERIFY(model["costPer1kUsd"].is_null()); // nothing was paid, and that is no price
        }
        QVERIFY2(contains(ran.err, "6 answers to exactly the same requests"), ran.err.c_str());
        QCOMPARE(run({"compare", "sample", "--reuse"}).code, 2); // of what evidence?
    }

    void aCapEndsTheRunWithACodeOfItsOwnAndItGoesOnWithAHigherOne()
    {
        const Folder folder;
        const std::string file = folder.path("e.sqlite");
        const std::vector<std::string> compare = {"compare",    "sample",   "--prompts",
                                                  "6",          "--models", "gpt-4",
                                                  "--evidence", file,       "--max-cost"};
        std::vector<std::string> tight = compare;
        tight.push_back("0.05");
        const Ran held = run(tight);
        QCOMPARE(held.code, 3);
        QVERIFY2(contains(held.err, "The cap of $0.05 on money is reached"), held.err.c_str());
        QVERIFY2(contains(held.err, "--resume "), held.err.c_str());
        QVERIFY(contains(held.out, "gpt-4")); // what is there is compared
        const auto stored = EvidenceStore::openExisting(file);
        const RunSummary summary = stored->runs()->front();
        const auto before = stored->answers(summary.id);
        const auto answered =
            std::size_t(std::ranges::count(*before, AnswerState::Done, &Answer::state));
        QVERIFY(answered > 0 && answered < 6);
        // What was spent before counts: the same cap sends nothing more.
        std::vector<std::string> again = tight;
        again.insert(again.end(), {"--resume", summary.id.value});
        const Ran same = run(again);
        QCOMPARE(same.code, 3);
        std::vector<std::string> raised = compare;
        raised.insert(raised.end(), {"5", "--resume", summary.id.value});
        const Ran whole = run(raised);
        QVERIFY2(whole.code == 0, whole.err.c_str());
        QCOMPARE(EvidenceStore::openExisting(file)->answers(summary.id)->size(), std::size_t(6));
        QCOMPARE(run({"compare", "sample", "--max-cost", "-1"}).code, 2);
        QCOMPARE(run({"compare", "sample", "--max-time", "soon"}).code, 2);
    }

    /// What the book knows of a model's price holds for the policy's own calls, too.
    void aCapOnMoneyCanBeKeptForAPolicyOfTheBooksModels()
    {
        const Folder folder;
        ModelSpec model;
        model.id = ModelId("mini");
        model.provider = "openai";
        model.upstreamModel = "gpt-4o-mini";
        model.keyRef = "env:SIGNALBOX_TEST_KEY_THAT_IS_ABSENT";
        const std::string policy =
            folder.write("policy.json", toJsonText(toJson(PolicyBuilder({})
                                                              .model(model)
                                                              .baseline("mini")
                                                              .otherwise(call("mini"))
                                                              .document())));
        const std::vector<std::string> compare = {"compare",   policy, "--models",       "none",
                                                  "--prompts", "1",    "--policy-column"};
        std::vector<std::string> capped = compare;
        capped.insert(capped.end(), {"--max-cost", "1"});
        const Ran ran = run(capped);
        QVERIFY2(!contains(ran.err, "is not known"), ran.err.c_str());
        QCOMPARE(ran.code, 1); // there is no key
        std::vector<std::string> asked = compare;
        asked.insert(asked.end(), {"--estimate", "--json"});
        const auto json = parseJson(run(asked).out);
        QVERIFY(json);
        QCOMPARE((*json)["calls"].get<int>(), 1);
        QVERIFY2((*json)["costUsd"].is_object(), toJsonText(*json).c_str());
        QVERIFY((*json)["worstUsd"].get<double>() >= (*json)["costUsd"]["high"].get<double>());
    }

    void whatARunWouldTakeIsSaidAndNothingIsSent()
    {
        const Folder folder;
        const std::string file = folder.path("e.sqlite");
        const Ran blind = run({"compare", "sample", "--prompts", "5", "--estimate"});
        QVERIFY2(blind.code == 0, blind.err.c_str());
        QVERIFY2(contains(blind.out, "15 calls to send: $"), blind.out.c_str());
        QVERIFY2(contains(blind.out, "length assumed"), blind.out.c_str());
        QCOMPARE(run({"compare", "sample", "--estimate", "--evidence", file}).code, 1);
        QCOMPARE(run({"compare", "sample", "--prompts", "5", "--evidence", file}).code, 0);
        const Ran known = run({"compare", "sample", "--prompts", "9", "--estimate", "--evidence",
                               file, "--reuse", "--json"});
        const auto json = parseJson(known.out);
        QVERIFY2(json, known.out.c_str());
        QCOMPARE((*json)["calls"].get<int>() + (*json)["reused"].get<int>(), 27);
        QVERIFY((*json)["reused"].get<int>() > 0);
        QVERIFY((*json)["costUsd"]["low"].get<double>() <=
                (*json)["costUsd"]["expected"].get<double>());
        QVERIFY((*json)["costUsd"]["high"].get<double>() <= (*json)["worstUsd"].get<double>());
        QVERIFY(!(*json)["models"][0]["lengthAssumed"].get<bool>());
        QCOMPARE(EvidenceStore::openExisting(file)->runs()->size(), std::size_t(1));
    }

    void aRunThatIsNotThereIsNotResumed()
    {
        const Folder folder;
        const std::string file = folder.path("e.sqlite");
        const Ran absent = run({"compare", "sample", "--evidence", file, "--resume", "nobody"});
        QCOMPARE(absent.code, 1);
        QVERIFY(!std::filesystem::exists(file));
        QCOMPARE(run({"compare", "sample", "--prompts", "1", "--evidence", file}).code, 0);
        const std::string id = EvidenceStore::openExisting(file)->runs()->front().id.value;
        const Ran wrong = run({"compare", "sample", "--evidence", file, "--resume", "nobody"});
        QCOMPARE(wrong.code, 1);
        QVERIFY2(contains(wrong.err, id), wrong.err.c_str());
        const Ran right =
            run({"compare", "sample", "--prompts", "1", "--evidence", file, "--resume", id});
        QVERIFY2(right.code == 0, right.err.c_str());
        QVERIFY2(contains(right.err, "not sent again"), right.err.c_str());
    }

    void aServerThatIsNotThereFailsWithAReason()
    {
        // Port 9 (discard) is not served on a test machine's loopback.
        const std::vector<std::string> also = {
            "compare", "sample", "--add", "m@http://127.0.0.1:9/v1", "--prompts", "1"};
        const Ran beside = run(also); // beside the models of the policy, which answer
        QCOMPARE(beside.code, 1);
        QVERIFY2(contains(beside.err, "m gave no answer to the only call: "), beside.err.c_str());
        QVERIFY2(contains(beside.err, "127.0.0.1:9"), beside.err.c_str());
        QVERIFY2(contains(beside.err, "(Start the server, or correct the base URL.) Mend that, or "
                                      "leave the model out.\n"),
                 beside.err.c_str());
        QVERIFY(contains(beside.out, "gpt-4")); // the others are compared all the same
        std::vector<std::string> only = also;
        only.insert(only.end(), {"--models", "none"});
        const Ran ran = run(only);
        QCOMPARE(ran.code, 1);
        QVERIFY2(contains(ran.err, "127.0.0.1:9"), ran.err.c_str());
    }

    void theSampleIsRunAndItsFilesAreWritten()
    {
        const Folder folder;
        const Ran ran = run({"sample", "--out", folder.path("s")});
        QVERIFY2(ran.code == 0, ran.err.c_str());
        for (const char* name : {"policy.json", "requests.jsonl", "report.html", "chart.svg",
                                 "comparison.json", "evidence.sqlite"})
            QVERIFY2(std::filesystem::exists(std::filesystem::path(folder.path("s")) / name), name);
        const std::string chart = *readFile(folder.path("s/chart.svg"));
        QVERIFY2(contains(chart, ">r1<") && contains(chart, "Support desk, r5\u2013r7"),
                 chart.c_str()); // the revisions that did not move the numbers are one mark
        // What was written says the same when it is read.
        const Ran again = run({"project", folder.path("s/policy.json"), "--traffic",
                               folder.path("s/requests.jsonl"), "--evidence",
                               folder.path("s/evidence.sqlite"), "--json"});
        QVERIFY2(again.code == 0, again.err.c_str());
        const Ran atOnce =
            run({"project", "sample", "--evidence", folder.path("s/evidence.sqlite"), "--json"});
        auto fromFile = parseJson(again.out);
        auto bundled = parseJson(atOnce.out);
        QVERIFY(fromFile && bundled);
        QCOMPARE((*fromFile)["traffic"].get<std::string>(), folder.path("s/requests.jsonl"));
        (*fromFile)["traffic"] = (*bundled)["traffic"];
        QVERIFY(*fromFile == *bundled);
        QVERIFY(contains(ran.out, folder.path("s")));
        QVERIFY(contains(ran.out, "simulated"));
        // A report of the run says the same of its voices.
        const std::string pair = "  gpt-4 / palm-2: ";
        const std::size_t at = ran.out.find(pair);
        QVERIFY(at != std::string::npos);
        const std::size_t begin = at + pair.size();
        const std::string measured = ran.out.substr(begin, ran.out.find(',', begin) - begin);
        const std::string page = folder.path("run.html");
        QCOMPARE(
            run({"export-run", "--evidence", folder.path("s/evidence.sqlite"), "--out", page}).code,
            0);
        QVERIFY2(contains(*readFile(page), '>' + measured + '<'), measured.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
