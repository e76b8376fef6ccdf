// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_run.h"

#include <core/base/result.h>
#include <core/voice/answer.h>

#include <vector>

namespace signalbox {

class StoreConnection;

// The answers of a store as evidence: by the ids of prompt and model, of one run or of all.

/// The answers that count in a run, ordered by prompt, model and sample.
[[nodiscard]] Result<std::vector<Answer>> readEvidence(StoreConnection& store, const RunId& run);

/// Of the cells without one: the text so far of attempts that were interrupted, or that run, as
/// stopped answers.
[[nodiscard]] Result<std::vector<Answer>> readInterrupted(StoreConnection& store, const RunId& run);

/// Of all runs the newest per (prompt, model, sample, style guide); a stopped one only if there is
/// no other. Without those that were taken from an earlier answer: that is among them.
[[nodiscard]] Result<std::vector<Answer>> readAllEvidence(StoreConnection& store);

/// Records answers in a run, which gets the cells that it has not; the run did something just now.
/// One transaction.
[[nodiscard]] Result<void> writeEvidence(StoreConnection& store, const RunId& run,
                                         const std::vector<Answer>& answers);

} // namespace signalbox
