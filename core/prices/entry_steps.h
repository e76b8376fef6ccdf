// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inside of the library: how two entries of one model differ.

#include "price_diff.h"

namespace signalbox::pricebook {

struct EntrySteps
{
    std::vector<PriceStep> prices;
    std::vector<std::string> others;
};

/// Each period of `after` is held against the one of `before` with the same days, or else with the
/// one that held when it begins: a price that is to rise in autumn is one step, not a new list.
[[nodiscard]] EntrySteps stepsBetween(const ModelPrices& before, const ModelPrices& after);

} // namespace signalbox::pricebook
