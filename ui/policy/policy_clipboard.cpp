// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_clipboard.h"

#include "condition_edits.h"
#include "plan_edits.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace signalbox::ui {
namespace {

using Kind = PolicySelection::Kind;

std::string inWords(const QString& text)
{
    return text.toStdString();
}

void collectSignals(const Condition& condition, std::set<std::string>& names)
{
    if (const auto* const compare = std::get_if<Compare>(&condition.node)) {
        names.insert(compare->signal.value);
    } else if (const auto* const negation = std::get_if<Not>(&condition.node)) {
        collectSignals(*negation->condition, names);
    } else {
        const auto* const all = std::get_if<All>(&condition.node);
        for (const Condition& child :
             all ? all->conditions : std::get<Any>(condition.node).conditions)
            collectSignals(child, names);
    }
}

void collectModels(const Plan& plan, std::set<std::string>& names)
{
    for (const ModelId& model : modelsOf(plan))
        names.insert(model.value);
}

/// A document with nothing but the given rules and what they need, for the clipboard.
PolicyDocument excerpt(const PolicyDocument& document, const std::vector<std::size_t>& rules)
{
    PolicyDocument part;
    std::set<std::string> signalNames;
    std::set<std::string> modelNames;
    for (const std::size_t index : rules) {
        part.rules.push_back(document.rules[index]);
        const Rule& rule = document.rules[index];
        collectSignals(rule.when, signalNames);
        collectModels(rule.plan, modelNames);
        if (rule.uncertain) {
            signalNames.insert(rule.uncertain->signal.value);
            collectModels(rule.uncertain->plan, modelNames);
        }
        const RuleGroup* const group = document.findGroup(rule.group);
        if (group && std::ranges::count(part.groups, *group) == 0)
            part.groups.push_back(*group);
    }
    const std::set<std::string> direct = signalNames;
    for (const Signal& signal : document.signalList) {
        const auto* const score = std::get_if<ScoreSource>(&signal.source);
        if (!score || !direct.contains(signal.id.value))
            continue;
        for (const ScoreTerm& term : score->terms)
            collectSignals(term.when, signalNames);
    }
    for (const Signal& signal : document.signalList) {
        if (signalNames.contains(signal.id.value))
            part.signalList.push_back(signal);
    }
    for (const ModelSpec& model : document.models) {
        if (modelNames.contains(model.id.value))
            part.models.push_back(model);
    }
    return part;
}

/// The clipboard form of an excerpt: only the lists that hold something.
std::string excerptText(const PolicyDocument& part)
{
    const Json whole = toJson(part);
    Json text = Json::object();
    text["schemaVersion"] = kPolicySchemaVersion;
    for (const char* const member : {"models", "signals", "groups", "rules"}) {
        if (whole.contains(member) && !whole[member].empty())
            text[member] = whole[member];
    }
    return toJsonText(text);
}

Unexpected cannotPaste(const QString& sentence)
{
    return fail(ErrorCode::InvalidArgument, inWords(sentence));
}

/// Signals whose name means something else here come under a new one, and what is pasted with them
/// follows: it goes on doing what it did where it was copied.
void renameOtherSignals(const PolicyDocument& document, PolicyDocument& part)
{
    std::vector<std::pair<SignalId, SignalId>> renames;
    for (const Signal& signal : part.signalList) {
        const Signal* const known = document.findSignal(signal.id);
        if (!known || known->source == signal.source)
            continue;
        const std::string free = freeId(signal.id.value, [&](const std::string& id) {
            return document.findSignal(SignalId(id)) || part.findSignal(SignalId(id));
        });
        renames.emplace_back(signal.id, SignalId(free));
    }
    for (const auto& [from, to] : renames) {
        Signal renamed = *part.findSignal(from);
        renamed.id = to;
        // Names its uses anew; nothing in the part can stand in its way.
        static_cast<void>(apply(part, ReplaceSignal{from, std::move(renamed)}));
    }
}

/// Pasted rules get free ids; missing signals and models come along.
PolicyGesture pasteExcerpt(const PolicyDocument& document, const PolicySelection& selection,
                           PolicyDocument part)
{
    std::vector<Edit> edits;
    PolicySelection after;
    const bool onlyParts = part.rules.empty();
    if (!onlyParts)
        renameOtherSignals(document, part);
    std::size_t signalIndex = document.signalList.size();
    std::size_t modelIndex = document.models.size();
    for (Signal& signal : part.signalList) {
        if (document.findSignal(signal.id)) {
            if (!onlyParts)
                continue;
            signal.id.value = freeId(signal.id.value, [&](const std::string& id) {
                return document.findSignal(SignalId(id)) != nullptr;
            });
        }
        after = selectSignal(signal.id);
        edits.emplace_back(InsertSignal{signalIndex++, std::move(signal)});
    }
    for (ModelSpec& model : part.models) {
        if (document.findModel(model.id)) {
            if (!onlyParts)
                continue;
            model.id.value = freeId(model.id.value, [&](const std::string& id) {
                return document.findModel(ModelId(id)) != nullptr;
            });
        }
        after = selectModel(model.id);
        edits.emplace_back(InsertModel{modelIndex++, std::move(model)});
    }
    std::vector<RuleGroup> groups = document.groups;
    for (const RuleGroup& group : part.groups) {
        if (!document.findGroup(group.id))
            groups.push_back(group);
    }
    if (groups != document.groups)
        edits.emplace_back(SetGroups{std::move(groups)});
    std::set<std::string> taken;
    for (const Rule& rule : document.rules)
        taken.insert(rule.id.value);
    std::size_t index = newRuleIndex(document, selection);
    bool first = true;
    for (Rule& rule : part.rules) {
        rule.id.value =
            freeId(rule.id.value, [&](const std::string& id) { return taken.contains(id); });
        taken.insert(rule.id.value);
        if (first)
            after = selectRule(rule.id);
        first = false;
        edits.emplace_back(InsertRule{index++, std::move(rule)});
    }
    return {batch(std::move(edits)), std::move(after)};
}

/// Reads the lists of an excerpt by way of a whole document, which knows how to read each part.
Result<PolicyDocument> readExcerpt(const Json& json)
{
    Json whole = Json::object();
    whole["schemaVersion"] = kPolicySchemaVersion;
    whole["id"] = "clipboard";
    whole["name"] = "Clipboard";
    whole["models"] = json.value("models", Json::array());
    whole["baseline"] = "";
    whole["signals"] = json.value("signals", Json::array());
    whole["groups"] = json.value("groups", Json::array());
    whole["rules"] = json.value("rules", Json::array());
    whole["otherwise"] = Json{{"call", Json{{"model", "none"}}}};
    return parsePolicy(whole.dump());
}

Result<PolicyGesture> pastePlan(const PolicyDocument& document, const PolicySelection& selection,
                                const Json& json)
{
    auto plan = planFromJson(json);
    if (!plan)
        return Unexpected(plan.error());
    if (auto gesture = setPlan(document, selection, std::move(*plan)))
        return std::move(*gesture);
    return cannotPaste(
        PolicyWords::tr("A plan can be pasted onto a rule, a step or an arm. Select one first."));
}

Result<PolicyGesture> pasteCondition(const PolicyDocument& document,
                                     const PolicySelection& selection, const Json& json)
{
    auto condition = conditionFromJson(json);
    if (!condition)
        return Unexpected(condition.error());
    const Condition* const root = rootConditionOf(document, selection);
    auto gesture = root ? inRule(document, selection,
                                 insertCondition(*root, conditionPathOf(selection).value_or(""),
                                                 std::move(*condition)))
                        : std::nullopt;
    if (gesture)
        return std::move(*gesture);
    return cannotPaste(PolicyWords::tr("A condition can be pasted into a rule. Select one first."));
}

} // namespace

