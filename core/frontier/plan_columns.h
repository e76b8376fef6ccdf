// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/projection/plan_replay.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

namespace signalbox {

/// What becomes of some requests under one plan, one entry per request; 22 bytes each.
struct PlanColumns
{
    static constexpr std::int16_t kUnanswered = -1;
    std::vector<double> costPico;    ///< whole 1e-12 USD, NaN if unknown
    std::vector<double> satisfied;   ///< 0 to 1, NaN if unknown
    std::vector<float> firstTokenMs; ///< NaN if unknown, infinity if no attempt answered
    std::vector<std::int16_t> voice; ///< see PlanColumnCache::noticeability(), or kUnanswered
};

/// Simulates plans over some rows of the traffic, each once as long as memory allows: a search
/// comes back to the same few plans thousands of times. Of the replays themselves nothing is kept.
/// For one thread at a time; works on all cores.
class PlanColumnCache
{
public:
    /// @param document  whose models and prices the plans name; has to live on, like the ground
    /// @param rows      of the traffic
    /// @param byteLimit of what is kept for later; what one get() asks for is held in any case
    PlanColumnCache(const PolicyDocument& document, const ReplayGround& ground,
                    std::vector<std::uint32_t> rows, std::uint64_t seed, int outageMinutes,
                    std::size_t byteLimit);

    /// The columns of each plan, splits drawn; valid until the next call. Cancelled if stopped.
    [[nodiscard]] Result<std::vector<const PlanColumns*>> get(std::span<const Plan> plans,
                                                              const std::atomic<bool>* stop);

    /// Noticeability of two voices; NaN if they were never compared. The first voices are the
    /// document's models; each way of asking one of them otherwise is another one, not heard yet.
    [[nodiscard]] double noticeability(std::int16_t a, std::int16_t b) const
    {
        if (a == b)
            return 0;
        const auto heard = static_cast<std::int16_t>(m_document.models.size());
        return a < heard && b < heard
                   ? m_noticeability[static_cast<std::size_t>(a) * m_document.models.size() +
                                     static_cast<std::size_t>(b)]
                   : std::numeric_limits<double>::quiet_NaN();
    }
    [[nodiscard]] std::span<const std::uint32_t> rows() const { return m_rows; }
    [[nodiscard]] std::size_t byteCount() const { return m_kept.size() * bytesOfOne(); }
    [[nodiscard]] std::size_t simulatedPlans() const { return m_simulated; } ///< so far

private:
    struct Kept
    {
        Plan plan;
        PlanColumns columns;
    };
    [[nodiscard]] std::size_t bytesOfOne() const { return m_rows.size() * 22; }
    [[nodiscard]] bool simulate(const Plan& plan, PlanColumns& columns,
                                const std::atomic<bool>* stop);
    [[nodiscard]] std::int16_t voiceOf(const Call& call);

    const PolicyDocument& m_document;
    const ReplayGround& m_ground;
    std::vector<std::uint32_t> m_rows;
    std::uint64_t m_seed;
    int m_outageMinutes;
    std::size_t m_byteLimit;
    std::vector<double> m_noticeability; ///< model by model
    std::vector<Call> m_otherwise;       ///< ways to ask a model, one voice each
    std::list<Kept> m_kept;              ///< least recently used first
    std::size_t m_simulated = 0;
};

} // namespace signalbox
