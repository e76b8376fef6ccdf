// SPDX-License-Identifier: Apache-2.0
#include "multinomial.h"

#include <algorithm>

namespace signalbox {

namespace {

constexpr std::uint64_t kWordBits = 64;

std::uint64_t lowBits(std::uint64_t word, std::uint64_t count)
{
    return count >= kWordBits ? word : word & ((std::uint64_t{1} << count) - 1);
}

using CountOnes = std::uint64_t (*)(RandomBits&, std::uint64_t);

/// Ones among so many random bits.
[[gnu::always_inline]] inline std::uint64_t onesIn(RandomBits& random, std::uint64_t bits)
{
    std::uint64_t ones = 0;
    for (; bits > 0; bits -= std::min(bits, kWordBits))
        ones += static_cast<std::uint64_t>(__builtin_popcountll(lowBits(random.next(), bits)));
    return ones;
}

std::uint64_t countOnes(RandomBits& random, std::uint64_t bits)
{
    return onesIn(random, bits);
}

#if defined(__x86_64__) && defined(__GNUC__)
[[gnu::target("popcnt")]] std::uint64_t countOnesAtOnce(RandomBits& random, std::uint64_t bits)
{
    return onesIn(random, bits);
}
CountOnes bestCount()
{
    return __builtin_cpu_supports("popcnt") ? countOnesAtOnce : countOnes;
}
#else
CountOnes bestCount()
{
    return countOnes;
}
#endif

} // namespace

std::uint64_t binomial(RandomBits& random, std::uint64_t trials, std::uint64_t part,
                       std::uint64_t whole)
{
    static const CountOnes count = bestCount();
    if (part >= whole)
        return trials;
    std::uint64_t successes = 0;
    // Undecided trials agree with the probability in all digits so far; one whose next digit is
    // smaller succeeds, one whose next digit is larger fails.
    while (trials > 0 && part > 0) {
        const std::uint64_t ones = count(random, trials);
        part *= 2;
        if (part >= whole) {
            part -= whole;
            successes += trials - ones;
            trials = ones;
        } else {
            trials -= ones;
        }
    }
    return successes;
}

ResampleCounts::ResampleCounts(std::size_t items, std::uint64_t seed)
    : m_items(items), m_random(seed), m_takes((items + kChunk - 1) / kChunk, 0)
{
    if (items > 0)
        split(0, m_takes.size(), items);
}

std::size_t ResampleCounts::itemsIn(std::size_t first, std::size_t last) const
{
    return std::min(m_items, last * kChunk) - first * kChunk;
}

void ResampleCounts::split(std::size_t first, std::size_t last, std::uint64_t takes)
{
    if (last - first == 1) {
        m_takes[first] = takes;
        return;
    }
    const std::size_t middle = first + (last - first) / 2;
    const std::uint64_t left =
        binomial(m_random, takes, itemsIn(first, middle), itemsIn(first, last));
    split(first, middle, left);
    split(middle, last, takes - left);
}

void ResampleCounts::next(std::span<std::uint16_t> counts)
{
    static_assert(kChunk == 4096, "a take is 12 bits");
    std::ranges::fill(counts, std::uint16_t{0});
    std::uint16_t* const count = counts.data();
    std::uint64_t takes = m_takes[m_chunk++];
    RandomBits random = m_random; // in registers
    if (counts.size() == kChunk) {
        for (; takes >= 5; takes -= 5) {
            const std::uint64_t bits = random.next();
            ++count[bits & 4095];
            ++count[bits >> 12 & 4095];
            ++count[bits >> 24 & 4095];
            ++count[bits >> 36 & 4095];
            ++count[bits >> 48 & 4095];
        }
    }
    for (; takes > 0; --takes)
        ++count[((random.next() >> 32) * counts.size()) >> 32];
    m_random = random;
}

} // namespace signalbox
