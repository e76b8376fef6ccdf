// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tone.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace signalbox {

/// Consecutive answers of one conversation, counted by the pair of models that gave them.
struct SeamCounts
{
    explicit SeamCounts(std::size_t modelCount = 0)
        : models(modelCount), counts(modelCount * modelCount, 0.0)
    {}
    std::size_t models = 0;
    std::vector<double>
        counts;       ///< models x models, symmetric use: [min][max]; diagonal = no switch
    double total = 0; ///< all consecutive pairs, diagonal included
    void add(std::size_t a, std::size_t b, double weight = 1);
    [[nodiscard]] double share(std::size_t a, std::size_t b) const; ///< w_AB; 0 if total is 0
};

struct ConsistencyLoss
{
    std::size_t a = 0;
    std::size_t b = 0;
    double seamShare = 0; ///< w_AB
    double noticeability = 0;
    double loss = 0; ///< w_AB nu_AB
};

struct Consistency
{
    double value = 1;                    ///< C = 1 - sum of losses, 0 to 1
    std::vector<ConsistencyLoss> losses; ///< pairs with seams, largest first
};

/// C of measures.md section 3.
/// @param noticeability  nu for a pair of model indices, 0 for a model with itself
[[nodiscard]] Consistency
consistency(const SeamCounts& seams,
            const std::function<double(std::size_t, std::size_t)>& noticeability);

/// Independent routing with shares pi: w_AB = 2 pi_A pi_B.
[[nodiscard]] SeamCounts independentSeams(std::span<const double> shares);

/// Of 100 conversations of `turns` turns, how many would be flagged at the level where one model
/// alone is flagged in 5 % of its turns. Scores are standardised: same ~ N(0,1), other ~ N(d,1).
[[nodiscard]] double flaggedPer100(double switchesPerSeam, double auc, int turns);

} // namespace signalbox
