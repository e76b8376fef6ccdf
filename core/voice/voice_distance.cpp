// SPDX-License-Identifier: Apache-2.0
#include "voice_distance.h"

#include "separability.h"
#include "style_classifier.h"
#include "vector_loops.h"
#include "voice_features.h"

#include <core/base/parallel.h>
#include <core/base/random.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kReasons = 6;
constexpr std::size_t kFloorFrom = 10;
constexpr std::size_t kFloorSwaps = 20;

/// @param chosen  empty: those that mean something in the language of the answers
std::vector<std::size_t> featuresFor(const std::vector<std::size_t>& chosen, bool isEnglish)
{
    if (!chosen.empty())
        return chosen;
    if (!isEnglish)
        return languageNeutralFeatures();
    std::vector<std::size_t> all(kVoiceFeatureCount);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

double meanToldValue(std::span<const AnswerStats> stats, std::size_t feature)
{
    double sum = 0;
    double count = 0;
    for (const AnswerStats& one : stats) {
        const double value = toldValue(one, feature);
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    }
    return count > 0 ? sum / count : std::nan("");
}

/// Scaled features of the answers of two models to the same prompts, both models' rows scaled
/// alike.
struct ScaledPair
{
    std::size_t columns = 0;
    std::vector<double> rows; ///< A's answer to prompt 0, B's, A's to prompt 1, …

    ScaledPair(std::span<const AnswerStats> a, std::span<const AnswerStats> b,
               std::span<const std::size_t> features)
        : columns(features.size()), rows(2 * a.size() * features.size())
    {
        std::vector<const AnswerStats*> answers;
        for (std::size_t p = 0; p < a.size(); ++p)
            answers.insert(answers.end(), {&a[p], &b[p]});
        const FeatureScaler scaler(answers, features);
        for (std::size_t i = 0; i < answers.size(); ++i)
            scaler.scale(*answers[i], rows.data() + i * columns);
    }

    [[nodiscard]] std::size_t prompts() const { return rows.size() / columns / 2; }
    [[nodiscard]] double a(std::size_t prompt, std::size_t column) const
    {
        return rows[2 * prompt * columns + column];
    }
    [[nodiscard]] double b(std::size_t prompt, std::size_t column) const
    {
        return rows[(2 * prompt + 1) * columns + column];
    }
};

/// The features that a classifier of all answers leans on most.
std::vector<VoiceReason> reasonsOf(const VoicePanel& panel, std::size_t a, std::size_t b,
                                   std::span<const std::size_t> features, double lambda)
{
    const ScaledPair pair(panel.stats[a], panel.stats[b], features);
    const std::size_t n = pair.prompts();
    std::vector<double> labels;
    for (std::size_t p = 0; p < n; ++p)
        labels.insert(labels.end(), {1.0, 0.0});
    const LogisticModel model = fitLogistic(pair.rows, labels, pair.columns, lambda);

    std::vector<VoiceReason> reasons;
    for (std::size_t k = 0; k < features.size(); ++k) {
        double difference = 0;
        for (std::size_t p = 0; p < n; ++p)
            difference += pair.a(p, k) - pair.b(p, k);
        difference /= static_cast<double>(n);
        VoiceReason reason;
        reason.feature = features[k];
        reason.weight = model.coefficients[k] * difference;
        reasons.push_back(reason);
    }
    const std::size_t kept = std::min(kReasons, reasons.size());
    std::partial_sort(reasons.begin(), reasons.begin() + static_cast<std::ptrdiff_t>(kept),
                      reasons.end(), [](const VoiceReason& x, const VoiceReason& y) {
                          return std::abs(x.weight) > std::abs(y.weight);
                      });
    reasons.resize(kept);
    for (VoiceReason& reason : reasons) {
        reason.meanA = meanToldValue(panel.stats[a], reason.feature);
        reason.meanB = meanToldValue(panel.stats[b], reason.feature);
        reason.isMoreInA = reason.meanA > reason.meanB;
        if (reason.feature == feature::LogWords) {
            const double ratio = compareVerbosity(panel, a, b, 0).pairedRatio.value;
            reason.isMoreInA = ratio > 1;
            reason.sentence = lengthSentence(panel.models[a], panel.models[b], ratio);
            continue;
        }
        reason.sentence = voiceReasonSentence(reason.feature, panel.models[a], reason.meanA,
                                              panel.models[b], reason.meanB);
    }
    return reasons;
}

Estimate withInterval(double value, std::vector<double> draws, std::size_t n)
{
    if (draws.empty())
        return {value, value, value, n};
    const double low = quantileOf(draws, 0.025);
    const double high = quantileOf(draws, 0.975);
    return {value, low, high, n};
}

/// Ways to say which of two samples of a prompt is the first, per way and prompt: as they came, and
/// the others by chance.
std::vector<std::vector<bool>> floorSwaps(std::size_t prompts, std::uint64_t seed,
                                          const TurnGroups& turns)
{
    Random random(seed, "floor");
    std::vector<std::vector<bool>> ways{std::vector<bool>(prompts, false)};
    while (ways.size() < kFloorSwaps) {
        std::vector<bool> next = ways.back();
        for (std::size_t p = 0; p < prompts; ++p) {
            if (p != turns.rowsBeside(p).front())
                next[p] = next[turns.rowsBeside(p).front()]; // samples are whole conversations
            else if (random.chance(0.5))
                next[p] = !next[p];
        }
        ways.push_back(std::move(next));
    }
    return ways;
}

/// @param distance  with its scores
WithinConversation withinConversation(const VoiceDistance& distance, const TurnGroups& turns,
                                      const std::vector<SeparabilityDraw>& draws, double auc)
{
    WithinConversation within;
    within.pairs = turns.pairs().size();
    if (!within.isMeasured())
        return within;
    const double rho = pooledTurnCorrelation(distance.scoresA, distance.scoresB, turns);
    std::vector<double> rhos;
    std::vector<double> noticeabilities;
    for (const SeparabilityDraw& draw : draws) {
        rhos.push_back(draw.rho);
        noticeabilities.push_back(noticeabilityAtRho(draw.auc, draw.rho));
    }
    within.rho = withInterval(rho, std::move(rhos), within.pairs);
    within.noticeability =
        withInterval(noticeabilityAtRho(auc, rho), std::move(noticeabilities), within.pairs);
    return within;
}

/// Distances between the answers of a pair: of one to all that follow, feature by feature.
class PairDistances
{
public:
    explicit PairDistances(const ScaledPair& pair)
        : m_answers(2 * pair.prompts()), m_columns(pair.rows.size())
    {
        for (std::size_t i = 0; i < m_answers; ++i) {
            for (std::size_t k = 0; k < pair.columns; ++k)
                m_columns[k * m_answers + i] = pair.rows[i * pair.columns + k];
        }
    }

    /// Of answer `row` to those from `first` on.
    /// @param out  per answer; those before `first` are 0
    void ofRow(std::size_t row, std::size_t first, std::vector<double>& out) const
    {
        out.assign(m_answers, 0.0);
        const auto sums = std::span(out).subspan(first);
        for (std::size_t at = 0; at < m_columns.size(); at += m_answers)
            addSquaredDifferences(m_columns[at + row],
                                  std::span(m_columns).subspan(at + first, m_answers - first),
                                  sums);
        for (double& sum : sums)
            sum = std::sqrt(sum);
    }

private:
    std::size_t m_answers;
    std::vector<double> m_columns; ///< [feature][answer], answers as in ScaledPair
};

} // namespace

