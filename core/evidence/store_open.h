// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store_connection.h"
#include "store_schema.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

/// What becomes of a file that is damaged, or no database at all.
enum class OnDamage {
    Refuse,   ///< an error; nothing is touched
    SetAside, ///< it is kept under another name beside a new, empty store
};

struct StoreOptions
{
    StorePatience patience = {};
    OnDamage onDamage = OnDamage::Refuse;
    std::vector<QStringList> migrations = storeMigrations(); ///< tests give others
};

struct OpenedStore
{
    std::unique_ptr<StoreConnection> connection;
    std::string notice; ///< a sentence, if a damaged file was set aside
};

/// Connects to a store, makes it if there is none, and brings it up to date, a SQLite file after a
/// copy of it (FILE.v1.bak). Several threads and programs may do so at once. A new file is readable
/// by its owner only.
/// @return Unsupported if it is newer, InvalidArgument if it is another program's file, both with
///         nothing changed; else as storeFailure() says
[[nodiscard]] Result<OpenedStore> openStore(const StoreAddress& address,
                                            const StoreOptions& options);

/// Connects to a store and changes nothing about it: whoever asks looks at its version.
/// @return Unsupported if it is newer, InvalidArgument if it is another program's file
[[nodiscard]] Result<std::unique_ptr<StoreConnection>> openAsItIs(const StoreAddress& address,
                                                                  const StoreOptions& options);

/// Renames a damaged file and what belongs to it (-wal, -shm). Only if it really cannot be opened;
/// no other window may have it open and well.
/// @return the new name: FILE.damaged-20261126-204512
[[nodiscard]] Result<std::filesystem::path> setStoreAside(const SqliteStore& store,
                                                          const StoreOptions& options);

/// Reads the whole store and checks it. Takes as long as reading the file does. PostgreSQL sees to
/// this by itself: there it only asks whether the store answers.
/// @return ParseError with the first problem
[[nodiscard]] Result<void> checkStore(StoreConnection& connection);

} // namespace signalbox
