// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_owner.h"

#include <QByteArray>
#include <QFile>
#include <QStringList>
#include <QSysInfo>
#include <unistd.h>

#include <atomic>

namespace signalbox {

namespace {

/// When a process began, in ticks since the boot; empty if there is none, or only what is left of
/// one whose parent has not asked yet how it ended. Numbers of processes are used again, numbers
/// with their beginnings are not. Fields 3 and 22 of proc(5)'s stat; the second field, a name in
/// brackets, may hold anything.
QString startOf(qint64 process)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
    if (!stat.open(QIODevice::ReadOnly))
        return {};
    const QByteArray line = stat.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    constexpr qsizetype kStart = 22 - 3;
    if (fields.size() <= kStart || fields[0] == "Z" || fields[0] == "X")
        return {};
    return QString::fromLatin1(fields[kStart]);
}

QString machine()
{
    return QString::fromLatin1(QSysInfo::machineUniqueId().toHex()) + QLatin1Char('.') +
           QSysInfo::machineHostName().replace(QLatin1Char('/'), QLatin1Char('_'));
}

QString boot()
{
    return QString::fromLatin1(QSysInfo::bootUniqueId());
}

} // namespace

std::string newRunOwner()
{
    static std::atomic<int> count = 0;
    const QStringList parts = {machine(), boot(), QString::number(::getpid()), startOf(::getpid()),
                               QString::number(++count)};
    return parts.join(QLatin1Char('/')).toStdString();
}

bool isOwnerAlive(const std::string& owner, std::int64_t heartbeatAtMs, std::int64_t nowMs)
{
    if (owner.empty())
        return false;
    const QStringList parts = QString::fromStdString(owner).split(QLatin1Char('/'));
    constexpr qsizetype kParts = 5;
    if (parts.size() != kParts || parts[0] != machine())
        return nowMs - heartbeatAtMs < kHeartbeatsEndMs;
    const QString start = startOf(parts[2].toLongLong());
    return parts[1] == boot() && !start.isEmpty() && start == parts[3];
}

} // namespace signalbox
