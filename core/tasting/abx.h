// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vote.h"

#include <core/voice/consistency.h>
#include <core/voice/voice_distance.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// What a person in an ABX test is taken to do with the three impressions.
enum class AbxStrategy {
    /// Compares X with either sample and names the nearer one. What people do who do not know the
    /// two voices and see other prompts each time: only differences within the trial mean
    /// something. The one to use for readers.
    Differencing,
    /// Judges each of the three on its own against what is known of both voices: for people trained
    /// on them, with the same pair in every trial. Gives a lower d' for the same answers.
    IndependentObservations,
};

/// Share of right answers that an observer without a leaning to either side gives at d' >= 0:
/// Phi(d/sqrt 2) Phi(d/c) + Phi(-d/sqrt 2) Phi(-d/c), c = sqrt 6 for differencing and 2 for
/// independent observations. Source: Macmillan and Creelman, Detection Theory, 2nd edition (2005),
/// chapter 9.
[[nodiscard]] double abxShareRight(double sensitivity, AbxStrategy strategy);

/// The d' at which it is that share; 0 at or below 0.5, at most 20.
[[nodiscard]] double abxSensitivity(double shareRight, AbxStrategy strategy);

/// Trials counted; weighted ones need not be whole.
struct AbxCounts
{
    double first = 0;           ///< X was by the writer of the first sample
    double firstSaidFirst = 0;  ///< of these, "first" was said
    double second = 0;          ///< X was by the writer of the second sample
    double secondSaidFirst = 0; ///< of these, "first" was said

    void add(const AbxTrial& trial, double weight = 1);
    [[nodiscard]] double trials() const { return first + second; }
    [[nodiscard]] double right() const { return firstSaidFirst + second - secondSaidFirst; }
};

/// The share of right answers without the leaning to one side, Phi((z(H) - z(F)) / 2) with H and F
/// the shares of "first" where it was right and wrong. Half a trial is added to each count and one
/// to each total (Hautus 1995, log-linear), so that no share is 0 or 1; 0.5 without trials.
[[nodiscard]] double unbiasedShareRight(const AbxCounts& counts);

/// How two models sound to the readers.
struct ReaderPair
{
    std::size_t a = 0; ///< into the voices' models, a < b
    std::size_t b = 0;
    AbxCounts counts;
    Estimate sensitivity; ///< d' of the readers; n = trials
    double observer = 0;  ///< d of the trained observer, sqrt 2 PhiInv(AUC)
    Estimate efficiency;  ///< (d'_readers / d)^2, 0 to 1; NaN if the observer's d is 0
};

/// How well readers hear a change of voice, against the trained observer of measures.md section 2.
struct ReaderEar
{
    AbxStrategy strategy = AbxStrategy::Differencing;
    std::vector<ReaderPair> pairs; ///< those with trials, in pair order
    /// One efficiency for all pairs: the e at which observers with d' = sqrt(e) d_pair would give
    /// as many right answers as the readers did. 0 to 1, NaN without trials or if no pair is to be
    /// told apart by the observer either; n = trials.
    Estimate efficiency;
    std::vector<double> efficiencyDraws; ///< by bootstrap draw, NaN where not known
    std::size_t raters = 0;
    std::size_t leftOut = 0; ///< trials on models that the voices do not have, or not compared
};

/// @param trials  each as checkTrial() wants it
/// @param draws   RaterBootstrap, prompts being those of X; 0 for none
[[nodiscard]] ReaderEar readerEar(std::span<const AbxTrial> trials, const VoiceMatrix& voices,
                                  AbxStrategy strategy = AbxStrategy::Differencing,
                                  std::size_t draws = 1000, std::uint64_t seed = 1);

/// nu as readers of this efficiency notice it: (2 Phi(sqrt(e) d/2) - 1)^2 with the d at which the
/// trained observer's own nu is (2 Phi(d/2) - 1)^2. At efficiency 1 it is nu itself, to the digit,
/// so that both numbers shown of one policy agree there.
/// @param noticeability  nu, 0 to 1
/// @param efficiency     0 to 1
[[nodiscard]] double noticeabilityAsRead(double noticeability, double efficiency);

/// The voices with every noticeability, and every draw of it, as readers notice it. Each draw goes
/// with a draw of the efficiency, so that an interval made of them holds both doubts. Without a
/// known efficiency they stay as they are.
[[nodiscard]] VoiceMatrix voicesAsRead(const VoiceMatrix& voices, const ReaderEar& ear);

/// C as your readers see it (measures.md section 3): consistencyEstimate() of voicesAsRead().
[[nodiscard]] Estimate consistencyAsRead(std::span<const SeamCounts> conversations,
                                         const VoiceMatrix& voices, const ReaderEar& ear,
                                         std::size_t draws = 0, std::uint64_t seed = 1);

} // namespace signalbox
