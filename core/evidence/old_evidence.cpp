// SPDX-License-Identifier: GPL-3.0-or-later
#include "old_evidence.h"

#include "cell_table.h"
#include "run_table.h"
#include "store_connection.h"
#include "store_schema.h"

#include <algorithm>
#include <map>
#include <utility>

namespace signalbox {

namespace {

constexpr const char* kTakingOver = "cannot bring the evidence file up to date";

struct OldRun
{
    RunDraft draft;
    std::int64_t startedAtMs = 0, finishedAtMs = 0, lastAtMs = 0;
};

/// As it was written then, without marks for what PostgreSQL cannot hold.
std::string plain(const StoreRows& row, int column)
{
    return row.value(column).toString().toStdString();
}

QVariantList idOf(const OldRun& run)
{
    return {QString::fromStdString(run.draft.id.value)};
}

Result<std::vector<OldRun>> readOldRuns(StoreConnection& store)
{
    auto rows = store.select("SELECT id, name, plan, started_at, finished_at, last_at FROM old_run "
                             "ORDER BY last_at, started_at, id",
                             {}, kTakingOver);
    if (!rows)
        return Unexpected(rows.error());
    std::vector<OldRun> runs;
    while (rows->next()) {
        OldRun run;
        run.draft.id = RunId(plain(*rows, 0));
        run.draft.name = plain(*rows, 1);
        run.draft.planJson = plain(*rows, 2);
        run.startedAtMs = rows->integer(3);
        run.finishedAtMs = rows->integer(4);
        run.lastAtMs = rows->integer(5);
        runs.push_back(std::move(run));
    }
    if (auto end = store.endOf(*rows, kTakingOver); !end)
        return Unexpected(end.error());
    return runs;
}

/// Rows and columns of the run, from its answers.
Result<void> readOldAxes(StoreConnection& store, OldRun& run)
{
    {
        // SQLite takes the segment from the row that holds the maximum (its documentation, section
        // on bare columns in aggregate queries).
        auto rows = store.select("SELECT prompt, segment, max(recorded_at) FROM old_answer "
                                 "WHERE run = ? GROUP BY prompt ORDER BY prompt",
                                 idOf(run), kTakingOver);
        if (!rows)
            return Unexpected(rows.error());
        while (rows->next())
            run.draft.prompts.push_back({PromptId(plain(*rows, 0)), plain(*rows, 1), "[]"});
        if (auto end = store.endOf(*rows, kTakingOver); !end)
            return end;
    }
    auto rows = store.select("SELECT model, max(sample) FROM old_answer WHERE run = ? "
                             "GROUP BY model ORDER BY model",
                             idOf(run), kTakingOver);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next()) {
        run.draft.lanes.push_back({LaneId(plain(*rows, 0)), "{}"});
        run.draft.repeats = std::max(run.draft.repeats, static_cast<int>(rows->integer(1)) + 1);
    }
    return store.endOf(*rows, kTakingOver);
}

Unexpected unknownWord(const char* what, const std::string& word)
{
    return fail(ErrorCode::Unsupported,
                std::string("an answer has the ") + what + " \"" + word +
                    "\", which this version does not know",
                {}, "update Signalbox; the file was not touched");
}

Result<StoredState> stateOf(const std::string& name)
{
    if (name == "truncated")
        return StoredState::Cut;
    const auto state = storedStateNamed(name);
    return state ? Result<StoredState>(*state) : unknownWord("state", name);
}

constexpr const char* kOldAnswers =
    "SELECT prompt, model, sample, served_model, text, reasoning, state, failure, failure_kind, "
    "input_tokens, output_tokens, tokens_estimated, first_token_ms, total_ms, cost_pico, "
    "cost_stated, satisfied, style_guide, simulated, recorded_at FROM old_answer WHERE run = ?";

/// Places by id.
template<class List> std::map<std::string, int> placesIn(const List& list)
{
    std::map<std::string, int> places;
    for (const auto& entry : list)
        places.emplace(entry.id.value, static_cast<int>(places.size()));
    return places;
}

/// Reads a row of kOldAnswers without its cell.
Result<StoredAnswer> readOldAnswer(const StoreRows& row)
{
    StoredAnswer answer;
    answer.ticket = newTicket();
    answer.servedModel = plain(row, 3);
    answer.text = plain(row, 4);
    answer.reasoning = plain(row, 5);
    const auto state = stateOf(plain(row, 6));
    if (!state)
        return Unexpected(state.error());
    answer.state = *state;
    answer.failure = plain(row, 7);
    if (!row.value(8).isNull()) {
        answer.failureKind = failureKindNamed(plain(row, 8));
        if (!answer.failureKind)
            return unknownWord("kind of failure", plain(row, 8));
    }
    answer.usage.inputUncached = row.optionalInteger(9);
    answer.usage.output = row.optionalInteger(10);
    answer.usage.isEstimated = row.integer(11) != 0;
    answer.times.firstTextMs = row.optionalDouble(12);
    answer.times.totalMs = row.optionalDouble(13);
    if (const auto pico = row.optionalInteger(14))
        answer.cost = Money{*pico};
    answer.isCostStated = row.integer(15) != 0;
    answer.satisfied = row.optionalDouble(16);
    answer.styleGuide = plain(row, 17);
    answer.isSimulated = row.integer(18) != 0;
    answer.recordedAtMs = row.integer(19);
    return answer;
}

Result<void> takeOverAnswers(StoreConnection& store, const OldRun& run)
{
    const auto prompts = placesIn(run.draft.prompts);
    const auto lanes = placesIn(run.draft.lanes);
    auto rows = store.select(kOldAnswers, idOf(run), kTakingOver);
    if (!rows)
        return Unexpected(rows.error());
    while (rows->next()) {
        const CellKey cell = {prompts.at(plain(*rows, 0)), lanes.at(plain(*rows, 1)),
                              static_cast<int>(rows->integer(2))};
        const auto answer = readOldAnswer(*rows);
        if (!answer)
            return Unexpected(answer.error());
        if (auto done = finishCell(store, run.draft.id, cell, *answer); !done)
            return done;
    }
    return store.endOf(*rows, kTakingOver);
}

Result<void> takeOverRun(StoreConnection& store, OldRun& run)
{
    if (auto read = readOldAxes(store, run); !read)
        return read;
    if (auto written = writeKnownRun(store, run.draft, {}); !written)
        return written;
    if (auto answers = takeOverAnswers(store, run); !answers)
        return answers;
    const RunState state = run.finishedAtMs != 0 ? RunState::Done : RunState::Running;
    const std::string_view name = runStateName(state);
    const auto timed = store.change(
        "UPDATE run SET state = ?, created_at = ?, last_at = ?, finished_at = ? WHERE number = ?",
        {QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())),
         static_cast<qlonglong>(run.startedAtMs), static_cast<qlonglong>(run.lastAtMs),
         static_cast<qlonglong>(run.finishedAtMs), static_cast<qlonglong>(runNumber(run.draft.id))},
        kTakingOver);
    return timed ? Result<void>() : Unexpected(timed.error());
}

