// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tone.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// Why two voices differ: one feature's part in telling them apart.
struct VoiceReason
{
    std::size_t feature = 0;
    double weight = 0; ///< coefficient times the difference of mean z, A - B
    double meanA = 0;  ///< raw feature means
    double meanB = 0;
    bool isMoreInA = false; ///< as the sentence says it
    /// "A bolds eight times as often as B", from the means; of the length of answers, which is
    /// compared prompt by prompt wherever it is shown, lengthSentence().
    std::string sentence;
};

/// One feature of two voices in a sentence: "A bolds eight times as often as B".
/// @param meanA, meanB  as in VoiceReason
[[nodiscard]] std::string voiceReasonSentence(std::size_t feature, const std::string& nameA,
                                              double meanA, const std::string& nameB, double meanB);

/// "A writes 56 % longer answers than B on the same prompts". The one sentence on how long two
/// models write. Medians of all answers may say otherwise, which is why it names what it compares.
/// @param pairedRatio  VerbosityComparison::pairedRatio of A and B, above 0
[[nodiscard]] std::string lengthSentence(const std::string& nameA, const std::string& nameB,
                                         double pairedRatio);

/// How noticeable a switch is within a conversation, where topics repeat and the jump stands out
/// more: nu_rho of measures.md section 2.
struct WithinConversation
{
    /// Under so many pairs the correlation is anything: its 95 % interval would be 0.7 wide.
    static constexpr std::size_t kFewestPairs = 30;

    std::size_t pairs = 0;  ///< of consecutive turns that both models answered
    Estimate rho;           ///< pooledTurnCorrelation(); bootstrap over conversations
    Estimate noticeability; ///< noticeabilityAtRho() with it, likewise

    [[nodiscard]] bool isMeasured() const { return pairs >= kFewestPairs; }
    [[nodiscard]] std::size_t missing() const { return isMeasured() ? 0 : kFewestPairs - pairs; }
};

/// Fewer prompts than this decide nothing: small samples look falsely consistent (measures.md
/// section 2).
inline constexpr std::size_t kFewestForVerdict = 50;

/// How easily one can tell model A's voice from model B's (measures.md section 2).
struct VoiceDistance
{
    std::size_t n = 0; ///< prompts
    Estimate auc;      ///< identification AUC of out-of-fold scores
    double twoAfc = 0.5;
    double aucSameDifferent = 0.5;
    Estimate noticeability; ///< nu = max(0, 2 AUC_sd - 1); bootstrap over prompts
    double noticeabilityClosedForm = 0;
    double balancedAccuracy = 0.5;
    std::vector<VoiceReason> reasons; ///< six largest
    std::size_t tellingPrompt = 0;    ///< row of the panel, tellingRow()
    std::vector<double> scoresA;      ///< out-of-fold logit per prompt, panel order
    std::vector<double> scoresB;
    /// nu of each bootstrap draw. Equal seed and n draw the same prompts, so that the draws of all
    /// pairs of a panel belong together.
    std::vector<double> noticeabilityDraws;
    WithinConversation within; ///< of a panel with conversations
    bool hasVerdict = false;   ///< at least kFewestForVerdict prompts
};

/// The row whose two answers show the most of the reasons and contradict the fewest; among those
/// the one where they lie furthest apart. 0 without rows or reasons.
/// @param a, b  the answers of both models, row by row
[[nodiscard]] std::size_t tellingRow(std::span<const AnswerStats> a, std::span<const AnswerStats> b,
                                     std::span<const VoiceReason> reasons);

struct VoiceDistanceOptions
{
    double lambda = 10;
    int folds = 5;
    std::size_t draws = 1000; ///< bootstrap; 0 for none (intervals collapse to the value)
    std::uint64_t seed = 1;
    std::vector<std::size_t> features{}; ///< empty: all, or of answers that are not English the
                                         ///< language-neutral ones
    /// Called after each pair of a matrix, from any thread and from several at once.
    std::function<void()> pairDone{};
};

/// Panel rows must be in byte order of prompt id: fold = row mod folds, of a conversation's rows
/// its number mod folds.
[[nodiscard]] VoiceDistance voiceDistance(const VoicePanel& panel, std::size_t a, std::size_t b,
                                          const VoiceDistanceOptions& options = {});

/// nu within a conversation, where one model's scores on consecutive turns correlate by rho.
[[nodiscard]] double noticeabilityAtRho(double auc, double rho);

/// Correlation of one model's scores on consecutive turns; pairs of (score at turn t, at t+1).
[[nodiscard]] double turnCorrelation(std::span<const double> first, std::span<const double> second);

/// The same measure for two samples of one model: what "no difference" looks like. It is the 95th
/// percentile over 20 ways to say which of the two samples of a prompt is the first, all of them
/// equally true. Under 10 prompts with resamples the stated default floor (AUC 0.56, nu 0.02) with
/// `measured` false.
struct NoiseFloor
{
    double auc = 0.56;
    double noticeability = 0.02;
    std::size_t n = 0;
    bool measured = false;
};
[[nodiscard]] NoiseFloor noiseFloor(const std::vector<AnswerStats>& firstSamples,
                                    const std::vector<AnswerStats>& secondSamples,
                                    std::uint64_t seed = 1,
                                    const std::vector<std::size_t>& features = {},
                                    const TurnGroups& turns = {});

/// "Any difference at all?" Energy distance on z-features with label swaps within a prompt, of all
/// turns of a conversation at once.
struct EnergyTest
{
    double distance = 0;
    double pValue = 1;
    int swaps = 999;
};
[[nodiscard]] EnergyTest energyTest(const VoicePanel& panel, std::size_t a, std::size_t b,
                                    int swaps = 999, std::uint64_t seed = 1);

/// Benjamini-Hochberg: for each hypothesis the lowest level q at which it is rejected, input order.
[[nodiscard]] std::vector<double> adjustedPValues(std::span<const double> pValues);

/// Benjamini-Hochberg at level q: which hypotheses are rejected, input order.
[[nodiscard]] std::vector<bool> benjaminiHochberg(std::span<const double> pValues, double q = 0.05);

/// Noticeabilities of all pairs of a panel, symmetric, zero diagonal, with their distances.
struct VoiceMatrix
{
    std::vector<std::string> models;
    std::vector<VoiceDistance> pairs; ///< (0,1), (0,2), …, (1,2), …
    [[nodiscard]] const VoiceDistance* pair(std::size_t a, std::size_t b) const; ///< null if a == b
    [[nodiscard]] double noticeability(std::size_t a, std::size_t b) const;
};
[[nodiscard]] VoiceMatrix voiceMatrix(const VoicePanel& panel,
                                      const VoiceDistanceOptions& options = {});

} // namespace signalbox
