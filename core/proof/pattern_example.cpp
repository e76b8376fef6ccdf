// SPDX-License-Identifier: Apache-2.0
#include "pattern_example.h"

#include <core/base/utf8.h>
#include <core/policy/lint.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace signalbox {

namespace {

constexpr int kEndless = std::numeric_limits<int>::max();
constexpr std::size_t kLongestMatch = 100'000; ///< bytes; enough for every nest of repeats

struct CharRange
{
    char32_t first = 0;
    char32_t last = 0;
};

/// Characters to choose from, the most readable first.
constexpr std::u32string_view kPreferred = U"aeionrstlbcdfghjkmpquvwxyz0123456789"
                                           U"AEIONRSTLBCDFGHJKMPQUVWXYZ -_.,:;!?'\"/@#+*=()[]{}"
                                           U"\n\t\u00e9\u4e2d";

} // namespace

struct PatternExample::Part
{
    enum class Kind { Char, Sequence, Choice, Repeat, Start, End };
    Kind kind = Kind::Sequence;
    std::vector<CharRange> chars;
    bool isNegated = false;
    std::vector<Part> parts;
    int least = 1; ///< of a repeat
    int most = 1;

    [[nodiscard]] bool accepts(char32_t c) const
    {
        const bool isIn = std::ranges::any_of(
            chars, [c](const CharRange& range) { return c >= range.first && c <= range.last; });
        return isIn != isNegated;
    }
};

namespace {

using Part = PatternExample::Part;

/// Recursive descent; the expression is known to be portable, so nothing can go wrong.
class Reader
{
public:
    explicit Reader(std::string_view pattern) : m_pattern(pattern) {}

