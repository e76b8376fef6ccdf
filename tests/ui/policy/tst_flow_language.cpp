// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: cascades with what they accept, pools, margins with their plans and headings have their
// places on the canvas, by keyboard too, and the way of a tried request lights up through them.

#include "language_policy.h"

#include <core/routing/compiled_policy.h>
#include <ui/policy/flow_navigation.h>
#include <ui/policy/flow_trail.h>
#include <ui/policy/policy_paths.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

FlowMetrics metrics()
{
    FlowMetrics made;
    made.textWidth = [](FlowText, const QString& text) {
        return 7.0 * static_cast<qreal>(text.size());
    };
    return made;
}

FlowLayout layout(const FlowTraffic& traffic = {})
{
    return layoutFlow(languagePolicy(), traffic, metrics());
}

const FlowLane& laneOf(const FlowLayout& flow, const char* rule)
{
    return flow.lanes[static_cast<std::size_t>(flow.laneIndexOf(RuleId(rule)))];
}

std::vector<FlowNode::Kind> kindsOf(const FlowLane& lane)
{
    std::vector<FlowNode::Kind> kinds;
    for (const FlowNode& node : lane.nodes)
        kinds.push_back(node.kind);
    return kinds;
}

using Kind = FlowNode::Kind;

FlowTrail trailFor(std::size_t length)
{
    const PolicyDocument document = languagePolicy();
    const auto policy = CompiledPolicy::compile(document);
    if (!policy)
        qFatal("%s", toString(policy.error()).c_str());
    return trailOf(document, policy->explain(ask(std::string(length, 'x'))));
}

} // namespace

