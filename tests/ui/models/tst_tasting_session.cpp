// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every vote of a tasting outlives the program, however it ends: whoever comes back is
// asked what they had not answered, in the same order, and nothing twice; and every tasting of a
// run can be chosen again with its votes.

#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>
#include <ui/models/tasting_session.h>

#include <QCoreApplication>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr int kPatienceMs = 60'000; ///< a hang, not a slow machine
constexpr std::size_t kVotedBefore = 3;

Tasting tastingOfPrompts(int prompts)
{
    Tasting tasting;
    tasting.models = {ModelId("a"), ModelId("b")};
    tasting.names = {"a", "b"};
    tasting.trialsPerPair = 4;
    for (int p = 0; p < prompts; ++p) {
        tasting.prompts.push_back({PromptId("p" + std::to_string(p)), "What?"});
        tasting.texts.push_back({"Short.", "Longer, and less so."});
    }
    return tasting;
}

void vote(TastingSession& session)
{
    const auto said = session.putInOrder({{0}, {1}}, {});
    QVERIFY2(said.has_value(), said ? "" : said.error().message.c_str());
}

/// What another process does until it is killed: three votes that are on disk, and then more.
int runVictim(const QString& file)
{
    auto store = EvidenceStore::open(file.toStdString());
    if (!store)
        return 1;
    const auto run = store->beginRun("tasted", "{}");
    if (!run)
        return 2;
    TastingSession session(&*store);
    QSignalSpy reloaded(&session, &TastingSession::reloaded);
    session.setRun(*run);
    if (!reloaded.wait(kPatienceMs) || !session.begin(tastingOfPrompts(12)) ||
        !session.join(QStringLiteral("Taster")))
        return 3;
    for (std::size_t i = 0; i < kVotedBefore; ++i) {
        std::printf("%s\n", session.task()->prompt.value.c_str());
        if (!session.putInOrder({{0}, {1}}, {}))
            return 4;
    }
    if (!session.sayX(true) || !store->settle())
        return 5;
    std::printf("next %s\n", session.task()->prompt.value.c_str());
    std::fflush(stdout);
    for (;;) { // until it is killed, in the middle of something
        if (!session.putInOrder({{0}, {1}}, {}) || !session.takeBack(TastingPart::Order))
            return 6;
    }
}

} // namespace

class TestTastingSession : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aKilledProgramLosesNoVoteAndAsksNothingTwice()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("evidence.sqlite"));
        QProcess victim;
        victim.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--victim"), file});
        std::vector<PromptId> voted;
        PromptId next;
        while (next.isEmpty()) {
            QTRY_VERIFY_WITH_TIMEOUT(victim.canReadLine() || victim.state() == QProcess::NotRunning,
                                     kPatienceMs);
            const QByteArray line = victim.readLine().trimmed();
            QVERIFY2(!line.isEmpty(), qPrintable(QString::number(victim.exitCode())));
            if (line.startsWith("next "))
                next = PromptId(line.mid(5).toStdString());
            else
                voted.emplace_back(line.toStdString());
        }
        victim.kill();
        QVERIFY(victim.waitForFinished());
        QCOMPARE(victim.exitStatus(), QProcess::CrashExit);
        QCOMPARE(voted.size(), kVotedBefore);

        auto store = EvidenceStore::open(file.toStdString());
        QVERIFY(store.has_value());
        TastingSession session(&*store);
        session.setRun(store->runs()->front().id);
        QTRY_VERIFY_WITH_TIMEOUT(!session.isLoading(), kPatienceMs);
        QVERIFY2(session.problem().isEmpty(), qPrintable(session.problem()));
        QVERIFY(session.tasting() && *session.tasting() == tastingOfPrompts(12));
        QVERIFY(session.join(QStringLiteral(" taster ")).has_value()); // the same person
        QCOMPARE(session.taster(), QStringLiteral("Taster"));
        // One more may have been said in the moment of the kill.
        const std::size_t done = session.done(TastingPart::Order);
        QVERIFY2(done == kVotedBefore || done == kVotedBefore + 1,
                 qPrintable(QString::number(done)));
        QCOMPARE(session.done(TastingPart::Abx), std::size_t(1));
        if (done == kVotedBefore)
            QCOMPARE(session.task()->prompt, next);
        while (session.task()) {
            voted.push_back(session.task()->prompt);
            vote(session);
        }
        if (done > kVotedBefore)
            voted.push_back(next);
        std::ranges::sort(voted);
        QCOMPARE(voted.size(), std::size_t(12));
        QVERIFY(std::ranges::adjacent_find(voted) == voted.end());
        QCOMPARE(session.rankings().size(), std::size_t(12));
        QVERIFY(store->settle().has_value());
    }

    void everyTastingOfARunCanBeChosenAgain()
    {
        auto store = EvidenceStore::openTemporary();
        QVERIFY(store.has_value());
        const RunId run = *store->beginRun("tasted", "{}");
        TastingSession session(&*store);
        session.setRun(run);
        QTRY_VERIFY(!session.isLoading());
        QVERIFY(session.tastings().empty());
        QVERIFY(session.begin(tastingOfPrompts(4)).has_value());
        QVERIFY(session.join(QStringLiteral("One")).has_value());
        vote(session);
        vote(session);
        session.leave();
        const TastingNumber first = session.number();
        QCOMPARE(session.tastings().size(), std::size_t(1));
        QCOMPARE(session.tastings()[0].votes, std::size_t(2));
        session.forget();
        QCOMPARE(session.tastings().size(), std::size_t(1)); // it is kept, and can be come back to
        QVERIFY(session.begin(tastingOfPrompts(6)).has_value());
        QVERIFY(session.join(QStringLiteral("Two")).has_value());
        vote(session);
        const TastingNumber second = session.number();

        session.choose(first);
        QVERIFY(!session.hasTaster());
        QTRY_VERIFY(!session.isLoading());
        QCOMPARE(session.number(), first);
        QCOMPARE(session.tasting()->prompts.size(), std::size_t(4));
        QCOMPARE(session.rankings().size(), std::size_t(2));
        QCOMPARE(session.tastings().front().number, second); // the newest first
        QCOMPARE(session.tastings().front().votes, std::size_t(1));
        session.reload(); // stays with what was chosen
        QSignalSpy reloaded(&session, &TastingSession::reloaded);
        QTRY_COMPARE(reloaded.size(), 1);
        QCOMPARE(session.number(), first);
        QVERIFY(session.join(QStringLiteral("One")).has_value());
        QCOMPARE(session.done(TastingPart::Order), std::size_t(2));

        TastingSession another(&*store); // the newest counts where nobody chose
        another.setRun(run);
        QTRY_VERIFY(!another.isLoading());
        QCOMPARE(another.number(), second);
    }
};

int main(int argc, char* argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--victim")
        return runVictim(QString::fromLocal8Bit(argv[2]));
    TestTastingSession test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_tasting_session.moc"
