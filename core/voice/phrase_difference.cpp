// SPDX-License-Identifier: Apache-2.0
#include "phrase_difference.h"

#include "character_class.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace signalbox {

namespace {

constexpr int kFewestSharedWords = 2;     ///< of what stays between two differences
constexpr std::size_t kMostSteps = 1'000; ///< of the shortest way; beyond it a part is a whole
constexpr int kDeepest = 32;              ///< of words within words that are paired first
constexpr int kNone = -1;

struct Token
{
    TextSpan span;
    int word = 0; ///< equal for equal texts
    bool isWord = false;
};

bool isApostrophe(char32_t c)
{
    return c == U'\'' || c == U'\u2019';
}

/// Scripts that are written without spaces: every character stands for itself.
bool isUnspaced(char32_t c)
{
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

enum class Sort { Space, Letter, Lone, Mark };

Sort sortOf(char32_t c)
{
    if (isSpace(c))
        return Sort::Space;
    if (isUnspaced(c))
        return Sort::Lone;
    const bool isVowelSign = c >= 0x300 && c < 0x2000; // and other marks of letters
    return isAlphanumeric(c) || isVowelSign ? Sort::Letter : Sort::Mark;
}

constexpr char32_t kJoiner = U'\u200D';

/// What changes the picture before it and is none of its own.
bool extendsPicture(char32_t c)
{
    return c == kJoiner || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF) ||
           (c >= 0x20D0 && c <= 0x20FF) || (c >= 0x0300 && c <= 0x036F);
}

/// Words, white space and single marks, which together are the text.
class Tokens
{
public:
    explicit Tokens(std::string_view text) : m_text(text) {}

