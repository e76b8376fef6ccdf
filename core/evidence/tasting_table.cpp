// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasting_table.h"

#include "run_table.h"
#include "store_connection.h"
#include "store_text.h"

#include <algorithm>
#include <string_view>

namespace signalbox {

namespace {

constexpr const char* kBeginning = "cannot begin the tasting";
constexpr const char* kVoting = "cannot keep the vote";
constexpr const char* kJudging = "cannot keep what the judge said";
constexpr const char* kReading = "cannot read the tastings";

QVariant bound(std::int64_t number)
{
    return QVariant(static_cast<qlonglong>(number));
}

Result<void> done(const Result<std::int64_t>& changed)
{
    return changed ? Result<void>() : Unexpected(changed.error());
}

StoredTasting* find(std::vector<StoredTasting>& tastings, TastingNumber number)
{
    const auto found = std::ranges::find(tastings, number, &StoredTasting::number);
    return found == tastings.end() ? nullptr : &*found;
}

Result<std::vector<StoredTasting>> readSheets(StoreConnection& store, const RunId& run)
{
    auto rows = store.select("SELECT number, sheet, begun_at FROM tasting WHERE run = ? "
                             "ORDER BY begun_at, number",
                             {bound(runNumber(run))}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<StoredTasting> tastings;
    while (rows->next()) {
        StoredTasting& tasting = tastings.emplace_back();
        tasting.number = rows->integer(0);
        tasting.sheetJson = rows->text(1);
        tasting.begunAtMs = rows->integer(2);
    }
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return tastings;
}

/// Hands each row to `take`, with the tasting that its first column names.
/// @param sql   whose one value is the run
/// @param take  (StoredTasting&, const StoreRows&)
template<class Take>
Result<void> readInto(std::vector<StoredTasting>& tastings, StoreConnection& store,
                      const RunId& run, std::string_view sql, Take take)
{
    auto rows = store.select(sql, {bound(runNumber(run))}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next()) {
        if (StoredTasting* const tasting = find(tastings, rows->integer(0)))
            take(*tasting, *rows);
    }
    return store.endOf(*rows, kReading);
}

Result<void> readTasters(StoreConnection& store, const RunId& run,
                         std::vector<StoredTasting>& tastings)
{
    return readInto(tastings, store, run,
                    "SELECT tasting, rater, plan, joined_at, looked_at FROM taster "
                    "WHERE run = ? ORDER BY joined_at, rater",
                    [](StoredTasting& tasting, const StoreRows& row) {
                        tasting.tasters.push_back(
                            {row.text(1), row.text(2), row.integer(3), row.integer(4)});
                    });
}

Result<void> readVotes(StoreConnection& store, const RunId& run,
                       std::vector<StoredTasting>& tastings)
{
    return readInto(tastings, store, run,
                    "SELECT tasting, rater, kind, task, vote, voted_at FROM vote "
                    "WHERE run = ? ORDER BY rater, kind, task",
                    [](StoredTasting& tasting, const StoreRows& row) {
                        tasting.votes.push_back({row.text(1), row.text(2),
                                                 static_cast<int>(row.integer(3)), row.text(4),
                                                 row.integer(5)});
                    });
}

Result<void> readJudgings(StoreConnection& store, const RunId& run,
                          std::vector<StoredTasting>& tastings)
{
    return readInto(tastings, store, run,
                    "SELECT tasting, number, plan, begun_at FROM judging WHERE run = ? "
                    "ORDER BY begun_at, number",
                    [](StoredTasting& tasting, const StoreRows& row) {
                        tasting.judgings.push_back(
                            {row.integer(1), row.text(2), row.integer(3), {}});
                    });
}

Result<void> readJudgeCalls(StoreConnection& store, const RunId& run,
                            std::vector<StoredTasting>& tastings)
{
    return readInto(tastings, store, run,
                    "SELECT tasting, judging, call, record, written_at FROM judge_call "
                    "WHERE run = ? ORDER BY tasting, judging, call",
                    [](StoredTasting& tasting, const StoreRows& row) {
                        const auto judging = std::ranges::find(tasting.judgings, row.integer(1),
                                                               &StoredJudging::number);
                        if (judging != tasting.judgings.end())
                            judging->calls.push_back(
                                {static_cast<int>(row.integer(2)), row.text(3), row.integer(4)});
                    });
}

} // namespace

Result<void> writeTasting(StoreConnection& store, const RunId& run, const StoredTasting& tasting)
{
    if (const auto known = readSummary(store, run, {}); !known)
        return Unexpected(known.error());
    return done(store.change("INSERT INTO tasting (run, number, sheet, begun_at) "
                             "VALUES (?, ?, ?, ?) ON CONFLICT (run, number) DO NOTHING",
                             {bound(runNumber(run)), bound(tasting.number),
                              toStoredText(tasting.sheetJson), bound(tasting.begunAtMs)},
                             kBeginning));
}

Result<void> writeTaster(StoreConnection& store, const RunId& run, TastingNumber tasting,
                         const StoredTaster& taster)
{
    return done(store.change(
        "INSERT INTO taster (run, tasting, rater, plan, joined_at, looked_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run, tasting, rater) DO UPDATE SET "
        "looked_at = CASE WHEN taster.looked_at = 0 THEN excluded.looked_at "
        "ELSE taster.looked_at END",
        {bound(runNumber(run)), bound(tasting), toStoredText(taster.rater),
         toStoredText(taster.planJson), bound(taster.joinedAtMs), bound(taster.lookedAtMs)},
        kVoting));
}

Result<void> writeVote(StoreConnection& store, const RunId& run, TastingNumber tasting,
                       const StoredVote& vote)
{
    QVariantList values = {bound(runNumber(run)), bound(tasting), toStoredText(vote.rater),
                           toStoredText(vote.kind), vote.task};
    if (vote.voteJson.empty())
        return done(store.change("DELETE FROM vote WHERE run = ? AND tasting = ? AND rater = ? "
                                 "AND kind = ? AND task = ?",
                                 values, kVoting));
    values << toStoredText(vote.voteJson) << bound(vote.votedAtMs);
    return done(store.change("INSERT INTO vote (run, tasting, rater, kind, task, vote, voted_at) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?) "
                             "ON CONFLICT (run, tasting, rater, kind, task) DO UPDATE SET "
                             "vote = excluded.vote, voted_at = excluded.voted_at",
                             values, kVoting));
}

Result<void> writeJudging(StoreConnection& store, const RunId& run, TastingNumber tasting,
                          const StoredJudging& judging)
{
    return done(store.change("INSERT INTO judging (run, tasting, number, plan, begun_at) "
                             "VALUES (?, ?, ?, ?, ?) ON CONFLICT (run, tasting, number) DO UPDATE "
                             "SET plan = excluded.plan",
                             {bound(runNumber(run)), bound(tasting), bound(judging.number),
                              toStoredText(judging.planJson), bound(judging.begunAtMs)},
                             kJudging));
}

Result<void> writeJudgeCall(StoreConnection& store, const RunId& run, TastingNumber tasting,
                            JudgingNumber judging, const StoredJudgeCall& call)
{
    if (call.recordJson.empty())
        return done(store.change("DELETE FROM judge_call WHERE run = ? AND tasting = ? AND "
                                 "judging = ? AND call = ?",
                                 {bound(runNumber(run)), bound(tasting), bound(judging), call.call},
                                 kJudging));
    return done(store.change(
        "INSERT INTO judge_call (run, tasting, judging, call, record, written_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run, tasting, judging, call) DO UPDATE SET "
        "record = excluded.record, written_at = excluded.written_at",
        {bound(runNumber(run)), bound(tasting), bound(judging), call.call,
         toStoredText(call.recordJson), bound(call.writtenAtMs)},
        kJudging));
}

Result<std::vector<StoredTasting>> readTastings(StoreConnection& store, const RunId& run)
{
    auto tastings = readSheets(store, run);
    if (!tastings)
        return tastings;
    if (auto tasters = readTasters(store, run, *tastings); !tasters)
        return Unexpected(tasters.error());
    if (auto votes = readVotes(store, run, *tastings); !votes)
        return Unexpected(votes.error());
    if (auto judgings = readJudgings(store, run, *tastings); !judgings)
        return Unexpected(judgings.error());
    if (auto calls = readJudgeCalls(store, run, *tastings); !calls)
        return Unexpected(calls.error());
    return tastings;
}

} // namespace signalbox
