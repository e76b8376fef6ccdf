// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "blind_plan.h"

#include <core/base/json.h>
#include <core/base/result.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

struct TastedPrompt
{
    PromptId id;
    std::string text; ///< what was asked, for people
    /// Of a later turn of a conversation: its own question, and by model what was said before, as
    /// it went there, the model's own replies included; else both are empty.
    std::string question = {};
    std::vector<std::string> before = {};
    bool operator==(const TastedPrompt&) const = default;
};

/// What is tasted blind: answers as they were when it began, so that what is asked again later
/// moves nothing under the votes.
struct Tasting
{
    std::vector<ModelId> models;
    std::vector<TastedPrompt> prompts;
    std::vector<std::vector<std::string>> texts; ///< [prompt][model]; empty: no answer
    std::vector<std::string> names;              ///< of the models, beside tellingNames()
    std::vector<std::string> axes;               ///< ids of tone axes that are rated too
    std::size_t shown = 2;                       ///< answers a screen, 2 to kMostShown
    std::size_t trialsPerPair = 0;               ///< ABX trials a person and pair; 0: none
    bool isSimulated = false;                    ///< an answer of it is
    std::uint64_t seed = 1;                      ///< below 2^53
    bool operator==(const Tasting&) const = default;

    /// What a person may see of an answer: without the names; empty if there is none.
    [[nodiscard]] std::string blindText(const PromptId& prompt, const ModelId& model) const;
    /// The same of the conversation before it; empty if there was none, or it is not known.
    [[nodiscard]] std::string blindBefore(const PromptId& prompt, const ModelId& model) const;
    [[nodiscard]] const TastedPrompt* prompt(const PromptId& id) const; ///< null: none of it
};

/// InvalidArgument with the first fault in a sentence: fewer than two models, no prompt that two of
/// them answered, texts of another shape, `shown` out of range, an id twice, an unknown axis.
[[nodiscard]] Result<void> checkTasting(const Tasting& tasting);

/// How long one person reads: each prompt with `shown` answers of mean length, and three answers a
/// guess, at 238 words a minute (silent reading of English prose; Brysbaert 2019, "How many words
/// do we read per minute?"). Of what was said before a later turn nothing is counted. O(bytes).
[[nodiscard]] double readingMinutes(const Tasting& tasting);

/// {"models", "names", "axes", "shown", "trialsPerPair", "seed", "simulated", "prompts": [{"id",
/// "text", "answers": [...]}]}; of a later turn also "question" and "before": [...].
[[nodiscard]] Json toJson(const Tasting& tasting);
/// ParseError with the JSON path, also of an unknown member; InvalidArgument as checkTasting().
[[nodiscard]] Result<Tasting> tastingFromJson(const Json& json, const std::string& path = {});

/// What one person is asked, in the order in which it is shown.
struct TasterPlan
{
    std::vector<BlindTask> tasks; ///< to be put in an order
    std::vector<AbxTask> trials;
    bool operator==(const TasterPlan&) const = default;
};

/// The plan of a person who comes after others, balanced against theirs as planBlindTest() says.
/// Trials are of the prompts that all models answered; none if there are fewer than two.
/// @param before  who came earlier, in that order
/// @return        InvalidArgument for an empty name, or one that is among those
[[nodiscard]] Result<TasterPlan> planTaster(const Tasting& tasting, std::span<const RaterId> before,
                                            const RaterId& rater);

/// {"tasks": [{"prompt", "shown"}], "trials": [{"prompt", "xPrompt", "first", "second",
/// "isFirst"}]}: holds the key, so it is nothing to show.
[[nodiscard]] Json toJson(const TasterPlan& plan);
[[nodiscard]] Result<TasterPlan> tasterPlanFromJson(const Json& json, const std::string& path = {});

} // namespace signalbox
