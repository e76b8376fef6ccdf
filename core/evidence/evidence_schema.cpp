// SPDX-License-Identifier: GPL-3.0-or-later
#include "evidence_schema.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

namespace signalbox {

namespace {

Unexpected sqlError(const char* action, const QSqlError& error)
{
    return fail(ErrorCode::IoError, std::string(action) + ": " + error.databaseText().toStdString(),
                {}, "check the disk and the folder's permissions");
}

/// Runs one step unless another program has done it meanwhile: the version is read again behind
/// the lock that keeps all others from writing.
/// @return the version the file has now
Result<int> runNextStep(QSqlDatabase& database, int target)
{
    QSqlQuery query(database);
    // Not transaction(), which would take the lock only with the first statement that writes.
    if (!query.exec(QStringLiteral("BEGIN IMMEDIATE")))
        return sqlError("cannot write the evidence file", query.lastError());
    const auto giveUp = [&](Unexpected why) {
        query.exec(QStringLiteral("ROLLBACK"));
        return why;
    };
    const auto version = evidenceSchemaVersion(database);
    if (!version)
        return giveUp(Unexpected(version.error()));
    if (*version >= target) {
        query.exec(QStringLiteral("ROLLBACK"));
        return *version;
    }
    QStringList statements = evidenceMigrations()[*version];
    statements << QStringLiteral("PRAGMA user_version = %1").arg(*version + 1)
               << QStringLiteral("COMMIT");
    for (const QString& statement : std::as_const(statements)) {
        if (!query.exec(statement))
            return giveUp(sqlError("cannot bring the evidence file up to date", query.lastError()));
    }
    return *version + 1;
}

} // namespace

const QList<QStringList>& evidenceMigrations()
{
    static const QList<QStringList> steps = {
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

Unexpected newerEvidence(int version)
{
    return fail(ErrorCode::Unsupported,
                "the evidence file was written by a newer version of Signalbox (schema " +
                    std::to_string(version) + ", this one knows " +
                    std::to_string(evidenceMigrations().size()) + ")",
                {}, "update Signalbox; the file was not touched");
}

Result<int> evidenceSchemaVersion(QSqlDatabase& database)
{
    QSqlQuery query(database);
    if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next())
        return sqlError("cannot read the evidence file", query.lastError());
    return query.value(0).toInt();
}

Result<void> migrateEvidence(QSqlDatabase& database, int upTo)
{
    auto version = evidenceSchemaVersion(database);
    if (!version)
        return Unexpected(version.error());
    if (*version > evidenceMigrations().size())
        return newerEvidence(*version);
    const int target = upTo < 0 ? static_cast<int>(evidenceMigrations().size()) : upTo;
    while (*version < target) {
        version = runNextStep(database, target);
        if (!version)
            return Unexpected(version.error());
    }
    return {};
}

} // namespace signalbox
