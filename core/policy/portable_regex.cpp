// SPDX-License-Identifier: Apache-2.0
#include "lint.h"

#include <core/base/utf8.h>

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace signalbox {

namespace {

constexpr int kMostRepeats = 255;        ///< PostgreSQL's limit of one repeat
constexpr int kMostNestedRepeats = 1000; ///< RE2's limit of the product of nested ones
constexpr std::size_t kDeepestGroup = 100;
constexpr std::size_t kLongestPattern = 10'000; ///< bytes; far below what engines refuse
constexpr char32_t kLastOfBasicPlane = 0xFFFF;

/// A class that engines disagree on, and what to write instead.
struct ClassEscape
{
    char letter;
    std::string_view members; ///< inside of brackets
    bool isNegated;
};
constexpr ClassEscape kClassEscapes[] = {{'d', "0-9", false},        {'D', "0-9", true},
                                         {'w', "A-Za-z0-9_", false}, {'W', "A-Za-z0-9_", true},
                                         {'s', " \\t\\r\\n", false}, {'S', " \\t\\r\\n", true}};

constexpr std::pair<std::string_view, std::string_view> kNamedClasses[] = {
    {"[:alpha:]", "A-Za-z"},    {"[:digit:]", "0-9"},       {"[:alnum:]", "A-Za-z0-9"},
    {"[:upper:]", "A-Z"},       {"[:lower:]", "a-z"},       {"[:space:]", " \\t\\r\\n"},
    {"[:word:]", "A-Za-z0-9_"}, {"[:xdigit:]", "0-9A-Fa-f"}};

constexpr std::pair<std::string_view, std::string_view> kOddGroups[] = {
    {"(?=", "a look-ahead"},    {"(?!", "a negative look-ahead"},
    {"(?<=", "a look-behind"},  {"(?<!", "a negative look-behind"},
    {"(?>", "an atomic group"}, {"(?#", "a comment"},
    {"(?(", "a condition"},     {"(?|", "a branch reset"},
    {"(?R", "a recursion"}};

const ClassEscape* findClassEscape(char letter)
{
    const auto found = std::ranges::find(kClassEscapes, letter, &ClassEscape::letter);
    return found == std::end(kClassEscapes) ? nullptr : found;
}

bool isLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Reads an expression once from left to right, notes the first construct outside of the subset
/// and writes the expression anew with everything replaced that can be.
class RegexReader
{
public:
    explicit RegexReader(std::string_view pattern) : m_pattern(pattern) {}

    void read()
    {
        if (m_pattern.empty())
            return refuse("An empty expression matches every text; write what to look for.");
        if (m_pattern.size() > kLongestPattern)
            return refuse("The expression is longer than 10000 bytes; split it into several.");
        if (firstInvalidUtf8(m_pattern))
            return refuse("The expression is not UTF-8.");
        m_groups.emplace_back();
        takeFlags();
        while (m_at < m_pattern.size() && m_canRewrite)
            readAtom();
        if (m_canRewrite && m_groups.size() > 1)
            refuse("A group is not closed; write \")\" at its end.");
    }

    [[nodiscard]] const std::string& problem() const { return m_problem; }
    [[nodiscard]] std::optional<PortableRegex> rewritten() const
    {
        return m_canRewrite ? std::optional(PortableRegex{m_out, m_ignoreCase}) : std::nullopt;
    }

private:
    enum class Last { Nothing, Atom, Anchor, Repeat };
    struct Group
    {
        int repeats = 1; ///< largest product of counts inside
    };

    [[nodiscard]] bool startsWith(std::string_view text) const
    {
        return m_pattern.substr(m_at).starts_with(text);
    }

    /// Notes a construct that has no rewrite.
    void refuse(std::string sentence)
    {
        m_canRewrite = false;
        if (m_problem.empty())
            m_problem = std::move(sentence);
    }

    /// Notes a construct and goes on with what to write instead of it.
    void replace(std::size_t length, std::string_view reason, std::string_view instead)
    {
        if (m_problem.empty())
            m_problem = here(length) + " " + std::string(reason) + "; write \"" +
                        std::string(instead) + "\".";
        m_out += instead;
        m_at += length;
    }

    /// `"\d" at character 3`
    [[nodiscard]] std::string here(std::size_t length) const
    {
        return '"' + std::string(m_pattern.substr(m_at, length)) + "\" at character " +
               std::to_string(codePointCount(m_pattern.substr(0, m_at)) + 1);
    }

    void takeFlags()
    {
        if (!startsWith("(?i)"))
            return;
        replace(4, "is a flag inside of the expression; take it out and ignore case by the option",
                "");
        m_problem = "\"(?i)\" is a flag inside of the expression, which not every router reads; "
                    "take it out and set \"ignoreCase\".";
        m_ignoreCase = true;
    }

    void copy(std::size_t length)
    {
        m_out += m_pattern.substr(m_at, length);
        m_at += length;
    }

    void atomRead(int repeats = 1)
    {
        m_last = Last::Atom;
        m_repeats = repeats;
        m_groups.back().repeats = std::max(m_groups.back().repeats, repeats);
    }

    void readAtom()
    {
        switch (m_pattern[m_at]) {
        case '\\':
            return readEscape();
        case '[':
            return readClass();
        case '(':
            return openGroup();
        case ')':
            return closeGroup();
        case '|':
            copy(1);
            m_last = Last::Nothing;
            return;
        case '^':
        case '$':
            copy(1);
            m_last = Last::Anchor;
            return;
        case '*':
        case '+':
        case '?':
            return readRepeat(1, 1);
        case '{':
            return readBraces();
        case '}':
            replace(1, "stands for itself only in some engines", "\\}");
            return atomRead();
        case ']':
            replace(1, "stands for itself only in some engines", "\\]");
            return atomRead();
        case '.':
            replace(1, "does not match the same line ends in every engine", "[^\\n]");
            return atomRead();
        default:
            return readLiteral();
        }
    }

    void readLiteral()
    {
        const DecodedCodePoint point = decodeCodePoint(m_pattern, m_at);
        const std::size_t next = m_at + point.bytes;
        const bool isRepeated =
            next < m_pattern.size() &&
            std::string_view("*+?{").find(m_pattern[next]) != std::string_view::npos;
        if (point.value > kLastOfBasicPlane && isRepeated) {
            replace(point.bytes, "is repeated only by half in some engines",
                    "(?:" + std::string(m_pattern.substr(m_at, point.bytes)) + ")");
        } else {
            copy(point.bytes);
        }
        atomRead();
    }

    void readEscape()
    {
        if (m_at + 1 >= m_pattern.size())
            return refuse("The expression ends in a backslash; write \"\\\\\" for one.");
        const char c = m_pattern[m_at + 1];
        if (const ClassEscape* escape = findClassEscape(c)) {
            replace(2, "means other characters in other engines",
                    std::string(escape->isNegated ? "[^" : "[") + std::string(escape->members) +
                        "]");
            return atomRead();
        }
        if (c == 'A' || c == 'z' || c == 'Z') {
            replace(2, "is not known to every engine", c == 'A' ? "^" : "$");
            m_last = Last::Anchor;
            return;
        }
        if (readPlainEscape(c, "^$\\.*+?()[]{}|/"))
            return atomRead();
        if (c == 'b' || c == 'B') {
            return refuse(here(2) + " is no word border in every engine; write "
                                    "\"(?:^|[^A-Za-z0-9_])\" before the word and "
                                    "\"(?:[^A-Za-z0-9_]|$)\" behind it, or use a keywords signal.");
        }
        if (c >= '1' && c <= '9')
            return refuse(here(2) + " refers back to a group, which most routers cannot; write out "
                                    "what may repeat.");
        refuse(here(2) + " is not read alike by all engines; write the character itself or a class "
                         "such as \"[a-z]\".");
    }

    /// Escapes that mean one character: line ends, `punctuation`, and needless ones, which are
    /// replaced. False for the rest.
    bool readPlainEscape(char c, std::string_view punctuation)
    {
        if (c == 'n' || c == 't' || c == 'r' || c == 'f' ||
            punctuation.find(c) != std::string_view::npos) {
            copy(2);
            return true;
        }
        if (isLetterOrDigit(c))
            return false;
        const std::size_t length = decodeCodePoint(m_pattern, m_at + 1).bytes;
        replace(1 + length, "is escaped without need, which some engines refuse",
                m_pattern.substr(m_at + 1, length));
        return true;
    }

    void openGroup()
    {
        if (m_groups.size() > kDeepestGroup)
            return refuse("Groups are nested deeper than 100 levels; take some out.");
        for (const auto& [opening, name] : kOddGroups) {
            if (startsWith(opening))
                return refuse(here(opening.size()) + " begins " + std::string(name) +
                              ", which most routers cannot; write it as a second condition.");
        }
        m_groups.emplace_back();
        m_last = Last::Nothing;
        if (startsWith("(?:"))
            return copy(3);
        if (startsWith("(?<") || startsWith("(?P<")) {
            const std::size_t end = m_pattern.find('>', m_at);
            if (end != std::string_view::npos)
                return replace(end + 1 - m_at, "is a named group", "(?:");
        }
        if (startsWith("(?") || startsWith("(*"))
            return refuse(here(std::min<std::size_t>(4, m_pattern.size() - m_at)) +
                          " is a flag or verb inside of the expression; write \"(?:\" and set "
                          "\"ignoreCase\" if that is meant.");
        replace(1, "is a group that captures, which is slower and differs between engines", "(?:");
    }

    void closeGroup()
    {
        if (m_groups.size() == 1)
            return refuse(here(1) + " closes no group; write \"\\)\" for a parenthesis.");
        const int repeats = m_groups.back().repeats;
        m_groups.pop_back();
        copy(1);
        atomRead(repeats);
    }

    /// A repeat of the last atom that is `length` long and at most `count` times.
    void readRepeat(std::size_t length, int count)
    {
        if (m_last == Last::Repeat)
            return refuse(here(length) + " repeats a repeat; put the inner one in \"(?:…)\".");
        if (m_last != Last::Atom)
            return refuse(here(length) + " has nothing to repeat; write \"\\" +
                          m_pattern.substr(m_at, 1).data()[0] + "\" for the character.");
        m_repeats *= count;
        m_groups.back().repeats = std::max(m_groups.back().repeats, m_repeats);
        if (m_repeats > kMostNestedRepeats)
            return refuse(here(length) + " makes more than 1000 repeats with those inside of it; "
                                         "use \"*\" or smaller numbers.");
        copy(length);
        m_last = Last::Repeat;
        if (m_at < m_pattern.size() && m_pattern[m_at] == '?')
            replace(1, "makes the repeat lazy, which changes nothing for a match", "");
    }

    std::optional<int> takeNumber(std::size_t& at) const
    {
        int value = 0;
        const char* const last = m_pattern.data() + m_pattern.size();
        const auto read = std::from_chars(m_pattern.data() + at, last, value);
        if (read.ec == std::errc::result_out_of_range)
            value = kMostRepeats + 1;
        else if (read.ec != std::errc() || value < 0)
            return std::nullopt;
        at = static_cast<std::size_t>(read.ptr - m_pattern.data());
        return value;
    }

    void readBraces()
    {
        std::size_t at = m_at + 1;
        const std::optional<int> low = takeNumber(at);
        std::optional<int> high = low;
        const bool hasComma = at < m_pattern.size() && m_pattern[at] == ',';
        if (hasComma) {
            ++at;
            high = takeNumber(at);
        }
        const bool isRepeat = (low || high) && at < m_pattern.size() && m_pattern[at] == '}';
        if (!isRepeat) {
            replace(1, "is no repeat and stands for itself only in some engines", "\\{");
            return atomRead();
        }
        const std::size_t length = at + 1 - m_at;
        if (low.value_or(0) > kMostRepeats || high.value_or(0) > kMostRepeats)
            return refuse(here(length) + " repeats more than 255 times, which PostgreSQL refuses; "
                                         "use \"*\" or \"+\".");
        if (high && low.value_or(0) > *high)
            return refuse(here(length) + " has its numbers in the wrong order; write the smaller "
                                         "one first.");
        if (!low && m_last == Last::Atom) {
            replace(length, "is read as text by some engines",
                    "{0," + std::to_string(high.value_or(0)) + "}");
            m_last = Last::Repeat;
            return;
        }
        readRepeat(length, std::max({low.value_or(0), high.value_or(0), 1}));
    }

    void readClass()
    {
        const std::size_t start = m_at;
        copy(startsWith("[^") ? 2 : 1);
        if (m_at < m_pattern.size() && m_pattern[m_at] == ']')
            return refuse("A class begins with \"]\", which engines read differently; write "
                          "\"\\]\" inside of it.");
        std::optional<char32_t> rangeFrom;
        while (m_at < m_pattern.size() && m_pattern[m_at] != ']' && m_canRewrite)
            readClassMember(start, rangeFrom);
        if (!m_canRewrite)
            return;
        if (m_at >= m_pattern.size())
            return refuse("A class is not closed; write \"]\" at its end.");
        copy(1);
        atomRead();
    }

    /// @param rangeFrom  the member before, if a range may begin with it
    void readClassMember(std::size_t start, std::optional<char32_t>& rangeFrom)
    {
        const char c = m_pattern[m_at];
        const bool isFirst = m_out.ends_with("[") || (m_out.ends_with("[^") && m_at == start + 2);
        if (c == '-' && !isFirst && !(m_at + 1 < m_pattern.size() && m_pattern[m_at + 1] == ']'))
            return readRange(rangeFrom);
        rangeFrom.reset();
        if (c == '[')
            return readBracketInClass();
        if (startsWith("&&") || startsWith("--") || startsWith("~~") || startsWith("||"))
            return refuse(here(2) + " combines classes in some engines; write the character once.");
        if (c == '\\' && m_at + 1 < m_pattern.size()) {
            if (const ClassEscape* escape = findClassEscape(m_pattern[m_at + 1])) {
                if (escape->isNegated)
                    return refuse(here(2) + " inside of a class is not read alike by all engines; "
                                            "list what is meant.");
                return replace(2, "means other characters in other engines", escape->members);
            }
        }
        rangeFrom = readClassCharacter();
    }

    void readBracketInClass()
    {
        for (const auto& [name, members] : kNamedClasses) {
            if (startsWith(name))
                return replace(name.size(), "is a class name that not every engine knows", members);
        }
        readNestedBracket();
    }

    void readNestedBracket() { replace(1, "opens a nested class in some engines", "\\["); }

    void readRange(std::optional<char32_t>& rangeFrom)
    {
        const std::size_t dash = m_at;
        copy(1);
        const std::optional<char32_t> to =
            m_at < m_pattern.size() ? readClassCharacter() : std::nullopt;
        if (!m_canRewrite)
            return;
        if (!rangeFrom || !to || *to < *rangeFrom) {
            m_at = dash;
            return refuse(here(1) + " makes no range from a lower to a higher character; write "
                                    "\"\\-\" for a hyphen.");
        }
        rangeFrom.reset();
    }

    /// One character of a class, also as an escape; nothing after a problem.
    std::optional<char32_t> readClassCharacter()
    {
        if (m_pattern[m_at] == '[') { // behind the hyphen of a range
            readNestedBracket();
            return U'[';
        }
        if (m_pattern[m_at] != '\\') {
            const DecodedCodePoint point = decodeCodePoint(m_pattern, m_at);
            if (point.value > kLastOfBasicPlane) {
                refuse(here(point.bytes) + " is cut in half inside of a class by some engines; "
                                           "write \"(?:…|…)\" instead of the class.");
                return std::nullopt;
            }
            copy(point.bytes);
            return point.value;
        }
        if (m_at + 1 >= m_pattern.size()) {
            refuse("The expression ends in a backslash; write \"\\\\\" for one.");
            return std::nullopt;
        }
        const std::size_t before = m_out.size();
        if (!readPlainEscape(m_pattern[m_at + 1], "^$\\.*+?()[]{}|/-")) {
            refuse(here(2) + " inside of a class is not read alike by all engines; write the "
                             "character itself.");
            return std::nullopt;
        }
        const std::string_view written = std::string_view(m_out).substr(before);
        if (written.size() == 2 && written.front() == '\\') {
            switch (written.back()) {
            case 'n':
                return U'\n';
            case 't':
                return U'\t';
            case 'r':
                return U'\r';
            case 'f':
                return U'\f';
            default:
                return static_cast<unsigned char>(written.back());
            }
        }
        return decodeCodePoint(written, 0).value;
    }

    std::string_view m_pattern;
    std::size_t m_at = 0;
    std::string m_out;
    std::string m_problem;
    bool m_canRewrite = true;
    bool m_ignoreCase = false;
    Last m_last = Last::Nothing;
    int m_repeats = 1;           ///< product of counts of the last atom
    std::vector<Group> m_groups; ///< the open ones, the whole expression first
};

/// What RE2 says: our own reading allows nothing that it refuses, but for sheer size.
std::string engineProblem(std::string_view pattern)
{
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 compiled(re2::StringPiece(pattern.data(), pattern.size()), options);
    return compiled.ok()
               ? std::string()
               : "The expression cannot be compiled: " + compiled.error() + "; make it smaller.";
}

} // namespace

std::string portableRegexProblem(std::string_view pattern)
{
    RegexReader reader(pattern);
    reader.read();
    return reader.problem().empty() ? engineProblem(pattern) : reader.problem();
}

std::optional<PortableRegex> portableRegexRewrite(std::string_view pattern)
{
    RegexReader reader(pattern);
    reader.read();
    auto rewritten = reader.rewritten();
    if (rewritten && !portableRegexProblem(rewritten->pattern).empty())
        return std::nullopt;
    return rewritten;
}

} // namespace signalbox
