// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a search for a front finds it: all of it where everything can be tried, nearly all where
// not; what breaks a constraint is never on it; the same seed gives the same result, nothing is
// scored twice, and somebody who has seen enough can stop it.

#include <core/base/random.h>
#include <core/frontier/genome_search.h>

#include <QTest>

#include <cmath>
#include <limits>
#include <set>

using namespace signalbox;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The Zitzler-Deb-Thiele problem no. 1, on a grid: its front is f2 = 1 - sqrt(f1), where every
/// gene but the first is 0.
Scored zdt1(const Genome& genome, double choices)
{
    double rest = 0;
    for (std::size_t i = 1; i < genome.size(); ++i)
        rest += genome[i] / (choices - 1);
    const double f1 = genome[0] / (choices - 1);
    const double g = 1 + 9 * rest / static_cast<double>(genome.size() - 1);
    return {{f1, g * (1 - std::sqrt(f1 / g))}, 0};
}

ScoreGenomes eachBy(std::function<Scored(const Genome&)> score)
{
    return [score = std::move(score)](std::span<const Genome> genomes) {
        std::vector<Scored> scores;
        for (const Genome& genome : genomes)
            scores.push_back(score(genome));
        return scores;
    };
}

/// The share of the square up to (1.1, 1.1) that a front of two objectives leaves behind it.
double coverOf(const GenomeSearchResult& result)
{
    double cover = 0;
    double ceiling = 1.1;
    for (const std::size_t i : result.front) {
        const std::vector<double>& at = result.scores[i].objectives;
        if (at[0] > 1.1 || at[1] > ceiling)
            continue;
        cover += (1.1 - at[0]) * (ceiling - at[1]);
        ceiling = at[1];
    }
    return cover;
}

} // namespace

class GenomeSearchTest : public QObject
{
    Q_OBJECT
private slots:
    void aBreachOfAConstraintLosesToAnythingThatKeepsIt()
    {
        const Scored good{{5, 5}, 0};
        const Scored cheap{{1, 1}, 0.5};
        const Scored cheaper{{0, 0}, 0.7};
        QVERIFY(dominates(good, cheap) && !dominates(cheap, good));
        QVERIFY(dominates(cheap, cheaper));
        QVERIFY(!dominates(good, good));
        QVERIFY(dominates({{1, 2}, 0}, {{1, kNan}, 0}) && !dominates({{1, kNan}, 0}, {{1, 2}, 0}));
        QVERIFY(!dominates({{1, 2}, 0}, {{2, 1}, 0}) && !dominates({{2, 1}, 0}, {{1, 2}, 0}));
    }

    void frontsAreSortedAsByDefinition()
    {
        Random random(3);
        std::vector<Scored> all;
        for (int i = 0; i < 120; ++i)
            all.push_back({{double(random.below(12)), double(random.below(12))},
                           random.chance(0.3) ? double(random.below(3)) : 0});
        const auto fronts = nondominatedFronts(all);
        std::set<std::size_t> before;
        for (const auto& front : fronts) {
            // What is left over without the fronts before: nobody in this front is dominated.
            for (const std::size_t i : front) {
                for (std::size_t j = 0; j < all.size(); ++j)
                    QVERIFY(before.contains(j) || !dominates(all[j], all[i]));
            }
            before.insert(front.begin(), front.end());
        }
        QCOMPARE(before.size(), all.size());
        for (std::size_t rank = 1; rank < fronts.size(); ++rank) { // and no front comes too late
            for (const std::size_t i : fronts[rank])
                QVERIFY(std::ranges::any_of(
                    fronts[rank - 1], [&](std::size_t j) { return dominates(all[j], all[i]); }));
        }
    }

    void whoStandsAloneIsKnown()
    {
        const std::vector<Scored> all = {{{0, 10}, 0}, {{1, 9}, 0}, {{2, 2}, 0}, {{10, 0}, 0}};
        const std::vector<std::size_t> front = {0, 1, 2, 3};
        const std::vector<double> alone = crowdingDistances(all, front);
        QVERIFY(std::isinf(alone[0]) && std::isinf(alone[3]));
        QCOMPARE(alone[1], 0.2 + 0.8);
        QCOMPARE(alone[2], 0.9 + 0.9);
        QVERIFY(crowdingDistances(all, {}).empty());
    }

    void aSmallSpaceIsTriedWhole()
    {
        const std::vector<Gene> space = {{9, true}, {5, false}, {7, true}};
        const auto result =
            searchGenomes(space, eachBy([](const Genome& genome) { return zdt1(genome, 9); }));
        QVERIFY(result.has_value());
        QVERIFY(result->isExhaustive);
        QCOMPARE(result->genomes.size(), std::size_t(9 * 5 * 7));
        QCOMPARE(std::set<Genome>(result->genomes.begin(), result->genomes.end()).size(),
                 result->genomes.size());
        QCOMPARE(result->front.size(), std::size_t(9));
        for (const std::size_t i : result->front)
            QVERIFY(result->genomes[i][1] == 0 && result->genomes[i][2] == 0);
    }

