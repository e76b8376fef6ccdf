// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "voice_comparison.h"

#include <core/lab/judging.h>
#include <core/projection/projection.h>
#include <core/tasting/judge_calibration.h>
#include <core/tasting/proposals.h>
#include <core/tasting/tasting.h>
#include <core/tasting/tone_rating.h>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// What a result is made of; copies, so that it can be made off the GUI thread.
struct TastingGround
{
    Tasting tasting;
    std::vector<Ranking> rankings;
    std::vector<AbxTrial> trials;
    std::vector<RatedTask> ratings;
    /// Of the models that were tasted and those of the policy; what the page measures beside.
    VoiceComparison voices;
    /// Which models follow each other in the policy's conversations; nullopt: not known.
    std::optional<Consistency> seams = {};
    std::vector<ModelId> seamModels;    ///< that the seams' indices name
    std::vector<Judging> judgings = {}; ///< of models; nothing else is made of them than `judges`
};

/// Two models in an ABX test.
struct HeardPair
{
    ModelId a;
    ModelId b;
    std::size_t trials = 0;
    std::size_t right = 0;
    Estimate sensitivity;           ///< d' of the readers; n = trials
    bool isMeasured = false;        ///< the voices are, so that what follows is known
    Estimate noticeability;         ///< to the trained observer
    double observerSensitivity = 0; ///< d of the trained observer
    double asRead = 0;              ///< noticeability at the readers' efficiency; NaN: not known
};

/// What a model said as a judge, beside what people said of the same.
struct JudgeResult
{
    JudgePlan plan;
    std::size_t open = 0;      ///< calls that nothing was said to
    std::optional<Money> cost; ///< known part
    bool judgesItself = false; ///< answers of its own are among those that it judged
    Judgement judgement;
    JudgeCalibration calibration;
    std::vector<JudgedAxisCalibration> tones; ///< by the axes of the judgement
};

/// What a tasting says, with the names.
struct TastingResult
{
    std::vector<ModelId> models; ///< of the tasting
    bool isSimulated = false;
    PreferenceResult preferences;
    RaterAgreement agreement;
    std::vector<RatedAxis> tones; ///< means by `models`
    std::vector<HeardPair> pairs; ///< those with trials
    Estimate efficiency;          ///< of the readers; NaN: not known
    std::size_t listeners = 0;    ///< who did ABX trials
    ContractProposal contract;
    GateProposal gate;
    std::vector<JudgeResult> judges; ///< the newest of each model; the newest first
};

/// Takes some seconds for many votes.
[[nodiscard]] TastingResult tastingResult(const TastingGround& ground);

/// Of the judgings of one model only the newest; the newest first.
[[nodiscard]] std::vector<Judging> newestJudgings(std::vector<Judging> judgings);

/// A contract with what is proposed in the place of what it says of the same; the rest stays.
[[nodiscard]] VoiceContract contractWith(VoiceContract contract, const VoiceContract& proposed);
/// The gates with one more, or with it in the place of the one on the same measure and scope.
[[nodiscard]] std::vector<Gate> gatesWith(std::vector<Gate> gates, const Gate& proposed);

} // namespace signalbox::ui
