// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a replay in blocks and vectors says what a plain loop over the requests says, to the
// last digit, for every kind of vectors, any number of threads, in total, per segment and per tier.

#include "replay_world.h"

#include <core/replay/seam_counter.h>

using namespace signalbox;
using namespace signalbox::test;

namespace {

ReplayQuestion everything(const ReplayWorld& world)
{
    ReplayQuestion question;
    question.noticeability = &world.noticeability;
    question.perSlice = true;
    return question;
}

std::vector<Vectors> usableVectors()
{
    std::vector<Vectors> usable;
    for (const auto vectors : {Vectors::Baseline, Vectors::Avx2, Vectors::Avx512}) {
        if (canUse(vectors))
            usable.push_back(vectors);
    }
    return usable;
}

} // namespace

class TestRowReplay : public QObject
{
    Q_OBJECT
private slots:
    void saysWhatAPlainLoopSays_data()
    {
        QTest::addColumn<WorldShape>("shape");
        for (std::uint64_t seed = 1; seed <= 4; ++seed)
            QTest::addRow("seed %d", static_cast<int>(seed)) << WorldShape{.seed = seed};
        QTest::newRow("whole blocks") << WorldShape{.seed = 5, .rows = 8192};
        QTest::newRow("one row more") << WorldShape{.seed = 6, .rows = 4097};
        QTest::newRow("one row") << WorldShape{.seed = 7, .rows = 1};
        QTest::newRow("one-row conversations") << WorldShape{.seed = 8, .rows = 3000, .turns = 1};
        QTest::newRow("one conversation") << WorldShape{.seed = 9, .rows = 9000, .turns = 99'999};
        QTest::newRow("one choice") << WorldShape{.seed = 10, .choices = 1};
        QTest::newRow("64 choices") << WorldShape{.seed = 11, .choices = 64};
        QTest::newRow("tokens are priced") << WorldShape{.seed = 12, .pricesTokens = true};
        QTest::newRow("some stay unanswered")
            << WorldShape{.seed = 13, .unanswered = 0.2, .never = 0.02};
        QTest::newRow("a tenth never comes") << WorldShape{.seed = 14, .never = 0.1};
        QTest::newRow("no row") << WorldShape{.seed = 15, .rows = 0};
    }
    void saysWhatAPlainLoopSays()
    {
        QFETCH(const WorldShape, shape);
        ReplayWorld world(shape);
        QVERIFY2(world.packed, qPrintable(QString::fromStdString(
                                   world.packed ? std::string() : toString(world.packed.error()))));
        const std::vector<std::uint8_t> choices = world.randomChoices("choices");
        const ReplayTotals expected = world.plain(choices);
        for (const auto vectors : usableVectors()) {
            for (const unsigned threads : {1U, 3U}) {
                RowReplay replay(*world.packed, threads, vectors);
                const ReplayAnswer answer = replay.replay(choices, everything(world));
                VERIFY_SAME_TOTALS(answer.total, expected);
                for (std::uint16_t s = 0; s < answer.segments.size(); ++s)
                    VERIFY_SAME_TOTALS(answer.segments[s], world.plain(choices, [&](auto row) {
                        return world.segmentOf[row] == s;
                    }));
                for (std::size_t k = 0; k < shape.choices; ++k) {
                    const ReplayTotals tier =
                        world.plain(choices, [&](auto row) { return choices[row] == k; });
                    VERIFY_SAME_TOTALS(answer.tiers[k], tier);
                    QCOMPARE(answer.requestsOf[k], tier.requests);
                }
                // Without tables: the other histogram, the other seams.
                ReplayQuestion short_;
                short_.noticeability = &world.noticeability;
                VERIFY_SAME_TOTALS(replay.replay(choices, short_).total, expected);
            }
        }
    }

    void everyRequestAtOneModelIsConsistent()
    {
        const ReplayWorld world({.seed = 21});
        const std::vector<std::uint8_t> choices(world.rowCount(), 3);
        const ReplayAnswer answer = RowReplay(*world.packed).replay(choices, everything(world));
        VERIFY_SAME_TOTALS(answer.total, world.plain(choices));
        QCOMPARE(answer.total.consistency(), 1.0);
        QVERIFY(answer.total.seams > 1000);
        QCOMPARE(answer.seams.size(), std::size_t{1});
        QCOMPARE(answer.seams[0].seams, answer.total.seams);
        QVERIFY(std::isnan(answer.tiers[0].latencyP95Ms));
        QCOMPARE(answer.tiers[0].requests, std::uint64_t{0});
    }

    void anEmptySegmentIsEmpty()
    {
        ReplayWorld world({.seed = 22, .rows = 6000, .segments = 3});
        for (std::uint16_t& segment : world.segmentOf)
            segment = segment == 1 ? 2 : segment;
        std::vector<ChoiceColumns> choices;
        for (std::size_t k = 0; k < world.cost.size(); ++k)
            choices.push_back({world.cost[k], world.quality[k], world.latency[k]});
        RowColumns columns;
        columns.conversationOf = world.conversationOf;
        columns.segmentOf = world.segmentOf;
        columns.choices = choices;
        const auto packed = PackedRows::pack(columns);
        const auto taken = world.randomChoices("choices");
        const ReplayAnswer answer = RowReplay(*packed).replay(taken, everything(world));
        QCOMPARE(answer.segments.size(), std::size_t{3});
        VERIFY_SAME_TOTALS(answer.segments[1], ReplayTotals());
        VERIFY_SAME_TOTALS(answer.segments[2],
                           world.plain(taken, [&](auto row) { return world.segmentOf[row] == 2; }));
    }

    void choicesOfOneTierCountTogether()
    {
        ReplayWorld world({.seed = 23, .choices = 4});
        const auto choices = world.randomChoices("choices");
        const std::vector<std::uint8_t> tierOf = {1, 0, 1, 0};
        ReplayQuestion question = everything(world);
        question.tierOf = tierOf;
        const ReplayAnswer answer = RowReplay(*world.packed).replay(choices, question);
        QCOMPARE(answer.tiers.size(), std::size_t{2});
        for (std::size_t tier = 0; tier < 2; ++tier)
            VERIFY_SAME_TOTALS(answer.tiers[tier], world.plain(choices, [&](auto row) {
                return tierOf[choices[row]] == tier;
            }));
    }

    void aStickyPolicyKeepsTheFirstTurnsChoice()
    {
        ReplayWorld world({.seed = 24, .unanswered = 0.1});
        const auto choices = world.randomChoices("choices");
        std::vector<std::uint8_t> kept = choices;
        for (std::size_t row = 1; row < kept.size(); ++row) {
            if (world.conversationOf[row] == world.conversationOf[row - 1])
                kept[row] = kept[row - 1];
        }
        ReplayQuestion question = everything(world);
        question.isStickyByConversation = true;
        RowReplay replay(*world.packed, 2);
        VERIFY_SAME_TOTALS(replay.replay(choices, question).total, world.plain(kept));
        QVERIFY(std::ranges::equal(replay.choices(), kept));
    }

    void anUnknownLatencyMakesP95Unknown()
    {
        const std::vector<std::int64_t> cost(100, 5);
        const std::vector<double> quality(100, 1);
        std::vector<float> known(100, 10);
        std::vector<float> unknown(100, 10);
        unknown[70] = std::nanf("");
        const std::vector<ChoiceColumns> choices = {{cost, quality, known},
                                                    {cost, quality, unknown}};
        RowColumns columns;
        columns.choices = choices;
        const auto packed = PackedRows::pack(columns);
        RowReplay replay(*packed);
        QCOMPARE(replay.replay(std::vector<std::uint8_t>(100, 0)).total.latencyP95Ms, 10.0F);
        QVERIFY(std::isnan(replay.replay(std::vector<std::uint8_t>(100, 1)).total.latencyP95Ms));
    }
};

QTEST_GUILESS_MAIN(TestRowReplay)
#include "tst_row_replay.moc"
