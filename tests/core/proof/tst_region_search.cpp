// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what the search says of a policy whose signals can be tried out one by one is what
// trying out says, in both directions: a region is found if and only if some request has it.

#include <core/base/random.h>
#include <core/proof/region_search.h>
#include <core/proof/witness.h>
#include <core/routing/compiled_policy.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <functional>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Every combination of a few values of a few things that a caller sends: all that a policy of
/// these constants can tell apart.
std::vector<Request> allRequests()
{
    const std::vector<std::optional<std::string>> styles = {{}, "concise", "balanced", "detailed"};
    const std::vector<std::optional<double>> spends = {{}, -1,  0, 0.5, 1, 1.5,
                                                       2,  2.5, 3, 3.5, 4, 5};
    const std::vector<std::optional<std::string>> plans = {{}, "pro", "Pro", "team", "other"};
    std::vector<Request> requests;
    for (const auto& style : styles) {
        for (const auto& spend : spends) {
            for (const auto& plan : plans) {
                for (const int flags : {0, 1, 2, 3, 4, 5}) {
                    Request request = ask("hello");
                    request.style = style;
                    if (spend)
                        request.metadata.push_back({"spend", *spend});
                    if (plan)
                        request.metadata.push_back({"plan", *plan});
                    request.hasTools = flags % 2 == 1;
                    if (flags / 2 > 0)
                        request.metadata.push_back({"beta", flags / 2 == 1});
                    requests.push_back(std::move(request));
                }
            }
        }
    }
    return requests;
}

class FinitePolicy
{
public:
    explicit FinitePolicy(std::uint64_t seed) : m_random(seed) {}

    PolicyDocument document()
    {
        PolicyBuilder builder;
        builder.metadata("spend", ValueType::Number)
            .metadata("plan")
            .metadata("beta", ValueType::Boolean)
            .signal("tools", FieldSource{RequestField::HasTools})
            .signal("style", StyleSource{"detailed"});
        ScoreSource score = {double(below(3)), {}, {}, {}};
        if (below(2) == 0)
            score.max = below(5);
        for (int i = 1 + below(4); i > 0; --i)
            score.terms.push_back({double(below(7)) - 2, condition(1, 5)});
        builder.signal("score", score);
        for (int i = 0; i < 4; ++i)
            builder.rule("r" + std::to_string(i), condition(2, 6), call("cheap"));
        return builder;
    }

private:
    int below(int bound)
    {
        return static_cast<int>(m_random.below(static_cast<std::uint64_t>(bound)));
    }
    double limit() { return below(5); }

    Condition condition(int depth, int signalCount)
    {
        const int kind = depth > 0 ? below(4) : 3;
        if (kind == 0)
            return negated(condition(depth - 1, signalCount));
        if (kind < 3) {
            std::vector<Condition> parts;
            for (int i = below(4); i > 0; --i)
                parts.push_back(condition(depth - 1, signalCount));
            return kind == 1 ? allOf(std::move(parts)) : anyOf(std::move(parts));
        }
        Compare compare;
        switch (below(signalCount)) {
        case 0:
            compare = {SignalId("spend"), static_cast<CompareOp>(below(6)), limit(), false};
            if (below(4) == 0)
                compare.value = ByStyle{limit(), limit(), limit()};
            break;
        case 1: {
            static const std::vector<std::string> texts = {"pro", "Pro", "team"};
            compare.signal = SignalId("plan");
            compare.op = below(2) == 0 ? CompareOp::Eq : CompareOp::Ne;
            compare.value = texts[static_cast<std::size_t>(below(3))];
            // "PRO" is no value of allRequests(), so the cases of "pro" must not be told apart
            // from both of its spellings there.
            compare.ignoreCase = false;
            break;
        }
        case 2:
            compare = {SignalId("beta"), below(3) == 0 ? CompareOp::Exists : CompareOp::Eq, true,
                       false};
            break;
        case 3:
            compare = {SignalId("tools"), CompareOp::Eq, below(2) == 0, false};
            break;
        case 4:
            compare = {SignalId("style"), CompareOp::Ne, std::string("concise"), false};
            break;
        default:
            compare = {SignalId("score"), static_cast<CompareOp>(below(6)), limit(), false};
            if (below(3) == 0)
                compare.value = ByStyle{limit(), limit(), limit()};
            break;
        }
        return {compare};
    }

    Random m_random;
};

} // namespace

class TestRegionSearch : public QObject
{
    Q_OBJECT
private slots:
    void findsARegionExactlyWhereThereIsARequest();
    void addsScoresUpExactly();
    void goesOnToTheNextRegionWhenOneIsRefused();
    void givesUpWhenTheBudgetEnds();
    void saysWhichGoalsAProofUsed();
};

