// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rater_bootstrap.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace signalbox {

/// A measure of items with a 95 % interval by bootstrap over their prompts: what is drawn is the
/// prompt with everything in it, since answers to one prompt have much in common.
/// @param prompts  of each item
/// @param measure  of weights, one an item, whole numbers: how often it counts; NaN: not known
/// @param draws    0 for none: the interval collapses to the value
/// @param least, most  what the measure can be
template<class Measure>
[[nodiscard]] Estimate estimateOverPrompts(const std::vector<PromptId>& prompts,
                                           const Measure& measure, std::size_t draws,
                                           std::uint64_t seed, double least, double most)
{
    if (prompts.empty()) {
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
        return {unknown, unknown, unknown, 0};
    }
    std::vector<std::pair<RaterId, PromptId>> items;
    for (const PromptId& prompt : prompts)
        items.emplace_back(RaterId("all"), prompt);
    const RaterBootstrap bootstrap(items, seed);
    std::vector<double> drawn;
    for (std::size_t draw = 0; draw < draws; ++draw)
        drawn.push_back(measure(std::span<const double>(bootstrap.weights(draw))));
    const std::vector<double> once(prompts.size(), 1.0);
    return estimateOf(measure(std::span<const double>(once)), drawn, prompts.size(), least, most);
}

/// Numbers by prompt whose mean is wanted.
struct NumbersByPrompt
{
    std::vector<PromptId> prompts;
    std::vector<double> values;

    void add(const PromptId& prompt, double value)
    {
        prompts.push_back(prompt);
        values.push_back(value);
    }
    /// NaN without any; n counts the numbers.
    [[nodiscard]] Estimate mean(std::size_t draws, std::uint64_t seed, double least,
                                double most) const
    {
        const auto weighted = [this](std::span<const double> weights) {
            double sum = 0;
            double total = 0;
            for (std::size_t i = 0; i < values.size(); ++i) {
                sum += weights[i] * values[i];
                total += weights[i];
            }
            return total > 0 ? sum / total : std::numeric_limits<double>::quiet_NaN();
        };
        return estimateOverPrompts(prompts, weighted, draws, seed, least, most);
    }
};

} // namespace signalbox
