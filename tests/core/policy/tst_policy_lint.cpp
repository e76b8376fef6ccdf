// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: each mistake is found once, with its code, place and a sentence, in a policy that is
// otherwise clean; the quick fix of a finding makes that finding disappear; sound policies are left
// alone; whatever a file holds, lint ends soon.

#include <core/policy/edit.h>
#include <core/policy/lint.h>
#include <core/policy/policy_json.h>
#include <tests/support/design_example.h>
#include <tests/support/policy_builder.h>
#include <tests/support/random_policy.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

using namespace signalbox;
using namespace signalbox::test;

namespace {

using Change = std::function<void(PolicyDocument&)>;

std::string textOf(const std::vector<Finding>& findings)
{
    std::string text;
    for (const Finding& finding : findings)
        text += finding.code + " at " + finding.path + ": " + finding.message +
                (finding.fix ? " [" + finding.fixLabel + "]" : "") + '\n';
    return text;
}

/// A policy without findings, with one of everything.
PolicyDocument cleanPolicy()
{
    ScoreSource score;
    score.base = 1;
    score.min = 1;
    score.max = 10;
    score.terms = {{5, when("length", CompareOp::Gt, 200)}, {4, when("legal")}};
    return PolicyBuilder({"cheap", "mid", "dear"})
        .measure("length", TextMeasure::Chars)
        .keywords("legal", {"legal", "contract"})
        .signal("complexity", score)
        .signal("style", StyleSource{})
        .metadata("plan")
        .regex("order", "[A-Z]{2}-[0-9]+")
        .rule("hard",
              anyOf({when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
                     allOf({when("plan", CompareOp::Eq, "enterprise"), negated(when("legal"))})}),
              call("dear"))
        .rule("orders",
              allOf({when("order"),
                     when("plan", CompareOp::In,
                          std::vector<Scalar>{std::string("pro"), std::string("free")})}),
              split({{9000, call("cheap")}, {1000, call("mid")}}, "orders"))
        .otherwise(chain({call("cheap", {.firstTokenMs = 500}), call("mid", {.firstTokenMs = 700}),
                          call("dear")},
                         2000))
        .holdout(0.03, "dear")
        .with([](PolicyDocument& policy) {
            policy.gates = {{GateMetric::CostSaving, 0.4, {}, GateScope::Total},
                            {GateMetric::LatencyP95Ms, {}, 2000.0, GateScope::Total}};
            policy.voice.words = VoiceContract::Band{40, 160};
            policy.voice.tone = {{"warmth", {0.2, 0.8}}};
            policy.answerStyle.maxWords = 200;
            PolicyTest test;
            test.request = ask("Hi");
            test.rule = RuleId("hard");
            test.model = ModelId("dear");
            policy.tests = {test};
        });
}

Change whenOfHard(const Condition& condition)
{
    return [condition](PolicyDocument& policy) { policy.rules[0].when = condition; };
}

Change otherwise(const Plan& plan)
{
    return [plan](PolicyDocument& policy) { policy.otherwise = plan; };
}

template<class Source> Change source(std::size_t index, const std::function<void(Source&)>& change)
{
    return
        [=](PolicyDocument& policy) { change(std::get<Source>(policy.signalList[index].source)); };
}

struct Row
{
    const char* name;
    Change change;
    const char* finding; ///< "severity code path: message [fix]"
};

std::vector<Row> rows()
{
    const auto text = [](const char* value) { return CompareValue(std::string(value)); };
    return {
        // Documents and models
        {"no policy id",
         [](PolicyDocument& p) {
             p.id.clear();
             p.name = "Support Desk!";
         },
         "warning no-policy-id id: The policy has no id for logs and metrics. [Call it "
         "\"support-desk\"]"},
        {"revision", [](PolicyDocument& p) { p.revision = 0; },
         "error out-of-range revision: The revision must be at least 1, not 0. [Set it to 1]"},
        {"model without id",
         [](PolicyDocument& p) {
             p.models.push_back(p.models[0]);
             p.models[3].id = ModelId();
         },
         "error empty-id models[3].id: A model has no id. [Call it \"model\"]"},
        {"model twice", [](PolicyDocument& p) { p.models.push_back(p.models[0]); },
         "error duplicate-id models[3].id: Two models are called \"cheap\". [Call it \"cheap-2\"]"},
        {"model without provider",
         [](PolicyDocument& p) {
             p.models[0].provider.clear();
             p.models[0].keyRef = "env:K";
         },
         "error empty-provider models[0].provider: Model \"cheap\" names no provider."},
        {"no upstream name",
         [](PolicyDocument& p) {
             p.models[0].provider = "openai";
             p.models[0].keyRef = "env:K";
             p.models[0].upstreamModel.clear();
         },
         "warning no-upstream-model models[0].upstreamModel: Model \"cheap\" does not say what it "
         "is called at its provider. [Use \"cheap\"]"},
        {"no key",
         [](PolicyDocument& p) {
             p.models[0].provider = "openai";
             p.models[0].baseUrl = "https://api.example.com/v1";
         },
         "warning missing-key models[0].keyRef: Model \"cheap\" has no key, so its provider will "
         "refuse it. [Read the key from OPENAI_API_KEY]"},
        {"no key of a provider whose variable has another name",
         [](PolicyDocument& p) { p.models[0].provider = "openai-responses"; },
         "warning missing-key models[0].keyRef: Model \"cheap\" has no key, so its provider will "
         "refuse it. [Read the key from OPENAI_API_KEY]"},
        {"a provider unheard of",
         [](PolicyDocument& p) {
             p.models[0].provider = "antropic";
             p.models[0].keyRef = "env:K";
         },
         "info unknown-provider models[0].provider: Model \"cheap\" is asked through "
         "\"antropic\", which this program does not know, so it cannot be asked from here."},
        {"plain http",
         [](PolicyDocument& p) {
             p.models[0].provider = "openai";
             p.models[0].keyRef = "env:K";
             p.models[0].baseUrl = "http://10.0.0.1:80/v1";
         },
         "warning plain-http models[0].baseUrl: Model \"cheap\" is reached without encryption, so "
         "prompts and key can be read on the way. [Use https]"},
        {"no price", [](PolicyDocument& p) { p.models[0].price.reset(); },
         "warning unknown-price models[0].price: The price of model \"cheap\" is unknown, and so "
         "is every cost with it."},
        {"negative price",
         [](PolicyDocument& p) { p.models[0].price->outputPerToken = Money{-1'000'000}; },
         "error out-of-range models[0].price.outputPerMTok: The price of output must be from 0 to "
         "1000000, not -1. [Set it to 0]"},
        {"price that no amount can hold",
         [](PolicyDocument& p) { p.models[0].price->inputPerToken = Money{2'000'000'000'000}; },
         "error out-of-range models[0].price.inputPerMTok: The price of input must be from 0 to "
         "1000000, not 2000000. [Set it to 1000000]"},
        {"password in the address",
         [](PolicyDocument& p) {
             p.models[0].provider = "openai";
             p.models[0].keyRef = "env:K";
             p.models[0].baseUrl = "https://user:canary@host/v1?key=canary";
         },
         "error secret-in-url models[0].baseUrl: The address of model \"cheap\" holds a user name, "
         "a password or a query, which may be a key; keys stay out of the policy. [Keep only the "
         "address]"},
        {"no context", [](PolicyDocument& p) { p.models[0].contextTokens = 0; },
         "error out-of-range models[0].contextTokens: The longest context must be at least 1, not "
         "0. [Set it to 1]"},
        {"unused model",
         [](PolicyDocument& p) {
             p.models.push_back(p.models[0]);
             p.models[3].id = ModelId("spare");
         },
         "info unused-model models[3]: No rule asks model \"spare\". [Remove the model]"},
        {"no baseline", [](PolicyDocument& p) { p.baseline = ModelId(); },
         "warning missing-baseline baseline: The policy has no baseline, so savings cannot be "
         "told. [Make \"dear\" the baseline]"},
        {"unknown baseline", [](PolicyDocument& p) { p.baseline = ModelId("gone"); },
         "error unknown-baseline baseline: There is no model \"gone\" to be the baseline. [Make "
         "\"dear\" the baseline]"},
        // Signals
        {"signal without id",
         [](PolicyDocument& p) {
             p.signalList.push_back(p.signalList[0]);
             p.signalList[6].id = SignalId();
         },
         "error empty-id signals[6].id: A signal has no id. [Call it \"signal\"]"},
        {"signal twice", [](PolicyDocument& p) { p.signalList.push_back(p.signalList[0]); },
         "error duplicate-id signals[6].id: Two signals are called \"length\". [Call it "
         "\"length-2\"]"},
        {"unused signal",
         [](PolicyDocument& p) {
             p.signalList.push_back(p.signalList[0]);
             p.signalList[6].id = SignalId("spare");
         },
         "info unused-signal signals[6]: No condition looks at signal \"spare\". [Remove the "
         "signal]"},
        {"score bounds", source<ScoreSource>(2, [](ScoreSource& s) { std::swap(s.min, s.max); }),
         "error score-bounds signals[2].min: The least value of the score is larger than its most. "
         "[Swap them]"},
        {"score of itself",
         source<ScoreSource>(
             2, [](ScoreSource& s) { s.terms[1].when = when("complexity", CompareOp::Gt, 3); }),
         "error score-in-score signals[2].terms[1].when: A term of a score uses the score "
         "\"complexity\"; scores cannot use scores."},
        {"term of no signal",
         source<ScoreSource>(2, [](ScoreSource& s) { s.terms[1].when = when("legl"); }),
         "error unknown-signal signals[2].terms[1].when: There is no signal \"legl\". [Use "
         "\"legal\"]"},
        {"no keywords", source<KeywordsSource>(1, [](KeywordsSource& s) { s.anyOf.clear(); }),
         "error empty-keywords signals[1].anyOf: The signal lists no words to look for."},
        {"empty keyword",
         source<KeywordsSource>(1, [](KeywordsSource& s) { s.anyOf.emplace_back(); }),
         "error empty-keywords signals[1].anyOf: An empty word is in every text. [Remove the empty "
         "word]"},
        {"keyword twice",
         source<KeywordsSource>(1, [](KeywordsSource& s) { s.anyOf.emplace_back("Legal"); }),
         "warning duplicate-keyword signals[1].anyOf: The word \"Legal\" is listed twice; case "
         "does not matter. [Remove what is listed twice]"},
        {"no text", [](PolicyDocument& p) { p.signalList[1].source = ContainsSource{}; },
         "error empty-text signals[1].text: The signal does not say what text to look for."},
        {"no key of metadata", source<MetadataSource>(4, [](MetadataSource& s) { s.key.clear(); }),
         "error empty-text signals[4].key: The signal does not say which metadata it reads."},
        {"no header", [](PolicyDocument& p) { p.signalList[4].source = HeaderSource{}; },
         "error empty-text signals[4].name: The signal does not say which header it reads."},
        {"no pattern", source<RegexSource>(5, [](RegexSource& s) { s.pattern.clear(); }),
         "error empty-text signals[5].pattern: The signal has no expression to look for."},
        {"pattern", source<RegexSource>(5, [](RegexSource& s) { s.pattern = "(?i)order \\d+"; }),
         "error regex-not-portable signals[5].pattern: \"(?i)\" is a flag inside of the "
         "expression, which not every router reads; take it out and set \"ignoreCase\". [Write "
         "\"order [0-9]+\"]"},
        {"pattern without a way",
         source<RegexSource>(5, [](RegexSource& s) { s.pattern = "a(?!b)"; }),
         "error regex-not-portable signals[5].pattern: \"(?!\" at character 2 begins a negative "
         "look-ahead, which most routers cannot; write it as a second condition."},
        {"style", source<StyleSource>(3, [](StyleSource& s) { s.fallback = "brief"; }),
         "error unknown-style signals[3].default: There is no answer style \"brief\", only "
         "concise, balanced and detailed. [Use \"balanced\"]"},
        // Rules and conditions
        {"rule without id", [](PolicyDocument& p) { p.rules[1].id = RuleId(); },
         "error empty-id rules[1].id: A rule has no id. [Call it \"rule\"]"},
        {"rule twice", [](PolicyDocument& p) { p.rules[1].id = RuleId("hard"); },
         "error duplicate-id rules[1].id: Two rules are called \"hard\". [Call it \"hard-2\"]"},
        {"disabled", [](PolicyDocument& p) { p.rules[0].enabled = false; },
         "info disabled-rule rules[0]: Rule \"hard\" is switched off. [Enable the rule]"},
        {"unknown signal",
         whenOfHard(anyOf({when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
                           when("plane", CompareOp::Eq, "pro")})),
         "error unknown-signal rules[0].when.any[1]: There is no signal \"plane\". [Use \"plan\"]"},
        {"unknown signal without a guess",
         whenOfHard(anyOf({when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
                           when("sentiment", CompareOp::Eq, "pro")})),
         "error unknown-signal rules[0].when.any[1]: There is no signal \"sentiment\"."},
        {"order of texts",
         whenOfHard(anyOf({when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
                           when("plan", CompareOp::Gt, 3)})),
         "error type-mismatch rules[0].when.any[1]: Signal \"plan\" is a text, but \"gt\" compares "
         "numbers."},
        {"number as text", whenOfHard(when("complexity", CompareOp::Gte, "7")),
         "error type-mismatch rules[0].when: Signal \"complexity\" is a number, but it is compared "
         "with \"7\". [Compare with 7]"},
        {"boolean as text",
         whenOfHard(allOf({when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
                           when("legal", CompareOp::Eq, "true")})),
         "error type-mismatch rules[0].when.all[1]: Signal \"legal\" is true or false, but it is "
         "compared with \"true\". [Compare with true]"},
        {"text as number",
         whenOfHard(allOf({when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
                           when("plan", CompareOp::Eq, 5)})),
         "error type-mismatch rules[0].when.all[1]: Signal \"plan\" is a text, but it is compared "
         "with 5. [Compare with \"5\"]"},
        {"part of a number", whenOfHard(when("complexity", CompareOp::Contains, "7")),
         "error type-mismatch rules[0].when: Signal \"complexity\" is a number, but \"contains\" "
         "looks at texts."},
        {"in one",
         whenOfHard(allOf({when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
                           when("plan", CompareOp::In, "pro")})),
         "error type-mismatch rules[0].when.all[1]: \"in\" needs a list of values."},
        {"in mixed",
         whenOfHard(when("complexity", CompareOp::In, std::vector<Scalar>{1.0, std::string("2")})),
         "error type-mismatch rules[0].when: Signal \"complexity\" is a number, but the list holds "
         "something else."},
        {"equal to a list", whenOfHard(when("complexity", CompareOp::Eq, std::vector<Scalar>{1.0})),
         "error type-mismatch rules[0].when: \"eq\" takes one value, not a list."},
        {"styles of a text",
         whenOfHard(allOf({when("complexity", CompareOp::Gte, 4),
                           when("plan", CompareOp::Eq, ByStyle{1, 2, 3})})),
         "error type-mismatch rules[0].when.all[1]: Signal \"plan\" is a text, but thresholds per "
         "style are for numbers."},
        {"exists false",
         whenOfHard(allOf({when("complexity", CompareOp::Gte, 4),
                           when("plan", CompareOp::Exists, CompareValue(false))})),
         "error type-mismatch rules[0].when.all[1]: The value of \"exists\" must be true; use "
         "\"not\" for the opposite. [Set the value to true]"},
        {"case of a number",
         whenOfHard({Compare{SignalId("complexity"), CompareOp::Gt, 4.0, true}}),
         "error type-mismatch rules[0].when: Signal \"complexity\" is a number, but its case is to "
         "be ignored. [Do not ignore case]"},
        {"matches",
         whenOfHard(allOf({when("complexity", CompareOp::Gte, 4),
                           when("plan", CompareOp::Matches, text("pro.*"))})),
         "error regex-not-portable rules[0].when.all[1].value: \".\" at character 4 does not match "
         "the same line ends in every engine; write \"[^\\n]\". [Write \"pro[^\\n]*\"]"},
        {"deep condition",
         [](PolicyDocument& p) {
             for (int i = 0; i < 13; ++i)
                 p.rules[0].when = allOf({p.rules[0].when, when("legal")});
         },
         "error too-deep "
         "rules[0].when.all[0].all[0].all[0].all[0].all[0].all[0].all[0].all[0].all[0].all[0].all["
         "0].all[0].all[0].any[1].all[1].not: "
         "The condition is nested deeper than 16 levels, which nobody can read and not every "
         "router can run."},
        {"contradiction",
         whenOfHard(
             allOf({when("complexity", CompareOp::Lte, 3), when("complexity", CompareOp::Gt, 6)})),
         "warning never-true rules[0].when: complexity ≤ 3 and complexity > 6 can never hold "
         "together. [Remove the rule]"},
        {"contradiction in a part",
         whenOfHard(
             anyOf({when("complexity", CompareOp::Gt, 6),
                    allOf({when("plan", CompareOp::Eq, "a"), when("plan", CompareOp::Eq, "b")})})),
         "warning never-true rules[0].when.any[1]: plan = \"a\" and plan = \"b\" can never hold "
         "together. [Remove this part]"},
        {"outside of the score", whenOfHard(when("complexity", CompareOp::Gt, 10)),
         "warning never-true rules[0].when: complexity > 10 can never hold. [Remove the rule]"},
        {"empty any", whenOfHard(anyOf({})),
         "warning never-true rules[0].when: An empty \"any\" never holds. [Remove the rule]"},
        {"and its opposite",
         whenOfHard(
             allOf({when("legal"), when("complexity", CompareOp::Gt, 3), negated(when("legal"))})),
         "warning never-true rules[0].when: This condition can never hold. [Remove the rule]"},
        {"twice",
         whenOfHard(anyOf({when("legal"), when("complexity", CompareOp::Gt, 3), when("legal")})),
         "info duplicate-condition rules[0].when.any[2]: legal = true stands here twice. [Remove "
         "the second]"},
        {"a group twice", whenOfHard(anyOf({allOf({when("legal")}), allOf({when("legal")})})),
         "info duplicate-condition rules[0].when.any[1]: The same condition stands here twice. "
         "[Remove the second]"},
        {"always", whenOfHard(allOf({})),
         "warning unreachable-rule rules[1]: Rule \"orders\" can never win: rule \"hard\" before "
         "it always holds. [Remove the rule]"},
        {"takes everything", whenOfHard(allOf({})),
         "warning takes-everything rules[0].when: Rule \"hard\" takes every request, so the rule "
         "below it and the last lane never decide. [Move the rule to the end]"},
        {"takes everything, two below",
         [](PolicyDocument& p) {
             p.rules[0].when = negated(anyOf({}));
             p.rules.push_back(p.rules[1]);
             p.rules[2].id = RuleId("x");
             p.rules.push_back(p.rules[1]);
             p.rules[3].id = RuleId("off");
             p.rules[3].enabled = false;
         },
         "warning takes-everything rules[0].when: Rule \"hard\" takes every request, so the 2 "
         "rules "
         "below it and the last lane never decide. [Move the rule to the end]"},
        {"takes everything, the last one", [](PolicyDocument& p) { p.rules[1].when = allOf({}); },
         "warning takes-everything rules[1].when: Rule \"orders\" takes every request, so the last "
         "lane never decides."},
        {"always by its domain", whenOfHard(when("complexity", CompareOp::Gte, 1)),
         "warning unreachable-rule rules[1]: Rule \"orders\" can never win: rule \"hard\" before "
         "it always holds. [Remove the rule]"},
        {"the same again",
         [](PolicyDocument& p) {
             p.rules.push_back(p.rules[0]);
             p.rules[2].id = RuleId("x");
             p.rules[2].label = "X";
         },
         "warning shadowed-rule rules[2]: Rule \"X\" can never win: rule \"hard\" before it has "
         "the same condition. [Remove the rule]"},
        {"implied",
         [](PolicyDocument& p) {
             p.rules[0].when = when("complexity", CompareOp::Gt, 3);
             p.rules[1].when = allOf({when("order"), when("complexity", CompareOp::Gte, 7),
                                      when("plan", CompareOp::Eq, "x")});
         },
         "warning shadowed-rule rules[1]: Rule \"orders\" can never win: whenever it holds, rule "
         "\"hard\" before it holds too. [Remove the rule]"},
        // Plans
        {"unknown model", otherwise(chain({call("chep", {.firstTokenMs = 500}), call("mid")})),
         "error unknown-model otherwise.chain.steps[0].call.model: There is no model \"chep\". "
         "[Use \"cheap\"]"},
        {"no model named", otherwise(call("")),
         "error unknown-model otherwise.call.model: The call names no model."},
        {"no time", otherwise(call("cheap", {.totalMs = 0})),
         "error out-of-range otherwise.call.totalMs: The time of the answer must be at least 1 ms. "
         "[Remove the limit]"},
        {"more for the first token",
         otherwise(call("cheap", {.firstTokenMs = 900, .totalMs = 500})),
         "warning budget-order otherwise.call.totalMs: The whole answer has less time than its "
         "first token, so the wait for that is never used in full. [Wait 500 ms for the first "
         "token]"},
        {"many retries", otherwise(call("cheap", {.retry = {11, 0, 1}})),
         "error out-of-range otherwise.call.retry.count: The number of retries must be from 0 to "
         "10, not 11. [Set it to 10]"},
        {"negative wait", otherwise(call("cheap", {.retry = {1, -5, 1}})),
         "error out-of-range otherwise.call.retry.backoffMs: The wait before a retry must be at "
         "least 0, not -5. [Set it to 0]"},
        {"shrinking wait", otherwise(call("cheap", {.retry = {1, 5, 0.5}})),
         "error out-of-range otherwise.call.retry.multiplier: The growth of the waits must be from "
         "1 to 10, not 0.5. [Set it to 1]"},
        {"empty chain", otherwise(chain({})),
         "error empty-chain otherwise.chain.steps: The chain has no steps, so nobody would be "
         "asked. [Ask \"dear\" instead]"},
        {"no deadline", otherwise(chain({call("cheap", {.firstTokenMs = 500}), call("mid")}, 0)),
         "error out-of-range otherwise.chain.deadlineMs: The deadline must be at least 1 ms. "
         "[Remove the limit]"},
        {"empty split", [](PolicyDocument& p) { p.rules[0].plan = split({}); },
         "error empty-split rules[0].plan.split.arms: The split has no arms, so nobody would be "
         "asked. [Ask \"dear\" instead]"},
        {"weights",
         [](PolicyDocument& p) { std::get<Split>(p.rules[1].plan.node).arms[0].weight = 5000; },
         "error weights-sum rules[1].plan.split.arms: The weights of the arms sum to 6000 basis "
         "points instead of 10000. [Scale the weights]"},
        {"no weight at all",
         [](PolicyDocument& p) {
             p.rules[1].plan = split({{0, call("cheap")}, {0, call("mid")}, {0, call("dear")}});
         },
         "error weights-sum rules[1].plan.split.arms: The weights of the arms sum to 0 basis "
         "points instead of 10000. [Scale the weights]"},
        {"negative weight",
         [](PolicyDocument& p) {
             p.rules[1].plan = split({{-1, call("cheap")}, {10'001, call("mid")}});
         },
         "error out-of-range rules[1].plan.split.arms[0].weight: The weight of an arm must be from "
         "0 to 10000, not -1. [Set it to 0]"},
        {"deep plan",
         [](PolicyDocument& p) {
             for (int i = 0; i < 8; ++i)
                 p.rules[0].plan = chain({p.rules[0].plan});
         },
         "error too-deep "
         "rules[0].plan.chain.steps[0].chain.steps[0].chain.steps[0].chain.steps[0].chain.steps[0]."
         "chain.steps[0].chain.steps[0].chain.steps[0]: "
         "The plan is nested deeper than 8 levels, which nobody can read and not every router can "
         "run."},
        {"retries before the next step",
         otherwise(chain({call("cheap", {.firstTokenMs = 500, .retry = {3}}), call("mid")}, 3000)),
         "warning slow-retries otherwise.chain.steps[0].call.retry: The waits before retries of "
         "\"cheap\" alone take 3.5 s, but the latency gate allows 2 s. [Fail over at once]"},
        {"retries of the last step",
         otherwise(
             chain({call("cheap", {.firstTokenMs = 500}), call("mid", {.retry = {3}})}, 1500)),
         "warning slow-retries otherwise.chain.steps[1].call.retry: The waits before retries of "
         "\"mid\" alone take 3.5 s, but the deadline is 1.5 s. [Do not retry]"},
        {"unreachable by retries", otherwise([] {
             // Timeouts do not lead on, so only reported failures do, and those are retried first.
             Plan plan = chain(
                 {call("cheap", {.firstTokenMs = 200, .retry = {2, 400, 1}}), call("mid")}, 700);
             std::get<Chain>(plan.node).on = {AttemptFailure::RateLimit};
             return plan;
         }()),
         "warning unreachable-step otherwise.chain.steps[1]: Step 2 (mid) can never start: the "
         "steps before it take at least 800 ms, but the deadline is 700 ms. [Fail over at once]"},
        {"unreachable by nothing", otherwise([] {
             Plan plan = chain({call("cheap", {.firstTokenMs = 200}), call("mid")}, 700);
             std::get<Chain>(plan.node).on = {};
             return plan;
         }()),
         "warning unreachable-step otherwise.chain.steps[1]: Step 2 (mid) can never start: no "
         "failure of the step before it leads on. [Remove the step]"},
        {"late",
         otherwise(chain({call("cheap", {.firstTokenMs = 900}), call("mid", {.firstTokenMs = 900}),
                          call("dear")},
                         1800)),
         "warning late-step otherwise.chain.steps[2]: Step 3 (dear) starts only after 1.8 s when "
         "the steps before it use their budgets in full, but the deadline is 1.8 s."},
        {"late by retries",
         otherwise(chain({call("cheap", {.firstTokenMs = 300, .retry = {2, 100, 2}}), call("dear")},
                         1000)),
         "warning late-step otherwise.chain.steps[1]: Step 2 (dear) starts only after 1.2 s when "
         "the steps before it use their budgets in full, but the deadline is 1 s. [Fail over "
         "at once]"},
        {"no budget",
         otherwise(chain({split({{5000, call("cheap")}, {5000, call("mid", {.firstTokenMs = 5})}}),
                          call("dear")},
                         1000)),
         "warning no-budget otherwise.chain.steps[0]: Step 1 (cheap, mid) has no time limit: when "
         "its model hangs, the next step never starts. [Wait at most 500 ms]"},
        {"no budget and no deadline", otherwise(chain({call("cheap"), call("dear")})),
         "warning no-budget otherwise.chain.steps[0]: Step 1 (cheap) has no time limit: when its "
         "model hangs, the next step never starts. [Wait at most 1 s]"},
        {"no budget, no deadline and no gate",
         [](PolicyDocument& p) {
             p.gates.pop_back();
             otherwise(chain({call("cheap"), call("dear")}))(p);
         },
         "warning no-budget otherwise.chain.steps[0]: Step 1 (cheap) has no time limit: when its "
         "model hangs, the next step never starts."},
        {"same model",
         otherwise(chain({call("cheap", {.firstTokenMs = 500}), call("cheap")}, 2000)),
         "warning same-model-fallback otherwise.chain.steps[1]: Step 2 falls back to \"cheap\", "
         "which a step before it has asked already. [Remove the step]"},
        {"same provider",
         [](PolicyDocument& p) {
             for (ModelSpec& model : p.models) {
                 model.provider = "openai";
                 model.baseUrl = "https://api.example.com/v1";
                 model.keyRef = "env:KEY";
             }
         },
         "warning same-provider-fallback otherwise.chain.steps: Every step of the chain asks the "
         "same provider, so its outage stops them all."},
        {"salt of the holdout",
         [](PolicyDocument& p) { std::get<Split>(p.rules[1].plan.node).salt = "h1"; },
         "warning shared-salt rules[1].plan.split.salt: The split draws with the salt of the "
         "holdout, so the two draws are not independent. [Use the salt \"h1-2\"]"},
        {"salt of the split around",
         [](PolicyDocument& p) {
             std::get<Split>(p.rules[1].plan.node).arms[1].plan =
                 split({{4000, call("mid")}, {6000, call("dear")}}, "orders");
         },
         "warning shared-salt rules[1].plan.split.arms[1].plan.split.salt: The split draws with "
         "the salt of the split around it, so the two draws are not independent. [Use the salt "
         "\"orders-2\"]"},
        // The rest
        {"holdout", [](PolicyDocument& p) { p.holdout->share = 3; },
         "error out-of-range holdout.share: The share of the holdout must be from 0 to 1, not 3. "
         "[Set it to 1]"},
        {"holdout of nobody", [](PolicyDocument& p) { p.holdout->model = ModelId("gone"); },
         "error unknown-model holdout.model: There is no model \"gone\". [Use \"dear\"]"},
        {"words", [](PolicyDocument& p) { p.answerStyle.maxWords = 0; },
         "error out-of-range answerStyle.maxWords: The number of words must be at least 1, not 0. "
         "[Set it to 1]"},
        {"band", [](PolicyDocument& p) { p.voice.words = VoiceContract::Band{160, 40}; },
         "error empty-band voice.words: The lower bound is above the upper one. [Swap them]"},
        {"tone", [](PolicyDocument& p) { p.voice.tone[0].band = {0.2, 80}; },
         "error out-of-range voice.tone.warmth[1]: The upper bound must be from 0 to 1, not 80. "
         "[Set it to 1]"},
        {"gate without limit", [](PolicyDocument& p) { p.gates[0].atLeast.reset(); },
         "error gate-limit gates[0]: The gate on \"costSaving\" has no limit. [Remove the gate]"},
        {"gate with two limits", [](PolicyDocument& p) { p.gates[1].atLeast = 1; },
         "error gate-limit gates[1]: The gate on \"latencyP95Ms\" has two limits; one is needed. "
         "[Keep the upper limit]"},
        {"gate the wrong way",
         [](PolicyDocument& p) {
             p.gates[1] = {GateMetric::CostPer1k, 2000.0, {}, GateScope::Total};
         },
         "warning gate-direction gates[1]: Less \"costPer1kRequests\" is better, but the gate sets "
         "a lower limit. [Turn the limit round]"},
        {"gate in percent", [](PolicyDocument& p) { p.gates[0].atLeast = 40; },
         "warning gate-scale gates[0]: \"costSaving\" goes from 0 to 1, but the limit is 40. [Set "
         "it to 0.4]"},
        {"gate twice", [](PolicyDocument& p) { p.gates.push_back(p.gates[0]); },
         "warning duplicate-gate gates[2]: There is a gate on \"costSaving\" already. [Remove the "
         "gate]"},
        {"alpha", [](PolicyDocument& p) { p.monitoring.alpha = 1; },
         "error out-of-range monitoring.alpha: The risk of a false alarm must be between 0 and 1. "
         "[Set it to 0.05]"},
        {"days", [](PolicyDocument& p) { p.monitoring.detectWithinDays = 0; },
         "error out-of-range monitoring.detectWithinDays: The time to detection in days must be at "
         "least 1, not 0. [Set it to 1]"},
        {"test of no rule", [](PolicyDocument& p) { p.tests[0].rule = RuleId("gone"); },
         "warning test-unknown-rule tests[0].expect.rule: The test expects rule \"gone\", which is "
         "not there. [Expect any rule]"},
        {"test of no model", [](PolicyDocument& p) { p.tests[0].model = ModelId("gone"); },
         "warning test-unknown-model tests[0].expect.model: The test expects model \"gone\", which "
         "is not there. [Expect any model]"},
    };
}

std::string lineOf(const Finding& finding)
{
    static constexpr const char* kSeverities[] = {"error", "warning", "info"};
    return std::string(kSeverities[int(finding.severity)]) + ' ' + finding.code + ' ' +
           finding.path + ": " + finding.message +
           (finding.fix ? " [" + finding.fixLabel + "]" : "");
}

} // namespace

class TestPolicyLint : public QObject
{
    Q_OBJECT
private slots:
    void aSoundPolicyIsLeftAlone()
    {
        QCOMPARE(QByteArray::fromStdString(textOf(lint(cleanPolicy()))), QByteArray());
        QCOMPARE(QByteArray::fromStdString(textOf(lint(PolicyBuilder()))), QByteArray());
    }

    void aMistakeIsFoundAndItsFixRepairsIt_data()
    {
        QTest::addColumn<int>("row");
        const std::vector<Row> all = rows();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].name) << int(i);
    }
    void aMistakeIsFoundAndItsFixRepairsIt()
    {
        QFETCH(const int, row);
        const Row mistake = rows()[std::size_t(row)];
        PolicyDocument policy = cleanPolicy();
        mistake.change(policy);
        const std::vector<Finding> findings = lint(policy);
        const auto found = std::ranges::find(findings, std::string(mistake.finding), lineOf);
        std::string seen;
        for (const Finding& finding : findings)
            seen += lineOf(finding) + '\n';
        QVERIFY2(found != findings.end(), seen.c_str());
        QCOMPARE(std::ranges::count(findings, found->path + found->code,
                                    [](const Finding& f) { return f.path + f.code; }),
                 1);
        const bool belongsToRule = found->path.starts_with("rules[");
        QCOMPARE(found->rule.has_value(), belongsToRule);
        if (!found->fix)
            return;
        const PolicyDocument broken = policy;
        const auto inverse = apply(policy, *found->fix);
        QVERIFY2(inverse.has_value(), found->fixLabel.c_str());
        const std::vector<Finding> after = lint(policy);
        const bool isGone = std::ranges::none_of(
            after, [&](const Finding& f) { return lineOf(f) == mistake.finding; });
        QVERIFY2(isGone, textOf(after).c_str());
        QVERIFY(apply(policy, *inverse).has_value());
        QVERIFY(policy == broken);
    }

    void errorsComeFirstThenDocumentOrder()
    {
        PolicyDocument policy = cleanPolicy();
        policy.models[0].price.reset();
        policy.rules[0].enabled = false;
        policy.rules[1].plan = call("gone");
        policy.holdout->share = -1;
        policy.gates[0].atLeast.reset();
        std::string codes;
        for (const Finding& finding : lint(policy))
            codes += finding.code + ' ';
        QCOMPARE(codes,
                 std::string("unknown-model out-of-range gate-limit unknown-price disabled-rule "));
    }

    void scaledWeightsKeepTheirProportions()
    {
        PolicyDocument policy =
            PolicyBuilder({"a", "b", "c"})
                .otherwise(split({{1, call("a")}, {1, call("b")}, {1, call("c")}}));
        QVERIFY(apply(policy, *lint(policy).front().fix).has_value());
        const auto& arms = std::get<Split>(policy.otherwise.node).arms;
        QCOMPARE(arms[0].weight, 3334);
        QCOMPARE(arms[1].weight, 3333);
        QCOMPARE(arms[2].weight, 3333);
    }

    void loopbackServersNeedNoKey_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("isLocal");
        QTest::newRow("localhost") << QByteArray("http://localhost:11434/v1") << true;
        QTest::newRow("address") << QByteArray("http://127.0.0.1:1234") << true;
        QTest::newRow("version 6") << QByteArray("http://[::1]:8080/v1") << true;
        QTest::newRow("elsewhere") << QByteArray("https://api.example.com/v1") << false;
        QTest::newRow("a name that only looks so")
            << QByteArray("https://localhost.example.com/v1") << false;
        QTest::newRow("a user that only looks so")
            << QByteArray("https://localhost@example.com/v1") << false;
    }
    void loopbackServersNeedNoKey()
    {
        QFETCH(const QByteArray, url);
        QFETCH(const bool, isLocal);
        PolicyDocument policy = PolicyBuilder();
        policy.models[0].provider = "openai";
        policy.models[0].baseUrl = url.toStdString();
        const auto findings = lint(policy);
        QCOMPARE(
            std::ranges::any_of(findings, [](const Finding& f) { return f.code == "missing-key"; }),
            !isLocal);
    }

