// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>

namespace signalbox {

/// Parses what a server sent, without exceptions: nothing if it is no JSON or nests deeper than 64.
/// Every body and event goes through here, so that no code behind it meets a deep tree. O(n).
[[nodiscard]] std::optional<nlohmann::json> parseWireJson(std::string_view text);

} // namespace signalbox
