// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_spacing.h"

#include <algorithm>

namespace signalbox::ui {
namespace {

/// Far more than a pixel needs with as many models as a policy has.
constexpr int kEveningRounds = 64;

/// Neighbours that stand as near to each other as they may.
struct Pool
{
    qreal sum = 0;
    qreal weight = 0;
    std::size_t count = 1;
    [[nodiscard]] qreal mean() const { return sum / weight; }
};

} // namespace

std::vector<qreal> spacedOut(const std::vector<SpacedPart>& parts, qreal gap, qreal low, qreal high)
{
    // Measured from where each would be if all stood together, "ascending by its size" is just
    // "ascending".
    std::vector<qreal> together;
    qreal needed = -gap;
    for (const SpacedPart& part : parts) {
        needed += gap;
        together.push_back(needed + part.size / 2);
        needed += part.size;
    }
    const qreal lowest = std::min(low, (low + high - needed) / 2);
    const qreal highest = std::max(lowest, high - needed);
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const qreal start = std::min(parts[i].wanted, high) - together[i];
        pools.push_back({start * parts[i].weight, parts[i].weight, 1});
        while (pools.size() > 1 && pools.back().mean() < pools[pools.size() - 2].mean()) {
            const Pool last = pools.back();
            pools.pop_back();
            pools.back().sum += last.sum;
            pools.back().weight += last.weight;
            pools.back().count += last.count;
        }
    }
    std::vector<qreal> placed;
    for (const Pool& pool : pools) {
        const qreal start = std::clamp(pool.mean(), lowest, highest);
        for (std::size_t n = 0; n < pool.count; ++n)
            placed.push_back(start + together[placed.size()]);
    }
    return placed;
}

std::vector<qreal> evenedOut(std::vector<qreal> middles, std::vector<SpacedRange> ranges)
{
    Q_ASSERT_X(middles.size() == ranges.size(), "evenedOut", "one range for each middle");
    for (std::size_t i = 0; i < middles.size(); ++i)
        ranges[i] = {std::min(ranges[i].low, middles[i]), std::max(ranges[i].high, middles[i])};
    for (int round = 0; round < kEveningRounds; ++round) {
        for (std::size_t i = 1; i + 1 < middles.size(); ++i)
            middles[i] =
                std::clamp((middles[i - 1] + middles[i + 1]) / 2, ranges[i].low, ranges[i].high);
    }
    return middles;
}

} // namespace signalbox::ui
