// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace signalbox {

// Properties of characters as voice-1 means them, beside those of core/base/unicode.h.

[[nodiscard]] bool isDecimalDigit(char32_t c);
[[nodiscard]] bool isLowerCase(char32_t c);
[[nodiscard]] bool isSpace(char32_t c); ///< white space, the separators U+001C to U+001F included
[[nodiscard]] bool isEmoji(char32_t c); ///< the blocks that voice-1 names

[[nodiscard]] bool isAscii(std::string_view text); ///< all of it

/// Lower case of well-formed UTF-8, context included (a capital sigma that ends a word).
[[nodiscard]] std::string toLowerCase(std::string_view text);
/// The same at the end of `out`.
void appendLowerCase(std::string& out, std::string_view text);

/// Without white space at the ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::string_view trimmedEnd(std::string_view text);
[[nodiscard]] std::string_view trimmedStart(std::string_view text);
[[nodiscard]] bool isBlank(std::string_view text);

/// Offset of the code point that ends before `offset`; `offset` > 0.
[[nodiscard]] std::size_t previousCodePoint(std::string_view text, std::size_t offset);

} // namespace signalbox
