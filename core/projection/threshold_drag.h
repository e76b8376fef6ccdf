// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "projection.h"

#include <core/policy/condition.h>
#include <core/replay/replay_totals.h>

#include <functional>
#include <memory>

namespace signalbox {

/// One threshold of a policy, made ready to be dragged: the four numbers at any position in
/// microseconds, where Projector::project() replays everything. Immutable; may be shared between
/// threads. The projector may be used, and go, in the meantime.
///
/// The threshold is a number that a signal is compared with (lt, lte, gt or gte). With it out of
/// the way on one side every request takes one plan, on the other side another or the same one, and
/// between them each request changes once, at its own value of the signal: see ThresholdIndex. What
/// is exact and what is drawn is said in packed_policy.h.
class ThresholdDrag
{
public:
    /// Finds the comparison in a document, which is changed through it; null if it is not there.
    using Find = std::function<Compare*(PolicyDocument& document)>;

    ThresholdDrag(ThresholdDrag&&) noexcept;
    ThresholdDrag& operator=(ThresholdDrag&&) noexcept;
    ~ThresholdDrag();

    /// Sums are those of a full replay with this threshold. p95 is interpolated within its bucket
    /// (0.4 to 0.8 % wide); seams are 0 unless hasSeams().
    [[nodiscard]] ReplayTotals at(double threshold) const;
    /// The same with p95 to the last digit: O(requests), for when the mouse is released.
    [[nodiscard]] ReplayTotals exactlyAt(double threshold) const;
    /// Whether every pair of voices that may meet was compared.
    [[nodiscard]] bool hasSeams() const;

private:
    friend class Projector;
    struct State;
    explicit ThresholdDrag(std::unique_ptr<const State> state);
    [[nodiscard]] static Result<ThresholdDrag> make(Projector& projector,
                                                    const PolicyDocument& document,
                                                    const Find& find,
                                                    const ProjectionOptions& options);
    std::unique_ptr<const State> m_state;
};

} // namespace signalbox
