// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

struct SensitivePart
{
    std::size_t begin = 0; ///< bytes
    std::size_t end = 0;
    std::string_view kind;
};

/// The first part of a text, from `from` on, that has the shape of something sensitive. Begins and
/// ends at characters. One pass over bytes that cannot begin anything, a closer look at others.
[[nodiscard]] std::optional<SensitivePart> nextSensitivePart(std::string_view text,
                                                             std::size_t from);

/// Whether the check digit of a card's number fits. Other characters than digits are skipped.
[[nodiscard]] bool passesLuhn(std::string_view digits);
/// Whether the check digits of an IBAN fit (ISO 13616, modulo 97). Blanks are skipped.
[[nodiscard]] bool passesIban(std::string_view text);

} // namespace signalbox::traffic_detail
