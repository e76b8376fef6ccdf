// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QString>
#include <QtGlobal>

namespace signalbox::tests {

/// Path of a file of the shared test data, which is never part of the repository: below
/// $SIGNALBOX_SHARED_DATA, else below shared/data beside the source tree or one of its parents.
/// Empty if it is not there; a test then skips and says so.
inline QString sharedDataFile(const QString& name)
{
    const QString chosen = qEnvironmentVariable("SIGNALBOX_SHARED_DATA");
    if (!chosen.isEmpty()) {
        const QString path = QDir(chosen).filePath(name);
        return QFile::exists(path) ? path : QString();
    }
    QDir folder(QStringLiteral(SIGNALBOX_SOURCE_DIR));
    while (folder.cdUp()) {
        const QString path = folder.filePath(QStringLiteral("shared/data/") + name);
        if (QFile::exists(path))
            return path;
        if (folder.isRoot())
            break;
    }
    return {};
}

} // namespace signalbox::tests
