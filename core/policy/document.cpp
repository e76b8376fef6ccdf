// SPDX-License-Identifier: Apache-2.0
#include "document.h"

#include <algorithm>

namespace signalbox {

namespace {

template<class Item, class Id> const Item* findById(const std::vector<Item>& items, const Id& id)
{
    const auto found = std::ranges::find(items, id, &Item::id);
    return found == items.end() ? nullptr : &*found;
}

} // namespace

const ModelSpec* PolicyDocument::findModel(const ModelId& modelId) const
{
    return findById(models, modelId);
}

const Signal* PolicyDocument::findSignal(const SignalId& signalId) const
{
    return findById(signalList, signalId);
}

const Rule* PolicyDocument::findRule(const RuleId& ruleId) const
{
    return findById(rules, ruleId);
}

const RuleGroup* PolicyDocument::findGroup(const std::string& groupId) const
{
    return findById(groups, groupId);
}

} // namespace signalbox
