// SPDX-License-Identifier: Apache-2.0
#include "log_walker.h"

#include <charconv>
#include <cmath>

namespace signalbox::traffic_detail {

using simdjson::dom::element;

namespace {

constexpr std::size_t kDeepestText = 3; ///< JSON in JSON in JSON

/// The number in a key: "llm.input_messages.12.message.role" holds 12.
std::optional<std::size_t> numberIn(const LogTrie::Pattern& pattern, std::string_view key)
{
    if (key.size() <= pattern.before.size() + pattern.after.size() ||
        !key.starts_with(pattern.before) || !key.ends_with(pattern.after))
        return std::nullopt;
    key.remove_prefix(pattern.before.size());
    key.remove_suffix(pattern.after.size());
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc() || end != key.data() + key.size())
        return std::nullopt;
    return number;
}

bool looksLikeJson(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

} // namespace

LogWalker::LogWalker(const CompiledMapping& mapping, LogBatch& batch, std::size_t maxDepth)
    : m_mapping(mapping), m_batch(batch), m_maxDepth(maxDepth), m_row(mapping, batch.texts),
      m_entry(mapping, batch.texts), m_builder(&m_row)
{}

void LogWalker::walkLine(element line, const LinePlace& place)
{
    m_rowsOfLine = 0;
    m_above.clear();
    descend(line, 0, place);
    if (m_rowsOfLine == 0)
        ++m_batch.report.emptyLines;
}

void LogWalker::descend(element at, std::size_t depth, const LinePlace& place)
{
    if (depth == m_mapping.rowSteps.size()) {
        readRow(at, place);
        return;
    }
    m_above.push_back(at);
    const std::string& step = m_mapping.rowSteps[depth];
    element next;
    simdjson::dom::array list;
    if (step != "*") {
        if (at[step].get(next) == simdjson::SUCCESS)
            descend(next, depth + 1, place);
    } else if (at.get_array().get(list) == simdjson::SUCCESS) {
        for (const element entry : list)
            descend(entry, depth + 1, place);
    }
    m_above.pop_back();
}

void LogWalker::readRow(element row, const LinePlace& place)
{
    ++m_rowsOfLine;
    m_row.begin();
    for (std::size_t depth = 0; depth < m_above.size(); ++depth) {
        if (!m_mapping.tries[depth].isEmpty())
            walk(m_mapping.tries[depth], LogTrie::kRoot, m_above[depth], 0, {});
    }
    walk(m_mapping.rowTrie(), LogTrie::kRoot, row, 0, {});
    endRow(place);
}

void LogWalker::walkRecord(const std::vector<LogColumn>& columns,
                           const std::vector<std::string_view>& cells, const LinePlace& place)
{
    m_row.begin();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].node != LogTrie::kNone && !cells[i].empty())
            walkCell(columns[i], cells[i]);
    }
    endRow(place);
}

/// A row that nobody can use. Its line is set aside, unless other rows of the line may be good.
void LogWalker::refuseRow(const LinePlace& place, std::string message)
{
    LogProblem problem{LogProblem::Kind::SetAside, place.line, place.byteBegin, place.byteCount,
                       std::move(message)};
    if (m_mapping.rowSteps.empty()) {
        m_batch.setAside(std::move(problem));
        return;
    }
    ++m_batch.report.partlyRead;
    problem.kind = LogProblem::Kind::PartlyRead;
    m_batch.addProblem(std::move(problem));
}

/// Sorts a row into the batch: a feedback, a request, or neither.
void LogWalker::endRow(const LinePlace& place)
{
    const auto passes = [this](std::uint32_t mask) { return (m_row.passed() & mask) == mask; };
    const bool isFeedback = m_mapping.feedbackMask != 0 && passes(m_mapping.feedbackMask);
    if (!isFeedback && (m_mapping.onlyFeedback || !passes(m_mapping.requestMask))) {
        ++m_batch.report.otherRows;
        return;
    }
    if (m_row.isEmpty()) {
        refuseRow(place, m_row.unread().empty() ? "none of the fields of the mapping is in it"
                                                : "not understood: " + unreadNames());
        return;
    }
    LoggedRequest row = m_row.finish();
    row.line = place.line;
    row.byteBegin = place.byteBegin;
    if (isFeedback && row.feedback.empty()) {
        refuseRow(place, "it is a feedback without a value");
        return;
    }
    if (isFeedback) {
        ++m_batch.report.feedbackRows;
        for (const LoggedFeedback& feedback : row.feedback)
            m_batch.feedback.push_back({row.requestId, row.traceId, row.sessionId, feedback});
    } else {
        ++m_batch.report.rows;
        m_batch.rows.push_back(row);
    }
    if (m_row.unread().empty())
        return;
    ++m_batch.report.partlyRead;
    m_batch.addProblem({LogProblem::Kind::PartlyRead, place.line, place.byteBegin, place.byteCount,
                        "not understood: " + unreadNames()});
}

