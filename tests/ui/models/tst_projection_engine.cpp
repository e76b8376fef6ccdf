// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a question of the person never waits for the evidence to come to rest: while answers
// arrive without end, a gesture has its numbers, and every measure that was begun is shown. A
// threshold that is dragged over much traffic has the numbers of each place before the event loop
// turns, and they are those of a replay at that place; nothing else is ever answered that way.

#include <core/base/files.h>
#include <core/projection/projection.h>
#include <core/sample/support_desk.h>
#include <tests/support/small_traffic.h>
#include <ui/models/projection_engine.h>

#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// The engine on the sample, with a lab run that brings an answer every few milliseconds: much
/// faster than they can be measured.
struct RunningLab
{
    PolicyDocument document = supportDeskPolicy();
    SharedAnswers answers;
    ProjectionEngine engine;
    QTimer arrivals;

    RunningLab()
    {
        engine.setPolicy(document, false);
        engine.setTraffic(test::smallTraffic());
        arrivals.setInterval(5);
        QObject::connect(&arrivals, &QTimer::timeout, &engine, [this] { arrive(); });
    }
    void arrive()
    {
        auto answer = std::make_shared<Answer>();
        answer->prompt = PromptId("typed-" + std::to_string(answers.size()));
        answer->model = document.models[0].id;
        answer->styleGuide = document.models[0].styleGuide;
        answer->text = "Your order has left the house.";
        answer->simulated = true;
        answers.push_back(std::move(answer));
        engine.setAnswers(answers);
    }
    [[nodiscard]] bool isAtRest() const { return engine.isCurrentFor(document); }
};

PolicyDocument withThreshold(PolicyDocument document, double value, std::size_t rule = 0)
{
    std::get<Compare>(document.rules[rule].when.node).value = value;
    return document;
}

/// The engine at rest, with traffic that is much to it. One for all: measuring takes a while.
struct Desk : RunningLab
{
    const std::shared_ptr<const Traffic> sample = test::smallTraffic();
    std::shared_ptr<const Traffic> traffic; ///< that is open

    /// With a policy, and what the test before left undone.
    static Desk& with(const PolicyDocument& policy = supportDeskPolicy())
    {
        if (!shared())
            shared() = std::make_unique<Desk>();
        Desk& desk = *shared();
        desk.engine.setDragFrom(1);
        desk.open(desk.sample);
        desk.engine.setStyles({});
        desk.document = policy;
        desk.engine.setSubject(policy, policy, {});
        return desk;
    }
    static std::unique_ptr<Desk>& shared()
    {
        static std::unique_ptr<Desk> desk; // goes before the application does
        return desk;
    }
    void open(const std::shared_ptr<const Traffic>& table)
    {
        if (std::exchange(traffic, table) != table)
            engine.setTraffic(table);
    }
    [[nodiscard]] bool isQuiet() const { return isAtRest() && !engine.isBusy(); }
    /// Whether what is shown is of a document, by a drag that was made ready.
    [[nodiscard]] bool isDraggedTo(const PolicyDocument& moved) const
    {
        return engine.isOf(moved) && engine.projection()->following;
    }
    [[nodiscard]] Projection replayed(const PolicyDocument& moved, std::size_t draws = 0) const
    {
        ProjectionOptions options;
        options.draws = draws;
        return Projector(traffic, engine.evidence()).project(moved, options).value();
    }
};

void verifyNear(const std::optional<Estimate>& shown, const std::optional<Estimate>& wanted,
                double tolerance)
{
    QVERIFY(shown && wanted);
    QVERIFY2(std::abs(shown->value - wanted->value) <=
                 tolerance * std::max(1.0, std::abs(wanted->value)),
             qPrintable(QStringLiteral("%1, not %2")
                            .arg(shown->value, 0, 'g', 15)
                            .arg(wanted->value, 0, 'g', 15)));
}

