// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_mapping.h"
#include "log_reader.h"
#include "log_report.h"
#include "text_redactor.h"
#include "traffic.h"

#include <core/base/result.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

struct TrafficImportOptions
{
    std::optional<LogMapping> mapping = {};           ///< of every log; else each is recognised
    const TextRedactor* redactor = nullptr;           ///< takes out what is sensitive on the way in
    std::filesystem::path scratchFolder = {};         ///< for texts that are too many for memory
    std::size_t memoryBytes = std::size_t{256} << 20; ///< of texts that stay in memory
    unsigned threads = 0;                             ///< that parse; 0: as many as there are cores
    std::size_t keptProblems = 100;                   ///< per log; the rest are counted
    const std::atomic<bool>* stop = nullptr;          ///< set to give up: Cancelled
    std::function<void(const LogProgress&)> progress = {}; ///< over all logs
};

/// What became of one log.
struct ImportedLog
{
    std::filesystem::path path;
    LogMapping mapping;
    LogContainer container;
    double sureness = 1; ///< of the mapping, if it was recognised; see LogGuess
    std::string why;     ///< one sentence; empty if the mapping was given
    LogReport report;
    std::size_t foldedAttempts = 0; ///< rows that are attempts at the request of another
    std::size_t lateAttempts = 0;   ///< that came so late that they are requests of their own
};

struct TrafficImport
{
    Traffic traffic;
    std::vector<ImportedLog> logs; ///< as they were given
    std::vector<RedactionCount> redactions;
    std::size_t joinedByHistory = 0; ///< rows that name no conversation and found theirs
};

/// Reads logs into one table. Rows are grouped into conversations; attempts at one request become
/// one row; feedback that stands in rows or in a log of its own is given to its requests, in
/// whichever of the logs they are. What cannot be read is counted and listed; see writeAside().
/// Memory is that of TrafficBuilder and of a few chunks, however large the logs are.
/// Fails if a log cannot be opened or recognised for sure, if no log has a request, and if stopped.
/// O(bytes).
[[nodiscard]] Result<TrafficImport> importTraffic(const std::vector<std::filesystem::path>& logs,
                                                  const TrafficImportOptions& options = {});

/// Keeps the lines that could not be read, as JSON lines with "log", "line", "bytes" (their number)
/// and "text". Where there are none, a file of an earlier import is removed.
struct AsideOptions
{
    enum class Texts { Keep, LeaveOut };
    Texts texts = Texts::Keep;
    const TextRedactor* redactor = nullptr;
};
/// @return how many lines it keeps
[[nodiscard]] Result<std::size_t> writeAside(const std::vector<ImportedLog>& logs,
                                             const std::filesystem::path& path,
                                             const AsideOptions& options = {});

} // namespace signalbox
