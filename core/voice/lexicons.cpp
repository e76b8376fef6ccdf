// SPDX-License-Identifier: Apache-2.0
#include "lexicons.h"

#include "answer_stats.h"
#include "character_class.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace signalbox {

namespace {

constexpr std::array<std::string_view, kWordListCount> kWordListNames = {
    "hedge", "boost", "polite",  "enthus", "disclaim", "oblig", "connect", "p1s",   "p1p",   "p2",
    "p3",    "neg",   "article", "prep",   "aux",      "adv",   "intj",    "imper", "contrs"};
constexpr std::array<std::string_view, 4> kOpenerNames = {"certainly", "here", "refuse", "praise"};

std::span<const std::string_view> wordsOf(std::span<const EmbeddedList> lists,
                                          std::string_view group, std::string_view name)
{
    const auto it = std::find_if(lists.begin(), lists.end(), [&](const EmbeddedList& list) {
        return group.empty() ? list.name == name
                             : list.name.size() == group.size() + 1 + name.size() &&
                                   list.name.starts_with(group) && list.name.ends_with(name);
    });
    return it == lists.end() ? std::span<const std::string_view>{} : it->words;
}

std::size_t letterIndex(char c)
{
    return static_cast<unsigned char>(c) & 0x7F;
}

bool continuesWord(std::string_view text, std::size_t offset)
{
    if (offset >= text.size())
        return false;
    return text[offset] == '_' || isAlphanumeric(decodeCodePoint(text, offset).value);
}

std::size_t prefixLength(const std::vector<std::string_view>& prefixes, std::string_view line)
{
    if (line.empty())
        return 0;
    for (const std::string_view prefix : prefixes) {
        // The first letter tells most of them apart, without a call.
        if (line.front() == prefix.front() && line.starts_with(prefix) &&
            !continuesWord(line, prefix.size()))
            return prefix.size();
    }
    return 0;
}

std::vector<std::string_view> longestFirst(std::span<const std::string_view> words)
{
    std::vector<std::string_view> sorted(words.begin(), words.end());
    std::sort(sorted.begin(), sorted.end(), [](std::string_view a, std::string_view b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    return sorted;
}

} // namespace

std::uint32_t hashOf(std::string_view word)
{
    WordHash hash(word.size());
    for (std::size_t i = 0; i < word.size(); i += 8) {
        std::uint64_t chunk = 0;
        std::memcpy(&chunk, word.data() + i, std::min<std::size_t>(8, word.size() - i));
        hash.add(chunk);
    }
    return hash.value();
}

Lexicons::Lexicons(std::span<const EmbeddedList> lists, std::span<const EmbeddedValence> valences)
{
    std::size_t total = valences.size();
    for (const EmbeddedList& list : lists)
        total += list.words.size() * 4; // a phrase brings up to a handful of words
    m_slots.assign(std::bit_ceil(total * 2 + 16), {});
    m_slotMask = static_cast<std::uint32_t>(m_slots.size() - 1);

    for (const EmbeddedValence& valence : valences)
        m_entries[insert(valence.word)].valence = valence.valence;
    for (std::size_t i = 0; i < kWordListCount; ++i) {
        const auto list = static_cast<WordList>(i);
        for (const std::string_view word : wordsOf(lists, "lists", kWordListNames[i])) {
            if (word.find(' ') == std::string_view::npos)
                m_entries[insert(word)].lists |= listBit(list);
            else
                addPhrase(word, list);
        }
    }
    const auto abbreviations = wordsOf(lists, {}, "abbreviations");
    m_abbreviations.assign(abbreviations.begin(), abbreviations.end());
    const auto contracted = wordsOf(lists, "lists", "contrsuf");
    m_contractedSuffixes.assign(contracted.begin(), contracted.end());
    for (const std::string_view suffix : wordsOf(lists, {}, "nominalSuffixes"))
        m_nominalSuffixes[letterIndex(suffix.back())].push_back(suffix);
    for (std::size_t i = 0; i < kOpenerNames.size(); ++i)
        m_openers[i] = longestFirst(wordsOf(lists, "openers", kOpenerNames[i]));
    m_summaries = longestFirst(wordsOf(lists, "closers", "summary"));
    for (const std::string_view offer : wordsOf(lists, "closers", "offer")) {
        assert(offer.size() >= StartFilter::kBytes);
        m_offers.push_back(offer);
        m_offerStarts.add(offer);
    }
}

std::uint32_t Lexicons::insert(std::string_view word)
{
    const std::uint32_t hash = hashOf(word);
    std::uint32_t slot = hash & m_slotMask;
    for (; m_slots[slot].entry != 0; slot = (slot + 1) & m_slotMask) {
        if (m_words[m_slots[slot].entry - 1] == word)
            return m_slots[slot].entry - 1;
    }
    assert(m_entries.size() * 2 < m_slots.size());
    m_entries.push_back({});
    m_words.push_back(word);
    m_slots[slot] = {hash, static_cast<std::uint32_t>(m_entries.size())};
    return m_slots[slot].entry - 1;
}

void Lexicons::addPhrase(std::string_view phrase, WordList list)
{
    std::uint32_t node = 0;
    while (!phrase.empty()) {
        const std::size_t end = std::min(phrase.find(' '), phrase.size());
        Entry& entry = m_entries[insert(phrase.substr(0, end))];
        phrase.remove_prefix(std::min(end + 1, phrase.size()));
        if (entry.phraseToken == 0)
            entry.phraseToken = ++m_phraseTokens;
        std::uint32_t next = step(node, entry.phraseToken);
        if (next == 0) {
            next = static_cast<std::uint32_t>(m_nodes.size());
            m_nodes.emplace_back();
            m_nodes[node].children.emplace_back(entry.phraseToken, next);
        }
        if (node == 0)
            entry.phraseStart = next;
        node = next;
    }
    m_nodes[node].lists |= listBit(list);
}

const Lexicons::Entry* Lexicons::find(std::string_view word, std::uint32_t hash) const
{
    for (std::uint32_t slot = hash & m_slotMask; m_slots[slot].entry != 0;
         slot = (slot + 1) & m_slotMask) {
        const std::uint32_t entry = m_slots[slot].entry - 1;
        if (m_slots[slot].hash == hash && m_words[entry] == word)
            return &m_entries[entry];
    }
    return nullptr;
}

std::uint32_t Lexicons::step(std::uint32_t node, std::uint32_t phraseToken) const
{
    for (const auto& [token, child] : m_nodes[node].children) {
        if (token == phraseToken)
            return child;
    }
    return 0;
}

bool Lexicons::isAbbreviation(std::string_view lowerCaseWord) const
{
    return std::find(m_abbreviations.begin(), m_abbreviations.end(), lowerCaseWord) !=
           m_abbreviations.end();
}

bool Lexicons::hasNominalSuffix(std::string_view word) const
{
    const auto& suffixes = m_nominalSuffixes[letterIndex(word.back())];
    return std::any_of(suffixes.begin(), suffixes.end(),
                       [&](std::string_view suffix) { return word.ends_with(suffix); });
}

bool Lexicons::hasContractedSuffix(std::string_view word) const
{
    return std::any_of(m_contractedSuffixes.begin(), m_contractedSuffixes.end(),
                       [&](std::string_view suffix) { return word.ends_with(suffix); });
}

std::size_t Lexicons::openerLength(Opener opener, std::string_view lowerCaseLine) const
{
    return prefixLength(m_openers[static_cast<std::size_t>(opener)], lowerCaseLine);
}

std::size_t Lexicons::summaryLength(std::string_view lowerCaseLine) const
{
    return prefixLength(m_summaries, lowerCaseLine);
}

bool Lexicons::offersHelp(std::string_view lowerCaseLine) const
{
    for (std::size_t i = 0; i + StartFilter::kBytes <= lowerCaseLine.size(); ++i) {
        if (m_offerStarts.mayStart(lowerCaseLine.data() + i) &&
            std::any_of(m_offers.begin(), m_offers.end(), [&](std::string_view offer) {
                return lowerCaseLine.substr(i).starts_with(offer);
            }))
            return true;
    }
    return false;
}

const Lexicons& builtInLexicons()
{
    static const Lexicons lexicons(embeddedLists(), embeddedValences());
    return lexicons;
}

} // namespace signalbox