/// Sums exactly; quality in parts of kQualityScale, C in those of its table.
void verifyTotals(const Projection& shown, const Projection& wanted, double p95Tolerance)
{
    verifyNear(shown.costPer1k, wanted.costPer1k, 1e-12);
    verifyNear(shown.costSaving, wanted.costSaving, 1e-12);
    verifyNear(shown.satisfaction, wanted.satisfaction, 7.7e-6);
    verifyNear(shown.satisfactionRatio, wanted.satisfactionRatio, 2e-5);
    verifyNear(shown.consistency, wanted.consistency, 2e-9);
    verifyNear(shown.latencyP95Ms, wanted.latencyP95Ms, p95Tolerance);
}

constexpr double kBucket = 0.008; ///< width of one of latencies

PolicyDocument withoutPrices()
{
    PolicyDocument policy = supportDeskPolicy();
    policy.models[2].price.reset();
    return policy;
}

PolicyDocument withoutEvidence()
{
    PolicyDocument policy = supportDeskPolicy();
    for (ModelSpec& model : policy.models)
        model.upstreamModel = "nobody-" + model.id.value;
    return policy;
}

PolicyDocument withMeter()
{
    PolicyDocument policy = supportDeskPolicy();
    Signal spent;
    spent.id = SignalId("asked");
    spent.source = UsageSource{};
    policy.signalList.push_back(spent);
    Rule rule = policy.rules[0];
    rule.id = RuleId("often");
    rule.when = {Compare{SignalId("asked"), CompareOp::Gt, 1000.0, false}};
    policy.rules.push_back(rule);
    return policy;
}

using Change = std::function<void(PolicyDocument&)>;

} // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(PolicyDocument)

