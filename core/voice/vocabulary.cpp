// SPDX-License-Identifier: Apache-2.0
#include "vocabulary.h"

#include "character_class.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace signalbox {

namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kMostKnown = 8'000; ///< words kept from text to text
constexpr std::size_t kLargestArena = 1 << 20;
constexpr std::uint32_t kLastText = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kLongestChunked = 64; ///< longer ASCII words take the general way
/// Turns A-Z into a-z and leaves a-z, 0-9 and the apostrophe as they are.
constexpr std::uint64_t kLowerBits = 0x2020202020202020u;

constexpr WordLists kFormalLists = listBit(WordList::Article) | listBit(WordList::Preposition);
constexpr WordLists kContextualLists = listBit(WordList::FirstSingular) |
                                       listBit(WordList::FirstPlural) | listBit(WordList::Second) |
                                       listBit(WordList::Third) | listBit(WordList::Auxiliary) |
                                       listBit(WordList::Adverb) | listBit(WordList::Interjection);

bool isVowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

} // namespace

std::uint32_t syllableCount(std::string_view lowerCaseWord)
{
    std::uint32_t groups = 0;
    bool inGroup = false;
    char last = 0;
    char beforeLast = 0;
    for (const char c : lowerCaseWord) {
        if (c < 'a' || c > 'z')
            continue;
        const bool vowel = isVowel(c);
        groups += vowel && !inGroup;
        inGroup = vowel;
        beforeLast = last;
        last = c;
    }
    const bool silentE = last == 'e' && beforeLast != 'l' && beforeLast != 'e' &&
                         beforeLast != 'i' && beforeLast != 'y';
    if (silentE && groups > 0)
        --groups;
    return std::max<std::uint32_t>(groups, 1);
}

Vocabulary::Vocabulary(const Lexicons& lexicons) : m_lexicons(lexicons)
{
    forget();
}

void Vocabulary::clear()
{
    if (m_known.size() > kMostKnown || m_arena.size() > kLargestArena || m_text == kLastText)
        forget();
    ++m_text;
    m_present.clear();
    m_counts.clear();
}

void Vocabulary::forget()
{
    m_known = {};
    m_traits = {};
    m_arena = {};
    m_slots = std::vector<std::uint32_t>(kFirstSlots, 0);
    m_mask = kFirstSlots - 1;
    m_text = 1; // no known word stood in it
}

std::uint32_t Vocabulary::addAscii(const char* word, std::size_t bytes, std::size_t readable)
{
    const std::size_t padded = (bytes + 7) & ~std::size_t{7};
    if (bytes > kLongestChunked)
        return add({word, bytes});
    std::array<char, kLongestChunked> lower;
    WordHash hash(bytes);
    for (std::size_t i = 0; i < bytes; i += 8) {
        std::uint64_t chunk = 0;
        const std::size_t rest = std::min<std::size_t>(8, bytes - i);
        if (padded <= readable)
            std::memcpy(&chunk, word + i, 8);
        else
            std::memcpy(&chunk, word + i, rest);
        chunk |= kLowerBits;
        if (rest < 8)
            chunk &= (std::uint64_t{1} << (8 * rest)) - 1;
        std::memcpy(lower.data() + i, &chunk, 8);
        hash.add(chunk);
    }
    Start start;
    std::memcpy(&start, lower.data(), std::min(padded, sizeof start));
    return addLowerCase({lower.data(), bytes}, start, hash.value());
}

std::uint32_t Vocabulary::addShort(std::uint64_t lowerCase, std::size_t bytes)
{
    WordHash hash(bytes);
    hash.add(lowerCase);
    std::array<char, 8> letters;
    std::memcpy(letters.data(), &lowerCase, sizeof lowerCase);
    return addLowerCase({letters.data(), bytes}, {lowerCase, 0}, hash.value());
}

std::uint32_t Vocabulary::add(std::string_view word)
{
    m_lower.clear();
    appendLowerCase(m_lower, word);
    Start start;
    std::memcpy(&start, m_lower.data(), std::min(sizeof start, m_lower.size()));
    return addLowerCase(m_lower, start, hashOf(m_lower));
}

std::uint32_t Vocabulary::addLowerCase(std::string_view lowerCase, const Start& start,
                                       std::uint32_t hash)
{
    std::uint32_t slot = hash & m_mask;
    std::uint32_t index = m_slots[slot];
    for (; index != 0; slot = (slot + 1) & m_mask, index = m_slots[slot]) {
        const Known& known = m_known[index - 1];
        if (known.hash == hash && known.start == start && known.bytes == lowerCase.size() &&
            (lowerCase.size() <= sizeof start || word(index - 1) == lowerCase))
            break;
    }
    if (index == 0) {
        learn(slot, lowerCase, start, hash);
        index = static_cast<std::uint32_t>(m_known.size());
    }
    Known& known = m_known[index - 1];
    if (known.text != m_text) {
        known.text = m_text;
        known.number = static_cast<std::uint32_t>(m_present.size());
        m_present.push_back(m_traits[index - 1]);
        m_counts.push_back(0);
    }
    ++m_counts[known.number];
    return known.number;
}

void Vocabulary::learn(std::uint32_t slot, std::string_view lowerCase, const Start& start,
                       std::uint32_t hash)
{
    WordTraits traits;
    traits.offset = static_cast<std::uint32_t>(m_arena.size());
    traits.codePoints = static_cast<std::uint32_t>(codePointCount(lowerCase));
    traits.syllables = syllableCount(lowerCase);
    if (const Lexicons::Entry* entry = m_lexicons.find(lowerCase, hash)) {
        traits.lists = entry->lists;
        traits.valence = entry->valence;
        traits.phraseToken = entry->phraseToken;
        traits.phraseStart = entry->phraseStart;
    }
    if (m_lexicons.hasContractedSuffix(lowerCase))
        traits.lists |= listBit(WordList::Contraction);
    const bool longer = traits.codePoints > 4;
    traits.formal =
        (traits.lists & kFormalLists) != 0 || (longer && m_lexicons.hasNominalSuffix(lowerCase));
    traits.contextual =
        (traits.lists & kContextualLists) != 0 || (longer && lowerCase.ends_with("ly"));
    m_arena.append(lowerCase);
    m_traits.push_back(traits);
    m_known.push_back({start, hash, static_cast<std::uint32_t>(lowerCase.size()), 0, 0});
    m_slots[slot] = static_cast<std::uint32_t>(m_known.size());
    if (m_known.size() * 2 > m_slots.size())
        grow();
}

void Vocabulary::grow()
{
    m_slots.assign(m_slots.size() * 2, 0);
    m_mask = static_cast<std::uint32_t>(m_slots.size() - 1);
    for (std::size_t i = 0; i < m_known.size(); ++i) {
        std::uint32_t slot = m_known[i].hash & m_mask;
        while (m_slots[slot] != 0)
            slot = (slot + 1) & m_mask;
        m_slots[slot] = static_cast<std::uint32_t>(i + 1);
    }
}

} // namespace signalbox
