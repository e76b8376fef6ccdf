// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: an answer that was recorded is on disk, whole and equal, whatever happens to the program
// afterwards; an old file is brought up to date after a copy; a newer or broken one is left alone.

#include <core/base/files.h>
#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/evidence/old_evidence.h>
#include <core/evidence/run_owner.h>

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>

using namespace signalbox;

namespace {

Answer sampleAnswer(int sample = 0)
{
    Answer answer;
    answer.prompt = PromptId("billing-07");
    answer.model = ModelId("gpt-4");
    answer.sample = sample;
    answer.servedModel = "gpt-4-0613";
    answer.segment = "billing";
    answer.text =
        std::string("Gr\u00fc\u00dfe \U0001F680 <b>not bold</b>\n") + std::string("\0tail", 5);
    answer.reasoning = "because";
    answer.state = AnswerState::Truncated;
    answer.failure = "cut off";
    answer.failureKind = FailureKind::Truncated;
    answer.inputTokens = 412;
    answer.tokensEstimated = true;
    answer.firstTokenMs = 512.25;
    answer.cost = Money{12'360'000'123};
    answer.costStated = true;
    answer.satisfied = 1.0;
    answer.styleGuide = "At most four sentences.";
    answer.simulated = true;
    answer.recordedAtMs = 1'700'000'000'000;
    return answer;
}

class StoreFolder
{
public:
    [[nodiscard]] std::filesystem::path file() const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / "evidence.sqlite";
    }

private:
    QTemporaryDir m_folder;
};

/// Another program does something to an evidence file.
void onFile(const std::filesystem::path& path, const QStringList& statements)
{
    {
        QSqlDatabase other =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
        other.setDatabaseName(QString::fromStdString(path.string()));
        QVERIFY(other.open());
        QSqlQuery query(other);
        for (const QString& statement : statements)
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("other"));
}

/// A file as an older version of the program left it.
void makeOldFile(const std::filesystem::path& path, int version, const QStringList& statements)
{
    QStringList all = {QStringLiteral("PRAGMA journal_mode = WAL")};
    for (std::size_t step = 0; step < std::size_t(version); ++step)
        all += oldEvidenceSteps()[step];
    onFile(path,
           all + statements + QStringList{QStringLiteral("PRAGMA user_version = %1").arg(version)});
}

/// A run of an old file.
QString oldRun(const char* id, const char* name, int startedAt, int finishedAt = 0)
{
    return QStringLiteral(
               "INSERT INTO run (id, name, started_at, finished_at, plan) VALUES "
               "('%1', '%2', %3, %4, '{\"typed\":{\"typed-1\":\"https://me:pw@host\"}}')")
        .arg(QLatin1String(id), QLatin1String(name))
        .arg(startedAt)
        .arg(finishedAt);
}

std::vector<std::string> filesBeside(const std::filesystem::path& file)
{
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(file.parent_path()))
        files.push_back(entry.path().filename().string());
    std::ranges::sort(files);
    return files;
}

} // namespace

class TestEvidenceStore : public QObject
{
    Q_OBJECT
private slots:
    void anAnswerComesBackEqual()
    {
        const StoreFolder folder;
        const Answer written = sampleAnswer();
        RunId run;
        {
            auto store = EvidenceStore::open(folder.file());
            QVERIFY2(store, store ? "" : toString(store.error()).c_str());
            run = *store->beginRun("first", "{}");
            QVERIFY(store->record(run, written).has_value());
        }
        auto store = EvidenceStore::open(folder.file());
        const auto read = store->answers(run);
        QCOMPARE(read->size(), std::size_t(1));
        QVERIFY(read->front() == written);
    }

    void aSecondAnswerToTheSameCellReplacesTheFirst()
    {
        auto store = EvidenceStore::openTemporary();
        const RunId run = *store->beginRun("r", "{}");
        Answer answer = sampleAnswer();
        QVERIFY(store->record(run, answer).has_value());
        answer.text = "again";
        QVERIFY(store->record(run, answer).has_value());
        QVERIFY(store->record(run, sampleAnswer(1)).has_value());
        const auto read = store->answers(run);
        QCOMPARE(read->size(), std::size_t(2));
        QCOMPARE(read->front().text, std::string("again"));
    }

