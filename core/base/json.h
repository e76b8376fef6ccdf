// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
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

/// Parses one whole JSON text. Refuses, with line and column and the JSON path where it has one:
/// ill-formed UTF-8, duplicate keys, nesting or size over the limits, trailing text, numbers
/// outside double. Never throws and never recurses by input depth.
[[nodiscard]] Result<Json> parseJson(std::string_view text, const JsonLimits& limits = {});

/// Pretty text: two spaces, one trailing newline, non-ASCII kept as it is.
[[nodiscard]] std::string toJsonText(const Json& json);

} // namespace signalbox
