// SPDX-License-Identifier: Apache-2.0
#include "row_replay.h"

#include "seam_counter.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <optional>
#include <thread>

namespace signalbox {

namespace {

constexpr std::size_t kBlock = PackedRows::kBlock;
constexpr std::size_t kLanes = 4; ///< of a histogram: neighbours often meet in one bucket
constexpr std::size_t kLeastBlocksPerThread = 8;

/// Cost (units, or 1e-12 USD where tokens are priced) and quality, added as one.
using CellSums [[gnu::vector_size(16)]] = std::uint64_t;

void addToHistogram(const std::uint16_t* __restrict buckets, std::size_t rows,
                    std::uint32_t* __restrict lanes, std::size_t lane)
{
    std::size_t i = 0;
    for (; i + kLanes <= rows; i += kLanes) {
        ++lanes[buckets[i]];
        ++lanes[lane + buckets[i + 1]];
        ++lanes[2 * lane + buckets[i + 2]];
        ++lanes[3 * lane + buckets[i + 3]];
    }
    for (; i < rows; ++i)
        ++lanes[buckets[i]];
}

float nth(std::vector<float>& values, std::uint64_t rank)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace

/// Segments times tiers.
struct RowReplay::Slices
{
    std::array<std::uint8_t, PackedRows::kMostChoices> tierOf{};
    std::size_t segments = 1;
    std::size_t tiers = 1;

    Slices(const PackedRows& rows, std::span<const std::uint8_t> given)
        : segments(rows.segmentCount())
    {
        for (std::size_t k = 0; k < rows.choiceCount(); ++k) {
            tierOf[k] = given.empty() ? static_cast<std::uint8_t>(k) : given[k];
            tiers = std::max<std::size_t>(tiers, tierOf[k] + 1U);
        }
    }
    [[nodiscard]] std::size_t cells() const { return segments * tiers; }
};

/// What one thread sums up.
struct RowReplay::Part
{
    std::vector<std::uint32_t> histogram; ///< lanes, or cells
    std::vector<CellSums> cells;
    std::array<std::uint64_t, PackedRows::kMostChoices> requestsOf{};
    std::array<ReplayKernels::Tokens, PackedRows::kMostChoices> tokensOf{};
    std::uint64_t cost = 0;
    std::uint64_t quality = 0;
    std::vector<std::uint32_t> costs;     ///< of a block
    std::vector<std::uint16_t> qualities; ///< of a block

