// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: agreement is Krippendorff's alpha, to the digits that he published, and units are what
// the header says they are.

#include "votes.h"

#include <core/base/random.h>
#include <core/tasting/agreement.h>

#include <QTest>

#include <cmath>

using namespace signalbox;
using signalbox::tests::ranking;

namespace {

bool isNear(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

/// Units from rows of one character a rating, '.' missing.
std::vector<std::vector<int>> unitsOf(std::initializer_list<std::string_view> raters)
{
    std::vector<std::vector<int>> units;
    for (const std::string_view row : raters) {
        units.resize(std::max(units.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i] != '.')
                units[i].push_back(row[i]);
        }
    }
    return units;
}

} // namespace

class TestAgreement : public QObject
{
    Q_OBJECT
private slots:
    void alphaIsWhatKrippendorffPublished()
    {
        // "Computing Krippendorff's Alpha-Reliability" (2011): two observers and binary data
        // (section A), nominal data (B), any number of observers with missing data (C, D).
        QVERIFY(
            isNear(*krippendorffAlpha(unitsOf({"0100000010", "1110010000"}), RatingScale::Nominal),
                   0.095, 0.0005));
        QVERIFY(isNear(
            *krippendorffAlpha(unitsOf({"aabbdcccedda", "babbbccceddd"}), RatingScale::Nominal),
            0.692, 0.0005));
        const auto four = unitsOf({"123321412...", "1233224125.3", ".3332342251.", "12332441251."});
        QVERIFY(isNear(*krippendorffAlpha(four, RatingScale::Nominal), 0.743, 0.0005));
        QVERIFY(isNear(*krippendorffAlpha(four, RatingScale::Ordinal), 0.815, 0.0005));
    }

    void perfectAgreementIsOneAndChanceIsZero()
    {
        QCOMPARE(*krippendorffAlpha(unitsOf({"1231", "1231"}), RatingScale::Ordinal), 1.0);
        Random random(2);
        std::vector<std::vector<int>> units(4000);
        for (std::vector<int>& unit : units)
            unit = {int(random.below(3)), int(random.below(3)), int(random.below(3))};
        QVERIFY(isNear(*krippendorffAlpha(units, RatingScale::Nominal), 0, 0.03));
        QVERIFY(*krippendorffAlpha(unitsOf({"1212", "2121"}), RatingScale::Nominal) < -0.5);
    }

    void withoutVariationOrPairsThereIsNone()
    {
        QVERIFY(!krippendorffAlpha({}, RatingScale::Nominal));
        QVERIFY(!krippendorffAlpha(unitsOf({"12", ".."}), RatingScale::Nominal));
        QVERIFY(!krippendorffAlpha(unitsOf({"1112", "111."}), RatingScale::Ordinal));
    }

    void ratersOfOneMindAgreeOnEverything()
    {
        std::vector<Ranking> votes;
        for (const char* rater : {"ann", "bob", "cy"}) {
            votes.push_back(ranking(rater, "p1", "a > b > c"));
            votes.push_back(ranking(rater, "p2", "c > a = b"));
        }
        const RaterAgreement agreement = raterAgreement(votes, 20);
        QCOMPARE(agreement.best->value, 1.0);
        QCOMPARE(agreement.best->n, std::size_t(2));
        QCOMPARE(agreement.places->value, 1.0);
        QCOMPARE(agreement.places->n, std::size_t(6));
        QCOMPARE(agreement.pairs->value, 1.0);
        QCOMPARE(agreement.pairs->n, std::size_t(6));
    }

    void oneRaterAgreesWithNobody()
    {
        const std::vector<Ranking> votes{ranking("ann", "p1", "a > b"),
                                         ranking("ann", "p2", "b > a")};
        QVERIFY(!raterAgreement(votes).best);
        QVERIFY(!raterAgreement(votes).pairs);
    }

    void placesAmongOtherModelsAreOtherUnits()
    {
        // Second of two and second of three are not the same place; the pair is the same pair.
        const std::vector<Ranking> votes{
            ranking("ann", "p1", "a > b"), ranking("bob", "p1", "a > b > c"),
            ranking("ann", "p2", "b > a"), ranking("bob", "p2", "c > b > a")};
        const RaterAgreement agreement = raterAgreement(votes, 0);
        QVERIFY(!agreement.places && !agreement.best);
        QCOMPARE(agreement.pairs->value, 1.0);
        QCOMPARE(agreement.pairs->n, std::size_t(2));
    }

    void aNearMissCountsLessThanAReversal()
    {
        const auto alpha = [](const char* second) {
            return raterAgreement(std::vector<Ranking>{ranking("ann", "p1", "a > b > c"),
                                                       ranking("bob", "p1", second),
                                                       ranking("ann", "p2", "c > b > a"),
                                                       ranking("bob", "p2", "c > b > a")},
                                  0)
                .places->value;
        };
        QVERIFY(alpha("a > c > b") > alpha("c > b > a") + 0.2);
        QVERIFY(alpha("a > b = c") > alpha("a > c > b"));
    }

    void theIntervalIsSeededAndHoldsTheValue()
    {
        Random random(4);
        std::vector<Ranking> votes;
        for (int p = 0; p < 40; ++p) {
            const bool aIsBetter = random.chance(0.5);
            for (const char* rater : {"ann", "bob", "cy"})
                votes.push_back(ranking(rater, std::to_string(p),
                                        aIsBetter != random.chance(0.15) ? "a > b" : "b > a"));
        }
        const Estimate pairs = *raterAgreement(votes, 400).pairs;
        QVERIFY(pairs.low < pairs.value && pairs.value < pairs.high);
        // 1 - 2 * 0.15 * 0.85 / 0.5 with two equally frequent values.
        QVERIFY(pairs.low < 0.49 && pairs.high > 0.49);
        QVERIFY(pairs.high - pairs.low < 0.6);
        QCOMPARE(raterAgreement(votes, 400).pairs, std::optional(pairs));
    }

    void wordsFollowKrippendorffsLimits()
    {
        QCOMPARE(agreementWord(0.81), std::string_view("reliable"));
        QCOMPARE(agreementWord(0.7), std::string_view("tentative"));
        QCOMPARE(agreementWord(0.5), std::string_view("unreliable"));
        QCOMPARE(agreementWord(std::nullopt), std::string_view("unknown"));
    }
};

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
