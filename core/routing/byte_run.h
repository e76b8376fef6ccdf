// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <span>
#include <vector>

namespace signalbox {

/// Bytes of which one stands at a place.
using ByteSet = std::bitset<256>;

/// Places that follow each other.
using ByteRun = std::vector<ByteSet>;

/// A few neighbouring places of a run.
struct ByteWindow
{
    std::size_t first = 0;
    double share = 1; ///< of all positions in a usual text where such bytes stand
};

/// The window of up to `places` places that a usual text has least of: looked for first, it rules
/// out most. A run that is shorter is its own window.
[[nodiscard]] ByteWindow rarestWindow(std::span<const ByteSet> run, std::size_t places);

/// How much of a usual text these bytes are: English prose with some code and other scripts.
[[nodiscard]] double shareOf(const ByteSet& bytes);
[[nodiscard]] double shareOf(unsigned char byte);

} // namespace signalbox
