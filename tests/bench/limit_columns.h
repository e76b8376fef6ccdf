// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace signalbox::bench {

/// The model of a rule of two limits, for all rows where both values are above them. Compiled for
/// the processor that it runs on.
void takeWhereAbove(std::uint8_t* models, const std::uint8_t* a, std::uint8_t aboveA,
                    const std::uint8_t* b, std::uint8_t aboveB, std::uint8_t model,
                    std::size_t rows);

} // namespace signalbox::bench
