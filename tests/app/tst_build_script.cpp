// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: app/build builds a preset once at a time, waits for another build and says so, and tells
// a build that was stopped from one that failed.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

namespace {

constexpr int kPatienceMs = 60'000; // a busy machine configures a project in seconds

/// A tiny project beside a copy of the script, whose one step lasts until the file "go" is there.
class Project
{
public:
    Project()
    {
        QDir(m_dir.path()).mkdir(QStringLiteral("app"));
        QFile::copy(QStringLiteral(SIGNALBOX_SOURCE_DIR "/app/build"), path("app/build"));
        write("CMakePresets.json",
              "{'version': 3, 'configurePresets': [{'name': 'tiny', 'generator': 'Ninja', "
              "'binaryDir': '${sourceDir}/build/tiny'}], "
              "'buildPresets': [{'name': 'tiny', 'configurePreset': 'tiny'}]}");
        write("CMakeLists.txt",
              "cmake_minimum_required(VERSION 3.21)\nproject(tiny NONE)\n"
              "add_custom_target(step ALL COMMAND sh ${CMAKE_SOURCE_DIR}/step)\n");
        write("step", "touch begun\nuntil [ -e ../../go ]; do sleep 0.05; done\n"
                      "[ ! -e ../../broken ] || { echo an error; exit 1; }\n");
    }
    [[nodiscard]] QString path(const char* name) const
    {
        return m_dir.filePath(QString::fromLatin1(name));
    }
    void write(const char* name, QByteArray text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.replace('\'', '"'));
    }
    [[nodiscard]] bool hasBegun() const { return QFile::exists(path("build/tiny/begun")); }

private:
    QTemporaryDir m_dir;
};

/// How the shell that starts the build was left by whoever started it.
enum class Interrupt { Heard, Ignored };

/// app/build of the project, leader of its own process group.
class Build
{
public:
    explicit Build(const Project& project, Interrupt interrupt = Interrupt::Heard)
    {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.setChildProcessModifier([interrupt] {
            ::setpgid(0, 0);
            std::signal(SIGINT, interrupt == Interrupt::Ignored ? SIG_IGN : SIG_DFL);
        });
        m_process.start(QStringLiteral("bash"),
                        {project.path("app/build"), QStringLiteral("tiny")});
    }
    ~Build()
    {
        if (m_process.state() != QProcess::NotRunning)
            interrupt();
        m_process.waitForFinished();
    }
    [[nodiscard]] bool isOver() const { return m_process.state() == QProcess::NotRunning; }
    [[nodiscard]] int code() const { return m_process.exitCode(); }
    [[nodiscard]] QString said()
    {
        m_said += QString::fromUtf8(m_process.readAll());
        return m_said;
    }
    /// What Ctrl-C in a terminal does: all of the group hear it.
    void interrupt() const { ::kill(-static_cast<pid_t>(m_process.processId()), SIGINT); }

private:
    QProcess m_process;
    QString m_said;
};

} // namespace

Q_DECLARE_METATYPE(Interrupt)

class TestBuildScript : public QObject
{
    Q_OBJECT

private slots:
    void aSecondBuildWaitsForTheFirst();
    void saysThatItWasStopped_data();
    void saysThatItWasStopped();
    void saysThatItFailed();
};

void TestBuildScript::aSecondBuildWaitsForTheFirst()
{
    const Project project;
    Build first(project);
    QTRY_VERIFY_WITH_TIMEOUT(project.hasBegun(), kPatienceMs);
    Build second(project);
    QTRY_COMPARE_WITH_TIMEOUT(
        second.said(),
        QStringLiteral("Another build of tiny is running in this folder; waiting "
                       "for it to end ...\n"),
        kPatienceMs);
    QVERIFY(!second.isOver());
    project.write("go", {});
    QTRY_VERIFY_WITH_TIMEOUT(first.isOver(), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(second.isOver(), kPatienceMs);
    QCOMPARE(first.code(), 0);
    QCOMPARE(second.code(), 0);
}

void TestBuildScript::saysThatItWasStopped_data()
{
    QTest::addColumn<Interrupt>("interrupt");
    QTest::newRow("in a terminal") << Interrupt::Heard;
    QTest::newRow("behind a script, which has its jobs ignore it") << Interrupt::Ignored;
}

void TestBuildScript::saysThatItWasStopped()
{
    QFETCH(Interrupt, interrupt);
    const Project project;
    Build build(project, interrupt);
    QTRY_VERIFY_WITH_TIMEOUT(project.hasBegun(), kPatienceMs);
    build.interrupt();
    QTRY_VERIFY_WITH_TIMEOUT(build.isOver(), kPatienceMs);
    QCOMPARE(
        build.said(),
        QStringLiteral("Stopped; what is built stays, and the next start goes on from here.\n"));
    QCOMPARE(build.code(), 130);
}

void TestBuildScript::saysThatItFailed()
{
    const Project project;
    project.write("broken", {});
    project.write("go", {});
    Build build(project);
    QTRY_VERIFY_WITH_TIMEOUT(build.isOver(), kPatienceMs);
    QVERIFY2(build.said().contains(QStringLiteral("The build failed; the whole output is in")),
             qPrintable(build.said()));
    QCOMPARE(build.code(), 1);
}

QTEST_GUILESS_MAIN(TestBuildScript)
#include "tst_build_script.moc"
