// SPDX-License-Identifier: Apache-2.0
#include "judge_calibration.h"

#include "agreement.h"
#include "over_prompts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

using PairKey = std::tuple<PromptId, ModelId, ModelId>; ///< models in byte order
using AnswerKey = std::pair<PromptId, ModelId>;
using AnswerNumbers = std::map<AnswerKey, double>;

/// What people said of each pair: 1: the first model is better, 0: as good, -1: the second.
std::map<PairKey, std::vector<int>> votesByPair(std::span<const Ranking> votes)
{
    std::map<PairKey, std::vector<int>> result;
    for (const Ranking& vote : votes) {
        std::vector<std::pair<ModelId, int>> places;
        for (std::size_t place = 0; place < vote.places.size(); ++place) {
            for (const ModelId& model : vote.places[place])
                places.emplace_back(model, static_cast<int>(place));
        }
        std::ranges::sort(places);
        for (std::size_t i = 0; i < places.size(); ++i) {
            for (std::size_t j = i + 1; j < places.size(); ++j) {
                const int gap = places[j].second - places[i].second;
                result[{vote.prompt, places[i].first, places[j].first}].push_back(gap > 0   ? 1
                                                                                  : gap < 0 ? -1
                                                                                            : 0);
            }
        }
    }
    return result;
}

/// A judge's verdict beside a person's.
struct BothSaid
{
    std::vector<PromptId> prompts;
    std::vector<std::pair<int, int>> said; ///< judge, person

    [[nodiscard]] Estimate kappa(std::size_t draws, std::uint64_t seed) const
    {
        const auto placeOf = [](int verdict) {
            const int place = verdict + 1;
            return static_cast<std::size_t>(place);
        };
        const auto measure = [&](std::span<const double> weights) {
            std::array<double, 3> judge{};
            std::array<double, 3> people{};
            double same = 0;
            double total = 0;
            for (std::size_t i = 0; i < said.size(); ++i) {
                judge.at(placeOf(said[i].first)) += weights[i];
                people.at(placeOf(said[i].second)) += weights[i];
                same += said[i].first == said[i].second ? weights[i] : 0;
                total += weights[i];
            }
            double chance = 0;
            for (std::size_t value = 0; value < judge.size(); ++value)
                chance += judge[value] * people[value] / (total * total);
            return total > 0 && chance < 1 ? (same / total - chance) / (1 - chance) : kUnknown;
        };
        return estimateOverPrompts(prompts, measure, draws, seed, -1, 1);
    }
};

/// Everything that is counted on the common pairs.
struct CommonPairs
{
    BothSaid both;
    NumbersByPrompt same, sameDecided, peopleSame, judgeLonger, peopleLonger;
    UnitsByPrompt judgeUnits, peopleUnits;

    void add(const JudgedPair& pair, const std::vector<int>& votes, const Tasting& tasting)
    {
        const int verdict = pair.verdict();
        for (const int vote : votes) {
            both.prompts.push_back(pair.prompt);
            both.said.emplace_back(verdict, vote);
            same.add(pair.prompt, verdict == vote ? 1 : 0);
            if (verdict != 0 && vote != 0)
                sameDecided.add(pair.prompt, verdict == vote ? 1 : 0);
            judgeUnits[pair.prompt].push_back({verdict, vote});
        }
        for (std::size_t i = 0; i < votes.size(); ++i) {
            for (std::size_t j = i + 1; j < votes.size(); ++j)
                peopleSame.add(pair.prompt, votes[i] == votes[j] ? 1 : 0);
        }
        peopleUnits[pair.prompt].push_back(votes);
        addLengths(pair, votes, tasting);
    }

private:
    void addLengths(const JudgedPair& pair, const std::vector<int>& votes, const Tasting& tasting)
    {
        const std::size_t a = tastedLength(tasting, pair.prompt, pair.a);
        const std::size_t b = tastedLength(tasting, pair.prompt, pair.b);
        if (a == b)
            return;
        const int longer = a > b ? 1 : -1;
        if (pair.verdict() != 0)
            judgeLonger.add(pair.prompt, pair.verdict() == longer ? 1 : 0);
        for (const int vote : votes) {
            if (vote != 0)
                peopleLonger.add(pair.prompt, vote == longer ? 1 : 0);
        }
    }
};

/// Without the mean of its prompt; answers to prompts with only one of them are left out.
struct CentredPairs
{
    std::vector<PromptId> prompts;
    std::vector<std::pair<double, double>> values;

    CentredPairs(const AnswerNumbers& one, const AnswerNumbers& other)
    {
        std::map<PromptId, std::vector<std::pair<double, double>>> byPrompt;
        for (const auto& [answer, value] : one) {
            const auto found = other.find(answer);
            if (found != other.end() && !std::isnan(found->second))
                byPrompt[answer.first].emplace_back(value, found->second);
        }
        for (const auto& [prompt, pairs] : byPrompt) {
            if (pairs.size() > 1)
                addCentred(prompt, pairs);
        }
    }

    [[nodiscard]] double correlation(std::span<const double> weights) const
    {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& [x, y] = values[i];
            xx += weights[i] * x * x;
            yy += weights[i] * y * y;
            xy += weights[i] * x * y;
        }
        return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : kUnknown;
    }

