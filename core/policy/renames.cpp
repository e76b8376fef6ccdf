// SPDX-License-Identifier: Apache-2.0
#include "renames.h"

#include "edit.h"

#include <algorithm>
#include <set>
#include <utility>

namespace signalbox {

namespace {

template<class Item> std::set<std::string> idsOf(const std::vector<Item>& items)
{
    std::set<std::string> ids;
    for (const Item& item : items)
        ids.insert(item.id.value);
    return ids;
}

bool isSame(ModelSpec before, const ModelSpec& after)
{
    before.id = after.id;
    return before == after;
}

bool isSame(Signal before, const Signal& after)
{
    before.id = after.id;
    return before == after;
}

/// A rule does the same whatever it is called.
bool isSame(const Rule& before, const Rule& after)
{
    return before.when == after.when && before.plan == after.plan &&
           before.uncertain == after.uncertain && before.enabled == after.enabled;
}

Edit renaming(const PolicyDocument& document, const Rename& rename)
{
    switch (rename.kind) {
    case Rename::Kind::Model: {
        ModelSpec model = *document.findModel(ModelId(rename.before));
        model.id = ModelId(rename.after);
        return ReplaceModel{ModelId(rename.before), std::move(model)};
    }
    case Rename::Kind::Signal: {
        Signal renamed = *document.findSignal(SignalId(rename.before));
        renamed.id = SignalId(rename.after);
        return ReplaceSignal{SignalId(rename.before), std::move(renamed)};
    }
    case Rename::Kind::Rule:
        break;
    }
    Rule rule = *document.findRule(RuleId(rename.before));
    rule.id = RuleId(rename.after);
    return ReplaceRule{RuleId(rename.before), std::move(rule)};
}

bool has(const PolicyDocument& document, const Rename& rename)
{
    switch (rename.kind) {
    case Rename::Kind::Model:
        return document.findModel(ModelId(rename.before)) != nullptr;
    case Rename::Kind::Signal:
        return document.findSignal(SignalId(rename.before)) != nullptr;
    case Rename::Kind::Rule:
        break;
    }
    return document.findRule(RuleId(rename.before)) != nullptr;
}

class RenameFinder
{
public:
    RenameFinder(PolicyDocument before, const PolicyDocument& after)
        : m_now(std::move(before)), m_after(after)
    {}

    /// A renamed model changes plans, a renamed signal scores and conditions, so that what names
    /// them is seen to be equal only afterwards.
    std::vector<Rename> find()
    {
        std::size_t known = 0;
        do {
            known = m_renames.size();
            pair(Rename::Kind::Model, m_now.models, m_after.models);
            pair(Rename::Kind::Signal, m_now.signalList, m_after.signalList);
            pair(Rename::Kind::Rule, m_now.rules, m_after.rules);
        } while (m_renames.size() > known);
        return std::move(m_renames);
    }

private:
    template<class Item>
    void pair(Rename::Kind kind, const std::vector<Item>& before, const std::vector<Item>& after)
    {
        const std::set<std::string> oldIds = idsOf(before);
        std::set<std::string> taken = idsOf(after);
        std::vector<Rename> found;
        for (const Item& item : after) {
            if (oldIds.contains(item.id.value))
                continue;
            const auto same = std::ranges::find_if(before, [&](const Item& old) {
                return !taken.contains(old.id.value) && isSame(old, item);
            });
            if (same == before.end())
                continue;
            taken.insert(same->id.value);
            found.push_back({kind, same->id.value, item.id.value});
        }
        for (const Rename& rename : found) {
            if (apply(m_now, renaming(m_now, rename)))
                m_renames.push_back(rename);
        }
    }

    PolicyDocument m_now;
    const PolicyDocument& m_after;
    std::vector<Rename> m_renames;
};

} // namespace

std::vector<Rename> renamesBetween(const PolicyDocument& before, const PolicyDocument& after)
{
    return RenameFinder(before, after).find();
}

PolicyDocument withRenames(PolicyDocument document, const std::vector<Rename>& renames)
{
    for (const Rename& rename : renames) {
        if (has(document, rename))
            (void)apply(document, renaming(document, rename)); // refused: it keeps its name
    }
    return document;
}

} // namespace signalbox