void TestRegionSearch::findsARegionExactlyWhereThereIsARequest()
{
    const std::vector<Request> requests = allRequests();
    int impossible = 0;
    int shown = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const PolicyDocument document = FinitePolicy(seed).document();
        const auto policy = CompiledPolicy::compile(document);
        QVERIFY(policy.has_value());
        CompiledPolicy::Scratch scratch(*policy);
        std::vector<unsigned> patterns; // which rules hold, of every request
        for (const Request& request : requests) {
            const auto values = policy->extract(request, scratch);
            unsigned pattern = 0;
            for (std::size_t rule = 0; rule < 4; ++rule)
                pattern |= policy->holds(rule, values, routingKeysOf(request)) ? 1U << rule : 0U;
            patterns.push_back(pattern);
        }
        RegionSpace space(policy->document());
        ProofBudget budget;
        RegionSearch search(space, budget);
        const WitnessMaker witness(space);
        // Every demand on three of the rules: to hold, not to hold, or either.
        for (unsigned demand = 0; demand < 27; ++demand) {
            std::vector<Goal> goals;
            unsigned mask = 0;
            unsigned wanted = 0;
            for (unsigned rule = 0, rest = demand; rule < 3; ++rule, rest /= 3) {
                if (rest % 3 == 2)
                    continue;
                mask |= 1U << rule;
                wanted |= (rest % 3) << rule;
                goals.push_back({space.nodeOfRule(rule), rest % 3 == 1});
            }
            const bool isPossible = std::ranges::any_of(
                patterns, [&](unsigned pattern) { return (pattern & mask) == wanted; });
            const ProofVerdict verdict = search.find(goals, [&](const Region& region) {
                return witness
                    .make(region,
                          [&](const Request& request) {
                              const auto values = policy->extract(request, scratch);
                              return std::ranges::all_of(goals, [&](const Goal& goal) {
                                  for (std::size_t rule = 0; rule < 3; ++rule) {
                                      if (space.nodeOfRule(rule) == goal.node)
                                          return policy->holds(rule, values,
                                                               routingKeysOf(request)) ==
                                                 goal.wanted;
                                  }
                                  return false;
                              });
                          })
                    .has_value();
            });
            QVERIFY2(verdict == (isPossible ? ProofVerdict::Shown : ProofVerdict::Impossible),
                     qPrintable(QStringLiteral("policy %1, demand %2: %3, %4")
                                    .arg(seed)
                                    .arg(demand)
                                    .arg(isPossible)
                                    .arg(static_cast<int>(verdict))));
            ++(isPossible ? shown : impossible);
        }
    }
    QVERIFY(shown > 1000 && impossible > 1000);
}

void TestRegionSearch::addsScoresUpExactly()
{
    // 1 + 2 + 3, where the terms exclude each other in part: 6 would need both lengths.
    const ScoreSource score = {1,
                               {},
                               {},
                               {{2, when("chars", CompareOp::Gt, 200)},
                                {3, when("chars", CompareOp::Lt, 100)},
                                {0.5, when("asks")}}};
    const PolicyDocument document =
        PolicyBuilder()
            .measure("chars", TextMeasure::Chars)
            .contains("asks", "?")
            .signal("score", score)
            .rule("six", when("score", CompareOp::Gte, 6), call("dear"))
            .rule("top", when("score", CompareOp::Gte, CompareValue(4.5)), call("dear"))
            .rule("three", when("score", CompareOp::Eq, 3), call("dear"));
    RegionSpace space(document);
    ProofBudget budget;
    RegionSearch search(space, budget);
    const auto verdictOf = [&](std::size_t rule) {
        const Goal goal = {space.nodeOfRule(rule), true};
        return search.find({&goal, 1});
    };
    QCOMPARE(verdictOf(0), ProofVerdict::Impossible);
    QCOMPARE(verdictOf(1), ProofVerdict::Shown);
    QCOMPARE(verdictOf(2), ProofVerdict::Shown);
}

void TestRegionSearch::goesOnToTheNextRegionWhenOneIsRefused()
{
    const PolicyDocument document = PolicyBuilder().metadata("plan").rule(
        "r", anyOf({when("plan", CompareOp::Eq, "a"), when("plan", CompareOp::Eq, "b")}),
        call("dear"));
    RegionSpace space(document);
    ProofBudget budget;
    RegionSearch search(space, budget);
    const std::vector<Goal> goals = {{space.nodeOfRule(0), true}};
    int seen = 0;
    QCOMPARE(search.find(goals, [&](const Region&) { return ++seen == 2; }), ProofVerdict::Shown);
    // All refused: nothing is proved by that.
    QCOMPARE(search.find(goals, [](const Region&) { return false; }), ProofVerdict::Open);
}

void TestRegionSearch::givesUpWhenTheBudgetEnds()
{
    const PolicyDocument document =
        PolicyBuilder().metadata("plan").rule("r", when("plan", CompareOp::Eq, "a"), call("dear"));
    RegionSpace space(document);
    const std::vector<Goal> goals = {{space.nodeOfRule(0), true}, {space.nodeOfRule(0), false}};
    ProofBudget budget;
    QCOMPARE(RegionSearch(space, budget).find(goals), ProofVerdict::Impossible);
    budget.steps = 1;
    QCOMPARE(RegionSearch(space, budget).find(goals), ProofVerdict::Open);
}

void TestRegionSearch::saysWhichGoalsAProofUsed()
{
    const PolicyDocument document = PolicyBuilder()
                                        .metadata("plan")
                                        .metadata("team")
                                        .rule("a", when("plan", CompareOp::Eq, "a"), call("dear"))
                                        .rule("b", when("team", CompareOp::Eq, "b"), call("dear"))
                                        .rule("c", when("plan", CompareOp::Eq, "c"), call("dear"));
    RegionSpace space(document);
    ProofBudget budget;
    RegionSearch search(space, budget);
    const std::vector<Goal> goals = {
        {space.nodeOfRule(0), true}, {space.nodeOfRule(1), false}, {space.nodeOfRule(2), true}};
    QCOMPARE(search.find(goals), ProofVerdict::Impossible);
    std::vector<Goal> used;
    for (std::size_t i = 0; i < goals.size(); ++i) {
        if (search.used()[i])
            used.push_back(goals[i]);
    }
    QVERIFY(used.size() < goals.size() || search.used()[1]);
    QCOMPARE(search.find(used), ProofVerdict::Impossible);
}

QTEST_GUILESS_MAIN(TestRegionSearch)
#include "tst_region_search.moc"
