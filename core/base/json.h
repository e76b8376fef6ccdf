// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// JSON values of our documents keep the order of their members, so that files stay stable in Git.
using Json = nlohmann::ordered_json;

struct JsonLimits
{
    std::size_t bytes = std::size_t{64} << 20;
    std::size_t depth = 64;
};

/// Parses one whole JSON text (RFC 8259; a leading byte order mark is skipped). Refuses, with line
/// and column and the JSON path where it has one: ill-formed UTF-8, duplicate keys, nesting or size
/// over the limits, trailing text, numbers outside double. Never throws and never recurses by input
/// depth. Integers that fit stay exact (int64, then uint64), all else is double. O(n); memory is
/// bounded by a multiple of the text.
[[nodiscard]] Result<Json> parseJson(std::string_view text, const JsonLimits& limits = {});

/// Pretty text: two spaces, one trailing newline, non-ASCII kept as it is. A container below the
/// root with at most two levels of containers inside stays on one line if that ends within 100
/// bytes, so that a comparison is one line of a diff. Ill-formed UTF-8 becomes U+FFFD.
[[nodiscard]] std::string toJsonText(const Json& json);

/// The same value in one line without spaces, e.g. for JSON Lines.
[[nodiscard]] std::string toCompactJsonText(const Json& json);

/// A place in a text, as people count: from 1, columns in code points.
struct TextPlace
{
    std::size_t line = 1;
    std::size_t column = 1;
    bool operator==(const TextPlace&) const = default;
};

[[nodiscard]] TextPlace textPlaceOf(std::string_view text, std::size_t offset);

/// Finds the place that an Error's `where` names in its JSON text: either "line 3, column 7" or a
/// JSON path ("rules[3].when.value"). For a path it is the start of the value or, if the text has
/// no such value, that of its nearest parent; it works in a broken text as far as that is read.
/// O(n).
[[nodiscard]] std::optional<TextPlace> findTextPlace(std::string_view text, std::string_view where);

} // namespace signalbox
