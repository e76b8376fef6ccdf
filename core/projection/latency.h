// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace signalbox {

// Latency of plans in closed form (measures.md section 5): what two models and a budget can do
// before anything is simulated. The projection runs recorded answers through the attempt machine;
// these formulas are its check and the budget editor's first answer.

/// A latency distribution function: share of answers that have begun by t milliseconds.
using LatencyCdf = std::function<double(double)>;

/// Log-normal from its median and the standard deviation of the logarithm.
[[nodiscard]] LatencyCdf logNormalLatency(double medianMs, double sigma);
/// Log-normal from median and 95th percentile.
[[nodiscard]] LatencyCdf logNormalLatencyFromP95(double medianMs, double p95Ms);

// C: the first model, P: the fallback, f: failure rate of the first.

/// (1-f) F_C(t) + f F_P(t-backoff): the fallback starts when the retries are over.
[[nodiscard]] LatencyCdf sequentialFallback(LatencyCdf first, LatencyCdf fallback,
                                            double failureRate, double backoffMs);
/// The first model is stopped at the budget, then the fallback starts.
[[nodiscard]] LatencyCdf cancelAtBudget(LatencyCdf first, LatencyCdf fallback, double failureRate,
                                        double budgetMs);
/// The fallback starts at the budget beside the first model; the first answer wins.
[[nodiscard]] LatencyCdf hedgeAtBudget(LatencyCdf first, LatencyCdf fallback, double failureRate,
                                       double budgetMs);
/// (1-f) F_C(t) + f F_P(t-detect): the fallback starts as soon as the error is known.
[[nodiscard]] LatencyCdf failoverOnError(LatencyCdf first, LatencyCdf fallback, double failureRate,
                                         double detectMs);

/// Share of requests that reach the fallback under a budget, in cancel and hedge mode alike:
/// f + (1-f)(1 - F_C(budget)).
[[nodiscard]] double fallbackShare(const LatencyCdf& first, double failureRate, double budgetMs);

/// Smallest t with cdf(t) >= q, to 0.01 ms, by bisection; infinity if never within an hour.
[[nodiscard]] double quantile(const LatencyCdf& cdf, double q);

/// Rank (1 to n) of the inverse empirical CDF: ceil(q n), with a guard against q n that is whole
/// but not exactly so in binary.
[[nodiscard]] std::size_t quantileRank(std::size_t n, double q);

/// Inverse of the empirical CDF: the ceil(q n)-th smallest. NaN when empty. Reorders a copy.
[[nodiscard]] double empiricalQuantile(std::vector<double> values, double q);

/// Order-statistic interval of a quantile at 95 % (normal approximation of the binomial ranks).
/// All NaN when empty.
struct QuantileInterval
{
    double value = 0;
    double low = 0;
    double high = 0;
};
[[nodiscard]] QuantileInterval quantileInterval(std::vector<double> values, double q);

} // namespace signalbox
