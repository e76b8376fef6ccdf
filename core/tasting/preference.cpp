// SPDX-License-Identifier: Apache-2.0
#include "preference.h"

#include "rater_bootstrap.h"

#include <core/base/parallel.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace signalbox {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostSteps = 100;
constexpr double kConverged = 1e-12; ///< of the gradient, per comparison

/// Where chains of preferences lead: [from * models + to].
std::vector<bool> reachable(const PairCounts& counts)
{
    const std::size_t n = counts.models;
    std::vector<bool> reach(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
            reach[i * n + j] = i == j || counts.of(i, j) > 0;
    }
    for (std::size_t via = 0; via < n; ++via) {
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n && reach[i * n + via]; ++j)
                reach[i * n + j] = reach[i * n + j] || reach[via * n + j];
        }
    }
    return reach;
}

double logistic(double x)
{
    return 1 / (1 + std::exp(-x));
}

/// ln(1 + exp(x)) that does not overflow.
double softplus(double x)
{
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

/// Finds the strengths of one group; the first member stands at 0 until they are centred.
class GroupFit
{
public:
    GroupFit(const PairCounts& counts, const std::vector<std::size_t>& members)
        : m_counts(counts), m_members(members),
          m_strength(Eigen::VectorXd::Zero(Eigen::Index(members.size())))
    {}

    Eigen::VectorXd run()
    {
        double likelihood = logLikelihood(m_strength);
        for (int step = 0; step < kMostSteps && !differentiate(); ++step) {
            const Eigen::Index free = m_strength.size() - 1;
            Eigen::VectorXd move = Eigen::VectorXd::Zero(m_strength.size());
            move.tail(free) =
                m_information.bottomRightCorner(free, free).ldlt().solve(m_gradient.tail(free));
            double next = logLikelihood(m_strength + move);
            for (int halving = 0; halving < 60 && !(next >= likelihood); ++halving) {
                move *= 0.5;
                next = logLikelihood(m_strength + move);
            }
            if (!(next >= likelihood))
                break; // only rounding is left
            m_strength += move;
            likelihood = next;
        }
        return m_strength.array() - m_strength.mean();
    }

private:
    [[nodiscard]] double wins(Eigen::Index i, Eigen::Index j) const
    {
        return m_counts.of(m_members[std::size_t(i)], m_members[std::size_t(j)]);
    }

    [[nodiscard]] double logLikelihood(const Eigen::VectorXd& strength) const
    {
        double sum = 0;
        for (Eigen::Index i = 0; i < strength.size(); ++i) {
            for (Eigen::Index j = 0; j < strength.size(); ++j)
                sum -= wins(i, j) * softplus(strength[j] - strength[i]);
        }
        return sum;
    }

    /// Sets gradient and information; true at the maximum.
    bool differentiate()
    {
        const Eigen::Index n = m_strength.size();
        m_gradient = Eigen::VectorXd::Zero(n);
        m_information = Eigen::MatrixXd::Zero(n, n);
        double total = 0;
        for (Eigen::Index i = 0; i < n; ++i) {
            for (Eigen::Index j = i + 1; j < n; ++j) {
                const double count = wins(i, j) + wins(j, i);
                const double p = logistic(m_strength[i] - m_strength[j]);
                const double surplus = wins(i, j) - count * p;
                m_gradient[i] += surplus;
                m_gradient[j] -= surplus;
                const double weight = count * p * (1 - p);
                m_information(i, i) += weight;
                m_information(j, j) += weight;
                m_information(i, j) -= weight;
                m_information(j, i) -= weight;
                total += count;
            }
        }
        return m_gradient.cwiseAbs().maxCoeff() <= kConverged * total;
    }

    const PairCounts& m_counts;
    const std::vector<std::size_t>& m_members;
    Eigen::VectorXd m_strength;
    Eigen::VectorXd m_gradient;
    Eigen::MatrixXd m_information;
};

/// A ranking with models as indices: the place of each, and when it was shown.
struct RankedIndices
{
    struct Entry
    {
        std::size_t model = 0;
        std::size_t place = 0;
        std::size_t shown = 0; ///< position on screen; the same for all if not known
    };
    std::vector<Entry> entries;
    bool knowsOrder = false;
};

RankedIndices indexed(const Ranking& ranking, const std::map<ModelId, std::size_t>& indices)
{
    RankedIndices result;
    result.knowsOrder = !ranking.shown.empty();
    for (std::size_t place = 0; place < ranking.places.size(); ++place) {
        for (const ModelId& model : ranking.places[place]) {
            const auto shown = std::ranges::find(ranking.shown, model);
            result.entries.push_back(
                {indices.at(model), place, std::size_t(shown - ranking.shown.begin())});
        }
    }
    return result;
}

/// Calls use(better, worse, isTie) for each pair of a ranking.
template<class Use> void forEachPair(const RankedIndices& ranking, const Use& use)
{
    const auto& entries = ranking.entries; // ordered by place
    for (std::size_t i = 0; i < entries.size(); ++i) {
        for (std::size_t j = i + 1; j < entries.size(); ++j)
            use(entries[i], entries[j], entries[i].place == entries[j].place);
    }
}

PairCounts countPairs(const std::vector<RankedIndices>& rankings, std::size_t models,
                      std::span<const double> weights)
{
    PairCounts counts(models);
    for (std::size_t r = 0; r < rankings.size(); ++r) {
        if (weights[r] <= 0)
            continue;
        forEachPair(rankings[r], [&](const auto& better, const auto& worse, bool isTie) {
            if (isTie)
                counts.addTie(better.model, worse.model, weights[r]);
            else
                counts.add(better.model, worse.model, weights[r]);
        });
    }
    return counts;
}

/// Mean chance against the others; unknown if one of them is.
double winShare(const BradleyTerry& fit, std::size_t model)
{
    const std::size_t n = fit.strength.size();
    double sum = 0;
    for (std::size_t other = 0; other < n; ++other) {
        if (other != model)
            sum += fit.chance(model, other);
    }
    return n > 1 ? sum / static_cast<double>(n - 1) : kUnknown;
}

/// Share of pairs in which the one shown earlier was preferred, ties half; NaN without such pairs.
double shareShownFirst(const std::vector<RankedIndices>& rankings, std::span<const double> weights,
                       std::size_t* pairs = nullptr)
{
    double first = 0;
    double total = 0;
    for (std::size_t r = 0; r < rankings.size(); ++r) {
        if (!rankings[r].knowsOrder)
            continue;
        forEachPair(rankings[r], [&](const auto& better, const auto& worse, bool isTie) {
            first += weights[r] * (isTie ? 0.5 : better.shown < worse.shown ? 1 : 0);
            total += weights[r];
        });
    }
    if (pairs)
        *pairs = static_cast<std::size_t>(total);
    return total > 0 ? first / total : kUnknown;
}

/// What every draw measures, by draw.
struct PreferenceDraws
{
    explicit PreferenceDraws(std::size_t models, std::size_t draws)
        : share(models, std::vector<double>(draws)),
          chance(models * models, std::vector<double>(draws)), shownFirst(draws)
    {}
    std::vector<std::vector<double>> share;  ///< [model][draw]
    std::vector<std::vector<double>> chance; ///< [better * models + worse][draw]
    std::vector<double> shownFirst;
};

PreferenceDraws drawPreferences(const std::vector<RankedIndices>& rankings, std::size_t models,
                                const RaterBootstrap& bootstrap, std::size_t draws)
{
    PreferenceDraws result(models, draws);
    forBlocks(draws, 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t draw = begin; draw < end; ++draw) {
            const std::vector<double> weights = bootstrap.weights(draw);
            const BradleyTerry fit = fitBradleyTerry(countPairs(rankings, models, weights));
            for (std::size_t model = 0; model < models; ++model)
                result.share[model][draw] = winShare(fit, model);
            for (std::size_t pair = 0; pair < fit.beats.size(); ++pair)
                result.chance[pair][draw] = fit.beats[pair];
            result.shownFirst[draw] = shareShownFirst(rankings, weights);
        }
    });
    return result;
}

