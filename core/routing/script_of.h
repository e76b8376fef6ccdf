// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace signalbox {

/// The writing system of most letters of a text, one of scriptNames(); the one that comes first
/// there of several with as many. Letters only: digits, signs and marks belong to no script. A text
/// without letters is "none". O(length).
/// The blocks of each script are those of the Unicode Standard, version 14 (Blocks.txt).
[[nodiscard]] std::string_view scriptOf(std::string_view text);

} // namespace signalbox
