// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: separability, classifier, tests and reasons give the numbers of hand-made cases; one
// model against itself is not told apart, and two different ones are.

#include "voice_panels.h"

#include <core/base/random.h>
#include <core/voice/separability.h>
#include <core/voice/style_classifier.h>
#include <core/voice/voice_distance.h>
#include <core/voice/voice_features.h>
#include <core/voice/voice_reason_words.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

using namespace signalbox;
using signalbox::tests::noisePanel;

namespace {

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

/// All pairs of answers, compared one by one.
double slowSameDifferent(std::span<const double> a, std::span<const double> b)
{
    std::vector<double> different;
    std::vector<double> same;
    for (std::size_t p = 0; p < a.size(); ++p) {
        for (std::size_t q = 0; q < a.size(); ++q) {
            if (p != q)
                different.push_back(std::abs(a[p] - b[q]));
            if (p < q) {
                same.push_back(std::abs(a[p] - a[q]));
                same.push_back(std::abs(b[p] - b[q]));
            }
        }
    }
    double wins = 0;
    for (const double d : different) {
        for (const double s : same)
            wins += d > s ? 1 : d == s ? 0.5 : 0;
    }
    return wins / (double(different.size()) * double(same.size()));
}

std::vector<double> normals(std::size_t count, double mean, std::uint64_t seed)
{
    Random random(seed);
    std::vector<double> values(count);
    for (double& value : values)
        value = mean + random.normal();
    return values;
}

/// A hedges more than B by 1.5 standard deviations of the noise; the rest is alike.
VoicePanel hedgingPanel(std::size_t prompts)
{
    return noisePanel(2, prompts, 11, [](std::size_t m, AnswerStats& stats) {
        stats.features[feature::Hedges] += m == 0 ? 2 : 0;
    });
}

} // namespace

class TestVoiceDistance : public QObject
{
    Q_OBJECT
private slots:
    void aucCountsTiesHalf()
    {
        QCOMPARE(identificationAuc(std::array{1.0, 2.0}, std::array{0.0, 0.0}), 1.0);
        QCOMPARE(identificationAuc(std::array{0.0, 0.0}, std::array{1.0, 2.0}), 0.0);
        QCOMPARE(identificationAuc(std::array{1.0, 1.0}, std::array{1.0, 1.0}), 0.5);
        // (1,1) (1,2) (3,1) (3,2): half, no, yes, yes.
        QCOMPARE(identificationAuc(std::array{1.0, 3.0}, std::array{1.0, 2.0}), 2.5 / 4);
        QCOMPARE(identificationAuc({}, {}), 0.5);
        QCOMPARE(twoAlternativeAuc(std::array{1.0, 3.0, 0.0}, std::array{1.0, 2.0, 5.0}), 0.5);
        QCOMPARE(balancedAccuracy(std::array{1.0, -1.0}, std::array{-1.0, -2.0}), 0.75);
    }

    void sameDifferentComparesAllPairsOfPairs()
    {
        Random random(2);
        for (int i = 0; i < 20; ++i) {
            const std::size_t n = 2 + random.below(12);
            std::vector<double> a(n);
            std::vector<double> b(n);
            for (std::size_t p = 0; p < n; ++p) {
                a[p] = double(random.below(6)); // with ties
                b[p] = double(random.below(6)) + 1;
            }
            QVERIFY(isNear(sameDifferentAuc(a, b), slowSameDifferent(a, b), 1e-12));
        }
        QCOMPARE(sameDifferentAuc(std::array{1.0}, std::array{2.0}), 0.5);
        QCOMPARE(sameDifferentAuc(std::array{5.0, 5.0}, std::array{1.0, 1.0}), 1.0);
    }

