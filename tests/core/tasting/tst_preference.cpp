// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: strengths are those of the Bradley-Terry model, checked against published fits and
// worked by hand; what the votes do not connect is said and not guessed; intervals cover the truth.

#include "votes.h"

#include <core/base/random.h>
#include <core/tasting/preference.h>

#include <QTest>

#include <array>
#include <cmath>

using namespace signalbox;
using signalbox::tests::ranking;

namespace {

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

using Wins = std::array<std::array<int, 7>, 7>;

/// American League East 1987: games that row won against column, in the order Milwaukee, Detroit,
/// Toronto, New York, Boston, Cleveland, Baltimore. Agresti, Categorical Data Analysis, section
/// 10.6.
constexpr Wins kBaseball = {{{0, 7, 9, 7, 7, 9, 11},
                             {6, 0, 7, 5, 11, 9, 9},
                             {4, 6, 0, 7, 7, 8, 12},
                             {6, 8, 6, 0, 6, 7, 10},
                             {6, 2, 6, 7, 0, 7, 12},
                             {4, 4, 5, 6, 6, 0, 6},
                             {2, 4, 1, 3, 1, 7, 0}}};

const ModelPreference& modelOf(const PreferenceResult& result, const char* id)
{
    const auto found = std::ranges::find(result.models, ModelId(id), &ModelPreference::model);
    if (found == result.models.end())
        qFatal("no such model");
    return *found;
}

/// Votes of people who each lean their own way about the strengths.
std::vector<Ranking> simulatedVotes(double advantage, int raters, int prompts, Random& random)
{
    std::vector<Ranking> votes;
    std::vector<double> topics;
    for (int p = 0; p < prompts; ++p)
        topics.push_back(0.5 * random.normal());
    for (int r = 0; r < raters; ++r) {
        const double leaning = 0.5 * random.normal();
        for (int p = 0; p < prompts; ++p) {
            const double odds = advantage + leaning + topics[std::size_t(p)];
            votes.push_back(ranking(std::to_string(r).c_str(), std::to_string(p),
                                    random.chance(1 / (1 + std::exp(-odds))) ? "a > b" : "b > a"));
        }
    }
    return votes;
}

/// The chance that a is preferred, over raters and prompts.
double trueChance(double advantage)
{
    double sum = 0;
    constexpr int kSteps = 2000;
    for (int i = 0; i < kSteps; ++i) {
        const double z = normalQuantile((i + 0.5) / kSteps) * std::sqrt(0.5);
        sum += 1 / (1 + std::exp(-advantage - z));
    }
    return sum / kSteps;
}

} // namespace

class TestPreference : public QObject
{
    Q_OBJECT
private slots:
    void strengthsAreThoseOfAPublishedFit()
    {
        PairCounts counts(7);
        for (std::size_t i = 0; i < 7; ++i) {
            for (std::size_t j = 0; j < 7; ++j)
                counts.add(i, j, kBaseball[i][j]);
        }
        const BradleyTerry fit = fitBradleyTerry(counts);
        QVERIFY(fit.isConnected());
        constexpr std::array kPublished = {1.581, 1.436, 1.294, 1.248, 1.108, 0.684, 0.0};
        for (std::size_t i = 0; i < 7; ++i)
            QVERIFY(isNear(fit.strength[i] - fit.strength[6], kPublished[i], 0.0006));
        double sum = 0;
        for (const double strength : fit.strength)
            sum += strength;
        QVERIFY(isNear(sum, 0, 1e-9));
    }

    void expectedPreferencesAreTheObservedOnes()
    {
        // What defines the maximum, with ties as halves.
        PairCounts counts(4);
        counts.add(0, 1, 3);
        counts.add(1, 0, 2);
        counts.addTie(1, 2, 5);
        counts.add(2, 3, 7);
        counts.addTie(3, 0, 1);
        const BradleyTerry fit = fitBradleyTerry(counts);
        QVERIFY(fit.isConnected());
        for (std::size_t i = 0; i < 4; ++i) {
            double observed = 0;
            double expected = 0;
            for (std::size_t j = 0; j < 4; ++j) {
                observed += counts.of(i, j);
                if (j != i)
                    expected += (counts.of(i, j) + counts.of(j, i)) * fit.chance(i, j);
            }
            QVERIFY(isNear(observed, expected, 1e-9));
        }
    }

    void aTieIsHalfAPreferenceEachWay()
    {
        PairCounts counts(2);
        counts.add(0, 1, 5);
        counts.add(1, 0, 1);
        counts.addTie(0, 1, 4);
        QVERIFY(isNear(fitBradleyTerry(counts).chance(0, 1), 0.7, 1e-12));
        PairCounts allTied(2);
        allTied.addTie(0, 1, 3);
        const BradleyTerry fit = fitBradleyTerry(allTied);
        QVERIFY(fit.isConnected());
        QCOMPARE(fit.chance(0, 1), 0.5);
    }

    void groupsThatNobodyComparedAreApart()
    {
        PairCounts counts(4);
        counts.add(0, 2, 2);
        counts.add(2, 0, 1);
        counts.add(1, 3, 1);
        counts.add(3, 1, 3);
        const BradleyTerry fit = fitBradleyTerry(counts);
        QCOMPARE(fit.groups, (std::vector<std::vector<std::size_t>>{{0, 2}, {1, 3}}));
        QVERIFY(std::isnan(fit.chance(0, 1)));
        QVERIFY(isNear(fit.chance(0, 2), 2.0 / 3, 1e-12));
        QVERIFY(isNear(fit.chance(1, 3), 0.25, 1e-12));
    }

