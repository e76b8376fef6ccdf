// SPDX-License-Identifier: Apache-2.0
#include "agreement.h"

#include "rater_bootstrap.h"

#include <core/base/random.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// What raters gave to the units of one prompt.
using PromptUnits = std::vector<std::vector<int>>;

/// The square of the distance of two values, by position among the sorted values.
/// @param counts  how often each value was given
double squaredDistance(std::span<const double> counts, std::size_t a, std::size_t b,
                       RatingScale scale)
{
    if (scale == RatingScale::Nominal || a == b)
        return a == b ? 0 : 1;
    double between = -(counts[a] + counts[b]) / 2;
    for (std::size_t g = std::min(a, b); g <= std::max(a, b); ++g)
        between += counts[g];
    return between * between;
}

bool isPairable(const std::vector<int>& unit)
{
    return unit.size() >= 2;
}

/// The coincidences of values within units, alpha's raw material.
struct Coincidences
{
    std::size_t values = 0;
    std::vector<double> counts; ///< per value
    std::vector<double> pairs;  ///< values x values

    explicit Coincidences(std::span<const std::vector<int>> units)
    {
        std::map<int, std::size_t> positions;
        for (const std::vector<int>& unit : units) {
            for (const int value : isPairable(unit) ? unit : std::vector<int>())
                positions.emplace(value, 0);
        }
        for (auto& [value, position] : positions)
            position = values++;
        counts.assign(values, 0.0);
        pairs.assign(values * values, 0.0);
        for (const std::vector<int>& unit : units) {
            if (isPairable(unit))
                add(unit, positions);
        }
    }

private:
    void add(const std::vector<int>& unit, const std::map<int, std::size_t>& positions)
    {
        std::map<std::size_t, double> given;
        for (const int value : unit)
            ++given[positions.at(value)];
        const double others = static_cast<double>(unit.size() - 1);
        for (const auto& [a, timesA] : given) {
            counts[a] += timesA;
            for (const auto& [b, timesB] : given)
                pairs[a * values + b] += timesA * (a == b ? timesA - 1 : timesB) / others;
        }
    }
};

/// Units of one measure by their name within a prompt.
template<class Key> class UnitTable
{
public:
    std::vector<int>& at(const PromptId& prompt, const Key& key) { return m_units[prompt][key]; }

    [[nodiscard]] UnitsByPrompt take() const
    {
        UnitsByPrompt result;
        for (const auto& [prompt, units] : m_units) {
            for (const auto& [key, values] : units)
                result[prompt].push_back(values);
        }
        return result;
    }

private:
    std::map<PromptId, std::map<Key, std::vector<int>>> m_units;
};

using ModelSet = std::set<ModelId>;

ModelSet shownIn(const Ranking& ranking)
{
    ModelSet models;
    for (const std::vector<ModelId>& place : ranking.places)
        models.insert(place.begin(), place.end());
    return models;
}

/// A number for every set of best models, in order of appearance.
class BestNumbers
{
public:
    int of(const std::vector<ModelId>& best)
    {
        return m_numbers.try_emplace(ModelSet(best.begin(), best.end()), int(m_numbers.size()))
            .first->second;
    }

private:
    std::map<ModelSet, int> m_numbers;
};

/// Models with the double of their mid-rank: two that share places 2 and 3 have 5 each.
std::map<ModelId, int> doubledRanks(const Ranking& ranking)
{
    std::map<ModelId, int> ranks;
    int above = 0;
    for (const std::vector<ModelId>& place : ranking.places) {
        for (const ModelId& model : place)
            ranks[model] = 2 * above + static_cast<int>(place.size()) + 1;
        above += static_cast<int>(place.size());
    }
    return ranks;
}

} // namespace

std::optional<double> krippendorffAlpha(std::span<const std::vector<int>> units, RatingScale scale)
{
    const Coincidences seen(units);
    double total = 0;
    for (const double count : seen.counts)
        total += count;
    double observed = 0;
    double expected = 0;
    for (std::size_t a = 0; a < seen.values; ++a) {
        for (std::size_t b = a + 1; b < seen.values; ++b) {
            const double distance = squaredDistance(seen.counts, a, b, scale);
            observed += seen.pairs[a * seen.values + b] * distance;
            expected += seen.counts[a] * seen.counts[b] * distance;
        }
    }
    if (!(expected > 0))
        return std::nullopt;
    return 1 - (total - 1) * observed / expected;
}

std::optional<Estimate> krippendorffAlpha(const UnitsByPrompt& prompts, RatingScale scale,
                                          std::size_t draws, std::uint64_t seed)
{
    std::vector<const PromptUnits*> list;
    PromptUnits all;
    for (const auto& [prompt, units] : prompts) {
        list.push_back(&units);
        all.insert(all.end(), units.begin(), units.end());
    }
    const auto alpha = krippendorffAlpha(all, scale);
    if (!alpha)
        return std::nullopt;
    std::vector<double> drawn;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        Random random(seed, "prompts " + std::to_string(draw));
        PromptUnits sample;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const PromptUnits& units = *list[random.below(list.size())];
            sample.insert(sample.end(), units.begin(), units.end());
        }
        drawn.push_back(krippendorffAlpha(sample, scale).value_or(kUnknown));
    }
    const auto judged = static_cast<std::size_t>(std::ranges::count_if(all, isPairable));
    return estimateOf(*alpha, drawn, judged, -1, 1);
}

RaterAgreement raterAgreement(std::span<const Ranking> rankings, std::size_t draws,
                              std::uint64_t seed)
{
    BestNumbers numbers;
    UnitTable<ModelSet> best;
    UnitTable<std::pair<ModelSet, ModelId>> places;
    UnitTable<std::pair<ModelId, ModelId>> pairs;
    for (const Ranking& ranking : rankings) {
        const ModelSet shown = shownIn(ranking);
        best.at(ranking.prompt, shown).push_back(numbers.of(ranking.places.front()));
        const std::map<ModelId, int> ranks = doubledRanks(ranking);
        for (auto a = ranks.begin(); a != ranks.end(); ++a) {
            places.at(ranking.prompt, {shown, a->first}).push_back(a->second);
            for (auto b = std::next(a); b != ranks.end(); ++b)
                pairs.at(ranking.prompt, {a->first, b->first})
                    .push_back(a->second < b->second   ? 1
                               : a->second > b->second ? -1
                                                       : 0);
        }
    }
    RaterAgreement result;
    result.best = krippendorffAlpha(best.take(), RatingScale::Nominal, draws, seed);
    result.places = krippendorffAlpha(places.take(), RatingScale::Ordinal, draws, seed);
    result.pairs = krippendorffAlpha(pairs.take(), RatingScale::Ordinal, draws, seed);
    return result;
}

std::optional<Estimate> ratingAgreement(std::span<const RatedTask> tasks, std::string_view axis,
                                        std::size_t draws, std::uint64_t seed)
{
    UnitTable<ModelId> answers;
    for (const RatedTask& task : tasks) {
        for (const ToneRating& rating : task.ratings) {
            if (rating.axis == axis)
                answers.at(task.prompt, rating.model).push_back(rating.value);
        }
    }
    return krippendorffAlpha(answers.take(), RatingScale::Ordinal, draws, seed);
}

std::string_view agreementWord(std::optional<double> alpha)
{
    if (!alpha)
        return "unknown";
    return *alpha >= kReliableAlpha    ? "reliable"
           : *alpha >= kTentativeAlpha ? "tentative"
                                       : "unreliable";
}

} // namespace signalbox
