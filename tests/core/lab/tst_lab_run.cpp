// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every prompt goes to every model once, never more calls at a time than allowed; a cell
// says done only when its answer is in the store; what finished is never sent or paid for again; a
// failure of one cell, or of the disk, touches nothing else.

#include <core/evidence/evidence_store.h>
#include <core/lab/lab_run.h>

#include <QPointer>
#include <QProcess>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <filesystem>

using namespace signalbox;

namespace {

/// A stream that does what the test says, when it says so.
class ScriptedStream : public ChatStream
{
public:
    ScriptedStream(ChatRequest asked) : request(std::move(asked)) {}

    void cancel() override { failWith(FailureKind::Cancelled, "cancelled"); }
    [[nodiscard]] StreamTimes times() const override
    {
        StreamTimes result;
        result.firstTextMs = 120;
        result.endMs = 480;
        return result;
    }
    void say(const std::string& text) { send(TextDelta{text}); }
    void finish()
    {
        UsageReport usage;
        usage.inputUncached = 100;
        usage.output = 50;
        isOver = true;
        emit eventsArrived({{0, usage}, {0, StreamFinished{}}});
    }
    void failWith(FailureKind kind, const std::string& sentence)
    {
        isOver = true;
        StreamFailed failed;
        failed.kind = kind;
        failed.error = {ErrorCode::NetworkError, sentence, {}, {}};
        send(failed);
    }
    void send(StreamEvent event) { emit eventsArrived({{0, std::move(event)}}); }

    ChatRequest request;
    bool isOver = false; ///< said its last event; deleted a little later
};

class ScriptedProvider : public ChatProvider
{
public:
    [[nodiscard]] std::string name() const override { return "scripted"; }
    [[nodiscard]] std::unique_ptr<ChatStream> start(const ChatRequest& request) override
    {
        auto stream = std::make_unique<ScriptedStream>(request);
        streams.push_back(stream.get());
        return stream;
    }
    void listModels(const std::string&, const std::string&, QObject*,
                    std::function<void(Result<std::vector<ModelListing>>)>) override
    {}

    [[nodiscard]] std::vector<ScriptedStream*> live() const
    {
        std::vector<ScriptedStream*> result;
        for (const auto& stream : streams) {
            if (stream && !stream->isOver)
                result.push_back(stream);
        }
        return result;
    }
    std::vector<QPointer<ScriptedStream>> streams;
};

ModelSpec scriptedModel(const std::string& id)
{
    ModelSpec model;
    model.id = ModelId(id);
    model.provider = "scripted";
    model.upstreamModel = id + "-upstream";
    model.price =
        Price{pricePerTokenFromUsdPerMTok(30), pricePerTokenFromUsdPerMTok(60), "2023-06-13"};
    return model;
}

LabPlan planOf(int prompts, int models, int inFlight = 8)
{
    LabPlan plan;
    plan.name = "test";
    plan.inFlight = inFlight;
    for (int i = 0; i < prompts; ++i) {
        LabPrompt prompt;
        prompt.id = PromptId("p" + std::to_string(i));
        prompt.segment = "billing";
        prompt.messages = {{Role::User, "Where is my refund?", 0}};
        prompt.outcome = [](const std::string& text) {
            return text.find("refund") == std::string::npos ? 0.0 : 1.0;
        };
        plan.prompts.push_back(prompt);
    }
    for (int i = 0; i < models; ++i)
        plan.models.push_back(scriptedModel("m" + std::to_string(i)));
    return plan;
}

/// Registry, provider and store of one test.
struct Bench
{
    ProviderRegistry registry;
    ScriptedProvider* provider = nullptr;
    EvidenceStore store = std::move(*EvidenceStore::openInMemory());

    Bench()
    {
        auto owned = std::make_unique<ScriptedProvider>();
        provider = owned.get();
        registry.add(std::move(owned));
    }
    void answerEverythingLive(const std::string& text = "Your refund is on its way.")
    {
        for (ScriptedStream* stream : provider->live()) {
            stream->say(text);
            stream->finish();
        }
    }
};

} // namespace

