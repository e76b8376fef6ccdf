// SPDX-License-Identifier: Apache-2.0
#include "consistency.h"

#include "separability.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace signalbox {

namespace {

/// Two-sided 5 % of a difference of two scores of one voice, N(0, 2).
constexpr double kJump = 1.959963984540054 * std::numbers::sqrt2;

double normalDensity(double x)
{
    return std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
}

/// Chance that a jump above the level that is crossed in `falseAlarms` of same pairs marks a pair
/// whose scores lie d apart on average.
double jumpChance(double d, double level)
{
    return normalCdf((d - level) / std::numbers::sqrt2) +
           normalCdf((-d - level) / std::numbers::sqrt2);
}

/// Scores on a line, with the chance density that no jump has been flagged so far, for each of the
/// two voices the last answer may have had.
class UnflaggedChance
{
public:
    UnflaggedChance(double d, double switchesPerSeam)
        : m_switches(switchesPerSeam),
          m_points(static_cast<std::size_t>((d + 2 * kReach) / kStep) + 2)
    {
        for (int voice = 0; voice < 2; ++voice) {
            m_density[voice].resize(m_points);
            for (std::size_t i = 0; i < m_points; ++i)
                m_density[voice][i] =
                    normalDensity(static_cast<double>(i) * kStep - kReach - voice * d);
        }
        m_unflagged[0] = m_density[0];
        m_unflagged[1].assign(m_points, 0.0);
    }

    void nextTurn()
    {
        const std::vector<double> near[2] = {withinJump(m_unflagged[0]),
                                             withinJump(m_unflagged[1])};
        for (int voice = 0; voice < 2; ++voice) {
            for (std::size_t i = 0; i < m_points; ++i)
                m_unflagged[voice][i] = m_density[voice][i] * ((1 - m_switches) * near[voice][i] +
                                                               m_switches * near[1 - voice][i]);
        }
    }

    [[nodiscard]] double total() const
    {
        double sum = 0;
        for (const std::vector<double>& density : m_unflagged) {
            for (const double value : density)
                sum += value;
        }
        return sum * kStep;
    }

private:
    static constexpr std::size_t kStepsPerJump = 64;
    static constexpr double kStep = kJump / kStepsPerJump;
    static constexpr double kReach = 8; ///< standard deviations on both sides

    /// At every point, the integral of `density` over the scores less than a jump away.
    [[nodiscard]] std::vector<double> withinJump(const std::vector<double>& density) const
    {
        std::vector<double> sums(m_points + 1, 0.0);
        for (std::size_t i = 0; i < m_points; ++i)
            sums[i + 1] = sums[i] + density[i];
        std::vector<double> result(m_points);
        for (std::size_t i = 0; i < m_points; ++i) {
            const std::size_t from = i < kStepsPerJump ? 0 : i - kStepsPerJump;
            const std::size_t to = std::min(m_points - 1, i + kStepsPerJump);
            result[i] = kStep * (sums[to + 1] - sums[from] - 0.5 * (density[from] + density[to]));
        }
        return result;
    }

    double m_switches;
    std::size_t m_points;
    std::vector<double> m_density[2];
    std::vector<double> m_unflagged[2];
};

} // namespace

void SeamCounts::add(std::size_t a, std::size_t b, double weight)
{
    counts[std::min(a, b) * models + std::max(a, b)] += weight;
    total += weight;
}

double SeamCounts::share(std::size_t a, std::size_t b) const
{
    return total > 0 ? counts[std::min(a, b) * models + std::max(a, b)] / total : 0;
}

Consistency consistency(const SeamCounts& seams,
                        const std::function<double(std::size_t, std::size_t)>& noticeability)
{
    Consistency result;
    for (std::size_t a = 0; a < seams.models; ++a) {
        for (std::size_t b = a + 1; b < seams.models; ++b) {
            ConsistencyLoss loss;
            loss.a = a;
            loss.b = b;
            loss.seamShare = seams.share(a, b);
            if (loss.seamShare <= 0)
                continue;
            loss.noticeability = noticeability(a, b);
            loss.loss = loss.seamShare * loss.noticeability;
            result.value -= loss.loss;
            result.losses.push_back(loss);
        }
    }
    result.value = std::clamp(result.value, 0.0, 1.0);
    std::sort(result.losses.begin(), result.losses.end(),
              [](const ConsistencyLoss& x, const ConsistencyLoss& y) {
                  return x.loss != y.loss ? x.loss > y.loss
                                          : std::pair(x.a, x.b) < std::pair(y.a, y.b);
              });
    return result;
}

