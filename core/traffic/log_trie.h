// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_mapping.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// What to do with the value at a node.
struct LogAction
{
    static constexpr std::uint8_t kIsTest = 255;

    LogField field = LogField::RequestId;
    LogUnit unit = LogUnit::Plain;
    std::uint8_t rank = 0; ///< among the places of its field: the lowest wins; kIsTest: a condition
    std::int8_t slot = -1; ///< of the feedback that the row itself is; -1: a field of the row
    std::uint8_t test = 0; ///< which condition, of a test
    std::uint32_t place = 0; ///< which text of the mapping names it, for messages
};

/// Places of a mapping as a tree of keys, so that one walk over a value finds them all.
class LogTrie
{
public:
    static constexpr std::uint32_t kRoot = 0;
    static constexpr std::uint32_t kNone = 0xffffffff;

    /// A key with a number in it: "llm.input_messages.", "*", ".message.role".
    struct Pattern
    {
        std::string before;
        std::string after;
        std::uint32_t node = kNone;
    };

    struct Node
    {
        std::vector<LogAction> actions = {};
        std::vector<Pattern> patterns = {};
        std::uint32_t star = kNone; ///< every element of a list
        std::int32_t list = -1;     ///< an entry of that list begins here
        bool isJsonText = false;
        bool hasChildren = false;
        bool hasElements = false; ///< a child is called by a number
        // Children by key: an open hash table, its size a power of two.
        struct Slot
        {
            std::string key;
            std::uint32_t node = kNone;
        };
        std::vector<Slot> slots = {};
        std::uint32_t slotCount = 0;
    };

    LogTrie() : m_nodes(1) {}

    /// The node at a path, made if need be. The path must be well-formed.
    std::uint32_t add(std::string_view path);
    Node& node(std::uint32_t index) { return m_nodes[index]; }

    [[nodiscard]] const Node& node(std::uint32_t index) const { return m_nodes[index]; }
    /// The node below `parent` for a member, or kNone.
    [[nodiscard]] std::uint32_t child(const Node& parent, std::string_view key) const
    {
        if (parent.slots.empty())
            return kNone;
        const std::size_t mask = parent.slots.size() - 1;
        for (std::size_t at = hashOf(key) & mask;; at = (at + 1) & mask) {
            const Node::Slot& slot = parent.slots[at];
            if (slot.node == kNone || slot.key == key)
                return slot.node;
        }
    }
    [[nodiscard]] bool isEmpty() const { return m_nodes.size() == 1 && m_nodes[0].actions.empty(); }

private:
    static std::size_t hashOf(std::string_view key)
    {
        if (key.empty())
            return 0;
        const auto byte = [&key](std::size_t at) {
            return std::size_t{static_cast<unsigned char>(key[at])};
        };
        return key.size() * 31 + byte(0) * 7 + byte(key.size() / 2) * 3 + byte(key.size() - 1);
    }
    std::uint32_t addChild(std::uint32_t parent, const std::string& part);
    std::uint32_t addKey(std::uint32_t parent, const std::string& key);
    static void insert(Node& parent, std::string key, std::uint32_t node);

    std::vector<Node> m_nodes;
};

/// The conditions of rows or of entries: bit i of a mask stands for condition i.
struct LogTests
{
    std::vector<LogCondition> conditions;
};

/// A list within a row, ready to be walked.
struct CompiledList
{
    LogList list;
    LogTrie trie;
    LogTests tests;
};

/// A mapping, ready to be walked. Shared by all threads that read.
struct CompiledMapping
{
    explicit CompiledMapping(const LogMapping& mapping);

    /// The way from the line to its rows: keys, and "*" for every element.
    std::vector<std::string> rowSteps;
    /// What is read at each step of that way; the last one is the row itself.
    std::vector<LogTrie> tries;
    std::vector<CompiledList> lists;
    std::vector<LogList> ownFeedback; ///< that a row itself is, by slot
    LogTests tests;                   ///< first those of requests, then those of feedback
    std::uint32_t requestMask = 0;
    std::uint32_t feedbackMask = 0;
    bool onlyFeedback = false;
    std::vector<std::string> placeNames; ///< by LogAction::place: field and path, for sentences

    [[nodiscard]] const LogTrie& rowTrie() const { return tries.back(); }

private:
    void addPlaces(const std::vector<LogPlace>& places);
    void addTests(const std::vector<LogCondition>& conditions, std::uint32_t& mask);
    void addJsonTexts(const std::vector<std::string>& paths);
    void addList(const LogList& list);
    LogTrie& trieFor(LogOrigin from, std::string& path);
    LogAction actionFor(const LogPlace& place, std::size_t rank);
};

} // namespace signalbox::traffic_detail
