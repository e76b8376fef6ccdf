// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"
#include "replayed_policy.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// Fewer prompts than this say nothing about a pair of voices (measures.md section 1).
inline constexpr std::size_t kVerdictPrompts = 50;

/// What is estimated of every slice.
enum class Measure { Cost, BaselineCost, Saving, Satisfaction, Ratio, P95, P50, Consistency };

/// What a part of the traffic rests on, counted once.
struct SliceFacts
{
    std::size_t requests = 0;
    std::size_t conversations = 0;
    std::vector<double> promptRows;          ///< requests per lab prompt, but for borrowed ones
    std::vector<std::uint8_t> elsewhereRows; ///< per prompt: of those, one was not the baseline's
    std::size_t borrowed = 0;                ///< requests on answers of another segment
    std::size_t elsewhere = 0;               ///< requests that the baseline model did not answer
    bool anyLoss = false;                    ///< some request did worse than under the baseline
    bool anyGain = false;
    bool anySatisfied = false;
    bool anyUnsatisfied = false;
    std::vector<std::uint8_t>
        voicePairs; ///< per pair: they meet in this part; [0] is the same voice
    std::uint32_t lastConversation = 0xffffffff;

    [[nodiscard]] std::size_t prompts() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(promptRows, [](double rows) { return rows > 0; }));
    }
    [[nodiscard]] std::size_t promptsElsewhere() const
    {
        return static_cast<std::size_t>(std::ranges::count(elsewhereRows, 1));
    }
    /// n_eff = (sum w)^2 / sum w^2 of the weights that the traffic gives to the prompts.
    [[nodiscard]] double effectivePrompts() const
    {
        double sum = 0;
        double squares = 0;
        for (const double rows : promptRows) {
            sum += rows;
            squares += rows * rows;
        }
        return squares > 0 ? sum * sum / squares : 0;
    }
};

/// One projection in the making: the steps of Projector::project() and what they share.
class ProjectionBuilder
{
public:
    ProjectionBuilder(const PolicyDocument& document, const ProjectionOptions& options,
                      const ReplayGround& ground, const ReplayedPolicy& replayed)
        : m_document(document), m_options(options), m_ground(ground), m_replayed(replayed),
          m_rows(countedRowsOf(measuredRowsOf(replayed, document, ground), options, m_source)),
          m_measures(m_rows)
    {
        m_slices.resize(m_measures.sliceCount());
        m_facts.resize(m_measures.sliceCount());
        m_measures.evaluate(m_measures.plainWeights(), m_slices);
        countFacts();
    }

    /// False if stopped.
    [[nodiscard]] bool drawResamples()
    {
        m_resamples = resample(m_measures, m_rows, m_ground.evidence(), m_options.draws,
                               m_options.seed, m_options.stop, m_options.outageMinutes == 0);
        return m_resamples.draws == m_options.draws;
    }

    [[nodiscard]] Projection build(const Projection* lender) const;

private:
    const PolicyDocument& m_document;
    const ProjectionOptions& m_options;
    const ReplayGround& m_ground;
    const ReplayedPolicy& m_replayed;
    std::vector<std::uint32_t> m_source; ///< row of the traffic of each row that counts
    MeasuredRows m_rows;
    WeightedMeasures m_measures;
    std::vector<SliceMeasures> m_slices;
    std::vector<SliceFacts> m_facts;
    Resamples m_resamples;

    void countFacts();
    void countRow(SliceFacts& facts, std::size_t row, bool elsewhere) const;
    [[nodiscard]] std::optional<Estimate> estimate(std::size_t slice, Measure measure) const;
    void widenForFewPrompts(Estimate& estimate, std::size_t slice, Measure measure) const;
    [[nodiscard]] std::size_t independentUnits(std::size_t slice, Measure measure) const;
    [[nodiscard]] std::optional<Estimate> costPerSatisfied() const;
    [[nodiscard]] ProjectionSlice sliceOf(std::size_t slice, std::string name) const;
    void addSlices(Projection& projection) const;
    void addLatency(Projection& projection) const;
    void addFlow(Projection& projection) const;
    void addShares(Projection& projection) const;
    void addCosts(Projection& projection) const;
    void addSeams(Projection& projection) const;
    void addNotes(Projection& projection) const;
    void addModelNotes(Projection& projection) const;
    void addPlanNotes(Projection& projection) const;
    void addVoiceNotes(Projection& projection) const;
    void addGates(Projection& projection) const;
    [[nodiscard]] double gatesProbability() const;
    [[nodiscard]] std::vector<std::size_t> slicesUnder(const Gate& gate) const;
    [[nodiscard]] std::string objectionTo(const Gate& gate, std::size_t slice) const;
    [[nodiscard]] std::size_t fewestVoicePrompts(std::size_t slice) const;
    [[nodiscard]] std::string sliceName(std::size_t slice) const;
};

} // namespace signalbox
