// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_run.h"

#include <core/base/result.h>

#include <functional>
#include <string>
#include <vector>

namespace signalbox {

class StoreConnection;

// Cells and their answers in a store. Statements only: what writes is to be called in a
// transaction, and may be called again with the same values after one that was lost: it then
// changes nothing.

/// The cell is asked, or asked again, in the attempt `ticket`.
[[nodiscard]] Result<void> startCell(StoreConnection& store, const RunId& run, const CellKey& cell,
                                     AttemptTicket ticket);

/// Text so far.
/// @param seq  0, 1, …: the place of this piece in the attempt. The first one replaces what an
///             earlier, interrupted attempt had left.
[[nodiscard]] Result<void> appendPiece(StoreConnection& store, const RunId& run,
                                       const CellKey& cell, AttemptTicket ticket, int seq,
                                       const std::string& text, const std::string& reasoning);

/// A finished attempt. It is shown unless it has no answer and an earlier one has. NotFound if the
/// run has no such cell.
[[nodiscard]] Result<void> finishCell(StoreConnection& store, const RunId& run, const CellKey& cell,
                                      const StoredAnswer& answer);

/// The attempt ends without a result, e.g. stopped by the person: the cell is again what it was, or
/// cut if text had come.
[[nodiscard]] Result<void> releaseCell(StoreConnection& store, const RunId& run,
                                       const CellKey& cell, AttemptTicket ticket);

/// Cells of a run without texts: the widest part of `contents`. O(cells), about 1 us each.
[[nodiscard]] Result<void> readCells(StoreConnection& store, const RunId& run,
                                     RunContents& contents);

/// Texts of the cells of some rows, ordered by key: what of a matrix is in sight. Cells without any
/// text are left out.
/// @param firstPrompt, count  rows
[[nodiscard]] Result<std::vector<CellContent>>
readContents(StoreConnection& store, const RunId& run, int firstPrompt, int count);

/// Every finished attempt at a cell, oldest first, also those that are not shown.
[[nodiscard]] Result<std::vector<StoredAnswer>> readAttempts(StoreConnection& store,
                                                             const RunId& run, const CellKey& cell);

} // namespace signalbox
