// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: tone axes, their reliability and verbosity are what their definitions say, on panels
// whose numbers are known.

#include "voice_panels.h"

#include <core/voice/answer_stats.h>
#include <core/voice/tone.h>
#include <core/voice/voice_features.h>

#include <QTest>

#include <cmath>

using namespace signalbox;
using signalbox::tests::noisePanel;

namespace {

std::size_t axisIndex(std::string_view id)
{
    for (std::size_t i = 0; i < toneAxes().size(); ++i) {
        if (toneAxes()[i].id == id)
            return i;
    }
    qFatal("no such axis");
    return 0;
}

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

VoicePanel panelOfTexts(const std::vector<std::vector<const char*>>& texts)
{
    VoicePanel panel;
    for (const std::vector<const char*>& model : texts) {
        panel.models.push_back(std::string(1, char('A' + panel.models.size())));
        panel.stats.emplace_back();
        for (const char* text : model)
            panel.stats.back().push_back(measureAnswer(text));
    }
    for (std::size_t p = 0; p < texts.front().size(); ++p)
        panel.prompts.push_back(std::to_string(p));
    return panel;
}

} // namespace

class TestTone : public QObject
{
    Q_OBJECT
private slots:
    void tIsFiftyPlusTenZ()
    {
        // Hedges per 100 words 0 and 2 for A, 2 and 4 for B: mean 2, standard deviation sqrt(2).
        VoicePanel panel = noisePanel(2, 2, 1);
        const double hedges[2][2] = {{0, 2}, {2, 4}};
        for (std::size_t m = 0; m < 2; ++m) {
            for (std::size_t p = 0; p < 2; ++p)
                panel.stats[m][p].features[feature::Hedges] = hedges[m][p];
        }
        const auto places = tonePlaces(panel, 100);
        const std::size_t hedging = axisIndex("hedging");
        QVERIFY(isNear(places[0][hedging].t.value, 50 - 10 / std::sqrt(2.0), 1e-9));
        QVERIFY(isNear(places[1][hedging].t.value, 50 + 10 / std::sqrt(2.0), 1e-9));
        QVERIFY(places[0][hedging].t.low <= places[0][hedging].t.value);
        const ToneDifference difference = toneDifference(panel, 1, 0, hedging, 100);
        QVERIFY(isNear(difference.difference.value, 20 / std::sqrt(2.0), 1e-9));
    }

    /// A policy's answers are its models' own: they move neither the mean of the panel nor its
    /// spread, and have their place on the same scale.
    void whatRepeatsTheOthersIsNoPartOfTheScale()
    {
        const VoicePanel models = noisePanel(3, 40, 7, [](std::size_t m, AnswerStats& stats) {
            stats.features[feature::Hedges] += static_cast<double>(m);
        });
        VoicePanel panel = models;
        panel.models.push_back("policy:desk");
        panel.stats.push_back(models.stats[2]);
        panel.repeats = {false, false, false, true};
        const auto alone = tonePlaces(models, 50);
        const auto beside = tonePlaces(panel, 50);
        for (std::size_t axis = 0; axis < toneAxes().size(); ++axis) {
            for (std::size_t m = 0; m < 3; ++m) {
                QCOMPARE(beside[m][axis].t.value, alone[m][axis].t.value);
                QCOMPARE(beside[m][axis].reliability, alone[m][axis].reliability);
            }
            QCOMPARE(beside[3][axis].t.value, alone[2][axis].t.value);
        }
        // Of one model and the policy nothing else could make a scale.
        const VoicePanel two{{"A", "policy:desk"}, {}, {models.stats[0], models.stats[2]}, true, {},
                             {false, true}};
        QCOMPARE(two.scaleModels(), (std::vector<std::size_t>{0, 1}));
    }

    void axesPointWhereTheirWordsDo()
    {
        const char* warm = "Thank you! You can do it, and I am happy to help you. Let me know!";
        const char* cool = "The procedure is described in the documentation of the product.";
        const VoicePanel panel = panelOfTexts({{warm, warm}, {cool, cool}});
        const auto places = tonePlaces(panel, 0);
        const auto higher = [&](const char* axis) {
            const std::size_t i = axisIndex(axis);
            return places[0][i].t.value > places[1][i].t.value;
        };
        QVERIFY(higher("warmth"));
        QVERIFY(higher("enthusiasm"));
        QVERIFY(higher("sentiment"));
        QVERIFY(!higher("formality"));
    }

    void anyPreambleCountsOnce()
    {
        const VoicePanel panel =
            panelOfTexts({{"Sure, one.", "Here is one."}, {"One thing.", "One thing."}});
        const auto places = tonePlaces(panel, 0);
        QVERIFY(places[0][axisIndex("directness")].t.value <
                places[1][axisIndex("directness")].t.value);
        for (const ToneTerm& term : toneAxes()[axisIndex("directness")].terms)
            QVERIFY(!term.anyOf.empty());
    }

