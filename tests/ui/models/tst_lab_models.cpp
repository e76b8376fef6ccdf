// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the lab's table shows every prompt at every model with its state in words, follows a run
// cell by cell, and keeps the rules of item models while prompts and models change.

#include <core/lab/conversation.h>
#include <core/lab/own_prompts.h>
#include <core/sample/support_desk.h>
#include <tests/support/evidence_faults.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/models/workbench.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <set>

using namespace signalbox;
using namespace signalbox::ui;

class TestLabModels : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aRunFillsTheTable()
    {
        Workbench workbench({});
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        LabSession session(workbench);
        session.setSamplePromptCount(4);
        LabTableModel model(session);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.columnCount(), 5); // prompt, three models, and the policy
        QCOMPARE(model.index(0, 1).data(LabTableModel::StateTextRole).toString(),
                 QStringLiteral("queued"));

        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        QTRY_COMPARE(finished.size(), 1);
        int done = 0;
        for (int row = 0; row < 4; ++row) {
            for (int column = 1; column < 4; ++column) {
                const QModelIndex cell = model.index(row, column);
                if (cell.data(LabTableModel::StateRole).toInt() !=
                    static_cast<int>(CellState::Done)) {
                    QVERIFY(!cell.data(LabTableModel::StatusRole).toString().isEmpty());
                    continue;
                }
                ++done;
                QVERIFY(cell.data(LabTableModel::WordsRole).toInt() > 3);
                QVERIFY(cell.data(LabTableModel::FirstTokenMsRole).toDouble() > 1);
                QVERIFY(cell.data(LabTableModel::CostRole).toDouble() > 0);
                QVERIFY(cell.data(LabTableModel::SimulatedRole).toBool());
            }
        }
        QVERIFY(done >= 8);
        QCOMPARE(workbench.evidenceStore()->runs()->front().settled, std::size_t(16));
    }

    /// No two of them look alike: each wants something else done.
    void everyEndOfAnAnswerHasAWordOfItsOwn()
    {
        std::set<QString> words;
        Cell cell;
        cell.state = CellState::Done;
        for (const AnswerState state : {AnswerState::Done, AnswerState::Truncated,
                                        AnswerState::Refused, AnswerState::Filtered}) {
            cell.answer.state = state;
            words.insert(cellStateText(cell));
            QCOMPARE(oddEndMeaning(cell).isEmpty(), state == AnswerState::Done);
        }
        QCOMPARE(words.size(), std::size_t{4});
        words.clear();
        cell.state = CellState::Failed;
        cell.answer.state = AnswerState::Failed;
        QCOMPARE(cellStateText(cell), QStringLiteral("failed"));
        for (int kind = 0; kind < kFailureKindCount; ++kind) {
            cell.answer.failureKind = FailureKind(kind);
            words.insert(cellStateText(cell));
            QVERIFY(cellStateText(cell).startsWith(QStringLiteral("failed (")));
            QVERIFY(oddEndText(cell).isEmpty());
        }
        QCOMPARE(words.size(), std::size_t{kFailureKindCount});
    }

    /// "not asked" is said of nothing else: neither of what was stopped nor of what is unwritten.
    void onlyWhatIsHeldBackWasNotAsked()
    {
        Cell cell;
        cell.state = CellState::Stopped;
        cell.heldBack = true;
        QCOMPARE(cellStateText(cell), QStringLiteral("not asked"));
        cell.heldBack = false;
        QCOMPARE(cellStateText(cell), QStringLiteral("not kept"));
        cell.answer.state = AnswerState::Stopped;
        QCOMPARE(cellStateText(cell), QStringLiteral("stopped"));
    }

    void aTypedPromptIsTheFirstRow()
    {
        Workbench workbench({});
        workbench.openSample();
        LabSession session(workbench);
        session.setSamplePromptCount(2);
        LabTableModel model(session);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        session.addPrompt(QStringLiteral("Does the moon have a refund policy?"));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, 0).data().toString(),
                 QStringLiteral("Does the moon have a refund policy?"));
        session.addPrompt(QStringLiteral("   "));
        QCOMPARE(model.rowCount(), 3);
    }

    void aModelThatIsLeftOutLosesItsColumn()
    {
        Workbench workbench({});
        workbench.openSample();
        LabSession session(workbench);
        LabTableModel model(session);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const ModelId second = session.models()[1].id;
        session.chooseModel(second, false);
        QCOMPARE(model.columnCount(), 4);
        QVERIFY(!session.isModelChosen(second));
        session.chooseModel(second, true);
        QCOMPARE(model.columnCount(), 5);
        session.chooseModel(session.policyColumn(), false);
        QCOMPARE(model.columnCount(), 4);
    }

    void aModelAddedToThePolicyGetsAColumn()
    {
        Workbench workbench({});
        workbench.openSample();
        LabSession session(workbench);
        LabTableModel model(session);
        ModelSpec extra = session.models()[0];
        extra.id = ModelId("extra");
        QVERIFY(workbench.editor().push(InsertModel{3, extra}).has_value());
        QCOMPARE(model.columnCount(), 6); // the policy's stays the last
        QCOMPARE(model.headerData(4, Qt::Horizontal).toString(), QStringLiteral("extra"));
    }

    void theTableBeginsAsTheLastRunLeftIt()
    {
        const QTemporaryDir folder;
        {
            Workbench workbench({folder.path().toStdString()});
            workbench.openSample();
            workbench.services().simulator->setSpeed(0);
            LabSession session(workbench);
            session.setSamplePromptCount(3);
            session.setSamples(2);
            session.chooseModel(session.models()[1].id, false);
            session.addPrompt(QStringLiteral("Does the moon have a refund policy?"));
            session.setSendsOnlyOwn(true);
            QSignalSpy finished(&session, &LabSession::finished);
            session.start();
            QTRY_COMPARE(finished.size(), 1);
            session.setSendsOnlyOwn(false); // extends the same run
            session.rerunFailed();
            QTRY_COMPARE(finished.size(), 2);
        }
        Workbench workbench({folder.path().toStdString()});
        workbench.openSample();
        LabSession session(workbench);
        QCOMPARE(session.samples(), 2);
        QCOMPARE(session.samplePromptCount(), std::size_t(3));
        QCOMPARE(session.models().size(), std::size_t(3)); // two, and the policy
        QCOMPARE(session.prompts().size(), std::size_t(4));
        QCOMPARE(session.ownPrompts().size(), std::size_t(1));
        QCOMPARE(session.ownPrompts().front().messages.back().text,
                 std::string("Does the moon have a refund policy?"));
        QVERIFY(!session.sendsOnlyOwn());
        QVERIFY(session.stored());
    }

    void aConversationIsRowsThatBelongTogether()
    {
        Workbench workbench({});
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        LabSession session(workbench);
        session.addPrompts(importPrompts("{\"prompt\": \"How late do you ship?\"}\n"
                                         "{\"turns\": [\"My lamp came broken.\", \"Who pays?\", "
                                         "\"And when?\"]}\n")
                               ->prompts);
        session.setSendsOnlyOwn(true);
        LabTableModel model(session);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 4);
        const auto turn = [&](int row) {
            return model.index(row, 0).data(LabTableModel::TurnRole).toString();
        };
        QCOMPARE(turn(0), QString());
        QCOMPARE(turn(2), QStringLiteral("turn 2 of 3"));
        const auto conversation = [&](int row) {
            return model.index(row, 0).data(LabTableModel::ConversationRole);
        };
        QVERIFY(!conversation(0).isValid());
        QCOMPARE(conversation(1), conversation(3));
        QCOMPARE(model.headerData(3, Qt::Vertical).toString(), QStringLiteral("2.3"));
        QCOMPARE(model.index(2, 0).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("Prompt 2.2, turn 2 of 3: Who pays?"));
        QCOMPARE(model.index(2, 1).data(LabTableModel::StatusRole).toString(),
                 QStringLiteral("after turn 1"));

        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(session.run().progress().answered() > 0);

        session.removePrompt(session.prompts()[2].id); // one turn: the conversation
        QCOMPARE(session.ownPrompts().size(), std::size_t(1));
        QCOMPARE(session.ownPrompts().front().messages.back().text,
                 std::string("How late do you ship?"));
    }

    /// And its answers too, as they were.
    void aConversationComesBackTheNextDay()
    {
        const QTemporaryDir folder;
        QStringList said;
        const auto texts = [](const LabSession& session) {
            QStringList all;
            for (std::size_t row = 0; row < session.prompts().size(); ++row)
                all << QString::fromStdString(session.run().cell({row, 0, 0}).answer.text);
            return all;
        };
        {
            Workbench workbench({folder.path().toStdString()});
            workbench.openSample();
            workbench.services().simulator->setSpeed(0);
            LabSession session(workbench);
            session.addPrompts(
                importPrompts(R"({"turns": ["My lamp came broken.", "Who pays?"]})")->prompts);
            session.setSendsOnlyOwn(true);
            QSignalSpy finished(&session, &LabSession::finished);
            session.start();
            QTRY_COMPARE(finished.size(), 1);
            said = texts(session);
        }
        Workbench workbench({folder.path().toStdString()});
        workbench.openSample();
        const LabSession session(workbench);
        QCOMPARE(session.prompts().size(), std::size_t(2));
        QVERIFY(session.run().conversations().before(1).has_value());
        QCOMPARE(texts(session), said);
    }

    /// The window makes its page before it opens the policy of last time.
    void theChoicesComeBackWithThePolicyThatTheyWereMadeFor()
    {
        const QTemporaryDir folder;
        PolicyDocument own = supportDeskPolicy();
        own.id = "own";
        for (ModelSpec& model : own.models)
            model.id.value += "-own";
        own.rules.clear();
        own.baseline = own.models.front().id;
        own.otherwise = Plan{Call{own.baseline, {}, {}, {}}};
        {
            Workbench workbench({folder.path().toStdString()});
            workbench.editor().setDocument(own);
            workbench.services().simulator->setSpeed(0);
            LabSession session(workbench);
            session.setSamplePromptCount(1);
            session.setSamples(3);
            QSignalSpy finished(&session, &LabSession::finished);
            session.start();
            QTRY_COMPARE(finished.size(), 1);
        }
        Workbench workbench({folder.path().toStdString()});
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        {
            LabSession other(workbench); // a later run, of other work
            QCOMPARE(other.samples(), 1);
            other.addPrompt(QStringLiteral("Do you ship to the moon?"));
            other.setSendsOnlyOwn(true);
            QSignalSpy finished(&other, &LabSession::finished);
            other.start();
            QTRY_COMPARE(finished.size(), 1);
        }
        LabSession session(workbench);
        QCOMPARE(session.prompts().size(), std::size_t(1));
        workbench.editor().setDocument(own);
        QCOMPARE(session.samples(), 3);
        QCOMPARE(session.samplePromptCount(), std::size_t(1));
        QVERIFY(session.ownPrompts().empty());
        QCOMPARE(session.run().plan().samples, 3); // the table, not only what is said of it
        QVERIFY(session.stored());
    }

    void aRunThatCannotGoOnLeavesTheTableAsItIs()
    {
        Workbench workbench({});
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        LabSession session(workbench);
        session.setSamplePromptCount(2);
        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        QTRY_COMPARE(finished.size(), 1);
        const std::size_t answered = session.run().progress().answered();
        RunSummary gone = workbench.evidenceStore()->runs()->front();
        gone.id = RunId("gone");
        QSignalSpy failed(&session, &LabSession::resumeFailed);
        session.resume(gone);
        QCOMPARE(failed.size(), 1);
        QCOMPARE(session.run().progress().answered(), answered);
        QVERIFY(session.hasAnswers());
    }

    /// Answers that were paid for and that the disk refuses are not given up for another table.
    void theTableStaysWhileItsAnswersAreNotOnDisk()
    {
        const QTemporaryDir folder;
        Workbench workbench({folder.path().toStdString()});
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        LabSession session(workbench);
        session.setSamplePromptCount(1);
        QSignalSpy failed(&session, &LabSession::failed);
        QSignalSpy kept(&session, &LabSession::keepFailed);
        test::onEvidence(workbench.evidenceStore()->path(), test::kRefuseAnswers);
        session.start();
        QTRY_COMPARE(failed.size(), 1);
        session.stop();
        QTRY_VERIFY(!session.isRunning());
        session.setSamples(3);
        QVERIFY(!session.addPrompt(QStringLiteral("Do you ship to the moon?")));
        QCOMPARE(kept.size(), 2);
        QVERIFY(kept.front().front().toString().contains(QStringLiteral("disk is full")));
        QCOMPARE(session.samples(), 1);
        QVERIFY(session.hasAnswers());
        test::onEvidence(workbench.evidenceStore()->path(), test::kAcceptAnswers);
        // Whoever looks on while what was kept is written sees one table.
        connect(&session, &LabSession::progressChanged, this, [&] { (void)session.spent(); });
        session.setSamples(3);
        QVERIFY(workbench.evidenceStore()->runs()->front().finishedAtMs != 0); // it was stopped
        QCOMPARE(session.samples(), 3);
        QVERIFY(!workbench.evidenceStore()->allAnswers()->empty());
    }

    /// Answers come back with the models that gave them, whatever was asked since.
    void aModelThatIsChosenAgainHasItsAnswers()
    {
        const QTemporaryDir folder;
        Workbench workbench({folder.path().toStdString()});
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        LabSession session(workbench);
        session.setSamplePromptCount(1);
        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        QTRY_COMPARE(finished.size(), 1);
        const ModelId a = session.models()[0].id;
        const ModelId b = session.models()[1].id;
        session.chooseModel(b, false);
        session.rerun({0, 0, 0});
        QTRY_COMPARE(finished.size(), 2);
        session.chooseModel(a, false);
        session.chooseModel(b, true);
        QVERIFY(session.stored());
        QVERIFY(session.hasAnswers());
    }

    void preflightSaysWhatItWouldCost()
    {
        Workbench workbench({});
        workbench.openSample();
        LabSession session(workbench);
        session.setSamplePromptCount(10);
        session.setSamples(2);
        const Preflight flight = session.preflight();
        QCOMPARE(flight.cells, std::size_t(80));
        QCOMPARE(flight.models, std::size_t(3));
        QVERIFY(flight.simulated);
        QVERIFY(flight.expected->pico > 0);
        QVERIFY(flight.worst->pico > flight.expected->pico);
        ModelSpec unpriced = session.models()[0];
        unpriced.price.reset();
        QVERIFY(workbench.editor().push(ReplaceModel{unpriced.id, unpriced}).has_value());
        QVERIFY(!session.preflight().expected);
        QCOMPARE(session.preflight().unpricedModels, std::size_t(1));
    }

    void thePreflightLearnsFromTheEvidence()
    {
        Workbench workbench({});
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        LabSession session(workbench);
        session.setSamplePromptCount(20);
        QTRY_VERIFY_WITH_TIMEOUT(!session.preflight().forecast.models[0].isLengthAssumed, 120'000);
        const double expected = session.preflight().expected->usd();
        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const double spent = session.run().progress().spent->usd();
        QVERIFY2(std::abs(spent / expected - 1) < 0.25,
                 qPrintable(QStringLiteral("%1 spent, %2 expected").arg(spent).arg(expected)));
    }
};

QTEST_GUILESS_MAIN(TestLabModels)
#include "tst_lab_models.moc"
