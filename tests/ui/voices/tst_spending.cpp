// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: before a run the page says what it would take and what that rests on; a cap holds the
// run with a sentence and lets the person go on; reused answers are marked and cost nothing; one
// cell can be asked again without losing what it said; an old run can be seen at today's prices.

#include "voices_desk.h"

#include <core/evidence/lab_store.h>
#include <core/evidence/store_open.h>
#include <core/sample/support_desk.h>
#include <tests/support/scripted_provider.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/voices/answer_delegate.h>
#include <ui/voices/facts_line.h>
#include <ui/voices/queue_button.h>
#include <ui/voices/reprice_sheet.h>
#include <ui/voices/spending_button.h>
#include <ui/voices/voices_page.h>

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Desk : test::VoicesDesk
{
    explicit Desk(std::size_t prompts)
    {
        session().setSamplePromptCount(prompts);
        session().chooseModel(ModelId("gpt-3.5-turbo"), false);
        session().chooseModel(ModelId("palm-2"), false);
        session().chooseModel(session().policyColumn(), false);
        show();
    }
    /// To its end, whatever the simulator's servers refuse.
    void sendAll() const
    {
        send();
        while (session().run().progress().answered() < session().run().progress().total) {
            page->session().rerunFailed();
            QTRY_VERIFY_WITH_TIMEOUT(!page->session().isRunning(), 60'000);
        }
    }
};

/// A window's queue of runs, without its page.
struct QueueDesk
{
    Workbench workbench;
    LabSession session;
    QueuedRuns queue;

    explicit QueueDesk(const std::filesystem::path& data)
        : workbench({data}), session(withSample(workbench)), queue(session, workbench)
    {
        session.setSamplePromptCount(2);
    }
    static Workbench& withSample(Workbench& workbench)
    {
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.services().simulator->setSpeed(0);
        return workbench;
    }
};

/// "Raise to …" and the others of a notice.
QPushButton* buttonOf(const Callout& notice, int place)
{
    return notice.findChildren<QPushButton*>().value(place);
}

} // namespace

