// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the closed forms for two-model plans give the published figures of the incident and of
// its repairs to 0.5 %, and quantiles are inverse distribution functions.

#include <core/projection/latency.h>

#include <QTest>

#include <cmath>

using namespace signalbox;

namespace {

// The account's models: the cheap one p50 0.5 s, p95 1.2 s; the fallback p50 1.5 s.
LatencyCdf cheap()
{
    return logNormalLatencyFromP95(500, 1200);
}

LatencyCdf premium()
{
    return logNormalLatency(1500, 0.45);
}

bool within(double value, double expected, double share)
{
    return std::abs(value / expected - 1) <= share;
}

} // namespace

class TestLatency : public QObject
{
    Q_OBJECT
private slots:
    void givesTheFiguresOfTheIncident_data()
    {
        QTest::addColumn<double>("p95Ms");
        QTest::addColumn<double>("expectedMs");
        const auto p95 = [](const LatencyCdf& cdf) { return quantile(cdf, 0.95); };
        QTest::newRow("cheap model alone") << p95(cheap()) << 1200.0;
        QTest::newRow("after 3.5 s of retries")
            << p95(sequentialFallback(cheap(), premium(), 0.08, 3500)) << 4800.0;
        QTest::newRow("cancel at 500 ms")
            << p95(cancelAtBudget(cheap(), premium(), 0.08, 500)) << 3220.0;
        QTest::newRow("hedge at 500 ms")
            << p95(hedgeAtBudget(cheap(), premium(), 0.08, 500)) << 1870.0;
        QTest::newRow("failover after 50 ms")
            << p95(failoverOnError(cheap(), premium(), 0.08, 50)) << 1610.0;
        QTest::newRow("below the cliff, 4.5 % failures")
            << p95(sequentialFallback(cheap(), premium(), 0.045, 3500)) << 1950.0;
        QTest::newRow("beyond the cliff, 5.5 % failures")
            << p95(sequentialFallback(cheap(), premium(), 0.055, 3500)) << 4320.0;
    }

    void givesTheFiguresOfTheIncident()
    {
        QFETCH(double, p95Ms);
        QFETCH(double, expectedMs);
        QVERIFY2(within(p95Ms, expectedMs, 0.005), qPrintable(QString::number(p95Ms)));
    }

    void cancellingAtTheMedianSendsOverHalfToTheFallback()
    {
        QVERIFY(within(fallbackShare(cheap(), 0.08, 500), 0.54, 0.005));
    }

    void distributionsRiseFromZeroToOne_data()
    {
        QTest::addColumn<int>("plan");
        QTest::newRow("sequential") << 0;
        QTest::newRow("cancel") << 1;
        QTest::newRow("hedge") << 2;
        QTest::newRow("failover") << 3;
    }

    void distributionsRiseFromZeroToOne()
    {
        QFETCH(int, plan);
        const LatencyCdf cdfs[] = {sequentialFallback(cheap(), premium(), 0.08, 3500),
                                   cancelAtBudget(cheap(), premium(), 0.08, 500),
                                   hedgeAtBudget(cheap(), premium(), 0.08, 500),
                                   failoverOnError(cheap(), premium(), 0.08, 50)};
        const LatencyCdf& cdf = cdfs[plan];
        QCOMPARE(cdf(0), 0.0);
        double before = 0;
        for (int t = 10; t < 20'000; t += 10) {
            QVERIFY(cdf(t) >= before);
            before = cdf(t);
        }
        QVERIFY(before > 0.999 && before <= 1);
    }

    void quantileIsInfiniteWhereTheAnswerNeverComes()
    {
        const LatencyCdf never = [](double t) { return t < 10 ? 0.0 : 0.9; };
        QVERIFY(std::isinf(quantile(never, 0.95)));
        QVERIFY(std::abs(quantile(never, 0.9) - 10) < 0.01);
    }

    void empiricalQuantileIsAnObservedValue_data()
    {
        QTest::addColumn<double>("q");
        QTest::addColumn<double>("expected");
        QTest::newRow("lowest") << 0.0 << 1.0;
        QTest::newRow("just above one twentieth") << 0.051 << 2.0;
        QTest::newRow("exactly one twentieth") << 0.05 << 1.0;
        QTest::newRow("median") << 0.5 << 10.0;
        QTest::newRow("p95") << 0.95 << 19.0;
        QTest::newRow("highest") << 1.0 << 20.0;
    }

    void empiricalQuantileIsAnObservedValue()
    {
        QFETCH(double, q);
        QFETCH(double, expected);
        std::vector<double> values;
        for (int i = 20; i >= 1; --i)
            values.push_back(i);
        QCOMPARE(empiricalQuantile(values, q), expected);
    }

    void quantileOfNothingIsMissing()
    {
        QVERIFY(std::isnan(empiricalQuantile({}, 0.5)));
        QVERIFY(std::isnan(quantileInterval({}, 0.5).low));
    }

    void quantileIntervalTakesRanksAroundTheQuantile()
    {
        std::vector<double> values;
        for (int i = 1; i <= 1000; ++i)
            values.push_back(i);
        // 950 -+ 1.96 sqrt(1000 x 0.95 x 0.05) = 936.5 … 963.5
        const QuantileInterval interval = quantileInterval(values, 0.95);
        QCOMPARE(interval.value, 950.0);
        QCOMPARE(interval.low, 936.0);
        QCOMPARE(interval.high, 965.0);
    }

    void quantileIntervalStaysInsideASmallSample()
    {
        const QuantileInterval interval = quantileInterval({3, 1, 2}, 0.95);
        QCOMPARE(interval.value, 3.0);
        QCOMPARE(interval.high, 3.0);
        QVERIFY(interval.low >= 1);
    }
};

QTEST_GUILESS_MAIN(TestLatency)
#include "tst_latency.moc"
