// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lexicons.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Everything about a word that depends on its spelling alone.
struct WordTraits
{
    std::uint32_t offset = 0; ///< of its lower-case bytes in the arena
    std::uint32_t codePoints = 0;
    std::uint32_t syllables = 0;
    WordLists lists = 0; ///< contractions by suffix included
    std::uint32_t phraseToken = 0;
    std::uint32_t phraseStart = 0;
    bool formal = false; ///< articles, prepositions, nominal and adjectival suffixes
    bool contextual = false;
    double valence = 0;
};

/// The distinct words of one text, numbered from 0 in order of first appearance. What is known
/// about a word's spelling is kept from text to text, within bounds.
class Vocabulary
{
public:
    explicit Vocabulary(const Lexicons& lexicons);

    /// Starts the next text.
    void clear();

    /// Number of the word in [word, word + bytes), ASCII letters, digits and apostrophes only.
    /// @param readable  bytes that may be read from `word` on, at least `bytes`
    std::uint32_t addAscii(const char* word, std::size_t bytes, std::size_t readable);
    /// The same for a word of 1 to 8 bytes that are lower case already, the first one lowest, zeros
    /// behind.
    std::uint32_t addShort(std::uint64_t lowerCase, std::size_t bytes);
    /// The same for well-formed UTF-8 of any kind.
    std::uint32_t add(std::string_view word);

    /// How often each word of this text stands in it, by number.
    [[nodiscard]] std::span<const std::uint32_t> counts() const { return m_counts; }
    [[nodiscard]] std::span<const WordTraits> traits() const { return m_present; }

private:
    /// The first 16 bytes of a word, zeros behind: most words are no longer.
    struct Start
    {
        std::uint64_t first = 0;
        std::uint64_t second = 0;

        bool operator==(const Start&) const = default;
    };

    /// A known word, as looked up; its traits stand at the same index.
    struct Known
    {
        Start start;
        std::uint32_t hash = 0;
        std::uint32_t bytes = 0;
        std::uint32_t text = 0;   ///< the last text that it stood in
        std::uint32_t number = 0; ///< in that text
    };

    std::uint32_t addLowerCase(std::string_view lowerCase, const Start& start, std::uint32_t hash);
    void learn(std::uint32_t slot, std::string_view lowerCase, const Start& start,
               std::uint32_t hash);
    [[nodiscard]] std::string_view word(std::size_t known) const
    {
        return {m_arena.data() + m_traits[known].offset, m_known[known].bytes};
    }
    void forget();
    void grow();

    const Lexicons& m_lexicons;
    std::uint32_t m_text = 1;
    std::vector<WordTraits> m_present; ///< of this text, by number: few, so they stay in the cache
    std::vector<std::uint32_t> m_counts;
    std::vector<Known> m_known;
    std::vector<WordTraits> m_traits;
    std::vector<std::uint32_t> m_slots; ///< open addressing: known word + 1, 0 is free
    std::uint32_t m_mask = 0;
    std::string m_arena;
    std::string m_lower;
};

/// Groups of vowels among the letters a to z of a lower-case word, less a silent final e; at
/// least 1.
[[nodiscard]] std::uint32_t syllableCount(std::string_view lowerCaseWord);

} // namespace signalbox
