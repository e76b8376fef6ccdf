// SPDX-License-Identifier: Apache-2.0
#include "required_bytes.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kMostRuns = 12;
constexpr std::size_t kLongestRun = 12;
constexpr std::size_t kWindow = 3; ///< places that the search for runs tells them apart by
/// Runs that a usual text has more of, per position, are no help.
constexpr double kLargestShare = 0.005;

using Runs = std::vector<ByteRun>;

/// What is known of the matches of a part of an expression.
struct Matches
{
    bool areAll = false; ///< `heads` is every match, and so is `tails`
    Runs heads;          ///< each match begins with one of them
    Runs tails;          ///< … and ends with one
    Runs inside;         ///< … and holds one; none: not known
};

/// Of nothing but the empty text, and of anything.
Matches emptyText()
{
    return {true, {{}}, {{}}, {{}}};
}
Matches anyText()
{
    return {false, {{}}, {{}}, {}};
}

double shareOf(const Runs& runs)
{
    double share = runs.empty() ? 2 : 0;
    for (const ByteRun& run : runs)
        share += rarestWindow(run, kWindow).share;
    return share;
}

const Runs& rarer(const Runs& a, const Runs& b)
{
    return shareOf(b) < shareOf(a) ? b : a;
}

/// Every run of `a` before every run of `b`; nothing if those are too many.
Runs joined(const Runs& a, const Runs& b)
{
    Runs made;
    if (a.size() * b.size() > kMostRuns)
        return made;
    for (const ByteRun& first : a) {
        for (const ByteRun& second : b) {
            made.push_back(first);
            made.back().insert(made.back().end(), second.begin(), second.end());
        }
    }
    return made;
}

void addTo(Runs& runs, const Runs& others)
{
    for (const ByteRun& other : others) {
        if (std::ranges::find(runs, other) == runs.end())
            runs.push_back(other);
    }
}

std::size_t longestOf(const Runs& runs)
{
    std::size_t longest = 0;
    for (const ByteRun& run : runs)
        longest = std::max(longest, run.size());
    return longest;
}

/// Heads and tails as short as they need to be; a part whose matches got too long or too many keeps
/// what is known of their ends.
Matches trimmed(Matches matches)
{
    if (longestOf(matches.heads) > kLongestRun)
        matches.areAll = false;
    if (matches.areAll)
        return matches;
    for (ByteRun& head : matches.heads)
        head.resize(std::min(head.size(), kLongestRun));
    for (ByteRun& tail : matches.tails) {
        const std::size_t size = std::min(tail.size(), kLongestRun);
        tail.erase(tail.begin(), tail.end() - static_cast<std::ptrdiff_t>(size));
    }
    for (ByteRun& run : matches.inside) {
        if (run.size() <= kLongestRun)
            continue;
        const std::size_t first =
            std::min(rarestWindow(run, kWindow).first, run.size() - kLongestRun);
        run = {run.begin() + static_cast<std::ptrdiff_t>(first),
               run.begin() + static_cast<std::ptrdiff_t>(first + kLongestRun)};
    }
    return matches;
}

Matches sequenceOf(const Matches& a, const Matches& b)
{
    Matches both;
    const Runs seam = joined(a.tails, b.heads);
    both.areAll = a.areAll && b.areAll && !seam.empty();
    both.heads = a.areAll ? joined(a.heads, b.heads) : a.heads;
    both.tails = b.areAll ? joined(a.tails, b.tails) : b.tails;
    if (both.heads.empty())
        both.heads = a.heads;
    if (both.tails.empty())
        both.tails = b.tails;
    both.inside = rarer(rarer(a.inside, b.inside), seam);
    return trimmed(std::move(both));
}

Matches eitherOf(const Matches& a, const Matches& b)
{
    Matches either = a;
    addTo(either.heads, b.heads);
    addTo(either.tails, b.tails);
    addTo(either.inside, b.inside);
    if (a.inside.empty() || b.inside.empty() || either.inside.size() > kMostRuns)
        either.inside.clear();
    either.areAll = a.areAll && b.areAll && either.heads.size() <= kMostRuns;
    for (Runs* ends : {&either.heads, &either.tails}) {
        const bool isAny = ends->size() > kMostRuns || std::ranges::any_of(*ends, &ByteRun::empty);
        if (isAny && !either.areAll)
            *ends = {{}};
    }
    return either;
}

Matches repeated(const Matches& part, int low, int high)
{
    if (low == 0)
        return high == 1 ? eitherOf(part, emptyText()) : anyText();
    Matches made = part;
    for (int i = 1; i < std::min(low, static_cast<int>(kLongestRun)); ++i)
        made = sequenceOf(made, part);
    if (high != low || low > static_cast<int>(kLongestRun))
        made.areAll = false;
    return made;
}

/// Recursive descent over what toBytePattern() writes.
class Reader
{
public:
    explicit Reader(std::string_view pattern) : m_pattern(pattern) {}

    Matches alternatives()
    {
        Matches matches = sequence();
        while (take("|"))
            matches = eitherOf(matches, sequence());
        return matches;
    }

private:
    [[nodiscard]] bool atEnd() const { return m_at >= m_pattern.size(); }
    [[nodiscard]] bool take(std::string_view text)
    {
        if (!m_pattern.substr(m_at).starts_with(text))
            return false;
        m_at += text.size();
        return true;
    }

    Matches sequence()
    {
        Matches matches = emptyText();
        while (!atEnd() && m_pattern[m_at] != '|' && m_pattern[m_at] != ')') {
            if (take("^") || take("\\z"))
                continue; // where a match stands, not what it is
            matches = sequenceOf(matches, quantified(atom()));
        }
        return matches;
    }

    Matches atom()
    {
        if (take("(?:")) {
            Matches matches = alternatives();
            (void)take(")");
            return matches;
        }
        ByteSet bytes;
        if (!take("[")) {
            bytes.set(byte());
        } else {
            while (!take("]")) {
                const unsigned first = byte();
                const unsigned last = take("-") ? byte() : first;
                for (unsigned b = first; b <= last; ++b)
                    bytes.set(b);
            }
        }
        return {true, {{bytes}}, {{bytes}}, {{bytes}}};
    }

    unsigned byte() // "\xHH"
    {
        unsigned value = 0;
        const char* const digits = m_pattern.data() + m_at + 2;
        std::from_chars(digits, digits + 2, value, 16);
        m_at += 4;
        return value;
    }

    Matches quantified(Matches part)
    {
        if (take("*"))
            return anyText();
        if (take("+"))
            return repeated(part, 1, -1);
        if (take("?"))
            return repeated(part, 0, 1);
        if (!take("{"))
            return part;
        const int low = number();
        const int high = !take(",") ? low : m_pattern[m_at] == '}' ? -1 : number();
        (void)take("}");
        return repeated(part, low, high);
    }

    int number()
    {
        int value = 0;
        const char* const begin = m_pattern.data() + m_at;
        const auto [end, problem] =
            std::from_chars(begin, m_pattern.data() + m_pattern.size(), value);
        m_at += static_cast<std::size_t>(end - begin);
        return value;
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
};

} // namespace

std::vector<ByteRun> requiredRunsOf(std::string_view bytePattern)
{
    Runs runs = Reader(bytePattern).alternatives().inside;
    if (shareOf(runs) > kLargestShare)
        runs.clear();
    return runs;
}

} // namespace signalbox
