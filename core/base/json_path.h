// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Appends to the text of a path: "rules" -> "rules.when", or "rules[\"odd name\"]" for a name that
/// is not letters, digits, '_' and '-'.
void appendJsonMember(std::string& path, std::string_view name);

/// The same for a name that is escaped already, as it stands between the quotes of a JSON text.
void appendEscapedJsonMember(std::string& path, std::string_view name);

/// "rules" -> "rules[3]".
void appendJsonElement(std::string& path, std::size_t index);

/// One step of a path.
struct JsonPathStep
{
    bool isElement = false;
    std::size_t index = 0; ///< of an element
    std::string key;       ///< of a member, escapes as in the text
    bool operator==(const JsonPathStep&) const = default;
};

/// The steps of a path's text; nothing if it is no such path. The empty text is the root.
[[nodiscard]] std::optional<std::vector<JsonPathStep>> parseJsonPath(std::string_view text);

/// Where a reader is in a JSON value: a chain of steps on the reader's own stack, which costs
/// nothing until a problem asks for its text. A step refers to the one it was made from and must
/// not outlive it; keys are not copied either.
class JsonPath
{
public:
    JsonPath() = default;
    /// A root that has a path already, e.g. of the place where a part was cut out.
    explicit JsonPath(std::string_view root) : m_key(root) {}

    [[nodiscard]] JsonPath member(std::string_view key) const& { return {this, key, 0, false}; }
    [[nodiscard]] JsonPath element(std::size_t index) const& { return {this, {}, index, true}; }
    JsonPath member(std::string_view key) const&& = delete;
    JsonPath element(std::size_t index) const&& = delete;

    /// "rules[3].when.value"; empty for the root.
    [[nodiscard]] std::string text() const;

private:
    JsonPath(const JsonPath* parent, std::string_view key, std::size_t index, bool isElement)
        : m_parent(parent), m_key(key), m_index(index), m_isElement(isElement)
    {}

    const JsonPath* m_parent = nullptr;
    std::string_view m_key;
    std::size_t m_index = 0;
    bool m_isElement = false;
};

} // namespace signalbox
