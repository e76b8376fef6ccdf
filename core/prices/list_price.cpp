// SPDX-License-Identifier: Apache-2.0
#include "list_price.h"

#include "price_doubts.h"

namespace signalbox {

Result<Price> listPriceOf(const PriceBook& book, const BilledModel& model, Day day)
{
    const PriceLookup lookup = findPrices(book, model);
    if (!lookup.entry)
        return fail(ErrorCode::NotFound, lookup.reason);
    const ModelPrices& entry = *lookup.entry;
    if (const auto doubts = doubtsOf(entry); !doubts.empty() && entry.confirmed.empty())
        return fail(ErrorCode::NotFound,
                    "The price of \"" + entry.model +
                        "\" is in doubt until somebody confirms it: " + doubts.front().message);
    const PricePeriod* period = periodAt(entry, day);
    if (!period)
        return fail(ErrorCode::NotFound, "The price book has no price of \"" + entry.model +
                                             "\" for " + toText(day) + '.');
    const TokenPrices& tokens = period->sheet.rates.tokens;
    const auto& input = tokens.of(TokenKind::Input);
    const auto& output = tokens.of(TokenKind::Output);
    if (!input || !output)
        return fail(ErrorCode::NotFound, "The price book does not have both prices of \"" +
                                             entry.model + "\", of input and of output.");
    return Price{*input, *output, toText(entry.asOf.value_or(book.asOf))};
}

} // namespace signalbox
