// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/clock.h>

#include <cstdint>
#include <optional>

namespace signalbox {

/// The clock of a plan that is carried out, in milliseconds since it began. While a call is under
/// way, or a rest, it runs as the computer's does; else it stands, until moveTo() puts it on. A
/// value.
class PlanClock
{
public:
    /// When what has been told and not looked at yet is due first; nullopt: there is nothing.
    using Told = std::optional<double>;

    /// @param clock  the computer's; outlives it
    explicit PlanClock(const Clock& clock) : m_clock(&clock) {}

    [[nodiscard]] double nowMs() const;
    /// The moment of what was looked at last.
    [[nodiscard]] double lastMs() const { return m_lastMs; }
    [[nodiscard]] std::int64_t lastWholeMs() const; ///< to the nearest
    [[nodiscard]] std::int64_t computerNs() const { return m_clock->monotonicNs(); }
    [[nodiscard]] bool isRunning() const { return m_running > 0; }
    /// No call is under way: it stands, or does once the rest is over.
    [[nodiscard]] bool canStand() const { return m_running == (m_rests ? 1 : 0); }

    void noteBegun(); ///< a call
    /// A call's end. With the last one the clock goes back to what is not looked at yet: it was
    /// read then, and told a little later.
    void noteEnded(Told told);

    /// It goes on until then at least, although nothing is under way: before a retry.
    void restUntil(double untilMs);
    void endRest(Told told);

    /// To what is due next; a rest until then is over.
    void moveTo(double dueMs, Told told);

private:
    const Clock* m_clock;
    double m_baseMs = 0; ///< when it last began to run or stood
    std::int64_t m_sinceNs = 0;
    int m_running = 0; ///< calls under way, and a rest
    bool m_rests = false;
    double m_restsUntilMs = 0;
    double m_lastMs = 0;
};

} // namespace signalbox
