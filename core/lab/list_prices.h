// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/prices/day.h>
#include <core/prices/price_book.h>

#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// What a model's tokens are counted at, and who says so.
struct KnownPrice
{
    enum class From {
        Policy, ///< a person put it there
        Book,
        Nowhere
    };
    std::optional<Price> price; ///< nullopt: unknown, never 0
    From from = From::Nowhere;
    std::string reason; ///< why it is unknown: a sentence
};

/// The policy's own price, else the book's of that day.
[[nodiscard]] KnownPrice knownPriceOf(const ModelSpec& model, const PriceBook& book, Day day);

/// The models with every price that is known.
[[nodiscard]] std::vector<ModelSpec> withKnownPrices(std::vector<ModelSpec> models,
                                                     const PriceBook& book, Day day);

/// The policy with them.
[[nodiscard]] PolicyDocument withKnownPrices(PolicyDocument policy, const PriceBook& book, Day day);

/// By the machine's clock, in UTC.
[[nodiscard]] Day presentDay();

} // namespace signalbox
