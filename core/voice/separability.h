// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "turn_groups.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace signalbox {

// How well scores tell two voices apart. a[p] and b[p] are the scores of the two answers to prompt
// p; both spans have the same length. Source: measures.md section 2; classifier two-sample tests
// (Lopez-Paz and Oquab 2017), same-different theory (Macmillan and Creelman 2005).

/// P(an answer of A scores above one of B), ties half, over all pairs. 0.5 without scores.
[[nodiscard]] double identificationAuc(std::span<const double> a, std::span<const double> b);

/// Share of prompts where A's answer scores above B's, ties half.
[[nodiscard]] double twoAlternativeAuc(std::span<const double> a, std::span<const double> b);

/// Mean of the shares of A's scores above 0 and of B's at or below 0.
[[nodiscard]] double balancedAccuracy(std::span<const double> a, std::span<const double> b);

/// P(the scores of two answers to different prompts differ more if A and B wrote one each than if
/// one model wrote both), ties half. 0.5 under two prompts. O(n^2 log n); above 1,000 prompts as
/// quickSameDifferentAuc().
/// @param turns  two turns of one conversation are no different prompts
[[nodiscard]] double sameDifferentAuc(std::span<const double> a, std::span<const double> b,
                                      const TurnGroups& turns = {});

/// The same to about 1e-4, of scores on a grid of 4,096 steps: O(n * 4096), some 20 times as fast
/// at 400 prompts. For where it is asked many times.
[[nodiscard]] double quickSameDifferentAuc(std::span<const double> a, std::span<const double> b,
                                           const TurnGroups& turns = {});

/// Correlation of one model's scores on consecutive turns, rho, of both models together: each about
/// its own means. 0 if there are fewer than two pairs, or no spread.
/// @param weights  how often a row counts; empty: once
[[nodiscard]] double pooledTurnCorrelation(std::span<const double> a, std::span<const double> b,
                                           const TurnGroups& turns,
                                           std::span<const float> weights = {});

/// nu: how noticeable one switch is.
[[nodiscard]] double noticeabilityOf(double sameDifferent);

/// Distance of two equal-variance normal score distributions with this AUC; 0 below 0.5.
[[nodiscard]] double discriminability(double auc);

/// One bootstrap draw of prompts.
struct SeparabilityDraw
{
    double auc = 0.5;
    double noticeability = 0;
    double rho = 0; ///< pooledTurnCorrelation()
};

/// Bootstrap over prompts, the turns of a conversation together, of the measures. The AUC of a draw
/// is exact; nu comes from scores on a grid of 256 steps, moved by the grid's error on the whole
/// sample, so that a draw costs O(n + grid^2) and not O(n^2 log n).
/// @param sameDifferent  sameDifferentAuc() of the two, if it is known already
[[nodiscard]] std::vector<SeparabilityDraw>
bootstrapSeparability(std::span<const double> a, std::span<const double> b, std::size_t draws,
                      std::uint64_t seed, const TurnGroups& turns = {},
                      std::optional<double> sameDifferent = {});

/// The p-quantile of values, 0 <= p <= 1, linear between order statistics; the values are
/// reordered.
[[nodiscard]] double quantileOf(std::vector<double>& values, double p);

} // namespace signalbox
