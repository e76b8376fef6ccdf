// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every prompt goes to every model once, never more calls at a time than allowed; a cell
// says done only when its answer is in the store; what finished is never sent or paid for again,
// nor lost to a repeat without an answer; a failure of one cell touches nothing else; what is in
// the way of the store pauses the run with a sentence, and it goes on by itself.

#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <core/lab/lab_run.h>
#include <core/lab/recorded_plan.h>
#include <core/prices/token_counter.h>
#include <core/providers/simulator_provider.h>
#include <core/sample/support_desk.h>
#include <tests/support/evidence_faults.h>
#include <tests/support/postgres_server.h>
#include <tests/support/scripted_bench.h>

#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

using namespace signalbox;
using test::kAcceptAnswers;
using test::kRefuseAnswers;
using test::onEvidence;
using test::scriptedModel;
using test::ScriptedStream;

namespace {

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

using Bench = test::ScriptedBench;

/// First a folder, which its store is in.
struct FolderOfBench
{
    const QTemporaryDir folder;
    const std::filesystem::path file =
        std::filesystem::path(folder.path().toStdString()) / "evidence.sqlite";
};

/// The same, kept on disk.
struct DiskBench : FolderOfBench, Bench
{
    DiskBench() { store = std::move(*EvidenceStore::open(file)); }
};

constexpr std::size_t kCrowd = 2'000;

LabPlan crowdedPlan()
{
    return planOf(static_cast<int>(kCrowd), 1, 32);
}

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