    Part(const PackedRows& rows, const Slices* slices)
        : histogram((slices ? slices->cells() : kLanes) * rows.latencies().count(), 0)
    {
        if (slices) {
            cells.resize(slices->cells());
            costs.resize(kBlock);
            qualities.resize(kBlock);
        }
    }
};

RowReplay::RowReplay(const PackedRows& rows, unsigned threads, Vectors vectors)
    : m_rows(&rows), m_threads(std::max(threads, 1U)), m_vectors(vectors),
      m_kernels(&ReplayKernels::with(vectors)), m_choices(rows.blockCount() * kBlock),
      m_buckets(rows.blockCount() * kBlock)
{}

/// work(part, begin, end): neighbouring blocks, one part per thread.
template<class Work> void RowReplay::inParts(std::size_t count, const Work& work) const
{
    const std::size_t parts = std::clamp<std::size_t>(count / kLeastBlocksPerThread, 1, m_threads);
    std::vector<std::jthread> helpers;
    for (std::size_t part = 1; part < parts; ++part)
        helpers.emplace_back([&work, part, begin = count * part / parts,
                              end = count * (part + 1) / parts] { work(part, begin, end); });
    work(0, 0, count / parts);
}

ReplayAnswer RowReplay::replay(std::span<const std::uint8_t> choices,
                               const ReplayQuestion& question)
{
    assert(choices.size() == m_rows->rowCount());
    return replay(
        [choices](std::size_t firstRow, std::span<std::uint8_t> to) {
            std::ranges::copy(choices.subspan(firstRow, to.size()), to.begin());
        },
        question);
}

ReplayAnswer RowReplay::replay(const Decide& decide, const ReplayQuestion& question)
{
    const std::size_t blocks = m_rows->blockCount();
    std::optional<Slices> slices;
    if (question.perSlice) {
        slices.emplace(*m_rows, question.tierOf);
        m_cells.resize(m_choices.size());
    }
    const auto decideBlock = [&](std::size_t block) {
        decide(block * kBlock, std::span(m_choices).subspan(block * kBlock, m_rows->rowsIn(block)));
    };
    if (question.isStickyByConversation) {
        for (std::size_t block = 0; block < blocks; ++block)
            decideBlock(block);
        keepFirstChoice(*m_rows, std::span(m_choices).first(m_rows->rowCount()));
    }
    std::vector<Part> parts(m_threads, Part(*m_rows, slices ? &*slices : nullptr));
    inParts(blocks, [&](std::size_t part, std::size_t begin, std::size_t end) {
        for (std::size_t block = begin; block < end; ++block) {
            if (!question.isStickyByConversation)
                decideBlock(block);
            measureBlock(block, parts[part], slices ? &*slices : nullptr);
        }
    });

    ReplayAnswer answer;
    answer.requestsOf.assign(m_rows->choiceCount(), 0);
    answer.total.requests = m_rows->rowCount();
    std::vector<std::uint32_t> histogram(m_rows->latencies().count(), 0);
    for (const Part& part : parts) {
        for (std::size_t k = 0; k < answer.requestsOf.size(); ++k)
            answer.requestsOf[k] += part.requestsOf[k];
        answer.total.costPico += costPicoOf(part);
        answer.total.quality += part.quality;
        for (std::size_t i = 0; i < part.histogram.size(); ++i)
            histogram[i % histogram.size()] += part.histogram[i];
    }
    answer.total.latencyP95Ms = exactP95(histogram, answer.total.requests);
    if (slices)
        measureSlices(parts, *slices, answer);
    if (question.noticeability)
        measureSeams(question, slices ? &*slices : nullptr, answer);
    return answer;
}

void RowReplay::measureBlock(std::size_t block, Part& part, const Slices* slices)
{
    const std::size_t rows = m_rows->rowsIn(block);
    const std::uint8_t* const choices = m_choices.data() + block * kBlock;
    std::array<std::uint32_t, PackedRows::kMostChoices> counts{};
    std::array<ReplayKernels::Column, PackedRows::kMostChoices> columns;
    std::size_t used = 0;
    m_kernels->count(choices, rows, m_rows->choiceCount(), counts.data());
    for (std::size_t k = 0; k < m_rows->choiceCount(); ++k) {
        if (counts[k] == 0)
            continue;
        part.requestsOf[k] += counts[k];
        columns[used++] = {static_cast<std::uint8_t>(k),
                           m_rows->pricesTokens() ? nullptr : m_rows->cost(block, k),
                           m_rows->quality(block, k), m_rows->bucket(block, k)};
    }
    assert(std::accumulate(counts.begin(), counts.end(), std::size_t{0}) == rows);
    ReplayKernels::Picked picked;
    picked.buckets = m_buckets.data() + block * kBlock;
    picked.costs = slices ? part.costs.data() : nullptr;
    picked.qualities = slices ? part.qualities.data() : nullptr;
    m_kernels->pick(choices, rows, std::span(columns).first(used), picked);
    part.cost += picked.cost;
    part.quality += picked.quality;
    if (m_rows->pricesTokens()) {
        for (std::size_t i = 0; i < used; ++i) {
            const auto tokens =
                m_kernels->sumTokens(choices, rows, columns[i].choice, m_rows->inputTokens(block),
                                     m_rows->outputTokens(block));
            part.tokensOf[columns[i].choice].input += tokens.input;
            part.tokensOf[columns[i].choice].output += tokens.output;
        }
    }
    if (slices)
        countCells(block, part, *slices);
    else
        addToHistogram(picked.buckets, rows, part.histogram.data(), m_rows->latencies().count());
}

void RowReplay::countCells(std::size_t block, Part& part, const Slices& slices)
{
    const std::size_t rows = m_rows->rowsIn(block);
    const std::size_t buckets = m_rows->latencies().count();
    const std::uint8_t* const choices = m_choices.data() + block * kBlock;
    const std::uint16_t* const bucketOf = m_buckets.data() + block * kBlock;
    std::uint16_t* const cellOf = m_cells.data() + block * kBlock;
    const auto segmentOf = m_rows->segmentOf();
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t segment = segmentOf.empty() ? 0 : segmentOf[block * kBlock + i];
        const std::size_t cell = segment * slices.tiers + slices.tierOf[choices[i]];
        cellOf[i] = static_cast<std::uint16_t>(cell);
    }
    const bool areTokens = m_rows->pricesTokens();
    const std::uint32_t* const input = areTokens ? m_rows->inputTokens(block) : nullptr;
    const std::uint32_t* const output = areTokens ? m_rows->outputTokens(block) : nullptr;
    CellSums* const cells = part.cells.data();
    std::uint32_t* const histogram = part.histogram.data();
    const TokenPrice* const prices = m_rows->prices().data();
    for (std::size_t i = 0; i < rows; ++i) {
        std::uint64_t cost = part.costs[i];
        if (areTokens)
            cost = static_cast<std::uint64_t>(input[i] * prices[choices[i]].inputPico +
                                              output[i] * prices[choices[i]].outputPico);
        cells[cellOf[i]] += CellSums{cost, part.qualities[i]};
        ++histogram[cellOf[i] * buckets + bucketOf[i]];
    }
}

std::int64_t RowReplay::costPicoOf(const Part& part) const
{
    if (!m_rows->pricesTokens())
        return static_cast<std::int64_t>(part.cost) * m_rows->costUnit();
    std::int64_t cost = 0;
    for (std::size_t k = 0; k < m_rows->choiceCount(); ++k)
        cost += static_cast<std::int64_t>(part.tokensOf[k].input) * m_rows->prices()[k].inputPico +
                static_cast<std::int64_t>(part.tokensOf[k].output) * m_rows->prices()[k].outputPico;
    return cost;
}

float RowReplay::exactP95(std::span<const std::uint32_t> histogram, std::uint64_t requests) const
{
    const LatencyBuckets& latencies = m_rows->latencies();
    if (requests == 0 || (latencies.hasUnknown() && histogram.back() > 0))
        return ReplayTotals().latencyP95Ms;
    const BucketRank wanted = findRank(histogram, requests, rankOfP95(requests));
    std::vector<float> values;
    values.reserve(histogram[wanted.bucket]);
    std::array<std::uint32_t, kBlock> found{};
    for (std::size_t block = 0; block < m_rows->blockCount(); ++block) {
        const std::size_t count =
            m_kernels->find(m_buckets.data() + block * kBlock, m_rows->rowsIn(block),
                            static_cast<std::uint16_t>(wanted.bucket), found.data());
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t row = block * kBlock + found[i];
            values.push_back(m_rows->latencyAt(row, m_choices[row]));
        }
    }
    return nth(values, wanted.below);
}

