// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "feedback_table.h"
#include "log_mapping.h"
#include "log_report.h"
#include "logged_request.h"

#include <core/base/result.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace signalbox {

/// How a log is written: an object a line, or a table with a header.
struct LogContainer
{
    enum class Kind { JsonLines, Csv };
    Kind kind = Kind::JsonLines;
    char separator = ','; ///< of a table
    bool operator==(const LogContainer&) const = default;
};

/// JSON lines if the first line that is not blank begins as an object does, or at least half of the
/// first 20; else a table.
[[nodiscard]] LogContainer sniffContainer(std::string_view text);

struct LogLimits
{
    std::size_t lineBytes = std::size_t{16} << 20; ///< longer lines and records are set aside
    std::size_t depth = 64;                        ///< of nesting
    std::size_t keptProblems = 100;                ///< the rest are counted
};

struct LogProgress
{
    std::size_t bytesRead = 0;
    std::size_t bytesInAll = 0;
    std::size_t rows = 0;
    std::size_t badLines = 0;
};

struct LogReadOptions
{
    std::optional<LogContainer> container = {}; ///< else sniffed
    LogLimits limits;
    unsigned threads = 1;                            ///< that parse; 0: as many as there are cores
    std::size_t chunkBytes = std::size_t{256} << 10; ///< read at a time by one thread, about
    const FeedbackTable* feedback = nullptr;         ///< is joined to the rows
    const std::atomic<bool>* stop = nullptr;         ///< set to give up early: Cancelled
    std::function<void(const LogProgress&)> progress = {}; ///< after each chunk
};

/// Rows in file order, a chunk's at a time. They live until the call returns.
using LogSink = std::function<void(std::span<const LoggedRequest>)>;
/// Feedback that is a row of its own, the same way.
using FeedbackSink = std::function<void(std::span<const FeedbackRow>)>;

/// Reads a log of any size in one pass and gives its rows to the sink, in file order whatever the
/// number of threads. Attempts are given as the rows that they are; see AttemptFolder. A line that
/// cannot be read is counted, listed and set aside by its bytes, and the reading goes on. Sinks and
/// `progress` are called on the calling thread. A byte order mark, CR LF and blank lines are fine.
/// @param text  the whole file, e.g. mapped into memory; must live until the call returns
/// Fails if stopped, and for a table without a header. O(n); memory is that of a few chunks, or of
/// the longest line.
[[nodiscard]] Result<LogReport> readLog(std::string_view text, const LogMapping& mapping,
                                        const LogSink& sink, const LogReadOptions& options = {},
                                        const FeedbackSink& feedbackSink = {});

/// Only the feedback that a log keeps in rows of its own, for LogReadOptions::feedback. Nothing is
/// read if the mapping knows of none.
[[nodiscard]] Result<FeedbackTable> readFeedbackRows(std::string_view text,
                                                     const LogMapping& mapping,
                                                     const LogReadOptions& options = {});

} // namespace signalbox