    /// Two servers on this computer, one of them with two models, and one far away.
    void aServerOnThisComputerAnswersOneCallAfterTheOther()
    {
        Bench bench;
        LabPlan plan = planOf(4, 4, 100);
        plan.models[0].baseUrl = "http://127.0.0.1:8080/v1";
        plan.models[1].baseUrl = "http://localhost:8080/v1"; // another name, the same server
        plan.models[2].baseUrl = "http://localhost:11434/v1";
        plan.models[3].baseUrl = "https://models.example.com/v1";
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        std::vector<std::string> asked;
        for (const auto& stream : bench.provider->streams)
            asked.push_back(stream->request.upstreamModel);
        std::ranges::sort(asked);
        QCOMPARE(asked, (std::vector<std::string>{"m0-upstream", "m2-upstream", "m3-upstream",
                                                  "m3-upstream", "m3-upstream", "m3-upstream"}));
        while (finished.isEmpty()) {
            bench.answerEverythingLive();
            QTRY_VERIFY(!bench.provider->live().empty() || !finished.isEmpty());
            QVERIFY(bench.provider->live().size() <= 2);
        }
        QCOMPARE(bench.provider->streams.size(), std::size_t{16});

        plan.inFlightHere = 3;
        LabRun wider(plan, bench.registry, &bench.store);
        wider.start();
        QCOMPARE(wider.progress().running, std::size_t{10});
        wider.setInFlightHere(4);
        QCOMPARE(wider.progress().running, std::size_t{12});
        wider.stop();
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
            id = bench.store.runs()->front().id;
        }
        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file));
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

    void whatIsHeldBackKeepsTheRunOpen()
    {
        Bench bench;
        {
            LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
            run.start();
            bench.answerEverythingLive();
            QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        }
        const RunId id = bench.store.runs()->front().id;
        LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
        QVERIFY(run.resumeFrom(id).has_value());
        run.holdBack();
        QCOMPARE(run.progress().heldBack, std::size_t(2));
        QSignalSpy finished(&run, &LabRun::finished);
        run.rerun({0, 0, 0});
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.store.runs()->front().finishedAtMs, std::int64_t(0));

        LabRun rest(planOf(3, 1, 8), bench.registry, &bench.store);
        QVERIFY(rest.resumeFrom(id).has_value());
        rest.holdBack();
        rest.rerunFailed();
        QCOMPARE(rest.progress().heldBack, std::size_t(0));
        bench.answerEverythingLive();
        QTRY_VERIFY(!rest.isRunning());
        QVERIFY(bench.store.runs()->front().finishedAtMs != 0);
    }

    /// What a run was to ask is what the table asks that last went on with it.
    void aNarrowerTableIsTheWholeRun()
    {
        Bench bench;
        {
            LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
            run.start();
            bench.answerEverythingLive();
            QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        }
        LabRun run(planOf(1, 1, 1), bench.registry, &bench.store);
        QVERIFY(run.resumeFrom(bench.store.runs()->front().id).has_value());
        run.rerun({0, 0, 0});
        bench.answerEverythingLive();
        QTRY_VERIFY(!run.isRunning());
        QVERIFY(bench.store.runs()->front().finishedAtMs != 0);
        QCOMPARE(parsePlanJson(bench.store.runs()->front())->prompts.size(), std::size_t(1));
    }

    /// The answers of a model that is not asked any more are in the run still.
    void howAModelWasAskedStaysKnown()
    {
        Bench bench;
        {
            LabRun run(planOf(1, 2), bench.registry, &bench.store);
            run.start();
            bench.answerEverythingLive();
            QTRY_VERIFY(!run.isRunning());
        }
        const RunId id = bench.store.runs()->front().id;
        LabRun narrower(planOf(1, 1), bench.registry, &bench.store);
        QVERIFY(narrower.resumeFrom(id).has_value());
        narrower.rerun({0, 0, 0});
        bench.answerEverythingLive();
        QTRY_VERIFY(!narrower.isRunning());
        QVERIFY(hasAsked(*parsePlanJson(*bench.store.run(id)), ModelId("m1")));

        LabPlan wide = planOf(1, 2);
        LabRun same(wide, bench.registry, &bench.store);
        QVERIFY(same.resumeFrom(id).has_value());
        wide.models[1].styleGuide = "Be brief.";
        LabRun otherwise(wide, bench.registry, &bench.store);
        QVERIFY(!otherwise.resumeFrom(id));
    }

    /// What a crash would leave behind is a run that is offered again.
    void aFinishedRunThatAsksAgainIsUnfinishedUntilThatIsAnswered()
    {
        Bench bench;
        LabRun run(planOf(2, 1), bench.registry, &bench.store);
        run.start();
        bench.answerEverythingLive();
        QTRY_VERIFY(!run.isRunning());
        QVERIFY(bench.store.runs()->front().finishedAtMs != 0);
        run.rerun({0, 0, 0});
        QCOMPARE(bench.store.runs()->front().finishedAtMs, std::int64_t(0));
        bench.answerEverythingLive();
        QTRY_VERIFY(!run.isRunning());
        QVERIFY(bench.store.runs()->front().finishedAtMs != 0);
    }

    void whatATakenOverRunAsksIsInItsPlan()
    {
        Bench bench;
        {
            LabRun run(planOf(2, 1), bench.registry, &bench.store);
            run.start();
            bench.answerEverythingLive();
            QTRY_VERIFY(!run.isRunning());
        }
        LabPlan wider = planOf(1, 2);
        wider.prompts.insert(wider.prompts.begin(), typedPrompt("Do you ship to the moon?"));
        wider.leftOut = {ModelId("m9")};
        LabRun run(wider, bench.registry, &bench.store);
        QVERIFY(run.resumeFrom(bench.store.runs()->front().id).has_value());
        run.holdBack();
        QCOMPARE(parsePlanJson(bench.store.runs()->front())->prompts.size(), std::size_t(2));
        run.rerunFailed();
        const RunSummary info = bench.store.runs()->front();
        const auto plan = parsePlanJson(info);
        QVERIFY(plan.has_value());
        QCOMPARE(plan->prompts.size(), std::size_t(2)); // the typed one and p0: what the table asks
        QCOMPARE(plan->own.at(wider.prompts.front().id).messages.back().text,
                 std::string("Do you ship to the moon?"));
        QCOMPARE(plan->models.size(), std::size_t(2));
        QCOMPARE(plan->leftOut, wider.leftOut);
        QCOMPARE(info.finishedAtMs, std::int64_t(0));
        bench.answerEverythingLive();
        QTRY_VERIFY(!run.isRunning());

        // A prompt that was typed once keeps its text beside its answers, however often the run
        // is gone on with.
        LabRun later(planOf(1, 2), bench.registry, &bench.store);
        QVERIFY(later.resumeFrom(info.id).has_value());
        for (int repeat = 0; repeat < 2; ++repeat) {
            later.rerun({0, 0, 0});
            bench.answerEverythingLive();
            QTRY_VERIFY(!later.isRunning());
        }
        QCOMPARE(parsePlanJson(*bench.store.run(info.id))->own.size(), std::size_t(1));
    }

    void whatHasFinishedIsWrittenWhenTheRunIsLetGo()
    {
        Bench bench;
        {
            LabRun run(planOf(1, 1), bench.registry, &bench.store);
            run.start();
            bench.answerEverythingLive();
            QVERIFY(run.hasUnwritten());
        }
        QCOMPARE(bench.store.allAnswers()->size(), std::size_t(1));
        QCOMPARE(bench.store.runs()->front().finishedAtMs, std::int64_t(0));
    }

    void aStoredFailureIsShownAsTheFailureItWas()
    {
        Bench bench;
        LabRun first(planOf(2, 1), bench.registry, &bench.store);
        first.start();
        bench.provider->streams[0]->failWith(FailureKind::ServerError, "the server answered 500");
        bench.provider->streams[1]->say("whole");
        bench.provider->streams[1]->finish();
        QTRY_VERIFY(!first.isRunning());
        LabRun run(planOf(3, 1), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(bench.store.runs()->front().id), std::size_t(1));
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Queued); // a resumed run asks it again
        run.holdBack();
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Failed);
        QCOMPARE(run.cell({0, 0, 0}).status, std::string("the server answered 500"));
        QVERIFY(!run.cell({0, 0, 0}).heldBack);
        QVERIFY(run.cell({2, 0, 0}).heldBack);
        QCOMPARE(run.rest().size(), std::size_t(2));
        run.rerunFailed();
        QVERIFY(run.cell({0, 0, 0}).answer.failure.empty());
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
        const RunSummary interrupted = bench.store.runs()->front();
        QVERIFY(interrupted.isInterrupted());
        {
            LabRun shown(planOf(3, 1, 1), bench.registry, &bench.store);
            QCOMPARE(*shown.resumeFrom(interrupted.id), std::size_t(2));
            shown.holdBack();
            QCOMPARE(shown.cell({2, 0, 0}).answer.text, std::string("half of the th"));
            QCOMPARE(shown.cell({2, 0, 0}).state, CellState::Stopped);
        }
        LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
        QCOMPARE(*run.resumeFrom(interrupted.id), std::size_t(2));
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.provider->streams.size(), std::size_t(1)); // only the third was sent
        QCOMPARE(bench.store.answers(interrupted.id)->size(), std::size_t(3));
    }

    /// With many calls at once a place is free before its answer is on disk. What is shown as done
    /// is there all the same, whenever the program is killed.
    void nothingShownAsDoneIsSentAgainByAKilledRunOfManyCalls_data()
    {
        QTest::addColumn<int>("shownBefore");
        for (const int shown : {1, 33, 150})
            QTest::addRow("after %d", shown) << shown;
    }
    void nothingShownAsDoneIsSentAgainByAKilledRunOfManyCalls()
    {
        QFETCH(const int, shownBefore);
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("evidence.sqlite"));
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(),
                     {QStringLiteral("--crowded-victim"), file});
        std::set<std::size_t> shown;
        const auto readShown = [&] {
            while (victim.canReadLine())
                shown.insert(victim.readLine().trimmed().toULongLong());
            return shown.size();
        };
        QTRY_VERIFY_WITH_TIMEOUT(readShown() >= static_cast<std::size_t>(shownBefore) ||
                                     victim.state() == QProcess::NotRunning,
                                 60'000);
        victim.kill();
        QVERIFY(victim.waitForFinished(60'000));
        readShown();
        QVERIFY(shown.size() < kCrowd); // it was in the middle

        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file.toStdString()));
        LabRun run(crowdedPlan(), bench.registry, &bench.store);
        const auto taken = run.resumeFrom(bench.store.runs()->front().id);
        QVERIFY(*taken >= shown.size());
        for (const CellId& id : run.waiting())
            QVERIFY2(shown.count(id.prompt) == 0, std::to_string(id.prompt).c_str());
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        while (finished.isEmpty()) {
            bench.answerEverythingLive();
            QTRY_VERIFY_WITH_TIMEOUT(!bench.provider->live().empty() || !finished.isEmpty(),
                                     60'000);
        }
        QCOMPARE(bench.sent(), kCrowd - *taken);
    }

    void aDiskThatRefusesPausesTheRunAndLosesNothing()
    {
        DiskBench bench;
        LabRun run(planOf(2, 1, 1), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        onEvidence(bench.file, kRefuseAnswers);
        bench.answerEverythingLive();
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(failures.front().front().toString().contains(QStringLiteral("disk is full")));
        QVERIFY(run.isPaused());
        QVERIFY(run.cell({0, 0, 0}).state != CellState::Done);
        QCOMPARE(bench.provider->streams.size(), std::size_t(1));

        onEvidence(bench.file, kAcceptAnswers);
        run.start();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        QTRY_VERIFY(!bench.provider->live().empty());
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.provider->streams.size(), std::size_t(2)); // the first was not sent again
    }

    /// Their servers would be idle while the disk writes.
    void ofManyCallsTheNextIsSentBeforeAnAnswerIsOnDisk()
    {
        DiskBench bench;
        LabRun run(planOf(60, 1, 16), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        run.start();
        QCOMPARE(bench.provider->streams.size(), std::size_t(16));
        bench.provider->streams[0]->say("whole");
        bench.provider->streams[0]->finish();
        QVERIFY(run.cell({0, 0, 0}).state != CellState::Done);
        QCOMPARE(bench.provider->streams.size(), std::size_t(17));
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);

        // A disk that refuses is ahead of by one such set at most, and by nothing once that is
        // known.
        onEvidence(bench.file, kRefuseAnswers);
        bench.answerEverythingLive();
        QTRY_COMPARE(failures.size(), 1);
        const std::size_t sent = bench.provider->streams.size();
        QVERIFY(sent <= 33);
        bench.answerEverythingLive();
        QVERIFY(run.isPaused());
        QCOMPARE(bench.provider->streams.size(), sent);
        onEvidence(bench.file, kAcceptAnswers);
        QTRY_COMPARE(run.progress().answered(), sent);
        run.stop();
    }

    void aRunGoesOnByItselfOnceTheDiskTakesAnswers()
    {
        DiskBench bench;
        LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        QSignalSpy recoveries(&run, &LabRun::storeRecovered);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        onEvidence(bench.file, kRefuseAnswers);
        bench.answerEverythingLive();
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(run.isPaused());
        onEvidence(bench.file, kAcceptAnswers);
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        QTRY_COMPARE(recoveries.size(), 1);
        QVERIFY(!run.isPaused());
        while (finished.isEmpty()) {
            bench.answerEverythingLive();
            QTRY_VERIFY(!bench.provider->live().empty() || !finished.isEmpty());
        }
        QCOMPARE(bench.provider->streams.size(), std::size_t(3));
        QCOMPARE(bench.store.allAnswers()->size(), std::size_t(3));
        QCOMPARE(failures.size(), 1); // said once, however often it was tried
    }

    void aRunThatThePersonPausedStaysPaused()
    {
        DiskBench bench;
        LabRun run(planOf(2, 1, 1), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        QSignalSpy recoveries(&run, &LabRun::storeRecovered);
        run.start();
        run.pause();
        onEvidence(bench.file, kRefuseAnswers);
        bench.answerEverythingLive();
        QTRY_COMPARE(failures.size(), 1);
        onEvidence(bench.file, kAcceptAnswers);
        QTRY_COMPARE(recoveries.size(), 1);
        QVERIFY(run.isPaused());
        QCOMPARE(bench.provider->streams.size(), std::size_t(1));
    }

    /// A second window that holds the store, before the run begins there or while it runs.
    void aLockIsSaidAndTheRunGoesOn_data()
    {
        QTest::addColumn<bool>("begun");
        QTest::newRow("before it begins") << false;
        QTest::newRow("while it runs") << true;
    }
    void aLockIsSaidAndTheRunGoesOn()
    {
        QFETCH(const bool, begun);
        const QTemporaryDir folder;
        const SqliteStore file{std::filesystem::path(folder.path().toStdString()) /
                               "evidence.sqlite"};
        auto other = openStore(file, {});
        QVERIFY(other.has_value());
        StoreOptions impatient;
        impatient.patience.lockMs = 1;
        Bench bench;
        bench.store = std::move(*EvidenceStore::open(file, impatient));
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        QSignalSpy finished(&run, &LabRun::finished);
        if (begun)
            run.start();
        QVERIFY(other->connection->run(QStringLiteral("BEGIN IMMEDIATE"), "t").has_value());
        if (!begun)
            run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(failures.front().front().toString().contains(QStringLiteral("keeps the store")));
        QVERIFY(run.isPaused());
        QCOMPARE(bench.provider->streams.size(), std::size_t(begun ? 1 : 0)); // nothing unkept
        QVERIFY(other->connection->run(QStringLiteral("COMMIT"), "t").has_value());
        QTRY_COMPARE(bench.provider->streams.size(), std::size_t(1));
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.store.allAnswers()->size(), std::size_t(1));
    }

    void aServerThatGoesAndComesBackCostsNothing()
    {
        if (const QString obstacle = test::PostgresServer::obstacle(); !obstacle.isEmpty())
            QSKIP(qPrintable(obstacle));
        test::PostgresServer server;
        QVERIFY2(server.isRunning(), qPrintable(server.log()));
        Bench bench;
        auto opened = EvidenceStore::open(server.newDatabase());
        QVERIFY2(opened, opened ? "" : toString(opened.error()).c_str());
        bench.store = std::move(*opened);
        LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        server.stop();
        bench.answerEverythingLive("written while nobody kept it");
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(run.isPaused());
        QVERIFY(run.cell({1, 0, 0}).state != CellState::Done);
        QVERIFY(server.start());
        QTRY_COMPARE_WITH_TIMEOUT(run.cell({1, 0, 0}).state, CellState::Done, 60'000);
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(bench.provider->streams.size(), std::size_t(3));
        const auto answers = bench.store.allAnswers();
        QVERIFY2(answers, answers ? "" : toString(answers.error()).c_str());
        QCOMPARE(answers->size(), std::size_t(3));
        QCOMPARE((*answers)[1].text, std::string("written while nobody kept it"));
        QVERIFY(bench.store.runs()->front().isOver());
    }

    void aRunThatAnotherWindowWorksOnIsLeftToIt()
    {
        DiskBench bench;
        LabRun run(planOf(2, 1, 1), bench.registry, &bench.store);
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);

        Bench other;
        other.store = std::move(*EvidenceStore::open(bench.file));
        const RunSummary there = other.store.runs()->front();
        QVERIFY(there.holder == RunHolder::Another);
        LabRun second(planOf(2, 1, 1), other.registry, &other.store);
        QSignalSpy failures(&second, &LabRun::storeFailed);
        QCOMPARE(*second.resumeFrom(there.id), std::size_t(1)); // its answers can be seen
        second.start();
        QCOMPARE(failures.size(), 1);
        QVERIFY(failures.front().front().toString().contains(QStringLiteral("another window")));
        QVERIFY(other.provider->streams.empty());
    }

    void whatIsKnownOfAnAttemptIsKept()
    {
        Bench bench;
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        run.start();
        ScriptedStream* stream = bench.provider->streams[0];
        stream->send(StreamRetrying{2, 1500, "rate limit", {}});
        stream->send(StreamRetrying{3, 0, "bad parameter", "temperature"});
        stream->send(StreamAdjusted{"seed", "The model takes no seed."});
        UsageReport usage;
        usage.inputUncached = 7;
        usage.cacheRead = 90;
        usage.output = 50;
        usage.reasoning = 20;
        stream->send(usage);
        stream->say("whole");
        stream->send(StreamFinished{FinishReason::Stop, "end_turn"});
        QTRY_VERIFY(!run.isRunning());
        run.rerun({0, 0, 0});
        bench.provider->live().front()->failWith(FailureKind::ServerError, "status 500");
        QTRY_VERIFY(!run.isRunning());

        LabStore& store = bench.store.background();
        const RunId id = bench.store.runs()->front().id; // after everything that was put
        auto kept = store.attempts(id, {0, 0, 0});
        kept.waitForFinished();
        const auto attempts = kept.result();
        QVERIFY2(attempts, attempts ? "" : toString(attempts.error()).c_str());
        QCOMPARE(attempts->size(), std::size_t(2)); // the one that failed cost something, maybe
        const StoredAnswer& first = attempts->front();
        QVERIFY(first.retries ==
                (std::vector<AttemptRetry>{{1500, "rate limit"}, {0, "bad parameter"}}));
        QCOMPARE(first.droppedParameters, (std::vector<std::string>{"temperature", "seed"}));
        QCOMPARE(first.usage.cacheRead, std::optional<std::int64_t>(90));
        QCOMPARE(first.usage.reasoning, std::optional<std::int64_t>(20));
        QCOMPARE(first.finishReason, std::string("end_turn"));
        QCOMPARE(bench.store.allAnswers()->front().inputTokens, std::optional<std::int64_t>(97));
        auto loaded = store.load(id);
        loaded.waitForFinished();
        const RunDraft& draft = (*loaded.result())->draft;
        QVERIFY(draft.prompts[0].messagesJson.find("Where is my refund?") != std::string::npos);
        QVERIFY(draft.lanes[0].specJson.find("m0-upstream") != std::string::npos);
    }

    /// Another run, with the same question among others.
    void whatTheStoreKnowsIsNotSentAgain_data()
    {
        QTest::addColumn<int>("what");
        QTest::addColumn<std::size_t>("sent");
        QTest::newRow("the same") << 0 << std::size_t(1); // the second prompt
        QTest::newRow("not wanted") << 1 << std::size_t(2);
        QTest::newRow("style guide") << 2 << std::size_t(2);
        QTest::newRow("token limit") << 3 << std::size_t(2);
        QTest::newRow("prompt") << 4 << std::size_t(2);
        QTest::newRow("address") << 5 << std::size_t(2);
    }
    void whatTheStoreKnowsIsNotSentAgain()
    {
        QFETCH(const int, what);
        QFETCH(const std::size_t, sent);
        Bench bench;
        LabPlan plan = planOf(1, 1);
        plan.models[0].baseUrl = "http://127.0.0.1:8080/v1";
        LabRun first(plan, bench.registry, &bench.store);
        first.start();
        bench.answerEverythingLive("Paid for.");
        QTRY_VERIFY(!first.isRunning());

        plan.prompts.push_back(planOf(2, 1).prompts[1]);
        plan.prompts[1].messages[0].text = "Where is my parcel?";
        plan.reuse = what == 1 ? LabPlan::Reuse::Never : LabPlan::Reuse::ExactRequest;
        if (what == 2)
            plan.models[0].styleGuide = "Be brief.";
        if (what == 3)
            plan.asking.maxTokens = 100;
        if (what == 4)
            plan.prompts[0].messages[0].text += " Please.";
        if (what == 5)
            plan.models[0].baseUrl = "http://127.0.0.1:8081/v1";
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        while (finished.isEmpty()) {
            bench.answerEverythingLive();
            QTRY_VERIFY(!bench.provider->live().empty() || !finished.isEmpty());
        }
        QCOMPARE(bench.provider->streams.size(), 1 + sent);
        const Answer& known = run.cell({0, 0, 0}).answer;
        QCOMPARE(known.reused, what == 0);
        if (what != 0)
            return;
        QCOMPARE(known.text, std::string("Paid for."));
        QCOMPARE(*known.cost, Money{});
        QCOMPARE(*run.progress().spent, Money::fromUsd(0.006)); // of the other one
        // The evidence has the original, with what it cost; the run the copy.
        const auto all = *bench.store.allAnswers();
        QCOMPARE(all.size(), std::size_t(2));
        QVERIFY(std::ranges::none_of(all, &Answer::reused));
        QCOMPARE(*all.front().cost, Money::fromUsd(0.006));
        QVERIFY(bench.store.answers(bench.store.runs()->front().id)->front().reused);
        run.rerun({0, 0, 0}); // a person wants another one
        QCOMPARE(bench.provider->live().size(), std::size_t(1));
    }

    void stoppingEndsARunWhoseDiskRefusesAndItCanGoOn()
    {
        DiskBench bench;
        LabRun run(planOf(3, 1, 2), bench.registry, &bench.store);
        QSignalSpy failures(&run, &LabRun::storeFailed);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        onEvidence(bench.file, kRefuseAnswers);
        bench.provider->streams[0]->say("whole");
        bench.provider->streams[0]->finish();
        QTRY_COMPARE(failures.size(), 1);
        QVERIFY(run.isPaused());
        run.stop();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!run.isRunning());
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Stopped);
        QVERIFY(run.cell({0, 0, 0}).status.find("disk is full") != std::string::npos);
        QCOMPARE(run.cell({2, 0, 0}).state, CellState::Stopped);
        QCOMPARE(bench.store.runs()->front().finishedAtMs, std::int64_t(0)); // can be resumed

        onEvidence(bench.file, kAcceptAnswers);
        run.rerunFailed();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(bench.provider->streams.size(), std::size_t(4)); // the first was not sent again
        QCOMPARE(bench.store.allAnswers()->size(), std::size_t(3));
        QCOMPARE(bench.store.allAnswers()->front().text, std::string("whole"));
    }

    void aRepeatInAPausedRunLeavesItPaused()
    {
        Bench bench;
        LabRun run(planOf(3, 1, 1), bench.registry, &bench.store);
        run.start();
        bench.answerEverythingLive();
        run.pause();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        run.rerun({0, 0, 0});
        QVERIFY(run.isPaused());
        QVERIFY(bench.provider->live().empty());
        run.start();
        QCOMPARE(bench.provider->live().size(), std::size_t(1));
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Waiting); // before those that were queued
    }

    void aRepeatWithoutAnAnswerLeavesTheAnswerThatWasThere_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("it fails") << 0;
        QTest::newRow("it is stopped while it waits") << 1;
        QTest::newRow("it is stopped before it is sent") << 2;
    }
    void aRepeatWithoutAnAnswerLeavesTheAnswerThatWasThere()
    {
        QFETCH(const int, how);
        Bench bench;
        LabRun run(planOf(2, 1, 1), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerEverythingLive("Paid for.");
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        run.rerun({0, 0, 0}); // behind the second, which runs
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Queued);
        if (how < 2) {
            bench.answerEverythingLive("Paid for.");
            QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Waiting);
        }
        if (how == 0)
            bench.provider->live().front()->failWith(FailureKind::ServerError, "status 500");
        else
            run.stop();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        QCOMPARE(run.cell({0, 0, 0}).answer.text, std::string("Paid for."));
        QVERIFY(!run.cell({0, 0, 0}).status.empty());
        const auto answers = *bench.store.allAnswers();
        QCOMPARE(answers.size(), std::size_t(2));
        QCOMPARE(answers.front().text, std::string("Paid for."));
    }

    void aRepeatWaitsUntilThePaidAnswerIsOnDisk()
    {
        Bench bench;
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        run.start();
        bench.answerEverythingLive("Paid for."); // finished, but not yet on disk
        run.rerun({0, 0, 0});
        QCOMPARE(bench.store.allAnswers()->front().text, std::string("Paid for."));
        QCOMPARE(bench.provider->live().size(), std::size_t(1));
    }

    void theKindOfAFailureIsKept_data()
    {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < kFailureKindCount; ++kind)
            QTest::newRow(failureKindName(FailureKind(kind))) << kind;
    }
    void theKindOfAFailureIsKept()
    {
        QFETCH(const int, kind);
        Bench bench;
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.provider->streams[0]->failWith(FailureKind(kind), "no words that say it");
        QTRY_COMPARE(finished.size(), 1);
        const bool stopped = FailureKind(kind) == FailureKind::Cancelled;
        const auto expected = stopped ? std::nullopt : std::optional(FailureKind(kind));
        QVERIFY(bench.store.allAnswers()->front().failureKind == expected);
    }

    void theSimulatorsRateLimitIsARateLimit()
    {
        Bench bench;
        auto owned = std::make_unique<SimulatorProvider>();
        owned->setSpeed(0);
        bench.registry.add(std::move(owned));
        LabPlan plan;
        for (const SamplePrompt& prompt : supportDeskPrompts())
            plan.prompts.push_back({prompt.id, prompt.segment, {{Role::User, prompt.text, 0}}, {}});
        plan.models = supportDeskPolicy().models;
        plan.inFlight = 1000;
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const auto answers = *bench.store.allAnswers();
        const auto failed = [](const Answer& answer) {
            return answer.state == AnswerState::Failed;
        };
        QVERIFY(std::ranges::any_of(answers, failed));
        for (const Answer& answer : answers)
            QVERIFY(!failed(answer) || answer.failureKind == FailureKind::RateLimit);
    }

    void anUnknownRunIsNotResumedAndNothingIsSent()
    {
        Bench bench;
        const RunId known = *bench.store.beginRun("known", "{}");
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        const auto taken = run.resumeFrom(RunId("nobody"));
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::NotFound);
        QVERIFY(taken.error().hint.find(known.value) != std::string::npos);
        QVERIFY(bench.provider->streams.empty());
    }

    void aRunThatWasAskedOtherwiseIsNotResumed_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("the same") << 0;
        QTest::newRow("style guide") << 1;
        QTest::newRow("upstream model") << 2;
        QTest::newRow("address") << 3;
        QTest::newRow("token limit") << 4;
        QTest::newRow("more prompts and models") << 5;
    }
    void aRunThatWasAskedOtherwiseIsNotResumed()
    {
        QFETCH(const int, what);
        Bench bench;
        LabPlan plan = planOf(1, 1);
        plan.models[0].baseUrl = "http://127.0.0.1:8080/v1";
        LabRun first(plan, bench.registry, &bench.store);
        first.start();
        bench.answerEverythingLive();
        QTRY_VERIFY(!first.isRunning());
        switch (what) {
        case 1:
            plan.models[0].styleGuide = "Be brief.";
            break;
        case 2:
            plan.models[0].upstreamModel = "another";
            break;
        case 3:
            plan.models[0].baseUrl = "http://127.0.0.1:8081/v1";
            break;
        case 4:
            plan.asking.maxTokens = 100;
            break;
        case 5:
            plan = planOf(2, 2);
            plan.models[0].baseUrl = "http://127.0.0.1:8080/v1";
            break;
        default:
            break;
        }
        LabRun second(plan, bench.registry, &bench.store);
        const auto taken = second.resumeFrom(bench.store.runs()->front().id);
        QCOMPARE(taken.has_value(), what == 0 || what == 5);
        if (!taken)
            QVERIFY(!taken.error().hint.empty());
    }

    void aPasswordInAnAddressIsNotInThePlan()
    {
        Bench bench;
        LabPlan plan = planOf(1, 1);
        plan.models[0].baseUrl = "http://user:hunter2@127.0.0.1/v1";
        LabRun run(plan, bench.registry, &bench.store);
        run.start();
        QVERIFY(bench.store.runs()->front().planJson.find("hunter2") == std::string::npos);
    }

    void aPriceThatChangesIsThatOfTheAnswersThatComeThen()
    {
        Bench bench;
        LabPlan plan = planOf(2, 1, 1);
        LabRun run(plan, bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        bench.answerEverythingLive();
        QTRY_COMPARE(run.cell({0, 0, 0}).state, CellState::Done);
        plan.models[0].price->inputPerToken = plan.models[0].price->inputPerToken * 2;
        plan.models[0].price->outputPerToken = plan.models[0].price->outputPerToken * 2;
        run.setPrices(plan.models);
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(*run.cell({0, 0, 0}).answer.cost, Money::fromUsd(0.006));
        QCOMPARE(*run.cell({1, 0, 0}).answer.cost, Money::fromUsd(0.012));
        run.rerun({0, 0, 0});
        bench.answerEverythingLive();
        QTRY_COMPARE(finished.size(), 2);
        QCOMPARE(*bench.store.allAnswers()->front().cost, Money::fromUsd(0.012));
    }

    void aCostThatTheProviderStatesIsMarkedAsStated()
    {
        Bench bench;
        LabRun run(planOf(1, 2), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        UsageReport usage;
        usage.output = 50;
        usage.statedCost = Money::fromUsd(0.5);
        bench.provider->streams[0]->send(usage);
        bench.provider->streams[0]->send(StreamFinished{});
        bench.provider->streams[1]->finish();
        QTRY_COMPARE(finished.size(), 1);
        const auto answers = *bench.store.allAnswers();
        QVERIFY(answers[0].costStated);
        QCOMPARE(*answers[0].cost, Money::fromUsd(0.5));
        QVERIFY(!answers[1].costStated);
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

    /// By o200k, and by what the model's own tokenizer was seen to make of that.
    void anEstimateGoesByWhatWasLearnedOfTheTokenizer()
    {
        Bench bench;
        LabPlan plan = planOf(1, 2);
        TokenMultiplier twice;
        twice.median = twice.lowerQuartile = twice.upperQuartile = 2;
        twice.samples = 8;
        LabRun run(plan, bench.registry, &bench.store);
        run.setTokenizers({{plan.models[1].id, twice}});
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        const std::string text = "Internationalisation of refunds, \u00fcber alles: 12345678";
        for (ScriptedStream* stream : bench.provider->live()) {
            stream->send(ReasoningDelta{"Let me think."});
            stream->say(text);
            stream->send(StreamFinished{});
        }
        QTRY_COMPARE(finished.size(), 1);
        const Answer& plain = run.cell({0, 0, 0}).answer;
        const Answer& learned = run.cell({0, 1, 0}).answer;
        const std::int64_t counted = countO200kTokens(text) + countO200kTokens("Let me think.");
        QCOMPARE(*plain.outputTokens, counted);
        QCOMPARE(*learned.outputTokens, 2 * counted);
        QVERIFY(plain.tokensEstimated && learned.tokensEstimated);
        const std::int64_t asked = countO200kTokens("Where is my refund?");
        QCOMPARE(*learned.inputTokens - *plain.inputTokens, asked);
        QVERIFY(*plain.inputTokens > asked); // a chat adds some around a message
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
        QCOMPARE(*run.cell({0, 0, 0}).answer.outputTokens, countO200kTokens("12345678"));
    }

    /// As some servers state it that do not count.
    void noTokensForATextAreNoCount()
    {
        Bench bench;
        LabRun run(planOf(1, 1), bench.registry, &bench.store);
        QSignalSpy finished(&run, &LabRun::finished);
        run.start();
        UsageReport usage;
        usage.inputUncached = 0;
        usage.output = 0;
        bench.provider->streams[0]->say("12345678");
        bench.provider->streams[0]->send(usage);
        bench.provider->streams[0]->send(StreamFinished{});
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(run.cell({0, 0, 0}).answer.tokensEstimated);
        QCOMPARE(*run.cell({0, 0, 0}).answer.outputTokens, countO200kTokens("12345678"));
        QVERIFY(*run.cell({0, 0, 0}).answer.inputTokens > 0);
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
        live.front()->say("half of the th");
        (void)bench.store.settle();
        std::puts("two done, one in the middle");
        std::fflush(stdout);
        poll.stop();
    });
    poll.start(10);
    run.start();
    return QCoreApplication::exec();
}

/// The same in a crowd: says which cells are shown as done.
int runCrowdedVictim(const QString& file)
{
    Bench bench;
    bench.store = std::move(*EvidenceStore::open(file.toStdString()));
    LabRun run(crowdedPlan(), bench.registry, &bench.store);
    QObject::connect(&run, &LabRun::cellChanged, &run, [&](const CellId& id) {
        if (run.cell(id).state != CellState::Done)
            return;
        std::printf("%zu\n", id.prompt);
        std::fflush(stdout);
    });
    QTimer ticks;
    QObject::connect(&ticks, &QTimer::timeout, &ticks, [&] { bench.answerEverythingLive(); });
    ticks.start(0);
    run.start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--victim")
        return runVictim(QString::fromLocal8Bit(argv[2]));
    if (argc == 3 && QByteArray(argv[1]) == "--crowded-victim")
        return runCrowdedVictim(QString::fromLocal8Bit(argv[2]));
    TestLabRun test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_lab_run.moc"
