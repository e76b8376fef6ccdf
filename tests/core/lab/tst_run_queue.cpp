// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: runs that wait are on disk in their order; what cannot be kept changes nothing, and a
// file that is no queue is left alone. Windows that share it lose nothing of each other's, none
// begins what another one begins, and what a window began that died is free again.

#include <core/base/files.h>
#include <core/evidence/run_owner.h>
#include <core/lab/run_queue.h>

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace signalbox;

namespace {

std::string names(const RunQueue& queue)
{
    std::string text;
    for (const QueuedRun& run : queue.runs())
        text += run.name;
    return text;
}

constexpr int kRunsOfAWindow = 40;

/// Where others write all the time, a turn may not come at once.
template<class Act> auto persist(Act act)
{
    auto done = act();
    while (!done && done.error().code == ErrorCode::Refused)
        done = act();
    return done;
}

/// Another window: adds its runs, one by one. At the end it begins one and dies.
int beAnotherWindow(const std::filesystem::path& file, const std::string& name)
{
    auto queue = RunQueue::open(file);
    for (int i = 0; queue && i < kRunsOfAWindow; ++i) {
        if (!persist([&] { return queue->add({name, "{}"}); }))
            return 1;
    }
    const auto begun = persist([&] { return queue->begin(newRunOwner(), 0); });
    return begun && *begun ? 0 : 1;
}

} // namespace

