// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "replay_kernels.h"

#include <cstddef>
#include <cstdint>

namespace signalbox {

/// Sums over conversations. All are whole numbers and exact below 2^53.
struct ClusterSums
{
    double requests = 0;
    double seams = 0;
    double slow = 0; ///< requests that are slower than all that p95 is looked for among
    double cost = 0; ///< units of PackedRows::costUnit(), or 1e-12 USD
    double quality = 0;
    double loss = 0;
};

/// The same of every conversation, column after column.
struct ClusterColumns
{
    const float* requests = nullptr; ///< below 2^24
    const float* seams = nullptr;
    const float* slow = nullptr;
    const double* cost = nullptr;
    const double* quality = nullptr;
    const double* loss = nullptr;
};

/// Adds `count` conversations from `first` on, each as often as its weight says; weights[0] is that
/// of the first.
using AddClusters = void (*)(const ClusterColumns& columns, std::size_t first, std::size_t count,
                             const std::uint16_t* weights, ClusterSums& sums);

/// That loop for a kind of vectors that can be used.
[[nodiscard]] AddClusters addClustersWith(Vectors vectors);

} // namespace signalbox
