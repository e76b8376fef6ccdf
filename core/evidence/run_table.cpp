// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_table.h"

#include "run_owner.h"
#include "store_connection.h"
#include "store_text.h"

#include <core/base/random.h>

#include <map>
#include <optional>

namespace signalbox {

namespace {

constexpr const char* kWriting = "cannot write the run";
constexpr const char* kReading = "cannot read the runs";
constexpr const char* kClaiming = "cannot take the run over";

QVariant bound(std::int64_t number)
{
    return QVariant(static_cast<qlonglong>(number));
}

QVariant bound(const RunId& run)
{
    return bound(runNumber(run));
}

QVariant bound(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QVariant textOf(const std::string& text)
{
    return toStoredText(text);
}

bool hasNoWords(const StoredPrompt& prompt)
{
    return prompt.messagesJson.empty() || prompt.messagesJson == "[]";
}

/// What a list has of a row at a place; nullopt: nothing yet.
Result<std::vector<std::string>> idsOf(StoreConnection& store, std::string_view statement,
                                       const RunId& run)
{
    auto rows = store.select(statement, {bound(run)}, kWriting);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<std::string> ids;
    while (rows->next())
        ids.push_back(rows->text(0));
    if (auto end = store.endOf(*rows, kWriting); !end)
        return Unexpected(end.error());
    return ids;
}

template<class List>
Result<void> checkSameBeginning(const std::vector<std::string>& there, const List& wanted,
                                const char* what)
{
    for (std::size_t i = 0; i < there.size(); ++i) {
        if (i >= wanted.size() || wanted[i].id.value != there[i])
            return fail(ErrorCode::InvalidArgument,
                        std::string("a run keeps its ") + what + "s where they are",
                        std::string(what) + "s[" + std::to_string(i) + "]",
                        "add new ones at the end, or begin a new run");
    }
    return {};
}

Result<void> writePrompts(StoreConnection& store, const RunDraft& draft)
{
    const auto there =
        idsOf(store, "SELECT id FROM prompt WHERE run = ? ORDER BY prompt", draft.id);
    if (!there)
        return Unexpected(there.error());
    if (auto same = checkSameBeginning(*there, draft.prompts, "prompt"); !same)
        return same;
    for (std::size_t i = 0; i < draft.prompts.size(); ++i) {
        const StoredPrompt& prompt = draft.prompts[i];
        const auto done = store.change(
            "INSERT INTO prompt (run, prompt, id, segment, messages) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (run, prompt) DO UPDATE SET segment = excluded.segment, "
            "messages = excluded.messages",
            {bound(draft.id), static_cast<int>(i), textOf(prompt.id.value), textOf(prompt.segment),
             textOf(prompt.messagesJson)},
            kWriting);
        if (!done)
            return Unexpected(done.error());
    }
    return {};
}

Result<void> writeLanes(StoreConnection& store, const RunDraft& draft)
{
    const auto there = idsOf(store, "SELECT id FROM lane WHERE run = ? ORDER BY lane", draft.id);
    if (!there)
        return Unexpected(there.error());
    if (auto same = checkSameBeginning(*there, draft.lanes, "lane"); !same)
        return same;
    for (std::size_t i = there->size(); i < draft.lanes.size(); ++i) {
        const auto done =
            store.change("INSERT INTO lane (run, lane, id, spec) VALUES (?, ?, ?, ?)",
                         {bound(draft.id), static_cast<int>(i), textOf(draft.lanes[i].id.value),
                          textOf(draft.lanes[i].specJson)},
                         kWriting);
        if (!done)
            return Unexpected(done.error());
    }
    return {};
}

RunHolder holderOf(const std::string& owner, std::int64_t heartbeatAtMs, std::int64_t nowMs,
                   const std::string& us)
{
    if (!us.empty() && owner == us)
        return RunHolder::ThisStore;
    return isOwnerAlive(owner, heartbeatAtMs, nowMs) ? RunHolder::Another : RunHolder::Nobody;
}

/// @param condition  of the run table, with `values`
Result<std::vector<RunSummary>> readSummaries(StoreConnection& store, std::string_view statement,
                                              const QVariantList& values, const std::string& owner)
{
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    auto rows = store.select(statement, values, kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<RunSummary> runs;
    while (rows->next()) {
        RunSummary run;
        run.id = RunId(rows->text(0));
        run.name = rows->text(1);
        run.planJson = rows->text(10);
        run.createdAtMs = rows->integer(2);
        run.lastAtMs = rows->integer(3);
        run.finishedAtMs = rows->integer(11);
        const auto state = runStateNamed(rows->text(4));
        if (!state)
            return fail(ErrorCode::ParseError,
                        "a run has the state \"" + rows->text(4) +
                            "\", which this version does not know",
                        run.id.value, "update Signalbox; the store was not touched");
        run.state = *state;
        run.holder = holderOf(rows->text(5), rows->integer(6), *now, owner);
        run.cells = static_cast<std::size_t>(rows->integer(7));
        run.settled = static_cast<std::size_t>(rows->integer(8));
        run.failed = static_cast<std::size_t>(rows->integer(9));
        runs.push_back(std::move(run));
    }
    if (auto end = store.endOf(rows.value(), kReading); !end)
        return Unexpected(end.error());
    return runs;
}

// The counts come from one pass over the cells, which are narrow.
constexpr const char* kAllSummaries =
    "SELECT r.id, r.name, r.created_at, r.last_at, r.state, r.owner, r.heartbeat_at, "
    "coalesce(c.cells, 0), coalesce(c.settled, 0), coalesce(c.failed, 0), r.plan, r.finished_at "
    "FROM run r LEFT JOIN "
    "(SELECT run, count(*) AS cells, sum(CASE WHEN shown <> 0 THEN 1 ELSE 0 END) AS settled, "
    "sum(CASE WHEN worth = 1 THEN 1 ELSE 0 END) AS failed FROM cell GROUP BY run) c "
    "ON c.run = r.number ORDER BY r.last_at DESC, r.created_at DESC, r.id";
// The same for the first of the list, so that the cells of all others are not even looked at.
constexpr const char* kLatestSummaries =
    "SELECT r.id, r.name, r.created_at, r.last_at, r.state, r.owner, r.heartbeat_at, "
    "coalesce(c.cells, 0), coalesce(c.settled, 0), coalesce(c.failed, 0), r.plan, r.finished_at "
    "FROM (SELECT * FROM run ORDER BY last_at DESC, created_at DESC, id LIMIT ?) r LEFT JOIN "
    "(SELECT run, count(*) AS cells, sum(CASE WHEN shown <> 0 THEN 1 ELSE 0 END) AS settled, "
    "sum(CASE WHEN worth = 1 THEN 1 ELSE 0 END) AS failed FROM cell WHERE run IN "
    "(SELECT number FROM run ORDER BY last_at DESC, created_at DESC, id LIMIT ?) GROUP BY run) c "
    "ON c.run = r.number ORDER BY r.last_at DESC, r.created_at DESC, r.id";
constexpr const char* kOneSummary =
    "SELECT r.id, r.name, r.created_at, r.last_at, r.state, r.owner, r.heartbeat_at, "
    "(SELECT count(*) FROM cell c WHERE c.run = r.number), "
    "(SELECT count(*) FROM cell c WHERE c.run = r.number AND c.shown <> 0), "
    "(SELECT count(*) FROM cell c WHERE c.run = r.number AND c.worth = 1), "
    "r.plan, r.finished_at FROM run r WHERE r.number = ?";

/// In a transaction: nobody else takes the run until its end.
Result<void> checkIsFree(StoreConnection& store, const RunId& run, const std::string& owner,
                         const char* action)
{
    // Changes nothing, but PostgreSQL locks the row for it; SQLite has locked the whole file.
    const auto locked =
        store.change("UPDATE run SET owner = owner WHERE number = ?", {bound(run)}, action);
    if (!locked)
        return Unexpected(locked.error());
    const auto summary = readSummary(store, run, owner);
    if (!summary)
        return Unexpected(summary.error());
    if (summary->holder != RunHolder::Another)
        return {};
    return fail(ErrorCode::Refused, "another window works on this run", run.value,
                "go on there, or close it first");
}

/// Cells that were running when their program went.
Result<void> recoverCells(StoreConnection& store, const RunId& run)
{
    const auto answered = store.change(
        "UPDATE cell SET ticket = 0, state = (SELECT a.state FROM answer a WHERE a.run = cell.run "
        "AND a.prompt = cell.prompt AND a.lane = cell.lane AND a.repeat = cell.repeat AND "
        "a.ticket = cell.shown) WHERE run = ? AND state = 'running' AND shown <> 0",
        {bound(run)}, kClaiming);
    if (!answered)
        return Unexpected(answered.error());
    const auto open = store.change(
        "UPDATE cell SET state = CASE WHEN EXISTS (SELECT 1 FROM piece p WHERE p.run = cell.run "
        "AND p.prompt = cell.prompt AND p.lane = cell.lane AND p.repeat = cell.repeat) "
        "THEN 'cut' ELSE 'queued' END WHERE run = ? AND state = 'running'",
        {bound(run)}, kClaiming);
    return open ? Result<void>() : Unexpected(open.error());
}

} // namespace

std::int64_t runNumber(const RunId& id)
{
    return static_cast<std::int64_t>(stableHash(id.value) >> 1U);
}

Unexpected noSuchRun(const RunId& run)
{
    return fail(ErrorCode::NotFound, "there is no such run", run.value);
}

Result<void> writeRun(StoreConnection& store, const RunDraft& draft, const std::string& owner)
{
    if (auto checked = checkDraft(draft); !checked)
        return checked;
    return writeKnownRun(store, draft, owner);
}

Result<void> writeKnownRun(StoreConnection& store, const RunDraft& draft, const std::string& owner)
{
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    const auto written = store.change(
        "INSERT INTO run (number, id, name, plan, repeats, state, created_at, last_at, owner, "
        "heartbeat_at) VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?) ON CONFLICT (number) DO "
        "UPDATE SET name = excluded.name, plan = excluded.plan, "
        "repeats = CASE WHEN run.repeats < excluded.repeats THEN excluded.repeats ELSE run.repeats "
        "END WHERE run.id = excluded.id",
        {bound(draft.id), textOf(draft.id.value), textOf(draft.name), textOf(draft.planJson),
         draft.repeats, bound(*now), bound(*now), textOf(owner), bound(*now)},
        kWriting);
    if (!written)
        return Unexpected(written.error());
    if (*written == 0)
        return fail(ErrorCode::InvalidArgument, "another run has the number of this id",
                    draft.id.value, "take another id");
    if (auto prompts = writePrompts(store, draft); !prompts)
        return prompts;
    if (auto lanes = writeLanes(store, draft); !lanes)
        return lanes;
    const auto cells = store.change(
        "WITH RECURSIVE again(repeat) AS (SELECT 0 UNION ALL SELECT repeat + 1 FROM again WHERE "
        "repeat + 1 < (SELECT repeats FROM run WHERE number = ?)) "
        "INSERT INTO cell (run, prompt, lane, repeat, state) "
        "SELECT p.run, p.prompt, l.lane, again.repeat, 'queued' FROM prompt p "
        "JOIN lane l ON l.run = p.run CROSS JOIN again WHERE p.run = ? "
        "ORDER BY p.prompt, l.lane, again.repeat ON CONFLICT DO NOTHING",
        {bound(draft.id), bound(draft.id)}, kWriting);
    if (!cells)
        return Unexpected(cells.error());
    return touchRun(store, draft.id, *now);
}

Result<void> setRunState(StoreConnection& store, const RunId& run, RunState state)
{
    const bool isOver = state == RunState::Stopped || state == RunState::Done;
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    const auto changed = store.change(
        isOver ? "UPDATE run SET state = ?, finished_at = ?, owner = '' WHERE number = ?"
               : "UPDATE run SET state = ?, finished_at = ? WHERE number = ?",
        {bound(runStateName(state)), bound(isOver ? *now : 0), bound(run)}, kWriting);
    if (!changed)
        return Unexpected(changed.error());
    return *changed == 1 ? Result<void>() : noSuchRun(run);
}

Result<std::vector<RunSummary>> listRuns(StoreConnection& store, const std::string& owner)
{
    return readSummaries(store, kAllSummaries, {}, owner);
}

Result<std::vector<RunSummary>> listLatestRuns(StoreConnection& store, const std::string& owner,
                                               int most)
{
    return readSummaries(store, kLatestSummaries, {most, most}, owner);
}

Result<RunSummary> readSummary(StoreConnection& store, const RunId& run, const std::string& owner)
{
    auto found = readSummaries(store, kOneSummary, {bound(run)}, owner);
    if (!found)
        return Unexpected(found.error());
    if (found->empty())
        return noSuchRun(run);
    return std::move(found->front());
}

Result<RunDraft> readDraft(StoreConnection& store, const RunId& run)
{
    RunDraft draft;
    draft.id = run;
    {
        auto rows = store.select("SELECT name, plan, repeats FROM run WHERE number = ?",
                                 {bound(run)}, kReading);
        if (!rows)
            return Unexpected(rows.error());
        if (!rows->next())
            return noSuchRun(run);
        draft.name = rows->text(0);
        draft.planJson = rows->text(1);
        draft.repeats = static_cast<int>(rows->integer(2));
    }
    {
        auto rows =
            store.select("SELECT id, segment, messages FROM prompt WHERE run = ? ORDER BY prompt",
                         {bound(run)}, kReading);
        if (!rows)
            return Unexpected(rows.error());
        while (rows->next())
            draft.prompts.push_back({PromptId(rows->text(0)), rows->text(1), rows->text(2)});
        if (auto end = store.endOf(*rows, kReading); !end)
            return Unexpected(end.error());
    }
    auto rows = store.select("SELECT id, spec FROM lane WHERE run = ? ORDER BY lane", {bound(run)},
                             kReading);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next())
        draft.lanes.push_back({LaneId(rows->text(0)), rows->text(1)});
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return draft;
}

Result<std::vector<StoredPrompt>> readPrompts(StoreConnection& store)
{
    auto rows = store.select("SELECT p.id, p.segment, p.messages FROM prompt p JOIN run r ON "
                             "r.number = p.run ORDER BY r.last_at DESC, r.id, p.prompt",
                             {}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<StoredPrompt> prompts;
    std::map<std::string, std::size_t> placeOf;
    while (rows->next()) {
        StoredPrompt prompt = {PromptId(rows->text(0)), rows->text(1), rows->text(2)};
        const auto [entry, isNew] = placeOf.emplace(prompt.id.value, prompts.size());
        // Answers that were recorded or imported without their prompt have an empty list.
        if (isNew)
            prompts.push_back(std::move(prompt));
        else if (hasNoWords(prompts[entry->second]) && !hasNoWords(prompt))
            prompts[entry->second] = std::move(prompt);
    }
    if (auto end = store.endOf(*rows, kReading); !end)
        return Unexpected(end.error());
    return prompts;
}

Result<void> claimRun(StoreConnection& store, const RunId& run, const std::string& owner)
{
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    return store.inTransaction(kClaiming, [&]() -> Result<void> {
        if (auto isFree = checkIsFree(store, run, owner, kClaiming); !isFree)
            return isFree;
        const auto claimed = store.change(
            "UPDATE run SET owner = ?, heartbeat_at = ?, state = 'running', finished_at = 0 "
            "WHERE number = ?",
            {textOf(owner), bound(*now), bound(run)}, kClaiming);
        if (!claimed)
            return Unexpected(claimed.error());
        if (auto touched = touchRun(store, run, *now); !touched)
            return touched;
        return recoverCells(store, run);
    });
}

Result<void> beat(StoreConnection& store, const std::string& owner)
{
    const auto now = store.nowMs();
    if (!now)
        return Unexpected(now.error());
    const auto done = store.change("UPDATE run SET heartbeat_at = ? WHERE owner = ?",
                                   {bound(*now), textOf(owner)}, kWriting);
    return done ? Result<void>() : Unexpected(done.error());
}

Result<void> letGoOfRuns(StoreConnection& store, const std::string& owner)
{
    const auto done =
        store.change("UPDATE run SET owner = '' WHERE owner = ?", {textOf(owner)}, kWriting);
    return done ? Result<void>() : Unexpected(done.error());
}

Result<void> touchRun(StoreConnection& store, const RunId& run, std::int64_t nowMs)
{
    // After everything that happened to any run, also within one millisecond or once the clock was
    // set back.
    const auto done = store.change(
        "UPDATE run SET last_at = (SELECT CASE WHEN max(other.last_at) < ? THEN ? ELSE "
        "max(other.last_at) + 1 END FROM run other) WHERE number = ?",
        {bound(nowMs), bound(nowMs), bound(run)}, kWriting);
    return done ? Result<void>() : Unexpected(done.error());
}

Result<void> removeRun(StoreConnection& store, const RunId& run, const std::string& owner)
{
    constexpr const char* kRemoving = "cannot remove the run";
    return store.inTransaction(kRemoving, [&]() -> Result<void> {
        if (auto isFree = checkIsFree(store, run, owner, kRemoving); !isFree)
            return isFree;
        const auto removed =
            store.change("DELETE FROM run WHERE number = ?", {bound(run)}, kRemoving);
        return removed ? Result<void>() : Unexpected(removed.error());
    });
}

} // namespace signalbox
