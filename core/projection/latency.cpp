// SPDX-License-Identifier: Apache-2.0
#include "latency.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

constexpr double kHourMs = 3'600'000;
constexpr double kBisectionMs = 0.005;
constexpr double kNormal95 = 1.6448536269514722; ///< PhiInv(0.95)
constexpr double kNormal975 = 1.959963984540054; ///< PhiInv(0.975)

double atOrZero(const LatencyCdf& cdf, double t)
{
    return t < 0 ? 0 : cdf(t);
}

} // namespace

LatencyCdf logNormalLatency(double medianMs, double sigma)
{
    return [logMedian = std::log(medianMs), sigma](double t) {
        return t <= 0 ? 0.0 : normalCdf((std::log(t) - logMedian) / sigma);
    };
}

LatencyCdf logNormalLatencyFromP95(double medianMs, double p95Ms)
{
    return logNormalLatency(medianMs, std::log(p95Ms / medianMs) / kNormal95);
}

LatencyCdf sequentialFallback(LatencyCdf first, LatencyCdf fallback, double failureRate,
                              double backoffMs)
{
    return [first = std::move(first), fallback = std::move(fallback), failureRate,
            backoffMs](double t) {
        return (1 - failureRate) * first(t) + failureRate * atOrZero(fallback, t - backoffMs);
    };
}

LatencyCdf cancelAtBudget(LatencyCdf first, LatencyCdf fallback, double failureRate,
                          double budgetMs)
{
    const double reached = fallbackShare(first, failureRate, budgetMs);
    return [first = std::move(first), fallback = std::move(fallback), failureRate, budgetMs,
            reached](double t) {
        return (1 - failureRate) * first(std::min(t, budgetMs)) +
               reached * atOrZero(fallback, t - budgetMs);
    };
}

LatencyCdf hedgeAtBudget(LatencyCdf first, LatencyCdf fallback, double failureRate, double budgetMs)
{
    return [first = std::move(first), fallback = std::move(fallback), failureRate,
            budgetMs](double t) {
        const double firstStillOut = failureRate + (1 - failureRate) * (1 - first(t));
        return 1 - firstStillOut * (1 - atOrZero(fallback, t - budgetMs));
    };
}

LatencyCdf failoverOnError(LatencyCdf first, LatencyCdf fallback, double failureRate,
                           double detectMs)
{
    return sequentialFallback(std::move(first), std::move(fallback), failureRate, detectMs);
}

double fallbackShare(const LatencyCdf& first, double failureRate, double budgetMs)
{
    return failureRate + (1 - failureRate) * (1 - first(budgetMs));
}

double quantile(const LatencyCdf& cdf, double q)
{
    if (cdf(kHourMs) < q)
        return std::numeric_limits<double>::infinity();
    double low = 0;
    double high = kHourMs;
    while (high - low > kBisectionMs) {
        const double middle = (low + high) / 2;
        (cdf(middle) >= q ? high : low) = middle;
    }
    return high;
}

std::size_t quantileRank(std::size_t n, double q)
{
    const double rank = std::ceil(q * static_cast<double>(n) - 1e-9);
    return static_cast<std::size_t>(std::clamp(rank, 1.0, static_cast<double>(n)));
}

double empiricalQuantile(std::vector<double> values, double q)
{
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    const auto nth =
        values.begin() + static_cast<std::ptrdiff_t>(quantileRank(values.size(), q) - 1);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

QuantileInterval quantileInterval(std::vector<double> values, double q)
{
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    if (values.empty())
        return {kNaN, kNaN, kNaN};
    std::sort(values.begin(), values.end());
    const auto n = static_cast<double>(values.size());
    const double half = kNormal975 * std::sqrt(n * q * (1 - q));
    const auto at = [&](double rank) {
        return values[static_cast<std::size_t>(std::clamp(rank, 1.0, n)) - 1];
    };
    return {at(static_cast<double>(quantileRank(values.size(), q))), at(std::floor(q * n - half)),
            at(std::ceil(q * n + half) + 1)};
}

} // namespace signalbox
