// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: consistency is 1 less what each pair of voices loses at its seams, as worked out by
// hand, and what readers would flag follows from the scores' model.

#include <core/base/random.h>
#include <core/voice/consistency.h>
#include <core/voice/separability.h>

#include <QTest>

#include <array>
#include <cmath>

using namespace signalbox;

namespace {

double always(std::size_t, std::size_t)
{
    return 1;
}

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class TestConsistency : public QObject
{
    Q_OBJECT
private slots:
    void oneModelIsConsistent()
    {
        SeamCounts seams(1);
        seams.add(0, 0, 250);
        QCOMPARE(consistency(seams, always).value, 1.0);
        QCOMPARE(consistency(independentSeams(std::array{1.0}), always).value, 1.0);
    }

    void stickyRoutingIsConsistent()
    {
        SeamCounts seams(2); // each conversation stays with one of the two
        seams.add(0, 0, 60);
        seams.add(1, 1, 40);
        const Consistency result = consistency(seams, always);
        QCOMPARE(result.value, 1.0);
        QVERIFY(result.losses.empty());
    }

    void noSeamsLoseNothing()
    {
        QCOMPARE(consistency(SeamCounts(3), always).value, 1.0);
        QCOMPARE(SeamCounts(3).share(0, 1), 0.0);
    }

    void independentRoutingSwitchesTwiceTheProduct()
    {
        const SeamCounts seams = independentSeams(std::array{0.5, 0.3, 0.2});
        QVERIFY(isNear(seams.share(0, 1), 0.30, 1e-12));
        QVERIFY(isNear(seams.share(2, 0), 0.20, 1e-12));
        QVERIFY(isNear(seams.share(1, 2), 0.12, 1e-12));
        QVERIFY(isNear(seams.share(0, 0), 0.25, 1e-12));
        QVERIFY(isNear(seams.total, 1.0, 1e-12));
    }

    void lossesAreShareTimesNoticeability()
    {
        SeamCounts seams(3);
        seams.add(0, 1, 10);
        seams.add(1, 0, 10); // either way round
        seams.add(2, 1, 30);
        seams.add(0, 0, 50);
        const Consistency result = consistency(
            seams, [](std::size_t a, std::size_t b) { return a == 0 && b == 1 ? 0.5 : 0.1; });
        QVERIFY(isNear(result.value, 1 - 0.2 * 0.5 - 0.3 * 0.1, 1e-12));
        QCOMPARE(result.losses.size(), std::size_t(2));
        QCOMPARE(result.losses[0].a, std::size_t(0));
        QCOMPARE(result.losses[0].b, std::size_t(1));
        QVERIFY(isNear(result.losses[0].loss, 0.1, 1e-12));
        QVERIFY(isNear(result.losses[1].loss, 0.03, 1e-12));
    }

    void theIntervalCoversConversationsAndPrompts()
    {
        VoiceMatrix voices;
        voices.models = {"a", "b"};
        voices.pairs.resize(1);
        voices.pairs[0].noticeability.value = 0.4;
        for (int i = 0; i < 400; ++i)
            voices.pairs[0].noticeabilityDraws.push_back(0.35 + 0.1 * (i % 2));
        std::vector<SeamCounts> conversations(100, SeamCounts(2));
        for (std::size_t i = 0; i < conversations.size(); ++i)
            conversations[i].add(0, i % 4 == 0 ? 1 : 0);
        const Estimate estimate = consistencyEstimate(conversations, voices);
        QVERIFY(isNear(estimate.value, 1 - 0.25 * 0.4, 1e-12));
        QCOMPARE(estimate.n, std::size_t(100));
        QVERIFY(estimate.low < 0.88 && estimate.low > 0.80);
        QVERIFY(estimate.high > 0.92 && estimate.high < 0.97);
        QCOMPARE(consistencyEstimate(conversations, voices), estimate); // seeded

        for (SeamCounts& seams : conversations)
            seams = SeamCounts(2);
        const Estimate calm = consistencyEstimate(conversations, voices);
        QCOMPARE(calm.low, 1.0);
        QCOMPARE(calm.high, 1.0);
    }

    void oneSeamIsFlaggedInFivePercent()
    {
        QVERIFY(isNear(flaggedPer100(0, 0.9, 2), 5, 0.01));
        QVERIFY(isNear(flaggedPer100(1, 0.5, 2), 5, 0.01));
        QVERIFY(isNear(flaggedPer100(0.5, 0.9, 1), 0, 0.001));
        QVERIFY(isNear(flaggedPer100(0.5, 0.9, 0), 0, 0.001));
    }

    void oneSwitchIsFlaggedAsTheNormalTailSays()
    {
        const double d = discriminability(0.9);
        const double level = 1.959963984540054 * std::sqrt(2.0);
        const double flagged =
            normalCdf((d - level) / std::sqrt(2.0)) + normalCdf((-d - level) / std::sqrt(2.0));
        QVERIFY(isNear(flaggedPer100(1, 0.9, 2), 100 * flagged, 0.01));
        QVERIFY(isNear(flaggedPer100(0.25, 0.9, 2), 75 * 0.05 + 25 * flagged, 0.01));
    }

    void longConversationsAgreeWithSimulation()
    {
        const double d = discriminability(0.8);
        const double level = 1.959963984540054 * std::sqrt(2.0);
        Random random(3);
        int flagged = 0;
        constexpr int kConversations = 40'000;
        for (int i = 0; i < kConversations; ++i) {
            bool other = false;
            double last = random.normal();
            bool seen = false;
            for (int turn = 1; turn < 6; ++turn) {
                if (random.chance(0.4))
                    other = !other;
                const double score = random.normal() + (other ? d : 0);
                seen |= std::abs(score - last) > level;
                last = score;
            }
            flagged += seen;
        }
        QVERIFY(isNear(flaggedPer100(0.4, 0.8, 6), 100.0 * flagged / kConversations, 1.0));
        QVERIFY(flaggedPer100(0.4, 1.0, 100'000) > 99.99);
    }

    void readersSensitivityIsThatOfTheDifferencingModel()
    {
        // d' 2 at a level that flags 10 % of same pairs: the chances that the model gives.
        const double level = -std::sqrt(2.0) * normalQuantile(0.05);
        const double hits =
            normalCdf((2 - level) / std::sqrt(2.0)) + normalCdf((-2 - level) / std::sqrt(2.0));
        const ReaderTrials trials{100'000, int(std::lround(100'000 * hits)), 100'000, 10'000};
        QVERIFY(isNear(readerSensitivity(trials), 2, 0.01));
        QCOMPARE(readerSensitivity({50, 10, 50, 10}), 0.0);
        QCOMPARE(readerSensitivity({}), 0.0);
    }

    void readersNoticeLess()
    {
        const double auc = 0.95;
        const double d = discriminability(auc);
        QVERIFY(isNear(readerEfficiency(d / 2, auc), 0.25, 1e-12));
        QCOMPARE(readerEfficiency(5, auc), 1.0);
        QCOMPARE(readerEfficiency(1, 0.5), 0.0);
        QVERIFY(isNear(noticeabilityForReaders(auc, 1), noticeabilityAtRho(auc, 0), 1e-12));
        QVERIFY(noticeabilityForReaders(auc, 0.25) < noticeabilityForReaders(auc, 1) / 2);
        QCOMPARE(noticeabilityForReaders(auc, 0), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestConsistency)
#include "tst_consistency.moc"
