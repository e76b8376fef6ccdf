// SPDX-License-Identifier: Apache-2.0
#include "text_writer.h"

#include <core/base/utf8.h>
#include <core/routing/script_of.h>
#include <core/routing/text_measures.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace signalbox {

namespace {

constexpr std::size_t kLongestText = 200'000; ///< code points
constexpr std::string_view kFence = "```";
constexpr std::size_t kFenceChars = 8; ///< two fences with their line ends

/// What to fill a text with: words, and what stands where no word may.
struct Vocabulary
{
    std::span<const std::string_view> words;
    std::string_view separator;
    std::string_view pad; ///< one code point that is no letter
};

constexpr std::array<std::string_view, 26> kOrderWords = {
    "Hello,", "my",    "order", "came", "late.", "Please",  "look", "at",   "it",
    "again,", "since", "the",   "bill", "shows", "another", "sum",  "than", "the",
    "one",    "that",  "I",     "paid", "when",  "it",      "left", "you."};
constexpr std::array<std::string_view, 16> kThanksWords = {
    "Thank", "you",  "for", "your", "quick", "help", "so",     "far;",
    "now",   "tell", "us",  "what", "we",    "owe",  "please", "today."};
constexpr std::array<std::string_view, 7> kGermanWords = {"Guten", "Tag,", "unser", "Paket",
                                                          "kam",   "nun",  "an."};
constexpr std::array<std::string_view, 5> kDigitWords = {"12", "7", "305", "48", "6"};
constexpr std::array<std::string_view, 4> kShortWords = {"z", "Z", "q", "Q"};
constexpr std::array<std::string_view, 3> kOtherWords = {"\u00f6", "\u00fc", "\u00e4"};

constexpr std::array<Vocabulary, kTextVariants> kVocabularies = {{
    {kOrderWords, " ", "."},
    {kThanksWords, " ", "."},
    {kOrderWords, "\n", "-"},
    {kGermanWords, " ", "-"},
    {kDigitWords, " ", ","},
    {kShortWords, " ", "*"},
    {kOtherWords, "\n", "\u2026"},
    {kShortWords, "-", " "},
}};

/// Words of one script, none with marks, which are no letters.
struct ScriptWords
{
    std::string_view script;
    std::span<const std::string_view> words;
};

constexpr std::array<std::string_view, 3> kCyrillicWords = {"Где", "мой", "заказ"};
constexpr std::array<std::string_view, 3> kGreekWords = {"Πού", "είναι", "το"};
constexpr std::array<std::string_view, 3> kHanWords = {"你好", "我的", "包裹"};
constexpr std::array<std::string_view, 2> kKanaWords = {"こんにちは", "おはよう"};
constexpr std::array<std::string_view, 2> kHangulWords = {"안녕하세요", "주문"};
constexpr std::array<std::string_view, 3> kThaiWords = {"ของ", "มา", "ตอน"};
constexpr std::array<std::string_view, 3> kArabicWords = {"سلام", "اين", "طلب"};
constexpr std::array<std::string_view, 3> kDevanagariWords = {"अब", "घर", "कब"};
constexpr std::array<std::string_view, 2> kHebrewWords = {"שלום", "איפה"};
constexpr std::array<std::string_view, 2> kGeorgianWords = {"გამარჯობა", "სად"};

constexpr std::array<ScriptWords, 11> kScriptWords = {{
    {"cyrillic", kCyrillicWords},
    {"greek", kGreekWords},
    {"han", kHanWords},
    {"kana", kKanaWords},
    {"hangul", kHangulWords},
    {"thai", kThaiWords},
    {"arabic", kArabicWords},
    {"devanagari", kDevanagariWords},
    {"hebrew", kHebrewWords},
    {"other", kGeorgianWords},
    {"none", kDigitWords},
}};
constexpr std::size_t kMostOutweighing = 2000; ///< words against what must stand in another script

/// The words of the variant in the wanted script; what is no letter stays as it is.
Vocabulary vocabularyFor(unsigned variant, std::string_view script)
{
    Vocabulary vocabulary = kVocabularies[variant % kTextVariants];
    const auto found = std::ranges::find(kScriptWords, script, &ScriptWords::script);
    if (found != kScriptWords.end())
        vocabulary.words = found->words;
    return vocabulary;
}

/// One code point of most words' bytes is one byte; the few others are one letter long.
std::string cutTo(std::string_view word, std::size_t chars)
{
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < chars && bytes < word.size(); ++i)
        bytes += decodeCodePoint(word, bytes).bytes;
    return std::string(word.substr(0, bytes));
}