private:
    void addCentred(const PromptId& prompt, const std::vector<std::pair<double, double>>& pairs)
    {
        double meanX = 0;
        double meanY = 0;
        for (const auto& [x, y] : pairs) {
            meanX += x / static_cast<double>(pairs.size());
            meanY += y / static_cast<double>(pairs.size());
        }
        for (const auto& [x, y] : pairs) {
            prompts.push_back(prompt);
            values.emplace_back(x - meanX, y - meanY);
        }
    }
};

Estimate correlationOf(const AnswerNumbers& one, const AnswerNumbers& other, std::size_t draws,
                       std::uint64_t seed)
{
    const CentredPairs pairs(one, other);
    return estimateOverPrompts(
        pairs.prompts, [&](std::span<const double> weights) { return pairs.correlation(weights); },
        draws, seed, -1, 1);
}

AnswerNumbers judgedOn(const std::string& axis, const Judgement& judgement)
{
    AnswerNumbers numbers;
    for (const JudgedTone& tone : judgement.tones) {
        if (tone.axis == axis && tone.isWhole())
            numbers[{tone.prompt, tone.model}] = tone.score();
    }
    return numbers;
}

AnswerNumbers ratedOn(const std::string& axis, std::span<const RatedTask> ratings)
{
    std::map<AnswerKey, std::pair<double, double>> sums;
    for (const RatedTask& task : ratings) {
        for (const ToneRating& rating : task.ratings) {
            if (rating.axis != axis)
                continue;
            auto& [sum, count] = sums[{task.prompt, rating.model}];
            sum += rating.value;
            ++count;
        }
    }
    AnswerNumbers means;
    for (const auto& [answer, sum] : sums)
        means[answer] = sum.first / sum.second;
    return means;
}

/// The prompts of a tasting that all its models answered, measured.
VoicePanel panelOf(const Tasting& tasting)
{
    VoicePanel panel;
    for (const ModelId& model : tasting.models)
        panel.models.push_back(model.value);
    panel.stats.resize(tasting.models.size());
    for (std::size_t p = 0; p < tasting.prompts.size(); ++p) {
        if (std::ranges::count(tasting.texts[p], std::string()) > 0)
            continue;
        panel.prompts.push_back(tasting.prompts[p].id.value);
        for (std::size_t m = 0; m < tasting.models.size(); ++m)
            panel.stats[m].push_back(measureAnswer(tasting.texts[p][m]));
    }
    return panel;
}

AnswerNumbers measuredOn(std::size_t axis, const VoicePanel& panel)
{
    AnswerNumbers numbers;
    const std::vector<std::vector<double>> values = toneValues(panel, axis);
    for (std::size_t m = 0; m < values.size(); ++m) {
        for (std::size_t p = 0; p < values[m].size(); ++p)
            numbers[{PromptId(panel.prompts[p]), ModelId(panel.models[m])}] = values[m][p];
    }
    return numbers;
}

} // namespace

JudgeCalibration calibrateJudge(const Judgement& judgement, std::span<const Ranking> votes,
                                const Tasting& tasting, std::size_t draws, std::uint64_t seed)
{
    JudgeCalibration result;
    const std::map<PairKey, std::vector<int>> byPair = votesByPair(votes);
    CommonPairs pairs;
    for (const JudgedPair& pair : judgement.pairs) {
        const auto found = byPair.find({pair.prompt, pair.a, pair.b});
        if (!pair.isWhole() || found == byPair.end())
            continue;
        ++result.common;
        pairs.add(pair, found->second, tasting);
    }
    result.missing = kFewestCommon - std::min(kFewestCommon, result.common);
    result.votes = pairs.same.values.size();
    result.same = pairs.same.mean(draws, seed, 0, 1);
    result.sameDecided = pairs.sameDecided.mean(draws, seed, 0, 1);
    result.peopleSame = pairs.peopleSame.mean(draws, seed, 0, 1);
    if (const Estimate kappa = pairs.both.kappa(draws, seed); !std::isnan(kappa.value))
        result.kappa = kappa;
    result.alpha = krippendorffAlpha(pairs.judgeUnits, RatingScale::Ordinal, draws, seed);
    result.peopleAlpha = krippendorffAlpha(pairs.peopleUnits, RatingScale::Ordinal, draws, seed);
    result.judgeLonger = pairs.judgeLonger.mean(draws, seed, 0, 1);
    result.peopleLonger = pairs.peopleLonger.mean(draws, seed, 0, 1);
    return result;
}

std::vector<JudgedAxisCalibration> calibrateTones(const Judgement& judgement,
                                                  std::span<const RatedTask> ratings,
                                                  const Tasting& tasting, std::size_t draws,
                                                  std::uint64_t seed)
{
    std::vector<JudgedAxisCalibration> result;
    if (judgement.axes.empty())
        return result;
    const VoicePanel panel = panelOf(tasting);
    for (const JudgedAxis& judged : judgement.axes) {
        const auto axis = std::ranges::find(toneAxes(), judged.axis, &ToneAxis::id);
        if (axis == toneAxes().end())
            continue;
        const AnswerNumbers scores = judgedOn(judged.axis, judgement);
        JudgedAxisCalibration& one = result.emplace_back();
        one.axis = judged.axis;
        const auto place = static_cast<std::size_t>(axis - toneAxes().begin());
        one.measured = correlationOf(scores, measuredOn(place, panel), draws, seed);
        one.people = correlationOf(scores, ratedOn(judged.axis, ratings), draws, seed);
    }
    return result;
}

} // namespace signalbox
