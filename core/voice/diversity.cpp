// SPDX-License-Identifier: Apache-2.0
#include "diversity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMtldWords = 50;
constexpr double kMtldThreshold = 0.72;
constexpr std::size_t kMattrWords = 10;
constexpr std::size_t kWindow = 50;
constexpr std::size_t kSample = 42;

} // namespace

template<class Iterator>
double Diversity::runLength(Iterator first, const Iterator& last, std::size_t types)
{
    m_marks.assign(types, 0);
    std::uint32_t run = 1; // a type is new in this run unless it carries its mark
    double factors = 0;
    std::size_t words = 0;
    std::size_t distinct = 0;
    const auto total = static_cast<double>(std::distance(first, last));
    for (; first != last; ++first) {
        std::uint32_t& mark = m_marks[*first];
        distinct += mark != run;
        mark = run;
        ++words;
        if (distinct * 25 < words * 18) { // below 0.72, exactly
            factors += 1;
            ++run;
            words = 0;
            distinct = 0;
        }
    }
    if (words > 0) {
        const double ratio = static_cast<double>(distinct) / static_cast<double>(words);
        factors += (1 - ratio) / (1 - kMtldThreshold);
    }
    return factors > 0 ? total / factors : total;
}

double Diversity::mtld(std::span<const std::uint32_t> words, std::size_t types)
{
    if (words.size() < kMtldWords)
        return kMissing;
    return (runLength(words.begin(), words.end(), types) +
            runLength(words.rbegin(), words.rend(), types)) /
           2;
}

double Diversity::mattr(std::span<const std::uint32_t> words, std::size_t types)
{
    if (words.size() < kMattrWords)
        return kMissing;
    m_marks.assign(types, 0);
    const std::size_t window = std::min(kWindow, words.size());
    std::size_t distinct = 0;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        distinct += m_marks[words[i]]++ == 0;
        if (i + 1 < window)
            continue;
        sum += distinct;
        distinct -= --m_marks[words[i + 1 - window]] == 0;
    }
    return static_cast<double>(sum) /
           (static_cast<double>(words.size() - window + 1) * static_cast<double>(window));
}

double hdd(std::span<const std::uint32_t> counts)
{
    const std::size_t total = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
    if (total < kSample)
        return kMissing;
    // The chance to miss a word type that stands c times, from that of c - 1 times; at count 0 it
    // is 1. It falls to 0 when fewer than 42 other words are left.
    const std::uint32_t most = *std::max_element(counts.begin(), counts.end());
    std::vector<double> chances(most + 1, 1.0);
    for (std::size_t c = 1; c <= most; ++c) {
        const auto others = static_cast<double>(total - c + 1);
        chances[c] = chances[c - 1] * std::max(0.0, others - kSample) / others;
    }
    double sum = 0;
    for (const std::uint32_t count : counts)
        sum += 1 - chances[count];
    return sum / kSample;
}

} // namespace signalbox
