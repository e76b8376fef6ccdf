// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "abx.h"
#include "agreement.h"
#include "preference.h"

#include <core/policy/document.h>
#include <core/voice/answer_stats.h>
#include <core/voice/tone.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// An answer that was in a blind test.
struct TastedAnswer
{
    std::string id; ///< as the policy's list of golden answers is to name it
    PromptId prompt;
    ModelId model;
    AnswerStats stats;
};

/// How one answer did: the mean over the rankings with it of the share of the others that it was
/// preferred to, ties half.
struct AnswerScore
{
    double share = 0.5;       ///< 0 to 1
    std::size_t rankings = 0; ///< with it
    double comparisons = 0;   ///< with another answer
};
/// Per answer, input order; one without a vote has no rankings and share 0.5.
[[nodiscard]] std::vector<AnswerScore> scoreAnswers(std::span<const TastedAnswer> answers,
                                                    std::span<const Ranking> rankings);

/// A voice contract that the votes speak for. What they do not is left out of it, with a sentence.
struct ContractProposal
{
    VoiceContract contract;
    std::vector<std::string> reasons; ///< one a part that is proposed
    std::vector<std::string> doubts;  ///< why less is proposed, or what makes it weak
};

struct ContractGround
{
    const PreferenceResult& preferences;
    const RaterAgreement& agreement;
    std::span<const Ranking> rankings;
    std::span<const TastedAnswer> answers;
    std::span<const std::string> panelModels;     ///< ids, row order of `tone`
    std::span<const std::vector<TonePlace>> tone; ///< tonePlaces() of the models
};

/// - words: the 10th to the 90th percentile of the answers preferred to most others (share above
///   0.5), outwards to tens; from kFewestPreferred such answers on;
/// - tone: the preferred model's T with its interval, 2 points (a small effect) wider on both
///   sides, on the axes that are reliable and on which some other model lies outside; only if its
///   lead on every other model is more than chance (the interval of the pair does not hold 0.5);
/// - golden: at most five answers, one a prompt, preferred to at least two thirds, the surest first
///   (lower end of the Wilson interval).
/// Doubts name what the raters disagree on (alpha under kTentativeAlpha) too.
[[nodiscard]] ContractProposal proposeContract(const ContractGround& ground);
inline constexpr std::size_t kFewestPreferred = 10;

/// A gate on consistency that the readers' ears speak for, if any.
struct GateProposal
{
    std::optional<Gate> gate = {};
    std::vector<std::string> reasons;
    std::vector<std::string> doubts;
};

/// Consistency is gated as the trained observer measures it, because that can be computed without
/// asking anybody. The limit proposed is the one at which readers of this ear see `readersAtLeast`,
/// if all seams of this policy grew or shrank alike: 1 - L (1 - readersAtLeast) / L_readers, L the
/// loss of C and L_readers that as read; rounded up to half a percent. Nothing if no loss is heard
/// or readers' efficiency is not known.
/// @param seams           of the whole traffic, over the models of `voices`
/// @param readersAtLeast  C as your readers see it, 0 to 1
[[nodiscard]] GateProposal proposeConsistencyGate(const SeamCounts& seams,
                                                  const VoiceMatrix& voices, const ReaderEar& ear,
                                                  double readersAtLeast = 0.95);

} // namespace signalbox
