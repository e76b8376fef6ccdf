// SPDX-License-Identifier: Apache-2.0
#include "tone.h"

#include "sampling_plan.h"
#include "separability.h"
#include "voice_features.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kTCentre = 50;
constexpr double kTPerZ = 10;
constexpr double kTLeast = 20;
constexpr double kTMost = 80;
constexpr int kSplits = 200;
constexpr std::size_t kSplitFrom = 4;

/// Mean without missing values; missing if there is nothing else.
double meanOf(std::span<const double> values)
{
    double sum = 0;
    double count = 0;
    for (const double value : values) {
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    }
    return count > 0 ? sum / count : kMissing;
}

/// Bootstrap over prompts: every statistic of one object sees the same resamples.
class PromptBootstrap
{
public:
    PromptBootstrap(std::size_t prompts, std::size_t draws, std::uint64_t seed,
                    const TurnGroups& turns)
    {
        Random random(seed, "prompts");
        m_samples.resize(prompts == 0 ? 0 : draws);
        for (std::vector<std::uint32_t>& sample : m_samples)
            turns.draw(random, prompts, sample);
    }

    /// Mean over prompts of one value each, missing values left out, moved through `show`.
    [[nodiscard]] Estimate mean(
        std::span<const double> values,
        const std::function<double(double)>& show = [](double x) { return x; }) const
    {
        const double value = show(meanOf(values));
        std::vector<double> means;
        std::vector<double> drawn;
        for (const std::vector<std::uint32_t>& sample : m_samples) {
            drawn.resize(sample.size());
            std::transform(sample.begin(), sample.end(), drawn.begin(),
                           [&](std::uint32_t p) { return values[p]; });
            const double one = meanOf(drawn);
            if (!std::isnan(one))
                means.push_back(show(one));
        }
        const auto present = static_cast<std::size_t>(
            std::count_if(values.begin(), values.end(), [](double x) { return !std::isnan(x); }));
        if (means.empty())
            return {value, value, value, present};
        const double low = quantileOf(means, 0.025);
        const double high = quantileOf(means, 0.975);
        return {value, low, high, present};
    }

private:
    std::vector<std::vector<std::uint32_t>> m_samples;
};

double termValue(const AnswerStats& stats, const ToneTerm& term)
{
    double value = kMissing;
    for (const std::size_t feature : term.anyOf) {
        if (std::isnan(value) || stats.features[feature] > value)
            value = stats.features[feature];
    }
    return value;
}

/// values[m][p] of one axis: mean signed z of its terms, z over the answers of the panel's scale.
std::vector<std::vector<double>> axisValues(const VoicePanel& panel, const ToneAxis& axis)
{
    std::vector<std::vector<double>> sums;
    std::vector<std::vector<int>> counts;
    for (const std::vector<AnswerStats>& answers : panel.stats) {
        sums.emplace_back(answers.size(), 0.0);
        counts.emplace_back(answers.size(), 0);
    }
    const std::vector<std::size_t> scaleModels = panel.scaleModels();
    for (const ToneTerm& term : axis.terms) {
        std::vector<double> all;
        for (const std::size_t m : scaleModels) {
            for (const AnswerStats& answer : panel.stats[m])
                all.push_back(termValue(answer, term));
        }
        const double mean = meanOf(all);
        std::vector<double> squares;
        for (const double value : all)
            squares.push_back((value - mean) * (value - mean));
        const double spread = std::sqrt(meanOf(squares));
        if (std::isnan(spread))
            continue;
        const double scale = term.sign / (spread < 1e-9 ? 1.0 : spread);
        for (std::size_t m = 0; m < panel.stats.size(); ++m) {
            for (std::size_t p = 0; p < panel.stats[m].size(); ++p) {
                const double value = termValue(panel.stats[m][p], term);
                if (std::isnan(value))
                    continue;
                sums[m][p] += scale * (value - mean);
                ++counts[m][p];
            }
        }
    }
    for (std::size_t m = 0; m < sums.size(); ++m) {
        for (std::size_t p = 0; p < sums[m].size(); ++p)
            sums[m][p] = counts[m][p] == 0 ? kMissing : sums[m][p] / counts[m][p];
    }
    return sums;
}

