// SPDX-License-Identifier: Apache-2.0
#include "text_matcher.h"

#include "byte_pattern.h"
#include "required_bytes.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <utility>

namespace signalbox {

Result<std::unique_ptr<re2::RE2>> compileExpression(std::string_view pattern, bool ignoreCase)
{
    const auto bytes = toBytePattern(pattern, ignoreCase);
    if (!bytes)
        return Unexpected(bytes.error());
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingLatin1); // one byte, one character
    options.set_log_errors(false);
    options.set_max_mem(std::int64_t{32} << 20);
    auto expression = std::make_unique<RE2>(*bytes, options);
    if (!expression->ok())
        return fail(ErrorCode::InvalidArgument, "the expression is too large to be matched", {},
                    "use fewer or smaller repeats");
    return expression;
}

bool matchesSomewhere(const re2::RE2& expression, std::string_view text)
{
    return expression.Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, nullptr,
                            0);
}

TextMatcher::TextMatcher() = default;
TextMatcher::~TextMatcher() = default;

Result<std::shared_ptr<const TextMatcher>> TextMatcher::compile(std::vector<TextPattern> patterns)
{
    std::shared_ptr<TextMatcher> matcher(new TextMatcher);
    std::vector<std::uint16_t>& literalHits = matcher->m_literalHits;
    std::vector<Literal> literals;
    for (const TextPattern& pattern : patterns) {
        if (pattern.kind == TextPattern::Kind::Regex)
            continue;
        if (pattern.text.empty()) {
            matcher->m_always.push_back(pattern.hit);
            continue;
        }
        const auto known = std::ranges::find(literalHits, pattern.hit);
        literals.push_back({pattern.text, pattern.ignoreCase,
                            pattern.kind == TextPattern::Kind::Word,
                            static_cast<std::uint16_t>(known - literalHits.begin())});
        if (known == literalHits.end())
            literalHits.push_back(pattern.hit);
    }
    matcher->m_passHits = literalHits.size();
    std::vector<LiteralRun> runs;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (patterns[i].kind != TextPattern::Kind::Regex)
            continue;
        auto expression = compileExpression(patterns[i].text, patterns[i].ignoreCase);
        if (!expression) {
            expression.error().where = std::to_string(i);
            return Unexpected(std::move(expression.error()));
        }
        matcher->addExpression(patterns[i].hit, std::move(*expression), runs);
    }
    if (runs.empty()) { // nothing to tell apart: the pass sets the hits themselves
        for (Literal& literal : literals)
            literal.hit = literalHits[literal.hit];
        matcher->m_passHits = 0;
    }
    matcher->m_literals = LiteralMatcher(std::move(literals), std::move(runs));
    matcher->m_patterns = std::move(patterns);
    return matcher;
}

void TextMatcher::addExpression(std::uint16_t hit, std::unique_ptr<RE2> expression,
                                std::vector<LiteralRun>& runs)
{
    std::uint16_t clue = kNoClue;
    if (m_passHits < kMostPassHits) {
        std::vector<ByteRun> required = requiredRunsOf(expression->pattern());
        if (!required.empty())
            clue = static_cast<std::uint16_t>(m_passHits++);
        for (ByteRun& run : required)
            runs.push_back({std::move(run), clue});
    }
    m_expressions.push_back({hit, std::move(expression), clue});
}

void TextMatcher::scan(std::string_view text, std::uint8_t* hits) const
{
    for (const std::uint16_t hit : m_always)
        hits[hit] = 1;
    std::array<std::uint8_t, kMostPassHits + 1> found;
    if (m_passHits == 0) {
        m_literals.scan(text, hits);
    } else {
        std::fill_n(found.begin(), m_passHits, std::uint8_t{0});
        m_literals.scan(text, found.data());
        for (std::size_t i = 0; i < m_literalHits.size(); ++i)
            hits[m_literalHits[i]] |= found[i];
    }
    found[kNoClue] = 1;
    for (const Expression& one : m_expressions) {
        if (hits[one.hit] == 0 && found[one.clue] != 0 && matchesSomewhere(*one.expression, text))
            hits[one.hit] = 1;
    }
}

} // namespace signalbox
