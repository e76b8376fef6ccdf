// SPDX-License-Identifier: Apache-2.0
#include "policy_test_run.h"

#include "attempt_machine.h"

#include <algorithm>

namespace signalbox {

namespace {

using Expectation = PolicyTestRun::Expectation;

constexpr double kAnswersAfterMs = 1;

std::string quoted(const std::string& name)
{
    return '"' + name + '"';
}

SimulatedAttempt attemptOf(const PolicyTest& test, const ModelId& model)
{
    SimulatedAttempt attempt;
    attempt.firstTokenMs = attempt.totalMs = kAnswersAfterMs;
    const auto forced = std::ranges::find(test.outcomes, model, &ForcedOutcome::model);
    if (forced == test.outcomes.end())
        return attempt;
    attempt.failure = forced->failure;
    attempt.isAccepted = !forced->isRejected;
    if (forced->failure == AttemptFailure::Timeout)
        attempt.firstTokenMs = attempt.totalMs = SimulatedAttempt::kHangsForMs;
    return attempt;
}

std::string ruleText(const PolicyTestRun& run, const PolicyDocument& document)
{
    if (run.rule == Decision::kHoldout)
        return "the holdout";
    if (run.rule < 0)
        return "otherwise";
    const std::string name =
        "rule " + quoted(document.rules[static_cast<std::size_t>(run.rule)].id.value);
    return run.isUncertain ? name + ", within its margin" : name;
}

std::optional<Expectation> firstProblem(const PolicyTestRun& run, const PolicyTest& test,
                                        const PolicyDocument& document)
{
    if (test.rule &&
        (run.rule < 0 || document.rules[static_cast<std::size_t>(run.rule)].id != *test.rule))
        return Expectation::Rule;
    if (test.expectOtherwise && run.rule != Decision::kOtherwise)
        return Expectation::Otherwise;
    if (test.model && run.asked != *test.model)
        return Expectation::Model;
    if (test.servedBy && run.servedBy != test.servedBy)
        return Expectation::ServedBy;
    if (test.expectUnanswered && run.servedBy)
        return Expectation::Unanswered;
    return std::nullopt;
}

std::string sentenceOf(const PolicyTestRun& run, const PolicyTest& test,
                       const PolicyDocument& document)
{
    if (!run.problem)
        return {};
    const std::string served = run.servedBy ? quoted(run.servedBy->value) : "nobody";
    switch (*run.problem) {
    case Expectation::Rule:
        return "The request goes to " + ruleText(run, document) + ", not to rule " +
               quoted(test.rule->value) + '.';
    case Expectation::Otherwise:
        return "The request goes to " + ruleText(run, document) + ", not to otherwise.";
    case Expectation::Model:
        return "The model asked first is " + quoted(run.asked.value) + ", not " +
               quoted(test.model->value) + '.';
    case Expectation::ServedBy:
        return "The answer comes from " + served + ", not from " + quoted(test.servedBy->value) +
               '.';
    case Expectation::Unanswered:
        return "The answer comes from " + served + ", where nobody was expected to answer.";
    }
    return {};
}

} // namespace

PolicyTestRun runPolicyTest(const CompiledPolicy& policy, const PolicyTest& test)
{
    const PolicyDocument& document = policy.document();
    CompiledPolicy::Scratch scratch(policy);
    const Decision decision = policy.decide(test.request, scratch);
    PolicyTestRun run;
    run.rule = decision.rule;
    run.isUncertain = decision.isUncertain;
    if (decision.firstModel >= 0)
        run.asked = document.models[static_cast<std::size_t>(decision.firstModel)].id;
    const PlanOutcome outcome = simulatePlan(*decision.plan, [&](const AttemptAsked& asked) {
        return attemptOf(test, asked.call.model);
    });
    if (outcome.answered)
        run.servedBy = outcome.servedBy;
    for (const AttemptRecord& attempt : outcome.attempts)
        run.attempts.push_back(attempt.model);
    run.problem = firstProblem(run, test, document);
    run.sentence = sentenceOf(run, test, document);
    return run;
}

std::vector<PolicyTestRun> runPolicyTests(const CompiledPolicy& policy)
{
    std::vector<PolicyTestRun> runs;
    for (const PolicyTest& test : policy.document().tests)
        runs.push_back(runPolicyTest(policy, test));
    return runs;
}

std::string wayOf(const PolicyTestRun& run, const PolicyDocument& document)
{
    std::string text = ruleText(run, document) + ", " + quoted(run.asked.value) + " is asked";
    const bool isPlain = run.attempts.size() == 1 && run.servedBy == run.asked;
    if (!isPlain)
        text += ", " + (run.servedBy ? quoted(run.servedBy->value) : std::string("nobody")) +
                " answers";
    return text;
}

} // namespace signalbox
