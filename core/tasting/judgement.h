// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "judge_question.h"
#include "preference.h"

#include <core/voice/tone.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// What a judge answered to a call of its plan.
struct JudgeReply
{
    std::size_t call = 0; ///< into JudgePlan::calls
    std::string text;     ///< as it came; empty: the model declined, or wrote nothing
    bool operator==(const JudgeReply&) const = default;
};

/// Two answers as a judge saw them, in both orders.
struct JudgedPair
{
    PromptId prompt;
    ModelId a; ///< before b in byte order
    ModelId b;
    std::optional<PairVerdict> aFirst = {}; ///< when a's answer was read first; nothing: no verdict
    std::optional<PairVerdict> bFirst = {};

    /// Both orders have a verdict; only such pairs count.
    [[nodiscard]] bool isWhole() const { return aFirst && bFirst; }
    /// 1: a is better, -1: b is, 0: tie. Only what both orders say alike is a preference;
    /// everything else is a tie.
    [[nodiscard]] int verdict() const;
    /// The order alone turned a preference round.
    [[nodiscard]] bool isFlipped() const;
};

/// An answer's tone on one axis, as a judge heard it twice.
struct JudgedTone
{
    PromptId prompt;
    ModelId model;
    std::string axis;
    std::optional<int> straight = {}; ///< with the axis as it is
    std::optional<int> turned = {};   ///< with its ends exchanged, turned back

    [[nodiscard]] bool isWhole() const { return straight && turned; }
    [[nodiscard]] double score() const { return (*straight + *turned) / 2.0; } ///< if it is whole
};

/// One axis in a judge's ears.
struct JudgedAxis
{
    std::string axis;
    std::vector<Estimate> means; ///< per model of the tasting; n = answers; NaN without any
    /// Krippendorff's alpha of both readings of an answer, ordinal: whether it hears at all.
    std::optional<Estimate> steadiness = {};
};

/// What a judge said, and how far it can be believed by itself. All intervals: bootstrap over
/// prompts.
struct Judgement
{
    std::size_t calls = 0;         ///< planned
    std::size_t replies = 0;       ///< of these
    std::size_t unreadable = 0;    ///< of these, without a verdict
    std::vector<JudgedPair> pairs; ///< that were asked, byte order
    std::size_t whole = 0;         ///< of the pairs, with a verdict in both orders
    std::size_t ties = 0;          ///< of these, a tie in both orders
    std::size_t flipped = 0;       ///< the order turned the preference round
    std::size_t unsteady = 0;      ///< a tie in one order and a preference in the other
    /// How often it preferred what it read first, ties half, over both orders of a pair: 0.5 if the
    /// order does not matter to it. n = pairs.
    Estimate readsFirst;
    /// Of its preferences between answers of different lengths, how often the longer one won. n =
    /// such pairs.
    Estimate longer;
    /// Bradley-Terry of its verdicts alone.
    PreferenceResult preferences;
    std::vector<JudgedTone> tones;
    std::vector<JudgedAxis> axes;
};

/// @param replies  one a call at most
/// @param draws    bootstrap; 0 for none
[[nodiscard]] Judgement judgementOf(const JudgePlan& plan, std::span<const JudgeReply> replies,
                                    const Tasting& tasting, std::size_t draws = 1000,
                                    std::uint64_t seed = 1);

/// Code points of an answer as it was tasted; 0: there is none.
[[nodiscard]] std::size_t tastedLength(const Tasting& tasting, const PromptId& prompt,
                                       const ModelId& model);

} // namespace signalbox
