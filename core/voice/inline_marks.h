// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace signalbox {

/// One line of markdown as a reader sees it: emphasis marks are dropped where they come in pairs,
/// links become "text (target)". Code in backticks, snake_case, 2*3 and escaped marks stay.
/// O(length).
[[nodiscard]] std::string flattenInlineMarks(std::string_view line);

} // namespace signalbox