    void aProviderOnThisComputerNeedsNoKeyWithoutAnAddressEither()
    {
        PolicyDocument policy = PolicyBuilder();
        policy.models[0].provider = "ollama";
        policy.models[0].baseUrl.clear();
        const auto isMissing = [&] {
            const auto findings = lint(policy);
            return std::ranges::any_of(findings,
                                       [](const Finding& f) { return f.code == "missing-key"; });
        };
        QVERIFY(!isMissing());
        policy.models[0].provider = "anthropic";
        QVERIFY(isMissing());
    }

    void conditionsThatCanHoldAreNotCalledContradictions_data()
    {
        QTest::addColumn<QByteArray>("condition");
        const auto row = [](const char* name, const Condition& condition) {
            QTest::newRow(name) << QByteArray::fromStdString(toCompactJsonText(toJson(condition)));
        };
        row("touching", allOf({when("n", CompareOp::Lte, 3), when("n", CompareOp::Gte, 3)}));
        row("only for one style",
            allOf({when("n", CompareOp::Gte, ByStyle{8, 7, 5}), when("n", CompareOp::Lt, 7)}));
        row("different case",
            allOf({{Compare{SignalId("t"), CompareOp::Eq, std::string("A"), true}},
                   when("t", CompareOp::Ne, "A")}));
        row("missing",
            allOf({negated(when("n", CompareOp::Lte, 3)), negated(when("n", CompareOp::Gt, 3))}));
        row("part",
            allOf({when("t", CompareOp::Prefix, "ab"), when("t", CompareOp::Suffix, "cd")}));
        row("expression",
            allOf({when("t", CompareOp::Eq, "x"), when("t", CompareOp::Matches, "y")}));
    }
    void conditionsThatCanHoldAreNotCalledContradictions()
    {
        QFETCH(const QByteArray, condition);
        const PolicyDocument policy =
            PolicyBuilder()
                .metadata("n", ValueType::Number)
                .metadata("t", ValueType::String)
                .rule("r", *conditionFromJson(*parseJson(condition.toStdString())), call("dear"));
        QCOMPARE(textOf(lint(policy)).find("never-true"), std::string::npos);
    }

