// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the layout of the flow shows every lane, node and model once, without overlap, edges as
// wide as their traffic, and maps points and keys back to what they mean.

#include <tests/support/policy_builder.h>
#include <ui/policy/flow_navigation.h>
#include <ui/policy/policy_paths.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

/// Metrics without fonts: seven pixels a character.
FlowMetrics metrics()
{
    FlowMetrics made;
    made.textWidth = [](FlowText, const QString& text) {
        return 7.0 * static_cast<qreal>(text.size());
    };
    return made;
}

PolicyDocument policy()
{
    PolicyDocument document =
        PolicyBuilder({"cheap", "dear"})
            .measure("length", TextMeasure::Chars)
            .rule("short", when("length", CompareOp::Lt, 50), call("cheap"))
            .rule("tricky",
                  anyOf({when("length", CompareOp::Gt, 500),
                         negated(when("length", CompareOp::Gt, 5))}),
                  chain({split({{9'000, call("cheap")}, {1'000, call("dear")}}), call("dear")},
                        2'000))
            .document();
    document.otherwise = call("dear");
    return document;
}

FlowTraffic traffic()
{
    FlowTraffic made;
    made.requests = 1'000;
    made.rules["short"] = {500, 0.5, 0.1, 0, {{"cheap", 0.5}}};
    made.rules["tricky"] = {300, 0.3, 0.4, 0.02, {{"cheap", 0.25}, {"dear", 0.05}}};
    made.otherwise = LaneTraffic{200, 0.2, 0.5, 0.01, {{"dear", 0.2}}};
    made.servedShare = {{"cheap", 0.75}, {"dear", 0.25}};
    return made;
}

FlowLayout layout()
{
    return layoutFlow(policy(), traffic(), metrics());
}

const FlowNode& nodeAt(const FlowLane& lane, const std::string& path)
{
    for (const FlowNode& node : lane.nodes) {
        if (node.path == path)
            return node;
    }
    qFatal("no node at %s", path.c_str());
}

} // namespace

class TestFlowLayout : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void lanesFollowTheDocument()
    {
        PolicyDocument document = policy();
        document.holdout = Holdout{0.03, StickyUnit::Conversation, "h", ModelId("dear")};
        const FlowLayout flow = layoutFlow(document, {}, metrics());
        QCOMPARE(flow.lanes.size(), std::size_t{4});
        QCOMPARE(flow.lanes[0].kind, FlowLane::Kind::Holdout);
        QCOMPARE(flow.lanes[1].id, std::string("short"));
        QCOMPARE(flow.lanes[2].id, std::string("tricky"));
        QCOMPARE(flow.lanes[3].kind, FlowLane::Kind::Otherwise);
        QCOMPARE(flow.gaps.size(), std::size_t{3});
        QCOMPARE(flow.gaps[2].index, std::size_t{2});
        // A gap lies between its lanes.
        QVERIFY(flow.gaps[1].rect.top() >= flow.lanes[1].rect.bottom());
        QVERIFY(flow.gaps[1].rect.bottom() <= flow.lanes[2].rect.top());
    }

    void nothingOverlaps()
    {
        const FlowLayout flow = layout();
        std::vector<QRectF> parts{flow.source};
        for (const FlowLane& lane : flow.lanes) {
            parts.push_back(lane.rect);
            std::vector<QRectF> inner;
            for (const FlowChip& chip : lane.chips)
                inner.push_back(chip.rect);
            for (const FlowNode& node : lane.nodes)
                inner.push_back(node.pill);
            if (!lane.stats.isNull())
                inner.push_back(lane.stats);
            for (std::size_t i = 0; i < inner.size(); ++i) {
                QVERIFY(lane.rect.contains(inner[i]));
                for (std::size_t j = i + 1; j < inner.size(); ++j)
                    QVERIFY(!inner[i].intersects(inner[j]));
            }
        }
        for (const FlowStation& station : flow.stations)
            parts.push_back(station.rect);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            QVERIFY(flow.bounds.contains(parts[i]));
            for (std::size_t j = i + 1; j < parts.size(); ++j)
                QVERIFY(!parts[i].intersects(parts[j]));
        }
    }

    void edgesAreAsWideAsTheirTraffic()
    {
        const FlowLayout flow = layout();
        const FlowMetrics m = metrics();
        for (const FlowEdge& edge : flow.edges)
            QCOMPARE(edge.width, std::max(m.thinnest, edge.share * m.ribbon));
        // Everything that comes in is divided among the lanes.
        double intake = 0;
        double served = 0;
        for (const FlowEdge& edge : flow.edges)
            (edge.kind == FlowEdge::Kind::Intake ? intake : served) += edge.share;
        QCOMPARE(intake, 1.0);
        QCOMPARE(served, 1.0);
    }

    void aModelNamedTwiceGetsItsNominalPartFirst()
    {
        const FlowLayout flow = layout();
        const FlowLane& tricky = flow.lanes[1];
        // 10 % of 30 % were drawn to it, what it served beyond came after failures.
        QCOMPARE(nodeAt(tricky, "chain.steps[0].split.arms[1].plan").share, 0.03);
        QVERIFY(qAbs(nodeAt(tricky, "chain.steps[1]").share - 0.02) < 1e-12);
        QCOMPARE(nodeAt(tricky, "chain.steps[0].split.arms[0].plan").share, 0.25);
        QVERIFY(nodeAt(tricky, "chain.steps[1]").fallback);
        QVERIFY(!nodeAt(tricky, "chain.steps[0].split.arms[0].plan").fallback);
    }

    void aMissingModelGetsAStationOfItsOwn()
    {
        PolicyDocument document = policy();
        document.rules[0].plan = call("gone");
        const FlowLayout flow = layoutFlow(document, {}, metrics());
        QCOMPARE(flow.stations.size(), std::size_t{3});
        QCOMPARE(flow.stations[2].model, -1);
        QCOMPARE(flow.stations[2].id, ModelId("gone"));
    }

    void longConditionsAreCutWithACount()
    {
        PolicyDocument document = policy();
        std::vector<Condition> many;
        for (int i = 0; i < 30; ++i)
            many.push_back(when("length", CompareOp::Gt, i));
        document.rules[0].when = anyOf(many);
        const FlowLayout flow = layoutFlow(document, {}, metrics());
        const FlowLane& lane = flow.lanes[0];
        int shown = 0;
        for (const FlowChip& chip : lane.chips)
            shown += chip.kind == ConditionChip::Kind::Compare ? 1 : 0;
        QVERIFY(shown > 2 && shown < 30);
        QCOMPARE(lane.chips.back().text, QStringLiteral("+%1").arg(30 - shown));
        for (const FlowChip& chip : lane.chips)
            QVERIFY(lane.rect.contains(chip.rect));
    }

    void pointsHitWhatIsThere_data()
    {
        const FlowLayout flow = layout();
        const FlowLane& tricky = flow.lanes[1];
        QTest::addColumn<QPointF>("point");
        QTest::addColumn<FlowHit::Part>("part");
        QTest::addColumn<PolicySelection>("selection");
        using Part = FlowHit::Part;
        const RuleId id("tricky");
        const FlowNode& arm = nodeAt(tricky, "chain.steps[0].split.arms[1].plan");
        QTest::newRow("grip") << tricky.grip.center() << Part::Grip << selectRule(id);
        QTest::newRow("switch") << tricky.toggle.center() << Part::Toggle << selectRule(id);
        QTest::newRow("label") << tricky.label.center() << Part::Label << selectRule(id);
        QTest::newRow("chip") << tricky.chips[0].rect.center() << Part::Chip
                              << selectRule(id, "when.any[0]");
        QTest::newRow("call") << arm.pill.center() << Part::Node
                              << selectRule(id, "plan.chain.steps[0].split.arms[1].plan");
        QTest::newRow("caption") << nodeAt(tricky, "").pill.center() << Part::Node
                                 << selectRule(id, "plan");
        QTest::newRow("port") << arm.port() << Part::Port
                              << selectRule(id, "plan.chain.steps[0].split.arms[1].plan");
        QTest::newRow("station") << flow.stations[1].rect.center() << Part::Station
                                 << selectModel(ModelId("dear"));
        QTest::newRow("gap") << flow.gaps[1].plus() << Part::Gap << PolicySelection{};
        QTest::newRow("requests") << flow.source.center() << Part::Source << selectDocument();
        QTest::newRow("otherwise")
            << flow.lanes[2].label.center() << Part::Label << selectOtherwise();
        QTest::newRow("nothing") << QPointF(-500, -500) << Part::Nothing << PolicySelection{};
    }
    void pointsHitWhatIsThere()
    {
        QFETCH(QPointF, point);
        QFETCH(FlowHit::Part, part);
        QFETCH(PolicySelection, selection);
        const FlowHit hit = hitTest(layout(), point);
        QCOMPARE(hit.part, part);
        QCOMPARE(hit.selection, selection);
    }

    void aDraggedLaneLandsWhereItsEdgePassesTheMiddle()
    {
        PolicyDocument document = policy();
        document.rules.push_back(document.rules[0]);
        document.rules.back().id = RuleId("third");
        const FlowLayout flow = layoutFlow(document, {}, metrics());
        const RuleId first("short");
        const QRectF& own = flow.lanes[0].rect;
        QCOMPARE(dropIndex(flow, first, own.top()), std::size_t{0});
        QCOMPARE(dropIndex(flow, first, flow.lanes[1].rect.center().y() - own.height() + 1),
                 std::size_t{1});
        QCOMPARE(dropIndex(flow, first, flow.bounds.bottom()), std::size_t{2});
        const RuleId last("third");
        QCOMPARE(dropIndex(flow, last, flow.lanes[1].rect.center().y() + 1), std::size_t{2});
        QCOMPARE(dropIndex(flow, last, flow.lanes[1].rect.center().y() - 1), std::size_t{1});
        QCOMPARE(dropIndex(flow, last, -100), std::size_t{0});
    }

    void tabVisitsEveryLaneAndModelOnce()
    {
        const std::vector<PolicySelection> expected{
            selectDocument(),  selectRule(RuleId("short")),   selectRule(RuleId("tricky")),
            selectOtherwise(), selectModel(ModelId("cheap")), selectModel(ModelId("dear"))};
        QCOMPARE(tabOrder(layout()), expected);
    }

    void arrowsGoThroughALaneAndBack()
    {
        const FlowLayout flow = layout();
        const RuleId id("tricky");
        PolicySelection at = selectRule(id);
        std::vector<PolicySelection> way;
        for (int i = 0; i < 9; ++i) {
            at = neighbour(flow, at, FlowStep::Right);
            way.push_back(at);
        }
        const std::vector<PolicySelection> expected{
            selectRule(id, "when.any[0]"),
            selectRule(id, "when.any[1].not"),
            selectRule(id, "plan"),
            selectRule(id, "plan.chain.steps[0]"),
            selectRule(id, "plan.chain.steps[0].split.arms[0].plan"),
            selectRule(id, "plan.chain.steps[0].split.arms[1].plan"),
            selectRule(id, "plan.chain.steps[1]"),
            selectModel(ModelId("dear")),
            selectModel(ModelId("dear")),
        };
        QCOMPARE(way, expected);
        QCOMPARE(neighbour(flow, selectRule(id, "when.any[0]"), FlowStep::Left), selectRule(id));
        QCOMPARE(neighbour(flow, selectRule(id), FlowStep::Left), selectDocument());
        QCOMPARE(neighbour(flow, selectRule(id), FlowStep::Down), selectOtherwise());
        QCOMPARE(neighbour(flow, selectRule(id), FlowStep::Up), selectRule(RuleId("short")));
        QCOMPARE(neighbour(flow, selectRule(id, "plan.chain.steps[0]"), FlowStep::Down),
                 selectRule(id, "plan.chain.steps[0].split.arms[0].plan"));
        QCOMPARE(neighbour(flow, selectOtherwise(), FlowStep::Down), selectOtherwise());
        QCOMPARE(neighbour(flow, selectModel(ModelId("dear")), FlowStep::Up),
                 selectModel(ModelId("cheap")));
        QCOMPARE(neighbour(flow, {}, FlowStep::Down), selectRule(RuleId("short")));
    }

    void trafficIsTakenByNameNotByPosition()
    {
        Projection projection;
        projection.requests = 10;
        projection.flow = {{0, 7, 0.7, 0.5, 0, {0.6, 0.1}},
                           {Decision::kOtherwise, 3, 0.3, 0.5, 0, {0, 0.3}}};
        projection.servedShare = {0.6, 0.4};
        PolicyDocument document = policy();
        const FlowTraffic known = flowTrafficOf(document, projection);
        std::swap(document.rules[0], document.rules[1]);
        const FlowLayout flow = layoutFlow(document, known, metrics());
        QCOMPARE(flow.lanes[1].id, std::string("short"));
        QCOMPARE(flow.lanes[1].share, 0.7);
        QCOMPARE(flow.lanes[0].share, 0.0);
    }

    void aPolicyWithoutAnythingHasALayout()
    {
        const FlowLayout flow = layoutFlow({}, {}, metrics());
        QCOMPARE(flow.lanes.size(), std::size_t{1});
        QCOMPARE(flow.gaps.size(), std::size_t{1});
        QVERIFY(flow.bounds.contains(flow.lanes[0].rect));
    }
};

QTEST_MAIN(TestFlowLayout)
#include "tst_flow_layout.moc"
