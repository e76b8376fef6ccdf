// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/clock.h>

namespace signalbox::test {

/// Time that passes when the test says so.
class ManualClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t monotonicNs() const override { return m_ms * 1'000'000; }
    [[nodiscard]] std::int64_t unixMs() const override { return kStartUnixMs + m_ms + m_jumpMs; }
    [[nodiscard]] std::int64_t asleepMs() const override { return m_asleepMs; }
    void pass(std::int64_t ms) { m_ms += ms; }
    /// Somebody sets the clock on the wall, or it corrects itself.
    void jump(std::int64_t ms) { m_jumpMs += ms; }
    /// The machine sleeps: the wall's clock goes on, the other one stands still.
    void sleep(std::int64_t ms)
    {
        m_asleepMs += ms;
        m_jumpMs += ms;
    }

    static constexpr std::int64_t kStartUnixMs = 1'790'000'000'000;

private:
    std::int64_t m_ms = 0;
    std::int64_t m_jumpMs = 0;
    std::int64_t m_asleepMs = 0;
};

} // namespace signalbox::test
