// SPDX-License-Identifier: Apache-2.0
// The policy of the sample, its history and its repair.

#include "support_desk.h"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

const ModelId kGpt4{"gpt-4"};
const ModelId kGpt35{"gpt-3.5-turbo"};
const ModelId kPalm2{"palm-2"};

constexpr std::string_view kPricesAsOf = "2023-09-01";

ModelSpec simulatedModel(const ModelId& id, double inputPerMTok, double outputPerMTok,
                         int contextTokens)
{
    ModelSpec model;
    model.id = id;
    model.provider = "simulator";
    model.upstreamModel = id.value;
    model.price = Price{pricePerTokenFromUsdPerMTok(inputPerMTok),
                        pricePerTokenFromUsdPerMTok(outputPerMTok), std::string(kPricesAsOf)};
    model.contextTokens = contextTokens;
    return model;
}

ModelSpec gpt4()
{
    return simulatedModel(kGpt4, 30, 60, 8192);
}

ModelSpec gpt35()
{
    return simulatedModel(kGpt35, 1.5, 2, 4096);
}

/// Quoted per 1,000 characters at the time, 0.0005 USD: about 2 USD per million tokens.
ModelSpec palm2()
{
    return simulatedModel(kPalm2, 2, 2, 8192);
}

Condition compare(std::string_view signal, CompareOp op, CompareValue value)
{
    return {Compare{SignalId{std::string(signal)}, op, std::move(value)}};
}

Plan call(const ModelId& model, const Retry& retry = {})
{
    Call plan;
    plan.model = model;
    plan.retry = retry;
    return {plan};
}

/// The cheap model, and gpt-4 when its provider says no.
Plan cheapFirst(const ModelId& model, const Retry& retry)
{
    Chain chain;
    chain.steps = {call(model, retry), call(kGpt4)};
    return {chain};
}

constexpr Retry kAtOnce{0, 500, 2};
constexpr Retry kPatient{3, 500, 2}; ///< 0.5 + 1 + 2 s of waiting

Rule rule(std::string_view id, std::string_view label, double maxComplexity, Plan plan,
          std::string_view note)
{
    Rule rule;
    rule.id = RuleId{std::string(id)};
    rule.label = label;
    rule.when = compare("complexity", CompareOp::Lte, maxComplexity);
    rule.plan = std::move(plan);
    rule.note = note;
    return rule;
}

Signal signal(std::string_view id, decltype(Signal::source) source, std::string_view note = {})
{
    return {SignalId{std::string(id)}, std::move(source), std::string(note)};
}

Signal chars()
{
    return signal("chars", MeasureSource{TextMeasure::Chars, TextScope::LastUser});
}

Signal asks()
{
    return signal("asks", ContainsSource{TextScope::LastUser, "?"},
                  "A message without a question mark is taken for a harder one.");
}

Signal expertWords()
{
    return signal("expert words",
                  KeywordsSource{TextScope::LastUser,
                                 {"legal", "medical", "code", "math"},
                                 KeywordMatch::Substring},
                  "Found anywhere, also inside \"postcode\" and \"illegally\".");
}

std::vector<ScoreTerm> lengthTerms()
{
    return {{2, compare("chars", CompareOp::Gt, 200.0)},
            {2, compare("chars", CompareOp::Gt, 500.0)}};
}

ScoreTerm expertTerm()
{
    return {3, compare("expert words", CompareOp::Eq, true)};
}

ScoreTerm statementTerm()
{
    return {1, compare("asks", CompareOp::Eq, false)};
}

Signal complexity(std::vector<ScoreTerm> terms)
{
    return signal("complexity", ScoreSource{1, 1, 10, std::move(terms)},
                  "The seed team's own estimate of how hard a message is.");
}

std::vector<Signal> fullSignals()
{
    std::vector<ScoreTerm> terms = lengthTerms();
    terms.push_back(expertTerm());
    terms.push_back(statementTerm());
    return {complexity(std::move(terms)),
            chars(),
            expertWords(),
            asks(),
            signal("style", StyleSource{"balanced"}),
            signal("plan", MetadataSource{"plan", ValueType::String}),
            signal("turn", FieldSource{RequestField::Turn})};
}

std::vector<Gate> releaseGates()
{
    return {{GateMetric::CostSaving, 0.40, std::nullopt, GateScope::Total},
            {GateMetric::LatencyP95Ms, std::nullopt, 2500.0, GateScope::Total},
            {GateMetric::SatisfactionRatio, 0.95, std::nullopt, GateScope::Segment},
            {GateMetric::Consistency, 0.90, std::nullopt, GateScope::Total}};
}

PolicyTest expectRule(std::string_view text, std::string_view ruleId)
{
    PolicyTest test;
    test.request.messages = {{Role::User, std::string(text)}};
    test.rule = RuleId{std::string(ruleId)};
    return test;
}

PolicyDocument revision(int number, std::string_view note)
{
    PolicyDocument document;
    document.id = "support-desk";
    document.name = "Support desk";
    document.revision = number;
    document.note = note;
    document.models = {gpt4()};
    document.baseline = kGpt4;
    document.otherwise = call(kGpt4);
    document.monitoring.outcomes = {"thumbs", "handover"};
    return document;
}

PolicyDocument oneModel()
{
    return revision(1, "One model for every question. Good, slow and dear.");
}

