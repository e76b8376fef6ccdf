// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_connection.h"

#include "store_failure.h"
#include "store_text.h"

#include <core/base/clock.h>

#include <QSqlError>
#include <QUuid>

#include <utility>

namespace signalbox {

namespace {

constexpr const char* kOpening = "cannot open the store";

QString connectOptions(const SqliteStore&, const StorePatience& patience)
{
    return QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(patience.lockMs);
}

QString connectOptions(const PostgresStore& server, const StorePatience& patience)
{
    // The kernel itself would wait for a server that fell off the net for a quarter of an hour.
    return QStringLiteral("connect_timeout=%1;tcp_user_timeout=%2;application_name=signalbox%3")
        .arg(patience.connectSeconds)
        .arg(patience.connectSeconds * 2'000)
        .arg(server.requiresTls ? QStringLiteral(";sslmode=require") : QString());
}

QStringList setUp(const SqliteStore&, const StorePatience&)
{
    // FULL, not NORMAL: with NORMAL a power cut may take the last transactions with it, and these
    // hold answers that were paid for. Finished answers are written in groups, on a thread of their
    // own, so that flushing costs nobody's time. None of these changes the file.
    return {QStringLiteral("PRAGMA synchronous = FULL"), QStringLiteral("PRAGMA foreign_keys = ON"),
            QStringLiteral("PRAGMA journal_size_limit = 67108864")};
}

QStringList setUp(const PostgresStore&, const StorePatience& patience)
{
    return {
        QStringLiteral("SET client_min_messages = warning"),
        QStringLiteral("SET lock_timeout = %1").arg(patience.lockMs),
        QStringLiteral("SET statement_timeout = %1").arg(patience.statementMs),
        // A program that hangs in a transaction must not lock out the team.
        QStringLiteral("SET idle_in_transaction_session_timeout = %1").arg(patience.statementMs)};
}

} // namespace

StoreRows::~StoreRows()
{
    if (m_query)
        m_query->finish();
}

std::string StoreRows::text(int column) const
{
    return fromStoredText(m_query->value(column).toString());
}

std::int64_t StoreRows::integer(int column) const
{
    return m_query->value(column).toLongLong();
}

std::optional<std::int64_t> StoreRows::optionalInteger(int column) const
{
    const QVariant value = m_query->value(column);
    return value.isNull() ? std::nullopt : std::optional<std::int64_t>(value.toLongLong());
}

std::optional<double> StoreRows::optionalDouble(int column) const
{
    const QVariant value = m_query->value(column);
    return value.isNull() ? std::nullopt : std::optional(value.toDouble());
}

StoreConnection::StoreConnection(StoreAddress address, QString name)
    : m_address(std::move(address)), m_name(std::move(name))
{}

StoreConnection::~StoreConnection()
{
    // The statements last: those of a lost connection would complain, one by one, that they cannot
    // tell the server that they go.
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
    m_statements.clear();
}

Result<std::unique_ptr<StoreConnection>> StoreConnection::connect(const StoreAddress& address,
                                                                  const StorePatience& patience)
{
    std::unique_ptr<StoreConnection> connection(
        new StoreConnection(address, QUuid::createUuid().toString(QUuid::WithoutBraces)));
    if (auto opened = connection->open(patience); !opened)
        return Unexpected(std::move(opened.error()));
    return connection;
}

Result<void> StoreConnection::open(const StorePatience& patience)
{
    const bool isFile = backend() == StoreBackend::Sqlite;
    m_database = QSqlDatabase::addDatabase(
        isFile ? QStringLiteral("QSQLITE") : QStringLiteral("QPSQL"), m_name);
    if (!m_database.isValid())
        return fail(ErrorCode::NotFound,
                    isFile ? "Qt's SQLite driver is not installed"
                           : "Qt's PostgreSQL driver is not installed",
                    {},
                    isFile ? "install the package libqt6sql6-sqlite"
                           : "install the package libqt6sql6-psql");
    if (const auto* server = std::get_if<PostgresStore>(&m_address)) {
        m_database.setHostName(QString::fromStdString(server->host));
        m_database.setPort(server->port);
        m_database.setDatabaseName(QString::fromStdString(server->database));
        m_database.setUserName(QString::fromStdString(server->user));
        m_database.setPassword(QString::fromStdString(server->password));
    } else {
        m_database.setDatabaseName(
            QString::fromStdString(std::get<SqliteStore>(m_address).file.string()));
    }
    m_database.setConnectOptions(
        std::visit([&](const auto& store) { return connectOptions(store, patience); }, m_address));
    if (!m_database.open())
        return failure(kOpening, m_database.lastError());
    const QStringList statements =
        std::visit([&](const auto& store) { return setUp(store, patience); }, m_address);
    for (const QString& statement : statements) {
        if (auto done = run(statement, kOpening); !done)
            return done;
    }
    return {};
}

StoreBackend StoreConnection::backend() const
{
    return std::holds_alternative<SqliteStore>(m_address) ? StoreBackend::Sqlite
                                                          : StoreBackend::Postgres;
}

Unexpected StoreConnection::failure(const char* action, const QSqlError& sql) const
{
    return Unexpected(storeFailure(m_address, action, sql));
}

Result<void> StoreConnection::run(const QString& statement, const char* action)
{
    QSqlQuery query(m_database);
    if (!query.exec(statement))
        return failure(action, query.lastError());
    return {};
}

Result<QSqlQuery*> StoreConnection::prepared(std::string_view statement, const char* action)
{
    const auto known = m_statements.find(statement);
    if (known != m_statements.end())
        return known->second.get();
    auto query = std::make_unique<QSqlQuery>(m_database);
    query->setForwardOnly(true);
    if (!query->prepare(
            QString::fromUtf8(statement.data(), static_cast<qsizetype>(statement.size()))))
        return failure(action, query->lastError());
    return m_statements.emplace(statement, std::move(query)).first->second.get();
}

Result<std::int64_t> StoreConnection::change(std::string_view statement, const QVariantList& values,
                                             const char* action)
{
    const auto query = prepared(statement, action);
    if (!query)
        return Unexpected(query.error());
    for (qsizetype i = 0; i < values.size(); ++i)
        (*query)->bindValue(static_cast<int>(i), values[i]);
    if (!(*query)->exec())
        return failure(action, (*query)->lastError());
    const std::int64_t changed = (*query)->numRowsAffected();
    (*query)->finish();
    return changed;
}

Result<StoreRows> StoreConnection::select(std::string_view statement, const QVariantList& values,
                                          const char* action)
{
    const auto query = prepared(statement, action);
    if (!query)
        return Unexpected(query.error());
    for (qsizetype i = 0; i < values.size(); ++i)
        (*query)->bindValue(static_cast<int>(i), values[i]);
    if (!(*query)->exec())
        return failure(action, (*query)->lastError());
    return StoreRows(**query);
}

Result<void> StoreConnection::endOf(const StoreRows& rows, const char* action) const
{
    const QSqlError error = rows.query().lastError();
    if (error.isValid())
        return failure(action, error);
    return {};
}

Result<void> StoreConnection::begin(Purpose purpose, const char* action)
{
    if (backend() == StoreBackend::Postgres)
        return run(purpose == Purpose::Write
                       ? QStringLiteral("BEGIN")
                       : QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                   action);
    // A plain BEGIN would take the right to write only at the first statement that writes, and then
    // without waiting for it.
    return run(purpose == Purpose::Write ? QStringLiteral("BEGIN IMMEDIATE")
                                         : QStringLiteral("BEGIN"),
               action);
}

void StoreConnection::rollBack()
{
    // What failed has been said already, and a lost connection has rolled back by itself.
    QSqlQuery(m_database).exec(QStringLiteral("ROLLBACK"));
}

Result<void> StoreConnection::copyTo(const std::filesystem::path& file, const char* action)
{
    const auto copied = change("VACUUM INTO ?", {QString::fromStdString(file.string())}, action);
    return copied ? Result<void>() : Unexpected(copied.error());
}

Result<void> StoreConnection::refuseWrites(const char* action)
{
    // Not QSQLITE_OPEN_READONLY: such a connection leaves the files of the write-ahead log behind.
    return run(backend() == StoreBackend::Sqlite
                   ? QStringLiteral("PRAGMA query_only = ON")
                   : QStringLiteral("SET default_transaction_read_only = on"),
               action);
}

Result<std::int64_t> StoreConnection::nowMs()
{
    if (backend() == StoreBackend::Sqlite)
        return systemClock().unixMs();
    auto rows = select("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)", {},
                       "cannot ask the shared store for the time");
    if (!rows)
        return Unexpected(rows.error());
    return rows->next() ? rows->integer(0) : systemClock().unixMs();
}

} // namespace signalbox
