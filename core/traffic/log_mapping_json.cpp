// SPDX-License-Identifier: Apache-2.0
#include "log_mapping.h"

#include <core/base/json_reader.h>

#include <nlohmann/json.hpp>

#include <array>

namespace signalbox {

namespace {

constexpr int kSchemaVersion = 1;

constexpr std::array kOriginNames = {EnumName<LogOrigin>{LogOrigin::Row, "row"},
                                     EnumName<LogOrigin>{LogOrigin::Line, "line"}};
constexpr std::array kHoldsNames = {EnumName<LogList::Holds>{LogList::Holds::Feedback, "feedback"},
                                    EnumName<LogList::Holds>{LogList::Holds::Attempts, "attempts"}};
constexpr std::array kAttemptKeyNames = {EnumName<AttemptKey>{AttemptKey::None, "none"},
                                         EnumName<AttemptKey>{AttemptKey::ParentId, "parentId"},
                                         EnumName<AttemptKey>{AttemptKey::TraceId, "traceId"},
                                         EnumName<AttemptKey>{AttemptKey::RequestId, "requestId"}};

template<class E, std::size_t n>
std::string nameIn(const std::array<EnumName<E>, n>& names, E value)
{
    return std::string(names.at(static_cast<std::size_t>(value)).name);
}

std::vector<std::string_view> fieldNames()
{
    std::vector<std::string_view> names;
    for (const LogField field : logFields())
        names.push_back(logFieldName(field));
    return names;
}

std::vector<std::string_view> unitNames()
{
    std::vector<std::string_view> names;
    for (int unit = 0; unit <= static_cast<int>(LogUnit::OneBased); ++unit)
        names.push_back(logUnitName(static_cast<LogUnit>(unit)));
    return names;
}

Json toJson(const LogPlace& place)
{
    Json json = {{"field", logFieldName(place.field)}, {"path", place.path}};
    if (place.unit != LogUnit::Plain)
        json["unit"] = logUnitName(place.unit);
    if (place.from != LogOrigin::Row)
        json["from"] = nameIn(kOriginNames, place.from);
    return json;
}

Json toJson(const LogCondition& condition)
{
    Json json = {{"path", condition.path}};
    if (!condition.values.empty())
        json["values"] = condition.values;
    return json;
}

Json toJson(const LogList& list);

template<class T> Json listJson(const std::vector<T>& values)
{
    Json list = Json::array();
    for (const T& value : values)
        list.push_back(toJson(value));
    return list;
}

Json toJson(const LogList& list)
{
    Json json = {{"holds", nameIn(kHoldsNames, list.holds)}, {"path", list.path}};
    if (list.from != LogOrigin::Row)
        json["from"] = nameIn(kOriginNames, list.from);
    if (!list.name.empty())
        json["name"] = list.name;
    if (!list.source.empty())
        json["source"] = list.source;
    if (list.scaleMin)
        json["scaleMin"] = numberJson(*list.scaleMin);
    if (list.scaleMax)
        json["scaleMax"] = numberJson(*list.scaleMax);
    if (!list.when.empty())
        json["when"] = listJson(list.when);
    json["places"] = listJson(list.places);
    return json;
}

void readPath(JsonObjectReader& object, std::string_view key, std::string& out, Presence presence)
{
    if (object.read(key, out, presence) && !pathParts(out))
        object.report(key, "expected a JSON pointer such as \"/usage/prompt_tokens\"");
}

void readPaths(JsonObjectReader& object, std::string_view key, std::vector<std::string>& out)
{
    if (!object.read(key, out))
        return;
    for (const std::string& path : out) {
        if (!pathParts(path))
            object.report(key, "\"" + path + "\" is no JSON pointer");
    }
}

LogPlace readPlace(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    LogPlace place;
    JsonObjectReader object(json, path, problems);
    if (const auto index = object.readName("field", fieldNames(), Presence::Required))
        place.field = static_cast<LogField>(*index);
    readPath(object, "path", place.path, Presence::Required);
    if (const auto index = object.readName("unit", unitNames()))
        place.unit = static_cast<LogUnit>(*index);
    if (!fits(place.unit, place.field))
        object.report("unit", std::string(logFieldName(place.field)) + " cannot be in " +
                                  std::string(logUnitName(place.unit)));
    object.readEnum<LogOrigin>("from", kOriginNames, place.from);
    object.finish();
    return place;
}

LogCondition readCondition(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    LogCondition condition;
    JsonObjectReader object(json, path, problems);
    readPath(object, "path", condition.path, Presence::Required);
    object.read("values", condition.values);
    object.finish();
    return condition;
}

void readConditions(JsonObjectReader& object, std::string_view key, std::vector<LogCondition>& out)
{
    object.readArray(key, [&](const Json& json, const JsonPath& path) {
        out.push_back(readCondition(json, path, object.problems()));
    });
}

void readPlaces(JsonObjectReader& object, std::vector<LogPlace>& out)
{
    object.readArray(
        "places",
        [&](const Json& json, const JsonPath& path) {
            out.push_back(readPlace(json, path, object.problems()));
        },
        Presence::Required);
}

LogList readList(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    LogList list;
    JsonObjectReader object(json, path, problems);
    object.readEnum<LogList::Holds>("holds", kHoldsNames, list.holds, Presence::Required);
    readPath(object, "path", list.path, Presence::Required);
    object.readEnum<LogOrigin>("from", kOriginNames, list.from);
    object.read("name", list.name);
    object.read("source", list.source);
    object.read("scaleMin", list.scaleMin);
    object.read("scaleMax", list.scaleMax);
    readConditions(object, "when", list.when);
    readPlaces(object, list.places);
    object.finish();
    return list;
}

LogMapping readMapping(const Json& json, JsonProblems& problems)
{
    LogMapping mapping;
    const JsonPath root;
    JsonObjectReader object(json, root, problems);
    int version = 0;
    if (object.readRequired("schemaVersion", version) && version != kSchemaVersion)
        object.report("schemaVersion", "this version reads mappings of schema 1 only");
    object.readRequired("name", mapping.name);
    readPath(object, "rows", mapping.rows, Presence::Optional);
    readPaths(object, "signs", mapping.signs);
    readPaths(object, "jsonTexts", mapping.jsonTexts);
    readConditions(object, "when", mapping.when);
    readConditions(object, "feedbackWhen", mapping.feedbackWhen);
    readPlaces(object, mapping.places);
    object.readArray("lists", [&](const Json& list, const JsonPath& path) {
        mapping.lists.push_back(readList(list, path, problems));
    });
    object.readEnum<AttemptKey>("attempts", kAttemptKeyNames, mapping.attempts);
    object.read("onlyFeedback", mapping.onlyFeedback);
    object.finish();
    return mapping;
}

} // namespace

Json toJson(const LogMapping& mapping)
{
    Json json = {{"schemaVersion", kSchemaVersion}, {"name", mapping.name}};
    if (!mapping.rows.empty())
        json["rows"] = mapping.rows;
    if (!mapping.signs.empty())
        json["signs"] = mapping.signs;
    if (!mapping.jsonTexts.empty())
        json["jsonTexts"] = mapping.jsonTexts;
    if (!mapping.when.empty())
        json["when"] = listJson(mapping.when);
    if (!mapping.feedbackWhen.empty())
        json["feedbackWhen"] = listJson(mapping.feedbackWhen);
    json["places"] = listJson(mapping.places);
    if (!mapping.lists.empty())
        json["lists"] = listJson(mapping.lists);
    if (mapping.attempts != AttemptKey::None)
        json["attempts"] = nameIn(kAttemptKeyNames, mapping.attempts);
    if (mapping.onlyFeedback)
        json["onlyFeedback"] = true;
    return json;
}

Result<LogMapping> logMappingFromJson(const Json& json)
{
    JsonProblems problems;
    LogMapping mapping = readMapping(json, problems);
    if (!problems.isEmpty()) {
        auto errors = problems.take();
        return Unexpected(std::move(errors.front()));
    }
    return mapping;
}

} // namespace signalbox