/// Every conversation where its first row stands, so that at most one has turns in both halves.
void keepTogether(std::vector<std::size_t>& order, const TurnGroups& turns)
{
    std::vector<std::size_t> together;
    std::vector<bool> isTaken(turns.count(order.size()));
    for (const std::size_t row : order) {
        if (isTaken[turns.groupOf(row)])
            continue;
        isTaken[turns.groupOf(row)] = true;
        const auto rows = turns.rowsBeside(row);
        together.insert(together.end(), rows.begin(), rows.end());
    }
    order = std::move(together);
}

/// Correlation of the models' means on one half of the prompts with those on the other half, pooled
/// over random splits, then corrected to the full length (Spearman 1910, Brown 1910).
double splitHalfReliability(const std::vector<std::vector<double>>& values, std::uint64_t seed,
                            const TurnGroups& turns)
{
    const std::size_t models = values.size();
    const std::size_t prompts = models == 0 ? 0 : values.front().size();
    if (models < 2 || prompts < kSplitFrom)
        return kMissing;
    std::vector<std::size_t> order(prompts);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random random(seed, "halves");
    double covariance = 0;
    double variance = 0;
    std::vector<double> half(prompts / 2);
    for (int split = 0; split < kSplits; ++split) {
        for (std::size_t i = 0; i + 1 < prompts; ++i)
            std::swap(order[i], order[i + random.below(prompts - i)]);
        if (!turns.isEmpty())
            keepTogether(order, turns);
        std::vector<double> first;
        std::vector<double> second;
        for (const std::vector<double>& row : values) {
            for (std::size_t i = 0; i < half.size(); ++i)
                half[i] = row[order[i]];
            first.push_back(meanOf(half));
            for (std::size_t i = 0; i < half.size(); ++i)
                half[i] = row[order[half.size() + i]];
            second.push_back(meanOf(half));
        }
        const double meanFirst = meanOf(first);
        const double meanSecond = meanOf(second);
        for (std::size_t m = 0; m < models; ++m) {
            const double x = first[m] - meanFirst;
            const double y = second[m] - meanSecond;
            if (std::isnan(x) || std::isnan(y))
                continue;
            covariance += x * y;
            variance += 0.5 * (x * x + y * y);
        }
    }
    if (!(variance > 0))
        return kMissing;
    const double halfReliability = std::clamp(covariance / variance, 0.0, 1.0);
    return 2 * halfReliability / (1 + halfReliability);
}

std::size_t promptsNeededFor(double reliability, std::size_t prompts)
{
    if (std::isnan(reliability) || reliability >= kReliableTone)
        return 0;
    return promptsForReliability(reliability, prompts).value_or(kMostPromptsNeeded);
}

std::vector<double> valuesOf(std::span<const AnswerStats> answers,
                             const std::function<double(const AnswerStats&)>& value)
{
    std::vector<double> values;
    std::transform(answers.begin(), answers.end(), std::back_inserter(values), value);
    return values;
}

double rateValue(const AnswerStats& stats, std::string_view rate)
{
    const auto& f = stats.features;
    if (rate == "disclaimers")
        return f[feature::Disclaimers] > 0 ? 1 : 0;
    if (rate == "refusals")
        return f[feature::OpensRefusing];
    return rate == "emoji" ? f[feature::Emoji] : f[feature::FirstSingular];
}

} // namespace