    void ofALargeOneTheFrontIsNearlyFound()
    {
        constexpr std::uint16_t kChoices = 33;
        const std::vector<Gene> space(12, Gene{kChoices, true});
        GenomeSearchOptions options;
        options.most = 6'000;
        const auto result = searchGenomes(
            space, eachBy([](const Genome& genome) { return zdt1(genome, kChoices); }), options);
        QVERIFY(result.has_value());
        QVERIFY(!result->isExhaustive);
        QCOMPARE(result->genomes.size(), std::size_t(6'000));
        QCOMPARE(std::set<Genome>(result->genomes.begin(), result->genomes.end()).size(),
                 result->genomes.size()); // none twice
        const std::vector<Gene> small(1, Gene{kChoices, true});
        const auto best = searchGenomes(
            small, eachBy([](const Genome& genome) { return zdt1({genome[0], 0}, kChoices); }));
        // As many points drawn blindly reach less than half of what the best front has.
        Random random(5);
        GenomeSearchResult blind;
        for (int i = 0; i < 6'000; ++i) {
            Genome genome;
            for (std::size_t gene = 0; gene < space.size(); ++gene)
                genome.push_back(static_cast<std::uint16_t>(random.below(kChoices)));
            blind.scores.push_back(zdt1(genome, kChoices));
        }
        blind.front = paretoFront(blind.scores);
        QVERIFY2(coverOf(*result) > 0.97 * coverOf(*best),
                 qPrintable(QString::number(coverOf(*result) / coverOf(*best))));
        QVERIFY(coverOf(blind) < 0.5 * coverOf(*best));
    }

    void nothingOnTheFrontBreaksAConstraint()
    {
        const std::vector<Gene> space(10, Gene{20, true});
        GenomeSearchOptions options;
        options.most = 3'000;
        const auto result = searchGenomes(space, eachBy([](const Genome& genome) {
                                              Scored scored = zdt1(genome, 20);
                                              const double f1 = scored.objectives[0];
                                              scored.violation = std::max(0.0, 0.6 - f1);
                                              return scored;
                                          }),
                                          options);
        QVERIFY(result.has_value() && !result->front.empty());
        for (const std::size_t i : result->front)
            QVERIFY(result->scores[i].objectives[0] >= 0.6);
        // Nor is anything there where nothing keeps them.
        const auto none = searchGenomes(space, eachBy([](const Genome& genome) {
                                            return Scored{zdt1(genome, 20).objectives, 1};
                                        }),
                                        options);
        QVERIFY(none.has_value() && none->front.empty());
    }

    void aSeedGivesTheSameSearchAndTheStartsAreInIt()
    {
        const std::vector<Gene> space = {{40, true}, {40, true}, {40, false}, {40, true}};
        GenomeSearchOptions options;
        options.most = 700;
        options.starts = {{7, 8, 9, 10}};
        const ScoreGenomes score = eachBy([](const Genome& genome) { return zdt1(genome, 40); });
        const auto once = searchGenomes(space, score, options);
        const auto again = searchGenomes(space, score, options);
        QVERIFY(once.has_value() && again.has_value());
        QVERIFY(once->genomes == again->genomes && once->front == again->front);
        QVERIFY(once->genomes.front() == options.starts.front());
        options.seed = 2;
        QVERIFY(searchGenomes(space, score, options)->genomes != once->genomes);
        options.starts = {{7, 8, 9, 40}};
        QCOMPARE(searchGenomes(space, score, options).error().code, ErrorCode::InvalidArgument);
    }

    void itSaysHowFarItIsAndStops()
    {
        const std::vector<Gene> space(6, Gene{30, true});
        GenomeSearchOptions options;
        options.most = 1'000;
        std::atomic<bool> stop = false;
        options.stop = &stop;
        std::vector<std::size_t> seen;
        options.progress = [&](std::size_t done, std::size_t most) {
            seen.push_back(done);
            QCOMPARE(most, std::size_t(1'000));
            if (done >= 200)
                stop = true;
        };
        const auto result = searchGenomes(
            space, eachBy([](const Genome& genome) { return zdt1(genome, 30); }), options);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QVERIFY(std::ranges::is_sorted(seen) && seen.back() >= 200 && seen.back() < 400);
    }

    void aSpaceThatIsUsedUpEndsTheSearch()
    {
        // More may be scored than there is, in a space too large to be tried one by one.
        const std::vector<Gene> space = {{1, true}, {1, false}};
        const auto result =
            searchGenomes(space, eachBy([](const Genome&) { return Scored{{1}, 0}; }));
        QVERIFY(result.has_value());
        QCOMPARE(result->genomes.size(), std::size_t(1));
        QCOMPARE(
            searchGenomes({}, eachBy([](const Genome&) { return Scored{{1}, 0}; }))->genomes.size(),
            std::size_t(1)); // nothing to choose: things as they are
    }
};

QTEST_MAIN(GenomeSearchTest)
#include "tst_genome_search.moc"
