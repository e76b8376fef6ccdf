// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: two policies over the same requests differ in what the one does differently and in
// nothing else; segments add up to the whole; swapping the two negates; what cannot be known stays
// unknown, and what is the same either way is known to be so.

#include "projection_world.h"

#include <core/policy/edit.h>
#include <core/policy/user_styles.h>
#include <core/projection/behaviour_diff.h>
#include <core/sample/support_desk.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <cmath>
#include <numeric>
#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

ProjectionOptions drawing(std::size_t draws)
{
    ProjectionOptions options;
    options.draws = draws;
    return options;
}

/// Requests that say "hard" in one segment, "hello" in the other, two turns a conversation; the
/// cheap model satisfies nobody who asks something hard.
World deskWorld()
{
    World world;
    world.prompts("easy", 60).prompts("tricky", 60);
    world.model("cheap", {.firstTokenMs = 300}).model("dear", {.firstTokenMs = 900});
    world.voices("cheap", "dear", 0.4);
    for (int p = 0; p < 60; p += 2) {
        world.conversations(3, {p, p + 1}, "hello");
        world.conversations(1, {60 + p, p}, "hard");
    }
    for (std::size_t p = 60; p < 120; ++p)
        world.satisfied("cheap", p, 0);
    return world;
}

/// Requests that are "hard" go to the dear model, the rest to the cheap one.
PolicyDocument hardToDear()
{
    return PolicyBuilder({"cheap", "dear"})
        .contains("is hard", "hard")
        .rule("hard", when("is hard"), call("dear"));
}

PolicyDocument allToCheap()
{
    PolicyDocument policy = hardToDear();
    policy.rules[0].plan = call("cheap");
    return policy;
}

/// The sample's requests and answers, once for all tests.
struct Desk
{
    Desk()
        : traffic(std::make_shared<const Traffic>(supportDeskTraffic())),
          projector(traffic, std::make_shared<const EvidenceTable>(buildEvidenceTable(
                                 supportDeskEvidence(supportDeskPolicy().models))))
    {}
    std::shared_ptr<const Traffic> traffic;
    Projector projector;
};

bool isZero(const std::optional<Estimate>& change)
{
    return change && change->value == 0 && change->low == 0 && change->high == 0;
}

bool isNegated(const std::optional<Estimate>& a, const std::optional<Estimate>& b)
{
    return a.has_value() == b.has_value() &&
           (!a || (a->value == -b->value && a->low == -b->high && a->high == -b->low));
}

/// Everything of a slice that is a difference.
void compareSwapped(const BehaviourSlice& there, const BehaviourSlice& back)
{
    QCOMPARE(there.requests, back.requests);
    QCOMPARE(there.ruleChanged, back.ruleChanged);
    QCOMPARE(there.tierChanged, back.tierChanged);
    QCOMPARE(there.modelChanged, back.modelChanged);
    QCOMPARE(there.courseChanged, back.courseChanged);
    QCOMPARE(there.seamsGained, back.seamsLost);
    QCOMPARE(there.seamsBefore, back.seamsAfter);
    QVERIFY(there.costChange && there.costChange->pico == -back.costChange->pico);
    QVERIFY(isNegated(there.costPer1k.change, back.costPer1k.change));
    QVERIFY(isNegated(there.p95Ms.change, back.p95Ms.change));
    QVERIFY(isNegated(there.satisfaction.change, back.satisfaction.change));
    QVERIFY(isNegated(there.consistency.change, back.consistency.change));
}

} // namespace

