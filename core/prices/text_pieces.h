// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "token_data.h"

#include <cstddef>
#include <string_view>

namespace signalbox::o200k {

/// Cuts a text into the pieces that o200k_base encodes one by one, without a regular expression
/// (its pattern looks ahead, which ours cannot). In words, and in this order:
///
///     a word: capitals, then small letters, with one sign that is no letter, number or line end
///         before it, and 's, 't, 're, 've, 'm, 'll, 'd after it; letters without case are both
///     the same with capitals only
///     up to three digits
///     signs, with a blank before them and line ends and slashes after them
///     white space up to its last line end
///     white space but for the last, if something follows
///     white space
///
/// Source: the pattern of o200k_base in tiktoken 0.14.0, read as its regular expressions are
/// (leftmost alternative, greedy, giving back). O(n) but for runs of capitals, which are looked at
/// twice.
class TextPieces
{
public:
    /// @param text  well-formed UTF-8; must outlive this object and the pieces
    TextPieces(std::string_view text, const TokenData& data) : m_text(text), m_data(data) {}

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    /// The next piece, never empty. All pieces together are the text.
    [[nodiscard]] std::string_view next();

private:
    struct Character
    {
        CharacterClass kind = CharacterClass::Other;
        std::size_t bytes = 0; ///< 0 at the end of the text
    };
    enum class WordShape { EndsSmall, Capitals };

    [[nodiscard]] Character at(std::size_t offset) const;
    template<class Accepts>
    [[nodiscard]] std::size_t skip(std::size_t offset, Accepts accepts) const;

    // Each gives the end of the piece that begins at an offset, or that offset if there is none.
    [[nodiscard]] std::size_t wordEnd(std::size_t begin) const;
    [[nodiscard]] std::size_t lettersEnd(std::size_t begin, WordShape shape) const;
    [[nodiscard]] std::size_t contractionEnd(std::size_t begin) const;
    [[nodiscard]] std::size_t digitsEnd(std::size_t begin) const;
    [[nodiscard]] std::size_t signsEnd(std::size_t begin) const;
    [[nodiscard]] std::size_t whiteSpaceEnd(std::size_t begin) const;

    std::string_view m_text;
    const TokenData& m_data;
    std::size_t m_at = 0;
};

} // namespace signalbox::o200k
