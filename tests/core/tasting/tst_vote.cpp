// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a vote is a value that says what is wrong with it, and is written and read back equal.

#include "votes.h"

#include <core/tasting/vote.h>

#include <QTest>
#include <nlohmann/json.hpp>

using namespace signalbox;
using signalbox::tests::ranking;

namespace {

AbxTrial trial()
{
    return {RaterId("ann"), PromptId("p1"), PromptId("p2"), ModelId("a"),
            ModelId("b"),   true,           false,          1'700'000'000'000};
}

} // namespace

class TestVote : public QObject
{
    Q_OBJECT
private slots:
    void aRankingIsWrittenAndReadBackEqual()
    {
        Ranking vote = ranking("ann", "p1", "a > b = c");
        QVERIFY(checkRanking(vote).has_value());
        QCOMPARE(toCompactJsonText(toJson(vote)),
                 std::string(R"({"rater":"ann","prompt":"p1","places":[["a"],["b","c"]]})"));
        vote.shown = {ModelId("c"), ModelId("a"), ModelId("b")};
        vote.votedAtMs = 1'700'000'000'000;
        const auto again = rankingFromJson(toJson(vote));
        QVERIFY(again.has_value());
        QCOMPARE(*again, vote);
    }

    void aTrialIsWrittenAndReadBackEqual()
    {
        QVERIFY(checkTrial(trial()).has_value());
        const auto again = trialFromJson(toJson(trial()));
        QVERIFY(again.has_value());
        QCOMPARE(*again, trial());
    }

    void whatIsWrongIsSaidWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("no rater") << QByteArray(R"({"prompt":"p","places":[["a"],["b"]]})")
                                  << QByteArray("votes[2]");
        QTest::newRow("empty rater")
            << QByteArray(R"({"rater":"","prompt":"p","places":[["a"],["b"]]})")
            << QByteArray("votes[2].rater");
        QTest::newRow("one model") << QByteArray(R"({"rater":"r","prompt":"p","places":[["a"]]})")
                                   << QByteArray("votes[2].places");
        QTest::newRow("empty place")
            << QByteArray(R"({"rater":"r","prompt":"p","places":[["a"],[],["b"]]})")
            << QByteArray("votes[2].places");
        QTest::newRow("twice") << QByteArray(
                                      R"({"rater":"r","prompt":"p","places":[["a"],["b","a"]]})")
                               << QByteArray("votes[2].places");
        QTest::newRow("number") << QByteArray(R"({"rater":"r","prompt":"p","places":[["a"],[7]]})")
                                << QByteArray("votes[2].places[1][0]");
        QTest::newRow("other models shown")
            << QByteArray(R"({"rater":"r","prompt":"p","places":[["a"],["b"]],"shown":["a","c"]})")
            << QByteArray("votes[2].shown");
        QTest::newRow("unknown member")
            << QByteArray(R"({"rater":"r","prompt":"p","places":[["a"],["b"]],"colour":"red"})")
            << QByteArray("votes[2].colour");
    }

    void whatIsWrongIsSaidWithItsPlace()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, where);
        const auto parsed = parseJson(json.toStdString());
        QVERIFY(parsed.has_value());
        const auto vote = rankingFromJson(*parsed, "votes[2]");
        QVERIFY(!vote.has_value());
        QCOMPARE(QByteArray::fromStdString(vote.error().where), where);
        QVERIFY(!vote.error().message.empty());
    }

    void aTrialNeedsTwoModelsAndTwoWords()
    {
        AbxTrial wrong = trial();
        wrong.second = wrong.first;
        QCOMPARE(checkTrial(wrong).error().where, std::string("second"));
        wrong = trial();
        wrong.xPrompt = PromptId();
        QCOMPARE(checkTrial(wrong).error().where, std::string("xPrompt"));
        Json json = toJson(trial());
        json["said"] = "third";
        QCOMPARE(trialFromJson(json, "trials[0]").error().where, std::string("trials[0].said"));
    }

    void whoVotesAgainChangesTheirMind()
    {
        std::vector<Ranking> votes{ranking("ann", "p1", "a > b"), ranking("bob", "p1", "a > b"),
                                   ranking("ann", "p1", "b > a"), ranking("ann", "p2", "a > b")};
        QCOMPARE(newestRankings(votes), (std::vector<Ranking>{votes[1], votes[2], votes[3]}));
        votes[0].votedAtMs = 5;
        QCOMPARE(newestRankings(votes), (std::vector<Ranking>{votes[0], votes[1], votes[3]}));
        QCOMPARE(rankedModels(votes), (std::vector<ModelId>{ModelId("a"), ModelId("b")}));
    }
};

QTEST_GUILESS_MAIN(TestVote)
#include "tst_vote.moc"
