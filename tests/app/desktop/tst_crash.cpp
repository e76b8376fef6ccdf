// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the real program, killed in the middle of work, offers at the next start what was
// edited, and gives it back.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>

#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;

namespace {

/// One program after another in the same home, each with a driver for its task.
struct Home
{
    QTemporaryDir folder;
    QProcess program;

    void start(const QString& task, const QStringList& arguments)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), folder.path());
        environment.insert(QStringLiteral("XDG_DATA_HOME"), folder.filePath(QStringLiteral("data")));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), folder.filePath(QStringLiteral("config")));
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("QT_PLUGIN_PATH"),
                           QStringLiteral(SIGNALBOX_TEST_PLUGINS));
        environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"),
                           QStringLiteral("signalboxdriver:") + task);
        program.setProcessEnvironment(environment);
        program.setProcessChannelMode(QProcess::ForwardedChannels);
        program.start(QStringLiteral(SIGNALBOX_PROGRAM), arguments);
        QVERIFY2(program.waitForStarted(), qPrintable(program.errorString()));
    }
    void kill()
    {
        program.kill();
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.exitStatus(), QProcess::CrashExit);
    }
    /// Edits in the journals of all programs that live or died here.
    [[nodiscard]] int journalledEdits() const
    {
        int edits = 0;
        QDirIterator files(folder.path(), {QStringLiteral("*.journal")}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const auto text = readFile(files.next().toStdString());
            if (text)
                edits += static_cast<int>(std::ranges::count(*text, '\n')) - 1;
        }
        return edits;
    }
};

} // namespace

class TestCrash : public QObject
{
    Q_OBJECT
private slots:
    void whatWasEditedBeforeAKillIsOfferedAndComesBack()
    {
        Home home;
        const QString file = home.folder.filePath(QStringLiteral("policy.json"));
        const PolicyDocument before = supportDeskPolicy();
        QVERIFY(writeFileAtomically(file.toStdString(), toPolicyText(before)).has_value());

        home.start(QStringLiteral("edit"), {file});
        QTRY_COMPARE_WITH_TIMEOUT(home.journalledEdits(), 1, 120'000);
        home.kill();
        QCOMPARE(*readFile(file.toStdString()), toPolicyText(before));

        home.start(QStringLiteral("restore"), {});
        const auto saved = [&] {
            const auto text = readFile(file.toStdString());
            return text ? parsePolicy(*text) : Result<PolicyDocument>(Unexpected(text.error()));
        };
        QTRY_VERIFY_WITH_TIMEOUT(saved() && saved()->revision == before.revision + 1, 120'000);
        QCOMPARE(saved()->rules.size(), before.rules.size() + 1);
        home.kill();
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
