// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_run.h"

#include <core/base/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace signalbox {

class StoreConnection;

/// Tells one blind tasting from every other, in all programs that share a store. Never 0.
using TastingNumber = std::int64_t;

/// One thing that a person said in a tasting. What it means is not the store's business.
struct StoredVote
{
    std::string rater;
    std::string kind;           ///< which of the rater's lists of tasks it is on
    int task = 0;               ///< place in that list
    std::string voteJson;       ///< empty: it is taken back
    std::int64_t votedAtMs = 0; ///< Unix time
    bool operator==(const StoredVote&) const = default;
};

/// A person who votes in a tasting, with what they are asked: kept, so that whoever comes back
/// finds the same answers at the same places.
struct StoredTaster
{
    std::string rater; ///< as they call themselves
    std::string planJson;
    std::int64_t joinedAtMs = 0; ///< Unix time
    std::int64_t lookedAtMs = 0; ///< when they asked for the names; 0: they are still blind
    bool operator==(const StoredTaster&) const = default;
};

/// Tells one judging from every other, in all programs that share a store. Never 0.
using JudgingNumber = std::int64_t;

/// One call of a model that judges: that it was sent, or what came of it. What it means is not the
/// store's business.
struct StoredJudgeCall
{
    int call = 0;                 ///< place in the judging's plan
    std::string recordJson;       ///< empty: it is as if it had never been sent
    std::int64_t writtenAtMs = 0; ///< Unix time
    bool operator==(const StoredJudgeCall&) const = default;
};

/// A model as the judge of a tasting. It stands beside the people and is none of them: no vote of
/// theirs is in here, and none of this is a vote or an answer of the run.
struct StoredJudging
{
    JudgingNumber number = 0;
    std::string planJson; ///< who judges, what is asked, what it may take
    std::int64_t begunAtMs = 0;
    std::vector<StoredJudgeCall> calls; ///< that were sent, by their place
    bool operator==(const StoredJudging&) const = default;
};

/// A blind tasting of a run's answers with everything that was said in it.
struct StoredTasting
{
    TastingNumber number = 0;
    std::string sheetJson; ///< what is tasted, texts and all, as it was when it began
    std::int64_t begunAtMs = 0;
    std::vector<StoredTaster> tasters;   ///< in the order in which they came
    std::vector<StoredVote> votes;       ///< by rater, kind and task
    std::vector<StoredJudging> judgings; ///< the first one first
    bool operator==(const StoredTasting&) const = default;
};

// Statements; each is to be called in a transaction, and again is no harm.

/// NotFound if there is no such run. Tasters, votes and judgings of it are not written.
[[nodiscard]] Result<void> writeTasting(StoreConnection& store, const RunId& run,
                                        const StoredTasting& tasting);
/// One who is there keeps the plan and the day they came; once they have looked, they have.
[[nodiscard]] Result<void> writeTaster(StoreConnection& store, const RunId& run,
                                       TastingNumber tasting, const StoredTaster& taster);
/// In the place of an earlier one on the same task.
[[nodiscard]] Result<void> writeVote(StoreConnection& store, const RunId& run,
                                     TastingNumber tasting, const StoredVote& vote);

/// One that is there gets this plan. Its calls are not written.
[[nodiscard]] Result<void> writeJudging(StoreConnection& store, const RunId& run,
                                        TastingNumber tasting, const StoredJudging& judging);
/// In the place of an earlier record of the same call.
[[nodiscard]] Result<void> writeJudgeCall(StoreConnection& store, const RunId& run,
                                          TastingNumber tasting, JudgingNumber judging,
                                          const StoredJudgeCall& call);

/// The tastings of a run, the first one first.
[[nodiscard]] Result<std::vector<StoredTasting>> readTastings(StoreConnection& store,
                                                              const RunId& run);

} // namespace signalbox
