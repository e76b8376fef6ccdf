// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "price_book.h"
#include "price_lookup.h"

#include <core/base/result.h>
#include <core/policy/document.h>

namespace signalbox {

/// What a policy keeps of a price: input and output of one request answered at once, below the
/// first tier and outside of special hours.
/// @param day  whose prices count
/// Errors: NotFound if the book has no such model, no price for that day, not both prices, or only
/// prices in doubt; the sentence says which.
[[nodiscard]] Result<Price> listPriceOf(const PriceBook& book, const BilledModel& model, Day day);

} // namespace signalbox
