// SPDX-License-Identifier: Apache-2.0
#include "sentences.h"

#include "character_class.h"
#include "prose.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <array>
#include <bit>
#include <cstring>

namespace signalbox {

namespace {

constexpr std::uint8_t kDigit = 1;
constexpr std::uint8_t kLetter = 2;
constexpr std::uint8_t kWide = 4; ///< outside ASCII

constexpr std::array<std::uint8_t, 256> kWordBytes = [] {
    std::array<std::uint8_t, 256> bytes{};
    for (std::size_t c = 'a'; c <= 'z'; ++c)
        bytes[c] = bytes[c - 0x20] = kLetter;
    for (std::size_t c = '0'; c <= '9'; ++c)
        bytes[c] = kDigit;
    for (std::size_t c = 0x80; c < 256; ++c)
        bytes[c] = kWide;
    return bytes;
}();

std::uint8_t kindAt(std::string_view line, std::size_t offset)
{
    return kWordBytes[static_cast<unsigned char>(line[offset])];
}

constexpr std::uint64_t everyByte(unsigned char value)
{
    return value * std::uint64_t{0x0101010101010101};
}

/// The highest bit of each byte that is ASCII and from `first` to `last`.
constexpr std::uint64_t bytesBetween(std::uint64_t bytes, char first, char last)
{
    const std::uint64_t low = bytes & everyByte(0x7F);
    const std::uint64_t from = low + everyByte(static_cast<unsigned char>(0x80 - first));
    const std::uint64_t behind = low + everyByte(static_cast<unsigned char>(0x7F - last));
    return from & ~behind & ~bytes & everyByte(0x80);
}

bool letterAt(std::string_view line, std::size_t offset)
{
    if (offset >= line.size())
        return false;
    const std::uint8_t kind = kindAt(line, offset);
    return kind == kLetter || (kind == kWide && isLetter(decodeCodePoint(line, offset).value));
}

bool followsAbbreviation(std::string_view line, std::size_t period, const Lexicons& lexicons)
{
    constexpr std::size_t kLongest = 16; // than any abbreviation
    std::size_t start = period;
    while (
        start > 0 && period - start <= kLongest &&
        (kindAt(line, start - 1) == kLetter || line[start - 1] == '.' || line[start - 1] == '\''))
        --start;
    const std::size_t length = period - start;
    if (length == 0 || length > kLongest)
        return false;
    std::array<char, kLongest> lower;
    for (std::size_t i = 0; i < length; ++i) {
        const char c = line[start + i];
        lower[i] = kindAt(line, start + i) == kLetter ? static_cast<char>(c | 0x20) : c;
    }
    const std::string_view word(lower.data(), length);
    return (length == 1 && kindAt(line, start) == kLetter && word[0] != 'i') ||
           lexicons.isAbbreviation(word);
}

} // namespace

bool startsWord(std::string_view line, std::size_t offset)
{
    const std::uint8_t kind = kindAt(line, offset);
    return kind == kLetter || kind == kDigit ||
           (kind == kWide && isAlphanumeric(decodeCodePoint(line, offset).value));
}

WordSpan wordAt(std::string_view line, std::size_t start)
{
    WordSpan span{start, true};
    bool letterBefore = false;
    std::size_t i = start;
    while (i < line.size()) {
        const std::uint8_t kind = kindAt(line, i);
        if (kind == kLetter || kind == kDigit) {
            letterBefore = kind == kLetter;
            ++i;
        } else if (kind == kWide) {
            const DecodedCodePoint wide = decodeCodePoint(line, i);
            if (!isAlphanumeric(wide.value))
                break;
            letterBefore = isLetter(wide.value);
            span.ascii = false;
            i += wide.bytes;
        } else if (line[i] == '\'' && letterBefore && letterAt(line, i + 1)) {
            ++i;
        } else {
            break;
        }
    }
    span.end = i;
    return span;
}

ShortWord shortWordAt(std::string_view line, std::size_t start)
{
    if constexpr (std::endian::native != std::endian::little)
        return {};
    if (line.size() - start < sizeof(std::uint64_t))
        return {};
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, line.data() + start, sizeof bytes);
    const std::uint64_t lower = bytes | everyByte(0x20);
    const std::uint64_t inside = (bytesBetween(lower, 'a', 'z') | bytesBetween(bytes, '0', '9'));
    const std::uint64_t outside = ~inside & everyByte(0x80);
    if (outside == 0)
        return {};
    const auto length = static_cast<std::size_t>(std::countr_zero(outside)) / 8;
    const char after = line[start + length];
    if (after == '\'' || static_cast<unsigned char>(after) >= 0x80)
        return {};
    return {lower & ((std::uint64_t{1} << (8 * length)) - 1), length};
}

SentenceEnd sentenceEndAt(std::string_view line, std::size_t start, const Lexicons& lexicons,
                          std::string_view more)
{
    std::size_t i = start;
    while (i < line.size() && isSentencePunctuation(line[i]))
        ++i;
    const bool single = i == start + 1 && line[start] == '.';
    const auto closes = [&](char c) {
        return c == '"' || c == '\'' || c == ')' || c == ']' ||
               more.find(c) != std::string_view::npos;
    };
    while (i < line.size() && closes(line[i]))
        ++i;
    if (i < line.size() && !isSpace(decodeCodePoint(line, i).value))
        return {i, i, false};
    const std::size_t next = line.size() - trimmedStart(line.substr(i)).size();
    const bool goesOn = next < line.size() &&
                        ((single && followsAbbreviation(line, start, lexicons)) ||
                         (line[start] == '.' && isLowerCase(decodeCodePoint(line, next).value)));
    return {i, next, !goesOn};
}

std::vector<std::size_t> sentenceEnds(std::string_view line, const Lexicons& lexicons)
{
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < line.size();) {
        if (!isSentencePunctuation(line[i])) {
            ++i;
            continue;
        }
        const SentenceEnd found = sentenceEndAt(line, i, lexicons, kClosingMarks);
        if (found.ends)
            ends.push_back(found.end);
        i = found.next;
    }
    if (ends.empty() || ends.back() < line.size())
        ends.push_back(line.size());
    return ends;
}

bool endsInCode(std::string_view text)
{
    char fence = 0;
    bool closed = false;
    while (!text.empty()) {
        const std::string_view line = takeLine(text);
        const char mark = fenceOf(line);
        closed = fence != 0 && mark == fence ? true : closed && isBlank(line);
        if (fence == 0)
            fence = mark;
        else if (mark == fence)
            fence = 0;
    }
    return fence != 0 || closed;
}

std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

std::size_t wordCount(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (startsWord(text, i)) {
            ++count;
            i = wordAt(text, i).end;
        } else {
            i += decodeCodePoint(text, i).bytes;
        }
    }
    return count;
}

bool hasWords(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); i += decodeCodePoint(text, i).bytes) {
        if (startsWord(text, i))
            return true;
    }
    return false;
}

} // namespace signalbox
