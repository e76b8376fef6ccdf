// SPDX-License-Identifier: Apache-2.0
#include "judge_plan.h"

#include "json_ids.h"

#include <core/base/json_reader.h>
#include <core/base/random.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace signalbox {

namespace {

enum class Ask { Pair, Tone };
constexpr EnumName<Ask> kAskNames[] = {{Ask::Pair, "pair"}, {Ask::Tone, "tone"}};

/// Indices of the tasting's prompts: those with the most votes first.
std::vector<std::size_t> promptOrder(const Tasting& tasting, std::span<const Ranking> votes,
                                     std::span<const RatedTask> ratings)
{
    std::map<PromptId, std::size_t> judged;
    for (const Ranking& vote : votes)
        ++judged[vote.prompt];
    for (const RatedTask& rated : ratings)
        ++judged[rated.prompt];
    std::vector<std::size_t> order;
    for (std::size_t p = 0; p < tasting.prompts.size(); ++p)
        order.push_back(p);
    Random random(tasting.seed, "judge's prompts");
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t p) {
        const auto found = judged.find(tasting.prompts[p].id);
        return found == judged.end() ? 0 : found->second;
    });
    return order;
}

void addPairs(const Tasting& tasting, std::size_t p, std::vector<JudgeCall>& calls)
{
    const PromptId& prompt = tasting.prompts[p].id;
    for (std::size_t a = 0; a < tasting.models.size(); ++a) {
        for (std::size_t b = a + 1; b < tasting.models.size(); ++b) {
            if (tasting.texts[p][a].empty() || tasting.texts[p][b].empty())
                continue;
            calls.emplace_back(PairCall{prompt, tasting.models[a], tasting.models[b]});
            calls.emplace_back(PairCall{prompt, tasting.models[b], tasting.models[a]});
        }
    }
}

void addTones(const Tasting& tasting, std::size_t p, std::vector<JudgeCall>& calls)
{
    for (std::size_t m = 0; m < tasting.models.size(); ++m) {
        if (tasting.texts[p][m].empty())
            continue;
        for (const bool isTurned : {false, true})
            calls.emplace_back(ToneCall{tasting.prompts[p].id, tasting.models[m], isTurned});
    }
}

Json toJson(const JudgeCall& call)
{
    static_assert(std::variant_size_v<JudgeCall> == 2, "say how the new call is kept");
    if (const auto* pair = std::get_if<PairCall>(&call))
        return {{"ask", "pair"},
                {"prompt", pair->prompt.value},
                {"first", pair->first.value},
                {"second", pair->second.value}};
    const auto& tone = std::get<ToneCall>(call);
    return {{"ask", "tone"},
            {"prompt", tone.prompt.value},
            {"model", tone.model.value},
            {"turned", tone.isTurned}};
}

JudgeCall readCall(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Ask ask = Ask::Pair;
    object.readEnum("ask", kAskNames, ask, Presence::Required);
    PairCall pair;
    ToneCall tone;
    if (ask == Ask::Pair) {
        object.readRequired("prompt", pair.prompt.value);
        object.readRequired("first", pair.first.value);
        object.readRequired("second", pair.second.value);
    } else {
        object.readRequired("prompt", tone.prompt.value);
        object.readRequired("model", tone.model.value);
        object.read("turned", tone.isTurned, Presence::Required);
    }
    object.finish();
    return ask == Ask::Pair ? JudgeCall(std::move(pair)) : JudgeCall(std::move(tone));
}

} // namespace

std::vector<JudgeCall> planJudge(const Tasting& tasting, const JudgeChoices& choices,
                                 std::span<const Ranking> votes, std::span<const RatedTask> ratings)
{
    std::vector<JudgeCall> calls;
    const std::vector<std::size_t> order = promptOrder(tasting, votes, ratings);
    for (std::size_t i = 0; i < std::min(choices.prompts, order.size()); ++i) {
        if (choices.preference)
            addPairs(tasting, order[i], calls);
        if (!choices.axes.empty())
            addTones(tasting, order[i], calls);
    }
    return calls;
}

Json toJson(const JudgePlan& plan)
{
    Json json = {{"judge", plan.judge.value},
                 {"provider", plan.provider},
                 {"upstreamModel", plan.upstreamModel},
                 {"baseUrl", plan.baseUrl},
                 {"simulated", plan.isSimulated},
                 {"axes", plan.axes},
                 {"calls", Json::array()}};
    for (const JudgeCall& call : plan.calls)
        json["calls"].push_back(toJson(call));
    return json;
}

Result<JudgePlan> judgePlanFromJson(const Json& json, const std::string& path)
{
    JsonProblems problems(1);
    const JsonPath root(path);
    JsonObjectReader object(json, root, problems);
    JudgePlan plan;
    object.readRequired("judge", plan.judge.value);
    object.readRequired("provider", plan.provider);
    object.readRequired("upstreamModel", plan.upstreamModel);
    object.read("baseUrl", plan.baseUrl, Presence::Required);
    object.read("simulated", plan.isSimulated, Presence::Required);
    object.read("axes", plan.axes, Presence::Required);
    object.readArray(
        "calls",
        [&](const Json& call, const JsonPath& where) {
            plan.calls.push_back(readCall(call, where, problems));
        },
        Presence::Required);
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    return plan;
}

} // namespace signalbox
