// SPDX-License-Identifier: GPL-3.0-or-later
// What the evidence says of the moment when one model takes over from another.

#include "projection_world.h"

#include <core/projection/fallback_edges.h>
#include <tests/support/policy_builder.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// A cheap model that answers after 100, 200, … 1,000 ms (each on ten prompts) and fails one
/// request in five after 50 ms; and a dear one.
World slowCheap()
{
    World world;
    world.prompts("all", 100)
        .model("cheap", {.tokens = 100,
                         .failureShare = 0.2,
                         .failingMs = 50,
                         .failureKind = AttemptFailure::BadAnswer})
        .model("dear", {.firstTokenMs = 300})
        .voices("cheap", "dear", 0.6);
    for (std::size_t prompt = 0; prompt < 100; ++prompt) {
        const double firstMs = 100.0 * static_cast<double>(prompt % 10 + 1);
        AnswerSample& sample = world.columns("cheap").samples[prompt][0];
        sample = {firstMs, firstMs + 500, 100, prompt < 90 ? 1.0 : 0.0,
                  std::make_shared<const std::string>(prompt % 4 == 0 ? "I cannot." : "Yes.")};
    }
    return world;
}

PolicyDocument chained(std::optional<int> firstTokenMs)
{
    return PolicyBuilder()
        .otherwise(chain({call("cheap", {firstTokenMs, {}, {}}), call("dear")}))
        .document();
}

std::string codesOf(const std::vector<Finding>& findings)
{
    std::string codes;
    for (const Finding& finding : findings)
        codes += finding.code + " at " + finding.path + '\n';
    return codes;
}

} // namespace

class TestFallbackEdges : public QObject
{
    Q_OBJECT
private slots:
    void aBudgetSendsFailuresAndLateAnswersOn()
    {
        World world = slowCheap();
        world.evidence().voices.pairs.resize(1);
        const auto edges = fallbackEdges(chained(750), world.evidence(), 1000);
        QCOMPARE(edges.size(), std::size_t{1});
        const FallbackEdge& edge = edges[0];
        QCOMPARE(edge.path, std::string("otherwise.chain.steps[1]"));
        QCOMPARE(edge.from.value, std::string("cheap"));
        QCOMPARE(edge.to.value, std::string("dear"));
        // One in five fails; of the others, those of 800, 900 and 1,000 ms are late.
        QCOMPARE(edge.probability, 0.2 + 0.8 * 0.3);
        QCOMPARE(edge.addedP50Ms, 750.0);
        QCOMPARE(edge.good, std::size_t{90});
        QCOMPARE(edge.goodCut, std::size_t{27});
        QCOMPARE(edge.noticeability, 0.6);
        QCOMPARE(edge.wastedUsdPer1k, 1.0); // a million tokens in, at 1 USD
    }

    void withoutABudgetOnlyFailuresGoOn()
    {
        World world = slowCheap();
        const auto edges = fallbackEdges(chained({}), world.evidence(), 0);
        QCOMPARE(edges[0].probability, 0.2);
        QCOMPARE(edges[0].addedP95Ms, 50.0);
        QCOMPARE(edges[0].goodCut, std::size_t{0});
        QVERIFY(std::isnan(edges[0].wastedUsdPer1k));
    }

    void retriesAreWaitedForFirst()
    {
        World world = slowCheap();
        const PolicyDocument policy =
            PolicyBuilder()
                .otherwise(chain({call("cheap", {{}, {}, Retry{2, 500, 2}}), call("dear")}))
                .document();
        const auto edges = fallbackEdges(policy, world.evidence(), 0);
        QCOMPARE(edges[0].probability, 0.2);
        QCOMPARE(edges[0].addedP50Ms, 50.0 + 500 + 50 + 1000 + 50);
    }

    /// Of the requests that go over, 0.2 of all fail and are sent three times; 0.24 are late.
    void retriesArePaidForToo()
    {
        World world = slowCheap();
        const auto wasted = [&](const Call& first) {
            const PolicyDocument policy =
                PolicyBuilder().otherwise(chain({{first}, call("dear")})).document();
            return fallbackEdges(policy, world.evidence(), 1000)[0].wastedUsdPer1k;
        };
        Call first = std::get<Call>(call("cheap", {750, {}, Retry{2, 500, 2}}).node);
        QCOMPARE(wasted(first), (0.2 * 3 + 0.24) / 0.44);
        first.firstTokenMs = 40; // the failure is known after 50: the budget ends it, for good
        QCOMPARE(wasted(first), 1.0);
        first.firstTokenMs.reset();
        first.overrides.system = SystemPrompt{SystemPromptMode::Prepend,
                                              std::string(400, 'x')}; // 100 tokens more each time
        QCOMPARE(wasted(first), 3 * 1.1);
        world.columns("cheap").failureKind = AttemptFailure::RateLimit; // turned away, never billed
        QCOMPARE(wasted(first), 0.0);
        world.columns("cheap").failureShare = 0;
        QVERIFY(std::isnan(wasted(first))); // nobody comes here
    }

