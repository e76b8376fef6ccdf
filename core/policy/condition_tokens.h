// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the library's own use: the words and signs of a condition's text (condition_text.h).

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::conditiontext {

enum class TokenKind {
    End,
    Word,    ///< a bare name or a keyword
    Name,    ///< `in backquotes`
    Text,    ///< "in quotes"
    Pattern, ///< /between slashes/, and an "i" behind them
    Number,
    Sign, ///< = != < >= && ! and the like
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    Comma,
    Colon,
    Bad, ///< not of the language; `problem` says why
};

struct Token
{
    TokenKind kind = TokenKind::End;
    std::size_t start = 0;
    std::size_t end = 0;
    std::string value; ///< the text without its quotes and escapes, else as written
    double number = 0;
    bool ignoreCase = false; ///< of a pattern
    std::string problem;     ///< a sentence
};

/// Never fails: what is none of the language becomes a Bad token. The last one is End. O(n).
[[nodiscard]] std::vector<Token> tokensOf(std::string_view text);

/// Words that mean something else than a name, whatever their case.
[[nodiscard]] bool isKeyword(std::string_view word);

/// Whether a name can stand without backquotes.
[[nodiscard]] bool isBareName(std::string_view name);

/// The text with its quotes and escapes, so that it is read back byte for byte.
[[nodiscard]] std::string quotedText(std::string_view text, char quote);

/// Whether an expression can stand between slashes and be read back as it is.
[[nodiscard]] bool fitsBetweenSlashes(std::string_view pattern);
[[nodiscard]] std::string slashedPattern(std::string_view pattern);

} // namespace signalbox::conditiontext
