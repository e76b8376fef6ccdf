// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: candidates are given the numbers that a projection gives them, in total and in every
// part, over all conversations or over some; plans that were let go come back the same; and what
// cannot be compared request by request is refused.

#include <core/frontier/candidate_evaluator.h>
#include <core/frontier/conversation_halves.h>
#include <core/frontier/plan_columns.h>
#include <core/projection/projection.h>
#include <core/sample/support_desk.h>
#include <tests/core/projection/projection_world.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <cmath>

using namespace signalbox;
using namespace signalbox::test;

namespace {

struct Sample
{
    std::shared_ptr<const Traffic> traffic = std::make_shared<Traffic>(supportDeskTraffic());
    std::shared_ptr<const EvidenceTable> evidence = std::make_shared<EvidenceTable>(
        buildEvidenceTable(supportDeskEvidence(supportDeskPolicy().models)));

    static Sample& shared()
    {
        static Sample sample;
        return sample;
    }
};

/// The sample's policy, every step of its repair, and one with a split and a holdout.
std::vector<PolicyDocument> samplePolicies()
{
    PolicyDocument policy = supportDeskPolicy();
    policy.gates.push_back({GateMetric::LatencyP95Ms, {}, 9'000, GateScope::Segment});
    policy.gates.push_back({GateMetric::LatencyP95Ms, {}, 9'000, GateScope::Tier});
    std::vector<PolicyDocument> policies = {policy};
    for (const RepairStep step : kRepairSteps) {
        if (!apply(policy, supportDeskRepair(step, policy).edit))
            qFatal("a repair step does not apply");
        policies.push_back(policy);
    }
    policy.otherwise = split({{3'000, call("palm-2")}, {7'000, call("gpt-4")}});
    policy.holdout = Holdout{0.1, StickyUnit::Conversation, "h", ModelId("gpt-4")};
    policies.push_back(policy);
    return policies;
}

bool isNear(double actual, double expected)
{
    return std::abs(actual - expected) <= 1e-12 * std::max(1.0, std::abs(expected));
}

template<class Part> QString differenceOf(const SliceNumbers& numbers, const Part& part)
{
    if (!isNear(numbers.costPer1k(), part.costPer1k->value))
        return QStringLiteral("cost");
    if (!isNear(numbers.saving(), part.costSaving->value))
        return QStringLiteral("saving");
    if (!isNear(numbers.satisfaction(), part.satisfaction->value))
        return QStringLiteral("satisfaction");
    if (!isNear(numbers.satisfactionRatio(), part.satisfactionRatio->value))
        return QStringLiteral("ratio");
    if (!isNear(numbers.consistency(), part.consistency->value))
        return QStringLiteral("consistency");
    if (numbers.latencyP95Ms != part.latencyP95Ms->value)
        return QStringLiteral("p95");
    return {};
}

void verifyParts(const std::vector<SliceNumbers>& numbers,
                 const std::vector<ProjectionSlice>& parts, const std::vector<std::string>& names)
{
    std::size_t met = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto part = std::ranges::find(parts, names[i], &ProjectionSlice::name);
        QCOMPARE(numbers[i].requests == 0, part == parts.end());
        if (part == parts.end())
            continue;
        QCOMPARE(numbers[i].requests, part->requests);
        QCOMPARE(differenceOf(numbers[i], *part), QString());
        ++met;
    }
    QCOMPARE(met, parts.size());
}

void verifyAgainstProjections(const std::shared_ptr<const std::vector<bool>>& conversations,
                              std::size_t planBytes)
{
    Sample& sample = Sample::shared();
    const std::vector<PolicyDocument> policies = samplePolicies();
    EvaluatorOptions options;
    options.conversations = conversations;
    options.planBytes = planBytes;
    auto evaluator =
        CandidateEvaluator::make(policies[0], sample.traffic, sample.evidence, options);
    QVERIFY2(evaluator, evaluator ? "" : toString(evaluator.error()).c_str());
    const auto numbers = evaluator->evaluate(policies);
    QVERIFY(numbers);
    Projector projector(sample.traffic, sample.evidence);
    ProjectionOptions points;
    points.draws = 0;
    points.conversations = conversations;
    std::vector<std::string> models;
    for (const ModelSpec& model : policies[0].models)
        models.push_back(model.id.value);
    for (std::size_t i = 0; i < policies.size(); ++i) {
        const auto projection = projector.project(policies[i], points);
        QVERIFY(projection);
        const CandidateNumbers& own = (*numbers)[i];
        QVERIFY(own.isPossible);
        QCOMPARE(own.total.requests, projection->requests);
        QCOMPARE(differenceOf(own.total, *projection), QString());
        verifyParts(own.segments, projection->segments, sample.traffic->segments);
        verifyParts(own.tiers, projection->tiers, models);
    }
}

constexpr std::size_t kMuch = std::size_t{1} << 30;

} // namespace

class TestCandidateEvaluator : public QObject
{
    Q_OBJECT
private slots:
    void numbersAreThoseOfAProjection() { verifyAgainstProjections({}, kMuch); }

    void numbersOfAHalfAreThoseOfAProjectionOfIt()
    {
        const ConversationHalves halves = splitConversations(*Sample::shared().traffic, 5);
        verifyAgainstProjections(halves.search, kMuch);
        verifyAgainstProjections(halves.report, kMuch);
    }

    void plansThatWereLetGoComeBackTheSame()
    {
        verifyAgainstProjections({}, 0);
        const Sample& sample = Sample::shared();
        const PolicyDocument policy = supportDeskPolicy();
        const ReplayGround ground(*sample.traffic, *sample.evidence);
        PlanColumnCache cache(policy, ground, {0, 1, 2, 3}, 1, 0, 2 * 4 * 22);
        for (const char* model : {"gpt-4", "palm-2", "gpt-3.5-turbo", "gpt-4", "gpt-4"}) {
            const Plan plan = call(model);
            QVERIFY(cache.get(std::span(&plan, 1), nullptr));
            QVERIFY(cache.byteCount() <= std::size_t{2 * 4 * 22});
        }
        QCOMPARE(cache.simulatedPlans(), std::size_t{4}); // the last one was still there
    }

    void whatIsUnknownStaysUnknown()
    {
        World world;
        world.prompts("easy", 10).model("cheap").model("dear"); // voices were never compared
        world.conversations(30, {0, 1, 2});
        PolicyDocument policy = PolicyBuilder({"cheap", "dear"})
                                    .measure("length", TextMeasure::Chars)
                                    .rule("long", when("length", CompareOp::Gt, 3), call("dear"));
        policy.models[0].price.reset();
        for (std::size_t row = 0; row < 90; row += 3)
            world.say(row, "hi");
        Projector projector = world.projector();
        const auto traffic = std::make_shared<const Traffic>(world.traffic());
        const auto evidence = std::make_shared<const EvidenceTable>(world.evidence());
        auto evaluator = CandidateEvaluator::make(policy, traffic, evidence);
        QVERIFY(evaluator);
        const SliceNumbers total = (*evaluator->evaluate(std::span(&policy, 1)))[0].total;
        QVERIFY(std::isnan(total.saving()) && std::isnan(total.consistency()));
        QCOMPARE(total.satisfaction(), 1.0);
        PolicyDocument broken = policy;
        broken.rules[0].plan = call("nobody");
        const std::vector<PolicyDocument> both = {broken, policy};
        const auto numbers = evaluator->evaluate(both);
        QVERIFY(!(*numbers)[0].isPossible && (*numbers)[1].isPossible);
    }

    void whatCannotBeComparedIsRefused()
    {
        Sample& sample = Sample::shared();
        PolicyDocument metered = supportDeskPolicy();
        Signal meter;
        meter.id = SignalId("rate");
        meter.source = UsageSource{};
        metered.signalList.push_back(meter);
        QCOMPARE(CandidateEvaluator::make(metered, sample.traffic, sample.evidence).error().code,
                 ErrorCode::Unsupported);
        EvaluatorOptions none;
        none.conversations = std::make_shared<const std::vector<bool>>(
            std::vector<bool>(sample.traffic->conversationCount(), false));
        QCOMPARE(
            CandidateEvaluator::make(supportDeskPolicy(), sample.traffic, sample.evidence, none)
                .error()
                .code,
            ErrorCode::InvalidArgument);
        const std::atomic<bool> isStopped = true;
        EvaluatorOptions stopped;
        stopped.stop = &isStopped;
        QCOMPARE(
            CandidateEvaluator::make(supportDeskPolicy(), sample.traffic, sample.evidence, stopped)
                .error()
                .code,
            ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestCandidateEvaluator)
#include "tst_candidate_evaluator.moc"
