// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_reader.h"
#include "text_redactor.h"

#include <core/base/result.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace signalbox {

struct LogRedaction
{
    std::size_t lines = 0;        ///< or records of a table
    std::size_t changedLines = 0; ///< something was taken out of
    std::size_t plainLines =
        0; ///< could not be read as what the log is and were redacted as a text
    std::vector<RedactionCount> counts;
};

using LogWriter = std::function<Result<void>(std::string_view)>;

/// The same log with what is sensitive taken out of every text in it: of JSON lines the text values
/// (numbers and names of members stay, and so does every byte of a line in which nothing is found),
/// of a table the cells below the header. Ids that look like an address or a key are taken out,
/// too.
/// @param write  gets the lines of the new log in order
/// Fails if `write` does or if it is stopped. O(n); memory is that of a line.
[[nodiscard]] Result<LogRedaction> redactLog(std::string_view text, const TextRedactor& redactor,
                                             const LogWriter& write,
                                             const std::atomic<bool>* stop = nullptr);

} // namespace signalbox
