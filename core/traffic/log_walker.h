// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_batch.h"
#include "log_row_builder.h"
#include "log_trie.h"
#include "log_value.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// Where a line stands.
struct LinePlace
{
    std::size_t line = 0; ///< 1-based, of the chunk
    std::size_t byteBegin = 0;
    std::size_t byteCount = 0; ///< with its line end
};

/// What a column of a table is: a node of the row's trie.
struct LogColumn
{
    std::uint32_t node = LogTrie::kNone; ///< kNone: nothing
    std::string key;
};

/// Walks lines that are parsed, or cells of a table, through a mapping and puts their rows into a
/// batch. One thread's own.
class LogWalker
{
public:
    LogWalker(const CompiledMapping& mapping, LogBatch& batch, std::size_t maxDepth);

    void walkLine(simdjson::dom::element line, const LinePlace& place);
    /// @param cells  as many as there are columns
    void walkRecord(const std::vector<LogColumn>& columns,
                    const std::vector<std::string_view>& cells, const LinePlace& place);

private:
    /// A parser for a text within a line; its values live until it is used again.
    struct InnerParser
    {
        simdjson::dom::parser parser;
        std::string padded;
    };

    void descend(simdjson::dom::element at, std::size_t depth, const LinePlace& place);
    void readRow(simdjson::dom::element row, const LinePlace& place);
    void endRow(const LinePlace& place);
    void refuseRow(const LinePlace& place, std::string message);
    [[nodiscard]] std::string unreadNames() const;
    void walk(const LogTrie& trie, std::uint32_t index, simdjson::dom::element value,
              std::size_t number, std::string_view key);
    void walkObject(const LogTrie& trie, const LogTrie::Node& node, simdjson::dom::object object,
                    std::size_t number);
    void walkMember(const LogTrie& trie, const LogTrie::Node& node, std::string_view key,
                    simdjson::dom::element value, std::size_t number);
    void walkList(const LogTrie& trie, const LogTrie::Node& node, simdjson::dom::array list,
                  std::size_t number);
    void walkEntry(std::size_t list, simdjson::dom::element entry);
    void walkCell(const LogColumn& column, std::string_view cell);
    bool walkJsonText(const LogTrie& trie, std::uint32_t index, std::string_view text,
                      std::size_t number, std::string_view key);
    void apply(const LogTrie::Node& node, const LogValue& value, std::size_t number,
               std::string_view key);

    const CompiledMapping& m_mapping;
    LogBatch& m_batch;
    std::size_t m_maxDepth;
    LogRowBuilder m_row;
    LogRowBuilder m_entry;                            ///< of a list in the row
    LogRowBuilder* m_builder;                         ///< which of both is being filled
    std::vector<simdjson::dom::element> m_above = {}; ///< from the line to the row
    std::vector<std::unique_ptr<InnerParser>> m_inner = {};
    std::size_t m_innerDepth = 0;
    std::size_t m_rowsOfLine = 0;
};

} // namespace signalbox::traffic_detail
