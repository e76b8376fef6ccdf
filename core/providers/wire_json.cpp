// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire_json.h"

namespace signalbox {

namespace {

constexpr int kDeepestJson = 64;

bool isTooDeep(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\')
            ++i;
        else if (c == '"')
            inString = !inString;
        else if (!inString && (c == '{' || c == '['))
            ++depth;
        else if (!inString && (c == '}' || c == ']'))
            --depth;
        if (depth > kDeepestJson)
            return true;
    }
    return false;
}

} // namespace

std::optional<nlohmann::json> parseWireJson(std::string_view text)
{
    // Depth is counted first, for what cannot be read must not be built.
    if (isTooDeep(text))
        return std::nullopt;
    nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
    if (parsed.is_discarded())
        return std::nullopt;
    return parsed;
}

} // namespace signalbox
