// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorded_plan.h"

#include <core/base/json.h>
#include <core/providers/endpoint.h>
#include <core/voice/answer.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace signalbox {

namespace {

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

void readImported(const Json& list, RecordedPlan& plan)
{
    const auto read = readPrompts(toCompactJsonText(list), PromptFormat::JsonList);
    if (!read)
        return; // their answers are there, and their words are not
    for (const PromptCase& each : read->set.cases) {
        if (auto prompt = importedPrompt(each)) {
            prompt->id = each.id;
            plan.own[each.id] = std::move(*prompt);
        }
    }
}

} // namespace

RecordedPlan recordedPlanOf(const LabPlan& plan)
{
    RecordedPlan recorded;
    for (const LabPrompt& prompt : plan.prompts) {
        recorded.prompts.push_back(prompt.id);
        if (isOwnPrompt(prompt.id))
            recorded.own[prompt.id] = prompt;
    }
    for (const ModelSpec& model : plan.models) {
        const auto endpoint = endpointOfModel(model.provider, model.baseUrl);
        recorded.models.push_back(model.id);
        recorded.asked.push_back({model.id, model.upstreamModel,
                                  endpoint ? endpoint->url : std::string(), model.styleGuide});
    }
    recorded.leftOut = plan.leftOut;
    recorded.samples = plan.samples;
    recorded.saysAsking = true;
    recorded.asking = plan.asking;
    recorded.variants = plan.variants;
    recorded.caps = plan.caps;
    return recorded;
}

void keepWhatWasAsked(RecordedPlan& plan, const RecordedPlan& before)
{
    plan.own.insert(before.own.begin(), before.own.end());
    plan.variants.insert(before.variants.begin(), before.variants.end());
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
           std::ranges::find(plan.asked, model, &RecordedPlan::Asked::model) != plan.asked.end() ||
           std::ranges::any_of(plan.variants,
                               [&](const auto& named) { return named.second.of == model; });
}

std::string toPlanJson(const RecordedPlan& plan)
{
    Json json;
    json["samples"] = plan.samples;
    if (plan.saysAsking)
        addTo(json, plan.asking);
    for (const auto& [name, variant] : plan.variants)
        json["variants"].push_back(toJson(variant));
    json["prompts"] = toJson(plan.prompts);
    for (const auto& [id, prompt] : plan.own) {
        if (prompt.tags.empty() && typedPrompt(prompt.messages.back().text).id == id)
            json["typed"][id.value] = prompt.messages.back().text;
        else
            json["imported"].push_back(toJson(caseOf(prompt)));
    }
    json["models"] = toJson(plan.models);
    if (!plan.leftOut.empty())
        json["leftOut"] = toJson(plan.leftOut);
    if (plan.isFromElsewhere)
        json["fromElsewhere"] = true;
    if (!plan.caps.isEmpty())
        json["caps"] = toJson(plan.caps);
    if (plan.lost != RunSpending())
        json["lost"] = toJson(RunCaps{plan.lost.cost, plan.lost.tokens, std::nullopt});
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
    plan.saysAsking = memberOf(*json, "maxTokens") != nullptr;
    plan.asking = askingFrom(*json, plan.asking);
    if (const Json* variants = memberOf(*json, "variants"); variants && variants->is_array()) {
        for (const Json& each : *variants) {
            if (auto variant = variantFrom(each))
                plan.variants.emplace(nameOf(*variant), std::move(*variant));
        }
    }
    if (const Json* samples = memberOf(*json, "samples"); samples && samples->is_number_integer())
        plan.samples = std::clamp(samples->get<int>(), 1, kMostSamples);
    const Json* const elsewhere = memberOf(*json, "fromElsewhere");
    plan.isFromElsewhere = elsewhere && elsewhere->is_boolean() && elsewhere->get<bool>();
    if (const Json* caps = memberOf(*json, "caps"))
        plan.caps = runCapsFrom(*caps);
    if (const Json* lost = memberOf(*json, "lost")) {
        const RunCaps amounts = runCapsFrom(*lost);
        plan.lost.cost = amounts.cost.value_or(Money());
        plan.lost.tokens = amounts.tokens.value_or(0);
    }
    if (const Json* typed = memberOf(*json, "typed"); typed && typed->is_object()) {
        for (const auto& [id, text] : typed->items()) {
            if (text.is_string())
                plan.own[PromptId(id)] = typedPrompt(text.get<std::string>());
        }
    }
    if (const Json* imported = memberOf(*json, "imported"); imported && imported->is_array())
        readImported(*imported, plan);
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
    if (before.saysAsking && now.saysAsking) {
        if (before.asking.maxTokens != now.asking.maxTokens)
            return PlanDifference{What::TokenLimit, {}};
        if (before.asking.temperature != now.asking.temperature)
            return PlanDifference{What::Temperature, {}};
        if (before.asking.seed != now.asking.seed)
            return PlanDifference{What::Seed, {}};
    }
    for (const RecordedPlan::Asked& asked : now.asked) {
        const auto was = std::ranges::find(before.asked, asked.model, &RecordedPlan::Asked::model);
        if (was == before.asked.end() || isPolicyVoice(asked.model))
            continue; // each answer of a policy says itself how it came about
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
    case PlanDifference::What::Temperature:
        return "the temperature";
    case PlanDifference::What::Seed:
        return "the seed";
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