    void tStaysBetweenTwentyAndEighty()
    {
        const VoicePanel panel = noisePanel(40, 3, 1, [](std::size_t m, AnswerStats& stats) {
            stats.features[feature::Hedges] = m == 0 ? 1e6 : 0;
        });
        const auto places = tonePlaces(panel, 50);
        const TonePlace& place = places[0][axisIndex("hedging")];
        QCOMPARE(place.t.value, 80.0);
        QCOMPARE(place.t.high, 80.0);
    }

    void missingValuesAreLeftOut()
    {
        VoicePanel panel = noisePanel(2, 4, 1);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        for (std::size_t m = 0; m < 2; ++m) {
            for (std::size_t p = 0; p < 4; ++p) {
                panel.stats[m][p].features[feature::Mtld] = nan;
                panel.stats[m][p].features[feature::Mattr] = p == 0 ? nan : double(m);
            }
        }
        const auto places = tonePlaces(panel, 50);
        const TonePlace& place = places[1][axisIndex("richness")];
        QCOMPARE(place.t.value, 60.0);
        QCOMPARE(place.t.n, std::size_t(3));
    }

    void anEmptyPanelHasNoPlaces()
    {
        QVERIFY(tonePlaces({}).empty());
        VoicePanel noPrompts;
        noPrompts.models = {"a"};
        noPrompts.stats = {{}};
        QVERIFY(tonePlaces(noPrompts).empty());
    }

    void reliabilityGrowsAsSpearmanAndBrownSay()
    {
        const auto reliabilityAt = [](std::size_t prompts) {
            double sum = 0;
            for (std::uint64_t seed = 1; seed <= 10; ++seed) {
                const VoicePanel panel =
                    noisePanel(6, prompts, seed, [](std::size_t m, AnswerStats& stats) {
                        stats.features[feature::Hedges] += 0.25 * double(m);
                    });
                sum += tonePlaces(panel, 0)[0][axisIndex("hedging")].reliability;
            }
            return sum / 10;
        };
        const double at40 = reliabilityAt(40);
        const double at160 = reliabilityAt(160);
        const double predicted = 4 * at40 / (1 + 3 * at40);
        QVERIFY(at40 > 0.3 && at40 < 0.98);
        QVERIFY(isNear(at160, predicted, 0.05));
    }

    void anAxisWithoutDifferencesIsWeakAndSaysWhatItNeeds()
    {
        const auto places = tonePlaces(noisePanel(3, 60, 5), 0);
        int weak = 0;
        for (const TonePlace& place : places[0]) {
            weak += place.isWeak();
            QCOMPARE(place.promptsNeeded > 60, place.isWeak());
            QVERIFY(place.promptsNeeded <= kMostPromptsNeeded);
        }
        QVERIFY(weak >= 6); // nine axes of pure noise
        const auto strong = tonePlaces(noisePanel(3, 60, 5,
                                                  [](std::size_t m, AnswerStats& stats) {
                                                      stats.features[feature::Hedges] +=
                                                          3 * double(m);
                                                  }),
                                       0);
        const TonePlace& hedging = strong[0][axisIndex("hedging")];
        QVERIFY(!hedging.isWeak());
        QCOMPARE(hedging.promptsNeeded, std::size_t(0));
        QVERIFY(hedging.reliability > 0.95);
    }

    void oneModelHasNoReliability()
    {
        const auto places = tonePlaces(noisePanel(1, 60, 5), 0);
        QVERIFY(std::isnan(places[0][0].reliability));
        QVERIFY(places[0][0].isWeak());
        QCOMPARE(places[0][0].promptsNeeded, std::size_t(0));
    }

    void differencesArePairedByPrompt()
    {
        // Topics differ by far more than the models, who differ by exactly 1 on every prompt.
        VoicePanel panel = noisePanel(2, 30, 1);
        for (std::size_t p = 0; p < 30; ++p) {
            panel.stats[0][p].features[feature::Sentiment] = double(100 * p);
            panel.stats[1][p].features[feature::Sentiment] = double(100 * p + (p % 2 ? 1 : 2));
        }
        const ToneDifference difference = toneDifference(panel, 1, 0, axisIndex("sentiment"), 500);
        QVERIFY(difference.difference.low > 0);
        QCOMPARE(difference.difference.n, std::size_t(30));
    }

