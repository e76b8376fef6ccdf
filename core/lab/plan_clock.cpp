// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox {

namespace {

constexpr double kNsPerMs = 1e6;

} // namespace

double PlanClock::nowMs() const
{
    if (!isRunning())
        return m_baseMs;
    return m_baseMs + static_cast<double>(computerNs() - m_sinceNs) / kNsPerMs;
}

std::int64_t PlanClock::lastWholeMs() const
{
    return std::llround(m_lastMs);
}

void PlanClock::noteBegun()
{
    if (!isRunning())
        m_sinceNs = computerNs();
    ++m_running;
}

void PlanClock::noteEnded(Told told)
{
    if (m_running == 1) {
        const double now = nowMs();
        m_baseMs = std::max(m_lastMs, std::min(now, told.value_or(now)));
    }
    --m_running;
}

void PlanClock::restUntil(double untilMs)
{
    m_restsUntilMs = std::max(m_restsUntilMs, untilMs);
    if (!std::exchange(m_rests, true))
        noteBegun();
}

void PlanClock::endRest(Told told)
{
    if (std::exchange(m_rests, false))
        noteEnded(told);
}

void PlanClock::moveTo(double dueMs, Told told)
{
    if (m_rests && dueMs >= m_restsUntilMs)
        endRest(told);
    if (!isRunning())
        m_baseMs = std::max(m_baseMs, dueMs);
    m_lastMs = std::max(m_lastMs, dueMs);
}

} // namespace signalbox
