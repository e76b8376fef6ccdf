// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace signalbox {

/// The HTTP status that an error inside a stream would have had as an answer of its own, by the
/// words that the dialects have for it; nothing if neither word is known. No word has two meanings,
/// so that one table serves them all.
/// @param code, type  as the server sends them; the code decides if it is known
[[nodiscard]] std::optional<int> statusOfErrorWords(std::string_view code, std::string_view type);

} // namespace signalbox
