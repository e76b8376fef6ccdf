// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace signalbox {

/// A latency distribution function: share of answers that have begun by t milliseconds.
using LatencyCdf = std::function<double(double)>;

/// Log-normal from its median and the standard deviation of the logarithm.
[[nodiscard]] LatencyCdf logNormalLatency(double medianMs, double sigma);
/// Log-normal from median and 95th percentile.
[[nodiscard]] LatencyCdf logNormalLatencyFromP95(double medianMs, double p95Ms);

// measures.md section 5. C: the first model, P: the fallback, f: failure rate of the first.
[[nodiscard]] LatencyCdf sequentialFallback(LatencyCdf first, LatencyCdf fallback, double failureRate, double backoffMs);
[[nodiscard]] LatencyCdf cancelAtBudget(LatencyCdf first, LatencyCdf fallback, double failureRate, double budgetMs);
[[nodiscard]] LatencyCdf hedgeAtBudget(LatencyCdf first, LatencyCdf fallback, double failureRate, double budgetMs);
[[nodiscard]] LatencyCdf failoverOnError(LatencyCdf first, LatencyCdf fallback, double failureRate, double detectMs);

/// Smallest t with cdf(t) >= q, to 0.01 ms, by bisection; infinity if never within an hour.
[[nodiscard]] double quantile(const LatencyCdf& cdf, double q);

/// Inverse of the empirical CDF: the ceil(q n)-th smallest. NaN when empty. Reorders a copy.
[[nodiscard]] double empiricalQuantile(std::vector<double> values, double q);

/// Order-statistic interval of a quantile at 95 % (normal approximation of the binomial ranks).
struct QuantileInterval { double value = 0; double low = 0; double high = 0; };
[[nodiscard]] QuantileInterval quantileInterval(std::vector<double> values, double q);

} // namespace signalbox