    void unknownStaysUnknownAndZeroStaysZero()
    {
        auto store = EvidenceStore::openTemporary();
        const RunId run = *store->beginRun("r", "{}");
        Answer answer = sampleAnswer();
        answer.cost.reset();
        answer.outputTokens = 0;
        QVERIFY(store->record(run, answer).has_value());
        const Answer read = store->answers(run)->front();
        QVERIFY(!read.cost);
        QVERIFY(!read.totalMs);
        QCOMPARE(*read.outputTokens, std::int64_t(0));
    }

    void ofSeveralRunsTheNewestAnswerCounts()
    {
        auto store = EvidenceStore::openTemporary();
        Answer answer = sampleAnswer();
        const RunId newer = *store->beginRun("newer", "{}");
        answer.text = "newer";
        answer.recordedAtMs += 1000;
        QVERIFY(store->record(newer, answer).has_value());
        const RunId older = *store->beginRun("older", "{}");
        QVERIFY(store->record(older, sampleAnswer()).has_value());
        answer.styleGuide = "another guide is another question";
        QVERIFY(store->record(older, answer).has_value());
        const auto all = store->allAnswers();
        QCOMPARE(all->size(), std::size_t(2));
        QVERIFY(std::ranges::any_of(*all, [](const Answer& kept) {
            return kept.text == "newer" && kept.styleGuide == "At most four sentences.";
        }));
    }

    void aPaidAnswerIsNotReplacedByAnAttemptWithoutOne_data()
    {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("after");
        QTest::addColumn<bool>("replaced");
        const auto row = [](const char* name, AnswerState before, AnswerState after,
                            bool replaced) {
            QTest::newRow(name) << int(before) << int(after) << replaced;
        };
        using enum AnswerState;
        row("failed after done", Done, Failed, false);
        row("stopped after done", Done, Stopped, false);
        row("filtered after truncated", Truncated, Filtered, false);
        row("stopped after refused", Refused, Stopped, false);
        row("stopped after failed", Failed, Stopped, false);
        row("done after done", Done, Done, true);
        row("refused after done", Done, Refused, true);
        row("done after failed", Failed, Done, true);
        row("failed after failed", Failed, Failed, true);
        row("failed after stopped", Stopped, Failed, true);
    }
    void aPaidAnswerIsNotReplacedByAnAttemptWithoutOne()
    {
        QFETCH(const int, before);
        QFETCH(const int, after);
        QFETCH(const bool, replaced);
        auto store = EvidenceStore::openTemporary();
        const RunId run = *store->beginRun("r", "{}");
        Answer answer = sampleAnswer();
        answer.state = AnswerState(before);
        QVERIFY(store->record(run, answer).has_value());
        answer.state = AnswerState(after);
        answer.text = "repeat";
        answer.recordedAtMs += 1000;
        QVERIFY(store->record(run, answer).has_value());
        const auto read = store->answers(run);
        QCOMPARE(read->size(), std::size_t(1));
        QCOMPARE(read->front().text == "repeat", replaced);
    }

    void aStoppedRepeatInANewerRunHidesNothing()
    {
        auto store = EvidenceStore::openTemporary();
        const RunId older = *store->beginRun("older", "{}");
        QVERIFY(store->record(older, sampleAnswer()).has_value());
        const RunId newer = *store->beginRun("newer", "{}");
        Answer stopped = sampleAnswer();
        stopped.state = AnswerState::Stopped;
        stopped.text.clear();
        stopped.recordedAtMs += 1000;
        QVERIFY(store->record(newer, stopped).has_value());
        QCOMPARE(store->allAnswers()->size(), std::size_t(1));
        QVERIFY(store->allAnswers()->front() == sampleAnswer());
    }

    void aRowThatCannotBeUnderstoodIsAnError_data()
    {
        QTest::addColumn<QString>("change");
        QTest::newRow("state") << QStringLiteral("state = 'excellent'");
        QTest::newRow("dropped") << QStringLiteral("dropped = '7'");
        QTest::newRow("kind") << QStringLiteral("failure_kind = 'bad luck'");
    }
    void aRowThatCannotBeUnderstoodIsAnError()
    {
        QFETCH(const QString, change);
        const StoreFolder folder;
        auto store = EvidenceStore::open(folder.file());
        const RunId run = *store->beginRun("r", "{}");
        QVERIFY(store->record(run, sampleAnswer()).has_value());
        onFile(folder.file(), {QStringLiteral("UPDATE answer SET ") + change});
        const auto read = store->allAnswers();
        QVERIFY(!read);
        QCOMPARE(read.error().where, folder.file().string());
        QVERIFY(!store->answers(run));
    }

