// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: one function takes every measure under any weighting; the bootstrap of conversations and
// prompts covers the truth, does not depend on threads, and lets failure shares and voices move.

#include <core/base/random.h>
#include <core/projection/latency.h>
#include <core/projection/resampling.h>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace signalbox;

namespace {

/// Rows with one segment and tier, all constant, that a test then changes.
MeasuredRows rowsOf(std::size_t conversations, std::size_t turns, std::size_t prompts)
{
    MeasuredRows rows;
    rows.conversations = conversations;
    rows.prompts = prompts;
    rows.segments = rows.tiers = 1;
    const std::size_t count = conversations * turns;
    for (std::size_t row = 0; row < count; ++row) {
        rows.conversation.push_back(static_cast<std::uint32_t>(row / turns));
        rows.prompt.push_back(static_cast<std::uint32_t>(row % prompts));
    }
    rows.segment.assign(count, 0);
    rows.tier.assign(count, 0);
    rows.cost.assign(count, 1e12);
    rows.baselineCost.assign(count, 2e12);
    rows.satisfied.assign(count, 1);
    rows.baselineSatisfied.assign(count, 1);
    rows.firstTokenMs.assign(count, 100);
    rows.pattern.assign(count, 0);
    rows.patterns = {0};
    rows.previous.assign(count, -1);
    rows.voicePair.assign(count, 0);
    rows.noticeability = {0};
    rows.evidencePair = {MeasuredRows::kNoPair};
    return rows;
}

EvidenceTable evidenceOf(std::size_t prompts)
{
    EvidenceTable table;
    for (std::size_t p = 0; p < prompts; ++p)
        table.prompts.emplace_back(std::to_string(p));
    return table;
}

std::vector<double> satisfiedDraws(const Resamples& resamples)
{
    std::vector<double> draws;
    for (std::size_t draw = 0; draw < resamples.draws; ++draw)
        draws.push_back(resamples.at(draw)[0].satisfied);
    return draws;
}

} // namespace

class TestResampling : public QObject
{
    Q_OBJECT
private slots:
    void plainWeightsGiveThePlainMeasures()
    {
        MeasuredRows rows = rowsOf(50, 2, 10);
        Random random(3);
        std::vector<double> latencies;
        for (std::size_t row = 0; row < rows.rowCount(); ++row) {
            rows.firstTokenMs[row] = static_cast<float>(random.logNormal(500, 0.8));
            latencies.push_back(static_cast<double>(rows.firstTokenMs[row]));
            rows.satisfied[row] = row % 4 == 0 ? 0 : 1;
        }
        const WeightedMeasures measures(rows);
        std::vector<SliceMeasures> slices(measures.sliceCount());
        measures.evaluate(measures.plainWeights(), slices);
        QCOMPARE(slices[0].weight, 100.0);
        QCOMPARE(slices[0].cost, 1.0);
        QCOMPARE(slices[0].saving(), 0.5);
        QCOMPARE(slices[0].satisfied, 0.75);
        QCOMPARE(slices[0].p95Ms, empiricalQuantile(latencies, 0.95));
        QCOMPARE(slices[0].p50Ms, empiricalQuantile(latencies, 0.5));
        QCOMPARE(slices[measures.segmentSlice(0)].p95Ms, slices[0].p95Ms);
    }

    void weightsCountLikeCopies()
    {
        MeasuredRows rows = rowsOf(10, 1, 10);
        for (std::size_t row = 0; row < 10; ++row) {
            rows.firstTokenMs[row] = static_cast<float>(100 * (row + 1));
            rows.satisfied[row] = row < 5 ? 1 : 0;
        }
        const WeightedMeasures measures(rows);
        ResampleWeights weights = measures.plainWeights();
        weights.conversation[0] = 3; // conversation 0 three times, prompt 9 not at all
        weights.prompt[9] = 0;
        std::vector<SliceMeasures> slices(measures.sliceCount());
        measures.evaluate(weights, slices);
        QCOMPARE(slices[0].weight, 11.0);
        QCOMPARE(slices[0].satisfied, 7.0 / 11);
        QCOMPARE(slices[0].p95Ms, 900.0);
        QCOMPARE(slices[0].p50Ms, 400.0); // 100 100 100 200 300 [400] 500 …
    }

