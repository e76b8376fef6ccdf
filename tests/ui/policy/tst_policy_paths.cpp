// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every part of a policy has a path; a path leads to its part, and one that leads nowhere
// falls back to the nearest thing that holds it.

#include <tests/support/policy_builder.h>
#include <ui/policy/flow_trail.h>
#include <ui/policy/policy_paths.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

Plan nestedPlan()
{
    return chain({split({{9'000, call("cheap")}, {1'000, call("middle")}}), call("dear")});
}

Condition nestedCondition()
{
    return anyOf({when("length", CompareOp::Gt, 200),
                  allOf({when("plan", CompareOp::Eq, "enterprise"), negated(when("asks"))})});
}

PolicyDocument policy()
{
    return PolicyBuilder({"cheap", "middle", "dear"})
        .measure("length", TextMeasure::Chars)
        .rule("hard", nestedCondition(), nestedPlan())
        .rule("easy", when("length", CompareOp::Lt, 20), call("cheap"))
        .document();
}

} // namespace

class TestPolicyPaths : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void plansAreFoundByPath_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("model"); // of the call found; empty: nothing there
        QTest::newRow("step") << "chain.steps[1]" << "dear";
        QTest::newRow("arm in a step") << "chain.steps[0].split.arms[1].plan" << "middle";
        QTest::newRow("step out of range") << "chain.steps[2]" << "";
        QTest::newRow("arm without its plan") << "chain.steps[0].split.arms[1]" << "";
        QTest::newRow("wrong kind") << "split.arms[0].plan" << "";
        QTest::newRow("no path at all") << "chain.steps[one]" << "";
    }
    void plansAreFoundByPath()
    {
        QFETCH(QString, path);
        QFETCH(QString, model);
        const Plan plan = nestedPlan();
        const Plan* const found = planAt(plan, path.toStdString());
        QCOMPARE(found != nullptr, !model.isEmpty());
        if (found)
            QCOMPARE(QString::fromStdString(std::get<Call>(found->node).model.value), model);
    }

    void conditionsAreFoundByPath_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("signal");
        QTest::newRow("first") << "any[0]" << "length";
        QTest::newRow("below not") << "any[1].all[1].not" << "asks";
        QTest::newRow("out of range") << "any[2]" << "";
        QTest::newRow("wrong kind") << "all[0]" << "";
    }
    void conditionsAreFoundByPath()
    {
        QFETCH(QString, path);
        QFETCH(QString, signal);
        const Condition condition = nestedCondition();
        const Condition* const found = conditionAt(condition, path.toStdString());
        QCOMPARE(found != nullptr, !signal.isEmpty());
        if (found)
            QCOMPARE(QString::fromStdString(std::get<Compare>(found->node).signal.value), signal);
    }

    void placesNameParentAndPosition()
    {
        QCOMPARE(placeOfPlan("chain.steps[1]"), (PathPlace{"", 1}));
        QCOMPARE(placeOfPlan("chain.steps[0].split.arms[1].plan"),
                 (PathPlace{"chain.steps[0]", 1}));
        QVERIFY(!placeOfPlan(""));
        QCOMPARE(placeOfCondition("any[1].all[1].not"), (PathPlace{"any[1].all[1]", 0}));
        QVERIFY(!placeOfCondition(""));
    }

    void findingsBecomeSelections_data()
    {
        using Kind = PolicySelection::Kind;
        QTest::addColumn<QString>("path");
        QTest::addColumn<PolicySelection>("selection");
        const auto row = [](const char* path, Kind kind, const char* id, const char* inner) {
            QTest::newRow(path) << QString::fromLatin1(path) << PolicySelection{kind, id, inner};
        };
        row("rules[0].plan.chain.steps[1]", Kind::Rule, "hard", "plan.chain.steps[1]");
        row("rules[hard].when.any[0]", Kind::Rule, "hard", "when.any[0]");
        row("rules[1].when.value", Kind::Rule, "easy", "when");
        row("rules[0].plan.chain.steps[1].call.model", Kind::Rule, "hard", "plan.chain.steps[1]");
        row("otherwise.call", Kind::Otherwise, "", "");
        row("models[2].price", Kind::Model, "dear", "");
        row("signals[length]", Kind::Signal, "length", "");
        row("gates[1]", Kind::Document, "", "gates[1]");
        row("rules[9]", Kind::Document, "", "rules[9]");
    }
    void findingsBecomeSelections()
    {
        QFETCH(QString, path);
        QFETCH(PolicySelection, selection);
        QCOMPARE(selectionFromPath(policy(), path.toStdString()), selection);
    }

    void aSelectionWhosePartIsGoneFallsBack()
    {
        const PolicyDocument document = policy();
        QCOMPARE(validSelection(document, selectRule(RuleId("hard"), "plan.chain.steps[7]")),
                 selectRule(RuleId("hard"), "plan"));
        QCOMPARE(validSelection(document, selectRule(RuleId("hard"), "when.any[1].all[9]")),
                 selectRule(RuleId("hard"), "when.any[1]"));
        QCOMPARE(validSelection(document, selectRule(RuleId("gone"))), PolicySelection{});
        QCOMPARE(validSelection(document, selectModel(ModelId("gone"))), PolicySelection{});
        QCOMPARE(validSelection(document, selectOtherwise("chain.steps[0]")), selectOtherwise());
    }

    void theTrailFollowsDrawnArmsAndFirstSteps()
    {
        const PolicyDocument document = policy();
        Trace trace;
        trace.decision.rule = 0;
        trace.decision.firstModel = 1;
        TraceCompare compare;
        compare.path = "rules[hard].when.any[0]";
        compare.holds = true;
        TraceRule hard;
        hard.id = RuleId("hard");
        hard.evaluated = hard.matched = true;
        hard.compares = {compare};
        TraceRule easy;
        easy.id = RuleId("easy");
        trace.rules = {hard, easy};
        trace.arms = {{"rules[hard].plan.chain.steps[0].split", 4'000'000'000u, 1}};
        const FlowTrail trail = trailOf(document, trace);
        QCOMPARE(trail.lane, selectRule(RuleId("hard")));
        QCOMPARE(trail.model, ModelId("middle"));
        const std::vector<std::string> nodes{"", "chain.steps[0]",
                                             "chain.steps[0].split.arms[1].plan"};
        QCOMPARE(trail.nodes, nodes);
        QCOMPARE(trail.rules.size(), std::size_t{1}); // the rule behind was not asked
        QVERIFY(trail.compares.at("hard").at("any[0]"));
    }
};

QTEST_MAIN(TestPolicyPaths)
#include "tst_policy_paths.moc"
