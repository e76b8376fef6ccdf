// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the readers' d' is that of the observers that the two strategies describe, one by one
// simulated; their efficiency and what C becomes by it are right where they can be worked out.

#include <core/base/random.h>
#include <core/tasting/abx.h>
#include <core/voice/separability.h>

#include <QTest>

#include <cmath>

using namespace signalbox;

namespace {

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

/// Whether an observer with that strategy names the right sample in one trial.
bool isRight(double d, AbxStrategy strategy, Random& random)
{
    const bool lowIsFirst = random.chance(0.5);
    const bool xIsFirst = random.chance(0.5);
    const double first = random.normal() + (lowIsFirst ? 0 : d);
    const double second = random.normal() + (lowIsFirst ? d : 0);
    const double x = random.normal() + (xIsFirst == lowIsFirst ? 0 : d);
    if (strategy == AbxStrategy::Differencing)
        return (std::abs(x - first) < std::abs(x - second)) == xIsFirst;
    const bool firstLooksLow = first < second; // the likelier order of the two
    const bool xLooksLow = x < d / 2;
    return (firstLooksLow == xLooksLow) == xIsFirst;
}

/// The AUC at which the trained observer's d is this.
double aucOf(double d)
{
    return normalCdf(d / std::sqrt(2.0));
}

VoiceMatrix voicesOf(const std::vector<double>& observers)
{
    VoiceMatrix voices;
    voices.models = {"a", "b", "c"};
    for (const double d : observers) {
        VoiceDistance& pair = voices.pairs.emplace_back();
        pair.n = 200;
        pair.auc = {aucOf(d), aucOf(d), aucOf(d), 200};
        const double root = 2 * normalCdf(d / 2) - 1;
        pair.noticeability = {root * root, root * root, root * root, 200};
        pair.noticeabilityDraws.assign(100, root * root);
    }
    return voices;
}

/// Trials of readers who hear with that share of the observer's d.
std::vector<AbxTrial> trialsOf(double efficiency, const VoiceMatrix& voices, int raters, int each,
                               Random& random)
{
    std::vector<AbxTrial> trials;
    for (int r = 0; r < raters; ++r) {
        for (std::size_t a = 0; a < 3; ++a) {
            for (std::size_t b = a + 1; b < 3; ++b) {
                const double d = discriminability(voices.pair(a, b)->auc.value);
                for (int i = 0; i < each; ++i) {
                    const bool right =
                        isRight(std::sqrt(efficiency) * d, AbxStrategy::Differencing, random);
                    AbxTrial trial{RaterId(std::to_string(r)),
                                   PromptId("p" + std::to_string(i)),
                                   PromptId("x" + std::to_string(i)),
                                   ModelId(voices.models[a]),
                                   ModelId(voices.models[b]),
                                   i % 2 == 0,
                                   false};
                    trial.saidFirst = trial.isFirst == right;
                    trials.push_back(trial);
                }
            }
        }
    }
    return trials;
}

} // namespace

class TestAbx : public QObject
{
    Q_OBJECT
private slots:
    void sharesRightAreThoseOfSimulatedObservers()
    {
        Random random(7);
        for (const double d : {0.5, 1.0, 2.0, 3.5}) {
            for (const AbxStrategy strategy :
                 {AbxStrategy::Differencing, AbxStrategy::IndependentObservations}) {
                constexpr int kTrials = 100'000;
                int right = 0;
                for (int i = 0; i < kTrials; ++i)
                    right += isRight(d, strategy, random);
                QVERIFY(isNear(abxShareRight(d, strategy), right / double(kTrials), 0.005));
            }
        }
    }

    void sensitivityIsTheInverse()
    {
        for (const AbxStrategy strategy :
             {AbxStrategy::Differencing, AbxStrategy::IndependentObservations}) {
            for (const double d : {0.1, 1.0, 2.5, 4.0})
                QVERIFY(isNear(abxSensitivity(abxShareRight(d, strategy), strategy), d, 1e-6));
            QCOMPARE(abxSensitivity(0.5, strategy), 0.0);
            QCOMPARE(abxSensitivity(0.3, strategy), 0.0);
            QVERIFY(abxSensitivity(1, strategy) <= 20);
        }
        QVERIFY(abxSensitivity(0.7, AbxStrategy::Differencing) >
                abxSensitivity(0.7, AbxStrategy::IndependentObservations) + 0.05);
    }

    void aLeaningToOneSideIsTakenOut()
    {
        // z(H) = 1.2, z(F) = -0.4: hits and correct rejections differ, (z(H) - z(F)) / 2 = 0.8.
        AbxCounts counts{100'000, 100'000 * normalCdf(1.2), 100'000, 100'000 * normalCdf(-0.4)};
        QVERIFY(isNear(unbiasedShareRight(counts), normalCdf(0.8), 1e-4));
        QVERIFY(counts.right() / counts.trials() < normalCdf(0.8) - 0.005);
    }

