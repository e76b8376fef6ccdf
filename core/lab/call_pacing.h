// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/base/random.h>
#include <core/providers/provider.h>
#include <core/providers/rate_limiter.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// When the cells of one run may be sent: what their servers allow, and whether and when one that
/// failed is tried again. Asks the limiter of all runs, and tells it what its own calls are told.
/// Owned by a LabRun; plan and limiter outlive it.
class CallPacing
{
public:
    /// How often a cell was tried already.
    struct Tries
    {
        int failed = 0;
        int refused = 0; ///< with 429: too much for the server just then
    };
    struct Repetition
    {
        std::int64_t waitMs = 0;
        std::string reason; ///< one phrase: "server error 503"
    };

    CallPacing(const LabPlan& plan, RateLimiter& limiter);

    [[nodiscard]] std::int64_t nowMs() const { return m_limiter->nowMs(); }
    /// Why a cell is not sent now; see RateLimiter::obstacleTo().
    [[nodiscard]] std::optional<CallObstacle> obstacleTo(const CellId& cell) const;
    /// The same of a call to any model, as long as a cell's.
    [[nodiscard]] std::optional<CallObstacle> obstacleTo(const ModelSpec& model) const;
    /// The cell is sent. @return 0 where nothing limits its model
    [[nodiscard]] CallNumber begin(const CellId& cell);
    void note(CallNumber call, const std::vector<TimedEvent>& events);
    void noteGivenUp(CallNumber call) { m_limiter->noteGivenUp(call); }

    /// Whether a try that failed so is worth another, by LabPlan::retries. A 429 is no fault of
    /// the cell, and counts for itself: the limiter slows down until the server takes it.
    /// @param tries  before, and after
    [[nodiscard]] std::optional<Repetition> repetitionAfter(const StreamFailed& failed,
                                                            Tries& tries);

private:
    [[nodiscard]] PlannedCall plannedCall(const CellId& cell) const;

    const LabPlan* m_plan;
    RateLimiter* m_limiter;
    Random m_jitter;
    std::vector<std::optional<ServerAccount>> m_accounts; ///< by model
    std::vector<std::int64_t> m_inputTokens;              ///< by prompt, estimates
};

/// Tells the limiter what a call was told.
/// @param call  0: nothing limits its model
void noteCall(RateLimiter& limiter, CallNumber call, const std::vector<TimedEvent>& events);

/// "waiting 12 s: OpenAI allows 60 requests a minute".
[[nodiscard]] std::string waitingText(std::int64_t waitMs, const std::string& reason);

} // namespace signalbox
