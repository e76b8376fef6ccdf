// SPDX-License-Identifier: Apache-2.0
#include "script_of.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>
#include <core/policy/signal.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace signalbox {

namespace {

/// In the order of scriptNames().
enum class Script : std::uint8_t {
    Latin,
    Cyrillic,
    Greek,
    Han,
    Kana,
    Hangul,
    Thai,
    Arabic,
    Devanagari,
    Hebrew,
    Other,
};
constexpr std::size_t kScripts = static_cast<std::size_t>(Script::Other) + 1;

struct Block
{
    char32_t first;
    char32_t last;
    Script script;
};

/// Rising, without overlaps. What lies between is Other.
constexpr Block kBlocks[] = {
    {0x0041, 0x024F, Script::Latin},      {0x0250, 0x02AF, Script::Latin},
    {0x0370, 0x03FF, Script::Greek},      {0x0400, 0x052F, Script::Cyrillic},
    {0x0590, 0x05FF, Script::Hebrew},     {0x0600, 0x06FF, Script::Arabic},
    {0x0750, 0x077F, Script::Arabic},     {0x0870, 0x08FF, Script::Arabic},
    {0x0900, 0x097F, Script::Devanagari}, {0x0E00, 0x0E7F, Script::Thai},
    {0x1100, 0x11FF, Script::Hangul},     {0x1C80, 0x1C8F, Script::Cyrillic},
    {0x1E00, 0x1EFF, Script::Latin},      {0x1F00, 0x1FFF, Script::Greek},
    {0x2C60, 0x2C7F, Script::Latin},      {0x2DE0, 0x2DFF, Script::Cyrillic},
    {0x3005, 0x3007, Script::Han},        {0x3040, 0x30FF, Script::Kana},
    {0x3130, 0x318F, Script::Hangul},     {0x31F0, 0x31FF, Script::Kana},
    {0x3400, 0x4DBF, Script::Han},        {0x4E00, 0x9FFF, Script::Han},
    {0xA640, 0xA69F, Script::Cyrillic},   {0xA720, 0xA7FF, Script::Latin},
    {0xA8E0, 0xA8FF, Script::Devanagari}, {0xA960, 0xA97F, Script::Hangul},
    {0xAB30, 0xAB6F, Script::Latin},      {0xAC00, 0xD7FF, Script::Hangul},
    {0xF900, 0xFAFF, Script::Han},        {0xFB00, 0xFB06, Script::Latin},
    {0xFB1D, 0xFB4F, Script::Hebrew},     {0xFB50, 0xFDFF, Script::Arabic},
    {0xFE70, 0xFEFF, Script::Arabic},     {0xFF21, 0xFF5A, Script::Latin},
    {0xFF66, 0xFF9F, Script::Kana},       {0xFFA0, 0xFFDC, Script::Hangul},
    {0x1B000, 0x1B16F, Script::Kana},     {0x20000, 0x323AF, Script::Han},
};

Script scriptOfLetter(char32_t letter)
{
    const auto* const block = std::ranges::lower_bound(kBlocks, letter, {}, &Block::last);
    return block != std::end(kBlocks) && letter >= block->first ? block->script : Script::Other;
}

} // namespace

std::string_view scriptOf(std::string_view text)
{
    std::array<std::size_t, kScripts> letters{};
    for (std::size_t offset = 0; offset < text.size();) {
        const auto byte = static_cast<unsigned char>(text[offset]);
        if (byte < 0x80) {
            ++offset;
            letters[0] += static_cast<unsigned char>((byte | 0x20U) - 'a') < 26;
            continue;
        }
        const DecodedCodePoint point = decodeCodePoint(text, offset);
        offset += point.bytes;
        if (isLetter(point.value))
            ++letters[static_cast<std::size_t>(scriptOfLetter(point.value))];
    }
    const auto most = std::ranges::max_element(letters);
    if (*most == 0)
        return scriptNames().back();
    return scriptNames()[static_cast<std::size_t>(most - letters.begin())];
}

} // namespace signalbox