class TestProjectionEngine : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void cleanupTestCase() { Desk::shared().reset(); }

    void aGestureHasItsNumbersWhileAnswersArrive()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        const double before = lab.engine.projection()->costSaving->value;
        lab.arrivals.start();
        QTRY_VERIFY_WITH_TIMEOUT(lab.answers.size() > 3, 60'000);
        lab.engine.setPolicy(withThreshold(lab.document, 1), true);
        QTRY_VERIFY_WITH_TIMEOUT(lab.engine.projection()->quick, 120'000);
        QVERIFY(lab.engine.projection()->costSaving->value != before);
        QVERIFY(!lab.isAtRest());
    }

    void whatIsMeasuredIsShownWhileAnswersArrive()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        lab.arrivals.start();
        for (int round = 0; round < 2; ++round) {
            const std::size_t answers = lab.engine.projection()->answers;
            QTRY_VERIFY_WITH_TIMEOUT(lab.engine.projection()->answers > answers, 120'000);
            QVERIFY(!lab.engine.projection()->quick); // with intervals all the while
        }
        lab.arrivals.stop();
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        QTRY_VERIFY_WITH_TIMEOUT(!lab.engine.isBusy(), 120'000); // and then there is peace
    }

    /// Measuring other models takes a while; nothing that is asked meanwhile waits for it.
    void revisionsOfOtherModelsAreComparedOnceMeasured()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest() && !lab.engine.isBusy(), 120'000);
        const auto evidence = lab.engine.evidence();
        PolicyDocument older = lab.document;
        --older.revision;
        older.answerStyle.maxWords = 60;
        std::vector<bool> hadRevision;
        connect(&lab.engine, &ProjectionEngine::frontierChanged, &lab.engine, [&] {
            hadRevision.push_back(
                std::ranges::any_of(lab.engine.frontier(), [](const FrontierPoint& point) {
                    return point.kind == FrontierPoint::Kind::Revision;
                }));
        });
        lab.engine.setRevisions({older});
        QTRY_COMPARE_WITH_TIMEOUT(hadRevision.size(), std::size_t(1), 120'000);
        QVERIFY(lab.engine.isBusy()); // measures the other models
        lab.document = withThreshold(lab.document, 1);
        lab.engine.setPolicy(lab.document, false);
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        QCOMPARE(hadRevision, std::vector{false}); // still
        QTRY_VERIFY_WITH_TIMEOUT(hadRevision.size() == 2 && !lab.engine.isBusy(), 120'000);
        QCOMPARE(hadRevision, (std::vector{false, true}));
        QCOMPARE(lab.engine.evidence(), evidence); // what is shown stays the policy's own
        lab.engine.setRevisions({});
        QTRY_VERIFY_WITH_TIMEOUT(hadRevision.size() == 3 && !lab.engine.isBusy(), 120'000);
        lab.engine.setRevisions({older});
        QTRY_VERIFY_WITH_TIMEOUT(hadRevision.size() == 4 && !lab.engine.isBusy(), 120'000);
        QCOMPARE(hadRevision, (std::vector{false, true, false, true})); // measured once
    }

    /// Not by the table of the policy in front, which may name other people.
    void anEarlierRevisionHasItsOwnStyles()
    {
        const QTemporaryDir place;
        const auto folder = std::filesystem::path(place.path().toStdString());
        const auto traffic = test::smallTraffic();
        UserStyles everybody;
        for (std::size_t row = 0; row < traffic->rowCount(); ++row)
            everybody.set(std::string(traffic->userId(row)), "concise");
        QVERIFY(writeFileAtomically(folder / "theirs.json", everybody.toText()).has_value());
        const auto naming = [](const char* table, int revision) {
            PolicyDocument document = supportDeskPolicy();
            std::erase_if(document.signalList, [](const Signal& signal) {
                return std::holds_alternative<StyleSource>(signal.source);
            });
            Signal style;
            style.id = SignalId("asked-style");
            style.source = StyleSource{"balanced", table};
            document.signalList.push_back(std::move(style));
            Compare concise = {SignalId("asked-style"), CompareOp::Eq, std::string("concise"),
                               false};
            document.rules[0].when = {concise};
            document.rules.resize(1);
            document.revision = revision;
            return document;
        };
        const auto pointOf = [](const ProjectionEngine& engine, const std::string& label) {
            const auto found = std::ranges::find(engine.frontier(), label, &FrontierPoint::name);
            return found == engine.frontier().end() || !found->costPer1k ? -1
                                                                         : found->costPer1k->value;
        };
        ProjectionEngine engine;
        const PolicyDocument now = naming("mine.json", 9);
        SharedAnswers answers;
        for (Answer& answer : supportDeskEvidence(now.models))
            answers.push_back(std::make_shared<const Answer>(std::move(answer)));
        engine.setFolder(folder);
        engine.setTraffic(traffic);
        engine.setAnswers(std::move(answers));
        engine.setStyles(std::make_shared<const UserStyles>()); // nobody is named in mine.json
        engine.setSubject(
            now, now, {naming("mine.json", 8), naming("theirs.json", 7), naming("gone.json", 6)});
        QTRY_VERIFY_WITH_TIMEOUT(!engine.isBusy() && pointOf(engine, "r8") > 0, 120'000);
        QVERIFY(pointOf(engine, "r7") > 0);
        QVERIFY(pointOf(engine, "r7") != pointOf(engine, "r8"));
        QCOMPARE(pointOf(engine, "r6 without its table of styles"), pointOf(engine, "r8"));
    }

    /// Two policies in two tabs: neither ever wears the other's numbers, and what was left is there
    /// again at once.
    void anotherPolicyHasItsOwnNumbersOrNone()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest() && !lab.engine.isBusy(), 120'000);
        PolicyDocument other = withThreshold(lab.document, 1);
        other.id = "other";
        const double saving = lab.engine.projection()->costSaving->value;
        lab.engine.setPolicy(withThreshold(lab.document, 2),
                             false); // its quick numbers are under way
        lab.engine.setPolicy(lab.document, false);
        bool isOfOther = true;
        connect(&lab.engine, &ProjectionEngine::projectionChanged, &lab.engine,
                [&] { isOfOther &= !lab.engine.projection() || lab.engine.isOf(other); });
        lab.engine.setSubject(other, other, {});
        QVERIFY(!lab.engine.projection());
        QVERIFY(lab.engine.frontier().empty());
        QTRY_VERIFY_WITH_TIMEOUT(lab.engine.isCurrentFor(other) && !lab.engine.isBusy(), 120'000);
        QVERIFY(isOfOther);
        QVERIFY(lab.engine.savedProjection().has_value());
        disconnect(&lab.engine, &ProjectionEngine::projectionChanged, &lab.engine, nullptr);

        const PolicyDocument first = lab.document;
        lab.engine.setSubject(first, first, {});
        QTRY_VERIFY_WITH_TIMEOUT(lab.engine.isCurrentFor(first) && !lab.engine.isBusy(), 120'000);
        QCOMPARE(lab.engine.projection()->costSaving->value, saving);
        lab.engine.setSubject(other, other, {});
        QVERIFY(lab.engine.isCurrentFor(other)); // as it was left
        QVERIFY(lab.engine.savedProjection().has_value());
        QVERIFY(!lab.engine.frontier().empty());
    }

    void aDraggedThresholdHasItsNumbersAtOnce()
    {
        Desk& desk = Desk::with();
        const QObject hearing;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        const Projection start = *desk.engine.projection();
        PolicyDocument moved = withThreshold(desk.document, 1);
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000);
        int heard = 0;
        connect(&desk.engine, &ProjectionEngine::projectionChanged, &hearing, [&] { ++heard; });
        std::set<double> costs;
        for (const double threshold : {2.0, 4.0, 5.0, 2.0, 7.0}) {
            moved = withThreshold(desk.document, threshold);
            const int before = heard;
            desk.engine.setPolicy(moved, true);
            QCOMPARE(heard, before + 1); // before the event loop turns
            QVERIFY(desk.isDraggedTo(moved));
            const Projection& shown = *desk.engine.projection();
            verifyTotals(shown, desk.replayed(moved), kBucket);
            QVERIFY(shown.quick && !desk.engine.isCurrentFor(moved));
            QVERIFY(std::abs((shown.costPer1k->high - shown.costPer1k->value) -
                             (start.costPer1k->high - start.costPer1k->value)) < 1e-9);
            costs.insert(shown.costPer1k->value);
        }
        QVERIFY(costs.size() > 2);
    }

    /// First the parts and p95 to the last digit, then all that the drag does not know.
    void whatADragDoesNotKnowFollowsWhenTheMouseRests()
    {
        Desk& desk = Desk::with();
        const QObject hearing;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        const PolicyDocument moved = withThreshold(desk.document, 1);
        bool hadParts = false;
        const Projection wanted = desk.replayed(moved);
        connect(&desk.engine, &ProjectionEngine::projectionChanged, &hearing, [&] {
            const Projection& shown = *desk.engine.projection();
            hadParts |=
                shown.following && shown.latencyP95Ms->value == wanted.latencyP95Ms->value &&
                shown.flow[0].requests == wanted.flow[0].requests &&
                std::abs(shown.segments[0].costPer1k->value - wanted.segments[0].costPer1k->value) <
                    1e-9;
        });
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(hadParts, 120'000);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.engine.projection()->following, 120'000);
        QVERIFY(desk.engine.isOf(moved) && desk.engine.projection()->quick);
        QVERIFY(desk.engine.projection()->latency.quantiles == wanted.latency.quantiles);
        QVERIFY(desk.engine.projection()->costOfRow);
        QVERIFY(desk.engine.projection()->costPer1k->value == wanted.costPer1k->value);
    }

    void aReleasedThresholdComesToRestAsIfItHadNotBeenDragged()
    {
        Desk& desk = Desk::with();
        const QObject hearing;
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        PolicyDocument moved = withThreshold(desk.document, 1);
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000);
        moved = withThreshold(desk.document, 5);
        const Projection wanted = desk.replayed(moved, 2000);
        bool hadExactP95 = false;
        connect(&desk.engine, &ProjectionEngine::projectionChanged, &hearing, [&] {
            hadExactP95 |=
                desk.isDraggedTo(moved) &&
                desk.engine.projection()->latencyP95Ms->value == wanted.latencyP95Ms->value;
        });
        desk.engine.setPolicy(moved, false);
        QVERIFY(desk.isDraggedTo(moved)); // at once
        verifyTotals(*desk.engine.projection(), wanted, kBucket);
        QTRY_VERIFY_WITH_TIMEOUT(desk.engine.isCurrentFor(moved), 120'000);
        QVERIFY(hadExactP95);
        const Projection& shown = *desk.engine.projection();
        QVERIFY(!shown.following && !shown.quick);
        QVERIFY(shown.costPer1k == wanted.costPer1k && shown.costSaving == wanted.costSaving);
        QVERIFY(shown.latencyP95Ms == wanted.latencyP95Ms);
        QVERIFY(shown.satisfactionRatio == wanted.satisfactionRatio);
        QVERIFY(shown.consistency == wanted.consistency);
        // The next drag of the line is answered from its first move on.
        moved = withThreshold(desk.document, 2);
        desk.engine.setPolicy(moved, true);
        QVERIFY(desk.isDraggedTo(moved));
    }

    void undoInTheMiddleOfADragHasItsNumbersAtOnce()
    {
        Desk& desk = Desk::with();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        const Projection before = *desk.engine.projection();
        const PolicyDocument moved = withThreshold(desk.document, 1);
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000);
        desk.engine.setPolicy(desk.document, false);
        QVERIFY(desk.isDraggedTo(desk.document));
        verifyTotals(*desk.engine.projection(), before, kBucket);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isAtRest(), 120'000);
        QVERIFY(desk.engine.projection()->costPer1k == before.costPer1k);
    }

    void aChangeOfAnythingElseDropsTheDrag_data()
    {
        QTest::addColumn<Change>("change");
        QTest::newRow("a plan") << Change(
            [](PolicyDocument& policy) { policy.rules[1].plan = policy.otherwise; });
        QTest::newRow("a gate") << Change([](PolicyDocument& policy) { policy.gates.pop_back(); });
        QTest::newRow("a price") << Change([](PolicyDocument& policy) {
            policy.models[0].price->outputPerToken = policy.models[0].price->inputPerToken;
        });
        QTest::newRow("another threshold, too") << Change([](PolicyDocument& policy) {
            std::get<Compare>(policy.rules[1].when.node).value = 5.0;
        });
    }
    void aChangeOfAnythingElseDropsTheDrag()
    {
        QFETCH(const Change, change);
        Desk& desk = Desk::with();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        PolicyDocument moved = withThreshold(desk.document, 1);
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000);
        moved = withThreshold(desk.document, 2);
        change(moved);
        desk.engine.setPolicy(moved, true);
        QVERIFY(!desk.engine.isOf(moved)); // it is replayed
        QTRY_VERIFY_WITH_TIMEOUT(desk.engine.isOf(moved), 120'000);
        QVERIFY(desk.engine.projection()->costPer1k->value ==
                desk.replayed(moved).costPer1k->value);
    }

    void otherTrafficStylesOrEvidenceDropTheDrag_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("traffic") << 0;
        QTest::newRow("styles") << 1;
        QTest::newRow("evidence") << 2;
    }
    void otherTrafficStylesOrEvidenceDropTheDrag()
    {
        QFETCH(const int, what);
        Desk& desk = Desk::with();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        PolicyDocument moved = withThreshold(desk.document, 1);
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000);
        const auto evidence = desk.engine.evidence();
        if (what == 0) {
            desk.open(test::smallTraffic(150));
        } else if (what == 1) {
            desk.engine.setStyles(std::make_shared<const UserStyles>());
        } else {
            desk.arrive();
            QTRY_VERIFY_WITH_TIMEOUT(desk.engine.evidence() != evidence, 120'000);
        }
        moved = withThreshold(desk.document, 2);
        desk.engine.setPolicy(moved, true);
        QVERIFY(!desk.engine.isOf(moved)); // it is replayed
        QTRY_VERIFY_WITH_TIMEOUT(desk.engine.isOf(moved), 120'000);
        moved = withThreshold(desk.document, 4);
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000); // made ready anew
        verifyTotals(*desk.engine.projection(), desk.replayed(moved), kBucket);
    }

    void anotherThresholdInTheMiddleOfADragIsDraggedInTurn()
    {
        Desk& desk = Desk::with();
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        PolicyDocument moved = withThreshold(desk.document, 1);
        desk.engine.setPolicy(moved, true);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000);
        for (const double threshold : {4.0, 5.0}) { // the first line is back where it was
            moved = withThreshold(desk.document, threshold, 1);
            desk.engine.setPolicy(moved, true);
            QVERIFY(!desk.engine.isOf(moved));
        }
        QTRY_VERIFY_WITH_TIMEOUT(desk.isDraggedTo(moved), 120'000);
        verifyTotals(*desk.engine.projection(), desk.replayed(moved), kBucket);
        moved = withThreshold(desk.document, 7, 1);
        desk.engine.setPolicy(moved, true);
        QVERIFY(desk.isDraggedTo(moved));
        verifyTotals(*desk.engine.projection(), desk.replayed(moved), kBucket);
    }

    /// Where a threshold alone does not decide, or something is unknown, each place is replayed.
    void whatCannotBeMadeReadyIsReplayed_data()
    {
        QTest::addColumn<PolicyDocument>("policy");
        QTest::newRow("an unknown price") << withoutPrices();
        QTest::newRow("no evidence") << withoutEvidence();
        QTest::newRow("a meter") << withMeter();
    }
    void whatCannotBeMadeReadyIsReplayed()
    {
        QFETCH(const PolicyDocument, policy);
        Desk& desk = Desk::with(policy);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        for (const double threshold : {1.0, 2.0, 5.0}) {
            const PolicyDocument moved = withThreshold(policy, threshold);
            desk.engine.setPolicy(moved, true);
            QTRY_VERIFY_WITH_TIMEOUT(desk.engine.isOf(moved), 120'000);
            const Projection& shown = *desk.engine.projection();
            QVERIFY(shown.quick && !shown.following);
            QCOMPARE(shown.flow[0].requests, desk.replayed(moved).flow[0].requests);
            QVERIFY(desk.engine.problem().isEmpty()); // nobody is told
        }
    }

    /// There a quick projection is done within a frame.
    void littleTrafficIsReplayed()
    {
        Desk& desk = Desk::with();
        desk.engine.setDragFrom(ProjectionEngine::kDragFromRequests);
        QTRY_VERIFY_WITH_TIMEOUT(desk.isQuiet(), 120'000);
        for (const double threshold : {1.0, 2.0}) {
            const PolicyDocument moved = withThreshold(desk.document, threshold);
            desk.engine.setPolicy(moved, true);
            QTRY_VERIFY_WITH_TIMEOUT(desk.engine.isOf(moved), 120'000);
            QVERIFY(!desk.engine.projection()->following);
        }
    }

    void anotherRevisionNumberAsksNothing()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest() && !lab.engine.isBusy(), 120'000);
        ++lab.document.revision;
        lab.engine.setPolicy(lab.document, false);
        QVERIFY(lab.isAtRest());
        QVERIFY(!lab.engine.isBusy());
    }
};

QTEST_GUILESS_MAIN(TestProjectionEngine)
#include "tst_projection_engine.moc"