    void shadowsAreProvedNotGuessed_data()
    {
        QTest::addColumn<QByteArray>("earlier");
        QTest::addColumn<QByteArray>("later");
        QTest::addColumn<bool>("isShadowed");
        const auto row = [](const char* name, const Condition& earlier, const Condition& later,
                            bool isShadowed) {
            const auto text = [](const Condition& c) {
                return QByteArray::fromStdString(toCompactJsonText(toJson(c)));
            };
            QTest::newRow(name) << text(earlier) << text(later) << isShadowed;
        };
        const auto n = [](CompareOp op, double value) {
            return when("n", op, CompareValue(value));
        };
        const auto t = [](CompareOp op, const char* value) { return when("t", op, value); };
        const auto in = [](std::vector<Scalar> list) {
            return when("t", CompareOp::In, std::move(list));
        };
        const Scalar a = std::string("a");
        const Scalar b = std::string("b");
        row("inside", n(CompareOp::Gt, 3), n(CompareOp::Gte, 7), true);
        row("outside", n(CompareOp::Gte, 7), n(CompareOp::Gt, 3), false);
        row("open end", n(CompareOp::Gt, 7), n(CompareOp::Gte, 7), false);
        row("equal to", n(CompareOp::Gte, 7), n(CompareOp::Eq, 7), true);
        row("both sides", allOf({n(CompareOp::Gt, 1), n(CompareOp::Lt, 9)}),
            allOf({n(CompareOp::Gte, 2), n(CompareOp::Lte, 8)}), true);
        row("one side", allOf({n(CompareOp::Gt, 1), n(CompareOp::Lt, 9)}), n(CompareOp::Gte, 2),
            false);
        row("one of any", anyOf({n(CompareOp::Gt, 3), t(CompareOp::Eq, "a")}),
            t(CompareOp::Eq, "a"), true);
        row("any of which all are inside", n(CompareOp::Gt, 3),
            anyOf({n(CompareOp::Gt, 5), n(CompareOp::Eq, 4)}), true);
        row("any of which one is not", n(CompareOp::Gt, 3),
            anyOf({n(CompareOp::Gt, 5), n(CompareOp::Eq, 3)}), false);
        row("list", in({a, b}), t(CompareOp::Eq, "a"), true);
        row("longer list", t(CompareOp::Eq, "a"), in({a, b}), false);
        row("not the other", t(CompareOp::Ne, "b"), t(CompareOp::Eq, "a"), true);
        row("exists", when("n", CompareOp::Exists, CompareValue(true)), n(CompareOp::Lt, 0), true);
        row("not is no comparison", when("n", CompareOp::Exists, CompareValue(true)),
            negated(n(CompareOp::Lt, 0)), false);
        row("not of excluded", negated(n(CompareOp::Lte, 3)), n(CompareOp::Gt, 6), true);
        row("not of more", negated(n(CompareOp::Gt, 6)), negated(n(CompareOp::Gt, 3)), true);
        row("not of less", negated(n(CompareOp::Gt, 3)), negated(n(CompareOp::Gt, 6)), false);
        row("longer prefix", t(CompareOp::Prefix, "ab"), t(CompareOp::Prefix, "abc"), true);
        row("contains", t(CompareOp::Contains, "b"), t(CompareOp::Suffix, "abc"), true);
        row("case", {Compare{SignalId("t"), CompareOp::Eq, std::string("A"), true}},
            t(CompareOp::Eq, "a"), true);
        row("case the other way", t(CompareOp::Eq, "a"),
            {Compare{SignalId("t"), CompareOp::Eq, std::string("A"), true}}, false);
        row("lower for every style", when("n", CompareOp::Gte, ByStyle{5, 4, 3}),
            when("n", CompareOp::Gte, ByStyle{8, 7, 5}), true);
        row("higher for one style", when("n", CompareOp::Gte, ByStyle{5, 8, 3}),
            when("n", CompareOp::Gte, ByStyle{8, 7, 5}), false);
        row("expressions", t(CompareOp::Matches, "a"), t(CompareOp::Eq, "a"), false);
    }
    void shadowsAreProvedNotGuessed()
    {
        QFETCH(const QByteArray, earlier);
        QFETCH(const QByteArray, later);
        QFETCH(const bool, isShadowed);
        const auto condition = [](const QByteArray& text) {
            return *conditionFromJson(*parseJson(text.toStdString()));
        };
        const PolicyDocument policy = PolicyBuilder()
                                          .metadata("n", ValueType::Number)
                                          .metadata("t", ValueType::String)
                                          .rule("earlier", condition(earlier), call("dear"))
                                          .rule("later", condition(later), call("cheap"));
        const auto findings = lint(policy);
        QCOMPARE(std::ranges::any_of(findings,
                                     [](const Finding& f) { return f.code == "shadowed-rule"; }),
                 isShadowed);
    }

