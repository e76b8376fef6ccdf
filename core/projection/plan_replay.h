// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence_cover.h"
#include "evidence_table.h"

#include <core/base/money.h>
#include <core/policy/document.h>
#include <core/routing/attempt_machine.h>
#include <core/traffic/traffic.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace signalbox {

/// Traffic and evidence brought together, once per projector: which lab prompt stands behind each
/// request, and what each model did on it, with gaps filled from the prompt's segment, then from
/// all prompts. Immutable.
class ReplayGround
{
public:
    static constexpr std::uint32_t kNoPrompt = 0xffffffff;

    ReplayGround(const Traffic& traffic, const EvidenceTable& evidence);

    /// Lab prompt of a row. A request without one takes the place of its segment's prompts in turn
    /// (of all prompts if its segment has none), the same for every model, so that models stay
    /// paired. kNoPrompt only if there are no prompts at all.
    [[nodiscard]] std::uint32_t prompt(std::size_t row) const { return m_prompt[row]; }
    /// How many requests have a prompt of their own, and which rows take one of another segment.
    [[nodiscard]] const EvidenceCover& cover() const { return m_cover; }

    /// Input tokens without style guides; estimated as ceil(characters / 4) where not recorded.
    [[nodiscard]] std::int64_t inputTokens(std::size_t row) const { return m_inputTokens[row]; }
    [[nodiscard]] std::size_t estimatedInputs() const { return m_estimatedInputs; }

    /// Mean outcome of an evidence model on a prompt; NaN if the model has no outcome at all.
    [[nodiscard]] double satisfied(std::size_t model, std::uint32_t prompt) const;

    /// Recorded answers of a model that may play on a prompt; empty if it has none at all.
    [[nodiscard]] std::span<const AnswerSample> samples(std::size_t model,
                                                        std::uint32_t prompt) const;

    /// All recorded answers of a model; samples() are parts of it.
    [[nodiscard]] std::span<const AnswerSample> everySample(std::size_t model) const
    {
        return m_models[model].samples;
    }

    [[nodiscard]] const std::vector<double>& failingMs(std::size_t model) const;
    [[nodiscard]] const EvidenceTable& evidence() const { return m_evidence; }
    [[nodiscard]] const Traffic& traffic() const { return m_traffic; }
    [[nodiscard]] std::uint64_t modelKey(std::size_t model) const { return m_models[model].key; }

private:
    struct Model
    {
        std::vector<double> satisfied;                              ///< per prompt, gaps filled
        std::vector<AnswerSample> samples;                          ///< by segment, then prompt
        std::vector<std::pair<std::uint32_t, std::uint32_t>> range; ///< per prompt, into samples
        std::vector<double> failingMs; ///< never empty unless the model never answered nor failed
        std::uint64_t key = 0;         ///< of its stream of random numbers
    };

    const Traffic& m_traffic;
    const EvidenceTable& m_evidence;
    EvidenceCover m_cover;
    std::vector<std::uint32_t> m_prompt;
    std::vector<std::int64_t> m_inputTokens;
    std::vector<Model> m_models;
    std::size_t m_estimatedInputs = 0;

    void assignPrompts();
    void countInputTokens();
    void fillModel(std::size_t model);
};

/// Failures seen on a row: two bits per evidence model, 1 = asked and answering, 2 = asked and
/// failing. What a resample of the failure shares needs to weigh the row anew.
using FailurePattern = std::uint64_t;
inline constexpr std::size_t kPatternModels = 32;

/// One plan (splits drawn) over one traffic: what becomes of a request that takes it. Rows are
/// simulated when first asked for, by the attempt machine, and kept; so a threshold that moves rows
/// between plans costs nothing for rows that were there before.
///
/// Attempts are seeded by (seed, row, model, number), not by plan: two policies that ask the same
/// model the same request see the same course. Whether a model fails a request is drawn once per
/// request with the model's measured failure share, and holds for its retries: the lab counts an
/// attempt as failed after retries of its own, and a rate limit outlasts one request's retries.
///
/// A cascade's test is held against the very answers that are replayed: refusals and words are read
/// from their texts. Token log-probabilities are not recorded, so that part of a test holds. A
/// verifier is asked (its time and price are those of its own answers' beginnings) and errs as the
/// policy assumes; without assumptions it accepts everything, as does one that fails.
///
/// Every attempt is priced. Input (with the model's style guide) is charged once a model had the
/// request, also when it fails or is cancelled before its first token; not when it was turned away:
/// isTurnedAway().
/// Output is charged whole when delivered, and in proportion of the writing time when stopped.
class PlanReplay
{
public:
    /// What a simulation depends on besides traffic and evidence.
    struct Key
    {
        struct Model
        {
            ModelId id;
            std::optional<Price> price;
            std::string styleGuide;
            bool operator==(const Model&) const = default;
        };
        Plan plan;
        std::vector<Model> models; ///< of the plan, order of modelsOf()
        std::uint64_t seed = 1;
        int outageMinutes = 0;
        bool operator==(const Key&) const = default;
    };
    [[nodiscard]] static Key keyOf(const Plan& plan, const PolicyDocument& document,
                                   std::uint64_t seed, int outageMinutes);

