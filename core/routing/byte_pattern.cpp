// SPDX-License-Identifier: Apache-2.0
#include "byte_pattern.h"

#include "text_measures.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox {

namespace {

constexpr char32_t kLastCodePoint = 0x10FFFF;
constexpr int kMostRepeats = 255;
constexpr int kDeepest = 100;

struct CodePointRange
{
    char32_t first = 0;
    char32_t last = 0;
};
using CharSet = std::vector<CodePointRange>; // sorted, apart

void appendByte(std::string& out, unsigned byte)
{
    constexpr const char* kDigits = "0123456789abcdef";
    out += "\\x";
    out += kDigits[byte >> 4 & 15];
    out += kDigits[byte & 15];
}

void appendByteRange(std::string& out, unsigned first, unsigned last)
{
    if (first == last)
        return appendByte(out, first);
    out += '[';
    appendByte(out, first);
    out += '-';
    appendByte(out, last);
    out += ']';
}

CharSet normalized(CharSet set)
{
    std::ranges::sort(set, {}, &CodePointRange::first);
    CharSet merged;
    for (const CodePointRange& range : set) {
        if (!merged.empty() && range.first <= merged.back().last + 1)
            merged.back().last = std::max(merged.back().last, range.last);
        else
            merged.push_back(range);
    }
    return merged;
}

/// Adds the other case of every ASCII letter.
void foldCase(CharSet& set)
{
    const std::size_t count = set.size();
    const auto addShifted = [&](const CodePointRange& range, char32_t first, char32_t last) {
        const char32_t from = std::max(range.first, first);
        const char32_t to = std::min(range.last, last);
        if (from <= to)
            set.push_back({from ^ 0x20, to ^ 0x20});
    };
    for (std::size_t i = 0; i < count; ++i) {
        const CodePointRange range = set[i];
        addShifted(range, U'a', U'z');
        addShifted(range, U'A', U'Z');
    }
}

CharSet complementOf(const CharSet& set)
{
    CharSet rest;
    char32_t next = 0;
    for (const CodePointRange& range : set) {
        if (range.first > next)
            rest.push_back({next, range.first - 1});
        next = range.last + 1;
    }
    if (next <= kLastCodePoint)
        rest.push_back({next, kLastCodePoint});
    return rest;
}

/// Code points from `first` to `last` as alternatives of byte ranges. The range is cut until all
/// its sequences have one length and differ in trailing bytes only over their whole span.
void appendUtf8Alternatives(std::vector<std::string>& out, char32_t first, char32_t last)
{
    if (first > last)
        return;
    for (const char32_t end : {0x7FU, 0x7FFU, 0xD7FFU, 0xDFFFU, 0xFFFFU}) {
        if (first <= end && last > end) {
            appendUtf8Alternatives(out, first, end);
            appendUtf8Alternatives(out, end + 1, last);
            return;
        }
    }
    if (first >= 0xD800 && first <= 0xDFFF)
        return; // surrogates are no UTF-8
    for (int trailing = 1; trailing <= 3; ++trailing) {
        const char32_t low = (char32_t{1} << (6 * trailing)) - 1;
        if (last <= 0x7F || (first & ~low) == (last & ~low))
            continue;
        if ((first & low) != 0) {
            appendUtf8Alternatives(out, first, first | low);
            appendUtf8Alternatives(out, (first | low) + 1, last);
            return;
        }
        if ((last & low) != low) {
            appendUtf8Alternatives(out, first, (last & ~low) - 1);
            appendUtf8Alternatives(out, last & ~low, last);
            return;
        }
    }
    std::string from;
    std::string to;
    appendUtf8(from, first);
    appendUtf8(to, last);
    std::string sequence;
    for (std::size_t i = 0; i < from.size(); ++i)
        appendByteRange(sequence, static_cast<unsigned char>(from[i]),
                        static_cast<unsigned char>(to[i]));
    out.push_back(std::move(sequence));
}

std::string bytePatternOf(const CharSet& set)
{
    std::string ascii;
    std::vector<std::string> alternatives;
    for (const CodePointRange& range : set) {
        const char32_t asciiLast = std::min<char32_t>(range.last, 0x7F);
        if (range.first <= 0x7F) {
            appendByte(ascii, range.first);
            if (asciiLast > range.first) {
                ascii += '-';
                appendByte(ascii, asciiLast);
            }
        }
        appendUtf8Alternatives(alternatives, std::max<char32_t>(range.first, 0x80), range.last);
    }
    if (!ascii.empty())
        alternatives.insert(alternatives.begin(), ascii.size() == 4 ? ascii : '[' + ascii + ']');
    if (alternatives.size() == 1 && set.front().last <= 0x7F)
        return alternatives.front();
    std::string pattern = "(?:";
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
        if (i > 0)
            pattern += '|';
        pattern += alternatives[i];
    }
    return pattern + ')';
}

/// Recursive descent over the subset's grammar; writes the byte pattern as it reads.
class Translator
{
public:
    Translator(std::string_view pattern, bool ignoreCase)
        : m_pattern(pattern), m_ignoreCase(ignoreCase)
    {}

    Result<std::string> translate()
    {
        std::string out = alternation(0);
        if (m_problem.empty() && m_at < m_pattern.size())
            refuse("a closing parenthesis without its opening one");
        if (!m_problem.empty())
            return fail(ErrorCode::InvalidArgument, std::move(m_problem), {},
                        "keep to literals, classes, (?:…), |, * + ? {m,n}, ^ and $");
        return out;
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_pattern.size() || !m_problem.empty(); }
    [[nodiscard]] char peek() const { return m_pattern[m_at]; }
    bool take(std::string_view text)
    {
        if (atEnd() || !m_pattern.substr(m_at).starts_with(text))
            return false;
        m_at += text.size();
        return true;
    }

