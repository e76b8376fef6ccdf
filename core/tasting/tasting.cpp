// SPDX-License-Identifier: Apache-2.0
#include "tasting.h"

#include "json_ids.h"
#include "name_leaks.h"

#include <core/base/json_reader.h>
#include <core/voice/tone.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr double kWordsPerMinute = 238;
constexpr double kAnswersPerGuess = 3; ///< A, B and X

double wordCount(std::string_view text)
{
    double words = 0;
    bool isInside = false;
    for (const char c : text) {
        const bool isBlank = static_cast<unsigned char>(c) <= ' ';
        words += !isBlank && !isInside ? 1 : 0;
        isInside = !isBlank;
    }
    return words;
}

constexpr int kMostTrials = 1000; ///< of one pair
constexpr std::int64_t kMostSeed = (std::int64_t{1} << 53) - 1;

Unexpected wrong(std::string message, std::string where)
{
    return fail(ErrorCode::InvalidArgument, std::move(message), std::move(where));
}

std::size_t answersIn(const std::vector<std::string>& texts)
{
    return texts.size() - static_cast<std::size_t>(std::ranges::count(texts, std::string()));
}

std::vector<PromptId> idsOf(const std::vector<TastedPrompt>& prompts)
{
    std::vector<PromptId> ids;
    for (const TastedPrompt& prompt : prompts)
        ids.push_back(prompt.id);
    return ids;
}

template<class Id> bool hasDoubles(const std::vector<Id>& ids)
{
    return std::set<Id>(ids.begin(), ids.end()).size() != ids.size();
}

void readPrompt(const Json& json, const JsonPath& path, Tasting& tasting, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    TastedPrompt& prompt = tasting.prompts.emplace_back();
    object.readRequired("id", prompt.id.value);
    object.readRequired("text", prompt.text);
    object.read("question", prompt.question, Presence::Optional);
    object.read("before", prompt.before, Presence::Optional);
    object.read("answers", tasting.texts.emplace_back(), Presence::Required);
    object.finish();
}

BlindTask readTask(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    BlindTask task;
    object.readRequired("prompt", task.prompt.value);
    readIds(object, "shown", task.shown);
    object.finish();
    return task;
}

AbxTask readTrial(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    AbxTask task;
    object.readRequired("prompt", task.prompt.value);
    object.readRequired("xPrompt", task.xPrompt.value);
    object.readRequired("first", task.first.value);
    object.readRequired("second", task.second.value);
    object.read("isFirst", task.isFirst, Presence::Required);
    object.finish();
    return task;
}

Result<std::vector<BlindTask>> tasksOf(const Tasting& tasting, std::vector<RaterId> raters)
{
    BlindSetup setup;
    setup.raters = std::move(raters);
    setup.models = tasting.models;
    setup.prompts = idsOf(tasting.prompts);
    setup.shown = tasting.shown;
    setup.seed = tasting.seed;
    for (const std::vector<std::string>& texts : tasting.texts) {
        std::vector<bool>& have = setup.have.emplace_back();
        for (const std::string& text : texts)
            have.push_back(!text.empty());
    }
    auto plan = planBlindTest(setup);
    if (!plan)
        return Unexpected(plan.error());
    return std::move(plan->tasks.back());
}

Result<std::vector<AbxTask>> trialsOf(const Tasting& tasting, const RaterId& rater)
{
    AbxSetup setup;
    setup.raters = {rater};
    setup.models = tasting.models;
    setup.trialsPerRaterAndPair = tasting.trialsPerPair;
    setup.seed = tasting.seed;
    for (std::size_t p = 0; p < tasting.prompts.size(); ++p) {
        if (answersIn(tasting.texts[p]) == tasting.models.size())
            setup.prompts.push_back(tasting.prompts[p].id);
    }
    if (setup.trialsPerRaterAndPair == 0 || setup.prompts.size() < 2)
        return std::vector<AbxTask>();
    auto plan = planAbxTest(setup);
    if (!plan)
        return Unexpected(plan.error());
    return std::move(plan->front());
}

} // namespace

std::string Tasting::blindText(const PromptId& prompt, const ModelId& model) const
{
    const auto row = std::ranges::find(prompts, prompt, &TastedPrompt::id);
    const auto column = std::ranges::find(models, model);
    if (row == prompts.end() || column == models.end())
        return {};
    const std::string& text = texts[static_cast<std::size_t>(row - prompts.begin())]
                                   [static_cast<std::size_t>(column - models.begin())];
    return withoutNames(text, names);
}

std::string Tasting::blindBefore(const PromptId& id, const ModelId& model) const
{
    const TastedPrompt* const tasted = prompt(id);
    const auto column = static_cast<std::size_t>(std::ranges::find(models, model) - models.begin());
    return tasted && column < tasted->before.size() ? withoutNames(tasted->before[column], names)
                                                    : std::string();
}

const TastedPrompt* Tasting::prompt(const PromptId& id) const
{
    const auto found = std::ranges::find(prompts, id, &TastedPrompt::id);
    return found == prompts.end() ? nullptr : &*found;
}