/// Nothing is taken away that was not taken over.
Result<void> checkIsWhole(StoreConnection& store)
{
    auto rows = store.select("SELECT (SELECT count(*) FROM old_answer) - (SELECT count(*) FROM "
                             "answer)",
                             {}, kTakingOver);
    if (!rows)
        return Unexpected(rows.error());
    if (rows->next() && rows->integer(0) == 0)
        return {};
    return fail(ErrorCode::Unsupported, "some answers of the file belong to no run",
                toString(store.address()), "keep the file; it was not touched");
}

} // namespace

const std::vector<QStringList>& oldEvidenceSteps()
{
    static const std::vector<QStringList> steps = {
        // 1: runs and their finished answers.
        {
            QStringLiteral("CREATE TABLE run (id TEXT PRIMARY KEY, name TEXT NOT NULL, "
                           "started_at INTEGER NOT NULL, finished_at INTEGER NOT NULL DEFAULT 0, "
                           "plan TEXT NOT NULL) WITHOUT ROWID"),
            QStringLiteral(
                "CREATE TABLE answer (run TEXT NOT NULL REFERENCES run(id), prompt TEXT NOT NULL, "
                "model TEXT NOT NULL, sample INTEGER NOT NULL, served_model TEXT NOT NULL, "
                "segment TEXT NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL, "
                "state TEXT NOT NULL, failure TEXT NOT NULL, input_tokens INTEGER, "
                "output_tokens INTEGER, tokens_estimated INTEGER NOT NULL, first_token_ms REAL, "
                "total_ms REAL, cost_pico INTEGER, satisfied REAL, style_guide TEXT NOT NULL, "
                "simulated INTEGER NOT NULL, recorded_at INTEGER NOT NULL, "
                "PRIMARY KEY (run, prompt, model, sample))"),
        },
        // 2: the text so far of answers in progress, for what a crash interrupts; the newest answer
        //    to a question is looked up often.
        {
            QStringLiteral("CREATE TABLE partial (run TEXT NOT NULL REFERENCES run(id), "
                           "prompt TEXT NOT NULL, model TEXT NOT NULL, sample INTEGER NOT NULL, "
                           "text TEXT NOT NULL, PRIMARY KEY (run, prompt, model, sample))"),
            QStringLiteral("CREATE INDEX answer_by_question ON answer "
                           "(prompt, model, sample, style_guide, recorded_at)"),
        },
        // 3: the kind of a failure, as failureKindName() names it; rows from before have none. The
        //    text so far of running answers goes: nothing ever read it, a resumed run asks again.
        {
            QStringLiteral("ALTER TABLE answer ADD COLUMN failure_kind TEXT"),
            QStringLiteral("DROP TABLE partial"),
        },
        // 4: whether the provider stated the cost; of rows from before it is taken to be derived
        //    from a list price, as nearly all are.
        {
            QStringLiteral("ALTER TABLE answer ADD COLUMN cost_stated INTEGER NOT NULL DEFAULT 0"),
        },
        // 5: when a run last began, asked more or was answered. The order of the runs is asked for
        //    with every table that is made; the times of its answers lie behind their texts.
        {
            QStringLiteral("ALTER TABLE run ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0"),
            QStringLiteral("UPDATE run SET last_at = max(started_at, coalesce((SELECT "
                           "max(recorded_at) FROM answer WHERE answer.run = run.id), 0))"),
        },
    };
    return steps;
}

