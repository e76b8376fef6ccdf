// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a gesture means the same edit wherever it is made, selects what it made, keeps weights
// at the whole, and applies cleanly and back.

#include <core/policy/policy_json.h>
#include <tests/support/policy_builder.h>
#include <ui/policy/condition_edits.h>
#include <ui/policy/plan_edits.h>
#include <ui/policy/policy_clipboard.h>
#include <ui/policy/policy_paths.h>

#include <QTest>

#include <numeric>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument policy()
{
    return PolicyBuilder({"cheap", "middle", "dear"})
        .measure("length", TextMeasure::Chars)
        .keywords("expert", {"legal"})
        .rule("hard", anyOf({when("length", CompareOp::Gt, 200), when("expert")}), call("dear"))
        .rule("easy", when("length", CompareOp::Lt, 20), call("cheap"))
        .rule("rest", negated(when("expert")), call("middle"))
        .document();
}

/// The document after a gesture; checks that the inverse brings back the old one.
PolicyDocument after(const PolicyDocument& before, const MaybeGesture& gesture)
{
    if (!gesture) {
        QTest::qFail("there is no gesture", __FILE__, __LINE__);
        return before;
    }
    PolicyDocument document = before;
    const auto inverse = apply(document, gesture->edit);
    if (!inverse) {
        QTest::qFail(toString(inverse.error()).c_str(), __FILE__, __LINE__);
        return before;
    }
    PolicyDocument undone = document;
    const auto redo = apply(undone, *inverse);
    if (!redo || undone != before)
        QTest::qFail("undo does not bring back the document", __FILE__, __LINE__);
    return document;
}

std::vector<std::string> ruleIds(const PolicyDocument& document)
{
    std::vector<std::string> ids;
    for (const Rule& rule : document.rules)
        ids.push_back(rule.id.value);
    return ids;
}

using Ids = std::vector<std::string>;

} // namespace