class TestLabRun : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void everyPromptGoesToEveryModelSideBySide()
    {
        Bench bench;
        LabRun run(planOf(2, 2), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QCOMPARE(bench.provider->streams.size(), std::size_t(4));
        QCOMPARE(bench.provider->streams[0]->request.upstreamModel, std::string("m0-upstream"));
        QCOMPARE(bench.provider->streams[1]->request.upstreamModel, std::string("m1-upstream"));
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        const Answer& answer = run.cell({1, 1, 0}).answer;
        QCOMPARE(answer.text, std::string("Your refund is on its way."));
        QCOMPARE(*answer.cost, Money::fromUsd(100 * 30e-6 + 50 * 60e-6));
        QCOMPARE(*answer.firstTokenMs, 120.0);
        QCOMPARE(*answer.satisfied, 1.0);
        QCOMPARE(run.progress().finished, std::size_t(4));
        QCOMPARE(*run.progress().spent, Money::fromUsd(4 * 0.006));
        QVERIFY(bench.store.runs()->front().finishedAtMs > 0);
    }

    void neverMoreCallsAtATimeThanAllowed()
    {
        Bench bench;
        LabRun run(planOf(5, 2, 3), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        std::size_t most = 0;
        while (finished.isEmpty()) {
            most = std::max(most, run.progress().running);
            bench.answerEverythingLive();
            QTRY_VERIFY(!bench.provider->live().empty() || !finished.isEmpty());
        }
        QCOMPARE(most, std::size_t(3));
        QCOMPARE(bench.provider->streams.size(), std::size_t(10));
    }

    void aCellSaysDoneOnlyWhenItsAnswerIsInTheStore()
    {
        Bench bench;
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        int doneCells = 0;
        connect(&run, &LabRun::cellChanged, this, [&](const CellId& id) {
            if (run.cell(id).state != CellState::Done)
                return;
            ++doneCells;
            QCOMPARE(bench.store.allAnswers()->size(), std::size_t(1));
        });
        run.start();
        bench.answerEverythingLive();
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Writing); // finished, but not yet on disk
        QTRY_COMPARE(doneCells, 1);
    }

    void aFailedCellTouchesNothingElseAndCanBeRetried()
    {
        Bench bench;
        LabRun run(planOf(1, 2), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.provider->streams[0]->say("half");
        bench.provider->streams[0]->failWith(FailureKind::ServerError, "the server answered 500");
        bench.provider->streams[1]->say("whole");
        bench.provider->streams[1]->finish();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Failed);
        QCOMPARE(run.cell({0, 0, 0}).status, std::string("the server answered 500"));
        QCOMPARE(run.cell({0, 1, 0}).state, CellState::Done);
        QCOMPARE(run.progress().failed, std::size_t(1));

        run.rerunFailed();
        QCOMPARE(bench.provider->live().size(), std::size_t(1));
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        QCOMPARE(bench.store.runs()->size(), std::size_t(1)); // the same run goes on
    }

    void stoppingKeepsWhatWasFinished()
    {
        Bench bench;
        LabRun run(planOf(3, 1, 2), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.provider->streams[0]->say("whole");
        bench.provider->streams[0]->finish();
        run.stop();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        QCOMPARE(run.cell({1, 0, 0}).state, CellState::Stopped);
        QCOMPARE(run.cell({2, 0, 0}).state, CellState::Stopped);
        QCOMPARE(bench.provider->streams.size(), std::size_t(2)); // the third was never sent
    }

    void pausingLetsRunningCellsFinishAndStartsNoOther()
    {
        Bench bench;
        LabRun run(planOf(2, 1, 1), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        run.pause();
        bench.answerEverythingLive();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        QCOMPARE(run.cell({1, 0, 0}).state, CellState::Queued);
        QVERIFY(run.isPaused());
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
    }

    void anInterruptedRunIsResumedAndNothingIsSentTwice()
    {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "evidence.sqlite";
        RunId id;
        {
            Bench bench;
            bench.store = std::move(*EvidenceStore::open(file));
            LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
            run.start();
            bench.answerEverythingLive();
            QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
            bench.provider->live().front()->say("half of the sec"); // and the program dies here
            QTRY_VERIFY(!bench.store.partials(bench.store.runs()->front().id)->empty());
            id = bench.store.runs()->front().id;
        }
        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file));
        QCOMPARE(bench.store.partials(id)->front().text, std::string("half of the sec"));
        LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(id), std::size_t(1));
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        while (finished.isEmpty()) {
            bench.answerEverythingLive();
            QTRY_VERIFY(!bench.provider->live().empty() || !finished.isEmpty());
        }
        QCOMPARE(bench.provider->streams.size(), std::size_t(2));
        QCOMPARE(bench.store.answers(id)->size(), std::size_t(3));
    }

    void aKilledProgramLosesNothingFinished()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("evidence.sqlite"));
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--victim"), file});
        QTRY_VERIFY_WITH_TIMEOUT(victim.canReadLine() || victim.state() == QProcess::NotRunning,
                                 60'000);
        QCOMPARE(victim.readLine().trimmed(), QByteArray("two done, one in the middle"));
        victim.kill();
        QVERIFY(victim.waitForFinished());

        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file.toStdString()));
        const RunInfo interrupted = bench.store.runs()->front();
        QCOMPARE(interrupted.finishedAtMs, std::int64_t(0));
        QCOMPARE(bench.store.partials(interrupted.id)->front().text, std::string("half of the th"));
        LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(interrupted.id), std::size_t(2));
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.provider->streams.size(), std::size_t(1)); // only the third was sent
        QCOMPARE(bench.store.answers(interrupted.id)->size(), std::size_t(3));
    }

    void aDiskThatRefusesPausesTheRunAndLosesNothing()
    {
        const QTemporaryDir folder;
        const auto file = std::filesystem::path(folder.path().toStdString()) / "evidence.sqlite";
        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file));
        LabRun run(planOf(2, 1, 1), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        const auto onFile = [&](const QString& statement) {
            {
                QSqlDatabase other =
                    QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
                other.setDatabaseName(QString::fromStdString(file.string()));
                QVERIFY(other.open());
                QSqlQuery query(other);
                QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
            }
            QSqlDatabase::removeDatabase(QStringLiteral("other"));
        };
        onFile(QStringLiteral("CREATE TRIGGER full BEFORE INSERT ON answer BEGIN SELECT "
                              "RAISE(ABORT, 'disk is full'); END"));
        bench.answerEverythingLive();
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(failures.front().front().toString().contains(QStringLiteral("disk is full")));
        QVERIFY(run.isPaused());
        QVERIFY(run.cell({0, 0, 0}).state != CellState::Done);
        QCOMPARE(bench.provider->streams.size(), std::size_t(1));

        onFile(QStringLiteral("DROP TRIGGER full"));
        run.start();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        QTRY_VERIFY(!bench.provider->live().empty());
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.provider->streams.size(), std::size_t(2)); // the first was not sent again
    }

    void anUnknownPriceIsUnknownAndNotZero()
    {
        Bench bench;
        LabPlan plan = planOf(1, 1);
        plan.models[0].price.reset();
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!run.progress().spent);
        QCOMPARE(run.progress().unpriced, std::size_t(1));
    }

    void missingUsageIsEstimatedAndSaysSo()
    {
        Bench bench;
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.provider->streams[0]->say("12345678");
        bench.provider->streams[0]->send(StreamFinished{});
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(run.cell({0, 0, 0}).answer.tokensEstimated);
        QCOMPARE(*run.cell({0, 0, 0}).answer.outputTokens, std::int64_t(2));
    }

    void anUnknownProviderFailsItsCellWithAReason()
    {
        Bench bench;
        LabPlan plan = planOf(1, 2);
        plan.models[1].provider = "carrier pigeon";
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 1, 0}).state, CellState::Failed);
        QVERIFY(run.cell({0, 1, 0}).status.find("carrier pigeon") != std::string::npos);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Done);
    }
};

namespace {

/// The program that a test kills: finishes two of three cells, then hangs in the third.
int runVictim(const QString& file)
{
    Bench bench;
    bench.store = std::move(*EvidenceStore::open(file.toStdString()));
    LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
    QTimer poll;
    QObject::connect(&poll, &QTimer::timeout, &poll, [&] {
        const auto live = bench.provider->live();
        if (live.empty())
            return;
        if (bench.provider->streams.size() < 3) {
            bench.answerEverythingLive();
            return;
        }
        if (run.cell({2, 0, 0}).answer.text.empty())
            live.front()->say("half of the th");
        if (const auto kept = bench.store.partials(bench.store.runs()->front().id);
            kept && !kept->empty()) {
            std::puts("two done, one in the middle");
            std::fflush(stdout);
            poll.stop();
        }
    });
    poll.start(10);
    run.start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--victim")
        return runVictim(QString::fromLocal8Bit(argv[2]));
    TestLabRun test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_lab_run.moc"
