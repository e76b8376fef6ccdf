// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan_replay.h"
#include "projection.h"
#include "resampling.h"
#include "signal_columns.h"

#include <core/policy/document.h>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox {

/// Plans simulated so far over one ground, least recently used first.
class PlanReplays
{
public:
    explicit PlanReplays(const ReplayGround& ground) : m_ground(ground) {}

    /// The replay of a plan under a document's prices; stays valid until trim().
    PlanReplay& get(PlanReplay::Key key);
    /// Forgets long unused plans, e.g. those that a dragged budget passed through.
    void trim();

private:
    const ReplayGround& m_ground;
    std::vector<std::unique_ptr<PlanReplay>> m_replays;
};

/// Every request of the traffic decided by a policy and simulated through its plan. Points into the
/// replays, which must outlive it.
struct ReplayedPolicy
{
    std::vector<std::int32_t> rule;
    std::vector<std::uint16_t> tier;  ///< document model asked first
    std::vector<std::uint32_t> plan;  ///< into replays
    std::vector<bool> byMargin;       ///< its rule's margin claimed it
    std::vector<PlanReplay*> replays; ///< per plan of the compiled policy; null if no row takes it
    std::vector<std::vector<std::uint16_t>>
        modelOf;                    ///< per plan: document model of each plan model
    PlanReplay* baseline = nullptr; ///< everything to the baseline model
    /// Per plan: numbers of the voices of its overriding calls, see servedVoice().
    std::vector<std::vector<std::int32_t>> voiceOf;
    std::size_t meterMisses = 0; ///< requests on which a meter showed nothing

    [[nodiscard]] const PlanReplay::Row& row(std::size_t row) const
    {
        return replays[plan[row]]->row(row);
    }
    /// Document model that answered, or ReplayedRows::kUnanswered.
    [[nodiscard]] std::int32_t served(std::size_t row) const;
    /// Evidence model that answered, -1 if none did, the evidence does not know it, or it was asked
    /// otherwise than there (CallOverrides): such an answer is another voice of unknown quality.
    [[nodiscard]] int servedEvidence(std::size_t row) const;
    /// What tells voices apart: the document model, or a number of its own for each way of asking
    /// it otherwise; ReplayedRows::kUnanswered.
    [[nodiscard]] std::int32_t servedVoice(std::size_t row) const;
    /// 1e-12 USD, PlanReplay::kUnknownCost if any attempt's cost is unknown.
    [[nodiscard]] std::int64_t cost(std::size_t row) const;
};

/// Decides and simulates. With `everyPlan` the rows of all plans are simulated, not only of the one
/// that each row takes, so that later small changes find them done. `lastCompiled` is the policy
/// decided before, if any: what did not change is taken over from it, and it is replaced.
[[nodiscard]] Result<ReplayedPolicy> replayPolicy(const PolicyDocument& document,
                                                  const ReplayGround& ground,
                                                  SignalColumns& columns, PlanReplays& replays,
                                                  std::optional<CompiledPolicy>& lastCompiled,
                                                  const ProjectionOptions& options, bool everyPlan);

/// Outcome of a request under a policy: of the model that answered on the request's prompt, 0 if
/// none answered, NaN if unknown.
[[nodiscard]] double satisfiedAt(const ReplayedPolicy& replayed, const ReplayGround& ground,
                                 std::size_t row);

/// The same with everything sent to the baseline model.
[[nodiscard]] double baselineSatisfiedAt(const ReplayedPolicy& replayed, const ReplayGround& ground,
                                         std::size_t row);

/// The columns that the measures are taken from. Tiers are document models.
[[nodiscard]] MeasuredRows measuredRowsOf(const ReplayedPolicy& replayed,
                                          const PolicyDocument& document,
                                          const ReplayGround& ground);

/// Those rows whose conversations count (ProjectionOptions::conversations), numbered anew.
/// @param source  is set to the row of the traffic of each
[[nodiscard]] MeasuredRows countedRowsOf(MeasuredRows rows, const ProjectionOptions& options,
                                         std::vector<std::uint32_t>& source);

/// What pools pick by: the medians of the evidence, and the price of a usual request. How many
/// calls run at a moment no log says.
[[nodiscard]] std::vector<LiveNumbers> liveNumbersOf(const PolicyDocument& document,
                                                     const ReplayGround& ground);

/// Noticeability of two evidence models; NaN if their voices were never compared.
[[nodiscard]] double noticeabilityOf(const EvidenceTable& evidence, int a, int b);

/// The last full projections of a few documents. A quick projection borrows the intervals of the
/// one whose document is most like its own, if users had the same styles.
class IntervalLenders
{
public:
    using Styles = std::shared_ptr<const UserStyles>; ///< may be null

    void add(const PolicyDocument& document, const Styles& styles, const Projection& projection);
    /// Null if there is none.
    [[nodiscard]] const Projection* find(const PolicyDocument& document,
                                         const Styles& styles) const;

private:
    struct Lender
    {
        PolicyDocument document;
        Styles styles;
        Projection projection;
    };
    std::vector<Lender> m_lenders; ///< newest last
};

struct Projector::Impl
{
    Impl(std::shared_ptr<const Traffic> traffic, std::shared_ptr<const EvidenceTable> evidence);

    std::shared_ptr<const Traffic> traffic;
    std::shared_ptr<const EvidenceTable> evidence;
    ReplayGround ground;
    SignalColumns columns;
    PlanReplays replays;
    std::optional<CompiledPolicy> lastCompiled;
    IntervalLenders lenders;

    /// Projects without lending or borrowing intervals (a quick projection then has none), unless
    /// told from whom.
    [[nodiscard]] Result<Projection> project(const PolicyDocument& document,
                                             const ProjectionOptions& options,
                                             const Projection* lender = nullptr);
};

} // namespace signalbox
