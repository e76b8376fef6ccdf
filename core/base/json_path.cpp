// SPDX-License-Identifier: Apache-2.0
#include "json_path.h"

#include <algorithm>
#include <charconv>

namespace signalbox {

namespace {

bool isPlainCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/// Reads "[3]" or "[\"key\"]" from the front of `rest`.
std::optional<JsonPathStep> takeBracket(std::string_view& rest)
{
    JsonPathStep step;
    if (rest.starts_with("[\"")) {
        std::size_t end = 2;
        while (end < rest.size() && rest[end] != '"')
            end += rest[end] == '\\' ? 2 : 1;
        if (end + 1 >= rest.size() || rest[end + 1] != ']')
            return std::nullopt;
        step.key = rest.substr(2, end - 2);
        rest.remove_prefix(end + 2);
        return step;
    }
    step.isElement = true;
    const char* const last = rest.data() + rest.size();
    const auto read = std::from_chars(rest.data() + 1, last, step.index);
    if (read.ec != std::errc() || read.ptr == last || *read.ptr != ']')
        return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()) + 1);
    return step;
}

} // namespace

void appendJsonMember(std::string& path, std::string_view name)
{
    std::string escaped;
    for (const char c : name) {
        if (c == '"' || c == '\\')
            escaped += '\\';
        escaped += c;
    }
    appendEscapedJsonMember(path, escaped);
}

void appendEscapedJsonMember(std::string& path, std::string_view name)
{
    if (name.empty() || !std::ranges::all_of(name, isPlainCharacter)) {
        path.append("[\"").append(name).append("\"]");
        return;
    }
    if (!path.empty())
        path += '.';
    path += name;
}

void appendJsonElement(std::string& path, std::size_t index)
{
    path.append("[").append(std::to_string(index)).append("]");
}

std::optional<std::vector<JsonPathStep>> parseJsonPath(std::string_view text)
{
    std::vector<JsonPathStep> steps;
    std::string_view rest = text;
    while (!rest.empty()) {
        if (rest.front() == '[') {
            auto step = takeBracket(rest);
            if (!step)
                return std::nullopt;
            steps.push_back(std::move(*step));
            continue;
        }
        if (!steps.empty()) {
            if (rest.front() != '.')
                return std::nullopt;
            rest.remove_prefix(1);
        }
        const auto end = static_cast<std::size_t>(std::ranges::find_if_not(rest, isPlainCharacter) -
                                                  rest.begin());
        if (end == 0)
            return std::nullopt;
        steps.push_back({false, 0, std::string(rest.substr(0, end))});
        rest.remove_prefix(end);
    }
    return steps;
}

std::string JsonPath::text() const
{
    std::vector<const JsonPath*> chain;
    for (const JsonPath* step = this; step; step = step->m_parent)
        chain.push_back(step);
    std::string path(chain.back()->m_key);
    for (auto step = chain.rbegin() + 1; step != chain.rend(); ++step) {
        if ((*step)->m_isElement)
            appendJsonElement(path, (*step)->m_index);
        else
            appendJsonMember(path, (*step)->m_key);
    }
    return path;
}

} // namespace signalbox
