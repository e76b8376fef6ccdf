// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a plan that becomes one of another kind keeps what both can say; cascades, pools and
// margins are made, changed and dissolved by the gestures that make chains and splits; a heading
// comes and goes without a change to any decision.

#include <core/policy/lint.h>
#include <tests/support/policy_builder.h>
#include <ui/policy/group_edits.h>
#include <ui/policy/margin_edits.h>
#include <ui/policy/plan_edits.h>
#include <ui/policy/policy_clipboard.h>
#include <ui/policy/policy_paths.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

Plan cascade(std::vector<Plan> steps, Acceptance accept = usualAcceptance())
{
    return {Cascade{std::move(steps), std::move(accept), {}}};
}

Plan pool(const std::vector<std::string>& models)
{
    Pool made;
    for (const std::string& model : models)
        made.members.push_back(std::get<Call>(call(model).node));
    return {made};
}

PolicyDocument policy(Plan plan)
{
    return PolicyBuilder({"cheap", "middle", "dear"})
        .measure("length", TextMeasure::Chars)
        .rule("long", when("length", CompareOp::Gt, 200), std::move(plan))
        .rule("short", when("length", CompareOp::Lt, 20), call("cheap"));
}

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

const Plan& planOf(const PolicyDocument& document)
{
    return document.rules.front().plan;
}

PolicySelection at(const std::string& path)
{
    return selectPlanNode(RuleId("long"), path);
}

bool hasErrors(const PolicyDocument& document)
{
    for (const Finding& finding : lint(document)) {
        if (finding.severity == Severity::Error)
            return true;
    }
    return false;
}

std::vector<std::string> modelNames(const Plan& plan)
{
    std::vector<std::string> names;
    for (const ModelId& model : modelsOf(plan))
        names.push_back(model.value);
    return names;
}

using Names = std::vector<std::string>;

} // namespace

