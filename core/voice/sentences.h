// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lexicons.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace signalbox {

// Where words and sentences of one line begin and end, as voice-1 says. Lines are well-formed
// UTF-8.

[[nodiscard]] bool startsWord(std::string_view line, std::size_t offset);

/// A word from its first letter or digit on.
struct WordSpan
{
    std::size_t end = 0;
    bool ascii = true; ///< all of it
};
/// A run of letters and digits; an apostrophe between two letters stays inside.
/// @param start  startsWord(line, start)
[[nodiscard]] WordSpan wordAt(std::string_view line, std::size_t start);

/// A word of ASCII letters and digits that fits in one register, the first one lowest, zeros
/// behind.
struct ShortWord
{
    std::uint64_t lowerCase = 0;
    std::size_t bytes = 0; ///< 0: not such a word, or not to be told at once; `wordAt` knows
};
/// Most words, without a branch a letter.
/// @param start  startsWord(line, start)
[[nodiscard]] ShortWord shortWordAt(std::string_view line, std::size_t start);

/// Marks of markdown that may close a sentence beside quotes and brackets.
inline constexpr std::string_view kClosingMarks = "*_`";

/// A run of . ! ? with what closes behind it.
struct SentenceEnd
{
    std::size_t end = 0;  ///< behind the closing quotes and brackets
    std::size_t next = 0; ///< where the text goes on
    bool ends = false;    ///< whether a sentence ends here
};
/// A run ends a sentence before white space or the end of the line; but a single period does not
/// after an abbreviation, nor a run that starts with a period before a lower-case letter.
/// @param start  of a run of . ! ?
/// @param more   characters that may close a sentence beside quotes and brackets
[[nodiscard]] SentenceEnd sentenceEndAt(std::string_view line, std::size_t start,
                                        const Lexicons& lexicons, std::string_view more = {});

/// Ends of the sentences of a line of markdown, behind the marks that close them; the last one is
/// the end of the line.
[[nodiscard]] std::vector<std::size_t> sentenceEnds(std::string_view line,
                                                    const Lexicons& lexicons);

[[nodiscard]] inline bool isSentencePunctuation(char c)
{
    return c == '.' || c == '!' || c == '?';
}

/// Whether a text ends inside fenced code or with it.
[[nodiscard]] bool endsInCode(std::string_view text);

/// Takes the next line off the front of `text`, without its line end.
[[nodiscard]] std::string_view takeLine(std::string_view& text);

/// Words of any text, lines and all.
[[nodiscard]] std::size_t wordCount(std::string_view text);
[[nodiscard]] bool hasWords(std::string_view text);

} // namespace signalbox
