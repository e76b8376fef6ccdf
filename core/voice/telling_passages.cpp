// SPDX-License-Identifier: Apache-2.0
#include "telling_passages.h"

#include "character_class.h"
#include "lexicons.h"
#include "voice_features.h"

#include <algorithm>
#include <string>

namespace signalbox {

namespace {

/// How far a passage grows, in words, at most to the ends of its clause.
struct Growth
{
    std::size_t before = 0; ///< to the start of the clause if it is so near, or not at all
    std::size_t after = 0;
    bool isBackwards = false; ///< `before` words even if the clause starts earlier
};

constexpr std::size_t kWholeClause = 10;

Growth growthOf(std::size_t feature)
{
    switch (feature) {
    case feature::Politeness:
    case feature::Disclaimers:
        return {3, 4};
    case feature::FirstSingular:
    case feature::FirstPlural:
        return {3, 2};
    case feature::Hedges:
    case feature::Second:
    case feature::Negations:
        return {2, 2};
    case feature::Obligations:
        return {2, 3};
    case feature::Enthusiasm:
        return {2, 1};
    case feature::Contractions:
        return {1, 1};
    case feature::Boosters:
    case feature::Third:
        return {0, 1};
    case feature::Imperatives:
    case feature::OrderedItems:
    case feature::UnorderedItems:
    case feature::ListShare:
        return {0, 3};
    case feature::OpensCertainly:
    case feature::OpensHere:
    case feature::OpensRefusing:
    case feature::OpensPraising:
    case feature::Headers:
        return {0, kWholeClause};
    case feature::Exclamations:
    case feature::Questions:
        return {6, 0, true};
    case feature::Dashes:
        return {1, 1, true};
    case feature::Parentheses:
        return {0, kWholeClause};
    default:
        return {};
    }
}

/// Marks that are heard by the word they stand at.
bool growsToWord(std::size_t feature)
{
    switch (feature) {
    case feature::Commas:
    case feature::Semicolons:
    case feature::Colons:
    case feature::Quotes:
    case feature::Parentheses:
    case feature::Hyphens:
    case feature::Dashes:
    case feature::Exclamations:
    case feature::Questions:
        return true;
    default:
        return false;
    }
}

/// Ends a clause, as far as a mark may grow; markdown and quotes may close behind it.
bool endsClause(std::string_view word)
{
    const std::size_t last = word.find_last_not_of("*_`\"')");
    return last != std::string_view::npos &&
           (std::string_view(",;:.!?").find(word[last]) != std::string_view::npos ||
            word.ends_with(')'));
}

/// One line of the text in words between spaces.
class Line
{
public:
    Line() = default;
    /// @param at  a byte of the line
    Line(std::string_view text, std::size_t at)
    {
        constexpr std::string_view kEnds = "\r\n";
        const std::size_t before = text.substr(0, at).find_last_of(kEnds);
        m_begin = before == std::string_view::npos ? 0 : before + 1;
        m_end = std::min(text.find_first_of(kEnds, at), text.size());
        for (std::size_t i = m_begin; i < m_end;) {
            const std::size_t next = std::min(text.find_first_of(" \t", i), m_end);
            if (next > i)
                m_words.push_back({i, next - i});
            i = next + 1;
        }
    }

    [[nodiscard]] bool holds(std::size_t at) const { return at >= m_begin && at < m_end; }
    [[nodiscard]] const std::vector<Passage>& words() const { return m_words; }
    /// The word that holds a byte, or the first one behind it.
    [[nodiscard]] std::size_t wordAt(std::size_t byte) const
    {
        const auto found = std::ranges::upper_bound(
            m_words, byte, {}, [](const Passage& word) { return word.begin + word.length - 1; });
        const bool isThere =
            found != m_words.begin() && byte < (found - 1)->begin + (found - 1)->length;
        return static_cast<std::size_t>((isThere ? found - 1 : found) - m_words.begin());
    }

private:
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::vector<Passage> m_words;
};

class Grower
{
public:
    Grower(std::string_view text, std::size_t feature)
        : m_text(text), m_growth(growthOf(feature)), m_toWord(growsToWord(feature)),
          m_lexicons(builtInLexicons())
    {}

    [[nodiscard]] Passage grown(const Passage& span)
    {
        if (m_growth.before == 0 && m_growth.after == 0 && !m_toWord)
            return span;
        const std::size_t end = span.begin + span.length;
        const std::size_t from = start(span.begin);
        const std::size_t to = std::max(end, finish(end));
        return {from, to - from};
    }

private:
    [[nodiscard]] std::string_view word(const Passage& span) const
    {
        return m_text.substr(span.begin, span.length);
    }
    /// Of a byte. The spans come in order, so that each line is read once.
    [[nodiscard]] const Line& lineOf(std::size_t byte)
    {
        if (!m_line.holds(byte))
            m_line = Line(m_text, byte);
        return m_line;
    }
    [[nodiscard]] std::size_t start(std::size_t begin);
    [[nodiscard]] std::size_t finish(std::size_t end);
    [[nodiscard]] bool isSmallWord(std::string_view word) const;

    std::string_view m_text;
    Growth m_growth;
    bool m_toWord;
    const Lexicons& m_lexicons;
    Line m_line;
};

std::size_t Grower::start(std::size_t begin)
{
    const Line& line = lineOf(begin);
    const auto& words = line.words();
    const std::size_t own = line.wordAt(begin);
    if (own >= words.size())
        return begin;
    std::size_t at = own;
    while (at > 0 && own - at < m_growth.before && !endsClause(word(words[at - 1])))
        --at;
    const bool isClauseStart = at == 0 || endsClause(word(words[at - 1]));
    if (at < own && (isClauseStart || m_growth.isBackwards))
        return words[at].begin;
    return m_toWord ? std::min(begin, words[own].begin) : begin;
}

/// A word that leads on: a passage does not break off behind it.
bool Grower::isSmallWord(std::string_view word) const
{
    const Lexicons::Entry* entry = m_lexicons.find(toLowerCase(word));
    constexpr WordLists kSmall = listBit(WordList::Article) | listBit(WordList::Preposition) |
                                 listBit(WordList::FirstSingular) | listBit(WordList::FirstPlural) |
                                 listBit(WordList::Second);
    return entry != nullptr && (entry->lists & kSmall) != 0;
}

std::size_t Grower::finish(std::size_t end)
{
    const Line& line = lineOf(end - 1);
    const auto& words = line.words();
    const std::size_t own = line.wordAt(end - 1);
    if (own >= words.size())
        return end;
    std::size_t at = own;
    while (at + 1 < words.size() && at - own < m_growth.after && !endsClause(word(words[at])))
        ++at;
    const bool isWhole = endsClause(word(words[at])) || at + 1 == words.size();
    while (!isWhole && at > own && isSmallWord(word(words[at])))
        --at;
    if (m_toWord)
        return words[at].begin + words[at].length;
    if (at == own)
        return end;
    // What closes the clause is no part of what is heard.
    const std::string_view last = word(words[at]);
    const std::size_t kept = last.find_last_not_of(",;:.!?*_`\"')");
    return kept == std::string_view::npos ? words[at].begin : words[at].begin + kept + 1;
}

} // namespace

std::vector<Passage> tellingPassages(std::string_view text, std::size_t feature)
{
    std::vector<Passage> spans = featureSpans(text, feature);
    Grower grower(text, feature);
    for (Passage& span : spans)
        span = grower.grown(span);
    return joined(std::move(spans));
}

} // namespace signalbox
