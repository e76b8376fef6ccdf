// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a difference names its part by id, says before and after, and equal documents have none.

#include <core/policy/diff.h>
#include <core/policy/edit.h>
#include <core/policy/renames.h>
#include <tests/support/policy_builder.h>
#include <tests/support/random_policy.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::string textOf(const std::vector<Change>& changes)
{
    static constexpr const char* kSigns[] = {"+", "-", "*", ">"};
    std::string text;
    for (const Change& change : changes)
        text += std::string(kSigns[int(change.kind)]) + ' ' + change.path + ": " + change.before +
                " => " + change.after + '\n';
    return text;
}

PolicyDocument sample()
{
    return PolicyBuilder({"cheap", "dear"})
        .measure("length", TextMeasure::Chars)
        .keywords("legal", {"legal"})
        .rule("a", when("length", CompareOp::Gt, 200), call("dear"))
        .rule("b", when("legal"), call("dear"))
        .rule("c", when("length", CompareOp::Lt, 10), call("cheap"))
        .holdout(0.1, "dear")
        .with([](PolicyDocument& policy) {
            policy.gates = {{GateMetric::CostSaving, 0.4, {}, GateScope::Total},
                            {GateMetric::SatisfactionRatio, 0.95, {}, GateScope::Segment}};
        });
}

} // namespace