PolicyDocument shortQuestions()
{
    PolicyDocument document =
        revision(2, "A short message is an easy one: under 120 characters goes to gpt-3.5-turbo.");
    document.models = {gpt4(), gpt35()};
    document.signalList = {chars()};
    Rule first = rule("simple", "Simple questions", 0, cheapFirst(kGpt35, kAtOnce), "");
    first.when = compare("chars", CompareOp::Lt, 120.0);
    document.rules = {first};
    return document;
}

PolicyDocument firstScore()
{
    PolicyDocument document = revision(3, "A score instead of one length: longer text and "
                                          "statements count as harder.");
    document.models = {gpt4(), gpt35()};
    std::vector<ScoreTerm> terms = lengthTerms();
    terms.push_back(statementTerm());
    document.signalList = {complexity(std::move(terms)), chars(), asks()};
    document.rules = {rule("simple", "Simple questions", 2, cheapFirst(kGpt35, kAtOnce), "")};
    return document;
}

PolicyDocument expertWordsAdded()
{
    PolicyDocument document = revision(4, "A data protection question got a thin answer: expert "
                                          "words now add 3.");
    document.models = {gpt4(), gpt35()};
    document.signalList = fullSignals();
    document.rules = {rule("simple", "Simple questions", 3, cheapFirst(kGpt35, kAtOnce), "")};
    return document;
}

PolicyDocument thirdTier()
{
    PolicyDocument document = revision(5, "A third tier: palm-2 takes the simplest questions, "
                                          "gpt-3.5-turbo the ones between.");
    document.models = {gpt4(), gpt35(), palm2()};
    document.signalList = fullSignals();
    document.rules = {rule("simple", "Simple questions", 2, cheapFirst(kPalm2, kAtOnce), ""),
                      rule("medium", "Medium questions", 4, cheapFirst(kGpt35, kAtOnce), "")};
    return document;
}

PolicyDocument patience()
{
    PolicyDocument document = thirdTier();
    document.revision = 6;
    document.note = "Every rate limit of palm-2 became a gpt-4 call. It is asked three more times "
                    "before we give up on it.";
    document.rules[0].plan = cheapFirst(kPalm2, kPatient);
    document.rules[0].note = "0.5 + 1 + 2 seconds of retries, then gpt-4.";
    return document;
}

void setThreshold(Rule& tier, double most)
{
    std::get<Compare>(tier.when.node).value = CompareValue(most);
}

} // namespace

PolicyDocument supportDeskPolicy()
{
    PolicyDocument document = patience();
    document.revision = 7;
    document.note = "Thresholds up again: half of the bill is gone. Release criteria are written "
                    "down at last. No holdout: nothing says how the cheap tiers do.";
    setThreshold(document.rules[0], 3);
    setThreshold(document.rules[1], 6);
    document.gates = releaseGates();
    document.tests = {
        expectRule("What is the return policy?", "simple"),
        expectRule("Can I use two discount codes on one order?", "medium"),
        expectRule("My lamp arrived broken.", "simple"),
    };
    return document;
}

std::vector<PolicyDocument> supportDeskHistory()
{
    return {oneModel(),         shortQuestions(), firstScore(),
            expertWordsAdded(), thirdTier(),      patience()};
}

namespace {

/// The retry of the first call of a cheap-first chain.
Retry& firstRetry(Rule& rule)
{
    return std::get<Call>(std::get<Chain>(rule.plan.node).steps.front().node).retry;
}

Rule simpleRuleOf(const PolicyDocument& document)
{
    const Rule* found = document.findRule(RuleId{"simple"});
    assert(found != nullptr && "the repair is one of the support desk's own policy");
    return *found;
}

Edit failOverAtOnce(const PolicyDocument& document)
{
    Rule simple = simpleRuleOf(document);
    firstRetry(simple) = kAtOnce;
    simple.note = "A rate limit goes on to gpt-4 at once.";
    return ReplaceRule{simple.id, simple};
}

Edit betterCheapModel(const PolicyDocument& document)
{
    Rule simple = simpleRuleOf(document);
    std::get<Call>(std::get<Chain>(simple.plan.node).steps.front().node).model = kGpt35;
    return ReplaceRule{simple.id, simple};
}

} // namespace

Repair supportDeskRepair(RepairStep step, const PolicyDocument& document)
{
    switch (step) {
    case RepairStep::FailOverAtOnce:
        return {step,
                "Fail over at once: no retries at a model that says it is full, so nobody waits "
                "3.5 seconds for an answer to begin.",
                failOverAtOnce(document)};
    case RepairStep::StayInConversation:
        return {step,
                "Decide by conversation: whoever begins a conversation ends it, so no user sees "
                "the voice change.",
                SetDecideBy{DecisionUnit::Conversation}};
    case RepairStep::BetterCheapModel:
        break;
    }
    return {RepairStep::BetterCheapModel,
            "A better cheap model: gpt-3.5-turbo answers the simple questions too. It knows the "
            "hard short ones that palm-2 gets wrong, and reads more like gpt-4.",
            betterCheapModel(document)};
}

std::vector<Edit> supportDeskRepair()
{
    const PolicyDocument broken = supportDeskPolicy();
    const Edit first = failOverAtOnce(broken);
    PolicyDocument patient = broken;
    patient.rules.front() = std::get<ReplaceRule>(first).rule;
    return {first, supportDeskRepair(RepairStep::StayInConversation, patient).edit,
            betterCheapModel(patient)};
}

} // namespace signalbox
