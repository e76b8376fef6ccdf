// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "money.h"

#include <cstdint>
#include <optional>

namespace signalbox {

/// Tokens as billed, in the normal form that every dialect is turned into. What a server does not
/// tell, or tells absurdly, is absent, never 0.
struct UsageReport
{
    std::optional<std::int64_t> inputUncached, cacheRead, cacheWrite; ///< the input is their sum
    std::optional<std::int64_t> cacheWriteHour; ///< the part of cacheWrite that is kept for an hour
    std::optional<std::int64_t> output;         ///< reasoning included
    std::optional<std::int64_t> reasoning;      ///< the part of output that was not shown
    std::optional<Money> statedCost;            ///< by the provider; wins over any price list
    /// What ran through the model, where that is more than is billed; absent: as billed.
    std::optional<std::int64_t> processedInput, processedOutput;
    bool operator==(const UsageReport&) const = default;
};

} // namespace signalbox
