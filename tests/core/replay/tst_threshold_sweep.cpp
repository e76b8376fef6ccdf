// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a sweep says of each position what a full replay there says, seams included, with one,
// two and three cuts; many policies at once are each a full replay; both stop when told to.

#include "replay_world.h"

#include <core/replay/threshold_sweep.h>

using namespace signalbox;
using namespace signalbox::test;

namespace {

struct Ladder
{
    ReplayWorld world;
    std::vector<std::uint32_t> keys;
    std::vector<std::vector<std::uint8_t>> arms;
    ThresholdLadder ladder;

    Ladder(const WorldShape& shape, std::size_t armCount) : world(shape)
    {
        Random random(shape.seed, "keys");
        for (std::size_t row = 0; row < world.rowCount(); ++row)
            keys.push_back(static_cast<std::uint32_t>(random.below(1000)));
        for (std::size_t arm = 0; arm < armCount; ++arm)
            arms.push_back(world.randomChoices("arm " + std::to_string(arm)));
        ladder.keys = keys;
        for (const auto& arm : arms)
            ladder.arms.emplace_back(arm);
    }
};

std::vector<std::uint32_t> randomPositions(std::size_t positions, std::size_t cuts)
{
    Random random(5, "positions");
    std::vector<std::uint32_t> all;
    for (std::size_t i = 0; i < positions; ++i) {
        for (std::size_t cut = 0; cut < cuts; ++cut)
            all.push_back(static_cast<std::uint32_t>(random.below(1100)));
        std::sort(all.end() - static_cast<std::ptrdiff_t>(cuts), all.end());
    }
    return all;
}

} // namespace

class TestThresholdSweep : public QObject
{
    Q_OBJECT
private slots:
    void everyPositionEqualsAFullReplay_data()
    {
        QTest::addColumn<WorldShape>("shape");
        QTest::addColumn<int>("cuts");
        for (const int cuts : {1, 2, 3}) {
            QTest::addRow("%d cuts", cuts) << WorldShape{.seed = 1} << cuts;
            QTest::addRow("%d cuts, unanswered", cuts)
                << WorldShape{.seed = 2, .unanswered = 0.15} << cuts;
            QTest::addRow("%d cuts, long conversations", cuts)
                << WorldShape{.seed = 3, .rows = 4000, .turns = 200, .unanswered = 0.15} << cuts;
            QTest::addRow("%d cuts, one-row conversations", cuts)
                << WorldShape{.seed = 4, .turns = 1} << cuts;
        }
    }
    void everyPositionEqualsAFullReplay()
    {
        QFETCH(const WorldShape, shape);
        QFETCH(const int, cuts);
        const auto count = static_cast<std::size_t>(cuts);
        const Ladder ladder(shape, count + 1);
        const NoticeabilityTable& noticeability = ladder.world.noticeability;
        const ThresholdIndex index(*ladder.world.packed, ladder.ladder, &noticeability);
        const std::vector<std::uint32_t> positions = randomPositions(16, count);
        SweepOptions options;
        options.noticeability = &noticeability;
        for (const unsigned threads : {1U, 3U}) {
            options.threads = threads;
            const auto swept = sweepThresholds(index, positions, options);
            QCOMPARE(swept.size(), std::size_t{16});
            for (std::size_t i = 0; i < swept.size(); ++i) {
                const auto at = std::span(positions).subspan(i * count, count);
                VERIFY_SAME_TOTALS(
                    [&] {
                        ReplayTotals totals = swept[i];
                        totals.latencyP95Ms = index.exactP95(at);
                        return totals;
                    }(),
                    ladder.world.plain(index.choicesAt(at)));
            }
        }
    }

    void moreCutsThanOneTableTakesAreSweptInParts()
    {
        const Ladder ladder({.seed = 6, .rows = 500}, 3);
        const ThresholdIndex index(*ladder.world.packed, ladder.ladder);
        const std::vector<std::uint32_t> positions = randomPositions(2500, 2);
        SweepOptions options;
        options.noticeability = &ladder.world.noticeability;
        const auto swept = sweepThresholds(index, positions, options);
        for (const std::size_t i : {0U, 1023U, 1024U, 2048U, 2499U}) {
            const auto plain =
                ladder.world.plain(index.choicesAt(std::span(positions).subspan(2 * i, 2)));
            QVERIFY(swept[i].hasSumsOf(plain));
        }
    }

    void manyPoliciesAreEachAFullReplay()
    {
        ReplayWorld world({.seed = 7, .unanswered = 0.05});
        std::vector<std::vector<std::uint8_t>> policies;
        for (int i = 0; i < 12; ++i)
            policies.push_back(world.randomChoices("policy " + std::to_string(i)));
        SweepOptions options;
        options.noticeability = &world.noticeability;
        options.threads = 3;
        const auto totals = replayPolicies(
            *world.packed, policies.size(),
            [&](std::size_t policy, std::size_t firstRow, std::span<std::uint8_t> choices) {
                std::copy_n(policies[policy].begin() + static_cast<std::ptrdiff_t>(firstRow),
                            choices.size(), choices.begin());
            },
            options);
        for (std::size_t i = 0; i < policies.size(); ++i)
            VERIFY_SAME_TOTALS(totals[i], world.plain(policies[i]));
    }

    void aStoppedSweepSaysNothing()
    {
        const Ladder ladder({.seed = 8, .rows = 500}, 3);
        const ThresholdIndex index(*ladder.world.packed, ladder.ladder);
        const std::atomic<bool> stop = true;
        SweepOptions options;
        options.stop = &stop;
        QVERIFY(sweepThresholds(index, randomPositions(10, 2), options).empty());
        int asked = 0;
        const auto decide = [&](std::size_t, std::size_t, std::span<std::uint8_t>) { ++asked; };
        QVERIFY(replayPolicies(*ladder.world.packed, 10, decide, options).empty());
        QCOMPARE(asked, 0);
    }
};

QTEST_GUILESS_MAIN(TestThresholdSweep)
#include "tst_threshold_sweep.moc"
