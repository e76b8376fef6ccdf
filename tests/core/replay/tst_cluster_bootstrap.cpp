// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the bootstrap of conversations draws what a plain one would, agrees with the formula
// where there is one, covers the truth, depends neither on threads nor on vectors, comes in parts
// and stops when told to.

#include "replay_world.h"

#include <core/replay/cluster_bootstrap.h>
#include <core/replay/multinomial.h>

#include <numeric>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::vector<std::uint16_t> countsOf(std::size_t items, std::uint64_t seed)
{
    ResampleCounts source(items, seed);
    std::vector<std::uint16_t> counts(items);
    for (std::size_t at = 0; at < items; at += ResampleCounts::kChunk)
        source.next(std::span(counts).subspan(at, std::min(ResampleCounts::kChunk, items - at)));
    return counts;
}

double meanOf(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviationOf(const std::vector<double>& values)
{
    const double mean = meanOf(values);
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::vector<double> column(const std::vector<ResampledNumbers>& draws,
                           double ResampledNumbers::* member)
{
    std::vector<double> values;
    for (const ResampledNumbers& draw : draws)
        values.push_back(draw.*member);
    return values;
}

/// (e - mean)^2 summed over conversations, of ratio means: measures.md section 4.
double clusteredError(const std::vector<double>& sums, const std::vector<double>& sizes)
{
    const double total = std::accumulate(sizes.begin(), sizes.end(), 0.0);
    const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / total;
    double squares = 0;
    for (std::size_t g = 0; g < sums.size(); ++g)
        squares += std::pow(sums[g] - mean * sizes[g], 2);
    const auto groups = static_cast<double>(sums.size());
    return std::sqrt(groups / (groups - 1) * squares) / total;
}

/// A resample by hand: the rows of each conversation as often as it was drawn, then a replay.
ResampledNumbers plainResample(const ReplayWorld& world, const std::vector<std::uint8_t>& choices,
                               const std::vector<std::uint16_t>& counts)
{
    std::vector<float> latencies;
    double cost = 0;
    double quality = 0;
    double seams = 0;
    double loss = 0;
    std::uint8_t last = PackedRows::kUnanswered;
    for (std::size_t row = 0; row < choices.size(); ++row) {
        const std::size_t k = choices[row];
        const double weight = counts[world.conversationOf[row]];
        if (row > 0 && world.conversationOf[row] != world.conversationOf[row - 1])
            last = PackedRows::kUnanswered;
        cost += weight * static_cast<double>(world.cost[k][row]);
        quality += weight * world.quality[k][row];
        latencies.insert(latencies.end(), counts[world.conversationOf[row]], world.latency[k][row]);
        const std::uint8_t voice = world.voiceOf(row, k);
        if (voice == PackedRows::kUnanswered)
            continue;
        if (last != PackedRows::kUnanswered) {
            seams += weight;
            loss += weight * world.noticeability.at(last, voice) / NoticeabilityTable::kOne;
        }
        last = voice;
    }
    std::ranges::sort(latencies);
    const auto n = static_cast<double>(latencies.size());
    return {
        cost * 1e-12 / n, quality / n, seams > 0 ? 1 - loss / seams : 1,
        static_cast<double>(latencies[static_cast<std::size_t>(std::ceil(0.95 * n - 1e-9)) - 1])};
}

/// A simulated world whose truth is known: 250 conversations of 1 to 6 turns. Each has a level that
/// its requests share, so that requests are no independent units.
struct KnownWorld
{
    static constexpr std::size_t kConversations = 250;
    static constexpr double kMeanCostUsd = 0.01;
    static constexpr double kMeanQuality = 0.6;
    static constexpr double kNoticeability = 0.4;
    // Log-normal with variance 0.3^2 between and 0.5^2 within conversations.
    inline static const double kP95Ms = 1000 * std::exp(1.6448536269514722 * std::sqrt(0.34));
    // Requests go to the second model with 0.2 or 0.8, by conversation: both 2 * 0.2 * 0.8.
    static constexpr double kConsistency = 1 - 0.32 * kNoticeability;

    std::vector<std::uint32_t> conversationOf;
    std::vector<std::int64_t> cost;
    std::vector<double> quality;
    std::vector<float> latency;
    std::vector<std::uint8_t> choices;

    explicit KnownWorld(std::uint64_t seed)
    {
        Random random(seed, "known world");
        for (std::uint32_t c = 0; c < kConversations; ++c) {
            const std::uint64_t turns = 1 + random.below(6);
            const double level = 2 * random.uniform();
            const double satisfied = random.chance(0.5) ? 0.4 : 0.8;
            const double slowness = 0.3 * random.normal();
            const double second = random.chance(0.5) ? 0.2 : 0.8;
            for (std::uint64_t turn = 0; turn < turns; ++turn) {
                conversationOf.push_back(c);
                cost.push_back(std::llround(1e10 * level * 2 * random.uniform()));
                quality.push_back(random.chance(satisfied) ? 1 : 0);
                latency.push_back(
                    static_cast<float>(1000 * std::exp(slowness + 0.5 * random.normal())));
                choices.push_back(random.chance(second) ? 1 : 0);
            }
        }
    }

    [[nodiscard]] std::vector<ResampledNumbers> resampled(std::uint64_t seed) const
    {
        const std::vector<ChoiceColumns> both(2, {cost, quality, latency});
        RowColumns columns;
        columns.conversationOf = conversationOf;
        columns.choices = both;
        const auto packed = PackedRows::pack(columns);
        NoticeabilityTable noticeability(2);
        noticeability.set(0, 1, kNoticeability);
        BootstrapOptions options;
        options.draws = 400;
        options.seed = seed;
        return ClusterBootstrap(*packed, choices, &noticeability).run(options);
    }
};

} // namespace

class TestClusterBootstrap : public QObject
{
    Q_OBJECT
private slots:
    void countsSumToTheNumberOfItems()
    {
        for (const std::size_t items : {1U, 2U, 100U, 4096U, 4097U, 20'000U}) {
            for (std::uint64_t seed = 1; seed < 6; ++seed) {
                const auto counts = countsOf(items, seed);
                QCOMPARE(std::accumulate(counts.begin(), counts.end(), std::size_t{0}), items);
            }
        }
    }

    /// Mean 1, variance 1 - 1/n and covariance -1/n of any two, neighbours or not: chi-squared of
    /// sums over parts that cut neighbourhoods in all ways.
    void countsAreMultinomial()
    {
        constexpr std::size_t kItems = 10'000;
        constexpr int kRuns = 400;
        std::vector<double> firsts;
        std::vector<double> halves;
        double squares = 0;
        for (int run = 0; run < kRuns; ++run) {
            const auto counts = countsOf(kItems, static_cast<std::uint64_t>(run));
            firsts.push_back(std::accumulate(counts.begin(), counts.begin() + 100, 0.0));
            halves.push_back(std::accumulate(counts.begin(), counts.begin() + 7000, 0.0));
            for (const std::uint16_t count : counts)
                squares += (count - 1.0) * (count - 1.0) / kItems / kRuns;
        }
        QVERIFY(std::abs(squares - 1) < 0.01);
        QVERIFY(std::abs(meanOf(firsts) - 100) < 4 * 10 / std::sqrt(kRuns));
        QVERIFY(std::abs(meanOf(halves) - 7000) < 4 * std::sqrt(2100.0 / kRuns));
        // sd of an sd is about sd / sqrt(2 n): 3.5 %.
        QVERIFY(std::abs(deviationOf(firsts) / std::sqrt(100 * 0.99) - 1) < 0.14);
        QVERIFY(std::abs(deviationOf(halves) / std::sqrt(7000 * 0.3) - 1) < 0.14);
    }

    void binomialHasItsMeanAndVariance_data()
    {
        QTest::addColumn<int>("trials");
        QTest::addColumn<int>("part");
        QTest::addColumn<int>("whole");
        QTest::newRow("half") << 1000 << 1 << 2;
        QTest::newRow("third") << 1000 << 1 << 3;
        QTest::newRow("rare") << 20'000 << 7 << 20'000;
        QTest::newRow("most") << 65 << 63 << 65;
        QTest::newRow("always") << 65 << 5 << 5;
        QTest::newRow("never") << 65 << 0 << 5;
    }
    void binomialHasItsMeanAndVariance()
    {
        QFETCH(const int, trials);
        QFETCH(const int, part);
        QFETCH(const int, whole);
        RandomBits random(11);
        std::vector<double> successes;
        for (int i = 0; i < 4000; ++i)
            successes.push_back(static_cast<double>(
                binomial(random, static_cast<std::uint64_t>(trials),
                         static_cast<std::uint64_t>(part), static_cast<std::uint64_t>(whole))));
        const double p = static_cast<double>(part) / whole;
        const double deviation = std::sqrt(trials * p * (1 - p));
        QVERIFY(std::abs(meanOf(successes) - trials * p) <= 4 * deviation / std::sqrt(4000));
        QVERIFY(std::abs(deviationOf(successes) - deviation) <= 0.06 * deviation);
    }

    void eachDrawIsWhatAPlainResampleGives_data()
    {
        QTest::addColumn<WorldShape>("shape");
        QTest::addColumn<double>("reach");
        QTest::newRow("costs") << WorldShape{.seed = 1, .rows = 6000} << 10.0;
        QTest::newRow("tokens") << WorldShape{.seed = 2, .rows = 6000, .pricesTokens = true}
                                << 10.0;
        QTest::newRow("unanswered")
            << WorldShape{.seed = 3, .rows = 6000, .unanswered = 0.2} << 10.0;
        QTest::newRow("one-row conversations")
            << WorldShape{.seed = 4, .rows = 9001, .turns = 1} << 10.0;
        // Hardly any resample finds its p95 among the rows that are walked.
        QTest::newRow("no reach") << WorldShape{.seed = 5, .rows = 6000} << 0.0;
        QTest::newRow("few conversations")
            << WorldShape{.seed = 6, .rows = 2000, .turns = 900} << 10.0;
        QTest::newRow("one row") << WorldShape{.seed = 7, .rows = 1} << 10.0;
    }
    void eachDrawIsWhatAPlainResampleGives()
    {
        QFETCH(const WorldShape, shape);
        QFETCH(const double, reach);
        ReplayWorld world(shape);
        const auto choices = world.randomChoices("choices");
        BootstrapOptions options;
        options.draws = 20;
        options.seed = 9;
        const auto drawn =
            ClusterBootstrap(*world.packed, choices, &world.noticeability, reach).run(options);
        QCOMPARE(drawn.size(), std::size_t{20});
        for (std::size_t d = 0; d < drawn.size(); ++d) {
            const auto counts = countsOf(world.packed->conversationCount(),
                                         stableHash("resample " + std::to_string(d), 9));
            const ResampledNumbers plain = plainResample(world, choices, counts);
            QCOMPARE(drawn[d].meanCostUsd, plain.meanCostUsd);
            QCOMPARE(drawn[d].meanQuality, plain.meanQuality);
            QCOMPARE(drawn[d].consistency, plain.consistency);
            QCOMPARE(drawn[d].latencyP95Ms, plain.latencyP95Ms);
        }
    }

    void neitherThreadsNorVectorsNorPartsMatter()
    {
        ReplayWorld world({.seed = 10, .rows = 9000, .unanswered = 0.1});
        const auto choices = world.randomChoices("choices");
        BootstrapOptions options;
        options.draws = 60;
        const auto once =
            ClusterBootstrap(*world.packed, choices, &world.noticeability).run(options);
        options.threads = 3;
        for (const auto vectors : {Vectors::Baseline, Vectors::Avx2, Vectors::Avx512}) {
            if (!canUse(vectors))
                continue;
            const ClusterBootstrap bootstrap(*world.packed, choices, &world.noticeability, 10,
                                             vectors);
            QVERIFY(bootstrap.run(options) == once);
        }
        options.draws = 13;
        const auto fewer =
            ClusterBootstrap(*world.packed, choices, &world.noticeability).run(options);
        QVERIFY(std::equal(fewer.begin(), fewer.end(), once.begin()));
    }

    void spreadAgreesWithTheFormula()
    {
        ReplayWorld world({.seed = 11, .rows = 8000, .turns = 9});
        const auto choices = world.randomChoices("choices");
        BootstrapOptions options;
        options.draws = 3000;
        options.threads = 2;
        const auto drawn =
            ClusterBootstrap(*world.packed, choices, &world.noticeability).run(options);
        const std::size_t groups = world.packed->conversationCount();
        std::vector<double> sizes(groups, 0);
        std::vector<double> costs(groups, 0);
        std::vector<double> qualities(groups, 0);
        for (std::size_t row = 0; row < choices.size(); ++row) {
            sizes[world.conversationOf[row]] += 1;
            costs[world.conversationOf[row]] +=
                static_cast<double>(world.cost[choices[row]][row]) * 1e-12;
            qualities[world.conversationOf[row]] += world.quality[choices[row]][row];
        }
        const double costError = deviationOf(column(drawn, &ResampledNumbers::meanCostUsd));
        const double qualityError = deviationOf(column(drawn, &ResampledNumbers::meanQuality));
        QVERIFY(std::abs(costError / clusteredError(costs, sizes) - 1) < 0.06);
        QVERIFY(std::abs(qualityError / clusteredError(qualities, sizes) - 1) < 0.06);
    }

    /// 95 % intervals cover the truth in 93 to 97 % of 2,000 worlds, for all four numbers. By
    /// chance alone the share varies by 0.5 points.
    void intervalsCoverTheTruth()
    {
        constexpr int kWorlds = 2000;
        struct Number
        {
            double ResampledNumbers::* member;
            double truth;
            int covered = 0;
        };
        Number numbers[] = {{&ResampledNumbers::meanCostUsd, KnownWorld::kMeanCostUsd},
                            {&ResampledNumbers::meanQuality, KnownWorld::kMeanQuality},
                            {&ResampledNumbers::consistency, KnownWorld::kConsistency},
                            {&ResampledNumbers::latencyP95Ms, KnownWorld::kP95Ms}};
        for (int i = 0; i < kWorlds; ++i) {
            const auto seed = static_cast<std::uint64_t>(i);
            const auto drawn = KnownWorld(seed).resampled(seed);
            for (Number& number : numbers) {
                auto values = column(drawn, number.member);
                std::ranges::sort(values);
                number.covered += values[9] <= number.truth && number.truth <= values[389];
            }
        }
        for (const Number& number : numbers) {
            const double share = number.covered / static_cast<double>(kWorlds);
            QVERIFY2(share >= 0.93 && share <= 0.97,
                     qPrintable(QString::number(&number - numbers) + QLatin1String(": ") +
                                QString::number(share)));
        }
    }

    void drawsOfTwoPoliciesArePaired()
    {
        ReplayWorld world({.seed = 12, .rows = 4000});
        const std::vector<std::uint8_t> first(world.rowCount(), 0);
        BootstrapOptions options;
        options.draws = 50;
        const auto drawn = ClusterBootstrap(*world.packed, first).run(options);
        std::vector<std::uint8_t> nearly = first;
        nearly[17] = 1;
        const auto other = ClusterBootstrap(*world.packed, nearly).run(options);
        // One request of 4,000 moves a paired difference by far less than resampling moves either.
        const double spread = deviationOf(column(drawn, &ResampledNumbers::meanQuality));
        for (std::size_t d = 0; d < drawn.size(); ++d)
            QVERIFY(std::abs(drawn[d].meanQuality - other[d].meanQuality) < spread / 2);
    }

    void resultsComeInPartsAndStopWhenToldTo()
    {
        ReplayWorld world({.seed = 13, .rows = 2000});
        const auto choices = world.randomChoices("choices");
        const ClusterBootstrap bootstrap(*world.packed, choices);
        std::atomic<bool> stop = false;
        BootstrapOptions options;
        options.draws = 1000;
        options.stop = &stop;
        std::size_t came = 0;
        const bool isDone =
            bootstrap.run(options, [&](std::size_t, std::span<const ResampledNumbers> numbers) {
                came += numbers.size();
                stop = came >= 100;
            });
        QVERIFY(!isDone);
        QVERIFY(came >= 100 && came < 200);
        QVERIFY(bootstrap.run(options).empty());
    }

    void anUnknownLatencyLeavesTheOtherNumbers()
    {
        const std::vector<std::int64_t> cost(50, 1'000'000);
        const std::vector<double> quality(50, 0.5);
        std::vector<float> latency(50, 10);
        latency[3] = std::nanf("");
        const std::vector<ChoiceColumns> choice = {{cost, quality, latency}};
        RowColumns columns;
        columns.choices = choice;
        const auto packed = PackedRows::pack(columns);
        BootstrapOptions options;
        options.draws = 3;
        for (const ResampledNumbers& numbers :
             ClusterBootstrap(*packed, std::vector<std::uint8_t>(50, 0)).run(options)) {
            QVERIFY(std::isnan(numbers.latencyP95Ms));
            QCOMPARE(numbers.meanQuality, 0.5);
            QCOMPARE(numbers.meanCostUsd, 1e-6);
        }
    }
};

QTEST_GUILESS_MAIN(TestClusterBootstrap)
#include "tst_cluster_bootstrap.moc"