/// The places that could not be read, as a sentence lists them.
std::string LogWalker::unreadNames() const
{
    std::string names;
    for (const std::uint32_t name : m_row.unread())
        names += (names.empty() ? "" : ", ") + m_mapping.placeNames[name];
    return names;
}

void LogWalker::apply(const LogTrie::Node& node, const LogValue& value, std::size_t number,
                      std::string_view key)
{
    for (const LogAction& action : node.actions)
        m_builder->set(action, value, number, key);
}

void LogWalker::walk(const LogTrie& trie, std::uint32_t index, element value, std::size_t number,
                     std::string_view key)
{
    const LogTrie::Node& node = trie.node(index);
    if (node.isJsonText && value.is_string()) {
        const std::string_view text = textOf(value);
        if (looksLikeJson(text) && walkJsonText(trie, index, text, number, key))
            return;
    }
    if (node.list >= 0 && m_builder == &m_row) {
        walkEntry(static_cast<std::size_t>(node.list), value);
        return;
    }
    apply(node, LogValue(value), number, key);
    if (!node.hasChildren)
        return;
    if (value.is_object())
        walkObject(trie, node, objectOf(value), number);
    else if (value.is_array())
        walkList(trie, node, listOf(value), number);
}

void LogWalker::walkMember(const LogTrie& trie, const LogTrie::Node& node, std::string_view key,
                           element value, std::size_t number)
{
    if (const std::uint32_t child = trie.child(node, key); child != LogTrie::kNone)
        walk(trie, child, value, number, key);
    for (const LogTrie::Pattern& pattern : node.patterns) {
        if (const auto inKey = numberIn(pattern, key))
            walk(trie, pattern.node, value, *inKey, key);
    }
}

void LogWalker::walkObject(const LogTrie& trie, const LogTrie::Node& node,
                           simdjson::dom::object object, std::size_t number)
{
    for (const auto [key, value] : object)
        walkMember(trie, node, key, value, number);
}

void LogWalker::walkList(const LogTrie& trie, const LogTrie::Node& node, simdjson::dom::array list,
                         std::size_t number)
{
    const bool hasKeys = !node.slots.empty() || !node.patterns.empty();
    if (hasKeys && isAttributeList(list)) {
        for (const element entry : list) {
            std::string_view key;
            element value;
            if (entry["key"].get(key) == simdjson::SUCCESS &&
                entry["value"].get(value) == simdjson::SUCCESS)
                walkMember(trie, node, key, unwrapped(value), number);
        }
        return;
    }
    if (node.star == LogTrie::kNone && !node.hasElements)
        return;
    std::size_t place = 0;
    for (const element entry : list) {
        if (node.star != LogTrie::kNone)
            walk(trie, node.star, entry, place, {});
        if (node.hasElements)
            walkMember(trie, node, std::to_string(place), entry, number);
        ++place;
    }
}

void LogWalker::walkEntry(std::size_t index, element entry)
{
    const CompiledList& list = m_mapping.lists[index];
    m_entry.begin();
    m_entry.setTests(list.tests);
    m_builder = &m_entry;
    walk(list.trie, LogTrie::kRoot, entry, 0, {});
    m_builder = &m_row;
    const std::uint64_t all = (std::uint64_t{1} << list.tests.conditions.size()) - 1;
    if ((m_entry.passed() & all) != all || m_entry.isEmpty())
        return;
    m_row.addUnread(m_entry.unread());
    if (list.list.holds == LogList::Holds::Attempts) {
        m_row.addAttempt(m_entry.finishAttempt());
        return;
    }
    const LoggedFeedback feedback = m_entry.finishFeedback(list.list);
    if (!std::isnan(feedback.value) || !feedback.label.empty())
        m_row.addFeedback(feedback, m_entry.requestId());
}

void LogWalker::walkCell(const LogColumn& column, std::string_view cell)
{
    const LogTrie& trie = m_mapping.rowTrie();
    if (looksLikeJson(cell) && walkJsonText(trie, column.node, cell, 0, column.key))
        return;
    apply(trie.node(column.node), LogValue(cell), 0, column.key);
}

/// @return  false if the text is no JSON after all
bool LogWalker::walkJsonText(const LogTrie& trie, std::uint32_t index, std::string_view text,
                             std::size_t number, std::string_view key)
{
    if (m_innerDepth == kDeepestText)
        return false;
    if (m_innerDepth == m_inner.size())
        m_inner.push_back(std::make_unique<InnerParser>());
    InnerParser& inner = *m_inner[m_innerDepth];
    inner.padded.assign(text);
    inner.padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
    if (inner.parser.capacity() < text.size() &&
        inner.parser.allocate(text.size(), m_maxDepth) != simdjson::SUCCESS)
        return false;
    element value;
    if (inner.parser.parse(inner.padded.data(), text.size(), false).get(value) != simdjson::SUCCESS)
        return false;
    ++m_innerDepth;
    walk(trie, index, value, number, key);
    --m_innerDepth;
    return true;
}

} // namespace signalbox::traffic_detail
