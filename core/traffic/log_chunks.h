// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "csv_records.h"
#include "log_batch.h"
#include "log_reader.h"
#include "log_trie.h"
#include "log_walker.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// A log that is about to be read: its text, how it is written, and where its rows begin.
struct LogFile
{
    std::string_view text;
    LogContainer container;
    LogLimits limits;
    std::size_t begin = 0;       ///< of the first line with a row
    std::size_t linesBefore = 0; ///< header and all
    std::vector<LogColumn> columns;
};

/// A whole number of lines, or of records, of a log.
struct LogChunk
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Finds where a log's rows begin and, in a table, what its columns are.
[[nodiscard]] Result<LogFile> openLog(std::string_view text, const CompiledMapping& mapping,
                                      const LogReadOptions& options);

/// The next chunk of about `bytes`, at least one line; nothing at the end.
[[nodiscard]] std::optional<LogChunk> nextChunk(const LogFile& file, std::size_t begin,
                                                std::size_t bytes);

/// Reads chunks of one log into a batch, on one thread.
class LogChunkReader
{
public:
    LogChunkReader(const LogFile& file, const CompiledMapping& mapping, LogBatch& batch);

    /// Clears the batch and fills it with the chunk.
    void read(const LogChunk& chunk);

private:
    void readLines(const LogChunk& chunk);
    void readLine(std::string_view line, const LinePlace& place);
    void readRecords(const LogChunk& chunk);
    void readRecord(const CsvCells& record, const LinePlace& place);
    [[nodiscard]] const char* padded(std::string_view line);
    void setAside(const LinePlace& place, std::string message);

    const LogFile& m_file;
    LogBatch& m_batch;
    LogWalker m_walker;
    simdjson::dom::parser m_parser;
    std::string m_padded = {}; ///< the last lines, with room behind them
    CsvCells m_record = {};
};

} // namespace signalbox::traffic_detail
