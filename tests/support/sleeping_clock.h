// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/clock.h>

#include <atomic>

namespace signalbox::test {

/// The machine's clock, but for the sleep that the test tells of. Threads may share it.
class SleepingClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t monotonicNs() const override { return systemClock().monotonicNs(); }
    [[nodiscard]] std::int64_t unixMs() const override
    {
        return systemClock().unixMs() + m_asleepMs;
    }
    [[nodiscard]] std::int64_t asleepMs() const override { return m_asleepMs; }
    void sleep(std::int64_t ms) { m_asleepMs += ms; }

private:
    std::atomic<std::int64_t> m_asleepMs = 0;
};

} // namespace signalbox::test
