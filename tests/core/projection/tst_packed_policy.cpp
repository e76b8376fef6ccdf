// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: packed plans say of the bundled sample what a projection says, in total, per segment and
// per tier; a dragged threshold says at each position what a projection there says, in total and of
// each part, with the intervals that were there before; and both refuse what they cannot say.

#include "projection_world.h"

#include <core/policy/edit.h>
#include <core/projection/dragged_projection.h>
#include <core/projection/packed_policy.h>
#include <core/projection/threshold_drag.h>
#include <core/sample/support_desk.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

struct Sample
{
    std::shared_ptr<const Traffic> traffic = std::make_shared<Traffic>(supportDeskTraffic());
    std::shared_ptr<const EvidenceTable> evidence = std::make_shared<EvidenceTable>(
        buildEvidenceTable(supportDeskEvidence(supportDeskPolicy().models)));
    Projector projector{traffic, evidence};

    static Sample& shared()
    {
        static Sample sample;
        return sample;
    }
};

ProjectionOptions pointsOnly()
{
    ProjectionOptions options;
    options.draws = 0;
    return options;
}

std::vector<PolicyDocument> samplePolicies()
{
    std::vector<PolicyDocument> policies = supportDeskHistory();
    PolicyDocument policy = supportDeskPolicy();
    policies.push_back(policy);
    for (const RepairStep step : kRepairSteps) {
        if (!apply(policy, supportDeskRepair(step, policy).edit))
            qFatal("a repair step does not apply");
        policies.push_back(policy);
    }
    return policies;
}

/// Sums of whole numbers against sums of doubles.
void verifyNear(double actual, double expected, double tolerance)
{
    QVERIFY2(
        std::abs(actual - expected) <= tolerance,
        qPrintable(QStringLiteral("%1, not %2").arg(actual, 0, 'g', 15).arg(expected, 0, 'g', 15)));
}

void verifySame(const ReplayTotals& totals, const std::optional<Estimate>& costPer1k,
                const std::optional<Estimate>& satisfaction, const std::optional<Estimate>& p95,
                const std::optional<Estimate>& consistency, double qualityTolerance)
{
    verifyNear(totals.meanCostUsd() * 1000, costPer1k->value, 1e-12 * costPer1k->value);
    verifyNear(totals.meanQuality(), satisfaction->value, qualityTolerance);
    QCOMPARE(static_cast<double>(totals.latencyP95Ms), p95->value);
    verifyNear(totals.consistency(), consistency->value, 2e-9);
}

constexpr double kRounded = 7.7e-6;
constexpr double kExact = 1e-12;

Compare* firstNumber(Condition& condition)
{
    if (auto* compare = std::get_if<Compare>(&condition.node))
        return std::holds_alternative<double>(compare->value) ? compare : nullptr;
    if (auto* all = std::get_if<All>(&condition.node)) {
        for (Condition& part : all->conditions) {
            if (Compare* found = firstNumber(part))
                return found;
        }
    }
    return nullptr;
}

Compare* firstThreshold(PolicyDocument& document)
{
    for (Rule& rule : document.rules) {
        if (Compare* found = firstNumber(rule.when))
            return found;
    }
    return nullptr;
}

/// The value of the place, the width of where it came from.
void verifyMoved(const std::optional<Estimate>& moved, const std::optional<Estimate>& there,
                 const std::optional<Estimate>& start, double tolerance)
{
    QVERIFY(moved && there && start);
    verifyNear(moved->value, there->value, tolerance * std::max(1.0, std::abs(there->value)));
    verifyNear(moved->high - moved->value, start->high - start->value,
               1e-9 * std::max(1.0, std::abs(start->high)));
    QCOMPARE(moved->n, start->n);
}

