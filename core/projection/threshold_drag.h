// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <core/policy/moved_threshold.h>
#include <core/replay/replay_totals.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace signalbox {

/// A part of the traffic at one place of a threshold, beside what the baseline model makes of it.
struct DraggedPart
{
    ReplayTotals totals;   ///< p95 within its bucket; seams are those into the part's answers
    ReplayTotals baseline; ///< cost and quality only
};

/// What one rule (or otherwise, or the holdout) takes at one place of a threshold.
struct DraggedLane
{
    std::uint64_t requests = 0;
    std::int64_t costPico = 0;
    std::int64_t loss = 0;             ///< of the seams into its answers; see ReplayTotals
    std::vector<std::uint64_t> served; ///< requests, per document model
};

/// The parts of the traffic at one place of a threshold.
struct DraggedParts
{
    std::vector<DraggedPart> segments; ///< as the traffic lists them
    std::vector<DraggedPart> tiers;    ///< per document model
    std::vector<DraggedLane> lanes;    ///< the rules, otherwise, the holdout
    std::uint64_t seams = 0;           ///< of the whole traffic
};

/// One threshold of a policy, made ready to be dragged: the four numbers at any position in
/// microseconds, where Projector::project() replays everything. Immutable; may be shared between
/// threads. The projector may be used, and go, in the meantime.
///
/// The threshold is a number that a signal is compared with (lt, lte, gt or gte), or one of those
/// per answer style. With it out of the way on one side every request takes one plan, on the other
/// side another or the same one, and between them each request changes once, at its own value of
/// the signal: see ThresholdIndex. So two columns hold all that can become of a request. What is
/// exact and what is drawn is said in packed_policy.h.
class ThresholdDrag
{
public:
    ThresholdDrag(ThresholdDrag&&) noexcept;
    ThresholdDrag& operator=(ThresholdDrag&&) noexcept;
    ~ThresholdDrag();

    /// Sums are those of a full replay with this threshold. p95 is interpolated within its bucket
    /// (0.4 to 0.8 % wide); seams are 0 unless hasSeams().
    [[nodiscard]] ReplayTotals at(double threshold) const;
    /// The same with p95 to the last digit: O(requests), for when the mouse is released.
    [[nodiscard]] ReplayTotals exactlyAt(double threshold) const;
    /// The parts of the traffic likewise. One pass over the requests, for another thread than the
    /// one that draws.
    [[nodiscard]] DraggedParts partsAt(double threshold) const;
    /// Everything to the baseline model: its cost and quality only.
    [[nodiscard]] const ReplayTotals& baseline() const;
    /// Whether every pair of voices that may meet was compared.
    [[nodiscard]] bool hasSeams() const;
    /// What all of it takes in memory.
    [[nodiscard]] std::size_t byteCount() const;

private:
    friend class Projector;
    struct State;
    explicit ThresholdDrag(std::unique_ptr<const State> state);
    [[nodiscard]] static Result<ThresholdDrag> make(Projector& projector,
                                                    const PolicyDocument& document,
                                                    const ThresholdPlace& place,
                                                    const ProjectionOptions& options);
    std::unique_ptr<const State> m_state;
};

} // namespace signalbox
