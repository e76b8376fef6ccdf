// SPDX-License-Identifier: Apache-2.0
#include "separability.h"

#include "vector_loops.h"

#include <core/base/random.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <numbers>
#include <utility>

namespace signalbox {

namespace {

/// P(x > y), ties half, of sorted samples.
double sortedAuc(const std::vector<double>& x, const std::vector<double>& y)
{
    double wins = 0;
    std::size_t below = 0;
    std::size_t upTo = 0;
    for (const double value : x) {
        while (below < y.size() && y[below] < value)
            ++below;
        upTo = std::max(upTo, below);
        while (upTo < y.size() && y[upTo] <= value)
            ++upTo;
        wins += 0.5 * static_cast<double>(below + upTo);
    }
    return wins / (static_cast<double>(x.size()) * static_cast<double>(y.size()));
}

/// Sorts distances: as whole numbers their bits are in the same order, and 11 at a time sort in
/// passes without comparisons, several times as fast as these.
/// @param values  none below 0
void sortDistances(std::vector<double>& values)
{
    constexpr int kBits = 11;
    constexpr std::size_t kBuckets = std::size_t{1} << kBits;
    std::vector<double> sorted(values.size());
    for (int shift = 0; shift < 64; shift += kBits) {
        const auto bucketOf = [shift](double value) {
            return (std::bit_cast<std::uint64_t>(value) >> shift) % kBuckets;
        };
        std::array<std::size_t, kBuckets> starts{};
        for (const double value : values)
            ++starts[bucketOf(value)];
        std::size_t next = 0;
        for (std::size_t& start : starts)
            next += std::exchange(start, next);
        for (const double value : values)
            sorted[starts[bucketOf(value)]++] = value;
        values.swap(sorted);
    }
}

/// A score and whose it is, ordered by score.
struct RankedScore
{
    double score;
    std::uint32_t prompt;
    bool isA;
};

std::vector<RankedScore> rankedScores(std::span<const double> a, std::span<const double> b)
{
    std::vector<RankedScore> ranked;
    ranked.reserve(a.size() * 2);
    for (std::uint32_t p = 0; p < a.size(); ++p) {
        ranked.push_back({a[p], p, true});
        ranked.push_back({b[p], p, false});
    }
    std::sort(ranked.begin(), ranked.end(),
              [](const RankedScore& x, const RankedScore& y) { return x.score < y.score; });
    return ranked;
}

/// The AUC when prompt p counts weights[p] times. O(n).
double weightedAuc(const std::vector<RankedScore>& ranked, std::span<const float> weights)
{
    double wins = 0;
    double allA = 0;
    double allB = 0;
    for (std::size_t i = 0; i < ranked.size();) {
        double tiedA = 0;
        double tiedB = 0;
        const double score = ranked[i].score;
        for (; i < ranked.size() && ranked[i].score == score; ++i)
            (ranked[i].isA ? tiedA : tiedB) += static_cast<double>(weights[ranked[i].prompt]);
        wins += tiedA * (allB + 0.5 * tiedB);
        allA += tiedA;
        allB += tiedB;
    }
    return wins / (allA * allB);
}

constexpr std::size_t kDrawGrid = 256;
constexpr std::size_t kFineGrid = 4096;
constexpr std::size_t kMostExact = 1000; ///< prompts; above, a fine grid stands in for n^2 pairs

using Histogram = std::vector<float>; ///< whole numbers, exact up to 2^24

/// Scores on a grid: distances of all pairs are then counted by correlation of two histograms.
class GriddedScores
{
public:
    /// @param turns  outlives it
    GriddedScores(std::span<const double> a, std::span<const double> b, std::size_t cells,
                  const TurnGroups& turns)
        : m_cells(cells), m_turns(&turns)
    {
        const auto [lowA, highA] = std::minmax_element(a.begin(), a.end());
        const auto [lowB, highB] = std::minmax_element(b.begin(), b.end());
        const double low = std::min(*lowA, *lowB);
        const double range = std::max(*highA, *highB) - low;
        const double scale = range > 0 ? (static_cast<double>(cells) - 0.5) / range : 0;
        const auto cell = [&](double score) {
            return static_cast<std::uint16_t>((score - low) * scale);
        };
        std::transform(a.begin(), a.end(), std::back_inserter(m_a), cell);
        std::transform(b.begin(), b.end(), std::back_inserter(m_b), cell);
    }

