// SPDX-License-Identifier: Apache-2.0
#include "utf8.h"

#include <algorithm>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace signalbox {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool isContinuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/// Length of the well-formed sequence at `offset`, or 0.
std::size_t sequenceLength(std::string_view text, std::size_t offset)
{
    const auto at = [&](std::size_t i) {
        return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i]) : 0;
    };
    const unsigned lead = static_cast<unsigned char>(text[offset]);
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    const unsigned char second = static_cast<unsigned char>(at(1));
    if (!isContinuation(second))
        return 0;
    if (lead < 0xE0)
        return 2;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
        return 0;
    if (!isContinuation(static_cast<unsigned char>(at(2))))
        return 0;
    if (lead < 0xF0)
        return 3;
    return isContinuation(static_cast<unsigned char>(at(3))) ? 4 : 0;
}

} // namespace

std::optional<std::size_t> firstInvalidUtf8(std::string_view text)
{
    std::size_t offset = 0;
    while (offset < text.size()) {
        const std::size_t length = sequenceLength(text, offset);
        if (length == 0)
            return offset;
        offset += length;
    }
    return std::nullopt;
}

std::size_t codePointCount(std::string_view text)
{
    std::size_t count = 0;
    std::size_t offset = 0;
#ifdef __SSE2__
    // Every byte above 0xBF as a signed number starts a code point; 16 lanes of 8 bits count up to
    // 255 steps before they are added up.
    const __m128i lastContinuation = _mm_set1_epi8(static_cast<char>(0xBF));
    while (text.size() - offset >= 16) {
        const std::size_t steps = std::min<std::size_t>((text.size() - offset) / 16, 255);
        __m128i lanes = _mm_setzero_si128();
        for (std::size_t step = 0; step < steps; ++step, offset += 16) {
            const __m128i bytes =
                _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + offset));
            lanes = _mm_sub_epi8(lanes, _mm_cmpgt_epi8(bytes, lastContinuation));
        }
        const __m128i sums = _mm_sad_epu8(lanes, _mm_setzero_si128());
        count += static_cast<std::size_t>(_mm_cvtsi128_si64(sums)) +
                 static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums)));
    }
#endif
    for (; offset < text.size(); ++offset)
        count += !isContinuation(static_cast<unsigned char>(text[offset]));
    return count;
}

DecodedCodePoint decodeCodePoint(std::string_view text, std::size_t offset)
{
    const std::size_t length = sequenceLength(text, offset);
    if (length == 0)
        return {kReplacement, 1};
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[offset + i]));
    };
    switch (length) {
    case 1:
        return {byte(0), 1};
    case 2:
        return {(byte(0) & 0x1F) << 6 | (byte(1) & 0x3F), 2};
    case 3:
        return {(byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
    default:
        return {(byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 |
                    (byte(3) & 0x3F),
                4};
    }
}

void appendUtf8(std::string& out, char32_t codePoint)
{
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (codePoint < 0x80) {
        put(codePoint);
    } else if (codePoint < 0x800) {
        put(0xC0 | codePoint >> 6);
        put(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        put(0xE0 | codePoint >> 12);
        put(0x80 | (codePoint >> 6 & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    } else {
        put(0xF0 | codePoint >> 18);
        put(0x80 | (codePoint >> 12 & 0x3F));
        put(0x80 | (codePoint >> 6 & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }
}

std::string toValidUtf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    std::size_t offset = 0;
    while (offset < text.size()) {
        const DecodedCodePoint point = decodeCodePoint(text, offset);
        appendUtf8(out, point.value);
        offset += point.bytes;
    }
    return out;
}

} // namespace signalbox
