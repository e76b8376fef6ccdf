// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: arrows point one way. Every #include of a project header is allowed by the table of the
// design, the engine includes nothing of Qt, and every source file says its licence.

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <map>
#include <set>

namespace {

using Rooms = std::set<QString>;

const Rooms kEngine = {QStringLiteral("core/base"),       QStringLiteral("core/policy"),
                       QStringLiteral("core/routing"),    QStringLiteral("core/voice"),
                       QStringLiteral("core/traffic"),    QStringLiteral("core/sample"),
                       QStringLiteral("core/projection"), QStringLiteral("core/exchange")};

/// What each room may include beside itself. Rooms of the engine see only rooms of the engine.
const std::map<QString, Rooms>& mayInclude()
{
    static const std::map<QString, Rooms> table = [] {
        std::map<QString, Rooms> rooms = {
            {QStringLiteral("core/base"), {}},
            {QStringLiteral("core/policy"), {QStringLiteral("core/base")}},
            {QStringLiteral("core/routing"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy")}},
            {QStringLiteral("core/voice"), {QStringLiteral("core/base")}},
            {QStringLiteral("core/traffic"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy")}},
            {QStringLiteral("core/sample"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/traffic"), QStringLiteral("core/voice")}},
            {QStringLiteral("core/projection"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/routing"), QStringLiteral("core/voice"),
              QStringLiteral("core/traffic")}},
            {QStringLiteral("core/exchange"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/routing"), QStringLiteral("core/projection")}},
            {QStringLiteral("core/providers"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/sample")}},
            {QStringLiteral("core/evidence"),
             {QStringLiteral("core/base"), QStringLiteral("core/voice")}},
        };
        Rooms core = kEngine;
        core.insert({QStringLiteral("core/providers"), QStringLiteral("core/evidence")});
        rooms[QStringLiteral("core/lab")] = core;
        core.insert(QStringLiteral("core/lab"));
        rooms[QStringLiteral("app/cli")] = core;
        rooms[QStringLiteral("ui/kit")] = {};
        Rooms models = core;
        rooms[QStringLiteral("ui/models")] = models;
        Rooms page = core;
        page.insert({QStringLiteral("ui/kit"), QStringLiteral("ui/models")});
        Rooms shell = page;
        for (const char* name : {"policy", "voices", "projection", "export", "settings"}) {
            const QString room = QStringLiteral("ui/") + QLatin1String(name);
            rooms[room] = page;
            shell.insert(room);
        }
        rooms[QStringLiteral("ui/shell")] = shell;
        shell.insert(QStringLiteral("ui/shell"));
        rooms[QStringLiteral("app/desktop")] = shell;
        return rooms;
    }();
    return table;
}

QString roomOf(const QString& path)
{
    return path.section(QLatin1Char('/'), 0, 1);
}

QStringList sourceFiles()
{
    QStringList files;
    const QDir root(QStringLiteral(SIGNALBOX_SOURCE_DIR));
    for (const char* top : {"app", "core", "ui", "tests"}) {
        QDirIterator walk(root.filePath(QLatin1String(top)),
                          {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                          QDirIterator::Subdirectories);
        while (walk.hasNext())
            files << root.relativeFilePath(walk.next());
    }
    return files;
}

QByteArray contentOf(const QString& file)
{
    QFile source(QDir(QStringLiteral(SIGNALBOX_SOURCE_DIR)).filePath(file));
    if (!source.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(file));
    return source.readAll();
}

} // namespace

class TestLayering : public QObject
{
    Q_OBJECT
private slots:
    void everyIncludePointsDownwards()
    {
        static const QRegularExpression include(
            QStringLiteral("^#include <((?:app|core|ui)/[^>]+)>"),
            QRegularExpression::MultilineOption);
        QStringList offences;
        for (const QString& file : sourceFiles()) {
            if (file.startsWith(QLatin1String("tests/")))
                continue;
            const QString from = roomOf(file);
            const auto allowed = mayInclude().find(from);
            QVERIFY2(allowed != mayInclude().end(),
                     qPrintable(file + QStringLiteral(": a room the table does not know")));
            auto matches = include.globalMatch(QString::fromUtf8(contentOf(file)));
            while (matches.hasNext()) {
                const QString target = matches.next().captured(1);
                const QString to = roomOf(target);
                if (to != from && !allowed->second.contains(to))
                    offences << file + QStringLiteral(" includes ") + target;
            }
        }
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(QLatin1Char('\n'))));
    }

    void theEngineKnowsNoQt()
    {
        static const QRegularExpression qt(QStringLiteral("^#include <Q[A-Za-z]+>"),
                                           QRegularExpression::MultilineOption);
        QStringList offences;
        for (const QString& file : sourceFiles()) {
            if (kEngine.contains(roomOf(file)) && QString::fromUtf8(contentOf(file)).contains(qt))
                offences << file;
        }
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(QLatin1Char('\n'))));
    }

    void theCommandLineAndModelsKnowNoWidgets()
    {
        static const QRegularExpression widgets(
            QStringLiteral("^#include <(QWidget|QApplication|QChart|QMainWindow|QGraphics)"),
            QRegularExpression::MultilineOption);
        QStringList offences;
        for (const QString& file : sourceFiles()) {
            const QString room = roomOf(file);
            if ((room == QLatin1String("app/cli") || room == QLatin1String("ui/models") ||
                 room.startsWith(QLatin1String("core/"))) &&
                QString::fromUtf8(contentOf(file)).contains(widgets))
                offences << file;
        }
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(QLatin1Char('\n'))));
    }

    void everyFileSaysItsLicence()
    {
        QStringList offences;
        const QStringList files = sourceFiles();
        QVERIFY(files.size() > 50);
        for (const QString& file : files) {
            const QByteArray expected = kEngine.contains(roomOf(file))
                                            ? "// SPDX-License-Identifier: Apache-2.0\n"
                                            : "// SPDX-License-Identifier: GPL-3.0-or-later\n";
            if (!contentOf(file).startsWith(expected))
                offences << file;
        }
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(QLatin1Char('\n'))));
    }
};

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
