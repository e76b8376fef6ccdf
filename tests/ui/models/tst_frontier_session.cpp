// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a search runs while the window is used; what it found is that of the command line with
// the same seed; taking a point over is one step that undo takes back exactly; and nothing is taken
// over that was found for another policy, other traffic or other answers than are there now.

#include <core/sample/support_desk.h>
#include <tests/support/policy_builder.h>
#include <tests/support/small_traffic.h>
#include <ui/models/frontier_session.h>
#include <ui/models/workbench.h>

#include <QSignalSpy>
#include <QTest>
#include <QUndoStack>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

constexpr int kPatienceMs = 120'000;
constexpr FrontierSession::Settings kSmall = {60, 1};

/// The sample's policy over a part of its traffic.
struct Desk
{
    Workbench workbench{{}};
    FrontierSession session{workbench};

    explicit Desk(std::shared_ptr<const Traffic> traffic = smallTraffic(400))
    {
        workbench.editor().setDocument(supportDeskPolicy());
        if (traffic)
            workbench.setTraffic(std::move(traffic));
    }
    [[nodiscard]] bool isReady() const { return workbench.evidence() != nullptr; }
    [[nodiscard]] PolicyEditor& editor() { return workbench.editor(); }
    /// A point that is not the policy as it is.
    [[nodiscard]] std::size_t otherPoint() const
    {
        const auto& points = session.finding()->frontier.points;
        const auto found = std::ranges::find_if(
            points, [](const FrontierChoice& point) { return !point.turned.empty(); });
        if (found == points.end())
            qFatal("every point is the policy as it is");
        return static_cast<std::size_t>(found - points.begin());
    }
};

} // namespace