MaybeGesture duplicateSelected(const PolicyDocument& document, const PolicySelection& selection,
                               const std::vector<RuleId>& marked)
{
    if (const auto path = planPathOf(selection); path && !path->empty())
        return duplicatePlanNode(document, selection, *path);
    if (const auto path = conditionPathOf(selection)) {
        const Condition* const root = rootConditionOf(document, selection);
        return root ? inRule(document, selection, duplicateCondition(*root, *path)) : std::nullopt;
    }
    if (const ModelSpec* const model =
            selection.kind == Kind::Model ? document.findModel(ModelId(selection.id)) : nullptr) {
        PolicyDocument part;
        part.models.push_back(*model);
        return pasteExcerpt(document, selection, std::move(part));
    }
    if (const Signal* const signal = selection.kind == Kind::Signal
                                         ? document.findSignal(SignalId(selection.id))
                                         : nullptr) {
        PolicyDocument part;
        part.signalList.push_back(*signal);
        return pasteExcerpt(document, selection, std::move(part));
    }
    const std::vector<std::size_t> rules = rulesOf(document, selection, marked);
    if (rules.empty() || !selection.path.empty())
        return std::nullopt;
    return pasteExcerpt(document, selectRule(document.rules[rules.back()].id),
                        excerpt(document, rules));
}

