// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a program that is killed at any moment has lost nothing that it was told is on disk;
// what is left to do is exactly what has no answer, no cell is sent again that has one, and the
// text of an interrupted answer is there up to some moment, marked as cut.
//
// The test starts itself again as the program that is killed.

#include <core/base/random.h>
#include <core/evidence/lab_store.h>
#include <core/evidence/run_owner.h>
#include <core/evidence/run_table.h>
#include <tests/support/store_places.h>

#include <QCoreApplication>
#include <QProcess>
#include <QTimer>

#include <cstdio>
#include <map>
#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int kCells = 60;
constexpr std::size_t kInFlight = 8;
constexpr int kWords = 40;

std::string wordOf(int cell, int word)
{
    return "word " + std::to_string(word) + " of " + std::to_string(cell) + "; ";
}

std::string textOf(int cell)
{
    std::string text;
    for (int word = 0; word < kWords; ++word)
        text += wordOf(cell, word);
    return text;
}

/// The program: sends what a run lacks, a word a tick for each cell in flight, and says on standard
/// output what it sends and what is on disk.
class Victim : public QObject
{
public:
    Victim(const StoreAddress& address, const RunId& run) : m_store(address, settings()), m_run(run)
    {
        connect(&m_store.writer(), &StoreWriter::written, this, [this](quint64 upTo) {
            while (!m_unsaid.empty() && m_unsaid.begin()->first <= upTo) {
                say("done", m_unsaid.begin()->second);
                m_unsaid.erase(m_unsaid.begin());
            }
            if (m_left.empty() && m_running.empty() && m_unsaid.empty())
                QCoreApplication::exit(0);
        });
        connect(&m_store.writer(), &StoreWriter::refused, this, [] { QCoreApplication::exit(3); });
        connect(&m_ticks, &QTimer::timeout, this, [this] { tick(); });
        m_store.resume(run).then(this, [this](const Result<LabStore::LoadedRun>& loaded) {
            if (!loaded) {
                std::fprintf(stderr, "%s\n", toString(loaded.error()).c_str());
                QCoreApplication::exit(2);
                return;
            }
            for (const CellKey& key : (*loaded)->unfinished())
                m_left.push_back(key.prompt);
            m_ticks.start(0);
        });
    }

private:
    struct Running
    {
        AttemptTicket ticket = 0;
        int words = 0;
    };

    static WriterSettings settings()
    {
        WriterSettings settings;
        settings.partialMs = 1;
        return settings;
    }
    static void say(const char* what, int cell)
    {
        std::printf("%s %d\n", what, cell);
        std::fflush(stdout);
    }

    void tick()
    {
        if (m_store.writer().waiting() > kInFlight)
            return; // or everything would have ended before its first words were written
        while (!m_left.empty() && m_running.size() < kInFlight) {
            const int cell = m_left.back();
            m_left.pop_back();
            say("send", cell);
            m_running[cell] = {newTicket(), -cell % 7}; // not all in step
            m_store.writer().put(CellStarted{m_run, {cell, 0, 0}, m_running[cell].ticket});
        }
        std::vector<int> ended;
        for (auto& [cell, running] : m_running) {
            if (running.words >= 0)
                m_store.writer().put(TextAppended{
                    m_run, {cell, 0, 0}, running.ticket, wordOf(cell, running.words), "", 0});
            if (++running.words == kWords)
                ended.push_back(cell);
        }
        for (const int cell : ended) {
            CellFinished finished{m_run, {cell, 0, 0}, {}};
            finished.answer.ticket = m_running[cell].ticket;
            finished.answer.text = textOf(cell);
            m_unsaid[m_store.writer().put(std::move(finished))] = cell;
            m_running.erase(cell);
        }
    }

    LabStore m_store;
    RunId m_run;
    QTimer m_ticks;
    std::vector<int> m_left;
    std::map<int, Running> m_running;
    std::map<WriteNumber, int> m_unsaid;
};

} // namespace

class TestStoreKill : public QObject
{
    Q_OBJECT

    StorePlaces m_places;

    /// What one life of the program said.
    struct Life
    {
        std::set<int> sent, done;
        bool ended = false; ///< by itself, with everything done
    };

