// SPDX-License-Identifier: GPL-3.0-or-later
#include "line_up.h"

#include "lab_plan.h"

#include <core/base/files.h>
#include <core/base/random.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace signalbox {

static_assert(kMostSeed < std::numeric_limits<int>::max() - kMostSamples);

namespace {

constexpr int kSchemaVersion = 1;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kFirstWords = 24; ///< bytes of a system prompt in a column's name
constexpr const char* kJoin = " \u00b7 ";

/// No longer than kFirstWords, whole characters, one line.
std::string firstWordsOf(const std::string& text)
{
    std::string words = text.substr(0, text.find('\n'));
    if (words.size() <= kFirstWords)
        return words;
    std::size_t end = kFirstWords;
    while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U)
        --end;
    return words.substr(0, end) + "\u2026";
}

/// Tells two prompts with the same beginning apart.
std::string markOf(const SystemPrompt& system)
{
    constexpr std::array kDigits = {'0', '1', '2', '3', '4', '5', '6', '7',
                                    '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    std::uint64_t hash = stableHash(system.text, static_cast<std::uint64_t>(system.mode));
    std::string mark;
    for (int i = 0; i < 4; ++i, hash >>= 4U)
        mark.push_back(kDigits[hash & 15U]);
    return mark;
}

/// "0", "0.2".
std::string shortest(double number)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

std::string nameOf(const SystemPrompt& system)
{
    return (system.mode == SystemPromptMode::Replace ? "told \u201c" : "told first \u201c") +
           firstWordsOf(system.text) + "\u201d " + markOf(system);
}

std::optional<int> wholeNumber(const Json& json, const char* key, int least, int most)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (found == json.end() || !found->is_number_integer())
        return std::nullopt;
    const auto value = found->get<std::int64_t>();
    return value >= least && value <= most ? std::optional(static_cast<int>(value)) : std::nullopt;
}

std::optional<double> temperatureFrom(const Json& json)
{
    const auto found = json.is_object() ? json.find("temperature") : json.end();
    if (found == json.end() || !found->is_number())
        return std::nullopt;
    const auto value = found->get<double>();
    return value >= 0 && value <= kMostTemperature ? std::optional(value) : std::nullopt;
}

std::optional<int> maxTokensFrom(const Json& json)
{
    return wholeNumber(json, "maxTokens", 1, std::numeric_limits<int>::max());
}

std::optional<int> seedFrom(const Json& json)
{
    return wholeNumber(json, "seed", 0, kMostSeed);
}

std::string textFrom(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Empty if it is no list.
Json listFrom(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_array() ? *found : Json::array();
}

std::optional<SystemPrompt> systemFrom(const Json& json)
{
    const auto found = json.find("system");
    if (found == json.end() || !found->is_object())
        return std::nullopt;
    const bool replaces = textFrom(*found, "mode") == "replace";
    return SystemPrompt{replaces ? SystemPromptMode::Replace : SystemPromptMode::Prepend,
                        textFrom(*found, "text")};
}

Json toJson(const LineUp& lineUp)
{
    Json json = {{"name", lineUp.name}, {"samples", lineUp.samples}};
    json["leftOut"] = Json::array();
    for (const ModelId& id : lineUp.leftOut)
        json["leftOut"].push_back(id.value);
    json["variants"] = Json::array();
    for (const Variant& variant : lineUp.variants)
        json["variants"].push_back(signalbox::toJson(variant));
    addTo(json, lineUp.asking);
    return json;
}

LineUp lineUpFrom(const Json& json)
{
    LineUp lineUp;
    lineUp.name = textFrom(json, "name");
    lineUp.samples = wholeNumber(json, "samples", 1, kMostSamples).value_or(1);
    lineUp.asking = askingFrom(json);
    for (const Json& id : listFrom(json, "leftOut"))
        if (id.is_string())
            lineUp.leftOut.emplace_back(id.get<std::string>());
    for (const Json& each : listFrom(json, "variants"))
        if (auto variant = variantFrom(each))
            lineUp.variants.push_back(std::move(*variant));
    return lineUp;
}

} // namespace