std::size_t tellingRow(std::span<const AnswerStats> a, std::span<const AnswerStats> b,
                       std::span<const VoiceReason> reasons)
{
    constexpr double kShown = 10; // more than how far apart they are can outweigh
    constexpr double kFurthest = 1.5;
    const std::size_t rows = std::min(a.size(), b.size());
    std::vector<double> score(rows);
    for (const VoiceReason& reason : reasons) {
        std::vector<double> apart(rows);
        double spread = 0;
        for (std::size_t row = 0; row < rows; ++row) {
            const double difference =
                toldValue(a[row], reason.feature) - toldValue(b[row], reason.feature);
            apart[row] = std::isnan(difference) ? 0 : reason.isMoreInA ? difference : -difference;
            spread += std::abs(apart[row]) / static_cast<double>(rows);
        }
        for (std::size_t row = 0; row < rows && spread > 0; ++row) {
            // A pair that says the opposite of what is written beside it is worse than a dull one.
            const double shown = apart[row] > 0 ? kShown : apart[row] < 0 ? -2 * kShown : 0;
            score[row] += shown + std::clamp(apart[row] / spread, -kFurthest, kFurthest);
        }
    }
    const auto best = std::ranges::max_element(score);
    return best == score.end() ? 0 : static_cast<std::size_t>(best - score.begin());
}