    void theGridStandsInForManyPrompts()
    {
        const std::vector<double> a = normals(1200, 1, 1);
        const std::vector<double> b = normals(1200, 0, 2);
        // The exact closed form of two unit normals one apart.
        const double auc = normalCdf(1 / std::sqrt(2.0));
        const double closed = noticeabilityAtRho(auc, 0);
        QVERIFY(isNear(noticeabilityOf(sameDifferentAuc(a, b)), closed, 0.05));
        const std::span<const double> fewA(a.data(), 1000);
        const std::span<const double> fewB(b.data(), 1000);
        QVERIFY(isNear(sameDifferentAuc(a, b), sameDifferentAuc(fewA, fewB), 0.01));
    }

    void theQuickMeasureIsTheExactOneOnAGrid()
    {
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const std::vector<double> a = normals(400, 0.2 * double(seed), 10 + seed);
            const std::vector<double> b = normals(400, 0, 20 + seed);
            QVERIFY(isNear(quickSameDifferentAuc(a, b), sameDifferentAuc(a, b), 2e-4));
        }
        QCOMPARE(quickSameDifferentAuc(std::array{1.0}, std::array{2.0}), 0.5);
        QCOMPARE(quickSameDifferentAuc(std::array{5.0, 5.0}, std::array{1.0, 1.0}), 1.0);
    }

    void bootstrapDrawsCentreOnTheValue()
    {
        const std::vector<double> a = normals(200, 1.2, 3);
        const std::vector<double> b = normals(200, 0, 4);
        const auto draws = bootstrapSeparability(a, b, 500, 1);
        QCOMPARE(draws.size(), std::size_t(500));
        double auc = 0;
        double nu = 0;
        for (const SeparabilityDraw& draw : draws) {
            auc += draw.auc / 500;
            nu += draw.noticeability / 500;
        }
        QVERIFY(isNear(auc, identificationAuc(a, b), 0.005));
        QVERIFY(isNear(nu, noticeabilityOf(sameDifferentAuc(a, b)), 0.02));
        const auto again = bootstrapSeparability(a, b, 500, 1);
        QVERIFY(std::equal(draws.begin(), draws.end(), again.begin(),
                           [](const SeparabilityDraw& x, const SeparabilityDraw& y) {
                               return x.auc == y.auc && x.noticeability == y.noticeability;
                           }));
        QVERIFY(bootstrapSeparability(std::array{1.0}, std::array{0.0}, 10, 1).empty());
    }

    void equalScoresAreNoReasonToStumble()
    {
        const std::vector<double> same(20, 1.0);
        QCOMPARE(identificationAuc(same, same), 0.5);
        QCOMPARE(sameDifferentAuc(same, same), 0.5);
        for (const SeparabilityDraw& draw : bootstrapSeparability(same, same, 10, 1)) {
            QCOMPARE(draw.auc, 0.5);
            QCOMPARE(draw.noticeability, 0.0);
        }
    }

    void theClosedFormFollowsItsFormula()
    {
        QCOMPARE(noticeabilityAtRho(0.5, 0), 0.0);
        QCOMPARE(noticeabilityAtRho(0.3, 0), 0.0);
        // AUC Phi(1/sqrt 2) means d = 1: (2 Phi(1/2) - 1)^2.
        const double auc = normalCdf(1 / std::sqrt(2.0));
        const double root = 2 * normalCdf(0.5) - 1;
        QVERIFY(isNear(noticeabilityAtRho(auc, 0), root * root, 1e-9));
        const double rootAtRho = 2 * normalCdf(1 / (2 * std::sqrt(0.47))) - 1;
        QVERIFY(isNear(noticeabilityAtRho(auc, 0.53), rootAtRho * rootAtRho, 1e-9));
        QVERIFY(noticeabilityAtRho(1, 0) > 0.999);
        QVERIFY(noticeabilityAtRho(0.8, 1) > 0.999);
    }

    void turnsCorrelateAsPearsonSays()
    {
        QVERIFY(isNear(turnCorrelation(std::array{1.0, 2.0, 3.0}, std::array{2.0, 4.0, 6.0}), 1,
                       1e-12));
        QVERIFY(isNear(turnCorrelation(std::array{1.0, 2.0, 3.0}, std::array{1.0, 0.0, 1.0}), 0,
                       1e-12));
        QCOMPARE(turnCorrelation(std::array{1.0, 1.0}, std::array{2.0, 3.0}), 0.0);
        QCOMPARE(turnCorrelation({}, {}), 0.0);
    }

    void logisticRegressionFindsTheMinimum()
    {
        // One column, four rows: at the minimum the gradient vanishes.
        const std::array rows{-1.0, 0.0, 1.0, 2.0};
        const std::array labels{0.0, 1.0, 0.0, 1.0};
        const double lambda = 0.5;
        const LogisticModel model = fitLogistic(rows, labels, 1, lambda);
        double gradient = lambda * model.coefficients[0];
        double intercept = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const double p = 1 / (1 + std::exp(-model.logit(std::span<const double>(&rows[i], 1))));
            gradient += (p - labels[i]) * rows[i];
            intercept += p - labels[i];
        }
        QVERIFY(std::abs(gradient) < 1e-8);
        QVERIFY(std::abs(intercept) < 1e-8);
        QVERIFY(model.coefficients[0] > 0);
    }

    void scalingLeavesMissingValuesAtTheMeanAndClips()
    {
        std::vector<AnswerStats> rows(101);
        for (std::size_t i = 0; i < 100; ++i)
            rows[i].features[feature::Hedges] = i % 2 == 0 ? 1 : 3;
        rows[100].features[feature::Hedges] = std::nan("");
        std::vector<const AnswerStats*> pointers;
        for (const AnswerStats& row : rows)
            pointers.push_back(&row);
        const std::array features{std::size_t(feature::Hedges), std::size_t(feature::Boosters)};
        const FeatureScaler scaler(pointers, features);
        std::array<double, 2> out{};
        scaler.scale(rows[1], out.data());
        QVERIFY(isNear(out[0], 1, 1e-12));
        QCOMPARE(out[1], 0.0); // constant
        scaler.scale(rows[100], out.data());
        QCOMPARE(out[0], 0.0);
        AnswerStats far;
        far.features[feature::Hedges] = 1e9;
        scaler.scale(far, out.data());
        QCOMPARE(out[0], 4.0);
    }

    void foldsAreGroupedByPrompt()
    {
        // Two samples of one model share everything about a prompt. With random folds the twin in
        // the training set would give its label away, and the AUC would fall far below one half.
        VoicePanel panel = noisePanel(2, 200, 21);
        panel.stats[1] = panel.stats[0];
        for (AnswerStats& stats : panel.stats[1])
            stats.features[feature::Commas] += 1e-6;
        const VoiceDistance distance = voiceDistance(panel, 0, 1, {.draws = 0});
        QVERIFY(isNear(distance.auc.value, 0.5, 0.01));
    }

    void oneVoiceIsNotToldApart()
    {
        const VoiceDistance distance = voiceDistance(noisePanel(2, 400, 5), 0, 1, {.draws = 200});
        QVERIFY(distance.auc.value > 0.45 && distance.auc.value < 0.55);
        QVERIFY(distance.noticeability.value < 0.02);
        QVERIFY(distance.hasVerdict);
    }

    void twoVoicesAre()
    {
        const VoicePanel panel = hedgingPanel(200);
        const VoiceDistance distance = voiceDistance(panel, 0, 1, {.draws = 300});
        QCOMPARE(distance.n, std::size_t(200));
        QVERIFY(distance.auc.value > 0.75);
        QVERIFY(distance.auc.low < distance.auc.value && distance.auc.value < distance.auc.high);
        QVERIFY(distance.noticeability.low < distance.noticeability.value);
        QVERIFY(distance.noticeability.value < distance.noticeability.high);
        QCOMPARE(distance.noticeabilityDraws.size(), std::size_t(300));
        QVERIFY(distance.twoAfc > 0.8); // topics cancel within a prompt
        QCOMPARE(distance.reasons.size(), std::size_t(6));
        const VoiceReason& first = distance.reasons.front();
        QCOMPARE(first.feature, std::size_t(feature::Hedges));
        QVERIFY(first.weight > 0);
        QVERIFY(first.meanA > first.meanB);
        const auto gap = [&](std::size_t p) {
            return panel.stats[0][p].features[feature::Hedges] -
                   panel.stats[1][p].features[feature::Hedges];
        };
        for (std::size_t p = 0; p < 200; ++p)
            QVERIFY(gap(p) <= 0 || gap(distance.tellingPrompt) > 0);
    }

    void theTellingPairContradictsNoReason()
    {
        // Ann hedges and writes more; the row where she hedges most by far is a short answer.
        const VoicePanel panel = noisePanel(2, 30, 3, [](std::size_t m, AnswerStats& stats) {
            stats.words = m == 0 ? 100 : 50;
            stats.features.fill(0);
            stats.features[feature::LogWords] = std::log(stats.words);
            stats.features[feature::Hedges] = m == 0 ? 2 : 1;
        });
        VoicePanel odd = panel;
        odd.stats[0][5].features[feature::Hedges] = 5;
        odd.stats[0][5].words = 10;
        odd.stats[0][5].features[feature::LogWords] = std::log(10);
        odd.stats[0][9].features[feature::Hedges] = 3;
        VoiceReason hedges;
        hedges.feature = feature::Hedges;
        hedges.isMoreInA = true;
        VoiceReason length;
        length.feature = feature::LogWords;
        length.isMoreInA = true;
        QCOMPARE(tellingRow(odd.stats[0], odd.stats[1], std::array{hedges}), std::size_t(5));
        QCOMPARE(tellingRow(odd.stats[0], odd.stats[1], std::array{hedges, length}),
                 std::size_t(9));
        length.isMoreInA = false;
        QCOMPARE(tellingRow(odd.stats[0], odd.stats[1], std::array{hedges, length}),
                 std::size_t(5));
        QCOMPARE(tellingRow({}, {}, std::array{hedges}), std::size_t(0));
    }

    void theOrderOfTwoVoicesOnlyTurnsTheSigns()
    {
        const VoicePanel panel = hedgingPanel(60);
        const VoiceDistance ab = voiceDistance(panel, 0, 1, {.draws = 0});
        const VoiceDistance ba = voiceDistance(panel, 1, 0, {.draws = 0});
        QVERIFY(isNear(ab.auc.value, ba.auc.value, 1e-6));
        QVERIFY(isNear(ab.noticeability.value, ba.noticeability.value, 1e-6));
        QVERIFY(isNear(ab.scoresA[7], -ba.scoresB[7], 1e-5));
        QCOMPARE(ab.reasons[0].feature, ba.reasons[0].feature);
    }

    void smallPanelsHaveNoVerdict()
    {
        QVERIFY(!voiceDistance(hedgingPanel(49), 0, 1, {.draws = 20}).hasVerdict);
        QVERIFY(voiceDistance(hedgingPanel(50), 0, 1, {.draws = 20}).hasVerdict);
        for (std::size_t n : {0, 1, 2, 3, 4, 5}) {
            const VoiceDistance distance = voiceDistance(hedgingPanel(n), 0, 1, {.draws = 20});
            QCOMPARE(distance.n, n);
            QVERIFY(distance.auc.value >= 0 && distance.auc.value <= 1);
            QVERIFY(!distance.hasVerdict);
        }
    }

    void featuresCanBeChosen()
    {
        VoiceDistanceOptions neutral{.draws = 0};
        neutral.features = languageNeutralFeatures();
        const VoiceDistance distance = voiceDistance(hedgingPanel(100), 0, 1, neutral);
        QVERIFY(isNear(distance.auc.value, 0.5, 0.15)); // hedging is not among them
        for (const VoiceReason& reason : distance.reasons)
            QVERIFY(isLanguageNeutral(reason.feature));
    }

    void reasonsAreSentences_data()
    {
        QTest::addColumn<int>("feature");
        QTest::addColumn<double>("meanA");
        QTest::addColumn<double>("meanB");
        QTest::addColumn<QString>("sentence");
        const auto row = [](feature::Index index, double a, double b, const char* sentence) {
            QTest::newRow(sentence) << int(index) << a << b << QString::fromUtf8(sentence);
        };
        row(feature::Bold, 8, 1, "Ann bolds eight times as often as Bob");
        row(feature::Bold, 0.5, 1, "Bob bolds twice as often as Ann");
        row(feature::Bold, 0, 1, "Bob bolds; Ann never does");
        row(feature::Bold, 500, 1, "Ann bolds more than twenty times as often as Bob");
        row(feature::Bold, 13, 1, "Ann bolds 13 times as often as Bob");
        row(feature::Hedges, 1.3, 1, "Ann hedges 30 % more often than Bob");
        row(feature::Hedges, 1, 1, "Ann and Bob do not differ in hedges");
        row(feature::SentenceLength, 14, 20, "Bob writes 43 % longer sentences than Ann");
        row(feature::Bold, 1.9, 1, "Ann bolds twice as often as Bob");
        row(feature::Bold, 1.85, 1, "Ann bolds 1.9 times as often as Bob");
        row(feature::Bold, 2.1, 1, "Ann bolds twice as often as Bob"); // twice: 1.9 to 2.1
        row(feature::Bold, 2.13, 1, "Ann bolds 2.1 times as often as Bob");
        row(feature::Bold, 1.003, 1, "Ann bolds about as often as Bob");
        row(feature::LogWords, 1.8, 1, "Ann writes answers 1.8 times as long as those of Bob");
        row(feature::LogWords, 1, 1.003, "Bob writes answers about as long as those of Ann");
        row(feature::LogWords, 300, 100, "Ann writes answers three times as long as those of Bob");
        row(feature::ClosesOffering, 0.02, 0.35,
            "Ann rarely closes with an offer to help; Bob does in 35 % of its answers");
        row(feature::ClosesOffering, 0.35, 0,
            "Bob never closes with an offer to help; Ann does in 35 % of its answers");
        row(feature::OpensHere, 0.6, 0.25,
            "Ann opens with \u201cHere is\u201d in 60 % of its answers, Bob in 25 %");
        row(feature::Formality, 60, 50, "Ann writes more formally than Bob");
        row(feature::Sentiment, -0.1, 0.1, "Bob sounds more positive than Ann");
        row(feature::Mtld, std::nan(""), 1,
            "only one of Ann and Bob writes enough to measure its variety of words");
    }
    void reasonsAreSentences()
    {
        QFETCH(const int, feature);
        QFETCH(const double, meanA);
        QFETCH(const double, meanB);
        QFETCH(const QString, sentence);
        QCOMPARE(QString::fromStdString(
                     voiceReasonSentence(std::size_t(feature), "Ann", meanA, "Bob", meanB)),
                 sentence);
    }

    void theLengthIsToldByThePairedRatio()
    {
        // Ann writes twice as much to each prompt but one, where Bob writes a novel: by means Bob
        // is the longer writer, prompt by prompt Ann is.
        const VoicePanel panel = noisePanel(2, 60, 3, [](std::size_t m, AnswerStats& stats) {
            stats.words = m == 0 ? 100 : 50;
            stats.features[feature::LogWords] += m == 0 ? 2 : 0;
        });
        VoicePanel odd = panel;
        odd.stats[1][7].words = 20'000;
        const double ratio = compareVerbosity(odd, 0, 1, 0).pairedRatio.value;
        QVERIFY(ratio > 1);
        const VoiceDistance distance = voiceDistance(odd, 0, 1, {.draws = 0});
        const auto reason =
            std::ranges::find(distance.reasons, feature::LogWords, &VoiceReason::feature);
        QVERIFY(reason != distance.reasons.end());
        QCOMPARE(reason->sentence, lengthSentence(odd.models[0], odd.models[1], ratio));
        QVERIFY(reason->sentence.starts_with(odd.models[0]));
    }

    /// Under a heading that names both voices a line needs no name.
    void aReasonCanStandInColumns()
    {
        const VoiceReasonWords often = voiceReasonWords(feature::LogParagraphs, 1.46, 1);
        QCOMPARE(often, (VoiceReasonWords{true, "starts a new paragraph", "46 % more often"}));
        const VoiceReasonWords longer = voiceReasonWords(feature::LogWords, 1, 1.55);
        QCOMPARE(longer, (VoiceReasonWords{false, "writes longer answers", "55 % longer"}));
        QCOMPARE(voiceReasonWords(feature::LogWords, 2, 1).amount, std::string("twice as long"));
        QCOMPARE(voiceReasonWords(feature::SentenceLengthSpread, 2.37, 2.66).amount,
                 std::string("standard deviation 2.66 words, the other 2.37"));
        QCOMPARE(voiceReasonWords(feature::Grade, 8.4, 6).amount,
                 std::string("school grade 8.40, the other 6.00"));
        for (std::size_t k = 0; k < kVoiceFeatureCount; ++k) {
            const VoiceReasonWords words = voiceReasonWords(k, 0.5, 0.2);
            QVERIFY(words.isMoreInA && !words.trait.empty());
            QVERIFY2(words.amount.find_first_of("0123456789") != std::string::npos,
                     words.amount.c_str());
        }
    }

    void everyFeatureHasASentence()
    {
        for (std::size_t k = 0; k < kVoiceFeatureCount; ++k) {
            const std::string sentence = voiceReasonSentence(k, "Ann", 0.5, "Bob", 0.2);
            QVERIFY2(sentence.find("Ann") != std::string::npos &&
                         sentence.find("Bob") != std::string::npos,
                     sentence.c_str());
            QVERIFY(!voiceFeatureLabel(k).empty());
        }
    }

    void theFloorIsMeasuredOrStated()
    {
        const NoiseFloor stated = noiseFloor({}, {});
        QVERIFY(!stated.measured);
        QCOMPARE(stated.auc, 0.56);
        QCOMPARE(stated.noticeability, 0.02);
        const VoicePanel panel = noisePanel(2, 60, 3);
        const NoiseFloor floor = noiseFloor(panel.stats[0], panel.stats[1]);
        QVERIFY(floor.measured);
        QCOMPARE(floor.n, std::size_t(60));
        QVERIFY(floor.auc >= 0.5 && floor.auc < 0.65);
        QVERIFY(floor.noticeability < 0.05);
    }

    void theEnergyTestSeesAnyDifference()
    {
        const VoicePanel panel = hedgingPanel(100);
        const EnergyTest different = energyTest(panel, 0, 1);
        QVERIFY(different.pValue <= 0.01);
        QVERIFY(different.distance > 0);
        QCOMPARE(different.swaps, 999);
        const EnergyTest none = energyTest(noisePanel(2, 100, 8), 0, 1);
        QVERIFY(none.pValue > 0.01);
        QVERIFY(isNear(none.pValue * 1000, std::round(none.pValue * 1000), 1e-9));
        // An exact copy: distance 0, and every swap is as far.
        VoicePanel copy = noisePanel(2, 20, 8);
        copy.stats[1] = copy.stats[0];
        QVERIFY(isNear(energyTest(copy, 0, 1).distance, 0, 1e-9));
        QCOMPARE(energyTest(copy, 0, 1).pValue, 1.0);
    }

    void theEnergyDistanceIsItsDefinition()
    {
        // Two prompts, one feature apart from constants: A 0 and 1, B 2 and 5; z = x / s.
        VoicePanel panel =
            noisePanel(2, 2, 1, [](std::size_t, AnswerStats& stats) { stats.features.fill(0); });
        const double values[2][2] = {{0, 1}, {2, 5}};
        for (std::size_t m = 0; m < 2; ++m) {
            for (std::size_t p = 0; p < 2; ++p)
                panel.stats[m][p].features[feature::Hedges] = values[m][p];
        }
        const double s = std::sqrt((4.0 + 1 + 0 + 9) / 4);
        const double between = (2 + 5 + 1 + 4) / 4.0;
        const double withinA = 2 * 1 / 4.0;
        const double withinB = 2 * 3 / 4.0;
        QVERIFY(
            isNear(energyTest(panel, 0, 1).distance, (2 * between - withinA - withinB) / s, 1e-9));
    }

    void benjaminiAndHochbergsRule()
    {
        // Step up: 0.0187 is under 3/8 of 5 %, so it is rejected with all that are smaller.
        const std::vector<double> p = {0.0095, 0.9, 0.001, 0.0187, 0.3, 0.0298, 0.6, 0.5};
        const std::vector<bool> rejected = benjaminiHochberg(p, 0.05);
        QVERIFY(
            (rejected == std::vector<bool>{true, false, true, true, false, false, false, false}));
        // 0.04 alone would fail at 1/2 of 5 %, but 0.05 passes at 2/2 and takes it along.
        QVERIFY((benjaminiHochberg(std::array{0.05, 0.04}, 0.05) == std::vector<bool>{true, true}));
        QVERIFY(
            (benjaminiHochberg(std::array{0.06, 0.04}, 0.05) == std::vector<bool>{false, false}));
        QVERIFY(benjaminiHochberg({}).empty());
        // Adjusted, each p is the level at which it just is rejected: 0.03 with the larger 0.04.
        const std::vector<double> adjusted = adjustedPValues(std::array{0.03, 0.9, 0.04, 0.001});
        const std::vector<double> expected = {0.04 * 4 / 3, 0.9, 0.04 * 4 / 3, 0.004};
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(isNear(adjusted[i], expected[i], 1e-12));
        QVERIFY(adjustedPValues({}).empty());
    }

    void aMatrixKnowsItsPairs()
    {
        const VoicePanel panel = noisePanel(4, 30, 2, [](std::size_t m, AnswerStats& stats) {
            stats.features[feature::Hedges] += 2 * double(m);
        });
        const VoiceMatrix matrix = voiceMatrix(panel, {.draws = 10});
        QCOMPARE(matrix.pairs.size(), std::size_t(6));
        for (std::size_t a = 0; a < 4; ++a) {
            QCOMPARE(matrix.pair(a, a), nullptr);
            QCOMPARE(matrix.noticeability(a, a), 0.0);
            for (std::size_t b = a + 1; b < 4; ++b) {
                const VoiceDistance direct = voiceDistance(panel, a, b, {.draws = 10});
                QCOMPARE(matrix.pair(a, b)->auc, direct.auc);
                QCOMPARE(matrix.pair(b, a), matrix.pair(a, b));
            }
        }
        QCOMPARE(matrix.pair(0, 4), nullptr);
        QVERIFY(voiceMatrix({}).pairs.empty());
    }

    void quantilesAreLinear()
    {
        std::vector<double> values = {4, 1, 3, 2};
        QCOMPARE(quantileOf(values, 0), 1.0);
        QCOMPARE(quantileOf(values, 1), 4.0);
        QCOMPARE(quantileOf(values, 0.5), 2.5);
        std::vector<double> one = {7};
        QCOMPARE(quantileOf(one, 0.95), 7.0);
    }
};

QTEST_GUILESS_MAIN(TestVoiceDistance)
#include "tst_voice_distance.moc"
