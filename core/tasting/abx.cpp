// SPDX-License-Identifier: Apache-2.0
#include "abx.h"

#include "rater_bootstrap.h"

#include <core/base/random.h>
#include <core/voice/separability.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <optional>
#include <utility>

namespace signalbox {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kMostSensitivity = 20;
constexpr int kBisections = 60;
constexpr double kSurely = 1 - 1e-15; // of PhiInv, which has no value at 1

/// The x in [0, most] at which a rising function reaches a target, or the nearer end.
template<class Function> double solveRising(double target, double most, const Function& function)
{
    double low = 0;
    double high = most;
    for (int i = 0; i < kBisections; ++i) {
        const double x = 0.5 * (low + high);
        (function(x) < target ? low : high) = x;
    }
    return 0.5 * (low + high);
}

/// Two models as indices, the lower one first.
using IndexPair = std::pair<std::size_t, std::size_t>;

std::optional<IndexPair> pairOf(const AbxTrial& trial, const VoiceMatrix& voices)
{
    const auto a = std::ranges::find(voices.models, trial.first.value);
    const auto b = std::ranges::find(voices.models, trial.second.value);
    if (a == voices.models.end() || b == voices.models.end() || a == b)
        return std::nullopt;
    const auto i = static_cast<std::size_t>(a - voices.models.begin());
    const auto j = static_cast<std::size_t>(b - voices.models.begin());
    if (voices.pair(i, j)->n == 0)
        return std::nullopt;
    return IndexPair(std::min(i, j), std::max(i, j));
}

/// Trials of one test with their pair, and what readers make of them under any weighting.
class CountedTrials
{
public:
    CountedTrials(std::span<const AbxTrial> trials, const VoiceMatrix& voices, AbxStrategy strategy)
        : m_strategy(strategy)
    {
        std::map<IndexPair, std::size_t> slots;
        for (const AbxTrial& trial : trials) {
            if (const auto pair = pairOf(trial, voices))
                slots.emplace(*pair, 0);
        }
        for (auto& [pair, slot] : slots) {
            slot = m_pairs.size();
            m_pairs.push_back(pair);
            m_observer.push_back(discriminability(voices.pair(pair.first, pair.second)->auc.value));
        }
        for (const AbxTrial& trial : trials) {
            const auto pair = pairOf(trial, voices);
            if (!pair)
                continue;
            m_trials.push_back(&trial);
            m_slots.push_back(slots.at(*pair));
        }
    }

    [[nodiscard]] const std::vector<IndexPair>& pairs() const { return m_pairs; }
    [[nodiscard]] double observer(std::size_t pair) const { return m_observer[pair]; }
    [[nodiscard]] std::size_t size() const { return m_trials.size(); }

    [[nodiscard]] std::vector<std::pair<RaterId, PromptId>> votes() const
    {
        std::vector<std::pair<RaterId, PromptId>> votes;
        for (const AbxTrial* trial : m_trials)
            votes.emplace_back(trial->rater, trial->xPrompt);
        return votes;
    }

    [[nodiscard]] std::vector<AbxCounts> count(std::span<const double> weights) const
    {
        std::vector<AbxCounts> counts(m_pairs.size());
        for (std::size_t i = 0; i < m_trials.size(); ++i)
            counts[m_slots[i]].add(*m_trials[i], weights[i]);
        return counts;
    }

    /// NaN without trials.
    [[nodiscard]] double sensitivity(const AbxCounts& counts) const
    {
        return counts.trials() > 0 ? abxSensitivity(unbiasedShareRight(counts), m_strategy)
                                   : kUnknown;
    }

    [[nodiscard]] double efficiency(std::size_t pair, double sensitivity) const
    {
        const double d = m_observer[pair];
        const double ratio = sensitivity / d;
        return d > 0 ? std::min(1.0, ratio * ratio) : kUnknown; // NaN stays NaN
    }

    /// The one efficiency of all pairs.
    [[nodiscard]] double efficiency(std::span<const AbxCounts> counts) const
    {
        double right = 0;
        double trials = 0;
        for (std::size_t pair = 0; pair < counts.size(); ++pair) {
            if (m_observer[pair] <= 0 || counts[pair].trials() <= 0)
                continue;
            right += counts[pair].trials() * unbiasedShareRight(counts[pair]);
            trials += counts[pair].trials();
        }
        if (trials <= 0)
            return kUnknown;
        return solveRising(right, 1, [&](double efficiency) {
            double expected = 0;
            for (std::size_t pair = 0; pair < counts.size(); ++pair) {
                if (m_observer[pair] > 0)
                    expected += counts[pair].trials() *
                                abxShareRight(std::sqrt(efficiency) * m_observer[pair], m_strategy);
            }
            return expected;
        });
    }

private:
    AbxStrategy m_strategy;
    std::vector<IndexPair> m_pairs;
    std::vector<double> m_observer; ///< d per pair
    std::vector<const AbxTrial*> m_trials;
    std::vector<std::size_t> m_slots; ///< pair of each trial
};

double normalNoticeability(double d)
{
    const double root = 2 * normalCdf(d / 2) - 1;
    return root * root;
}

} // namespace

