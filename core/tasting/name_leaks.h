// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// A place where an answer says who wrote it: bytes of the text.
struct NameLeak
{
    std::size_t offset = 0;
    std::size_t length = 0;
    bool operator==(const NameLeak&) const = default;
};

/// Names by which models and their makers call themselves: "ChatGPT", "Anthropic", …
[[nodiscard]] std::span<const std::string_view> tellingNames();

/// Where the names stand in the text as words of their own, whatever their ASCII case; in order,
/// without overlaps, of several at one place the longest. What follows a name without a space
/// belongs to it as far as it is letters, digits, '-', '.', '_' or ':' and ends in a letter or
/// digit: "GPT" finds all of "GPT-4o" and "gpt-3.5-turbo". A name under two letters finds nothing.
/// @param own  names of the models at hand beside tellingNames(); may be empty
/// O(text x names).
[[nodiscard]] std::vector<NameLeak> nameLeaks(std::string_view text,
                                              std::span<const std::string> own);

/// The text with "[name]" in those places, so that a blind test stays one.
[[nodiscard]] std::string withoutNames(std::string_view text, std::span<const std::string> own);

} // namespace signalbox
