// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tasting.h"
#include "tone_rating.h"
#include "vote.h"

#include <core/base/json.h>
#include <core/base/result.h>

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace signalbox {

/// A judge is asked which of two answers to a prompt is better, in this order.
struct PairCall
{
    PromptId prompt;
    ModelId first; ///< whose answer is read first
    ModelId second;
    bool operator==(const PairCall&) const = default;
};

/// A judge is asked how one answer sounds, on every axis of its plan.
struct ToneCall
{
    PromptId prompt;
    ModelId model;
    /// The scale has its ends exchanged and the axes come in the other order: who reads 1 as the
    /// easy choice, or the first axis with the most care, shows in the difference.
    bool isTurned = false;
    bool operator==(const ToneCall&) const = default;
};

using JudgeCall = std::variant<PairCall, ToneCall>;

/// What a model is asked as the judge of a tasting, in this order. Kept with what it said.
struct JudgePlan
{
    ModelId judge;
    std::string provider;      ///< and how it is asked, so that another one of that name is told
    std::string upstreamModel; ///< apart
    std::string baseUrl;
    bool isSimulated = false;
    std::vector<std::string> axes; ///< of the tone calls
    std::vector<JudgeCall> calls;
    bool operator==(const JudgePlan&) const = default;
};

/// What a person wants of a judge.
struct JudgeChoices
{
    std::size_t prompts = 40; ///< at most
    bool preference = true;
    std::vector<std::string> axes; ///< ids of tone axes; none: tone is not asked
};

/// The calls of a judge. Every two answers to a prompt are asked in both orders, one after the
/// other; every answer is asked for its tone alone, so that no other answer colours it, and twice,
/// the second time with the scale turned round. Prompts that people have judged come first, those
/// with the most votes before the others, for only they tell how far the judge can be believed;
/// the rest as the tasting's seed draws them.
/// @param votes    of people
/// @param ratings  of people
[[nodiscard]] std::vector<JudgeCall> planJudge(const Tasting& tasting, const JudgeChoices& choices,
                                               std::span<const Ranking> votes,
                                               std::span<const RatedTask> ratings);

/// {"judge", "provider", "upstreamModel", "baseUrl", "simulated", "axes", "calls": [{"ask": "pair",
/// "prompt", "first", "second"}, {"ask": "tone", "prompt", "model", "turned"}]}.
[[nodiscard]] Json toJson(const JudgePlan& plan);
/// ParseError with the JSON path, also of an unknown member.
[[nodiscard]] Result<JudgePlan> judgePlanFromJson(const Json& json, const std::string& path = {});

} // namespace signalbox
