// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_run.h"

#include <core/base/result.h>

#include <cstdint>
#include <string>
#include <vector>

namespace signalbox {

class StoreConnection;

// Runs in a store: what was planned, who works on it. Statements only; each function is one
// transaction where it says so, else it is to be called in one.

/// The number that stands for a run in all tables: the same for an id everywhere, so that a draft
/// can be written again after a lost connection.
[[nodiscard]] std::int64_t runNumber(const RunId& id);

/// Writes a run with all its cells queued, held by `owner` (may be empty). One that is there
/// already is extended: prompts and lanes at the end of the lists are added, repeats may grow, name
/// and plan are replaced. What is there stays: a draft whose prompts or lanes are others at the
/// same places is InvalidArgument, as what checkDraft() refuses. What is sent under an id may be
/// told anew.
[[nodiscard]] Result<void> writeRun(StoreConnection& store, const RunDraft& draft,
                                    const std::string& owner);
/// The same for a draft that was in a store already: checkDraft() is not asked.
[[nodiscard]] Result<void> writeKnownRun(StoreConnection& store, const RunDraft& draft,
                                         const std::string& owner);

/// NotFound if there is no such run. A run that is stopped or done is let go.
[[nodiscard]] Result<void> setRunState(StoreConnection& store, const RunId& run, RunState state);

/// All runs, the one that last did something first.
[[nodiscard]] Result<std::vector<RunSummary>> listRuns(StoreConnection& store,
                                                       const std::string& owner);
/// The first `most` of that list. O(their cells).
[[nodiscard]] Result<std::vector<RunSummary>> listLatestRuns(StoreConnection& store,
                                                             const std::string& owner, int most);
[[nodiscard]] Result<RunSummary> readSummary(StoreConnection& store, const RunId& run,
                                             const std::string& owner);
[[nodiscard]] Result<RunDraft> readDraft(StoreConnection& store, const RunId& run);

/// What was sent under the ids of prompts, of all runs: of an id that several have, what the run
/// sent that last did something, if that has its words.
[[nodiscard]] Result<std::vector<StoredPrompt>> readPrompts(StoreConnection& store);

/// Takes a run over, to go on with it: its state is Running. What its last program left running
/// becomes cut where text had come, else queued; a cell that was asked again while it had an answer
/// has that answer again. One transaction.
/// @return Refused if another program works on it, NotFound if there is none
[[nodiscard]] Result<void> claimRun(StoreConnection& store, const RunId& run,
                                    const std::string& owner);

/// The runs that `owner` holds are alive.
[[nodiscard]] Result<void> beat(StoreConnection& store, const std::string& owner);
/// `owner` goes: others may have its runs at once.
[[nodiscard]] Result<void> letGoOfRuns(StoreConnection& store, const std::string& owner);

/// The run did something just now: it is the first of the list.
[[nodiscard]] Result<void> touchRun(StoreConnection& store, const RunId& run, std::int64_t nowMs);

/// With its answers, notes and all. Refused while another program works on it. One transaction.
[[nodiscard]] Result<void> removeRun(StoreConnection& store, const RunId& run,
                                     const std::string& owner);

/// The error for a run that is not in the store.
[[nodiscard]] Unexpected noSuchRun(const RunId& run);

} // namespace signalbox
