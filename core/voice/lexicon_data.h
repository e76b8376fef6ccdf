// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace signalbox {

/// A word list of resources/lexicons/voice-1.json: "abbreviations", "lists.hedge", "openers.here",
/// …
struct EmbeddedList
{
    std::string_view name;
    std::span<const std::string_view> words;
};

/// One line of resources/lexicons/vader-valences.tsv.
struct EmbeddedValence
{
    std::string_view word;
    double valence;
};

// Defined by the source that embed_lexicons.cmake writes.
[[nodiscard]] std::span<const EmbeddedList> embeddedLists();
[[nodiscard]] std::span<const EmbeddedValence> embeddedValences();

} // namespace signalbox
