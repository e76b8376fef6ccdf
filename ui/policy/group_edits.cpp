// SPDX-License-Identifier: GPL-3.0-or-later
#include "group_edits.h"

#include "policy_paths.h"
#include "policy_words.h"

namespace signalbox::ui {
namespace {

/// Puts each of the rules under the heading, as far as it is not there yet.
void moveUnder(const PolicyDocument& document, const std::vector<std::size_t>& rules,
               const std::string& group, std::vector<Edit>& edits)
{
    for (const std::size_t index : rules) {
        Rule rule = document.rules[index];
        if (rule.group == group)
            continue;
        rule.group = group;
        edits.emplace_back(ReplaceRule{rule.id, rule});
    }
}

} // namespace

MaybeGesture addGroup(const PolicyDocument& document, const PolicySelection& selection,
                      const std::vector<RuleId>& marked)
{
    const std::vector<std::size_t> rules = rulesOf(document, selection, marked);
    if (rules.empty())
        return std::nullopt;
    std::vector<RuleGroup> groups = document.groups;
    RuleGroup group;
    group.id = numberedId("group",
                          [&](const std::string& id) { return document.findGroup(id) != nullptr; });
    group.label = PolicyWords::tr("New heading").toStdString();
    groups.push_back(group);
    std::vector<Edit> edits{SetGroups{std::move(groups)}};
    moveUnder(document, rules, group.id, edits);
    return PolicyGesture{batch(std::move(edits)), selectGroup(document.groups.size())};
}

MaybeGesture setGroup(const PolicyDocument& document, const PolicySelection& selection,
                      const std::string& group, const std::vector<RuleId>& marked)
{
    std::vector<Edit> edits;
    moveUnder(document, rulesOf(document, selection, marked), group, edits);
    if (edits.empty())
        return std::nullopt;
    return PolicyGesture{batch(std::move(edits)), selection};
}

MaybeGesture removeGroup(const PolicyDocument& document, std::size_t index)
{
    if (index >= document.groups.size())
        return std::nullopt;
    std::vector<std::size_t> rules;
    for (std::size_t i = 0; i < document.rules.size(); ++i) {
        if (document.rules[i].group == document.groups[index].id)
            rules.push_back(i);
    }
    std::vector<RuleGroup> groups = document.groups;
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(index));
    std::vector<Edit> edits;
    moveUnder(document, rules, {}, edits);
    edits.emplace_back(SetGroups{std::move(groups)});
    return PolicyGesture{batch(std::move(edits)),
                         rules.empty() ? selectDocument()
                                       : selectRule(document.rules[rules.front()].id)};
}

} // namespace signalbox::ui
