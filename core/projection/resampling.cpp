// SPDX-License-Identifier: Apache-2.0
#include "resampling.h"

#include <core/base/parallel.h>
#include <core/base/random.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kDrawsPerThread = 16;

struct Sums
{
    double weight = 0;
    double cost = 0;
    double baselineCost = 0;
    double satisfied = 0;
    double baselineSatisfied = 0;
    double seams = 0;
    double loss = 0;

    void add(const Sums& other)
    {
        weight += other.weight;
        cost += other.cost;
        baselineCost += other.baselineCost;
        satisfied += other.satisfied;
        baselineSatisfied += other.baselineSatisfied;
        seams += other.seams;
        loss += other.loss;
    }

    [[nodiscard]] SliceMeasures means() const
    {
        SliceMeasures measures;
        measures.weight = weight;
        measures.cost = cost / weight * kUsdPerPico;
        measures.baselineCost = baselineCost / weight * kUsdPerPico;
        measures.satisfied = satisfied / weight;
        measures.baselineSatisfied = baselineSatisfied / weight;
        measures.consistency = seams > 0 ? 1 - loss / seams : 1;
        return measures;
    }
};

/// Takes `count` of `count` with replacement and counts how often each was taken.
void drawCounts(Random& random, std::vector<double>& counts)
{
    const std::uint64_t count = counts.size();
    std::ranges::fill(counts, 0.0);
    for (std::uint64_t i = 0; i < count; ++i)
        ++counts[((random.next() >> 32) * count) >> 32]; // below 2^32 items; bias under 2^-20
}

/// Failures and attempts of each evidence model in the drawn prompts, as odds against the measured
/// share: what a failing and an answering attempt count.
struct FailureOdds
{
    double failing = 1;
    double answering = 1;
};

FailureOdds failureOdds(const EvidenceTable::ModelColumns& columns,
                        const std::vector<double>& promptWeights)
{
    const double share = columns.failureShare;
    if (share <= 0 || share >= 1)
        return {};
    double failures = 0;
    double attempts = 0;
    for (std::size_t p = 0; p < promptWeights.size(); ++p) {
        if (columns.attempts[p] > 0) {
            failures += promptWeights[p] * columns.attempts[p] * columns.failed[p];
            attempts += promptWeights[p] * columns.attempts[p];
        }
    }
    if (attempts <= 0)
        return {};
    const double drawn = failures / attempts;
    return {drawn / share, (1 - drawn) / (1 - share)};
}

void weighPatterns(const std::vector<FailurePattern>& patterns, const EvidenceTable& evidence,
                   ResampleWeights& weights)
{
    std::array<FailureOdds, kPatternModels> odds;
    const std::size_t models = std::min(evidence.models.size(), kPatternModels);
    for (std::size_t m = 0; m < models; ++m)
        odds[m] = failureOdds(evidence.columns[m], weights.prompt);
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        double weight = 1;
        for (std::size_t m = 0; m < models; ++m) {
            const FailurePattern seen = (patterns[i] >> (2 * m)) & 3U;
            weight *= seen == 2 ? odds[m].failing : seen == 1 ? odds[m].answering : 1;
        }
        weights.pattern[i] = weight;
    }
}

void moveVoices(const MeasuredRows& rows, const EvidenceTable& evidence, ResampleWeights& weights)
{
    for (std::size_t i = 0; i < rows.noticeability.size(); ++i) {
        const std::size_t pair = rows.evidencePair[i];
        if (pair == MeasuredRows::kNoPair)
            continue;
        const std::vector<double>& influence = evidence.noticeabilityInfluence[pair];
        const std::vector<std::uint8_t>& inPanel = evidence.inVoicePanel[pair];
        double shift = 0;
        double total = 0;
        double size = 0;
        for (std::size_t p = 0; p < influence.size(); ++p) {
            shift += weights.prompt[p] * influence[p];
            total += weights.prompt[p] * inPanel[p];
            size += inPanel[p];
        }
        const double raw = 2 * evidence.voices.pairs[pair].aucSameDifferent - 1;
        const double moved = total > 0 ? raw + shift * size / total : raw;
        weights.noticeability[i] = std::clamp(moved, 0.0, 1.0);
    }
}

} // namespace

