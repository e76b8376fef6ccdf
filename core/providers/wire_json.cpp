// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire_json.h"

#include <cmath>

namespace signalbox {

namespace {

using nlohmann::json;

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

std::optional<json> parseWireJson(std::string_view text)
{
    // Depth is counted first, for what cannot be read must not be built.
    if (isTooDeep(text))
        return std::nullopt;
    json parsed = json::parse(text, nullptr, false);
    if (parsed.is_discarded())
        return std::nullopt;
    return parsed;
}

std::string toWireJson(const json& value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

const json* memberOf(const json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json* memberOf(const json& object, const char* outer, const char* inner)
{
    const json* found = memberOf(object, outer);
    return found ? memberOf(*found, inner) : nullptr;
}

std::string textOf(const json& object, const char* key)
{
    const json* found = memberOf(object, key);
    return found && found->is_string() ? found->get<std::string>() : std::string();
}

std::string textOf(const json& object, const char* outer, const char* inner)
{
    const json* found = memberOf(object, outer);
    return found ? textOf(*found, inner) : std::string();
}

std::optional<std::int64_t> countOf(const json* value)
{
    constexpr double kAbsurd = 1e9;
    if (!value || !value->is_number())
        return std::nullopt;
    const double count = value->get<double>();
    if (!(count >= 0 && count <= kAbsurd) || count != std::floor(count))
        return std::nullopt;
    return std::int64_t(count);
}

std::optional<std::int64_t> firstCountOf(std::initializer_list<const json*> values)
{
    for (const json* value : values)
        if (const auto count = countOf(value))
            return count;
    return std::nullopt;
}

} // namespace signalbox
