// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: of a table a person sees the rows they ask for, in the order they ask for, and what they
// said of a cell comes back with its run, whatever was in the way of the store.

#include <core/evidence/lab_store.h>
#include <core/lab/own_prompts.h>
#include <core/sample/support_desk.h>
#include <tests/support/evidence_faults.h>
#include <tests/support/postgres_server.h>
#include <ui/models/cell_remarks.h>
#include <ui/models/lab_session.h>
#include <ui/models/note_author.h>
#include <ui/models/reading_rows.h>
#include <ui/models/workbench.h>

#include <QAbstractItemModelTester>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Said
{
    const char* text;
    AnswerState state = AnswerState::Done;
    std::optional<double> satisfied = {};
};

/// Answers of models "a", "b" … to each prompt, from elsewhere.
AnswerImport answersOf(const std::vector<std::pair<const char*, std::vector<Said>>>& rows)
{
    AnswerImport import;
    for (std::size_t model = 0; model < rows.front().second.size(); ++model)
        import.models.emplace_back(std::string(1, static_cast<char>('a' + model)));
    for (const auto& [words, answers] : rows) {
        LabPrompt prompt = typedPrompt(words);
        prompt.segment = prompt.messages.back().text.size() % 2 == 0 ? "Even" : "Odd";
        if (words[0] == 'R')
            prompt.tags = {"r", std::string("t") + words[2]};
        for (std::size_t model = 0; model < answers.size(); ++model) {
            Answer answer;
            answer.prompt = prompt.id;
            answer.model = import.models[model];
            answer.text = answers[model].text;
            answer.state = answers[model].state;
            answer.satisfied = answers[model].satisfied;
            answer.recordedAtMs = 1;
            import.answers.push_back(answer);
        }
        import.prompts.push_back(std::move(prompt));
    }
    return import;
}

/// A page's models over five prompts and two models that a person brought.
struct Reading
{
    Workbench workbench;
    LabSession session;
    LabTableModel table;
    CellRemarks remarks;
    ReadingRows rows;
    QAbstractItemModelTester tester;

    explicit Reading(const std::filesystem::path& folder = {},
                     std::optional<StoreAddress> evidence = {})
        : workbench({folder, std::move(evidence)}), session(workbench), table(session),
          remarks(session, workbench.evidenceStore()), rows(session, table, remarks),
          tester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest)
    {}
    void bring()
    {
        const auto taken = session.takeAnswers(
            answersOf({
                {"Reset?", {{"Open the page.", {}, 1.0}, {"Press the button.", {}, 1.0}}},
                {"Refund?", {{"Wait five days, please.", {}, 1.0}, {"Never.", {}, 0.0}}},
                {"Secret?", {{"I cannot say.", AnswerState::Refused}, {"It is in the vault."}}},
                {"Order?",
                 {{"It is on the way, as far as I can see from here.", {}, {}}, {"ON THE WAY"}}},
                {"Café?", {{"The CAFÉ opens at nine; so does the page of it."}, {"Nine."}}},
            }),
            QStringLiteral("brought"));
        QVERIFY2(taken.has_value(), taken ? "" : taken.error().message.c_str());
        QTRY_VERIFY(!remarks.isLoading());
    }
    void ask(const ReadingCriteria& criteria)
    {
        rows.setCriteria(criteria);
        QTRY_VERIFY_WITH_TIMEOUT(!rows.isSearching(), 20'000);
    }
    [[nodiscard]] QStringList prompts() const
    {
        QStringList words;
        for (int row = 0; row < rows.rowCount(); ++row)
            words << rows.index(row, 0).data(LabTableModel::TextRole).toString();
        return words;
    }
};

ReadingCriteria words(const QString& sought)
{
    ReadingCriteria criteria;
    criteria.words = sought;
    return criteria;
}

QStringList list(std::initializer_list<const char*> names)
{
    QStringList all;
    for (const char* name : names)
        all << QString::fromUtf8(name);
    return all;
}

} // namespace