WeightedMeasures::WeightedMeasures(const MeasuredRows& rows) : m_rows(rows)
{
    const std::size_t cells = rows.segments * rows.tiers;
    m_cellStart.assign(cells + 1, 0);
    const auto cellOf = [&](std::size_t row) {
        return rows.segment[row] * rows.tiers + rows.tier[row];
    };
    for (std::size_t row = 0; row < rows.rowCount(); ++row)
        ++m_cellStart[cellOf(row) + 1];
    std::partial_sum(m_cellStart.begin(), m_cellStart.end(), m_cellStart.begin());
    m_byCell.resize(rows.rowCount());
    std::vector<std::size_t> next(m_cellStart.begin(), m_cellStart.end());
    for (std::size_t row = 0; row < rows.rowCount(); ++row)
        m_byCell[next[cellOf(row)]++] = static_cast<std::uint32_t>(row);
    m_places.reserve(rows.rowCount());
    for (const std::uint32_t row : m_byCell)
        m_places.push_back(placeOf(row));
    sortByLatency();
}

WeightedMeasures::Place WeightedMeasures::placeOf(std::size_t row) const
{
    const std::int32_t previous = m_rows.previous[row];
    const bool isSeam = previous >= 0;
    const std::uint32_t prompt = m_rows.prompt[row];
    return {m_rows.conversation[row],
            prompt == ReplayGround::kNoPrompt ? static_cast<std::uint32_t>(m_rows.prompts) : prompt,
            m_rows.pattern[row],
            isSeam ? m_rows.pattern[static_cast<std::size_t>(previous)]
                   : static_cast<std::uint32_t>(m_rows.patterns.size()),
            isSeam ? m_rows.voicePair[row] : std::uint32_t{0},
            m_rows.cost[row],
            m_rows.baselineCost[row],
            m_rows.satisfied[row],
            m_rows.baselineSatisfied[row]};
}

void WeightedMeasures::sortByLatency()
{
    m_slowestFirst.resize(sliceCount());
    m_timed.assign(sliceCount(), true);
    std::vector<std::pair<float, std::uint32_t>> order;
    order.reserve(m_rows.rowCount());
    for (std::size_t place = 0; place < m_byCell.size(); ++place) {
        const std::uint32_t row = m_byCell[place];
        const float latency = m_rows.firstTokenMs[row];
        if (std::isnan(latency)) {
            m_timed[0] = m_timed[segmentSlice(m_rows.segment[row])] =
                m_timed[tierSlice(m_rows.tier[row])] = false;
        } else {
            order.emplace_back(-latency, static_cast<std::uint32_t>(place));
        }
    }
    std::ranges::sort(order);
    for (const auto& [latency, place] : order) {
        const std::uint32_t row = m_byCell[place];
        m_slowestFirst[0].push_back(place);
        m_slowestFirst[segmentSlice(m_rows.segment[row])].push_back(place);
        m_slowestFirst[tierSlice(m_rows.tier[row])].push_back(place);
    }
}

ResampleWeights WeightedMeasures::plainWeights() const
{
    return {std::vector<double>(m_rows.conversations, 1), std::vector<double>(m_rows.prompts, 1),
            std::vector<double>(m_rows.patterns.size(), 1), m_rows.noticeability};
}

std::vector<double> WeightedMeasures::latenciesDescending() const
{
    std::vector<double> latencies;
    if (!m_timed[0])
        return latencies;
    latencies.reserve(m_slowestFirst[0].size());
    for (const std::uint32_t place : m_slowestFirst[0])
        latencies.push_back(static_cast<double>(m_rows.firstTokenMs[m_byCell[place]]));
    return latencies;
}

