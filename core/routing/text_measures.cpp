// SPDX-License-Identifier: Apache-2.0
#include "text_measures.h"

#include <core/base/ascii.h>
#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <cstring>

namespace signalbox {

namespace {

bool isApostrophe(char32_t codePoint)
{
    return codePoint == U'\'' || codePoint == U'\u2018' || codePoint == U'\u2019';
}

/// The fence a line starts with ('`' or '~'), or 0.
char fenceOf(std::string_view line)
{
    constexpr std::size_t kMostIndent = 12;
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    if (indent > kMostIndent)
        return 0;
    const std::string_view rest = line.substr(indent, 3);
    return rest == "```" ? '`' : rest == "~~~" ? '~' : 0;
}

} // namespace

std::size_t countChars(std::string_view text, std::size_t stopAfter)
{
    if (stopAfter >= text.size())
        return codePointCount(text);
    constexpr std::size_t kBlock = 1024;
    std::size_t count = 0;
    for (std::size_t offset = 0; offset < text.size() && count <= stopAfter; offset += kBlock)
        count += codePointCount(text.substr(offset, kBlock));
    return count;
}

std::size_t countWords(std::string_view text, std::size_t stopAfter)
{
    std::size_t words = 0;
    bool inWord = false;
    bool afterLetter = false;
    std::size_t offset = 0;
    while (offset < text.size()) {
        const DecodedCodePoint point = decodeCodePoint(text, offset);
        offset += point.bytes;
        if (isAlphanumeric(point.value)) {
            if (!inWord && ++words > stopAfter)
                return words;
            inWord = true;
            afterLetter = isLetter(point.value);
        } else {
            inWord = afterLetter && isApostrophe(point.value) && offset < text.size() &&
                     isLetter(decodeCodePoint(text, offset).value);
            afterLetter = false;
        }
    }
    return words;
}

std::size_t countLines(std::string_view text, std::size_t stopAfter)
{
    std::size_t lines = 0;
    while (!text.empty() && lines <= stopAfter) {
        ++lines;
        const void* const end = std::memchr(text.data(), '\n', text.size());
        if (!end)
            break;
        text.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(end) - text.data()) +
                           1);
    }
    return lines;
}

double codeShareOf(std::string_view text)
{
    std::size_t all = 0;
    std::size_t inCode = 0;
    char fence = 0;
    while (!text.empty()) {
        const std::string_view line =
            text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
        text.remove_prefix(line.size());
        const char marker = fenceOf(line);
        const bool opens = fence == 0 && marker != 0;
        const bool closes = fence != 0 && marker == fence;
        const std::size_t chars = codePointCount(line);
        all += chars;
        if (fence != 0 || opens)
            inCode += chars;
        if (opens)
            fence = marker;
        else if (closes)
            fence = 0;
    }
    return all == 0 ? 0 : static_cast<double>(inCode) / static_cast<double>(all);
}

bool equalsFolded(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, foldAscii, foldAscii);
}

bool containsFolded(std::string_view text, std::string_view part)
{
    return part.empty() || !std::ranges::search(text, part, {}, foldAscii, foldAscii).empty();
}

bool isAsciiWordByte(char c)
{
    const char folded = foldAscii(c);
    return (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

} // namespace signalbox