void RowReplay::measureSlices(const std::vector<Part>& parts, const Slices& slices,
                              ReplayAnswer& answer) const
{
    answer.segments.assign(slices.segments, {});
    answer.tiers.assign(slices.tiers, {});
    const std::int64_t unit = m_rows->pricesTokens() ? 1 : m_rows->costUnit();
    const std::size_t buckets = m_rows->latencies().count();
    for (const Part& part : parts) {
        for (std::size_t cell = 0; cell < slices.cells(); ++cell) {
            const CellSums& sums = part.cells[cell];
            const auto counts =
                part.histogram.begin() + static_cast<std::ptrdiff_t>(cell * buckets);
            const auto requests = std::accumulate(
                counts, counts + static_cast<std::ptrdiff_t>(buckets), std::uint64_t{0});
            for (ReplayTotals* slice :
                 {&answer.segments[cell / slices.tiers], &answer.tiers[cell % slices.tiers]}) {
                slice->requests += requests;
                slice->costPico += static_cast<std::int64_t>(sums[0]) * unit;
                slice->quality += sums[1];
            }
        }
    }
    findSliceP95(parts, slices, answer);
}

/// Segments, then tiers.
std::vector<std::vector<std::uint32_t>> RowReplay::sliceHistograms(const std::vector<Part>& parts,
                                                                   const Slices& slices) const
{
    const std::size_t buckets = m_rows->latencies().count();
    std::vector<std::vector<std::uint32_t>> histograms(slices.segments + slices.tiers,
                                                       std::vector<std::uint32_t>(buckets, 0));
    for (const Part& part : parts) {
        for (std::size_t cell = 0; cell < slices.cells(); ++cell) {
            auto& bySegment = histograms[cell / slices.tiers];
            auto& byTier = histograms[slices.segments + cell % slices.tiers];
            const std::uint32_t* const counts = part.histogram.data() + cell * buckets;
            for (std::size_t b = 0; b < buckets; ++b) {
                bySegment[b] += counts[b];
                byTier[b] += counts[b];
            }
        }
    }
    return histograms;
}