    void theEffectIsInUnitsOfTheDifferencesOwnSpread()
    {
        VoicePanel panel = noisePanel(2, 30, 1);
        for (std::size_t p = 0; p < 30; ++p) {
            panel.stats[0][p].features[feature::Sentiment] = 0;
            panel.stats[1][p].features[feature::Sentiment] = p % 2 ? 1 : 2;
        }
        const auto effect = toneDifference(panel, 1, 0, axisIndex("sentiment"), 50).effect;
        QVERIFY(effect && isNear(*effect, 1.5 / std::sqrt(30 * 0.25 / 29), 1e-6));
    }

    void answersThatAreAllAlikeHaveNoEffect()
    {
        // They differ by 1.5 on every prompt, give or take a thousandth: 1,500 of that is no size.
        VoicePanel panel = noisePanel(2, 30, 1);
        for (std::size_t p = 0; p < 30; ++p) {
            panel.stats[0][p].features[feature::Sentiment] = 0;
            panel.stats[1][p].features[feature::Sentiment] = 1.5 + (p % 2 ? 0.001 : 0);
        }
        const ToneDifference apart = toneDifference(panel, 1, 0, axisIndex("sentiment"), 50);
        QVERIFY(apart.difference.value > 15);
        QVERIFY(!apart.effect);
    }

    void theIntervalIsOneOfPrompts()
    {
        const VoicePanel panel = noisePanel(2, 400, 9, [](std::size_t m, AnswerStats& stats) {
            stats.features[feature::Hedges] += double(m);
        });
        const ToneDifference difference = toneDifference(panel, 1, 0, axisIndex("hedging"), 1000);
        // d_p = 10 (1 + e1 - e0) / s with s^2 = 2 + 1/4; its standard error over 400 prompts.
        const double error = 10 * std::sqrt(2.0) / std::sqrt(2.25) / 20;
        QVERIFY(isNear(difference.difference.high - difference.difference.low, 2 * 1.96 * error,
                       0.3 * error));
        QCOMPARE(toneDifference(panel, 1, 0, axisIndex("hedging"), 1000).difference,
                 difference.difference); // seeded
    }

    void ratesAreSharesAndCounts()
    {
        const VoicePanel panel = panelOfTexts(
            {{"As an AI, no.", "I'm sorry, no."}, {"Blue is a colour.", "Yes \U0001F600 to it"}});
        const auto rates = measureToneRates(panel, 20);
        QCOMPARE(toneRates().size(), std::size_t(4));
        QCOMPARE(rates[0][0].value, 1.0); // disclaimers, "i'm sorry" among them
        QCOMPARE(rates[0][1].value, 1.0); // refusals
        QCOMPARE(rates[1][0].value, 0.0);
        QCOMPARE(rates[1][2].value, 2.5); // emoji: 0, and 5 after the cap
        QCOMPARE(rates[0][3].value, 7.5); // "I'm" in three words, capped at 15
    }

    void verbosityIsPaired()
    {
        VoicePanel panel = noisePanel(2, 3, 1);
        const int words[2][3] = {{9, 19, 39}, {19, 19, 19}};
        for (std::size_t m = 0; m < 2; ++m) {
            for (std::size_t p = 0; p < 3; ++p)
                panel.stats[m][p].words = words[m][p];
        }
        const VerbosityComparison comparison = compareVerbosity(panel, 0, 1, 200);
        QVERIFY(isNear(comparison.pairedRatio.value, 1.0, 1e-12)); // 1/2, 1 and 2
        QVERIFY(isNear(comparison.ratioOfMeans, 67.0 / 57, 1e-12));
        QVERIFY(isNear(comparison.shareALonger.value, 0.5, 1e-12));
        QCOMPARE(comparison.pairedRatio.n, std::size_t(3));
        QVERIFY(comparison.pairedRatio.low >= 0.5 && comparison.pairedRatio.high <= 2);
        QVERIFY(std::isnan(compareLengths(std::array{1.0}, std::array{0.0}, 10).ratioOfMeans));
    }

    void verbosityOfOneModel()
    {
        const VoicePanel panel = panelOfTexts({{"One two. Three.", "- **four** five\n- six"}});
        const Verbosity verbosity = measureVerbosity(panel, 0, 50);
        QCOMPARE(verbosity.words.value, 3.0);
        QCOMPARE(verbosity.sentences.value, 2.0);
        QCOMPARE(verbosity.wordsPerSentence, 1.5);
        QCOMPARE(verbosity.shareWithList, 0.5);
        QCOMPARE(verbosity.shareWithBold, 0.5);
        QCOMPARE(verbosity.shareWithHeader, 0.0);
        QVERIFY(isNear(verbosity.listItemsPer100Words, 100.0 / 3, 1e-9));
        QVERIFY(isNear(verbosity.boldPer100Words, 50.0 / 3, 1e-9));
    }
};

QTEST_GUILESS_MAIN(TestTone)
#include "tst_tone.moc"
