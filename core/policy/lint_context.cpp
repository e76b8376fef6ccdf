// SPDX-License-Identifier: Apache-2.0
#include "lint_context.h"

#include <core/base/json_reader.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace signalbox {

namespace {

constexpr std::size_t kMostErrors = 1000;
constexpr std::size_t kMostNotices = 1000;
constexpr std::size_t kMostSuggestedNames = 200;

template<class Item, class Id>
std::unordered_map<Id, int> countIds(const std::vector<Item>& items, Id Item::* id)
{
    std::unordered_map<Id, int> counts;
    for (const Item& item : items)
        ++counts[item.*id];
    return counts;
}

/// Whether an edit that names the id means this very item.
template<class Id> bool isPlainId(const std::unordered_map<Id, int>& counts, const Id& id)
{
    return !id.isEmpty() && counts.at(id) == 1;
}

} // namespace

LintContext::LintContext(const PolicyDocument& document)
    : m_document(document), m_logic(document),
      m_modelCounts(countIds(document.models, &ModelSpec::id)),
      m_signalCounts(countIds(document.signalList, &Signal::id)),
      m_ruleCounts(countIds(document.rules, &Rule::id))
{
    for (const ModelSpec& model : document.models)
        m_models.emplace(model.id, &model);
    for (const Gate& gate : document.gates) {
        if (gate.metric == GateMetric::LatencyP95Ms && gate.per == GateScope::Total && gate.atMost)
            m_latencyGateMs = *gate.atMost;
    }
}

const ModelSpec* LintContext::findModel(const ModelId& id) const
{
    const auto found = m_models.find(id);
    return found == m_models.end() ? nullptr : found->second;
}

void LintContext::error(const char* code, std::string message, std::string path,
                        std::optional<QuickFix> fix)
{
    if (m_errors.size() < kMostErrors)
        add(Severity::Error, code, std::move(message), std::move(path), std::move(fix));
}

void LintContext::warning(const char* code, std::string message, std::string path,
                          std::optional<QuickFix> fix)
{
    if (m_notices.size() < kMostNotices)
        add(Severity::Warning, code, std::move(message), std::move(path), std::move(fix));
}

void LintContext::info(const char* code, std::string message, std::string path,
                       std::optional<QuickFix> fix)
{
    if (m_notices.size() < kMostNotices)
        add(Severity::Info, code, std::move(message), std::move(path), std::move(fix));
}

std::vector<Finding> LintContext::take()
{
    std::vector<Finding> findings = std::move(m_errors);
    std::ranges::move(m_notices, std::back_inserter(findings));
    return findings;
}

void LintContext::add(Severity severity, const char* code, std::string message, std::string path,
                      std::optional<QuickFix> fix)
{
    Finding finding;
    finding.severity = severity;
    finding.code = code;
    finding.message = std::move(message);
    finding.path = std::move(path);
    finding.rule = m_rule;
    if (fix) {
        finding.fixLabel = std::move(fix->label);
        finding.fix = std::move(fix->edit);
    }
    (severity == Severity::Error ? m_errors : m_notices).push_back(std::move(finding));
}

std::optional<Edit> LintContext::wholeDocument(const std::function<void(PolicyDocument&)>& change)
{
    if (m_wholeDocumentsLeft == 0)
        return std::nullopt;
    --m_wholeDocumentsLeft;
    Boxed<PolicyDocument> changed(m_document);
    change(*changed);
    return ReplaceDocument{std::move(changed)};
}

std::optional<Edit> LintContext::editOfModel(std::size_t index, ModelSpec model)
{
    const ModelId& id = m_document.models[index].id;
    if (isPlainId(m_modelCounts, id) && model.id == id)
        return ReplaceModel{id, std::move(model)};
    return wholeDocument([&](PolicyDocument& changed) { changed.models[index] = model; });
}

std::optional<Edit> LintContext::editOfSignal(std::size_t index, Signal signal)
{
    const SignalId& id = m_document.signalList[index].id;
    if (isPlainId(m_signalCounts, id) && signal.id == id)
        return ReplaceSignal{id, std::move(signal)};
    return wholeDocument([&](PolicyDocument& changed) { changed.signalList[index] = signal; });
}

std::optional<Edit> LintContext::editOfRule(std::size_t index, Rule rule)
{
    const RuleId& id = m_document.rules[index].id;
    if (isPlainId(m_ruleCounts, id) && rule.id == id)
        return ReplaceRule{id, std::move(rule)};
    return wholeDocument([&](PolicyDocument& changed) { changed.rules[index] = rule; });
}

std::optional<Edit> LintContext::removalOfRule(std::size_t index)
{
    const RuleId& id = m_document.rules[index].id;
    if (isPlainId(m_ruleCounts, id))
        return RemoveRule{id};
    return wholeDocument([index](PolicyDocument& changed) {
        changed.rules.erase(changed.rules.begin() + static_cast<std::ptrdiff_t>(index));
    });
}

std::optional<Edit> LintContext::moveOfRule(std::size_t index, std::size_t target)
{
    const RuleId& id = m_document.rules[index].id;
    if (isPlainId(m_ruleCounts, id))
        return MoveRule{id, target};
    return std::nullopt;
}

const Condition& ConditionPlace::conditionOf(const PolicyDocument& document) const
{
    if (!term)
        return document.rules[index].when;
    return std::get<ScoreSource>(document.signalList[index].source).terms[*term].when;
}

std::string ConditionPlace::path() const
{
    const std::string position = '[' + std::to_string(index) + ']';
    return term ? "signals" + position + ".terms[" + std::to_string(*term) + "].when"
                : "rules" + position + ".when";
}

std::optional<Edit> ConditionPlace::replacedBy(Condition condition, LintContext& context) const
{
    if (!term) {
        Rule rule = context.document().rules[index];
        rule.when = std::move(condition);
        return context.editOfRule(index, std::move(rule));
    }
    Signal signal = context.document().signalList[index];
    std::get<ScoreSource>(signal.source).terms[*term].when = std::move(condition);
    return context.editOfSignal(index, std::move(signal));
}

const Plan& PlanPlace::planOf(const PolicyDocument& document) const
{
    if (!rule)
        return document.otherwise;
    return isUncertain ? document.rules[*rule].uncertain->plan : document.rules[*rule].plan;
}

std::string PlanPlace::path() const
{
    if (!rule)
        return "otherwise";
    return "rules[" + std::to_string(*rule) + (isUncertain ? "].uncertain.plan" : "].plan");
}

std::optional<Edit> PlanPlace::replacedBy(Plan plan, LintContext& context) const
{
    if (!rule)
        return SetOtherwise{std::move(plan)};
    Rule changed = context.document().rules[*rule];
    (isUncertain ? changed.uncertain->plan : changed.plan) = std::move(plan);
    return context.editOfRule(*rule, std::move(changed));
}

std::string freshName(const std::string& name,
                      const std::function<bool(const std::string&)>& isTaken)
{
    if (!isTaken(name))
        return name;
    for (int number = 2;; ++number) {
        std::string candidate = name + '-' + std::to_string(number);
        if (!isTaken(candidate))
            return candidate;
    }
}

std::string numberText(double value)
{
    return toCompactJsonText(numberJson(value));
}

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

std::optional<std::string> suggestion(const std::string& name,
                                      const std::vector<std::string_view>& names)
{
    if (names.size() > kMostSuggestedNames)
        return std::nullopt;
    const auto nearest = nearestName(name, names);
    return nearest ? std::optional(std::string(*nearest)) : std::nullopt;
}

} // namespace signalbox
