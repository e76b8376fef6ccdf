// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a trace shows every condition with the value it saw, the score's terms, the arms and
// buckets; each near miss is true (deciding with its value takes its rule) and is the nearest one.

#include "naive_policy.h"
#include "random_routing.h"

#include <core/base/md5.h>
#include <core/routing/compiled_policy.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <cmath>
#include <map>

using namespace signalbox;
using namespace signalbox::test;

namespace {

CompiledPolicy compiled(const PolicyDocument& document)
{
    auto policy = CompiledPolicy::compile(document);
    if (!policy)
        qFatal("%s", toString(policy.error()).c_str());
    return std::move(*policy);
}

QString describe(const SignalValue& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return QString::number(*number, 'g', 17);
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? QStringLiteral("true") : QStringLiteral("false");
    if (const auto* text = std::get_if<std::string>(&value))
        return QString::fromStdString(*text);
    return QStringLiteral("missing");
}

/// "complexity at 7 (was 6): rule 0, dear, distance 1".
QStringList describe(const std::vector<NearMiss>& misses)
{
    QStringList texts;
    for (const NearMiss& miss : misses)
        texts << QStringLiteral("%1 at %2 (was %3): rule %4, %5, distance %6")
                     .arg(QString::fromStdString(miss.signal.value), describe(miss.needed),
                          describe(miss.saw))
                     .arg(miss.rule)
                     .arg(QString::fromStdString(miss.model.value))
                     .arg(miss.distance);
    return texts;
}

/// The seed team's estimator with the thresholds of the sample.
PolicyBuilder seedPolicy()
{
    ScoreSource score = {1, 1, 10, {}};
    score.terms = {{2, when("chars", CompareOp::Gt, 200)},
                   {2, when("chars", CompareOp::Gt, 500)},
                   {3, when("expert words")},
                   {1, when("asks", CompareOp::Eq, CompareValue(false))}};
    PolicyBuilder builder({"cheap", "middle", "dear"});
    builder.signal("complexity", score)
        .measure("chars", TextMeasure::Chars)
        .keywords("expert words", {"legal", "medical", "code", "math"})
        .contains("asks", "?")
        .rule("hard", when("complexity", CompareOp::Gt, 6), call("dear"))
        .rule("medium", when("complexity", CompareOp::Gt, 3), call("middle"));
    return builder;
}

} // namespace

class TestDecisionTrace : public QObject
{
    Q_OBJECT
private slots:
    void everyConditionShowsTheValueItSaw();
    void rulesAfterTheWinnerAreShownButNotEvaluated();
    void aScoreShowsItsTerms();
    void armsShowTheirBuckets();
    void aHeldOutRequestHasNoNearMisses();
    void theSeedPolicyNamesItsNearMisses();
    void nearMissesOfTextsAndMissingValues();
    void aRuleThatWonByATextNamesWhatWouldLoseIt();
    void aMissingNumberHidesNoOther();
    void nearMissesOfNumbersWithoutSteps();
    void nothingImpossibleIsProposed();
    void nearMissesAreTrueAndNearest();
};

