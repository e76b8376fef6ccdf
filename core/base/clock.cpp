// SPDX-License-Identifier: Apache-2.0
#include "clock.h"

#include <chrono>

namespace signalbox {

namespace {

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
};

} // namespace

const Clock& systemClock()
{
    static const SystemClock clock;
    return clock;
}

} // namespace signalbox
