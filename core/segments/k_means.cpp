// SPDX-License-Identifier: Apache-2.0
#include "k_means.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace signalbox::segments_detail {

namespace {

constexpr int kMostRounds = 200;

double squaredDistance(std::span<const double> a, std::span<const double> b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double apart = a[i] - b[i];
        sum += std::isnan(apart) ? 0 : apart * apart;
    }
    return sum;
}

/// Of two points: over the dimensions that both have, as if the others were like them. In spreads,
/// two requests by chance are 2 apart in each.
double distance(std::span<const double> a, std::span<const double> b)
{
    std::size_t shared = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        shared += std::isnan(a[i]) || std::isnan(b[i]) ? 0 : 1;
    const auto dimensions = static_cast<double>(a.size());
    return std::sqrt(shared == 0
                         ? 2 * dimensions
                         : squaredDistance(a, b) * dimensions / static_cast<double>(shared));
}

/// A point by chance, each as likely as its number says; the last that has any if they are used up.
std::size_t drawn(const std::vector<double>& chances, Random& random)
{
    double left = random.uniform() * std::accumulate(chances.begin(), chances.end(), 0.0);
    std::size_t last = 0;
    for (std::size_t i = 0; i < chances.size(); ++i) {
        if (chances[i] <= 0)
            continue;
        last = i;
        left -= chances[i];
        if (left < 0)
            break;
    }
    return last;
}

class Lloyd
{
public:
    Lloyd(const WeightedPoints& points, std::size_t k, Random random)
        : m_points(points), m_k(k), m_random(random), m_of(points.size(), 0),
          m_distance(points.size(), std::numeric_limits<double>::infinity())
    {}

    Clustering run()
    {
        seed();
        for (int round = 0; round < kMostRounds && assign(); ++round)
            moveCentres();
        assign();
        Clustering result;
        result.centres = m_centres;
        for (std::size_t i = 0; i < m_points.size(); ++i)
            result.within += m_points.weights[i] * m_distance[i];
        return result;
    }

private:
    void seed()
    {
        addCentre(drawn(m_points.weights, m_random));
        std::vector<double> chances(m_points.size());
        while (m_centres.size() < m_k * m_points.dimensions) {
            const auto newest = std::span<const double>(m_centres).last(m_points.dimensions);
            for (std::size_t i = 0; i < m_points.size(); ++i) {
                m_distance[i] = std::min(m_distance[i], squaredDistance(m_points[i], newest));
                chances[i] = m_points.weights[i] * m_distance[i];
            }
            addCentre(drawn(chances, m_random));
        }
    }

    void addCentre(std::size_t point)
    {
        m_centres.resize(m_centres.size() + m_points.dimensions);
        moveTo(point, std::span(m_centres).last(m_points.dimensions));
    }

    /// What the point does not say is at the mean.
    void moveTo(std::size_t point, std::span<double> place)
    {
        for (std::size_t d = 0; d < place.size(); ++d)
            place[d] = std::isnan(m_points[point][d]) ? 0 : m_points[point][d];
    }

    [[nodiscard]] std::span<double> centre(std::size_t c)
    {
        return std::span(m_centres).subspan(c * m_points.dimensions, m_points.dimensions);
    }

    /// @return whether a point changed its centre
    bool assign()
    {
        bool isChanged = m_isFirst;
        m_isFirst = false;
        for (std::size_t i = 0; i < m_points.size(); ++i) {
            std::uint32_t best = 0;
            double least = std::numeric_limits<double>::infinity();
            for (std::size_t c = 0; c < m_k; ++c) {
                const double distance = squaredDistance(m_points[i], centre(c));
                if (distance < least) {
                    least = distance;
                    best = static_cast<std::uint32_t>(c);
                }
            }
            isChanged |= best != m_of[i];
            m_of[i] = best;
            m_distance[i] = least;
        }
        return isChanged;
    }

    void moveCentres()
    {
        std::ranges::fill(m_centres, 0.0);
        std::vector<double> known(m_centres.size(), 0); // weight of what says something there
        std::vector<bool> isTaken(m_k, false);
        for (std::size_t i = 0; i < m_points.size(); ++i) {
            const auto at = centre(m_of[i]);
            const auto knownAt = std::span(known).subspan(m_of[i] * at.size(), at.size());
            isTaken[m_of[i]] = true;
            for (std::size_t d = 0; d < at.size(); ++d) {
                if (std::isnan(m_points[i][d]))
                    continue;
                at[d] += m_points.weights[i] * m_points[i][d];
                knownAt[d] += m_points.weights[i];
            }
        }
        for (std::size_t value = 0; value < known.size(); ++value)
            m_centres[value] /= known[value] > 0 ? known[value] : 1;
        for (std::size_t c = 0; c < m_k; ++c) {
            if (!isTaken[c])
                moveToFarthest(c);
        }
    }

    void moveToFarthest(std::size_t c)
    {
        const auto farthest =
            static_cast<std::size_t>(std::ranges::max_element(m_distance) - m_distance.begin());
        moveTo(farthest, centre(c));
        m_distance[farthest] = 0; // so that a second one goes elsewhere
    }

    const WeightedPoints& m_points;
    std::size_t m_k;
    Random m_random;
    std::vector<double> m_centres;
    std::vector<std::uint32_t> m_of;
    std::vector<double> m_distance; ///< squared, to the own centre
    bool m_isFirst = true;
};

} // namespace

Clustering kMeans(const WeightedPoints& points, std::size_t k, std::uint64_t seed,
                  std::size_t start)
{
    const std::string stream = "k " + std::to_string(k) + " start " + std::to_string(start);
    return Lloyd(points, k, Random(seed, stream)).run();
}

std::vector<std::uint32_t> nearestCentres(const WeightedPoints& points,
                                          const Clustering& clustering)
{
    const std::size_t k = clustering.size(points.dimensions);
    std::vector<std::uint32_t> of;
    of.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        std::uint32_t best = 0;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t c = 0; c < k; ++c) {
            const auto centre =
                std::span(clustering.centres).subspan(c * points.dimensions, points.dimensions);
            const double distance = squaredDistance(points[i], centre);
            if (distance < least) {
                least = distance;
                best = static_cast<std::uint32_t>(c);
            }
        }
        of.push_back(best);
    }
    return of;
}

double meanSilhouette(const WeightedPoints& points, std::span<const std::uint32_t> of,
                      std::size_t clusters)
{
    std::vector<double> weightOf(clusters, 0);
    for (std::size_t i = 0; i < points.size(); ++i)
        weightOf[of[i]] += points.weights[i];
    double sum = 0;
    double all = 0;
    std::vector<double> distances(clusters);
    for (std::size_t i = 0; i < points.size(); ++i) {
        all += points.weights[i];
        const double others = weightOf[of[i]] - 1;
        if (others <= 0)
            continue;
        std::ranges::fill(distances, 0.0);
        for (std::size_t j = 0; j < points.size(); ++j)
            distances[of[j]] += points.weights[j] * distance(points[i], points[j]);
        const double inside = distances[of[i]] / others;
        double outside = std::numeric_limits<double>::infinity();
        for (std::size_t c = 0; c < clusters; ++c) {
            if (c != of[i] && weightOf[c] > 0)
                outside = std::min(outside, distances[c] / weightOf[c]);
        }
        const double larger = std::max(inside, outside);
        if (std::isfinite(outside) && larger > 0)
            sum += points.weights[i] * (outside - inside) / larger;
    }
    return all > 0 ? sum / all : 0;
}

} // namespace signalbox::segments_detail