void TestDecisionTrace::everyConditionShowsTheValueItSaw()
{
    const Condition condition =
        anyOf({when("chars", CompareOp::Gte, CompareValue(ByStyle{8, 7, 5})),
               allOf({when("plan", CompareOp::Eq, "enterprise"), negated(when("asks"))}),
               when("level", CompareOp::Lt, 3)});
    const auto document = PolicyBuilder({"cheap", "dear"})
                              .measure("chars", TextMeasure::Chars)
                              .metadata("plan")
                              .contains("asks", "?")
                              .metadata("level", ValueType::Number)
                              .rule("hard", condition, call("dear"))
                              .document();
    Request request = ask("why?");
    request.style = "detailed";
    request.metadata = {{"plan", std::string("enterprise")}};
    const Trace trace = compiled(document).explain(request);

    QCOMPARE(trace.values.size(), std::size_t(4));
    QCOMPARE(trace.values[1],
             (std::pair{SignalId("plan"), SignalValue(std::string("enterprise"))}));
    QCOMPARE(trace.values[3], (std::pair{SignalId("level"), SignalValue()}));
    QCOMPARE(trace.decision.rule, Decision::kOtherwise);
    QCOMPARE(trace.rules.size(), std::size_t(1));
    QVERIFY(trace.rules[0].enabled && trace.rules[0].evaluated && !trace.rules[0].matched);

    const auto& compares = trace.rules[0].compares;
    QCOMPARE(compares.size(), std::size_t(4));
    const std::vector<std::string> paths = {
        "rules[hard].when.any[0]", "rules[hard].when.any[1].all[0]",
        "rules[hard].when.any[1].all[1].not", "rules[hard].when.any[2]"};
    const std::vector<SignalValue> saw = {4.0, std::string("enterprise"), true, std::monostate()};
    const std::vector<bool> holds = {false, true, true, false};
    for (std::size_t i = 0; i < compares.size(); ++i) {
        QCOMPARE(compares[i].path, paths[i]);
        QCOMPARE(compares[i].saw, saw[i]);
        QCOMPARE(compares[i].holds, bool(holds[i]));
        QCOMPARE(compares[i].limit.has_value(), i == 0);
    }
    QCOMPARE(*compares[0].limit, 5.0);
    QCOMPARE(compares[1].compare.signal, SignalId("plan"));
}

void TestDecisionTrace::rulesAfterTheWinnerAreShownButNotEvaluated()
{
    auto document = seedPolicy().document();
    document.rules.insert(document.rules.begin(), document.rules[0]);
    document.rules[0].id = RuleId("off");
    document.rules[0].enabled = false;
    const Trace trace = compiled(document).explain(ask("a legal text")); // 1 + 3 + 1 = 5
    QCOMPARE(trace.decision.rule, 2);
    QVERIFY(!trace.rules[0].enabled && !trace.rules[0].evaluated && !trace.rules[0].matched);
    QVERIFY(trace.rules[1].evaluated && !trace.rules[1].matched);
    QVERIFY(trace.rules[2].evaluated && trace.rules[2].matched);

    const Trace hard = compiled(document).explain(ask(std::string(501, 'x') + " code"));
    QCOMPARE(hard.decision.rule, 1);
    QVERIFY(hard.rules[0].matched && !hard.rules[0].evaluated);
    QVERIFY(hard.rules[1].evaluated);
    QVERIFY(hard.rules[2].matched && !hard.rules[2].evaluated);
    QCOMPARE(hard.rules[2].compares.at(0).saw, SignalValue(9.0));
}

void TestDecisionTrace::aScoreShowsItsTerms()
{
    const Trace trace =
        compiled(seedPolicy().document()).explain(ask(std::string(300, 'x') + " math?"));
    QCOMPARE(trace.scores.size(), std::size_t(1));
    const TraceScore& score = trace.scores[0];
    QCOMPARE(score.signal, SignalId("complexity"));
    QCOMPARE(score.base, 1.0);
    QCOMPARE(score.value, 6.0);
    const std::vector<bool> holds = {true, false, true, false};
    QCOMPARE(score.terms.size(), holds.size());
    for (std::size_t i = 0; i < holds.size(); ++i) {
        QCOMPARE(score.terms[i].holds, bool(holds[i]));
        QCOMPARE(score.terms[i].compares.at(0).holds, bool(holds[i]));
        QCOMPARE(score.terms[i].compares.at(0).path,
                 "signals[complexity].terms[" + std::to_string(i) + "].when");
    }
    QCOMPARE(score.terms[1].compares[0].saw, SignalValue(306.0));
    QCOMPARE(score.terms[2].add, 3.0);
}

