// SPDX-License-Identifier: Apache-2.0
#include "row_spread.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace signalbox {

namespace {

constexpr float kMostDeviations = 4;

/// One over the standard deviation of each feature; 0 for one that is the same everywhere.
StyleVector weightsOf(const std::vector<const StyleVector*>& styles)
{
    StyleVector weights{};
    for (std::size_t feature = 0; feature < kVoiceFeatureCount; ++feature) {
        double count = 0;
        double mean = 0;
        double squares = 0; // Welford's running sum
        for (const StyleVector* style : styles) {
            if (!style || std::isnan((*style)[feature]))
                continue;
            const double value = (*style)[feature];
            count += 1;
            const double step = value - mean;
            mean += step / count;
            squares += step * (value - mean);
        }
        const double deviation = count < 2 ? 0 : std::sqrt(squares / (count - 1));
        weights[feature] = deviation > 0 ? static_cast<float>(1 / deviation) : 0;
    }
    return weights;
}

double distance(const StyleVector& a, const StyleVector& b, const StyleVector& weights)
{
    double sum = 0;
    int both = 0;
    for (std::size_t feature = 0; feature < kVoiceFeatureCount; ++feature) {
        const float apart = std::fabs(a[feature] - b[feature]) * weights[feature];
        if (std::isnan(apart))
            continue;
        const float counted = std::min(apart, kMostDeviations);
        sum += static_cast<double>(counted) * counted;
        ++both;
    }
    return both == 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(sum / both);
}

} // namespace

StyleVector styleOf(const AnswerStats& stats)
{
    StyleVector style{};
    std::ranges::transform(stats.features, style.begin(),
                           [](double value) { return static_cast<float>(value); });
    return style;
}

std::vector<double> rowSpreads(const std::vector<const StyleVector*>& styles, std::size_t columns)
{
    const std::size_t rows = columns == 0 ? 0 : styles.size() / columns;
    std::vector<double> spreads(rows, std::numeric_limits<double>::quiet_NaN());
    const StyleVector weights = weightsOf(styles);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t a = 0; a < columns; ++a) {
            const StyleVector* const first = styles[row * columns + a];
            for (std::size_t b = a + 1; first && b < columns; ++b) {
                const StyleVector* const second = styles[row * columns + b];
                if (second)
                    spreads[row] = std::fmax(spreads[row], distance(*first, *second, weights));
            }
        }
    }
    return spreads;
}

} // namespace signalbox