/// Writes one text: what must be present, then words until every count is reached.
class Writer
{
public:
    Writer(const TextNeeds& needs, unsigned variant)
        : m_needs(needs), m_variant(variant), m_vocabulary(vocabularyFor(variant, needs.script))
    {}

    std::optional<std::string> write()
    {
        if (m_needs.chars.least > kLongestText || m_needs.words.least > kLongestText ||
            m_needs.lines.least > kLongestText)
            return std::nullopt;
        placePresent();
        if (!fill())
            return std::nullopt;
        const std::string text = m_text + (m_tail.empty() ? "" : glue()) + m_tail;
        const bool isRight = hasScript(text) && m_needs.chars.has(codePointCount(text)) &&
                             m_needs.words.has(countWords(text)) &&
                             m_needs.lines.has(countLines(text));
        return isRight ? std::optional(text) : std::nullopt;
    }

private:
    [[nodiscard]] bool hasScript(const std::string& text) const
    {
        return m_needs.script.empty() || scriptOf(text) == m_needs.script;
    }

    [[nodiscard]] std::string glue() const
    {
        return m_text.empty() ? std::string() : std::string(m_vocabulary.separator);
    }

    void placePresent()
    {
        std::vector<const PatternMatch*> chosen;
        for (const auto& group : m_needs.present) {
            if (!group.empty())
                chosen.push_back(&group[m_variant % group.size()]);
        }
        std::ranges::stable_sort(chosen, std::ranges::greater{}, [](const PatternMatch* match) {
            return std::pair(match->atStart, match->text.size());
        });
        for (const PatternMatch* match : chosen) {
            if (match->atEnd)
                m_tail = match->text;
            else if (match->atStart || m_text.find(match->text) == std::string::npos)
                m_text += glue() + match->text;
        }
    }

    /// Fills until the least counts are there. Nothing asked for: a short sentence.
    bool fill()
    {
        const std::string tail = m_tail.empty() ? "" : glue() + m_tail;
        std::size_t chars = codePointCount(m_text) + codePointCount(tail);
        std::size_t words = countWords(m_text) + countWords(tail);
        std::size_t lines = std::max<std::size_t>(1, countLines(m_text + tail));
        std::size_t wantedWords = m_needs.words.least;
        if (m_text.empty() && m_tail.empty() && m_needs.chars.most > 0)
            wantedWords = std::max(wantedWords, std::min<std::size_t>(5, m_needs.words.most));
        // Line ends first, so that what follows stands on lines of its own.
        while (lines < m_needs.lines.least) {
            const bool withWord = words < wantedWords && m_needs.words.has(words + 1);
            const bool isFirst = withWord && m_text.empty();
            const std::size_t length = addPiece(isFirst ? "" : "\n", withWord, chars,
                                                wantedWords - std::min(words + 1, wantedWords));
            if (length == 0)
                return false;
            words += withWord ? 1 : 0;
            chars += length;
            lines += isFirst ? 0 : 1;
        }
        while (words < wantedWords || (chars < m_needs.chars.least && words < m_needs.words.most)) {
            const std::size_t missing = wantedWords - std::min(words + 1, wantedWords);
            const std::size_t length = addPiece(glue(), true, chars, missing);
            if (length == 0) {
                if (words >= m_needs.words.least)
                    break;
                return false;
            }
            chars += length;
            ++words;
        }
        // What has to be present may be of another script.
        for (std::size_t i = 0;
             i < kMostOutweighing && words < m_needs.words.most && !hasScript(m_text + tail); ++i) {
            const std::size_t length = addPiece(glue(), true, chars, 0);
            if (length == 0)
                break;
            chars += length;
            ++words;
        }
        for (; chars < m_needs.chars.least; ++chars)
            m_text += m_vocabulary.pad;
        // A line end that nothing follows begins no line.
        if (countLines(m_text + tail) < m_needs.lines.least)
            m_text += '\n';
        return true;
    }

