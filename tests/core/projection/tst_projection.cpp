// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a projection replays the traffic through the policy and says what it costs, how fast,
// how good and how consistent it is, by hand-checkable arithmetic; what cannot be known stays
// unknown; damage in one segment cannot hide in the total.

#include "projection_world.h"

#include <core/policy/policy_json.h>
#include <core/policy/user_styles.h>
#include <core/projection/projection.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <cmath>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Gate atLeast(GateMetric metric, double limit, GateScope per = GateScope::Total)
{
    return {metric, limit, std::nullopt, per};
}

Gate atMost(GateMetric metric, double limit, GateScope per = GateScope::Total)
{
    return {metric, std::nullopt, limit, per};
}

/// "cheap" costs 1 / 2 and "dear" 10 / 20 USD per million tokens; requests whose last message is
/// "hard" go to the dear model, the rest to the cheap one.
PolicyBuilder hardToDear()
{
    PolicyBuilder builder({"cheap", "dear"});
    builder.contains("is hard", "hard").rule("hard", when("is hard"), call("dear"));
    return builder;
}

ProjectionOptions points()
{
    ProjectionOptions options;
    options.draws = 0;
    return options;
}

ProjectionOptions drawing(std::size_t draws, std::uint64_t seed = 1)
{
    ProjectionOptions options;
    options.draws = draws;
    options.seed = seed;
    return options;
}

/// Two models of equal length and outcome, 60 prompts, 200 conversations of two turns.
World plainWorld()
{
    World world;
    world.prompts("easy", 60).model("cheap").model("dear").voices("cheap", "dear", 0.4);
    for (int p = 0; p < 60; p += 2)
        world.conversations(5, {p, p + 1});
    return world;
}

/// Of one user.
std::shared_ptr<const UserStyles> conciseIs(const char* user)
{
    UserStyles table;
    table.set(user, "concise");
    return std::make_shared<const UserStyles>(std::move(table));
}

bool near(double a, double b, double tolerance = 1e-9)
{
    return std::abs(a - b) <= tolerance;
}

const ProjectionSlice& sliceNamed(const std::vector<ProjectionSlice>& slices,
                                  const std::string& name)
{
    static const ProjectionSlice kNone;
    const auto found = std::ranges::find(slices, name, &ProjectionSlice::name);
    return found == slices.end() ? kNone : *found;
}

} // namespace

class TestProjection : public QObject
{
    Q_OBJECT
private slots:
    void partsOfTheTrafficAddUpToTheWhole()
    {
        World world = plainWorld();
        for (std::size_t row = 0; row < 300; row += 3)
            world.say(row, "hard");
        world.satisfied("cheap", 4, 0);
        Projector projector = world.projector();
        const PolicyDocument policy = hardToDear();
        const auto some = [&](bool isOdd) {
            std::vector<bool> counted;
            for (std::size_t i = 0; i < world.traffic().conversationCount(); ++i)
                counted.push_back((i % 4 == 1) == isOdd);
            ProjectionOptions options = points();
            options.conversations = std::make_shared<const std::vector<bool>>(counted);
            return projector.project(policy, options);
        };
        const auto all = projector.project(policy, points());
        const auto odd = some(true);
        const auto even = some(false);
        QVERIFY(all && odd && even);
        QCOMPARE(odd->requests + even->requests, all->requests);
        QCOMPARE(odd->conversations + even->conversations, all->conversations);
        QVERIFY(odd->conversations > 0 && odd->conversations < even->conversations);
        const auto together = [&](auto number) {
            const auto a = static_cast<double>(odd->requests);
            const auto b = static_cast<double>(even->requests);
            return (a * number(*odd) + b * number(*even)) / (a + b);
        };
        const auto isSame = [&](auto number) { return near(together(number), number(*all)); };
        QVERIFY(isSame([](const Projection& part) { return part.costPer1k->value; }));
        QVERIFY(isSame([](const Projection& part) { return part.satisfaction->value; }));
        QVERIFY(isSame([](const Projection& part) { return part.consistency->value; })); // 2 turns
        QVERIFY(isSame([](const Projection& part) { return part.servedShare[1]; }));
        QVERIFY(isSame([](const Projection& part) { return part.flow[0].share; }));
        QVERIFY(odd->costPer1k->value != even->costPer1k->value);
        ProjectionOptions none = points();
        none.conversations = std::make_shared<const std::vector<bool>>(
            std::vector<bool>(world.traffic().conversationCount(), false));
        QCOMPARE(projector.project(policy, none).error().code, ErrorCode::InvalidArgument);
    }

