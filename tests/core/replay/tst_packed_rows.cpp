// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: packing keeps what it is given, says what it had to round, and refuses what it cannot
// hold, naming the choice.

#include "replay_world.h"

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// One choice over rows of one conversation each.
struct OneChoice
{
    std::vector<std::int64_t> cost;
    std::vector<double> quality;
    std::vector<float> latency;

    [[nodiscard]] Result<PackedRows> packed() const
    {
        const ChoiceColumns choice = {cost, quality, latency};
        RowColumns rows;
        rows.choices = std::span(&choice, 1);
        return PackedRows::pack(rows);
    }
};

} // namespace

class TestPackedRows : public QObject
{
    Q_OBJECT
private slots:
    void everyValueComesBack()
    {
        for (const bool pricesTokens : {false, true}) {
            const ReplayWorld world({.seed = 3,
                                     .rows = 5000,
                                     .pricesTokens = pricesTokens,
                                     .unanswered = 0.1,
                                     .never = 0.02});
            QVERIFY(world.packed);
            const PackedRows& rows = *world.packed;
            QVERIFY(rows.isQualityExact() && rows.isCostExact());
            for (std::size_t row = 0; row < 5000; ++row) {
                for (std::size_t k = 0; k < rows.choiceCount(); ++k) {
                    QCOMPARE(rows.costPicoAt(row, k), world.cost[k][row]);
                    QCOMPARE(rows.qualityAt(row, k), static_cast<std::uint16_t>(std::lround(
                                                         world.quality[k][row] * kQualityScale)));
                    QVERIFY(rows.latencyAt(row, k) == world.latency[k][row]);
                    QCOMPARE(rows.voiceAt(row, k), world.voice[k][row]);
                }
            }
        }
    }

    void costsAreCountedInTheirCommonDivisor()
    {
        OneChoice one = {{0, 45'000'000'000'000, 30'000'000'000'000}, {1, 0, 1}, {1, 2, 3}};
        const auto rows = one.packed();
        QVERIFY(rows && rows->isCostExact());
        QCOMPARE(rows->costUnit(), std::int64_t{15'000'000'000'000});
        // 45 USD and a picodollar do not fit into 32 bits of any common unit.
        one.cost[0] = 1;
        const auto rounded = one.packed();
        QVERIFY(rounded && !rounded->isCostExact());
        QVERIFY(std::abs(rounded->costPicoAt(1, 0) - one.cost[1]) <= rounded->costUnit());
    }

    void aQualityThatIsRoundedIsSaid()
    {
        OneChoice one = {{1, 1}, {0.5, 2.0 / 3}, {1, 2}};
        QVERIFY(one.packed()->isQualityExact());
        one.quality[0] = 0.123456;
        QVERIFY(!one.packed()->isQualityExact());
    }

    void latenciesSortAsTheyAre()
    {
        const float infinity = std::numeric_limits<float>::infinity();
        const OneChoice one = {
            {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, {infinity, 1e-6F, -0.0F, std::nanf(""), 3.4e38F}};
        const auto rows = one.packed();
        QVERIFY(rows);
        QVERIFY(rows->latencies().hasUnknown());
        const auto bucket = [&](std::size_t row) { return rows->bucketAt(row, 0); };
        QVERIFY(bucket(2) < bucket(1) && bucket(1) < bucket(4) && bucket(4) < bucket(0) &&
                bucket(0) < bucket(3));
        QVERIFY(std::isnan(rows->latencyAt(3, 0)) && std::isinf(rows->latencyAt(0, 0)));
        QCOMPARE(rows->latencyAt(1, 0), 1e-6F);
    }

    void whatCannotBeIsRefused_data()
    {
        QTest::addColumn<qint64>("cost");
        QTest::addColumn<double>("quality");
        QTest::addColumn<float>("latency");
        QTest::newRow("negative cost") << qint64{-1} << 0.5 << 1.0F;
        QTest::newRow("quality above 1") << qint64{1} << 1.01 << 1.0F;
        QTest::newRow("no quality") << qint64{1} << std::nan("") << 1.0F;
        QTest::newRow("negative latency") << qint64{1} << 0.5 << -1.0F;
    }
    void whatCannotBeIsRefused()
    {
        QFETCH(const qint64, cost);
        QFETCH(const double, quality);
        QFETCH(const float, latency);
        const auto rows = OneChoice{{1, cost}, {1, quality}, {1, latency}}.packed();
        QVERIFY(!rows);
        QCOMPARE(rows.error().where, std::string("choice 0"));
        QVERIFY(!OneChoice({{1, 2}, {1}, {1, 2}}).packed());
        const auto mixed = OneChoice{{1, 2}, {1, 1}, {1, 2}};
        QVERIFY(mixed.packed());
    }
};

QTEST_GUILESS_MAIN(TestPackedRows)
#include "tst_packed_rows.moc"
