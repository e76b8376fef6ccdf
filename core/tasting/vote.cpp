// SPDX-License-Identifier: Apache-2.0
#include "vote.h"

#include <core/base/json_reader.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace signalbox {

namespace {

enum class Sample { First, Second };
constexpr EnumName<Sample> kSampleNames[] = {{Sample::First, "first"}, {Sample::Second, "second"}};

const char* nameOf(bool isFirst)
{
    return isFirst ? "first" : "second";
}

Unexpected wrong(std::string message, std::string where)
{
    return fail(ErrorCode::InvalidArgument, std::move(message), std::move(where));
}

std::vector<ModelId> modelsIn(const Ranking& ranking)
{
    std::vector<ModelId> models;
    for (const std::vector<ModelId>& place : ranking.places)
        models.insert(models.end(), place.begin(), place.end());
    return models;
}

Json idsJson(const std::vector<ModelId>& models)
{
    Json list = Json::array();
    for (const ModelId& model : models)
        list.push_back(model.value);
    return list;
}

void readIds(const Json& json, const JsonPath& path, std::vector<ModelId>& models,
             JsonProblems& problems)
{
    if (!json.is_array()) {
        problems.add(path, "expected a list of model ids, got " + describeJson(json));
        return;
    }
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (const auto id = readText(json[i], path.element(i), problems))
            models.emplace_back(*id);
    }
}

void readVoter(JsonObjectReader& object, RaterId& rater, PromptId& prompt, std::int64_t& votedAtMs)
{
    object.readRequired("rater", rater.value);
    object.readRequired("prompt", prompt.value);
    object.read("votedAtMs", votedAtMs, {0, std::int64_t{1} << 53});
}

Result<void> checkVoter(const RaterId& rater, const PromptId& prompt)
{
    if (rater.isEmpty())
        return wrong("a vote needs the person who gave it", "rater");
    if (prompt.isEmpty())
        return wrong("a vote needs the prompt that was answered", "prompt");
    return {};
}

} // namespace

Result<void> checkRanking(const Ranking& ranking)
{
    if (auto voter = checkVoter(ranking.rater, ranking.prompt); !voter)
        return voter;
    const auto isEmpty = [](const std::vector<ModelId>& place) { return place.empty(); };
    if (std::ranges::any_of(ranking.places, isEmpty))
        return wrong("a place without a model", "places");
    const std::vector<ModelId> models = modelsIn(ranking);
    if (models.size() < 2)
        return wrong("a ranking needs at least two models", "places");
    if (std::ranges::any_of(models, &ModelId::isEmpty))
        return wrong("a model without an id", "places");
    const std::set<ModelId> ranked(models.begin(), models.end());
    if (ranked.size() != models.size())
        return wrong("a model stands in two places", "places");
    const std::set<ModelId> shown(ranking.shown.begin(), ranking.shown.end());
    if (!ranking.shown.empty() && (shown != ranked || ranking.shown.size() != models.size()))
        return wrong("the models shown are not the models ranked", "shown");
    return {};
}

Result<void> checkTrial(const AbxTrial& trial)
{
    if (auto voter = checkVoter(trial.rater, trial.prompt); !voter)
        return voter;
    if (trial.xPrompt.isEmpty())
        return wrong("a trial needs the prompt of its third answer", "xPrompt");
    if (trial.first.isEmpty() || trial.second.isEmpty())
        return wrong("a trial needs two models", trial.first.isEmpty() ? "first" : "second");
    if (trial.first == trial.second)
        return wrong("both samples are by one model", "second");
    return {};
}

std::vector<Ranking> newestRankings(std::span<const Ranking> rankings)
{
    std::map<std::pair<RaterId, PromptId>, std::size_t> newest;
    for (std::size_t i = 0; i < rankings.size(); ++i) {
        const auto [found, isNew] = newest.try_emplace({rankings[i].rater, rankings[i].prompt}, i);
        if (!isNew && rankings[found->second].votedAtMs <= rankings[i].votedAtMs)
            found->second = i;
    }
    std::vector<std::size_t> kept;
    for (const auto& [voter, index] : newest)
        kept.push_back(index);
    std::ranges::sort(kept);
    std::vector<Ranking> result;
    for (const std::size_t index : kept)
        result.push_back(rankings[index]);
    return result;
}

std::vector<ModelId> rankedModels(std::span<const Ranking> rankings)
{
    std::set<ModelId> models;
    for (const Ranking& ranking : rankings) {
        for (const std::vector<ModelId>& place : ranking.places)
            models.insert(place.begin(), place.end());
    }
    return {models.begin(), models.end()};
}

Json toJson(const Ranking& ranking)
{
    Json json = {{"rater", ranking.rater.value}, {"prompt", ranking.prompt.value}};
    Json& places = json["places"] = Json::array();
    for (const std::vector<ModelId>& place : ranking.places)
        places.push_back(idsJson(place));
    if (!ranking.shown.empty())
        json["shown"] = idsJson(ranking.shown);
    if (ranking.votedAtMs != 0)
        json["votedAtMs"] = ranking.votedAtMs;
    return json;
}

Json toJson(const AbxTrial& trial)
{
    Json json = {{"rater", trial.rater.value},     {"prompt", trial.prompt.value},
                 {"xPrompt", trial.xPrompt.value}, {"first", trial.first.value},
                 {"second", trial.second.value},   {"truth", nameOf(trial.isFirst)},
                 {"said", nameOf(trial.saidFirst)}};
    if (trial.votedAtMs != 0)
        json["votedAtMs"] = trial.votedAtMs;
    return json;
}

Result<Ranking> rankingFromJson(const Json& json, const std::string& path)
{
    JsonProblems problems(1);
    const JsonPath root(path);
    JsonObjectReader object(json, root, problems);
    Ranking ranking;
    readVoter(object, ranking.rater, ranking.prompt, ranking.votedAtMs);
    object.readArray(
        "places",
        [&](const Json& place, const JsonPath& where) {
            readIds(place, where, ranking.places.emplace_back(), problems);
        },
        Presence::Required);
    if (const Json* shown = object.find("shown"))
        readIds(*shown, root.member("shown"), ranking.shown, problems);
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    if (const auto checked = checkRanking(ranking); !checked)
        return wrong(checked.error().message, root.member(checked.error().where).text());
    return ranking;
}

Result<AbxTrial> trialFromJson(const Json& json, const std::string& path)
{
    JsonProblems problems(1);
    const JsonPath root(path);
    JsonObjectReader object(json, root, problems);
    AbxTrial trial;
    readVoter(object, trial.rater, trial.prompt, trial.votedAtMs);
    object.readRequired("xPrompt", trial.xPrompt.value);
    object.readRequired("first", trial.first.value);
    object.readRequired("second", trial.second.value);
    Sample truth = Sample::First;
    Sample said = Sample::First;
    object.readEnum("truth", kSampleNames, truth, Presence::Required);
    object.readEnum("said", kSampleNames, said, Presence::Required);
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    trial.isFirst = truth == Sample::First;
    trial.saidFirst = said == Sample::First;
    if (const auto checked = checkTrial(trial); !checked)
        return wrong(checked.error().message, root.member(checked.error().where).text());
    return trial;
}

} // namespace signalbox