/// Fills the counts of a result; the chances come with the draws.
void countRankings(PreferenceResult& result, const std::vector<RankedIndices>& rankings)
{
    const std::size_t models = result.models.size();
    const auto pairOf = [&](std::size_t a, std::size_t b) -> PairPreference& {
        return result.pairs[a * (2 * models - a - 1) / 2 + b - a - 1];
    };
    for (std::size_t a = 0; a < models; ++a) {
        for (std::size_t b = a + 1; b < models; ++b) {
            PairPreference& pair = result.pairs.emplace_back();
            pair.a = a;
            pair.b = b;
        }
    }
    double ties = 0;
    double compared = 0;
    for (const RankedIndices& ranking : rankings) {
        for (const RankedIndices::Entry& entry : ranking.entries)
            ++result.models[entry.model].winShare.n;
        forEachPair(ranking, [&](const auto& better, const auto& worse, bool isTie) {
            PairPreference& pair =
                pairOf(std::min(better.model, worse.model), std::max(better.model, worse.model));
            ++(isTie ? pair.ties : better.model < worse.model ? pair.aPreferred : pair.bPreferred);
            ++pair.chance.n;
            ties += isTie;
            ++compared;
        });
    }
    result.tieShare = compared > 0 ? ties / compared : 0;
}

} // namespace

