// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "feedback_table.h"
#include "log_report.h"
#include "logged_request.h"
#include "text_arena.h"

#include <cstddef>
#include <span>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// What one chunk of a log came to: rows, what is wrong, and the texts of both. Line numbers count
/// from the chunk's first line until the chunk's place in the file is known.
struct LogBatch
{
    TextArena texts;
    std::vector<LoggedRequest> rows;
    std::vector<FeedbackRow> feedback;
    LogReport report;          ///< problems are kept up to the limit of the reading
    std::size_t fileLines = 0; ///< line ends in the chunk, blank lines too
    std::size_t keptProblems = 100;

    void clear()
    {
        texts.clear();
        rows.clear();
        feedback.clear();
        report = {};
        fileLines = 0;
    }
    void setAside(LogProblem problem);
    void addProblem(LogProblem problem);
};

/// Adds a chunk's report to the file's, in file order.
/// @param linesBefore  lines of the file before the chunk
void append(LogReport& whole, LogReport&& part, std::size_t linesBefore, std::size_t keptProblems);

/// Adds bytes to the ranges; a neighbour of the last one becomes a part of it.
void appendRange(std::vector<LogByteRange>& ranges, const LogByteRange& range);

} // namespace signalbox::traffic_detail
