// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/traffic/log_detector.h>
#include <core/traffic/log_mapping.h>
#include <core/traffic/log_reader.h>
#include <core/traffic/text_redactor.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// Somebody's log before it is imported: what it is, how it is read, what that gives. Plain
// functions over values, for any thread; those with a path read the file.
namespace signalbox::ui {

/// What the first lines of a log show.
struct LogLook
{
    std::filesystem::path path;
    std::size_t bytes = 0;
    LogDetection detection;
    std::optional<LogMapping> kept; ///< of a log with the same columns that was imported before
};
/// @param mappings  folder of rememberMapping(); may be empty
/// Fails for a file that cannot be read and for one of which no line can.
[[nodiscard]] Result<LogLook> lookAtLog(const std::filesystem::path& path,
                                        const std::filesystem::path& mappings);

/// Keeps a mapping for logs with the columns of this one.
[[nodiscard]] Result<void> rememberMapping(const LogLook& look, const LogMapping& mapping,
                                           const std::filesystem::path& mappings);

/// A place a field can be assigned to, as a line has it.
struct LogColumnChoice
{
    std::string path;    ///< from the line
    std::string example; ///< of the first lines
    bool isTree = false; ///< holds others
};
/// In the order of the log; what holds others stands before them.
[[nodiscard]] std::vector<LogColumnChoice> columnChoices(const LogDetection& detection);

/// Whether a field may be read from what holds others: messages, metadata.
[[nodiscard]] bool readsTrees(LogField field);

/// The first place of a field that the log's first lines have; else the first of the mapping.
[[nodiscard]] std::optional<LogPlace> placeOf(const LogMapping& mapping, LogField field,
                                              const LogDetection& detection);
/// The path of a place as columnChoices() has it.
[[nodiscard]] std::string linePathOf(const LogMapping& mapping, const LogPlace& place);
/// A value that stands at the place, or below it.
[[nodiscard]] std::string exampleAt(const LogDetection& detection, const std::string& linePath);

/// Reads a field from another column, and from no other.
/// @param unit  Plain for fields without one
void assign(LogMapping& mapping, LogField field, const std::string& linePath, LogUnit unit,
            const LogDetection& detection);
void unassign(LogMapping& mapping, LogField field);
/// Of a column by its name and values; Plain if nothing tells.
[[nodiscard]] LogUnit likelyUnit(LogField field, const std::string& linePath,
                                 const LogDetection& detection);

/// A row as it will be read, in words that are short enough to show.
struct LogRowPreview
{
    std::size_t line = 0;
    std::int64_t startMs = 0; ///< 0: unknown
    std::string session;
    std::string user;
    std::string model; ///< that answered; else the one that was asked for
    std::string prompt;
    std::string response;
    std::int64_t tokensIn = -1;
    std::int64_t tokensOut = -1;
    double costUsd = kUnknownNumber;
    double latencyMs = kUnknownNumber;
};
/// The first rows of the first 16 MiB, attempts not joined.
/// @param redactor  null: nothing is taken out
[[nodiscard]] Result<std::vector<LogRowPreview>> firstRows(const std::filesystem::path& path,
                                                           const LogMapping& mapping,
                                                           const TextRedactor* redactor,
                                                           std::size_t most = 50);

/// What a whole log comes to.
struct LogScan
{
    LogReport report;
    std::size_t requests = 0;      ///< attempts joined
    std::size_t conversations = 0; ///< that are named
    std::size_t unnamed = 0;       ///< requests that name none
    // Requests that say it.
    std::size_t withUser = 0;
    std::size_t withTime = 0;
    std::size_t withModel = 0;
    std::size_t withPrompt = 0;
    std::size_t withTokens = 0;
    std::size_t withCost = 0;
    std::size_t withLatency = 0;
    std::size_t withSegment = 0;
    std::int64_t firstMs = 0; ///< 0: unknown
    std::int64_t lastMs = 0;
};
inline constexpr std::size_t kListedProblems = 10'000;
/// Reads all of a log and keeps none of it. O(bytes).
[[nodiscard]] Result<LogScan> scanLog(const std::filesystem::path& path, const LogMapping& mapping,
                                      const std::atomic<bool>* stop,
                                      const std::function<void(const LogProgress&)>& progress);

} // namespace signalbox::ui