    /// @param acknowledged  kills it once so many answers were said to be on disk
    static Life live(const StoreAddress& address, const RunId& run, int acknowledged)
    {
        QProcess program;
        program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        program.start(QCoreApplication::applicationFilePath(),
                      {QStringLiteral("--victim"), QString::fromStdString(toString(address)),
                       QString::fromStdString(run.value)});
        Life life;
        const auto hear = [&] {
            while (program.canReadLine()) {
                const QList<QByteArray> line = program.readLine().trimmed().split(' ');
                (line[0] == "send" ? life.sent : life.done).insert(line[1].toInt());
            }
        };
        while (int(life.done.size()) < acknowledged && program.waitForReadyRead(300'000))
            hear();
        if (int(life.done.size()) >= acknowledged)
            program.kill();
        program.waitForFinished(300'000);
        hear();
        life.ended = program.exitStatus() == QProcess::NormalExit;
        if (life.ended && program.exitCode() != 0)
            qWarning("the program ended with %d", program.exitCode());
        return life;
    }

    static std::set<int> settledOf(const RunContents& contents)
    {
        std::set<int> settled;
        for (const CellColumns& cell : contents.cells) {
            if (cell.isSettled)
                settled.insert(cell.key.prompt);
        }
        return settled;
    }

private slots:
    void initTestCase_data() { StorePlaces::addRows(); }
    void init() { SIGNALBOX_FRESH_PLACE(m_places); }

    void nothingIsLostAndNothingSentTwice_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 5; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void nothingIsLostAndNothingSentTwice()
    {
        QFETCH(const int, seed);
        Random random{static_cast<std::uint64_t>(seed)};
        const RunDraft draft = smallDraft(kCells, 1);
        auto opened = openStore(m_places.address(), {});
        SIGNALBOX_VERIFY(opened);
        StoreConnection& store = *opened->connection;
        SIGNALBOX_VERIFY(writeRun(store, draft, {}));

        std::set<int> settled;
        int cut = 0;
        for (bool ended = false; !ended;) {
            const Life life = live(m_places.address(), draft.id, 1 + int(random.below(25)));
            ended = life.ended;
            for (const int cell : life.sent)
                QVERIFY2(settled.count(cell) == 0, "sent again, although it has an answer");

            // As it was left, with the program's running cells; then as the next one finds it.
            const std::string us = newRunOwner();
            SIGNALBOX_VERIFY(claimRun(store, draft.id, us));
            SIGNALBOX_VERIFY(letGoOfRuns(store, us));
            RunContents contents;
            SIGNALBOX_VERIFY(readCells(store, draft.id, contents));
            const std::set<int> now = settledOf(contents);
            QVERIFY(std::ranges::includes(now, settled));
            QVERIFY(std::ranges::includes(now, life.done));
            settled = now;
            QCOMPARE(contents.unfinished().size() + settled.size(), std::size_t(kCells));
            const auto texts = readContents(store, draft.id, 0, kCells);
            SIGNALBOX_VERIFY(texts);
            std::set<int> withText;
            for (const CellContent& content : *texts) {
                const int cell = content.key.prompt;
                withText.insert(cell);
                if (content.answer)
                    QCOMPARE(content.answer->text, textOf(cell));
                else
                    QVERIFY(textOf(cell).starts_with(content.partialText));
                QVERIFY(content.answer || !content.partialText.empty());
                QVERIFY(!content.answer || content.partialText.empty());
            }
            for (const CellColumns& cell : contents.cells) {
                const bool hasText = withText.count(cell.key.prompt) != 0;
                QCOMPARE(cell.attempts, cell.isSettled ? 1 : 0);
                QVERIFY(cell.state == (cell.isSettled ? StoredState::Done
                                       : hasText      ? StoredState::Cut
                                                      : StoredState::Queued));
                cut += cell.state == StoredState::Cut;
            }
        }
        QCOMPARE(settled.size(), std::size_t(kCells));
        QVERIFY(cut > 0); // or the program was never killed in the midst of an answer
    }
};

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == QLatin1String("--victim")) {
        const Victim victim(*parseStoreAddress(arguments[2].toStdString()),
                            RunId(arguments[3].toStdString()));
        return QCoreApplication::exec();
    }
    TestStoreKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_store_kill.moc"
