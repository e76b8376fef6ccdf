// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a stored test says whether its request still takes its way, with models made to fail or
// their answers to be rejected, and in a sentence what went otherwise.

#include <core/routing/policy_test_run.h>
#include <tests/support/policy_builder.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using Expectation = PolicyTestRun::Expectation;

CompiledPolicy policy()
{
    Acceptance accept;
    accept.refusals = {"sorry"};
    auto compiled =
        CompiledPolicy::compile(PolicyBuilder({"cheap", "dear"})
                                    .measure("length", TextMeasure::Chars)
                                    .rule("long", when("length", CompareOp::Gt, 20),
                                          {Cascade{{call("cheap"), call("dear")}, accept, {}}})
                                    .rule("middling", when("length", CompareOp::Gt, 10),
                                          chain({call("cheap", {500, {}, {}}), call("dear")}))
                                    .otherwise(call("cheap")));
    Q_ASSERT(compiled);
    return std::move(*compiled);
}

const std::string kLong = "a question of more than twenty characters";
const std::string kMiddling = "a question here";

PolicyTest expecting(const std::string& text, std::vector<ForcedOutcome> outcomes = {})
{
    PolicyTest made;
    made.request = ask(text);
    made.outcomes = std::move(outcomes);
    return made;
}

ForcedOutcome failing(const char* model, AttemptFailure failure)
{
    return {ModelId(model), failure};
}

} // namespace

class TestPolicyTestRun : public QObject
{
    Q_OBJECT
private slots:
    void whatHoldsSaysNothing()
    {
        PolicyTest test = expecting(kLong);
        test.rule = RuleId("long");
        test.model = ModelId("cheap");
        test.servedBy = ModelId("cheap");
        const PolicyTestRun run = runPolicyTest(policy(), test);
        QVERIFY(run.holds());
        QVERIFY(run.sentence.empty());
        QCOMPARE(run.attempts, std::vector{ModelId("cheap")});
    }

    void aRejectedAnswerGoesOnToTheNextStep()
    {
        PolicyTest test = expecting(kLong, {{ModelId("cheap"), {}, true}});
        test.servedBy = ModelId("cheap");
        const PolicyTestRun run = runPolicyTest(policy(), test);
        QCOMPARE(run.problem, std::optional(Expectation::ServedBy));
        QCOMPARE(run.sentence, std::string("The answer comes from \"dear\", not from \"cheap\"."));
        QCOMPARE(run.attempts, (std::vector{ModelId("cheap"), ModelId("dear")}));
    }

    void aDoubtfulAnswerIsBetterThanNone()
    {
        const PolicyTest test = expecting(
            kLong, {{ModelId("cheap"), {}, true}, failing("dear", AttemptFailure::ServerError)});
        QCOMPARE(runPolicyTest(policy(), test).servedBy, std::optional(ModelId("cheap")));
    }

    void aModelThatHangsIsLeftAtItsBudget()
    {
        PolicyTest test = expecting(kMiddling, {failing("cheap", AttemptFailure::Timeout)});
        test.servedBy = ModelId("dear");
        QVERIFY(runPolicyTest(policy(), test).holds());
    }

    void nobodyAnswersIfAllFail()
    {
        PolicyTest test = expecting(kMiddling, {failing("cheap", AttemptFailure::Connect),
                                                failing("dear", AttemptFailure::RateLimit)});
        test.expectUnanswered = true;
        QVERIFY(runPolicyTest(policy(), test).holds());
        test.outcomes.pop_back();
        const PolicyTestRun run = runPolicyTest(policy(), test);
        QCOMPARE(run.problem, std::optional(Expectation::Unanswered));
        QCOMPARE(run.sentence, std::string("The answer comes from \"dear\", where nobody was "
                                           "expected to answer."));
    }

    void anotherRuleIsAProblem()
    {
        PolicyTest test = expecting(kMiddling);
        test.rule = RuleId("long");
        QCOMPARE(runPolicyTest(policy(), test).sentence,
                 std::string("The request goes to rule \"middling\", not to rule \"long\"."));
        test.rule.reset();
        test.expectOtherwise = true;
        QCOMPARE(runPolicyTest(policy(), test).sentence,
                 std::string("The request goes to rule \"middling\", not to otherwise."));
        test.request = ask("short");
        QVERIFY(runPolicyTest(policy(), test).holds());
        test.model = ModelId("dear");
        QCOMPARE(runPolicyTest(policy(), test).sentence,
                 std::string("The model asked first is \"cheap\", not \"dear\"."));
    }
};

QTEST_GUILESS_MAIN(TestPolicyTestRun)
#include "tst_policy_test_run.moc"
