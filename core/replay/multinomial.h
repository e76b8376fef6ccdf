// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// SplitMix64 (Steele, Lea and Flood 2014) as core/base/random.h has it, inline: a resample takes
/// hundreds of thousands of numbers.
class RandomBits
{
public:
    explicit RandomBits(std::uint64_t seed) : m_state(seed) {}
    [[nodiscard]] std::uint64_t next()
    {
        m_state += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t m_state;
};

/// Successes among `trials` of probability part / whole each, exactly so distributed: the trials
/// are compared with the probability one binary digit at a time, all that are still undecided at
/// once, as so many random bits of which the ones are counted. About trials / 32 random numbers.
[[nodiscard]] std::uint64_t binomial(RandomBits& random, std::uint64_t trials, std::uint64_t part,
                                     std::uint64_t whole);

/// How often each of many items is taken when as many as there are are taken with replacement, one
/// neighbourhood of kChunk items after the other, so that counting stays in the nearest cache. The
/// number of takes per neighbourhood is multinomial (halves of halves by binomial()), the takes
/// within it are uniform: together the multinomial of the bootstrap itself, not an approximation
/// like Poisson weights. (In a neighbourhood that is not full, a take favours some items by less
/// than 2^-20.)
class ResampleCounts
{
public:
    static constexpr std::size_t kChunk = 4096;

    ResampleCounts(std::size_t items, std::uint64_t seed);

    /// Counts of the next kChunk items, or of the last ones.
    void next(std::span<std::uint16_t> counts);

private:
    void split(std::size_t first, std::size_t last, std::uint64_t takes);
    [[nodiscard]] std::size_t itemsIn(std::size_t first, std::size_t last) const;

    std::size_t m_items;
    RandomBits m_random;
    std::vector<std::uint64_t> m_takes; ///< per chunk
    std::size_t m_chunk = 0;
};

} // namespace signalbox
