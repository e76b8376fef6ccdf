// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what a session keeps in its own file it keeps in a team's PostgreSQL database just so,
// and finds it there after a restart: answers, repeats, stars and notes, blind tastings, what a run
// has cost, answers to take again. The settings try such an address, and the next start opens it.

#include <core/evidence/lab_store.h>
#include <core/sample/support_desk.h>
#include <tests/support/store_places.h>
#include <ui/models/cell_remarks.h>
#include <ui/models/evidence_setting.h>
#include <ui/models/lab_session.h>
#include <ui/models/tasting_session.h>

#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include <optional>
#include <string>

using namespace signalbox;
using namespace signalbox::ui;
using namespace signalbox::test;

namespace {

/// The program, from one start to its end.
struct Start
{
    Workbench workbench;
    std::optional<LabSession> session;

    explicit Start(const StoreAddress& address) : workbench({{}, address})
    {
        PolicyDocument policy = supportDeskPolicy();
        policy.models.resize(2);
        workbench.editor().setDocument(policy);
        workbench.services().simulator->setSpeed(0);
        session.emplace(workbench);
        session->chooseModel(session->policyColumn(), false);
    }
    ~Start() { session.reset(); }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;

    [[nodiscard]] EvidenceStore& store() { return *workbench.evidenceStore(); }
    void send(std::size_t prompts)
    {
        session->setSamplePromptCount(prompts);
        QSignalSpy finished(&*session, &LabSession::finished);
        session->start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 300'000);
    }
};

} // namespace

class TestTeamStore : public QObject
{
    Q_OBJECT

    StorePlaces m_places;

private slots:
    void initTestCase_data() { StorePlaces::addRows(); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        SIGNALBOX_FRESH_PLACE(m_places);
        QSettings().clear();
    }

    void answersAndRepeatsAreThereAfterARestart()
    {
        std::string shown;
        {
            Start first(m_places.address());
            QVERIFY(first.workbench.evidenceStore());
            first.send(3);
            QSignalSpy finished(&*first.session, &LabSession::finished);
            first.session->rerun({1, 0, 0});
            QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 300'000);
            shown = first.session->run().cell({1, 0, 0}).answer.text;
        }
        Start again(m_places.address());
        QVERIFY(again.session->hasAnswers());
        QCOMPARE(again.session->run().progress().answered(), std::size_t{6});
        QCOMPARE(again.session->run().cell({1, 0, 0}).answer.text, shown);
        QCOMPARE(again.session->earlierAnswers({1, 0, 0})->size(), std::size_t{1});
        const auto ledger = again.store().ledger(again.store().runs()->front().id);
        SIGNALBOX_VERIFY(ledger);
        QCOMPARE(ledger->calls.size(), std::size_t{7}); // the repeat was paid for, too
        QVERIFY(ledger->underWay.empty());
        QVERIFY(sendingMs(*ledger) > 0);
    }