VoiceDistance voiceDistance(const VoicePanel& panel, std::size_t a, std::size_t b,
                            const VoiceDistanceOptions& options)
{
    const std::vector<AnswerStats>& statsA = panel.stats[a];
    const std::vector<AnswerStats>& statsB = panel.stats[b];
    VoiceDistance distance;
    distance.n = statsA.size();
    distance.hasVerdict = distance.n >= kFewestForVerdict;
    distance.auc = {0.5, 0.5, 0.5, distance.n};
    distance.noticeability = {0, 0, 0, distance.n};
    if (distance.n == 0 || a == b)
        return distance;

    const std::vector<std::size_t> features = featuresFor(options.features, panel.isEnglish);
    OutOfFoldScores scores =
        outOfFoldScores(statsA, statsB, features, options.folds, options.lambda, panel.turns);
    distance.scoresA = std::move(scores.a);
    distance.scoresB = std::move(scores.b);
    const double auc = identificationAuc(distance.scoresA, distance.scoresB);
    distance.twoAfc = twoAlternativeAuc(distance.scoresA, distance.scoresB);
    distance.balancedAccuracy = balancedAccuracy(distance.scoresA, distance.scoresB);
    distance.aucSameDifferent = sameDifferentAuc(distance.scoresA, distance.scoresB, panel.turns);
    distance.noticeabilityClosedForm = noticeabilityAtRho(auc, 0);

    std::vector<double> aucDraws;
    const std::vector<SeparabilityDraw> draws =
        bootstrapSeparability(distance.scoresA, distance.scoresB, options.draws, options.seed,
                              panel.turns, distance.aucSameDifferent);
    for (const SeparabilityDraw& draw : draws) {
        aucDraws.push_back(draw.auc);
        distance.noticeabilityDraws.push_back(draw.noticeability);
    }
    distance.within = withinConversation(distance, panel.turns, draws, auc);
    distance.auc = withInterval(auc, std::move(aucDraws), distance.n);
    distance.noticeability = withInterval(noticeabilityOf(distance.aucSameDifferent),
                                          distance.noticeabilityDraws, distance.n);
    distance.reasons = reasonsOf(panel, a, b, features, options.lambda);
    distance.tellingPrompt = tellingRow(panel.stats[a], panel.stats[b], distance.reasons);
    return distance;
}

double noticeabilityAtRho(double auc, double rho)
{
    const double d = discriminability(auc);
    const double likeness = std::clamp(rho, -1.0, 1.0 - 1e-9);
    const double root = 2 * normalCdf(d / (2 * std::sqrt(1 - likeness))) - 1;
    return root * root;
}

double turnCorrelation(std::span<const double> first, std::span<const double> second)
{
    const std::size_t n = std::min(first.size(), second.size());
    if (n < 2)
        return 0;
    const auto mean = [n](std::span<const double> values) {
        return std::accumulate(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n),
                               0.0) /
               static_cast<double>(n);
    };
    const double meanFirst = mean(first);
    const double meanSecond = mean(second);
    double product = 0;
    double squaresFirst = 0;
    double squaresSecond = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double x = first[i] - meanFirst;
        const double y = second[i] - meanSecond;
        product += x * y;
        squaresFirst += x * x;
        squaresSecond += y * y;
    }
    const double scale = std::sqrt(squaresFirst * squaresSecond);
    return scale > 0 ? product / scale : 0;
}

NoiseFloor noiseFloor(const std::vector<AnswerStats>& firstSamples,
                      const std::vector<AnswerStats>& secondSamples, std::uint64_t seed,
                      const std::vector<std::size_t>& features, const TurnGroups& turns)
{
    NoiseFloor floor;
    floor.n = std::min(firstSamples.size(), secondSamples.size());
    if (floor.n < kFloorFrom)
        return floor;
    const VoiceDistanceOptions options;
    const std::vector<std::size_t> used = featuresFor(features, true);
    const std::vector<std::vector<bool>> swaps = floorSwaps(floor.n, seed, turns);
    std::vector<double> aucs(swaps.size());
    std::vector<double> noticeabilities(swaps.size());
    forEachIndex(swaps.size(), 1, [&](std::size_t i) {
        std::vector<AnswerStats> first;
        std::vector<AnswerStats> second;
        for (std::size_t p = 0; p < floor.n; ++p) {
            first.push_back(swaps[i][p] ? secondSamples[p] : firstSamples[p]);
            second.push_back(swaps[i][p] ? firstSamples[p] : secondSamples[p]);
        }
        const OutOfFoldScores scores =
            outOfFoldScores(first, second, used, options.folds, options.lambda, turns);
        aucs[i] = identificationAuc(scores.a, scores.b);
        noticeabilities[i] = noticeabilityOf(quickSameDifferentAuc(scores.a, scores.b, turns));
    });
    floor.auc = std::max(0.5, quantileOf(aucs, 0.95));
    floor.noticeability = quantileOf(noticeabilities, 0.95);
    floor.measured = true;
    return floor;
}