/// Walks down from the slowest request while those passed weigh at most 1 - q of all: the inverse
/// of the weighted distribution function, at the cost of the tail alone.
double WeightedMeasures::tailQuantile(std::size_t slice, double q, double total,
                                      const std::vector<double>& rowWeights) const
{
    if (!m_timed[slice] || total <= 0)
        return kMissing;
    const double allowed = (1 - q) * total + 1e-9 * total;
    double passed = 0;
    for (const std::uint32_t place : m_slowestFirst[slice]) {
        passed += rowWeights[place];
        if (passed > allowed)
            return static_cast<double>(m_rows.firstTokenMs[m_byCell[place]]);
    }
    return kMissing;
}

void WeightedMeasures::evaluate(const ResampleWeights& weights, std::vector<double>& rowWeights,
                                std::span<SliceMeasures> slices) const
{
    const MeasuredRows& rows = m_rows;
    rowWeights.resize(rows.rowCount());
    // With what a row without a prompt, or without a seam, counts.
    std::vector<double> promptWeights = weights.prompt;
    promptWeights.push_back(1);
    std::vector<double> patternWeights = weights.pattern;
    patternWeights.push_back(0);
    std::vector<Sums> sums(sliceCount());
    for (std::size_t cell = 0; cell + 1 < m_cellStart.size(); ++cell) {
        Sums sum;
        for (std::size_t i = m_cellStart[cell]; i < m_cellStart[cell + 1]; ++i) {
            const Place& place = m_places[i];
            const double shared =
                weights.conversation[place.conversation] * patternWeights[place.pattern];
            const double weight = shared * promptWeights[place.prompt];
            rowWeights[i] = weight;
            sum.weight += weight;
            sum.cost += weight * place.cost;
            sum.baselineCost += weight * place.baselineCost;
            sum.satisfied += weight * place.satisfied;
            sum.baselineSatisfied += weight * place.baselineSatisfied;
            const double seam = shared * patternWeights[place.previousPattern];
            sum.seams += seam;
            sum.loss += seam * weights.noticeability[place.voicePair];
        }
        if (m_cellStart[cell] == m_cellStart[cell + 1])
            continue;
        sums[0].add(sum);
        sums[segmentSlice(cell / rows.tiers)].add(sum);
        sums[tierSlice(cell % rows.tiers)].add(sum);
    }
    for (std::size_t slice = 0; slice < sums.size(); ++slice) {
        slices[slice] = sums[slice].means();
        slices[slice].p95Ms = tailQuantile(slice, 0.95, sums[slice].weight, rowWeights);
    }
    slices[0].p50Ms = tailQuantile(0, 0.5, sums[0].weight, rowWeights);
}

Resamples resample(const WeightedMeasures& measures, const MeasuredRows& rows,
                   const EvidenceTable& evidence, std::size_t draws, std::uint64_t seed,
                   const std::atomic<bool>* stop, bool reweighFailures)
{
    Resamples result{draws, measures.sliceCount(), {}};
    result.measures.resize(draws * result.slices);
    std::atomic<bool> stopped = false;
    forBlocks(draws, kDrawsPerThread, [&](std::size_t begin, std::size_t end) {
        ResampleWeights weights = measures.plainWeights();
        std::vector<double> rowWeights;
        for (std::size_t draw = begin; draw < end; ++draw) {
            if (stop && stop->load(std::memory_order_relaxed)) {
                stopped = true;
                return;
            }
            Random random(seed, "draw " + std::to_string(draw));
            drawCounts(random, weights.conversation);
            drawCounts(random, weights.prompt);
            moveVoices(rows, evidence, weights);
            if (reweighFailures)
                weighPatterns(rows.patterns, evidence, weights);
            measures.evaluate(
                weights, rowWeights,
                std::span(result.measures).subspan(draw * result.slices, result.slices));
        }
    });
    return stopped ? Resamples() : result;
}

} // namespace signalbox
