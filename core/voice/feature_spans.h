// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace signalbox {

/// A passage of a text, in bytes; never part of a character.
struct Passage
{
    std::size_t begin = 0;
    std::size_t length = 0;
    bool operator==(const Passage&) const = default;
};

/// In order, those that overlap as one.
[[nodiscard]] std::vector<Passage> joined(std::vector<Passage> spans);

/// Where a feature of voice-1 can be seen in an answer: the hedges, the bold passages, the offer at
/// the end. In order, without overlap. Empty for what no single passage shows, such as the length
/// or the diversity of words, and for ill-formed UTF-8. O(length).
///
/// It reads as measureAnswer() does, but for words inside the target of a link, which are counted
/// nowhere and may be marked here.
/// @param feature  index of a voice feature
[[nodiscard]] std::vector<Passage> featureSpans(std::string_view text, std::size_t feature);

} // namespace signalbox
