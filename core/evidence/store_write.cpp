// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_write.h"

#include "cell_table.h"
#include "run_table.h"
#include "store_connection.h"

#include <set>

namespace signalbox {

namespace {

constexpr const char* kRecording = "cannot record answers";

struct Apply
{
    StoreConnection& store;
    const std::string& owner;

    Result<void> operator()(const RunWritten& write) const
    {
        return writeRun(store, *write.draft, owner);
    }
    Result<void> operator()(const RunStateSet& write) const
    {
        return setRunState(store, write.run, write.state);
    }
    Result<void> operator()(const CellStarted& write) const
    {
        return startCell(store, write.run, write.cell, write.ticket);
    }
    Result<void> operator()(const TextAppended& write) const
    {
        return appendPiece(store, write.run, write.cell, write.ticket, write.seq, write.text,
                           write.reasoning);
    }
    Result<void> operator()(const CellFinished& write) const
    {
        return finishCell(store, write.run, write.cell, write.answer);
    }
    Result<void> operator()(const CellReleased& write) const
    {
        return releaseCell(store, write.run, write.cell, write.ticket);
    }
    Result<void> operator()(const NoteSet& write) const
    {
        return writeNote(store, write.run, write.cell, write.note);
    }
    Result<void> operator()(const TastingBegun& write) const
    {
        return writeTasting(store, write.run, *write.tasting);
    }
    Result<void> operator()(const TasterSet& write) const
    {
        return writeTaster(store, write.run, write.tasting, write.taster);
    }
    Result<void> operator()(const VoteSet& write) const
    {
        return writeVote(store, write.run, write.tasting, write.vote);
    }
    Result<void> operator()(const JudgingSet& write) const
    {
        return writeJudging(store, write.run, write.tasting, *write.judging);
    }
    Result<void> operator()(const JudgeCallSet& write) const
    {
        return writeJudgeCall(store, write.run, write.tasting, write.judging, write.call);
    }
};

struct RunOf
{
    const RunId& operator()(const RunWritten& write) const { return write.draft->id; }
    template<class Write> const RunId& operator()(const Write& write) const { return write.run; }
};

} // namespace

Result<void> applyWrites(StoreConnection& store, std::span<const StoreWrite> writes,
                         const std::string& owner)
{
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    return store.inTransaction(kRecording, [&]() -> Result<void> {
        std::set<RunId> runs;
        for (const StoreWrite& write : writes) {
            if (auto applied = std::visit(Apply{store, owner}, write); !applied)
                return applied;
            runs.insert(std::visit(RunOf(), write));
        }
        for (const RunId& run : runs) {
            if (auto touched = touchRun(store, run, *now); !touched)
                return touched;
        }
        return {};
    });
}

std::size_t bytesOf(const StoreWrite& write)
{
    std::size_t bytes = sizeof(StoreWrite);
    if (const auto* text = std::get_if<TextAppended>(&write))
        bytes += text->text.size() + text->reasoning.size();
    else if (const auto* finished = std::get_if<CellFinished>(&write))
        bytes += finished->answer.text.size() + finished->answer.reasoning.size();
    else if (const auto* begun = std::get_if<TastingBegun>(&write))
        bytes += begun->tasting->sheetJson.size();
    else if (const auto* taster = std::get_if<TasterSet>(&write))
        bytes += taster->taster.planJson.size();
    else if (const auto* judging = std::get_if<JudgingSet>(&write))
        bytes += judging->judging->planJson.size();
    else if (const auto* call = std::get_if<JudgeCallSet>(&write))
        bytes += call->call.recordJson.size();
    return bytes;
}

} // namespace signalbox