SeamCounts independentSeams(std::span<const double> shares)
{
    SeamCounts seams(shares.size());
    for (std::size_t a = 0; a < shares.size(); ++a) {
        seams.add(a, a, shares[a] * shares[a]);
        for (std::size_t b = a + 1; b < shares.size(); ++b)
            seams.add(a, b, 2 * shares[a] * shares[b]);
    }
    return seams;
}

Estimate consistencyEstimate(std::span<const SeamCounts> conversations, const VoiceMatrix& voices,
                             std::size_t draws, std::uint64_t seed)
{
    const std::size_t models = voices.models.size();
    const auto sum = [&](auto&& pick) {
        SeamCounts seams(models);
        for (std::size_t i = 0; i < conversations.size(); ++i) {
            const SeamCounts& one = conversations[pick(i)];
            for (std::size_t cell = 0; cell < seams.counts.size(); ++cell)
                seams.counts[cell] += one.counts[cell];
            seams.total += one.total;
        }
        return seams;
    };
    const double value =
        consistency(sum([](std::size_t i) { return i; }), [&](std::size_t a, std::size_t b) {
            return voices.noticeability(a, b);
        }).value;
    std::size_t most = std::numeric_limits<std::size_t>::max();
    for (const VoiceDistance& pair : voices.pairs)
        most = std::min(most, pair.noticeabilityDraws.size());
    if (voices.pairs.empty())
        most = draws;
    const std::size_t count = draws == 0 ? most : std::min(draws, most);
    if (conversations.empty() || count == 0)
        return {value, value, value, conversations.size()};

    Random random(seed, "conversations");
    std::vector<double> values;
    for (std::size_t draw = 0; draw < count; ++draw) {
        const SeamCounts seams =
            sum([&](std::size_t) { return random.below(conversations.size()); });
        values.push_back(consistency(seams, [&](std::size_t a, std::size_t b) {
                             return voices.pair(a, b)->noticeabilityDraws[draw];
                         }).value);
    }
    const double low = quantileOf(values, 0.025);
    const double high = quantileOf(values, 0.975);
    return {value, low, high, conversations.size()};
}

double flaggedPer100(double switchesPerSeam, double auc, int turns)
{
    UnflaggedChance unflagged(discriminability(auc), std::clamp(switchesPerSeam, 0.0, 1.0));
    constexpr double kSurely = 1e-9; // of staying unflagged: more turns change nothing
    for (int turn = 1; turn < turns && unflagged.total() > kSurely; ++turn)
        unflagged.nextTurn();
    return std::clamp(100 * (1 - unflagged.total()), 0.0, 100.0);
}

double readerSensitivity(const ReaderTrials& trials)
{
    const double hits = (trials.differentSaid + 0.5) / (trials.different + 1.0);
    const double falseAlarms = (trials.sameCalledDifferent + 0.5) / (trials.same + 1.0);
    if (hits <= falseAlarms)
        return 0;
    const double level = -std::numbers::sqrt2 * normalQuantile(falseAlarms / 2);
    double low = 0;
    double high = 20;
    for (int i = 0; i < 60; ++i) {
        const double d = 0.5 * (low + high);
        (jumpChance(d, level) < hits ? low : high) = d;
    }
    return 0.5 * (low + high);
}

double readerEfficiency(double readersSensitivity, double auc)
{
    const double d = discriminability(auc);
    if (d <= 0)
        return 0;
    const double ratio = readersSensitivity / d;
    return std::min(1.0, ratio * ratio);
}

double noticeabilityForReaders(double auc, double efficiency)
{
    const double d = discriminability(auc) * std::sqrt(std::clamp(efficiency, 0.0, 1.0));
    const double root = 2 * normalCdf(d / 2) - 1;
    return root * root;
}

} // namespace signalbox