class TestPolicyEdits : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aNewRuleMatchesNothingAndGetsAFreeId()
    {
        const PolicyDocument before = policy();
        const PolicyGesture gesture =
            insertNewRule(before, newRuleIndex(before, selectRule(RuleId("hard"))));
        const PolicyDocument document = after(before, gesture);
        QCOMPARE(ruleIds(document), (Ids{"hard", "rule-1", "easy", "rest"}));
        QVERIFY(std::get<Any>(document.rules[1].when.node).conditions.empty());
        QCOMPARE(std::get<Call>(document.rules[1].plan.node).model, ModelId("dear"));
        QCOMPARE(gesture.after, selectRule(RuleId("rule-1")));
        QCOMPARE(ruleIds(after(document, insertNewRule(document, 9))).back(),
                 std::string("rule-2"));
    }

    void theFirstModelBecomesBaselineAndOtherwise()
    {
        const PolicyDocument document = after(PolicyDocument{}, insertNewModel(PolicyDocument{}));
        QCOMPARE(document.models.size(), std::size_t{1});
        QCOMPARE(document.baseline, document.models[0].id);
        QCOMPARE(std::get<Call>(document.otherwise.node).model, document.models[0].id);
    }

    void markedRulesAreDeletedTogether()
    {
        const PolicyDocument before = policy();
        const std::vector<RuleId> marked{RuleId("hard"), RuleId("easy")};
        const MaybeGesture gesture = removeSelected(before, selectRule(RuleId("easy")), marked);
        QCOMPARE(ruleIds(after(before, gesture)), (Ids{"rest"}));
        QCOMPARE(gesture->after, selectRule(RuleId("rest")));
        // Marks elsewhere do not count.
        QCOMPARE(ruleIds(after(before, removeSelected(before, selectRule(RuleId("rest")), marked))),
                 (Ids{"hard", "easy"}));
    }

    void duplicatesGetNewIdsBehindTheirOriginals()
    {
        const PolicyDocument before = policy();
        const PolicyDocument document =
            after(before, duplicateSelected(before, selectRule(RuleId("hard")),
                                            {RuleId("hard"), RuleId("easy")}));
        QCOMPARE(ruleIds(document), (Ids{"hard", "easy", "hard-2", "easy-2", "rest"}));
        QCOMPARE(document.rules[2].when, document.rules[0].when);
    }

    void rulesMoveWithinTheList()
    {
        const PolicyDocument before = policy();
        QCOMPARE(ruleIds(after(before, moveSelected(before, selectRule(RuleId("easy")), -1))),
                 (Ids{"easy", "hard", "rest"}));
        QVERIFY(!moveSelected(before, selectRule(RuleId("hard")), -1));
        QVERIFY(!moveSelected(before, selectRule(RuleId("rest")), +1));
    }

    void aFallbackWrapsACallAndExtendsAChain()
    {
        PolicyDocument document = policy();
        MaybeGesture gesture = addFallback(document, selectRule(RuleId("easy")));
        QCOMPARE(gesture->after, selectRule(RuleId("easy"), "plan.chain.steps[1]"));
        document = after(document, gesture);
        // Behind the first step, not at the end of a chain inside it.
        gesture = addFallback(document, selectRule(RuleId("easy"), "plan.chain.steps[0]"));
        QCOMPARE(gesture->after, selectRule(RuleId("easy"), "plan.chain.steps[1]"));
        document = after(document, gesture);
        const auto& steps = std::get<Chain>(document.rules[1].plan.node).steps;
        QCOMPARE(steps.size(), std::size_t{3});
        QCOMPARE(std::get<Call>(steps[0].node).model, ModelId("cheap"));
        QCOMPARE(std::get<Call>(steps[1].node).model, ModelId("dear")); // the baseline
    }

    void splitsKeepTheWhole()
    {
        PolicyDocument document = policy();
        document = after(document, makeSplit(document, selectOtherwise()));
        document = after(document, makeSplit(document, selectOtherwise()));
        const auto& arms = std::get<Split>(document.otherwise.node).arms;
        QCOMPARE(arms.size(), std::size_t{3});
        QCOMPARE(arms[0].weight, 8'100);
        QCOMPARE(arms[1].weight, 900);
        QCOMPARE(arms[2].weight, 1'000);
        // Removing an arm gives its weight to the others; the last one left is the plan itself.
        document = after(document, removeSelected(document, selectOtherwise(armPath("", 0))));
        const auto& left = std::get<Split>(document.otherwise.node).arms;
        QCOMPARE(left[0].weight + left[1].weight, 10'000);
        document = after(document, removeSelected(document, selectOtherwise(armPath("", 0))));
        QVERIFY(std::holds_alternative<Call>(document.otherwise.node));
    }

    void weightsAreRebalanced_data()
    {
        QTest::addColumn<QList<int>>("weights");
        QTest::addColumn<int>("changed");
        QTest::addColumn<int>("weight");
        QTest::addColumn<QList<int>>("expected");
        QTest::newRow("two") << QList<int>{9'000, 1'000} << 0 << 7'500 << QList<int>{7'500, 2'500};
        QTest::newRow("proportions stay")
            << QList<int>{5'000, 3'000, 2'000} << 0 << 0 << QList<int>{0, 6'000, 4'000};
        QTest::newRow("remainders") << QList<int>{4'000, 2'000, 2'000, 2'000} << 0 << 0
                                    << QList<int>{0, 3'334, 3'333, 3'333};
        QTest::newRow("from nothing")
            << QList<int>{10'000, 0, 0} << 0 << 9'999 << QList<int>{9'999, 1, 0};
        QTest::newRow("too much") << QList<int>{5'000, 5'000} << 1 << 20'000
                                  << QList<int>{0, 10'000};
        QTest::newRow("alone") << QList<int>{3} << 0 << 5 << QList<int>{10'000};
    }
    void weightsAreRebalanced()
    {
        QFETCH(QList<int>, weights);
        QFETCH(int, changed);
        QFETCH(int, weight);
        QFETCH(QList<int>, expected);
        const std::vector<int> result =
            rebalanced({weights.begin(), weights.end()}, static_cast<std::size_t>(changed), weight);
        QCOMPARE(QList<int>(result.begin(), result.end()), expected);
        QCOMPARE(std::accumulate(result.begin(), result.end(), 0), 10'000);
    }

    void callingAnotherModelKeepsTheBudgets()
    {
        PolicyDocument document = policy();
        document.otherwise = call("cheap", {500, 4'000, {}});
        document = after(document, callModel(document, selectOtherwise(), ModelId("dear")));
        QCOMPARE(document.otherwise, call("dear", {500, 4'000, {}}));
        QVERIFY(!callModel(document, selectOtherwise(), ModelId("dear")));
    }

    void conditionsAreAddedWhereTheyAreSelected()
    {
        PolicyDocument document = policy();
        // In a group: at its end.
        MaybeGesture gesture = addCondition(document, selectRule(RuleId("hard"), "when"));
        QCOMPARE(gesture->after, selectRule(RuleId("hard"), "when.any[2]"));
        // At a comparison in a group: behind it.
        gesture = addCondition(document, selectRule(RuleId("hard"), "when.any[0]"));
        QCOMPARE(gesture->after, selectRule(RuleId("hard"), "when.any[1]"));
        // At a lone comparison: both must hold.
        gesture = addCondition(document, selectRule(RuleId("easy")));
        document = after(document, gesture);
        QCOMPARE(std::get<All>(document.rules[1].when.node).conditions.size(), std::size_t{2});
        // At a negated one: behind the negation, not inside it.
        document = after(document, addCondition(document, selectRule(RuleId("rest"), "when.not")));
        const auto& both = std::get<All>(document.rules[2].when.node).conditions;
        QVERIFY(std::holds_alternative<Not>(both[0].node));
    }

    void removingTheLastConditionOfAnInnerGroupRemovesTheGroup()
    {
        PolicyDocument document = policy();
        document.rules[0].when = anyOf({when("expert"), allOf({when("length", CompareOp::Gt, 5)})});
        document = after(
            document, removeSelected(document, selectRule(RuleId("hard"), "when.any[1].all[0]")));
        QCOMPARE(document.rules[0].when, anyOf({when("expert")}));
        // Of the root group an empty one is left, which matches nothing and says so.
        document =
            after(document, removeSelected(document, selectRule(RuleId("hard"), "when.any[0]")));
        QCOMPARE(document.rules[0].when, Condition{Any{}});
    }

    void negationGoesOnAndOff()
    {
        const PolicyDocument before = policy();
        const MaybeGesture on = negateCondition(before, selectRule(RuleId("easy"), "when"));
        QCOMPARE(on->after, selectRule(RuleId("easy"), "when.not"));
        const PolicyDocument negative = after(before, on);
        QCOMPARE(after(negative, negateCondition(negative, on->after)), before);
    }

    void aNegatedConditionMovesWithItsNegation()
    {
        PolicyDocument document = policy();
        document.rules[0].when = anyOf({when("length", CompareOp::Gt, 1), negated(when("expert"))});
        const MaybeGesture gesture =
            moveSelected(document, selectRule(RuleId("hard"), "when.any[1].not"), -1);
        QCOMPARE(gesture->after, selectRule(RuleId("hard"), "when.any[0].not"));
        QCOMPARE(after(document, gesture).rules[0].when,
                 anyOf({negated(when("expert")), when("length", CompareOp::Gt, 1)}));
    }

    void copiedRulesArriveElsewhereWithWhatTheyNeed()
    {
        const PolicyDocument from = policy();
        const std::string text = copySelected(from, selectRule(RuleId("hard")));
        const PolicyDocument to = PolicyBuilder({"other"}).document();
        const auto gesture = paste(to, {}, text);
        QVERIFY2(gesture, gesture ? "" : toString(gesture.error()).c_str());
        const PolicyDocument document = after(to, *gesture);
        QCOMPARE(document.rules.size(), std::size_t{1});
        QCOMPARE(document.rules[0], from.rules[0]);
        QVERIFY(document.findSignal(SignalId("length")) && document.findSignal(SignalId("expert")));
        QVERIFY(document.findModel(ModelId("dear")));
        QVERIFY(!document.findModel(ModelId("cheap")));
        QCOMPARE(gesture->after, selectRule(RuleId("hard")));
    }

    void pastingIntoTheSameDocumentMakesNewIds()
    {
        const PolicyDocument before = policy();
        for (const PolicySelection& selection :
             {selectRule(RuleId("hard")), selectModel(ModelId("dear")),
              selectSignal(SignalId("length"))}) {
            const auto gesture = paste(before, selection, copySelected(before, selection));
            QVERIFY(gesture);
            QCOMPARE(gesture->after.kind, selection.kind);
            QCOMPARE(gesture->after.id, selection.id + "-2");
            after(before, *gesture);
        }
    }

    void bareJsonCanBePasted_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("problem"); // a part of the sentence; empty: it works
        QTest::newRow("rule")
            << QByteArray(R"({"id":"hard","when":{"any":[]},"plan":{"call":{"model":"dear"}}})")
            << "";
        QTest::newRow("rules")
            << QByteArray(R"([{"id":"x","when":{"any":[]},"plan":{"call":{"model":"dear"}}}])")
            << "";
        QTest::newRow("plan") << QByteArray(R"({"call":{"model":"cheap"}})") << "";
        QTest::newRow("condition")
            << QByteArray(R"({"signal":"length","op":"gt","value":9})") << "";
        QTest::newRow("prose") << QByteArray("hello") << "no JSON";
        QTest::newRow("a number") << QByteArray("12") << "no part of a policy";
        QTest::newRow("something else") << QByteArray(R"({"name":"x"})") << "no part of a policy";
        QTest::newRow("a broken rule")
            << QByteArray(R"({"id":"x","when":{"any":[]},"plan":{"call":{}}})") << "model";
    }
    void bareJsonCanBePasted()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, problem);
        const PolicyDocument before = policy();
        const auto gesture = paste(before, selectRule(RuleId("hard")), text.toStdString());
        QCOMPARE(gesture.has_value(), problem.isEmpty());
        if (gesture)
            QVERIFY(after(before, *gesture) != before);
        else
            QVERIFY2(QString::fromStdString(toString(gesture.error())).contains(problem),
                     toString(gesture.error()).c_str());
    }

    /// After an undo or an edit of the source a selection may name what is not there any more.
    void nothingIsDoneToAPartThatIsGone_data()
    {
        QTest::addColumn<QString>("path");
        for (const char* const path :
             {"when.any[2]", "when.any[2].not", "when.any[0].all[1]", "when.not",
              "plan.chain.steps[2]", "plan.chain.steps[0].chain.steps[4]",
              "plan.split.arms[3].plan"})
            QTest::newRow(path) << QString::fromLatin1(path);
    }
    void nothingIsDoneToAPartThatIsGone()
    {
        QFETCH(QString, path);
        PolicyDocument document = policy();
        for (const Plan& plan : {call("cheap"), chain({call("cheap"), call("dear")}),
                                 split({{5'000, call("cheap")}, {5'000, call("dear")}})}) {
            document.rules[0].plan = plan;
            const PolicySelection gone = selectRule(RuleId("hard"), path.toStdString());
            QVERIFY(!moveSelected(document, gone, -1));
            QVERIFY(!moveSelected(document, gone, +1));
            QVERIFY(!removeSelected(document, gone));
            QVERIFY(!duplicateSelected(document, gone));
            using Gesture = MaybeGesture (*)(const PolicyDocument&, const PolicySelection&);
            const std::vector<Gesture> gestures =
                path.startsWith(QLatin1String("when"))
                    ? std::vector<Gesture>{addCondition, addConditionGroup, wrapCondition,
                                           negateCondition}
                    : std::vector<Gesture>{wrapInChain, addFallback, makeSplit, unwrapSelected};
            for (const Gesture gesture : gestures)
                QVERIFY(!gesture(document, gone));
        }
    }

    void copiedPlansAndConditionsReadBack()
    {
        PolicyDocument document = policy();
        document.rules[0].plan = chain({call("cheap"), call("dear")}, 2'000, ChainMode::Hedge);
        const std::string plan = copySelected(document, selectRule(RuleId("hard"), "plan"));
        const auto gesture = paste(document, selectRule(RuleId("easy")), plan);
        QVERIFY(gesture);
        QCOMPARE(after(document, *gesture).rules[1].plan, document.rules[0].plan);
        const std::string condition =
            copySelected(document, selectRule(RuleId("hard"), "when.any[1]"));
        const auto second = paste(document, selectRule(RuleId("easy")), condition);
        QVERIFY(second);
        QCOMPARE(after(document, *second).rules[1].when,
                 allOf({when("length", CompareOp::Lt, 20), when("expert")}));
    }
};

QTEST_MAIN(TestPolicyEdits)
#include "tst_policy_edits.moc"
