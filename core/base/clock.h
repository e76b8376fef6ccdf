// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace signalbox {

/// The two clocks a program may ask, as a seam: tests and simulations pass their own.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual std::int64_t monotonicNs() const = 0; ///< never goes back
    [[nodiscard]] virtual std::int64_t unixMs() const = 0;      ///< UTC, may jump
    /// For how long the machine has slept since it booted. monotonicNs() stands still meanwhile.
    [[nodiscard]] virtual std::int64_t asleepMs() const { return 0; }
};

/// The machine's own clocks. Lives for the whole program.
[[nodiscard]] const Clock& systemClock();

} // namespace signalbox
