// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/evidence/store_address.h>

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <memory>
#include <string>

namespace signalbox::test {

/// A real PostgreSQL server of this test alone: made in a temporary folder, reached only by a
/// socket in there, gone with the test, also if that is killed. It refuses to run as root, so that
/// there it runs as "postgres" or "nobody".
class PostgresServer
{
public:
    /// Why no server can be had here: a sentence for QSKIP; empty if one can.
    [[nodiscard]] static QString obstacle();

    /// Makes the server and starts it; isRunning() says whether that worked, log() why not.
    PostgresServer();
    ~PostgresServer();

    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] QString log() const;

    /// Starts it, again after stop(), and returns when it takes connections.
    bool start();
    /// At once, as a crash would: connections break, what was committed is there after start().
    void stop();
    /// A new, empty database on it.
    [[nodiscard]] PostgresStore newDatabase();

private:
    [[nodiscard]] bool run(const QString& program, const QStringList& arguments);
    void runAsSomebody(QProcess& process) const;

    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_server;
    QString m_log;
    int m_databases = 0;
};

} // namespace signalbox::test