    void oneUnknownMakesItsMeansUnknown()
    {
        MeasuredRows rows = rowsOf(10, 1, 10);
        rows.cost[3] = std::nan("");
        rows.firstTokenMs[4] = std::nanf("");
        const WeightedMeasures measures(rows);
        std::vector<SliceMeasures> slices(measures.sliceCount());
        measures.evaluate(measures.plainWeights(), slices);
        QVERIFY(std::isnan(slices[0].cost));
        QVERIFY(std::isnan(slices[0].p95Ms));
        QCOMPARE(slices[0].satisfied, 1.0);
        QVERIFY(measures.latenciesDescending().empty());
    }

    void seamsWeighByConversationAndNoticeability()
    {
        MeasuredRows rows = rowsOf(2, 2, 2);
        rows.previous = {-1, 0, -1, 2};
        rows.voicePair = {0, 1, 0, 0};
        rows.noticeability = {0, 0.6};
        rows.evidencePair = {MeasuredRows::kNoPair, MeasuredRows::kNoPair};
        const WeightedMeasures measures(rows);
        std::vector<SliceMeasures> slices(measures.sliceCount());
        ResampleWeights weights = measures.plainWeights();
        measures.evaluate(weights, slices);
        QCOMPARE(slices[0].consistency, 0.7);
        weights.conversation = {2, 0};
        measures.evaluate(weights, slices);
        QCOMPARE(slices[0].consistency, 0.4);
    }

    /// Over more conversations than stand together, with failures, seams, slices and rows without a
    /// prompt: several weightings at once, one alone, and a plain loop.
    void severalWeightingsAreWeighedAtOnce()
    {
        MeasuredRows rows = rowsOf(2500, 2, 30);
        rows.segments = 3;
        rows.tiers = 2;
        rows.patterns = {0, 1, 2};
        rows.noticeability = {0, 0.3, 0.7};
        rows.evidencePair.assign(3, MeasuredRows::kNoPair);
        Random random(17);
        for (std::size_t row = 0; row < rows.rowCount(); ++row) {
            rows.segment[row] = static_cast<std::uint16_t>(random.below(3));
            rows.tier[row] = static_cast<std::uint16_t>(random.below(2));
            rows.pattern[row] = static_cast<std::uint16_t>(random.below(3));
            rows.firstTokenMs[row] = static_cast<float>(random.logNormal(500, 0.8));
            rows.cost[row] = static_cast<double>(random.below(1000)) * 1e9;
            rows.satisfied[row] = random.uniform();
            if (random.chance(0.1))
                rows.prompt[row] = ReplayGround::kNoPrompt;
            if (row % 2 == 1) {
                rows.previous[row] = static_cast<std::int32_t>(row) - 1;
                rows.voicePair[row] = static_cast<std::uint16_t>(random.below(3));
            }
        }
        const WeightedMeasures measures(rows);
        std::vector<ResampleWeights> weights(WeightedMeasures::kLanes, measures.plainWeights());
        for (ResampleWeights& one : weights) {
            for (std::vector<double>* list : {&one.conversation, &one.prompt, &one.pattern})
                for (double& weight : *list)
                    weight = static_cast<double>(random.below(4)) + 0.25;
        }
        const std::size_t slices = measures.sliceCount();
        std::vector<SliceMeasures> together(slices * weights.size());
        measures.evaluateLanes(weights, together);
        for (std::size_t w = 0; w < weights.size(); ++w) {
            std::vector<SliceMeasures> alone(slices);
            measures.evaluate(weights[w], alone);
            for (std::size_t slice = 0; slice < slices; ++slice) {
                const SliceMeasures& at = together[w * slices + slice];
                QCOMPARE(at.weight, alone[slice].weight);
                QVERIFY(at.satisfied == alone[slice].satisfied);
                QVERIFY(at.consistency == alone[slice].consistency);
                QVERIFY(at.p95Ms == alone[slice].p95Ms && at.p50Ms == alone[slice].p50Ms);
            }
            double weight = 0;
            double cost = 0;
            double seams = 0;
            double loss = 0;
            for (std::size_t row = 0; row < rows.rowCount(); ++row) {
                const double shared = weights[w].conversation[rows.conversation[row]] *
                                      weights[w].pattern[rows.pattern[row]];
                const std::uint32_t prompt = rows.prompt[row];
                const double own =
                    prompt == ReplayGround::kNoPrompt ? shared : shared * weights[w].prompt[prompt];
                weight += own;
                cost += own * rows.cost[row] * 1e-12;
                if (rows.previous[row] < 0)
                    continue;
                const double seam = shared * weights[w].pattern[rows.pattern[row - 1]];
                seams += seam;
                loss += seam * rows.noticeability[rows.voicePair[row]];
            }
            QCOMPARE(together[w * slices].weight, weight);
            QCOMPARE(together[w * slices].cost, cost / weight);
            QCOMPARE(together[w * slices].consistency, 1 - loss / seams);
        }
    }

