// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Price books and their updates in lines for people and in JSON for machines.

#include <core/base/json.h>
#include <core/prices/accepted_book.h>
#include <core/prices/price_diff.h>

#include <optional>
#include <string>

namespace signalbox::cli {

/// "of 2026-08-01, 117 days old (stale)"
[[nodiscard]] std::string ageText(Day asOf, Day today);

/// "openai/gpt-5.5: input 5, cacheRead 0.5, output 30; batch input 2.5, output 15; above 272000
/// tokens of prompt input 10, output 45", in USD per million tokens.
[[nodiscard]] std::string lineOf(const ModelPrices& prices, Day day);

/// A heading, and a line for each price and each other thing that changes.
[[nodiscard]] std::string linesOf(const EntryUpdate& update);

[[nodiscard]] Json toJson(const PriceDoubt& doubt);
[[nodiscard]] Json toJson(const BookDiff& diff);

/// "Prices of book 2026-08-01+1 of 2026-08-01, with the updates accepted in the window."
[[nodiscard]] std::string lineOf(const BookInUse& used);

} // namespace signalbox::cli