void TestDecisionTrace::armsShowTheirBuckets()
{
    const Plan inner = split({{5000, call("b")}, {5000, call("c")}}, "in", StickyUnit::User);
    const auto document =
        PolicyBuilder({"a", "b", "c"})
            .rule("r", allOf({}),
                  chain({call("a"), split({{0, call("a")}, {10'000, chain({inner})}}, "out")}))
            .document();
    Request request = ask("x");
    request.conversationId = "c7";
    request.userId = "u7";
    const Trace trace = compiled(document).explain(request);
    QCOMPARE(trace.arms.size(), std::size_t(2));
    QCOMPARE(trace.arms[0].path, std::string("rules[r].plan.chain.steps[1].split"));
    QCOMPARE(trace.arms[0].bucket, splitBucket("out", "c7"));
    QCOMPARE(trace.arms[0].arm, std::size_t(1));
    QCOMPARE(trace.arms[1].path,
             std::string("rules[r].plan.chain.steps[1].split.arms[1].plan.chain.steps[0].split"));
    QCOMPARE(trace.arms[1].bucket, splitBucket("in", "u7"));
    QCOMPARE(trace.arms[1].arm, std::size_t(trace.arms[1].bucket < 2147483648U ? 0 : 1));

    auto plain = document;
    plain.rules.clear();
    plain.otherwise = split({{10'000, call("b")}});
    QCOMPARE(compiled(plain).explain(request).arms.at(0).path, std::string("otherwise.split"));
}

void TestDecisionTrace::aHeldOutRequestHasNoNearMisses()
{
    auto document = seedPolicy().holdout(1, "dear").document();
    const Trace trace = compiled(document).explain(ask("a legal text"));
    QCOMPARE(trace.decision.rule, Decision::kHoldout);
    QVERIFY(trace.holdoutDrawn);
    QCOMPARE(trace.holdoutBucket, splitBucket("h1", "a legal text"));
    QVERIFY(trace.nearMisses.empty());
    QVERIFY(!trace.rules[0].evaluated && !trace.rules[1].evaluated && trace.rules[1].matched);

    document.holdout->share = 0;
    const Trace undrawn = compiled(document).explain(ask("a legal text"));
    QVERIFY(!undrawn.holdoutDrawn);
    QCOMPARE(undrawn.holdoutBucket, splitBucket("h1", "a legal text"));
}

void TestDecisionTrace::theSeedPolicyNamesItsNearMisses()
{
    const CompiledPolicy policy = compiled(seedPolicy().document());
    // 1 + 2 + 3 = 6: one point below the dear model.
    QCOMPARE(
        describe(policy.explain(ask(std::string(300, 'x') + " math?")).nearMisses),
        QStringList({QStringLiteral("complexity at 7 (was 6): rule 0, dear, distance 1"),
                     QStringLiteral("expert words at false (was true): rule -1, cheap, distance 1"),
                     QStringLiteral("asks at false (was true): rule 0, dear, distance 1"),
                     QStringLiteral("complexity at 3 (was 6): rule -1, cheap, distance 3"),
                     QStringLiteral("chars at 501 (was 306): rule 0, dear, distance 195")}));
}

void TestDecisionTrace::nearMissesOfTextsAndMissingValues()
{
    const auto document =
        PolicyBuilder({"a", "b", "c", "d"})
            .metadata("plan")
            .signal("style", StyleSource{"balanced"})
            .metadata("seats", ValueType::Number)
            .rule("known", negated(when("plan", CompareOp::Exists, CompareValue(true))), call("a"))
            .rule("big",
                  when("plan", CompareOp::In,
                       std::vector<Scalar>{std::string("enterprise"), std::string("business")}),
                  call("b"))
            .rule("seats", when("seats", CompareOp::Gte, 10), call("c"))
            .rule("brief", when("style", CompareOp::Eq, "concise"), call("d"))
            .document();
    Request request = ask("x");
    request.metadata = {{"plan", std::string("free")}};
    QCOMPARE(describe(compiled(document).explain(request).nearMisses),
             QStringList({QStringLiteral("plan at missing (was free): rule 0, a, distance 1"),
                          QStringLiteral("plan at business (was free): rule 1, b, distance 1"),
                          QStringLiteral("style at concise (was balanced): rule 3, d, distance 1"),
                          QStringLiteral("seats at 10 (was missing): rule 2, c, distance 1")}));
}

void TestDecisionTrace::aRuleThatWonByATextNamesWhatWouldLoseIt()
{
    const auto document =
        PolicyBuilder({"a", "b", "c"})
            .metadata("plan")
            .signal("model", FieldSource{RequestField::RequestedModel})
            .rule("enterprise", when("plan", CompareOp::Eq, "enterprise"), call("b"))
            .rule("named",
                  allOf({when("model", CompareOp::Exists, CompareValue(true)),
                         when("model", CompareOp::Ne, "other")}),
                  call("c"))
            .document();
    Request request = ask("x");
    request.metadata = {{"plan", std::string("enterprise")}};
    QCOMPARE(
        describe(compiled(document).explain(request).nearMisses),
        QStringList({QStringLiteral("plan at missing (was enterprise): rule -1, a, distance 1")}));
    request.metadata.clear();
    QCOMPARE(
        describe(compiled(document).explain(request).nearMisses),
        QStringList({QStringLiteral("plan at enterprise (was missing): rule 0, b, distance 1"),
                     QStringLiteral("model at unlisted (was missing): rule 1, c, distance 1")}));
    request.requestedModel = "gpt-4";
    QCOMPARE(describe(compiled(document).explain(request).nearMisses),
             QStringList({QStringLiteral("plan at enterprise (was missing): rule 0, b, distance 1"),
                          QStringLiteral("model at other (was gpt-4): rule -1, a, distance 1")}));
}

void TestDecisionTrace::aMissingNumberHidesNoOther()
{
    const auto document = PolicyBuilder({"a", "b"})
                              .metadata("seats", ValueType::Number)
                              .rule("big", when("seats", CompareOp::Gte, 10), call("b"))
                              .document();
    Request request = ask("x");
    request.metadata = {{"seats", 40.0}};
    const auto misses = compiled(document).explain(request).nearMisses;
    QCOMPARE(misses.size(), std::size_t(1));
    QCOMPARE(misses[0].needed, SignalValue(std::nextafter(10.0, 0.0)));
}

void TestDecisionTrace::nearMissesOfNumbersWithoutSteps()
{
    const auto document =
        PolicyBuilder({"a", "b", "c"})
            .metadata("risk", ValueType::Number)
            .rule("high", when("risk", CompareOp::Gt, CompareValue(0.5)), call("b"))
            .rule("exact", when("risk", CompareOp::Eq, CompareValue(0.25)), call("c"))
            .document();
    Request request = ask("x");
    request.metadata = {{"risk", 0.5}};
    const auto misses = compiled(document).explain(request).nearMisses;
    QCOMPARE(misses.size(), std::size_t(2));
    QCOMPARE(misses[0].needed, SignalValue(std::nextafter(0.5, 1.0)));
    QCOMPARE(misses[0].rule, 0);
    QCOMPARE(misses[1].needed, SignalValue(0.25));
    QCOMPARE(misses[1].rule, 1);
}

void TestDecisionTrace::nothingImpossibleIsProposed()
{
    ScoreSource score = {2, 1, 8, {}};
    score.terms = {{3, when("chars", CompareOp::Gt, 100)}, {-4, when("asks")}};
    const auto document = PolicyBuilder({"a", "b"})
                              .signal("score", score)
                              .measure("chars", TextMeasure::Chars)
                              .measure("code", TextMeasure::CodeShare)
                              .contains("asks", "?")
                              .rule("beyond the sum", when("score", CompareOp::Gt, 5), call("b"))
                              .rule("below the minimum", when("score", CompareOp::Lt, 1), call("b"))
                              .rule("negative length", when("chars", CompareOp::Lt, 0), call("b"))
                              .rule("more than all", when("code", CompareOp::Gt, 1), call("b"))
                              .document();
    QCOMPARE(describe(compiled(document).explain(ask("x")).nearMisses), QStringList());
}

void TestDecisionTrace::nearMissesAreTrueAndNearest()
{
    int seen = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        RandomRouting generator(seed + 5'000);
        const PolicyDocument document = generator.policy();
        const CompiledPolicy policy = compiled(document);
        CompiledPolicy::Scratch scratch(policy);
        for (int i = 0; i < 6; ++i) {
            const Request request = generator.request();
            const Trace trace = policy.explain(request);
            const std::string place =
                "seed " + std::to_string(seed) + ", request " + std::to_string(i);
            QVERIFY2(trace.decision.plan == policy.decide(request, scratch).plan, place.c_str());
            if (trace.holdoutDrawn)
                continue;

            const auto claimOf = [](const NaivePolicy& naive, const PolicyDocument& of) {
                const int rule = naive.rule();
                return std::pair(
                    rule, rule >= 0 && naive.isUncertain(of.rules[static_cast<std::size_t>(rule)]));
            };
            const std::pair taken(trace.decision.rule, trace.decision.isUncertain);
            std::map<std::pair<SignalId, std::pair<int, bool>>, double> nearest;
            double last = 0;
            for (const NearMiss& miss : trace.nearMisses) {
                NaivePolicy changed(document, request);
                QVERIFY2(changed.value(*document.findSignal(miss.signal)) == miss.saw,
                         place.c_str());
                changed.setValue(miss.signal, miss.needed);
                const std::pair claim(miss.rule, miss.isUncertain);
                QVERIFY2(claimOf(changed, document) == claim && claim != taken, place.c_str());
                QVERIFY2(tierOf(changed.plan()) == miss.model, place.c_str());
                QVERIFY2(miss.distance >= last, place.c_str());
                last = miss.distance;
                QVERIFY2(nearest.emplace(std::pair{miss.signal, claim}, miss.distance).second,
                         place.c_str());
                ++seen;
            }

            // Whatever else one may try changes the decision no sooner. (A missing number that is
            // only asked to exist has no value to name.)
            for (const Signal& signal : document.signalList) {
                const SignalValue saw = NaivePolicy(document, request).value(signal);
                std::vector<SignalValue> tries;
                if (std::holds_alternative<std::monostate>(saw) &&
                    valueTypeOf(signal) == ValueType::Number)
                    continue;
                const auto* measure = std::get_if<MeasureSource>(&signal.source);
                const auto* field = std::get_if<FieldSource>(&signal.source);
                const auto* usage = std::get_if<UsageSource>(&signal.source);
                const bool hasSteps =
                    (measure && measure->measure != TextMeasure::CodeShare) || field || usage;
                if (valueTypeOf(signal) == ValueType::Boolean) {
                    tries = {true, false};
                } else if (valueTypeOf(signal) == ValueType::Number && !measure &&
                           !std::holds_alternative<ScoreSource>(signal.source) && !field &&
                           !usage) {
                    for (int quarters = -12; quarters < 80; ++quarters)
                        tries.emplace_back(quarters / 4.0);
                } else if (valueTypeOf(signal) == ValueType::Number && hasSteps) {
                    for (int value = field && field->field != RequestField::MaxTokens ? 1 : 0;
                         value < 20; ++value)
                        tries.emplace_back(static_cast<double>(value));
                } else if (std::holds_alternative<StyleSource>(signal.source)) {
                    tries = {std::string("concise"), std::string("balanced"),
                             std::string("detailed")};
                }
                for (const SignalValue& value : tries) {
                    NaivePolicy changed(document, request);
                    changed.setValue(signal.id, value);
                    const auto claim = claimOf(changed, document);
                    if (claim == taken)
                        continue;
                    const auto found = nearest.find({signal.id, claim});
                    QVERIFY2(found != nearest.end(), place.c_str());
                    const bool areNumbers = std::holds_alternative<double>(saw) &&
                                            std::holds_alternative<double>(value);
                    const double distance =
                        areNumbers ? std::abs(std::get<double>(value) - std::get<double>(saw)) : 1;
                    QVERIFY2(found->second <= distance + 1e-9, place.c_str());
                }
            }
        }
    }
    QVERIFY(seen > 500);
}

QTEST_GUILESS_MAIN(TestDecisionTrace)
#include "tst_decision_trace.moc"
