// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store_address.h"

#include <core/base/result.h>

#include <string>

class QSqlError;

namespace signalbox {

/// An error of a database as an Error whose code says what can be done about it:
///   Refused        another program keeps the store locked: passes by itself
///   NetworkError   the server is gone: passes by itself or not, a new connection is needed
///   IoError        disk full, no permission, read error: passes once somebody has made room
///   ParseError     the file is damaged, or no database at all
///   InvalidArgument the statement broke a promise of the schema: would fail again
/// @param action  what was wanted: "cannot record answers"
[[nodiscard]] Error storeFailure(const StoreAddress& address, const std::string& action,
                                 const QSqlError& sql);

/// Whether the same write may succeed later.
[[nodiscard]] bool mayPass(const Error& error);

/// Whether the store's file cannot be used any more, so that it has to be set aside.
[[nodiscard]] bool isDamage(const Error& error);

} // namespace signalbox