class TestReadingRows : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("signalbox-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_reading_rows"));
        setNoteAuthorSetting({});
    }

    void wordsAreFoundInPromptsAndAnswers()
    {
        Reading reading;
        reading.bring();
        reading.ask(words(QStringLiteral("page")));
        QCOMPARE(reading.prompts(), list({"Reset?", "Café?"}));
        QCOMPARE(reading.rows.hitCount(), 2);
        reading.ask(words(QStringLiteral("on the way")));
        QCOMPARE(reading.prompts(), list({"Order?"}));
        QCOMPARE(reading.rows.hitCount(), 2); // capitals are no matter
        reading.ask(words(QStringLiteral("café")));
        QCOMPARE(reading.rows.hitCount(), 2); // a prompt and an answer
        reading.ask(words(QStringLiteral("nowhere")));
        QCOMPARE(reading.rows.rowCount(), 0);
        reading.ask({});
        QCOMPARE(reading.rows.rowCount(), 5);
        QCOMPARE(reading.rows.hitCount(), 0);
    }

    void hitsAreSteppedThroughRoundTheEnds()
    {
        Reading reading;
        reading.bring();
        reading.ask(words(QStringLiteral("nine")));
        const QModelIndex first = reading.rows.nextHit({}, true);
        QCOMPARE(first, reading.rows.index(0, 1));
        QCOMPARE(reading.rows.hitNumber(first), 1);
        const QModelIndex second = reading.rows.nextHit(first, true);
        QCOMPARE(second, reading.rows.index(0, 2));
        QCOMPARE(reading.rows.hitNumber(second), 2);
        QCOMPARE(reading.rows.nextHit(second, true), first);
        QCOMPARE(reading.rows.nextHit(first, false), second);
        QCOMPARE(reading.rows.hitNumber(reading.rows.index(0, 0)), 0);
        QCOMPARE(first.data(ReadingRows::HitRole).toString(), QStringLiteral("nine"));
    }

    void filtersNarrowOneAnother()
    {
        Reading reading;
        reading.bring();
        ReadingCriteria wanted;
        wanted.differs = true;
        reading.ask(wanted);
        QCOMPARE(reading.prompts(), list({"Refund?", "Secret?"}));
        wanted.refused = true;
        reading.ask(wanted);
        QCOMPARE(reading.prompts(), list({"Secret?"}));
        wanted.failed = true;
        reading.ask(wanted);
        QCOMPARE(reading.rows.rowCount(), 0);
        wanted = {};
        wanted.segment = QStringLiteral("yours");
        reading.ask(wanted);
        QCOMPARE(reading.rows.rowCount(), 5);
        wanted.segment.reset();
        wanted.tag = QStringLiteral("r"); // of a run in the store, as its file had it
        QCOMPARE(reading.rows.tags(), list({"r", "ts", "tf"}));
        QVERIFY(wanted.narrows());
        reading.ask(wanted);
        QCOMPARE(reading.prompts(), list({"Reset?", "Refund?"}));
        wanted.tag = QStringLiteral("tf");
        reading.ask(wanted);
        QCOMPARE(reading.prompts(), list({"Refund?"}));
        wanted.tag.reset();
        wanted.segment = QStringLiteral("another");
        reading.ask(wanted);
        QCOMPARE(reading.rows.rowCount(), 0);
    }

    void rowsComeInTheOrderAskedFor()
    {
        Reading reading;
        reading.bring();
        ReadingCriteria wanted;
        wanted.order = ReadingOrder::Longest;
        reading.ask(wanted);
        QCOMPARE(reading.prompts().first(2), list({"Order?", "Café?"}));
        wanted.order = ReadingOrder::MostNoticeable;
        reading.ask(wanted);
        QCOMPARE(reading.rows.rowCount(), 5);
        QVERIFY(reading.prompts() != list({"Reset?", "Refund?", "Secret?", "Order?", "Café?"}));
        reading.ask({});
        QCOMPARE(reading.prompts().first(), QStringLiteral("Reset?"));
    }

    /// By the turn that comes first in it.
    void aConversationStaysTogetherInEveryOrder()
    {
        AnswerImport import =
            answersOf({{"Short?", {{"Ten words long, which is not so many, is it?"}}},
                       {"Other?", {{"Yes."}}}});
        const auto turns = importPrompts(R"({"turns": ["Begin?", "Go on?"]})")->prompts;
        const char* const said[] = {"No.", "Twelve words and more, which is a few more than those "
                                           "ten above."};
        for (std::size_t turn = 0; turn < turns.size(); ++turn) {
            Answer answer = import.answers.front();
            answer.prompt = turns[turn].id;
            answer.text = said[turn];
            import.answers.push_back(answer);
            import.prompts.push_back(turns[turn]);
        }
        Reading reading;
        QVERIFY(reading.session.takeAnswers(import, QStringLiteral("turns")).has_value());
        ReadingCriteria wanted;
        wanted.order = ReadingOrder::Longest;
        reading.ask(wanted);
        QTRY_COMPARE(reading.prompts(), list({"Begin?", "Go on?", "Short?", "Other?"}));
    }

    /// A long answer shows the part that has the words.
    void aHitBelowThePreviewIsShown()
    {
        Reading reading;
        const std::string far = std::string(3'000, 'x') + " here is the needle in it";
        const auto taken = reading.session.takeAnswers(
            answersOf({{"Long?", {{far.c_str()}, {"no"}}}}), QStringLiteral("long"));
        QVERIFY(taken.has_value());
        reading.ask(words(QStringLiteral("needle")));
        const QString shown = reading.rows.index(0, 1).data(LabTableModel::TextRole).toString();
        QVERIFY2(shown.contains(QStringLiteral("the needle")), qPrintable(shown));
        QVERIFY(shown.startsWith(QChar(0x2026)));
    }

    void aRunningRunIsFollowed()
    {
        Reading reading;
        reading.workbench.openSample();
        reading.workbench.services().simulator->setSpeed(0);
        reading.session.setSamplePromptCount(3);
        reading.ask(words(QStringLiteral("e")));
        QSignalSpy finished(&reading.session, &LabSession::finished);
        reading.session.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(reading.rows.hitCount() > 3, 20'000); // answers, too
    }

    void starsAndNotesComeBackWithTheirRun()
    {
        const QTemporaryDir folder;
        RunId run;
        {
            Reading reading(folder.path().toStdString());
            reading.bring();
            QSignalSpy changed(&reading.remarks, &CellRemarks::changed);
            QVERIFY(reading.remarks.setStarred({1, 0, 0}, true).has_value());
            QVERIFY(reading.remarks.setNote({1, 1, 0}, QStringLiteral(" too curt ")).has_value());
            QCOMPARE(changed.size(), 2);
            run = *reading.session.run().id();
            QVERIFY(reading.workbench.evidenceStore()->settle().has_value());
        }
        Reading reading(folder.path().toStdString());
        QVERIFY(reading.session.show(run).has_value());
        QTRY_VERIFY(reading.remarks.of({1, 0, 0}));
        QVERIFY(reading.remarks.of({1, 0, 0})->isStarred);
        QCOMPARE(reading.remarks.of({1, 1, 0})->note, QStringLiteral("too curt"));
        QVERIFY(!reading.remarks.of({0, 0, 0}));
        const QModelIndex cell = reading.rows.indexOf({1, 1, 0});
        QCOMPARE(cell.data(ReadingRows::NoteRole).toString(), QStringLiteral("too curt"));
        QVERIFY(cell.data(Qt::AccessibleTextRole)
                    .toString()
                    .endsWith(QStringLiteral("Note: too curt")));
        ReadingCriteria starred;
        starred.starred = true;
        reading.ask(starred);
        QCOMPARE(reading.prompts(), list({"Refund?"}));
        QVERIFY(reading.remarks.setStarred({1, 0, 0}, false).has_value());
        QCOMPARE(reading.rows.rowCount(), 0); // at once
    }

    /// What is set while the notes are read is newer, and all else of the cell stays.
    void aStarSetWhileNotesLoadLosesNothing()
    {
        const QTemporaryDir folder;
        Reading reading(folder.path().toStdString());
        reading.bring();
        const RunId run = *reading.session.run().id();
        QVERIFY(reading.remarks.setNote({1, 0, 0}, QStringLiteral("too curt")).has_value());
        reading.session.showPresent();
        QVERIFY(reading.session.show(run).has_value());
        QVERIFY(reading.remarks.isLoading());
        QVERIFY(reading.remarks.setStarred({1, 0, 0}, true).has_value());
        QTRY_VERIFY(!reading.remarks.isLoading());
        QVERIFY(reading.remarks.of({1, 0, 0})->isStarred);
        QCOMPARE(reading.remarks.of({1, 0, 0})->note, QStringLiteral("too curt"));
        // And where the table goes at once.
        reading.session.showPresent();
        QVERIFY(reading.session.show(run).has_value());
        QVERIFY(reading.remarks.setStarred({2, 0, 0}, true).has_value());
        QVERIFY(reading.remarks.setNote({1, 0, 0}, QStringLiteral("curt")).has_value());
        reading.session.showPresent();
        const auto stored = [&] {
            const auto notes = reading.workbench.evidenceStore()->notes(run);
            QStringList all;
            for (const auto& [cell, note] : *notes)
                all << QString::number(cell.prompt) + QLatin1String(note.isStarred ? "*" : "") +
                           QString::fromStdString(note.text);
            return all;
        };
        QTRY_COMPARE(stored(), list({"1*curt", "2*"}));
    }

    /// Under a name, so that they stand beside other people's; what an earlier version did not sign
    /// is the person's own in a store of their own, and has one row from then on.
    void starsAndNotesAreSigned()
    {
        Reading reading;
        reading.bring();
        const RunId run = *reading.session.run().id();
        auto* const store = reading.workbench.evidenceStore();
        auto& writer = store->background().writer();
        writer.put(NoteSet{run, {0, 0, 0}, {Provenance::Human, {}, "of old", true, 7}});
        writer.put(NoteSet{run, {0, 0, 0}, {Provenance::Human, "Another", "kind", false, 8}});
        QVERIFY(!usualNoteAuthor().isEmpty());
        QCOMPARE(noteAuthor(), usualNoteAuthor());
        setNoteAuthorSetting(QStringLiteral("  Reader  One "));
        const auto reset = qScopeGuard([] { setNoteAuthorSetting({}); });
        QCOMPARE(noteAuthor(), QStringLiteral("Reader One"));
        reading.session.showPresent();
        QVERIFY(reading.session.show(run).has_value());
        QTRY_VERIFY(reading.remarks.of({0, 0, 0}));
        QCOMPARE(reading.remarks.textOf({0, 0, 0}),
                 QStringLiteral("Starred\nNote: of old\nAnother: kind"));
        QVERIFY(reading.remarks.setNote({0, 0, 0}, QStringLiteral("new")).has_value());
        QVERIFY(store->settle().has_value());
        QStringList rows;
        const auto notes = store->notes(run);
        for (const auto& [cell, note] : *notes)
            rows << QString::fromStdString(note.author + ": " + note.text) +
                        QLatin1String(note.isStarred ? "*" : "");
        QCOMPARE(rows, list({"Another: kind", "Reader One: new*"}));
    }

    /// Two people on one PostgreSQL store.
    void inASharedStoreEverybodyHasTheirOwn()
    {
        if (const QString obstacle = test::PostgresServer::obstacle(); !obstacle.isEmpty())
            QSKIP(qPrintable(obstacle));
        test::PostgresServer server;
        QVERIFY2(server.isRunning(), qPrintable(server.log()));
        const PostgresStore address = server.newDatabase();
        const auto reset = qScopeGuard([] { setNoteAuthorSetting({}); });
        RunId run;
        {
            setNoteAuthorSetting(QStringLiteral("First"));
            Reading first({}, address);
            first.bring();
            run = *first.session.run().id();
            QVERIFY(first.remarks.setNote({0, 0, 0}, QStringLiteral("curt")).has_value());
            QCOMPARE(first.remarks.textOf({0, 0, 0}), QStringLiteral("First (you): curt"));
            auto& writer = first.workbench.evidenceStore()->background().writer();
            writer.put(NoteSet{run, {0, 0, 0}, {Provenance::Human, {}, "of old", false, 7}});
            QVERIFY(first.workbench.evidenceStore()->settle().has_value());
        }
        setNoteAuthorSetting(QStringLiteral("Second"));
        Reading second({}, address);
        QVERIFY(second.session.show(run).has_value());
        QTRY_VERIFY(second.remarks.of({0, 0, 0}));
        QVERIFY(second.remarks.setStarred({0, 0, 0}, true).has_value());
        QCOMPARE(second.remarks.textOf({0, 0, 0}),
                 QStringLiteral("Starred by Second (you)\nSomebody: of old\nFirst: curt"));
        QVERIFY(second.workbench.evidenceStore()->settle().has_value());
        QCOMPARE(second.workbench.evidenceStore()->notes(run)->size(), std::size_t(3));
    }

    void whatAMachineSaidIsTold()
    {
        Reading reading;
        reading.bring();
        const RunId run = *reading.session.run().id();
        auto& writer = reading.workbench.evidenceStore()->background().writer();
        writer.put(NoteSet{run, {0, 0, 0}, {Provenance::Machine, "judge", "polite", false, 7}});
        reading.session.showPresent();
        QVERIFY(reading.session.show(run).has_value());
        QTRY_VERIFY(reading.remarks.of({0, 0, 0}));
        QCOMPARE(reading.remarks.textOf({0, 0, 0}), QStringLiteral("A machine (judge): polite"));
        QVERIFY(reading.remarks.setNote({0, 0, 0}, QStringLiteral("curt")).has_value());
        QCOMPARE(reading.remarks.textOf({0, 0, 0}),
                 QStringLiteral("Note: curt\nA machine (judge): polite"));
    }

    void aFullDiskKeepsTheNoteAndSaysSo()
    {
        const QTemporaryDir folder;
        Reading reading(folder.path().toStdString());
        reading.bring();
        const auto file = reading.workbench.evidenceStore()->path();
        test::onEvidence(file, QStringLiteral("CREATE TRIGGER full BEFORE INSERT ON note BEGIN "
                                              "SELECT RAISE(ABORT, 'no notes here'); END"));
        QVERIFY(reading.remarks.setNote({0, 0, 0}, QStringLiteral("keep me")).has_value());
        QTRY_VERIFY(!reading.remarks.problem().isEmpty());
        QCOMPARE(reading.remarks.of({0, 0, 0})->note, QStringLiteral("keep me"));
        test::onEvidence(file, QStringLiteral("DROP TRIGGER full"));
        QVERIFY(reading.remarks.setNote({0, 0, 0}, QStringLiteral("kept")).has_value());
        QTRY_VERIFY(reading.remarks.problem().isEmpty());
    }

    void whatWasNeverSentCannotBeNoted()
    {
        Reading reading;
        reading.workbench.openSample();
        const auto refused = reading.remarks.setStarred({0, 0, 0}, true);
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY(!reading.remarks.of({0, 0, 0}));
        reading.workbench.services().simulator->setSpeed(0);
        reading.session.setSamplePromptCount(2);
        QSignalSpy finished(&reading.session, &LabSession::finished);
        reading.session.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QVERIFY(reading.remarks.setStarred({0, 0, 0}, true).has_value());
        QTRY_VERIFY(!reading.remarks.isLoading());
        QVERIFY(reading.remarks.of({0, 0, 0})->isStarred);
    }

    void theCopyHasTheNotesAndNoFormula()
    {
        Reading reading;
        const auto taken = reading.session.takeAnswers(
            answersOf({{"Sum?", {{"=1+1"}, {"two\nlines, \"quoted\""}}}}), QStringLiteral("sum"));
        QVERIFY(taken.has_value());
        QVERIFY(reading.remarks.setStarred({0, 0, 0}, true).has_value());
        QVERIFY(reading.remarks.setNote({0, 1, 0}, QStringLiteral("long")).has_value());
        QCOMPARE(reading.rows.asText(),
                 QStringLiteral("Prompt\ta\tRemarks on a\tb\tRemarks on b\n"
                                "Sum?\t'=1+1\tStarred\t\"two\nlines, \"\"quoted\"\"\"\t"
                                "Note: long\n"));
    }
};

QTEST_GUILESS_MAIN(TestReadingRows)
#include "tst_reading_rows.moc"
