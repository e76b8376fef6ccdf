// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace signalbox {

/// What was wrong with a line of a log.
struct LogProblem
{
    enum class Kind {
        SetAside,  ///< nothing of the line was used
        PartlyRead ///< a row came of it, without the field that the message names
    };
    Kind kind = Kind::SetAside;
    std::size_t line = 0;      ///< 1-based
    std::size_t byteBegin = 0; ///< of the line in the file
    std::size_t byteCount = 0;
    std::string message; ///< one sentence, nothing of the line's content
    bool operator==(const LogProblem&) const = default;
};

/// Bytes of a file that hold lines which nobody could read, one after the other.
struct LogByteRange
{
    std::size_t begin = 0;
    std::size_t count = 0;
    std::size_t firstLine = 0; ///< 1-based
    std::size_t lines = 0;
    bool operator==(const LogByteRange&) const = default;
};

/// What a reading came to. Every line is in one of the counts.
struct LogReport
{
    std::size_t lines = 0; ///< of JSON lines, not blank; of a table, its records
    std::size_t rows = 0;  ///< given to the sink
    std::size_t feedbackRows = 0;
    std::size_t otherRows = 0;  ///< that are no requests by the mapping: spans of other kinds
    std::size_t emptyLines = 0; ///< in good order, without any row
    std::size_t badLines = 0;   ///< set aside
    std::size_t partlyRead = 0; ///< rows without a field that the log holds; bad rows of good lines
    std::size_t feedbackJoined = 0;     ///< given to rows
    std::vector<LogProblem> problems;   ///< the first ones, in file order
    std::vector<LogByteRange> setAside; ///< all bad lines, in file order
};

} // namespace signalbox
