// SPDX-License-Identifier: Apache-2.0
// Reading conditions, and the signals that they compare.

#include "names.h"
#include "policy_json_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

using namespace policyjson;

std::optional<CompareValue> readByStyle(const Json& json, const JsonPath& path,
                                        JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    ByStyle styles;
    if (const Json* values = object.find("byStyle", Presence::Required)) {
        const JsonPath valuesPath = path.member("byStyle");
        JsonObjectReader value(*values, valuesPath, problems);
        value.readRequired("concise", styles.concise);
        value.readRequired("balanced", styles.balanced);
        value.readRequired("detailed", styles.detailed);
        value.finish();
    }
    object.finish();
    return styles;
}

std::optional<CompareValue> readCompareValue(const Json& json, const JsonPath& path,
                                             JsonProblems& problems)
{
    if (json.is_object())
        return readByStyle(json, path, problems);
    if (json.is_array()) {
        std::vector<Scalar> list;
        for (std::size_t i = 0; i < json.size() && !problems.isFull(); ++i) {
            if (auto scalar = readScalar(json[i], path.element(i), problems))
                list.push_back(std::move(*scalar));
        }
        return list;
    }
    if (json.is_null()) {
        problems.add(path, "expected a value to compare with, got null");
        return std::nullopt;
    }
    const auto scalar = readScalar(json, path, problems);
    return std::visit([](const auto& value) { return CompareValue(value); }, *scalar);
}

Condition readCompare(JsonObjectReader& object)
{
    Compare compare;
    object.readRequired("signal", compare.signal.value);
    const bool hasOp = readEnum(object, "op", compare.op, Presence::Required);
    const bool isExists = hasOp && compare.op == CompareOp::Exists;
    if (isExists)
        compare.value = true;
    const Json* value = object.find("value", isExists ? Presence::Optional : Presence::Required);
    if (value) {
        if (auto read = readCompareValue(*value, object.path().member("value"), object.problems()))
            compare.value = std::move(*read);
    }
    object.read("ignoreCase", compare.ignoreCase);
    return {std::move(compare)};
}

/// A time of day such as "08:30", in minutes.
void readClock(JsonObjectReader& object, std::string_view key, int& minuteOfDay)
{
    std::string text;
    if (!object.readRequired(key, text))
        return;
    const auto digit = [&text](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 1000;
    };
    int hour = 1000;
    int minute = 1000;
    if (text.size() == 5 && text[2] == ':') {
        hour = 10 * digit(0) + digit(1);
        minute = 10 * digit(3) + digit(4);
    }
    if (hour > 23 || minute > 59)
        object.report(key, "expected a time of day from \"00:00\" to \"23:59\"");
    else
        minuteOfDay = 60 * hour + minute;
}

ScoreTerm readTerm(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    ScoreTerm term;
    object.readRequired("add", term.add);
    readPart(object, "when", term.when, readCondition, Presence::Required);
    object.finish();
    return term;
}

/// Reads the members that belong to a source, behind "source" itself.
struct SourceReader
{
    JsonObjectReader& object;

    void scope(TextScope& scope) const { readEnum(object, "scope", scope); }

