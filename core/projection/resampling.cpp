// SPDX-License-Identifier: Apache-2.0
#include "resampling.h"

#include <core/base/parallel.h>
#include <core/base/random.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr std::size_t kDrawsPerThread = 16;
/// So many conversations' weights stay in the nearest cache, of all lanes.
constexpr std::size_t kGroupConversations = 1024;
constexpr std::size_t kStep = 32; ///< places that a walk down a tail takes at once

/// What is summed of a part of the traffic, under several weightings side by side.
template<std::size_t lanes> struct Sums
{
    using Lanes = std::array<double, lanes>;
    Lanes weight{};
    Lanes cost{};
    Lanes baselineCost{};
    Lanes satisfied{};
    Lanes baselineSatisfied{};
    Lanes seams{};
    Lanes loss{};

    void add(const Sums& other)
    {
        for (std::size_t l = 0; l < lanes; ++l) {
            weight[l] += other.weight[l];
            cost[l] += other.cost[l];
            baselineCost[l] += other.baselineCost[l];
            satisfied[l] += other.satisfied[l];
            baselineSatisfied[l] += other.baselineSatisfied[l];
            seams[l] += other.seams[l];
            loss[l] += other.loss[l];
        }
    }

    [[nodiscard]] SliceMeasures means(std::size_t lane) const
    {
        SliceMeasures measures;
        measures.weight = weight[lane];
        measures.cost = cost[lane] / weight[lane] * kUsdPerPico;
        measures.baselineCost = baselineCost[lane] / weight[lane] * kUsdPerPico;
        measures.satisfied = satisfied[lane] / weight[lane];
        measures.baselineSatisfied = baselineSatisfied[lane] / weight[lane];
        measures.consistency = seams[lane] > 0 ? 1 - loss[lane] / seams[lane] : 1;
        return measures;
    }
};

/// Weightings side by side: entry i of all of them, then entry i + 1. One entry more at the end of
/// prompts and patterns: what a row without a prompt, or without a seam, counts.
template<std::size_t lanes> struct LaneWeights
{
    std::vector<double> conversation;
    std::vector<double> prompt;
    std::vector<double> pattern;
    std::vector<double> noticeability;

    explicit LaneWeights(std::span<const ResampleWeights> weights)
        : conversation(woven(weights, &ResampleWeights::conversation)),
          prompt(woven(weights, &ResampleWeights::prompt)),
          pattern(woven(weights, &ResampleWeights::pattern)),
          noticeability(woven(weights, &ResampleWeights::noticeability))
    {
        prompt.insert(prompt.end(), lanes, 1.0);
        pattern.insert(pattern.end(), lanes, 0.0);
    }

private:
    static std::vector<double> woven(std::span<const ResampleWeights> weights,
                                     std::vector<double> ResampleWeights::* member)
    {
        const std::size_t count = (weights[0].*member).size();
        std::vector<double> all(count * lanes);
        for (std::size_t l = 0; l < lanes; ++l) {
            const std::vector<double>& one = weights[l].*member;
            for (std::size_t i = 0; i < count; ++i)
                all[i * lanes + l] = one[i];
        }
        return all;
    }
};

/// Numbers of all weightings at once: a vector, or for one alone a number.
template<std::size_t lanes> struct LaneVector
{
    using Type [[gnu::vector_size(lanes * sizeof(double))]] = double;
};
template<> struct LaneVector<1>
{
    using Type = double;
};

