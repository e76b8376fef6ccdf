// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Inside of core/segments: the arithmetic of clusters, without knowing what is clustered. Each call
// is one thread's and depends on nothing but its arguments.
namespace signalbox::segments_detail {

/// Points that count more than once. NaN is a value that is missing: a point lies as near to a
/// centre as in its other dimensions.
struct WeightedPoints
{
    std::size_t dimensions = 0;
    std::vector<double> values;  ///< point by point
    std::vector<double> weights; ///< > 0

    [[nodiscard]] std::size_t size() const { return weights.size(); }
    [[nodiscard]] std::span<const double> operator[](std::size_t point) const
    {
        return std::span(values).subspan(point * dimensions, dimensions);
    }
};

struct Clustering
{
    std::vector<double> centres; ///< centre by centre
    double within = 0;           ///< weighted sum of squared distances to the nearest centre

    [[nodiscard]] std::size_t size(std::size_t dimensions) const
    {
        return dimensions == 0 ? 0 : centres.size() / dimensions;
    }
};

/// One start of Lloyd's algorithm from a k-means++ seeding (Arthur and Vassilvitskii, SODA 2007),
/// until no point changes its centre or 200 rounds. A centre that loses its points moves to the
/// point that is farthest from its own.
/// @param k      1 to the number of points, which are all different
/// @param seed, start  name the stream of random numbers
[[nodiscard]] Clustering kMeans(const WeightedPoints& points, std::size_t k, std::uint64_t seed,
                                std::size_t start);

/// The nearest centre of each point, the first of several.
[[nodiscard]] std::vector<std::uint32_t> nearestCentres(const WeightedPoints& points,
                                                        const Clustering& clustering);

/// Mean silhouette (Rousseeuw 1987) in [-1, 1], a point of weight w counting as w points in one
/// place, and missing dimensions as far apart as the others are; a point alone in its cluster
/// counts 0. O(points squared).
/// @param of  cluster of each point, below `clusters`
[[nodiscard]] double meanSilhouette(const WeightedPoints& points, std::span<const std::uint32_t> of,
                                    std::size_t clusters);

} // namespace signalbox::segments_detail
