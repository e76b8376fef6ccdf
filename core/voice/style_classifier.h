// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_stats.h"
#include "turn_groups.h"

#include <cstddef>
#include <span>
#include <vector>

namespace signalbox {

/// Brings features to mean 0 and standard deviation 1 over the rows that it saw. Missing values
/// become 0, all others are clipped to +-4.
class FeatureScaler
{
public:
    /// @param features  which features, in the order of the columns
    FeatureScaler(std::span<const AnswerStats* const> rows, std::span<const std::size_t> features);

    [[nodiscard]] std::size_t columns() const { return m_features.size(); }
    /// Writes columns() values.
    void scale(const AnswerStats& stats, double* out) const;

private:
    std::vector<std::size_t> m_features;
    std::vector<double> m_mean;
    std::vector<double> m_inverseSpread;
};

/// L2-regularised logistic regression with a free intercept.
struct LogisticModel
{
    std::vector<double> coefficients;
    double intercept = 0;

    [[nodiscard]] double logit(std::span<const double> row) const;
};

/// Fits by Newton steps until they are below 1e-9, which takes three to six.
/// @param rows    row after row, `columns` values each
/// @param labels  1 or 0 per row
/// @param lambda  weight of half the squared coefficients; > 0
[[nodiscard]] LogisticModel fitLogistic(std::span<const double> rows,
                                        std::span<const double> labels, std::size_t columns,
                                        double lambda);

/// Scores of two models' answers to the same prompts by classifiers that did not see the prompt.
struct OutOfFoldScores
{
    std::vector<double> a;
    std::vector<double> b;
};

/// @param a, b   answers of the two models; prompt p is in fold p mod folds
/// @param turns  all turns of a conversation are in one fold, that of its place among them
[[nodiscard]] OutOfFoldScores outOfFoldScores(std::span<const AnswerStats> a,
                                              std::span<const AnswerStats> b,
                                              std::span<const std::size_t> features, int folds,
                                              double lambda, const TurnGroups& turns = {});

} // namespace signalbox
