// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// Lexical diversity of a text, given as the numbers of its words: equal words, equal numbers below
/// `types`. All are O(words). Missing is NaN. The object only keeps scratch memory.
class Diversity
{
public:
    /// Measure of textual lexical diversity: mean length of runs whose type-token ratio stays at
    /// or above 0.72, forwards and backwards. McCarthy and Jarvis (2010). Missing under 50 words.
    [[nodiscard]] double mtld(std::span<const std::uint32_t> words, std::size_t types);

    /// Moving-average type-token ratio over windows of 50 words (Covington and McFall 2010); the
    /// plain ratio up to 50 words. Missing under 10 words.
    [[nodiscard]] double mattr(std::span<const std::uint32_t> words, std::size_t types);

private:
    template<class Iterator>
    double runLength(Iterator first, const Iterator& last, std::size_t types);

    std::vector<std::uint32_t> m_marks;
};

/// HD-D: the sum over word types of the probability that a sample of 42 words, drawn without
/// replacement, holds the type, over 42 (McCarthy and Jarvis 2007). Missing under 42 words.
/// @param counts  how often each type stands in the text
[[nodiscard]] double hdd(std::span<const std::uint32_t> counts);

} // namespace signalbox
