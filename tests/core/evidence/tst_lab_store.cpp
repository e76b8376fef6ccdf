// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what was put is on disk once it says so, and whatever is in the way (a lock, a full
// disk, a server that goes and comes back, one write that cannot be) is a sentence, after which
// everything else is written, nothing twice. Two windows may share a store, and never work on one
// run.

#include <core/evidence/lab_store.h>
#include <core/evidence/store_failure.h>
#include <tests/support/store_places.h>

#include <QFile>
#include <QSignalSpy>
#include <sys/resource.h>

#include <csignal>

using namespace signalbox;
using namespace signalbox::test;

namespace {

WriterSettings quickSettings()
{
    WriterSettings settings;
    settings.open.patience.lockMs = 1;
    settings.retryMs = 1;
    settings.mostRetryMs = 5;
    settings.partialMs = 1;
    return settings;
}

/// What a store says, for a test to look at.
struct Witness
{
    explicit Witness(LabStore& store)
    {
        StoreWriter* writer = &store.writer();
        QObject::connect(writer, &StoreWriter::written, &context,
                         [this](quint64 number) { written = number; });
        QObject::connect(writer, &StoreWriter::troubled, &context,
                         [this](const Error& error) { troubles.push_back(error); });
        QObject::connect(writer, &StoreWriter::recovered, &context, [this] { ++recoveries; });
        QObject::connect(writer, &StoreWriter::opened, &context,
                         [this](const QString& said) { notice = said; });
        QObject::connect(
            writer, &StoreWriter::refused, &context,
            [this](quint64 number, const Error& error) { refusals.emplace_back(number, error); });
    }

    QObject context;
    quint64 written = 0;
    std::vector<Error> troubles;
    int recoveries = 0;
    std::optional<QString> notice;
    std::vector<std::pair<quint64, Error>> refusals;
};

CellFinished finish(const RunId& run, int prompt, const std::string& text = "an answer")
{
    return {run, {prompt, 0, 0}, fullAnswer(text)};
}

} // namespace

class TestLabStore : public QObject
{
    Q_OBJECT

    StorePlaces m_places;

    /// Waits for an answer without a limit of its own.
    template<class T> static Result<T> wait(QFuture<Result<T>> future)
    {
        future.waitForFinished();
        return future.result();
    }

private slots:
    void initTestCase_data() { StorePlaces::addRows(); }
    void init() { SIGNALBOX_FRESH_PLACE(m_places); }