    void perfectScoresStayFinite()
    {
        const AbxCounts perfect{8, 8, 8, 0};
        const double d = abxSensitivity(unbiasedShareRight(perfect), AbxStrategy::Differencing);
        // 17/18 and 1/18, as half a trial was added to each count.
        QVERIFY(isNear(unbiasedShareRight(perfect), 17.0 / 18, 1e-9));
        QVERIFY(d > 3 && d < 6);
        QCOMPARE(unbiasedShareRight({}), 0.5);
        QCOMPARE(unbiasedShareRight({8, 0, 8, 8}), 1.0 / 18);
    }

    void efficiencyIsFoundAgain()
    {
        const VoiceMatrix voices = voicesOf({2.5, 1.5, 3.5});
        Random random(3);
        const ReaderEar ear = readerEar(trialsOf(0.4, voices, 20, 40, random), voices,
                                        AbxStrategy::Differencing, 200);
        QCOMPARE(ear.pairs.size(), std::size_t(3));
        QCOMPARE(ear.raters, std::size_t(20));
        QCOMPARE(ear.efficiency.n, std::size_t(2400));
        QVERIFY(isNear(ear.efficiency.value, 0.4, 0.06));
        QVERIFY(ear.efficiency.low < 0.4 && ear.efficiency.high > 0.4);
        QVERIFY(ear.efficiency.high - ear.efficiency.low < 0.3);
        for (const ReaderPair& pair : ear.pairs) {
            QVERIFY(isNear(pair.sensitivity.value, std::sqrt(0.4) * pair.observer, 0.3));
            const double ratio = pair.sensitivity.value / pair.observer;
            QVERIFY(isNear(pair.efficiency.value, ratio * ratio, 1e-9));
        }
    }

    void whatCannotBeComparedIsCounted()
    {
        VoiceMatrix voices = voicesOf({2, 2, 2});
        voices.pairs[2].n = 0;
        const auto trial = [](const char* first, const char* second) {
            return AbxTrial{RaterId("ann"),  PromptId("p"), PromptId("x"), ModelId(first),
                            ModelId(second), true,          true};
        };
        const std::vector<AbxTrial> trials{trial("a", "b"), trial("b", "a"), trial("b", "c"),
                                           trial("a", "z")};
        const ReaderEar ear = readerEar(trials, voices);
        QCOMPARE(ear.leftOut, std::size_t(2));
        QCOMPARE(ear.pairs.size(), std::size_t(1));
        QCOMPARE(ear.pairs[0].counts.trials(), 2.0);
        QVERIFY(std::isnan(readerEar({}, voices).efficiency.value));
        QVERIFY(std::isnan(readerEar(trials, voicesOf({0, 0, 0})).efficiency.value));
    }

    void atFullEfficiencyReadersNoticeWhatTheObserverDoes()
    {
        for (const double nu : {0.0, 0.02, 0.4, 0.93, 1.0}) {
            QCOMPARE(noticeabilityAsRead(nu, 1), nu);
            QVERIFY(isNear(noticeabilityAsRead(nu, 1 - 1e-12), nu, 1e-6));
            QCOMPARE(noticeabilityAsRead(nu, 0), 0.0);
        }
        const double root = 2 * normalCdf(1.5) - 1; // d = 3; half of it at an efficiency of 1/4
        const double half = 2 * normalCdf(0.75) - 1;
        QVERIFY(isNear(noticeabilityAsRead(root * root, 0.25), half * half, 1e-9));
    }

    void readersSeeMoreConsistency()
    {
        const VoiceMatrix voices = voicesOf({2.5, 1.5, 3.5});
        std::vector<SeamCounts> conversations(50, SeamCounts(3));
        for (std::size_t i = 0; i < conversations.size(); ++i) {
            conversations[i].add(0, i % 2 == 0 ? 2 : 0);
            conversations[i].add(1, 1);
        }
        Random random(9);
        const ReaderEar ear = readerEar(trialsOf(0.3, voices, 10, 20, random), voices,
                                        AbxStrategy::Differencing, 100);
        const Estimate observer = consistencyEstimate(conversations, voices);
        const Estimate readers = consistencyAsRead(conversations, voices, ear);
        QVERIFY(readers.value > observer.value + 0.03);
        const double nu = voices.noticeability(0, 2);
        QVERIFY(
            isNear(readers.value, 1 - 0.25 * noticeabilityAsRead(nu, ear.efficiency.value), 1e-12));
        QVERIFY(readers.low < readers.value && readers.value < readers.high);
        // The doubt about the readers is in it.
        ReaderEar sure = ear;
        sure.efficiencyDraws.clear();
        const Estimate narrow = consistencyAsRead(conversations, voices, sure);
        QVERIFY(readers.high - readers.low > narrow.high - narrow.low);
        ReaderEar unknown;
        unknown.efficiency.value = std::nan("");
        QCOMPARE(consistencyAsRead(conversations, voices, unknown), observer);
    }
};

QTEST_GUILESS_MAIN(TestAbx)
#include "tst_abx.moc"
