// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is written of runs, cells, answers, notes, prices and votes comes back equal, in
// SQLite and in a real PostgreSQL; written twice it is there once; a paid answer is never lost from
// sight; what an interrupted program left is cut or queued, and nobody takes a run from a program
// that lives.

#include <core/evidence/evidence_table.h>
#include <core/evidence/remark_table.h>
#include <core/evidence/run_owner.h>
#include <core/evidence/run_table.h>
#include <core/evidence/store_failure.h>
#include <core/evidence/store_schema.h>
#include <core/evidence/tasting_table.h>
#include <tests/support/store_places.h>

#include <QSysInfo>

#include <algorithm>
#include <future>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// A process that was there once: no process has the number 0.
std::string deadOwner()
{
    std::string owner = newRunOwner();
    const QStringList parts = QString::fromStdString(owner).split(u'/');
    return QStringList{parts[0], parts[1], QStringLiteral("0"), parts[3], parts[4]}
        .join(u'/')
        .toStdString();
}

const CellKey kFirst{0, 0, 0};

/// A tasting with one person in it, who has voted once; the text is hard on a database.
StoredTasting smallTasting(TastingNumber number = 7)
{
    StoredTasting tasting;
    tasting.number = number;
    tasting.sheetJson = R"({"texts":["it's \u0000 ? $1"]})";
    tasting.begunAtMs = 1'700'000'000'000 + number;
    tasting.tasters = {{"Zo\u00eb \"Z\" O'Neil", R"({"order":[]})", 11, 0}};
    tasting.votes = {
        {tasting.tasters.front().rater, "order", 3, R"({"places":[["a"],["b"]]})", 12}};
    tasting.judgings = {{31, "{\"judge\":\"it's\"}", 20, {{0, R"({"state":"said"})", 21}}},
                        {30, R"({"judge":"b"})", 22, {}}};
    return tasting;
}

} // namespace

class TestStoreTables : public QObject
{
    Q_OBJECT

    StorePlaces m_places;
    std::unique_ptr<StoreConnection> m_store;

    RunContents contentsOf(const RunId& run)
    {
        RunContents contents;
        const auto summary = readSummary(*m_store, run, {});
        const auto draft = readDraft(*m_store, run);
        const auto cells = readCells(*m_store, run, contents);
        for (const Error* error :
             {summary ? nullptr : &summary.error(), draft ? nullptr : &draft.error(),
              cells ? nullptr : &cells.error()}) {
            if (error)
                qWarning("%s", toString(*error).c_str());
        }
        contents.summary = *summary;
        contents.draft = *draft;
        return contents;
    }

    CellColumns columnsOf(const RunId& run, const CellKey& cell)
    {
        const RunContents contents = contentsOf(run);
        return *std::ranges::find(contents.cells, cell, &CellColumns::key);
    }

    RunId begin(const RunDraft& draft, const std::string& owner = {})
    {
        const auto written = writeRun(*m_store, draft, owner);
        if (!written)
            qWarning("%s", toString(written.error()).c_str());
        return draft.id;
    }

    Result<void> write(const RunId& run, const StoredTasting& tasting)
    {
        if (auto begun = writeTasting(*m_store, run, tasting); !begun)
            return begun;
        for (const StoredTaster& taster : tasting.tasters) {
            if (auto joined = writeTaster(*m_store, run, tasting.number, taster); !joined)
                return joined;
        }
        for (const StoredVote& vote : tasting.votes) {
            if (auto voted = writeVote(*m_store, run, tasting.number, vote); !voted)
                return voted;
        }
        for (const StoredJudging& judging : tasting.judgings) {
            if (auto set = writeJudging(*m_store, run, tasting.number, judging); !set)
                return set;
            for (const StoredJudgeCall& call : judging.calls) {
                if (auto said = writeJudgeCall(*m_store, run, tasting.number, judging.number, call);
                    !said)
                    return said;
            }
        }
        return {};
    }

    /// Changes rows behind the back of the store's own functions.
    void sql(const char* statement)
    {
        SIGNALBOX_VERIFY(m_store->run(QString::fromLatin1(statement), "test"));
    }

private slots:
    void initTestCase_data() { StorePlaces::addRows(); }

    void init()
    {
        SIGNALBOX_FRESH_PLACE(m_places);
        auto opened = openStore(m_places.address(), {});
        SIGNALBOX_VERIFY(opened);
        QVERIFY(opened->notice.empty());
        m_store = std::move(opened->connection);
    }
    void cleanup() { m_store.reset(); }