class TestFlowLanguage : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aCascadeShowsItsStepsAndWhatItAccepts()
    {
        const FlowLayout flow = layout();
        const FlowLane& lane = laneOf(flow, "middling");
        QCOMPARE(kindsOf(lane), (std::vector{Kind::Cascade, Kind::Check, Kind::Call, Kind::Call}));
        const FlowNode& check = lane.nodes[1];
        QVERIFY(check.title.contains(QLatin1String("no refusal, at least 20 words, judge agrees")));
        QVERIFY(lane.nodes[2].leadText.isEmpty());
        QVERIFY(!lane.nodes[3].leadText.isEmpty()); // "rejected"
        QVERIFY(lane.nodes[3].lead.bottom() <= lane.nodes[3].pill.top());
        QVERIFY(lane.nodes[3].fallback);
        QVERIFY(!lane.nodes[2].fallback);
    }

    void aCheckLeadsToItsModel()
    {
        const FlowLayout flow = layout();
        const int lane = flow.laneIndexOf(RuleId("middling"));
        const int judge = flow.stationIndexOf(ModelId("judge"));
        const auto edges = std::ranges::count_if(flow.edges, [&](const FlowEdge& edge) {
            return edge.lane == lane && edge.station == judge &&
                   edge.kind == FlowEdge::Kind::Verify;
        });
        QCOMPARE(edges, 1);
    }

    void aPoolsMembersAreCalls()
    {
        const FlowLayout flow = layout();
        const FlowLane& lane = flow.lanes.back();
        QCOMPARE(kindsOf(lane), (std::vector{Kind::Pool, Kind::Call, Kind::Call}));
        QCOMPARE(lane.selectionOf(lane.nodes[2]), selectOtherwise("pool.members[1]"));
        QVERIFY(!lane.nodes[2].fallback); // nobody has to fail first
    }

    void aCallThatAsksOtherwiseSaysHow()
    {
        const FlowLayout flow = layout();
        const FlowNode& node = laneOf(flow, "short").nodes[0];
        QVERIFY(node.asksOtherwise);
        QVERIFY(node.hint.contains(QLatin1String("temperature 0.2")));
    }

    void aMarginIsASecondPartOfItsLane()
    {
        const FlowLayout flow = layout();
        const FlowLane& lane = laneOf(flow, "long");
        QVERIFY(!lane.margin.isNull());
        QVERIFY(lane.rect.contains(lane.margin));
        const auto chip = std::ranges::find_if(lane.chips, [](const FlowChip& each) {
            return each.isMargin && each.kind == ConditionChip::Kind::Compare;
        });
        QVERIFY(chip != lane.chips.end());
        QCOMPARE(chip->text, QStringLiteral("within 10 of length"));
        QCOMPARE(lane.selectionOf(*chip), selectUncertain(RuleId("long")));
        QVERIFY(lane.nodes[0].rect.bottom() <= lane.margin.top());
        QCOMPARE(lane.selectionOf(lane.nodes[1]), selectUncertainPlan(RuleId("long"), ""));
        QCOMPARE(lane.selectionOf(lane.nodes.back()),
                 selectUncertainPlan(RuleId("long"), "cascade.steps[1]"));
        for (std::size_t i = 1; i < lane.nodes.size(); ++i)
            QVERIFY(lane.margin.united(lane.rect).contains(lane.nodes[i].rect));
    }

    void whatAMarginClaimsIsCountedApart()
    {
        FlowTraffic traffic;
        traffic.requests = 100;
        traffic.rules["long"] = {40, 0.4, 0.5, 0, {{"cheap", 0.1}, {"dear", 0.3}}, {}};
        // Only the margin calls cheap; both call dear. As long as it is not known who did:
        const FlowLayout before = layout(traffic);
        const FlowLane& unknown = laneOf(before, "long");
        QVERIFY(unknown.marginStats.isNull());
        for (const FlowNode& node : unknown.nodes)
            QVERIFY(node.shareText.isEmpty());

        traffic.rules["long"].margin = {0.15, 0.2, {{"cheap", 0.1}, {"dear", 0.05}}};
        const FlowLayout after = layout(traffic);
        const FlowLane& lane = laneOf(after, "long");
        QVERIFY(qAbs(lane.nodes[0].share - 0.25) < 1e-9);
        QVERIFY(qAbs(lane.nodes[3].share - 0.1) < 1e-9);
        QVERIFY(qAbs(lane.nodes[4].share - 0.05) < 1e-9);
        QCOMPARE(lane.nodes[4].shareText, PolicyWords::share(0.05));
        QVERIFY(lane.marginStatsText.contains(PolicyWords::share(0.15)));
        QVERIFY(lane.margin.contains(lane.marginStats));
    }

    void aHeadingStandsOverItsLanes()
    {
        const FlowLayout flow = layout();
        QCOMPARE(flow.headings.size(), std::size_t{1});
        const FlowHeading& heading = flow.headings[0];
        QCOMPARE(heading.text, QStringLiteral("By size"));
        QCOMPARE(heading.firstLane, 0);
        QCOMPARE(heading.lastLane, 1);
        QVERIFY(heading.rect.bottom() <= flow.lanes[0].rect.top());
        QVERIFY(heading.rect.top() >= flow.gaps[0].rect.bottom());
        QCOMPARE(flow.rectOf(selectGroup(0)), heading.rect);
        const FlowHit hit = hitTest(flow, heading.rect.center());
        QCOMPARE(hit.part, FlowHit::Part::Heading);
        QCOMPARE(hit.selection, selectGroup(0));
    }

    void keysReachHeadingsMarginsAndMembers()
    {
        const FlowLayout flow = layout();
        const PolicySelection first = selectRule(RuleId("long"));
        QCOMPARE(neighbour(flow, first, FlowStep::Up), selectGroup(0));
        QCOMPARE(neighbour(flow, selectGroup(0), FlowStep::Down), first);
        QCOMPARE(neighbour(flow, selectGroup(0), FlowStep::Up), selectGroup(0));
        std::vector<PolicySelection> way;
        PolicySelection at = first;
        while (at.kind == PolicySelection::Kind::Rule) {
            at = neighbour(flow, at, FlowStep::Right);
            QVERIFY(std::ranges::find(way, at) == way.end());
            way.push_back(at);
        }
        QVERIFY(std::ranges::find(way, selectUncertain(RuleId("long"))) != way.end());
        QVERIFY(std::ranges::find(way, selectUncertainPlan(RuleId("long"), "cascade.steps[1]")) !=
                way.end());
        QCOMPARE(way.back(), selectModel(ModelId("dear")));
        QCOMPARE(neighbour(flow, selectOtherwise("pool.members[0]"), FlowStep::Down),
                 selectOtherwise("pool.members[1]"));
        QCOMPARE(tabOrder(flow)[1], selectGroup(0));
    }

    void theTrailGoesThroughACascade()
    {
        const FlowTrail trail = trailFor(70);
        QCOMPARE(trail.lane, selectRule(RuleId("middling")));
        QVERIFY(!trail.isUncertain);
        QCOMPARE(trail.nodes, (std::vector<std::string>{"", "cascade.steps[0]"}));
    }

    void theTrailGoesThroughAMargin()
    {
        const FlowTrail trail = trailFor(105);
        QCOMPARE(trail.lane, selectRule(RuleId("long")));
        QVERIFY(trail.isUncertain);
        QCOMPARE(trail.nodes, (std::vector<std::string>{"", "cascade.steps[0]"}));
        QCOMPARE(trail.model, ModelId("cheap"));
        QVERIFY(!trailFor(200).isUncertain);
    }

    void theTrailGoesThroughAPool()
    {
        const FlowTrail trail = trailFor(30);
        QCOMPARE(trail.lane, selectOtherwise());
        QCOMPARE(trail.nodes, (std::vector<std::string>{"", "pool.members[0]"}));
    }
};

QTEST_MAIN(TestFlowLanguage)
#include "tst_flow_language.moc"
