// SPDX-License-Identifier: GPL-3.0-or-later
#include "note_author.h"

#include <QSettings>
#include <pwd.h>
#include <unistd.h>

namespace signalbox::ui {

namespace {

constexpr char kAuthorKey[] = "notes/author";

} // namespace

QString noteAuthorSetting()
{
    return QSettings().value(QLatin1String(kAuthorKey)).toString();
}

void setNoteAuthorSetting(const QString& name)
{
    if (const QString shown = name.simplified(); shown.isEmpty())
        QSettings().remove(QLatin1String(kAuthorKey));
    else
        QSettings().setValue(QLatin1String(kAuthorKey), shown);
}

QString noteAuthor()
{
    const QString set = noteAuthorSetting();
    return set.isEmpty() ? usualNoteAuthor() : set;
}

QString usualNoteAuthor()
{
    // Asked on the GUI thread only, which alone asks the password file.
    const passwd* const user = getpwuid(getuid()); // NOLINT(concurrency-mt-unsafe)
    // "Full Name,Room,Phone": the name stands before the first comma.
    QString full =
        user && user->pw_gecos
            ? QString::fromLocal8Bit(user->pw_gecos).section(QLatin1Char(','), 0, 0).simplified()
            : QString();
    if (!full.isEmpty())
        return full;
    const QString login = user && user->pw_name ? QString::fromLocal8Bit(user->pw_name)
                                                : qEnvironmentVariable("USER");
    return login.isEmpty() ? QStringLiteral("somebody") : login;
}

} // namespace signalbox::ui
