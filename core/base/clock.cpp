// SPDX-License-Identifier: Apache-2.0
#include "clock.h"

#include <chrono>
#include <ctime>

namespace signalbox {

namespace {

std::int64_t readMs(clockid_t clock)
{
    constexpr std::int64_t kMsPerSecond = 1'000, kNsPerMs = 1'000'000;
    timespec time = {};
    ::clock_gettime(clock, &time);
    return time.tv_sec * kMsPerSecond + time.tv_nsec / kNsPerMs;
}

class SystemClock final : public Clock
{
public:
    [[nodiscard]] std::int64_t monotonicNs() const override
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(
                   std::chrono::steady_clock::now().time_since_epoch())
            .count();
    }
    [[nodiscard]] std::int64_t unixMs() const override
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    }
    [[nodiscard]] std::int64_t asleepMs() const override
    {
        return readMs(CLOCK_BOOTTIME) - readMs(CLOCK_MONOTONIC); // give or take a millisecond
    }
};

} // namespace

const Clock& systemClock()
{
    static const SystemClock clock;
    return clock;
}

} // namespace signalbox