void verifySameSlices(const std::vector<ProjectionSlice>& moved,
                      const std::vector<ProjectionSlice>& there)
{
    QCOMPARE(moved.size(), there.size());
    for (std::size_t i = 0; i < moved.size(); ++i) {
        QCOMPARE(moved[i].name, there[i].name);
        QCOMPARE(moved[i].requests, there[i].requests);
        QCOMPARE(moved[i].share, there[i].share);
        verifyNear(moved[i].costPer1k->value, there[i].costPer1k->value, 1e-9);
        verifyNear(moved[i].costSaving->value, there[i].costSaving->value, 1e-9);
        verifyNear(moved[i].satisfactionRatio->value, there[i].satisfactionRatio->value,
                   4 * kRounded);
        verifyNear(moved[i].consistency->value, there[i].consistency->value, 2e-9);
        QVERIFY(std::abs(moved[i].latencyP95Ms->value / there[i].latencyP95Ms->value - 1) < 0.008);
    }
}

void verifySameFlow(const Projection& moved, const Projection& there)
{
    QCOMPARE(moved.flow.size(), there.flow.size());
    for (std::size_t i = 0; i < moved.flow.size(); ++i) {
        QCOMPARE(moved.flow[i].requests, there.flow[i].requests);
        verifyNear(moved.flow[i].costShare, there.flow[i].costShare, 1e-9);
        verifyNear(moved.flow[i].seamLoss, there.flow[i].seamLoss, 2e-9);
        for (std::size_t model = 0; model < moved.flow[i].models.size(); ++model)
            verifyNear(moved.flow[i].models[model], there.flow[i].models[model], 1e-9);
    }
    for (std::size_t model = 0; model < moved.servedShare.size(); ++model)
        verifyNear(moved.servedShare[model], there.servedShare[model], 1e-9);
    verifyNear(moved.unansweredShare, there.unansweredShare, 1e-9);
}

/// As a person finds it: by moving it.
ThresholdPlace firstPlace(const PolicyDocument& document)
{
    PolicyDocument moved = document;
    std::get<double>(firstThreshold(moved)->value) += 1;
    return movedThreshold(document, moved).value();
}

} // namespace

class TestPackedPolicy : public QObject
{
    Q_OBJECT
private slots:
    void packedPlansSayWhatAProjectionSays()
    {
        Sample& sample = Sample::shared();
        const ReplayGround ground(*sample.traffic, *sample.evidence);
        SignalColumns columns(sample.traffic);
        PlanReplays replays(ground);
        std::optional<CompiledPolicy> compiled;
        for (const PolicyDocument& policy : samplePolicies()) {
            const auto replayed =
                replayPolicy(policy, ground, columns, replays, compiled, pointsOnly(), false);
            QVERIFY(replayed);
            const ReplayedPolicy* const one[] = {&*replayed};
            const auto packed = packPlans(one, policy, ground);
            QVERIFY2(packed, packed ? "" : toString(packed.error()).c_str());
            QVERIFY(packed->rows.isCostExact() && packed->areVoicesHeard);
            const double tolerance = packed->rows.isQualityExact() ? kExact : kRounded;
            const ReplayAnswer answer =
                RowReplay(packed->rows)
                    .replay(packed->choicesOf(*replayed), packed->question(true));
            const auto projection = sample.projector.project(policy, pointsOnly());
            QVERIFY(projection);
            verifySame(answer.total, projection->costPer1k, projection->satisfaction,
                       projection->latencyP95Ms, projection->consistency, tolerance);
            for (std::size_t s = 0; s < sample.traffic->segments.size(); ++s) {
                const auto slice = std::ranges::find(
                    projection->segments, sample.traffic->segments[s], &ProjectionSlice::name);
                QVERIFY(slice != projection->segments.end());
                QCOMPARE(answer.segments[s].requests, slice->requests);
                verifySame(answer.segments[s], slice->costPer1k, slice->satisfaction,
                           slice->latencyP95Ms, slice->consistency, tolerance);
            }
            for (std::size_t t = 0; t < answer.tiers.size(); ++t) {
                const auto slice = std::ranges::find(projection->tiers, policy.models[t].id.value,
                                                     &ProjectionSlice::name);
                QCOMPARE(answer.tiers[t].requests == 0, slice == projection->tiers.end());
                if (slice != projection->tiers.end())
                    verifySame(answer.tiers[t], slice->costPer1k, slice->satisfaction,
                               slice->latencyP95Ms, slice->consistency, tolerance);
            }
        }
    }