    void aDisabledRuleShadowsNothing()
    {
        PolicyDocument policy =
            PolicyBuilder().rule("a", allOf({}), call("dear")).rule("b", allOf({}), call("cheap"));
        policy.rules[0].enabled = false;
        QCOMPARE(textOf(lint(policy)).find("unreachable"), std::string::npos);
    }

    void theDesignsExampleHasTheFindingsOneSees()
    {
        const auto findings = lint(*parsePolicy(kDesignExample));
        QCOMPARE(
            QByteArray::fromStdString(textOf(findings)),
            QByteArray("unknown-model at otherwise.chain.steps[0].split.arms[0].plan.call.model: "
                       "There is no model \"palm-2\".\n"
                       "unknown-model at otherwise.chain.steps[0].split.arms[1].plan.call.model: "
                       "There is no model \"gpt-3.5-turbo\".\n"
                       "test-unknown-model at tests[0].expect.model: The test expects model "
                       "\"palm-2\", which is not there. [Expect any model]\n"));
    }

    void everyFixOfARandomPolicyApplies()
    {
        int fixes = 0;
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const PolicyDocument policy = RandomPolicy(seed).document();
            const std::vector<Finding> before = lint(policy);
            for (const Finding& finding : before) {
                QVERIFY(!finding.code.empty() && !finding.message.empty());
                QVERIFY2(finding.message.ends_with('.'), finding.message.c_str());
                QCOMPARE(finding.fix.has_value(), !finding.fixLabel.empty());
                if (!finding.fix)
                    continue;
                ++fixes;
                PolicyDocument fixed = policy;
                QVERIFY2(apply(fixed, *finding.fix).has_value(), finding.code.c_str());
                // A removal moves what is behind it and may leave other things unused, so either
                // the sentence or its kind is there less often.
                const auto isSame = [&](const Finding& f) {
                    return f.code == finding.code && f.message == finding.message;
                };
                const auto isAlike = [&](const Finding& f) { return f.code == finding.code; };
                const auto after = lint(fixed);
                QVERIFY2(std::ranges::count_if(after, isSame) <
                                 std::ranges::count_if(before, isSame) ||
                             std::ranges::count_if(after, isAlike) <
                                 std::ranges::count_if(before, isAlike),
                         (lineOf(finding) + '\n' + toPolicyText(policy)).c_str());
            }
        }
        QVERIFY(fixes > 500);
    }

    void hugePoliciesAreBounded()
    {
        // Every rule broken in several ways, thousands of them, and one condition of thousands of
        // parts.
        PolicyDocument policy;
        Condition wide = allOf({});
        for (int i = 0; i < 5'000; ++i)
            std::get<All>(wide.node).conditions.push_back(when("s", CompareOp::Gt, i));
        for (int i = 0; i < 5'000; ++i) {
            Rule rule;
            rule.when = anyOf({when("n", CompareOp::Gt, i), when("m", CompareOp::Lt, i)});
            rule.plan = chain({call("x"), call("y")});
            policy.rules.push_back(rule);
        }
        policy.rules[0].when = wide;
        policy.rules[1].when = negated(wide);
        policy.signalList = {{SignalId("n"), MetadataSource{"n", ValueType::Number}, {}},
                             {SignalId("s"), MetadataSource{"s", ValueType::Number}, {}}};
        const auto findings = lint(policy);
        QCOMPARE(findings.size(), std::size_t(2000));
        QCOMPARE(findings[0].severity, Severity::Error);
        QCOMPARE(findings[1999].severity, Severity::Warning);
    }

    void portableExpressionsPass_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        for (const char* pattern :
             {"legal", "[Ll]egal|[Mm]edical", "^(?:Hi|Hello)[,!]?$", "[A-Z]{2}-[0-9]{4,6}",
              "a{0,255}", "a{3,}", "[^\\n]*", "\\.\\$\\\\", "[\\]\\-\\^a-z]", "größe|漢字",
              "[äöü]+", "[-a]", "[a-]", "a|", "\\t\\n\\r", "(?:a{10}){100}", "🚀", "[.*+?(){}|$]",
              "[^a-z^]"})
            QTest::newRow(pattern) << QByteArray(pattern);
    }
    void portableExpressionsPass()
    {
        QFETCH(const QByteArray, pattern);
        QCOMPARE(QByteArray::fromStdString(portableRegexProblem(pattern.toStdString())),
                 QByteArray());
        const auto same = portableRegexRewrite(pattern.toStdString());
        QVERIFY(same.has_value());
        QCOMPARE(QByteArray::fromStdString(same->pattern), pattern);
    }

    void otherExpressionsAreNamedAndRewritten_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("problem"); // its beginning
        QTest::addColumn<QByteArray>("rewrite"); // empty: there is none
        const auto row = [](const char* pattern, const char* problem, const char* rewrite) {
            QTest::newRow(pattern)
                << QByteArray(pattern) << QByteArray(problem) << QByteArray(rewrite);
        };
        row("", "An empty expression matches every text", "");
        row("a.b",
            "\".\" at character 2 does not match the same line ends in every engine; write "
            "\"[^\\n]\".",
            "a[^\\n]b");
        row("\\d+",
            "\"\\d\" at character 1 means other characters in other engines; write \"[0-9]\".",
            "[0-9]+");
        row("ü\\w", "\"\\w\" at character 2", "ü[A-Za-z0-9_]");
        row("\\S\\s", "\"\\S\" at character 1", "[^ \\t\\r\\n][ \\t\\r\\n]");
        row("[\\d\\s]", "\"\\d\" at character 2", "[0-9 \\t\\r\\n]");
        row("[\\D]", "\"\\D\" at character 2 inside of a class", "");
        row("(a|b)", "\"(\" at character 1 is a group that captures", "(?:a|b)");
        row("(?<year>[0-9]{4})", "\"(?<year>\" at character 1 is a named group", "(?:[0-9]{4})");
        row("(?P<year>a)", "\"(?P<year>\" at character 1", "(?:a)");
        row("(?i)legal", "\"(?i)\" is a flag inside of the expression", "legal");
        row("a(?i)b", "\"(?i)\" at character 2 is a flag or verb", "");
        row("a(?=b)", "\"(?=\" at character 2 begins a look-ahead", "");
        row("(?<!a)b", "\"(?<!\" at character 1 begins a negative look-behind", "");
        row("(?>a)", "\"(?>\" at character 1 begins an atomic group", "");
        row("\\bcat\\b", "\"\\b\" at character 1 is no word border in every engine", "");
        row("(?:a)\\1", "\"\\1\" at character 6 refers back to a group", "");
        row("\\Aa\\z", "\"\\A\" at character 1 is not known to every engine; write \"^\".", "^a$");
        row("\\x41", "\"\\x\" at character 1 is not read alike", "");
        row("\\p{L}", "\"\\p\" at character 1 is not read alike", "");
        row("a\\", "The expression ends in a backslash", "");
        row("\\\"a\\-",
            "\"\\\"\" at character 1 is escaped without need, which some engines refuse; write "
            "\"\"\".",
            "\"a-");
        row("a*?b+?", "\"?\" at character 3 makes the repeat lazy", "a*b+");
        row("a++", "\"+\" at character 3 repeats a repeat", "");
        row("*a", "\"*\" at character 1 has nothing to repeat; write \"\\*\" for the character.",
            "");
        row("(?:|+)", "\"+\" at character 5 has nothing to repeat", "");
        row("^*", "\"*\" at character 2 has nothing to repeat", "");
        row("a{256}", "\"{256}\" at character 2 repeats more than 255 times", "");
        row("a{3,2}", "\"{3,2}\" at character 2 has its numbers in the wrong order", "");
        row("a{,3}", "\"{,3}\" at character 2 is read as text by some engines; write \"{0,3}\".",
            "a{0,3}");
        row("a{x}", "\"{\" at character 2 is no repeat", "a\\{x\\}");
        row("(?:a{100}){100}", "\"{100}\" at character 11 makes more than 1000 repeats", "");
        row("a]", "\"]\" at character 2 stands for itself only in some engines; write \"\\]\".",
            "a\\]");
        row("[]a]", "A class begins with \"]\"", "");
        row("[a", "A class is not closed", "");
        row("[A-[]", "\"[\" at character 4 opens a nested class", "[A-\\[]");
        row("[[:alpha:]_]", "\"[:alpha:]\" at character 2 is a class name", "[A-Za-z_]");
        row("[a[b]", "\"[\" at character 3 opens a nested class in some engines; write \"\\[\".",
            "[a\\[b]");
        row("[a&&b]", "\"&&\" at character 3 combines classes", "");
        row("[z-a]", "\"-\" at character 3 makes no range", "");
        row("[a-c-e]", "\"-\" at character 5 makes no range", "");
        row("[🚀]", "\"🚀\" at character 2 is cut in half", "");
        row("🚀+",
            "\"🚀\" at character 1 is repeated only by half in some engines; write \"(?:🚀)\".",
            "(?:🚀)+");
        row("(?:a", "A group is not closed", "");
        row("a)", "\")\" at character 2 closes no group", "");
    }
    void otherExpressionsAreNamedAndRewritten()
    {
        QFETCH(const QByteArray, pattern);
        QFETCH(const QByteArray, problem);
        QFETCH(const QByteArray, rewrite);
        const QByteArray found =
            QByteArray::fromStdString(portableRegexProblem(pattern.toStdString()));
        QVERIFY2(found.startsWith(problem), found.constData());
        QVERIFY2(found.endsWith('.'), found.constData());
        const auto rewritten = portableRegexRewrite(pattern.toStdString());
        QCOMPARE(rewritten ? QByteArray::fromStdString(rewritten->pattern) : QByteArray(), rewrite);
        if (rewritten)
            QCOMPARE(rewritten->ignoreCase, pattern.startsWith("(?i)"));
    }

    void longAndDeepExpressionsAreRefused()
    {
        QVERIFY(portableRegexProblem(std::string(10'001, 'a'))
                    .starts_with("The expression is longer than"));
        std::string deep;
        for (int i = 0; i < 101; ++i)
            deep += "(?:";
        deep += "a" + std::string(101, ')');
        QVERIFY(portableRegexProblem(deep).starts_with("Groups are nested deeper than 100"));
        QVERIFY(portableRegexProblem("a\xFF").starts_with("The expression is not UTF-8"));
    }
};

QTEST_GUILESS_MAIN(TestPolicyLint)
#include "tst_policy_lint.moc"
