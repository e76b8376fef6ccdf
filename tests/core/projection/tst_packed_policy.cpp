// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: packed plans say of the bundled sample what a projection says, in total, per segment and
// per tier; a dragged threshold says at each position what a projection there says; and both refuse
// what they cannot say.

#include "projection_world.h"

#include <core/policy/edit.h>
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
            const auto drag = sample.projector.prepareDrag(policy, firstThreshold, pointsOnly());
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
        const auto drag = projector.prepareDrag(known, firstThreshold);
        QVERIFY2(drag, drag ? "" : toString(drag.error()).c_str());
        PolicyDocument unpriced = known;
        for (ModelSpec& model : unpriced.models)
            model.price.reset();
        const auto refused = projector.prepareDrag(unpriced, firstThreshold);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        const auto notThere =
            projector.prepareDrag(known, [](PolicyDocument&) -> Compare* { return nullptr; });
        QVERIFY(!notThere);
        QCOMPARE(notThere.error().code, ErrorCode::InvalidArgument);
        const std::atomic<bool> stop = true;
        ProjectionOptions options;
        options.stop = &stop;
        QCOMPARE(projector.prepareDrag(known, firstThreshold, options).error().code,
                 ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestPackedPolicy)
#include "tst_packed_policy.moc"
