// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store_address.h"

#include <core/base/result.h>

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// How long a connection waits before it gives up with a sentence.
struct StorePatience
{
    int lockMs = 5'000;        ///< for a lock of another program
    int connectSeconds = 5;    ///< for a server to answer
    int statementMs = 120'000; ///< for one statement of a server
};

enum class StoreBackend { Sqlite, Postgres };

/// The rows of one statement, read once from front to back. Ends the statement when it goes.
class StoreRows
{
public:
    explicit StoreRows(QSqlQuery& query) : m_query(&query) {}
    ~StoreRows();
    StoreRows(StoreRows&& other) noexcept : m_query(std::exchange(other.m_query, nullptr)) {}
    StoreRows& operator=(StoreRows&&) = delete;

    [[nodiscard]] bool next() { return m_query->next(); }

    // Columns from 0.
    [[nodiscard]] QVariant value(int column) const { return m_query->value(column); }
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<std::int64_t> optionalInteger(int column) const;
    [[nodiscard]] std::optional<double> optionalDouble(int column) const;

    [[nodiscard]] QSqlQuery& query() const { return *m_query; }

private:
    QSqlQuery* m_query;
};

/// One connection to a store and its kept statements. Used on the thread that opened it, and on no
/// other. Knows what differs between the two databases; knows nothing of runs and cells.
class StoreConnection
{
public:
    /// Connects and sets the connection up. Creates a missing file and changes nothing in one that
    /// is there.
    [[nodiscard]] static Result<std::unique_ptr<StoreConnection>>
    connect(const StoreAddress& address, const StorePatience& patience);
    ~StoreConnection();
    StoreConnection(const StoreConnection&) = delete;
    StoreConnection& operator=(const StoreConnection&) = delete;

    [[nodiscard]] StoreBackend backend() const;
    [[nodiscard]] const StoreAddress& address() const { return m_address; }

    /// A statement without values and rows, prepared for this once.
    [[nodiscard]] Result<void> run(const QString& statement, const char* action);
    /// A statement with "?" for each value, prepared once and kept.
    /// @param action  what an error says was wanted: "cannot list the runs"
    /// @return  how many rows it changed
    [[nodiscard]] Result<std::int64_t> change(std::string_view statement,
                                              const QVariantList& values, const char* action);
    /// The same for a statement that gives rows. The rows go before it is used again.
    [[nodiscard]] Result<StoreRows> select(std::string_view statement, const QVariantList& values,
                                           const char* action);
    /// What reading stopped at, if it was not the end: asked after the last next().
    [[nodiscard]] Result<void> endOf(const StoreRows& rows, const char* action) const;

    /// Runs `body`, which gives a Result<void>, whole or not at all. Takes the right to write at
    /// once, so that nobody comes in between what it reads and what it writes.
    template<class Body> [[nodiscard]] Result<void> inTransaction(const char* action, Body body)
    {
        return within(Purpose::Write, action, std::move(body));
    }

    /// The same for several statements that read: they all see the store of one moment.
    template<class Body> [[nodiscard]] Result<void> inSnapshot(const char* action, Body body)
    {
        return within(Purpose::Read, action, std::move(body));
    }

    /// A whole copy of a SQLite store, which must not be there yet.
    [[nodiscard]] Result<void> copyTo(const std::filesystem::path& file, const char* action);
    /// From now on every statement that writes fails.
    [[nodiscard]] Result<void> refuseWrites(const char* action);

    /// The store's clock, which all its programs share: that of the server, or of this computer.
    /// Unix time in ms.
    [[nodiscard]] Result<std::int64_t> nowMs();

private:
    enum class Purpose { Write, Read };

    StoreConnection(StoreAddress address, QString name);
    [[nodiscard]] Result<void> open(const StorePatience& patience);
    [[nodiscard]] Result<void> begin(Purpose purpose, const char* action);
    void rollBack();
    template<class Body> Result<void> within(Purpose purpose, const char* action, Body body)
    {
        if (auto begun = begin(purpose, action); !begun)
            return begun;
        if (Result<void> done = body(); !done) {
            rollBack();
            return done;
        }
        if (auto committed = run(QStringLiteral("COMMIT"), action); !committed) {
            rollBack();
            return committed;
        }
        return {};
    }
    [[nodiscard]] Result<QSqlQuery*> prepared(std::string_view statement, const char* action);
    [[nodiscard]] Unexpected failure(const char* action, const QSqlError& sql) const;

    StoreAddress m_address;
    QString m_name;
    QSqlDatabase m_database;
    std::map<std::string_view, std::unique_ptr<QSqlQuery>> m_statements; ///< keys are literals
};

} // namespace signalbox
