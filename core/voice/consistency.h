// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tone.h"
#include "voice_distance.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace signalbox {

/// Consecutive answers of one conversation, counted by the pair of models that gave them.
struct SeamCounts
{
    explicit SeamCounts(std::size_t modelCount = 0)
        : models(modelCount), counts(modelCount * modelCount, 0.0)
    {}
    std::size_t models = 0;
    std::vector<double>
        counts;       ///< models x models, symmetric use: [min][max]; diagonal = no switch
    double total = 0; ///< all consecutive pairs, diagonal included
    void add(std::size_t a, std::size_t b, double weight = 1);
    [[nodiscard]] double share(std::size_t a, std::size_t b) const; ///< w_AB; 0 if total is 0
};

struct ConsistencyLoss
{
    std::size_t a = 0;
    std::size_t b = 0;
    double seamShare = 0; ///< w_AB
    double noticeability = 0;
    double loss = 0; ///< w_AB nu_AB
};

struct Consistency
{
    double value = 1;                    ///< C = 1 - sum of losses, 0 to 1
    std::vector<ConsistencyLoss> losses; ///< pairs with seams, largest first
};

/// C of measures.md section 3.
/// @param noticeability  nu for a pair of model indices, 0 for a model with itself
[[nodiscard]] Consistency
consistency(const SeamCounts& seams,
            const std::function<double(std::size_t, std::size_t)>& noticeability);

/// Independent routing with shares pi: w_AB = 2 pi_A pi_B.
[[nodiscard]] SeamCounts independentSeams(std::span<const double> shares);

/// C with a bootstrap interval over conversations and, through the draws of each nu, over prompts.
/// @param conversations  the seams of each conversation, over the models of `voices`
/// @param draws          at most as many as each distance of `voices` has; 0: as many as those
[[nodiscard]] Estimate consistencyEstimate(std::span<const SeamCounts> conversations,
                                           const VoiceMatrix& voices, std::size_t draws = 0,
                                           std::uint64_t seed = 1);

/// Of 100 conversations of `turns` turns, how many would be flagged at the level where one model
/// alone is flagged in 5 % of its turns. An observer sees a score per answer, N(0,1) for one voice
/// and N(d,1) for the other, d from `auc`, and flags a turn when the score jumps from the turn
/// before by more than sqrt(2) 1.96. Each seam switches voices with the given probability. The
/// chance of no flag at all is integrated turn by turn over the last score, so that jumps of
/// neighbouring seams are as dependent as they are.
[[nodiscard]] double flaggedPer100(double switchesPerSeam, double auc, int turns);

/// Answers of people in a blind test "was the second answer by the same model?".
struct ReaderTrials
{
    int different = 0;     ///< trials where it was not
    int differentSaid = 0; ///< of these, called different
    int same = 0;
    int sameCalledDifferent = 0;
};

/// d' of the readers under the differencing model of same-different trials (Macmillan and Creelman
/// 2005, chapter 9), with half a trial added to each count; 0 if they do not do better than chance.
[[nodiscard]] double readerSensitivity(const ReaderTrials& trials);

/// (d'_readers / d')^2 with d' of the trained observer from its AUC; 0 to 1.
[[nodiscard]] double readerEfficiency(double readersSensitivity, double auc);

/// nu as readers of this efficiency notice it.
[[nodiscard]] double noticeabilityForReaders(double auc, double efficiency);

} // namespace signalbox