    Part choice()
    {
        Part choice;
        choice.kind = Part::Kind::Choice;
        choice.parts.push_back(sequence());
        while (take('|'))
            choice.parts.push_back(sequence());
        if (choice.parts.size() > 1)
            return choice;
        Part only = std::move(choice.parts.front());
        return only;
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_pattern.size(); }
    bool take(char c)
    {
        if (atEnd() || m_pattern[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    Part sequence()
    {
        Part sequence;
        while (!atEnd() && m_pattern[m_at] != '|' && m_pattern[m_at] != ')')
            sequence.parts.push_back(repeated(atom()));
        return sequence;
    }

    Part atom()
    {
        Part part;
        part.kind = Part::Kind::Char;
        if (take('^')) {
            part.kind = Part::Kind::Start;
        } else if (take('$')) {
            part.kind = Part::Kind::End;
        } else if (take('(')) {
            m_at += 2; // "?:"
            part = choice();
            take(')');
        } else if (take('[')) {
            readClass(part);
        } else {
            const char32_t c = character();
            part.chars.push_back({c, c});
        }
        return part;
    }

    char32_t character()
    {
        if (take('\\')) {
            const DecodedCodePoint point = decodeCodePoint(m_pattern, m_at);
            m_at += point.bytes;
            switch (point.value) {
            case U'n':
                return U'\n';
            case U't':
                return U'\t';
            case U'r':
                return U'\r';
            case U'f':
                return U'\f';
            default:
                return point.value;
            }
        }
        const DecodedCodePoint point = decodeCodePoint(m_pattern, m_at);
        m_at += std::max<std::size_t>(point.bytes, 1);
        return point.value;
    }

    void readClass(Part& part)
    {
        part.isNegated = take('^');
        while (!atEnd() && m_pattern[m_at] != ']') {
            const char32_t first = character();
            char32_t last = first;
            const bool isRange =
                m_at + 1 < m_pattern.size() && m_pattern[m_at] == '-' && m_pattern[m_at + 1] != ']';
            if (isRange) {
                ++m_at;
                last = character();
            }
            part.chars.push_back({first, last});
        }
        take(']');
    }

    int number()
    {
        int value = 0;
        while (!atEnd() && m_pattern[m_at] >= '0' && m_pattern[m_at] <= '9')
            value = std::min(value * 10 + (m_pattern[m_at++] - '0'), 1'000'000);
        return value;
    }

    Part repeated(Part part)
    {
        Part repeat;
        repeat.kind = Part::Kind::Repeat;
        if (take('*')) {
            repeat.least = 0;
            repeat.most = kEndless;
        } else if (take('+')) {
            repeat.most = kEndless;
        } else if (take('?')) {
            repeat.least = 0;
        } else if (take('{')) {
            repeat.least = number();
            repeat.most = repeat.least;
            if (take(','))
                repeat.most = !atEnd() && m_pattern[m_at] == '}' ? kEndless : number();
            take('}');
        } else {
            return part;
        }
        repeat.parts.push_back(std::move(part));
        return repeat;
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
};

std::size_t leastCharsOf(const Part& part)
{
    std::size_t sum = 0;
    switch (part.kind) {
    case Part::Kind::Char:
        return 1;
    case Part::Kind::Start:
    case Part::Kind::End:
        return 0;
    case Part::Kind::Choice: {
        sum = std::numeric_limits<std::size_t>::max();
        for (const Part& each : part.parts)
            sum = std::min(sum, leastCharsOf(each));
        return sum;
    }
    case Part::Kind::Sequence:
        for (const Part& each : part.parts)
            sum += leastCharsOf(each);
        return sum;
    case Part::Kind::Repeat:
        break;
    }
    return static_cast<std::size_t>(part.least) * leastCharsOf(part.parts.front());
}

bool anchored(const Part& part)
{
    return part.kind == Part::Kind::Start || part.kind == Part::Kind::End ||
           std::ranges::any_of(part.parts, anchored);
}

/// Writes one match.
class Writer
{
public:
    explicit Writer(unsigned variant) : m_variant(variant) {}

    void write(const Part& part)
    {
        if (m_match.text.size() > kLongestMatch)
            return;
        switch (part.kind) {
        case Part::Kind::Char:
            appendUtf8(m_match.text, characterOf(part));
            break;
        case Part::Kind::Start:
            m_match.atStart = true;
            break;
        case Part::Kind::End:
            m_match.atEnd = true;
            break;
        case Part::Kind::Sequence:
            for (const Part& each : part.parts)
                write(each);
            break;
        case Part::Kind::Choice:
            write(part.parts[m_variant % part.parts.size()]);
            break;
        case Part::Kind::Repeat: {
            const int more = static_cast<int>(m_variant / 2 % 3);
            const int count = part.most - part.least > more ? part.least + more : part.least;
            for (int i = 0; i < count; ++i)
                write(part.parts.front());
            break;
        }
        }
    }

    [[nodiscard]] PatternMatch take() { return std::move(m_match); }

private:
    [[nodiscard]] char32_t characterOf(const Part& part) const
    {
        const std::size_t skip = m_variant * 7 % 24;
        char32_t chosen = 0;
        std::size_t seen = 0;
        for (const char32_t c : kPreferred) {
            if (!part.accepts(c))
                continue;
            chosen = c;
            if (seen++ == skip)
                break;
        }
        if (chosen != 0)
            return chosen;
        if (!part.isNegated)
            return part.chars.front().first;
        char32_t c = 0x21;
        while (!part.accepts(c) && c < 0xD7FF)
            ++c;
        return c;
    }

    unsigned m_variant;
    PatternMatch m_match;
};

} // namespace

PatternExample::PatternExample(std::unique_ptr<Part> root) : m_root(std::move(root)) {}
PatternExample::PatternExample(PatternExample&&) noexcept = default;
PatternExample& PatternExample::operator=(PatternExample&&) noexcept = default;
PatternExample::~PatternExample() = default;

std::optional<PatternExample> PatternExample::read(std::string_view pattern)
{
    if (!portableRegexProblem(pattern).empty())
        return std::nullopt;
    return PatternExample(std::make_unique<Part>(Reader(pattern).choice()));
}

std::size_t PatternExample::leastChars() const
{
    return leastCharsOf(*m_root);
}

bool PatternExample::hasAnchors() const
{
    return anchored(*m_root);
}

PatternMatch PatternExample::match(unsigned variant) const
{
    Writer writer(variant);
    writer.write(*m_root);
    return writer.take();
}

} // namespace signalbox
