// SPDX-License-Identifier: Apache-2.0
#include "crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace signalbox {

namespace {

constexpr std::uint32_t kReversedPolynomial = 0x82F63B78;

constexpr std::array<std::uint32_t, 256> makeTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t rest = i;
        for (int bit = 0; bit < 8; ++bit)
            rest = (rest & 1U) != 0 ? (rest >> 1) ^ kReversedPolynomial : rest >> 1;
        table[i] = rest;
    }
    return table;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t fastCrc32c(std::string_view bytes,
                                                           std::uint32_t before)
{
    std::uint64_t sum = ~before;
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        sum = _mm_crc32_u64(sum, word);
    }
    auto rest = static_cast<std::uint32_t>(sum);
    for (; left > 0; ++at, --left)
        rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*at));
    return ~rest;
}
#endif

} // namespace

std::uint32_t base_detail::plainCrc32c(std::string_view bytes, std::uint32_t before)
{
    static constexpr std::array<std::uint32_t, 256> kTable = makeTable();
    std::uint32_t sum = ~before;
    for (const char byte : bytes)
        sum = kTable[(sum ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (sum >> 8);
    return ~sum;
}

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before)
{
#if defined(__x86_64__)
    static const bool isFast = __builtin_cpu_supports("sse4.2") != 0;
    if (isFast)
        return fastCrc32c(bytes, before);
#endif
    return base_detail::plainCrc32c(bytes, before);
}

} // namespace signalbox