/// Every lane adds up in the order of the places, so that one weighting alone gives the same to the
/// last digit.
template<std::size_t lanes, class Place>
[[gnu::always_inline]] inline void sumPlaces(const Place* places, std::size_t count,
                                             const LaneWeights<lanes>& weights, Sums<lanes>& sums)
{
    using Vector = typename LaneVector<lanes>::Type;
    const double* const conversations = weights.conversation.data();
    const double* const prompts = weights.prompt.data();
    const double* const patterns = weights.pattern.data();
    const double* const noticeabilities = weights.noticeability.data();
    Vector sum[7] = {};
    for (std::size_t i = 0; i < count; ++i) {
        const Place& place = places[i];
        Vector conversation;
        Vector prompt;
        Vector pattern;
        Vector previous;
        Vector noticeability;
        std::memcpy(&conversation, conversations + place.weight.conversation * lanes,
                    sizeof(Vector));
        std::memcpy(&prompt, prompts + place.weight.prompt * lanes, sizeof(Vector));
        std::memcpy(&pattern, patterns + place.weight.pattern * lanes, sizeof(Vector));
        std::memcpy(&previous, patterns + place.previousPattern * lanes, sizeof(Vector));
        std::memcpy(&noticeability, noticeabilities + place.voicePair * lanes, sizeof(Vector));
        const Vector shared = conversation * pattern;
        const Vector weight = shared * prompt;
        const Vector seam = shared * previous;
        sum[0] += weight;
        sum[1] += weight * place.cost;
        sum[2] += weight * place.baselineCost;
        sum[3] += weight * place.satisfied;
        sum[4] += weight * place.baselineSatisfied;
        sum[5] += seam;
        sum[6] += seam * noticeability;
    }
    std::array<double, lanes>* const to[] = {
        &sums.weight, &sums.cost, &sums.baselineCost, &sums.satisfied, &sums.baselineSatisfied,
        &sums.seams,  &sums.loss};
    for (std::size_t kind = 0; kind < 7; ++kind) {
        std::array<double, lanes> values;
        std::memcpy(values.data(), &sum[kind], sizeof(Vector));
        for (std::size_t l = 0; l < lanes; ++l)
            (*to[kind])[l] += values[l];
    }
}

/// Adds the weights of a tail's rows.
template<std::size_t lanes, class WeightOf>
[[gnu::always_inline]] inline void addWeights(const WeightOf* rows, std::size_t count,
                                              const LaneWeights<lanes>& weights, double* passed)
{
    using Vector = typename LaneVector<lanes>::Type;
    Vector sum;
    std::memcpy(&sum, passed, sizeof(Vector));
    for (std::size_t i = 0; i < count; ++i) {
        Vector conversation;
        Vector prompt;
        Vector pattern;
        std::memcpy(&conversation, weights.conversation.data() + rows[i].conversation * lanes,
                    sizeof(Vector));
        std::memcpy(&prompt, weights.prompt.data() + rows[i].prompt * lanes, sizeof(Vector));
        std::memcpy(&pattern, weights.pattern.data() + rows[i].pattern * lanes, sizeof(Vector));
        sum += conversation * pattern * prompt;
    }
    std::memcpy(passed, &sum, sizeof(Vector));
}

/// The two loops for a kind of vectors.
template<std::size_t lanes> struct PlainLoops
{
    template<class Place>
    static void sum(const Place* places, std::size_t count, const LaneWeights<lanes>& weights,
                    Sums<lanes>& sums)
    {
        sumPlaces(places, count, weights, sums);
    }
    template<class WeightOf>
    static void add(const WeightOf* rows, std::size_t count, const LaneWeights<lanes>& weights,
                    double* passed)
    {
        addWeights(rows, count, weights, passed);
    }
};

#if defined(__x86_64__) && defined(__GNUC__)
/// Without fused multiplication, which would round otherwise.
template<std::size_t lanes> struct Avx2Loops
{
    template<class Place>
    [[gnu::target("avx2")]] static void sum(const Place* places, std::size_t count,
                                            const LaneWeights<lanes>& weights, Sums<lanes>& sums)
    {
        sumPlaces(places, count, weights, sums);
    }
    template<class WeightOf>
    [[gnu::target("avx2")]] static void add(const WeightOf* rows, std::size_t count,
                                            const LaneWeights<lanes>& weights, double* passed)
    {
        addWeights(rows, count, weights, passed);
    }
};
bool hasAvx2()
{
    return __builtin_cpu_supports("avx2") != 0;
}
#else
template<std::size_t lanes> using Avx2Loops = PlainLoops<lanes>;
bool hasAvx2()
{
    return false;
}
#endif