std::string copySelected(const PolicyDocument& document, const PolicySelection& selection,
                         const std::vector<RuleId>& marked)
{
    PolicyDocument part;
    if (selection.kind == Kind::Model) {
        const ModelSpec* const model = document.findModel(ModelId(selection.id));
        if (!model)
            return {};
        part.models.push_back(*model);
        return excerptText(part);
    }
    if (selection.kind == Kind::Signal) {
        const Signal* const signal = document.findSignal(SignalId(selection.id));
        if (!signal)
            return {};
        part.signalList.push_back(*signal);
        return excerptText(part);
    }
    if (const auto path = planPathOf(selection)) {
        const Plan* const root = rootPlanOf(document, selection);
        const auto node = root ? planPartAt(*root, *path) : std::nullopt;
        return node ? toJsonText(toJson(*node)) : std::string();
    }
    if (const auto path = conditionPathOf(selection)) {
        const Condition* const root = rootConditionOf(document, selection);
        const Condition* const node = root ? conditionAt(*root, *path) : nullptr;
        return node ? toJsonText(toJson(*node)) : std::string();
    }
    const std::vector<std::size_t> rules = rulesOf(document, selection, marked);
    return rules.empty() ? std::string() : excerptText(excerpt(document, rules));
}

Result<PolicyGesture> paste(const PolicyDocument& document, const PolicySelection& selection,
                            std::string_view text)
{
    auto json = parseJson(text);
    if (!json)
        return cannotPaste(PolicyWords::tr("The clipboard holds no JSON text of a policy."));
    if (json->is_array())
        *json = Json{{"rules", std::move(*json)}};
    if (!json->is_object())
        return cannotPaste(PolicyWords::tr("The clipboard holds no part of a policy."));
    const auto has = [&](const char* member) { return json->contains(member); };
    if (has("schemaVersion") && json->at("schemaVersion") != kPolicySchemaVersion)
        return cannotPaste(
            PolicyWords::tr("The clipboard holds a part of a policy in format %1; this version of "
                            "the program reads format %2.")
                .arg(QString::fromStdString(json->at("schemaVersion").dump()))
                .arg(kPolicySchemaVersion));
    if (has("when") && has("plan"))
        *json = Json{{"rules", Json::array({std::move(*json)})}};
    if (has("rules") || has("models") || has("signals")) {
        auto part = readExcerpt(*json);
        if (!part)
            return Unexpected(part.error());
        if (part->rules.empty() && part->models.empty() && part->signalList.empty())
            return cannotPaste(PolicyWords::tr("The clipboard holds no part of a policy."));
        return pasteExcerpt(document, selection, std::move(*part));
    }
    if (has("call") || has("chain") || has("split") || has("cascade") || has("pool"))
        return pastePlan(document, selection, *json);
    if (has("signal") || has("all") || has("any") || has("not"))
        return pasteCondition(document, selection, *json);
    return cannotPaste(PolicyWords::tr("The clipboard holds no part of a policy."));
}

} // namespace signalbox::ui
