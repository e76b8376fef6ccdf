// SPDX-License-Identifier: Apache-2.0
#include "character.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::sample {

namespace {

constexpr Character kCautious = {
    .manner = Manner::Cautious,
    .opener = 0.55,
    .closer = 0.45,
    .hedge = 0.24,
    .connector = 0.30,
    .contraction = 0.20,
    .exclamation = 0.08,
    .growth = 2.0,
    .summary = 0.6,
    .details = 2.9,
    .cautions = 1.0,
    .asides = 2.4,
    .steps = 0.40,
    .numberedList = 0.55,
    .bold = 0.06,
    .moodSpread = 0.9,
};

constexpr Character kDirect = {
    .manner = Manner::Direct,
    .opener = 0.42,
    .closer = 0.27,
    .hedge = 0.13,
    .connector = 0.22,
    .contraction = 0.32,
    .exclamation = 0.12,
    .summary = 0.15,
    .details = 1.7,
    .cautions = 0.6,
    .asides = 0.6,
    .steps = 0.26,
    .numberedList = 0.5,
    .bold = 0.04,
    .moodSpread = 0.9,
};

constexpr Character kCreative = {
    .manner = Manner::Creative,
    .opener = 0.70,
    .closer = 0.50,
    .flourish = 0.25,
    .hedge = 0.10,
    .connector = 0.25,
    .contraction = 0.50,
    .exclamation = 0.16,
    .emoji = 0.07,
    .details = 1.6,
    .cautions = 0.35,
    .asides = 0.4,
    .steps = 0.40,
    .numberedList = 0.75,
    .heading = 0.28,
    .bullets = 0.30,
    .bold = 0.22,
    .moodSpread = 1.4,
};

/// A style guide in lower case, cut into clauses: "no" reaches to the end of its own clause.
class Guide
{
public:
    explicit Guide(std::string_view text) : m_text(text)
    {
        for (char& c : m_text)
            if (c >= 'A' && c <= 'Z')
                c = char(c - 'A' + 'a');
    }

    bool mentions(std::initializer_list<std::string_view> words) const
    {
        return std::ranges::any_of(words, [this](std::string_view word) {
            return findWord(word, 0) != std::string::npos;
        });
    }

    bool forbids(std::initializer_list<std::string_view> words) const
    {
        return std::ranges::any_of(words, [this](std::string_view word) {
            const std::size_t at = findWord(word, 0);
            return at != std::string::npos && isNegated(at);
        });
    }

    /// The number before "sentences" or "words", at most two words away.
    std::optional<int> limitOf(std::string_view unit) const
    {
        const std::size_t at = findWord(unit, 0);
        if (at == std::string::npos)
            return std::nullopt;
        std::string_view before = std::string_view(m_text).substr(0, at);
        for (int word = 0; word < 2; ++word) {
            while (!before.empty() && !isLetterOrDigit(before.back()))
                before.remove_suffix(1);
            std::size_t start = before.size();
            while (start > 0 && isLetterOrDigit(before[start - 1]))
                --start;
            if (const auto number = numberOf(before.substr(start)))
                return number;
            before = before.substr(0, start);
        }
        return std::nullopt;
    }

private:
    static bool isLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

    static std::optional<int> numberOf(std::string_view word)
    {
        static constexpr std::array<std::string_view, 12> kNames = {
            "one",   "two",   "three", "four", "five",   "six",
            "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
        const auto named = std::ranges::find(kNames, word);
        if (named != kNames.end())
            return int(named - kNames.begin()) + 1;
        int number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        const bool isWhole = error == std::errc{} && end == word.data() + word.size();
        return isWhole && number > 0 ? std::optional(number) : std::nullopt;
    }

    /// Finds a word by its beginning, so that "list" finds "lists" but not "enlist".
    std::size_t findWord(std::string_view beginning, std::size_t from) const
    {
        for (std::size_t at = m_text.find(beginning, from); at != std::string::npos;
             at = m_text.find(beginning, at + 1))
            if (at == 0 || !isLetterOrDigit(m_text[at - 1]))
                return at;
        return std::string::npos;
    }

    bool isNegated(std::size_t at) const
    {
        const std::size_t clause = m_text.find_last_of(".;!\n", at) + 1; // npos + 1 is 0
        std::string before = " " + m_text.substr(clause, at - clause);
        for (const std::string_view word : {" no ", " without ", " avoid ", " never ", " not ",
                                            "n't ", " skip ", " leave out ", " omit "})
            if (before.find(word) != std::string::npos)
                return true;
        return false;
    }

    std::string m_text;
};

void dropMarkdown(Character& character)
{
    character.heading = 0;
    character.bullets = 0;
    character.bold = 0;
    character.numberedList = 0;
}

void dropCheer(Character& character)
{
    character.exclamation = 0;
    character.emoji = 0;
    character.flourish = 0;
}

void applyProhibitions(Character& character, const Guide& guide)
{
    if (guide.forbids({"markdown", "formatting"}))
        dropMarkdown(character);
    if (guide.forbids({"list", "bullet"}))
        character.bullets = character.numberedList = 0;
    if (guide.forbids({"heading", "header"}))
        character.heading = 0;
    if (guide.forbids({"bold"}))
        character.bold = 0;
    if (guide.forbids({"emoji"}))
        character.emoji = 0;
    if (guide.forbids({"exclamation"}))
        character.exclamation = character.flourish = 0;
    if (guide.forbids({"greeting", "preamble", "opener", "pleasantries"}))
        character.opener = 0;
    if (guide.forbids({"closing", "closer", "offer", "sign-off"}))
        character.closer = 0;
    if (guide.forbids({"contraction"}))
        character.contraction = 0;
    if (guide.forbids({"hedg"}))
        character.hedge = 0;
}

void applyTone(Character& character, const Guide& guide)
{
    if (guide.mentions({"plain"})) {
        dropMarkdown(character);
        dropCheer(character);
    }
    if (guide.mentions({"formal"})) {
        character.contraction = 0;
        dropCheer(character);
        character.manner = Manner::Cautious;
    }
    if (guide.mentions({"informal", "casual"}))
        character.contraction = 0.9;
    if (guide.mentions({"warm", "friendly", "kind"})) {
        character.manner = Manner::Warm;
        character.opener = 0.8;
        character.closer = 0.4;
    }
    if (guide.mentions({"direct", "to the point"})) {
        character.opener = 0;
        character.hedge *= 0.3;
    }
}

void applyLength(Character& character, const Guide& guide)
{
    if (guide.mentions({"brief", "concise"})) {
        character.summary = 0;
        character.growth = std::min(character.growth, 1.0);
        character.details *= 0.4;
        character.cautions *= 0.4;
        character.asides = 0;
        character.steps *= 0.3;
        character.opener *= 0.5;
    }
    if (guide.mentions({"detailed", "thorough"})) {
        character.details *= 1.6;
        character.steps = std::max(character.steps, 0.6);
    }
    character.maxSentences = guide.limitOf("sentence");
    character.maxWords = guide.limitOf("words");
}

} // namespace

Character characterOf(std::string_view upstreamModel)
{
    if (upstreamModel == "gpt-4")
        return kCautious;
    if (upstreamModel == "palm-2")
        return kCreative;
    return kDirect;
}

Character underStyleGuide(Character character, std::string_view styleGuide)
{
    if (styleGuide.empty())
        return character;
    const Guide guide(styleGuide);
    applyTone(character, guide);
    applyLength(character, guide);
    applyProhibitions(character, guide);
    return character;
}

} // namespace signalbox::sample