class TestSpending : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QSettings().clear();
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theForecastSaysWhatItRestsOn()
    {
        const Desk desk(6);
        auto* button = desk.child<SpendingButton>("spending");
        QVERIFY(button->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!desk.session().preflight().forecast.models[0].isLengthAssumed,
                                 60'000);
        QTest::mouseClick(button, Qt::LeftButton);
        SpendingPopover* popover = button->popover();
        QVERIFY(popover->isVisible());
        const auto labels = popover->findChildren<ElidedLabel*>();
        QVERIFY(labels.size() >= 4); // model, calls, cost, range
        QVERIFY2(labels[0]->toolTip().contains(QStringLiteral("from the policy")),
                 qPrintable(labels[0]->toolTip()));
        QVERIFY(labels[0]->toolTip().contains(QStringLiteral("recorded answers")));
        QVERIFY(popover->findChild<QLabel*>(QStringLiteral("spending.time"))
                    ->toolTip()
                    .contains(QStringLiteral("time to first token")));
        QVERIFY(popover->findChild<QLabel*>(QStringLiteral("spending.worst"))
                    ->text()
                    .contains(QStringLiteral("at most $")));
        QTest::keyClick(popover, Qt::Key_Escape);
        QVERIFY(!popover->isVisible());
    }

    void aCapThatIsBeingTypedStays()
    {
        const Desk desk(6);
        auto* const button = desk.child<SpendingButton>("spending");
        button->open();
        auto* const field =
            button->popover()->findChild<QDoubleSpinBox*>(QStringLiteral("cap.cost"));
        QTRY_VERIFY(field->hasFocus());
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("1.5"));
        emit desk.session().progressChanged(); // a run goes on
        QVERIFY2(field->text().contains(QStringLiteral("1.5")), qPrintable(field->text()));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(desk.session().caps().cost->usd(), 1.5);
    }

    void aCapHoldsTheRunAndOneClickRaisesIt()
    {
        const Desk desk(6);
        auto* button = desk.child<SpendingButton>("spending");
        QTest::mouseClick(button, Qt::LeftButton);
        auto* field = button->popover()->findChild<QDoubleSpinBox*>(QStringLiteral("cap.cost"));
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("0.05"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(*desk.session().caps().cost, Money::fromUsd(0.05));
        QTest::keyClick(button->popover(), Qt::Key_Escape);
        QVERIFY2(button->text().contains(QStringLiteral("$0.05")), qPrintable(button->text()));
        QSignalSpy finished(&desk.session(), &LabSession::finished);
        QTest::mouseClick(desk.child<QPushButton>("start"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(desk.child<Callout>("capNotice"), 60'000);
        QPointer<Callout> notice = desk.child<Callout>("capNotice");
        QCOMPARE(notice->title(), QStringLiteral("The cap of $0.05 holds the run."));
        QVERIFY2(notice->detail().contains(QStringLiteral("wait")), qPrintable(notice->detail()));
        QVERIFY(desk.session().run().spending().cost <= Money::fromUsd(0.05));
        QCOMPARE(button->text(), QStringLiteral("Cap reached"));
        // Twice as much is room for some, perhaps not for all; raised again until it is over.
        for (int raises = 0; raises < 5 && finished.isEmpty(); ++raises) {
            QTest::mouseClick(buttonOf(*desk.child<Callout>("capNotice"), 0), Qt::LeftButton);
            QVERIFY(*desk.session().caps().cost > Money::fromUsd(0.05));
            QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty() || desk.child<Callout>("capNotice"),
                                     60'000);
        }
        QCOMPARE(finished.size(), 1);
        QTRY_VERIFY(!notice);
        QVERIFY(button->text() != QStringLiteral("Cap reached"));
    }

    void endingAHeldRunStopsTheRest()
    {
        const Desk desk(6);
        RunCaps caps;
        caps.cost = Money::fromUsd(0.05);
        desk.session().setCaps(caps);
        QSignalSpy finished(&desk.session(), &LabSession::finished);
        desk.session().start();
        QTRY_VERIFY_WITH_TIMEOUT(desk.child<Callout>("capNotice"), 60'000);
        QTest::mouseClick(buttonOf(*desk.child<Callout>("capNotice"), 2), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QVERIFY(desk.session().run().progress().stopped > 0);
        QVERIFY(!desk.child<Callout>("capNotice") ||
                !desk.child<Callout>("capNotice")->isVisible());
    }

    void reusedAnswersAreMarkedAndNotBilled()
    {
        const Desk desk(3);
        desk.sendAll();
        auto* reuse = desk.child<QCheckBox>("reuseAnswers");
        reuse->setChecked(true);
        const RunForecast forecast = desk.session().preflight().forecast;
        QCOMPARE(forecast.reused, std::size_t{3});
        QCOMPARE(forecast.cells, std::size_t{0});
        QSignalSpy finished(&desk.session(), &LabSession::finished);
        desk.session().start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const auto* table = desk.child<QTableView>("matrix");
        const QModelIndex cell = table->model()->index(0, 1);
        QVERIFY(cell.data(LabTableModel::ReusedRole).toBool());
        QCOMPARE(AnswerDelegate::footerFacts(cell).value(1), QStringLiteral("reused"));
        QVERIFY(AnswerDelegate::meaningOf(cell).contains(QStringLiteral("nothing is billed")));
        QCOMPARE(*desk.session().spent(), Money());
        QVERIFY(desk.child<FactsLine>("facts.gpt-4")->text().contains(QStringLiteral("reused")));
        // A person who asks again means it.
        desk.session().rerun({0, 0, 0});
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 60'000);
        QVERIFY(!cell.data(LabTableModel::ReusedRole).toBool() ||
                desk.session().run().cell({0, 0, 0}).status.find("repeat") != std::string::npos);
    }

    void oneCellIsAskedAgainAndItsEarlierAnswerStays()
    {
        const Desk desk(3);
        desk.sendAll();
        auto* table = desk.child<QTableView>("matrix");
        table->setCurrentIndex(table->model()->index(1, 1));
        table->setFocus();
        QVERIFY(desk.session().earlierAnswers({1, 0, 0})->empty());
        const std::size_t before = desk.workbench.answers().size();
        QSignalSpy finished(&desk.session(), &LabSession::finished);
        QTest::keyClick(table, Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QVERIFY(desk.workbench.answers().size() >= before);
        const auto earlier = desk.session().earlierAnswers({1, 0, 0});
        QVERIFY(earlier);
        QCOMPARE(earlier->size(), std::size_t{1});
        QVERIFY(desk.session().earlierAnswers({0, 0, 0})->empty()); // nothing else was asked

        const QPoint at = table->visualRect(table->model()->index(1, 1)).center();
        emit table->customContextMenuRequested(at);
        auto* menu = table->findChild<QMenu*>(QStringLiteral("cellMenu"));
        QVERIFY(menu->isVisible());
        auto* again = menu->findChild<QAction*>(QStringLiteral("cellMenu.askAgain"));
        QCOMPARE(again->text(), QStringLiteral("&Ask gpt-4 again"));
        QVERIFY(again->isEnabled());
        auto* older = menu->findChild<QMenu*>(QStringLiteral("cellMenu.earlier"));
        QVERIFY(older);
        QCOMPARE(older->actions().size(), 1);
        older->actions().value(0)->trigger();
        auto* sheet = desk.page->window()->findChild<QDialog*>(QStringLiteral("earlierAnswer"));
        QVERIFY(sheet && sheet->isVisible());
        sheet->reject();
        menu->close();
        again->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 60'000);
        QCOMPARE(desk.session().earlierAnswers({1, 0, 0})->size(), std::size_t{2});
    }

    /// The first asks for twice what its cap allows; it holds up nobody.
    void queuedRunsAreSentOneAfterTheOther()
    {
        Desk desk(2);
        auto* button = desk.child<QueueButton>("queue");
        QTest::mouseClick(button, Qt::LeftButton);
        QueuePopover* popover = button->popover();
        const auto press = [&](const char* name) {
            QTest::mouseClick(popover->findChild<QPushButton*>(QLatin1String(name)),
                              Qt::LeftButton);
        };
        QVERIFY(!popover->findChild<QPushButton*>(QStringLiteral("queue.run"))->isEnabled());
        RunCaps caps;
        caps.cost = Money::fromUsd(0.000001);
        desk.session().setCaps(caps);
        press("queue.add");
        desk.session().setCaps({});
        desk.session().setSamplePromptCount(3);
        press("queue.add");
        desk.session().setSamplePromptCount(5);
        press("queue.add");
        QCOMPARE(button->text(), QStringLiteral("Queue (3)"));
        const auto texts = [&] {
            QStringList all;
            for (const auto* label :
                 popover->findChildren<ElidedLabel*>(QStringLiteral("queue.text")))
                all << label->text().section(QStringLiteral(" \u00b7 "), 1);
            return all;
        };
        QVERIFY2(texts().value(2).startsWith(QLatin1Char('5')), qPrintable(texts().join(u'|')));
        QTest::mouseClick(popover->findChildren<QToolButton*>(QStringLiteral("queue.up")).value(2),
                          Qt::LeftButton);
        QTRY_VERIFY(texts().value(1).startsWith(QLatin1Char('5')));
        QSignalSpy finished(&desk.session(), &LabSession::finished);
        press("queue.run");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 3, 60'000);
        QCOMPARE(button->text(), QStringLiteral("Queue"));               // nothing waits
        QCOMPARE(desk.session().run().progress().total, std::size_t{3}); // the last one
        const auto runs = desk.workbench.evidenceStore()->runs();
        QCOMPARE(runs->size(), std::size_t{3});
        QCOMPARE((*runs)[2].state, RunState::Stopped); // by its cap
        QCOMPARE((*runs)[1].cells, std::size_t{5});
    }

    void whatWaitsIsThereAfterARestart()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        const auto waiting = [&](bool adds) {
            QueueDesk desk(data);
            if (adds)
                desk.queue.addChosen();
            return desk.queue.runs();
        };
        const auto before = waiting(true);
        QCOMPARE(before.size(), std::size_t{1});
        QCOMPARE(waiting(false), before);
    }

    /// What its window has begun is the store's once that has it, and waits here until then.
    void aQueuedRunWaitsUntilTheStoreHasIt()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        QueueDesk desk(data);
        desk.queue.addChosen();
        const RunId id = desk.queue.runs().at(0).id;
        QVERIFY(desk.workbench.evidenceStore()->background().writer().flush(60'000));
        auto other = openStore(SqliteStore{data / "evidence.sqlite"}, {});
        QVERIFY(other && other->connection->run(QStringLiteral("BEGIN IMMEDIATE"), "t"));
        QSignalSpy failures(&desk.session, &LabSession::failed);
        QSignalSpy finished(&desk.session, &LabSession::finished);
        desk.queue.start();
        QTRY_VERIFY_WITH_TIMEOUT(!failures.isEmpty(), 60'000);
        QCOMPARE(RunQueue::open(data / "queue.json")->runs().size(), std::size_t{1}); // a crash now
        QVERIFY(other->connection->run(QStringLiteral("COMMIT"), "t"));
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QTRY_VERIFY(RunQueue::open(data / "queue.json")->runs().empty());
        QVERIFY(desk.workbench.evidenceStore()->run(id)->isOver());
    }

    void whatTheStoreHasIsNotSentAgainFromTheQueue()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        QueueDesk desk(data);
        const RunId there = *desk.workbench.evidenceStore()->beginRun("killed", "{}");
        auto file = RunQueue::open(data / "queue.json");
        QVERIFY(
            file->add({"killed before it was taken out", desk.session.chosenPlanJson(), there}));
        desk.queue.refresh();
        QCOMPARE(desk.queue.runs().size(), std::size_t{1});
        desk.queue.start();
        QVERIFY(desk.queue.runs().empty());
        QVERIFY(!desk.queue.isRunning() && !desk.session.isRunning());
        QCOMPARE(desk.workbench.evidenceStore()->runs()->size(), std::size_t{1});
    }

    void whatAnotherWindowQueuesIsSeen()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        QueueDesk mine(data);
        QueuedRuns yours(mine.session, mine.workbench);
        mine.queue.addChosen();
        yours.addChosen();
        QTRY_COMPARE(mine.queue.runs().size(), std::size_t{2});
        QVERIFY(mine.queue.runs() == yours.runs());
    }

    void anOldRunIsSeenAtTodaysPrices()
    {
        Desk desk(3);
        desk.sendAll();
        const RunId id = *desk.session().run().id();
        const auto before = desk.workbench.evidenceStore()->answers(id);
        ModelSpec dearer = desk.workbench.editor().document().models.front();
        dearer.price->outputPerToken = dearer.price->outputPerToken * 2;
        QVERIFY(desk.workbench.editor().push(ReplaceModel{dearer.id, dearer}).has_value());
        QVERIFY(desk.session().show(id));
        QTest::mouseClick(desk.child<QPushButton>("shownRun.reprice"), Qt::LeftButton);
        auto* sheet = desk.page->window()->findChild<RepriceSheet*>();
        QVERIFY(sheet);
        auto* list = sheet->findChild<QTreeWidget*>(QStringLiteral("reprice.models"));
        QTRY_COMPARE(list->topLevelItemCount(), 1);
        const QTreeWidgetItem* row = list->topLevelItem(0);
        QCOMPARE(row->text(0), QStringLiteral("gpt-4"));
        QCOMPARE(row->text(1), QStringLiteral("3"));
        QVERIFY(row->text(2) != row->text(3));
        QVERIFY2(row->text(4).startsWith(QLatin1Char('+')), qPrintable(row->text(4)));
        QVERIFY(row->text(5).startsWith(QStringLiteral("the policy")));
        QCOMPARE(desk.workbench.evidenceStore()->pricings(id)->size(), std::size_t{1});
        QCOMPARE(*desk.workbench.evidenceStore()->answers(id), *before); // recorded stays
        sheet->reject();
    }
};

QTEST_MAIN(TestSpending)
#include "tst_spending.moc"
