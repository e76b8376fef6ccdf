// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "feature_spans.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace signalbox {

/// What to mark in an answer so that a reader hears a feature of voice-1: featureSpans(), each
/// grown to the phrase it stands in. "Thank" alone is what was counted, "Thank you for reaching
/// out" is what one hears. A passage stays in its clause, holds whole words, and is a few words
/// long. In order, those that overlap as one. Empty where featureSpans() is. O(length).
/// @param feature  index of a voice feature
[[nodiscard]] std::vector<Passage> tellingPassages(std::string_view text, std::size_t feature);

} // namespace signalbox
