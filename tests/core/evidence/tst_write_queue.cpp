// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what comes out of the queue, applied in order, gives what was put into it; text of one
// attempt joins, a finished answer replaces what waited of its attempt, and nothing else is lost.

#include <core/base/random.h>
#include <core/evidence/write_queue.h>

#include <QTest>

#include <map>
#include <set>

using namespace signalbox;

namespace {

const RunId kRun("r");

TextAppended text(AttemptTicket ticket, const char* words)
{
    return {kRun, {}, ticket, words, "", 0};
}

CellFinished finished(AttemptTicket ticket, const char* words = "whole")
{
    CellFinished write{kRun, {}, {}};
    write.answer.ticket = ticket;
    write.answer.text = words;
    return write;
}

std::size_t takeAll(WriteQueue& queue)
{
    return queue.take(1000, 1'000'000).writes.size();
}

/// What a store would know of attempts.
struct Model
{
    std::map<AttemptTicket, std::string> texts, answers;
    std::map<AttemptTicket, int> pieces;
    bool isInOrder = true;

    void apply(const StoreWrite& write)
    {
        if (const auto* piece = std::get_if<TextAppended>(&write)) {
            isInOrder = isInOrder && piece->seq == pieces[piece->ticket]++;
            texts[piece->ticket] += piece->text;
        } else if (const auto* answer = std::get_if<CellFinished>(&write)) {
            answers[answer->answer.ticket] = answer->answer.text;
            texts.erase(answer->answer.ticket);
        }
    }
};

} // namespace

class TestWriteQueue : public QObject
{
    Q_OBJECT
private slots:
    void textOfOneAttemptJoins()
    {
        WriteQueue queue;
        QCOMPARE(queue.add(text(1, "a")), WriteNumber(1));
        queue.add(text(2, "x"));
        QCOMPARE(queue.add(text(1, "b")), WriteNumber(3));
        QVERIFY(!queue.isUrgent());
        const auto batch = queue.take(10, 1'000'000);
        QCOMPARE(batch.writes.size(), std::size_t(2));
        QCOMPARE(std::get<TextAppended>(batch.writes[0]).text, std::string("ab"));
        QCOMPARE(batch.upTo, WriteNumber(3));
        queue.add(text(1, "c"));
        const auto next = queue.take(10, 1'000'000);
        QCOMPARE(std::get<TextAppended>(next.writes[0]).text, std::string("c"));
        QCOMPARE(std::get<TextAppended>(next.writes[0]).seq, 1);
    }

    void aFinishedAnswerTakesThePlaceOfItsText()
    {
        WriteQueue queue;
        queue.add(CellStarted{kRun, {}, 1});
        queue.add(text(1, "a"));
        queue.add(text(2, "x"));
        queue.add(finished(1));
        QVERIFY(queue.isUrgent());
        const auto batch = queue.take(10, 1'000'000);
        QCOMPARE(batch.writes.size(), std::size_t(2));
        QVERIFY(std::holds_alternative<TextAppended>(batch.writes[0]));
        QVERIFY(std::holds_alternative<CellFinished>(batch.writes[1]));
        QVERIFY(!queue.isUrgent());
        QCOMPARE(queue.bytes(), std::size_t(0));
    }

    void whatIsLetGoKeepsItsText()
    {
        WriteQueue queue;
        queue.add(text(1, "a"));
        queue.add(CellReleased{kRun, {}, 1});
        QCOMPARE(takeAll(queue), std::size_t(2));
    }

    void aBatchHasItsLimits()
    {
        WriteQueue queue;
        for (int i = 1; i <= 5; ++i)
            queue.add(finished(i));
        const auto two = queue.take(2, 1'000'000);
        QCOMPARE(two.writes.size(), std::size_t(2));
        QCOMPARE(two.upTo, WriteNumber(2));
        QCOMPARE(two.numbers, (std::vector<WriteNumber>{1, 2}));
        QCOMPARE(queue.take(10, 1).writes.size(), std::size_t(1)); // one in any case
        QCOMPARE(takeAll(queue), std::size_t(2));
    }

    void aJobComesAlone()
    {
        WriteQueue queue;
        queue.add(finished(1));
        queue.add(StoreJob([](const Result<StoreConnection*>&) {}));
        queue.add(finished(2));
        QVERIFY(!queue.take(10, 1'000'000).job);
        const auto job = queue.take(10, 1'000'000);
        QVERIFY(job.job && job.writes.empty());
        QCOMPARE(job.upTo, WriteNumber(2));
        QCOMPARE(takeAll(queue), std::size_t(1));
        QVERIFY(queue.isEmpty() && !queue.isUrgent());
    }

    void anyOrderOfPuttingAndTakingGivesTheSame_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 50; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void anyOrderOfPuttingAndTakingGivesTheSame()
    {
        QFETCH(const int, seed);
        Random random{static_cast<std::uint64_t>(seed)};
        WriteQueue queue;
        Model wanted;
        Model given;
        std::map<AttemptTicket, int> seq;
        std::set<AttemptTicket> over;
        WriteNumber upTo = 0;
        const auto take = [&](std::size_t most) {
            const auto batch = queue.take(most, 1'000'000);
            for (const StoreWrite& write : batch.writes)
                given.apply(write);
            QVERIFY(batch.upTo >= upTo);
            upTo = batch.upTo;
        };
        for (int i = 0; i < 300; ++i) {
            const auto ticket = AttemptTicket(1 + random.below(20));
            if (random.chance(0.2))
                take(1 + random.below(4));
            else if (over.count(ticket) != 0)
                continue;
            else if (random.chance(0.2)) {
                over.insert(ticket);
                queue.add(finished(ticket, "done"));
                wanted.apply(finished(ticket, "done"));
            } else {
                const char words[2] = {char('a' + random.below(26)), 0};
                queue.add(text(ticket, words));
                TextAppended one = text(ticket, words);
                one.seq = seq[ticket]++;
                wanted.apply(one);
            }
        }
        while (!queue.isEmpty())
            take(1000);
        QVERIFY(given.isInOrder);
        QVERIFY(given.texts == wanted.texts);
        QVERIFY(given.answers == wanted.answers);
        QCOMPARE(queue.bytes(), std::size_t(0));
        QVERIFY(!queue.isUrgent());
    }
};

QTEST_GUILESS_MAIN(TestWriteQueue)
#include "tst_write_queue.moc"
