// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost.h"
#include "token_counter.h"

namespace signalbox {

/// What a request that was not sent yet may cost. All three are known, or none.
struct CostRange
{
    std::optional<Money> low;
    std::optional<Money> expected;
    std::optional<Money> high;
    std::string reason; ///< why it is unknown: a sentence
    bool operator==(const CostRange&) const = default;
};

/// The list cost of estimated tokens, at their lower ends, their middles and their upper ends; a
/// tier that only the upper end reaches is in `high`. Nothing is taken to come from a cache, and no
/// output to be reasoning.
[[nodiscard]] CostRange costRangeOf(const TokenEstimate& input, const TokenEstimate& output,
                                    const BilledModel& model, std::int64_t unixMs,
                                    const PriceBook& book, const PricingOptions& options = {});

} // namespace signalbox
