// SPDX-License-Identifier: Apache-2.0
#include "proof_context.h"

#include <algorithm>
#include <memory>

namespace signalbox {

namespace {

constexpr std::size_t kMostNames = 4; ///< rules named in one sentence

} // namespace

Plan& PlanSubject::planIn(PolicyDocument& document) const
{
    if (!rule)
        return document.otherwise;
    return isUncertain ? document.rules[*rule].uncertain->plan : document.rules[*rule].plan;
}

const Plan& PlanSubject::planIn(const PolicyDocument& document) const
{
    if (!rule)
        return document.otherwise;
    return isUncertain ? document.rules[*rule].uncertain->plan : document.rules[*rule].plan;
}

std::string PlanSubject::path() const
{
    if (!rule)
        return "otherwise";
    return "rules[" + std::to_string(*rule) + (isUncertain ? "].uncertain.plan" : "].plan");
}

ProofContext::ProofContext(const CompiledPolicy& policy, std::span<const Request> traffic,
                           const ProofBudget& budget)
    : neverHolds(policy.document().rules.size()), neverWins(policy.document().rules.size()),
      m_policy(policy), m_budget(budget), m_space(policy.document()), m_search(m_space, m_budget),
      m_witness(m_space), m_scratch(policy), m_sample(policy, traffic)
{
    for (std::size_t i = 0; i < document().rules.size(); ++i) {
        if (document().rules[i].enabled)
            enabled.push_back(i);
    }
}

ProofContext::Answer ProofContext::ask(const std::vector<Goal>& goals,
                                       const WitnessMaker::Check& isRight)
{
    Answer answer;
    answer.verdict = m_search.find(goals, [&](const Region& region) {
        answer.request = m_witness.make(region, isRight);
        return answer.request.has_value();
    });
    return answer;
}

Decision ProofContext::decide(const Request& request)
{
    return m_policy.decide(request, m_scratch);
}

bool ProofContext::holds(std::size_t rule, const Request& request)
{
    return m_policy.holds(rule, m_policy.extract(request, m_scratch), routingKeysOf(request));
}

std::span<const SignalSlot> ProofContext::valuesOf(const Request& request)
{
    return m_policy.extract(request, m_scratch);
}

WitnessMaker::Check ProofContext::checkOf(const Condition& condition) const
{
    PolicyDocument probe;
    probe.models = document().models;
    probe.baseline = document().baseline;
    probe.decideBy = document().decideBy;
    probe.signalList = document().signalList;
    probe.otherwise = document().otherwise;
    Rule rule;
    rule.id = RuleId("probe");
    rule.when = condition;
    rule.plan = document().otherwise;
    probe.rules.push_back(std::move(rule));
    auto compiled = CompiledPolicy::compile(probe, &m_policy);
    if (!compiled)
        return [](const Request&) { return false; };
    const auto policy = std::make_shared<const CompiledPolicy>(std::move(*compiled));
    return [policy, scratch = std::make_shared<CompiledPolicy::Scratch>(*policy)](
               const Request& request) { return policy->decide(request, *scratch).rule == 0; };
}

std::string ProofContext::wayOf(const Request& request)
{
    const Decision decision = decide(request);
    if (decision.rule == Decision::kOtherwise)
        return "It goes to the last lane.";
    if (decision.rule == Decision::kHoldout)
        return "It is drawn into the holdout.";
    return "It goes to rule " + nameOfRule(static_cast<std::size_t>(decision.rule)) + '.';
}

FindingExample ProofContext::exampleOf(Request request)
{
    std::string says = wayOf(request);
    return {std::move(request), std::move(says)};
}

bool ProofContext::gets(const Request& request, const PlanSubject& subject)
{
    const Decision decision = decide(request);
    const int wanted = subject.rule ? static_cast<int>(*subject.rule) : Decision::kOtherwise;
    return decision.rule == wanted && decision.isUncertain == subject.isUncertain;
}

std::optional<Request> ProofContext::requestFor(const PlanSubject& subject)
{
    const int wanted = subject.rule ? static_cast<int>(*subject.rule) : Decision::kOtherwise;
    const auto happened = m_sample.shortest([&](std::size_t row) {
        return m_sample.takenBy(row) == wanted && gets(m_sample.request(row), subject);
    });
    if (happened)
        return m_sample.request(*happened);
    std::vector<Goal> goals;
    for (const std::size_t rule : enabled) {
        const bool wins = subject.rule && *subject.rule == rule;
        goals.push_back({m_space.nodeOfRule(rule), wins});
        if (wins)
            break;
    }
    return ask(goals, [&](const Request& request) { return gets(request, subject); }).request;
}

std::vector<PlanSubject> ProofContext::subjects() const
{
    std::vector<PlanSubject> subjects;
    for (const std::size_t rule : enabled) {
        if (neverWins[rule])
            continue;
        subjects.push_back({rule, false});
        if (document().rules[rule].uncertain)
            subjects.push_back({rule, true});
    }
    if (!nothingIsLeft)
        subjects.push_back({});
    return subjects;
}

std::string ProofContext::nameOfRule(std::size_t rule) const
{
    const Rule& named = document().rules[rule];
    return quotedText(named.label.empty() ? named.id.value : named.label);
}

std::string ProofContext::namesOfRules(const std::vector<std::size_t>& rules) const
{
    std::vector<std::string> names;
    for (const std::size_t rule : rules) {
        if (names.size() == kMostNames && rules.size() > kMostNames + 1) {
            names.push_back(std::to_string(rules.size() - kMostNames) + " more");
            break;
        }
        names.push_back(nameOfRule(rule));
    }
    return listed(names);
}

std::optional<Edit> ProofContext::editOfRule(std::size_t rule, Condition when) const
{
    Rule changed = document().rules[rule];
    changed.when = std::move(when);
    return ReplaceRule{changed.id, changed};
}

std::optional<Edit> ProofContext::removalOfRule(std::size_t rule) const
{
    return RemoveRule{document().rules[rule].id};
}

void ProofContext::add(Report report)
{
    Proof proof;
    proof.finding.severity = report.severity;
    proof.finding.code = report.code;
    proof.finding.message = std::move(report.message);
    proof.finding.path = std::move(report.path);
    if (report.rule)
        proof.finding.rule = document().rules[*report.rule].id;
    if (report.fix)
        proof.finding.fixLabel = std::move(report.fixLabel);
    proof.finding.fix = std::move(report.fix);
    proof.finding.example = std::move(report.example);
    for (const std::size_t rule : report.rules)
        proof.rules.push_back(document().rules[rule].id);
    m_proofs.push_back(std::move(proof));
}

std::string listed(const std::vector<std::string>& items, const char* last)
{
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            text += i + 1 == items.size() ? last : ", ";
        text += items[i];
    }
    return text;
}

std::string quotedText(const std::string& text)
{
    return '"' + text + '"';
}

} // namespace signalbox
