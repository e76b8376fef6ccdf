// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/ids.h>
#include <core/base/json.h>
#include <core/base/result.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

using RaterId = StrongId<struct RaterTag>; ///< a person who votes, as the plan names them

/// One blind vote: a person puts the answers of several models to one prompt in an order.
struct Ranking
{
    RaterId rater;
    PromptId prompt;
    std::vector<std::vector<ModelId>> places; ///< best first; those of one place are equally good
    std::vector<ModelId> shown;               ///< the order on screen; empty if not known
    std::int64_t votedAtMs = 0;               ///< Unix time; 0: not known
    bool operator==(const Ranking&) const = default;
};

/// One blind ABX trial: two samples, by different models, answer one prompt; a third answer, to
/// another prompt, is by one of the two. Which?
struct AbxTrial
{
    RaterId rater;
    PromptId prompt;  ///< of both samples
    PromptId xPrompt; ///< of the answer that is asked about
    ModelId first;    ///< who wrote the sample shown first
    ModelId second;
    bool isFirst = false;   ///< X was written by `first`
    bool saidFirst = false; ///< the person said so
    std::int64_t votedAtMs = 0;
    bool operator==(const AbxTrial&) const = default;
};

/// InvalidArgument with the first fault in a sentence: no rater or prompt, fewer than two models,
/// an empty place, a model twice, a `shown` that is not the same models.
[[nodiscard]] Result<void> checkRanking(const Ranking& ranking);
/// The same: no rater, prompt or model, or one model twice.
[[nodiscard]] Result<void> checkTrial(const AbxTrial& trial);

/// Of several rankings of one person on one prompt only the newest, of equal times the later in
/// the list: who votes again changes their mind. The rest keeps its order.
[[nodiscard]] std::vector<Ranking> newestRankings(std::span<const Ranking> rankings);

/// Every model that is ranked, in byte order of their ids.
[[nodiscard]] std::vector<ModelId> rankedModels(std::span<const Ranking> rankings);

/// {"rater", "prompt", "places": [["a"], ["b", "c"]], "shown", "votedAtMs"}; members without a
/// value are left out.
[[nodiscard]] Json toJson(const Ranking& ranking);
/// {"rater", "prompt", "xPrompt", "first", "second", "truth": "first", "said": "second",
/// "votedAtMs"}.
[[nodiscard]] Json toJson(const AbxTrial& trial);

/// ParseError with the JSON path, also of an unknown member; InvalidArgument as the checks above.
/// @param path  of the value in its file, for the error
[[nodiscard]] Result<Ranking> rankingFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<AbxTrial> trialFromJson(const Json& json, const std::string& path = {});

} // namespace signalbox