double abxShareRight(double sensitivity, AbxStrategy strategy)
{
    const double scale = strategy == AbxStrategy::Differencing ? std::sqrt(6.0) : 2;
    const double samples = sensitivity / std::numbers::sqrt2;
    return normalCdf(samples) * normalCdf(sensitivity / scale) +
           normalCdf(-samples) * normalCdf(-sensitivity / scale);
}

double abxSensitivity(double shareRight, AbxStrategy strategy)
{
    if (!(shareRight > 0.5))
        return 0;
    return solveRising(shareRight, kMostSensitivity,
                       [&](double d) { return abxShareRight(d, strategy); });
}

void AbxCounts::add(const AbxTrial& trial, double weight)
{
    (trial.isFirst ? first : second) += weight;
    if (trial.saidFirst)
        (trial.isFirst ? firstSaidFirst : secondSaidFirst) += weight;
}

double unbiasedShareRight(const AbxCounts& counts)
{
    const double hits = (counts.firstSaidFirst + 0.5) / (counts.first + 1);
    const double falseAlarms = (counts.secondSaidFirst + 0.5) / (counts.second + 1);
    return normalCdf((normalQuantile(hits) - normalQuantile(falseAlarms)) / 2);
}

ReaderEar readerEar(std::span<const AbxTrial> trials, const VoiceMatrix& voices,
                    AbxStrategy strategy, std::size_t draws, std::uint64_t seed)
{
    const CountedTrials counted(trials, voices, strategy);
    const RaterBootstrap bootstrap(counted.votes(), seed);
    const std::size_t pairs = counted.pairs().size();
    const std::size_t count = counted.size() == 0 ? 0 : draws;
    ReaderEar ear;
    ear.strategy = strategy;
    ear.raters = bootstrap.raters();
    ear.leftOut = trials.size() - counted.size();

    std::vector<std::vector<double>> sensitivities(pairs);
    std::vector<std::vector<double>> efficiencies(pairs);
    for (std::size_t draw = 0; draw < count; ++draw) {
        const std::vector<AbxCounts> drawn = counted.count(bootstrap.weights(draw));
        for (std::size_t pair = 0; pair < pairs; ++pair) {
            sensitivities[pair].push_back(counted.sensitivity(drawn[pair]));
            efficiencies[pair].push_back(counted.efficiency(pair, sensitivities[pair].back()));
        }
        ear.efficiencyDraws.push_back(counted.efficiency(drawn));
    }

    const std::vector<double> once(counted.size(), 1.0);
    const std::vector<AbxCounts> all = counted.count(once);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        ReaderPair& result = ear.pairs.emplace_back();
        result.a = counted.pairs()[pair].first;
        result.b = counted.pairs()[pair].second;
        result.counts = all[pair];
        result.observer = counted.observer(pair);
        const auto n = static_cast<std::size_t>(all[pair].trials());
        const double d = counted.sensitivity(all[pair]);
        result.sensitivity = estimateOf(d, sensitivities[pair], n, 0, kMostSensitivity);
        result.efficiency = estimateOf(counted.efficiency(pair, d), efficiencies[pair], n, 0, 1);
    }
    ear.efficiency = estimateOf(counted.efficiency(all), ear.efficiencyDraws, counted.size(), 0, 1);
    return ear;
}

double noticeabilityAsRead(double noticeability, double efficiency)
{
    const double e = std::clamp(efficiency, 0.0, 1.0);
    const double nu = std::clamp(noticeability, 0.0, 1.0);
    if (e == 1)
        return nu;
    const double d = 2 * normalQuantile(std::min(0.5 * (1 + std::sqrt(nu)), kSurely));
    return normalNoticeability(std::sqrt(e) * d);
}

VoiceMatrix voicesAsRead(const VoiceMatrix& voices, const ReaderEar& ear)
{
    VoiceMatrix heard = voices;
    const double efficiency = ear.efficiency.value;
    if (std::isnan(efficiency))
        return heard;
    for (VoiceDistance& pair : heard.pairs) {
        const double value = noticeabilityAsRead(pair.noticeability.value, efficiency);
        std::vector<double>& draws = pair.noticeabilityDraws;
        for (std::size_t i = 0; i < draws.size(); ++i) {
            const double drawn = ear.efficiencyDraws.empty()
                                     ? efficiency
                                     : ear.efficiencyDraws[i % ear.efficiencyDraws.size()];
            draws[i] = noticeabilityAsRead(draws[i], std::isnan(drawn) ? efficiency : drawn);
        }
        pair.noticeability = estimateOf(value, draws, pair.n, 0, 1);
    }
    return heard;
}

Estimate consistencyAsRead(std::span<const SeamCounts> conversations, const VoiceMatrix& voices,
                           const ReaderEar& ear, std::size_t draws, std::uint64_t seed)
{
    return consistencyEstimate(conversations, voicesAsRead(voices, ear), draws, seed);
}

} // namespace signalbox