    void aRunComesBackEqual()
    {
        const RunDraft draft = smallDraft(3, 2, 2);
        SIGNALBOX_VERIFY(writeRun(*m_store, draft, {}));
        const RunContents contents = contentsOf(draft.id);
        QVERIFY(contents.draft == draft);
        QCOMPARE(contents.cells.size(), std::size_t(12));
        QCOMPARE(contents.unfinished().size(), std::size_t(12));
        QVERIFY(contents.cells.back().key == (CellKey{2, 1, 1}));
        QVERIFY(contents.cells.back().state == StoredState::Queued);
        QCOMPARE(contents.summary.name, draft.name);
        QVERIFY(contents.summary.createdAtMs > 1'700'000'000'000);
        QCOMPARE(readDraft(*m_store, RunId("nobody")).error().code, ErrorCode::NotFound);
    }

    void anAnswerComesBackEqual()
    {
        const RunId run = begin(smallDraft(2, 2));
        const StoredAnswer answer = fullAnswer();
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {1, 0, 0}, answer));
        const auto contents = readContents(*m_store, run, 1, 1);
        SIGNALBOX_VERIFY(contents);
        QCOMPARE(contents->size(), std::size_t(1));
        QVERIFY(contents->front().key == (CellKey{1, 0, 0}));
        QVERIFY(contents->front().answer == answer);
        QVERIFY(readContents(*m_store, run, 0, 1)->empty());
    }

    void unknownStaysUnknownAndZeroStaysZero()
    {
        const RunId run = begin(smallDraft(1, 1));
        StoredAnswer answer;
        answer.ticket = 1;
        answer.usage.output = 0;
        SIGNALBOX_VERIFY(finishCell(*m_store, run, kFirst, answer));
        QVERIFY(readContents(*m_store, run, 0, 1)->front().answer == answer);
        const CellColumns columns = columnsOf(run, kFirst);
        QVERIFY(!columns.cost);
        QVERIFY(!columns.inputTokens);
        QVERIFY(!columns.totalMs);
        QVERIFY(columns.outputTokens == 0);
        QVERIFY(columns.isSettled);
    }

    void aMatrixSeesTheAnswerWithoutItsText()
    {
        const RunId run = begin(smallDraft(1, 2));
        const StoredAnswer answer = fullAnswer("\u00fc");
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {0, 1, 0}, answer));
        const RunContents contents = contentsOf(run);
        const CellColumns& columns = contents.cells[1];
        QVERIFY(columns.state == StoredState::Done);
        QVERIFY(columns.cost == Money{12'360'000'123});
        QVERIFY(columns.isCostStated && columns.isEstimated && columns.isSimulated);
        QVERIFY(columns.inputTokens == 412);
        QVERIFY(columns.outputTokens == 77);
        QVERIFY(columns.firstTextMs == 120.125);
        QVERIFY(columns.totalMs == 1234.5);
        QVERIFY(columns.satisfied == 0.75);
        QCOMPARE(columns.characters,
                 std::int64_t(answer.text.size()) - 1 - 3); // bytes of ü, rocket
        QCOMPARE(contents.servedModels[std::size_t(columns.servedModel)],
                 std::string("gpt-4-0613"));
        QCOMPARE(columns.settledAtMs, answer.recordedAtMs);
        QCOMPARE(columns.attempts, 1);
        QVERIFY(contents.cells[0].servedModel == 0 && contents.servedModels[0].empty());
        QVERIFY(contents.unfinished() == std::vector<CellKey>{kFirst});
    }

    /// As after a connection that broke before it said that a transaction was done.
    void whatIsWrittenTwiceIsThereOnce()
    {
        const RunDraft draft = smallDraft(1, 1);
        const StoredAnswer answer = fullAnswer();
        for (int i = 0; i < 2; ++i) {
            SIGNALBOX_VERIFY(writeRun(*m_store, draft, {}));
            SIGNALBOX_VERIFY(startCell(*m_store, draft.id, kFirst, answer.ticket));
            for (int again = 0; again < 2; ++again)
                SIGNALBOX_VERIFY(
                    appendPiece(*m_store, draft.id, kFirst, answer.ticket, 0, "an ", ""));
            SIGNALBOX_VERIFY(finishCell(*m_store, draft.id, kFirst, answer));
        }
        const CellColumns columns = columnsOf(draft.id, kFirst);
        QVERIFY(columns.state == StoredState::Done);
        QCOMPARE(columns.attempts, 1);
        QCOMPARE(readAttempts(*m_store, draft.id, kFirst)->size(), std::size_t(1));
        QCOMPARE(readContents(*m_store, draft.id, 0, 1)->front().partialText, std::string());
    }

    void aPaidAnswerStaysInSight_data()
    {
        QTest::addColumn<int>("before");
        QTest::addColumn<int>("after");
        QTest::addColumn<bool>("replaced");
        const auto row = [](const char* name, StoredState before, StoredState after,
                            bool replaced) {
            QTest::newRow(name) << int(before) << int(after) << replaced;
        };
        using enum StoredState;
        row("failed after done", Done, Failed, false);
        row("stopped after done", Done, Stopped, false);
        row("stopped after failed", Failed, Stopped, false);
        row("failed after stopped", Stopped, Failed, true);
        row("filtered after cut", Cut, Filtered, false);
        row("failed after cached", Cached, Failed, false);
        row("refused after done", Done, Refused, true);
        row("done after failed", Failed, Done, true);
        row("filtered after failed", Failed, Filtered, true);
    }
    void aPaidAnswerStaysInSight()
    {
        QFETCH(const int, before);
        QFETCH(const int, after);
        QFETCH(const bool, replaced);
        const RunId run = begin(smallDraft(1, 1));
        StoredAnswer first = fullAnswer("first");
        first.state = StoredState(before);
        StoredAnswer second = fullAnswer("second");
        second.state = StoredState(after);
        second.failureKind = FailureKind::RateLimit;
        second.recordedAtMs += 1000;
        SIGNALBOX_VERIFY(finishCell(*m_store, run, kFirst, first));
        SIGNALBOX_VERIFY(startCell(*m_store, run, kFirst, second.ticket));
        QVERIFY(columnsOf(run, kFirst).state == StoredState::Running);
        SIGNALBOX_VERIFY(finishCell(*m_store, run, kFirst, second));
        const CellColumns columns = columnsOf(run, kFirst);
        QCOMPARE(int(columns.state), replaced ? after : before);
        QCOMPARE(columns.attempts, 2);
        QVERIFY(readContents(*m_store, run, 0, 1)->front().answer == (replaced ? second : first));
        QVERIFY(*readAttempts(*m_store, run, kFirst) == (std::vector<StoredAnswer>{first, second}));
    }

    /// Which answer is shown is decided by what came last, not by what a clock said.
    void aClockThatIsSetBackHidesNothingNew()
    {
        constexpr std::int64_t kHoursMs = 11'000'000;
        const RunId run = begin(smallDraft(1, 1));
        StoredAnswer early = fullAnswer("while the clock was fast");
        StoredAnswer late = fullAnswer("after it was put right");
        late.recordedAtMs = early.recordedAtMs - kHoursMs;
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {0, 0, 0}, early));
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {0, 0, 0}, late));
        QCOMPARE(columnsOf(run, {0, 0, 0}).attempts, 2);
        const auto shown = readEvidence(*m_store, run);
        SIGNALBOX_VERIFY(shown);
        QCOMPARE(shown->size(), std::size_t{1});
        QVERIFY(shown->front().text == late.text);
        // And a run that begins now is the latest, whatever the clock said when others did.
        sql("UPDATE run SET last_at = last_at + 11000000, created_at = created_at + 11000000");
        const RunId next = begin(smallDraft(1, 1));
        const auto runs = listRuns(*m_store, {});
        SIGNALBOX_VERIFY(runs);
        QVERIFY(runs->front().id == next);
    }

    void anAnswerNeedsItsCell()
    {
        const RunId run = begin(smallDraft(1, 1));
        const auto recorded = finishCell(*m_store, run, {7, 0, 0}, fullAnswer());
        QVERIFY(!recorded);
        QCOMPARE(recorded.error().code, ErrorCode::NotFound);
        QCOMPARE(recorded.error().where, run.value + "/7/0/0");
        const auto nowhere = finishCell(*m_store, RunId("nobody"), kFirst, fullAnswer());
        QVERIFY(!nowhere);
        QVERIFY(!mayPass(nowhere.error()));
    }

    void whatWasRunningIsCutOrQueued()
    {
        const RunId run = begin(smallDraft(4, 1), deadOwner());
        const StoredAnswer done = fullAnswer();
        SIGNALBOX_VERIFY(startCell(*m_store, run, {0, 0, 0}, 1)); // nothing came
        SIGNALBOX_VERIFY(startCell(*m_store, run, {1, 0, 0}, 2)); // some text came
        SIGNALBOX_VERIFY(appendPiece(*m_store, run, {1, 0, 0}, 2, 0, "so f", "think"));
        SIGNALBOX_VERIFY(appendPiece(*m_store, run, {1, 0, 0}, 2, 1, "ar", "ing"));
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {2, 0, 0}, done)); // asked again
        SIGNALBOX_VERIFY(startCell(*m_store, run, {2, 0, 0}, 3));
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {3, 0, 0}, fullAnswer()));
        QVERIFY(readSummary(*m_store, run, {})->isInterrupted());

        const std::string us = newRunOwner();
        SIGNALBOX_VERIFY(claimRun(*m_store, run, us));
        const RunContents contents = contentsOf(run);
        QVERIFY(contents.cells[0].state == StoredState::Queued);
        QVERIFY(contents.cells[1].state == StoredState::Cut);
        QVERIFY(contents.cells[2].state == StoredState::Done);
        QVERIFY(contents.cells[3].state == StoredState::Done);
        QVERIFY(contents.unfinished() == (std::vector<CellKey>{{0, 0, 0}, {1, 0, 0}}));
        const CellContent cut = readContents(*m_store, run, 1, 1)->front();
        QCOMPARE(cut.partialText, std::string("so far"));
        QCOMPARE(cut.partialReasoning, std::string("thinking"));
        QVERIFY(!cut.answer);
        QVERIFY(readSummary(*m_store, run, us)->holder == RunHolder::ThisStore);

        // What an earlier attempt left goes with the first text of the next.
        SIGNALBOX_VERIFY(startCell(*m_store, run, {1, 0, 0}, 4));
        QCOMPARE(readContents(*m_store, run, 1, 1)->front().partialText, std::string("so far"));
        SIGNALBOX_VERIFY(appendPiece(*m_store, run, {1, 0, 0}, 4, 0, "anew", ""));
        QCOMPARE(readContents(*m_store, run, 1, 1)->front().partialText, std::string("anew"));
    }

    void anAttemptThatIsLetGoLeavesWhatWasThere()
    {
        const RunId run = begin(smallDraft(3, 1));
        SIGNALBOX_VERIFY(startCell(*m_store, run, {0, 0, 0}, 1));
        SIGNALBOX_VERIFY(releaseCell(*m_store, run, {0, 0, 0}, 1));
        SIGNALBOX_VERIFY(startCell(*m_store, run, {1, 0, 0}, 2));
        SIGNALBOX_VERIFY(appendPiece(*m_store, run, {1, 0, 0}, 2, 0, "so far", ""));
        SIGNALBOX_VERIFY(releaseCell(*m_store, run, {1, 0, 0}, 2));
        StoredAnswer refused = fullAnswer();
        refused.state = StoredState::Refused;
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {2, 0, 0}, refused));
        SIGNALBOX_VERIFY(startCell(*m_store, run, {2, 0, 0}, 3));
        SIGNALBOX_VERIFY(releaseCell(*m_store, run, {2, 0, 0}, 99)); // another attempt's
        QVERIFY(columnsOf(run, {2, 0, 0}).state == StoredState::Running);
        SIGNALBOX_VERIFY(releaseCell(*m_store, run, {2, 0, 0}, 3));
        const RunContents contents = contentsOf(run);
        QVERIFY(contents.cells[0].state == StoredState::Queued);
        QVERIFY(contents.cells[1].state == StoredState::Cut);
        QVERIFY(contents.cells[2].state == StoredState::Refused);
        QCOMPARE(contents.unfinished().size(), std::size_t(2));
    }

    void aRunIsTakenOnlyFromWhoIsGone_data()
    {
        QTest::addColumn<QString>("owner");
        QTest::addColumn<int>("silentMs");
        QTest::addColumn<bool>("taken");
        const QString us = QString::fromStdString(newRunOwner());
        QString elsewhere = us;
        elsewhere[0] = us[0] == u'x' ? u'y' : u'x';
        QString reused = us;
        reused.replace(us.section(u'/', 3, 3), QStringLiteral("1"));
        QTest::newRow("nobody") << QString() << 0 << true;
        QTest::newRow("another window of this program") << us << 1'000'000 << false;
        QTest::newRow("killed") << QString::fromStdString(deadOwner()) << 0 << true;
        QTest::newRow("number used again") << reused << 0 << true;
        QTest::newRow("another computer") << elsewhere << 10'000 << false;
        QTest::newRow("another computer, silent") << elsewhere << 1'000'000 << true;
        QTest::newRow("unreadable") << QStringLiteral("x") << 10'000 << false;
    }
    void aRunIsTakenOnlyFromWhoIsGone()
    {
        QFETCH(const QString, owner);
        QFETCH(const int, silentMs);
        QFETCH(const bool, taken);
        const RunId run = begin(smallDraft(1, 1), owner.toStdString());
        sql(qPrintable(
            QStringLiteral("UPDATE run SET heartbeat_at = heartbeat_at - %1").arg(silentMs)));
        const auto claimed = claimRun(*m_store, run, newRunOwner());
        QCOMPARE(claimed.has_value(), taken);
        if (!taken)
            QCOMPARE(claimed.error().code, ErrorCode::Refused);
        QCOMPARE(removeRun(*m_store, run, "other").has_value(), false); // whoever has it, lives
    }

    void aRunThatIsLetGoIsFree()
    {
        const std::string us = newRunOwner();
        const RunId run = begin(smallDraft(1, 1), us);
        QVERIFY(readSummary(*m_store, run, us)->holder == RunHolder::ThisStore);
        QVERIFY(readSummary(*m_store, run, "other")->holder == RunHolder::Another);
        SIGNALBOX_VERIFY(letGoOfRuns(*m_store, us));
        QVERIFY(readSummary(*m_store, run, us)->holder == RunHolder::Nobody);
        SIGNALBOX_VERIFY(claimRun(*m_store, run, us));
        SIGNALBOX_VERIFY(setRunState(*m_store, run, RunState::Done));
        QVERIFY(readSummary(*m_store, run, us)->holder == RunHolder::Nobody);
        QVERIFY(!readSummary(*m_store, run, us)->isInterrupted());
        QCOMPARE(setRunState(*m_store, RunId("nobody"), RunState::Done).error().code,
                 ErrorCode::NotFound);
    }

    void aSignOfLifeIsOfTheStoresClock()
    {
        const std::string us = newRunOwner();
        const RunId run = begin(smallDraft(1, 1), us);
        sql("UPDATE run SET heartbeat_at = 0");
        SIGNALBOX_VERIFY(beat(*m_store, us));
        auto rows = m_store->select("SELECT heartbeat_at FROM run", {}, "test");
        QVERIFY(rows && rows->next());
        QVERIFY(rows->integer(0) > 1'700'000'000'000);
    }

    void aRunGrowsAtItsEnd()
    {
        RunDraft draft = smallDraft(2, 1);
        begin(draft);
        SIGNALBOX_VERIFY(finishCell(*m_store, draft.id, kFirst, fullAnswer()));
        RunDraft more = smallDraft(3, 2, 2);
        more.id = draft.id;
        more.name = "more";
        SIGNALBOX_VERIFY(writeRun(*m_store, more, {}));
        QVERIFY(contentsOf(draft.id).draft == more);
        QCOMPARE(contentsOf(draft.id).unfinished().size(), std::size_t(11));
        RunDraft fewer = smallDraft(3, 2, 1);
        fewer.id = draft.id;
        SIGNALBOX_VERIFY(writeRun(*m_store, fewer, {}));
        QCOMPARE(contentsOf(draft.id).draft.repeats, 2); // answers of the second one are there
        std::swap(more.prompts[0], more.prompts[1]);
        const auto moved = writeRun(*m_store, more, {});
        QVERIFY(!moved);
        QCOMPARE(moved.error().where, std::string("prompts[0]"));
        more = smallDraft(3, 1, 2);
        more.id = draft.id;
        QCOMPARE(writeRun(*m_store, more, {}).error().where, std::string("lanes[1]"));
    }

    void theRunThatLastDidSomethingIsFirst()
    {
        const RunId a = begin(smallDraft(2, 2));
        const RunId b = begin(smallDraft(1, 1));
        SIGNALBOX_VERIFY(touchRun(*m_store, b, 4'000'000'000'000));
        StoredAnswer failed = fullAnswer();
        failed.state = StoredState::Failed;
        SIGNALBOX_VERIFY(finishCell(*m_store, a, {0, 0, 0}, fullAnswer()));
        SIGNALBOX_VERIFY(finishCell(*m_store, a, {1, 0, 0}, failed));
        auto runs = listRuns(*m_store, {});
        SIGNALBOX_VERIFY(runs);
        QCOMPARE(runs->size(), std::size_t(2));
        QCOMPARE(runs->front().id.value, b.value);
        QCOMPARE(runs->back().cells, std::size_t(4));
        QCOMPARE(runs->back().settled, std::size_t(2));
        QCOMPARE(runs->back().failed, std::size_t(1));
        QCOMPARE(readSummary(*m_store, a, {})->failed, std::size_t(1));
        const auto latest = listLatestRuns(*m_store, {}, 1);
        SIGNALBOX_VERIFY(latest);
        QCOMPARE(latest->size(), std::size_t(1));
        QCOMPARE(latest->front().id.value, b.value);
        const auto both = listLatestRuns(*m_store, {}, 9);
        SIGNALBOX_VERIFY(both);
        QCOMPARE(both->size(), std::size_t(2));
        QCOMPARE(both->back().cells, std::size_t(4));
        QCOMPARE(both->back().settled, std::size_t(2));
        QCOMPARE(both->back().failed, std::size_t(1));
        SIGNALBOX_VERIFY(touchRun(*m_store, a, 4'000'000'000'001));
        QCOMPARE(listRuns(*m_store, {})->front().id.value, a.value);
        SIGNALBOX_VERIFY(touchRun(*m_store, b, 1)); // the clock was set back
        SIGNALBOX_VERIFY(touchRun(*m_store, b, 1));
        QCOMPARE(listRuns(*m_store, {})->front().id.value, b.value);
    }

    void notesSayWhoWroteThem()
    {
        const RunId run = begin(smallDraft(2, 1));
        const CellNote human{Provenance::Human, "Ann", "too long", true, 5};
        const CellNote machine{Provenance::Machine, "judge", "too long?", false, 6};
        SIGNALBOX_VERIFY(writeNote(*m_store, run, {1, 0, 0}, machine));
        SIGNALBOX_VERIFY(writeNote(*m_store, run, {1, 0, 0}, {Provenance::Human, "Ann", "x", {}}));
        SIGNALBOX_VERIFY(writeNote(*m_store, run, {1, 0, 0}, human));
        auto notes = readNotes(*m_store, run);
        SIGNALBOX_VERIFY(notes);
        QCOMPARE(notes->size(), std::size_t(2));
        QVERIFY(notes->begin()->second == human);
        QVERIFY(notes->rbegin()->second == machine);
        SIGNALBOX_VERIFY(
            writeNote(*m_store, run, {1, 0, 0}, {Provenance::Human, "Ann", "", false}));
        QCOMPARE(readNotes(*m_store, run)->size(), std::size_t(1));
    }

    void aTastingComesBackEqual()
    {
        const RunId run = begin(smallDraft(1, 2));
        const StoredTasting first = smallTasting(7);
        const StoredTasting second = smallTasting(8);
        for (const StoredTasting& tasting : {second, first, first}) // written twice is there once
            SIGNALBOX_VERIFY(write(run, tasting));
        const auto read = readTastings(*m_store, run);
        SIGNALBOX_VERIFY(read);
        QVERIFY(*read == (std::vector<StoredTasting>{first, second}));
        QVERIFY(readTastings(*m_store, begin(smallDraft(1, 1)))->empty());
    }

    void aVoteIsChangedAndTakenBack()
    {
        const RunId run = begin(smallDraft(1, 2));
        StoredTasting tasting = smallTasting();
        SIGNALBOX_VERIFY(write(run, tasting));
        tasting.votes.front().voteJson = R"({"places":[["b"],["a"]]})";
        tasting.votes.front().votedAtMs = 13;
        SIGNALBOX_VERIFY(write(run, tasting));
        QVERIFY(readTastings(*m_store, run)->front() == tasting);
        tasting.judgings.front().planJson = R"({"caps":{}})";
        tasting.judgings.front().calls.front().recordJson = R"({"state":"failed"})";
        SIGNALBOX_VERIFY(write(run, tasting));
        QVERIFY(readTastings(*m_store, run)->front() == tasting);
        StoredVote taken = tasting.votes.front();
        taken.voteJson.clear();
        SIGNALBOX_VERIFY(writeVote(*m_store, run, tasting.number, taken));
        QVERIFY(readTastings(*m_store, run)->front().votes.empty());
    }

    void whoHasSeenTheNamesHasSeenThem()
    {
        const RunId run = begin(smallDraft(1, 2));
        StoredTasting tasting = smallTasting();
        SIGNALBOX_VERIFY(write(run, tasting));
        StoredTaster& taster = tasting.tasters.front();
        const StoredTaster blind = taster;
        taster.lookedAtMs = 99;
        SIGNALBOX_VERIFY(writeTaster(*m_store, run, tasting.number, taster));
        StoredTaster again = blind;
        again.planJson = "{}"; // of a program that does not know they were here before
        SIGNALBOX_VERIFY(writeTaster(*m_store, run, tasting.number, again));
        QVERIFY(readTastings(*m_store, run)->front() == tasting);
    }

    void aVoteNeedsItsTasting()
    {
        const RunId run = begin(smallDraft(1, 2));
        const StoredTasting tasting = smallTasting();
        QVERIFY(!writeVote(*m_store, run, tasting.number, tasting.votes.front()));
        QVERIFY(!writeTaster(*m_store, run, tasting.number, tasting.tasters.front()));
        const StoredJudging& judging = tasting.judgings.front();
        QVERIFY(!writeJudging(*m_store, run, tasting.number, judging));
        QVERIFY(
            !writeJudgeCall(*m_store, run, tasting.number, judging.number, judging.calls.front()));
        QCOMPARE(writeTasting(*m_store, RunId("nobody"), tasting).error().code,
                 ErrorCode::NotFound);
    }

    void aStoreWithoutTastingsGetsThem()
    {
        m_store.reset();
        SIGNALBOX_FRESH_PLACE(m_places);
        const RunDraft draft = smallDraft(2, 1);
        {
            StoreOptions before;
            before.migrations.resize(1);
            auto older = openStore(m_places.address(), before);
            SIGNALBOX_VERIFY(older);
            m_store = std::move(older->connection);
            QCOMPARE(*storeVersion(*m_store), kFirstStoreVersion);
            begin(draft);
            SIGNALBOX_VERIFY(finishCell(*m_store, draft.id, {1, 0, 0}, fullAnswer()));
            m_store.reset();
        }
        auto opened = openStore(m_places.address(), {});
        SIGNALBOX_VERIFY(opened);
        m_store = std::move(opened->connection);
        QVERIFY(contentsOf(draft.id).draft == draft);
        QCOMPARE(readAttempts(*m_store, draft.id, {1, 0, 0})->size(), std::size_t(1));
        SIGNALBOX_VERIFY(write(draft.id, smallTasting()));
        QCOMPARE(readTastings(*m_store, draft.id)->size(), std::size_t(1));
    }

    void whatAJudgeSaidIsNoEvidence()
    {
        const RunDraft draft = smallDraft(1, 1);
        begin(draft);
        SIGNALBOX_VERIFY(finishCell(*m_store, draft.id, kFirst, fullAnswer()));
        const auto before = readAllEvidence(*m_store);
        SIGNALBOX_VERIFY(write(draft.id, smallTasting()));
        const auto after = readAllEvidence(*m_store);
        SIGNALBOX_VERIFY(after);
        QVERIFY(*after == *before);
        QCOMPARE(listRuns(*m_store, {})->size(), std::size_t(1));
        QCOMPARE(contentsOf(draft.id).cells.size(), std::size_t(1));
    }

    void aRunIsPricedAnewAndKeepsItsCosts()
    {
        const RunId run = begin(smallDraft(1, 4));
        StoredAnswer cached = fullAnswer();
        cached.state = StoredState::Cached;
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {0, 0, 0}, fullAnswer()));
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {0, 1, 0}, fullAnswer()));
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {0, 2, 0}, cached));
        const auto priced = repriceRun(*m_store, run, "2026-11", [](const PricedUsage& usage) {
            return usage.lane == LaneId("lane0") ? std::optional(Money{*usage.usage.output})
                                                 : std::nullopt;
        });
        SIGNALBOX_VERIFY(priced);
        QCOMPARE(priced->costs.size(), std::size_t(2));
        QVERIFY(priced->costs.at({0, 0, 0}) == Money{77});
        QVERIFY(!priced->costs.at({0, 1, 0}));
        QVERIFY(readPricing(*m_store, run, "2026-11")->costs == priced->costs);
        QVERIFY(columnsOf(run, {0, 0, 0}).cost == Money{12'360'000'123});
        SIGNALBOX_VERIFY(repriceRun(*m_store, run, "2026-11",
                                    [](const PricedUsage&) { return std::optional(Money{1}); }));
        QVERIFY(readPricing(*m_store, run, "2026-11")->costs.at({0, 0, 0}) == Money{1});
        QVERIFY(*listPricings(*m_store, run) == std::vector<std::string>{"2026-11"});
        QCOMPARE(readPricing(*m_store, run, "other").error().code, ErrorCode::NotFound);
    }

    void anExactRequestFindsItsAnswer()
    {
        const RunId run = begin(smallDraft(5, 1));
        StoredAnswer answer = fullAnswer("old");
        answer.droppedParameters.clear();
        answer.requestKey = "1-a";
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {0, 0, 0}, answer));
        answer.ticket = newTicket();
        answer.text = "new";
        ++answer.recordedAtMs;
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {1, 0, 0}, answer));
        StoredAnswer cut = answer;
        cut.state = StoredState::Cut;
        cut.requestKey = "1-cut";
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {2, 0, 0}, cut));
        StoredAnswer without = answer;
        without.droppedParameters = {"seed"};
        without.requestKey = "1-without";
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {3, 0, 0}, without));
        const auto found = findCached(*m_store, {"1-a", "1-cut", "1-without", "1-b", ""});
        SIGNALBOX_VERIFY(found);
        QCOMPARE(found->size(), std::size_t(1));
        const CachedAnswer& cached = found->at("1-a");
        QVERIFY(cached.answer == answer);
        QCOMPARE(cached.place, placeOf(run, {1, 0, 0}, answer.ticket));

        const StoredAnswer copy = cachedCopy(cached, 2'000'000'000'000);
        QVERIFY(copy.state == StoredState::Cached);
        QVERIFY(copy.ticket != answer.ticket);
        QVERIFY(copy.cost == Money{});
        QCOMPARE(copy.cachedFrom, cached.place);
        SIGNALBOX_VERIFY(finishCell(*m_store, run, {4, 0, 0}, copy));
        QVERIFY(findCached(*m_store, {"1-a"})->at("1-a").answer == answer); // never the copy
        QVERIFY(columnsOf(run, {4, 0, 0}).state == StoredState::Cached);
    }

    void anExportHasEveryCell()
    {
        const RunDraft draft = smallDraft(2, 2);
        begin(draft);
        const StoredAnswer answer = fullAnswer();
        SIGNALBOX_VERIFY(finishCell(*m_store, draft.id, {1, 0, 0}, answer));
        std::vector<ExportRow> rows;
        const auto all = exportRun(*m_store, draft.id, [&](const ExportRow& row) {
            rows.push_back(row);
            return true;
        });
        SIGNALBOX_VERIFY(all);
        QCOMPARE(*all, std::size_t(4));
        QCOMPARE(rows[2].prompt.value, std::string("p1"));
        QCOMPARE(rows[2].lane.value, std::string("lane0"));
        QCOMPARE(rows[2].segment, std::string("billing"));
        QVERIFY(rows[2].answer == answer);
        QVERIFY(!rows[3].answer && rows[3].state == StoredState::Queued);
        QCOMPARE(*exportRun(*m_store, draft.id, [](const ExportRow&) { return false; }),
                 std::size_t(1));
        QVERIFY(!exportRun(*m_store, RunId("nobody"), [](const ExportRow&) { return true; }));
        SIGNALBOX_VERIFY(listRuns(*m_store, {})); // an export that was left does not block
    }

    void aRemovedRunIsGoneWithEverything()
    {
        const RunDraft draft = smallDraft(1, 1);
        begin(draft);
        SIGNALBOX_VERIFY(finishCell(*m_store, draft.id, kFirst, fullAnswer()));
        SIGNALBOX_VERIFY(writeNote(*m_store, draft.id, kFirst, {Provenance::Human, "", "x", {}}));
        SIGNALBOX_VERIFY(write(draft.id, smallTasting()));
        SIGNALBOX_VERIFY(removeRun(*m_store, draft.id, {}));
        QVERIFY(listRuns(*m_store, {})->empty());
        begin(draft);
        QVERIFY(readNotes(*m_store, draft.id)->empty());
        QVERIFY(readTastings(*m_store, draft.id)->empty());
        QVERIFY(readAttempts(*m_store, draft.id, kFirst)->empty());
    }

    void aRowThatCannotBeUnderstoodIsAnError_data()
    {
        QTest::addColumn<QByteArray>("change");
        QTest::newRow("state") << QByteArray("UPDATE cell SET state = 'excellent'");
        QTest::newRow("kind") << QByteArray("UPDATE cell SET failure_kind = 'bad luck'");
        QTest::newRow("answer") << QByteArray("UPDATE answer SET state = 'excellent'");
        QTest::newRow("retries") << QByteArray("UPDATE answer SET retries = '[1]'");
        QTest::newRow("run") << QByteArray("UPDATE run SET state = 'excellent'");
    }
    void aRowThatCannotBeUnderstoodIsAnError()
    {
        QFETCH(const QByteArray, change);
        const RunId run = begin(smallDraft(1, 1));
        SIGNALBOX_VERIFY(finishCell(*m_store, run, kFirst, fullAnswer()));
        sql(change.constData());
        RunContents contents;
        const bool isRead = readSummary(*m_store, run, {}) && readCells(*m_store, run, contents) &&
                            readContents(*m_store, run, 0, 1);
        QVERIFY(!isRead);
    }

    void aNewerStoreIsRefused()
    {
        sql(m_places.isFile() ? "PRAGMA user_version = 999"
                              : "UPDATE signalbox_schema SET version = 999");
        m_store.reset();
        const auto opened = openStore(m_places.address(), {});
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Unsupported);
        QCOMPARE(opened.error().where, toString(m_places.address()));
    }

    void stepsAreRunOnceAndOnlyWhole()
    {
        std::vector<QStringList> steps = storeMigrations();
        steps.push_back({QStringLiteral("CREATE TABLE extra (a INTEGER)"),
                         QStringLiteral("INSERT INTO extra VALUES (1)")});
        SIGNALBOX_VERIFY(migrateStore(*m_store, steps));
        SIGNALBOX_VERIFY(migrateStore(*m_store, steps));
        QCOMPARE(*storeVersion(*m_store), newestStoreVersion(steps));
        steps.push_back({QStringLiteral("INSERT INTO extra VALUES (2)"),
                         QStringLiteral("INSERT INTO nowhere VALUES (2)")});
        QVERIFY(!migrateStore(*m_store, steps));
        QCOMPARE(*storeVersion(*m_store), newestStoreVersion(steps) - 1);
        auto rows = m_store->select("SELECT sum(a) FROM extra", {}, "test");
        QVERIFY(rows && rows->next());
        QCOMPARE(rows->integer(0), std::int64_t(1));
    }

    void severalProgramsMayMakeOneStore()
    {
        m_store.reset();
        SIGNALBOX_FRESH_PLACE(m_places);
        std::vector<std::future<std::string>> openers;
        for (int i = 0; i < 4; ++i) {
            openers.push_back(std::async(std::launch::async, [&] {
                const auto opened = openStore(m_places.address(), {});
                return opened ? opened->notice : toString(opened.error());
            }));
        }
        for (auto& opener : openers) {
            const std::string wrong = opener.get();
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestStoreTables)
#include "tst_store_tables.moc"
