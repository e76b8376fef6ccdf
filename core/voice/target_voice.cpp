// SPDX-License-Identifier: Apache-2.0
#include "target_voice.h"

#include "separability.h"
#include "style_classifier.h"
#include "voice_features.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

namespace signalbox {

namespace {

constexpr std::size_t kReasons = 3;
constexpr double kToldFrom = 2; ///< standard errors from which a difference is told
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// A golden answer beside the model's answer to the same prompt.
struct Pair
{
    const AnswerStats* model = nullptr;
    const AnswerStats* golden = nullptr;
};

std::vector<std::size_t> featuresOf(const SpokenAnswers& spoken)
{
    if (!spoken.isEnglish())
        return languageNeutralFeatures();
    std::vector<std::size_t> all(kVoiceFeatureCount);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// Differences pair by pair, and what their means say.
class Differences
{
public:
    Differences(const std::vector<Pair>& pairs, const FeatureScaler& scaler)
        : m_columns(scaler.columns()), m_pairs(pairs.size())
    {
        std::vector<double> ofModel(m_columns);
        std::vector<double> ofGolden(m_columns);
        for (const Pair& pair : pairs) {
            scaler.scale(*pair.model, ofModel.data());
            scaler.scale(*pair.golden, ofGolden.data());
            for (std::size_t c = 0; c < m_columns; ++c)
                m_values.push_back(ofModel[c] - ofGolden[c]);
        }
    }

    struct Moments
    {
        double mean = 0;
        double errorSquared = 0; ///< of the mean; 0 of one pair
    };
    [[nodiscard]] Moments moments(std::span<const std::uint32_t> rows, std::size_t column) const
    {
        const auto n = static_cast<double>(rows.size());
        double sum = 0;
        for (const std::uint32_t row : rows)
            sum += m_values[row * m_columns + column];
        const double mean = sum / n;
        double squares = 0;
        for (const std::uint32_t row : rows) {
            const double off = m_values[row * m_columns + column] - mean;
            squares += off * off;
        }
        return {mean, rows.size() < 2 ? 0.0 : squares / (n - 1) / n};
    }

    /// @param chance  how many times the variance of the means is taken off their squares: once for
    ///                a sample, twice for a resample of it, whose means stray twice
    [[nodiscard]] double distance(std::span<const std::uint32_t> rows, double chance) const
    {
        double sum = 0;
        for (std::size_t c = 0; c < m_columns; ++c) {
            const Moments at = moments(rows, c);
            sum += at.mean * at.mean - chance * at.errorSquared;
        }
        return std::sqrt(std::max(0.0, sum / static_cast<double>(m_columns)));
    }

    [[nodiscard]] std::vector<std::uint32_t> allRows() const
    {
        std::vector<std::uint32_t> rows(m_pairs);
        std::iota(rows.begin(), rows.end(), 0U);
        return rows;
    }

    [[nodiscard]] Estimate estimate(std::size_t draws, std::uint64_t seed) const
    {
        const std::vector<std::uint32_t> rows = allRows();
        const double value = distance(rows, 1);
        if (m_pairs < 2 || draws == 0)
            return {value, value, value, m_pairs};
        std::vector<double> drawn;
        Random random(seed, "golden");
        std::vector<std::uint32_t> sample(m_pairs);
        for (std::size_t i = 0; i < draws; ++i) {
            for (std::uint32_t& row : sample)
                row = static_cast<std::uint32_t>(random.below(m_pairs));
            drawn.push_back(distance(sample, 2));
        }
        const double low = quantileOf(drawn, 0.025);
        const double high = quantileOf(drawn, 0.975);
        return {value, std::min(low, value), std::max(high, value), m_pairs};
    }

private:
    std::size_t m_columns;
    std::size_t m_pairs;
    std::vector<double> m_values; ///< row after row
};

double toldMean(const std::vector<Pair>& pairs, std::size_t feature,
                const AnswerStats* Pair::* side)
{
    double sum = 0;
    double count = 0;
    for (const Pair& pair : pairs) {
        const double value = toldValue(*(pair.*side), feature);
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    }
    return count > 0 ? sum / count : kUnknown;
}

std::vector<VoiceReason> reasonsOf(const std::string& model, const std::vector<Pair>& pairs,
                                   const Differences& differences,
                                   const std::vector<std::size_t>& features)
{
    const std::vector<std::uint32_t> rows = differences.allRows();
    std::vector<VoiceReason> reasons;
    for (std::size_t c = 0; c < features.size(); ++c) {
        const Differences::Moments at = differences.moments(rows, c);
        if (at.mean * at.mean <= kToldFrom * kToldFrom * at.errorSquared || at.mean == 0)
            continue;
        VoiceReason reason;
        reason.feature = features[c];
        reason.weight = at.mean;
        reason.meanA = toldMean(pairs, features[c], &Pair::model);
        reason.meanB = toldMean(pairs, features[c], &Pair::golden);
        if (std::isnan(reason.meanA) || std::isnan(reason.meanB))
            continue;
        reason.isMoreInA = reason.meanA > reason.meanB;
        reason.sentence =
            voiceReasonSentence(features[c], model, reason.meanA, "the target voice", reason.meanB);
        reasons.push_back(std::move(reason));
    }
    std::ranges::stable_sort(reasons, std::ranges::greater(),
                             [](const VoiceReason& reason) { return std::abs(reason.weight); });
    reasons.resize(std::min(reasons.size(), kReasons));
    return reasons;
}

} // namespace

std::vector<TargetDistance> distancesToTarget(const SpokenAnswers& spoken,
                                              std::span<const GoldenAnswer> golden,
                                              std::size_t draws, std::uint64_t seed)
{
    const std::size_t models = spoken.models().size();
    std::vector<TargetDistance> result(models);
    for (TargetDistance& distance : result)
        distance.distance = {kUnknown, kUnknown, kUnknown, 0};
    std::map<std::string_view, std::size_t> rowOf;
    for (std::size_t p = 0; p < spoken.prompts().size(); ++p)
        rowOf.emplace(spoken.prompts()[p], p);
    std::vector<const AnswerStats*> all;
    for (std::size_t m = 0; m < models; ++m) {
        for (std::size_t p = 0; p < spoken.prompts().size(); ++p) {
            if (spoken.has(m, p))
                all.push_back(&spoken.stats(m, p));
        }
    }
    if (all.empty())
        return result;
    const std::vector<std::size_t> features = featuresOf(spoken);
    const FeatureScaler scaler(all, features);
    std::vector<AnswerStats> goldenStats;
    for (const GoldenAnswer& answer : golden)
        goldenStats.push_back(measureAnswer(answer.text));

    for (std::size_t m = 0; m < models; ++m) {
        std::vector<Pair> pairs;
        for (std::size_t i = 0; i < golden.size(); ++i) {
            const bool isOwn = golden[i].author == spoken.models()[m];
            result[m].own += isOwn ? 1 : 0;
            const auto row = rowOf.find(golden[i].prompt);
            const std::size_t sample = isOwn ? 1 : 0;
            if (row != rowOf.end() && spoken.has(m, row->second, sample))
                pairs.push_back({&spoken.stats(m, row->second, sample), &goldenStats[i]});
        }
        if (pairs.empty())
            continue;
        const Differences differences(pairs, scaler);
        result[m].distance = differences.estimate(draws, seed);
        result[m].reasons = reasonsOf(spoken.models()[m], pairs, differences, features);
    }
    return result;
}

} // namespace signalbox
