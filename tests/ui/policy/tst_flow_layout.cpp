// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the layout of the flow shows every lane, node and model once, without overlap, edges as
// wide as their traffic and with few crossings, uses the room it gets, and maps points and keys
// back to what they mean.

#include <tests/support/policy_builder.h>
#include <ui/kit/theme.h>
#include <ui/policy/flow_navigation.h>
#include <ui/policy/policy_paths.h>

#include <QTest>

#include <limits>

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
            for (const QRectF& line : {lane.stats, lane.loss}) {
                if (!line.isNull())
                    inner.push_back(line);
            }
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

    void edgesBeginOnTheBorderOfTheirLane()
    {
        const FlowLayout flow = layout();
        for (const FlowEdge& edge : flow.edges) {
            const FlowLane& lane = flow.lanes[static_cast<std::size_t>(edge.lane)];
            if (edge.node < 0) {
                QCOMPARE(edge.to.x(), lane.rect.left());
                continue;
            }
            const FlowNode& node = lane.nodes[static_cast<std::size_t>(edge.node)];
            QCOMPARE(edge.from, node.port());
            QCOMPARE(edge.from, QPointF(lane.rect.right(), node.pill.center().y()));
        }
    }

    void edgesLeaveTheRequestsWithinTheirCard_data()
    {
        QTest::addColumn<int>("rules");
        QTest::newRow("few lanes") << 2;
        QTest::newRow("more than fit at full scale") << 60;
    }
    void edgesLeaveTheRequestsWithinTheirCard()
    {
        QFETCH(int, rules);
        PolicyBuilder builder({"cheap", "dear"});
        builder.measure("length", TextMeasure::Chars);
        FlowTraffic known;
        for (int i = 0; i < rules; ++i) {
            const std::string id = "r" + std::to_string(i);
            builder.rule(id, when("length", CompareOp::Lt, i), call("cheap"));
            known.rules[id] = {1, 0.4 / rules, 0, 0, {{"cheap", 0.4 / rules}}};
        }
        known.otherwise = LaneTraffic{600, 0.6, 1, 0, {{"dear", 0.6}}};
        PolicyDocument document = builder.document();
        document.otherwise = call("dear");
        const FlowLayout flow = layoutFlow(document, known, metrics());
        qreal y = flow.source.top() + radius::kCard - 1e-6;
        qreal scale = 0;
        for (const FlowEdge& edge : flow.edges) {
            if (edge.kind == FlowEdge::Kind::Intake) {
                QCOMPARE(edge.from.x(), flow.source.right());
                QVERIFY(edge.from.y() - edge.width / 2 >= y - 1e-6);
                y = edge.from.y() + edge.width / 2;
            }
            // One scale from end to end.
            if (edge.share == 0.6) {
                QVERIFY(qFuzzyIsNull(scale) || qFuzzyCompare(edge.width / edge.share, scale));
                scale = edge.width / edge.share;
            }
        }
        QVERIFY(scale > 0);
        QVERIFY2(y <= flow.source.bottom() - radius::kCard + 1e-6,
                 qPrintable(QString::number(y - flow.source.bottom())));
    }

    void edgesReachAModelBelowEachOther_data()
    {
        QTest::addColumn<int>("rules");
        QTest::addColumn<qreal>("leastGap");
        QTest::newRow("few") << 3 << metrics().arrivalGap;
        QTest::newRow("many") << 30 << 0.5;
    }
    void edgesReachAModelBelowEachOther()
    {
        QFETCH(int, rules);
        QFETCH(qreal, leastGap);
        PolicyBuilder builder({"cheap", "dear"});
        builder.measure("length", TextMeasure::Chars);
        FlowTraffic known;
        for (int i = 0; i < rules; ++i) {
            const std::string id = "r" + std::to_string(i);
            builder.rule(id, when("length", CompareOp::Lt, i),
                         chain({call("cheap"), call("dear")}));
            const double share = 0.8 / rules;
            known.rules[id] = {1, share, 0, 0, {{"cheap", share * 0.9}, {"dear", share * 0.1}}};
        }
        known.otherwise = LaneTraffic{200, 0.2, 1, 0, {{"dear", 0.2}}};
        PolicyDocument document = builder.document();
        document.otherwise = call("dear");
        const FlowLayout flow = layoutFlow(document, known, metrics());
        for (std::size_t s = 0; s < flow.stations.size(); ++s) {
            std::vector<FlowEdge> edges;
            for (const FlowEdge& edge : flow.edges) {
                if (edge.station == static_cast<int>(s))
                    edges.push_back(edge);
            }
            std::ranges::sort(edges, {}, [](const FlowEdge& edge) { return edge.to.y(); });
            const QRectF& card = flow.stations[s].rect;
            qreal from = -1e9;
            qreal bottom = card.top() + radius::kCard - leastGap;
            for (const FlowEdge& edge : edges) {
                QCOMPARE(edge.to.x(), card.left());
                QVERIFY2(edge.from.y() > from, "edges cross");
                from = edge.from.y();
                QVERIFY(edge.to.y() - edge.width / 2 >= bottom + leastGap - 1e-6);
                bottom = edge.to.y() + edge.width / 2;
            }
            QVERIFY(bottom <= card.bottom() - radius::kCard);
        }
    }

    void theMainEdgeOfAModelIsStraight()
    {
        const FlowLayout flow = layout();
        for (const FlowStation& station : flow.stations) {
            const FlowEdge* main = nullptr;
            for (const FlowEdge& edge : flow.edges) {
                if (edge.station == flow.stationIndexOf(station.id) &&
                    (!main || edge.share > main->share))
                    main = &edge;
            }
            QVERIFY(main);
            QCOMPARE(main->to.y(), main->from.y());
        }
    }

    void aPlansCaptionStandsBesideTheTitle()
    {
        for (const FlowLane& lane : layout().lanes) {
            if (lane.nodes.front().kind != FlowNode::Kind::Call)
                QCOMPARE(lane.nodes.front().pill.center().y(), lane.label.center().y());
            else
                QCOMPARE(lane.nodes.front().pill.center().y(), lane.rect.center().y());
        }
    }

    void modelsStandWhereTheirTrafficComesFrom()
    {
        // In the document the dear model is first; its traffic comes from below.
        PolicyDocument document = policy();
        std::swap(document.models[0], document.models[1]);
        const FlowLayout flow = layoutFlow(document, traffic(), metrics());
        QCOMPARE(flow.stations[0].id, ModelId("cheap"));
        QCOMPARE(flow.stations[1].id, ModelId("dear"));
        QCOMPARE(flow.stations[1].model, 0);
        // Without traffic from anywhere a model stands behind the others.
        ModelSpec unused;
        unused.id = ModelId("spare");
        document.models.insert(document.models.begin(), unused);
        const FlowLayout spare = layoutFlow(document, traffic(), metrics());
        QCOMPARE(spare.stations[2].id, ModelId("spare"));
        for (std::size_t i = 0; i < spare.stations.size(); ++i)
            QVERIFY(i == 0 ||
                    spare.stations[i].rect.top() >= spare.stations[i - 1].rect.bottom() + 12);
    }

    void modelsThatAreHeldStayWhereTheyAre()
    {
        FlowFrame frame;
        frame.heldStations = {{"cheap", 300}, {"dear", 40}};
        FlowLayout flow = layoutFlow(policy(), traffic(), metrics(), frame);
        QCOMPARE(flow.stations[0].id, ModelId("dear"));
        QCOMPARE(flow.stations[0].rect.center().y(), 40.0);
        QCOMPARE(flow.stations[1].rect.center().y(), 300.0);
        frame.heldStations.erase("dear"); // not all are known: all are placed anew
        flow = layoutFlow(policy(), traffic(), metrics(), frame);
        QCOMPARE(flow.stations[0].id, ModelId("cheap"));
    }

    void theFlowGrowsIntoItsRoomUpToAMost()
    {
        const FlowLayout least = layout();
        const qreal more = least.bounds.width() + 150;
        const FlowLayout wide = layoutFlow(policy(), traffic(), metrics(), {{more, 2'000}, {}});
        QVERIFY(qAbs(wide.bounds.width() - more) < 1);
        QVERIFY(wide.stations[0].rect.left() > least.stations[0].rect.left());
        QVERIFY(wide.gaps[1].rect.height() > least.gaps[1].rect.height());
        const FlowLayout widest =
            layoutFlow(policy(), traffic(), metrics(), {{10'000, 10'000}, {}});
        QVERIFY(widest.bounds.width() < 1'500);
        QCOMPARE(widest.gaps[1].rect.height(), metrics().laneGap.most);
        // Too small a room shrinks nothing.
        const FlowLayout small = layoutFlow(policy(), traffic(), metrics(), {{100, 100}, {}});
        QCOMPARE(small.bounds, least.bounds);
    }

    /// The canvas of a window of 1280 x 800 with the inspector beside it is 839 px wide.
    void aPolicyLikeTheSampleFitsIntoASmallWindow()
    {
        setUpLook(*qApp, ThemeChoice::Light);
        PolicyDocument document = PolicyBuilder({"gpt-4", "gpt-3.5-turbo", "palm-2"})
                                      .measure("complexity", TextMeasure::Chars)
                                      .rule("simple", when("complexity", CompareOp::Lte, 3),
                                            chain({call("palm-2"), call("gpt-4")}))
                                      .rule("medium", when("complexity", CompareOp::Lte, 6),
                                            chain({call("gpt-3.5-turbo"), call("gpt-4")}))
                                      .document();
        document.otherwise = call("gpt-4");
        document.baseline = ModelId("gpt-4");
        for (ModelSpec& model : document.models)
            model.price =
                Price{pricePerTokenFromUsdPerMTok(30), pricePerTokenFromUsdPerMTok(60), {}};
        FlowTraffic known;
        known.requests = 5'859;
        known.rules["simple"] = {4'179, 0.713, 0.18, 0.193, {{"palm-2", 0.658}, {"gpt-4", 0.055}}};
        known.rules["medium"] = {557, 0.095, 0.017, 0.038, {{"gpt-3.5-turbo", 0.095}}};
        known.otherwise = LaneTraffic{1'123, 0.192, 0.803, 0.1, {{"gpt-4", 0.192}}};
        known.servedShare = {{"gpt-4", 0.26}, {"palm-2", 0.658}, {"gpt-3.5-turbo", 0.082}};
        known.spendShare = {{"gpt-4", 0.909}, {"palm-2", 0.085}, {"gpt-3.5-turbo", 0.006}};
        const FlowMetrics metrics = FlowMetrics::standard();
        const FlowLayout flow = layoutFlow(document, known, metrics, {{839, 560}, {}});
        QVERIFY2(flow.bounds.width() <= 839.5, qPrintable(QString::number(flow.bounds.width())));
        QVERIFY2(flow.bounds.height() <= 560, qPrintable(QString::number(flow.bounds.height())));
        // Models stand at even distances,
        const qreal gap = flow.stations[1].rect.top() - flow.stations[0].rect.bottom();
        QVERIFY(gap > metrics.stationGap);
        QVERIFY(qAbs(flow.stations[2].rect.top() - flow.stations[1].rect.bottom() - gap) <= 2);
        // there is room for edges to bend,
        QVERIFY(flow.lanes[0].rect.left() - flow.source.right() >= 80);
        // and no number is cut.
        for (const FlowLane& lane : flow.lanes) {
            QVERIFY(metrics.textWidth(FlowText::Small, lane.statsText) <= lane.stats.width());
            QVERIFY(metrics.textWidth(FlowText::Small, lane.lossText) <= lane.loss.width());
        }
        for (const FlowStation& station : flow.stations) {
            QVERIFY(station.priceUnit.contains(QLatin1String("tokens")));
            for (const QString& text :
                 {station.price, station.priceUnit, station.shareText, station.spendText})
                QVERIFY(metrics.textWidth(FlowText::Small, text) <= station.rect.width() - 20);
        }
    }

    void aLoneCallStandsBelowTheStepsOfTheOthers()
    {
        PolicyDocument document = policy();
        document.rules[1].plan = chain({call("cheap"), call("dear")});
        const FlowLayout flow = layoutFlow(document, {}, metrics());
        const qreal steps = nodeAt(flow.lanes[1], "chain.steps[0]").pill.left();
        QCOMPARE(flow.lanes[0].nodes[0].pill.left(), steps);
        QCOMPARE(flow.lanes[2].nodes[0].pill.left(), steps);
    }

    void laterRulesSayThatTheySeeOnlyTheRest()
    {
        PolicyDocument document = policy();
        FlowLayout flow = layoutFlow(document, {}, metrics());
        QCOMPARE(flow.lanes[0].chips[0].text, QStringLiteral("If"));
        QCOMPARE(flow.lanes[1].chips[0].text, QStringLiteral("Else if"));
        document.rules[0].enabled = false; // takes nothing from the second one
        flow = layoutFlow(document, {}, metrics());
        QCOMPARE(flow.lanes[1].chips[0].text, QStringLiteral("If"));
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
        const int gone = flow.stationIndexOf(ModelId("gone"));
        QVERIFY(gone >= 0);
        QCOMPARE(flow.stations[static_cast<std::size_t>(gone)].model, -1);
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
        QTest::newRow("chip") << tricky.chips[1].rect.center() << Part::Chip
                              << selectRule(id, "when.any[0]");
        QTest::newRow("call") << arm.pill.center() << Part::Node
                              << selectRule(id, "plan.chain.steps[0].split.arms[1].plan");
        QTest::newRow("caption") << nodeAt(tricky, "").pill.center() << Part::Node
                                 << selectRule(id, "plan");
        const PolicySelection ofArm = selectRule(id, "plan.chain.steps[0].split.arms[1].plan");
        QTest::newRow("port") << arm.port() << Part::Port << ofArm;
        QTest::newRow("outer half of the port")
            << arm.port() + QPointF(6, 0) << Part::Port << ofArm;
        QTest::newRow("station")
            << flow.stations[static_cast<std::size_t>(flow.stationIndexOf(ModelId("dear")))]
                   .rect.center()
            << Part::Station << selectModel(ModelId("dear"));
        QTest::newRow("gap") << flow.gaps[1].plus() << Part::Gap << PolicySelection{};
        QTest::newRow("between lanes")
            << flow.gaps[1].rect.center() << Part::Nothing << PolicySelection{};
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

    void aMemoryChangesNothing()
    {
        PolicyDocument document = policy();
        FlowTraffic known = traffic();
        FlowFrame frame;
        FlowMemory memory;
        const FlowMetrics m = metrics();
        const auto isSame = [&] {
            const FlowLayout fresh = layoutFlow(document, known, m, frame);
            return layoutFlow(document, known, m, frame, &memory) == fresh;
        };
        QVERIFY(isSame());
        std::swap(document.rules[0], document.rules[1]); // who is first says "If"
        QVERIFY(isSame());
        document.rules[0].enabled = false;
        QVERIFY(isSame());
        known.rules["short"].share = 0.123;
        known.rules["short"].seamLoss = 0.01;
        QVERIFY(isSame());
        known.rules["tricky"].costShare = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(isSame());
        frame.room = {1'900, 1'200}; // wider columns and gaps
        QVERIFY(isSame());
        document.rules[1].plan = call("elsewhere"); // a model that is not there
        QVERIFY(isSame());
        document.groups = {{"g", "Group", {}}};
        document.rules[1].group = "g";
        document.rules[0].uncertain = Uncertain{SignalId("length"), 3, call("dear")};
        QVERIFY(isSame());
        known.rules["tricky"].margin = MarginTraffic{0.1, 0.1, {{"dear", 0.1}}};
        QVERIFY(isSame());
        document.rules.push_back(document.rules[0]); // of the same id
        document.rules.back().label = "Its namesake";
        QVERIFY(isSame());
        QVERIFY(isSame());
        document.rules.erase(document.rules.begin(), document.rules.begin() + 2);
        known.rules.clear();
        QVERIFY(isSame());
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