    /// @return false at the end
    [[nodiscard]] bool next(TextSpan& span, bool& isWord)
    {
        if (m_at >= m_text.size())
            return false;
        span.begin = m_at;
        const Sort sort = sortOf(take());
        isWord = sort == Sort::Letter || sort == Sort::Lone;
        while ((sort == Sort::Space || sort == Sort::Letter) && goesOn(sort))
            take();
        while (sort == Sort::Mark && extendsPicture(peek(m_at).value)) {
            if (take() == kJoiner && m_at < m_text.size())
                take();
        }
        span.end = m_at;
        return true;
    }

private:
    /// At the end: nothing that goes on.
    [[nodiscard]] DecodedCodePoint peek(std::size_t at) const
    {
        return at < m_text.size() ? decodeCodePoint(m_text, at) : DecodedCodePoint{U'\0', 0};
    }
    char32_t take()
    {
        const DecodedCodePoint c = decodeCodePoint(m_text, m_at);
        m_at += c.bytes;
        return c.value;
    }
    /// An apostrophe between letters stays inside.
    [[nodiscard]] bool goesOn(Sort sort) const
    {
        const DecodedCodePoint c = peek(m_at);
        if (c.bytes == 0)
            return false;
        return sortOf(c.value) == sort || (sort == Sort::Letter && isApostrophe(c.value) &&
                                           sortOf(peek(m_at + c.bytes).value) == Sort::Letter);
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

using Vocabulary = std::unordered_map<std::string_view, int>;

std::vector<Token> tokensOf(std::string_view text, Vocabulary& known)
{
    std::vector<Token> tokens;
    Tokens parts(text);
    Token token;
    while (parts.next(token.span, token.isWord)) {
        token.word =
            known.try_emplace(token.span.of(text), static_cast<int>(known.size())).first->second;
        tokens.push_back(token);
    }
    return tokens;
}

/// Which token of the second text each one of the first is, or kNone.
class Pairing
{
public:
    Pairing(const std::vector<Token>& from, const std::vector<Token>& to, std::size_t words)
        : m_from(from), m_to(to), m_pairs(from.size(), kNone), m_seen(words)
    {
        pairUp(0, from.size(), 0, to.size());
    }
    [[nodiscard]] const std::vector<int>& pairs() const { return m_pairs; }
    [[nodiscard]] bool isFinest() const { return m_isFinest; }

private:
    using Place = std::size_t;
    struct Anchor
    {
        Place from = 0;
        Place to = 0;
    };

    void pairUp(Place fromBegin, Place fromEnd, Place toBegin, Place toEnd, int depth = 0);
    [[nodiscard]] std::vector<Anchor> anchors(Place fromBegin, Place fromEnd, Place toBegin,
                                              Place toEnd);
    void shortestWay(Place fromBegin, Place fromEnd, Place toBegin, Place toEnd);
    [[nodiscard]] bool areSame(Place from, Place to) const
    {
        return m_from[from].word == m_to[to].word;
    }
    void pair(Place from, Place to) { m_pairs[from] = static_cast<int>(to); }

    /// Where a word was seen, and how often, in the stretch that is looked at.
    struct Seen
    {
        int from = 0;
        int to = 0;
        Place at = 0; ///< in the second text
    };

    const std::vector<Token>& m_from;
    const std::vector<Token>& m_to;
    std::vector<int> m_pairs;
    std::vector<Seen> m_seen; ///< by word; all empty between two calls
    bool m_isFinest = true;
};

void Pairing::pairUp(Place fromBegin, Place fromEnd, Place toBegin, Place toEnd, int depth)
{
    while (fromBegin < fromEnd && toBegin < toEnd && areSame(fromBegin, toBegin))
        pair(fromBegin++, toBegin++);
    while (fromBegin < fromEnd && toBegin < toEnd && areSame(fromEnd - 1, toEnd - 1))
        pair(--fromEnd, --toEnd);
    if (fromBegin == fromEnd || toBegin == toEnd)
        return;
    std::vector<Anchor> fixed;
    if (depth < kDeepest)
        fixed = anchors(fromBegin, fromEnd, toBegin, toEnd);
    if (fixed.empty()) {
        shortestWay(fromBegin, fromEnd, toBegin, toEnd);
        return;
    }
    Place from = fromBegin;
    Place to = toBegin;
    for (const Anchor& anchor : fixed) {
        pairUp(from, anchor.from, to, anchor.to, depth + 1);
        pair(anchor.from, anchor.to);
        from = anchor.from + 1;
        to = anchor.to + 1;
    }
    pairUp(from, fromEnd, to, toEnd, depth + 1);
}

/// The longest rising sequence of words that both stretches have exactly once.
std::vector<Pairing::Anchor> Pairing::anchors(Place fromBegin, Place fromEnd, Place toBegin,
                                              Place toEnd)
{
    const auto seen = [&](const Token& token) -> Seen& {
        return m_seen[static_cast<std::size_t>(token.word)];
    };
    for (Place i = fromBegin; i < fromEnd; ++i)
        ++seen(m_from[i]).from;
    for (Place j = toBegin; j < toEnd; ++j) {
        Seen& word = seen(m_to[j]);
        ++word.to;
        word.at = j;
    }
    std::vector<Anchor> common;
    for (Place i = fromBegin; i < fromEnd; ++i) {
        const Seen& word = seen(m_from[i]);
        if (m_from[i].isWord && word.from == 1 && word.to == 1)
            common.push_back({i, word.at});
    }
    for (Place i = fromBegin; i < fromEnd; ++i)
        seen(m_from[i]) = {};
    for (Place j = toBegin; j < toEnd; ++j)
        seen(m_to[j]) = {};

    std::vector<int> tails; ///< of the best sequence of each length: its last anchor
    std::vector<int> before(common.size(), kNone);
    for (std::size_t i = 0; i < common.size(); ++i) {
        const auto place = std::ranges::lower_bound(tails, common[i].to, {}, [&](int anchor) {
            return common[static_cast<std::size_t>(anchor)].to;
        });
        if (place != tails.begin())
            before[i] = *(place - 1);
        if (place == tails.end())
            tails.push_back(static_cast<int>(i));
        else
            *place = static_cast<int>(i);
    }
    std::vector<Anchor> rising;
    for (int at = tails.empty() ? kNone : tails.back(); at != kNone;
         at = before[static_cast<std::size_t>(at)])
        rising.push_back(common[static_cast<std::size_t>(at)]);
    std::ranges::reverse(rising);
    return rising;
}

/// Myers' greedy search: after d steps, `reach` has for every diagonal how far the first text can
/// be passed; the reaches of all steps are kept, and the way is read back from the end.
void Pairing::shortestWay(Place fromBegin, Place fromEnd, Place toBegin, Place toEnd)
{
    const auto n = static_cast<int>(fromEnd - fromBegin);
    const auto m = static_cast<int>(toEnd - toBegin);
    const auto most =
        static_cast<int>(std::min(fromEnd - fromBegin + (toEnd - toBegin), kMostSteps));
    const auto areEqual = [&](int x, int y) {
        return areSame(fromBegin + static_cast<Place>(x), toBegin + static_cast<Place>(y));
    };
    std::vector<std::vector<int>> history; ///< by d: the reach on diagonals -d … d
    std::vector<int> reach(2 * static_cast<std::size_t>(most) + 3, 0);
    const auto at = [&](std::vector<int>& row, int diagonal, int middle) -> int& {
        const int place = diagonal + middle;
        return row[static_cast<std::size_t>(place)];
    };
    int steps = kNone;
    for (int d = 0; d <= most && steps == kNone; ++d) {
        for (int k = -d; k <= d; k += 2) {
            const bool isDown =
                k == -d || (k != d && at(reach, k - 1, most + 1) < at(reach, k + 1, most + 1));
            int x = isDown ? at(reach, k + 1, most + 1) : at(reach, k - 1, most + 1) + 1;
            if (d == 0)
                x = 0;
            while (x < n && x - k < m && areEqual(x, x - k))
                ++x;
            at(reach, k, most + 1) = x;
            if (x >= n && x - k >= m)
                steps = d;
        }
        history.emplace_back(reach.begin() + (most + 1 - d), reach.begin() + (most + 2 + d));
    }
    if (steps == kNone) {
        m_isFinest = false;
        return;
    }
    int x = n;
    int y = m;
    for (int d = steps; d > 0; --d) {
        std::vector<int>& before = history[static_cast<std::size_t>(d - 1)];
        const int k = x - y;
        const auto reached = [&](int diagonal) { // on the step before; out of its range: never
            return diagonal < -(d - 1) || diagonal > d - 1 ? kNone : at(before, diagonal, d - 1);
        };
        const bool isDown = k == -d || (k != d && reached(k - 1) < reached(k + 1));
        const int left = isDown ? reached(k + 1) : reached(k - 1) + 1; ///< x after the step
        while (x > left)
            pair(fromBegin + static_cast<Place>(--x), toBegin + static_cast<Place>(--y));
        isDown ? --y : --x;
    }
    while (x > 0)
        pair(fromBegin + static_cast<Place>(--x), toBegin + static_cast<Place>(--y));
}

/// A stretch of both token lists that is the same in both, or not.
struct Stretch
{
    bool isSame = false;
    std::size_t fromBegin = 0, fromEnd = 0, toBegin = 0, toEnd = 0;
};

std::vector<Stretch> stretchesOf(const std::vector<int>& pairs, std::size_t toSize)
{
    std::vector<Stretch> stretches;
    const auto add = [&](bool isSame, std::size_t from, std::size_t to) {
        const std::size_t fromBegin = stretches.empty() ? 0 : stretches.back().fromEnd;
        const std::size_t toBegin = stretches.empty() ? 0 : stretches.back().toEnd;
        if (from == fromBegin && to == toBegin)
            return;
        if (!stretches.empty() && stretches.back().isSame == isSame) {
            stretches.back().fromEnd = from;
            stretches.back().toEnd = to;
            return;
        }
        stretches.push_back({isSame, fromBegin, from, toBegin, to});
    };
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (pairs[i] == kNone)
            continue;
        const auto to = static_cast<std::size_t>(pairs[i]);
        add(false, i, to);
        add(true, i + 1, to + 1);
    }
    add(false, pairs.size(), toSize);
    return stretches;
}

int wordsIn(const std::vector<Token>& tokens, std::size_t begin, std::size_t end)
{
    int words = 0;
    for (std::size_t i = begin; i < end; ++i)
        words += tokens[i].isWord ? 1 : 0;
    return words;
}

/// What is too short to be read as common, between two differences, becomes part of them.
std::vector<Stretch> readable(const std::vector<Stretch>& all, const std::vector<Token>& from)
{
    std::vector<Stretch> kept;
    for (std::size_t i = 0; i < all.size(); ++i) {
        Stretch stretch = all[i];
        const bool isBetween = i > 0 && i + 1 < all.size();
        if (stretch.isSame && isBetween &&
            wordsIn(from, stretch.fromBegin, stretch.fromEnd) < kFewestSharedWords)
            stretch.isSame = false;
        if (!kept.empty() && !kept.back().isSame && !stretch.isSame) {
            kept.back().fromEnd = stretch.fromEnd;
            kept.back().toEnd = stretch.toEnd;
        } else {
            kept.push_back(stretch);
        }
    }
    return kept;
}

/// Bytes of the tokens [begin, end).
TextSpan spanOf(const std::vector<Token>& tokens, std::size_t begin, std::size_t end)
{
    const std::size_t at = begin < tokens.size() ? tokens[begin].span.begin
                           : tokens.empty()      ? 0
                                                 : tokens.back().span.end;
    return {at, begin == end ? at : tokens[end - 1].span.end};
}

} // namespace

PhraseDifference phraseDifference(std::string_view from, std::string_view to)
{
    Vocabulary known;
    const std::vector<Token> before = tokensOf(from, known);
    const std::vector<Token> after = tokensOf(to, known);
    const Pairing pairing(before, after, known.size());
    PhraseDifference difference;
    difference.isFinest = pairing.isFinest();
    using Kind = PhraseChange::Kind;
    for (const Stretch& part : readable(stretchesOf(pairing.pairs(), after.size()), before)) {
        const TextSpan inFrom = spanOf(before, part.fromBegin, part.fromEnd);
        const TextSpan inTo = spanOf(after, part.toBegin, part.toEnd);
        const int left = wordsIn(before, part.fromBegin, part.fromEnd);
        const int come = wordsIn(after, part.toBegin, part.toEnd);
        if (part.isSame) {
            difference.changes.push_back({Kind::Same, inFrom, inTo, left});
            continue;
        }
        if (!inFrom.isEmpty())
            difference.changes.push_back({Kind::Removed, inFrom, {inTo.begin, inTo.begin}, left});
        if (!inTo.isEmpty())
            difference.changes.push_back({Kind::Added, {inFrom.end, inFrom.end}, inTo, come});
        difference.wordsRemoved += left;
        difference.wordsAdded += come;
    }
    return difference;
}

std::vector<TextSpan> wordsOf(std::string_view text)
{
    std::vector<TextSpan> words;
    Tokens parts(text);
    TextSpan span;
    bool isWord = false;
    while (parts.next(span, isWord)) {
        if (isWord)
            words.push_back(span);
    }
    return words;
}

} // namespace signalbox
