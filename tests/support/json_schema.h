// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A validator for the part of JSON Schema 2020-12 that our schemas use. A keyword it does not know
// is a problem too, so that no rule of a schema goes unchecked.

#include <core/base/json.h>
#include <core/base/utf8.h>

#include <QRegularExpression>
#include <QString>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace signalbox::test {

class JsonSchema
{
public:
    /// Refers to the schema.
    explicit JsonSchema(const Json& schema) : m_root(schema) {}

    /// "path: what is wrong" for each problem; of an instance that fits no alternative, one.
    [[nodiscard]] std::vector<std::string> problems(const Json& instance) const
    {
        std::vector<std::string> found;
        check(m_root, instance, "", found);
        return found;
    }

    /// Keywords that this validator does not know, anywhere in the schema.
    [[nodiscard]] std::vector<std::string> unknownKeywords() const
    {
        std::vector<std::string> found;
        collectUnknown(m_root, "#", found);
        return found;
    }

private:
    using Found = std::vector<std::string>;

    static bool isAnnotation(const std::string& keyword)
    {
        return keyword == "title" || keyword == "description" || keyword == "default" ||
               keyword == "$schema" || keyword == "$id" || keyword == "$defs";
    }

    void collectUnknown(const Json& schema, const std::string& path, Found& found) const
    {
        static const std::vector<std::string> known = {"$ref",
                                                       "type",
                                                       "const",
                                                       "enum",
                                                       "required",
                                                       "minItems",
                                                       "maxItems",
                                                       "minLength",
                                                       "pattern",
                                                       "minimum",
                                                       "maximum",
                                                       "exclusiveMinimum",
                                                       "exclusiveMaximum"};
        for (const auto& [keyword, value] : schema.items()) {
            const std::string at = path + '/' + keyword;
            if (keyword == "properties" || keyword == "$defs") {
                for (const auto& [name, part] : value.items())
                    collectUnknown(part, at + '/' + name, found);
            } else if (keyword == "oneOf" || keyword == "anyOf") {
                for (const Json& part : value)
                    collectUnknown(part, at, found);
            } else if (keyword == "items" || keyword == "if" || keyword == "then" ||
                       keyword == "else" ||
                       (keyword == "additionalProperties" && value.is_object())) {
                collectUnknown(value, at, found);
            } else if (keyword == "$ref") {
                if (!resolve(value))
                    found.push_back(at + ": nothing there");
            } else if (keyword != "additionalProperties" && !isAnnotation(keyword) &&
                       std::ranges::find(known, keyword) == known.end()) {
                found.push_back(at);
            }
        }
    }

    [[nodiscard]] const Json* resolve(const std::string& reference) const
    {
        if (!reference.starts_with("#"))
            return nullptr;
        const Json::json_pointer pointer(reference.substr(1));
        return m_root.contains(pointer) ? &m_root.at(pointer) : nullptr;
    }

    static bool isOfType(const Json& value, const std::string& type)
    {
        if (type == "integer")
            return value.is_number_integer() ||
                   (value.is_number() && value.get<double>() == std::floor(value.get<double>()));
        return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
               (type == "string" && value.is_string()) || (type == "number" && value.is_number()) ||
               (type == "boolean" && value.is_boolean()) || (type == "null" && value.is_null());
    }

    void check(const Json& schema, const Json& value, const std::string& path, Found& found) const
    {
        const auto add = [&](const std::string& what) { found.push_back(path + ": " + what); };
        if (schema.contains("$ref")) {
            const Json* target = resolve(schema["$ref"]);
            target ? check(*target, value, path, found) : add("an unknown reference");
        }
        if (schema.contains("type") && !hasType(schema["type"], value))
            return add("not of type " + schema["type"].dump());
        if (schema.contains("const") && value != schema["const"])
            add("not " + schema["const"].dump());
        if (schema.contains("enum") &&
            std::ranges::find(schema["enum"], value) == schema["enum"].end())
            add("not one of " + schema["enum"].dump());
        checkAlternatives(schema, value, path, found);
        if (value.is_number())
            checkNumber(schema, value.get<double>(), path, found);
        if (value.is_string())
            checkText(schema, value.get<std::string>(), path, found);
        if (value.is_array())
            checkArray(schema, value, path, found);
        if (value.is_object())
            checkObject(schema, value, path, found);
    }