    void operator()(ScoreSource& source) const
    {
        // Files of the seed team state a scope here; only the default changes nothing.
        TextScope ignored = TextScope::LastUser;
        scope(ignored);
        if (ignored != TextScope::LastUser)
            object.report("scope", "a score has no scope of its own",
                          "Give the scope to the signals that its terms use.");
        object.read("base", source.base);
        object.read("min", source.min);
        object.read("max", source.max);
        readParts(object, "terms", source.terms, readTerm);
    }
    void operator()(MeasureSource& source) const { scope(source.scope); }
    void operator()(KeywordsSource& source) const
    {
        scope(source.scope);
        object.read("anyOf", source.anyOf, Presence::Required);
        readEnum(object, "match", source.match);
    }
    void operator()(ContainsSource& source) const
    {
        scope(source.scope);
        object.readRequired("text", source.text);
    }
    void operator()(RegexSource& source) const
    {
        scope(source.scope);
        object.readRequired("pattern", source.pattern);
        object.read("ignoreCase", source.ignoreCase);
    }
    void operator()(ScriptSource& source) const { scope(source.scope); }
    void operator()(StyleSource& source) const
    {
        object.read("default", source.fallback);
        object.read("table", source.table);
    }
    void operator()(MetadataSource& source) const
    {
        object.readRequired("key", source.key);
        readEnum(object, "type", source.type);
    }
    void operator()(HeaderSource& source) const
    {
        object.readRequired("name", source.name);
        readEnum(object, "type", source.type);
    }
    void operator()(FieldSource& source) const
    {
        if (Role role{}; source.field == RequestField::Messages && readEnum(object, "role", role))
            source.role = role;
    }
    void operator()(TimeWindowSource& source) const
    {
        object.readRequired("zone", source.zone);
        object.readArray("days", [&](const Json& element, const JsonPath& path) {
            if (const auto day = readEnumElement<Weekday>(element, path, object.problems()))
                source.days.push_back(*day);
        });
        readClock(object, "from", source.fromMinute);
        readClock(object, "until", source.untilMinute);
    }
    void operator()(UsageSource& source) const
    {
        readEnum(object, "per", source.per);
        object.readRequired("windowSeconds", source.windowSeconds);
    }
};

using Source = decltype(Signal::source);

/// Every source a signal may have, under its name.
const std::vector<std::pair<std::string_view, Source>>& knownSources()
{
    static const auto sources = [] {
        std::vector<std::pair<std::string_view, Source>> list = {{"score", ScoreSource{}}};
        for (const auto& measure : namesOf<TextMeasure>())
            list.emplace_back(measure.name, MeasureSource{measure.value, TextScope::LastUser});
        for (const Source& source :
             {Source(KeywordsSource{}), Source(ContainsSource{}), Source(RegexSource{}),
              Source(ScriptSource{}), Source(StyleSource{}), Source(MetadataSource{}),
              Source(HeaderSource{}), Source(TimeWindowSource{})}) {
            const Signal signal = {SignalId(), source, {}};
            list.emplace_back(sourceNameOf(signal), source);
        }
        for (const auto& field : namesOf<RequestField>())
            list.emplace_back(field.name, FieldSource{field.value, {}});
        for (const auto& measure : namesOf<UsageMeasure>())
            list.emplace_back(measure.name, UsageSource{measure.value, UsageUnit::User, 60});
        return list;
    }();
    return sources;
}

} // namespace

std::optional<Scalar> policyjson::readScalar(const Json& json, const JsonPath& path,
                                             JsonProblems& problems)
{
    if (json.is_boolean())
        return Scalar(json.get<bool>());
    if (json.is_string())
        return Scalar(json.get<std::string>());
    if (json.is_number())
        return Scalar(json.get<double>());
    problems.add(path, "expected a text, a number, true or false, got " + describeJson(json));
    return std::nullopt;
}

Signal policyjson::readSignal(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Signal signal;
    object.readRequired("id", signal.id.value);
    object.read("note", signal.note);
    std::vector<std::string_view> names;
    for (const auto& [name, source] : knownSources())
        names.push_back(name);
    const auto index = object.readName("source", names, Presence::Required);
    if (!index)
        return signal; // which members it may have is unknown
    signal.source = knownSources()[*index].second;
    std::visit(SourceReader{object}, signal.source);
    object.finish();
    return signal;
}

Condition policyjson::readCondition(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    static constexpr std::string_view kKinds[] = {"signal", "all", "any", "not"};
    JsonObjectReader object(json, path, problems);
    const auto kind = object.pickOne(kKinds, "a condition");
    if (!kind)
        return {};
    Condition condition;
    if (*kind == "signal") {
        condition = readCompare(object);
    } else if (*kind == "not") {
        Not negated;
        readPart(object, "not", *negated.condition, readCondition);
        condition.node = std::move(negated);
    } else if (*kind == "all") {
        readParts(object, "all", condition.node.emplace<All>().conditions, readCondition);
    } else {
        readParts(object, "any", condition.node.emplace<Any>().conditions, readCondition);
    }
    object.finish();
    return condition;
}

} // namespace signalbox
