// SPDX-License-Identifier: Apache-2.0
#include "money.h"

#include <cmath>
#include <limits>

namespace signalbox {

namespace {

using Pico = std::numeric_limits<std::int64_t>;

Money endOfRange(bool isNegative)
{
    return {isNegative ? Pico::min() : Pico::max()};
}

/// The nearest amount; 0 of a number that is none.
Money nearest(double pico)
{
    constexpr double kBeyond = 9223372036854775808.0; // 2^63
    if (std::isnan(pico))
        return {};
    return std::abs(pico) < kBeyond ? Money{std::llround(pico)} : endOfRange(pico < 0);
}

} // namespace

Money Money::fromUsd(double usd)
{
    return nearest(usd * 1e12);
}

std::optional<Money> checkedSum(Money a, Money b)
{
    Money sum;
    if (__builtin_add_overflow(a.pico, b.pico, &sum.pico))
        return std::nullopt;
    return sum;
}

std::optional<Money> checkedProduct(Money a, std::int64_t count)
{
    Money product;
    if (__builtin_mul_overflow(a.pico, count, &product.pico))
        return std::nullopt;
    return product;
}

Money operator+(Money a, Money b)
{
    return checkedSum(a, b).value_or(endOfRange(a.pico < 0));
}

Money operator-(Money a, Money b)
{
    Money difference;
    return __builtin_sub_overflow(a.pico, b.pico, &difference.pico) ? endOfRange(a.pico < 0)
                                                                    : difference;
}

Money operator*(Money a, std::int64_t count)
{
    return checkedProduct(a, count).value_or(endOfRange((a.pico < 0) != (count < 0)));
}

Money pricePerTokenFromUsdPerMTok(double usdPerMTok)
{
    return nearest(usdPerMTok * 1e6);
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