    /// The same-different AUC when prompt p counts weights[p] times.
    [[nodiscard]] double sameDifferent(std::span<const float> weights) const
    {
        Histogram sum(m_cells, 0.0F); // of both models' answers, and by how much A has more
        Histogram excess(m_cells, 0.0F);
        for (std::size_t p = 0; p < m_a.size(); ++p) {
            sum[m_a[p]] += weights[p];
            sum[m_b[p]] += weights[p];
            excess[m_a[p]] += weights[p];
            excess[m_b[p]] -= weights[p];
        }
        // By distance on the grid: the pairs of one answer of each model, and of two of one model.
        // (a + b)(a + b)' is both together, (a - b)(a - b)' their difference.
        Histogram together(m_cells, 0.0F);
        addAutocorrelation(sum, together);
        Histogram same(m_cells, 0.0F);
        addAutocorrelation(excess, same);
        Histogram different(m_cells, 0.0F);
        for (std::size_t k = 0; k < m_cells; ++k) {
            different[k] = (together[k] - same[k]) / 2;
            same[k] = (together[k] + same[k]) / 2;
        }
        // Distance 0 was counted in both orders; one prompt is never compared with itself, nor are
        // two turns of one conversation.
        different[0] /= 2;
        const auto apart = [](std::uint16_t x, std::uint16_t y) {
            return static_cast<std::size_t>(std::abs(int{x} - int{y}));
        };
        for (std::size_t p = 0; p < m_a.size(); ++p) {
            for (const std::size_t q : m_turns->rowsBeside(p)) {
                const float both = weights[p] * weights[q];
                different[apart(m_a[p], m_b[q])] -= both;
                if (p <= q) {
                    const float inOrders = p == q ? 1.0F : 2.0F; // of distance 0
                    const std::size_t ofA = apart(m_a[p], m_a[q]);
                    const std::size_t ofB = apart(m_b[p], m_b[q]);
                    same[ofA] -= ofA == 0 ? inOrders * both : both;
                    same[ofB] -= ofB == 0 ? inOrders * both : both;
                }
            }
        }
        same[0] /= 2;

        double wins = 0;
        double allDifferent = 0;
        double allSame = 0;
        for (std::size_t k = 0; k < m_cells; ++k) {
            const auto d = static_cast<double>(different[k]);
            const auto s = static_cast<double>(same[k]);
            wins += d * (allSame + 0.5 * s);
            allDifferent += d;
            allSame += s;
        }
        return allDifferent > 0 && allSame > 0 ? wins / (allDifferent * allSame) : 0.5;
    }

private:
    std::size_t m_cells;
    const TurnGroups* m_turns;
    std::vector<std::uint16_t> m_a;
    std::vector<std::uint16_t> m_b;
};

} // namespace

double identificationAuc(std::span<const double> a, std::span<const double> b)
{
    if (a.empty() || b.empty())
        return 0.5;
    std::vector<double> x(a.begin(), a.end());
    std::vector<double> y(b.begin(), b.end());
    std::sort(x.begin(), x.end());
    std::sort(y.begin(), y.end());
    return sortedAuc(x, y);
}

double twoAlternativeAuc(std::span<const double> a, std::span<const double> b)
{
    if (a.empty())
        return 0.5;
    double wins = 0;
    for (std::size_t p = 0; p < a.size(); ++p)
        wins += a[p] > b[p] ? 1 : a[p] == b[p] ? 0.5 : 0;
    return wins / static_cast<double>(a.size());
}

double balancedAccuracy(std::span<const double> a, std::span<const double> b)
{
    if (a.empty() || b.empty())
        return 0.5;
    const auto above = [](std::span<const double> scores) {
        return static_cast<double>(std::count_if(scores.begin(), scores.end(),
                                                 [](double score) { return score > 0; })) /
               static_cast<double>(scores.size());
    };
    return 0.5 * (above(a) + 1 - above(b));
}

double sameDifferentAuc(std::span<const double> a, std::span<const double> b,
                        const TurnGroups& turns)
{
    const std::size_t n = a.size();
    if (n < 2)
        return 0.5;
    if (n > kMostExact)
        return quickSameDifferentAuc(a, b, turns);
    std::vector<double> different;
    std::vector<double> same;
    different.reserve(n * (n - 1));
    same.reserve(n * (n - 1));
    for (std::size_t p = 0; p < n; ++p) {
        for (std::size_t q = p + 1; q < n; ++q) {
            if (turns.groupOf(p) == turns.groupOf(q))
                continue;
            different.push_back(std::abs(a[p] - b[q]));
            different.push_back(std::abs(a[q] - b[p]));
            same.push_back(std::abs(a[p] - a[q]));
            same.push_back(std::abs(b[p] - b[q]));
        }
    }
    if (same.empty())
        return 0.5; // one conversation
    sortDistances(different);
    sortDistances(same);
    return sortedAuc(different, same);
}

double quickSameDifferentAuc(std::span<const double> a, std::span<const double> b,
                             const TurnGroups& turns)
{
    if (a.size() < 2)
        return 0.5;
    return GriddedScores(a, b, kFineGrid, turns).sameDifferent(std::vector<float>(a.size(), 1.0F));
}

double pooledTurnCorrelation(std::span<const double> a, std::span<const double> b,
                             const TurnGroups& turns, std::span<const float> weights)
{
    if (turns.pairs().size() < 2)
        return 0;
    double product = 0;
    double squaresFirst = 0;
    double squaresSecond = 0;
    for (const std::span<const double> scores : {a, b}) {
        double count = 0;
        double meanFirst = 0;
        double meanSecond = 0;
        // Rows of one conversation are drawn together, so that a pair counts as its rows do.
        const auto forEachPair = [&](const auto& use) {
            for (const auto& [first, second] : turns.pairs())
                use(weights.empty() ? 1.0 : static_cast<double>(weights[first]), scores[first],
                    scores[second]);
        };
        forEachPair([&](double weight, double first, double second) {
            count += weight;
            meanFirst += weight * first;
            meanSecond += weight * second;
        });
        if (count == 0)
            continue;
        meanFirst /= count;
        meanSecond /= count;
        forEachPair([&](double weight, double first, double second) {
            product += weight * (first - meanFirst) * (second - meanSecond);
            squaresFirst += weight * (first - meanFirst) * (first - meanFirst);
            squaresSecond += weight * (second - meanSecond) * (second - meanSecond);
        });
    }
    const double scale = std::sqrt(squaresFirst * squaresSecond);
    return scale > 0 ? product / scale : 0;
}

double noticeabilityOf(double sameDifferent)
{
    return std::max(0.0, 2 * sameDifferent - 1);
}

double discriminability(double auc)
{
    constexpr double kNearlyOne = 1 - 1e-12;
    if (!(auc > 0.5))
        return 0;
    return std::numbers::sqrt2 * normalQuantile(std::min(auc, kNearlyOne));
}

std::vector<SeparabilityDraw> bootstrapSeparability(std::span<const double> a,
                                                    std::span<const double> b, std::size_t draws,
                                                    std::uint64_t seed, const TurnGroups& turns,
                                                    std::optional<double> sameDifferent)
{
    std::vector<SeparabilityDraw> result;
    const std::size_t n = a.size();
    if (n < 2)
        return result;
    const std::vector<RankedScore> ranked = rankedScores(a, b);
    const GriddedScores gridded(a, b, kDrawGrid, turns);
    std::vector<float> weights(n, 1.0F);
    const double gridError =
        gridded.sameDifferent(weights) -
        (sameDifferent ? *sameDifferent : sameDifferentAuc(a, b, turns));
    result.reserve(draws);
    Random random(seed, "prompts");
    std::vector<std::uint32_t> drawn;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        std::fill(weights.begin(), weights.end(), 0.0F);
        turns.draw(random, n, drawn);
        for (const std::uint32_t row : drawn)
            weights[row] += 1.0F;
        result.push_back({weightedAuc(ranked, weights),
                          noticeabilityOf(gridded.sameDifferent(weights) - gridError),
                          pooledTurnCorrelation(a, b, turns, weights)});
    }
    return result;
}

double quantileOf(std::vector<double>& values, double p)
{
    const double position = p * static_cast<double>(values.size() - 1);
    const auto lower = static_cast<std::ptrdiff_t>(position);
    std::nth_element(values.begin(), values.begin() + lower, values.end());
    const double low = values[static_cast<std::size_t>(lower)];
    if (static_cast<std::size_t>(lower) + 1 >= values.size())
        return low;
    const double high = *std::min_element(values.begin() + lower + 1, values.end());
    return low + (position - static_cast<double>(lower)) * (high - low);
}

} // namespace signalbox
