// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: PGR, APGR, CPT, AIQ and CostSave are those of their definition, ties moved together; on
// the recorded outcomes of two benchmarks they equal an independent computation.

#include <core/base/utf8.h>
#include <core/projection/routing_quality.h>
#include <tests/support/shared_data.h>

#include <QFile>
#include <QTest>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace signalbox;

namespace {

/// The longer the prompt, the stronger the model: the rule that everybody tries first.
std::vector<ScoredOutcome> longerToStronger(const QString& file)
{
    std::vector<ScoredOutcome> outcomes;
    QFile lines(file);
    if (!lines.open(QIODevice::ReadOnly))
        return outcomes;
    while (!lines.atEnd()) {
        const auto row = nlohmann::json::parse(lines.readLine().toStdString());
        outcomes.push_back({static_cast<double>(codePointCount(row["prompt"].get<std::string>())),
                            row["weak_correct"].get<bool>() ? 1.0 : 0.0,
                            row["strong_correct"].get<bool>() ? 1.0 : 0.0});
    }
    return outcomes;
}

bool near(double a, double b, double tolerance = 1e-9)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class TestRoutingQuality : public QObject
{
    Q_OBJECT
private slots:
    void aPerfectScoreRecoversTheGapFirst()
    {
        const auto curve = routingCurve(
            std::vector<ScoredOutcome>{{0.9, 0, 1}, {0.8, 0, 1}, {0.2, 1, 1}, {0.1, 1, 1}});
        QCOMPARE(curve.size(), std::size_t{5});
        QCOMPARE(curve[0].outcome, 0.5);
        QCOMPARE(curve[2].gapRecovered, 1.0);
        QCOMPARE(curve[4].gapRecovered, 1.0);
        QVERIFY(near(averageGapRecovered(curve), 0.75));
        QCOMPARE(*callsForGap(curve, 1), 0.5);
        QCOMPARE(*callsForGap(curve, 0.5), 0.25);
    }

    void equalScoresMoveTogether()
    {
        const auto curve =
            routingCurve(std::vector<ScoredOutcome>{{1, 0, 1}, {1, 1, 0}, {1, 0, 1}, {0, 0, 0}});
        QCOMPARE(curve.size(), std::size_t{3});
        QCOMPARE(curve[1].strongShare, 0.75);
        QCOMPARE(curve[1].gapRecovered, 1.0);
        QCOMPARE(*callsForGap(curve, 0.01), 0.75);
    }

    void equalModelsHaveNoGap()
    {
        const auto curve = routingCurve(std::vector<ScoredOutcome>{{1, 1, 1}, {0, 0, 0}});
        QVERIFY(std::isnan(averageGapRecovered(curve)));
        QVERIFY(!callsForGap(curve, 0.5));
    }

    void nothingHasNoCurve()
    {
        QVERIFY(routingCurve({}).empty());
        QVERIFY(std::isnan(averageGapRecovered({})));
    }

    void theHullOfOutcomeOverCostIsWhatACoinReaches()
    {
        const double unknown = std::nan("");
        const auto hull = outcomeHull(
            {{4, 0.9}, {1, 0.5}, {2, 0.6}, {2, 0.8}, {3, 0.7}, {5, 0.85}, {unknown, 1}, {1, 0.4}});
        QCOMPARE(hull, (std::vector<CostOutcome>{{1, 0.5}, {2, 0.8}, {4, 0.9}}));
        // 0.65 from 1 to 2, 0.85 from 2 to 4, 0.9 from there on.
        QVERIFY(near(averageOutcome(hull, 1, 5), (0.65 + 2 * 0.85 + 0.9) / 4));
        QVERIFY(near(averageOutcome(hull, 1.5, 3), (0.5 * 0.725 + 0.825) / 1.5));
        QVERIFY(near(averageOutcome(hull, 6, 8), 0.9));
        QVERIFY(std::isnan(averageOutcome(hull, 0.5, 5))); // nothing is so cheap
        QVERIFY(std::isnan(averageOutcome({}, 1, 5)));
    }

    void whatIsSavedKeepsTheStrongModelsOutcome()
    {
        const std::vector<CostOutcome> points = {{1, 0.5}, {2, 0.86}, {3, 0.9}, {4, 0.95}};
        const CostOutcome strong{10, 0.9};
        QVERIFY(near(*costSaveAt(points, strong, 0.95), 0.8));
        QVERIFY(near(*costSaveAt(points, strong, 1), 0.7));
        QVERIFY(!costSaveAt(points, strong, 1.1));
    }

    void agreesWithAnIndependentComputation_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<double>("weak");
        QTest::addColumn<double>("strong");
        QTest::addColumn<double>("apgr");
        QTest::addColumn<double>("cpt50");
        QTest::addColumn<double>("cpt80");
        QTest::newRow("GSM8K") << QStringLiteral("routellm_gsm8k_dev.jsonl") << 0.62
                               << 0.861538461538 << 0.563885350318 << 0.423076923077
                               << 0.710769230769;
        QTest::newRow("MMLU") << QStringLiteral("routellm_mmlu_dev.jsonl") << 0.6875 << 0.8095
                              << 0.554134477459 << 0.39175 << 0.73375;
    }

    void agreesWithAnIndependentComputation()
    {
        QFETCH(QString, file);
        QFETCH(double, weak);
        QFETCH(double, strong);
        QFETCH(double, apgr);
        QFETCH(double, cpt50);
        QFETCH(double, cpt80);
        const auto outcomes =
            longerToStronger(tests::sharedDataFile(QStringLiteral("routing/") + file));
        if (outcomes.empty())
            QSKIP("The shared routing data is not on this machine.");
        const auto curve = routingCurve(outcomes);
        QVERIFY(near(curve.front().outcome, weak));
        QVERIFY(near(curve.back().outcome, strong));
        QVERIFY(near(averageGapRecovered(curve), apgr));
        QVERIFY(near(callsForGap(curve, 0.5).value_or(0), cpt50));
        QVERIFY(near(callsForGap(curve, 0.8).value_or(0), cpt80));
    }
};

QTEST_GUILESS_MAIN(TestRoutingQuality)
#include "tst_routing_quality.moc"
