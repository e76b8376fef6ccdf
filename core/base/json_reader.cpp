// SPDX-License-Identifier: Apache-2.0
#include "json_reader.h"

#include "utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kQuoteLimit = 40; ///< code points of a text that a message quotes
constexpr double kExactInteger = 9007199254740992.0; ///< 2^53

std::string quoteText(std::string_view text)
{
    std::size_t end = 0;
    for (std::size_t points = 0; end < text.size() && points < kQuoteLimit; ++points)
        end += decodeCodePoint(text, end).bytes;
    const bool isCut = end < text.size();
    const Json shown(std::string(text.substr(0, end)));
    std::string out = shown.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (isCut)
        out.insert(out.size() - 1, "…");
    return out;
}

void addExpected(JsonProblems& problems, const JsonPath& path, const std::string& expected,
                 const Json& found, std::string hint = {})
{
    problems.add(path, "expected " + expected + ", got " + describeJson(found), std::move(hint));
}

std::string numberText(double value)
{
    return numberJson(value).dump();
}

std::string rangeText(double low, double high, double lowest, double highest)
{
    if (low > lowest && high < highest)
        return " from " + numberText(low) + " to " + numberText(high);
    if (low > lowest)
        return " of at least " + numberText(low);
    return high < highest ? " of at most " + numberText(high) : std::string();
}

template<class Number> std::string rangeText(const JsonRange<Number>& range)
{
    const JsonRange<Number> all;
    return rangeText(static_cast<double>(range.low), static_cast<double>(range.high),
                     static_cast<double>(all.low), static_cast<double>(all.high));
}