void PairCounts::add(std::size_t better, std::size_t worse, double weight)
{
    wins[better * models + worse] += weight;
}

void PairCounts::addTie(std::size_t a, std::size_t b, double weight)
{
    add(a, b, weight / 2);
    add(b, a, weight / 2);
}

BradleyTerry fitBradleyTerry(const PairCounts& counts)
{
    const std::size_t n = counts.models;
    const std::vector<bool> reach = reachable(counts);
    BradleyTerry fit;
    fit.groupOf.assign(n, n);
    fit.strength.assign(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        if (fit.groupOf[i] < n)
            continue;
        std::vector<std::size_t>& group = fit.groups.emplace_back();
        for (std::size_t j = i; j < n; ++j) {
            if (reach[i * n + j] && reach[j * n + i]) {
                group.push_back(j);
                fit.groupOf[j] = fit.groups.size() - 1;
            }
        }
        if (group.size() < 2)
            continue;
        const Eigen::VectorXd strength = GroupFit(counts, group).run();
        for (std::size_t m = 0; m < group.size(); ++m)
            fit.strength[group[m]] = strength[Eigen::Index(m)];
    }
    fit.beats.assign(n * n, kUnknown);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const bool above = reach[i * n + j];
            const bool below = reach[j * n + i];
            if (above && below)
                fit.beats[i * n + j] = logistic(fit.strength[i] - fit.strength[j]);
            else if (above || below)
                fit.beats[i * n + j] = above ? 1 : 0;
        }
    }
    return fit;
}

const PairPreference* PreferenceResult::pair(std::size_t a, std::size_t b) const
{
    const auto found = std::ranges::find_if(pairs, [&](const PairPreference& pair) {
        return pair.a == std::min(a, b) && pair.b == std::max(a, b);
    });
    return found == pairs.end() ? nullptr : &*found;
}

std::vector<std::size_t> PreferenceResult::order() const
{
    std::vector<std::size_t> indices(models.size());
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    std::ranges::stable_sort(indices, std::ranges::greater(), [this](std::size_t i) {
        const double share = models[i].winShare.value;
        return std::isnan(share) ? -1 : share;
    });
    return indices;
}

PreferenceResult preferences(std::span<const Ranking> rankings, std::size_t draws,
                             std::uint64_t seed)
{
    PreferenceResult result;
    std::map<ModelId, std::size_t> indices;
    for (const ModelId& model : rankedModels(rankings)) {
        indices.emplace(model, result.models.size());
        result.models.push_back({model, {}, 0, 0});
    }
    std::vector<RankedIndices> ranked;
    std::vector<std::pair<RaterId, PromptId>> votes;
    for (const Ranking& ranking : rankings) {
        ranked.push_back(indexed(ranking, indices));
        votes.emplace_back(ranking.rater, ranking.prompt);
    }
    const std::size_t models = result.models.size();
    const RaterBootstrap bootstrap(votes, seed);
    result.rankings = rankings.size();
    result.raters = bootstrap.raters();
    result.prompts = bootstrap.prompts();
    countRankings(result, ranked);

    const std::vector<double> once(ranked.size(), 1.0);
    const BradleyTerry fit = fitBradleyTerry(countPairs(ranked, models, once));
    result.groups = fit.groups;
    const PreferenceDraws drawn =
        drawPreferences(ranked, models, bootstrap, rankings.empty() ? 0 : draws);
    for (std::size_t m = 0; m < models; ++m) {
        ModelPreference& model = result.models[m];
        model.strength = fit.strength[m];
        model.group = fit.groupOf[m];
        model.winShare = estimateOf(winShare(fit, m), drawn.share[m], model.winShare.n, 0, 1);
    }
    for (PairPreference& pair : result.pairs)
        pair.chance = estimateOf(fit.chance(pair.a, pair.b), drawn.chance[pair.a * models + pair.b],
                                 pair.chance.n, 0, 1);
    std::size_t ordered = 0;
    const double first = shareShownFirst(ranked, once, &ordered);
    result.shownFirst = estimateOf(first, drawn.shownFirst, ordered, 0, 1);
    return result;
}

} // namespace signalbox