bool Variant::isNone() const
{
    return !overrides.system && !overrides.temperature && !overrides.maxTokens && !seed;
}

ModelId nameOf(const Variant& variant)
{
    std::string name = variant.of.value;
    if (variant.overrides.temperature)
        name += kJoin + ("temperature " + shortest(*variant.overrides.temperature));
    if (variant.overrides.maxTokens)
        name += kJoin + ("at most " + std::to_string(*variant.overrides.maxTokens) + " tokens");
    if (variant.seed)
        name += kJoin + ("seed " + std::to_string(*variant.seed));
    if (variant.overrides.system)
        name += kJoin + nameOf(*variant.overrides.system);
    return ModelId(name);
}

ModelSpec columnOf(const Variant& variant, ModelSpec base)
{
    base.id = nameOf(variant);
    return base;
}

Json toJson(const Variant& variant)
{
    Json json = {{"of", variant.of.value}};
    if (variant.overrides.temperature)
        json["temperature"] = *variant.overrides.temperature;
    if (variant.overrides.maxTokens)
        json["maxTokens"] = *variant.overrides.maxTokens;
    if (variant.seed)
        json["seed"] = *variant.seed;
    if (const auto& system = variant.overrides.system)
        json["system"] = {
            {"mode", system->mode == SystemPromptMode::Replace ? "replace" : "prepend"},
            {"text", system->text}};
    return json;
}

std::optional<Variant> variantFrom(const Json& json)
{
    Variant variant;
    variant.of = ModelId(textFrom(json, "of"));
    if (variant.of.isEmpty())
        return std::nullopt;
    variant.overrides.temperature = temperatureFrom(json);
    variant.overrides.maxTokens = maxTokensFrom(json);
    variant.overrides.system = systemFrom(json);
    variant.seed = seedFrom(json);
    return variant;
}

void addTo(Json& json, const Asking& asking)
{
    json["maxTokens"] = asking.maxTokens ? Json(*asking.maxTokens) : Json(nullptr);
    if (asking.temperature)
        json["temperature"] = *asking.temperature;
    if (asking.seed)
        json["seed"] = *asking.seed;
}

Asking askingFrom(const Json& json, const Asking& usual)
{
    Asking asking = usual;
    const auto limit = json.is_object() ? json.find("maxTokens") : json.end();
    if (limit != json.end() && limit->is_null())
        asking.maxTokens.reset();
    else if (const auto most = maxTokensFrom(json))
        asking.maxTokens = most;
    if (const auto temperature = temperatureFrom(json))
        asking.temperature = temperature;
    if (const auto seed = seedFrom(json))
        asking.seed = seed;
    return asking;
}

Result<std::vector<LineUp>> readLineUps(const std::filesystem::path& file)
{
    std::vector<LineUp> lineUps;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return lineUps;
    const auto text = readFile(file, kMostBytes);
    if (!text)
        return Unexpected(text.error());
    const auto json = parseJson(*text);
    if (!json || !json->is_object() || json->value("schemaVersion", Json()) != kSchemaVersion ||
        !json->contains("lineUps") || !(*json)["lineUps"].is_array())
        return fail(ErrorCode::ParseError, "the kept line-ups cannot be read", file.string(),
                    "move the file away to begin anew");
    for (const Json& each : (*json)["lineUps"]) {
        LineUp lineUp = lineUpFrom(each);
        if (!lineUp.name.empty())
            lineUps.push_back(std::move(lineUp));
    }
    std::ranges::sort(lineUps, {}, &LineUp::name);
    return lineUps;
}

Result<void> writeLineUps(const std::filesystem::path& file, std::vector<LineUp> lineUps)
{
    std::ranges::sort(lineUps, {}, &LineUp::name);
    Json json = {{"schemaVersion", kSchemaVersion}};
    json["lineUps"] = Json::array();
    for (const LineUp& lineUp : lineUps)
        json["lineUps"].push_back(toJson(lineUp));
    return writeFileAtomically(file, toJsonText(json));
}

} // namespace signalbox