class TestRunQueue : public QObject
{
    Q_OBJECT
private slots:
    void whatWaitsComesBackInItsOrder()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file =
            folder.filePath(QStringLiteral("queue.json")).toStdString();
        auto queue = RunQueue::open(file);
        QVERIFY(queue && queue->runs().empty());
        QVERIFY(!std::filesystem::exists(file)); // asking makes none
        for (const char* name : {"a", "b", "c"})
            QVERIFY(queue->add({name, R"({"samples":2})"}));
        QVERIFY(queue->move(2, 0));
        QCOMPARE(names(*queue), std::string("cab"));
        QVERIFY(queue->move(0, 2));
        QVERIFY(queue->move(1, 9)); // passed over
        QVERIFY(queue->remove(1));
        QCOMPARE(names(*RunQueue::open(file)), std::string("ac"));
        QCOMPARE(RunQueue::open(file)->runs(), queue->runs());
        QVERIFY(queue->clear());
        QVERIFY(RunQueue::open(file)->runs().empty());
    }

    void aWindowDoesNotTakeAwayWhatAnotherOneAdds()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file =
            folder.filePath(QStringLiteral("queue.json")).toStdString();
        auto mine = RunQueue::open(file);
        auto yours = RunQueue::open(file); // as it was before
        QVERIFY(mine->add({"a", "{}"}));
        QVERIFY(yours->add({"b", "{}"}));
        QCOMPARE(names(*RunQueue::open(file)), std::string("ab"));
        QCOMPARE(names(*yours), std::string("ab"));
        QCOMPARE(names(*mine), std::string("a"));
        QVERIFY(*mine->refresh());
        QVERIFY(!*mine->refresh());
        QVERIFY(yours->add({"c", "{}"}));
        QVERIFY(mine->remove(0)); // the one that it sees there
        QCOMPARE(names(*mine), std::string("bc"));
        QVERIFY(yours->remove(0)); // gone already
        QCOMPARE(names(*yours), std::string("bc"));
        QVERIFY(mine->add({"d", "{}"}));
        QVERIFY(yours->move(1, 0));
        QCOMPARE(names(*yours), std::string("cbd"));
        QVERIFY(mine->clear()); // sees all of them
        QVERIFY(yours->add({"e", "{}"}));
        QVERIFY(mine->clear()); // sees none
        QCOMPARE(names(*RunQueue::open(file)), std::string("e"));
    }

    void noTwoWindowsBeginTheSameRun()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file =
            folder.filePath(QStringLiteral("queue.json")).toStdString();
        auto mine = RunQueue::open(file);
        for (const char* name : {"a", "b"})
            QVERIFY(mine->add({name, "{}"}));
        auto yours = RunQueue::open(file);
        const std::string me = newRunOwner(), you = newRunOwner();
        const auto first = mine->begin(me, 1);
        const auto second = yours->begin(you, 1);
        QCOMPARE((*first)->name, std::string("a"));
        QCOMPARE((*second)->name, std::string("b"));
        QVERIFY(!*mine->begin("a third one", 1)); // there is none left
        QCOMPARE((*mine->begin(me, 2))->id, (*first)->id);
        QCOMPARE(mine->runs().size(), std::size_t{2}); // until they are in the store
        QVERIFY(mine->remove((*first)->id));
        QCOMPARE(names(*RunQueue::open(file)), std::string("b"));
    }

    void windowsThatWriteAtOnceLoseNothing()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("queue.json"));
        std::vector<std::unique_ptr<QProcess>> windows;
        for (const char* name : {"x", "y", "z"}) {
            windows.push_back(std::make_unique<QProcess>());
            windows.back()->start(QCoreApplication::applicationFilePath(),
                                  {QStringLiteral("--window"), file, QString::fromLatin1(name)});
        }
        for (const auto& window : windows) {
            QVERIFY(window->waitForFinished(300'000));
            QCOMPARE(window->exitCode(), 0);
        }
        auto queue = RunQueue::open(file.toStdString());
        std::string all = names(*queue);
        std::ranges::sort(all);
        QCOMPARE(all, std::string(kRunsOfAWindow, 'x') + std::string(kRunsOfAWindow, 'y') +
                          std::string(kRunsOfAWindow, 'z'));
        std::set<RunId> ids;
        for (const QueuedRun& run : queue->runs())
            ids.insert(run.id);
        QCOMPARE(ids.size(), queue->runs().size());

        // What they began when they died is there, and free for whoever comes.
        QVERIFY(!queue->runs().front().owner.empty());
        const auto begun = queue->begin(newRunOwner(), 0);
        QVERIFY(begun && *begun);
        QCOMPARE((*begun)->id, queue->runs().front().id);
    }

    void aQueueOfAnEarlierProgramIsRead()
    {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("queue.json")).toStdString();
        QVERIFY(writeFileAtomically(file, R"({"schemaVersion":1,"runs":[{"name":"a","plan":"{}"},)"
                                          R"({"name":"a","plan":"{}"}]})"));
        auto mine = RunQueue::open(file);
        auto yours = RunQueue::open(file);
        QVERIFY(mine && mine->runs().at(0).id != mine->runs().at(1).id);
        QCOMPARE(mine->runs(), yours->runs());
        QVERIFY(mine->remove(0));
        QVERIFY(yours->remove(0)); // the same one
        QCOMPARE(names(*yours), std::string("a"));
    }

    void whatCannotBeKeptChangesNothing()
    {
        auto queue = RunQueue::open("/nowhere/at/all/queue.json");
        QVERIFY(queue);
        QVERIFY(!queue->add({"a", "{}"}));
        QVERIFY(queue->runs().empty());
        RunQueue unkept;
        QVERIFY(unkept.add({"a", "{}"}));
        QCOMPARE(unkept.runs().size(), std::size_t{1});
    }

    void aFileThatIsNoQueueIsLeftAlone_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("newer") << QByteArray(R"({"schemaVersion":2,"runs":[]})");
        QTest::newRow("no plan") << QByteArray(R"({"schemaVersion":1,"runs":[{"name":"a"}]})");
    }
    void aFileThatIsNoQueueIsLeftAlone()
    {
        QFETCH(QByteArray, text);
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("queue.json")).toStdString();
        QVERIFY(writeFileAtomically(file, text.toStdString()));
        const auto queue = RunQueue::open(file);
        QVERIFY(!queue);
        QCOMPARE(queue.error().where, file);
        QCOMPARE(*readFile(file, 1'000), text.toStdString());
    }
};

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String("--window"))
        return beAnotherWindow(arguments.value(2).toStdString(), arguments.value(3).toStdString());
    TestRunQueue test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_run_queue.moc"
