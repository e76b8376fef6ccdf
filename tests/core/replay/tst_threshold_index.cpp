// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: where a threshold is dragged to, the index says what a full replay says, to the last
// digit; p95 within its bucket at once, and exactly when asked.

#include "replay_world.h"

#include <core/replay/threshold_index.h>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Keys of which many are equal, and random arms.
struct Dragged
{
    ReplayWorld world;
    std::vector<std::uint32_t> keys;
    std::vector<std::vector<std::uint8_t>> arms;
    ThresholdLadder ladder;

    Dragged(const WorldShape& shape, std::size_t armCount, std::uint64_t keyCount) : world(shape)
    {
        Random random(shape.seed, "keys");
        for (std::size_t row = 0; row < world.rowCount(); ++row)
            keys.push_back(static_cast<std::uint32_t>(random.below(keyCount)) * 1000);
        for (std::size_t arm = 0; arm < armCount; ++arm)
            arms.push_back(world.randomChoices("arm " + std::to_string(arm)));
        // Rows that other rules take do not change.
        for (std::size_t row = 0; row < world.rowCount(); row += 3) {
            for (auto& arm : arms)
                arm[row] = arms[0][row];
        }
        ladder.keys = keys;
        for (const auto& arm : arms)
            ladder.arms.emplace_back(arm);
    }

    [[nodiscard]] std::vector<std::uint8_t> choicesAt(const std::vector<std::uint32_t>& cuts) const
    {
        std::vector<std::uint8_t> choices;
        for (std::size_t row = 0; row < keys.size(); ++row) {
            std::size_t arm = 0;
            while (arm < cuts.size() && keys[row] > cuts[arm])
                ++arm;
            choices.push_back(arms[arm][row]);
        }
        return choices;
    }
};

} // namespace

class TestThresholdIndex : public QObject
{
    Q_OBJECT
private slots:
    void randomEditsEqualFullReplays_data()
    {
        QTest::addColumn<WorldShape>("shape");
        QTest::addColumn<int>("keyCount");
        for (std::uint64_t seed = 1; seed <= 3; ++seed)
            QTest::addRow("seed %d", static_cast<int>(seed)) << WorldShape{.seed = seed} << 100'000;
        QTest::newRow("ten values") << WorldShape{.seed = 4} << 10;
        QTest::newRow("one value") << WorldShape{.seed = 5, .rows = 2000} << 1;
        QTest::newRow("unanswered")
            << WorldShape{.seed = 6, .unanswered = 0.3, .never = 0.01} << 5000;
        QTest::newRow("long conversations, unanswered")
            << WorldShape{.seed = 7, .rows = 3000, .turns = 400, .unanswered = 0.4} << 500;
        QTest::newRow("priced tokens") << WorldShape{.seed = 8, .pricesTokens = true} << 40'000;
        QTest::newRow("one-row conversations") << WorldShape{.seed = 9, .turns = 1} << 40'000;
        QTest::newRow("one row") << WorldShape{.seed = 10, .rows = 1} << 3;
    }
    void randomEditsEqualFullReplays()
    {
        QFETCH(const WorldShape, shape);
        QFETCH(const int, keyCount);
        const Dragged dragged(shape, 2, static_cast<std::uint64_t>(keyCount));
        const ReplayWorld& world = dragged.world;
        const ThresholdIndex index(*world.packed, dragged.ladder, &world.noticeability);
        QVERIFY(index.hasSeams());
        RowReplay replay(*world.packed);
        ReplayQuestion question;
        question.noticeability = &world.noticeability;
        Random random(shape.seed, "edits");
        for (int edit = 0; edit < 60; ++edit) {
            const auto limit = 1000 * static_cast<std::uint64_t>(keyCount);
            const std::uint32_t cut = edit == 0   ? 0
                                      : edit == 1 ? 0xFFFF'FFFF
                                                  : static_cast<std::uint32_t>(random.below(limit));
            const auto choices = dragged.choicesAt({cut});
            const ReplayTotals full = replay.replay(choices, question).total;
            if (edit < 8)
                VERIFY_SAME_TOTALS(full, world.plain(choices));
            const ReplayTotals carried = index.at(cut);
            QVERIFY(carried.hasSumsOf(full));
            QCOMPARE(index.exactP95(std::span(&cut, 1)), full.latencyP95Ms);
            if (std::isfinite(full.latencyP95Ms))
                QVERIFY(std::abs(carried.latencyP95Ms - full.latencyP95Ms) <=
                        0.008F * full.latencyP95Ms);
            else
                QCOMPARE(carried.latencyP95Ms, full.latencyP95Ms);
        }
    }

    void laddersOfSeveralCutsEqualFullReplays()
    {
        for (const std::size_t arms : {3U, 5U}) {
            const Dragged dragged({.seed = 11 + arms}, arms, 2000);
            const ThresholdIndex index(*dragged.world.packed, dragged.ladder);
            QVERIFY(!index.hasSeams());
            RowReplay replay(*dragged.world.packed);
            Random random(11 + arms, "edits");
            for (int edit = 0; edit < 40; ++edit) {
                std::vector<std::uint32_t> cuts;
                for (std::size_t i = 0; i + 1 < arms; ++i)
                    cuts.push_back(static_cast<std::uint32_t>(random.below(2'000'000)));
                std::ranges::sort(cuts);
                const auto choices = dragged.choicesAt(cuts);
                QCOMPARE(index.choicesAt(cuts), choices);
                QVERIFY(index.at(cuts).hasSumsOf(replay.replay(choices).total));
            }
        }
    }

    void keysAreInTheOrderOfTheirValues()
    {
        const std::vector<float> ascending = {
            -std::numeric_limits<float>::infinity(), -2.5F, -1e-30F, 0, 1e-30F, 1, 1.0000001F,
            std::numeric_limits<float>::infinity()};
        for (std::size_t i = 1; i < ascending.size(); ++i)
            QVERIFY(keyOf(ascending[i - 1]) < keyOf(ascending[i]));
        QCOMPARE(keyOf(-0.0F), keyOf(0.0F));
    }
};

QTEST_GUILESS_MAIN(TestThresholdIndex)
#include "tst_threshold_index.moc"