class TestBehaviourDiff : public QObject
{
    Q_OBJECT
private slots:
    void equalPoliciesDifferInNothing()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        const PolicyDocument policy = hardToDear();
        const auto diff = behaviourDiff({policy, projector}, {policy, projector}, drawing(50));
        QVERIFY2(diff, diff ? "" : toString(diff.error()).c_str());
        QVERIFY(diff->isSame());
        QVERIFY(diff->flows.empty());
        QCOMPARE(diff->total.costChange, std::optional(Money{}));
        QCOMPARE(diff->conversationsGaining + diff->conversationsLosing, std::size_t(0));
        for (const BehaviourSlice& slice : diff->segments) {
            QVERIFY(isZero(slice.costPer1k.change) && isZero(slice.p95Ms.change));
            QVERIFY(isZero(slice.satisfaction.change) && isZero(slice.consistency.change));
        }
        QVERIFY(isZero(diff->p50Ms.change));
    }

    /// 30 conversations whose turns are both hard: the model, the price, the time and the outcome
    /// of those 60 requests change, and of no other.
    void whatChangesIsCountedAndPriced()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        const PolicyDocument before = hardToDear();
        const PolicyDocument after = allToCheap();
        const auto diff = behaviourDiff({before, projector}, {after, projector}, drawing(200));
        QVERIFY(diff);
        QCOMPARE(diff->requests, std::size_t(240));
        QCOMPARE(diff->total.modelChanged, std::size_t(60));
        QCOMPARE(diff->total.tierChanged, std::size_t(60));
        QCOMPARE(diff->total.courseChanged, std::size_t(60));
        QCOMPARE(diff->total.ruleChanged, std::size_t(0)); // the same rule, another plan
        // 1,000 tokens in and 100 out: 12 instead of 1.2 thousandths of a dollar.
        QCOMPARE(diff->total.costChange, std::optional(Money::fromUsd(-60 * 0.0108)));
        QVERIFY(std::abs(diff->total.costPer1k.change->value + 60 * 10.8 / 240) < 1e-9);
        QVERIFY(diff->total.costPer1k.change->low < diff->total.costPer1k.change->value);
        QVERIFY(diff->total.costPer1k.change->high < 0);
        QCOMPARE(*diff->total.satisfaction.before, 1.0);
        QCOMPARE(*diff->total.satisfaction.after, 1.0 - 30.0 / 240);
        QVERIFY(std::abs(diff->total.satisfaction.change->value + 0.125) < 1e-9);
        QCOMPARE(*diff->total.p95Ms.before, 900.0);
        QCOMPARE(*diff->total.p95Ms.after, 300.0);
        QCOMPARE(diff->flows.size(), std::size_t(1));
        const BehaviourFlow& flow = diff->flows[0];
        QCOMPARE(diff->models[static_cast<std::size_t>(flow.from)].name, std::string("dear"));
        QCOMPARE(diff->models[static_cast<std::size_t>(flow.to)].name, std::string("cheap"));
        QCOMPARE(flow.requests, std::size_t(60));
        QCOMPARE(*flow.satisfiedChange, -30.0);
        QCOMPARE(diff->models[0].stayed, std::size_t(180));
    }

    void theWorstRequestComesFirstAndNoTwoSayTheSame()
    {
        World world = deskWorld();
        for (std::size_t row = 0; row < world.traffic().rowCount(); ++row)
            world.say(row, world.said(row) + ' ' + std::to_string(row / 3));
        Projector projector = world.projector();
        const PolicyDocument before = hardToDear();
        const PolicyDocument after = allToCheap();
        const auto diff = behaviourDiff({before, projector}, {after, projector}, drawing(0));
        QVERIFY(diff);
        const std::vector<BehaviourExample>& examples = diff->flows.at(0).examples;
        QVERIFY(examples.size() >= 4);
        QCOMPARE(examples.front().after.satisfied, 0.0);
        std::set<std::string> messages;
        std::set<std::size_t> segments;
        for (const BehaviourExample& example : examples) {
            messages.insert(world.said(example.row));
            segments.insert(world.traffic().segmentOf[example.row]);
            QVERIFY(example.prompt.has_value());
            QCOMPARE(example.before.firstTokenMs, 900.0);
            QCOMPARE(example.after.firstTokenMs, 300.0);
        }
        QCOMPARE(messages.size(), examples.size());
        QCOMPARE(segments.size(), std::size_t(2)); // of each part that changes
        const auto again = behaviourDiff({before, projector}, {after, projector}, drawing(0));
        for (std::size_t i = 0; i < examples.size(); ++i)
            QCOMPARE(again->flows[0].examples[i].row, examples[i].row);
    }

    void anotherNameIsNoOtherBehaviour()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        const PolicyDocument before = hardToDear();
        PolicyDocument after = before;
        Rule rule = after.rules[0];
        rule.id = RuleId("difficult");
        rule.label = "Difficult";
        QVERIFY(apply(after, ReplaceRule{RuleId("hard"), rule}).has_value());
        Signal text = after.signalList[0];
        text.id = SignalId("says hard");
        QVERIFY(apply(after, ReplaceSignal{SignalId("is hard"), text}).has_value());
        ModelSpec model = after.models[1];
        model.id = ModelId("large");
        QVERIFY(apply(after, ReplaceModel{ModelId("dear"), model}).has_value());
        const auto diff = behaviourDiff({before, projector}, {after, projector}, drawing(0));
        QVERIFY(diff);
        QVERIFY(diff->isSame());
        QCOMPARE(diff->models.size(), std::size_t(2));
        QCOMPARE(diff->models[1].name, std::string("large"));
    }

    void anotherAddressUnderTheSameIdIsAnotherModel()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        const PolicyDocument before = hardToDear();
        PolicyDocument after = before;
        after.models[1].upstreamModel = "dear-2";
        QVERIFY(!commonEvidenceModels(before, after));
        const auto diff = behaviourDiff({before, projector}, {after, projector}, drawing(0));
        QVERIFY(diff);
        QCOMPARE(diff->models.size(), std::size_t(3));
        QCOMPARE(diff->total.modelChanged, std::size_t(60));
        QCOMPARE(diff->models[1].name, std::string("dear (dear-2)"));
        QCOMPARE(diff->models[2].name, std::string("dear (dear)"));
    }

    /// The dear model costs nobody knows what, but the same for whoever stays with it.
    void theSameUnknownIsNoDifference()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        PolicyDocument before = hardToDear();
        before.models[1].price.reset();
        PolicyDocument after = before;
        after.otherwise = chain({call("cheap"), call("dear")}); // never needed: nobody fails
        const auto diff = behaviourDiff({before, projector}, {after, projector}, drawing(20));
        QVERIFY(diff);
        QVERIFY(!diff->total.costPer1k.before && !diff->total.costPer1k.after);
        QVERIFY(isZero(diff->total.costPer1k.change));
        QCOMPARE(diff->total.courseChanged, std::size_t(0));
        QVERIFY(!diff->notes.empty());

        PolicyDocument dearer = before;
        dearer.rules.clear();
        const auto unknown = behaviourDiff({before, projector}, {dearer, projector}, drawing(20));
        QVERIFY(unknown);
        QVERIFY(!unknown->total.costPer1k.change && !unknown->total.costChange);
        QVERIFY(unknown->total.costPer1k.after.has_value()); // all cheap: known
        const BehaviourSlice& easy = unknown->segments.at(0);
        QCOMPARE(easy.name, std::string("easy"));
        QVERIFY(unknown->flows.at(0).costChange == std::nullopt);
    }

    void whoeverHasNoAnswersIsUnknown()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        const PolicyDocument before = hardToDear();
        PolicyDocument after = before;
        after.models[1].id = ModelId("unheard");
        after.models[1].upstreamModel = "unheard";
        after.baseline = after.models[1].id;
        after.rules[0].plan = call("unheard");
        const auto diff = behaviourDiff({before, projector}, {after, projector}, drawing(20));
        QVERIFY(diff);
        QCOMPARE(diff->total.modelChanged, std::size_t(60));
        QVERIFY(!diff->total.costPer1k.change && !diff->total.p95Ms.change);
        QVERIFY(!diff->total.satisfaction.change);
        QVERIFY(diff->total.satisfaction.before.has_value());
        QVERIFY(std::ranges::any_of(diff->notes, [](const std::string& note) {
            return note.find("\"unheard\"") != std::string::npos;
        }));
    }

    /// One turn of each conversation goes elsewhere: each gains a seam.
    void conversationsThatGainASeamAreCounted()
    {
        World world = deskWorld();
        for (std::size_t row = 1; row < world.traffic().rowCount(); row += 2)
            world.say(row, "hello");
        Projector projector = world.projector();
        const PolicyDocument before = allToCheap();
        const PolicyDocument after = hardToDear();
        const auto diff = behaviourDiff({before, projector}, {after, projector}, drawing(50));
        QVERIFY(diff);
        QCOMPARE(diff->conversationsGaining, std::size_t(30));
        QCOMPARE(diff->conversationsLosing, std::size_t(0));
        QCOMPARE(diff->total.seamsGained, std::size_t(30));
        QVERIFY(std::abs(diff->total.consistency.change->value + 0.4 * 30 / 120) < 1e-9);
        QVERIFY(diff->total.consistency.change->high < 0);
    }

    /// Who answers stays; what a refusal costs in time does not.
    void anotherWayToTheSameModelIsSeen()
    {
        World world = deskWorld();
        world.columns("cheap").failureShare = 0.3;
        world.columns("cheap").failingMs = {50};
        Projector projector = world.projector();
        PolicyDocument patient = hardToDear();
        patient.otherwise = chain({call("cheap", {.retry = {2, 500, 2}}), call("dear")});
        PolicyDocument quick = patient;
        quick.otherwise = chain({call("cheap"), call("dear")});
        const auto diff = behaviourDiff({patient, projector}, {quick, projector}, drawing(50));
        QVERIFY(diff);
        QCOMPARE(diff->total.modelChanged, std::size_t(0));
        QVERIFY(diff->total.courseChanged > 0);
        QCOMPARE(diff->flows.size(), std::size_t(1));
        QVERIFY(!diff->flows[0].changesModel());
        QCOMPARE(diff->flows[0].requests, diff->total.courseChanged);
        QVERIFY(isZero(diff->total.satisfaction.change));
        QVERIFY(diff->total.p95Ms.change->value < 0);
    }

    void segmentsAddUpAndSwappingNegates_data()
    {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::newRow("one model, three tiers") << 0 << 4;
        QTest::newRow("a first score, a third tier") << 2 << 4;
        QTest::newRow("patience") << 4 << 5;
        QTest::newRow("expert words, the present") << 3 << 6;
        QTest::newRow("repaired") << 6 << 7;
    }
    void segmentsAddUpAndSwappingNegates()
    {
        QFETCH(const int, first);
        QFETCH(const int, second);
        static Desk desk;
        std::vector<PolicyDocument> all = supportDeskHistory();
        all.push_back(supportDeskPolicy());
        PolicyDocument repaired = all.back();
        for (const Edit& edit : supportDeskRepair())
            QVERIFY(apply(repaired, edit).has_value());
        all.push_back(repaired);
        const PolicyDocument& a = all[static_cast<std::size_t>(first)];
        const PolicyDocument& b = all[static_cast<std::size_t>(second)];
        const auto there = behaviourDiff({a, desk.projector}, {b, desk.projector}, drawing(20));
        const auto back = behaviourDiff({b, desk.projector}, {a, desk.projector}, drawing(20));
        QVERIFY(there && back);
        QVERIFY(there->total.courseChanged > 0);
        compareSwapped(there->total, back->total);
        QCOMPARE(there->segments.size(), back->segments.size());
        for (std::size_t s = 0; s < there->segments.size(); ++s)
            compareSwapped(there->segments[s], back->segments[s]);
        QVERIFY(isNegated(there->p50Ms.change, back->p50Ms.change));
        QCOMPARE(there->conversationsGaining, back->conversationsLosing);
        QCOMPARE(there->flows.size(), back->flows.size());

        const auto sum = [&](std::size_t BehaviourSlice::* member) {
            return std::accumulate(
                there->segments.begin(), there->segments.end(), std::size_t{0},
                [&](std::size_t so, const BehaviourSlice& each) { return so + each.*member; });
        };
        for (const auto member :
             {&BehaviourSlice::requests, &BehaviourSlice::ruleChanged, &BehaviourSlice::tierChanged,
              &BehaviourSlice::modelChanged, &BehaviourSlice::courseChanged,
              &BehaviourSlice::seamsBefore, &BehaviourSlice::seamsAfter,
              &BehaviourSlice::seamsGained, &BehaviourSlice::seamsLost})
            QCOMPARE(sum(member), there->total.*member);
        std::int64_t cost = 0;
        for (const BehaviourSlice& slice : there->segments)
            cost += slice.costChange->pico;
        QCOMPARE(cost, there->total.costChange->pico);
        QCOMPARE(there->total.costAfter->pico - there->total.costBefore->pico, cost);
        std::size_t moved = 0;
        for (const BehaviourFlow& flow : there->flows)
            moved += flow.changesModel() ? flow.requests : 0;
        QCOMPARE(moved, there->total.modelChanged);
        std::size_t stayed = 0;
        for (const BehaviourModel& model : there->models)
            stayed += model.stayed;
        QVERIFY(stayed + moved <= there->requests); // the rest got no answer either way
    }

    /// The comparison says what two projections say, each by itself.
    void itAgreesWithTheProjections()
    {
        Desk desk;
        const PolicyDocument before = supportDeskHistory()[3];
        const PolicyDocument after = supportDeskPolicy();
        const auto diff =
            behaviourDiff({before, desk.projector}, {after, desk.projector}, drawing(0));
        const auto old = desk.projector.project(before, drawing(0));
        const auto now = desk.projector.project(after, drawing(0));
        QVERIFY(diff && old && now);
        const auto agree = [](const BeforeAfter& pair, const std::optional<Estimate>& from,
                              const std::optional<Estimate>& to) {
            return std::abs(*pair.before - from->value) < 1e-9 &&
                   std::abs(*pair.after - to->value) < 1e-9 &&
                   std::abs(pair.change->value - (to->value - from->value)) < 1e-9;
        };
        QVERIFY(agree(diff->total.costPer1k, old->costPer1k, now->costPer1k));
        QVERIFY(agree(diff->total.p95Ms, old->latencyP95Ms, now->latencyP95Ms));
        QVERIFY(agree(diff->total.satisfaction, old->satisfaction, now->satisfaction));
        QVERIFY(agree(diff->total.consistency, old->consistency, now->consistency));
        for (std::size_t m = 0; m < after.models.size(); ++m)
            QVERIFY(std::abs(double(diff->models[m].servedAfter) / double(diff->requests) -
                             now->servedShare[m]) < 1e-9);
    }

    void eachPolicyHasItsOwnTableOfStyles()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        const auto policy = [](double concise) {
            return PolicyBuilder()
                .signal("style", StyleSource{"balanced", "styles.json"})
                .measure("length", TextMeasure::Chars)
                .rule("long", when("length", CompareOp::Gte, ByStyle{concise, 100, 100}),
                      call("dear"))
                .document();
        };
        const auto conciseIs = [](const char* user) {
            UserStyles table;
            table.set(user, "concise");
            return std::make_shared<const UserStyles>(std::move(table));
        };
        const PolicyDocument before = policy(100);
        const PolicyDocument after = policy(2);
        const auto table = conciseIs("uc0");
        const auto limit =
            behaviourDiff({before, projector, table}, {after, projector, table}, drawing(0));
        QVERIFY(limit);
        QCOMPARE(limit->total.modelChanged, std::size_t{2}); // the two turns of this user
        const auto unknown = behaviourDiff({before, projector}, {after, projector}, drawing(0));
        QVERIFY(unknown && unknown->isSame());
        const auto tables = behaviourDiff({after, projector, table},
                                          {after, projector, conciseIs("uc1")}, drawing(0));
        QVERIFY(tables);
        QCOMPARE(tables->total.modelChanged, std::size_t{4}); // two users' turns
    }

    void itCanBeStopped()
    {
        World world = deskWorld();
        Projector projector = world.projector();
        const PolicyDocument before = hardToDear();
        const PolicyDocument after = allToCheap();
        const std::atomic<bool> stop = true;
        ProjectionOptions options = drawing(100);
        options.stop = &stop;
        const auto diff = behaviourDiff({before, projector}, {after, projector}, options);
        QVERIFY(!diff);
        QCOMPARE(diff.error().code, ErrorCode::Cancelled);
    }

    void oneTableServesModelsThatAreTheSame()
    {
        const std::vector<PolicyDocument> history = supportDeskHistory();
        const auto models = commonEvidenceModels(history[0], history[5]);
        QVERIFY(models);
        QCOMPARE(*models, history[5].models);
        PolicyDocument guided = history[5];
        guided.models[0].styleGuide = "Be brief.";
        QVERIFY(!commonEvidenceModels(history[5], guided));
        PolicyDocument cut = history[5];
        cut.answerStyle.maxWords = 100;
        QVERIFY(!commonEvidenceModels(history[5], cut));
    }
};

QTEST_GUILESS_MAIN(TestBehaviourDiff)
#include "tst_behaviour_diff.moc"
