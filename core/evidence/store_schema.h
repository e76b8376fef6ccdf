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

/// The statements that turn version i of the schema into version i + 1, at place i; version 0 is an
/// empty store. "%1" stands for what makes a narrow SQLite table be sorted by its key; PostgreSQL
/// has nothing there. A step is never changed once it was released: what is new is a new step.
///
/// Version 1:
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
/// Times are Unix ms (suffix _at) or ms of duration (suffix _ms); money is 1e-12 USD (suffix
/// _pico).
[[nodiscard]] const std::vector<QStringList>& storeMigrations();

/// The version of a store; 0 if it is empty. Changes nothing.
[[nodiscard]] Result<int> storeVersion(StoreConnection& connection);

/// Runs the steps that are missing, each in a transaction of its own and behind a lock, so that
/// several programs may do it at once.
/// @return Unsupported, with nothing changed, if the store is newer than the last step
[[nodiscard]] Result<void> migrateStore(StoreConnection& connection,
                                        const std::vector<QStringList>& steps);

/// The error for a store of a version that this program does not know.
[[nodiscard]] Unexpected newerStore(const StoreConnection& connection, int version, int known);

} // namespace signalbox
