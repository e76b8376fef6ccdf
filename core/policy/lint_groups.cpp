// SPDX-License-Identifier: Apache-2.0
#include "lint_context.h"

#include <algorithm>
#include <unordered_set>

namespace signalbox {

namespace {

/// Headings over rules. They change no decision, so nothing here is an error but what would keep a
/// rename or a fix from knowing which group is meant.
class GroupLinter
{
public:
    explicit GroupLinter(LintContext& context) : m_document(context.document()), m_context(context)
    {}

    void lint()
    {
        std::unordered_set<std::string> ids;
        for (std::size_t i = 0; i < m_document.groups.size(); ++i)
            lintGroup(i, ids.insert(m_document.groups[i].id).second);
        for (std::size_t i = 0; i < m_document.rules.size(); ++i) {
            const Rule& rule = m_document.rules[i];
            if (rule.group.empty() || ids.contains(rule.group))
                continue;
            m_context.setRule(rule.id);
            m_context.warning("unknown-group", "There is no group " + quoted(rule.group) + '.',
                              "rules[" + std::to_string(i) + "].group",
                              m_context.fix("Add the group", [&] {
                                  auto groups = m_document.groups;
                                  groups.push_back({rule.group, {}, {}});
                                  return Edit(SetGroups{std::move(groups)});
                              }));
        }
        m_context.setRule(std::nullopt);
    }

private:
    void lintGroup(std::size_t index, bool isFirst)
    {
        const RuleGroup& group = m_document.groups[index];
        const std::string path = "groups[" + std::to_string(index) + ']';
        if (group.id.empty() || !isFirst) {
            const std::string fresh =
                freshName(group.id.empty() ? "group" : group.id, [&](const std::string& taken) {
                    return m_document.findGroup(taken) != nullptr;
                });
            m_context.error(group.id.empty() ? "empty-id" : "duplicate-id",
                            group.id.empty() ? "A group has no id."
                                             : "Two groups are called " + quoted(group.id) + '.',
                            path + ".id", m_context.fix("Call it " + quoted(fresh), [&] {
                                auto groups = m_document.groups;
                                groups[index].id = fresh;
                                return Edit(SetGroups{std::move(groups)});
                            }));
            return;
        }
        const auto isMember = [&group](const Rule& rule) { return rule.group == group.id; };
        const auto first = std::ranges::find_if(m_document.rules, isMember);
        if (first == m_document.rules.end()) {
            m_context.info("empty-group", "No rule is in group " + quoted(nameOf(group)) + '.',
                           path, m_context.fix("Remove the group", [&] {
                               auto groups = m_document.groups;
                               groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(index));
                               return Edit(SetGroups{std::move(groups)});
                           }));
            return;
        }
        const auto gap = std::find_if_not(first, m_document.rules.end(), isMember);
        if (std::find_if(gap, m_document.rules.end(), isMember) != m_document.rules.end())
            m_context.info("scattered-group",
                           "The rules of group " + quoted(nameOf(group)) +
                               " do not stand together, so its heading is shown more than once.",
                           path);
    }

    [[nodiscard]] static const std::string& nameOf(const RuleGroup& group)
    {
        return group.label.empty() ? group.id : group.label;
    }

    const PolicyDocument& m_document;
    LintContext& m_context;
};

} // namespace

void lintGroups(LintContext& context)
{
    GroupLinter(context).lint();
}

} // namespace signalbox
