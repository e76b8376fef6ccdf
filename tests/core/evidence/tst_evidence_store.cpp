// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: an answer that was recorded is on disk, whole and equal, whatever happens to the program
// afterwards; an old file is brought up to date after a copy; a newer or broken one is left alone.

#include <core/base/files.h>
#include <core/evidence/evidence_schema.h>
#include <core/evidence/evidence_store.h>

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

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
    answer.inputTokens = 412;
    answer.tokensEstimated = true;
    answer.firstTokenMs = 512.25;
    answer.cost = Money{12'360'000'123};
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

/// A file as an older version of the program left it.
void makeOldFile(const std::filesystem::path& path, int version, const QStringList& statements)
{
    {
        QSqlDatabase old =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("old"));
        old.setDatabaseName(QString::fromStdString(path.string()));
        QVERIFY(old.open());
        QVERIFY(migrateEvidence(old, version).has_value());
        QSqlQuery query(old);
        for (const QString& statement : statements)
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("old"));
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
        auto store = EvidenceStore::openInMemory();
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
        auto store = EvidenceStore::openInMemory();
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
        auto store = EvidenceStore::openInMemory();
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

    void theTextSoFarIsReplacedByTheAnswer()
    {
        auto store = EvidenceStore::openInMemory();
        const RunId run = *store->beginRun("r", "{}");
        const Answer answer = sampleAnswer();
        QVERIFY(store->recordPartial(run, answer.prompt, answer.model, 0, "so f").has_value());
        QVERIFY(store->recordPartial(run, answer.prompt, answer.model, 0, "so far").has_value());
        QCOMPARE(store->partials(run)->size(), std::size_t(1));
        QCOMPARE(store->partials(run)->front().text, std::string("so far"));
        QVERIFY(store->record(run, answer).has_value());
        QVERIFY(store->partials(run)->empty());
    }

    void runsAreListedWithTheirState()
    {
        auto store = EvidenceStore::openInMemory();
        const RunId run = *store->beginRun("listen", "{\"samples\":2}");
        QVERIFY(store->record(run, sampleAnswer()).has_value());
        QCOMPARE(store->runs()->front().finishedAtMs, std::int64_t(0));
        QVERIFY(store->finishRun(run).has_value());
        const RunInfo info = store->runs()->front();
        QVERIFY(info.finishedAtMs > 0);
        QCOMPARE(info.answers, std::size_t(1));
        QCOMPARE(info.planJson, std::string("{\"samples\":2}"));
        QVERIFY(!store->finishRun(RunId("nobody")).has_value());
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
        makeOldFile(folder.file(), 1,
                    {QStringLiteral("INSERT INTO run (id, name, started_at, plan) "
                                    "VALUES ('r1', 'old', 1, '{}')")});
        auto store = EvidenceStore::open(folder.file());
        QVERIFY2(store, store ? "" : toString(store.error()).c_str());
        QCOMPARE(store->runs()->front().name, std::string("old"));
        QVERIFY(store->recordPartial(RunId("r1"), PromptId("p"), ModelId("m"), 0, "x").has_value());
        QVERIFY(std::filesystem::exists(folder.file().string() + ".v1.bak"));
    }

    void aNewerFileIsLeftAlone()
    {
        const StoreFolder folder;
        makeOldFile(folder.file(), -1, {QStringLiteral("PRAGMA user_version = 999")});
        const std::string before = *readFile(folder.file());
        const auto store = EvidenceStore::open(folder.file());
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::Unsupported);
        QCOMPARE(store.error().where, folder.file().string());
        QVERIFY(*readFile(folder.file()) == before);
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