Result<void> checkTasting(const Tasting& tasting)
{
    if (tasting.models.size() < 2)
        return wrong("a tasting needs at least two models", "models");
    if (hasDoubles(tasting.models) || hasDoubles(idsOf(tasting.prompts)))
        return wrong("a model or a prompt is named twice", "models");
    if (tasting.shown < 2 || tasting.shown > kMostShown)
        return wrong("a screen shows 2 to " + std::to_string(kMostShown) + " answers", "shown");
    if (tasting.texts.size() != tasting.prompts.size())
        return wrong("there are answers to other prompts", "prompts");
    for (const std::vector<std::string>& texts : tasting.texts) {
        if (texts.size() != tasting.models.size())
            return wrong("there are answers of other models", "prompts");
    }
    for (const TastedPrompt& prompt : tasting.prompts) {
        if (!prompt.before.empty() && prompt.before.size() != tasting.models.size())
            return wrong("there are conversations of other models", "prompts");
    }
    if (std::ranges::none_of(tasting.texts, [](const auto& texts) { return answersIn(texts) > 1; }))
        return wrong("no prompt was answered by two models", "prompts");
    for (const std::string& axis : tasting.axes) {
        if (std::ranges::find(toneAxes(), axis, &ToneAxis::id) == toneAxes().end())
            return wrong("there is no tone axis \"" + axis + "\"", "axes");
    }
    return {};
}

double readingMinutes(const Tasting& tasting)
{
    double asked = 0;
    double answered = 0;
    double answers = 0;
    for (const TastedPrompt& prompt : tasting.prompts)
        asked += wordCount(prompt.question.empty() ? prompt.text : prompt.question);
    for (const std::vector<std::string>& texts : tasting.texts) {
        for (const std::string& text : texts) {
            answered += wordCount(text);
            answers += text.empty() ? 0 : 1;
        }
    }
    if (answers == 0)
        return 0;
    const auto prompts = static_cast<double>(tasting.prompts.size());
    const auto models = static_cast<double>(tasting.models.size());
    const double guesses = static_cast<double>(tasting.trialsPerPair) * models * (models - 1) / 2;
    const double shown = prompts * static_cast<double>(tasting.shown) + guesses * kAnswersPerGuess;
    const double words = asked + guesses * asked / prompts + shown * answered / answers;
    return words / kWordsPerMinute;
}

Json toJson(const Tasting& tasting)
{
    Json json = {{"models", idsJson(tasting.models)},
                 {"names", tasting.names},
                 {"axes", tasting.axes},
                 {"shown", tasting.shown},
                 {"trialsPerPair", tasting.trialsPerPair},
                 {"seed", tasting.seed},
                 {"simulated", tasting.isSimulated},
                 {"prompts", Json::array()}};
    for (std::size_t p = 0; p < tasting.prompts.size(); ++p) {
        const TastedPrompt& prompt = tasting.prompts[p];
        Json& one = json["prompts"].emplace_back(
            Json{{"id", prompt.id.value}, {"text", prompt.text}, {"answers", tasting.texts[p]}});
        if (!prompt.before.empty()) {
            one["question"] = prompt.question;
            one["before"] = prompt.before;
        }
    }
    return json;
}

Result<Tasting> tastingFromJson(const Json& json, const std::string& path)
{
    JsonProblems problems(1);
    const JsonPath root(path);
    JsonObjectReader object(json, root, problems);
    Tasting tasting;
    int shown = 2;
    int trials = 0;
    std::int64_t seed = 1;
    readIds(object, "models", tasting.models);
    object.read("names", tasting.names, Presence::Required);
    object.read("axes", tasting.axes, Presence::Required);
    object.readRequired("shown", shown, {2, static_cast<int>(kMostShown)});
    object.readRequired("trialsPerPair", trials, {0, kMostTrials});
    object.read("seed", seed, {0, kMostSeed}, Presence::Required);
    object.read("simulated", tasting.isSimulated, Presence::Required);
    object.readArray(
        "prompts",
        [&](const Json& prompt, const JsonPath& where) {
            readPrompt(prompt, where, tasting, problems);
        },
        Presence::Required);
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    tasting.shown = static_cast<std::size_t>(shown);
    tasting.trialsPerPair = static_cast<std::size_t>(trials);
    tasting.seed = static_cast<std::uint64_t>(seed);
    if (const auto checked = checkTasting(tasting); !checked)
        return wrong(checked.error().message, root.member(checked.error().where).text());
    return tasting;
}

Result<TasterPlan> planTaster(const Tasting& tasting, std::span<const RaterId> before,
                              const RaterId& rater)
{
    if (rater.isEmpty())
        return wrong("whoever votes needs a name", "rater");
    std::vector<RaterId> raters(before.begin(), before.end());
    raters.push_back(rater);
    TasterPlan plan;
    auto tasks = tasksOf(tasting, std::move(raters));
    if (!tasks)
        return Unexpected(tasks.error());
    plan.tasks = std::move(*tasks);
    auto trials = trialsOf(tasting, rater);
    if (!trials)
        return Unexpected(trials.error());
    plan.trials = std::move(*trials);
    return plan;
}

Json toJson(const TasterPlan& plan)
{
    Json json = {{"tasks", Json::array()}, {"trials", Json::array()}};
    for (const BlindTask& task : plan.tasks)
        json["tasks"].push_back({{"prompt", task.prompt.value}, {"shown", idsJson(task.shown)}});
    for (const AbxTask& trial : plan.trials)
        json["trials"].push_back({{"prompt", trial.prompt.value},
                                  {"xPrompt", trial.xPrompt.value},
                                  {"first", trial.first.value},
                                  {"second", trial.second.value},
                                  {"isFirst", trial.isFirst}});
    return json;
}

Result<TasterPlan> tasterPlanFromJson(const Json& json, const std::string& path)
{
    JsonProblems problems(1);
    const JsonPath root(path);
    JsonObjectReader object(json, root, problems);
    TasterPlan plan;
    object.readArray(
        "tasks",
        [&](const Json& task, const JsonPath& where) {
            plan.tasks.push_back(readTask(task, where, problems));
        },
        Presence::Required);
    object.readArray(
        "trials",
        [&](const Json& trial, const JsonPath& where) {
            plan.trials.push_back(readTrial(trial, where, problems));
        },
        Presence::Required);
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    return plan;
}

} // namespace signalbox