/// Looks into one bucket per slice, for all of them in one pass.
void RowReplay::findSliceP95(const std::vector<Part>& parts, const Slices& slices,
                             ReplayAnswer& answer) const
{
    constexpr std::uint32_t kNoBucket = 0xFFFF'FFFF;
    const auto histograms = sliceHistograms(parts, slices);
    std::vector<ReplayTotals*> totals;
    for (std::vector<ReplayTotals>* list : {&answer.segments, &answer.tiers}) {
        for (ReplayTotals& slice : *list)
            totals.push_back(&slice);
    }
    std::vector<BucketRank> wanted(totals.size(), BucketRank{kNoBucket, 0});
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::uint64_t requests = totals[i]->requests;
        if (requests > 0 && !(m_rows->latencies().hasUnknown() && histograms[i].back() > 0))
            wanted[i] = findRank(histograms[i], requests, rankOfP95(requests));
    }
    struct CellBuckets
    {
        std::uint32_t bySegment = kNoBucket;
        std::uint32_t byTier = kNoBucket;
    };
    std::vector<CellBuckets> bucketsOf(slices.cells());
    for (std::size_t cell = 0; cell < bucketsOf.size(); ++cell)
        bucketsOf[cell] = {
            static_cast<std::uint32_t>(wanted[cell / slices.tiers].bucket),
            static_cast<std::uint32_t>(wanted[slices.segments + cell % slices.tiers].bucket)};
    std::vector<std::vector<std::vector<float>>> found(
        m_threads, std::vector<std::vector<float>>(wanted.size()));
    inParts(m_rows->blockCount(), [&](std::size_t part, std::size_t begin, std::size_t end) {
        auto& values = found[part];
        const std::size_t last = std::min(end * kBlock, m_rows->rowCount());
        for (std::size_t row = begin * kBlock; row < last; ++row) {
            const std::size_t cell = m_cells[row];
            const std::uint32_t bucket = m_buckets[row];
            const CellBuckets& buckets = bucketsOf[cell];
            if (bucket != buckets.bySegment && bucket != buckets.byTier)
                continue;
            const float latency = m_rows->latencyAt(row, m_choices[row]);
            if (bucket == buckets.bySegment)
                values[cell / slices.tiers].push_back(latency);
            if (bucket == buckets.byTier)
                values[slices.segments + cell % slices.tiers].push_back(latency);
        }
    });
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].bucket == kNoBucket)
            continue;
        for (std::size_t part = 1; part < found.size(); ++part)
            found[0][i].insert(found[0][i].end(), found[part][i].begin(), found[part][i].end());
        totals[i]->latencyP95Ms = nth(found[0][i], wanted[i].below);
    }
}

void RowReplay::measureSeams(const ReplayQuestion& question, const Slices* slices,
                             ReplayAnswer& answer)
{
    const std::size_t cells = slices ? slices->cells() : 1;
    const auto starts = m_rows->conversationStarts();
    const std::size_t blocks = m_rows->blockCount();
    std::vector<SeamCounter> counters(m_threads, SeamCounter(*m_rows, cells, m_vectors));
    // Threads part where a conversation begins.
    const auto startAtOrAfter = [&](std::size_t block) {
        return block == blocks ? m_rows->rowCount()
                               : *std::ranges::lower_bound(starts, block * kBlock);
    };
    inParts(blocks, [&](std::size_t part, std::size_t begin, std::size_t end) {
        counters[part].count(m_choices.data(), startAtOrAfter(begin), startAtOrAfter(end),
                             slices ? m_cells.data() : nullptr);
    });
    for (std::size_t part = 1; part < counters.size(); ++part)
        counters[0].add(counters[part]);
    SeamSums total;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        const SeamSums sums = counters[0].sums(*question.noticeability, cell);
        total += sums;
        if (!slices)
            continue;
        for (ReplayTotals* slice :
             {&answer.segments[cell / slices->tiers], &answer.tiers[cell % slices->tiers]}) {
            slice->seams += sums.seams;
            slice->loss += sums.loss;
        }
    }
    answer.total.seams = total.seams;
    answer.total.loss = total.loss;
    for (std::size_t from = 0; from < m_rows->voiceCount(); ++from) {
        for (std::size_t to = 0; to < m_rows->voiceCount(); ++to) {
            std::uint64_t seams = 0;
            for (std::size_t cell = 0; cell < cells; ++cell)
                seams += counters[0].pair(cell, from, to);
            if (seams > 0)
                answer.seams.push_back(
                    {static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(to), seams});
        }
    }
}

} // namespace signalbox
