// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_address.h"

#include <QUrl>
#include <QUrlQuery>

namespace signalbox {

namespace {

constexpr int kUsualPort = 5432;

Unexpected unreadable(std::string message)
{
    return fail(ErrorCode::InvalidArgument, std::move(message), {},
                "write postgresql://user@host:5432/database, or the path of a file");
}

Result<StoreAddress> parsePostgres(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid())
        return unreadable("the address of the shared store cannot be read");
    if (!url.password().isEmpty())
        return fail(ErrorCode::InvalidArgument, "settings hold no passwords", {},
                    "take it out of the address; put it into ~/.pgpass or the keychain");
    PostgresStore store;
    store.host = url.host(QUrl::FullyDecoded).toStdString();
    store.port = url.port(kUsualPort);
    store.user = url.userName(QUrl::FullyDecoded).toStdString();
    store.database = url.path(QUrl::FullyDecoded).mid(1).toStdString();
    const QUrlQuery query(url);
    for (const auto& [name, value] : query.queryItems(QUrl::FullyDecoded)) {
        if (name == QLatin1String("host"))
            store.host = value.toStdString();
        else if (name == QLatin1String("sslmode") && value == QLatin1String("require"))
            store.requiresTls = true;
        else
            return unreadable("the address of the shared store has an option \"" +
                              name.toStdString() + "\" that is not known");
    }
    if (store.host.empty() || store.database.empty())
        return unreadable("the address of the shared store names no host or no database");
    return StoreAddress(std::move(store));
}

} // namespace

Result<StoreAddress> parseStoreAddress(std::string_view text)
{
    if (text.empty())
        return unreadable("there is no address");
    if (text.starts_with("postgresql://") || text.starts_with("postgres://"))
        return parsePostgres(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
    if (text.find("://") != std::string_view::npos)
        return unreadable("only PostgreSQL can be a shared store");
    return StoreAddress(SqliteStore{std::filesystem::path(text)});
}

std::string toString(const StoreAddress& address)
{
    if (const auto* sqlite = std::get_if<SqliteStore>(&address))
        return sqlite->file.string();
    const auto& server = std::get<PostgresStore>(address);
    QUrl url;
    QUrlQuery query;
    url.setScheme(QStringLiteral("postgresql"));
    if (!server.user.empty())
        url.setUserName(QString::fromStdString(server.user), QUrl::DecodedMode);
    // A folder is no host name of a URL: libpq's own way is to name it among the options.
    const bool isFolder = server.host.starts_with('/');
    if (isFolder)
        query.addQueryItem(QStringLiteral("host"), QString::fromStdString(server.host));
    url.setHost(isFolder ? QStringLiteral("localhost") : QString::fromStdString(server.host));
    if (server.port != kUsualPort)
        url.setPort(server.port);
    url.setPath(QLatin1Char('/') + QString::fromStdString(server.database), QUrl::DecodedMode);
    if (server.requiresTls)
        query.addQueryItem(QStringLiteral("sslmode"), QStringLiteral("require"));
    if (!query.isEmpty())
        url.setQuery(query);
    return url.toString(QUrl::FullyEncoded).toStdString();
}

} // namespace signalbox
