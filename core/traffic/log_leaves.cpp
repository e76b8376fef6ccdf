// SPDX-License-Identifier: Apache-2.0
#include "log_leaves.h"

#include "csv_records.h"
#include "log_value.h"

#include <algorithm>
#include <utility>

namespace signalbox::traffic_detail {

namespace {

using simdjson::dom::element;

constexpr std::size_t kMostLeaves = 2'000; ///< of a line
constexpr std::size_t kShownBytes = 64;
constexpr std::size_t kMostLineBytes = std::size_t{16} << 20;
constexpr int kDeepestText = 3;
constexpr int kDeepest = 32;

std::string escaped(std::string_view key)
{
    return pathOf({std::string(key)});
}

/// Collects the leaves of one line after the other.
class LeafCollector
{
public:
    explicit LeafCollector(std::vector<std::string>& jsonTexts) : m_jsonTexts(jsonTexts) {}

    bool readLine(std::string_view line)
    {
        m_leaves.clear();
        return readJson(line, {}, 0);
    }

    void addCell(std::string_view column, std::string_view cell)
    {
        if (!cell.empty())
            addText(escaped(column), cell, 0);
    }

    LeavesOfLine take() { return std::exchange(m_leaves, {}); }

private:
    bool readJson(std::string_view text, const std::string& path, int depth)
    {
        simdjson::dom::parser parser;
        element root;
        if (text.size() > kMostLineBytes ||
            parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS ||
            !(root.is_object() || root.is_array()))
            return false;
        add(path, root, depth);
        return true;
    }

    void add(const std::string& path, element value, int depth)
    {
        if (m_leaves.size() >= kMostLeaves || path.size() > 4096 ||
            std::ranges::count(path, '/') > kDeepest)
            return;
        if (value.is_object()) {
            for (const auto [key, member] : objectOf(value))
                add(path + escaped(key), member, depth);
        } else if (value.is_array()) {
            addList(path, listOf(value), depth);
        } else if (value.is_string()) {
            addText(path, textOf(value), depth);
        } else if (!value.is_null()) {
            addLeaf(path, std::string(simdjson::minify(value)),
                    value.is_bool() ? LogLeaf::Kind::Flag : LogLeaf::Kind::Number);
        }
    }

    void addList(const std::string& path, simdjson::dom::array list, int depth)
    {
        const bool isAttributes = isAttributeList(list);
        for (const element entry : list) {
            std::string_view key;
            element value;
            if (isAttributes && entry["key"].get(key) == simdjson::SUCCESS &&
                entry["value"].get(value) == simdjson::SUCCESS)
                add(path + escaped(key), unwrapped(value), depth);
            else
                add(path + "/*", entry, depth);
        }
    }

    void addText(const std::string& path, std::string_view text, int depth)
    {
        const std::size_t first = text.find_first_not_of(" \t\r\n");
        const bool mayBeJson =
            first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
        if (mayBeJson && depth < kDeepestText && readJson(text, path, depth + 1)) {
            if (std::ranges::find(m_jsonTexts, path) == m_jsonTexts.end())
                m_jsonTexts.push_back(path);
            return;
        }
        addLeaf(path, std::string(text.substr(0, kShownBytes)), LogLeaf::Kind::Text);
    }

    void addLeaf(const std::string& path, std::string text, LogLeaf::Kind kind)
    {
        if (std::ranges::find(m_leaves, path, &LogLeaf::path) == m_leaves.end())
            m_leaves.push_back({path, std::move(text), kind});
    }

    std::vector<std::string>& m_jsonTexts;
    LeavesOfLine m_leaves = {};
};

std::vector<LeavesOfLine> leavesOfLines(std::string_view text, std::size_t lines,
                                        LeafCollector& collector)
{
    std::vector<LeavesOfLine> all;
    while (!text.empty() && all.size() < lines) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (collector.readLine(text.substr(0, end)))
            all.push_back(collector.take());
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return all;
}

std::vector<LeavesOfLine> leavesOfTable(std::string_view text, char separator, std::size_t lines,
                                        LeafCollector& collector)
{
    std::vector<LeavesOfLine> all;
    const CsvRecords records(separator, kMostLineBytes);
    CsvCells record;
    std::size_t at = tableBegin(text);
    if (at == text.size())
        return all;
    records.read(text, at, record);
    const std::vector<std::string> header(record.cells.begin(), record.cells.end());
    for (at = record.end; at < text.size() && all.size() < lines; at = record.end) {
        records.read(text, at, record);
        if (!record.fault.empty() || record.cells.size() != header.size())
            continue;
        for (std::size_t i = 0; i < header.size(); ++i)
            collector.addCell(header[i], record.cells[i]);
        all.push_back(collector.take());
    }
    return all;
}

bool matches(std::string_view pattern, std::string_view key)
{
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos || key == "*")
        return pattern == key;
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    return key.size() >= before.size() + after.size() && key.starts_with(before) &&
           key.ends_with(after);
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::vector<LeavesOfLine> firstLeaves(std::string_view text, const LogContainer& container,
                                      std::size_t lines, std::vector<std::string>& jsonTexts)
{
    LeafCollector collector(jsonTexts);
    return container.kind == LogContainer::Kind::JsonLines
               ? leavesOfLines(text.substr(tableBegin(text)), lines, collector)
               : leavesOfTable(text, container.separator, lines, collector);
}

bool covers(const std::vector<std::string>& place, const std::vector<std::string>& leaf)
{
    if (place.size() > leaf.size())
        return false;
    for (std::size_t i = 0; i < place.size(); ++i) {
        const bool isElement = leaf[i] == "*" && isNumber(place[i]);
        if (!isElement && !matches(place[i], leaf[i]))
            return false;
    }
    return true;
}

} // namespace signalbox::traffic_detail
