// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "price_book.h"

#include <core/base/result.h>

#include <filesystem>
#include <memory>
#include <optional>

namespace signalbox {

/// The file in the data folder that has the price book with the updates a person accepted.
inline constexpr const char* kAcceptedBookFile = "prices.json";

/// The price book that costs are counted with.
struct BookInUse
{
    std::shared_ptr<const PriceBook> book; ///< never null
    bool isBundled = true;                 ///< nobody has accepted another one
    std::optional<Error> problem = {};     ///< why an accepted one is not used
};

/// The accepted book if there is one that can be read, else the program's own.
/// @param file  see kAcceptedBookFile; empty: none
[[nodiscard]] BookInUse bookInUse(const std::filesystem::path& file);

} // namespace signalbox
