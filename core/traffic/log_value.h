// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

// Inside of core/traffic.
namespace signalbox::traffic_detail {

/// A value of a log: one of JSON, or the text of a table's cell. Refers to the text or to the
/// parser that made it.
class LogValue
{
public:
    explicit LogValue(std::string_view text) : m_text(text), m_isCell(true) {}
    explicit LogValue(simdjson::dom::element element) : m_element(element) {}

    /// Null, "", {} or [] in JSON, empty in a table: as good as not there.
    [[nodiscard]] bool isNothing() const;
    [[nodiscard]] bool isText() const { return m_isCell || m_element.is_string(); }
    [[nodiscard]] bool isTree() const;
    /// The object or list, or the single value, of JSON. Only if it is no cell.
    [[nodiscard]] const simdjson::dom::element& element() const { return m_element; }
    [[nodiscard]] bool isCell() const { return m_isCell; }

    /// The text, or a number, true or false as they are written; nothing for trees. What had to be
    /// made is in `scratch`.
    [[nodiscard]] std::optional<std::string_view> text(std::string& scratch) const;
    /// The number, also if it stands in a text.
    [[nodiscard]] std::optional<double> number() const;
    /// True or false, also as 1 or 0 and in words.
    [[nodiscard]] std::optional<bool> flag() const;

private:
    std::string_view m_text = {};
    simdjson::dom::element m_element = {};
    bool m_isCell = false;
};

/// What an element holds, of which the caller knows the type. By value: a result of simdjson gives
/// a reference into itself.
[[nodiscard]] inline simdjson::dom::array listOf(simdjson::dom::element element)
{
    simdjson::dom::array list;
    std::ignore = element.get_array().get(list);
    return list;
}
[[nodiscard]] inline simdjson::dom::object objectOf(simdjson::dom::element element)
{
    simdjson::dom::object object;
    std::ignore = element.get_object().get(object);
    return object;
}
[[nodiscard]] inline std::string_view textOf(simdjson::dom::element element)
{
    std::string_view text;
    std::ignore = element.get_string().get(text);
    return text;
}

/// What an attribute of OpenTelemetry holds: {"stringValue": "x"} is "x", {"arrayValue":
/// {"values": […]}} the list (of values still wrapped). Any other value is itself.
[[nodiscard]] simdjson::dom::element unwrapped(simdjson::dom::element value);

/// Whether a list is one of {"key": …, "value": …} and stands for an object.
[[nodiscard]] bool isAttributeList(const simdjson::dom::array& list);

} // namespace signalbox::traffic_detail
