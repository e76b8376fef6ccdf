// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "enum_name.h"
#include "json.h"
#include "json_path.h"
#include "result.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace signalbox {

/// What was wrong with an input, up to a stated number of problems; the rest is only counted.
class JsonProblems
{
public:
    explicit JsonProblems(std::size_t limit = 50) : m_limit(limit) {}

    void add(const JsonPath& where, std::string message, std::string hint = {},
             ErrorCode code = ErrorCode::ParseError);

    [[nodiscard]] bool isEmpty() const { return m_count == 0; }
    [[nodiscard]] bool isFull() const { return m_count >= m_limit; }
    [[nodiscard]] std::size_t count() const { return m_count; } ///< also of those not kept
    [[nodiscard]] const std::vector<Error>& errors() const { return m_errors; }
    [[nodiscard]] std::vector<Error> take() { return std::move(m_errors); }

private:
    std::size_t m_limit;
    std::size_t m_count = 0;
    std::vector<Error> m_errors;
};

enum class Presence { Optional, Required };

template<class Number> struct JsonRange
{
    Number low = std::numeric_limits<Number>::lowest();
    Number high = std::numeric_limits<Number>::max();
};

/// Reads the members of one JSON object into typed variables and reports what does not fit, with
/// its path. A variable keeps its value (its default) when the member is absent or wrong, so a
/// reader collects all problems of an input in one go. Lives on the stack of the function that
/// reads the type; refers to the JSON value, the path and the problems.
///
///     JsonObjectReader object(json, path, problems);
///     object.read("label", rule.label);
///     object.readRequired("weight", arm.weight, {0, 10000});
///     object.finish();
///
/// Each read returns true if the member was there and fitted. Texts and numbers never convert into
/// each other; a whole number is accepted where a double is wanted, 3.0 where an integer is.
class JsonObjectReader
{
public:
    /// Reports a value that is no object and then reads as an object without members.
    JsonObjectReader(const Json& json, const JsonPath& path, JsonProblems& problems);

    [[nodiscard]] bool isObject() const { return m_json != nullptr; }
    [[nodiscard]] const JsonPath& path() const { return m_path; }
    [[nodiscard]] JsonProblems& problems() const { return m_problems; }

    /// The member's value, which counts as known from now on; null if absent (an absent required
    /// member is reported). For nested types.
    [[nodiscard]] const Json* find(std::string_view key, Presence presence = Presence::Optional);
    /// Whether there is such a member; leaves it unknown.
    [[nodiscard]] bool has(std::string_view key) const;
    /// The names of all members, in their order. They live as long as the JSON value.
    [[nodiscard]] std::vector<std::string_view> keys() const;

    bool read(std::string_view key, std::string& out, Presence presence = Presence::Optional);
    bool read(std::string_view key, bool& out, Presence presence = Presence::Optional);
    bool read(std::string_view key, int& out, JsonRange<int> range = {},
              Presence presence = Presence::Optional);
    bool read(std::string_view key, std::int64_t& out, JsonRange<std::int64_t> range = {},
              Presence presence = Presence::Optional);
    bool read(std::string_view key, double& out, JsonRange<double> range = {},
              Presence presence = Presence::Optional);
    bool read(std::string_view key, std::vector<std::string>& out,
              Presence presence = Presence::Optional);

    bool read(std::string_view key, std::optional<std::string>& out);
    bool read(std::string_view key, std::optional<int>& out, JsonRange<int> range = {});
    bool read(std::string_view key, std::optional<double>& out, JsonRange<double> range = {});

    bool readRequired(std::string_view key, std::string& out)
    {
        return read(key, out, Presence::Required);
    }
    bool readRequired(std::string_view key, int& out, JsonRange<int> range = {})
    {
        return read(key, out, range, Presence::Required);
    }
    bool readRequired(std::string_view key, double& out, JsonRange<double> range = {})
    {
        return read(key, out, range, Presence::Required);
    }

    /// A text that must be one of `names`; gives its index.
    std::optional<std::size_t> readName(std::string_view key,
                                        std::span<const std::string_view> names,
                                        Presence presence = Presence::Optional);

    /// A text that must be one of a table's names.
    template<class E>
    bool readEnum(std::string_view key, std::type_identity_t<std::span<const EnumName<E>>> names,
                  E& out, Presence presence = Presence::Optional)
    {
        std::vector<std::string_view> list;
        for (const EnumName<E>& entry : names)
            list.push_back(entry.name);
        const auto index = readName(key, list, presence);
        if (index)
            out = names[*index].value;
        return index.has_value();
    }

    /// Calls `readElement(const Json&, const JsonPath&)` for each element of an array; reports a
    /// member that is no array. Stops when the problems are full.
    template<class ReadElement>
    bool readArray(std::string_view key, ReadElement readElement,
                   Presence presence = Presence::Optional)
    {
        const Json* value = find(key, presence);
        if (!value)
            return false;
        const JsonPath array = m_path.member(key);
        const std::size_t size = arraySize(*value, array);
        for (std::size_t i = 0; i < size && !m_problems.isFull(); ++i)
            readElement(elementOf(*value, i), array.element(i));
        return isArray(*value);
    }

    /// Reports every member that nobody has asked for, with the nearest known name as the hint.
    void finish();

    /// Reports `message` at a member.
    void report(std::string_view key, std::string message, std::string hint = {});

    /// The one member of `keys` that the object has, e.g. which kind of plan it is. Reports an
    /// object that has none of them or several; nothing then.
    [[nodiscard]] std::optional<std::string_view> pickOne(std::span<const std::string_view> keys,
                                                          std::string_view whatItIs);

private:
    [[nodiscard]] std::size_t arraySize(const Json& value, const JsonPath& path);
    [[nodiscard]] static const Json& elementOf(const Json& array, std::size_t index);
    [[nodiscard]] static bool isArray(const Json& value);

    const Json* m_json = nullptr;
    const JsonPath& m_path;
    JsonProblems& m_problems;
    std::vector<bool> m_isKnown;              ///< by position in the object
    std::vector<std::string_view> m_askedFor; ///< for the hints of finish()
};

/// The single values, for elements of arrays and for values that may be of several types.
[[nodiscard]] std::optional<std::string> readText(const Json& json, const JsonPath& path,
                                                  JsonProblems& problems);
[[nodiscard]] std::optional<bool> readBool(const Json& json, const JsonPath& path,
                                           JsonProblems& problems);
[[nodiscard]] std::optional<double> readNumber(const Json& json, const JsonPath& path,
                                               JsonProblems& problems,
                                               JsonRange<double> range = {});
[[nodiscard]] std::optional<std::int64_t> readInteger(const Json& json, const JsonPath& path,
                                                      JsonProblems& problems,
                                                      JsonRange<std::int64_t> range = {});

/// A value as messages quote it: `"many"`, `12`, `an object`, `a list`; long texts are cut.
[[nodiscard]] std::string describeJson(const Json& json);

/// The index of a text among `names`; reports anything else with the list of what is possible.
[[nodiscard]] std::optional<std::size_t> readName(const Json& json, const JsonPath& path,
                                                  std::span<const std::string_view> names,
                                                  JsonProblems& problems);

/// A double as JSON, a whole number without ".0" where that is exact.
[[nodiscard]] Json numberJson(double value);

/// The name nearest to a misspelt one, or nothing if none is near (at most a third of it is wrong).
[[nodiscard]] std::optional<std::string_view>
nearestName(std::string_view name, std::span<const std::string_view> candidates);

} // namespace signalbox
