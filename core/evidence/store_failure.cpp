// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_failure.h"

#include <QSqlError>
#include <QString>

namespace signalbox {

namespace {

struct Verdict
{
    ErrorCode code = ErrorCode::IoError;
    const char* sentence = ""; ///< empty: the database's own words
    const char* hint = "";
};

/// In what libpq says when a server was reached, but let nobody in: no SQLSTATE comes with it.
constexpr QLatin1String kRefusal("FATAL:");
constexpr const char* kSafe = "what was recorded before is safe; ";

/// Primary result codes: https://www.sqlite.org/rescode.html
Verdict verdictOfSqlite(int code)
{
    constexpr int kTriggerRefused = 1811; ///< SQLITE_CONSTRAINT_TRIGGER: not one of ours
    if (code == kTriggerRefused)
        return {ErrorCode::IoError, "", "see what keeps the store from being written"};
    constexpr int kWriteError = 778; ///< SQLITE_IOERR_WRITE, e.g. at a limit of the file's size
    if (code == kWriteError)
        return {ErrorCode::IoError, "the disk or the file's limit is full",
                "free some disk space, then go on"};
    switch (code & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
        return {ErrorCode::Refused, "another window or program keeps the store locked",
                "close the other window or wait; writing is tried again"};
    case 8:  // SQLITE_READONLY
    case 3:  // SQLITE_PERM
    case 23: // SQLITE_AUTH
        return {ErrorCode::IoError, "the store may not be written",
                "check the permissions of the file and its folder"};
    case 13: // SQLITE_FULL
        return {ErrorCode::IoError, "the disk is full", "free some disk space, then go on"};
    case 14: // SQLITE_CANTOPEN
        return {ErrorCode::IoError, "the file cannot be opened",
                "check the permissions of the file and its folder"};
    case 11: // SQLITE_CORRUPT
        return {ErrorCode::ParseError, "the store is damaged",
                "set the file aside and begin a new one"};
    case 26: // SQLITE_NOTADB
        return {ErrorCode::ParseError, "the file is no store",
                "set the file aside and begin a new one"};
    case 19: // SQLITE_CONSTRAINT
    case 20: // SQLITE_MISMATCH
    case 18: // SQLITE_TOOBIG
    case 1:  // SQLITE_ERROR: a statement that cannot be
        return {ErrorCode::InvalidArgument};
    default:
        return {ErrorCode::IoError, "", "check the disk"};
    }
}

/// SQLSTATE: PostgreSQL 15, appendix A.
Verdict verdictOfPostgres(const QString& state)
{
    const auto is = [&](const char* prefix) { return state.startsWith(QLatin1String(prefix)); };
    if (state.isEmpty() || is("08") || is("57P"))
        return {ErrorCode::NetworkError, "the shared store cannot be reached",
                "check the network and the server; what waits is kept and written once it is back"};
    if (is("28"))
        return {ErrorCode::IoError, "the shared store does not know this user or password",
                "check the user, and the password in ~/.pgpass or the keychain"};
    if (is("3D"))
        return {ErrorCode::NotFound, "the server has no such database",
                "have it made with createdb, or check the name"};
    if (is("42501") || is("25006"))
        return {ErrorCode::IoError, "this user may not write into the shared store",
                "have the right granted by whoever runs the server"};
    if (is("53100"))
        return {ErrorCode::IoError, "the disk of the shared store is full",
                "tell whoever runs the server; writing is tried again"};
    if (is("53"))
        return {ErrorCode::NetworkError, "the shared store has no room for another connection now",
                "wait; it is tried again"};
    if (is("57014"))
        return {ErrorCode::Refused, "the shared store took too long", "wait; it is tried again"};
    if (is("55P03") || is("40"))
        return {ErrorCode::Refused, "another program keeps the shared store locked",
                "wait; writing is tried again"};
    if (is("XX001") || is("XX002"))
        return {ErrorCode::IoError, "the shared store is damaged", "tell whoever runs the server"};
    if (is("22") || is("23") || is("42") || is("0A"))
        return {ErrorCode::InvalidArgument};
    return {ErrorCode::IoError, "", "tell whoever runs the server"};
}

} // namespace

Error storeFailure(const StoreAddress& address, const std::string& action, const QSqlError& sql)
{
    const bool isFile = std::holds_alternative<SqliteStore>(address);
    const Verdict verdict = isFile ? verdictOfSqlite(sql.nativeErrorCode().toInt())
                                   : verdictOfPostgres(sql.nativeErrorCode());
    const QString words = sql.databaseText().trimmed().section(QLatin1Char('\n'), 0, 0);
    std::string why = verdict.sentence;
    if (why.empty())
        why = words.toStdString();
    else if (verdict.code == ErrorCode::NetworkError && words.contains(kRefusal))
        why = "the server of the shared store says \"" +
              words.section(kRefusal, 1).trimmed().toStdString() + "\"";
    std::string hint = verdict.hint;
    if (verdict.code == ErrorCode::IoError && !hint.empty())
        hint = kSafe + hint;
    return {verdict.code, action + ": " + why, toString(address), std::move(hint)};
}

bool mayPass(const Error& error)
{
    return error.code == ErrorCode::Refused || error.code == ErrorCode::NetworkError ||
           error.code == ErrorCode::IoError;
}

bool isDamage(const Error& error)
{
    return error.code == ErrorCode::ParseError;
}

} // namespace signalbox
