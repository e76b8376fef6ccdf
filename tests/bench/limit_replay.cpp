// SPDX-License-Identifier: GPL-3.0-or-later
#include "limit_replay.h"

#include <algorithm>
#include <bit>

namespace signalbox::bench {

namespace {

constexpr std::size_t kBlock = 4096;
constexpr std::uint32_t kBuckets = 2048;
constexpr std::uint32_t kShift = 17;                     ///< 64 buckets an octave
constexpr std::uint32_t kFirst = 0x3D80'0000U >> kShift; ///< 1/16 ms

using Columns = std::array<const float*, 3>;

Columns at(const std::array<std::vector<float>, 3>& columns, std::size_t row)
{
    return {columns[0].data() + row, columns[1].data() + row, columns[2].data() + row};
}

/// Of one kind of numbers: with two sums in one loop GCC 12 does not vectorise it.
[[gnu::noinline]] double sumBlock(const float* __restrict score, const Columns& values, float low,
                                  float high, std::size_t rows)
{
    const float* __restrict v0 = values[0];
    const float* __restrict v1 = values[1];
    const float* __restrict v2 = values[2];
    float sum = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        const bool isFirst = score[i] <= low;
        const bool isSecond = score[i] <= high;
        const float value = isFirst ? v0[i] : isSecond ? v1[i] : v2[i];
        sum += value;
    }
    return static_cast<double>(sum);
}

[[gnu::noinline]] void takeBlock(const float* __restrict score, const Columns& latency, float low,
                                 float high, std::size_t rows, float* __restrict taken,
                                 std::uint32_t* __restrict buckets)
{
    const float* __restrict l0 = latency[0];
    const float* __restrict l1 = latency[1];
    const float* __restrict l2 = latency[2];
    for (std::size_t i = 0; i < rows; ++i) {
        const bool isFirst = score[i] <= low;
        const bool isSecond = score[i] <= high;
        const float ms = isFirst ? l0[i] : isSecond ? l1[i] : l2[i];
        const int bits = static_cast<int>(std::bit_cast<std::uint32_t>(ms) >> kShift);
        taken[i] = ms;
        buckets[i] = static_cast<std::uint32_t>(
            std::clamp(bits - static_cast<int>(kFirst), 0, static_cast<int>(kBuckets) - 1));
    }
}

[[gnu::noinline]] void count(const std::uint32_t* __restrict buckets, std::size_t rows,
                             std::uint32_t* __restrict histogram)
{
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        ++histogram[buckets[i]];
        ++histogram[kBuckets + buckets[i + 1]];
        ++histogram[2 * kBuckets + buckets[i + 2]];
        ++histogram[3 * kBuckets + buckets[i + 3]];
    }
    for (; i < rows; ++i)
        ++histogram[buckets[i]];
}

} // namespace

LimitResult limitReplay(const LimitColumns& columns, float low, float high,
                        std::vector<float>& taken)
{
    const std::size_t rows = columns.score.size();
    LimitResult result;
    taken.resize(rows);
    alignas(64) std::array<std::uint32_t, kBlock> buckets;
    std::array<std::uint32_t, 4 * kBuckets> histogram{};
    for (std::size_t row = 0; row < rows; row += kBlock) {
        const std::size_t block = std::min(kBlock, rows - row);
        const float* const score = columns.score.data() + row;
        result.cost += sumBlock(score, at(columns.cost, row), low, high, block);
        result.quality += sumBlock(score, at(columns.quality, row), low, high, block);
        takeBlock(score, at(columns.latency, row), low, high, block, taken.data() + row,
                  buckets.data());
        count(buckets.data(), block, histogram.data());
    }
    const std::size_t rank = (95 * rows + 99) / 100 - 1;
    std::size_t below = 0;
    std::uint32_t bucket = 0;
    for (;; ++bucket) {
        std::size_t here = 0;
        for (std::size_t lane = 0; lane < 4; ++lane)
            here += histogram[lane * kBuckets + bucket];
        if (below + here > rank)
            break;
        below += here;
    }
    const auto lower = std::bit_cast<float>((bucket + kFirst) << kShift);
    const auto upper = std::bit_cast<float>((bucket + 1 + kFirst) << kShift);
    std::vector<float> near;
    near.reserve(rows / 16 + 64);
    for (std::size_t row = 0; row < rows; row += 64) {
        const std::size_t end = std::min(rows, row + 64);
        std::uint32_t isAny = 0;
        for (std::size_t i = row; i < end; ++i)
            isAny |= static_cast<std::uint32_t>((taken[i] >= lower) & (taken[i] < upper));
        for (std::size_t i = row; isAny && i < end; ++i) {
            if (taken[i] >= lower && taken[i] < upper)
                near.push_back(taken[i]);
        }
    }
    const auto nth = near.begin() + static_cast<std::ptrdiff_t>(rank - below);
    std::nth_element(near.begin(), nth, near.end());
    result.p95 = *nth;
    result.quality /= static_cast<double>(rows);
    return result;
}

} // namespace signalbox::bench
