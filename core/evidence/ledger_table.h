// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_answer.h"
#include "stored_run.h"

#include <core/base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

class StoreConnection;

/// What one attempt of a run took, without its text.
struct LedgerCall
{
    PromptId prompt;
    LaneId lane;
    int repeat = 0;
    StoredState state = StoredState::Done; ///< not Cached: nobody was asked
    std::optional<FailureKind> failureKind = {};
    std::optional<std::int64_t> inputTokens = {}, outputTokens = {};
    std::optional<Money> cost = {};
    std::optional<double> totalMs = {};
    std::int64_t endedAtMs = 0; ///< Unix time
    bool hasText = false;       ///< some of an answer came
    std::string route = {};     ///< StoredAnswer::routeJson: of a policy, whose calls are in there
};

/// Everything that a run has asked, also what a repeat has replaced.
struct RunLedger
{
    std::vector<LedgerCall> calls; ///< that have ended, in that order
    /// That were under way when their program was lost, or are in another one.
    std::vector<LedgerCall> underWay;
};

[[nodiscard]] Result<RunLedger> readLedger(StoreConnection& store, const RunId& run);

/// For how long a run was sending: while any call was under way, and in between if that was no more
/// than a minute, as a run waits for a server.
[[nodiscard]] std::int64_t sendingMs(const RunLedger& ledger);

} // namespace signalbox