    void aCascadeSendsOnWhatItsTestRejects()
    {
        World world = slowCheap();
        Cascade cascade;
        cascade.steps = {call("cheap"), call("dear")};
        cascade.accept.refusals = {"^I cannot"};
        const PolicyDocument policy = PolicyBuilder().otherwise({cascade}).document();
        const auto edges = fallbackEdges(policy, world.evidence(), 1000);
        QVERIFY(edges[0].isCascade);
        QCOMPARE(edges[0].probability, 0.2 + 0.8 * 0.25);
        QCOMPARE(edges[0].goodCut, std::size_t{23});
        // The rejected answers' 100 tokens are paid, at 2 USD; of those that go over it is one
        // half.
        QCOMPARE(edges[0].wastedUsdPer1k, 1.0 + 0.2 / 2);
        QCOMPARE(codesOf(evidenceFindings(policy, world.evidence(), 0)),
                 std::string("budget-cuts-good at otherwise.cascade.steps[1]\n"
                             "voice-jump at otherwise.cascade.steps[1]\n"));
    }

    void everyModelThatMayComeFirstHasItsEdge()
    {
        World world = slowCheap();
        world.model("third").voices("cheap", "dear", 0.6);
        PolicyBuilder builder({"cheap", "third", "dear"});
        const PolicyDocument policy =
            builder
                .otherwise(
                    chain({split({{5000, call("cheap")}, {5000, call("third")}}), call("dear")}))
                .document();
        const auto edges = fallbackEdges(policy, world.evidence(), 0);
        QCOMPARE(edges.size(), std::size_t{2});
        QCOMPARE(edges[0].from.value, std::string("cheap"));
        QCOMPARE(edges[1].from.value, std::string("third"));
    }

    void findingsSayWhatABudgetCutsOffInWords()
    {
        World world = slowCheap();
        const auto findings = evidenceFindings(chained(750), world.evidence(), 0);
        QCOMPARE(codesOf(findings), std::string("budget-cuts-good at otherwise.chain.steps[1]\n"
                                                "voice-jump at otherwise.chain.steps[1]\n"));
        QCOMPARE(findings[0].message,
                 std::string("The time limit before this step cuts off 30 % of the good answers "
                             "of \"cheap\" (27 of 90 recorded)."));
        QCOMPARE(findings[1].message,
                 std::string(
                     "A user hears it when \"dear\" takes over from \"cheap\": "
                     "noticeability 0.60, and people notice more than 0.50; it happens to 44 % of "
                     "the requests asked of \"cheap\"."));
        // Places are those of the file, by number; the gate says how much a user may hear.
        PolicyDocument strict = chained(750);
        strict.rules.push_back({});
        strict.rules.push_back({});
        strict.rules[0].id = RuleId("first");
        strict.rules[0].plan = call("dear");
        strict.rules[1].id = RuleId("second");
        strict.rules[1].plan = std::exchange(strict.otherwise, call("dear"));
        strict.gates = {{GateMetric::Consistency, 0.9, {}, GateScope::Total}};
        const auto strictly = evidenceFindings(strict, world.evidence(), 0);
        QCOMPARE(codesOf(strictly), std::string("budget-cuts-good at rules[1].plan.chain.steps[1]\n"
                                                "voice-jump at rules[1].plan.chain.steps[1]\n"));
        QVERIFY(strictly[1].message.find("and the consistency gate allows at most 0.10") !=
                std::string::npos);
        PolicyDocument lenient = chained(2000);
        lenient.gates = {{GateMetric::Consistency, 0.3, {}, GateScope::Total}};
        QCOMPARE(codesOf(evidenceFindings(lenient, world.evidence(), 0)), std::string());
    }

    void oldPricesAndUnheardModelsAreNamed()
    {
        World world = slowCheap();
        PolicyDocument policy = chained(2000);
        policy.gates = {{GateMetric::Consistency, 0.3, {}, GateScope::Total}};
        policy.models[1].provider = "openai";
        policy.models[1].price->asOf = "2026-08-01";
        policy.models[0].id = ModelId("new");
        policy.otherwise = call("new");
        const auto today = *daysOf("2026-11-26");
        QCOMPARE(codesOf(evidenceFindings(policy, world.evidence(), today)),
                 std::string("no-evidence at models[0]\nstale-price at models[1].price\n"));
        policy.models[1].price->asOf = "2026-09-01";
        QCOMPARE(codesOf(evidenceFindings(policy, world.evidence(), today)),
                 std::string("no-evidence at models[0]\n"));
    }

    void datesAreRead()
    {
        QCOMPARE(daysOf("1970-01-02"), std::optional<std::int64_t>(1));
        QCOMPARE(daysOf("2026-02-30"), std::optional<std::int64_t>());
        QCOMPARE(daysOf("soon"), std::optional<std::int64_t>());
    }
};

QTEST_GUILESS_MAIN(TestFallbackEdges)
#include "tst_fallback_edges.moc"
