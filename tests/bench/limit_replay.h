// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace signalbox::bench {

/// What a loop can do that knows the policy when it is compiled, for this very processor: a score
/// and two thresholds, three models, floats, nothing else. The physical limit of bench_replay.
struct LimitColumns
{
    std::vector<float> score;
    std::array<std::vector<float>, 3> cost;
    std::array<std::vector<float>, 3> quality;
    std::array<std::vector<float>, 3> latency;
};

struct LimitResult
{
    double cost = 0;
    double quality = 0;
    float p95 = 0;
};

/// One pass with a histogram, one that looks into a single bucket of it.
[[nodiscard]] LimitResult limitReplay(const LimitColumns& columns, float low, float high,
                                      std::vector<float>& taken);

} // namespace signalbox::bench