class TestFrontierSession : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void whatIsFoundIsThatOfTheCommandLine()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.session.start(kSmall);
        QVERIFY(desk.session.isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.finding(), kPatienceMs);
        QVERIFY(!desk.session.isRunning());
        FrontierOptions options;
        options.most = kSmall.most;
        const auto frontier = findFrontier(desk.editor().document(), desk.workbench.traffic(),
                                           desk.workbench.evidence(), options);
        QVERIFY(frontier);
        const Frontier& found = desk.session.finding()->frontier;
        QCOMPARE(found.points.size(), frontier->points.size());
        for (std::size_t i = 0; i < found.points.size(); ++i) {
            QVERIFY(found.points[i].policy == frontier->points[i].policy);
            QCOMPARE(found.points[i].report.allGatesProbability,
                     frontier->points[i].report.allGatesProbability);
        }
        QCOMPARE(desk.session.finding()->brokenTests.size(), found.points.size());
    }

    void adoptingIsOneStepThatUndoTakesBack()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.session.start(kSmall);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.finding(), kPatienceMs);
        const std::size_t point = desk.otherPoint();
        const PolicyDocument before = desk.editor().document();
        QCOMPARE(desk.editor().undoStack()->count(), 0);
        QVERIFY(desk.session.adopt(point).has_value());
        QVERIFY(desk.editor().document() == desk.session.finding()->frontier.points[point].policy);
        QCOMPARE(desk.editor().undoStack()->count(), 1);
        QVERIFY(desk.session.adopted() == point);
        // What was adopted is one of the points: another one may follow.
        QVERIFY(desk.session.doubt() == FrontierSession::Doubt::None);
        QVERIFY(desk.session.adopt(point).has_value());
        QCOMPARE(desk.editor().undoStack()->count(), 1); // nothing to do

        desk.editor().undoStack()->undo();
        QVERIFY(desk.editor().document() == before);
        QVERIFY(desk.session.adopted() != point);
        desk.editor().undoStack()->redo();
        QVERIFY(desk.session.adopted() == point);
    }

    void anEditWhileItSearchesForbidsToAdopt()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.session.start(kSmall);
        QVERIFY(desk.editor().push(SetTitle{"desk", "Another name", 7, {}}).has_value());
        QVERIFY(desk.session.doubt() == FrontierSession::Doubt::PolicyEdited);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.finding(), kPatienceMs); // it goes on
        const PolicyDocument edited = desk.editor().document();
        const auto refused = desk.session.adopt(desk.otherPoint());
        QVERIFY(!refused && refused.error().code == ErrorCode::Refused);
        QVERIFY(desk.editor().document() == edited);
        desk.editor().undoStack()->undo();
        QVERIFY(desk.session.doubt() == FrontierSession::Doubt::None);
        QVERIFY(desk.session.adopt(desk.otherPoint()).has_value());
    }

    void pointsAreOfTheirPolicyTrafficAndAnswers()
    {
        using Doubt = FrontierSession::Doubt;
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.session.start(kSmall);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.finding(), kPatienceMs);
        QSignalSpy changed(&desk.session, &FrontierSession::changed);

        desk.editor().setDocument(supportDeskPolicy(), {}, Place::Beside);
        QVERIFY(desk.session.doubt() == Doubt::AnotherPolicy); // though it is equal
        QVERIFY(!changed.isEmpty());
        QCOMPARE(desk.session.policyName(), QStringLiteral("Support desk"));
        desk.editor().setCurrentIndex(0);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.doubt() == Doubt::None, kPatienceMs);

        Answer answer;
        answer.prompt = PromptId("typed");
        answer.model = desk.editor().document().models[0].id;
        answer.text = "Your order has left the house.";
        answer.simulated = true;
        desk.workbench.addAnswers({answer});
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.doubt() == Doubt::EvidenceChanged, kPatienceMs);

        desk.workbench.setTraffic(smallTraffic(300));
        QVERIFY(desk.session.doubt() == Doubt::TrafficChanged);
        QVERIFY(!desk.session.adopt(desk.otherPoint()));
    }

    void aStoppedSearchLeavesNothingAndSaysNothingLater()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        const PolicyDocument before = desk.editor().document();
        QSignalSpy found(&desk.session, &FrontierSession::found);
        desk.session.start({100'000, 1});
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.state().done > 0, kPatienceMs);
        desk.session.cancel();
        QVERIFY(!desk.session.isRunning()); // at once
        QVERIFY(desk.session.failure()->code == ErrorCode::Cancelled);
        // Another one begins when the first has stopped, and is the only one that is heard of.
        desk.session.start(kSmall);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.finding(), kPatienceMs);
        QCOMPARE(found.count(), 1);
        QVERIFY(desk.session.finding()->frontier.scored < 1000);
        QVERIFY(!desk.session.failure());
        QVERIFY(desk.editor().document() == before);
        QCOMPARE(desk.editor().undoStack()->count(), 0);
    }

    void whatCannotBeSearchedIsSaid()
    {
        Desk empty(nullptr);
        empty.session.start(kSmall);
        QVERIFY(!empty.session.isRunning());
        QCOMPARE(empty.session.failure()->where, std::string("traffic"));

        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        PolicyDocument metered = supportDeskPolicy();
        metered.signalList.push_back({SignalId("rate"), UsageSource{}, {}});
        metered.rules[0].when = when("rate", CompareOp::Gt, 3);
        desk.editor().setDocument(metered);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.session.start(kSmall);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.failure(), kPatienceMs);
        QVERIFY(desk.session.failure()->code == ErrorCode::Unsupported);
        QCOMPARE(desk.session.failure()->where, std::string("rate"));
        QVERIFY(!desk.session.isRunning() && !desk.session.finding());

        PolicyDocument fixed = supportDeskPolicy();
        fixed.rules.clear();
        fixed.models.resize(1);
        fixed.baseline = fixed.models[0].id;
        fixed.otherwise = call(fixed.models[0].id.value);
        fixed.holdout.reset();
        desk.editor().setDocument(fixed);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.session.look(1);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.scope(), kPatienceMs);
        QVERIFY(!*desk.session.scope());
        QVERIFY(desk.session.scope()->error().code == ErrorCode::InvalidArgument);
        QVERIFY(!desk.session.scope()->error().hint.empty());
    }

    void theScopeIsKnownBeforeTheSearch()
    {
        Desk desk;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isReady(), kPatienceMs);
        desk.session.look(1);
        QVERIFY(!desk.session.scope());
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.scope(), kPatienceMs);
        QVERIFY(desk.session.scope()->has_value());
        const auto knobs = (*desk.session.scope())->knobs;
        desk.session.start(kSmall);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.finding(), kPatienceMs);
        QVERIFY(desk.session.finding()->frontier.knobs == knobs);
    }
};

QTEST_GUILESS_MAIN(TestFrontierSession)
#include "tst_frontier_session.moc"
