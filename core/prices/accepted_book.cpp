// SPDX-License-Identifier: Apache-2.0
#include "accepted_book.h"

#include "price_book_json.h"

#include <core/base/files.h>

#include <system_error>
#include <utility>

namespace signalbox {

BookInUse bookInUse(const std::filesystem::path& file)
{
    // It lives as long as the program, so nobody owns it.
    BookInUse used{{std::shared_ptr<const PriceBook>(), &bundledPriceBook()}};
    std::error_code unknown;
    if (file.empty() || !std::filesystem::exists(file, unknown))
        return used;
    const auto text = readFile(file, kPriceBookJsonLimits.bytes);
    auto accepted = text ? parsePriceBook(*text) : Result<PriceBook>(Unexpected(text.error()));
    if (!accepted) {
        used.problem = accepted.error();
        return used;
    }
    used.book = std::make_shared<const PriceBook>(std::move(*accepted));
    used.isBundled = false;
    return used;
}

} // namespace signalbox
