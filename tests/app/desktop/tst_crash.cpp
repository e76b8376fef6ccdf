// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the real program, killed in the middle of work, offers at the next start what was
// edited, and gives it back; two of it at one file lose neither's work.

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
    QProcess second; ///< of the same person

    void start(const QString& task, const QStringList& arguments)
    {
        start(program, task, arguments);
    }
    void start(QProcess& process, const QString& task, const QStringList& arguments) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), folder.path());
        environment.insert(QStringLiteral("XDG_DATA_HOME"),
                           folder.filePath(QStringLiteral("data")));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"),
                           folder.filePath(QStringLiteral("config")));
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("QT_PLUGIN_PATH"),
                           QStringLiteral(SIGNALBOX_TEST_PLUGINS));
        environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"),
                           QStringLiteral("signalboxdriver:") + task);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::ForwardedChannels);
        process.start(QStringLiteral(SIGNALBOX_PROGRAM), arguments);
        QVERIFY2(process.waitForStarted(), qPrintable(process.errorString()));
    }
    void kill() { kill(program); }
    static void kill(QProcess& process)
    {
        process.kill();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    }
    QString write(const char* name, const PolicyDocument& policy) const
    {
        const QString file = folder.filePath(QLatin1String(name));
        return writeFileAtomically(file.toStdString(), toPolicyText(policy)) ? file : QString();
    }
    static Result<PolicyDocument> read(const QString& file)
    {
        const auto text = readFile(file.toStdString());
        return text ? parsePolicy(*text) : Result<PolicyDocument>(Unexpected(text.error()));
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

    void ofTwoTabsBothComeBack()
    {
        Home home;
        const PolicyDocument before = supportDeskPolicy();
        PolicyDocument other = before;
        other.id = "other";
        const QStringList files{home.write("a.json", before), home.write("b.json", other)};
        home.start(QStringLiteral("editBoth"), files);
        QTRY_COMPARE_WITH_TIMEOUT(home.journalledEdits(), 2, 120'000);
        home.kill();

        home.start(QStringLiteral("restoreAll"), {});
        for (const QString& file : files) {
            const auto saved = [&] { return Home::read(file); };
            QTRY_VERIFY_WITH_TIMEOUT(saved() && saved()->revision == before.revision + 1, 120'000);
            QCOMPARE(saved()->rules.size(), before.rules.size() + 1);
        }
        QCOMPARE(Home::read(files[1])->id, std::string("other"));
        home.kill();
    }

    /// One adds a rule, the second two; the second saves, the first is asked and keeps its own.
    void twoWindowsAtOneFileLoseNothing()
    {
        Home home;
        const PolicyDocument before = supportDeskPolicy();
        const QString file = home.write("a.json", before);
        home.start(QStringLiteral("firstWindow"), {file});
        QTRY_COMPARE_WITH_TIMEOUT(home.journalledEdits(), 1, 120'000);
        home.start(home.second, QStringLiteral("secondWindow"), {file});
        const auto saved = [&] { return Home::read(file); };
        QTRY_VERIFY_WITH_TIMEOUT(saved() && saved()->revision == before.revision + 2, 120'000);
        const auto kept = [&] { // what the second saved, as an earlier revision
            int count = 0;
            QDirIterator revisions(home.folder.path(),
                                   {QString::number(before.revision + 1) + QStringLiteral(".json")},
                                   QDir::Files, QDirIterator::Subdirectories);
            while (revisions.hasNext()) {
                const auto revision = Home::read(revisions.next());
                count += revision && revision->rules.size() == before.rules.size() + 2 ? 1 : 0;
            }
            return count;
        };
        QTRY_COMPARE_WITH_TIMEOUT(kept(), 1, 20'000);
        Home::kill(home.second);
        home.kill();
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
