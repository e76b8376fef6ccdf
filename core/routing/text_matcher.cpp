// SPDX-License-Identifier: Apache-2.0
#include "text_matcher.h"

#include "byte_pattern.h"

#include <re2/re2.h>

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
    std::vector<Literal> literals;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        const TextPattern& pattern = patterns[i];
        if (pattern.kind == TextPattern::Kind::Regex) {
            auto expression = compileExpression(pattern.text, pattern.ignoreCase);
            if (!expression) {
                expression.error().where = std::to_string(i);
                return Unexpected(std::move(expression.error()));
            }
            matcher->m_expressions.push_back({pattern.hit, std::move(*expression)});
        } else if (pattern.text.empty()) {
            matcher->m_always.push_back(pattern.hit);
        } else {
            literals.push_back({pattern.text, pattern.ignoreCase,
                                pattern.kind == TextPattern::Kind::Word, pattern.hit});
        }
    }
    matcher->m_literals = LiteralMatcher(std::move(literals));
    matcher->m_patterns = std::move(patterns);
    return matcher;
}

void TextMatcher::scan(std::string_view text, std::uint8_t* hits) const
{
    for (const std::uint16_t hit : m_always)
        hits[hit] = 1;
    m_literals.scan(text, hits);
    for (const Expression& one : m_expressions) {
        if (hits[one.hit] == 0 && matchesSomewhere(*one.expression, text))
            hits[one.hit] = 1;
    }
}

} // namespace signalbox