    void aDraggedThresholdSaysWhatAProjectionSays_data()
    {
        QTest::addColumn<CompareOp>("op");
        QTest::newRow("at least") << CompareOp::Gte;
        QTest::newRow("above") << CompareOp::Gt;
        QTest::newRow("below") << CompareOp::Lt;
        QTest::newRow("at most") << CompareOp::Lte;
    }
    void aDraggedThresholdSaysWhatAProjectionSays()
    {
        QFETCH(const CompareOp, op);
        Sample& sample = Sample::shared();
        for (const DecisionUnit unit : {DecisionUnit::Request, DecisionUnit::Conversation}) {
            PolicyDocument policy = supportDeskPolicy();
            policy.decideBy = unit;
            QVERIFY(firstThreshold(policy));
            firstThreshold(policy)->op = op;
            const auto drag =
                sample.projector.prepareDrag(policy, firstPlace(policy), pointsOnly());
            QVERIFY2(drag, drag ? "" : toString(drag.error()).c_str());
            QVERIFY(drag->hasSeams());
            std::set<std::int64_t> costs;
            for (const double threshold : {-5.0, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 99.0}) {
                std::get<double>(firstThreshold(policy)->value) = threshold;
                const auto projection = sample.projector.project(policy, pointsOnly());
                const ReplayTotals totals = drag->exactlyAt(threshold);
                verifySame(totals, projection->costPer1k, projection->satisfaction,
                           projection->latencyP95Ms, projection->consistency, kRounded);
                QVERIFY(drag->at(threshold).hasSumsOf(totals));
                costs.insert(totals.costPico);
            }
            QVERIFY(costs.size() > 2);
        }
    }

    /// All that a quick projection says of the place, from one elsewhere and the drag.
    void aDraggedProjectionIsOneOfItsPlace()
    {
        Sample& sample = Sample::shared();
        PolicyDocument policy = supportDeskPolicy();
        policy.gates.push_back({GateMetric::CostSaving, 0.5, {}, GateScope::Tier});
        const ThresholdPlace place = firstPlace(policy);
        ProjectionOptions full;
        full.draws = 40;
        const auto start = sample.projector.project(policy, full);
        const auto drag = sample.projector.prepareDrag(policy, place, pointsOnly());
        QVERIFY(start && drag);
        for (const double threshold : {1.0, 2.0, 4.0, 5.0}) {
            *thresholdAt(policy, place) = threshold;
            const auto wanted = sample.projector.project(policy, pointsOnly());
            const DraggedParts parts = drag->partsAt(threshold);
            const Projection moved = draggedProjection(*start, policy, *sample.traffic, *drag,
                                                       drag->exactlyAt(threshold), &parts);
            QVERIFY(moved.quick && moved.following && !moved.costOfRow);
            verifyMoved(moved.costPer1k, wanted->costPer1k, start->costPer1k, kExact);
            verifyMoved(moved.costSaving, wanted->costSaving, start->costSaving, kExact);
            verifyMoved(moved.satisfaction, wanted->satisfaction, start->satisfaction, kRounded);
            verifyMoved(moved.satisfactionRatio, wanted->satisfactionRatio,
                        start->satisfactionRatio, 2 * kRounded);
            verifyMoved(moved.latencyP95Ms, wanted->latencyP95Ms, start->latencyP95Ms, 0);
            verifyMoved(moved.consistency, wanted->consistency, start->consistency, 2e-9);
            verifyNear(moved.costPerSatisfied->value, wanted->costPerSatisfied->value, 1e-6);
            verifySameSlices(moved.segments, wanted->segments);
            verifySameSlices(moved.tiers, wanted->tiers);
            verifySameFlow(moved, *wanted);
            QCOMPARE(moved.gates.size(), wanted->gates.size());
            for (std::size_t i = 0; i < moved.gates.size(); ++i) {
                QCOMPARE(moved.gates[i].verdict, wanted->gates[i].verdict);
                QCOMPARE(moved.gates[i].subject, wanted->gates[i].subject);
            }
            const Projection early = draggedProjection(*start, policy, *sample.traffic, *drag,
                                                       drag->at(threshold), nullptr);
            QCOMPARE(early.segments[0].costPer1k->value, start->segments[0].costPer1k->value);
            verifyNear(early.costPer1k->value, wanted->costPer1k->value, kExact);
            QVERIFY(std::abs(early.latencyP95Ms->value / wanted->latencyP95Ms->value - 1) < 0.008);
        }
    }