const std::vector<ToneAxis>& toneAxes()
{
    using namespace feature;
    static const std::vector<ToneAxis> axes = {
        {"formality",
         "Formality",
         "casual",
         "formal",
         {{{Formality}, 1}, {{Contractions}, -1}, {{LongWords}, 1}, {{FirstSingular}, -1}}},
        {"hedging", "Hedging", "plain", "cautious", {{{Hedges}, 1}}},
        {"confidence", "Confidence", "tentative", "assured", {{{Boosters}, 1}, {{Hedges}, -1}}},
        {"warmth",
         "Warmth",
         "cool",
         "warm",
         {{{Politeness}, 1}, {{Second}, 1}, {{ClosesOffering}, 1}, {{Exclamations}, 1}}},
        {"enthusiasm",
         "Enthusiasm",
         "sober",
         "enthusiastic",
         {{{Exclamations}, 1}, {{feature::Enthusiasm}, 1}}},
        {"directness",
         "Directness",
         "roundabout",
         "direct",
         {{{Imperatives}, 1}, {{OpensCertainly, OpensHere, OpensPraising}, -1}, {{Hedges}, -1}}},
        {"sentiment", "Sentiment", "negative", "positive", {{{Sentiment}, 1}}},
        {"richness", "Richness of words", "plain", "varied", {{{Mtld}, 1}, {{Mattr}, 1}}},
        {"structure",
         "Structure",
         "flowing prose",
         "lists and headers",
         {{{ListShare}, 1}, {{Headers}, 1}, {{Bold}, 1}}},
    };
    return axes;
}

std::vector<std::size_t> VoicePanel::scaleModels() const
{
    std::vector<std::size_t> all(stats.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<std::size_t> own = all;
    std::erase_if(own, [&](std::size_t m) { return m < repeats.size() && repeats[m]; });
    return own.size() < 2 ? all : own;
}

std::vector<std::vector<double>> toneValues(const VoicePanel& panel, std::size_t axis)
{
    return axisValues(panel, toneAxes()[axis]);
}

bool isMeaningful(const ToneAxis& axis, const VoicePanel& panel)
{
    return panel.isEnglish || std::ranges::all_of(axis.terms, [](const ToneTerm& term) {
               return std::ranges::all_of(term.anyOf, isLanguageNeutral);
           });
}

std::vector<std::vector<TonePlace>> tonePlaces(const VoicePanel& panel, std::size_t draws,
                                               std::uint64_t seed)
{
    const std::vector<ToneAxis>& axes = toneAxes();
    const std::size_t prompts = panel.stats.empty() ? 0 : panel.stats.front().size();
    if (prompts == 0)
        return {};
    const PromptBootstrap bootstrap(prompts, draws, seed, panel.turns);
    const auto toT = [](double z) { return std::clamp(kTCentre + kTPerZ * z, kTLeast, kTMost); };
    std::vector<std::vector<TonePlace>> places(panel.stats.size(),
                                               std::vector<TonePlace>(axes.size()));
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        const std::vector<std::vector<double>> values = axisValues(panel, axes[axis]);
        std::vector<std::vector<double>> scale;
        for (const std::size_t m : panel.scaleModels())
            scale.push_back(values[m]);
        const double reliability = splitHalfReliability(scale, seed, panel.turns);
        for (std::size_t m = 0; m < values.size(); ++m) {
            TonePlace& place = places[m][axis];
            place.t = bootstrap.mean(values[m], toT);
            place.reliability = reliability;
            if (isMeaningful(axes[axis], panel))
                place.promptsNeeded = promptsNeededFor(reliability, prompts);
            else
                place.objection = "The answers do not read like English, and this axis counts "
                                  "English words.";
        }
    }
    return places;
}

ToneDifference toneDifference(const VoicePanel& panel, std::size_t a, std::size_t b,
                              std::size_t axis, std::size_t draws, std::uint64_t seed)
{
    const std::vector<std::vector<double>> values = axisValues(panel, toneAxes()[axis]);
    std::vector<double> differences;
    for (std::size_t p = 0; p < values[a].size(); ++p)
        differences.push_back(kTPerZ * (values[a][p] - values[b][p]));
    ToneDifference result;
    result.difference =
        PromptBootstrap(differences.size(), draws, seed, panel.turns).mean(differences);
    const double mean = result.difference.value;
    double squares = 0;
    for (const double difference : differences) {
        if (!std::isnan(difference))
            squares += (difference - mean) * (difference - mean);
    }
    const std::size_t n = result.difference.n;
    const double spread = n < 2 ? 0 : std::sqrt(squares / static_cast<double>(n - 1));
    if (spread >= ToneDifference::kLeastSpread)
        result.effect = mean / spread;
    return result;
}

