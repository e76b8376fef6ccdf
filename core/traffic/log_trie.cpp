// SPDX-License-Identifier: Apache-2.0
#include "log_trie.h"

#include <algorithm>
#include <array>

namespace signalbox::traffic_detail {

namespace {

constexpr std::size_t kFieldCount = static_cast<std::size_t>(LogField::FeedbackWeight) + 1;
constexpr std::size_t kMostTests = 32; ///< bits of a mask

/// Ranks of places: how many places of each field came before.
class Ranks
{
public:
    std::size_t next(LogField field)
    {
        return std::min<std::size_t>(m_count.at(static_cast<std::size_t>(field))++,
                                     LogAction::kIsTest - 1);
    }

private:
    std::array<std::size_t, kFieldCount> m_count{};
};

bool isNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::uint32_t LogTrie::add(std::string_view path)
{
    std::uint32_t at = kRoot;
    const auto parts = pathParts(path);
    if (!parts)
        return at;
    for (const std::string& part : *parts)
        at = addChild(at, part);
    return at;
}

std::uint32_t LogTrie::addChild(std::uint32_t parent, const std::string& part)
{
    m_nodes[parent].hasChildren = true;
    const std::size_t star = part.find('*');
    if (star == std::string::npos)
        return addKey(parent, part);
    if (part.size() == 1) {
        if (m_nodes[parent].star == kNone) {
            m_nodes[parent].star = static_cast<std::uint32_t>(m_nodes.size());
            m_nodes.emplace_back();
        }
        return m_nodes[parent].star;
    }
    const std::string before = part.substr(0, star);
    const std::string after = part.substr(star + 1);
    for (const Pattern& pattern : m_nodes[parent].patterns) {
        if (pattern.before == before && pattern.after == after)
            return pattern.node;
    }
    const auto node = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.emplace_back();
    m_nodes[parent].patterns.push_back({before, after, node});
    return node;
}

std::uint32_t LogTrie::addKey(std::uint32_t parent, const std::string& key)
{
    const std::uint32_t known = child(m_nodes[parent], key);
    if (known != kNone)
        return known;
    const auto node = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes.emplace_back();
    m_nodes[parent].hasElements |= isNumber(key);
    insert(m_nodes[parent], key, node);
    return node;
}

void LogTrie::insert(Node& parent, std::string key, std::uint32_t node)
{
    if (parent.slotCount + 1 > parent.slots.size() / 2) {
        auto old = std::move(parent.slots);
        parent.slots = std::vector<Node::Slot>(std::max<std::size_t>(8, old.size() * 2));
        parent.slotCount = 0;
        for (Node::Slot& slot : old) {
            if (slot.node != kNone)
                insert(parent, std::move(slot.key), slot.node);
        }
    }
    const std::size_t mask = parent.slots.size() - 1;
    std::size_t at = hashOf(key) & mask;
    while (parent.slots[at].node != kNone)
        at = (at + 1) & mask;
    parent.slots[at] = {std::move(key), node};
    ++parent.slotCount;
}

CompiledMapping::CompiledMapping(const LogMapping& mapping)
    : rowSteps(pathParts(mapping.rows).value_or(std::vector<std::string>{})),
      tries(rowSteps.size() + 1), onlyFeedback(mapping.onlyFeedback)
{
    addPlaces(mapping.places);
    addTests(mapping.when, requestMask);
    addTests(mapping.feedbackWhen, feedbackMask);
    for (const LogList& list : mapping.lists)
        addList(list);
    addJsonTexts(mapping.jsonTexts);
}

/// The trie in which a place is looked up; what is left of its path counts from there.
LogTrie& CompiledMapping::trieFor(LogOrigin from, std::string& path)
{
    if (from == LogOrigin::Row)
        return tries.back();
    const auto parts = pathParts(path).value_or(std::vector<std::string>{});
    std::size_t depth = 0;
    while (depth < rowSteps.size() && depth < parts.size() && parts[depth] == rowSteps[depth])
        ++depth;
    path = pathOf({parts.begin() + static_cast<std::ptrdiff_t>(depth), parts.end()});
    return tries[depth];
}

LogAction CompiledMapping::actionFor(const LogPlace& place, std::size_t rank)
{
    LogAction action;
    action.field = place.field;
    action.unit = place.unit;
    action.rank = static_cast<std::uint8_t>(rank);
    action.place = static_cast<std::uint32_t>(placeNames.size());
    placeNames.push_back(std::string(logFieldName(place.field)) + " at \"" + place.path + '"');
    return action;
}

void CompiledMapping::addPlaces(const std::vector<LogPlace>& places)
{
    Ranks ranks;
    for (const LogPlace& place : places) {
        const LogAction action = actionFor(place, ranks.next(place.field));
        std::string path = place.path;
        LogTrie& trie = trieFor(place.from, path);
        trie.node(trie.add(path)).actions.push_back(action);
    }
}

void CompiledMapping::addTests(const std::vector<LogCondition>& conditions, std::uint32_t& mask)
{
    for (const LogCondition& condition : conditions) {
        const std::size_t number = tests.conditions.size();
        if (number == kMostTests)
            return;
        LogAction action;
        action.rank = LogAction::kIsTest;
        action.test = static_cast<std::uint8_t>(number);
        mask |= 1U << number;
        LogTrie& trie = tries.back();
        trie.node(trie.add(condition.path)).actions.push_back(action);
        tests.conditions.push_back(condition);
    }
}

void CompiledMapping::addJsonTexts(const std::vector<std::string>& paths)
{
    for (const std::string& path : paths)
        tries.back().node(tries.back().add(path)).isJsonText = true;
}

void CompiledMapping::addList(const LogList& list)
{
    Ranks ranks;
    const bool isTheRow = list.path.empty() && list.holds == LogList::Holds::Feedback;
    if (isTheRow) {
        for (const LogPlace& place : list.places) {
            LogAction action = actionFor(place, ranks.next(place.field));
            action.slot = static_cast<std::int8_t>(std::min<std::size_t>(ownFeedback.size(), 127));
            tries.back().node(tries.back().add(place.path)).actions.push_back(action);
        }
        ownFeedback.push_back(list);
        return;
    }
    CompiledList compiled{list, {}, {}};
    for (const LogPlace& place : list.places) {
        const LogAction action = actionFor(place, ranks.next(place.field));
        compiled.trie.node(compiled.trie.add(place.path)).actions.push_back(action);
    }
    for (const LogCondition& condition : list.when) {
        LogAction action;
        action.rank = LogAction::kIsTest;
        action.test =
            static_cast<std::uint8_t>(std::min(compiled.tests.conditions.size(), kMostTests - 1));
        compiled.trie.node(compiled.trie.add(condition.path)).actions.push_back(action);
        compiled.tests.conditions.push_back(condition);
    }
    std::string path = list.path;
    LogTrie& trie = trieFor(list.from, path);
    trie.node(trie.add(path)).list = static_cast<std::int32_t>(lists.size());
    lists.push_back(std::move(compiled));
}

} // namespace signalbox::traffic_detail