    void anUnknownRunIsToldWithTheOnesThereAre()
    {
        auto store = EvidenceStore::openTemporary();
        QVERIFY(!store->run(RunId("nobody")));
        const RunId run = *store->beginRun("listen", "{}");
        QCOMPARE(store->run(run)->name, std::string("listen"));
        const auto unknown = store->run(RunId("nobody"));
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        QVERIFY(unknown.error().hint.find(run.value) != std::string::npos);
    }

    void runsAreListedWithTheirState()
    {
        auto store = EvidenceStore::openTemporary();
        const RunId run = *store->beginRun("listen", "{\"samples\":2}");
        QVERIFY(store->record(run, sampleAnswer()).has_value());
        QCOMPARE(store->runs()->front().finishedAtMs, std::int64_t(0));
        QVERIFY(store->finishRun(run).has_value());
        const RunSummary info = store->runs()->front();
        QVERIFY(info.finishedAtMs > 0);
        QCOMPARE(info.settled, std::size_t(1));
        QCOMPARE(info.planJson, std::string("{\"samples\":2}"));
        QVERIFY(!store->finishRun(RunId("nobody")).has_value());
    }

    void theRunThatLastDidSomethingIsFirst()
    {
        auto store = EvidenceStore::openTemporary();
        const RunId a = *store->beginRun("a", "{}");
        const RunId b = *store->beginRun("b", "{}");
        QCOMPARE(store->runs()->front().name, std::string("b"));
        QVERIFY(store->record(a, sampleAnswer()).has_value());
        QCOMPARE(store->runs()->front().name, std::string("a"));
        QVERIFY(store->claim(b).has_value()); // and is killed before an answer
        QCOMPARE(store->runs()->front().name, std::string("b"));
        QVERIFY(store->finishRun(a).has_value());
        QCOMPARE(store->runs()->front().name, std::string("b"));
    }

    void runsOfAnOldFileKeepTheirOrder_data()
    {
        QTest::addColumn<bool>("migrate");
        QTest::newRow("brought up to date") << true;
        QTest::newRow("only read") << false;
    }
    void runsOfAnOldFileKeepTheirOrder()
    {
        QFETCH(const bool, migrate);
        const StoreFolder folder;
        makeOldFile(
            folder.file(), 4,
            {oldRun("r1", "began first", 1), oldRun("r2", "began second", 2, 5),
             QStringLiteral("INSERT INTO answer VALUES ('r1', 'p', 'm', 0, '', 's', 'text', '', "
                            "'done', '', 5, 6, 0, NULL, NULL, 700, NULL, '', 0, 7, NULL, 0)")});
        auto store = migrate ? EvidenceStore::open(folder.file())
                             : EvidenceStore::openExisting(folder.file());
        QVERIFY2(store, store ? "" : toString(store.error()).c_str());
        const auto runs = store->runs();
        QCOMPARE(runs->front().name, std::string("began first"));
        QVERIFY(runs->front().isInterrupted());
        QCOMPARE(runs->back().createdAtMs, std::int64_t(2));
        QCOMPARE(runs->back().finishedAtMs, std::int64_t(5));
        QVERIFY(runs->back().planJson.find("typed-1") != std::string::npos);
        if (!migrate)
            return;
        const RunId fresh = *store->beginRun("fresh", "{}");
        QCOMPARE(store->runs()->front().id, fresh);
        QVERIFY(store->claim(RunId("r1")).has_value()); // a person goes on with it
        QVERIFY(store->runs()->back().id != RunId("r1"));
    }

