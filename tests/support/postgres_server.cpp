// SPDX-License-Identifier: GPL-3.0-or-later
#include "postgres_server.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace signalbox::test {

namespace {

constexpr int kTimeoutMs = 300'000; ///< against hanging

/// The newest version there is: /usr/lib/postgresql/15/bin.
QString programFolder()
{
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    QString newest;
    const QStringList names = versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString& name : names) {
        const QString folder = versions.filePath(name) + QStringLiteral("/bin");
        const bool isNewer =
            newest.isEmpty() || name.toInt() > newest.section(u'/', -2, -2).toInt();
        if (isNewer && QFile::exists(folder + QStringLiteral("/initdb")))
            newest = folder;
    }
    return newest;
}

/// Whom to be, where the tests are root.
const passwd* somebody()
{
    if (::getuid() != 0)
        return nullptr;
    const passwd* user = ::getpwnam("postgres");
    return user ? user : ::getpwnam("nobody");
}

} // namespace

QString PostgresServer::obstacle()
{
    if (programFolder().isEmpty())
        return QStringLiteral("no PostgreSQL server is installed (app/setup test does it)");
    if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QPSQL")))
        return QStringLiteral("Qt's PostgreSQL driver is not installed (libqt6sql6-psql)");
    if (::getuid() == 0 && !somebody())
        return QStringLiteral("PostgreSQL refuses root, and there is nobody else");
    return {};
}

PostgresServer::PostgresServer()
{
    if (const passwd* user = somebody()) {
        if (::chown(QFile::encodeName(m_folder.path()).constData(), user->pw_uid, user->pw_gid) !=
            0)
            m_log = QStringLiteral("the folder cannot be given away");
    }
    const bool isMade =
        run(QStringLiteral("initdb"),
            {QStringLiteral("-D"), m_folder.filePath(QStringLiteral("data")), QStringLiteral("-A"),
             QStringLiteral("trust"), QStringLiteral("-U"), QStringLiteral("signalbox"),
             QStringLiteral("-E"), QStringLiteral("UTF8"), QStringLiteral("--locale=C"),
             QStringLiteral("--no-sync")});
    if (isMade)
        start();
}

PostgresServer::~PostgresServer()
{
    stop();
}

bool PostgresServer::isRunning() const
{
    return m_server && m_server->state() == QProcess::Running;
}

QString PostgresServer::log() const
{
    return m_log;
}

void PostgresServer::runAsSomebody(QProcess& process) const
{
    const passwd* user = somebody();
    const uid_t uid = user ? user->pw_uid : ::getuid();
    const gid_t gid = user ? user->pw_gid : ::getgid();
    process.setWorkingDirectory(m_folder.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setChildProcessModifier([uid, gid, isRoot = user != nullptr] {
        if (isRoot && (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0))
            ::_exit(1);
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT); // after setuid(), which takes it back
    });
}

bool PostgresServer::run(const QString& program, const QStringList& arguments)
{
    QProcess process;
    runAsSomebody(process);
    process.start(programFolder() + QLatin1Char('/') + program, arguments);
    const bool isDone = process.waitForFinished(kTimeoutMs) && process.exitCode() == 0;
    m_log += QString::fromLocal8Bit(process.readAll());
    return isDone;
}

bool PostgresServer::start()
{
    m_server = std::make_unique<QProcess>();
    runAsSomebody(*m_server);
    // fsync: whether the kernel outlives the test is none of its business.
    m_server->start(programFolder() + QStringLiteral("/postgres"),
                    {QStringLiteral("-D"), m_folder.filePath(QStringLiteral("data")),
                     QStringLiteral("-k"), m_folder.path(), QStringLiteral("-h"), QString(),
                     QStringLiteral("-F"), QStringLiteral("-c"),
                     QStringLiteral("shared_buffers=32MB")});
    QString said;
    while (m_server->waitForReadyRead(kTimeoutMs)) {
        said += QString::fromLocal8Bit(m_server->readAll());
        if (said.contains(QLatin1String("ready to accept connections"))) {
            m_server->setStandardOutputFile(QProcess::nullDevice());
            return true;
        }
    }
    m_log += said;
    return false;
}

void PostgresServer::stop()
{
    if (!isRunning())
        return;
    ::kill(static_cast<pid_t>(m_server->processId()), SIGQUIT);
    m_server->waitForFinished(kTimeoutMs);
}

PostgresStore PostgresServer::newDatabase()
{
    const QString name = QStringLiteral("store%1").arg(++m_databases);
    if (!run(QStringLiteral("createdb"), {QStringLiteral("-h"), m_folder.path(),
                                          QStringLiteral("-U"), QStringLiteral("signalbox"), name}))
        qWarning("createdb: %s", qPrintable(m_log));
    PostgresStore store;
    store.host = m_folder.path().toStdString();
    store.database = name.toStdString();
    store.user = "signalbox";
    return store;
}

} // namespace signalbox::test
