// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence_table.h"
#include "plan_replay.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace signalbox {

inline constexpr double kUsdPerPico = 1e-12; ///< costs are summed as whole numbers of these

/// A replayed policy as columns of numbers, one entry per request. NaN is unknown and makes every
/// mean that it enters unknown.
struct MeasuredRows
{
    std::size_t conversations = 0;
    std::size_t prompts = 0;
    std::size_t segments = 0;
    std::size_t tiers = 0;
    std::vector<std::uint32_t> conversation;
    std::vector<std::uint32_t> prompt; ///< evidence index, or ReplayGround::kNoPrompt: weighs 1
    std::vector<std::uint16_t> segment;
    std::vector<std::uint16_t> tier;
    std::vector<double> cost;         ///< 1e-12 USD: sums stay exact up to 9,007 USD
    std::vector<double> baselineCost; ///< 1e-12 USD
    std::vector<double> satisfied;
    std::vector<double> baselineSatisfied;
    std::vector<float> firstTokenMs;
    std::vector<std::uint16_t> pattern;   ///< into patterns
    std::vector<FailurePattern> patterns; ///< each once
    std::vector<std::int32_t> previous;   ///< row of the answer before in its conversation, else -1
    std::vector<std::uint16_t> voicePair; ///< of the seam with `previous`; into noticeability
    std::vector<double> noticeability;    ///< per pair in use; the first one is "same voice", 0
    std::vector<std::size_t>
        evidencePair; ///< per pair in use: index into the evidence's pairs, or kNoPair
    static constexpr std::size_t kNoPair = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] std::size_t rowCount() const { return conversation.size(); }
};

/// Means over one part of the traffic under one weighting.
struct SliceMeasures
{
    double weight = 0;
    double cost = 0; ///< USD per request
    double baselineCost = 0;
    double satisfied = 0;
    double baselineSatisfied = 0;
    double consistency = 1; ///< 1 where there is no seam
    double p95Ms = 0;
    double p50Ms = 0; ///< of the whole traffic only

    [[nodiscard]] double saving() const { return 1 - cost / baselineCost; }
    [[nodiscard]] double satisfactionRatio() const { return satisfied / baselineSatisfied; }
};

/// How much everything counts in one resample; all ones is the traffic itself.
struct ResampleWeights
{
    std::vector<double> conversation;
    std::vector<double> prompt;
    std::vector<double> pattern;
    std::vector<double> noticeability; ///< values, not weights
};

/// Evaluates the measures of all slices under any weighting; the point values and every bootstrap
/// draw come from this one function. Slices: all, then segments, then tiers. Immutable. Keeps what
/// it reads of the rows in an order of its own, some 100 bytes a row: a draw is then one pass from
/// front to back, and walks down the slow tails.
class WeightedMeasures
{
public:
    explicit WeightedMeasures(const MeasuredRows& rows);

    [[nodiscard]] std::size_t sliceCount() const { return 1 + m_rows.segments + m_rows.tiers; }
    [[nodiscard]] std::size_t segmentSlice(std::size_t segment) const { return 1 + segment; }
    [[nodiscard]] std::size_t tierSlice(std::size_t tier) const
    {
        return 1 + m_rows.segments + tier;
    }

    void evaluate(const ResampleWeights& weights, std::span<SliceMeasures> slices) const;

    /// The same, to the last digit, of several weightings in one pass over the rows.
    /// @param weights  kLanes of them
    /// @param slices   sliceCount() of each, one weighting after the other
    void evaluateLanes(std::span<const ResampleWeights> weights,
                       std::span<SliceMeasures> slices) const;
    static constexpr std::size_t kLanes = 4;

    [[nodiscard]] ResampleWeights plainWeights() const;
    /// Latencies, slowest first; empty if any is unknown.
    [[nodiscard]] std::vector<double> latenciesDescending() const;

private:
    /// What a row's weight is made of.
    struct WeightOf
    {
        std::uint32_t conversation = 0;
        std::uint32_t prompt = 0; ///< rows.prompts: weighs 1
        std::uint32_t pattern = 0;
    };
    struct Place
    {
        WeightOf weight;
        std::uint16_t previousPattern = 0; ///< of the seam's other end; kNoSeam: none
        std::uint16_t voicePair = 0;
        double cost = 0;
        double baselineCost = 0;
        double satisfied = 0;
        double baselineSatisfied = 0;
    };
    /// Slowest first: rows whose weights are added until they are too many.
    struct Tail
    {
        std::vector<WeightOf> weights;
        std::vector<float> latencyMs;
        bool isTimed = true; ///< every latency is known
    };

    const MeasuredRows& m_rows;
    /// Grouped by neighbouring conversations, so that their weights stay at hand, and then by cell:
    /// (segment, tier).
    std::vector<Place> m_places;
    std::vector<std::size_t> m_groupStart;
    std::vector<Tail> m_tails; ///< per slice

    template<std::size_t lanes>
    void weigh(std::span<const ResampleWeights> weights, std::span<SliceMeasures> slices) const;
    [[nodiscard]] std::size_t cellOf(std::size_t row) const;
    [[nodiscard]] WeightOf weightOf(std::size_t row) const;
    [[nodiscard]] Place placeOf(std::size_t row) const;
    void placeRows();
    void sortByLatency();
};

/// Measures of every slice in every draw: at(draw)[slice].
struct Resamples
{
    std::size_t draws = 0;
    std::size_t slices = 0;
    std::vector<SliceMeasures> measures;
    [[nodiscard]] std::span<const SliceMeasures> at(std::size_t draw) const
    {
        return std::span(measures).subspan(draw * slices, slices);
    }
};

/// Two-way bootstrap (the pigeonhole bootstrap; Owen 2007): each draw takes whole conversations and
/// lab prompts with replacement, independently, and weighs a request by the product of both counts;
/// slightly wide rather than narrow. The drawn prompts also move what was measured on them: the
/// noticeability of each pair (by its influence) and each model's failure share, to which simulated
/// failures are reweighed, so that a p95 near its cliff shows how little the share is known. Seams
/// are weighed by conversation only. Draw d depends on (seed, d) alone, not on the threads. Stops
/// early when `stop` is set; then draws is 0.
[[nodiscard]] Resamples resample(const WeightedMeasures& measures, const MeasuredRows& rows,
                                 const EvidenceTable& evidence, std::size_t draws,
                                 std::uint64_t seed, const std::atomic<bool>* stop,
                                 bool reweighFailures);

} // namespace signalbox
