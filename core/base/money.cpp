// SPDX-License-Identifier: Apache-2.0
#include "money.h"

#include <cmath>
#include <cstdlib>

namespace signalbox {

Money Money::fromUsd(double usd)
{
    return {std::llround(usd * 1e12)};
}

Money pricePerTokenFromUsdPerMTok(double usdPerMTok)
{
    return {std::llround(usdPerMTok * 1e6)};
}

double usdPerMTok(Money perToken)
{
    return static_cast<double>(perToken.pico) / 1e6;
}

std::string toDecimalUsd(Money amount)
{
    constexpr std::int64_t kPicoPerUsd = 1'000'000'000'000;
    const bool negative = amount.pico < 0;
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.pico)
                                    : static_cast<std::uint64_t>(amount.pico);
    std::string text = (negative ? "-" : "") + std::to_string(magnitude / kPicoPerUsd);
    std::string fraction = std::to_string(magnitude % kPicoPerUsd);
    fraction.insert(0, 12 - fraction.size(), '0');
    while (!fraction.empty() && fraction.back() == '0')
        fraction.pop_back();
    return fraction.empty() ? text : text + '.' + fraction;
}

} // namespace signalbox
