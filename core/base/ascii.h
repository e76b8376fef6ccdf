// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace signalbox {

/// A byte with the case of an ASCII letter taken away, every other byte as it is. The same in every
/// locale and in every router (design.md section 4), which std::tolower is not.
[[nodiscard]] constexpr char foldAscii(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] inline std::string foldedAscii(std::string text)
{
    for (char& c : text)
        c = foldAscii(c);
    return text;
}

} // namespace signalbox
