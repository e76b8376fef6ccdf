// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_schema.h"

#include "old_evidence.h"
#include "store_connection.h"

#include <functional>

namespace signalbox {

namespace {

constexpr const char* kMigrating = "cannot bring the store up to date";
constexpr const char* kReading = "cannot read the store's version";

/// Any number that only these programs use: the lock under which PostgreSQL stores are migrated.
constexpr const char* kLockSchema = "SELECT pg_advisory_xact_lock(7465726170)";

QString cellKeyColumns()
{
    return QStringLiteral("run BIGINT NOT NULL REFERENCES run(number) ON DELETE CASCADE, "
                          "prompt INTEGER NOT NULL, lane INTEGER NOT NULL, "
                          "repeat INTEGER NOT NULL, ");
}

QStringList runTables()
{
    return {
        QStringLiteral("CREATE TABLE run (number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
                       "name TEXT NOT NULL, plan TEXT NOT NULL, repeats INTEGER NOT NULL, "
                       "state TEXT NOT NULL, created_at BIGINT NOT NULL, last_at BIGINT NOT NULL, "
                       "finished_at BIGINT NOT NULL DEFAULT 0, "
                       "owner TEXT NOT NULL DEFAULT '', heartbeat_at BIGINT NOT NULL DEFAULT 0)"),
        QStringLiteral("CREATE TABLE prompt (run BIGINT NOT NULL REFERENCES run(number) ON DELETE "
                       "CASCADE, prompt INTEGER NOT NULL, id TEXT NOT NULL, segment TEXT NOT NULL, "
                       "messages TEXT NOT NULL, PRIMARY KEY (run, prompt))"),
        QStringLiteral("CREATE TABLE lane (run BIGINT NOT NULL REFERENCES run(number) ON DELETE "
                       "CASCADE, lane INTEGER NOT NULL, id TEXT NOT NULL, spec TEXT NOT NULL, "
                       "PRIMARY KEY (run, lane))"),
    };
}

QStringList cellTables()
{
    return {
        QStringLiteral("CREATE TABLE cell (") + cellKeyColumns() +
            QStringLiteral(
                "state TEXT NOT NULL, ticket BIGINT NOT NULL DEFAULT 0, "
                "shown BIGINT NOT NULL DEFAULT 0, worth INTEGER NOT NULL DEFAULT 0, "
                "attempts INTEGER NOT NULL DEFAULT 0, settled_at BIGINT NOT NULL DEFAULT 0, "
                "served_model TEXT NOT NULL DEFAULT '', failure_kind TEXT, "
                "first_text_ms DOUBLE PRECISION, total_ms DOUBLE PRECISION, input_tokens BIGINT, "
                "output_tokens BIGINT, tokens_estimated INTEGER NOT NULL DEFAULT 0, "
                "cost_pico BIGINT, cost_stated INTEGER NOT NULL DEFAULT 0, "
                "satisfied DOUBLE PRECISION, simulated INTEGER NOT NULL DEFAULT 0, "
                "characters BIGINT NOT NULL DEFAULT 0, "
                "PRIMARY KEY (run, prompt, lane, repeat)) %1"),
        QStringLiteral("CREATE TABLE answer (") + cellKeyColumns() +
            QStringLiteral(
                // What all answers are sorted by stands before the texts, which may be long.
                "ticket BIGINT NOT NULL, state TEXT NOT NULL, recorded_at BIGINT NOT NULL, "
                "style_guide TEXT NOT NULL, text TEXT NOT NULL, "
                "reasoning TEXT NOT NULL, served_model TEXT NOT NULL, finish_reason TEXT NOT NULL, "
                "failure_kind TEXT, failure TEXT NOT NULL, headers_ms DOUBLE PRECISION, "
                "first_event_ms DOUBLE PRECISION, first_reasoning_ms DOUBLE PRECISION, "
                "first_text_ms DOUBLE PRECISION, total_ms DOUBLE PRECISION, "
                "connect_ms DOUBLE PRECISION, input_uncached BIGINT, cache_read BIGINT, "
                "cache_write BIGINT, output_tokens BIGINT, reasoning_tokens BIGINT, "
                "tokens_estimated INTEGER NOT NULL, cost_pico BIGINT, "
                "cost_stated INTEGER NOT NULL, retries TEXT NOT NULL, dropped TEXT NOT NULL, "
                "cached_from TEXT NOT NULL, request TEXT NOT NULL, route TEXT NOT NULL, "
                "satisfied DOUBLE PRECISION, simulated INTEGER NOT NULL, "
                "PRIMARY KEY (run, prompt, lane, repeat, ticket))"),
        QStringLiteral("CREATE INDEX answer_by_request ON answer (request) WHERE request <> ''"),
        QStringLiteral("CREATE TABLE piece (") + cellKeyColumns() +
            QStringLiteral("ticket BIGINT NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, "
                           "reasoning TEXT NOT NULL, "
                           "PRIMARY KEY (run, prompt, lane, repeat, ticket, seq)) %1"),
    };
}

QStringList remarkTables()
{
    return {
        QStringLiteral("CREATE TABLE note (") + cellKeyColumns() +
            QStringLiteral("provenance TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, "
                           "starred INTEGER NOT NULL, written_at BIGINT NOT NULL, "
                           "PRIMARY KEY (run, prompt, lane, repeat, provenance, author))"),
        QStringLiteral("CREATE TABLE pricing (run BIGINT NOT NULL REFERENCES run(number) ON DELETE "
                       "CASCADE, name TEXT NOT NULL, made_at BIGINT NOT NULL, "
                       "PRIMARY KEY (run, name))"),
        QStringLiteral("CREATE TABLE priced_cell (") + cellKeyColumns() +
            QStringLiteral("pricing TEXT NOT NULL, cost_pico BIGINT, "
                           "PRIMARY KEY (run, pricing, prompt, lane, repeat)) %1"),
    };
}

QStringList tastingTables()
{
    return {
        QStringLiteral("CREATE TABLE tasting (run BIGINT NOT NULL REFERENCES run(number) ON DELETE "
                       "CASCADE, number BIGINT NOT NULL, sheet TEXT NOT NULL, "
                       "begun_at BIGINT NOT NULL, PRIMARY KEY (run, number))"),
        QStringLiteral("CREATE TABLE taster (run BIGINT NOT NULL, tasting BIGINT NOT NULL, "
                       "rater TEXT NOT NULL, plan TEXT NOT NULL, joined_at BIGINT NOT NULL, "
                       "looked_at BIGINT NOT NULL, PRIMARY KEY (run, tasting, rater), "
                       "FOREIGN KEY (run, tasting) REFERENCES tasting (run, number) "
                       "ON DELETE CASCADE)"),
        QStringLiteral("CREATE TABLE vote (run BIGINT NOT NULL, tasting BIGINT NOT NULL, "
                       "rater TEXT NOT NULL, kind TEXT NOT NULL, task INTEGER NOT NULL, "
                       "vote TEXT NOT NULL, voted_at BIGINT NOT NULL, "
                       "PRIMARY KEY (run, tasting, rater, kind, task), "
                       "FOREIGN KEY (run, tasting, rater) REFERENCES taster (run, tasting, rater) "
                       "ON DELETE CASCADE)"),
    };
}

QStringList judgeTables()
{
    return {
        QStringLiteral("CREATE TABLE judging (run BIGINT NOT NULL, tasting BIGINT NOT NULL, "
                       "number BIGINT NOT NULL, plan TEXT NOT NULL, begun_at BIGINT NOT NULL, "
                       "PRIMARY KEY (run, tasting, number), "
                       "FOREIGN KEY (run, tasting) REFERENCES tasting (run, number) "
                       "ON DELETE CASCADE)"),
        QStringLiteral("CREATE TABLE judge_call (run BIGINT NOT NULL, tasting BIGINT NOT NULL, "
                       "judging BIGINT NOT NULL, call INTEGER NOT NULL, record TEXT NOT NULL, "
                       "written_at BIGINT NOT NULL, PRIMARY KEY (run, tasting, judging, call), "
                       "FOREIGN KEY (run, tasting, judging) REFERENCES judging (run, tasting, "
                       "number) ON DELETE CASCADE)"),
    };
}

QString versionStatement(StoreBackend backend, int version)
{
    return backend == StoreBackend::Sqlite
               ? QStringLiteral("PRAGMA user_version = %1").arg(version)
               : QStringLiteral("UPDATE signalbox_schema SET version = %1").arg(version);
}

Result<void> runAll(StoreConnection& connection, const QStringList& statements)
{
    const QString sorted =
        connection.backend() == StoreBackend::Sqlite ? QStringLiteral("WITHOUT ROWID") : QString();
    for (const QString& statement : statements) {
        if (auto done =
                connection.run(QString(statement).replace(QLatin1String("%1"), sorted), kMigrating);
            !done)
            return done;
    }
    return {};
}

/// Runs one step, unless another program has done it meanwhile.
Result<void> runStep(StoreConnection& connection, int from, int to,
                     const std::function<Result<void>()>& step)
{
    return connection.inTransaction(kMigrating, [&]() -> Result<void> {
        if (connection.backend() == StoreBackend::Postgres) {
            if (auto locked = connection.run(QLatin1String(kLockSchema), kMigrating); !locked)
                return locked;
        }
        const auto version = storeVersion(connection);
        if (!version)
            return Unexpected(version.error());
        if (*version != from)
            return {};
        if (auto done = step(); !done)
            return done;
        return connection.run(versionStatement(connection.backend(), to), kMigrating);
    });
}

/// What tells a store of ours from everything else, then its tables.
Result<void> makeTables(StoreConnection& connection, const QStringList& tables)
{
    QStringList marks = {QStringLiteral("PRAGMA application_id = %1").arg(kStoreApplicationId)};
    if (connection.backend() == StoreBackend::Postgres)
        marks = {QStringLiteral("CREATE TABLE signalbox_schema (version INTEGER NOT NULL)"),
                 QStringLiteral("INSERT INTO signalbox_schema VALUES (0)")};
    return runAll(connection, marks + tables);
}

Result<void> goOnFrom(StoreConnection& connection, int version,
                      const std::vector<QStringList>& steps)
{
    const QStringList& first = steps.front();
    if (version == 0)
        return runStep(connection, version, kFirstStoreVersion,
                       [&] { return makeTables(connection, first); });
    if (version < kFirstStoreVersion - 1)
        return runStep(connection, version, version + 1, [&] {
            return runAll(connection, oldEvidenceSteps()[static_cast<std::size_t>(version)]);
        });
    if (version < kFirstStoreVersion)
        return runStep(connection, version, kFirstStoreVersion, [&] {
            return takeOverOldEvidence(connection, [&] { return makeTables(connection, first); });
        });
    const int place = version - kFirstStoreVersion + 1;
    return runStep(connection, version, version + 1,
                   [&] { return runAll(connection, steps[static_cast<std::size_t>(place)]); });
}

} // namespace

const std::vector<QStringList>& storeMigrations()
{
    static const std::vector<QStringList> steps = {
        runTables() + cellTables() + remarkTables(),
        tastingTables(),
        judgeTables(),
    };
    return steps;
}

int newestStoreVersion(const std::vector<QStringList>& steps)
{
    return kFirstStoreVersion + static_cast<int>(steps.size()) - 1;
}

Result<int> storeVersion(StoreConnection& connection)
{
    if (connection.backend() == StoreBackend::Sqlite) {
        auto rows = connection.select("PRAGMA user_version", {}, kReading);
        if (!rows)
            return Unexpected(rows.error());
        return rows->next() ? static_cast<int>(rows->integer(0)) : 0;
    }
    {
        // Not to_regclass(): it looks into a cache that does not hear of a table another program
        // has made since the transaction began.
        auto known = connection.select("SELECT 1 FROM pg_tables WHERE schemaname = "
                                       "current_schema() AND tablename = 'signalbox_schema'",
                                       {}, kReading);
        if (!known)
            return Unexpected(known.error());
        if (!known->next())
            return 0;
    }
    auto rows = connection.select("SELECT version FROM signalbox_schema", {}, kReading);
    if (!rows)
        return Unexpected(rows.error());
    return rows->next() ? static_cast<int>(rows->integer(0)) : 0;
}

Unexpected newerStore(const StoreConnection& connection, int version, int known)
{
    return fail(ErrorCode::Unsupported,
                "the store was written by a newer version of Signalbox (schema " +
                    std::to_string(version) + ", this one knows " + std::to_string(known) + ")",
                toString(connection.address()), "update Signalbox; the store was not touched");
}

Result<void> migrateStore(StoreConnection& connection, const std::vector<QStringList>& steps)
{
    const int newest = newestStoreVersion(steps);
    for (;;) {
        const auto version = storeVersion(connection);
        if (!version)
            return Unexpected(version.error());
        if (*version > newest)
            return newerStore(connection, *version, newest);
        if (*version == newest)
            return {};
        if (auto done = goOnFrom(connection, *version, steps); !done)
            return done;
    }
}

} // namespace signalbox
