// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace signalbox {

/// Which paragraph of one text belongs beside which of another, so that both can be scrolled
/// together: those that share the most words, in order; the others lie between these in the same
/// proportion.
/// @param texts  paragraphs in order, UTF-8; empty ones are paragraphs too and share nothing
/// @return       for each of `texts` a paragraph of `others`, never falling; as many as `texts`.
///               All 0 if there are no others.
/// O(texts x others) pairs, each as long as its words; more than 250,000 pairs are not looked at,
/// and the proportion alone decides.
[[nodiscard]] std::vector<std::size_t> alignParagraphs(const std::vector<std::string_view>& texts,
                                                       const std::vector<std::string_view>& others);

/// The lines of a text, each of them a paragraph as a pane shows it: "a\n\nb" has three. A text
/// has one more than it has line ends (LF).
[[nodiscard]] std::vector<std::string_view> paragraphsOf(std::string_view text);

} // namespace signalbox