    PlanReplay(Key key, const ReplayGround& ground);
    ~PlanReplay();
    PlanReplay(const PlanReplay&) = delete; // its checks point into its own plan
    PlanReplay& operator=(const PlanReplay&) = delete;

    static constexpr std::int64_t kUnknownCost = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int16_t kUnanswered = -1;

    struct Row
    {
        std::int16_t served = kUnanswered; ///< index into key().models
        bool known = false;                ///< simulated already
        bool tail = false;                 ///< the first attempt did not answer
        float firstTokenMs = 0;            ///< NaN if unknown, infinity if no attempt answered
        /// Of the very answer that was served, where a cascade chose it; else NaN, and the model's
        /// mean on the prompt says more.
        float satisfied = std::numeric_limits<float>::quiet_NaN();
        /// Place of the serving call among those of the plan that ask otherwise than the evidence
        /// was asked, from 0; -1 for all others.
        std::int16_t overriding = -1;
        FailurePattern pattern = 0;
    };

    /// Simulates the row if it has not been yet. Rows are independent: different rows may be
    /// ensured from different threads, each with its own simulator of key().plan.
    void ensure(std::size_t row, PlanSimulator& simulator);
    [[nodiscard]] const Row& row(std::size_t row) const { return m_rows[row]; }
    /// Cost of all attempts at one of the plan's models, 1e-12 USD, or kUnknownCost.
    [[nodiscard]] std::int64_t cost(std::size_t row, std::size_t model) const
    {
        return m_costs[row * m_key.models.size() + model];
    }
    /// Of all of the plan's models, or kUnknownCost.
    [[nodiscard]] std::int64_t totalCost(std::size_t row) const;
    [[nodiscard]] const Key& key() const { return m_key; }
    /// Evidence index of a plan's model, -1 if the evidence does not know it.
    [[nodiscard]] int evidenceModel(std::size_t model) const { return m_evidenceModel[model]; }
    /// Calls of the plan that ask otherwise than the evidence was asked.
    [[nodiscard]] const std::vector<const Call*>& overridingCalls() const { return m_overriding; }

private:
    struct Course;
    struct Check;
    [[nodiscard]] Course courseOf(std::size_t row, std::size_t model, int attempt) const;
    [[nodiscard]] static Course limited(Course course, const Call& call);
    void prepareChecks();
    void checkAnswer(std::size_t row, std::size_t model, const AttemptAsked& asked,
                     const Course& course, SimulatedAttempt& attempt, bool& timed) const;
    [[nodiscard]] std::int64_t verifierCost(std::size_t row, const AttemptRecord& record) const;
    [[nodiscard]] bool fails(std::size_t row, std::size_t evidenceModel) const;
    /// The course as the simulator wants it; notes what was seen in `pattern` and `timed`.
    [[nodiscard]] SimulatedAttempt simulate(std::size_t row, const AttemptAsked& asked,
                                            FailurePattern& pattern, bool& timed) const;
    [[nodiscard]] std::int64_t costOf(std::size_t row, const AttemptRecord& record,
                                      std::size_t model) const;
    [[nodiscard]] std::size_t indexOf(const ModelId& model) const;
    [[nodiscard]] std::uint64_t streamOf(std::size_t model) const;

    Key m_key;
    const ReplayGround* m_ground;
    std::vector<int> m_evidenceModel;
    std::vector<std::int64_t> m_guideTokens;
    std::vector<Check> m_checks; ///< one per cascade of the plan
    std::vector<const Call*> m_overriding;
    std::vector<Row> m_rows;
    std::vector<std::int64_t> m_costs;
};

} // namespace signalbox