    /// A line per answer style is one of three thresholds; it moves the requests of its style.
    void aThresholdOfAnAnswerStyleIsDragged()
    {
        Sample& sample = Sample::shared();
        PolicyDocument policy = supportDeskPolicy();
        firstThreshold(policy)->value = ByStyle{2, 3, 4};
        const ThresholdPlace place = {0, {}, &ByStyle::concise};
        const auto drag = sample.projector.prepareDrag(policy, place, pointsOnly());
        QVERIFY2(drag, drag ? "" : toString(drag.error()).c_str());
        std::set<std::int64_t> costs;
        for (const double threshold : {-1.0, 1.0, 3.0, 5.0}) {
            *thresholdAt(policy, place) = threshold;
            const auto projection = sample.projector.project(policy, pointsOnly());
            const ReplayTotals totals = drag->exactlyAt(threshold);
            verifySame(totals, projection->costPer1k, projection->satisfaction,
                       projection->latencyP95Ms, projection->consistency, kRounded);
            costs.insert(totals.costPico);
        }
        QVERIFY(costs.size() > 2);
    }

    /// Requests near the threshold go elsewhere, and how near is not what is dragged.
    void aMarginAroundTheThresholdIsRefused()
    {
        Sample& sample = Sample::shared();
        PolicyDocument policy = supportDeskPolicy();
        const ThresholdPlace place = firstPlace(policy);
        const Compare& compare = *comparisonAt(policy, place);
        policy.rules[0].uncertain = Uncertain{compare.signal, 0.25, call("gpt-4")};
        const auto drag = sample.projector.prepareDrag(policy, place, pointsOnly());
        QVERIFY(!drag);
        QCOMPARE(drag.error().code, ErrorCode::Unsupported);
    }

    void whatIsUnknownIsRefused()
    {
        World world;
        world.prompts("easy", 60).model("cheap").model("dear").voices("cheap", "dear", 0.4);
        world.conversations(20, {0, 1, 2});
        PolicyBuilder policy({"cheap", "dear"});
        policy.metadata("n", ValueType::Number);
        policy.rule("r", when("n", CompareOp::Gt, 3.0), call("cheap")).otherwise(call("dear"));
        Projector projector = world.projector();
        const PolicyDocument& known = policy;
        const auto drag = projector.prepareDrag(known, firstPlace(known));
        QVERIFY2(drag, drag ? "" : toString(drag.error()).c_str());
        PolicyDocument unpriced = known;
        for (ModelSpec& model : unpriced.models)
            model.price.reset();
        const auto refused = projector.prepareDrag(unpriced, firstPlace(known));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        const auto notThere = projector.prepareDrag(known, {7, {}, nullptr});
        QVERIFY(!notThere);
        QCOMPARE(notThere.error().code, ErrorCode::InvalidArgument);
        const std::atomic<bool> stop = true;
        ProjectionOptions options;
        options.stop = &stop;
        QCOMPARE(projector.prepareDrag(known, firstPlace(known), options).error().code,
                 ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestPackedPolicy)
#include "tst_packed_policy.moc"