Result<bool> isOldEvidence(StoreConnection& connection)
{
    const auto version = storeVersion(connection);
    if (!version)
        return Unexpected(version.error());
    if (*version < 1 || *version >= kFirstStoreVersion)
        return false;
    auto rows = connection.select(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('run', 'answer')", {},
        kTakingOver);
    if (!rows)
        return Unexpected(rows.error());
    return rows->next() && rows->integer(0) == 2;
}

Result<void> takeOverOldEvidence(StoreConnection& connection,
                                 const std::function<Result<void>()>& makeTables)
{
    for (const char* statement :
         {"ALTER TABLE run RENAME TO old_run", "ALTER TABLE answer RENAME TO old_answer"}) {
        if (auto done = connection.run(QLatin1String(statement), kTakingOver); !done)
            return done;
    }
    if (auto made = makeTables(); !made)
        return made;
    auto runs = readOldRuns(connection);
    if (!runs)
        return Unexpected(runs.error());
    for (OldRun& run : *runs) {
        if (auto taken = takeOverRun(connection, run); !taken)
            return taken;
    }
    if (auto whole = checkIsWhole(connection); !whole)
        return whole;
    for (const char* statement : {"DROP TABLE old_answer", "DROP TABLE old_run"}) {
        if (auto done = connection.run(QLatin1String(statement), kTakingOver); !done)
            return done;
    }
    return {};
}

} // namespace signalbox