class TestPolicyDiff : public QObject
{
    Q_OBJECT
private slots:
    void equalDocumentsHaveNone()
    {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            const PolicyDocument policy = RandomPolicy(seed).document();
            QCOMPARE(textOf(diff(policy, policy)), std::string());
        }
    }

    void differentDocumentsHaveSome()
    {
        RandomPolicy random(3);
        PolicyDocument policy = random.document();
        for (int i = 0; i < 500; ++i) {
            const PolicyDocument before = policy;
            if (!apply(policy, random.edit(policy, 1)) || policy == before)
                continue;
            QVERIFY(!diff(before, policy).empty());
        }
    }

    void partsAreNamedByTheirIds()
    {
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        after.revision = 2;
        after.models[0].price.reset();
        after.models[1].contextTokens = 8192;
        after.decideBy = DecisionUnit::Conversation;
        std::get<KeywordsSource>(after.signalList[1].source).match = KeywordMatch::Word;
        after.signalList[0].source = MeasureSource{TextMeasure::Words, TextScope::LastUser};
        after.rules[0].enabled = false;
        after.rules[0].plan = call("cheap");
        after.rules.erase(after.rules.begin() + 1);
        after.holdout->share = 0.05;
        after.answerStyle.maxWords = 120;
        after.voice.words = VoiceContract::Band{40, 160};
        after.gates[1].atLeast = 0.9;
        after.gates.erase(after.gates.begin());
        PolicyTest test;
        test.request = ask("hi");
        test.expectOtherwise = true;
        after.tests = {test};
        QCOMPARE(QByteArray::fromStdString(textOf(diff(before, after))),
                 QByteArray("* revision: 1 => 2\n"
                            "- models[cheap].price: "
                            "{\"inputPerMTok\":1,\"outputPerMTok\":2,\"asOf\":\"2023-06-13\"} => \n"
                            "+ models[dear].contextTokens:  => 8192\n"
                            "* decideBy: \"request\" => \"conversation\"\n"
                            "* signals[length]: {\"id\":\"length\",\"source\":\"chars\"} => "
                            "{\"id\":\"length\",\"source\":\"words\"}\n"
                            "+ signals[legal].match:  => \"word\"\n"
                            "- rules[b]: "
                            "{\"id\":\"b\",\"label\":\"b\",\"when\":{\"signal\":\"legal\",\"op\":"
                            "\"eq\",\"value\":true},\"plan\":{\"call\":{\"model\":\"dear\"}}} => \n"
                            "* rules[a].enabled: true => false\n"
                            "* rules[a].plan: {\"call\":{\"model\":\"dear\"}} => "
                            "{\"call\":{\"model\":\"cheap\"}}\n"
                            "* holdout.share: 0.1 => 0.05\n"
                            "+ answerStyle.maxWords:  => 120\n"
                            "+ voice.words:  => [40,160]\n"
                            "- gates[costSaving]: {\"metric\":\"costSaving\",\"atLeast\":0.4} => \n"
                            "* gates[satisfactionRatio per segment].atLeast: 0.95 => 0.9\n"
                            "+ tests[0]:  => "
                            "{\"request\":{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]},"
                            "\"expect\":{\"rule\":null}}\n"));
    }

    void onlyWhatLeftItsOrderHasMoved()
    {
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        std::rotate(after.rules.begin(), after.rules.begin() + 2, after.rules.end());
        QCOMPARE(textOf(diff(before, after)), std::string("> rules[c]: 2 => 0\n"));
        QCOMPARE(textOf(diff(after, before)), std::string("> rules[c]: 0 => 2\n"));
    }

    void anInsertionMovesNothing()
    {
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        Rule rule = before.rules[0];
        rule.id = RuleId("new");
        after.rules.insert(after.rules.begin(), rule);
        const auto changes = diff(before, after);
        QCOMPARE(changes.size(), std::size_t(1));
        QCOMPARE(changes[0].kind, Change::Kind::Added);
        QCOMPARE(changes[0].path, std::string("rules[new]"));
    }

    void aPathFallsIntoItsParts_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("section");
        QTest::addColumn<QString>("item");
        QTest::addColumn<QString>("member");
        const auto row = [](const char* path, const char* section, const char* item,
                            const char* member) {
            QTest::newRow(path) << QString::fromUtf8(path) << QString::fromUtf8(section)
                                << QString::fromUtf8(item) << QString::fromUtf8(member);
        };
        row("otherwise", "otherwise", "", "");
        row("holdout.share", "holdout", "", "share");
        row("rules[a]", "rules", "a", "");
        row("rules[a.b].when", "rules", "a.b", "when");
        row("rules[a[0]].plan", "rules", "a[0]", "plan");
        row("gates[satisfactionRatio per segment].atLeast", "gates",
            "satisfactionRatio per segment", "atLeast");
        row("tests[3]", "tests", "3", "");
        row("voice.tone[warmth]", "voice", "", "tone[warmth]");
    }
    void aPathFallsIntoItsParts()
    {
        QFETCH(const QString, path);
        Change change;
        change.path = path.toStdString();
        const ChangePlace place = placeOf(change);
        QTEST(QString::fromStdString(std::string(place.section)), "section");
        QTEST(QString::fromStdString(std::string(place.item)), "item");
        QTEST(QString::fromStdString(std::string(place.member)), "member");
    }

    void onlyTheOrderOfRulesSaysAnything()
    {
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        std::ranges::reverse(after.models);
        std::ranges::reverse(after.signalList);
        std::ranges::reverse(after.gates);
        const auto changes = diff(before, after);
        QVERIFY(!changes.empty());
        QVERIFY(std::ranges::all_of(changes, isNoise));
        std::ranges::reverse(after.rules);
        QVERIFY(!std::ranges::all_of(diff(before, after), isNoise));
    }

    void whatOnlyGotAnotherIdIsFound()
    {
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        ModelSpec model = before.models[0];
        model.id = ModelId("frugal");
        Signal length = before.signalList[0];
        length.id = SignalId("characters");
        Rule rule = before.rules[1];
        rule.id = RuleId("law");
        rule.label = "Legal questions";
        QVERIFY(apply(after, ReplaceModel{before.models[0].id, model}).has_value());
        QVERIFY(apply(after, ReplaceSignal{before.signalList[0].id, length}).has_value());
        QVERIFY(apply(after, ReplaceRule{before.rules[1].id, rule}).has_value());
        const std::vector<Rename> renames = renamesBetween(before, after);
        QCOMPARE(renames, (std::vector<Rename>{{Rename::Kind::Model, "cheap", "frugal"},
                                               {Rename::Kind::Signal, "length", "characters"},
                                               {Rename::Kind::Rule, "b", "law"}}));
        PolicyDocument called = withRenames(before, renames);
        QCOMPARE(textOf(diff(called, after)), std::string("* rules[law].label: \"b\" => "
                                                          "\"Legal questions\"\n"));
    }

    /// Two rules that do the same are told apart by their ids alone.
    void whatIsInBothIsNoRename()
    {
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        Rule twin = before.rules[0];
        twin.id = RuleId("twin");
        after.rules.push_back(twin);
        QVERIFY(renamesBetween(before, after).empty());
        after.rules[0].id = RuleId("new");
        const std::vector<Rename> renames = renamesBetween(before, after);
        QCOMPARE(renames, (std::vector<Rename>{{Rename::Kind::Rule, "a", "new"}}));
        PolicyDocument changed = before;
        changed.rules[0].id = RuleId("new");
        changed.rules[0].plan = call("cheap");
        QVERIFY(renamesBetween(before, changed).empty());
    }

    void renamesOfAnyEditsTakeNothingAway()
    {
        RandomPolicy random(7);
        PolicyDocument policy = random.document();
        for (int i = 0; i < 300; ++i) {
            const PolicyDocument before = policy;
            if (!apply(policy, random.edit(policy, 1)))
                continue;
            const PolicyDocument called = withRenames(before, renamesBetween(before, policy));
            QCOMPARE(called.rules.size(), before.rules.size());
            QCOMPARE(called.models.size(), before.models.size());
            QCOMPARE(called.signalList.size(), before.signalList.size());
        }
    }

    void aHoldoutComesAndGoesWhole()
    {
        PolicyDocument with = sample();
        PolicyDocument without = with;
        without.holdout.reset();
        QCOMPARE(
            textOf(diff(without, with)),
            std::string("+ holdout:  => {\"share\":0.1,\"salt\":\"h1\",\"model\":\"dear\"}\n"));
        QCOMPARE(
            textOf(diff(with, without)),
            std::string("- holdout: {\"share\":0.1,\"salt\":\"h1\",\"model\":\"dear\"} => \n"));
    }
};

QTEST_GUILESS_MAIN(TestPolicyDiff)
#include "tst_policy_diff.moc"
