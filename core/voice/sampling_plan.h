// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tone.h"
#include "voice_distance.h"

#include <cstddef>
#include <optional>
#include <string>

namespace signalbox {

// How many prompts until something is decided. "Decided" is what the verdicts of the program mean
// by it: the 95 % interval does not hold the limit. No plan goes beyond kMostPromptsNeeded; what
// would need more is said to, and gets no number.

struct PromptsPlan
{
    bool isDecided = false; ///< by the prompts in hand
    /// In all, those in hand included; nothing if not within kMostPromptsNeeded, or if more prompts
    /// would not help.
    std::optional<std::size_t> prompts = {};
    /// That it is decided then; without `prompts` with kMostPromptsNeeded. 1 if it is decided, NaN
    /// where that is no question of chance.
    double chance = 0;
    std::string sentence; ///< the same for people
    bool operator==(const PromptsPlan&) const = default;
};

struct DecisionGoal
{
    double limit = 0;
    double chance = 0.8;    ///< to have it decided, above 0.5 and below 1
    std::size_t fewest = 0; ///< prompts without which there is no verdict
    double fixedShare = 0;  ///< of the variance: what more prompts do not change, such as that
                            ///< between the conversations of the traffic; 0 to 1
};

/// The chance that an interval made of `total` prompts will not hold the limit, as far as the
/// prompts in hand can tell: the estimate of all of them is normal about the one in hand with the
/// variance of what they add. Predictive power of a trial in progress, flat prior (Spiegelhalter,
/// Freedman and Blackburn 1986). The spread is that of the side of the interval which faces the
/// limit, so that an estimate at the end of its scale is not taken for a sure one; it shrinks with
/// the square root of the prompts.
/// @param prompts  in hand, behind the estimate; `total` is not below it
/// @return         0 to 1; of equal `total` 0 or 1; NaN if the estimate has no interval
[[nodiscard]] double chanceDecided(const Estimate& estimate, std::size_t prompts,
                                   const DecisionGoal& goal, std::size_t total);

/// The fewest prompts with which that chance is reached. For the gates of a policy: the limit and
/// the estimate of its metric.
/// O(kMostPromptsNeeded).
[[nodiscard]] PromptsPlan promptsUntilDecided(const Estimate& estimate, std::size_t prompts,
                                              const DecisionGoal& goal);

/// The same of how noticeable a switch between two voices is, for which there is no verdict under
/// 50 prompts. The observer learns from the prompts too and is 0.03 to 0.08 of AUC too dull at 50,
/// so that a plan from fewer than 100 is a first guess and says so.
/// @param limit  of nu, 0 to 1
[[nodiscard]] PromptsPlan promptsForNoticeability(const VoiceDistance& distance, double limit,
                                                  double chance = 0.8);

/// Prompts for a fresh sample, nothing being in hand, so that a difference from the limit is seen
/// with this power: n = ((z_0.975 + z_power) spread / difference)^2, two-sided 5 %. Source: Lachin
/// (1981). Nothing if it is more than kMostPromptsNeeded, or no difference.
/// @param spread  standard deviation of one prompt's part: standard error times sqrt(n); above 0
/// @param power   0.5 to 1, exclusive
[[nodiscard]] std::optional<std::size_t> promptsForPower(double difference, double spread,
                                                         double power = 0.8);

/// From this split-half reliability on a tone axis is shown.
inline constexpr double kReliableTone = 0.6;

/// Reliability of a test made longer by the same kind of prompts: k r / (1 + (k - 1) r) with k =
/// total / prompts. Sources: Spearman (1910), Brown (1910).
/// @param reliability  at `prompts`, 0 to 1
[[nodiscard]] double reliabilityAt(double reliability, std::size_t prompts, std::size_t total);

/// The number of prompts at which Spearman and Brown promise `wanted`, rounded up; at least one,
/// and fewer than `prompts` if it is reached already. Nothing if it is more than
/// kMostPromptsNeeded or the reliability is 0 or NaN.
[[nodiscard]] std::optional<std::size_t>
promptsForReliability(double reliability, std::size_t prompts, double wanted = kReliableTone);

/// Until an axis is shown. A measured reliability of few models is itself unsure; the plan takes
/// it as it is.
/// @param prompts  of the panel
[[nodiscard]] PromptsPlan promptsForTone(const TonePlace& place, std::size_t prompts);

} // namespace signalbox
