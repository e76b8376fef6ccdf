// SPDX-License-Identifier: Apache-2.0
#include "cost_range.h"

namespace signalbox {

CostRange costRangeOf(const TokenEstimate& input, const TokenEstimate& output,
                      const BilledModel& model, std::int64_t unixMs, const PriceBook& book,
                      const PricingOptions& options)
{
    std::string reason;
    const auto costAt = [&](std::int64_t inputTokens, std::int64_t outputTokens) {
        UsageReport usage;
        usage.inputUncached = inputTokens;
        usage.output = outputTokens;
        usage.reasoning = 0;
        const Cost cost = costOf(usage, model, unixMs, book, options);
        if (!cost.amount)
            reason = cost.reason;
        return cost.amount;
    };
    CostRange range{costAt(input.low, output.low),
                    costAt(input.tokens, output.tokens),
                    costAt(input.high, output.high),
                    {}};
    if (!reason.empty())
        return {{}, {}, {}, std::move(reason)};
    return range;
}

} // namespace signalbox