    void whoAlwaysWinsIsAboveByNoKnownDistance()
    {
        PairCounts counts(3);
        counts.add(0, 1, 4);
        counts.add(1, 2, 1);
        counts.add(2, 1, 1);
        const BradleyTerry fit = fitBradleyTerry(counts);
        QCOMPARE(fit.groups, (std::vector<std::vector<std::size_t>>{{0}, {1, 2}}));
        QCOMPARE(fit.chance(0, 1), 1.0);
        QCOMPARE(fit.chance(0, 2), 1.0); // by a chain
        QCOMPARE(fit.chance(2, 0), 0.0);
        QCOMPARE(fit.chance(1, 2), 0.5);
    }

    void twoThatBothBeatAThirdAreNotComparedByThat()
    {
        PairCounts counts(3);
        counts.add(0, 2, 4);
        counts.add(1, 2, 1);
        QVERIFY(std::isnan(fitBradleyTerry(counts).chance(0, 1)));
    }

    void aRankingIsAllItsPairs()
    {
        const std::vector<Ranking> votes{ranking("ann", "p1", "a > b = c"),
                                         ranking("bob", "p1", "b > a"),
                                         ranking("bob", "p2", "c > b > a")};
        const PreferenceResult result = preferences(votes, 0);
        QCOMPARE(result.rankings, std::size_t(3));
        QCOMPARE(result.raters, std::size_t(2));
        QCOMPARE(result.prompts, std::size_t(2));
        const PairPreference& ab = *result.pair(1, 0);
        QCOMPARE(ab.aPreferred, 1.0);
        QCOMPARE(ab.bPreferred, 2.0);
        QCOMPARE(ab.ties, 0.0);
        QCOMPARE(ab.chance.n, std::size_t(3));
        QCOMPARE(result.pair(1, 2)->ties, 1.0);
        QVERIFY(isNear(result.tieShare, 1.0 / 7, 1e-12));
        QCOMPARE(modelOf(result, "c").winShare.n, std::size_t(2));
        QCOMPARE(result.models[result.order().front()].model, ModelId("c"));
        QVERIFY(result.pair(1, 1) == nullptr);
    }

    void unknownSharesAreSaid()
    {
        const std::vector<Ranking> votes{ranking("ann", "p1", "a > b"),
                                         ranking("ann", "p2", "b > a"),
                                         ranking("ann", "p3", "c > d")};
        const PreferenceResult result = preferences(votes, 50);
        QCOMPARE(result.groups.size(), std::size_t(3));
        QVERIFY(std::isnan(modelOf(result, "a").winShare.value));
        QCOMPARE(modelOf(result, "a").winShare.low, 0.0);
        QCOMPARE(modelOf(result, "a").winShare.high, 1.0);
        QVERIFY(isNear(result.pair(0, 1)->chance.value, 0.5, 1e-12));
        QCOMPARE(result.order().size(), std::size_t(4));
        QVERIFY(preferences({}, 50).models.empty());
    }

    void intervalsAreSeededAndDoNotDependOnTheOrderOfVotes()
    {
        Random random(5);
        std::vector<Ranking> votes = simulatedVotes(0.4, 6, 20, random);
        const PreferenceResult once = preferences(votes, 200, 3);
        std::ranges::reverse(votes);
        const PreferenceResult again = preferences(votes, 200, 3);
        const Estimate& chance = once.pairs[0].chance;
        QVERIFY(isNear(chance.low, again.pairs[0].chance.low, 1e-9));
        QVERIFY(isNear(chance.high, again.pairs[0].chance.high, 1e-9));
        QVERIFY(chance.low < chance.value && chance.value < chance.high);
        QVERIFY(preferences(votes, 200, 4).pairs[0].chance.low != chance.low);
    }

    void intervalsCoverTheTruthOfRatersAndPrompts()
    {
        const double truth = trueChance(0.8);
        Random random(11);
        int covered = 0;
        int coveredBySingleVotes = 0;
        constexpr int kTests = 200;
        for (int test = 0; test < kTests; ++test) {
            const std::vector<Ranking> votes = simulatedVotes(0.8, 12, 25, random);
            const PairPreference pair = preferences(votes, 200, std::uint64_t(test)).pairs[0];
            covered += pair.chance.low <= truth && truth <= pair.chance.high;
            const double p = pair.chance.value;
            coveredBySingleVotes += std::abs(p - truth) <= 1.96 * std::sqrt(p * (1 - p) / 300);
        }
        QVERIFY2(covered >= 0.91 * kTests, qPrintable(QString::number(covered)));
        // As if every vote were on its own: what the clusters are for.
        QVERIFY2(coveredBySingleVotes < 0.8 * kTests,
                 qPrintable(QString::number(coveredBySingleVotes)));
    }

    void whetherTheFirstAnswerShownWinsIsTold()
    {
        std::vector<Ranking> votes;
        for (int p = 0; p < 40; ++p) {
            Ranking vote = ranking("ann", std::to_string(p), p % 2 ? "a > b" : "b > a");
            vote.shown = {vote.places[p % 4 == 0 ? 1 : 0][0], vote.places[p % 4 == 0 ? 0 : 1][0]};
            votes.push_back(vote);
        }
        const PreferenceResult result = preferences(votes, 200);
        QCOMPARE(result.shownFirst.value, 0.75);
        QCOMPARE(result.shownFirst.n, std::size_t(40));
        QVERIFY(result.shownFirst.low > 0.5 && result.shownFirst.high < 0.95);
        for (Ranking& vote : votes)
            vote.shown.clear();
        QVERIFY(std::isnan(preferences(votes, 20).shownFirst.value));
    }
};

QTEST_GUILESS_MAIN(TestPreference)
#include "tst_preference.moc"
