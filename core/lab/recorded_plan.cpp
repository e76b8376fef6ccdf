// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorded_plan.h"

#include <core/base/json.h>
#include <core/base/random.h>
#include <core/providers/endpoint.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace signalbox {

namespace {

constexpr std::string_view kTypedPrefix = "typed-";

template<class Ids> Json toJson(const Ids& ids)
{
    Json json = Json::array();
    for (const auto& id : ids)
        json.push_back(id.value);
    return json;
}

const Json* memberOf(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found == json.end() ? nullptr : &*found;
}

std::string textOf(const Json& json, const char* key)
{
    const Json* member = memberOf(json, key);
    return member && member->is_string() ? member->get<std::string>() : std::string();
}

template<class Id> std::vector<Id> idsOf(const Json& json, const char* key)
{
    std::vector<Id> ids;
    const Json* list = memberOf(json, key);
    if (!list || !list->is_array())
        return ids;
    for (const Json& id : *list) {
        if (id.is_string())
            ids.emplace_back(id.get<std::string>());
    }
    return ids;
}

std::optional<std::optional<int>> maxTokensOf(const Json& json)
{
    const Json* limit = memberOf(json, "maxTokens");
    if (!limit)
        return std::nullopt;
    return limit->is_number_integer() ? std::optional(limit->get<int>()) : std::optional<int>();
}

} // namespace

LabPrompt typedPrompt(const std::string& text)
{
    std::array<char, 17> hash{};
    std::snprintf(hash.data(), hash.size(), "%llx",
                  static_cast<unsigned long long>(stableHash(text)));
    LabPrompt prompt;
    prompt.id = PromptId(std::string(kTypedPrefix) + hash.data());
    prompt.segment = "typed";
    prompt.messages.push_back({Role::User, text, 0});
    return prompt;
}

bool isTypedPrompt(const PromptId& id)
{
    return id.value.starts_with(kTypedPrefix);
}

RecordedPlan recordedPlanOf(const LabPlan& plan)
{
    RecordedPlan recorded;
    for (const LabPrompt& prompt : plan.prompts) {
        recorded.prompts.push_back(prompt.id);
        if (isTypedPrompt(prompt.id))
            recorded.typed[prompt.id] = prompt.messages.back().text;
    }
    for (const ModelSpec& model : plan.models) {
        const auto endpoint = endpointOfModel(model.provider, model.baseUrl);
        recorded.models.push_back(model.id);
        recorded.asked.push_back({model.id, model.upstreamModel,
                                  endpoint ? endpoint->url : std::string(), model.styleGuide});
    }
    recorded.leftOut = plan.leftOut;
    recorded.samples = plan.samples;
    recorded.maxTokens = plan.maxTokens;
    return recorded;
}

void keepWhatWasAsked(RecordedPlan& plan, const RecordedPlan& before)
{
    plan.typed.insert(before.typed.begin(), before.typed.end());
    for (const RecordedPlan::Asked& asked : before.asked) {
        if (std::ranges::find(plan.asked, asked.model, &RecordedPlan::Asked::model) ==
            plan.asked.end())
            plan.asked.push_back(asked);
    }
}

bool hasAsked(const RecordedPlan& plan, const ModelId& model)
{
    // Older runs have no `asked`.
    return std::ranges::find(plan.models, model) != plan.models.end() ||
           std::ranges::find(plan.asked, model, &RecordedPlan::Asked::model) != plan.asked.end();
}

std::string toPlanJson(const RecordedPlan& plan)
{
    Json json;
    json["samples"] = plan.samples;
    if (plan.maxTokens)
        json["maxTokens"] = *plan.maxTokens ? Json(**plan.maxTokens) : Json(nullptr);
    json["prompts"] = toJson(plan.prompts);
    if (!plan.typed.empty()) {
        Json& typed = json["typed"] = Json::object();
        for (const auto& [id, text] : plan.typed)
            typed[id.value] = text;
    }
    json["models"] = toJson(plan.models);
    if (!plan.leftOut.empty())
        json["leftOut"] = toJson(plan.leftOut);
    json["asked"] = Json::array();
    for (const RecordedPlan::Asked& asked : plan.asked) {
        json["asked"].push_back({{"model", asked.model.value},
                                 {"upstreamModel", asked.upstreamModel},
                                 {"baseUrl", asked.baseUrl},
                                 {"styleGuide", asked.styleGuide}});
    }
    return toCompactJsonText(json);
}

Result<RecordedPlan> parsePlanJson(const RunSummary& run)
{
    const auto json = parseJson(run.planJson);
    if (!json || !json->is_object())
        return fail(ErrorCode::ParseError, "the plan of this run cannot be read", run.id.value,
                    "start a new run");
    RecordedPlan plan;
    plan.prompts = idsOf<PromptId>(*json, "prompts");
    plan.models = idsOf<ModelId>(*json, "models");
    plan.leftOut = idsOf<ModelId>(*json, "leftOut");
    plan.maxTokens = maxTokensOf(*json);
    if (const Json* samples = memberOf(*json, "samples"); samples && samples->is_number_integer())
        plan.samples = std::clamp(samples->get<int>(), 1, kMostSamples);
    if (const Json* typed = memberOf(*json, "typed"); typed && typed->is_object()) {
        for (const auto& [id, text] : typed->items()) {
            if (text.is_string())
                plan.typed[PromptId(id)] = text.get<std::string>();
        }
    }
    if (const Json* list = memberOf(*json, "asked"); list && list->is_array()) {
        for (const Json& asked : *list)
            plan.asked.push_back({ModelId(textOf(asked, "model")), textOf(asked, "upstreamModel"),
                                  textOf(asked, "baseUrl"), textOf(asked, "styleGuide")});
    }
    return plan;
}

std::optional<PlanDifference> differenceOf(const RecordedPlan& before, const RecordedPlan& now)
{
    using What = PlanDifference::What;
    if (before.maxTokens && now.maxTokens && *before.maxTokens != *now.maxTokens)
        return PlanDifference{What::TokenLimit, {}};
    for (const RecordedPlan::Asked& asked : now.asked) {
        const auto was = std::ranges::find(before.asked, asked.model, &RecordedPlan::Asked::model);
        if (was == before.asked.end())
            continue;
        if (was->upstreamModel != asked.upstreamModel)
            return PlanDifference{What::UpstreamModel, asked.model};
        if (was->baseUrl != asked.baseUrl)
            return PlanDifference{What::BaseUrl, asked.model};
        if (was->styleGuide != asked.styleGuide)
            return PlanDifference{What::StyleGuide, asked.model};
    }
    return std::nullopt;
}

std::string toString(const PlanDifference& difference)
{
    switch (difference.what) {
    case PlanDifference::What::TokenLimit:
        return "the token limit";
    case PlanDifference::What::UpstreamModel:
        return "upstreamModel of " + difference.model.value;
    case PlanDifference::What::BaseUrl:
        return "baseUrl of " + difference.model.value;
    case PlanDifference::What::StyleGuide:
        return "styleGuide of " + difference.model.value;
    }
    return {};
}

} // namespace signalbox
