// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <QStringList>

#include <memory>
#include <vector>

namespace signalbox {

class StoreConnection;

/// Marks a SQLite file as a store of ours ("SBox"), so that another program's file, or one of our
/// other files, is not taken for one.
inline constexpr int kStoreApplicationId = 0x53426F78;

/// The first version of this schema. SQLite files of the versions before are of another form; see
/// old_evidence.h.
inline constexpr int kFirstStoreVersion = 6;

/// The statements that make an empty store one of kFirstStoreVersion, at place 0, and that turn
/// version kFirstStoreVersion + i - 1 of the schema into the next one, at place i. "%1" stands for
/// what makes a narrow SQLite table be sorted by its key; PostgreSQL has nothing there. A step is
/// never changed once it was released: what is new is a new step.
///
/// Version 6:
///   run      one row a run. `number` is derived from `id` (runNumber()) and leads every other key.
///            `owner` is the program that works on it, `heartbeat_at` its last sign of life.
///   prompt, lane   what is asked, by row and by column, ordered as in the draft
///   cell     a row a cell, narrow: what a matrix shows. `ticket` is the attempt that runs or was
///            interrupted, `shown` the finished attempt whose answer counts (0: none, so the cell
///            is not settled); the other columns are copies from that answer, so that opening a run
///            reads no texts.
///   answer   every finished attempt, whole; none is ever changed
///   piece    text so far of attempts that are not finished, in the order it came; gone when one is
///   note     remarks and stars, one per cell and author
///   pricing, priced_cell   what a run would cost at other prices, beside what it did cost
/// Version 7:
///   tasting  a blind tasting of a run's answers, with the texts as they were
///   taster   who votes in it, what they are asked, and when they asked for the names (looked_at;
///            0: they did not)
///   vote     what they said, one per task
/// Version 8:
///   judging     a model as the judge of a tasting: who, what it is asked, what it may take
///   judge_call  what came of each of its calls; no answer and no vote
/// Times are Unix ms (suffix _at) or ms of duration (suffix _ms); money is 1e-12 USD (suffix
/// _pico).
[[nodiscard]] const std::vector<QStringList>& storeMigrations();
[[nodiscard]] int newestStoreVersion(const std::vector<QStringList>& steps);

/// The version of a store; 0 if it is empty. Changes nothing.
[[nodiscard]] Result<int> storeVersion(StoreConnection& connection);

/// Runs the steps that are missing, each in a transaction of its own and behind a lock, so that
/// several programs may do it at once. Those of an old file are among them.
/// @return Unsupported, with nothing changed, if the store is newer than the last step
[[nodiscard]] Result<void> migrateStore(StoreConnection& connection,
                                        const std::vector<QStringList>& steps);

/// The error for a store of a version that this program does not know.
[[nodiscard]] Unexpected newerStore(const StoreConnection& connection, int version, int known);

} // namespace signalbox
