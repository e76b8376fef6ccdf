// SPDX-License-Identifier: GPL-3.0-or-later
#include "judging.h"

#include "exact_request.h"
#include "lab_request.h"

#include <core/base/json_reader.h>
#include <core/prices/token_counter.h>
#include <core/providers/endpoint.h>
#include <core/tasting/judge_question.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

using State = JudgeRecord::State;
constexpr EnumName<State> kStateNames[] = {
    {State::Sent, "sent"}, {State::Said, "said"}, {State::Failed, "failed"}};

std::string_view nameOf(State state)
{
    for (const auto& [value, name] : kStateNames) {
        if (value == state)
            return name;
    }
    return {};
}

template<class Number>
void setKnown(Json& json, const char* key, const std::optional<Number>& value)
{
    if (value)
        json[key] = *value;
}

Json toJson(const JudgeRecord& record)
{
    Json json = {{"state", nameOf(record.state)}};
    if (record.state == State::Sent)
        return json;
    if (record.state == State::Failed) {
        json["failure"] = record.failure;
        json["billed"] = record.isBilled;
    } else {
        json["text"] = record.text;
        json["request"] = record.requestKey;
        json["servedModel"] = record.servedModel;
    }
    setKnown(json, "costPico", record.cost ? std::optional(record.cost->pico) : std::nullopt);
    setKnown(json, "inputTokens", record.inputTokens);
    setKnown(json, "outputTokens", record.outputTokens);
    setKnown(json, "firstTokenMs", record.firstTokenMs);
    setKnown(json, "totalMs", record.totalMs);
    if (record.areTokensEstimated)
        json["estimated"] = true;
    if (record.isReused)
        json["reused"] = true;
    return json;
}

void readWhole(JsonObjectReader& object, const char* key, std::optional<std::int64_t>& value)
{
    std::int64_t read = -1;
    object.read(key, read, {0, std::int64_t{1} << 62});
    if (read >= 0)
        value = read;
}

Result<JudgeRecord> recordFrom(const std::string& text)
{
    const auto json = parseJson(text);
    if (!json)
        return Unexpected(json.error());
    JsonProblems problems(1);
    JsonObjectReader object(*json, JsonPath(), problems);
    JudgeRecord record;
    object.readEnum("state", kStateNames, record.state, Presence::Required);
    object.read("text", record.text);
    object.read("failure", record.failure);
    object.read("billed", record.isBilled);
    object.read("request", record.requestKey);
    object.read("servedModel", record.servedModel);
    std::optional<std::int64_t> pico;
    readWhole(object, "costPico", pico);
    if (pico)
        record.cost = Money{*pico};
    readWhole(object, "inputTokens", record.inputTokens);
    readWhole(object, "outputTokens", record.outputTokens);
    object.read("firstTokenMs", record.firstTokenMs);
    object.read("totalMs", record.totalMs);
    object.read("estimated", record.areTokensEstimated);
    object.read("reused", record.isReused);
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    return record;
}

/// What a judge has said as answers, for what they teach of those to come.
std::vector<Answer> answersOf(const std::vector<Judging>& judgings, const ModelSpec& judge)
{
    std::vector<Answer> answers;
    for (const Judging& judging : judgings) {
        if (!isAskedAs(judging.plan, judge))
            continue;
        for (const auto& [call, record] : judging.records) {
            if (record.state != State::Said || record.isReused)
                continue;
            Answer& answer = answers.emplace_back();
            // Another judging's calls are other questions than this one's of the same place.
            answer.prompt =
                PromptId(std::to_string(judging.number) + " call " + std::to_string(call));
            answer.model = judge.id;
            answer.text = record.text;
            answer.inputTokens = record.inputTokens;
            answer.outputTokens = record.outputTokens;
            answer.tokensEstimated = record.areTokensEstimated;
            answer.firstTokenMs = record.firstTokenMs;
            answer.totalMs = record.totalMs;
            answer.simulated = judge.provider == "simulator";
        }
    }
    return answers;
}

/// As long as the question asks for.
std::map<PromptId, AssumedLength> verdictLengths(const std::vector<LabPrompt>& calls)
{
    std::map<PromptId, AssumedLength> lengths;
    for (const LabPrompt& call : calls) {
        if (const auto examples = verdictExamples(call.messages))
            lengths[call.id] = {countO200kTokens(examples->shortest),
                                countO200kTokens(examples->usual)};
    }
    return lengths;
}

std::string usableAddress(const ModelSpec& judge)
{
    return endpointOfModel(judge.provider, judge.baseUrl) ? judge.baseUrl : std::string();
}

} // namespace

std::vector<std::size_t> Judging::open() const
{
    std::vector<std::size_t> calls;
    for (std::size_t call = 0; call < plan.calls.size(); ++call) {
        const auto record = records.find(call);
        if (record == records.end() || record->second.state != State::Said)
            calls.push_back(call);
    }
    return calls;
}

std::vector<JudgeReply> Judging::replies() const
{
    std::vector<JudgeReply> replies;
    for (const auto& [call, record] : records) {
        if (record.state == State::Said)
            replies.push_back({call, record.text});
    }
    return replies;
}

StoredJudging toStored(const Judging& judging)
{
    const Json json = {
        {"plan", toJson(judging.plan)},
        {"caps", toJson(judging.caps)},
        {"lost", {{"costPico", judging.lost.cost.pico}, {"tokens", judging.lost.tokens}}}};
    return {judging.number, toCompactJsonText(json), judging.begunAtMs, {}};
}