    std::string refuse(const std::string& what)
    {
        if (m_problem.empty())
            m_problem = "the expression has " + what + " at character " +
                        std::to_string(codePointCount(m_pattern.substr(0, m_at)) + 1);
        return {};
    }

    std::string alternation(int depth)
    {
        std::string out = sequence(depth);
        while (take("|"))
            out += '|' + sequence(depth);
        return out;
    }

    std::string sequence(int depth)
    {
        std::string out;
        while (!atEnd() && peek() != '|' && peek() != ')')
            out += repeated(depth);
        return out;
    }

    std::string repeated(int depth)
    {
        if (take("^"))
            return anchor("^");
        if (take("$"))
            return anchor("\\z");
        std::string out = atom(depth);
        if (!atEnd() && isQuantifierStart(peek()))
            out += quantifier();
        if (!atEnd() && isQuantifierStart(peek()))
            return refuse("a repeat of a repeat");
        return out;
    }

    std::string anchor(const char* text)
    {
        if (!atEnd() && isQuantifierStart(peek()))
            return refuse("a repeated anchor");
        return text;
    }

    static bool isQuantifierStart(char c) { return c == '*' || c == '+' || c == '?' || c == '{'; }

    std::string quantifier()
    {
        for (const char* const simple : {"*", "+", "?"}) {
            if (take(simple))
                return simple;
        }
        take("{");
        const std::optional<int> low = number();
        if (!low)
            return refuse("a brace that is no repeat");
        std::optional<int> high = low;
        const bool comma = take(",");
        if (comma)
            high = number();
        if (!take("}"))
            return refuse("a brace that is no repeat");
        if (*low > kMostRepeats || high.value_or(0) > kMostRepeats || high.value_or(*low) < *low)
            return refuse("a repeat outside of 0 to 255");
        std::string out = '{' + std::to_string(*low);
        if (comma)
            out += ',' + (high ? std::to_string(*high) : std::string());
        return out + '}';
    }

    std::optional<int> number()
    {
        std::optional<int> value;
        while (!atEnd() && peek() >= '0' && peek() <= '9' && value.value_or(0) < 100'000)
            value = value.value_or(0) * 10 + (m_pattern[m_at++] - '0');
        return value;
    }

    std::string atom(int depth)
    {
        if (take("(?:"))
            return group(depth);
        if (take("["))
            return characterClass();
        switch (peek()) {
        case '(':
            return refuse("a group other than (?:…)");
        case '.':
            return refuse("a dot");
        case '*':
        case '+':
        case '?':
        case '{':
            return refuse("a repeat of nothing");
        default:
            break;
        }
        const char32_t literal = character(false);
        CharSet set = {{literal, literal}};
        if (m_ignoreCase)
            foldCase(set);
        return m_problem.empty() ? bytePatternOf(normalized(std::move(set))) : std::string();
    }

    std::string group(int depth)
    {
        if (depth >= kDeepest)
            return refuse("groups nested too deeply");
        const std::string inside = alternation(depth + 1);
        if (!take(")"))
            return refuse("a group that is not closed");
        return "(?:" + inside + ')';
    }

    std::string characterClass()
    {
        const bool negated = take("^");
        CharSet set;
        while (!atEnd() && peek() != ']') {
            const char32_t first = character(true);
            char32_t last = first;
            if (m_at + 1 < m_pattern.size() && peek() == '-' && m_pattern[m_at + 1] != ']') {
                ++m_at;
                last = character(true);
            }
            if (last < first)
                return refuse("a class range that runs backwards");
            set.push_back({first, last});
        }
        if (!take("]"))
            return refuse("a class that is not closed");
        if (set.empty())
            return refuse("an empty class");
        if (m_ignoreCase)
            foldCase(set);
        set = normalized(std::move(set));
        if (negated)
            set = complementOf(set);
        return set.empty() ? refuse("a class that matches nothing") : bytePatternOf(set);
    }

    char32_t character(bool inClass)
    {
        if (atEnd()) {
            refuse("nothing where a character should be");
            return 0;
        }
        if (take("\\"))
            return escaped();
        if (inClass && peek() == '[') {
            refuse("an opening bracket inside a class");
            return 0;
        }
        const DecodedCodePoint point = decodeCodePoint(m_pattern, m_at);
        m_at += point.bytes;
        return point.value;
    }

    char32_t escaped()
    {
        if (atEnd()) {
            refuse("a backslash at the end");
            return 0;
        }
        const char c = peek();
        ++m_at;
        switch (c) {
        case 'n':
            return U'\n';
        case 'r':
            return U'\r';
        case 't':
            return U'\t';
        case 'f':
            return U'\f';
        default:
            break;
        }
        if (isAsciiWordByte(c) || static_cast<unsigned char>(c) >= 0x80) {
            refuse(std::string("the escape \\") + c);
            return 0;
        }
        return static_cast<unsigned char>(c);
    }

    std::string_view m_pattern;
    bool m_ignoreCase;
    std::size_t m_at = 0;
    std::string m_problem;
};

} // namespace

Result<std::string> toBytePattern(std::string_view pattern, bool ignoreCase)
{
    return Translator(pattern, ignoreCase).translate();
}

} // namespace signalbox
