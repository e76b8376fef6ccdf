// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: arrows point one way. Every #include of a project header is allowed by the table of the
// design, the engine includes nothing of Qt, and every source file says its licence.

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>

#include <map>
#include <set>

namespace {

using Rooms = std::set<QString>;

const Rooms& engine()
{
    static const Rooms rooms = {QStringLiteral("core/base"),     QStringLiteral("core/policy"),
                                QStringLiteral("core/routing"),  QStringLiteral("core/proof"),
                                QStringLiteral("core/voice"),    QStringLiteral("core/traffic"),
                                QStringLiteral("core/sample"),   QStringLiteral("core/projection"),
                                QStringLiteral("core/exchange"), QStringLiteral("core/prices"),
                                QStringLiteral("core/tasting"),  QStringLiteral("core/prompts"),
                                QStringLiteral("core/sheets"),   QStringLiteral("core/report"),
                                QStringLiteral("core/replay"),   QStringLiteral("core/frontier"),
                                QStringLiteral("core/segments")};
    return rooms;
}

/// What each room may include beside itself. Rooms of the engine see only rooms of the engine.
const std::map<QString, Rooms>& mayInclude()
{
    static const std::map<QString, Rooms> table = [] {
        std::map<QString, Rooms> rooms = {
            {QStringLiteral("core/base"), {}},
            {QStringLiteral("core/policy"), {QStringLiteral("core/base")}},
            {QStringLiteral("core/prices"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy")}},
            {QStringLiteral("core/routing"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy")}},
            {QStringLiteral("core/proof"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/routing")}},
            {QStringLiteral("core/voice"), {QStringLiteral("core/base")}},
            {QStringLiteral("core/tasting"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/voice")}},
            {QStringLiteral("core/prompts"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/voice"), QStringLiteral("core/sheets")}},
            {QStringLiteral("core/sheets"), {QStringLiteral("core/base")}},
            {QStringLiteral("core/report"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/voice"), QStringLiteral("core/prompts"),
              QStringLiteral("core/sheets"), QStringLiteral("core/projection")}},
            {QStringLiteral("core/traffic"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy")}},
            {QStringLiteral("core/sample"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/traffic"), QStringLiteral("core/voice")}},
            {QStringLiteral("core/replay"), {QStringLiteral("core/base")}},
            {QStringLiteral("core/projection"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/routing"), QStringLiteral("core/voice"),
              QStringLiteral("core/traffic"), QStringLiteral("core/replay")}},
            {QStringLiteral("core/segments"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/routing"), QStringLiteral("core/voice"),
              QStringLiteral("core/traffic"), QStringLiteral("core/projection")}},
            {QStringLiteral("core/frontier"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/routing"), QStringLiteral("core/traffic"),
              QStringLiteral("core/projection"), QStringLiteral("core/replay")}},
            {QStringLiteral("core/exchange"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/routing"), QStringLiteral("core/projection")}},
            {QStringLiteral("core/providers"),
             {QStringLiteral("core/base"), QStringLiteral("core/policy"),
              QStringLiteral("core/sample")}},
            {QStringLiteral("core/evidence"),
             {QStringLiteral("core/base"), QStringLiteral("core/voice")}},
        };
        Rooms core = engine();
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

/// The headers of the project that a file includes, from the root: of quoted ones, which stand
/// beside the file, too.
QStringList projectIncludes(const QString& file, const QString& source)
{
    static const QRegularExpression include(
        QStringLiteral("^\\s*#\\s*include\\s*(?:<((?:app|core|ui)/[^>]+)>|\"([^\"]+)\")"),
        QRegularExpression::MultilineOption);
    static const QRegularExpression fromRoot(QStringLiteral("^(app|core|ui)/"));
    QStringList targets;
    auto matches = include.globalMatch(source);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        const QString quoted = match.captured(2);
        const bool isFromRoot = quoted.contains(fromRoot);
        targets << (quoted.isEmpty() ? match.captured(1)
                    : isFromRoot
                        ? quoted
                        : QDir::cleanPath(QFileInfo(file).path() + QLatin1Char('/') + quoted));
    }
    return targets;
}

bool includesQt(const QString& source)
{
    static const QRegularExpression qt(
        QStringLiteral("^\\s*#\\s*include\\s*(?:[<\"]Q[A-Za-z0-9]+[>\"/]|<q[a-z]+\\.h>)"),
        QRegularExpression::MultilineOption);
    return source.contains(qt);
}

bool includesWidgets(const QString& source)
{
    static const QRegularExpression widgets(
        QStringLiteral("^\\s*#\\s*include\\s*[<\"](Qt(Widgets|Charts|OpenGLWidgets)\\b|(Qt\\w+/)?"
                       "(QWidget|QApplication|QChart|QMainWindow|QGraphics))"),
        QRegularExpression::MultilineOption);
    return source.contains(widgets);
}

} // namespace

class TestLayering : public QObject
{
    Q_OBJECT
private slots:
    void everyIncludePointsDownwards()
    {
        QStringList offences;
        for (const QString& file : sourceFiles()) {
            if (file.startsWith(QLatin1String("tests/")))
                continue;
            const QString from = roomOf(file);
            const auto allowed = mayInclude().find(from);
            QVERIFY2(allowed != mayInclude().end(),
                     qPrintable(file + QStringLiteral(": a room the table does not know")));
            for (const QString& target :
                 projectIncludes(file, QString::fromUtf8(contentOf(file)))) {
                const QString to = roomOf(target);
                if (to != from && !allowed->second.contains(to))
                    offences << file + QStringLiteral(" includes ") + target;
            }
        }
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(QLatin1Char('\n'))));
    }

    void theEngineKnowsNoQt()
    {
        QStringList offences;
        for (const QString& file : sourceFiles()) {
            if (engine().contains(roomOf(file)) && includesQt(QString::fromUtf8(contentOf(file))))
                offences << file;
        }
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(QLatin1Char('\n'))));
    }

    void theCommandLineAndModelsKnowNoWidgets()
    {
        QStringList offences;
        for (const QString& file : sourceFiles()) {
            const QString room = roomOf(file);
            if ((room == QLatin1String("app/cli") || room == QLatin1String("ui/models") ||
                 room.startsWith(QLatin1String("core/"))) &&
                includesWidgets(QString::fromUtf8(contentOf(file))))
                offences << file;
        }
        QVERIFY2(offences.isEmpty(), qPrintable(offences.join(QLatin1Char('\n'))));
    }

    void includesAreSeenHoweverTheyAreWritten()
    {
        const QString file = QStringLiteral("core/base/x.cpp");
        QCOMPARE(
            projectIncludes(file, QStringLiteral("#include <core/policy/a.h>\n"
                                                 "#include \"core/voice/b.h\"\n"
                                                 "#  include \"../routing/c.h\"\n"
                                                 "#include \"d.h\"\n#include <vector>\n")),
            QStringList({QStringLiteral("core/policy/a.h"), QStringLiteral("core/voice/b.h"),
                         QStringLiteral("core/routing/c.h"), QStringLiteral("core/base/d.h")}));
        for (const char* line :
             {"#include <QString>", "#include <QtCore/QString>", "#include \"QString\"",
              "#include <qglobal.h>", "# include <QtCore>"})
            QVERIFY2(includesQt(QLatin1String(line)), line);
        QVERIFY(!includesQt(QStringLiteral("#include \"quantile.h\"\n#include <re2/re2.h>")));
        for (const char* line : {"#include <QWidget>", "#include <QtWidgets/QWidget>",
                                 "#include <QtWidgets>", "#include <QChartView>"})
            QVERIFY2(includesWidgets(QLatin1String(line)), line);
        QVERIFY(!includesWidgets(QStringLiteral("#include <QColor>\n#include <QtGui/QImage>")));
    }

    void jsonIsWrittenByOneFunction()
    {
        // A bare dump() throws on text that is not UTF-8; toCompactJsonText() mends it.
        QStringList offences;
        for (const QString& file : sourceFiles()) {
            const QString room = roomOf(file);
            const bool isWatched =
                engine().contains(room) || room.startsWith(QLatin1String("app/"));
            if (isWatched && room != QLatin1String("core/base") &&
                contentOf(file).contains(".dump("))
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
            const QByteArray expected = engine().contains(roomOf(file))
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
