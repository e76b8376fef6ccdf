// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox {

/// An exact amount of money: a whole number of 1e-12 USD. int64 holds up to about 9.2 million USD.
/// An unknown amount is `std::nullopt` of Money, never zero.
struct Money
{
    std::int64_t pico = 0; ///< 1e-12 USD

    [[nodiscard]] double usd() const { return static_cast<double>(pico) * 1e-12; }
    [[nodiscard]] static Money fromUsd(double usd);

    Money& operator+=(Money other)
    {
        pico += other.pico;
        return *this;
    }
    friend Money operator+(Money a, Money b) { return {a.pico + b.pico}; }
    friend Money operator-(Money a, Money b) { return {a.pico - b.pico}; }
    friend Money operator*(Money a, std::int64_t count) { return {a.pico * count}; }
    auto operator<=>(const Money&) const = default;
};

/// A price per token from its usual quotation, USD per million tokens. The nearest 1e-12 USD per
/// token, i.e. quotations are exact to six decimals.
[[nodiscard]] Money pricePerTokenFromUsdPerMTok(double usdPerMTok);

/// The inverse, for display and files.
[[nodiscard]] double usdPerMTok(Money perToken);

/// "0.0105" style decimal text, exact, without trailing zeros; "0" for nothing.
[[nodiscard]] std::string toDecimalUsd(Money amount);

} // namespace signalbox
