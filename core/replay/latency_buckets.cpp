// SPDX-License-Identifier: Apache-2.0
#include "latency_buckets.h"

#include <cmath>
#include <limits>

namespace signalbox {

LatencyBuckets::LatencyBuckets(const std::vector<std::uint8_t>& used) : m_bucket(kHighs, 0)
{
    for (std::size_t high = 0; high < used.size(); ++high) {
        if (!used[high])
            continue;
        m_bucket[high] = static_cast<std::uint16_t>(m_high.size());
        m_high.push_back(static_cast<std::uint16_t>(high));
    }
}

float LatencyBuckets::within(std::size_t bucket, double share) const
{
    const float lower = exact(bucket, 0);
    if (!std::isfinite(lower))
        return lower;
    const float upper = exact(bucket, 0xFFFF);
    return lower + (upper - lower) * static_cast<float>(share);
}

BucketRank findRank(std::span<const std::uint32_t> histogram, std::uint64_t total,
                    std::uint64_t rank)
{
    std::size_t bucket = histogram.size();
    std::uint64_t below = total;
    while (bucket > 0 && below > rank)
        below -= histogram[--bucket];
    return {bucket, rank - below};
}

float p95Within(const LatencyBuckets& latencies, std::span<const std::uint32_t> histogram,
                std::uint64_t total)
{
    if (total == 0 || (latencies.hasUnknown() && histogram.back() > 0))
        return std::numeric_limits<float>::quiet_NaN();
    const BucketRank wanted = findRank(histogram, total, rankOfP95(total));
    return latencies.within(wanted.bucket, (static_cast<double>(wanted.below) + 0.5) /
                                               static_cast<double>(histogram[wanted.bucket]));
}

} // namespace signalbox
