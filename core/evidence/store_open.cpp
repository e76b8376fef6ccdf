// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_open.h"

#include "old_evidence.h"
#include "store_failure.h"

#include <QDateTime>
#include <QLockFile>
#include <QUuid>
#include <fcntl.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace signalbox {

namespace {

constexpr const char* kOpening = "cannot open the store";

Unexpected cannotTouch(const std::string& what, const std::error_code& why,
                       const std::filesystem::path& path)
{
    return fail(ErrorCode::IoError, what + ": " + why.message(), path.string(),
                "free some disk space or check the folder's permissions");
}

/// Prompts and answers are nobody else's business: SQLite itself would go by the umask.
Result<void> makeFile(const std::filesystem::path& file)
{
    std::error_code failed;
    if (!file.parent_path().empty())
        std::filesystem::create_directories(file.parent_path(), failed);
    if (failed)
        return cannotTouch("cannot make the folder of the store", failed, file.parent_path());
    const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (made >= 0)
        ::close(made);
    return {}; // one that is there, or cannot be made, SQLite speaks of
}

/// What is in a SQLite file before anything is written to it.
Result<void> checkIsOurs(StoreConnection& connection)
{
    if (connection.backend() != StoreBackend::Sqlite)
        return {};
    std::int64_t tables = 0;
    {
        auto rows = connection.select("SELECT count(*) FROM sqlite_master", {}, kOpening);
        if (!rows)
            return Unexpected(rows.error());
        if (rows->next())
            tables = rows->integer(0);
        if (auto end = connection.endOf(*rows, kOpening); !end)
            return end;
    }
    {
        auto rows = connection.select("PRAGMA application_id", {}, kOpening);
        if (!rows)
            return Unexpected(rows.error());
        if (tables == 0 || (rows->next() && rows->integer(0) == kStoreApplicationId))
            return {};
    }
    const auto isOld = isOldEvidence(connection);
    if (!isOld)
        return Unexpected(isOld.error());
    if (*isOld)
        return {};
    return fail(ErrorCode::InvalidArgument, "this file is no store of lab runs",
                toString(connection.address()), "name another file; it was not touched");
}

/// Two programs that open a new file at the same moment are in each other's way here, and SQLite
/// does not wait by itself.
Result<void> keepALog(StoreConnection& connection)
{
    // WAL: a window can read while a run writes, and a killed program leaves nothing to repair.
    if (connection.backend() != StoreBackend::Sqlite)
        return {};
    constexpr int kTries = 50;
    Result<void> done;
    for (int i = 0; i < kTries; ++i) {
        done = connection.run(QStringLiteral("PRAGMA journal_mode = WAL"), kOpening);
        if (done || done.error().code != ErrorCode::Refused)
            return done;
        ::usleep(20'000);
    }
    return done;
}

/// A whole copy of a file before it is migrated. If another program has migrated it meanwhile, that
/// one has made the copy.
Result<void> copyBefore(StoreConnection& connection, int version)
{
    const auto& file = std::get<SqliteStore>(connection.address()).file;
    const std::filesystem::path copy = file.string() + ".v" + std::to_string(version) + ".bak";
    const std::filesystem::path fresh =
        copy.string() + "." + QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    std::error_code failed;
    if (auto copied =
            connection.copyTo(fresh, "cannot copy the store before bringing it up to date");
        !copied)
        return copied;
    const auto now = storeVersion(connection);
    if (!now)
        return Unexpected(now.error());
    if (*now == version)
        std::filesystem::rename(fresh, copy, failed);
    else
        std::filesystem::remove(fresh, failed);
    if (failed)
        return cannotTouch("cannot copy the store before bringing it up to date", failed, copy);
    return {};
}

Result<OpenedStore> openHealthy(const StoreAddress& address, const StoreOptions& options)
{
    auto connection = openAsItIs(address, options);
    if (!connection)
        return Unexpected(connection.error());
    StoreConnection& store = **connection;
    const auto version = storeVersion(store);
    if (!version)
        return Unexpected(version.error());
    const int newest = newestStoreVersion(options.migrations);
    if (auto kept = keepALog(store); !kept)
        return Unexpected(kept.error());
    if (*version > 0 && *version < newest && store.backend() == StoreBackend::Sqlite) {
        if (auto copied = copyBefore(store, *version); !copied)
            return Unexpected(copied.error());
    }
    if (auto migrated = migrateStore(store, options.migrations); !migrated)
        return Unexpected(migrated.error());
    return OpenedStore{std::move(*connection), {}};
}

} // namespace

Result<std::unique_ptr<StoreConnection>> openAsItIs(const StoreAddress& address,
                                                    const StoreOptions& options)
{
    auto connection = StoreConnection::connect(address, options.patience);
    if (!connection)
        return Unexpected(connection.error());
    if (auto ours = checkIsOurs(**connection); !ours)
        return Unexpected(ours.error());
    const auto version = storeVersion(**connection);
    if (!version)
        return Unexpected(version.error());
    const int newest = newestStoreVersion(options.migrations);
    if (*version > newest)
        return newerStore(**connection, *version, newest);
    return connection;
}

Result<OpenedStore> openStore(const StoreAddress& address, const StoreOptions& options)
{
    const auto* file = std::get_if<SqliteStore>(&address);
    if (file) {
        if (auto made = makeFile(file->file); !made)
            return Unexpected(made.error());
    }
    auto opened = openHealthy(address, options);
    if (opened || !file || !isDamage(opened.error()) || options.onDamage == OnDamage::Refuse)
        return opened;
    const auto aside = setStoreAside(*file, options);
    if (!aside)
        return Unexpected(aside.error());
    const std::string why = opened.error().message;
    if (auto made = makeFile(file->file); !made)
        return Unexpected(made.error());
    opened = openHealthy(address, options);
    if (opened && !aside->empty())
        opened->notice = why + "; it was kept as " + aside->string() + ", and a new one begun";
    return opened;
}

Result<std::filesystem::path> setStoreAside(const SqliteStore& store, const StoreOptions& options)
{
    // Two windows that find the damage at once must not carry off each other's new store.
    QLockFile lock(QString::fromStdString(store.file.string()) + QStringLiteral(".aside.lock"));
    if (!lock.tryLock(options.patience.lockMs))
        return fail(ErrorCode::Refused, "another window is setting the damaged store aside",
                    store.file.string(), "wait a moment and try again");
    if (openHealthy(store, options))
        return std::filesystem::path(); // another window was first
    const std::string aside =
        store.file.string() + ".damaged-" +
        QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss")).toStdString();
    for (const char* part : {"-wal", "-shm", ""}) {
        std::error_code failed;
        const std::filesystem::path from = store.file.string() + part;
        if (std::filesystem::exists(from, failed))
            std::filesystem::rename(from, aside + part, failed);
        if (failed)
            return cannotTouch("cannot set the damaged store aside", failed, from);
    }
    return std::filesystem::path(aside);
}

Result<void> checkStore(StoreConnection& connection)
{
    constexpr const char* kChecking = "cannot check the store";
    if (connection.backend() != StoreBackend::Sqlite) {
        const auto asked = connection.nowMs();
        return asked ? Result<void>() : Unexpected(asked.error());
    }
    auto rows = connection.select("PRAGMA quick_check(1)", {}, kChecking);
    if (!rows)
        return Unexpected(rows.error());
    if (rows->next() && rows->text(0) == "ok")
        return {};
    return fail(ErrorCode::ParseError, "the store is damaged", toString(connection.address()),
                "set the file aside and begin a new one");
}

} // namespace signalbox