EnergyTest energyTest(const VoicePanel& panel, std::size_t a, std::size_t b, int swaps,
                      std::uint64_t seed)
{
    EnergyTest test;
    test.swaps = std::max(swaps, 0);
    const std::size_t n = panel.stats[a].size();
    if (n == 0)
        return test;
    const ScaledPair pair(panel.stats[a], panel.stats[b], featuresFor({}, panel.isEnglish));
    // With labels s[p] = +1 (as given) or -1 (swapped), the energy distance is -s'Ms / n^2, where
    // M[p][q] = d(a_p, a_q) - d(a_p, b_q) - d(b_p, a_q) + d(b_p, b_q).
    const PairDistances distances(pair);
    std::vector<double> matrix(n * n);
    std::vector<double> fromA;
    std::vector<double> fromB;
    for (std::size_t p = 0; p < n; ++p) {
        distances.ofRow(2 * p, 2 * p, fromA);
        distances.ofRow(2 * p + 1, 2 * p, fromB);
        for (std::size_t q = p; q < n; ++q) {
            const double value = fromA[2 * q] - fromA[2 * q + 1] - fromB[2 * q] + fromB[2 * q + 1];
            matrix[p * n + q] = matrix[q * n + p] = value;
        }
    }
    std::vector<SignLanes> signs(n);
    const auto energies = [&] {
        SignLanes sums = halfSignedSums(matrix, signs);
        for (double& sum : sums)
            sum *= -2 / (static_cast<double>(n) * static_cast<double>(n));
        return sums;
    };
    for (SignLanes& lanes : signs)
        lanes.fill(1.0);
    test.distance = energies().front();
    const double least = test.distance - 1e-12 * std::abs(test.distance);
    int atLeast = 0;
    Random random(seed, "swaps");
    for (int done = 0; done < test.swaps; done += static_cast<int>(kSignLanes)) {
        const auto lanes = std::min(kSignLanes, static_cast<std::size_t>(test.swaps - done));
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            for (std::size_t p = 0; p < n; ++p) {
                const std::size_t first = panel.turns.rowsBeside(p).front();
                signs[p][lane] = first != p ? signs[first][lane] : random.chance(0.5) ? -1.0 : 1.0;
            }
        }
        const SignLanes drawn = energies();
        atLeast += static_cast<int>(
            std::count_if(drawn.begin(), drawn.begin() + static_cast<std::ptrdiff_t>(lanes),
                          [&](double energy) { return energy >= least; }));
    }
    test.pValue = (1.0 + atLeast) / (1.0 + test.swaps);
    return test;
}

std::vector<double> adjustedPValues(std::span<const double> pValues)
{
    const std::size_t n = pValues.size();
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, std::ranges::greater(), [&](std::size_t i) { return pValues[i]; });
    std::vector<double> adjusted(n);
    double least = 1;
    for (std::size_t i = 0; i < n; ++i) { // the largest p first, which has rank n
        const double times = static_cast<double>(n) / static_cast<double>(n - i);
        least = std::min(least, pValues[order[i]] * times);
        adjusted[order[i]] = least;
    }
    return adjusted;
}

std::vector<bool> benjaminiHochberg(std::span<const double> pValues, double q)
{
    std::vector<std::size_t> order(pValues.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t x, std::size_t y) { return pValues[x] < pValues[y]; });
    std::size_t rejected = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (pValues[order[i]] <= q * static_cast<double>(i + 1) / static_cast<double>(order.size()))
            rejected = i + 1;
    }
    std::vector<bool> result(pValues.size(), false);
    for (std::size_t i = 0; i < rejected; ++i)
        result[order[i]] = true;
    return result;
}

const VoiceDistance* VoiceMatrix::pair(std::size_t a, std::size_t b) const
{
    if (a == b || a >= models.size() || b >= models.size())
        return nullptr;
    const std::size_t low = std::min(a, b);
    const std::size_t high = std::max(a, b);
    const std::size_t before = low * (2 * models.size() - low - 1) / 2; // pairs of lower models
    return &pairs[before + high - low - 1];
}

double VoiceMatrix::noticeability(std::size_t a, std::size_t b) const
{
    const VoiceDistance* distance = pair(a, b);
    return distance == nullptr ? 0 : distance->noticeability.value;
}

VoiceMatrix voiceMatrix(const VoicePanel& panel, const VoiceDistanceOptions& options)
{
    VoiceMatrix matrix;
    matrix.models = panel.models;
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t a = 0; a < panel.models.size(); ++a) {
        for (std::size_t b = a + 1; b < panel.models.size(); ++b)
            pairs.emplace_back(a, b);
    }
    matrix.pairs.resize(pairs.size());
    forEachIndex(pairs.size(), 1, [&](std::size_t i) {
        matrix.pairs[i] = voiceDistance(panel, pairs[i].first, pairs[i].second, options);
        if (options.pairDone)
            options.pairDone();
    });
    return matrix;
}

} // namespace signalbox
