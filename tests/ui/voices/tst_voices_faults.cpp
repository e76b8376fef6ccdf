// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is in the way of the store in the middle of a run - a disk that is really full, a
// file that may not grow, another program that holds the store, a database server that is gone -
// pauses the run, and the page says in one sentence what, where, and what to do next; once it has
// passed the run goes on by itself: nothing is lost, and nothing that was answered is sent again.
// That the computer slept is said too.

#include <core/evidence/evidence_store.h>
#include <tests/support/manual_clock.h>
#include <tests/support/postgres_server.h>
#include <tests/support/scripted_provider.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/voices/voices_page.h>

#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;
using test::PostgresServer;

namespace {

constexpr std::size_t kPrompts = 4;

/// Something that keeps answers from being recorded, and then does not any more.
class Fault
{
public:
    Fault() = default;
    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;
    virtual ~Fault() = default;

    /// Why it cannot be had here: a sentence for QSKIP; empty if it can.
    [[nodiscard]] virtual QString obstacle() { return {}; }
    [[nodiscard]] virtual StoreAddress address() = 0;
    virtual void begin() = 0;
    virtual void end() = 0;
    QStringList says; ///< what, and what to do next

protected:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    [[nodiscard]] std::filesystem::path file() const { return folder() / "answers.sqlite"; }

private:
    QTemporaryDir m_folder;
};

/// A small disk of its own, filled to the last page by another file.
class FullDisk final : public Fault
{
public:
    FullDisk() { says = {QStringLiteral("disk is full"), QStringLiteral("free some disk space")}; }
    ~FullDisk() override
    {
        if (m_isMounted)
            ::umount2(folder().c_str(), MNT_DETACH);
    }
    QString obstacle() override
    {
        m_isMounted = ::mount("tmpfs", folder().c_str(), "tmpfs", 0, "size=4m") == 0;
        return m_isMounted ? QString()
                           : QStringLiteral("no disk may be mounted here: %1")
                                 .arg(QString::fromLocal8Bit(std::strerror(errno)));
    }
    StoreAddress address() override { return SqliteStore{file()}; }
    void begin() override
    {
        QFile ballast(ballastName());
        QVERIFY(ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        const QByteArray page(4096, 'x');
        while (ballast.write(page) == page.size()) {
        }
    }
    void end() override { QVERIFY(QFile::remove(ballastName())); }

private:
    [[nodiscard]] QString ballastName() const
    {
        return QString::fromStdString((folder() / "ballast").string());
    }
    bool m_isMounted = false;
};

/// As of a quota: the same for everybody, root or not.
class FileLimit final : public Fault
{
public:
    FileLimit() { says = {QStringLiteral("full"), QStringLiteral("free some disk space")}; }
    StoreAddress address() override { return SqliteStore{file()}; }
    void begin() override
    {
        ::signal(SIGXFSZ, SIG_IGN);
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &m_before), 0);
        rlimit tight = m_before;
        tight.rlim_cur = 100'000;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    }
    void end() override { QCOMPARE(::setrlimit(RLIMIT_FSIZE, &m_before), 0); }

private:
    rlimit m_before = {};
};

/// A process that holds the store until it is told to let go.
class OtherWindow final : public Fault
{
public:
    OtherWindow()
    {
        says = {QStringLiteral("another window or program keeps the store locked"),
                QStringLiteral("wait")};
    }
    ~OtherWindow() override
    {
        if (m_other.state() != QProcess::NotRunning)
            end();
    }
    StoreAddress address() override { return SqliteStore{file()}; }
    void begin() override
    {
        m_other.start(QCoreApplication::applicationFilePath(),
                      {QStringLiteral("--window"), QString::fromStdString(file().string())});
        QVERIFY(m_other.waitForReadyRead(60'000));
        QCOMPARE(m_other.readLine().trimmed(), QByteArray("held"));
    }
    void end() final
    {
        m_other.closeWriteChannel();
        QVERIFY(m_other.waitForFinished(60'000));
    }

private:
    QProcess m_other;
};

class GoneServer final : public Fault
{
public:
    GoneServer() { says = {QStringLiteral("the shared store"), QStringLiteral("it is back")}; }
    QString obstacle() override
    {
        if (QString none = PostgresServer::obstacle(); !none.isEmpty())
            return none;
        m_server = std::make_unique<PostgresServer>();
        if (!m_server->isRunning())
            return m_server->log();
        return {};
    }
    StoreAddress address() override { return m_server->newDatabase(); }
    void begin() override { m_server->stop(); }
    void end() override { QVERIFY(m_server->start()); }

private:
    std::unique_ptr<PostgresServer> m_server;
};

std::unique_ptr<Fault> faultNamed(const QByteArray& name)
{
    if (name == "a full disk")
        return std::make_unique<FullDisk>();
    if (name == "a file that may not grow")
        return std::make_unique<FileLimit>();
    if (name == "another window")
        return std::make_unique<OtherWindow>();
    return std::make_unique<GoneServer>();
}

int beTheOtherWindow(const QString& file)
{
    QSqlDatabase store = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"));
    store.setDatabaseName(file);
    QSqlQuery query(store.open() ? store : QSqlDatabase());
    if (!query.exec(QStringLiteral("BEGIN EXCLUSIVE")))
        return 1;
    std::puts("held");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return query.exec(QStringLiteral("COMMIT")) ? 0 : 1;
}

/// A page whose one model is a server on this computer, asked one prompt after the other, which
/// answers what the test says.
struct Desk
{
    Workbench workbench;
    test::ScriptedProvider* provider = nullptr;
    std::unique_ptr<VoicesPage> page;

    explicit Desk(Workbench::Options options) : workbench(std::move(options))
    {
        auto scripted = std::make_unique<test::ScriptedProvider>();
        provider = scripted.get();
        workbench.providers().add(std::move(scripted));
        PolicyDocument document = supportDeskPolicy();
        document.models.resize(1);
        document.models.front().provider = "scripted";
        document.models.front().baseUrl = "http://127.0.0.1:1";
        workbench.editor().setDocument(document);
        page = std::make_unique<VoicesPage>(workbench);
        page->session().chooseModel(page->session().policyColumn(), false);
        page->session().setSamplePromptCount(kPrompts);
        page->resize(1200, 800);
        page->show();
    }
    [[nodiscard]] LabSession& session() const { return page->session(); }
    [[nodiscard]] CellState stateOf(std::size_t prompt) const
    {
        return page->session().run().cell({prompt, 0, 0}).state;
    }
    [[nodiscard]] Callout* notice(const char* name) const
    {
        return page->findChild<Callout*>(QLatin1String(name));
    }
    void answerNext(const std::string& text) const
    {
        QTRY_COMPARE_WITH_TIMEOUT(provider->live().size(), std::size_t{1}, 60'000);
        test::ScriptedStream* stream = provider->live().front();
        stream->say(text);
        stream->finish();
    }
};

} // namespace

class TestVoicesFaults : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void whatIsInTheWayIsSaidAndTheRunGoesOnByItself_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"a full disk", "a file that may not grow", "another window", "a server that is gone"})
            QTest::newRow(name) << QByteArray(name);
    }
    void whatIsInTheWayIsSaidAndTheRunGoesOnByItself()
    {
        QFETCH(const QByteArray, name);
        const auto fault = faultNamed(name);
        if (const QString obstacle = fault->obstacle(); !obstacle.isEmpty())
            QSKIP(qPrintable(obstacle));
        const StoreAddress address = fault->address();
        const std::string large(300'000, 'x'); // more than is free between two pages
        {
            Desk desk({{}, address});
            QSignalSpy finished(&desk.session(), &LabSession::finished);
            desk.session().start();
            desk.answerNext("first");
            QTRY_COMPARE_WITH_TIMEOUT(desk.stateOf(0), CellState::Done, 60'000);
            QTRY_COMPARE_WITH_TIMEOUT(desk.provider->live().size(), std::size_t{1}, 60'000);
            fault->begin();
            desk.answerNext(large);
            QTRY_VERIFY_WITH_TIMEOUT(desk.notice("failNotice"), 60'000);
            saysItAll(desk, fault->says, toString(address));
            QVERIFY(desk.session().run().isPaused());
            QVERIFY(desk.stateOf(1) != CellState::Done);
            // One call may have gone out before it was known; no other does.
            const std::size_t sent = desk.provider->streams.size();
            QVERIFY(sent == 2 || sent == 3);
            desk.session().run().setInFlightHere(2);
            QCOMPARE(desk.provider->streams.size(), sent);
            desk.session().run().setInFlightHere(1);

            fault->end();
            QTRY_VERIFY_WITH_TIMEOUT(!desk.notice("failNotice"), 60'000);
            QTRY_COMPARE_WITH_TIMEOUT(desk.stateOf(1), CellState::Done, 60'000);
            QVERIFY(!desk.session().run().isPaused());
            desk.answerNext("third");
            desk.answerNext("fourth");
            QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
            QCOMPARE(desk.provider->streams.size(), kPrompts); // each was sent once
        }
        auto store = EvidenceStore::openExisting(address);
        QVERIFY2(store, store ? "" : toString(store.error()).c_str());
        const auto runs = store->runs();
        QCOMPARE(runs->size(), std::size_t{1});
        QVERIFY(runs->front().isOver());
        std::vector<std::string> texts;
        const auto answers = store->answers(runs->front().id);
        for (const Answer& answer : *answers)
            texts.push_back(answer.text);
        std::ranges::sort(texts);
        QVERIFY((texts == std::vector<std::string>{"first", "fourth", "third", large}));
    }

    void aSleepDuringARunIsSaid()
    {
        test::ManualClock clock;
        Desk desk({{}, {}, &clock});
        QSignalSpy woke(&desk.workbench, &Workbench::woke);
        clock.sleep(7'200'000);
        QTRY_COMPARE_WITH_TIMEOUT(woke.size(), 1, 60'000);
        QVERIFY(!desk.notice("sleepNotice")); // nothing was under way
        desk.session().start();
        QTRY_COMPARE_WITH_TIMEOUT(desk.provider->live().size(), std::size_t{1}, 60'000);
        clock.sleep(7'200'000);
        QTRY_VERIFY_WITH_TIMEOUT(desk.notice("sleepNotice"), 60'000);
        const Callout* notice = desk.notice("sleepNotice");
        QTRY_VERIFY(notice->isVisible());
        QVERIFY2(notice->title().contains(QStringLiteral("slept for 2 h")),
                 qPrintable(notice->title()));
        QVERIFY(notice->detail().contains(QStringLiteral("The run goes on.")));
        QVERIFY(!desk.session().run().isPaused());
        for (std::size_t i = 0; i < kPrompts; ++i)
            desk.answerNext("an answer");
        QTRY_VERIFY_WITH_TIMEOUT(!desk.session().isRunning(), 60'000);
    }

private:
    /// One notice, with what has happened to the run, why, where, and what to do next.
    static void saysItAll(const Desk& desk, const QStringList& says, const std::string& where)
    {
        const Callout* notice = desk.notice("failNotice");
        QTRY_VERIFY(notice->isVisible()); // once it is laid out
        QCOMPARE(notice->title(),
                 QStringLiteral("The run is paused: an answer could not be kept."));
        QVERIFY2(notice->detail().contains(QString::fromStdString(where)),
                 qPrintable(notice->detail()));
        for (const QString& part : says)
            QVERIFY2(notice->detail().contains(part), qPrintable(notice->detail()));
        QCOMPARE(desk.page->findChildren<Callout*>(QStringLiteral("failNotice")).size(), 1);
    }
};

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("--window"))
        return beTheOtherWindow(arguments.value(2));
    TestVoicesFaults test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_voices_faults.moc"
