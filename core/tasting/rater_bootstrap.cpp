// SPDX-License-Identifier: Apache-2.0
#include "rater_bootstrap.h"

#include <core/base/random.h>
#include <core/voice/separability.h>

#include <cmath>
#include <map>
#include <string>

namespace signalbox {

namespace {

std::vector<double> drawCounts(Random& random, std::size_t count)
{
    std::vector<double> counts(count, 0.0);
    for (std::size_t i = 0; i < count; ++i)
        ++counts[random.below(count)];
    return counts;
}

} // namespace

RaterBootstrap::RaterBootstrap(const std::vector<std::pair<RaterId, PromptId>>& votes,
                               std::uint64_t seed)
    : m_seed(seed)
{
    // Numbered by id and not as they come: the order of the votes must not move the interval.
    std::map<RaterId, std::size_t> raters;
    std::map<PromptId, std::size_t> prompts;
    for (const auto& [rater, prompt] : votes) {
        raters.try_emplace(rater, 0);
        prompts.try_emplace(prompt, 0);
    }
    for (auto& [rater, index] : raters)
        index = m_raters++;
    for (auto& [prompt, index] : prompts)
        index = m_prompts++;
    for (const auto& [rater, prompt] : votes)
        m_votes.emplace_back(raters.at(rater), prompts.at(prompt));
}

std::vector<double> RaterBootstrap::weights(std::size_t draw) const
{
    Random random(m_seed, "draw " + std::to_string(draw));
    const std::vector<double> raters = drawCounts(random, m_raters);
    const std::vector<double> prompts = drawCounts(random, m_prompts);
    std::vector<double> weights;
    weights.reserve(m_votes.size());
    for (const auto& [rater, prompt] : m_votes)
        weights.push_back(raters[rater] * prompts[prompt]);
    return weights;
}

Estimate estimateOf(double value, const std::vector<double>& draws, std::size_t n, double least,
                    double most)
{
    if (draws.empty())
        return {value, value, value, n};
    std::vector<double> lows;
    std::vector<double> highs;
    for (const double draw : draws) {
        lows.push_back(std::isnan(draw) ? least : draw);
        highs.push_back(std::isnan(draw) ? most : draw);
    }
    const double low = quantileOf(lows, 0.025);
    const double high = quantileOf(highs, 0.975);
    return {value, low, high, n};
}

} // namespace signalbox
