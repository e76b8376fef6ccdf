// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "price_book.h"

#include <core/base/json.h>
#include <core/base/json_reader.h>
#include <core/base/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// What a price book's file may be.
inline constexpr JsonLimits kPriceBookJsonLimits = {std::size_t{16} << 20, 16};

/// What was read, and all problems found, each with its path; empty means that the book is whole.
/// A price with a problem is unknown in `book`.
struct PriceBookReading
{
    PriceBook book;
    std::vector<Error> problems; ///< after the fiftieth, one without a place counts the rest
};

/// The file of a price book (schema version 1; resources/schema/price-book-1.schema.json). Prices
/// are whole numbers of 1e-12 USD per token: 2500000 is 2.5 USD per million tokens. Besides wrong
/// types and unknown members it is a problem if prices are negative, periods overlap, tiers do not
/// ascend, two entries of a provider claim one id, or an entry names a provider or a source that
/// the book does not list. Prices that are hardly right are read: price_doubts.h.
[[nodiscard]] PriceBookReading readPriceBookText(std::string_view text);

/// The book, or the first problem. Errors: ParseError with the place; Unsupported for another
/// schema version; TooLarge above 16 MB.
[[nodiscard]] Result<PriceBook> parsePriceBook(std::string_view text);

/// Stable member order; what has its default is left out.
[[nodiscard]] Json toJson(const PriceBook& book);
[[nodiscard]] Json toJson(const ModelPrices& prices);
[[nodiscard]] std::string toPriceBookText(const PriceBook& book);

/// The text of resources/schema/price-book-1.schema.json, as it was when the program was built.
[[nodiscard]] std::string_view priceBookSchemaText();

namespace pricebook {

/// Inside of the library: what only the whole book can show to be wrong.
void checkBook(const PriceBook& book, JsonProblems& problems);

} // namespace pricebook

} // namespace signalbox