/// Walks down from the slowest request while those passed weigh at most 1 - q of all: the inverse
/// of the weighted distribution function, at the cost of the tail alone. Steps of several rows are
/// added at once, and the one that goes too far again row by row.
template<std::size_t lanes, class Tail>
std::array<double, lanes> tailQuantile(const Tail& tail, double q,
                                       const std::array<double, lanes>& totals,
                                       const LaneWeights<lanes>& weights)
{
    std::array<double, lanes> found;
    found.fill(kMissing);
    if (!tail.isTimed)
        return found;
    std::array<double, lanes> allowed{};
    std::size_t open = 0;
    for (std::size_t l = 0; l < lanes; ++l) {
        const bool isAny = totals[l] > 0;
        allowed[l] = isAny ? (1 - q) * totals[l] + 1e-9 * totals[l] : kNever;
        open += isAny;
    }
    const auto* const rows = tail.weights.data();
    using WeightOf = std::remove_cvref_t<decltype(*rows)>;
    const auto add = hasAvx2() ? Avx2Loops<lanes>::template add<WeightOf>
                               : PlainLoops<lanes>::template add<WeightOf>;
    std::array<double, lanes> passed{};
    for (std::size_t step = 0; step < tail.weights.size() && open > 0; step += kStep) {
        const std::array<double, lanes> before = passed;
        add(rows + step, std::min(kStep, tail.weights.size() - step), weights, passed.data());
        for (std::size_t l = 0; l < lanes; ++l) {
            if (!(passed[l] > allowed[l]))
                continue;
            std::array<double, lanes> sum = before;
            std::size_t i = step;
            while (add(rows + i, 1, weights, sum.data()), !(sum[l] > allowed[l]))
                ++i;
            found[l] = static_cast<double>(tail.latencyMs[i]);
            allowed[l] = kNever;
            --open;
        }
    }
    return found;
}

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
    placeRows();
    sortByLatency();
}

std::size_t WeightedMeasures::cellOf(std::size_t row) const
{
    return m_rows.segment[row] * m_rows.tiers + m_rows.tier[row];
}

WeightedMeasures::WeightOf WeightedMeasures::weightOf(std::size_t row) const
{
    const std::uint32_t prompt = m_rows.prompt[row];
    return {m_rows.conversation[row],
            prompt == ReplayGround::kNoPrompt ? static_cast<std::uint32_t>(m_rows.prompts) : prompt,
            m_rows.pattern[row]};
}

WeightedMeasures::Place WeightedMeasures::placeOf(std::size_t row) const
{
    const std::int32_t previous = m_rows.previous[row];
    const bool isSeam = previous >= 0;
    return {weightOf(row),
            isSeam ? m_rows.pattern[static_cast<std::size_t>(previous)]
                   : static_cast<std::uint16_t>(m_rows.patterns.size()),
            isSeam ? m_rows.voicePair[row] : std::uint16_t{0},
            m_rows.cost[row],
            m_rows.baselineCost[row],
            m_rows.satisfied[row],
            m_rows.baselineSatisfied[row]};
}

void WeightedMeasures::placeRows()
{
    const std::size_t cells = m_rows.segments * m_rows.tiers;
    const std::size_t groups = (m_rows.conversations / kGroupConversations + 1) * cells;
    const auto groupOf = [&](std::size_t row) {
        return m_rows.conversation[row] / kGroupConversations * cells + cellOf(row);
    };
    m_groupStart.assign(groups + 1, 0);
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row)
        ++m_groupStart[groupOf(row) + 1];
    std::partial_sum(m_groupStart.begin(), m_groupStart.end(), m_groupStart.begin());
    m_places.resize(m_rows.rowCount());
    std::vector<std::size_t> next(m_groupStart.begin(), m_groupStart.end());
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row)
        m_places[next[groupOf(row)]++] = placeOf(row);
}

void WeightedMeasures::sortByLatency()
{
    m_tails.resize(sliceCount());
    const auto tailsOf = [this](std::size_t row) {
        return std::array{&m_tails[0], &m_tails[segmentSlice(m_rows.segment[row])],
                          &m_tails[tierSlice(m_rows.tier[row])]};
    };
    std::vector<std::pair<float, std::uint32_t>> order;
    order.reserve(m_rows.rowCount());
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row) {
        const float latency = m_rows.firstTokenMs[row];
        if (!std::isnan(latency)) {
            order.emplace_back(-latency, static_cast<std::uint32_t>(row));
            continue;
        }
        for (Tail* tail : tailsOf(row))
            tail->isTimed = false;
    }
    std::ranges::sort(order);
    for (const auto& [latency, row] : order) {
        for (Tail* tail : tailsOf(row)) {
            tail->weights.push_back(weightOf(row));
            tail->latencyMs.push_back(m_rows.firstTokenMs[row]);
        }
    }
}