/// The exact integer value, also of a double such as 3.0.
std::optional<std::int64_t> integerOf(const Json& json)
{
    if (json.is_number_unsigned()) {
        const auto value = json.get<std::uint64_t>();
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    if (json.is_number_integer())
        return json.get<std::int64_t>();
    if (json.is_number_float()) {
        const auto value = json.get<double>();
        if (std::abs(value) <= kExactInteger && value == std::floor(value))
            return static_cast<std::int64_t>(value);
    }
    return std::nullopt;
}

/// Insertions, deletions, replacements and swaps of neighbours that make `b` of `a` (optimal string
/// alignment).
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min(
                {last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last.back();
}

std::string didYouMean(std::string_view name, std::span<const std::string_view> candidates)
{
    const auto nearest = nearestName(name, candidates);
    return nearest ? "Did you mean \"" + std::string(*nearest) + "\"?" : std::string();
}

std::string quotedList(std::span<const std::string_view> names)
{
    std::string list;
    for (const std::string_view name : names)
        list.append(list.empty() ? "\"" : ", \"").append(name).append("\"");
    return list;
}

} // namespace

void JsonProblems::add(const JsonPath& where, std::string message, std::string hint, ErrorCode code)
{
    if (m_count++ < m_limit)
        m_errors.push_back({code, std::move(message), where.text(), std::move(hint)});
}

JsonObjectReader::JsonObjectReader(const Json& json, const JsonPath& path, JsonProblems& problems)
    : m_path(path), m_problems(problems)
{
    if (!json.is_object()) {
        addExpected(problems, path, "an object", json);
        return;
    }
    m_json = &json;
    m_isKnown.resize(json.size());
}

const Json* JsonObjectReader::find(std::string_view key, Presence presence)
{
    m_askedFor.push_back(key);
    if (!m_json)
        return nullptr;
    const auto& object = m_json->get_ref<const Json::object_t&>();
    const auto found =
        std::ranges::find_if(object, [key](const auto& item) { return item.first == key; });
    if (found == object.end()) {
        if (presence == Presence::Required)
            m_problems.add(m_path, "the member \"" + std::string(key) + "\" is missing");
        return nullptr;
    }
    m_isKnown[static_cast<std::size_t>(found - object.begin())] = true;
    return &found->second;
}

bool JsonObjectReader::has(std::string_view key) const
{
    if (!m_json)
        return false;
    const auto& object = m_json->get_ref<const Json::object_t&>();
    return std::ranges::any_of(object, [key](const auto& item) { return item.first == key; });
}

std::vector<std::string_view> JsonObjectReader::keys() const
{
    std::vector<std::string_view> keys;
    if (m_json) {
        for (const auto& [key, value] : m_json->get_ref<const Json::object_t&>())
            keys.push_back(key);
    }
    return keys;
}

bool JsonObjectReader::read(std::string_view key, std::string& out, Presence presence)
{
    const Json* value = find(key, presence);
    if (!value)
        return false;
    auto text = readText(*value, m_path.member(key), m_problems);
    if (text)
        out = std::move(*text);
    return text.has_value();
}

bool JsonObjectReader::read(std::string_view key, bool& out, Presence presence)
{
    const Json* value = find(key, presence);
    if (!value)
        return false;
    const auto truth = readBool(*value, m_path.member(key), m_problems);
    out = truth.value_or(out);
    return truth.has_value();
}

bool JsonObjectReader::read(std::string_view key, int& out, JsonRange<int> range, Presence presence)
{
    std::int64_t wide = out;
    if (!read(key, wide, JsonRange<std::int64_t>{range.low, range.high}, presence))
        return false;
    out = static_cast<int>(wide);
    return true;
}

bool JsonObjectReader::read(std::string_view key, std::int64_t& out, JsonRange<std::int64_t> range,
                            Presence presence)
{
    const Json* value = find(key, presence);
    if (!value)
        return false;
    const auto number = readInteger(*value, m_path.member(key), m_problems, range);
    out = number.value_or(out);
    return number.has_value();
}

bool JsonObjectReader::read(std::string_view key, double& out, JsonRange<double> range,
                            Presence presence)
{
    const Json* value = find(key, presence);
    if (!value)
        return false;
    const auto number = readNumber(*value, m_path.member(key), m_problems, range);
    out = number.value_or(out);
    return number.has_value();
}

bool JsonObjectReader::read(std::string_view key, std::vector<std::string>& out, Presence presence)
{
    std::vector<std::string> texts;
    const std::size_t before = m_problems.count();
    const bool isRead = readArray(
        key,
        [&](const Json& element, const JsonPath& path) {
            if (auto text = readText(element, path, m_problems))
                texts.push_back(std::move(*text));
        },
        presence);
    if (isRead)
        out = std::move(texts);
    return isRead && m_problems.count() == before;
}

bool JsonObjectReader::read(std::string_view key, std::optional<std::string>& out)
{
    std::string text;
    const bool isRead = read(key, text);
    if (isRead)
        out = std::move(text);
    return isRead;
}

bool JsonObjectReader::read(std::string_view key, std::optional<int>& out, JsonRange<int> range)
{
    int number = 0;
    const bool isRead = read(key, number, range);
    if (isRead)
        out = number;
    return isRead;
}

bool JsonObjectReader::read(std::string_view key, std::optional<double>& out,
                            JsonRange<double> range)
{
    double number = 0;
    const bool isRead = read(key, number, range);
    if (isRead)
        out = number;
    return isRead;
}

std::optional<std::size_t> JsonObjectReader::readName(std::string_view key,
                                                      std::span<const std::string_view> names,
                                                      Presence presence)
{
    const Json* value = find(key, presence);
    return value ? signalbox::readName(*value, m_path.member(key), names, m_problems)
                 : std::nullopt;
}

std::optional<std::string_view> JsonObjectReader::pickOne(std::span<const std::string_view> keys,
                                                          std::string_view whatItIs)
{
    if (!m_json)
        return std::nullopt;
    std::vector<std::string_view> present;
    std::ranges::copy_if(keys, std::back_inserter(present),
                         [this](std::string_view key) { return has(key); });
    if (present.size() == 1)
        return present.front();
    if (present.empty()) {
        std::string hint;
        for (const std::string_view key : this->keys())
            hint = hint.empty() ? didYouMean(key, keys) : hint;
        m_problems.add(m_path, std::string(whatItIs) + " has one of " + quotedList(keys), hint);
    } else {
        m_problems.add(m_path, std::string(whatItIs) + " has only one of " + quotedList(present));
    }
    return std::nullopt;
}

void JsonObjectReader::finish()
{
    if (!m_json)
        return;
    std::size_t position = 0;
    for (const auto& [key, value] : m_json->get_ref<const Json::object_t&>()) {
        if (m_isKnown[position++])
            continue;
        if (m_problems.isFull())
            report(key, {}); // only counted
        else
            report(key, "unknown member \"" + key + "\"", didYouMean(key, m_askedFor));
    }
}

void JsonObjectReader::report(std::string_view key, std::string message, std::string hint)
{
    m_problems.add(m_path.member(key), std::move(message), std::move(hint));
}

std::size_t JsonObjectReader::arraySize(const Json& value, const JsonPath& path)
{
    if (value.is_array())
        return value.size();
    addExpected(m_problems, path, "a list", value);
    return 0;
}

const Json& JsonObjectReader::elementOf(const Json& array, std::size_t index)
{
    return array[index];
}

bool JsonObjectReader::isArray(const Json& value)
{
    return value.is_array();
}

std::optional<std::string> readText(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    if (json.is_string())
        return json.get<std::string>();
    addExpected(problems, path, "a text", json);
    return std::nullopt;
}

std::optional<bool> readBool(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    if (json.is_boolean())
        return json.get<bool>();
    addExpected(problems, path, "true or false", json);
    return std::nullopt;
}

std::optional<double> readNumber(const Json& json, const JsonPath& path, JsonProblems& problems,
                                 JsonRange<double> range)
{
    if (json.is_number()) {
        const auto value = json.get<double>();
        if (value >= range.low && value <= range.high)
            return value;
    }
    addExpected(problems, path, "a number" + rangeText(range), json);
    return std::nullopt;
}

std::optional<std::int64_t> readInteger(const Json& json, const JsonPath& path,
                                        JsonProblems& problems, JsonRange<std::int64_t> range)
{
    const auto value = json.is_number() ? integerOf(json) : std::nullopt;
    if (value && *value >= range.low && *value <= range.high)
        return value;
    std::string expected = "a whole number";
    const bool isInt = range.low >= std::numeric_limits<int>::lowest() &&
                       range.high <= std::numeric_limits<int>::max();
    expected +=
        isInt ? rangeText(JsonRange<int>{static_cast<int>(range.low), static_cast<int>(range.high)})
              : rangeText(range);
    addExpected(problems, path, expected, json);
    return std::nullopt;
}

std::optional<std::size_t> readName(const Json& json, const JsonPath& path,
                                    std::span<const std::string_view> names, JsonProblems& problems)
{
    const std::string expected = "one of " + quotedList(names);
    if (!json.is_string()) {
        addExpected(problems, path, expected, json);
        return std::nullopt;
    }
    const auto& text = json.get_ref<const std::string&>();
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) {
        addExpected(problems, path, expected, json, didYouMean(text, names));
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - names.begin());
}

std::string describeJson(const Json& json)
{
    switch (json.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::object:
        return "an object";
    case Json::value_t::array:
        return "a list";
    case Json::value_t::string:
        return quoteText(json.get_ref<const std::string&>());
    default:
        return json.dump();
    }
}

Json numberJson(double value)
{
    if (std::abs(value) <= kExactInteger && value == std::floor(value))
        return Json(static_cast<std::int64_t>(value));
    return Json(value);
}

std::optional<std::string_view> nearestName(std::string_view name,
                                            std::span<const std::string_view> candidates)
{
    constexpr std::size_t kLongestName = 64; // beyond it a typo is no guess, and the cost is square
    std::optional<std::string_view> nearest;
    std::size_t best = std::max<std::size_t>(1, std::min<std::size_t>(name.size(), 9) / 3) + 1;
    if (name.size() > kLongestName)
        return nearest;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kLongestName)
            continue;
        const std::size_t distance = editDistance(name, candidate);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace signalbox
