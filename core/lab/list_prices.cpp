// SPDX-License-Identifier: GPL-3.0-or-later
#include "list_prices.h"

#include <core/base/clock.h>
#include <core/prices/list_price.h>
#include <core/prices/price_lookup.h>

#include <utility>

namespace signalbox {

KnownPrice knownPriceOf(const ModelSpec& model, const PriceBook& book, Day day)
{
    if (model.price)
        return {model.price, KnownPrice::From::Policy, {}};
    auto price = listPriceOf(book, billedModelOf(model), day);
    if (!price)
        return {std::nullopt, KnownPrice::From::Nowhere, price.error().message};
    return {std::move(*price), KnownPrice::From::Book, {}};
}

std::vector<ModelSpec> withKnownPrices(std::vector<ModelSpec> models, const PriceBook& book,
                                       Day day)
{
    for (ModelSpec& model : models)
        model.price = knownPriceOf(model, book, day).price;
    return models;
}

PolicyDocument withKnownPrices(PolicyDocument policy, const PriceBook& book, Day day)
{
    policy.models = withKnownPrices(std::move(policy.models), book, day);
    return policy;
}

Day presentDay()
{
    return dayOf(systemClock().unixMs());
}

} // namespace signalbox
