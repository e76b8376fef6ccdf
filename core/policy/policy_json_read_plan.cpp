// SPDX-License-Identifier: Apache-2.0
// Reading plans: calls with what they ask otherwise, chains, splits, cascades with their tests,
// pools.

#include "names.h"
#include "policy_json_parts.h"

#include <nlohmann/json.hpp>

#include <limits>

namespace signalbox {

namespace {

using namespace policyjson;

SystemPrompt readSystemPrompt(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    SystemPrompt system;
    readEnum(object, "mode", system.mode);
    object.readRequired("text", system.text);
    object.finish();
    return system;
}

Call readCallParts(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Call call;
    object.readRequired("model", call.model.value);
    object.read("firstTokenMs", call.firstTokenMs);
    object.read("totalMs", call.totalMs);
    if (const Json* member = object.find("retry")) {
        const JsonPath retryPath = path.member("retry");
        JsonObjectReader retry(*member, retryPath, problems);
        retry.readRequired("count", call.retry.count);
        retry.read("backoffMs", call.retry.backoffMs);
        retry.read("multiplier", call.retry.multiplier);
        retry.finish();
    }
    readPart(object, "system", call.overrides.system, readSystemPrompt);
    object.read("temperature", call.overrides.temperature);
    object.read("maxTokens", call.overrides.maxTokens);
    readPart(object, "answerStyle", call.overrides.answerStyle, readAnswerStyle);
    object.finish();
    return call;
}

Plan readCall(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    return {readCallParts(json, path, problems)};
}

Plan readChain(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Chain chain;
    object.read("deadlineMs", chain.deadlineMs);
    readEnum(object, "mode", chain.mode);
    if (object.has("on"))
        chain.on.clear();
    object.readArray("on", [&](const Json& element, const JsonPath& elementPath) {
        if (const auto failure = readEnumElement<AttemptFailure>(element, elementPath, problems))
            chain.on.push_back(*failure);
    });
    readParts(object, "steps", chain.steps, readPlan, Presence::Required);
    object.finish();
    return {std::move(chain)};
}

Arm readArm(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Arm arm;
    object.readRequired("weight", arm.weight);
    readPart(object, "plan", arm.plan, readPlan, Presence::Required);
    object.finish();
    return arm;
}

Plan readSplit(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Split split;
    readEnum(object, "sticky", split.sticky);
    object.read("salt", split.salt);
    readParts(object, "arms", split.arms, readArm, Presence::Required);
    object.finish();
    return {std::move(split)};
}

Verifier readVerifier(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Verifier verifier;
    object.readRequired("model", verifier.model.value);
    object.read("instruction", verifier.instruction);
    object.read("catches", verifier.catches);
    object.read("falseAlarms", verifier.falseAlarms);
    object.finish();
    return verifier;
}

Acceptance readAcceptance(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Acceptance accept;
    object.read("refusals", accept.refusals);
    object.read("minWords", accept.minWords);
    object.read("maxWords", accept.maxWords);
    object.read("meanLogProb", accept.meanLogProb);
    readPart(object, "verifier", accept.verifier, readVerifier);
    object.finish();
    return accept;
}

Plan readCascade(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Cascade cascade;
    object.read("deadlineMs", cascade.deadlineMs);
    readPart(object, "accept", cascade.accept, readAcceptance);
    readParts(object, "steps", cascade.steps, readPlan, Presence::Required);
    object.finish();
    return {std::move(cascade)};
}

Plan readPool(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Pool pool;
    readEnum(object, "pick", pool.pick);
    readParts(object, "members", pool.members, readCallParts, Presence::Required);
    object.finish();
    return {std::move(pool)};
}

} // namespace

Plan policyjson::readPlan(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "read the new plan");
    using Reader = Plan (*)(const Json&, const JsonPath&, JsonProblems&);
    static constexpr std::array<std::string_view, 5> kKinds = {"call", "chain", "split", "cascade",
                                                               "pool"};
    static constexpr std::array<Reader, 5> kReaders = {readCall, readChain, readSplit, readCascade,
                                                       readPool};
    JsonObjectReader object(json, path, problems);
    const auto kind = object.pickOne(kKinds, "a plan");
    if (!kind)
        return {};
    Plan plan;
    const auto index = static_cast<std::size_t>(std::ranges::find(kKinds, *kind) - kKinds.begin());
    readPart(object, *kind, plan, kReaders[index]);
    object.finish();
    return plan;
}

} // namespace signalbox