ResampleWeights WeightedMeasures::plainWeights() const
{
    return {std::vector<double>(m_rows.conversations, 1), std::vector<double>(m_rows.prompts, 1),
            std::vector<double>(m_rows.patterns.size(), 1), m_rows.noticeability};
}

std::vector<double> WeightedMeasures::latenciesDescending() const
{
    if (!m_tails[0].isTimed)
        return {};
    return {m_tails[0].latencyMs.begin(), m_tails[0].latencyMs.end()};
}

template<std::size_t lanes>
void WeightedMeasures::weigh(std::span<const ResampleWeights> weights,
                             std::span<SliceMeasures> slices) const
{
    const LaneWeights<lanes> woven(weights);
    const auto sumGroup =
        hasAvx2() ? Avx2Loops<lanes>::template sum<Place> : PlainLoops<lanes>::template sum<Place>;
    std::vector<Sums<lanes>> cells(m_rows.segments * m_rows.tiers);
    for (std::size_t group = 0; group + 1 < m_groupStart.size(); ++group) {
        const std::size_t begin = m_groupStart[group];
        if (const std::size_t count = m_groupStart[group + 1] - begin; count > 0)
            sumGroup(m_places.data() + begin, count, woven, cells[group % cells.size()]);
    }
    std::vector<Sums<lanes>> sums(sliceCount());
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        sums[0].add(cells[cell]);
        sums[segmentSlice(cell / m_rows.tiers)].add(cells[cell]);
        sums[tierSlice(cell % m_rows.tiers)].add(cells[cell]);
    }
    for (std::size_t slice = 0; slice < sums.size(); ++slice) {
        const auto p95 = tailQuantile<lanes>(m_tails[slice], 0.95, sums[slice].weight, woven);
        for (std::size_t l = 0; l < lanes; ++l) {
            slices[l * sums.size() + slice] = sums[slice].means(l);
            slices[l * sums.size() + slice].p95Ms = p95[l];
        }
    }
    const auto p50 = tailQuantile<lanes>(m_tails[0], 0.5, sums[0].weight, woven);
    for (std::size_t l = 0; l < lanes; ++l)
        slices[l * sums.size()].p50Ms = p50[l];
}

void WeightedMeasures::evaluate(const ResampleWeights& weights,
                                std::span<SliceMeasures> slices) const
{
    weigh<1>(std::span(&weights, 1), slices);
}

void WeightedMeasures::evaluateLanes(std::span<const ResampleWeights> weights,
                                     std::span<SliceMeasures> slices) const
{
    weigh<kLanes>(weights, slices);
}

Resamples resample(const WeightedMeasures& measures, const MeasuredRows& rows,
                   const EvidenceTable& evidence, std::size_t draws, std::uint64_t seed,
                   const std::atomic<bool>* stop, bool reweighFailures)
{
    Resamples result{draws, measures.sliceCount(), {}};
    result.measures.resize(draws * result.slices);
    std::atomic<bool> stopped = false;
    forBlocks(draws, kDrawsPerThread, [&](std::size_t begin, std::size_t end) {
        constexpr std::size_t kLanes = WeightedMeasures::kLanes;
        std::vector<ResampleWeights> weights(kLanes, measures.plainWeights());
        const auto weighDraw = [&](std::size_t draw, ResampleWeights& drawn) {
            Random random(seed, "draw " + std::to_string(draw));
            drawCounts(random, drawn.conversation);
            drawCounts(random, drawn.prompt);
            moveVoices(rows, evidence, drawn);
            if (reweighFailures)
                weighPatterns(rows.patterns, evidence, drawn);
        };
        for (std::size_t draw = begin; draw < end;) {
            if (stop && stop->load(std::memory_order_relaxed)) {
                stopped = true;
                return;
            }
            const std::size_t count = end - draw >= kLanes ? kLanes : 1;
            for (std::size_t lane = 0; lane < count; ++lane)
                weighDraw(draw + lane, weights[lane]);
            const auto slices =
                std::span(result.measures).subspan(draw * result.slices, count * result.slices);
            if (count == kLanes)
                measures.evaluateLanes(weights, slices);
            else
                measures.evaluate(weights[0], slices);
            draw += count;
        }
    });
    return stopped ? Resamples() : result;
}

} // namespace signalbox
