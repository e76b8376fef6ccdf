// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: runs that wait are on disk in their order; what cannot be kept changes nothing, and a
// file that is no queue is left alone.

#include <core/base/files.h>
#include <core/lab/run_queue.h>

#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;

namespace {

std::string names(const RunQueue& queue)
{
    std::string text;
    for (const QueuedRun& run : queue.runs())
        text += run.name;
    return text;
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

QTEST_GUILESS_MAIN(TestRunQueue)
#include "tst_run_queue.moc"
