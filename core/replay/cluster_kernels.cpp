// SPDX-License-Identifier: Apache-2.0
#include "cluster_kernels.h"

#include <array>
#include <cstring>

namespace signalbox {

namespace {

// Eight running sums per column, whatever the vectors: the order of additions is always the same.
constexpr std::size_t kLanes = 8;
using Doubles [[gnu::vector_size(64)]] = double;
using Floats [[gnu::vector_size(32)]] = float;
using Ints [[gnu::vector_size(32)]] = std::int32_t;
using Shorts [[gnu::vector_size(16)]] = std::uint16_t;

template<class Lanes> SIGNALBOX_INLINE void load(const void* from, Lanes& lanes)
{
    std::memcpy(&lanes, from, sizeof(Lanes));
}

SIGNALBOX_INLINE double totalOf(const Doubles& lanes)
{
    double sum = 0;
    for (std::size_t i = 0; i < kLanes; ++i)
        sum += lanes[i];
    return sum;
}

SIGNALBOX_INLINE void addLoop(const ClusterColumns& columns, std::size_t first, std::size_t count,
                              const std::uint16_t* weights, ClusterSums& sums)
{
    const std::array<const float*, 3> narrow = {columns.requests + first, columns.seams + first,
                                                columns.slow + first};
    const std::array<const double*, 3> wide = {columns.cost + first, columns.quality + first,
                                               columns.loss + first};
    Doubles narrowSums[3] = {};
    Doubles wideSums[3] = {};
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        Shorts taken;
        load(weights + i, taken);
        const Doubles weight =
            __builtin_convertvector(__builtin_convertvector(taken, Ints), Doubles);
        for (std::size_t column = 0; column < 3; ++column) {
            Floats values;
            load(narrow[column] + i, values);
            narrowSums[column] += weight * __builtin_convertvector(values, Doubles);
            Doubles wideValues;
            load(wide[column] + i, wideValues);
            wideSums[column] += weight * wideValues;
        }
    }
    std::array<double, 6> rest = {totalOf(narrowSums[0]), totalOf(narrowSums[1]),
                                  totalOf(narrowSums[2]), totalOf(wideSums[0]),
                                  totalOf(wideSums[1]),   totalOf(wideSums[2])};
    for (; i < count; ++i) {
        for (std::size_t column = 0; column < 3; ++column) {
            rest[column] += weights[i] * static_cast<double>(narrow[column][i]);
            rest[3 + column] += weights[i] * wide[column][i];
        }
    }
    sums.requests += rest[0];
    sums.seams += rest[1];
    sums.slow += rest[2];
    sums.cost += rest[3];
    sums.quality += rest[4];
    sums.loss += rest[5];
}

void addBaseline(const ClusterColumns& columns, std::size_t first, std::size_t count,
                 const std::uint16_t* weights, ClusterSums& sums)
{
    addLoop(columns, first, count, weights, sums);
}

#ifdef SIGNALBOX_HAS_TARGETS
[[gnu::target("avx2")]] void addAvx2(const ClusterColumns& columns, std::size_t first,
                                     std::size_t count, const std::uint16_t* weights,
                                     ClusterSums& sums)
{
    addLoop(columns, first, count, weights, sums);
}

[[gnu::target("avx512f,avx512bw,avx512vl")]] void addAvx512(const ClusterColumns& columns,
                                                            std::size_t first, std::size_t count,
                                                            const std::uint16_t* weights,
                                                            ClusterSums& sums)
{
    addLoop(columns, first, count, weights, sums);
}
#else
constexpr auto addAvx2 = addBaseline;
constexpr auto addAvx512 = addBaseline;
#endif

} // namespace

AddClusters addClustersWith(Vectors vectors)
{
    constexpr std::array<AddClusters, 3> kLoops = {addBaseline, addAvx2, addAvx512};
    return kLoops[static_cast<std::size_t>(vectors)];
}

} // namespace signalbox