    void drawsDependOnTheSeedAlone()
    {
        MeasuredRows rows = rowsOf(40, 2, 20);
        for (std::size_t row = 0; row < rows.rowCount(); ++row)
            rows.satisfied[row] = static_cast<double>(row % 7) / 6;
        const WeightedMeasures measures(rows);
        const EvidenceTable evidence = evidenceOf(20);
        const auto draws = [&](std::size_t count, std::uint64_t seed) {
            return satisfiedDraws(resample(measures, rows, evidence, count, seed, nullptr, true));
        };
        const std::vector<double> many = draws(100, 1);
        const std::vector<double> few = draws(20, 1); // another split over threads
        QVERIFY(std::equal(few.begin(), few.end(), many.begin()));
        QVERIFY(draws(100, 2) != many);
    }

    void intervalsCoverTheTruth()
    {
        // 200 worlds of 60 conversations and 40 prompts, each with its own effect; the mean is 0.7.
        constexpr std::size_t kWorlds = 200;
        std::size_t covered = 0;
        Random random(11);
        for (std::size_t world = 0; world < kWorlds; ++world) {
            MeasuredRows rows = rowsOf(60, 3, 40);
            std::vector<double> conversationEffect(60);
            std::vector<double> promptEffect(40);
            for (double& effect : conversationEffect)
                effect = 0.1 * random.normal();
            for (double& effect : promptEffect)
                effect = 0.15 * random.normal();
            for (std::size_t row = 0; row < rows.rowCount(); ++row) {
                rows.prompt[row] = static_cast<std::uint32_t>(random.below(40));
                rows.satisfied[row] = 0.7 + conversationEffect[rows.conversation[row]] +
                                      promptEffect[rows.prompt[row]] + 0.1 * random.normal();
            }
            const WeightedMeasures measures(rows);
            const auto draws =
                satisfiedDraws(resample(measures, rows, evidenceOf(40), 300, world, nullptr, true));
            covered +=
                empiricalQuantile(draws, 0.025) <= 0.7 && empiricalQuantile(draws, 0.975) >= 0.7;
        }
        QVERIFY2(covered >= 184, std::to_string(covered).c_str()); // 92 %
        QVERIFY2(covered < kWorlds, "intervals that always cover are too wide");
    }

    void failureSharesMoveWithThePrompts()
    {
        // 8 % of 200 recorded attempts failed, 16 prompts with one failure each; the simulated
        // traffic fails 8 % too. The share's own uncertainty is sqrt(.08 x .92 / 200) = 1.9 points.
        MeasuredRows rows = rowsOf(5000, 1, 200);
        rows.patterns = {1, 2}; // model 0 answered, model 0 failed
        for (std::size_t row = 0; row < 5000; ++row) {
            const bool fails = row % 25 < 2;
            rows.pattern[row] = fails ? 1 : 0;
            rows.satisfied[row] = fails ? 0 : 1;
            rows.prompt[row] = ReplayGround::kNoPrompt;
        }
        EvidenceTable evidence = evidenceOf(200);
        evidence.models.emplace_back("cheap");
        EvidenceTable::ModelColumns columns;
        columns.attempts.assign(200, 1);
        columns.failed.assign(200, 0);
        std::fill_n(columns.failed.begin(), 16, 1.0);
        columns.failureShare = 0.08;
        evidence.columns.push_back(columns);
        const WeightedMeasures measures(rows);
        const auto spread = [&](bool reweigh) {
            const auto draws =
                satisfiedDraws(resample(measures, rows, evidence, 400, 5, nullptr, reweigh));
            return empiricalQuantile(draws, 0.975) - empiricalQuantile(draws, 0.025);
        };
        QVERIFY(std::abs(spread(true) - 3.92 * 0.0192) < 0.012);
        QVERIFY(spread(false) < 0.02); // 5,000 simulated requests would pretend to know it
    }

    void stopsWhenAsked()
    {
        const MeasuredRows rows = rowsOf(10, 1, 10);
        const WeightedMeasures measures(rows);
        const std::atomic<bool> stop = true;
        QCOMPARE(resample(measures, rows, evidenceOf(10), 100, 1, &stop, true).draws,
                 std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestResampling)
#include "tst_resampling.moc"
