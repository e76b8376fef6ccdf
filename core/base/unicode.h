// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace signalbox {

// General categories of the Unicode Character Database, version 14, as far as words need them.

/// L*: letters of every script. Combining marks are none.
[[nodiscard]] bool isLetter(char32_t codePoint);

/// L*, Nd, Nl and No: what a word is made of.
[[nodiscard]] bool isAlphanumeric(char32_t codePoint);

} // namespace signalbox
