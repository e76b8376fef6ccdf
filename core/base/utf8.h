// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// Byte offset of the first ill-formed sequence (overlong, surrogate, above U+10FFFF, cut off), or
/// nothing if the text is well-formed UTF-8 (Unicode 15, table 3-7).
[[nodiscard]] std::optional<std::size_t> firstInvalidUtf8(std::string_view text);

/// Code points of well-formed text. O(n), no allocation.
[[nodiscard]] std::size_t codePointCount(std::string_view text);

/// One decoded code point and its length in bytes. Ill-formed input gives U+FFFD and length 1.
struct DecodedCodePoint
{
    char32_t value = 0;
    std::size_t bytes = 0;
};
[[nodiscard]] DecodedCodePoint decodeCodePoint(std::string_view text, std::size_t offset);

void appendUtf8(std::string& out, char32_t codePoint);

/// A copy in which every ill-formed byte became U+FFFD.
[[nodiscard]] std::string toValidUtf8(std::string_view text);

} // namespace signalbox
