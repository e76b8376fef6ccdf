// SPDX-License-Identifier: GPL-3.0-or-later
#include "sleep_watch.h"

#include <core/base/clock.h>

#include <utility>

namespace signalbox {

SleepWatch::SleepWatch(const Clock& clock, int lookMs, QObject* parent)
    : QObject(parent), m_clock(&clock), m_timer(this)
{
    m_timer.setInterval(lookMs);
    connect(&m_timer, &QTimer::timeout, this, &SleepWatch::look);
}

void SleepWatch::start()
{
    if (m_timer.isActive())
        return;
    m_asleepMs = m_clock->asleepMs();
    m_timer.start();
}

void SleepWatch::stop()
{
    m_timer.stop();
}

void SleepWatch::look()
{
    const std::int64_t asleepMs = m_clock->asleepMs();
    const std::int64_t sleptMs = asleepMs - std::exchange(m_asleepMs, asleepMs);
    if (sleptMs >= kShortestMs)
        emit woke(sleptMs);
}

} // namespace signalbox
