// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// Parses what a server sent, without exceptions: nothing if it is no JSON or nests deeper than 64.
/// Every body and event goes through here, so that no code behind it meets a deep tree. O(n).
[[nodiscard]] std::optional<nlohmann::json> parseWireJson(std::string_view text);

/// Writes what a server is sent. Ill-formed UTF-8 becomes U+FFFD.
[[nodiscard]] std::string toWireJson(const nlohmann::json& value);

// Reading without trust: whatever is absent, null or of another kind is nothing.

/// The member of an object; null if there is none, or it is null.
[[nodiscard]] const nlohmann::json* memberOf(const nlohmann::json& object, const char* key);
[[nodiscard]] const nlohmann::json* memberOf(const nlohmann::json& object, const char* outer,
                                             const char* inner);
/// The text of a member; empty if it is no text.
[[nodiscard]] std::string textOf(const nlohmann::json& object, const char* key);
[[nodiscard]] std::string textOf(const nlohmann::json& object, const char* outer,
                                 const char* inner);
/// A count that a server states; nothing if it is no whole number, negative or absurd.
[[nodiscard]] std::optional<std::int64_t> countOf(const nlohmann::json* value);
/// The first of several places that holds such a count.
[[nodiscard]] std::optional<std::int64_t>
firstCountOf(std::initializer_list<const nlohmann::json*> values);

} // namespace signalbox
