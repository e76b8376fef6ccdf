// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_reader.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// A single value of a line and where it stands.
struct LogLeaf
{
    std::string path; ///< JSON pointer; elements of lists are "*", attribute lists are objects
    std::string text; ///< the value, at most 64 bytes of it
    enum class Kind { Text, Number, Flag } kind = Kind::Text;
};

/// The values of one line, or of one record of a table.
using LeavesOfLine = std::vector<LogLeaf>;

/// The values of the first lines of a log, JSON in texts taken apart; lines that cannot be read are
/// left out. The path of a text that held JSON goes to `jsonTexts`, each once.
[[nodiscard]] std::vector<LeavesOfLine> firstLeaves(std::string_view text,
                                                    const LogContainer& container,
                                                    std::size_t lines,
                                                    std::vector<std::string>& jsonTexts);

/// Whether a place's path, with its stars, is that of a leaf or of something around it.
[[nodiscard]] bool covers(const std::vector<std::string>& place,
                          const std::vector<std::string>& leaf);

} // namespace signalbox::traffic_detail