    void oneModelIsWhollyConsistentAndSavesThePriceRatio()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        const auto projection = projector.project(PolicyBuilder({"cheap", "dear"}), drawing(100));
        QVERIFY2(projection, projection ? "" : toString(projection.error()).c_str());
        QCOMPARE(projection->consistency->value, 1.0);
        QCOMPARE(projection->consistency->low, 1.0);
        QVERIFY(near(projection->costSaving->value, 0.9));
        QVERIFY(near(projection->costSaving->low, 0.9) && near(projection->costSaving->high, 0.9));
        // 1,000 tokens in at 1 USD and 100 out at 2 USD per million, a thousand times.
        QVERIFY(near(projection->costPer1k->value, 1.2));
        QVERIFY(near(projection->baselineCostPer1k->value, 12.0));
        QCOMPARE(projection->latencyP95Ms->value, 500.0);
    }

    void theBaselineSavesNothingAndEqualsItself()
    {
        World world = plainWorld();
        world.columns("dear").failureShare = 0.2;
        world.columns("dear").failingMs = {50};
        Projector projector = world.projector();
        PolicyBuilder policy({"cheap", "dear"});
        policy.otherwise(call("dear"));
        const auto projection = projector.project(policy, drawing(100));
        QVERIFY(projection);
        QCOMPARE(projection->costSaving->value, 0.0);
        QCOMPARE(projection->costSaving->low, 0.0);
        QCOMPARE(projection->satisfactionRatio->value, 1.0);
        QCOMPARE(projection->satisfactionRatio->low, 1.0); // by identity, however few the prompts
        QVERIFY(projection->satisfaction->value < 0.9);    // its own failures count
        QVERIFY(near(projection->unansweredShare, 1 - projection->satisfaction->value));
    }

    /// A refusal is known soon, but the answer never begins: it may not make the policy look quick.
    void whatNeverComesIsNotQuick()
    {
        World world = plainWorld();
        world.columns("cheap").failureShare = 0.2;
        world.columns("cheap").failingMs = {50};
        Projector projector = world.projector();
        const auto alone = projector.project(PolicyBuilder({"cheap", "dear"}), drawing(100));
        QVERIFY(alone);
        QVERIFY(std::isinf(alone->latencyP95Ms->value));
        QVERIFY(near(static_cast<double>(alone->latency.unanswered) /
                         static_cast<double>(alone->requests),
                     alone->unansweredShare));
        QCOMPARE(alone->latency.tailCount, std::size_t{0});
        QVERIFY(std::ranges::any_of(alone->notes, [](const std::string& note) {
            return note.find("no answer") != std::string::npos;
        }));
        PolicyBuilder caught({"cheap", "dear"});
        caught.otherwise(chain({call("cheap"), call("dear")}));
        const auto projection = projector.project(caught, drawing(100));
        QVERIFY(projection);
        QVERIFY(std::isfinite(projection->latencyP95Ms->high));
        QCOMPARE(projection->latency.unanswered, std::size_t{0});
        QVERIFY(projection->latency.tailCount > 0);
    }

    void aTinyTrafficIsAsComputedByHand()
    {
        World world;
        world.prompts("easy", 2).prompts("hard", 1);
        world.model("cheap", {.firstTokenMs = 300, .tokens = 100, .satisfied = 1});
        world.model("dear", {.firstTokenMs = 900, .tokens = 50, .satisfied = 1});
        world.satisfied("cheap", 1, 0).voices("cheap", "dear", 0.5);
        world.conversations(1, {0}, "easy").conversations(1, {0, 1}, "easy");
        world.conversations(1, {2}, "hard");
        // A conversation that turns hard: cheap, cheap, dear.
        world.conversations(1, {0, 1, 2}, "easy");
        world.say(6, "hard");
        Projector projector = world.projector();
        const auto projection = projector.project(hardToDear(), points());
        QVERIFY(projection);
        QCOMPARE(projection->requests, std::size_t{7});
        QCOMPARE(projection->conversations, std::size_t{4});
        // cheap: (1000 x 1 + 100 x 2) / 1e6 = 0.0012; dear: (1000 x 10 + 50 x 20) / 1e6 = 0.011.
        QVERIFY(near(projection->costPer1k->value, 1000 * (5 * 0.0012 + 2 * 0.011) / 7));
        QVERIFY(near(projection->baselineCostPer1k->value, 11.0));
        QVERIFY(near(projection->costSaving->value, 1 - (5 * 0.0012 + 2 * 0.011) / (7 * 0.011)));
        QVERIFY(near(projection->satisfaction->value, 5.0 / 7)); // prompt 1 fails twice
        QVERIFY(near(projection->satisfactionRatio->value, 5.0 / 7));
        // Three seams, one of them a switch: C = 1 - 0.5 / 3.
        QVERIFY(near(projection->consistency->value, 1 - 0.5 / 3));
        QCOMPARE(projection->seams.losses.size(), std::size_t{1});
        QVERIFY(near(projection->seams.losses.front().seamShare, 1.0 / 3));
        QCOMPARE(projection->latencyP95Ms->value, 900.0);
        QCOMPARE(projection->latency.p50.value, 300.0);
        QVERIFY(near(projection->latency.meanMs, (5 * 300 + 2 * 900) / 7.0));
        QVERIFY(near(projection->servedShare[0], 5.0 / 7));
        QVERIFY(near(projection->spendShare[1], 2 * 0.011 / (5 * 0.0012 + 2 * 0.011)));
        const auto rows = projector.replay(hardToDear(), points());
        QVERIFY(rows);
        QCOMPARE(projection->costOfRow->size(), std::size_t{7});
        for (std::size_t row = 0; row < 7; ++row) {
            QVERIFY(near(projection->costOfRow->at(row), rows->costUsd[row]));
            QVERIFY(near(rows->costUsd[row], rows->served[row] == 0 ? 0.0012 : 0.011));
        }
        QVERIFY(near(projection->costPerSatisfied->value,
                     projection->costPer1k->value / 1000 / (5.0 / 7)));
    }

    void whatAMarginClaimsIsCountedApart()
    {
        World world = plainWorld();
        // 10, 11, 12, … characters: at most 15 with a margin of 2 claims 14 to 17: 13 holds either
        // way.
        const std::size_t rows = world.traffic().rowCount();
        for (std::size_t row = 0; row < rows; ++row)
            world.say(row, std::string(10 + row % 10, 'x'));
        PolicyBuilder builder({"cheap", "dear"});
        builder.measure("length", TextMeasure::Chars)
            .rule("short", when("length", CompareOp::Lte, CompareValue(15.0)), call("cheap"));
        PolicyDocument policy = builder;
        policy.rules[0].uncertain = Uncertain{SignalId("length"), 2, call("dear")};
        Projector projector = world.projector();
        const auto projection = projector.project(policy, points());
        QVERIFY(projection);
        const RuleFlow& rule = projection->flow[0];
        QVERIFY(rule.margin.has_value());
        std::size_t claimed = 0;
        std::size_t taken = 0;
        for (std::size_t row = 0; row < rows; ++row) {
            claimed += row % 10 >= 4 && row % 10 <= 7 ? 1 : 0;
            taken += row % 10 <= 7 ? 1 : 0;
        }
        QVERIFY(claimed > 0 && claimed < taken);
        QCOMPARE(rule.margin->requests, claimed);
        QCOMPARE(rule.requests, taken);
        QVERIFY(near(rule.margin->models[1], rule.margin->share));
        QVERIFY(near(rule.models[0], rule.share - rule.margin->share));
        QVERIFY(rule.margin->costShare > 0 && rule.margin->costShare < rule.costShare);
        QVERIFY(!projection->flow[1].margin.has_value());
    }

    void flowTellsWhereRequestsAndMoneyGo()
    {
        World world = plainWorld();
        for (std::size_t row = 1; row < world.traffic().rowCount(); row += 2)
            world.say(row, "hard");
        Projector projector = world.projector();
        const auto projection = projector.project(hardToDear().holdout(0.25, "dear"), points());
        QVERIFY(projection);
        QCOMPARE(projection->flow.size(), std::size_t{3});
        const RuleFlow& rule = projection->flow[0];
        const RuleFlow& otherwise = projection->flow[1];
        const RuleFlow& holdout = projection->flow[2];
        QCOMPARE(rule.rule, 0);
        QCOMPARE(otherwise.rule, int{Decision::kOtherwise});
        QCOMPARE(holdout.rule, int{Decision::kHoldout});
        QVERIFY(holdout.share > 0.1 && holdout.share < 0.4);
        QCOMPARE(rule.requests, otherwise.requests);
        QCOMPARE(rule.requests + otherwise.requests + holdout.requests, projection->requests);
        QVERIFY(near(rule.costShare + otherwise.costShare + holdout.costShare, 1));
        QVERIFY(near(rule.models[1], rule.share));
        QVERIFY(near(otherwise.models[0], otherwise.share));
        // Every second turn outside of the holdout switches, into the rule's answers.
        QVERIFY(near(rule.seamLoss, 0.4 * (1 - holdout.share)));
        QCOMPARE(otherwise.seamLoss, 0.0);
        QVERIFY(near(1 - projection->consistency->value, rule.seamLoss));
    }

    void decidingByConversationIsConsistentUnlessSomethingFails()
    {
        World world = plainWorld();
        for (std::size_t row = 1; row < world.traffic().rowCount(); row += 2)
            world.say(row, "hard");
        Projector projector = world.projector();
        PolicyDocument policy = hardToDear();
        const auto byRequest = projector.project(policy, points());
        QVERIFY(near(byRequest->consistency->value, 0.6));
        policy.decideBy = DecisionUnit::Conversation;
        const auto byConversation = projector.project(policy, points());
        QCOMPARE(byConversation->consistency->value, 1.0);

        World failing = plainWorld();
        failing.columns("cheap").failureShare = 0.3;
        failing.columns("cheap").failingMs = {50};
        policy.otherwise = chain({call("cheap"), call("dear")});
        Projector other = failing.projector();
        QVERIFY(other.project(policy, points())->consistency->value < 0.95);
    }

    void everyHopIsPricedFailedOnesToo()
    {
        World world;
        world.prompts("easy", 60);
        world
            .model("cheap",
                   {.failureShare = 1, .failingMs = 50, .failureKind = AttemptFailure::Timeout})
            .model("dear");
        world.voices("cheap", "dear", 0.4).conversations(50, {0});
        Projector projector = world.projector();
        PolicyBuilder policy({"cheap", "dear"});
        policy.otherwise(chain({call("cheap"), call("dear")}));
        const auto projection = projector.project(policy, points());
        QVERIFY(projection);
        // The failed call's input, then the whole answer of the other model.
        QVERIFY(near(projection->costPer1k->value, 1.0 + 12.0));
        QVERIFY(projection->costSaving->value < 0);
        QVERIFY(near(projection->latencyP95Ms->value, 550));
        QCOMPARE(projection->latency.tailCount, std::size_t{50});
        QVERIFY(near(projection->latency.tailP50Ms, 550));
    }

    void whatWasTurnedAwayIsNotOnTheBill()
    {
        World world;
        world.prompts("easy", 60);
        world.model("cheap", {.failureShare = 1}).model("dear");
        world.voices("cheap", "dear", 0.4).conversations(50, {0});
        PolicyBuilder policy({"cheap", "dear"});
        policy.otherwise(chain({call("cheap"), call("dear")}));
        for (const AttemptFailure turnedAway :
             {AttemptFailure::Connect, AttemptFailure::RateLimit, AttemptFailure::ServerError}) {
            world.columns("cheap").failureKind = turnedAway;
            Projector projector = world.projector();
            const auto projection = projector.project(policy, points());
            QVERIFY(near(projection->costPer1k->value, 12.0));
            QVERIFY(near(projection->latencyP95Ms->value, 550));
        }
    }

    void retriesFailWithTheirRequestAndArePriced()
    {
        World world;
        world.prompts("easy", 60);
        world
            .model("cheap",
                   {.failureShare = 1, .failingMs = 0, .failureKind = AttemptFailure::BadAnswer})
            .model("dear");
        world.voices("cheap", "dear", 0.4).conversations(10, {0});
        Projector projector = world.projector();
        PolicyBuilder policy({"cheap", "dear"});
        Plan plan = chain({call("cheap", {.retry = {3, 500, 2}}), call("dear")});
        std::get<Chain>(plan.node).on = {AttemptFailure::BadAnswer};
        policy.otherwise(plan);
        const auto projection = projector.project(policy, points());
        QVERIFY(projection);
        QVERIFY(near(projection->costPer1k->value, 4 * 1.0 + 12.0));
        QVERIFY(near(projection->latencyP95Ms->value, 500 + 1000 + 2000 + 500));
    }

    void aHedgedLoserCostsItsInput()
    {
        World world;
        world.prompts("easy", 60);
        world.model("cheap", {.firstTokenMs = 5000, .totalMs = 6000}).model("dear");
        world.voices("cheap", "dear", 0.4).conversations(10, {0});
        Projector projector = world.projector();
        PolicyBuilder policy({"cheap", "dear"});
        policy.otherwise(
            chain({call("cheap", {.firstTokenMs = 300}), call("dear")}, {}, ChainMode::Hedge));
        const auto projection = projector.project(policy, points());
        QVERIFY(projection);
        QVERIFY(near(projection->costPer1k->value, 1.0 + 12.0));
        QVERIFY(near(projection->latencyP95Ms->value, 300 + 500));
        QVERIFY(near(projection->servedShare[1], 1));
    }

    void aStyleGuideCostsItsTokens()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        PolicyDocument policy = PolicyBuilder({"cheap", "dear"});
        const double before = projector.project(policy, points())->costPer1k->value;
        policy.models[0].styleGuide = std::string(400, 'x'); // about 100 tokens at 1 USD a million
        const double after = projector.project(policy, points())->costPer1k->value;
        QVERIFY(near(after - before, 0.1));
    }

    void damageInASegmentCannotHideInTheTotal()
    {
        World world;
        world.prompts("easy", 188).prompts("billing", 100).model("cheap").model("dear");
        world.voices("cheap", "dear", 0.1);
        // 6 % of the requests are about billing, and 30 points worse on the cheap model.
        for (std::size_t p = 0; p < 188; ++p)
            world.conversations(10, {static_cast<int>(p)});
        for (std::size_t p = 188; p < 288; ++p) {
            world.conversations(p < 208 ? 2 : 1, {static_cast<int>(p)});
            world.satisfied("cheap", p, 0.7);
        }
        PolicyBuilder policy({"cheap", "dear"});
        policy.with([](PolicyDocument& document) {
            document.gates = {atLeast(GateMetric::SatisfactionRatio, 0.95),
                              atLeast(GateMetric::SatisfactionRatio, 0.95, GateScope::Segment)};
        });
        Projector projector = world.projector();
        const auto projection = projector.project(policy, drawing(500));
        QVERIFY(projection);
        QVERIFY(near(projection->satisfactionRatio->value, 0.982, 1e-3));
        QCOMPARE(projection->gates.size(), std::size_t{3});
        QCOMPARE(projection->gates[0].verdict, Verdict::Met);
        QCOMPARE(projection->gates[1].subject, std::string("billing")); // the worst on top
        QCOMPARE(projection->gates[1].verdict, Verdict::NotMet);
        QCOMPARE(projection->gates[2].verdict, Verdict::Met);
        QVERIFY(!projection->allGatesMet());
        QCOMPARE(projection->allGatesProbability, 0.0);
        const ProjectionSlice& billing = sliceNamed(projection->segments, "billing");
        QVERIFY(near(billing.share, 0.06, 1e-3));
        QVERIFY(near(billing.satisfactionRatio->value, 0.7));
        QCOMPARE(billing.prompts, std::size_t{100});
    }

    void fewPromptsWithoutAFailureShowLittle_data()
    {
        QTest::addColumn<int>("prompts");
        QTest::addColumn<int>("verdict");
        QTest::newRow("20: up to 15 % may be lost") << 20 << int(Verdict::NotShown);
        QTest::newRow("59: just too few") << 59 << int(Verdict::NotShown);
        QTest::newRow("60: at most 5 %") << 60 << int(Verdict::Met);
    }

    void fewPromptsWithoutAFailureShowLittle()
    {
        QFETCH(int, prompts);
        QFETCH(int, verdict);
        World world;
        world.prompts("easy", static_cast<std::size_t>(prompts)).model("cheap").model("dear");
        world.voices("cheap", "dear", 0.1);
        for (int p = 0; p < prompts; ++p)
            world.conversations(10, {p});
        PolicyBuilder policy({"cheap", "dear"});
        policy.with([](PolicyDocument& document) {
            document.gates = {atLeast(GateMetric::SatisfactionRatio, 0.95)};
        });
        Projector projector = world.projector();
        const auto projection = projector.project(policy, drawing(200));
        QVERIFY(projection);
        QCOMPARE(projection->satisfactionRatio->value, 1.0);
        QVERIFY(near(projection->satisfactionRatio->low, 1 - 3.0 / prompts));
        QCOMPARE(int(projection->gates[0].verdict), verdict);
    }

    void voicesOnFewPromptsGetNoVerdict()
    {
        World world = plainWorld();
        world.voices("cheap", "dear", 0.01, 49);
        for (std::size_t row = 1; row < world.traffic().rowCount(); row += 2)
            world.say(row, "hard");
        PolicyBuilder policy = hardToDear();
        policy.with([](PolicyDocument& document) {
            document.gates = {atLeast(GateMetric::Consistency, 0.9)};
        });
        Projector projector = world.projector();
        const auto projection = projector.project(policy, drawing(100));
        QVERIFY(projection->consistency->low > 0.9);
        QCOMPARE(projection->gates[0].verdict, Verdict::NotShown);
        QVERIFY(projection->gates[0].reason.find("49 prompts") != std::string::npos);

        world.voices("cheap", "dear", 0.01, 50);
        Projector enough = world.projector();
        QCOMPARE(enough.project(policy, drawing(100))->gates[0].verdict, Verdict::Met);
    }

    void borrowedAnswersGiveNoVerdict_data()
    {
        QTest::addColumn<int>("borrowed");
        QTest::addColumn<int>("verdict");
        QTest::newRow("of 303 requests 1 %") << 3 << int(Verdict::Met);
        QTest::newRow("of 304 requests 1.3 %") << 4 << int(Verdict::NotShown);
    }
    void borrowedAnswersGiveNoVerdict()
    {
        QFETCH(int, borrowed);
        QFETCH(int, verdict);
        World world = plainWorld(); // 300 requests, and some of a segment that nobody tried
        world.prompts("legal", 0)
            .conversations(static_cast<std::size_t>(borrowed), {-1}, "hello", "legal");
        PolicyBuilder policy = hardToDear();
        policy.with([](PolicyDocument& document) {
            document.gates = {atMost(GateMetric::LatencyP95Ms, 600),
                              atLeast(GateMetric::Satisfaction, 0.5, GateScope::Segment)};
        });
        Projector projector = world.projector();
        const auto projection = projector.project(policy, drawing(100));
        QVERIFY(projection);
        const ProjectionSlice& legal = projection->segments.back();
        QCOMPARE(legal.name, std::string("legal"));
        QCOMPARE(legal.borrowed, legal.requests);
        QCOMPARE(legal.prompts, std::size_t{0}); // what stands in for it is no evidence
        QCOMPARE(projection->segments.front().borrowed, std::size_t{0});
        const auto verdictOn = [&](const char* subject) {
            const auto found =
                std::ranges::find_if(projection->gates, [&](const GateResult& result) {
                    return result.subject == subject;
                });
            return found->verdict;
        };
        QCOMPARE(int(verdictOn("")), verdict);
        QCOMPARE(verdictOn("easy"), Verdict::Met);
        QCOMPARE(verdictOn("legal"), Verdict::NotShown);
        QVERIFY(!projection->allGatesMet());
        if (verdict != int(Verdict::Met))
            QVERIFY2(std::ranges::any_of(projection->gates,
                                         [](const GateResult& result) {
                                             return result.reason.find(
                                                        "4 of 304 requests are in segments") !=
                                                    std::string::npos;
                                         }),
                     projection->gates.front().reason.c_str());
    }

    void anUnknownPriceIsUnknownNotZero()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        PolicyDocument policy = PolicyBuilder({"cheap", "dear"});
        policy.gates = {atLeast(GateMetric::CostSaving, 0.4),
                        atMost(GateMetric::LatencyP95Ms, 2000)};
        policy.models[0].price.reset();
        const auto projection = projector.project(policy, drawing(100));
        QVERIFY(projection);
        QVERIFY(!projection->costPer1k);
        QVERIFY(!projection->costSaving);
        QVERIFY(!projection->costPerSatisfied);
        QVERIFY(projection->baselineCostPer1k.has_value());
        QVERIFY(std::isnan(projection->spendShare[0]));
        QVERIFY(std::isnan(projection->costOfRow->front()));
        QVERIFY(std::isnan(projection->flow[0].costShare));
        QCOMPARE(projection->latencyP95Ms->value, 500.0);
        QCOMPARE(projection->gates[0].verdict, Verdict::NotShown);
        QCOMPARE(projection->gates[1].verdict, Verdict::Met);
        QCOMPARE(projection->allGatesProbability, 0.0);
        QVERIFY(projection->notes.front().find("\"cheap\"") != std::string::npos);
    }

    void aPolicyWithoutABaselineIsProjected()
    {
        World world = plainWorld();
        world.conversations(3, {0, 1}, "hard");
        Projector projector = world.projector();
        PolicyDocument policy = hardToDear().document();
        policy.baseline = ModelId();
        const auto projection = projector.project(policy, points());
        QVERIFY2(projection, projection ? "" : toString(projection.error()).c_str());
        QVERIFY(projection->costPer1k && !projection->costSaving);

        const auto frontier = projector.baselines(policy, points());
        const auto countOf = [&](FrontierPoint::Kind kind) {
            return std::ranges::count(frontier, kind, &FrontierPoint::kind);
        };
        QCOMPARE(countOf(FrontierPoint::Kind::SingleModel), 2);
        QCOMPARE(countOf(FrontierPoint::Kind::Oracle), 1);
        QCOMPARE(countOf(FrontierPoint::Kind::LongerToStronger), 0); // no model is the stronger
    }

    void aCostThatMoneyCannotHoldIsUnknown()
    {
        World world = plainWorld();
        for (std::size_t row = 0; row < world.traffic().rowCount(); ++row)
            world.traffic().inputTokens[row] = 10'000'000;
        Projector projector = world.projector();
        PolicyDocument policy = PolicyBuilder({"cheap", "dear"}).document();
        policy.models[0].price->inputPerToken = pricePerTokenFromUsdPerMTok(1e6);
        const auto projection = projector.project(policy, points());
        QVERIFY2(projection, projection ? "" : toString(projection.error()).c_str());
        QVERIFY(!projection->costPer1k);
    }

    void aTailOfPartlyUnknownLatencyIsUnknown()
    {
        World world = plainWorld();
        world.model("mute", {.firstTokenMs = World::kMissing, .totalMs = World::kMissing});
        world.conversations(40, {0, 1}, "hard");
        world.columns("cheap").failureShare = 0.5;
        world.columns("cheap").failingMs = {50};
        Projector projector = world.projector();
        PolicyBuilder policy({"cheap", "dear", "mute"});
        policy.contains("is hard", "hard")
            .rule("hard", when("is hard"), chain({call("cheap"), call("mute")}))
            .otherwise(chain({call("cheap"), call("dear")}));
        const auto projection = projector.project(policy, points());
        QVERIFY2(projection, projection ? "" : toString(projection.error()).c_str());
        QVERIFY(projection->latency.tailCount > 0);
        QVERIFY(std::isnan(projection->latency.tailP50Ms));
    }

    void aModelWithoutEvidenceLeavesItsNumbersUnknown()
    {
        World world = plainWorld();
        PolicyBuilder policy({"cheap", "new", "dear"});
        policy.otherwise(call("new"));
        Projector projector = world.projector();
        const auto projection = projector.project(policy, drawing(50));
        QVERIFY(projection);
        QVERIFY(!projection->costPer1k);
        QVERIFY(!projection->satisfaction);
        QVERIFY(!projection->latencyP95Ms);
        QCOMPARE(projection->latency.p50.n, std::size_t{0});
        QVERIFY(projection->latency.quantiles.empty());
        QCOMPARE(projection->consistency->value, 1.0); // one model has one voice, heard or not
        QCOMPARE(projection->servedShare[1], 1.0);
        QVERIFY(projection->baselineCostPer1k.has_value());
    }

    void withoutAnyEvidenceOnlyTheFlowIsKnown()
    {
        World world;
        world.prompts("easy", 1).conversations(10, {-1, -1}, "hello", "easy");
        world.evidence() = EvidenceTable();
        Projector projector = world.projector();
        const auto projection = projector.project(hardToDear(), drawing(50));
        QVERIFY(projection);
        QVERIFY(!projection->costPer1k && !projection->satisfaction && !projection->latencyP95Ms);
        QCOMPARE(projection->flow.back().share, 1.0);
        QVERIFY(!projection->notes.empty());
    }

    void anUnheardVoiceLeavesConsistencyUnknown()
    {
        World world = plainWorld();
        world.voices("cheap", "dear", 0.4, 0);
        for (std::size_t row = 1; row < world.traffic().rowCount(); row += 2)
            world.say(row, "hard");
        Projector projector = world.projector();
        const auto projection = projector.project(hardToDear(), drawing(50));
        QVERIFY(!projection->consistency);
        QVERIFY(projection->costPer1k.has_value());
    }

    void requestsWithoutAPromptTakeTheirSegmentsInTurn()
    {
        World world;
        world.prompts("easy", 3).prompts("hard", 2).model("cheap").model("dear");
        world.voices("cheap", "dear", 0.4);
        world.satisfied("cheap", 3, 0); // one of the two hard prompts
        world.conversations(10, {-1}, "hello", "hard");
        Projector projector = world.projector();
        const auto projection = projector.project(PolicyBuilder({"cheap", "dear"}), points());
        QCOMPARE(projection->satisfaction->value, 0.5);
        QVERIFY(projection->notes.back().find("10 of 10 requests") != std::string::npos);
    }

    void gapsAreFilledFromTheSegmentThenFromAll()
    {
        World world;
        world.prompts("easy", 3).prompts("hard", 1).model("cheap").model("dear");
        world.voices("cheap", "dear", 0.4);
        EvidenceTable::ModelColumns& cheap = world.columns("cheap");
        cheap.satisfied = {World::kMissing, 0.2, 0.4, World::kMissing};
        cheap.samples[0].clear();
        cheap.samples[3].clear();
        cheap.samples[1] = cheap.samples[2] = {{800, 900, 100}};
        world.conversations(1, {0});
        Projector segment = world.projector();
        auto projection = segment.project(PolicyBuilder({"cheap", "dear"}), points());
        QVERIFY(near(projection->satisfaction->value, 0.3));
        QCOMPARE(projection->latencyP95Ms->value, 800.0);
        world.traffic().promptOf[0] = 3; // a segment of which the model knows nothing
        Projector all = world.projector();
        projection = all.project(PolicyBuilder({"cheap", "dear"}), points());
        QVERIFY(near(projection->satisfaction->value, 0.3));
        QCOMPARE(projection->latencyP95Ms->value, 800.0);
    }

    void equalSeedsGiveEqualProjections()
    {
        World world = plainWorld();
        world.columns("cheap").failureShare = 0.1;
        world.columns("cheap").failingMs = {50};
        PolicyBuilder policy = hardToDear();
        policy.otherwise(chain({call("cheap"), call("dear")}));
        Projector one = world.projector();
        Projector two = world.projector();
        const auto a = one.project(policy, drawing(200, 7));
        const auto b = two.project(policy, drawing(200, 7));
        const auto c = two.project(policy, drawing(200, 8));
        QVERIFY(a->costPer1k == b->costPer1k);
        QVERIFY(a->latencyP95Ms == b->latencyP95Ms);
        QVERIFY(a->consistency == b->consistency);
        QVERIFY(!(a->costPer1k == c->costPer1k));
    }

    void aQuickProjectionHasTheSamePoints()
    {
        World world = plainWorld();
        world.columns("cheap").failureShare = 0.1;
        world.columns("cheap").failingMs = {50};
        for (int p = 0; p < 60; p += 3)
            world.satisfied("cheap", static_cast<std::size_t>(p), 0);
        PolicyDocument policy = hardToDear();
        policy.otherwise = chain({call("cheap"), call("dear")});
        policy.gates = {atLeast(GateMetric::SatisfactionRatio, 0.8, GateScope::Segment)};
        Projector projector = world.projector();
        const auto full = projector.project(policy, drawing(200));
        const auto quick = projector.project(policy, points());
        QVERIFY(!full->quick);
        QVERIFY(quick->quick);
        QCOMPARE(quick->costPer1k->value, full->costPer1k->value);
        QCOMPARE(quick->costSaving->value, full->costSaving->value);
        QCOMPARE(quick->satisfaction->value, full->satisfaction->value);
        QCOMPARE(quick->latencyP95Ms->value, full->latencyP95Ms->value);
        QCOMPARE(quick->consistency->value, full->consistency->value);
        QCOMPARE(quick->segments.front().satisfactionRatio->value,
                 full->segments.front().satisfactionRatio->value);
        // It borrows the widths that were drawn before.
        QVERIFY(near(quick->satisfaction->low, full->satisfaction->low, 1e-9));
        QCOMPARE(quick->gates.front().verdict, full->gates.front().verdict);

        Projector fresh = world.projector();
        const auto alone = fresh.project(policy, points());
        QCOMPARE(alone->costPer1k->value, full->costPer1k->value);
        QCOMPARE(alone->costPer1k->low, alone->costPer1k->high);
    }

    void intervalsAreNotBorrowedOfOtherStyles()
    {
        World world = plainWorld();
        for (int p = 0; p < 60; p += 2)
            world.satisfied("cheap", static_cast<std::size_t>(p), 0);
        const PolicyDocument policy =
            PolicyBuilder()
                .signal("style", StyleSource{"balanced", "styles.json"})
                .rule("terse", when("style", CompareOp::Eq, "concise"), call("dear"));
        Projector projector = world.projector();
        ProjectionOptions full = drawing(200);
        full.styles = conciseIs("uc0");
        const auto drawn = projector.project(policy, full);
        QVERIFY(drawn && drawn->satisfaction->low < drawn->satisfaction->high);
        ProjectionOptions quick = points();
        quick.styles = full.styles;
        const auto borrowing = projector.project(policy, quick);
        QVERIFY(borrowing->satisfaction->low < borrowing->satisfaction->high);
        quick.styles = conciseIs("uc1");
        const auto alone = projector.project(policy, quick);
        QCOMPARE(alone->satisfaction->low, alone->satisfaction->high);
    }

    void aChangedSignalIsReadAnew()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        PolicyDocument policy = hardToDear();
        QVERIFY(near(projector.project(policy, points())->servedShare[1], 0));
        std::get<ContainsSource>(policy.signalList[0].source).text = "hello";
        QVERIFY(near(projector.project(policy, points())->servedShare[1], 1));
        policy.rules[0].enabled = false;
        QVERIFY(near(projector.project(policy, points())->servedShare[1], 0));
    }

    void aNewPriceIsUsedAtOnce()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        PolicyDocument policy = PolicyBuilder({"cheap", "dear"});
        QVERIFY(near(projector.project(policy, points())->costPer1k->value, 1.2));
        policy.models[0].price->inputPerToken = pricePerTokenFromUsdPerMTok(2);
        QVERIFY(near(projector.project(policy, points())->costPer1k->value, 2.2));
    }

    void outagesKeepTheShareButClump()
    {
        World world;
        world.prompts("easy", 60);
        world.model("cheap", {.failureShare = 0.1, .failingMs = 50}).model("dear");
        world.voices("cheap", "dear", 0.4);
        world.conversations(4000, {0, 1});
        for (std::size_t row = 0; row < world.traffic().rowCount(); ++row)
            world.traffic().timeMs[row] = 1'000'000 + static_cast<std::int64_t>(row) * 60'000;
        PolicyBuilder policy({"cheap", "dear"});
        policy.otherwise(chain({call("cheap"), call("dear")}));
        Projector projector = world.projector();
        ProjectionOptions options = points();
        const auto apart = projector.project(policy, options);
        options.outageMinutes = 20;
        const auto clumped = projector.project(policy, options);
        QVERIFY(near(apart->latency.tailShare, 0.1, 0.015));
        QVERIFY(near(clumped->latency.tailShare, 0.1, 0.04));
        // Independent failures part the turns of 18 % of the conversations, outages hardly any.
        QVERIFY(near(1 - apart->consistency->value, 0.4 * 0.18, 0.01));
        QVERIFY(1 - clumped->consistency->value < 0.4 * 0.03);
    }

    void givesUpWhenStopped()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        const std::atomic<bool> stop = true;
        ProjectionOptions options = drawing(2000);
        options.stop = &stop;
        const auto projection = projector.project(hardToDear(), options);
        QVERIFY(!projection);
        QCOMPARE(projection.error().code, ErrorCode::Cancelled);
        QVERIFY(projector.baselines(hardToDear(), options).empty());
    }

    void refusesABrokenPolicyAndEmptyTraffic()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        PolicyBuilder policy({"cheap", "dear"});
        policy.otherwise(call("nobody"));
        const auto broken = projector.project(policy, points());
        QVERIFY(!broken);
        QCOMPARE(broken.error().code, ErrorCode::InvalidArgument);

        World empty;
        empty.prompts("easy", 1).model("cheap").model("dear");
        Projector idle = empty.projector();
        QVERIFY(!idle.project(PolicyBuilder({"cheap", "dear"}), points()));
    }

    void replayGivesTheRowsBehindTheNumbers()
    {
        World world = plainWorld();
        world.say(1, "hard");
        Projector projector = world.projector();
        const auto rows = projector.replay(hardToDear());
        QVERIFY(rows);
        QCOMPARE(rows->served.size(), world.traffic().rowCount());
        QCOMPARE(rows->rule[0], std::int32_t{Decision::kOtherwise});
        QCOMPARE(rows->rule[1], 0);
        QCOMPARE(rows->served[1], 1);
        QVERIFY(near(rows->costUsd[0], 0.0012));
        QVERIFY(near(rows->costUsd[1], 0.012));
        QCOMPARE(rows->satisfied[1], 1.0);
        QCOMPARE(rows->firstTokenMs[1], 500.0);
    }

    void aRuleIsAskedAboutWhatTheRulesAboveItLeft()
    {
        World world = plainWorld();
        world.say(1, "hard");
        Projector projector = world.projector();
        PolicyBuilder policy = hardToDear();
        policy.rule("rest", negated(when("is hard")), call("cheap"));
        const auto first = projector.rowsReaching(policy, 0);
        const auto second = projector.rowsReaching(policy, 1);
        QVERIFY(first && second);
        QCOMPARE(first->size(), world.traffic().rowCount());
        QVERIFY(first->at(0) && first->at(1));
        QVERIFY(second->at(0) && !second->at(1));

        policy.rule("broken", when("no such signal"), call("cheap"));
        QVERIFY(projector.rowsReaching(policy, 2).has_value()); // what comes later has no say
        QVERIFY(!projector.rowsReaching(policy, 3).has_value());
    }

    void columnsAndReachFollowTheTableOfStyles()
    {
        World world = plainWorld();
        Projector projector = world.projector();
        const PolicyDocument policy =
            PolicyBuilder()
                .signal("style", StyleSource{"balanced", "styles.json"})
                .signal("points",
                        ScoreSource{1, {}, {}, {{2, when("style", CompareOp::Eq, "concise")}}})
                .rule("terse", when("points", CompareOp::Gt, 1), call("dear"))
                .rule("rest", when("points", CompareOp::Gt, 0), call("cheap"));
        const auto table = conciseIs("uc1"); // whose two turns are rows 2 and 3
        const auto scores = projector.signalColumn(policy, SignalId("points"), table);
        QVERIFY(scores);
        QCOMPARE(scores->at(0), 1.0);
        QCOMPARE(scores->at(2), 3.0);
        const auto left = projector.rowsReaching(policy, 1, table);
        QVERIFY(left);
        QVERIFY(left->at(0) && !left->at(2) && !left->at(3));
        // Without the table, the same again.
        QCOMPARE(projector.signalColumn(policy, SignalId("points"))->at(2), 1.0);
        QVERIFY(projector.rowsReaching(policy, 1)->at(2));
    }

    void aSignalIsAColumnOverTheTraffic()
    {
        World world = plainWorld();
        world.say(1, "four");
        PolicyBuilder policy({"cheap", "dear"});
        policy.measure("length", TextMeasure::Chars)
            .contains("asks", "?")
            .metadata("age", ValueType::Number);
        Projector projector = world.projector();
        const auto lengths = projector.signalColumn(policy, SignalId("length"));
        QVERIFY(lengths);
        QCOMPARE(lengths->at(0), 5.0);
        QCOMPARE(lengths->at(1), 4.0);
        QVERIFY(std::isnan(projector.signalColumn(policy, SignalId("age"))->front()));
        QCOMPARE(projector.signalColumn(policy, SignalId("asks")).error().code,
                 ErrorCode::InvalidArgument);
        QCOMPARE(projector.signalColumn(policy, SignalId("none")).error().code,
                 ErrorCode::NotFound);
    }

    void baselinesBoundTheFrontier()
    {
        World world = plainWorld();
        for (std::size_t p = 0; p < 60; p += 2)
            world.satisfied("cheap", p, 0);
        world.satisfied("dear", 1, 0);
        for (std::size_t row = 1; row < world.traffic().rowCount(); row += 2)
            world.say(row, "a much longer message");
        Projector projector = world.projector();
        const auto found = projector.baselines(hardToDear(), drawing(50));
        const auto ofKind = [&](FrontierPoint::Kind kind) {
            std::vector<FrontierPoint> points;
            std::ranges::copy_if(found, std::back_inserter(points),
                                 [&](const FrontierPoint& point) { return point.kind == kind; });
            return points;
        };
        const auto singles = ofKind(FrontierPoint::Kind::SingleModel);
        QCOMPARE(singles.size(), std::size_t{2});
        QVERIFY(near(singles[0].costPer1k->value, 1.2) && near(singles[1].costPer1k->value, 12));
        QCOMPARE(singles[0].consistency->value, 1.0);
        const auto mixes = ofKind(FrontierPoint::Kind::RandomMix);
        QCOMPARE(mixes.size(), std::size_t{11});
        QVERIFY(near(mixes[0].costPer1k->value, 1.2) && near(mixes[10].costPer1k->value, 12));
        QVERIFY(near(mixes[5].costPer1k->value, 6.6));
        QVERIFY(near(mixes[5].consistency->value, 1 - 0.5 * 0.4));
        QCOMPARE(mixes[0].consistency->value, 1.0);
        const auto longer = ofKind(FrontierPoint::Kind::LongerToStronger);
        QVERIFY(!longer.empty());
        QVERIFY(near(longer.front().costPer1k->value, 6.6));
        const auto oracle = ofKind(FrontierPoint::Kind::Oracle);
        QCOMPARE(oracle.size(), std::size_t{1});
        QCOMPARE(oracle[0].satisfaction->value, 1.0); // some model is right on each prompt
        QVERIFY(near(oracle[0].costPer1k->value, 6.6));
    }

    /// The cheapest model alone is always consistent and always cheap: it must not look like the
    /// answer when it fails what the two axes do not show.
    void pointsSayWhichGatesOffTheAxesTheyMiss()
    {
        World world = plainWorld();
        for (std::size_t p = 0; p < 60; p += 2)
            world.satisfied("cheap", p, 0);
        Projector projector = world.projector();
        PolicyDocument policy = hardToDear().document();
        policy.gates = {{GateMetric::CostPer1k, std::nullopt, 1.0, GateScope::Total},
                        {GateMetric::LatencyP95Ms, std::nullopt, 100'000.0, GateScope::Total},
                        {GateMetric::SatisfactionRatio, 0.99, std::nullopt, GateScope::Segment}};
        const std::vector<GateMetric> quality = {GateMetric::SatisfactionRatio};
        for (const FrontierPoint& point : projector.baselines(policy, drawing(50))) {
            const bool isDear = point.name == "dear" || point.name == "Random, 100 % dear";
            const bool isOracle = point.kind == FrontierPoint::Kind::Oracle;
            if (point.kind == FrontierPoint::Kind::LongerToStronger)
                continue;
            QVERIFY2(!point.gates.empty(), point.name.c_str());
            QVERIFY2(point.gates.front().verdict == Verdict::NotMet, point.name.c_str()); // cost
            QVERIFY2(metricsOffTheAxes(point) ==
                         (isDear || isOracle ? std::vector<GateMetric>() : quality),
                     point.name.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestProjection)
#include "tst_projection.moc"
