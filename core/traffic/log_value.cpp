// SPDX-License-Identifier: Apache-2.0
#include "log_value.h"

#include "log_units.h"

#include <core/base/ascii.h>

#include <array>
#include <charconv>

namespace signalbox::traffic_detail {

using simdjson::dom::element_type;

bool LogValue::isNothing() const
{
    if (m_isCell)
        return m_text.empty();
    if (m_element.is_string())
        return textOf(m_element).empty();
    if (m_element.is_object()) {
        const auto object = objectOf(m_element);
        return !(object.begin() != object.end());
    }
    if (m_element.is_array()) {
        const auto list = listOf(m_element);
        return !(list.begin() != list.end());
    }
    return m_element.is_null();
}

bool LogValue::isTree() const
{
    return !m_isCell && (m_element.is_object() || m_element.is_array());
}

std::optional<std::string_view> LogValue::text(std::string& scratch) const
{
    if (m_isCell)
        return m_text;
    switch (m_element.type()) {
    case element_type::STRING:
        return textOf(m_element);
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE:
    case element_type::BOOL:
        scratch = simdjson::minify(m_element);
        return scratch;
    case element_type::ARRAY:
    case element_type::OBJECT:
    case element_type::NULL_VALUE:
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<double> LogValue::number() const
{
    if (m_isCell)
        return numberIn(m_text);
    switch (m_element.type()) {
    case element_type::DOUBLE:
        return m_element.get_double().value_unsafe();
    case element_type::INT64:
        return static_cast<double>(m_element.get_int64().value_unsafe());
    case element_type::UINT64:
        return static_cast<double>(m_element.get_uint64().value_unsafe());
    case element_type::STRING:
        return numberIn(textOf(m_element));
    default:
        return std::nullopt;
    }
}

std::optional<bool> LogValue::flag() const
{
    if (!m_isCell && m_element.is_bool())
        return m_element.get_bool().value_unsafe();
    if (isText()) {
        std::string scratch;
        const std::string word = foldedAscii(std::string(text(scratch).value_or("")));
        if (word == "true" || word == "yes" || word == "t")
            return true;
        if (word == "false" || word == "no" || word == "f")
            return false;
    }
    const auto value = number();
    if (!value || (*value != 0 && *value != 1))
        return std::nullopt;
    return *value == 1;
}

simdjson::dom::element unwrapped(simdjson::dom::element value)
{
    simdjson::dom::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS || object.size() != 1)
        return value;
    const simdjson::dom::key_value_pair only = *object.begin();
    if (only.key == "stringValue" || only.key == "intValue" || only.key == "doubleValue" ||
        only.key == "boolValue" || only.key == "bytesValue")
        return only.value;
    simdjson::dom::element values;
    if ((only.key == "arrayValue" || only.key == "kvlistValue") &&
        only.value["values"].get(values) == simdjson::SUCCESS)
        return values;
    return value;
}

bool isAttributeList(const simdjson::dom::array& list)
{
    const auto first = list.begin();
    if (!(first != list.end()))
        return false;
    const simdjson::dom::element entry = *first;
    return entry["key"].is_string() && entry["value"].error() == simdjson::SUCCESS;
}

} // namespace signalbox::traffic_detail