    /// Every answer of an old file, of every state, comes back with all that it had.
    void anOldAnswerComesBackEqual_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<int>("expected");
        using enum AnswerState;
        QTest::newRow("done") << QStringLiteral("done") << int(Done);
        QTest::newRow("truncated") << QStringLiteral("truncated") << int(Truncated);
        QTest::newRow("refused") << QStringLiteral("refused") << int(Refused);
        QTest::newRow("filtered") << QStringLiteral("filtered") << int(Filtered);
        QTest::newRow("failed") << QStringLiteral("failed") << int(Failed);
        QTest::newRow("stopped") << QStringLiteral("stopped") << int(Stopped);
    }
    void anOldAnswerComesBackEqual()
    {
        QFETCH(const QString, state);
        QFETCH(const int, expected);
        Answer answer = sampleAnswer(2);
        answer.state = AnswerState(expected);
        answer.text = "Gr\u00fc\u00dfe \x1A";
        answer.totalMs = 1500.5;
        answer.outputTokens = 0;
        const StoreFolder folder;
        makeOldFile(
            folder.file(), 5,
            {oldRun("r1", "old", 1), oldRun("r2", "other", 2),
             QStringLiteral("UPDATE run SET last_at = started_at"),
             QStringLiteral("INSERT INTO answer VALUES ('r2', 'another', 'm', 0, '', 's', 'x', '', "
                            "'done', '', 5, 6, 0, NULL, NULL, 700, NULL, '', 0, 7, NULL, 0)"),
             QStringLiteral("INSERT INTO answer VALUES ('r1', 'billing-07', 'gpt-4', 2, "
                            "'gpt-4-0613', 'billing', 'Gr\u00fc\u00dfe ' || char(26), 'because', "
                            "'%1', 'cut off', 412, 0, 1, 512.25, 1500.5, 12360000123, 1.0, "
                            "'At most four sentences.', 1, 1700000000000, 'truncated', 1)")
                 .arg(state)});
        auto store = EvidenceStore::open(folder.file());
        QVERIFY2(store, store ? "" : toString(store.error()).c_str());
        const auto read = store->answers(RunId("r1"));
        QVERIFY2(read, read ? "" : toString(read.error()).c_str());
        QCOMPARE(read->size(), std::size_t(1));
        QVERIFY(read->front() == answer);
        QCOMPARE(store->allAnswers()->size(), std::size_t(2));
        QCOMPARE(store->runs()->back().settled, std::size_t(1));
    }

    void anOldFileThatIsNotUnderstoodIsLeftAsItIs()
    {
        const StoreFolder folder;
        makeOldFile(
            folder.file(), 5,
            {oldRun("r1", "old", 1),
             QStringLiteral("INSERT INTO answer VALUES ('r1', 'p', 'm', 0, '', 's', 'x', '', "
                            "'excellent', '', 5, 6, 0, NULL, NULL, 700, NULL, '', 0, 7, NULL, "
                            "0)")});
        const auto store =
            EvidenceStore::open(SqliteStore{folder.file()}, {{}, OnDamage::SetAside});
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::Unsupported);
        QVERIFY(store.error().message.find("excellent") != std::string::npos);
        onFile(folder.file(), {QStringLiteral("UPDATE answer SET state = 'done'")});
        QCOMPARE(EvidenceStore::open(folder.file())->allAnswers()->size(), std::size_t(1));
    }

    void whatWasRecordedSurvivesAKill()
    {
        const StoreFolder folder;
        int ready[2] = {};
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto store = EvidenceStore::open(folder.file());
            const RunId run = *store->beginRun("r", "{}");
            for (int sample = 0; sample < 20; ++sample) {
                if (!store->record(run, sampleAnswer(sample)))
                    ::_exit(1);
            }
            (void)!::write(ready[1], "x", 1);
            for (;;)
                ::pause();
        }
        char signal = 0;
        QCOMPARE(::read(ready[0], &signal, 1), ssize_t(1));
        QCOMPARE(::kill(child, SIGKILL), 0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        auto store = EvidenceStore::open(folder.file());
        QVERIFY(store.has_value());
        QCOMPARE(store->runs()->size(), std::size_t(1));
        QCOMPARE(store->answers(store->runs()->front().id)->size(), std::size_t(20));
    }

    void anOldFileIsCopiedAndBroughtUpToDate()
    {
        const StoreFolder folder;
        makeOldFile(folder.file(), 1, {oldRun("r1", "old", 1)});
        {
            auto store = EvidenceStore::open(folder.file());
            QVERIFY2(store, store ? "" : toString(store.error()).c_str());
            QCOMPARE(store->runs()->front().name, std::string("old"));
            QVERIFY(store->record(RunId("r1"), sampleAnswer()).has_value());
        }
        QCOMPARE(filesBeside(folder.file()),
                 (std::vector<std::string>{"evidence.sqlite", "evidence.sqlite.v1.bak"}));
        const auto before = EvidenceStore::openExisting(folder.file().string() + ".v1.bak");
        QVERIFY2(before, before ? "" : toString(before.error()).c_str());
        QVERIFY(before->allAnswers()->empty());
    }

    /// What a program of the version before looks at first.
    void anOlderProgramSeesANewerFile()
    {
        const StoreFolder folder;
        makeOldFile(folder.file(), 5, {});
        QVERIFY(EvidenceStore::open(folder.file()).has_value());
        QSqlDatabase old =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("old"));
        old.setDatabaseName(QString::fromStdString(folder.file().string()));
        QVERIFY(old.open());
        QSqlQuery query(old);
        QVERIFY(query.exec(QStringLiteral("PRAGMA user_version")) && query.next());
        QVERIFY(query.value(0).toInt() > 5);
        query.clear();
        old = {};
        QSqlDatabase::removeDatabase(QStringLiteral("old"));
    }

    /// Rows from before nothing said who stated a cost: they keep it, as one from a list price.
    void anOldAnswerKeepsItsCostAndIsNotSaidToHaveStatedIt_data()
    {
        QTest::addColumn<bool>("migrate");
        QTest::newRow("brought up to date") << true;
        QTest::newRow("only read") << false;
    }
    void anOldAnswerKeepsItsCostAndIsNotSaidToHaveStatedIt()
    {
        QFETCH(const bool, migrate);
        const StoreFolder folder;
        makeOldFile(
            folder.file(), 3,
            {oldRun("r1", "old", 1),
             QStringLiteral("INSERT INTO answer VALUES ('r1', 'p', 'm', 0, '', 's', 'text', '', "
                            "'failed', 'why', 5, 6, 0, NULL, NULL, 700, NULL, '', 0, 7, "
                            "'rateLimit')")});
        const auto store = migrate ? EvidenceStore::open(folder.file())
                                   : EvidenceStore::openExisting(folder.file());
        QVERIFY2(store, store ? "" : toString(store.error()).c_str());
        const auto read = store->answers(RunId("r1"));
        QVERIFY2(read, read ? "" : toString(read.error()).c_str());
        QCOMPARE(*read->front().cost, Money{700});
        QVERIFY(!read->front().costStated);
        QVERIFY(read->front().failureKind == FailureKind::RateLimit);
    }

    void twoProgramsMayBringOneFileUpToDate()
    {
        const StoreFolder folder;
        makeOldFile(folder.file(), 1, {});
        {
            QSqlDatabase first =
                QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("first"));
            first.setDatabaseName(QString::fromStdString(folder.file().string()));
            QVERIFY(first.open());
            QSqlQuery query(first);
            QVERIFY(query.exec(QStringLiteral("PRAGMA journal_mode = WAL")) && query.next());
            query.finish();
            // The first program holds the lock in the middle of its step when the second one comes.
            QVERIFY(query.exec(QStringLiteral("BEGIN IMMEDIATE")));
            for (const QString& statement : oldEvidenceSteps()[1])
                QVERIFY(query.exec(statement));
            QVERIFY(query.exec(QStringLiteral("PRAGMA user_version = 2")));
            auto second = std::async(std::launch::async, [&] {
                const auto store = EvidenceStore::open(folder.file());
                return store ? std::string() : toString(store.error());
            });
            QVERIFY(second.wait_for(std::chrono::milliseconds(300)) != std::future_status::ready);
            QVERIFY(query.exec(QStringLiteral("COMMIT")));
            const std::string wrong = second.get();
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
        QSqlDatabase::removeDatabase(QStringLiteral("first"));
    }

    void readingCreatesNothingAndChangesNothing()
    {
        const StoreFolder folder;
        const auto absent = EvidenceStore::openExisting(folder.file());
        QVERIFY(!absent);
        QCOMPARE(absent.error().code, ErrorCode::NotFound);
        QCOMPARE(absent.error().where, folder.file().string());
        QVERIFY(!absent.error().hint.empty());
        QVERIFY(!std::filesystem::exists(folder.file()));

        makeOldFile(
            folder.file(), 2,
            {oldRun("r1", "old", 1),
             QStringLiteral("INSERT INTO answer VALUES ('r1', 'p', 'm', 0, '', 's', 'text', '', "
                            "'failed', 'why', NULL, NULL, 0, NULL, NULL, NULL, NULL, '', 0, 7)")});
        const std::string before = *readFile(folder.file());
        {
            auto store = EvidenceStore::openExisting(folder.file());
            QVERIFY2(store, store ? "" : toString(store.error()).c_str());
            const Answer read = store->allAnswers()->front();
            QCOMPARE(read.failure, std::string("why"));
            QVERIFY(!read.failureKind);
            QVERIFY(!store->record(RunId("r1"), sampleAnswer()));
        }
        QVERIFY(*readFile(folder.file()) == before);

        QVERIFY(writeFileAtomically(folder.file(), "").has_value());
        QVERIFY(!EvidenceStore::openExisting(folder.file()));
    }

    void aNewerFileIsLeftAlone()
    {
        const StoreFolder folder;
        QVERIFY(EvidenceStore::open(folder.file()).has_value());
        onFile(folder.file(), {QStringLiteral("PRAGMA journal_mode = DELETE"),
                               QStringLiteral("PRAGMA user_version = 999")});
        const std::string before = *readFile(folder.file());
        const auto store = EvidenceStore::open(folder.file());
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::Unsupported);
        QCOMPARE(store.error().where, folder.file().string());
        QVERIFY(*readFile(folder.file()) == before);
    }

    void aDamagedFileIsKeptAsideWhereThatIsWanted()
    {
        const StoreFolder folder;
        const std::string content(4096, '#');
        QVERIFY(writeFileAtomically(folder.file(), content).has_value());
        auto store = EvidenceStore::open(SqliteStore{folder.file()}, {{}, OnDamage::SetAside});
        QVERIFY2(store, store ? "" : toString(store.error()).c_str());
        QVERIFY(store->notice().find("damaged-") != std::string::npos);
        QVERIFY(store->runs()->empty());
    }

    void aTemporaryStoreIsGoneWithTheObject()
    {
        std::filesystem::path file;
        {
            auto store = EvidenceStore::openTemporary();
            const RunId run = *store->beginRun("r", "{}");
            QVERIFY(store->record(run, sampleAnswer()).has_value());
            QVERIFY(store->where().empty());
            QVERIFY(store->path().empty());
            file = std::get<SqliteStore>(store->background().address()).file;
            QVERIFY(std::filesystem::exists(file));
        }
        QVERIFY(!std::filesystem::exists(file.parent_path()));
    }

    void whatWasPutInTheBackgroundIsReadHere()
    {
        auto store = EvidenceStore::openTemporary();
        RunDraft draft;
        draft.planJson = "{}";
        draft.prompts = {{PromptId("p"), "billing", "[]"}};
        draft.lanes = {{LaneId("m"), "{}"}};
        const RunId run = store->background().createRun(draft);
        QCOMPARE(store->runs()->front().id, run);
        QVERIFY(store->runs()->front().holder == RunHolder::ThisStore);
        StoredAnswer answer;
        answer.ticket = 1;
        answer.text = "put";
        store->background().writer().put(CellFinished{run, {0, 0, 0}, answer});
        QCOMPARE(store->answers(run)->front().text, std::string("put"));
        QCOMPARE(store->answers(run)->front().segment, std::string("billing"));
    }

    void aFileThatIsNoDatabaseIsNamedAndLeftAlone()
    {
        const StoreFolder folder;
        const std::string content(4096, '#');
        QVERIFY(writeFileAtomically(folder.file(), content).has_value());
        const auto store = EvidenceStore::open(folder.file());
        QVERIFY(!store);
        QCOMPARE(store.error().where, folder.file().string());
        QVERIFY(*readFile(folder.file()) == content);
    }

    void anImpossibleFolderIsASentence()
    {
        const auto store = EvidenceStore::open("/proc/nowhere/evidence.sqlite");
        QVERIFY(!store);
        QVERIFY(!store.error().message.empty());
    }
};

QTEST_GUILESS_MAIN(TestEvidenceStore)
#include "tst_evidence_store.moc"
