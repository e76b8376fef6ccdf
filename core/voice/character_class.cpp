// SPDX-License-Identifier: Apache-2.0
#include "character_class.h"

#include "character_tables.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <iterator>
#include <span>

namespace signalbox {

namespace {

/// The range that holds `c`, or null.
const CharacterRange* rangeOf(std::span<const CharacterRange> ranges, char32_t c)
{
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), c,
                         [](char32_t value, const CharacterRange& r) { return value < r.first; });
    if (after == ranges.begin())
        return nullptr;
    const CharacterRange& range = *std::prev(after);
    return c <= range.last && (c - range.first) % range.stride == 0 ? &range : nullptr;
}

constexpr char32_t kCapitalSigma = 0x3A3;
constexpr char32_t kFinalSigma = 0x3C2;
constexpr char32_t kCapitalDottedI = 0x130;

/// Whether the sigma at `offset` ends its word: a letter before, none after, apostrophes ignored.
bool endsWord(std::string_view text, std::size_t offset, std::size_t bytes)
{
    std::size_t before = offset;
    bool letterBefore = false;
    while (before > 0) {
        before = previousCodePoint(text, before);
        if (text[before] == '\'')
            continue;
        letterBefore = isLetter(decodeCodePoint(text, before).value);
        break;
    }
    std::size_t after = offset + bytes;
    while (after < text.size() && text[after] == '\'')
        ++after;
    return letterBefore && (after >= text.size() || !isLetter(decodeCodePoint(text, after).value));
}

void appendLowerAscii(std::string& out, std::string_view text)
{
    const std::size_t from = out.size();
    out.append(text);
    char* const letters = out.data() + from;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool capital = letters[i] >= 'A' && letters[i] <= 'Z';
        letters[i] = static_cast<char>(letters[i] + (capital ? 0x20 : 0));
    }
}

} // namespace

bool isDecimalDigit(char32_t c)
{
    return c < 0x80 ? c >= '0' && c <= '9' : rangeOf(kDecimalRanges, c) != nullptr;
}

bool isLowerCase(char32_t c)
{
    return c < 0x80 ? c >= 'a' && c <= 'z' : rangeOf(kLowerCaseRanges, c) != nullptr;
}

bool isSpace(char32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool isEmoji(char32_t c)
{
    if (c < 0x231A)
        return false;
    return (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x2600 && c <= 0x27BF) ||
           (c >= 0x1F1E6 && c <= 0x1F1FF) || c == 0x2B50 || c == 0x2B55 || c == 0x231A ||
           c == 0x231B || c == 0x2328 || c == 0x23CF;
}

bool isAscii(std::string_view text)
{
    unsigned char bits = 0;
    for (const char c : text)
        bits |= static_cast<unsigned char>(c);
    return bits < 0x80;
}

void appendLowerCase(std::string& out, std::string_view text)
{
    if (isAscii(text)) {
        appendLowerAscii(out, text);
        return;
    }
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && static_cast<unsigned char>(text[end]) < 0x80)
            ++end;
        appendLowerAscii(out, text.substr(i, end - i));
        if (end == text.size())
            return;
        const DecodedCodePoint c = decodeCodePoint(text, end);
        i = end + c.bytes;
        if (c.value == kCapitalDottedI) {
            out += "i\xCC\x87"; // i and a combining dot above
        } else if (c.value == kCapitalSigma && endsWord(text, end, c.bytes)) {
            appendUtf8(out, kFinalSigma);
        } else if (const CharacterRange* range = rangeOf(kToLowerRanges, c.value)) {
            appendUtf8(out,
                       static_cast<char32_t>(static_cast<std::int64_t>(c.value) + range->shift));
        } else {
            out.append(text.substr(end, c.bytes));
        }
    }
}

std::string toLowerCase(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    appendLowerCase(out, text);
    return out;
}

std::size_t previousCodePoint(std::string_view text, std::size_t offset)
{
    std::size_t i = offset - 1;
    for (int step = 0; step < 3 && i > 0 && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
         ++step)
        --i;
    return i;
}

std::string_view trimmedStart(std::string_view text)
{
    std::size_t i = 0;
    while (i < text.size()) {
        const DecodedCodePoint c = decodeCodePoint(text, i);
        if (!isSpace(c.value))
            break;
        i += c.bytes;
    }
    return text.substr(i);
}

std::string_view trimmedEnd(std::string_view text)
{
    std::size_t end = text.size();
    while (end > 0) {
        const std::size_t at = previousCodePoint(text, end);
        if (!isSpace(decodeCodePoint(text, at).value))
            break;
        end = at;
    }
    return text.substr(0, end);
}

std::string_view trimmed(std::string_view text)
{
    return trimmedEnd(trimmedStart(text));
}

bool isBlank(std::string_view text)
{
    return trimmedStart(text).empty();
}

} // namespace signalbox
