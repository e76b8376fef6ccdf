// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

namespace signalbox {

/// A store of one person: one SQLite file.
struct SqliteStore
{
    std::filesystem::path file;
    bool operator==(const SqliteStore&) const = default;
};

/// A store that a team shares: a PostgreSQL database. How the server knows the person is libpq's
/// business (~/.pgpass, PGPASSFILE, a certificate); a password that the program got from the
/// keychain can be given for this session. It is in no text made from an address.
struct PostgresStore
{
    std::string host; ///< a name, an address, or the folder of a Unix socket
    int port = 5432;
    std::string database;
    std::string user;         ///< empty: libpq's choice, the person's login
    std::string password;     ///< of this session; empty: as libpq finds it
    bool requiresTls = false; ///< sslmode=require instead of libpq's default
    bool operator==(const PostgresStore&) const = default;
};

using StoreAddress = std::variant<SqliteStore, PostgresStore>;

/// Reads what a setting holds: "postgresql://[user@]host[:port]/database[?sslmode=require]", or the
/// path of a file. The folder of a Unix socket is given as "?host=/run/postgresql". InvalidArgument
/// for anything else, and for an address with a password in it: settings hold none.
[[nodiscard]] Result<StoreAddress> parseStoreAddress(std::string_view text);

/// The inverse, and how messages name a store. Never has the password.
[[nodiscard]] std::string toString(const StoreAddress& address);

} // namespace signalbox
