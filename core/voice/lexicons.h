// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lexicon_data.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// The word lists of voice-1, in the order of `kWordListNames`.
enum class WordList : std::uint8_t {
    Hedge,
    Boost,
    Polite,
    Enthusiasm,
    Disclaimer,
    Obligation,
    Connective,
    FirstSingular,
    FirstPlural,
    Second,
    Third,
    Negation,
    Article,
    Preposition,
    Auxiliary,
    Adverb,
    Interjection,
    Imperative,
    Contraction,
};
inline constexpr std::size_t kWordListCount = 19;

using WordLists = std::uint32_t; ///< a set of WordList
[[nodiscard]] constexpr WordLists listBit(WordList list)
{
    return WordLists{1} << static_cast<unsigned>(list);
}

/// Hash of a lower-case word, the same however its bytes are read (8 at a time).
class WordHash
{
public:
    explicit constexpr WordHash(std::size_t bytes) : m_value(bytes * 0x9E3779B97F4A7C15u) {}
    constexpr void add(std::uint64_t chunk)
    {
        m_value = (m_value ^ chunk) * 0xD6E8FEB86659FD93u;
        m_value ^= m_value >> 32;
    }
    [[nodiscard]] constexpr std::uint32_t value() const
    {
        return static_cast<std::uint32_t>((m_value * 0x9E3779B97F4A7C15u) >> 32);
    }

private:
    std::uint64_t m_value;
};
[[nodiscard]] std::uint32_t hashOf(std::string_view word);

/// Tells of nearly every place in a text that none of some words begins there. No branch depends on
/// the text, which no processor could foretell.
class StartFilter
{
public:
    static constexpr std::size_t kBytes = 4; ///< that it looks at; no word is shorter

    /// @param word  `kBytes` at least
    void add(std::string_view word)
    {
        const std::uint32_t place = placeOf(word.begin());
        m_bits[place / 64] |= bitOf(place);
    }
    /// @param start  `kBytes` that may be read
    [[nodiscard]] bool mayStart(const char* start) const
    {
        return (m_bits[placeOf(start) / 64] & bitOf(placeOf(start))) != 0;
    }

private:
    static std::uint32_t placeOf(const char* start)
    {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, start, sizeof bytes);
        return (bytes * 0x9E3779B1u) >> 22;
    }
    static std::uint64_t bitOf(std::uint32_t place) { return std::uint64_t{1} << (place % 64); }

    std::array<std::uint64_t, 16> m_bits{};
};

/// Word lists, phrases, openers and closers, ready for lookup. Immutable, so shared by all threads.
class Lexicons
{
public:
    /// What the lists say about one word.
    struct Entry
    {
        WordLists lists = 0;
        double valence = 0;
        std::uint32_t phraseToken = 0; ///< its number inside phrases; 0: in no phrase
        std::uint32_t phraseStart = 0; ///< node of the phrases that start with it; 0: none
    };

    Lexicons(std::span<const EmbeddedList> lists, std::span<const EmbeddedValence> valences);

    /// @param word  lower case
    /// @return      null if no list, no phrase and no valence knows the word
    [[nodiscard]] const Entry* find(std::string_view word) const
    {
        return find(word, hashOf(word));
    }
    [[nodiscard]] const Entry* find(std::string_view word, std::uint32_t hash) const;

    /// Phrases form a trie over phrase tokens, entered at `Entry::phraseStart`; 0 is "no such way".
    [[nodiscard]] std::uint32_t step(std::uint32_t node, std::uint32_t phraseToken) const;
    [[nodiscard]] WordLists phrasesEndingAt(std::uint32_t node) const
    {
        return m_nodes[node].lists;
    }

    [[nodiscard]] bool isAbbreviation(std::string_view lowerCaseWord) const;
    [[nodiscard]] bool hasNominalSuffix(std::string_view word) const;
    [[nodiscard]] bool hasContractedSuffix(std::string_view word) const;

    enum class Opener : std::uint8_t { Certainly, Here, Refuse, Praise };
    /// Length of the opener that a lower-case line starts with; 0 if none. A word must end there.
    [[nodiscard]] std::size_t openerLength(Opener opener, std::string_view lowerCaseLine) const;
    [[nodiscard]] std::size_t summaryLength(std::string_view lowerCaseLine) const;
    /// Whether a lower-case line offers further help, anywhere in it. O(length).
    [[nodiscard]] bool offersHelp(std::string_view lowerCaseLine) const;

private:
    struct Node
    {
        WordLists lists = 0;
        std::vector<std::pair<std::uint32_t, std::uint32_t>> children; ///< token, node
    };

    struct Slot
    {
        std::uint32_t hash = 0;
        std::uint32_t entry = 0; ///< its number + 1; 0 is free
    };

    std::uint32_t insert(std::string_view word);
    void addPhrase(std::string_view phrase, WordList list);

    std::vector<Entry> m_entries;
    std::vector<std::string_view> m_words; ///< of the entries; into the embedded text
    std::vector<Slot> m_slots;             ///< open addressing
    std::uint32_t m_slotMask = 0;
    std::uint32_t m_phraseTokens = 0;
    std::vector<Node> m_nodes{1};
    std::vector<std::string_view> m_abbreviations;
    std::vector<std::string_view> m_contractedSuffixes;
    std::array<std::vector<std::string_view>, 128> m_nominalSuffixes; ///< by last letter
    std::array<std::vector<std::string_view>, 4> m_openers;           ///< longest first
    std::vector<std::string_view> m_summaries;                        ///< longest first
    std::vector<std::string_view> m_offers;                           ///< of four bytes and more
    StartFilter m_offerStarts;
};

} // namespace signalbox
