// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// Latencies as two halves of their bits. A float that is not negative sorts as its bits do; the
/// upper half (sign, exponent, 7 bits of the mantissa: steps of 0.4 to 0.8 %) names a bucket, the
/// lower half tells values of one bucket apart. Passes over all requests read buckets only; an
/// exact quantile looks into one of them. Buckets are numbered in ascending order of their values
/// and only as far as any request needs them, so a histogram is some hundred to two thousand
/// entries.
class LatencyBuckets
{
public:
    static constexpr int kLowBits = 16;

    /// Upper half of a latency in ms, >= 0, infinity allowed. Any NaN is the last bucket.
    [[nodiscard]] static std::uint16_t highOf(float ms)
    {
        return ms != ms ? kUnknownHigh
                        : static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(ms) >> kLowBits);
    }
    [[nodiscard]] static std::uint16_t lowOf(float ms)
    {
        return ms != ms ? 0 : static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(ms));
    }

    LatencyBuckets() = default;
    /// @param used  one entry per upper half, not 0 where some request has it
    explicit LatencyBuckets(const std::vector<std::uint8_t>& used);

    [[nodiscard]] std::size_t count() const { return m_high.size(); }
    /// Number of an upper half that is used.
    [[nodiscard]] std::uint16_t bucketOf(std::uint16_t high) const { return m_bucket[high]; }
    /// The very latency again; NaN in the bucket of the unknown ones.
    [[nodiscard]] float exact(std::size_t bucket, std::uint16_t low) const
    {
        return std::bit_cast<float>(std::uint32_t{m_high[bucket]} << kLowBits | low);
    }
    /// Where `share` (0 to 1) of the bucket's width lies below; of an infinite bucket, infinity.
    [[nodiscard]] float within(std::size_t bucket, double share) const;
    /// Whether the last bucket holds requests of which nobody knows the latency.
    [[nodiscard]] bool hasUnknown() const
    {
        return !m_high.empty() && m_high.back() == kUnknownHigh;
    }

    static constexpr std::size_t kHighs = 0x8000;

private:
    static constexpr std::uint16_t kUnknownHigh = 0x7FC0;
    std::vector<std::uint16_t> m_high;   ///< per bucket
    std::vector<std::uint16_t> m_bucket; ///< per upper half
};

/// Rank from 0 of the 95th percentile among n: the inverse of the empirical distribution function,
/// the ceil(0.95 n)-th smallest. n > 0.
[[nodiscard]] constexpr std::uint64_t rankOfP95(std::uint64_t n)
{
    return (95 * n + 99) / 100 - 1;
}

/// A bucket and how many of its values lie below the one that is looked for.
struct BucketRank
{
    std::size_t bucket = 0;
    std::uint64_t below = 0;
};

/// Finds the rank in a histogram whose counts sum to more than it. Counts are walked from the
/// slowest down, as p95 is near.
/// @param total  the sum of the counts
[[nodiscard]] BucketRank findRank(std::span<const std::uint32_t> histogram, std::uint64_t total,
                                  std::uint64_t rank);

/// p95 by interpolation within its bucket; NaN if nothing is counted, or something unknown is.
/// @param total  the sum of the counts
[[nodiscard]] float p95Within(const LatencyBuckets& latencies,
                              std::span<const std::uint32_t> histogram, std::uint64_t total);

} // namespace signalbox