    void starsAndNotesAreThereAfterARestart()
    {
        {
            Start first(m_places.address());
            first.send(2);
            CellRemarks remarks(*first.session, &first.store());
            QTRY_VERIFY_WITH_TIMEOUT(!remarks.isLoading(), 300'000);
            SIGNALBOX_VERIFY(remarks.setStarred({0, 1, 0}, true));
            SIGNALBOX_VERIFY(remarks.setNote({1, 0, 0}, QStringLiteral("Zu knapp, \"oder\"?")));
            SIGNALBOX_VERIFY(remarks.setNote({0, 1, 0}, QStringLiteral("gone")));
            SIGNALBOX_VERIFY(remarks.setNote({0, 1, 0}, QString()));
        }
        Start again(m_places.address());
        CellRemarks remarks(*again.session, &again.store());
        QTRY_VERIFY_WITH_TIMEOUT(!remarks.isLoading(), 300'000);
        QVERIFY2(remarks.problem().isEmpty(), qPrintable(remarks.problem()));
        QVERIFY(remarks.of({0, 1, 0}) && remarks.of({0, 1, 0})->isStarred);
        QVERIFY(remarks.of({0, 1, 0})->note.isEmpty());
        QVERIFY(remarks.of({1, 0, 0}) && !remarks.of({1, 0, 0})->isStarred);
        QCOMPARE(remarks.of({1, 0, 0})->note, QStringLiteral("Zu knapp, \"oder\"?"));
        QVERIFY(!remarks.of({1, 1, 0}));
    }

    void aTastingGoesOnWithTheVotesOfOthers()
    {
        {
            Start first(m_places.address());
            first.send(3);
            TastingSession tasting(first.workbench.evidenceStore());
            tasting.setRun(first.session->run().id());
            QTRY_VERIFY_WITH_TIMEOUT(!tasting.isLoading(), 300'000);
            SIGNALBOX_VERIFY(tasting.begin(tastingOf(tasteable(*first.session), {}, 1)));
            SIGNALBOX_VERIFY(tasting.join(QStringLiteral("Ann")));
            SIGNALBOX_VERIFY(tasting.putInOrder({{1}, {0}}, {}));
            SIGNALBOX_VERIFY(tasting.sayX(true));
        }
        Start again(m_places.address());
        const RunId run = again.store().runs()->front().id;
        TastingSession mine(again.workbench.evidenceStore());
        TastingSession yours(again.workbench.evidenceStore());
        for (TastingSession* tasting : {&mine, &yours}) {
            tasting->setRun(run);
            QTRY_VERIFY_WITH_TIMEOUT(tasting->tasting(), 300'000);
        }
        SIGNALBOX_VERIFY(mine.join(QStringLiteral("Ann")));
        QCOMPARE(mine.done(TastingPart::Order), std::size_t{1});
        QCOMPARE(mine.done(TastingPart::Abx), std::size_t{1});
        SIGNALBOX_VERIFY(yours.join(QStringLiteral("Bo")));
        SIGNALBOX_VERIFY(yours.putInOrder({{0}, {1}}, {}));
        SIGNALBOX_VERIFY(yours.look(QStringLiteral("Bo")));
        mine.leave();
        // What somebody else says is there once it has been written.
        QTRY_VERIFY_WITH_TIMEOUT((mine.reload(), mine.rankings().size() == 2), 300'000);
        QTRY_VERIFY_WITH_TIMEOUT(mine.hasLooked(QStringLiteral("bo")), 300'000);
        QVERIFY(!mine.join(QStringLiteral("Bo"))); // who has seen the names
    }

    void whatWasAnsweredIsTakenAgainAndBillsNothing()
    {
        {
            Start first(m_places.address());
            first.send(2);
        }
        Start again(m_places.address());
        again.session->setReusesAnswers(true);
        again.send(2);
        QCOMPARE(*again.session->spent(), Money());
        QCOMPARE(again.store().runs()->size(), std::size_t{2});
        for (const Answer& answer : again.session->answers())
            QVERIFY(answer.reused);
        QCOMPARE(again.store().allAnswers()->size(), std::size_t{4}); // not twice
    }

    void anEarlierRunIsShownAsItWas()
    {
        RunId first;
        {
            Start start(m_places.address());
            start.send(2);
            first = *start.session->run().id();
            start.send(3);
        }
        Start again(m_places.address());
        QCOMPARE(again.store().runs()->size(), std::size_t{2});
        SIGNALBOX_VERIFY(again.session->show(first));
        QCOMPARE(again.session->answers().size(), std::size_t{4});
        again.session->showPresent();
        QCOMPARE(again.session->answers().size(), std::size_t{6});
    }

    void theSettingsTryAnAddressAndTheNextStartOpensIt()
    {
        const QString text = QString::fromStdString(toString(m_places.address()));
        const auto nothing = tryStore(text);
        SIGNALBOX_VERIFY(nothing);
        QVERIFY(nothing->found == StoreTrial::Found::Nothing); // and nothing was made there
        QVERIFY(tryStore(text)->found == StoreTrial::Found::Nothing);
        setEvidenceSetting(text);
        {
            Start first(*evidenceSettingAddress());
            QVERIFY(first.workbench.evidenceStore());
            QCOMPARE(first.store().where(), text.toStdString());
            first.send(2);
        }
        const auto there = tryStore(text);
        SIGNALBOX_VERIFY(there);
        QVERIFY(there->found == StoreTrial::Found::Store);
        QCOMPARE(there->runs, std::size_t{1});
        if (m_places.isFile())
            return;
        m_places.server().stop();
        const auto gone = tryStore(text);
        QVERIFY(m_places.server().start());
        QVERIFY(!gone);
        QVERIFY2(gone.error().message.find("cannot be reached") != std::string::npos,
                 toString(gone.error()).c_str());
        QVERIFY(!gone.error().hint.empty());
    }
};

QTEST_MAIN(TestTeamStore)
#include "tst_team_store.moc"