const std::vector<ToneRate>& toneRates()
{
    static const std::vector<ToneRate> rates = {
        {"disclaimers", "Answers with a disclaimer", true},
        {"refusals", "Answers that open with a refusal", true},
        {"emoji", "Emoji per 100 words", false},
        {"firstPerson", "“I” and “my” per 100 words", false},
    };
    return rates;
}

std::vector<std::vector<Estimate>> measureToneRates(const VoicePanel& panel, std::size_t draws,
                                                    std::uint64_t seed)
{
    const std::size_t prompts = panel.stats.empty() ? 0 : panel.stats.front().size();
    const PromptBootstrap bootstrap(prompts, draws, seed, panel.turns);
    std::vector<std::vector<Estimate>> result;
    for (const std::vector<AnswerStats>& answers : panel.stats) {
        std::vector<Estimate> row;
        for (const ToneRate& rate : toneRates())
            row.push_back(bootstrap.mean(valuesOf(
                answers, [&](const AnswerStats& stats) { return rateValue(stats, rate.id); })));
        result.push_back(std::move(row));
    }
    return result;
}

Verbosity measureVerbosity(const VoicePanel& panel, std::size_t model, std::size_t draws,
                           std::uint64_t seed)
{
    const std::vector<AnswerStats>& answers = panel.stats[model];
    const PromptBootstrap bootstrap(answers.size(), draws, seed, panel.turns);
    const auto mean = [&](auto&& value) { return meanOf(valuesOf(answers, value)); };
    Verbosity result;
    result.words = bootstrap.mean(valuesOf(answers, [](const AnswerStats& s) { return s.words; }));
    result.sentences =
        bootstrap.mean(valuesOf(answers, [](const AnswerStats& s) { return s.sentences; }));
    result.characters =
        bootstrap.mean(valuesOf(answers, [](const AnswerStats& s) { return s.characters; }));
    result.wordsPerSentence = result.words.value / result.sentences.value;
    result.shareWithList =
        mean([](const AnswerStats& s) { return s.orderedItems + s.unorderedItems > 0; });
    result.shareWithBold = mean([](const AnswerStats& s) { return s.bold > 0; });
    result.shareWithHeader = mean([](const AnswerStats& s) { return s.headers > 0; });
    result.listItemsPer100Words =
        100 * mean([](const AnswerStats& s) { return s.orderedItems + s.unorderedItems; }) /
        result.words.value;
    result.boldPer100Words =
        100 * mean([](const AnswerStats& s) { return s.bold; }) / result.words.value;
    return result;
}

VerbosityComparison compareVerbosity(const VoicePanel& panel, std::size_t a, std::size_t b,
                                     std::size_t draws, std::uint64_t seed)
{
    const auto words = [&](std::size_t model) {
        return valuesOf(panel.stats[model], [](const AnswerStats& s) { return s.words; });
    };
    return compareLengths(words(a), words(b), draws, seed, panel.turns);
}

VerbosityComparison compareLengths(std::span<const double> lengthsA,
                                   std::span<const double> lengthsB, std::size_t draws,
                                   std::uint64_t seed, const TurnGroups& turns)
{
    const std::size_t n = std::min(lengthsA.size(), lengthsB.size());
    std::vector<double> logRatios;
    std::vector<double> longer;
    for (std::size_t p = 0; p < n; ++p) {
        logRatios.push_back(std::log1p(lengthsA[p]) - std::log1p(lengthsB[p]));
        longer.push_back(lengthsA[p] > lengthsB[p] ? 1 : lengthsA[p] < lengthsB[p] ? 0 : 0.5);
    }
    const PromptBootstrap bootstrap(n, draws, seed, turns);
    VerbosityComparison comparison;
    comparison.pairedRatio = bootstrap.mean(logRatios, [](double x) { return std::exp(x); });
    const double meanB = meanOf(lengthsB.first(n));
    comparison.ratioOfMeans = meanB > 0 ? meanOf(lengthsA.first(n)) / meanB : kMissing;
    comparison.shareALonger = bootstrap.mean(longer);
    return comparison;
}

} // namespace signalbox
