// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "literal_matcher.h"

#include <core/base/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace signalbox {

/// One thing to look for in a text.
struct TextPattern
{
    enum class Kind {
        Literal, ///< anywhere
        Word,    ///< not inside a longer run of ASCII letters, digits and underscores
        Regex,   ///< a portable expression (design.md section 4)
    };
    Kind kind = Kind::Literal;
    std::string text;
    bool ignoreCase = false; ///< ASCII letters only
    std::uint16_t hit = 0; ///< which of the scan's answers it sets; several patterns may share one
    bool operator==(const TextPattern&) const = default;
};

/// A portable expression ready to match: RE2 on bytes, so that it means the same everywhere.
/// InvalidArgument if it is not portable or too large.
[[nodiscard]] Result<std::unique_ptr<re2::RE2>> compileExpression(std::string_view pattern,
                                                                  bool ignoreCase);
[[nodiscard]] bool matchesSomewhere(const re2::RE2& expression, std::string_view text);

/// Finds all patterns of one text scope: every literal in one pass, together with bytes that the
/// expressions' matches cannot do without; then each expression whose bytes are there in one.
/// Immutable; shared between threads and policies.
class TextMatcher
{
public:
    /// Errors are those of the expressions; `where` is the index of the pattern as text.
    [[nodiscard]] static Result<std::shared_ptr<const TextMatcher>>
    compile(std::vector<TextPattern> patterns);

    ~TextMatcher();
    TextMatcher(const TextMatcher&) = delete;
    TextMatcher& operator=(const TextMatcher&) = delete;

    [[nodiscard]] const std::vector<TextPattern>& patterns() const { return m_patterns; }

    /// Sets hits[pattern.hit] to 1 for each pattern found; leaves all others as they are, so the
    /// caller clears them first. Allocates nothing but the states an expression sees first.
    void scan(std::string_view text, std::uint8_t* hits) const;

private:
    struct Expression
    {
        std::uint16_t hit = 0;
        std::unique_ptr<re2::RE2> expression;
        std::uint16_t clue = 0; ///< which hit of the literals' pass says that it is worth a search
    };

    /// Hits of a pass over the literals where it also looks for expressions' bytes. What goes
    /// beyond is searched for every time.
    static constexpr std::size_t kMostPassHits = 512;
    static constexpr std::uint16_t kNoClue = kMostPassHits;

    TextMatcher();
    void addExpression(std::uint16_t hit, std::unique_ptr<re2::RE2> expression,
                       std::vector<LiteralRun>& runs);

    std::vector<TextPattern> m_patterns;
    std::vector<std::uint16_t> m_always; ///< hits of empty literals, which are found in every text
    LiteralMatcher m_literals;
    std::vector<std::uint16_t> m_literalHits; ///< hit per hit of the pass; clues come after them
    std::size_t m_passHits = 0;
    std::vector<Expression> m_expressions;
};

} // namespace signalbox
