// SPDX-License-Identifier: Apache-2.0
#include "token_data.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

// The file as it is, without a detour through megabytes of source text.
// NOLINTNEXTLINE(hicpp-no-assembler)
asm(".section .rodata\n"
    ".balign 16\n"
    ".global signalbox_o200k_begin\n"
    ".global signalbox_o200k_end\n"
    "signalbox_o200k_begin:\n"
    ".incbin \"" SIGNALBOX_TOKEN_FILE "\"\n"
    "signalbox_o200k_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" {
extern const char signalbox_o200k_begin[]; // NOLINT(readability-identifier-naming)
extern const char signalbox_o200k_end[];   // NOLINT(readability-identifier-naming)
}

namespace signalbox::o200k {

namespace {

constexpr std::string_view kMark = "SBTOKEN1";
constexpr std::size_t kCodePoints = 0x110000;

std::uint32_t numberAt(std::string_view data, std::size_t offset)
{
    std::uint32_t number = 0;
    for (int i = 3; i >= 0; --i)
        number =
            number << 8 | static_cast<unsigned char>(data[offset + static_cast<std::size_t>(i)]);
    return number;
}

/// The file is part of the program: if it is not what it should be, the build is broken.
void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::size_t slotOf(std::string_view bytes, std::size_t slots)
{
    return std::hash<std::string_view>()(bytes) & (slots - 1);
}

} // namespace

const TokenData& TokenData::get()
{
    static const TokenData data;
    return data;
}

TokenData::TokenData()
{
    const std::string_view data(
        signalbox_o200k_begin,
        static_cast<std::size_t>(signalbox_o200k_end - signalbox_o200k_begin));
    require(data.size() > 16 && data.starts_with(kMark));
    const std::size_t ranges = numberAt(data, 8);
    const std::size_t tokens = numberAt(data, 12);
    require(data.size() > 16 + 4 * ranges + tokens && tokens < kSlots / 2);
    readClasses(data.substr(16, 4 * ranges));
    readTokens(data.substr(16 + 4 * ranges, tokens), data.substr(16 + 4 * ranges + tokens));
}

void TokenData::readClasses(std::string_view ranges)
{
    m_classes.assign(kCodePoints, CharacterClass::Other);
    for (std::size_t i = 0; i < ranges.size(); i += 4) {
        const std::uint32_t mark = numberAt(ranges, i);
        const std::size_t first = mark >> 3;
        const std::size_t end = i + 4 < ranges.size() ? numberAt(ranges, i + 4) >> 3 : kCodePoints;
        require(first < end && end <= kCodePoints);
        std::fill(m_classes.begin() + static_cast<std::ptrdiff_t>(first),
                  m_classes.begin() + static_cast<std::ptrdiff_t>(end),
                  static_cast<CharacterClass>(mark & 7U));
    }
}

void TokenData::readTokens(std::string_view lengths, std::string_view bytes)
{
    m_bytes = bytes;
    m_ends.reserve(lengths.size());
    m_slots.assign(kSlots, 0);
    std::uint32_t end = 0;
    for (const char length : lengths) {
        end += static_cast<unsigned char>(length);
        require(end <= bytes.size());
        m_ends.push_back(end);
        const auto rank = static_cast<std::uint32_t>(m_ends.size() - 1);
        std::size_t slot = slotOf(token(rank), kSlots);
        while (m_slots[slot] != 0)
            slot = (slot + 1) & (kSlots - 1);
        m_slots[slot] = rank + 1;
    }
    require(end == bytes.size());
}

std::string_view TokenData::token(std::uint32_t rank) const
{
    const std::uint32_t begin = rank == 0 ? 0 : m_ends[rank - 1];
    return m_bytes.substr(begin, m_ends[rank] - begin);
}

std::optional<std::uint32_t> TokenData::rankOf(std::string_view bytes) const
{
    constexpr std::size_t kLongestToken = 255; // a length is one byte
    if (bytes.size() > kLongestToken)
        return std::nullopt;
    for (std::size_t slot = slotOf(bytes, kSlots); m_slots[slot] != 0;
         slot = (slot + 1) & (kSlots - 1)) {
        if (token(m_slots[slot] - 1) == bytes)
            return m_slots[slot] - 1;
    }
    return std::nullopt;
}

} // namespace signalbox::o200k