    void whatWasPutIsThere()
    {
        const RunDraft draft = smallDraft(3, 1);
        const CellFinished done = finish(draft.id, 0);
        auto tasting = std::make_shared<StoredTasting>();
        tasting->number = 7;
        tasting->sheetJson = "{}";
        {
            LabStore store(m_places.address(), quickSettings());
            Witness witness(store);
            QVERIFY(store.createRun(draft) == draft.id);
            store.writer().put(CellStarted{draft.id, {1, 0, 0}, 7});
            store.writer().put(TextAppended{draft.id, {1, 0, 0}, 7, "so ", "hm", 0});
            store.writer().put(TextAppended{draft.id, {1, 0, 0}, 7, "far", "", 0});
            store.writer().put(NoteSet{draft.id, {0, 0, 0}, {Provenance::Human, "", "good", true}});
            store.writer().put(TastingBegun{draft.id, tasting});
            store.writer().put(TasterSet{draft.id, 7, {"Ann", "{}", 3, 0}});
            store.writer().put(VoteSet{draft.id, 7, {"Ann", "order", 0, "{}", 4}});
            store.writer().put(JudgingSet{
                draft.id, 7, std::make_shared<StoredJudging>(StoredJudging{9, "{}", 5, {}})});
            store.writer().put(JudgeCallSet{draft.id, 7, 9, {2, R"({"state":"sent"})", 6}});
            QCOMPARE(wait(store.tastings(draft.id))->size(), std::size_t(1)); // with what was put
            store.writer().put(RunStateSet{draft.id, RunState::Paused});
            const WriteNumber last = store.writer().put(done);
            SIGNALBOX_TRY(witness.written >= last);
            QCOMPARE(store.writer().waiting(), std::size_t(0));
            QVERIFY(witness.notice && witness.notice->isEmpty());
            const auto loaded = wait(store.load(draft.id));
            SIGNALBOX_VERIFY(loaded);
            QVERIFY((*loaded)->draft == draft);
            QVERIFY((*loaded)->summary.holder == RunHolder::ThisStore);
        }
        LabStore again(m_places.address(), quickSettings());
        const auto runs = wait(again.runs());
        SIGNALBOX_VERIFY(runs);
        QVERIFY(runs->front().isInterrupted());
        QVERIFY(runs->front().state == RunState::Paused);
        const auto resumed = wait(again.resume(draft.id));
        SIGNALBOX_VERIFY(resumed);
        QVERIFY((*resumed)->unfinished() == (std::vector<CellKey>{{1, 0, 0}, {2, 0, 0}}));
        QVERIFY((*resumed)->cells[1].state == StoredState::Cut);
        const auto texts = wait(again.contents(draft.id, 0, 3));
        SIGNALBOX_VERIFY(texts);
        QVERIFY(texts->at(0).answer == done.answer);
        QCOMPARE(texts->at(1).partialText, std::string("so far"));
        QCOMPARE(texts->at(1).partialReasoning, std::string("hm"));
        QCOMPARE(wait(again.notes(draft.id))->size(), std::size_t(1));
        const auto tastings = wait(again.tastings(draft.id));
        SIGNALBOX_VERIFY(tastings);
        QCOMPARE(tastings->front().tasters.front().rater, std::string("Ann"));
        QCOMPARE(tastings->front().votes.size(), std::size_t(1));
        QVERIFY(tastings->front().judgings ==
                (std::vector<StoredJudging>{{9, "{}", 5, {{2, R"({"state":"sent"})", 6}}}}));
        QCOMPARE(wait(again.attempts(draft.id, {0, 0, 0}))->size(), std::size_t(1));
        QCOMPARE(*wait(again.exportRows(draft.id, [](const ExportRow&) { return true; })),
                 std::size_t(3));
        SIGNALBOX_VERIFY(wait(again.reprice(
            draft.id, "now", [](const PricedUsage&) { return std::optional(Money{1}); })));
        QVERIFY(*wait(again.pricings(draft.id)) == std::vector<std::string>{"now"});
        QCOMPARE(wait(again.pricing(draft.id, "now"))->costs.size(), std::size_t(1));
        SIGNALBOX_VERIFY(wait(again.remove(draft.id)));
        QVERIFY(wait(again.runs())->empty());
    }

    void partialTextIsWrittenBeforeTheAnswerEnds()
    {
        LabStore store(m_places.address(), quickSettings());
        Witness witness(store);
        const RunId run = store.createRun(smallDraft(1, 1));
        const WriteNumber number =
            store.writer().put(TextAppended{run, {0, 0, 0}, 7, "so far", "", 0});
        SIGNALBOX_TRY(witness.written >= number);
        QCOMPARE(wait(store.contents(run, 0, 1))->front().partialText, std::string("so far"));
    }

