// SPDX-License-Identifier: Apache-2.0
#include "md5.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace signalbox {

namespace {

constexpr std::array<std::uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

constexpr std::array<int, 16> kShifts = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

/// Feeds bytes in any cuts; holds one block and no heap.
class Md5
{
public:
    void feed(std::string_view bytes)
    {
        m_length += bytes.size();
        while (!bytes.empty()) {
            const std::size_t taken = std::min(bytes.size(), m_block.size() - m_used);
            std::memcpy(m_block.data() + m_used, bytes.data(), taken);
            m_used += taken;
            bytes.remove_prefix(taken);
            if (m_used == m_block.size())
                flush();
        }
    }

    std::array<std::uint8_t, 16> finish()
    {
        const std::uint64_t bits = m_length * 8;
        feed(std::string_view("\x80", 1));
        while (m_used != 56)
            feed(std::string_view("\0", 1));
        std::array<char, 8> tail{};
        for (std::size_t i = 0; i < tail.size(); ++i)
            tail[i] = static_cast<char>(bits >> (8 * i));
        feed({tail.data(), tail.size()});

        std::array<std::uint8_t, 16> digest{};
        for (std::size_t i = 0; i < digest.size(); ++i)
            digest[i] = static_cast<std::uint8_t>(m_state[i / 4] >> (8 * (i % 4)));
        return digest;
    }

private:
    void flush()
    {
        std::array<std::uint32_t, 16> words{};
        for (std::size_t i = 0; i < 64; ++i)
            words[i / 4] |= static_cast<std::uint32_t>(m_block[i]) << (8 * (i % 4));
        auto [a, b, c, d] = m_state;
        for (std::uint32_t i = 0; i < 64; ++i) {
            std::uint32_t mixed = 0;
            std::uint32_t word = 0;
            switch (i / 16) {
            case 0:
                mixed = (b & c) | (~b & d);
                word = i;
                break;
            case 1:
                mixed = (d & b) | (~d & c);
                word = (5 * i + 1) % 16;
                break;
            case 2:
                mixed = b ^ c ^ d;
                word = (3 * i + 5) % 16;
                break;
            default:
                mixed = c ^ (b | ~d);
                word = (7 * i) % 16;
                break;
            }
            const std::uint32_t sum = a + mixed + kSines[i] + words[word];
            a = d;
            d = c;
            c = b;
            b += std::rotl(sum, kShifts[i / 16 * 4 + i % 4]);
        }
        m_state = {m_state[0] + a, m_state[1] + b, m_state[2] + c, m_state[3] + d};
        m_used = 0;
    }

    std::array<std::uint32_t, 4> m_state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    std::array<std::uint8_t, 64> m_block{};
    std::size_t m_used = 0;
    std::uint64_t m_length = 0;
};

} // namespace

std::array<std::uint8_t, 16> md5(std::string_view bytes)
{
    Md5 hash;
    hash.feed(bytes);
    return hash.finish();
}

std::string md5Hex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const std::uint8_t byte : md5(bytes)) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 0xfU];
    }
    return hex;
}

std::uint32_t splitBucket(std::string_view salt, std::string_view key)
{
    Md5 hash;
    hash.feed(salt);
    hash.feed(":");
    hash.feed(key);
    const auto digest = hash.finish();
    return static_cast<std::uint32_t>(digest[0]) << 24 |
           static_cast<std::uint32_t>(digest[1]) << 16 |
           static_cast<std::uint32_t>(digest[2]) << 8 | static_cast<std::uint32_t>(digest[3]);
}

} // namespace signalbox
