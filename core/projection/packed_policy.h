// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan_replay.h"
#include "projection.h"
#include "replayed_policy.h"

#include <core/replay/packed_rows.h>
#include <core/replay/row_replay.h>

#include <cstdint>
#include <span>
#include <vector>

namespace signalbox {

/// Plans over one traffic as packed rows: a choice per plan, whose columns say what becomes of
/// every request that takes it.
///
/// Exact, and equal to what Projector::project() sums up: cost (every hop's tokens at the
/// document's prices, whole 1e-12 USD, as long as PackedRows::isCostExact()), p95, who answers, and
/// seams; C within 2e-9. Quality is exact where an answer's mean outcome is a share of up to ten
/// samples (PackedRows::isQualityExact()), else within 7.6e-6.
///
/// Drawn, once per request and plan, by the attempt machine with the projection's seed, and the
/// same here as there: which recorded answer is replayed, whether a model fails, when a failure
/// shows. So the latency of a plan with fallbacks is one simulated course, and its cost that
/// course's, not an expectation over courses; an expectation emerges over many requests only.
struct PackedPlans
{
    PackedRows rows;
    std::vector<const PlanReplay*> plans; ///< per choice
    std::vector<std::uint8_t> tierOf;     ///< per choice: document model asked first
    NoticeabilityTable noticeability;     ///< over document models, which are the voices
    /// Whether every pair of models that answers is heard. If not, seams cannot be weighed.
    bool areVoicesHeard = true;

    /// The choice of each row under a policy whose plans are among those packed.
    [[nodiscard]] std::vector<std::uint8_t> choicesOf(const ReplayedPolicy& policy) const;
    [[nodiscard]] ReplayQuestion question(bool perSlice = false) const;
};

/// Packs the plans that the policies take, each simulated for every request, as any of them may
/// come to take it: O(requests x plans) attempts for those that were not asked for before. Fails
/// with Unsupported if there are more than 64 plans or models, or if the cost or quality of some
/// request under some plan is unknown (no price, nothing recorded, a call that asks otherwise than
/// the evidence was asked): a sum of integers holds no unknown. Cancelled if stopped.
/// @param policies  of one document apart from its conditions, over `ground`
[[nodiscard]] Result<PackedPlans> packPlans(std::span<const ReplayedPolicy* const> policies,
                                            const PolicyDocument& document,
                                            const ReplayGround& ground,
                                            const ProjectionOptions& options = {});

} // namespace signalbox
