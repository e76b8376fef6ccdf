// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_edits.h"

#include "condition_edits.h"
#include "group_edits.h"
#include "plan_edits.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <algorithm>

namespace signalbox::ui {
namespace {

using Kind = PolicySelection::Kind;

std::optional<std::size_t> ruleIndexOf(const PolicyDocument& document, const RuleId& id)
{
    for (std::size_t i = 0; i < document.rules.size(); ++i) {
        if (document.rules[i].id == id)
            return i;
    }
    return std::nullopt;
}

template<std::size_t... kinds> auto emptySource(std::size_t kind, std::index_sequence<kinds...>)
{
    decltype(Signal::source) source;
    ((kind == kinds ? void(source.emplace<kinds>()) : void()), ...);
    return source;
}

/// What a new signal of a kind is called, in the order of Signal::source.
constexpr const char* kSignalNames[] = {"score",      "chars",  "keywords", "contains",
                                        "expression", "script", "style",    "metadata",
                                        "header",     "turn",   "hours",    "rate"};

Signal signalOfKind(std::size_t kind)
{
    constexpr std::size_t kKinds = std::variant_size_v<decltype(Signal::source)>;
    static_assert(std::size(kSignalNames) == kKinds, "name the new source");
    Signal signal;
    signal.id.value = kSignalNames[kind];
    signal.source = newSource(kind);
    return signal;
}

} // namespace

decltype(Signal::source) newSource(std::size_t kind)
{
    auto source = emptySource(
        kind, std::make_index_sequence<std::variant_size_v<decltype(Signal::source)>>());
    if (auto* const hours = std::get_if<TimeWindowSource>(&source)) {
        hours->days = {Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri};
        hours->fromMinute = 9 * 60;
        hours->untilMinute = 17 * 60;
    }
    return source;
}

const Rule* selectedRule(const PolicyDocument& document, const PolicySelection& selection)
{
    return selection.kind == Kind::Rule ? document.findRule(RuleId(selection.id)) : nullptr;
}

ModelId anyModel(const PolicyDocument& document)
{
    if (document.findModel(document.baseline) || document.models.empty())
        return document.baseline;
    return document.models.front().id;
}

ModelId otherModel(const PolicyDocument& document, const ModelId& beside)
{
    if (document.baseline != beside && document.findModel(document.baseline))
        return document.baseline;
    for (const ModelSpec& model : document.models) {
        if (model.id != beside)
            return model.id;
    }
    return beside;
}

Edit batch(std::vector<Edit> edits)
{
    if (edits.size() == 1)
        return std::move(edits.front());
    return Boxed<EditBatch>(EditBatch{std::move(edits)});
}

std::vector<std::size_t> rulesOf(const PolicyDocument& document, const PolicySelection& selection,
                                 const std::vector<RuleId>& marked)
{
    std::vector<std::size_t> indices;
    if (selection.kind != Kind::Rule)
        return indices;
    const RuleId selected(selection.id);
    const bool many = std::find(marked.begin(), marked.end(), selected) != marked.end();
    for (std::size_t i = 0; i < document.rules.size(); ++i) {
        const RuleId& id = document.rules[i].id;
        if (many ? std::find(marked.begin(), marked.end(), id) != marked.end() : id == selected)
            indices.push_back(i);
    }
    return indices;
}

PolicyGesture insertNewRule(const PolicyDocument& document, std::size_t index)
{
    Rule rule;
    rule.id.value = numberedId(
        "rule", [&](const std::string& id) { return document.findRule(RuleId(id)) != nullptr; });
    rule.label = PolicyWords::tr("New rule").toStdString();
    rule.when = Condition{Any{}};
    rule.plan = Plan{Call{anyModel(document), {}, {}, {}}};
    // Between two rules under one heading it belongs there, too.
    if (index > 0 && index < document.rules.size() &&
        document.rules[index - 1].group == document.rules[index].group)
        rule.group = document.rules[index].group;
    PolicySelection after = selectRule(rule.id);
    return {InsertRule{std::min(index, document.rules.size()), std::move(rule)}, std::move(after)};
}

std::size_t newRuleIndex(const PolicyDocument& document, const PolicySelection& selection)
{
    if (selection.kind == Kind::Rule) {
        if (const auto index = ruleIndexOf(document, RuleId(selection.id)))
            return *index + 1;
    }
    return document.rules.size();
}

PolicyGesture insertNewModel(const PolicyDocument& document)
{
    ModelSpec model;
    model.id.value = numberedId(
        "model", [&](const std::string& id) { return document.findModel(ModelId(id)) != nullptr; });
    model.provider = "openai";
    model.upstreamModel = model.id.value;
    const ModelId id = model.id;
    std::vector<Edit> edits{InsertModel{document.models.size(), std::move(model)}};
    const auto* const call = std::get_if<Call>(&document.otherwise.node);
    if (call && call->model.isEmpty()) {
        Call named = *call;
        named.model = id;
        edits.emplace_back(SetOtherwise{Plan{std::move(named)}});
    }
    if (document.baseline.isEmpty())
        edits.emplace_back(SetBaseline{id});
    return {batch(std::move(edits)), selectModel(id)};
}

PolicyGesture insertNewSignal(const PolicyDocument& document, std::size_t sourceKind)
{
    Signal signal = signalOfKind(sourceKind);
    signal.id.value = freeId(signal.id.value, [&](const std::string& id) {
        return document.findSignal(SignalId(id)) != nullptr;
    });
    PolicySelection after = selectSignal(signal.id);
    return {InsertSignal{document.signalList.size(), std::move(signal)}, std::move(after)};
}

MaybeGesture compareNewSignal(const PolicyDocument& document, const PolicySelection& selection,
                              std::size_t sourceKind)
{
    const Rule* const rule = selectedRule(document, selection);
    const auto path = conditionPathOf(selection);
    if (!rule || !path)
        return std::nullopt;
    Rule changed = *rule;
    Condition* const place = conditionAt(changed.when, *path);
    if (!place || !std::holds_alternative<Compare>(place->node))
        return std::nullopt;
    PolicyGesture made = insertNewSignal(document, sourceKind);
    *place = Condition{newCompare(std::get<InsertSignal>(made.edit).signal)};
    return PolicyGesture{batch({std::move(made.edit), ReplaceRule{rule->id, std::move(changed)}}),
                         std::move(made.after)};
}

PolicyGesture insertHoldout(const PolicyDocument& document)
{
    Holdout holdout;
    holdout.share = 0.03;
    holdout.salt = "holdout-1";
    holdout.model = anyModel(document);
    return {SetHoldout{holdout}, selectDocument("holdout")};
}

MaybeGesture removeSelected(const PolicyDocument& document, const PolicySelection& selection,
                            const std::vector<RuleId>& marked)
{
    if (selection.kind == Kind::Model && document.findModel(ModelId(selection.id)))
        return PolicyGesture{RemoveModel{ModelId(selection.id)}, {}};
    if (selection.kind == Kind::Signal && document.findSignal(SignalId(selection.id)))
        return PolicyGesture{RemoveSignal{SignalId(selection.id)}, {}};
    if (const auto group = groupOf(selection))
        return removeGroup(document, *group);
    if (selection == selectDocument("holdout") && document.holdout)
        return PolicyGesture{SetHoldout{}, selectDocument()};
    if (const auto path = planPathOf(selection); path && !path->empty())
        return removePlanNode(document, selection, *path);
    if (isInUncertain(selection)) {
        auto edit = editRule(document, selection, [](Rule& rule) { rule.uncertain.reset(); });
        return edit ? MaybeGesture({std::move(*edit), selectRule(RuleId(selection.id))})
                    : std::nullopt;
    }
    if (const auto path = conditionPathOf(selection)) {
        const Condition* const root = rootConditionOf(document, selection);
        return root ? inRule(document, selection, removeCondition(*root, *path)) : std::nullopt;
    }
    // A root plan cannot be taken away from its rule, and does not mean the rule.
    const std::vector<std::size_t> rules = rulesOf(document, selection, marked);
    if (rules.empty() || !selection.path.empty())
        return std::nullopt;
    std::vector<Edit> edits;
    for (const std::size_t index : rules)
        edits.emplace_back(RemoveRule{document.rules[index].id});
    // The next rule that stays takes the selection, so that Delete can be pressed again.
    PolicySelection after = selectOtherwise();
    if (rules.back() + 1 < document.rules.size())
        after = selectRule(document.rules[rules.back() + 1].id);
    return PolicyGesture{batch(std::move(edits)), std::move(after)};
}

MaybeGesture moveSelected(const PolicyDocument& document, const PolicySelection& selection,
                          int delta, const std::vector<RuleId>& marked)
{
    if (const auto path = planPathOf(selection); path && !path->empty())
        return movePlanNode(document, selection, *path, delta);
    if (const auto path = conditionPathOf(selection); path && !path->empty()) {
        const Condition* const root = rootConditionOf(document, selection);
        return root ? inRule(document, selection, moveCondition(*root, *path, delta))
                    : std::nullopt;
    }
    std::vector<std::size_t> rules = rulesOf(document, selection, marked);
    const auto count = static_cast<std::ptrdiff_t>(document.rules.size());
    if (delta > 0)
        std::reverse(rules.begin(), rules.end());
    std::vector<Edit> edits;
    // No rule passes one that moves with it: what stands at the end holds up those behind it.
    std::ptrdiff_t limit = delta > 0 ? count - 1 : 0;
    for (const std::size_t rule : rules) {
        const std::ptrdiff_t from = static_cast<std::ptrdiff_t>(rule);
        const std::ptrdiff_t to =
            delta > 0 ? std::min(from + delta, limit) : std::max(from + delta, limit);
        if (to != from)
            edits.emplace_back(MoveRule{document.rules[rule].id, static_cast<std::size_t>(to)});
        limit = to + (delta > 0 ? -1 : 1);
    }
    if (edits.empty())
        return std::nullopt;
    return PolicyGesture{batch(std::move(edits)), selection};
}

MaybeGesture moveRules(const PolicyDocument& document, const PolicySelection& selection,
                       const std::vector<RuleId>& rules, std::size_t behind)
{
    const auto moves = [&](const RuleId& id) {
        return std::find(rules.begin(), rules.end(), id) != rules.end();
    };
    std::vector<RuleId> order;
    std::vector<RuleId> moved;
    for (const Rule& rule : document.rules)
        (moves(rule.id) ? moved : order).push_back(rule.id);
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(std::min(behind, order.size())),
                 moved.begin(), moved.end());
    // From the top down, each rule takes its place among those that have theirs.
    std::vector<RuleId> now;
    for (const Rule& rule : document.rules)
        now.push_back(rule.id);
    std::vector<Edit> edits;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (now[i] == order[i])
            continue;
        edits.emplace_back(MoveRule{order[i], i});
        now.erase(std::find(now.begin(), now.end(), order[i]));
        now.insert(now.begin() + static_cast<std::ptrdiff_t>(i), order[i]);
    }
    if (edits.empty())
        return std::nullopt;
    return PolicyGesture{batch(std::move(edits)), selection};
}

MaybeGesture toggleSelected(const PolicyDocument& document, const PolicySelection& selection,
                            const std::vector<RuleId>& marked)
{
    const std::vector<std::size_t> rules = rulesOf(document, selection, marked);
    if (rules.empty())
        return std::nullopt;
    const Rule* const selected = document.findRule(RuleId(selection.id));
    const bool enable = !(selected ? *selected : document.rules[rules.front()]).enabled;
    std::vector<Edit> edits;
    for (const std::size_t index : rules) {
        Rule rule = document.rules[index];
        rule.enabled = enable;
        edits.emplace_back(ReplaceRule{rule.id, rule});
    }
    return PolicyGesture{batch(std::move(edits)), selection};
}

} // namespace signalbox::ui
