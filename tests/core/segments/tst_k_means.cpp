// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: k-means puts centres where they belong, weights count as that many points, and a
// silhouette is what one gets by hand.

#include <core/segments/k_means.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace signalbox::segments_detail;

namespace {

WeightedPoints onALine(std::vector<double> places, std::vector<double> weights = {})
{
    WeightedPoints points;
    points.dimensions = 1;
    points.values = std::move(places);
    points.weights =
        weights.empty() ? std::vector<double>(points.values.size(), 1) : std::move(weights);
    return points;
}

/// The best of some starts, its centres ascending.
Clustering best(const WeightedPoints& points, std::size_t k)
{
    Clustering found = kMeans(points, k, 1, 0);
    for (std::size_t start = 1; start < 8; ++start) {
        const Clustering other = kMeans(points, k, 1, start);
        if (other.within < found.within)
            found = other;
    }
    std::ranges::sort(found.centres);
    return found;
}

} // namespace

class TestKMeans : public QObject
{
    Q_OBJECT
private slots:
    void centresAreTheMeansOfTheirPoints()
    {
        const Clustering found = best(onALine({0, 1, 2, 10, 11, 12, 100}), 3);
        QCOMPARE(found.centres, (std::vector<double>{1, 11, 100}));
        QCOMPARE(found.within, 4.0);
    }

    void aWeightIsThatManyPoints()
    {
        const Clustering found = best(onALine({1, 2, 10}, {3, 1, 1}), 2);
        QCOMPARE(found.centres, (std::vector<double>{1.25, 10}));
        QCOMPARE(found.within, 3 * 0.0625 + 0.5625);
    }

    void whatIsMissingSaysNothing()
    {
        const double missing = std::nan("");
        WeightedPoints points;
        points.dimensions = 2;
        points.values = {0, 0, 2, missing, 10, 4, missing, 8};
        points.weights = {1, 1, 1, 1};
        Clustering found = kMeans(points, 2, 1, 0);
        for (std::size_t start = 1; start < 8; ++start) {
            const Clustering other = kMeans(points, 2, 1, start);
            found = other.within < found.within ? other : found;
        }
        if (found.centres[0] > found.centres[2])
            std::ranges::rotate(found.centres, found.centres.begin() + 2);
        // The mean of those that have it: (0, 0) and (2, ?), (10, 4) and (?, 8).
        QCOMPARE(found.centres, (std::vector<double>{1, 0, 10, 6}));
        QCOMPARE(found.within, 2.0 + 8);
    }

    void asManyCentresAsPointsLeaveNothingWithin()
    {
        const Clustering found = best(onALine({3, 1, 2, 8}), 4);
        QCOMPARE(found.centres, (std::vector<double>{1, 2, 3, 8}));
        QCOMPARE(found.within, 0.0);
    }

    void equalArgumentsGiveEqualCentres()
    {
        WeightedPoints points = onALine({});
        for (int i = 0; i < 200; ++i) {
            points.values.push_back(std::fmod(i * 0.618034, 1.0) + (i % 3) * 2);
            points.weights.push_back(1 + i % 5);
        }
        QCOMPARE(kMeans(points, 5, 7, 2).centres, kMeans(points, 5, 7, 2).centres);
        QVERIFY(kMeans(points, 5, 7, 2).centres != kMeans(points, 5, 8, 2).centres);
    }

    void aSilhouetteIsThatOfTheBook()
    {
        const std::array<std::uint32_t, 4> of = {0, 0, 1, 1};
        const double outer = (10.5 - 1) / 10.5;
        const double inner = (9.5 - 1) / 9.5;
        QCOMPARE(meanSilhouette(onALine({0, 1, 10, 11}), of, 2), (outer + inner) / 2);
        // One that is alone counts nothing: 0 and 1 are a = 1 from each other, b = 10 and 9 away.
        const std::array<std::uint32_t, 3> lonely = {0, 0, 1};
        QCOMPARE(meanSilhouette(onALine({0, 1, 10}), lonely, 2), (0.9 + 8.0 / 9) / 3);
    }

    void aSilhouetteCountsWeightsAsPoints()
    {
        const std::array<std::uint32_t, 5> each = {0, 0, 0, 1, 1};
        const std::array<std::uint32_t, 3> merged = {0, 0, 1};
        QCOMPARE(meanSilhouette(onALine({0, 0, 2, 9, 9}), each, 2),
                 meanSilhouette(onALine({0, 2, 9}, {2, 1, 2}), merged, 2));
    }
};

QTEST_GUILESS_MAIN(TestKMeans)
#include "tst_k_means.moc"
