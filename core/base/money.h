// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// An exact amount of money: a whole number of 1e-12 USD. int64 holds up to about 9.2 million USD.
/// An unknown amount is `std::nullopt` of Money, never zero. Plain arithmetic stays at the end of
/// the range instead of leaving it; where a result could get there, ask checkedSum and
/// checkedProduct.
struct Money
{
    std::int64_t pico = 0; ///< 1e-12 USD

    [[nodiscard]] double usd() const { return static_cast<double>(pico) * 1e-12; }
    [[nodiscard]] static Money fromUsd(double usd);

    Money& operator+=(Money other) { return *this = *this + other; }
    friend Money operator+(Money a, Money b);
    friend Money operator-(Money a, Money b);
    friend Money operator*(Money a, std::int64_t count);
    auto operator<=>(const Money&) const = default;
};

/// The exact result, or nothing if it is more than Money can hold: then it is unknown.
[[nodiscard]] std::optional<Money> checkedSum(Money a, Money b);
[[nodiscard]] std::optional<Money> checkedProduct(Money a, std::int64_t count);

/// A price per token from its usual quotation, USD per million tokens. The nearest 1e-12 USD per
/// token, i.e. quotations are exact to six decimals.
[[nodiscard]] Money pricePerTokenFromUsdPerMTok(double usdPerMTok);

/// The inverse, for display and files.
[[nodiscard]] double usdPerMTok(Money perToken);

/// "0.0105" style decimal text, exact, without trailing zeros; "0" for nothing.
[[nodiscard]] std::string toDecimalUsd(Money amount);

} // namespace signalbox