    /// The number of code points added; 0 if there is no room.
    std::size_t addPiece(std::string_view before, bool withWord, std::size_t chars,
                         std::size_t wordsToCome)
    {
        const std::size_t taken = codePointCount(before) + 2 * wordsToCome;
        const std::size_t room = m_needs.chars.most - std::min(chars, m_needs.chars.most);
        if (room < taken + (withWord ? 1 : 0))
            return 0;
        std::string piece(before);
        if (withWord) {
            const auto& words = m_vocabulary.words;
            piece += cutTo(words[m_nextWord++ % words.size()], room - taken);
        }
        m_text += piece;
        return codePointCount(piece);
    }

    const TextNeeds& m_needs;
    unsigned m_variant;
    const Vocabulary m_vocabulary;
    std::string m_text;
    std::string m_tail; ///< what has to stand at the end
    std::size_t m_nextWord = 0;
};

bool isIn(const NumberRange& range, double value)
{
    return NumberRange{value, value}.isInside(range);
}

/// A text with a fenced part of the wanted share.
std::optional<std::string> writeWithCode(const TextNeeds& needs, unsigned variant)
{
    TextNeeds inner = needs;
    inner.codeShare = {0, 1};
    inner.chars = needs.chars.without(kFenceChars);
    inner.lines = needs.lines.without(2);
    const auto fenced = [](const std::string& text) {
        return std::string(kFence) + '\n' + text + '\n' + std::string(kFence);
    };
    if (isIn(needs.codeShare, 1)) {
        const auto code = writeText(inner, variant);
        return code ? std::optional(fenced(*code)) : std::nullopt;
    }
    const double share = (needs.codeShare.low + needs.codeShare.high) / 2;
    inner.chars.least = 0;
    for (std::size_t least = 12; least <= 4096; least *= 2) {
        inner.chars.least = std::min(least, inner.chars.most);
        const auto code = writeText(inner, variant);
        if (!code)
            continue;
        const auto block = static_cast<double>(codePointCount(*code) + kFenceChars);
        TextNeeds outer;
        const double beside = std::round(block * (1 - share) / share);
        if (!(beside >= 2 && beside < static_cast<double>(kLongestText)))
            continue;
        outer.chars.least = static_cast<std::size_t>(beside) - 1;
        outer.chars.most = outer.chars.least;
        outer.lines.most = 1;
        outer.script = needs.script;
        const auto intro = writeText(outer, variant % 2);
        if (!intro)
            continue;
        std::string text = *intro + '\n' + fenced(*code);
        if (isIn(needs.codeShare, codeShareOf(text)) && needs.chars.has(codePointCount(text)))
            return text;
    }
    return std::nullopt;
}

} // namespace

void CountRange::intersect(const CountRange& other)
{
    least = std::max(least, other.least);
    most = std::min(most, other.most);
}

CountRange CountRange::without(std::size_t count) const
{
    return {least - std::min(least, count),
            most == kNoMost ? kNoMost : most - std::min(most, count)};
}

void TextNeeds::merge(const TextNeeds& other)
{
    present.insert(present.end(), other.present.begin(), other.present.end());
    chars.intersect(other.chars);
    words.intersect(other.words);
    lines.intersect(other.lines);
    codeShare.intersect(other.codeShare);
    if (script.empty())
        script = other.script;
}

std::optional<std::string> writeText(const TextNeeds& needs, unsigned variant)
{
    if (!isIn(needs.codeShare, 0))
        return writeWithCode(needs, variant);
    if (needs.chars.least > needs.chars.most || needs.words.least > needs.words.most ||
        needs.lines.least > needs.lines.most)
        return std::nullopt;
    if (needs.chars.most == 0 || needs.lines.most == 0)
        return needs.asksForSomething() ? std::nullopt : std::optional<std::string>("");
    return Writer(needs, variant).write();
}

} // namespace signalbox