StoredJudgeCall toStored(std::size_t call, const JudgeRecord& record, std::int64_t nowMs)
{
    return {static_cast<int>(call), toCompactJsonText(toJson(record)), nowMs};
}

Result<Judging> judgingFrom(const StoredJudging& stored)
{
    const auto json = parseJson(stored.planJson);
    if (!json)
        return Unexpected(json.error());
    JsonProblems problems(1);
    JsonObjectReader object(*json, JsonPath(), problems);
    const Json* const plan = object.find("plan");
    const Json* const caps = object.find("caps");
    const Json* const lost = object.find("lost");
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.errors().front());
    auto read = judgePlanFromJson(plan ? *plan : Json(), "plan");
    if (!read)
        return Unexpected(read.error());
    Judging judging;
    judging.number = stored.number;
    judging.begunAtMs = stored.begunAtMs;
    judging.plan = std::move(*read);
    judging.caps = caps ? runCapsFrom(*caps) : RunCaps();
    if (lost) {
        JsonObjectReader spent(*lost, JsonPath("lost"), problems);
        spent.read("costPico", judging.lost.cost.pico, {}, Presence::Required);
        spent.read("tokens", judging.lost.tokens, {}, Presence::Required);
        spent.finish();
        if (!problems.isEmpty())
            return Unexpected(problems.errors().front());
    }
    for (const StoredJudgeCall& call : stored.calls) {
        auto record = recordFrom(call.recordJson);
        if (!record)
            return Unexpected(record.error());
        judging.records.emplace(static_cast<std::size_t>(call.call), std::move(*record));
    }
    return judging;
}

JudgePlan judgePlanFor(const ModelSpec& judge)
{
    JudgePlan plan;
    plan.judge = judge.id;
    plan.provider = judge.provider;
    plan.upstreamModel = judge.upstreamModel;
    plan.baseUrl = usableAddress(judge);
    plan.isSimulated = judge.provider == "simulator";
    return plan;
}

bool isAskedAs(const JudgePlan& plan, const ModelSpec& judge)
{
    return plan.judge == judge.id && plan.provider == judge.provider &&
           plan.upstreamModel == judge.upstreamModel && plan.baseUrl == usableAddress(judge);
}

LabPlan labPlanOf(const JudgePlan& plan, const std::vector<std::size_t>& calls,
                  const Tasting& tasting, const ModelSpec& judge)
{
    LabPlan lab;
    lab.name = "judge " + judge.id.value;
    for (const std::size_t call : calls)
        lab.prompts.push_back({PromptId("call " + std::to_string(call)),
                               {},
                               judgeMessages(plan, plan.calls[call], tasting),
                               {}});
    lab.models = {judge};
    lab.models.front().styleGuide.clear();
    lab.asking.maxTokens = kMostVerdictTokens;
    lab.asking.temperature = 0;
    return lab;
}

std::map<std::size_t, JudgeRecord> knownReplies(const Judging& judging,
                                                const std::vector<Judging>& others,
                                                const Tasting& tasting, const ModelSpec& judge)
{
    std::map<std::string, const JudgeRecord*> said;
    for (const Judging& other : others) {
        if ((judging.number != 0 && other.number == judging.number) ||
            !isAskedAs(other.plan, judge))
            continue;
        for (const auto& [call, record] : other.records) {
            if (record.state == State::Said && !record.requestKey.empty())
                said.emplace(record.requestKey, &record);
        }
    }
    std::map<std::size_t, JudgeRecord> known;
    if (said.empty())
        return known;
    const std::vector<std::size_t> open = judging.open();
    const LabPlan plan = labPlanOf(judging.plan, open, tasting, judge);
    for (std::size_t prompt = 0; prompt < open.size(); ++prompt) {
        const auto found = said.find(
            exactRequestKey(plan.models.front().provider,
                            labRequest(plan, plan.models.front(), plan.prompts[prompt], 0)));
        if (found == said.end())
            continue;
        JudgeRecord& copy = known.emplace(open[prompt], *found->second).first->second;
        copy.isReused = true;
        copy.cost.reset();
    }
    return known;
}

std::vector<std::size_t> callsToSend(const Judging& judging, const std::vector<Judging>& others,
                                     const Tasting& tasting, const ModelSpec& judge)
{
    std::vector<std::size_t> calls = judging.open();
    const auto known = knownReplies(judging, others, tasting, judge);
    std::erase_if(calls, [&](std::size_t call) { return known.contains(call); });
    return calls;
}

RunForecast judgeForecast(const LabPlan& lab, const std::vector<Judging>& judgings,
                          const std::vector<AccountLimits>& limits, double simulatorSpeed,
                          const PriceBook& book, Day day)
{
    const AnswerHistory history(answersOf(judgings, lab.models.front()), lab.models);
    const PromptTokens counted = promptTokensOf(lab.prompts);
    std::vector<CellId> cells;
    for (std::size_t prompt = 0; prompt < lab.prompts.size(); ++prompt)
        cells.push_back({prompt, 0, 0});
    return forecastOf({lab,
                       std::move(cells),
                       {},
                       history,
                       counted,
                       book,
                       day,
                       limits,
                       simulatorSpeed,
                       Money(),
                       verdictLengths(lab.prompts)});
}

} // namespace signalbox
