// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <QStringList>

#include <functional>
#include <vector>

namespace signalbox {

class StoreConnection;

// Evidence files as the program wrote them before kFirstStoreVersion: SQLite, schema versions 1 to
// 5. One row a run, and one a cell, found by the ids of prompt and model, which held the one
// attempt that counted.

/// The statements that turn version i into version i + 1; version 0 is an empty file. As they were
/// released: never changed.
[[nodiscard]] const std::vector<QStringList>& oldEvidenceSteps();

/// Whether a SQLite file is one of these. Changes nothing.
[[nodiscard]] Result<bool> isOldEvidence(StoreConnection& connection);

/// Takes the runs and answers of a file of version 5 over into the tables of kFirstStoreVersion,
/// and the old tables away. What the old rows do not say stays empty: the texts of the prompts, the
/// tickets (new ones are drawn). In a transaction. O(answers), about 50 us each.
/// @param makeTables  makes the new, empty tables
/// @return Unsupported for a word in a row that no released version wrote
[[nodiscard]] Result<void> takeOverOldEvidence(StoreConnection& connection,
                                               const std::function<Result<void>()>& makeTables);

} // namespace signalbox
