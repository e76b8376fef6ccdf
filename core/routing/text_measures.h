// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

namespace signalbox {

// What text signals measure. Any bytes have measures; each ill-formed byte counts as no letter.
// Where a count takes `stopAfter`, a result above it only says "more than that": a decision needs
// no more, and the rest of a long prompt stays unread.

inline constexpr std::size_t kCountAll = std::numeric_limits<std::size_t>::max();

/// Unicode code points.
[[nodiscard]] std::size_t countChars(std::string_view text, std::size_t stopAfter = kCountAll);

/// Runs of letters and digits; an apostrophe (' or a curly one) between two letters stays inside.
[[nodiscard]] std::size_t countWords(std::string_view text, std::size_t stopAfter = kCountAll);

/// Lines as an editor numbers them, but an empty last one is none: "" has 0, "a" and "a\n" have 1.
[[nodiscard]] std::size_t countLines(std::string_view text, std::size_t stopAfter = kCountAll);

/// Share of code points in fenced code, fence lines included: from a line that starts with up to 12
/// spaces and ``` or ~~~ to the next such line with the same fence, or to the end. 0 for no text.
[[nodiscard]] double codeShareOf(std::string_view text);

// Comparing with only the ASCII letters' case ignored.
[[nodiscard]] bool equalsFolded(std::string_view a, std::string_view b);
[[nodiscard]] bool containsFolded(std::string_view text, std::string_view part);

/// ASCII letter, digit or underscore: what word keywords may not touch.
[[nodiscard]] bool isAsciiWordByte(char c);

} // namespace signalbox
