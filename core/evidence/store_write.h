// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remark_table.h"
#include "stored_run.h"
#include "tasting_table.h"

#include <core/base/result.h>

#include <memory>
#include <span>
#include <string>
#include <variant>

namespace signalbox {

class StoreConnection;

// What a lab has written. Each may be written again without harm.

struct RunWritten
{
    std::shared_ptr<const RunDraft> draft;
};
struct RunStateSet
{
    RunId run;
    RunState state = RunState::Running;
};
struct CellStarted
{
    RunId run;
    CellKey cell;
    AttemptTicket ticket = 0;
};
struct TextAppended
{
    RunId run;
    CellKey cell;
    AttemptTicket ticket = 0;
    std::string text;
    std::string reasoning;
    int seq = 0; ///< given by the queue
};
struct CellFinished
{
    RunId run;
    CellKey cell;
    StoredAnswer answer;
};
struct CellReleased
{
    RunId run;
    CellKey cell;
    AttemptTicket ticket = 0;
};
struct NoteSet
{
    RunId run;
    CellKey cell;
    CellNote note;
};
struct TastingBegun
{
    RunId run;
    std::shared_ptr<const StoredTasting> tasting; ///< its tasters and votes come as their own
};
struct TasterSet
{
    RunId run;
    TastingNumber tasting = 0;
    StoredTaster taster;
};
struct VoteSet
{
    RunId run;
    TastingNumber tasting = 0;
    StoredVote vote;
};
struct JudgingSet
{
    RunId run;
    TastingNumber tasting = 0;
    std::shared_ptr<const StoredJudging> judging; ///< its calls come as their own
};
struct JudgeCallSet
{
    RunId run;
    TastingNumber tasting = 0;
    JudgingNumber judging = 0;
    StoredJudgeCall call;
};
using StoreWrite =
    std::variant<RunWritten, RunStateSet, CellStarted, TextAppended, CellFinished, CellReleased,
                 NoteSet, TastingBegun, TasterSet, VoteSet, JudgingSet, JudgeCallSet>;

/// Writes all of them or none: one transaction.
/// @param owner  holds the runs that are written
[[nodiscard]] Result<void> applyWrites(StoreConnection& store, std::span<const StoreWrite> writes,
                                       const std::string& owner);

/// About what a write takes in memory.
[[nodiscard]] std::size_t bytesOf(const StoreWrite& write);

} // namespace signalbox
