// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace signalbox {

/// Part of a text, in bytes.
struct TextSpan
{
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] bool isEmpty() const { return begin == end; }
    [[nodiscard]] std::string_view of(std::string_view text) const
    {
        return text.substr(begin, end - begin);
    }
    bool operator==(const TextSpan&) const = default;
};

/// What becomes of a phrase on the way from one text to another.
struct PhraseChange
{
    enum class Kind { Same, Removed, Added };
    Kind kind = Kind::Same;
    TextSpan from; ///< in the first text; empty, at its place, for what is added
    TextSpan to;   ///< in the second text; empty, at its place, for what is removed
    int words = 0; ///< in the phrase
    bool operator==(const PhraseChange&) const = default;
};

struct PhraseDifference
{
    /// In the order of both texts. Same and removed ones together are the first text, same and
    /// added ones the second; neighbours are of different kinds, and what is removed stands before
    /// what is added in its place.
    std::vector<PhraseChange> changes;
    int wordsAdded = 0;
    int wordsRemoved = 0;
    /// False: the texts are so long and so different that parts of them were compared as wholes.
    bool isFinest = true;
};

/// How the second text differs from the first, in phrases that a person can read. Words are
/// compared to the letter; between two differences, a single common word is no phrase and belongs
/// to both. Cuts are never inside a character or a word.
/// @param from, to  UTF-8; of ill-formed text every byte that belongs to no character is one
/// Words that both have once are paired first (patience), the words between them by the shortest
/// way: E. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1 (1986).
/// O(length) for equal texts, O(length x differences) at worst, both bounded.
[[nodiscard]] PhraseDifference phraseDifference(std::string_view from, std::string_view to);

/// The words of a text as phraseDifference() counts them: runs of letters and digits with the
/// apostrophes inside; of scripts without spaces each character.
[[nodiscard]] std::vector<TextSpan> wordsOf(std::string_view text);

} // namespace signalbox