    void twoWindowsShareAStoreAndNotARun()
    {
        LabStore first(m_places.address(), quickSettings());
        LabStore second(m_places.address(), quickSettings());
        Witness one(first);
        Witness two(second);
        const RunId a = first.createRun(smallDraft(40, 1));
        const RunId b = second.createRun(smallDraft(40, 1));
        WriteNumber lastA = 0;
        WriteNumber lastB = 0;
        for (int i = 0; i < 40; ++i) {
            lastA = first.writer().put(finish(a, i));
            lastB = second.writer().put(finish(b, i));
        }
        SIGNALBOX_TRY(one.written >= lastA && two.written >= lastB);
        const auto runs = wait(first.runs());
        SIGNALBOX_VERIFY(runs);
        QCOMPARE(runs->size(), std::size_t(2));
        for (const RunSummary& run : *runs) {
            QCOMPARE(run.settled, std::size_t(40));
            QVERIFY(run.holder == (run.id == a ? RunHolder::ThisStore : RunHolder::Another));
        }
        QCOMPARE(wait(first.resume(b)).error().code, ErrorCode::Refused);
        QCOMPARE(wait(first.remove(b)).error().code, ErrorCode::Refused);
        SIGNALBOX_VERIFY(second.writer().close(60'000));
        SIGNALBOX_VERIFY(wait(first.resume(b)));
    }

    void oneWriteThatCannotBeDoesNotKeepTheOthers()
    {
        LabStore store(m_places.address(), quickSettings());
        Witness witness(store);
        const RunId run = store.createRun(smallDraft(2, 1));
        store.writer().put(finish(run, 0));
        const WriteNumber wrong = store.writer().put(finish(run, 99));
        const WriteNumber last = store.writer().put(finish(run, 1));
        SIGNALBOX_TRY(witness.written >= last);
        QCOMPARE(wait(store.load(run)).value()->summary.settled, std::size_t(2));
        QCOMPARE(witness.refusals.size(), std::size_t(1));
        QCOMPARE(witness.refusals[0].first, quint64(wrong));
        QCOMPARE(witness.refusals[0].second.code, ErrorCode::NotFound);
        QVERIFY(witness.troubles.empty());
    }

    void aLockIsSaidAndWritingGoesOn()
    {
        if (!m_places.isFile())
            QSKIP("a server's tables are locked row by row");
        auto other = openStore(m_places.address(), {});
        SIGNALBOX_VERIFY(other);
        WriterSettings settings = quickSettings();
        settings.roomBytes = 100'000;
        LabStore store(m_places.address(), settings);
        Witness witness(store);
        QSignalSpy room(&store.writer(), &StoreWriter::roomChanged);
        const RunId run = store.createRun(smallDraft(3, 1));
        SIGNALBOX_TRY(store.writer().waiting() == 0);
        SIGNALBOX_VERIFY(other->connection->run(QStringLiteral("BEGIN IMMEDIATE"), "t"));
        store.writer().put(finish(run, 0));
        SIGNALBOX_TRY(!witness.troubles.empty());
        QVERIFY(witness.troubles[0].message.find("locked") != std::string::npos);
        QVERIFY(mayPass(witness.troubles[0]));
        QVERIFY(store.writer().hasRoom());
        store.writer().put(finish(run, 1, std::string(200'000, 'x')));
        QVERIFY(!store.writer().hasRoom());
        const WriteNumber last = store.writer().put(finish(run, 2)); // taken all the same
        QCOMPARE(wait(store.load(run)).value()->summary.settled, std::size_t(0)); // reading works
        QVERIFY(witness.written < last);
        SIGNALBOX_VERIFY(other->connection->run(QStringLiteral("COMMIT"), "t"));
        SIGNALBOX_TRY(witness.written >= last);
        SIGNALBOX_TRY(witness.recoveries == 1);
        QVERIFY(store.writer().hasRoom());
        SIGNALBOX_TRY(room.count() == 2);
        QCOMPARE(wait(store.load(run)).value()->summary.settled, std::size_t(3));
    }

    void aFullDiskIsSaidAndWritingGoesOn()
    {
        if (!m_places.isFile())
            QSKIP("the disk is the server's");
        LabStore store(m_places.address(), quickSettings());
        Witness witness(store);
        const RunId run = store.createRun(smallDraft(2, 1));
        SIGNALBOX_TRY(store.writer().waiting() == 0);
        rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit tight = before;
        tight.rlim_cur = 100'000;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
        store.writer().put(finish(run, 0, std::string(300'000, 'x')));
        const WriteNumber last = store.writer().put(finish(run, 1));
        SIGNALBOX_TRY(!witness.troubles.empty());
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY2(witness.troubles[0].message.find("full") != std::string::npos,
                 witness.troubles[0].message.c_str());
        QVERIFY(!witness.troubles[0].hint.empty());
        store.writer().retryNow();
        SIGNALBOX_TRY(witness.written >= last);
        SIGNALBOX_TRY(witness.recoveries == 1);
        QCOMPARE(wait(store.load(run)).value()->summary.settled, std::size_t(2));
    }

    void aServerMayGoAndComeBack()
    {
        if (m_places.isFile())
            QSKIP("a file does not go");
        LabStore store(m_places.address(), quickSettings());
        Witness witness(store);
        const RunId run = store.createRun(smallDraft(60, 1));
        SIGNALBOX_TRY(store.writer().waiting() == 0);
        QVERIFY(witness.troubles.empty());
        WriteNumber last = 0;
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 10; ++i)
                last = store.writer().put(finish(run, 20 * round + i));
            m_places.server().stop(); // in the midst of it, or before or after
            const std::size_t said = witness.troubles.size();
            for (int i = 10; i < 20; ++i)
                last = store.writer().put(finish(run, 20 * round + i));
            SIGNALBOX_TRY(witness.troubles.size() > said);
            QCOMPARE(witness.troubles.back().code, ErrorCode::NetworkError);
            const auto unread = wait(store.load(run));
            QVERIFY(!unread);
            QCOMPARE(unread.error().code, ErrorCode::NetworkError);
            QVERIFY(m_places.server().start());
            SIGNALBOX_TRY(witness.written >= last);
            SIGNALBOX_TRY(witness.recoveries == round + 1);
        }
        const auto loaded = wait(store.load(run));
        SIGNALBOX_VERIFY(loaded);
        QCOMPARE((*loaded)->summary.settled, std::size_t(60));
        QVERIFY(witness.refusals.empty());
        for (const CellColumns& cell : (*loaded)->cells)
            QCOMPARE(cell.attempts, 1); // nothing twice
    }

    void aServerThatIsNotThereYetIsWaitedFor()
    {
        if (m_places.isFile())
            QSKIP("a file is there");
        m_places.server().stop();
        LabStore store(m_places.address(), quickSettings());
        Witness witness(store);
        const RunId run = store.createRun(smallDraft(1, 1));
        const WriteNumber last = store.writer().put(finish(run, 0));
        SIGNALBOX_TRY(!witness.troubles.empty());
        QVERIFY2(witness.troubles[0].message.find("cannot be reached") != std::string::npos,
                 witness.troubles[0].message.c_str());
        QVERIFY(!witness.notice);
        QVERIFY(m_places.server().start());
        SIGNALBOX_TRY(witness.written >= last);
        QVERIFY(witness.notice);
        QCOMPARE(wait(store.load(run)).value()->summary.settled, std::size_t(1));
    }

    void anUnknownDatabaseIsSaidInTheServersWords()
    {
        if (m_places.isFile())
            QSKIP("of servers only");
        PostgresStore nowhere = std::get<PostgresStore>(m_places.address());
        nowhere.database = "nowhere";
        LabStore store(nowhere, quickSettings());
        Witness witness(store);
        SIGNALBOX_TRY(!witness.troubles.empty());
        QVERIFY2(witness.troubles[0].message.find("\"nowhere\" does not exist") !=
                     std::string::npos,
                 witness.troubles[0].message.c_str());
    }

    void whatCannotBeWrittenAtTheEndIsSaid()
    {
        if (!m_places.isFile())
            QSKIP("the same code for a server");
        auto other = openStore(m_places.address(), {});
        SIGNALBOX_VERIFY(other);
        LabStore store(m_places.address(), quickSettings());
        const RunId run = store.createRun(smallDraft(1, 1));
        SIGNALBOX_TRY(store.writer().waiting() == 0);
        SIGNALBOX_VERIFY(other->connection->run(QStringLiteral("BEGIN IMMEDIATE"), "t"));
        store.writer().put(finish(run, 0));
        const auto claimed = store.resume(run);
        const auto closed = store.writer().close(0);
        QVERIFY(!closed);
        QVERIFY(closed.error().message.find("locked") != std::string::npos);
        QVERIFY(!wait(claimed));
        QCOMPARE(wait(store.remove(run)).error().code, ErrorCode::Cancelled);
    }

    void aDamagedFileIsSaidAndANewOneBegun()
    {
        if (!m_places.isFile())
            QSKIP("a server sees to its files");
        QFile raw(QString::fromStdString(std::get<SqliteStore>(m_places.address()).file.string()));
        QVERIFY(raw.open(QIODevice::WriteOnly));
        raw.write(QByteArray(8192, '#'));
        raw.close();
        WriterSettings settings = quickSettings();
        settings.open.onDamage = OnDamage::SetAside;
        LabStore store(m_places.address(), settings);
        Witness witness(store);
        QVERIFY(wait(store.runs())->empty());
        SIGNALBOX_TRY(witness.notice);
        QVERIFY(witness.notice->contains(QLatin1String("damaged-")));
        QVERIFY(witness.troubles.empty());
    }

    void aNewerStoreIsSaidAndNotWritten()
    {
        {
            auto made = openStore(m_places.address(), {});
            SIGNALBOX_VERIFY(made);
            SIGNALBOX_VERIFY(made->connection->run(
                m_places.isFile() ? QStringLiteral("PRAGMA user_version = 999")
                                  : QStringLiteral("UPDATE signalbox_schema SET version = 999"),
                "t"));
        }
        LabStore store(m_places.address(), quickSettings());
        Witness witness(store);
        store.createRun(smallDraft(1, 1));
        SIGNALBOX_TRY(!witness.troubles.empty());
        QCOMPARE(witness.troubles[0].code, ErrorCode::Unsupported);
        QVERIFY(!mayPass(witness.troubles[0]));
        QCOMPARE(wait(store.runs()).error().code, ErrorCode::Unsupported);
        QVERIFY(!store.writer().close(0));
    }
};

QTEST_GUILESS_MAIN(TestLabStore)
#include "tst_lab_store.moc"
