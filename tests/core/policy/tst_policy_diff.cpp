// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a difference names its part by id, says before and after, and equal documents have none.

#include <core/policy/diff.h>
#include <core/policy/edit.h>
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
