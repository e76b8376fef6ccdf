// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vote.h"

#include <core/voice/tone.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// How often each model was preferred to each other one.
struct PairCounts
{
    explicit PairCounts(std::size_t modelCount = 0)
        : models(modelCount), wins(modelCount * modelCount, 0.0)
    {}
    std::size_t models = 0;
    std::vector<double> wins; ///< models x models: row preferred to column; a tie is half for each

    void add(std::size_t better, std::size_t worse, double weight = 1);
    void addTie(std::size_t a, std::size_t b, double weight = 1);
    [[nodiscard]] double of(std::size_t better, std::size_t worse) const
    {
        return wins[better * models + worse];
    }
};

/// Bradley-Terry strengths: P(i is preferred to j) = 1 / (1 + exp(s_j - s_i)), a tie being half a
/// preference each way.
struct BradleyTerry
{
    /// Models that the votes put on one scale: from each to each other one a chain of preferences
    /// leads (Ford 1957). Strengths of different groups do not compare: either all votes between
    /// them went one way, and then how far they are apart is not to be known, or nobody compared
    /// them. Groups and their members in index order of their first model.
    std::vector<std::vector<std::size_t>> groups;
    std::vector<std::size_t> groupOf; ///< per model, into groups
    std::vector<double> strength;     ///< per model, logarithms, mean 0 within its group
    /// models x models: the chance that row is preferred to column. 1 and 0 where a chain of votes
    /// leads from one group to the other and none back, NaN where none does either way.
    std::vector<double> beats;

    [[nodiscard]] bool isConnected() const { return groups.size() <= 1; }
    [[nodiscard]] double chance(std::size_t better, std::size_t worse) const
    {
        return beats[better * strength.size() + worse];
    }
};

/// Maximum likelihood by Newton's method with step halving, which converges because the
/// log-likelihood is concave and, within a group, has one maximum. Sources: Bradley and Terry
/// (1952); existence: Ford (1957); ties as halves, as everywhere in this program.
[[nodiscard]] BradleyTerry fitBradleyTerry(const PairCounts& counts);

/// One model in the eyes of the raters.
struct ModelPreference
{
    ModelId model;
    /// The chance to be preferred to another model taken at random, 0 to 1; n = rankings it was in.
    /// NaN if it was never compared with some of the others, not even by a chain.
    Estimate winShare;
    double strength = 0; ///< Bradley-Terry, see there; comparable within a group only
    std::size_t group = 0;
};

/// Two models in the eyes of the raters. The interval of the difference of their strengths is
/// ln(p / (1 - p)) of both ends; without end where one is 0 or 1.
struct PairPreference
{
    std::size_t a = 0; ///< into PreferenceResult::models
    std::size_t b = 0;
    double aPreferred = 0; ///< rankings
    double bPreferred = 0;
    double ties = 0;
    Estimate chance; ///< that A is preferred; n = rankings with both; NaN if not to be known
};

struct PreferenceResult
{
    std::vector<ModelPreference> models;          ///< byte order of ids
    std::vector<PairPreference> pairs;            ///< (0,1), (0,2), …, (1,2), …
    std::vector<std::vector<std::size_t>> groups; ///< as BradleyTerry::groups
    std::size_t rankings = 0;
    std::size_t raters = 0;
    std::size_t prompts = 0;
    double tieShare = 0; ///< of all compared pairs
    /// How often the answer shown earlier was preferred, ties half: 0.5 if the order on screen does
    /// not matter. n = pairs whose order is known.
    Estimate shownFirst;

    [[nodiscard]] const PairPreference* pair(std::size_t a, std::size_t b) const;
    /// Indices of models, the preferred first; those with an unknown share last.
    [[nodiscard]] std::vector<std::size_t> order() const;
};

/// Strengths from rankings, which are taken apart into all their pairs (full breaking is
/// consistent: Azari Soufiani, Parkes and Xia 2014), with intervals by RaterBootstrap.
/// @param rankings  each as checkRanking() wants it; of one rater on one prompt at most one, see
///                  newestRankings()
/// @param draws     bootstrap; 0 for none (intervals collapse to the value)
[[nodiscard]] PreferenceResult preferences(std::span<const Ranking> rankings,
                                           std::size_t draws = 1000, std::uint64_t seed = 1);

} // namespace signalbox
