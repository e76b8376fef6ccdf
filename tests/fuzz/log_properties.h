// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/utf8.h>
#include <core/traffic/attempt_folder.h>
#include <core/traffic/log_reader.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::fuzz {

inline void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// A row as bytes that differ if the row does; every text of it is touched.
inline std::string bytesOf(const LoggedRequest& row)
{
    std::string bytes = std::to_string(row.line) + '@' + std::to_string(row.byteBegin) + ':' +
                        std::to_string(row.startMs) + ':' + std::to_string(row.tokensIn);
    for (const std::string_view text : {row.requestId, row.traceId, row.sessionId, row.userId,
                                        row.servedModel, row.errorClass, row.response}) {
        bytes += '|';
        bytes += text;
    }
    for (const LoggedMessage& message : row.messages)
        (bytes += '>') += message.text;
    for (const std::string_view tag : row.tags)
        (bytes += '#') += tag;
    for (const LoggedEntry& entry : row.metadata)
        ((bytes += '=') += entry.key) += entry.value;
    for (const LoggedFeedback& feedback : row.feedback)
        ((bytes += '*') += feedback.name) += feedback.label;
    for (const LoggedAttempt& attempt : row.attempts)
        ((bytes += '/') += attempt.provider) += attempt.model;
    return bytes;
}

struct ReadLog
{
    std::vector<std::string> rows;
    LogReport report;
    bool isRead = false;
};

inline ReadLog readIn(std::string_view text, const LogMapping& mapping,
                      const LogContainer& container, std::size_t chunkBytes, unsigned threads)
{
    ReadLog result;
    LogReadOptions options;
    options.container = container;
    options.chunkBytes = chunkBytes;
    options.threads = threads;
    std::size_t folded = 0;
    AttemptFolder folder(
        mapping.attempts, [&folded](std::span<const LoggedRequest> rows) { folded += rows.size(); },
        3);
    auto report = readLog(
        text, mapping,
        [&](std::span<const LoggedRequest> rows) {
            for (const LoggedRequest& row : rows)
                result.rows.push_back(bytesOf(row));
            folder.add(rows);
        },
        options);
    folder.finish();
    require(folded + folder.folded() == result.rows.size());
    result.isRead = report.has_value();
    if (report)
        result.report = std::move(*report);
    return result;
}

inline void checkReport(const ReadLog& read, std::string_view text)
{
    const LogReport& report = read.report;
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    require(report.rows == read.rows.size() && report.lines <= lines);
    require(report.badLines + report.emptyLines <= report.lines);
    require(report.problems.size() <= 100);
    for (const LogProblem& problem : report.problems) {
        require(problem.line >= 1 && problem.line <= lines);
        require(problem.byteBegin + problem.byteCount <= text.size() && problem.byteCount > 0);
        require(!problem.message.empty() && !firstInvalidUtf8(problem.message));
    }
    for (const LogByteRange& range : report.setAside)
        require(range.begin + range.count <= text.size() && range.lines > 0);
}

/// What must hold of any log.
inline void checkLog(std::string_view text, const LogMapping& mapping,
                     const LogContainer& container)
{
    const ReadLog whole = readIn(text, mapping, container, std::size_t{1} << 20, 1);
    if (!whole.isRead)
        return;
    checkReport(whole, text);
    const ReadLog cut = readIn(text, mapping, container, 1, 1);
    require(cut.rows == whole.rows && cut.report.badLines == whole.report.badLines);
    require(cut.report.setAside == whole.report.setAside);
    require(cut.report.problems == whole.report.problems);
}

} // namespace signalbox::fuzz