    static bool hasType(const Json& type, const Json& value)
    {
        if (type.is_string())
            return isOfType(value, type);
        return std::ranges::any_of(type, [&](const Json& one) { return isOfType(value, one); });
    }

    [[nodiscard]] bool fits(const Json& schema, const Json& value) const
    {
        Found found;
        check(schema, value, "", found);
        return found.empty();
    }

    void checkAlternatives(const Json& schema, const Json& value, const std::string& path,
                           Found& found) const
    {
        const auto count = [&](const char* keyword) {
            return std::ranges::count_if(schema[keyword],
                                         [&](const Json& one) { return fits(one, value); });
        };
        const auto fitting = schema.contains("oneOf") ? count("oneOf") : 1;
        if (fitting != 1)
            found.push_back(path + ": fits " + std::to_string(fitting) + " alternatives");
        if (schema.contains("anyOf") && count("anyOf") == 0)
            found.push_back(path + ": fits no alternative");
        if (!schema.contains("if"))
            return;
        const char* const branch = fits(schema["if"], value) ? "then" : "else";
        if (schema.contains(branch))
            check(schema[branch], value, path, found);
    }

    static void checkNumber(const Json& schema, double value, const std::string& path, Found& found)
    {
        const auto bound = [&](const char* keyword, auto isBroken) {
            if (schema.contains(keyword) && isBroken(value, schema[keyword].get<double>()))
                found.push_back(path + ": " + keyword + " is " + schema[keyword].dump());
        };
        bound("minimum", std::less());
        bound("maximum", std::greater());
        bound("exclusiveMinimum", std::less_equal());
        bound("exclusiveMaximum", std::greater_equal());
    }

    static void checkText(const Json& schema, const std::string& value, const std::string& path,
                          Found& found)
    {
        if (schema.contains("minLength") &&
            codePointCount(value) < schema["minLength"].get<std::size_t>())
            found.push_back(path + ": too short");
        if (!schema.contains("pattern"))
            return;
        const QRegularExpression pattern(
            QString::fromStdString(schema["pattern"].get<std::string>()),
            QRegularExpression::UseUnicodePropertiesOption);
        if (!pattern.match(QString::fromStdString(value)).hasMatch())
            found.push_back(path + ": does not match " + schema["pattern"].dump());
    }

    void checkArray(const Json& schema, const Json& value, const std::string& path,
                    Found& found) const
    {
        if (schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>())
            found.push_back(path + ": too few items");
        if (schema.contains("maxItems") && value.size() > schema["maxItems"].get<std::size_t>())
            found.push_back(path + ": too many items");
        if (!schema.contains("items"))
            return;
        for (std::size_t i = 0; i < value.size(); ++i)
            check(schema["items"], value[i], path + '[' + std::to_string(i) + ']', found);
    }

    void checkObject(const Json& schema, const Json& value, const std::string& path,
                     Found& found) const
    {
        if (schema.contains("required")) {
            for (const Json& name : schema["required"]) {
                if (!value.contains(name.get<std::string>()))
                    found.push_back(path + ": lacks " + name.dump());
            }
        }
        for (const auto& [name, member] : value.items()) {
            const std::string memberPath = path + (path.empty() ? "" : ".") + name;
            if (schema.contains("properties") && schema["properties"].contains(name)) {
                check(schema["properties"][name], member, memberPath, found);
            } else if (schema.contains("additionalProperties")) {
                const Json& rest = schema["additionalProperties"];
                if (rest.is_object())
                    check(rest, member, memberPath, found);
                else if (!rest.get<bool>())
                    found.push_back(memberPath + ": not allowed");
            }
        }
    }

    const Json& m_root;
};

} // namespace signalbox::test
