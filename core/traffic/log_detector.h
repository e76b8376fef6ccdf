// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_mapping.h"
#include "log_reader.h"

#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// What a log may be, and what speaks for it.
struct LogGuess
{
    LogMapping mapping;
    double sureness = 0;               ///< 0 to 1, for an order and for words; not a probability
    std::string why;                   ///< one sentence
    std::vector<LogPlace> matched;     ///< places of the mapping that the first lines have
    std::vector<std::string> leftOver; ///< paths of the first lines that nothing reads
};

/// A path of the first lines and a value that stands there.
struct LogExample
{
    std::string path; ///< from the line; elements of lists are "*"
    std::string text; ///< at most 64 bytes of it
    bool operator==(const LogExample&) const = default;
};

struct LogDetection
{
    LogContainer container;
    std::vector<LogExample> examples;   ///< each path once, as they appear
    std::vector<std::string> jsonTexts; ///< paths whose texts hold JSON
    std::vector<LogGuess> guesses; ///< the surest first; never empty for a log with a readable line
};

/// A guess from which on no one need be asked.
inline constexpr double kSureLog = 0.5;

/// Says what a log is by its first lines: which of the known ones have all their signs in how many
/// of them, and, last or where nothing is sure, a mapping proposed by the names of its fields.
/// @param text  the log, or its beginning; at most 50 lines of it are looked at
[[nodiscard]] LogDetection detectLog(std::string_view text);

/// A mapping by what fields are called ("prompt", "completion_tokens", "latency_ms", …) and by what
/// stands in them (times, units), for a log that nobody knows.
[[nodiscard]] LogMapping proposedMapping(std::string_view text, const LogContainer& container);

} // namespace signalbox