class TestLanguageEdits : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void everyKindBecomesEveryOther()
    {
        const Plan plans[] = {call("cheap"), chain({call("cheap"), call("dear")}, 2'000),
                              split({{7'000, call("cheap")}, {3'000, call("dear")}}),
                              cascade({call("cheap"), call("dear")}), pool({"cheap", "dear"})};
        for (const Plan& from : plans) {
            for (const PlanKind kind : {PlanKind::Call, PlanKind::Chain, PlanKind::Split,
                                        PlanKind::Cascade, PlanKind::Pool}) {
                const Plan made = converted(from, kind, ModelId("dear"));
                QCOMPARE(kindOf(made), kind);
                QCOMPARE(tierOf(made), ModelId("cheap"));
                QVERIFY(!hasErrors(policy(made)));
                if (kind != PlanKind::Call)
                    QCOMPARE(modelNames(made), (Names{"cheap", "dear"}));
            }
        }
    }

    void aChainBecomesACascadeAndBackWithItsBudgets()
    {
        const Plan before = chain({call("cheap", {500, 9'000, {2, 100, 2}}), call("dear")}, 2'000);
        const Plan checked = converted(before, PlanKind::Cascade, ModelId("dear"));
        QCOMPARE(std::get<Cascade>(checked.node).deadlineMs, std::optional(2'000));
        QVERIFY(!std::get<Cascade>(checked.node).accept.refusals.empty());
        QCOMPARE(converted(checked, PlanKind::Chain, ModelId("dear")), before);
    }

    void aCallIsCheckedByACascade()
    {
        const PolicyDocument before = policy(call("cheap", {500, {}, {}}));
        const MaybeGesture gesture = makeCascade(before, at(""));
        const PolicyDocument document = after(before, gesture);
        const auto& made = std::get<Cascade>(planOf(document).node);
        QCOMPARE(made.steps.size(), std::size_t{2});
        QCOMPARE(std::get<Call>(made.steps[0].node).firstTokenMs, std::optional(500));
        QCOMPARE(made.steps[1], call("dear"));
        QVERIFY(!hasErrors(document));
        QCOMPARE(gesture->after, at(""));
    }

    void noCascadeStandsInACascade()
    {
        const PolicyDocument document =
            policy(cascade({chain({call("cheap"), call("middle")}), call("dear")}));
        QVERIFY(!makeCascade(document, at("cascade.steps[0]")));
        QVERIFY(!makeCascade(document, at("cascade.steps[0].chain.steps[1]")));
        const PolicyDocument longer = after(document, makeCascade(document, at("")));
        QCOMPARE(std::get<Cascade>(planOf(longer).node).steps.size(), std::size_t{3});
    }

    void stepsOfACascadeAreAddedMovedAndRemoved()
    {
        PolicyDocument document = policy(cascade({call("cheap"), call("dear")}));
        const MaybeGesture added = addFallback(document, at("cascade.steps[0]"));
        document = after(document, added);
        QCOMPARE(added->after, at("cascade.steps[1]"));
        QCOMPARE(std::get<Cascade>(planOf(document).node).steps.size(), std::size_t{3});
        const MaybeGesture moved = movePlanNode(document, at(""), "cascade.steps[2]", -1);
        document = after(document, moved);
        QCOMPARE(moved->after, at("cascade.steps[1]"));
        document = after(document, removePlanNode(document, at(""), "cascade.steps[2]"));
        // With one step left there is nothing to check.
        document = after(document, removePlanNode(document, at(""), "cascade.steps[1]"));
        QCOMPARE(planOf(document), call("cheap"));
    }

    void membersOfAPoolAreCalls()
    {
        PolicyDocument document = policy(pool({"cheap", "middle"}));
        const std::string second = "pool.members[1]";
        document = after(document, callModel(document, at(second), ModelId("dear")));
        QCOMPARE(modelNames(planOf(document)), (Names{"cheap", "dear"}));
        // A member cannot be a chain: what would make it one is done to the pool.
        const MaybeGesture chained = addFallback(document, at(second));
        QCOMPARE(std::get<Chain>(planOf(after(document, chained)).node).steps.size(),
                 std::size_t{2});
        QVERIFY(!setPlan(document, at(second), chain({call("cheap")})));
        const MaybeGesture grown = makePool(document, at(second));
        QCOMPARE(grown->after, at("pool.members[2]"));
        document = after(document, duplicatePlanNode(document, at(""), second));
        QCOMPARE(std::get<Pool>(planOf(document).node).members.size(), std::size_t{3});
        document = after(document, movePlanNode(document, at(""), "pool.members[0]", +1));
        QCOMPARE(tierOf(planOf(document)), ModelId("dear"));
        document = after(document, removePlanNode(document, at(""), "pool.members[2]"));
        document = after(document, removePlanNode(document, at(""), "pool.members[0]"));
        QCOMPARE(planOf(document), call("cheap"));
    }

    void aMemberCanBeCopiedAndPasted()
    {
        const PolicyDocument document = policy(pool({"cheap", "middle"}));
        const std::string text = copySelected(document, at("pool.members[1]"));
        const auto pasted = paste(document, at("pool.members[0]"), text);
        QVERIFY(pasted.has_value());
        QCOMPARE(modelNames(planOf(after(document, *pasted))), (Names{"middle"}));
    }

    void theAmbiguousOnesGoThroughACascade()
    {
        const PolicyDocument before = policy(call("dear"));
        const MaybeGesture gesture = addMargin(before, selectRule(RuleId("long")));
        const PolicyDocument document = after(before, gesture);
        const Rule& rule = document.rules.front();
        QVERIFY(rule.uncertain.has_value());
        QCOMPARE(rule.uncertain->signal, SignalId("length"));
        QCOMPARE(rule.uncertain->margin, 20.0); // a tenth of 200
        // The cheaper one first, whichever of them the rule itself calls.
        QCOMPARE(modelNames(rule.uncertain->plan), (Names{"cheap", "dear"}));
        QCOMPARE(gesture->after, selectUncertain(RuleId("long")));
        QVERIFY(!hasErrors(document));
        QVERIFY(!addMargin(document, selectRule(RuleId("long"))));
        const PolicyDocument removed =
            after(document, removeSelected(document, selectUncertain(RuleId("long"))));
        QCOMPARE(removed, before);
    }

    void aRuleWithoutALimitHasNoMargin()
    {
        PolicyDocument document = policy(call("dear"));
        document.rules.front().when = when("length", CompareOp::Eq, 7);
        QVERIFY(!addMargin(document, selectRule(RuleId("long"))));
    }

    void gesturesOnTheMarginsPlanLeaveTheRulesAlone()
    {
        PolicyDocument document = policy(call("dear"));
        document = after(document, addMargin(document, selectRule(RuleId("long"))));
        const PolicySelection step = selectUncertainPlan(RuleId("long"), "cascade.steps[0]");
        const MaybeGesture gesture = callModel(document, step, ModelId("middle"));
        document = after(document, gesture);
        QCOMPARE(gesture->after, step);
        QCOMPARE(planOf(document), call("dear"));
        QCOMPARE(tierOf(document.rules.front().uncertain->plan), ModelId("middle"));
    }

    void aSelectionFindsItsPlaceAgain()
    {
        PolicyDocument document = policy(cascade({call("cheap"), call("dear")}));
        document = after(document, addMargin(document, selectRule(RuleId("long"))));
        const auto found = [&](const char* path) { return selectionFromPath(document, path); };
        QCOMPARE(found("rules[0].plan.cascade.steps[1]"), at("cascade.steps[1]"));
        QCOMPARE(found("rules[0].plan.cascade.accept.verifier.model"), at(""));
        QCOMPARE(found("rules[0].uncertain.margin"), selectUncertain(RuleId("long")));
        QCOMPARE(found("rules[long].uncertain.plan.cascade.steps[0].call.model"),
                 selectUncertainPlan(RuleId("long"), "cascade.steps[0]"));
        QCOMPARE(found("rules[1].uncertain.margin"), selectRule(RuleId("short")));
        document.rules[0].plan = pool({"cheap", "dear"});
        QCOMPARE(found("rules[0].plan.pool.members[1].model"), at("pool.members[1]"));
        QCOMPARE(found("rules[0].plan.pool.members[2]"), at(""));
    }

    void headingsComeAndGo()
    {
        const PolicyDocument before = policy(call("dear"));
        const std::vector<RuleId> both{RuleId("long"), RuleId("short")};
        const MaybeGesture added = addGroup(before, selectRule(RuleId("long")), both);
        PolicyDocument document = after(before, added);
        QCOMPARE(added->after, selectGroup(0));
        QCOMPARE(document.groups.size(), std::size_t{1});
        QCOMPARE(document.rules[1].group, document.groups[0].id);
        // A rule that is added between two of them is one of them.
        const PolicyDocument grown = after(document, insertNewRule(document, 1));
        QCOMPARE(grown.rules[1].group, document.groups[0].id);
        const PolicyDocument left =
            after(document, setGroup(document, selectRule(RuleId("short")), {}));
        QVERIFY(left.rules[1].group.empty());
        QCOMPARE(after(document, removeSelected(document, selectGroup(0))), before);
    }

    void rulesTakeTheirHeadingAlong()
    {
        PolicyDocument document = policy(call("dear"));
        document = after(document, addGroup(document, selectRule(RuleId("long"))));
        const std::string text = copySelected(document, selectRule(RuleId("long")));
        PolicyDocument empty = PolicyBuilder({"cheap", "middle", "dear"});
        const auto pasted = paste(empty, {}, text);
        QVERIFY(pasted.has_value());
        const PolicyDocument made = after(empty, *pasted);
        QCOMPARE(made.groups, document.groups);
        QCOMPARE(made.rules.front().group, document.groups.front().id);
    }
};

QTEST_MAIN(TestLanguageEdits)
#include "tst_language_edits.moc"
