// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vote.h"

#include <core/base/json.h>
#include <core/base/result.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

inline constexpr std::size_t kMostShown = 6; ///< answers on one screen

/// Who is to taste what. Ids are in any order; the same setup always gives the same plan.
struct BlindSetup
{
    std::vector<RaterId> raters;
    std::vector<ModelId> models;
    std::vector<PromptId> prompts;
    /// have[p][m]: whether model m has an answer to prompt p. Empty: all have.
    std::vector<std::vector<bool>> have;
    std::size_t shown = 2;           ///< answers a screen, 2 to kMostShown
    std::size_t ratersPerPrompt = 0; ///< 0: all
    std::uint64_t seed = 1;
};

/// One screen of one rater. What the rater may see of it is blindSheet().
struct BlindTask
{
    PromptId prompt;
    std::vector<ModelId> shown; ///< left to right: "Answer 1", "Answer 2", …
    bool operator==(const BlindTask&) const = default;
};

struct BlindPlan
{
    std::vector<RaterId> raters;
    std::vector<std::vector<BlindTask>> tasks; ///< per rater, in the order to be shown
    std::vector<PromptId> leftOut;             ///< fewer than two models answered them
    bool operator==(const BlindPlan&) const = default;
};

/// A balanced plan: every prompt goes to `ratersPerPrompt` people, whose numbers of tasks differ by
/// at most one; for each rater every model stands at every position equally often (to within one at
/// any moment, if all models are shown); on one prompt the orders differ between raters as far as
/// there are enough. Where fewer answers are shown than there are models, pairs of models meet
/// equally often, nearly. The order of the prompts is drawn for each rater.
///
/// A plan follows from its setup alone, so a test that is resumed shows the same answers at the
/// same places. A rater added at the end leaves the tasks of the others as they are if every rater
/// sees every prompt; a new prompt makes a new plan, so keep the plan with its votes.
/// @return  InvalidArgument for no rater, `shown` out of range, fewer than two models, an id twice,
///          more raters a prompt than there are, a `have` of another shape
/// O(raters prompts (shown! + models^2)).
[[nodiscard]] Result<BlindPlan> planBlindTest(const BlindSetup& setup);

/// Indices into a rater's tasks that wait for a vote, in their order. A vote counts for a task if
/// it is on its prompt by that rater and ranks what was shown.
[[nodiscard]] std::vector<std::size_t> openTasks(const BlindPlan& plan, std::size_t rater,
                                                 std::span<const Ranking> votes);

/// What a rater gets to see of a task: nothing that tells who wrote what.
struct BlindSheet
{
    PromptId prompt;
    std::vector<std::string> labels; ///< "Answer 1", …
};
[[nodiscard]] BlindSheet blindSheet(const BlindTask& task);

/// Turns what a rater said into a vote.
/// @param places  positions on screen from 0, best first; equally good ones share a place
/// @return        InvalidArgument if a position is missing, doubled or not there
[[nodiscard]] Result<Ranking> rankingOf(const BlindTask& task, const RaterId& rater,
                                        const std::vector<std::vector<std::size_t>>& places,
                                        std::int64_t votedAtMs);

/// {"raters": [{"rater", "tasks": [{"prompt", "shown": [...]}]}], "leftOut": [...]}: holds the
/// key, so it is nothing to show to a rater before the votes are in.
[[nodiscard]] Json toJson(const BlindPlan& plan);
[[nodiscard]] Result<BlindPlan> blindPlanFromJson(const Json& json, const std::string& path = {});

/// ABX trials to come, as AbxTrial without what the person says.
struct AbxTask
{
    PromptId prompt;
    PromptId xPrompt;
    ModelId first;
    ModelId second;
    bool isFirst = false;
    bool operator==(const AbxTask&) const = default;
};

struct AbxSetup
{
    std::vector<RaterId> raters;
    std::vector<ModelId> models;   ///< every two of them are compared
    std::vector<PromptId> prompts; ///< that all the models answered; at least two
    std::size_t trialsPerRaterAndPair = 8;
    std::uint64_t seed = 1;
};

/// Per rater, in the order to be shown. In every four trials of one pair each of the four cases
/// (who is shown first, who wrote X) comes once, so that neither a leaning to one side nor to one
/// model pays; X answers another prompt than the samples, so that its content does not give it
/// away; prompts are used equally often, to within two at any moment, in either part. A
/// rater's tasks depend on
/// the rater's id, not on the others.
/// @return  InvalidArgument for no rater, fewer than two models or prompts, an id twice, no trials
[[nodiscard]] Result<std::vector<std::vector<AbxTask>>> planAbxTest(const AbxSetup& setup);

} // namespace signalbox
