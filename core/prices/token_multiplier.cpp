// SPDX-License-Identifier: Apache-2.0
#include "token_multiplier.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace signalbox {

namespace {

/// The quantile of sorted values, linear between neighbours.
double quantile(const std::vector<double>& sorted, double share)
{
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

} // namespace

TokenMultiplier learnMultiplier(std::span<const TokenSample> samples)
{
    constexpr double kFurthest = 20;
    std::vector<double> ratios;
    for (const TokenSample& sample : samples) {
        if (sample.counted < kShortestTokenSample)
            continue;
        const double ratio =
            static_cast<double>(sample.stated) / static_cast<double>(sample.counted);
        if (ratio >= 1 / kFurthest && ratio <= kFurthest)
            ratios.push_back(ratio);
    }
    if (ratios.size() < kFewestTokenSamples)
        return {};
    std::ranges::sort(ratios);
    return {quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75), ratios.size()};
}

std::map<std::string, TokenMultiplier> learnMultipliers(std::span<const TokenSample> samples)
{
    std::map<std::string, std::vector<TokenSample>> byModel;
    for (const TokenSample& sample : samples)
        byModel[sample.model].push_back(sample);
    std::map<std::string, TokenMultiplier> learned;
    for (const auto& [model, own] : byModel) {
        if (const TokenMultiplier multiplier = learnMultiplier(own); multiplier.samples > 0)
            learned.emplace(model, multiplier);
    }
    return learned;
}

} // namespace signalbox
