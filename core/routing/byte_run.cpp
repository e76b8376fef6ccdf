// SPDX-License-Identifier: Apache-2.0
#include "byte_run.h"

#include <array>
#include <string_view>

namespace signalbox {

namespace {

constexpr std::array<double, 256> makeShares()
{
    std::array<double, 256> shares{};
    for (std::size_t byte = 0; byte < shares.size(); ++byte)
        shares[byte] = byte < 0x20 ? 0.0002 : byte < 0x80 ? 0.0015 : 0.001;
    // From e to z in English, per mille.
    constexpr std::string_view kLetters = "etaoinshrdlucmfwypvbgkjqxz";
    constexpr std::array<double, 26> kPerMille = {92, 66, 60, 56, 52, 51, 47, 45, 44,
                                                  31, 29, 21, 20, 18, 16, 17, 15, 14,
                                                  8,  11, 15, 6,  2,  1,  2,  1};
    for (std::size_t i = 0; i < kLetters.size(); ++i) {
        const std::size_t letter = static_cast<unsigned char>(kLetters[i]);
        shares[letter] = kPerMille[i] * 1e-3;
        shares[letter - 32] = kPerMille[i] * 5e-5 + 0.0005;
    }
    for (std::size_t digit = '0'; digit <= '9'; ++digit)
        shares[digit] = 0.003;
    shares[' '] = 0.16;
    shares['\n'] = shares['.'] = shares[','] = 0.01;
    return shares;
}

constexpr std::array<double, 256> kShares = makeShares();

} // namespace

double shareOf(unsigned char byte)
{
    return kShares[byte];
}

double shareOf(const ByteSet& bytes)
{
    double share = 0;
    for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
        if (bytes[byte])
            share += kShares[byte];
    }
    return share;
}

ByteWindow rarestWindow(std::span<const ByteSet> run, std::size_t places)
{
    std::vector<double> shares;
    for (const ByteSet& place : run)
        shares.push_back(shareOf(place));
    ByteWindow rarest = {0, 2};
    for (std::size_t first = 0; first == 0 || first + places <= run.size(); ++first) {
        double share = 1;
        for (std::size_t i = first; i < first + places && i < run.size(); ++i)
            share *= shares[i];
        if (share < rarest.share)
            rarest = {first, share};
    }
    return rarest;
}

} // namespace signalbox
