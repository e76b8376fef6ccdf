// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k_means.h"
#include "segmentation.h"

#include <core/routing/coded_column.h>

#include <cstddef>
#include <string>
#include <vector>

// Inside of core/segments: the requests of a traffic as points, whatever their order.
namespace signalbox::segments_detail {

/// Which signals become coordinates, and why others do not.
struct FeatureChoice
{
    struct LeftOut
    {
        SignalId signal;
        std::string why; ///< end of a sentence
    };
    struct Missing
    {
        SignalId signal;
        std::size_t requests = 0;
    };
    std::vector<ClusterFeature> features;
    std::vector<std::size_t> columnOf; ///< per feature, index of its signal
    std::vector<LeftOut> leftOut;
    std::vector<Missing> missing; ///< of the signals that are features
};

/// Numbers and booleans are a feature each, the frequent values of a text one each. Means and
/// spreads are of the requests that have the signal. Left out is what is the same everywhere, what
/// more than half of the requests do not have, and texts with too many values to be categories.
/// @param columns  one per signal
[[nodiscard]] FeatureChoice featuresOf(const std::vector<Signal>& signalList,
                                       const std::vector<const CodedColumn*>& columns);

/// At most `most` requests, evenly over all of them in the order of their values, equal ones as one
/// point: the same points whatever the order of the rows is.
[[nodiscard]] WeightedPoints pointsOf(const FeatureChoice& choice,
                                      const std::vector<const CodedColumn*>& columns,
                                      std::size_t most);

/// At most `most` of these, as if each stood there as often as it weighs.
[[nodiscard]] WeightedPoints thinned(const WeightedPoints& points, std::size_t most);

} // namespace signalbox::segments_detail
